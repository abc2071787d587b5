//! Items of a vector: what a payload means.

use lwm2m_core::{Kind, Value};
use serde_json::Value as Json;

use crate::field::{Fields, octets, repeated};

/// A value with its place and time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// As text: in a Create the instance may be 65535.
    pub(crate) path: Vec<u32>,
    /// Nothing in a list of paths, and where a value is removed.
    pub(crate) value: Option<Value>,
    /// In microseconds, if there is one. Negative: before the message.
    pub(crate) time: Option<i128>,
}

impl Item {
    pub(crate) fn parse(item: Fields<'_>) -> Result<Self, String> {
        let of = item.text("type")?;
        let value = match of {
            "path" | "delete" => None,
            _ => Some(value(kind(of)?, item.0.get("value").unwrap_or(&Json::Null))?),
        };
        let time = match item.0.get("time") {
            None | Some(Json::Null) => None,
            Some(time) => {
                let seconds = time.as_f64().ok_or("`time` is no number")?;
                Some((seconds * 1e6).round() as i128)
            }
        };
        Ok(Self { path: ids(item.text("path")?)?, value, time })
    }
}

/// The numbers of a path.
pub(crate) fn ids(path: &str) -> Result<Vec<u32>, String> {
    let wrong = || format!("`{path}` is no path");
    let rest = path.strip_prefix('/').ok_or_else(wrong)?;
    let segments = rest.split('/').filter(|_| !rest.is_empty());
    segments.map(|id| id.parse().map_err(|_| wrong())).collect()
}

pub(crate) fn kind(name: &str) -> Result<Kind, String> {
    Ok(match name {
        "string" => Kind::String,
        "integer" => Kind::Integer,
        "unsigned" => Kind::Unsigned,
        "float" => Kind::Float,
        "boolean" => Kind::Boolean,
        "opaque" => Kind::Opaque,
        "time" => Kind::Time,
        "objlnk" => Kind::Objlnk,
        "corelnk" => Kind::Corelnk,
        "none" => Kind::Executable,
        other => return Err(format!("`{other}` is no type")),
    })
}

fn value(kind: Kind, json: &Json) -> Result<Value, String> {
    let wrong = || format!("{json} is no value of type {kind}");
    let text = repeated(json)?;
    let number = || text.clone().unwrap_or_else(|| json.to_string());
    Ok(match kind {
        Kind::Integer => Value::Integer(number().parse().map_err(|_| wrong())?),
        Kind::Unsigned => Value::Unsigned(number().parse().map_err(|_| wrong())?),
        Kind::Time => Value::Time(number().parse().map_err(|_| wrong())?),
        Kind::Float => Value::Float(number().parse().map_err(|_| wrong())?),
        Kind::Boolean => Value::Boolean(number().parse().map_err(|_| wrong())?),
        Kind::Objlnk => Value::Objlnk(number().parse().map_err(|_| wrong())?),
        Kind::Opaque => Value::Opaque(octets(&text.ok_or_else(wrong)?)?.into()),
        Kind::Corelnk => Value::Corelnk(text.ok_or_else(wrong)?),
        Kind::String => Value::String(text.ok_or_else(wrong)?),
        _ => return Err(wrong()),
    })
}
