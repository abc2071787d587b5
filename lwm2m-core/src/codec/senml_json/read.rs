//! Reads records of JSON one by one, each field as the text that stands there.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Error, error::Category, value::RawValue};

use crate::codec::{
    DecodeError,
    leaf::Sink,
    scalar::Scalar,
    senml::{Label, Pack, Record},
};

/// Reads an array of records that is all or a part of `whole`.
pub(in crate::codec) fn records<'a, S: Sink>(
    pack: Pack<'_, 'a>,
    whole: &'a str,
    array: &'a str,
    fields: Fields,
    sink: &mut S,
) -> Result<(), DecodeError> {
    let (mut refused, start) = (None, offset_in(whole, array));
    let mut json = Deserializer::from_str(array);
    let record = Record::new();
    let records = Records { pack, record, whole, read: start, fields, sink, refused: &mut refused };
    let read = json.deserialize_seq(records).and_then(|()| json.end());
    read.map_err(|error| refused.take().unwrap_or_else(|| syntax(array, start, &error)))
}

/// What the fields of a record are.
#[derive(Clone, Copy)]
pub(in crate::codec) struct Fields {
    pub(in crate::codec) label: fn(&str) -> Label,
    /// What a text is.
    pub(in crate::codec) text: for<'a> fn(Cow<'a, str>) -> Scalar<'a>,
}

/// What is wrong with a text of which `text`, from `start` on, was read.
pub(in crate::codec) fn syntax(text: &str, start: usize, error: &Error) -> DecodeError {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let column = error.column().saturating_sub(1);
    let offset = lines.map(str::len).sum::<usize>().saturating_add(column).saturating_add(start);
    if error.classify() == Category::Data {
        // the words of the error would show the value
        return DecodeError::malformed(offset, "a value of another type is expected here");
    }
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words);
    DecodeError::malformed(offset, words.to_owned())
}

/// Where a part of a text begins.
pub(in crate::codec) fn offset_in(whole: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}

struct Records<'r, 'c, 'a, S: Sink> {
    pack: Pack<'c, 'a>,
    record: Record<'a>,
    whole: &'a str,
    /// How far the fields were read.
    read: usize,
    fields: Fields,
    sink: &'r mut S,
    refused: &'r mut Option<DecodeError>,
}

impl<'a, S: Sink> Visitor<'a> for Records<'_, '_, 'a, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut records: A) -> Result<(), A::Error> {
        loop {
            let one = OneRecord {
                whole: self.whole,
                read: &mut self.read,
                fields: self.fields,
                refused: &mut *self.refused,
                record: &mut self.record,
            };
            let Some(()) = records.next_element_seed(one)? else { return Ok(()) };
            if let Err(error) = self.pack.record(&mut self.record, self.sink) {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
    }
}

struct OneRecord<'r, 'a> {
    whole: &'a str,
    read: &'r mut usize,
    fields: Fields,
    refused: &'r mut Option<DecodeError>,
    record: &'r mut Record<'a>,
}

impl<'a> DeserializeSeed<'a> for OneRecord<'_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for OneRecord<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut fields: A) -> Result<(), A::Error> {
        let brace = self.whole.get(*self.read..).and_then(|rest| rest.find('{')).unwrap_or(0);
        let record = self.record;
        record.clear(self.read.saturating_add(brace));
        while let Some(label) = fields.next_key_seed(LabelOf(self.fields.label))? {
            let raw: &'a RawValue = fields.next_value()?;
            let offset = offset_in(self.whole, raw.get());
            *self.read = offset.saturating_add(raw.get().len());
            let taken =
                record.begin(label, offset).and_then(|()| field(record, label, raw, offset, self.fields));
            if let Err(error) = taken {
                *self.refused = Some(error);
                return Err(A::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

/// Reads a key as what it stands for.
pub(in crate::codec) struct LabelOf<L>(pub(in crate::codec) fn(&str) -> L);

impl<'a, L> DeserializeSeed<'a> for LabelOf<L> {
    type Value = L;

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<L, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<L> Visitor<'_> for LabelOf<L> {
    type Value = L;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a label")
    }

    fn visit_str<E>(self, label: &str) -> Result<L, E> {
        Ok(self.0(label))
    }
}

fn field<'a>(
    record: &mut Record<'a>,
    label: Label,
    raw: &'a RawValue,
    offset: usize,
    fields: Fields,
) -> Result<(), DecodeError> {
    let text = || string(raw, offset);
    match label {
        Label::BaseName | Label::Name => *record.name_place(label, offset) = text()?,
        Label::BaseTime | Label::Time => return record.set_time(label, &number(raw, offset)?, offset),
        Label::BaseVersion => return Record::check_version(&number(raw, offset)?, offset),
        Label::Number if raw.get() == "null" => return record.set_value(Scalar::Null, offset),
        Label::Number => return record.set_value(number(raw, offset)?, offset),
        Label::Text => return record.set_value((fields.text)(text()?), offset),
        Label::Octets => return record.set_value(Scalar::Base64(text()?), offset),
        Label::Link => return record.set_value(Scalar::Link(text()?), offset),
        Label::Boolean => {
            let is = match raw.get() {
                "true" => true,
                "false" => false,
                _ => return Err(DecodeError::malformed(offset, "true or false is expected here")),
            };
            return record.set_value(Scalar::Boolean(is), offset);
        }
        _ => {}
    }
    Ok(())
}

/// The text that a value of JSON is.
pub(in crate::codec) fn string<'a>(raw: &'a RawValue, offset: usize) -> Result<Cow<'a, str>, DecodeError> {
    let quoted = raw.get();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        Some(_) => {
            serde_json::from_str(quoted).map(Cow::Owned).map_err(|error| syntax(quoted, offset, &error))
        }
        None => Err(DecodeError::malformed(offset, "a text is expected here")),
    }
}

/// The number that a value of JSON is.
pub(in crate::codec) fn number(raw: &RawValue, offset: usize) -> Result<Scalar<'_>, DecodeError> {
    if raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        Ok(Scalar::Number(raw.get()))
    } else {
        Err(DecodeError::malformed(offset, "a number is expected here"))
    }
}
