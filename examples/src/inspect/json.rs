//! What was found, as JSON for scripts.

use lwm2m_core::{Model, Node, Path, Value, codec::Stamp};
use serde_json::{Map, Value as Json, json};

use crate::{inspect::input::to_hex, show};

/// Values with place, name, type and unit, and with their time in seconds: since 1970, or negative, before the message.
#[must_use]
pub fn values(model: &dyn Model, at: Path, node: &Node, time: Option<Stamp>) -> Vec<Json> {
    let seconds = time.map(|time| match time {
        Stamp::At(time) => time.0 as f64 / 1e6,
        Stamp::Ago(micros) => -(micros as f64) / 1e6,
    });
    let leaf = |(path, found): (Path, &Value)| {
        let mut fields = value(model, path, found);
        if let Some(seconds) = seconds {
            fields.insert("time".to_owned(), seconds.into());
        }
        Json::Object(fields)
    };
    node.leaves(at).into_iter().map(leaf).collect()
}

/// `{"path": "/3303/0/5700", "name": "Temperature/0/Sensor Value", "type": "Float", "value": 21.5}`
#[must_use]
pub fn value(model: &dyn Model, path: Path, value: &Value) -> Map<String, Json> {
    let mut fields = Map::new();
    fields.insert("path".to_owned(), path.to_string().into());
    fields.insert("name".to_owned(), show::place(model, path).into());
    fields.insert("type".to_owned(), value.kind().to_string().into());
    fields.insert("value".to_owned(), plain(value));
    let def = path.object_id().zip(path.resource_id()).and_then(|(object, id)| model.resource(object, id));
    if let Some(unit) = def.and_then(|def| def.unit_name()) {
        fields.insert("unit".to_owned(), unit.into());
    }
    fields
}

/// Octets are hexadecimal; what is no number of JSON is a text.
fn plain(value: &Value) -> Json {
    match value {
        Value::Integer(number) | Value::Time(number) => json!(number),
        Value::Unsigned(number) => json!(number),
        Value::Float(number) if number.is_finite() => json!(number),
        Value::Float(number) => number.to_string().into(),
        Value::Boolean(yes) => json!(yes),
        Value::String(text) | Value::Corelnk(text) => text.as_str().into(),
        Value::Opaque(octets) => to_hex(octets).into(),
        other => other.to_string().into(),
    }
}
