//! Values of a file, by the definitions of their resources.

use std::path::{
    Component::{CurDir, Normal},
    Path as FilePath,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lwm2m_core::{InstanceId, Kind, Node, ObjectDef, Path, ResourceDef, ResourceId, Value};

use super::text::{Item, Located, Wrong, table};

pub(super) fn node(
    def: &ObjectDef,
    place: Path,
    value: &Located,
    directory: &FilePath,
) -> Result<Node, Wrong> {
    match place.depth() {
        1 => {
            let all = below(place, value)?.into_iter();
            let all = all.map(|(id, path, value)| Ok((InstanceId(id), node(def, path, value, directory)?)));
            Ok(Node::Object(all.collect::<Result<_, Wrong>>()?))
        }
        2 => {
            let all = below(place, value)?.into_iter();
            let all = all.map(|(id, path, value)| Ok((ResourceId(id), node(def, path, value, directory)?)));
            Ok(Node::Instance(all.collect::<Result<_, Wrong>>()?))
        }
        3 => {
            let known = place.resource_id().and_then(|id| def.resource(id)).ok_or_else(|| {
                Wrong::new(value.at, format!("{place}: {} has no such resource", def.name()))
            })?;
            if !known.is_multiple() {
                return single(known, value, directory).map(Node::Value);
            }
            let all = below(place, value)?.into_iter();
            let all = all.map(|(id, _, value)| Ok((id, single(known, value, directory)?)));
            Ok(Node::Multiple(all.collect::<Result<_, Wrong>>()?))
        }
        _ => Err(Wrong::new(value.at, format!("Write cannot address {place}"))),
    }
}

/// The entries of a table whose names are ids.
fn below(place: Path, value: &Located) -> Result<Vec<(u16, Path, &Located)>, Wrong> {
    let entries = table(value)?.iter().map(|(id, value)| {
        let number: u16 = id.parse().map_err(|_| Wrong::new(value.at, format!("{id} is no id")))?;
        let path = place.push(number).map_err(|error| Wrong::new(value.at, error.to_string()))?;
        Ok((number, path, value))
    });
    entries.collect()
}

fn single(def: &ResourceDef, value: &Located, directory: &FilePath) -> Result<Value, Wrong> {
    let wrong = || {
        let (name, kind) = (def.name(), def.kind());
        Wrong::new(value.at, format!("{name} is {kind}, not {}", value.item.name()))
    };
    Ok(match (def.kind(), &value.item) {
        (Kind::String, Item::Text(text)) => Value::String(text.clone()),
        (Kind::Corelnk, Item::Text(text)) => Value::Corelnk(text.clone()),
        (Kind::Integer, Item::Integer(number)) => Value::Integer(*number),
        (Kind::Unsigned, Item::Integer(number)) => {
            Value::Unsigned(u64::try_from(*number).map_err(|_| wrong())?)
        }
        (Kind::Time, Item::Integer(number)) => Value::Time(*number),
        (Kind::Float, Item::Float(number)) => Value::Float(*number),
        (Kind::Float, Item::Integer(number)) => Value::Float(*number as f64),
        (Kind::Boolean, Item::Boolean(yes)) => Value::Boolean(*yes),
        (Kind::Objlnk, Item::Text(text)) => Value::Objlnk(text.parse().map_err(|_| wrong())?),
        (Kind::Opaque, Item::Text(text)) => {
            let octets = octets(text, str::to_owned, directory).map_err(|why| Wrong::new(value.at, why))?;
            Value::Opaque(octets.into())
        }
        _ => return Err(wrong()),
    })
}

/// `hex:`, `base64:`, `text:` or `file:`, relative to the file of plans. `named` puts the name of the device in. Says nothing
/// of what is secret.
pub(super) fn octets(
    text: &str,
    named: impl Fn(&str) -> String,
    directory: &FilePath,
) -> Result<Vec<u8>, String> {
    const FORMS: &str = "octets begin with hex:, base64:, text: or file:";
    let (form, place) = text.split_once(':').ok_or(FORMS)?;
    let rest = named(place);
    let rest = rest.as_str();
    match form {
        "hex" => {
            let digits: Vec<u8> = rest.bytes().filter(|octet| !octet.is_ascii_whitespace()).collect();
            let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            let whole = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
            let octets: Option<Vec<u8>> = digits.chunks(2).map(pair).collect();
            octets.filter(|_| whole).ok_or_else(|| "this is not hexadecimal".to_owned())
        }
        "base64" => STANDARD.decode(rest.trim()).map_err(|_| "this is not Base64".to_owned()),
        "text" => Ok(rest.as_bytes().to_vec()),
        "file" => {
            // A device names itself: its name must not lead elsewhere.
            let leads_up = rest.split(['/', '\\']).any(|part| part == "..");
            let leads_away = FilePath::new(place).is_relative()
                && FilePath::new(rest).components().any(|part| !matches!(part, Normal(_) | CurDir));
            if leads_up || leads_away {
                return Err("a file stands beside the plans, or below".to_owned());
            }
            std::fs::read(directory.join(rest)).map_err(|error| format!("{rest}: {error}"))
        }
        _ => Err(FORMS.to_owned()),
    }
}
