//! The JSON of LwM2M 1.0 (11543). [Core 1.0 §6.4.4]
//!
//! `{"bn":"/3/0/","bt":1300000000,"e":[{"n":"9","v":100,"t":-5}]}`: names and times are relative to one base, which may
//! stand before or after the list. Without a base name they are relative to the path of the request.

use std::fmt;

use base64::Engine as _;
use serde::de::{Deserializer as _, Error as _, MapAccess, Visitor};
use serde_json::{Deserializer, value::RawValue};

use crate::{Node, Path, Value};

use super::{
    ContentFormat, Context, DecodeError, EncodeError, Timed,
    gather::{Listed, OfTimes, One},
    leaf::Sink,
    scalar::Scalar,
    senml::{Given, Label, Line, NameText, Pack, Purpose, Writer, write_many, write_node},
    senml_json::{
        Fields, LabelOf, key, number, offset_in, open, put_name, put_plain, put_text, records, seconds,
        string, syntax, text,
    },
    store::Store,
    text::BASE64,
};

pub(super) fn read<S: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    read_into(cx, at, bytes, &mut One::new(cx, at, store))
}

pub(super) fn decode_timed(cx: &Context<'_>, at: Path, bytes: &[u8]) -> Result<Vec<Timed>, DecodeError> {
    let mut times = OfTimes::new(cx, at);
    read_into(cx, at, bytes, &mut times)?;
    times.nodes(bytes.len())
}

pub(super) fn decode_many(cx: &Context<'_>, (): (), bytes: &[u8]) -> Result<Vec<Timed>, DecodeError> {
    let mut listed = Listed::new(cx);
    read_into(cx, Path::ROOT, bytes, &mut listed)?;
    listed.list()
}

const FIELDS: Fields = Fields { label, text: |text| Scalar::TextOrBase64(text) };

fn label(text: &str) -> Label {
    match text {
        "n" => Label::Name,
        "t" => Label::Time,
        "v" => Label::Number,
        "sv" => Label::Text,
        "bv" => Label::Boolean,
        "ov" => Label::Link,
        _ => Label::Other { must: false },
    }
}

fn read_into<S: Sink>(cx: &Context<'_>, at: Path, bytes: &[u8], sink: &mut S) -> Result<(), DecodeError> {
    let text = text(bytes)?;
    let mut refused = None;
    let mut json = Deserializer::from_str(text);
    let read = json.deserialize_map(Top { whole: text, refused: &mut refused });
    let read = read.and_then(|top| json.end().map(|()| top));
    let top = read.map_err(|error| refused.take().unwrap_or_else(|| syntax(text, 0, &error)))?;
    let Some(list) = top.list else {
        return Err(DecodeError::malformed(bytes.len(), "the list \"e\" is missing"));
    };
    let mut pack = Pack::new(cx, Purpose::Values, false);
    match top.base_name {
        Some(name) => pack.set_base(name),
        None => pack.begin_below(at),
    }
    pack.base_time = top.base_time;
    records(pack, text, list.get(), FIELDS, sink)
}

/// The fields around the list; `None` is the list.
fn around_label(text: &str) -> Option<Label> {
    match text {
        "bn" => Some(Label::BaseName),
        "bt" => Some(Label::BaseTime),
        "e" => None,
        _ => Some(Label::Other { must: false }),
    }
}

/// The fields around the list.
#[derive(Default)]
struct Around<'a> {
    base_name: Option<std::borrow::Cow<'a, str>>,
    base_time: Option<i64>,
    list: Option<&'a RawValue>,
}

struct Top<'r, 'a> {
    whole: &'a str,
    refused: &'r mut Option<DecodeError>,
}

impl<'a> Visitor<'a> for Top<'_, 'a> {
    type Value = Around<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut fields: A) -> Result<Around<'a>, A::Error> {
        let mut around = Around::default();
        while let Some(label) = fields.next_key_seed(LabelOf(around_label))? {
            let raw: &'a RawValue = fields.next_value()?;
            if let Err(error) = around.take(label, raw, offset_in(self.whole, raw.get())) {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(around)
    }
}

impl<'a> Around<'a> {
    fn take(&mut self, label: Option<Label>, raw: &'a RawValue, offset: usize) -> Result<(), DecodeError> {
        let twice = match label {
            Some(Label::BaseName) => self.base_name.replace(string(raw, offset)?).is_some(),
            Some(Label::BaseTime) => {
                let time = number(raw, offset)?.micros();
                let time =
                    time.ok_or_else(|| DecodeError::malformed(offset, "a time in seconds is expected here"))?;
                self.base_time.replace(time).is_some()
            }
            None => self.list.replace(raw).is_some(),
            Some(_) => false,
        };
        if twice { Err(DecodeError::malformed(offset, "this field stands here twice")) } else { Ok(()) }
    }
}

/// The elements of a list whose names are relative to the root.
enum Elements {}

pub(super) fn encode(cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    write_node::<Elements>(cx, at, node, out)
}

pub(super) fn encode_many(
    cx: &Context<'_>,
    (): (),
    values: &[Timed],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    write_many::<Elements>(cx, values, out)
}

impl Writer for Elements {
    const FORMAT: ContentFormat = ContentFormat::JSON;
    const REMOVES: bool = false;
    const BASES: bool = false;

    fn begin(out: &mut Vec<u8>, base: Option<&NameText<'_>>, _records: usize) {
        out.push(b'{');
        if let Some(base) = base {
            key(out, "bn");
            put_name(out, base);
        }
        key(out, "e");
        out.push(b'[');
    }

    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
        open(out);
        if let Some(name) = &line.name {
            key(out, "n");
            put_name(out, name);
        }
        if let Given::Value(value) = line.value {
            key(out, field(value));
            let written = match value {
                Value::Opaque(octets) => put_text(out, &BASE64.encode(octets)),
                other => put_plain(out, other),
            };
            written.map_err(|error| EncodeError::Value { path, error })?;
        }
        if let Some(time) = line.time {
            key(out, "t");
            seconds(out, time);
        }
        out.push(b'}');
        Ok(())
    }

    fn end(out: &mut Vec<u8>) {
        out.extend_from_slice(b"]}");
    }
}

const fn field(value: &Value) -> &'static str {
    match value {
        Value::Boolean(_) => "bv",
        Value::Objlnk(_) => "ov",
        Value::String(_) | Value::Corelnk(_) | Value::Opaque(_) => "sv",
        _ => "v",
    }
}
