//! Writes records as JSON.

use base64::Engine as _;

use crate::{Path, Value, ValueError};

use crate::codec::{
    ContentFormat, EncodeError,
    scalar::BASE64_URL,
    senml::{Given, Line, NameText, Writer},
};

/// The packs of SenML (110), or of SenML-ETCH (320).
pub(in crate::codec) enum Packs<const ETCH: bool> {}

impl<const ETCH: bool> Writer for Packs<ETCH> {
    const FORMAT: ContentFormat =
        if ETCH { ContentFormat::SENML_ETCH_JSON } else { ContentFormat::SENML_JSON };
    const REMOVES: bool = ETCH;
    const BASES: bool = true;

    fn begin(out: &mut Vec<u8>, _base: Option<&NameText<'_>>, _records: usize) {
        out.push(b'[');
    }

    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
        put_line(out, line, path)
    }

    fn end(out: &mut Vec<u8>) {
        out.push(b']');
    }
}

fn put_line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
    open(out);
    if let Some(name) = &line.base_name {
        key(out, "bn");
        put_name(out, name);
    }
    if let Some(time) = line.base_time {
        key(out, "bt");
        seconds(out, time);
    }
    if let Some(name) = &line.name {
        key(out, "n");
        put_name(out, name);
    }
    match line.value {
        Given::Nothing => {}
        Given::Null => {
            key(out, "v");
            out.extend_from_slice(b"null");
        }
        Given::Value(value) => {
            key(out, label(value));
            put_value(out, value).map_err(|error| EncodeError::Value { path, error })?;
        }
    }
    if let Some(time) = line.time {
        key(out, "t");
        seconds(out, time);
    }
    out.push(b'}');
    Ok(())
}

/// Begins an element of an array.
pub(in crate::codec) fn open(out: &mut Vec<u8>) {
    if out.last() == Some(&b'}') {
        out.push(b',');
    }
    out.push(b'{');
}

/// Begins a field.
pub(in crate::codec) fn key(out: &mut Vec<u8>, key: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

const fn label(value: &Value) -> &'static str {
    match value {
        Value::String(_) | Value::Corelnk(_) => "vs",
        Value::Boolean(_) => "vb",
        Value::Opaque(_) => "vd",
        Value::Objlnk(_) => "vlo",
        _ => "v",
    }
}

fn put_value(out: &mut Vec<u8>, value: &Value) -> Result<(), ValueError> {
    match value {
        Value::Opaque(octets) => put_text(out, &BASE64_URL.encode(octets)),
        other => put_plain(out, other),
    }
}

/// A value that has one form in JSON everywhere.
pub(in crate::codec) fn put_plain(out: &mut Vec<u8>, value: &Value) -> Result<(), ValueError> {
    let written = match value {
        Value::String(text) | Value::Corelnk(text) => return put_text(out, text),
        Value::Objlnk(link) => return put_text(out, &link.to_string()),
        Value::Boolean(yes) => serde_json::to_writer(out, yes),
        Value::Integer(number) | Value::Time(number) => serde_json::to_writer(out, number),
        Value::Unsigned(number) => serde_json::to_writer(out, number),
        Value::Float(number) if number.is_finite() => serde_json::to_writer(out, number),
        Value::Float(_) | Value::Opaque(_) => return Err(ValueError::Range),
    };
    written.map_err(|_| ValueError::Range) // a Vec takes everything
}

pub(in crate::codec) fn put_text(out: &mut Vec<u8>, text: &str) -> Result<(), ValueError> {
    serde_json::to_writer(out, text).map_err(|_| ValueError::Range) // a Vec takes everything
}

pub(in crate::codec) fn put_name(out: &mut Vec<u8>, name: &NameText<'_>) {
    if name.prefix.is_empty() {
        out.push(b'"');
        out.extend_from_slice(name.digits().as_bytes());
        out.push(b'"');
    } else {
        let written = put_text(out, &format!("{}{}", name.prefix, name.digits()));
        debug_assert!(written.is_ok(), "a Vec takes everything");
    }
}

/// Microseconds, as seconds with up to six digits after the point.
pub(in crate::codec) fn seconds(out: &mut Vec<u8>, micros: i64) {
    if micros < 0 {
        out.push(b'-');
    }
    let (whole, mut rest) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    let written = serde_json::to_writer(&mut *out, &whole);
    debug_assert!(written.is_ok(), "a Vec takes everything");
    if rest > 0 {
        out.push(b'.');
    }
    while rest > 0 {
        out.push(b'0'.wrapping_add((rest / 100_000) as u8));
        rest = rest % 100_000 * 10;
    }
}
