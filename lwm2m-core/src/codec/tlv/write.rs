//! Writes nodes as entries, each in its shortest form.

use std::collections::BTreeMap;

use crate::{Kind, Node, ObjectId, Path, ResourceId, Value};

use super::entry::{Level, header};
use crate::codec::{
    ContentFormat, Context, EncodeError, NewInstance,
    target::{Target, fit},
};

pub(in crate::codec) fn encode(
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    match (at.ids(), node) {
        ([_], Node::Object(instances)) => instances.iter().try_for_each(|(id, node)| {
            let path = below(at, id.0)?;
            let Node::Instance(children) = node else { return Err(unsupported(path)) };
            nested(path, Level::Instance, out, |out| resources(cx, path, children, out))
        }),
        ([_, _], Node::Instance(children)) => resources(cx, at, children, out),
        ([_, _, _], node) => resource(cx, at, node, out),
        ([_, _, _, _], Node::Value(value)) => {
            leaf(at, Level::ResourceInstance, value, Target::of(cx, at).kind(), out)
        }
        _ => Err(unsupported(at)),
    }
}

pub(in crate::codec) fn encode_create(
    cx: &Context<'_>,
    object: ObjectId,
    new: &[NewInstance],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let at = Path::object(object).map_err(|_| unsupported(Path::ROOT))?;
    match new {
        // none at all would read as one without an id, and several without ids as one
        [] => Err(unsupported(at)),
        // the 0 stands in for the id that the client will choose
        [(None, values)] => resources(cx, below(at, 0)?, distinct(at, values)?, out),
        several => {
            let mut seen = std::collections::BTreeSet::new();
            several.iter().try_for_each(|(id, values)| {
                let id = id.filter(|id| seen.insert(id.0)).ok_or_else(|| unsupported(at))?;
                let path = below(at, id.0)?;
                let values = distinct(path, values)?;
                nested(path, Level::Instance, out, |out| resources(cx, path, values, out))
            })
        }
    }
}

/// Values in order of their ids, each once.
fn distinct(at: Path, values: &[(ResourceId, Node)]) -> Result<BTreeMap<&ResourceId, &Node>, EncodeError> {
    let map: BTreeMap<_, _> = values.iter().map(|(id, node)| (id, node)).collect();
    if map.len() == values.len() { Ok(map) } else { Err(unsupported(at)) }
}

fn resources<'a>(
    cx: &Context<'_>,
    at: Path,
    children: impl IntoIterator<Item = (&'a ResourceId, &'a Node)>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    children.into_iter().try_for_each(|(id, node)| resource(cx, below(at, id.0)?, node, out))
}

fn resource(cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let wrong = |error| EncodeError::Value { path: at, error };
    let target = Target::of(cx, at);
    match node {
        Node::Value(value) => leaf(at, Level::Resource, value, target.single().map_err(wrong)?, out),
        Node::Multiple(items) => {
            let kind = target.multiple().map_err(wrong)?;
            nested(at, Level::Multiple, out, |out| {
                let mut items = items.iter();
                items.try_for_each(|(id, value)| {
                    leaf(below(at, *id)?, Level::ResourceInstance, value, kind, out)
                })
            })
        }
        _ => Err(unsupported(at)),
    }
}

/// An entry whose value `content` writes.
fn nested(
    at: Path,
    level: Level,
    out: &mut Vec<u8>,
    content: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = out.len();
    content(out)?;
    let length = out.len().saturating_sub(start);
    let (bytes, count) = header(level, last_id(at), length).ok_or(EncodeError::TooLong(at))?;
    out.splice(start..start, bytes.into_iter().take(count));
    Ok(())
}

fn leaf(
    at: Path,
    level: Level,
    value: &Value,
    kind: Option<Kind>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let value = fit(value, kind).map_err(|error| EncodeError::Value { path: at, error })?;
    let mut entry = |value: &[u8]| {
        let (bytes, count) = header(level, last_id(at), value.len()).ok_or(EncodeError::TooLong(at))?;
        out.extend(bytes.into_iter().take(count));
        out.extend_from_slice(value);
        Ok(())
    };
    match &*value {
        Value::String(text) | Value::Corelnk(text) => entry(text.as_bytes()),
        Value::Opaque(octets) => entry(octets),
        Value::Boolean(yes) => entry(&[u8::from(*yes)]),
        Value::Integer(number) | Value::Time(number) => signed(*number, entry),
        Value::Unsigned(number) => unsigned(*number, entry),
        Value::Float(number) => float(*number, entry),
        Value::Objlnk(link) => {
            let ([a, b], [c, d]) = (link.object.0.to_be_bytes(), link.instance.0.to_be_bytes());
            entry(&[a, b, c, d])
        }
    }
}

fn signed<T>(number: i64, write: impl FnOnce(&[u8]) -> T) -> T {
    if let Ok(number) = i8::try_from(number) {
        write(&number.to_be_bytes())
    } else if let Ok(number) = i16::try_from(number) {
        write(&number.to_be_bytes())
    } else if let Ok(number) = i32::try_from(number) {
        write(&number.to_be_bytes())
    } else {
        write(&number.to_be_bytes())
    }
}

fn unsigned<T>(number: u64, write: impl FnOnce(&[u8]) -> T) -> T {
    if let Ok(number) = u8::try_from(number) {
        write(&number.to_be_bytes())
    } else if let Ok(number) = u16::try_from(number) {
        write(&number.to_be_bytes())
    } else if let Ok(number) = u32::try_from(number) {
        write(&number.to_be_bytes())
    } else {
        write(&number.to_be_bytes())
    }
}

/// Four bytes where they hold every bit of the number.
fn float<T>(number: f64, write: impl FnOnce(&[u8]) -> T) -> T {
    let short = number as f32;
    if f64::from(short).to_bits() == number.to_bits() {
        write(&short.to_be_bytes())
    } else {
        write(&number.to_be_bytes())
    }
}

fn last_id(at: Path) -> u16 {
    at.ids().last().copied().unwrap_or(0)
}

fn below(at: Path, id: u16) -> Result<Path, EncodeError> {
    at.push(id).map_err(|_| unsupported(at))
}

fn unsupported(at: Path) -> EncodeError {
    EncodeError::Unsupported(ContentFormat::TLV, at)
}
