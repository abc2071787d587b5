//! Reads entries as nodes.

use std::collections::BTreeSet;

use bytes::Bytes;

use crate::{InstanceId, Kind, Node, ObjectId, Objlnk, Path, ResourceId, Value, ValueError};

use super::entry::{self, Level, Span};
use crate::codec::{
    ContentFormat, Context, DecodeError, NewInstances,
    everyday::{self, Everyday, Place, Run},
    gather::Left,
    lookup::Lookup,
    store::{Growing, List, Store},
    target::{Target, utf8},
};

pub(in crate::codec) fn read<S: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    let mut reader = Reader { cx, lookup: Lookup::new(cx.model), left: Left::ALL, store };
    let span = Span { bytes, offset: 0 };
    match at.ids() {
        [_] => reader.object(at, span),
        [_, _] => reader.resources(at, inside(at, span)?),
        [_, _, _] => reader.addressed_resource(at, inside(at, span)?),
        [_, _, _, _] => reader.addressed_item(at, inside(at, span)?),
        _ => Err(DecodeError::Unsupported(ContentFormat::TLV, at)),
    }
}

pub(in crate::codec) fn decode_create(
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let span = Span { bytes, offset: 0 };
    let at = Path::object(object).map_err(|_| DecodeError::Unsupported(ContentFormat::TLV, Path::ROOT))?;
    let have_ids = span.first_level()? == Some(Level::Instance);
    let mut grown = Growing::new(Target::Tree, if have_ids { at } else { below(at, 0) });
    let mut reader = Reader { cx, lookup: Lookup::new(cx.model), left: Left::ALL, store: &mut grown };
    let resources = |node| match node {
        Node::Instance(resources) => resources.into_iter().collect(),
        _ => Vec::new(),
    };
    if have_ids {
        reader.instances(at, span)?;
        let Node::Object(instances) = grown.node(bytes.len())? else { return Ok(Vec::new()) };
        return Ok(instances.into_iter().map(|(id, node)| (Some(id), resources(node))).collect());
    }
    // the 0 stands in for the id that the client will choose, and may not show in errors
    let nameless = |error| match error {
        DecodeError::Value { path, error, offset } => {
            let resource = path.resource_id().unwrap_or(ResourceId(0));
            DecodeError::NewValue { object, resource, error, offset }
        }
        other => other,
    };
    reader.resources(below(at, 0), span).map_err(nameless)?;
    Ok(vec![(None, resources(grown.node(bytes.len())?))])
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

/// A Resource entry of less than 256 octets: the octets, and what is left.
enum Plain {}

impl<'b> Everyday<'b> for Plain {
    type Found = (&'b [u8], &'b [u8]);

    #[inline]
    fn next(rest: &'b [u8]) -> Option<(u16, (&'b [u8], &'b [u8]))> {
        entry::plain_resource(rest).map(|(id, octets, left)| (id, (octets, left)))
    }

    #[inline]
    fn value(kind: Kind, (octets, left): (&'b [u8], &'b [u8]), place: impl Place) -> Option<&'b [u8]> {
        match kind {
            Kind::Integer => place.put(Value::Integer(signed(octets)?)),
            Kind::Time => place.put(Value::Time(signed(octets)?)),
            Kind::String => place.put(Value::String(str::from_utf8(octets).ok()?.to_owned())),
            _ => place.put(value(Some(kind), octets).ok()?),
        }
        Some(left)
    }
}

struct Reader<'r, 'c, S: Store> {
    cx: &'r Context<'c>,
    lookup: Lookup<'c>,
    left: Left,
    store: &'r mut S,
}

impl<S: Store> Reader<'_, '_, S> {
    fn object(&mut self, at: Path, span: Span<'_>) -> Result<(), DecodeError> {
        let definition = at.object_id().and_then(|id| self.cx.model.object(id));
        let one_only = definition.is_some_and(|object| !object.is_multiple());
        if one_only && matches!(span.first_level()?, Some(Level::Resource | Level::Multiple)) {
            return self.resources(below(at, 0), span);
        }
        self.instances(at, span)
    }

    fn instances(&mut self, at: Path, mut span: Span<'_>) -> Result<(), DecodeError> {
        let mut ids = Ids::of(span);
        while let Some(entry) = span.next()? {
            if entry.level != Level::Instance {
                return Err(DecodeError::malformed(entry.offset, "an object instance is expected here"));
            }
            self.left.take()?;
            let instance = below(at, entry.id);
            if !ids.add(&entry) {
                let (cx, lookup, left) = (self.cx, Lookup::new(self.cx.model), Left::ALL);
                let store = &mut List::default();
                // what is wrong in it comes first
                Reader { cx, lookup, left, store }.resources(instance, entry.value)?;
                return Err(twice(&entry));
            }
            if entry.value.bytes.is_empty() {
                self.store.open(&instance);
            }
            self.resources(instance, entry.value)?;
        }
        Ok(())
    }

