//! Reads entries as nodes.

use std::collections::{BTreeMap, btree_map::Entry};

use bytes::Bytes;

use crate::{InstanceId, Kind, Node, ObjectId, Objlnk, Path, ResourceId, Value, ValueError};

use super::entry::{self, Level, Span};
use crate::codec::{
    ContentFormat, Context, DecodeError, MAX_VALUES, NewInstances,
    gather::EMPTY,
    target::{Target, utf8},
};

type Resources = BTreeMap<ResourceId, Node>;

pub(in crate::codec) fn decode(cx: &Context<'_>, at: Path, bytes: &[u8]) -> Result<Node, DecodeError> {
    let mut reader = Reader { cx, left: MAX_VALUES };
    let span = Span { bytes, offset: 0 };
    match at.ids() {
        [_] => reader.object(at, span).map(Node::Object),
        [_, _] => reader.resources(at, inside(at, span)?).map(Node::Instance),
        [_, _, _] => reader.addressed_resource(at, inside(at, span)?),
        [_, _, _, _] => reader.addressed_item(at, inside(at, span)?).map(Node::Value),
        _ => Err(DecodeError::Unsupported(ContentFormat::TLV, at)),
    }
}

pub(in crate::codec) fn decode_create(
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let mut reader = Reader { cx, left: MAX_VALUES };
    let span = Span { bytes, offset: 0 };
    let at = Path::object(object).map_err(|_| DecodeError::Unsupported(ContentFormat::TLV, Path::ROOT))?;
    let listed = |resources: Resources| resources.into_iter().collect();
    if span.first_level()? == Some(Level::Instance) {
        let instances = reader.instances(at, span)?;
        return Ok(instances.into_iter().map(|(id, resources)| (Some(id), listed(resources))).collect());
    }
    // the 0 stands in for the id that the client will choose, and may not show in errors
    let nameless = |error| match error {
        DecodeError::Value { path, error, offset } => {
            let resource = path.resource_id().unwrap_or(ResourceId(0));
            DecodeError::NewValue { object, resource, error, offset }
        }
        other => other,
    };
    let resources = reader.resources(below(at, 0), span).map_err(nameless)?;
    Ok(vec![(None, listed(resources))])
}

/// What stands inside an Object Instance entry, where one is around everything.
fn inside(at: Path, span: Span<'_>) -> Result<Span<'_>, DecodeError> {
    if span.first_level()? != Some(Level::Instance) {
        return Ok(span);
    }
    let entry = span.only()?;
    let object = at.ids().first().copied().unwrap_or(0);
    addressed(at, below(below(Path::ROOT, object), entry.id), &entry)?;
    Ok(entry.value)
}

/// Refuses what the request does not address.
fn addressed(at: Path, found: Path, entry: &entry::Entry<'_>) -> Result<(), DecodeError> {
    if found.contains(&at) {
        Ok(())
    } else {
        Err(DecodeError::OutsidePath { path: found, offset: entry.offset })
    }
}

struct Reader<'a> {
    cx: &'a Context<'a>,
    /// Values that may still come.
    left: usize,
}

