//! SenML in CBOR (112), and SenML-ETCH (322). [RFC 8428 §6] [RFC 8790] [Core 1.2 §7.4.3]

use std::borrow::Cow;

use minicbor::{Decoder, Encoder};

use crate::{Path, Value};

use super::{
    ContentFormat, Context, DecodeError, EncodeError,
    cbor::{self, Key, Out, Written, broken, items},
    leaf::Sink,
    scalar::Scalar,
    senml::{Given, Label, Line, NameText, Pack, Purpose, Record, Spot, Syntax, Writer},
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
    while records.next(&mut decoder)? {
        pack.record(record(&mut decoder)?, sink)?;
    }
    cbor::end(&decoder)
}

fn record<'b>(decoder: &mut Decoder<'b>) -> Result<Record<'b>, DecodeError> {
    let mut record = Record::at(decoder.position());
    let announced = decoder.map().map_err(|error| broken(decoder, &error))?;
    let mut fields = items(announced);
    while fields.next(decoder)? {
        let start = decoder.position();
        let label = match cbor::key(decoder)? {
            Key::Number(number) => Label::of_number(number),
            Key::Text(text) if text == "vlo" => Label::Link,
            // the other labels are numbers
            Key::Text(text) => Label::Other { must: text.ends_with('_') },
        };
        record.begin(label, start)?;
        field(decoder, &mut record, label)?;
    }
    Ok(record)
}

fn field<'b>(decoder: &mut Decoder<'b>, record: &mut Record<'b>, label: Label) -> Result<(), DecodeError> {
    let offset = decoder.position();
    let wrong = |what| Err(DecodeError::malformed(offset, what));
    if !label.is_value()
        && !matches!(
            label,
            Label::BaseName | Label::Name | Label::BaseTime | Label::Time | Label::BaseVersion
        )
    {
        return cbor::skip(decoder);
    }
    match (label, cbor::scalar(decoder)?) {
        (Label::BaseName, Scalar::TextOrLink(is)) => record.base_name = Some(Spot { is, offset }),
        (Label::Name, Scalar::TextOrLink(is)) => record.name = Some(Spot { is, offset }),
        (Label::BaseName | Label::Name, _) => return wrong("a name is a text"),
        (Label::BaseTime | Label::Time, is) => return record.set_time(label, &is, offset),
        (Label::BaseVersion, is) => return Record::check_version(&is, offset),
        (
            Label::Number,
            is
            @ (Scalar::Whole(_) | Scalar::Float(_) | Scalar::Decimal(_) | Scalar::Moment(_) | Scalar::Null),
        )
        | (Label::Boolean, is @ Scalar::Boolean(_))
        | (Label::Octets, is @ Scalar::Octets(_)) => return record.set_value(is, offset),
        (Label::Text, Scalar::TextOrLink(text)) => return record.set_value(Scalar::Text(text), offset),
        (Label::Link, Scalar::TextOrLink(text)) => return record.set_value(Scalar::Link(text), offset),
        _ => return wrong("the value is not of the type that its label says"),
    }
    Ok(())
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