    fn resources(&mut self, at: Path, mut span: Span<'_>) -> Result<(), DecodeError> {
        let mut ids = Ids::of(span);
        loop {
            if ids.index.is_none() {
                let run = &mut Run { instance: &at, most: u64::MAX, after: ids.last };
                let (lookup, left) = (&mut self.lookup, &mut self.left);
                let (rest, _) = everyday::read::<Plain, S>(run, span.bytes, lookup, left, self.store);
                span = span.from(rest);
                ids.last = run.after;
            }
            let Some(entry) = span.next()? else { return Ok(()) };
            if !ids.add(&entry) {
                return Err(twice(&entry));
            }
            self.resource(below(at, entry.id), &entry)?;
        }
    }

    /// A resource that is known to have no definition, or whose definition the peer does not share, is kept untyped.
    #[inline]
    fn resource(&mut self, at: Path, entry: &entry::Entry<'_>) -> Result<(), DecodeError> {
        match entry.level {
            Level::Resource => {
                self.left.take()?;
                let kind = self.kind(at, false, entry.value.offset)?;
                self.put(at, kind, entry)
            }
            Level::Multiple => {
                let kind = self.kind(at, true, entry.value.offset)?;
                if entry.value.bytes.is_empty() {
                    self.store.open(&at);
                }
                self.items(at, kind, entry.value)
            }
            _ => Err(DecodeError::malformed(entry.offset, "a resource is expected here")),
        }
    }

    /// The kind of the values of a resource. Refuses one value where several are defined, and several where one is.
    #[inline]
    fn kind(&mut self, at: Path, several: bool, offset: usize) -> Result<Option<Kind>, DecodeError> {
        let [object, _, resource, ..] = *at.ids() else { return Ok(None) };
        self.lookup.kind(object, resource, several).map_err(|error| DecodeError::Value {
            path: at,
            error,
            offset,
        })
    }

    fn items(&mut self, at: Path, kind: Option<Kind>, mut span: Span<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        let mut ids = Ids::of(span);
        while let Some(entry) = span.next()? {
            if entry.level != Level::ResourceInstance {
                return Err(DecodeError::malformed(entry.offset, "a resource instance is expected here"));
            }
            self.left.take()?;
            let path = below(at, entry.id);
            if ids.add(&entry) {
                self.put(path, kind, &entry)?;
            } else {
                value(kind, entry.value.bytes).map_err(|error| wrong(path, error, &entry))?;
                return Err(twice(&entry));
            }
        }
        Ok(())
    }

    fn addressed_resource(&mut self, at: Path, span: Span<'_>) -> Result<(), DecodeError> {
        match span.first_level()? {
            // nothing, or bare resource instances: a multiple resource
            None | Some(Level::ResourceInstance) => {
                let kind = self.kind(at, true, span.offset)?;
                self.items(at, kind, span)
            }
            Some(_) => {
                let entry = span.only()?;
                addressed(at, sibling(at, 2, entry.id), &entry)?;
                self.resource(at, &entry)
            }
        }
    }

    fn addressed_item(&mut self, at: Path, span: Span<'_>) -> Result<(), DecodeError> {
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
        self.put(at, kind, &entry)
    }

    #[inline]
    fn put(&mut self, at: Path, kind: Option<Kind>, entry: &entry::Entry<'_>) -> Result<(), DecodeError> {
        let Some(place) = self.store.place(&at) else { return Ok(()) };
        *place = value(kind, entry.value.bytes).map_err(|error| wrong(at, error, entry))?;
        Ok(())
    }
}

/// The identifiers of one level.
struct Ids<'a> {
    level: Span<'a>,
    last: Option<u16>,
    /// All, once they are not in order.
    index: Option<BTreeSet<u16>>,
}

impl<'a> Ids<'a> {
    const fn of(level: Span<'a>) -> Self {
        Self { level, last: None, index: None }
    }

    /// `false`: it was there before.
    #[inline]
    fn add(&mut self, entry: &entry::Entry<'_>) -> bool {
        let ascends = self.index.is_none() && self.last.is_none_or(|last| last < entry.id);
        self.last = Some(entry.id);
        ascends || self.is_new(entry)
    }

    #[cold]
    fn is_new(&mut self, entry: &entry::Entry<'_>) -> bool {
        let mut level = self.level;
        let before = || level.next().ok().flatten().filter(|before| before.offset < entry.offset);
        let index =
            self.index.get_or_insert_with(|| std::iter::from_fn(before).map(|entry| entry.id).collect());
        index.insert(entry.id)
    }
}

#[cold]
fn wrong(path: Path, error: ValueError, entry: &entry::Entry<'_>) -> DecodeError {
    DecodeError::Value { path, error, offset: entry.value.offset }
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

#[inline]
fn signed(octets: &[u8]) -> Option<i64> {
    Some(match *octets {
        [a] => a.cast_signed().into(),
        [a, b] => i16::from_be_bytes([a, b]).into(),
        [a, b, c, d] => i32::from_be_bytes([a, b, c, d]).into(),
        _ => i64::from_be_bytes(octets.try_into().ok()?),
    })
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