impl Reader<'_> {
    fn object(&mut self, at: Path, span: Span<'_>) -> Result<BTreeMap<InstanceId, Node>, DecodeError> {
        let definition = at.object_id().and_then(|id| self.cx.model.object(id));
        let one_only = definition.is_some_and(|object| !object.is_multiple());
        if one_only && matches!(span.first_level()?, Some(Level::Resource | Level::Multiple)) {
            let resources = self.resources(below(at, 0), span)?;
            return Ok(BTreeMap::from([(InstanceId(0), Node::Instance(resources))]));
        }
        let instances = self.instances(at, span)?;
        Ok(instances.into_iter().map(|(id, resources)| (id, Node::Instance(resources))).collect())
    }

    fn instances(
        &mut self,
        at: Path,
        mut span: Span<'_>,
    ) -> Result<BTreeMap<InstanceId, Resources>, DecodeError> {
        let mut found = BTreeMap::new();
        while let Some(entry) = span.next()? {
            if entry.level != Level::Instance {
                return Err(DecodeError::malformed(entry.offset, "an object instance is expected here"));
            }
            self.count()?;
            let resources = self.resources(below(at, entry.id), entry.value)?;
            if found.insert(InstanceId(entry.id), resources).is_some() {
                return Err(twice(&entry));
            }
        }
        Ok(found)
    }

    fn resources(&mut self, at: Path, mut span: Span<'_>) -> Result<Resources, DecodeError> {
        let mut found = Resources::new();
        while let Some(entry) = span.next()? {
            let Entry::Vacant(place) = found.entry(ResourceId(entry.id)) else { return Err(twice(&entry)) };
            self.resource(below(at, entry.id), &entry, place.insert(Node::Value(EMPTY)))?;
        }
        Ok(found)
    }

    /// A resource that is known to have no definition, or whose definition the peer does not share, is kept untyped.
    fn resource(&mut self, at: Path, entry: &entry::Entry<'_>, place: &mut Node) -> Result<(), DecodeError> {
        let target = Target::of(self.cx, at);
        let wrong = |error| DecodeError::Value { path: at, error, offset: entry.value.offset };
        match entry.level {
            Level::Resource => {
                self.count()?;
                let kind = target.single().map_err(wrong)?;
                put(kind, entry.value.bytes, place).map_err(wrong)
            }
            Level::Multiple => {
                let kind = target.multiple().map_err(wrong)?;
                *place = Node::Multiple(self.items(at, kind, entry.value)?);
                Ok(())
            }
            _ => Err(DecodeError::malformed(entry.offset, "a resource is expected here")),
        }
    }

    fn items(
        &mut self,
        at: Path,
        kind: Option<Kind>,
        mut span: Span<'_>,
    ) -> Result<BTreeMap<u16, Value>, DecodeError> {
        self.count()?;
        let mut found = BTreeMap::new();
        while let Some(entry) = span.next()? {
            if entry.level != Level::ResourceInstance {
                return Err(DecodeError::malformed(entry.offset, "a resource instance is expected here"));
            }
            self.count()?;
            let offset = entry.value.offset;
            let value = value(kind, entry.value.bytes).map_err(|error| DecodeError::Value {
                path: below(at, entry.id),
                error,
                offset,
            })?;
            if found.insert(entry.id, value).is_some() {
                return Err(twice(&entry));
            }
        }
        Ok(found)
    }

    fn addressed_resource(&mut self, at: Path, span: Span<'_>) -> Result<Node, DecodeError> {
        match span.first_level()? {
            // nothing, or bare resource instances: a multiple resource
            None | Some(Level::ResourceInstance) => {
                let kind = Target::of(self.cx, at).multiple().map_err(|error| DecodeError::Value {
                    path: at,
                    error,
                    offset: span.offset,
                })?;
                self.items(at, kind, span).map(Node::Multiple)
            }
            Some(_) => {
                let entry = span.only()?;
                addressed(at, sibling(at, 2, entry.id), &entry)?;
                let mut node = Node::Value(EMPTY);
                self.resource(at, &entry, &mut node)?;
                Ok(node)
            }
        }
    }

    fn addressed_item(&mut self, at: Path, span: Span<'_>) -> Result<Value, DecodeError> {
        let mut entry = span.only()?;
        if entry.level == Level::Multiple {
            addressed(at, sibling(at, 2, entry.id), &entry)?;
            entry = entry.value.only()?;
        }
        if entry.level != Level::ResourceInstance {
            return Err(DecodeError::malformed(entry.offset, "a resource instance is expected here"));
        }
        addressed(at, sibling(at, 3, entry.id), &entry)?;
        let kind = Target::of(self.cx, at).kind();
        let offset = entry.value.offset;
        value(kind, entry.value.bytes).map_err(|error| DecodeError::Value { path: at, error, offset })
    }

    fn count(&mut self) -> Result<(), DecodeError> {
        self.left = self.left.checked_sub(1).ok_or(DecodeError::TooLarge("values"))?;
        Ok(())
    }
}

