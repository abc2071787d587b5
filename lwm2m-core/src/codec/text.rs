//! Plain text (0): one value. [Core 1.2 §7.4, Appendix C]

use std::io::Write as _;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};

use crate::{Kind, Node, Path, Value, ValueError, value::decimal};

use super::{
    ContentFormat, Context, DecodeError, EncodeError,
    store::Store,
    target::{Target, fit, utf8},
};

/// For JSON. Padding is written; on input it may be missing.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn encode(cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Node::Value(value) = node else { return Err(EncodeError::Unsupported(ContentFormat::TEXT, at)) };
    let wrong = |error| EncodeError::Value { path: at, error };
    let value = fit(value, Target::of(cx, at).kind()).map_err(wrong)?;
    let written = match &*value {
        Value::String(text) | Value::Corelnk(text) => out.write_all(text.as_bytes()),
        Value::Integer(number) | Value::Time(number) => write!(out, "{number}"),
        Value::Unsigned(number) => write!(out, "{number}"),
        // prints the shortest digits that read back as the same number, never an exponent
        Value::Float(number) if number.is_finite() => write!(out, "{number}"),
        Value::Float(_) => return Err(wrong(ValueError::Range)),
        Value::Boolean(yes) => out.write_all(if *yes { b"1" } else { b"0" }),
        Value::Opaque(octets) => out.write_all(BASE64.encode(octets).as_bytes()),
        Value::Objlnk(link) => write!(out, "{link}"),
    };
    written.map_err(|_| EncodeError::TooLong(at)) // a Vec takes everything
}

pub(super) fn read<S: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    store.only(at, value(Target::of(cx, at).kind().unwrap_or(Kind::String), bytes))
}

pub(super) fn value(kind: Kind, bytes: &[u8]) -> Result<Value, ValueError> {
    let text = utf8(bytes, kind)?;
    let form = |why| ValueError::Form { expected: kind, why };
    match kind {
        Kind::Integer => integer(text, kind).map(Value::Integer),
        Kind::Time => integer(text, kind).map(Value::Time),
        Kind::Unsigned => {
            if !digits(text) {
                return Err(form("which is written in decimal digits"));
            }
            text.parse().map(Value::Unsigned).map_err(|_| ValueError::Range)
        }
        Kind::Float => decimal(text).map(Value::Float).ok_or(form("which is a finite decimal number")),
        Kind::Boolean => match text {
            "0" => Ok(Value::Boolean(false)),
            "1" => Ok(Value::Boolean(true)),
            _ => Err(form("which is 0 or 1")),
        },
        // with padding, as [RFC 4648 §3.2] has it where nothing else is said
        Kind::Opaque => match BASE64_STANDARD.decode(text) {
            Ok(octets) => Ok(Value::Opaque(octets.into())),
            Err(_) => Err(form("which is Base64 in plain text")),
        },
        Kind::Objlnk => text.parse().map(Value::Objlnk).map_err(|_| form("which is written object:instance")),
        Kind::Corelnk => Ok(Value::Corelnk(text.to_owned())),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn integer(text: &str, expected: Kind) -> Result<i64, ValueError> {
    if !digits(text.strip_prefix('-').unwrap_or(text)) {
        return Err(ValueError::Form { expected, why: "which is written in decimal digits" });
    }
    text.parse().map_err(|_| ValueError::Range)
}
