//! SenML in CBOR (112), and SenML-ETCH (322). [RFC 8428 §6] [RFC 8790] [Core 1.2 §7.4]

use std::borrow::Cow;

use minicbor::{Decoder, Encoder};

use crate::{Kind, Path, Value};

use super::{
    ContentFormat, Context, DecodeError, EncodeError,
    cbor::{self, Out, Written, broken, items},
    everyday::{Everyday, Place, Run},
    leaf::Sink,
    scalar::Scalar,
    senml::{Given, Label, Line, NameText, Pack, Purpose, Record, Syntax, Writer, id},
};

/// The packs of SenML (112), or of SenML-ETCH (322).
pub(super) enum Packs<const ETCH: bool> {}
pub(super) type Cbor = Packs<false>;
pub(super) type EtchCbor = Packs<true>;

impl<const ETCH: bool> Syntax for Packs<ETCH> {
    fn read<S: Sink>(
        cx: &Context<'_>,
        bytes: &[u8],
        purpose: Purpose,
        sink: &mut S,
    ) -> Result<(), DecodeError> {
        read(Pack::new(cx, purpose, ETCH), bytes, sink)
    }
}

fn read<'b, S: Sink>(mut pack: Pack<'_, 'b>, bytes: &'b [u8], sink: &mut S) -> Result<(), DecodeError> {
    let mut decoder = Decoder::new(bytes);
    let announced = decoder.array().map_err(|error| broken(&decoder, &error))?;
    let mut records = items(announced);
    sink.expect(records.announced(), bytes.len());
    let mut record = Record::new();
    loop {
        if let Some(instance) = pack.instance().filter(|instance| sink.covers(instance)) {
            let run = &mut Run { instance: &instance, most: records.left(), after: None };
            let (left, taken) = sink.everyday::<TwoFields>(run, cbor::rest(&decoder));
            cbor::go_on(&mut decoder, left);
            records.passed(taken);
        }
        if !records.next(&mut decoder)? {
            return cbor::end(&decoder);
        }
        read_record(&mut decoder, &mut record)?;
        pack.record(&mut record, sink)?;
    }
}

/// Two fields, a name that is the id of a resource and a value: most records after the first.
enum TwoFields {}

impl<'b> Everyday<'b> for TwoFields {
    type Found = (u8, &'b [u8]);

    #[inline]
    fn next(rest: &'b [u8]) -> Option<(u16, (u8, &'b [u8]))> {
        let [0xa2, 0x00, length @ 0x61..=0x65, rest @ ..] = rest else { return None };
        let (digits, rest) = rest.split_at_checked(usize::from(length & 7))?;
        let (label, value) = rest.split_first()?;
        Some((id(digits)?, (*label, value)))
    }

    #[inline]
    fn value(kind: Kind, (label, value): (u8, &'b [u8]), place: impl Place) -> Option<&'b [u8]> {
        let is_right = match kind {
            Kind::Integer | Kind::Unsigned | Kind::Float | Kind::Time => label == 2,
            Kind::String => label == 3,
            Kind::Boolean => label == 4,
            Kind::Opaque => label == 8,
            _ => false,
        };
        if is_right { cbor::typed(kind, value, place) } else { None }
    }
}

#[inline]
fn read_record<'b>(decoder: &mut Decoder<'b>, record: &mut Record<'b>) -> Result<(), DecodeError> {
    record.clear(decoder.position());
    let mut fields = cbor::map(decoder)?;
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
        Some(number @ (0..=0x17 | 0x20..=0x37)) => {
            decoder.set_position(decoder.position().saturating_add(1));
            let number = i64::from(number);
            Ok(Label::of_number(if number < 0x20 { number } else { 0x1f - number }))
        }
        Some(0x60..=0x7f) => text_label(decoder),
        _ => decoder.i64().map(Label::of_number).map_err(|error| broken(decoder, &error)),
    }
}

fn text_label(decoder: &mut Decoder<'_>) -> Result<Label, DecodeError> {
    let mut text = Cow::Borrowed("");
    cbor::any_text(decoder, &mut text)?;
    Ok(match &*text {
        "vlo" => Label::Link,
        // the other labels are numbers
        text => Label::Other { must: text.ends_with('_') },
    })
}

#[inline]
fn field<'b>(decoder: &mut Decoder<'b>, record: &mut Record<'b>, label: Label) -> Result<(), DecodeError> {
    let offset = decoder.position();
    match label {
        Label::BaseName | Label::Name => return cbor::any_text(decoder, record.name_place(label, offset)),
        Label::BaseTime | Label::Time => return record.set_time(label, &number(decoder)?, offset),
        Label::BaseVersion => return Record::check_version(&number(decoder)?, offset),
        Label::Text => {
            let place = record.value_place(offset)?;
            *place = Scalar::Text(Cow::Borrowed(""));
            let Scalar::Text(text) = place else { return Ok(()) };
            return cbor::any_text(decoder, text);
        }
        Label::Link => {
            let mut text = Cow::Borrowed("");
            let place = record.value_place(offset)?;
            cbor::any_text(decoder, &mut text)?;
            *place = Scalar::Link(text);
        }
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

impl<const ETCH: bool> Writer for Packs<ETCH> {
    const FORMAT: ContentFormat =
        if ETCH { ContentFormat::SENML_ETCH_CBOR } else { ContentFormat::SENML_CBOR };
    const REMOVES: bool = ETCH;
    const BASES: bool = true;

    fn begin(out: &mut Vec<u8>, _base: Option<&NameText<'_>>, records: usize) {
        // a Vec takes everything
        let _ = Encoder::new(out).array(records as u64).is_ok();
    }

    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError> {
        put_line(&mut Encoder::new(out), line).map_err(|_| EncodeError::TooLong(path))
    }

    fn end(_out: &mut Vec<u8>) {}
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