/// The path of the first `depth` ids, then `id`.
fn sibling(at: Path, depth: usize, id: u16) -> Path {
    let above = at.ids().get(..depth).and_then(|ids| Path::new(ids).ok()).unwrap_or(at);
    below(above, id)
}

/// An entry's id is never the reserved one, and no level is deeper than a path.
fn below(at: Path, id: u16) -> Path {
    at.push(id).unwrap_or(at)
}

fn twice(entry: &entry::Entry<'_>) -> DecodeError {
    DecodeError::malformed(entry.offset, format!("the identifier {} stands here twice", entry.id))
}

/// Writes the value to its place; the everyday is made there.
#[inline]
fn put(kind: Option<Kind>, octets: &[u8], place: &mut Node) -> Result<(), ValueError> {
    *place = Node::Value(match (kind, octets) {
        (Some(Kind::Integer), [byte]) => Value::Integer(i64::from(byte.cast_signed())),
        (Some(Kind::Integer), _) => Value::Integer(whole(octets, Kind::Integer)?),
        (Some(Kind::Time), _) => Value::Time(whole(octets, Kind::Time)?),
        (Some(Kind::String), _) => Value::String(utf8(octets, Kind::String)?.to_owned()),
        _ => value(kind, octets)?,
    });
    Ok(())
}

fn whole(octets: &[u8], expected: Kind) -> Result<i64, ValueError> {
    signed(octets).ok_or(ValueError::Form { expected, why: WHOLE })
}

pub(in crate::codec) fn value(kind: Option<Kind>, octets: &[u8]) -> Result<Value, ValueError> {
    let Some(kind) = kind else { return Ok(Value::Opaque(Bytes::copy_from_slice(octets))) };
    let form = |why| ValueError::Form { expected: kind, why };
    match kind {
        Kind::String => utf8(octets, kind).map(|text| Value::String(text.to_owned())),
        Kind::Corelnk => utf8(octets, kind).map(|text| Value::Corelnk(text.to_owned())),
        Kind::Integer => signed(octets).map(Value::Integer).ok_or(form(WHOLE)),
        Kind::Time => signed(octets).map(Value::Time).ok_or(form(WHOLE)),
        Kind::Unsigned => unsigned(octets).map(Value::Unsigned).ok_or(form(WHOLE)),
        Kind::Float => float(octets).map(Value::Float).ok_or(form("which has 4 or 8 bytes")),
        Kind::Boolean => match octets {
            [0] => Ok(Value::Boolean(false)),
            [1] => Ok(Value::Boolean(true)),
            _ => Err(form("which is one byte, 0 or 1")),
        },
        Kind::Objlnk => match *octets {
            [a, b, c, d] => Ok(Value::Objlnk(Objlnk {
                object: ObjectId(u16::from_be_bytes([a, b])),
                instance: InstanceId(u16::from_be_bytes([c, d])),
            })),
            _ => Err(form("which has 4 bytes")),
        },
        _ => Ok(Value::Opaque(Bytes::copy_from_slice(octets))),
    }
}

const WHOLE: &str = "which has 1, 2, 4 or 8 bytes";

fn signed(octets: &[u8]) -> Option<i64> {
    match octets.len() {
        1 => octets.try_into().ok().map(i8::from_be_bytes).map(i64::from),
        2 => octets.try_into().ok().map(i16::from_be_bytes).map(i64::from),
        4 => octets.try_into().ok().map(i32::from_be_bytes).map(i64::from),
        _ => octets.try_into().ok().map(i64::from_be_bytes),
    }
}

fn unsigned(octets: &[u8]) -> Option<u64> {
    match octets.len() {
        1 | 2 | 4 | 8 => Some(octets.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))),
        _ => None,
    }
}

fn float(octets: &[u8]) -> Option<f64> {
    match octets.len() {
        4 => octets.try_into().ok().map(f32::from_be_bytes).map(f64::from),
        _ => octets.try_into().ok().map(f64::from_be_bytes),
    }
}
