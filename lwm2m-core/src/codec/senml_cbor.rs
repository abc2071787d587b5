//! SenML in CBOR (112), and SenML-ETCH (322). [RFC 8428 §6] [RFC 8790] [Core 1.2 §7.4]

use std::borrow::Cow;

use minicbor::{Decoder, Encoder};

use crate::{Path, Value};

use super::{
    ContentFormat, Context, DecodeError, EncodeError,
    cbor::{self, Out, Written, broken, items},
    leaf::Sink,
    scalar::Scalar,
    senml::{Given, Label, Line, NameText, Pack, Purpose, Record, Syntax, Writer},
};

/// The packs of SenML (112).
pub(super) enum Cbor {}
/// The packs of SenML-ETCH (322).
pub(super) enum EtchCbor {}

impl Syntax for Cbor {
    fn read<S: Sink>(
        cx: &Context<'_>,
        bytes: &[u8],
        purpose: Purpose,
        sink: &mut S,
    ) -> Result<(), DecodeError> {
        read(Pack::new(cx, purpose, false), bytes, sink)
    }
}

impl Syntax for EtchCbor {
    fn read<S: Sink>(
        cx: &Context<'_>,
        bytes: &[u8],
        purpose: Purpose,
        sink: &mut S,
    ) -> Result<(), DecodeError> {
        read(Pack::new(cx, purpose, true), bytes, sink)
    }
}

fn read<'b, S: Sink>(mut pack: Pack<'_, 'b>, bytes: &'b [u8], sink: &mut S) -> Result<(), DecodeError> {
    let mut decoder = Decoder::new(bytes);
    let announced = decoder.array().map_err(|error| broken(&decoder, &error))?;
    let mut records = items(announced);
    let mut record = Record::new();
    while records.next(&mut decoder)? {
        read_record(&mut decoder, &mut record)?;
        pack.record(&mut record, sink)?;
    }
    cbor::end(&decoder)
}

#[inline]
fn read_record<'b>(decoder: &mut Decoder<'b>, record: &mut Record<'b>) -> Result<(), DecodeError> {
    record.clear(decoder.position());
    let announced = decoder.map().map_err(|error| broken(decoder, &error))?;
    let mut fields = items(announced);
    while fields.next(decoder)? {
        let start = decoder.position();
        let label = label(decoder)?;
        record.begin(label, start)?;
        field(decoder, record, label)?;
    }
    Ok(())
}

#[inline]
fn label(decoder: &mut Decoder<'_>) -> Result<Label, DecodeError> {
    match cbor::first(decoder) {
        Some(0x60..=0x7f) => Ok(match &*cbor::any_text(decoder)? {
            "vlo" => Label::Link,
            // the other labels are numbers
            text => Label::Other { must: text.ends_with('_') },
        }),
        _ => decoder.i64().map(Label::of_number).map_err(|error| broken(decoder, &error)),
    }
}

#[inline]
fn field<'b>(decoder: &mut Decoder<'b>, record: &mut Record<'b>, label: Label) -> Result<(), DecodeError> {
    let offset = decoder.position();
    match label {
        Label::BaseName | Label::Name => record.set_name(label, cbor::any_text(decoder)?, offset),
        Label::BaseTime | Label::Time => return record.set_time(label, &number(decoder)?, offset),
        Label::BaseVersion => return Record::check_version(&number(decoder)?, offset),
        Label::Text => *record.value_place(offset)? = Scalar::Text(cbor::any_text(decoder)?),
        Label::Link => *record.value_place(offset)? = Scalar::Link(cbor::any_text(decoder)?),
        Label::Number | Label::Boolean | Label::Octets => {
            let place = record.value_place(offset)?;
            cbor::scalar(decoder, place)?;
            let is_right = match place {
                Scalar::Boolean(_) => label == Label::Boolean,
                Scalar::Octets(_) => label == Label::Octets,
                Scalar::TextOrLink(_) => false,
                _ => label == Label::Number,
            };
            if !is_right {
                let what = "the value is not of the type that its label says";
                return Err(DecodeError::malformed(offset, what));
            }
        }
        _ => return cbor::skip(decoder),
    }
    Ok(())
}

fn number<'b>(decoder: &mut Decoder<'b>) -> Result<Scalar<'b>, DecodeError> {
    let mut found = Scalar::Null;
    cbor::scalar(decoder, &mut found)?;
    Ok(found)
}

impl Writer for Cbor {
    const FORMAT: ContentFormat = ContentFormat::SENML_CBOR;
    const REMOVES: bool = false;
    const BASES: bool = true;

    fn begin(out: &mut Vec<u8>, _base: Option<&NameText<'_>>, records: usize) {
        begin(out, records);
    }

    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
        put_line(&mut Encoder::new(out), line).map_err(|_| EncodeError::TooLong(path))
    }

    fn end(_out: &mut Vec<u8>) {}
}

impl Writer for EtchCbor {
    const FORMAT: ContentFormat = ContentFormat::SENML_ETCH_CBOR;
    const REMOVES: bool = true;
    const BASES: bool = true;

    fn begin(out: &mut Vec<u8>, _base: Option<&NameText<'_>>, records: usize) {
        begin(out, records);
    }

    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
        put_line(&mut Encoder::new(out), line).map_err(|_| EncodeError::TooLong(path))
    }

    fn end(_out: &mut Vec<u8>) {}
}

fn begin(out: &mut Vec<u8>, records: usize) {
    // a Vec takes everything
    let _ = Encoder::new(out).array(records as u64).is_ok();
}

fn put_line(out: &mut Out<'_>, line: &Line<'_>) -> Written {
    let fields = [
        line.base_name.is_some(),
        line.base_time.is_some(),
        line.name.is_some(),
        line.time.is_some(),
        !matches!(line.value, Given::Nothing),
    ];
    out.map(fields.into_iter().filter(|field| *field).count() as u64)?;
    if let Some(name) = &line.base_name {
        put_name(out.i8(-2)?, name)?;
    }
    if let Some(time) = line.base_time {
        cbor::seconds(out.i8(-3)?, time)?;
    }
    if let Some(name) = &line.name {
        put_name(out.u8(0)?, name)?;
    }
    match line.value {
        Given::Nothing => {}
        Given::Null => {
            out.u8(2)?.null()?;
        }
        Given::Value(value) => {
            match value {
                Value::String(_) | Value::Corelnk(_) => out.u8(3)?,
                Value::Boolean(_) => out.u8(4)?,
                Value::Opaque(_) => out.u8(8)?,
                Value::Objlnk(_) => out.str("vlo")?,
                _ => out.u8(2)?,
            };
            cbor::put(out, value)?;
        }
    }
    if let Some(time) = line.time {
        cbor::seconds(out.u8(6)?, time)?;
    }
    Ok(())
}

fn put_name(out: &mut Out<'_>, name: &NameText<'_>) -> Written {
    let text = match name.prefix {
        "" => Cow::Borrowed(name.digits()),
        prefix => Cow::Owned(format!("{prefix}{}", name.digits())),
    };
    out.str(&text)?;
    Ok(())
}
