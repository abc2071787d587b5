//! Reads data items of CBOR. [RFC 8949]

use std::borrow::Cow;

use minicbor::{
    Decoder,
    data::{IanaTag, Type},
    decode::Error,
};

use crate::codec::{DecodeError, date, decimal::Decimal, scalar::Scalar};

/// How deep the items may be nested that nobody reads. Each level is a call: deeper ones would exhaust the stack.
const MAX_NESTING: usize = 16;

/// What a decoder of CBOR complains of.
pub(in crate::codec) fn broken(decoder: &Decoder<'_>, error: &Error) -> DecodeError {
    if error.is_end_of_input() {
        return DecodeError::malformed(
            decoder.input().len(),
            "the payload ends here, in the middle of an item",
        );
    }
    let what =
        if error.is_type_mismatch() { "an item of another type is expected here" } else { "no item of CBOR" };
    DecodeError::malformed(error.position().unwrap_or(decoder.position()), what)
}

/// Refuses what follows the last item.
pub(in crate::codec) fn end(decoder: &Decoder<'_>) -> Result<(), DecodeError> {
    if decoder.position() < decoder.input().len() {
        return Err(DecodeError::malformed(decoder.position(), "nothing more is expected here"));
    }
    Ok(())
}

/// The items that an array or a map has left: how many, or until a break.
#[derive(Clone, Copy)]
pub(in crate::codec) struct Items(Option<u64>);

/// The items of an array or a map whose head was read.
pub(in crate::codec) const fn items(announced: Option<u64>) -> Items {
    Items(announced)
}

impl Items {
    /// Is there another one? Takes the break at the end.
    pub(in crate::codec) fn next(&mut self, decoder: &mut Decoder<'_>) -> Result<bool, DecodeError> {
        match &mut self.0 {
            Some(left) => {
                let more = *left > 0;
                *left = left.saturating_sub(1);
                Ok(more)
            }
            None => Ok(!take_break(decoder)?),
        }
    }
}

/// Takes a break, if one stands here.
pub(in crate::codec) fn take_break(decoder: &mut Decoder<'_>) -> Result<bool, DecodeError> {
    let found = decoder.datatype().map_err(|error| broken(decoder, &error))? == Type::Break;
    if found {
        decoder.set_position(decoder.position().saturating_add(1));
    }
    Ok(found)
}

/// One value of any type.
pub(in crate::codec) fn scalar<'b>(decoder: &mut Decoder<'b>) -> Result<Scalar<'b>, DecodeError> {
    let start = decoder.position();
    read(decoder).map_err(|error| broken(decoder, &error))?.ok_or_else(|| {
        decoder.set_position(start);
        DecodeError::malformed(start, "a value is expected here")
    })
}

fn read<'b>(decoder: &mut Decoder<'b>) -> Result<Option<Scalar<'b>>, Error> {
    Ok(Some(match decoder.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Scalar::Whole(i128::from(decoder.u64()?)),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => Scalar::Whole(i128::from(decoder.int()?)),
        Type::F16 | Type::F32 | Type::F64 => Scalar::Float(decoder.f64()?),
        Type::Bool => Scalar::Boolean(decoder.bool()?),
        Type::String => Scalar::TextOrLink(Cow::Borrowed(decoder.str()?)),
        Type::Bytes => Scalar::Octets(Cow::Borrowed(decoder.bytes()?)),
        Type::StringIndef => Scalar::TextOrLink(Cow::Owned(text(decoder)?)),
        Type::BytesIndef => Scalar::Octets(Cow::Owned(octets(decoder)?)),
        Type::Null => {
            decoder.null()?;
            Scalar::Null
        }
        Type::Tag => return tagged(decoder),
        _ => return Ok(None),
    }))
}

fn text(decoder: &mut Decoder<'_>) -> Result<String, Error> {
    let mut whole = String::new();
    for part in decoder.str_iter()? {
        whole.push_str(part?);
    }
    Ok(whole)
}

fn octets(decoder: &mut Decoder<'_>) -> Result<Vec<u8>, Error> {
    let mut whole = Vec::new();
    for part in decoder.bytes_iter()? {
        whole.extend_from_slice(part?);
    }
    Ok(whole)
}

/// A time, as a date or as seconds since 1970, or a decimal fraction. [RFC 8949 §3.4]
fn tagged<'b>(decoder: &mut Decoder<'b>) -> Result<Option<Scalar<'b>>, Error> {
    let tag = decoder.tag()?;
    Ok(match IanaTag::try_from(tag) {
        Ok(IanaTag::DateTime) => {
            let date = match decoder.datatype()? {
                Type::StringIndef => Cow::Owned(text(decoder)?),
                _ => Cow::Borrowed(decoder.str()?),
            };
            date::seconds(&date).map(Scalar::Moment)
        }
        Ok(IanaTag::Timestamp) => match read_plain(decoder)? {
            Some(Scalar::Whole(seconds)) => i64::try_from(seconds).ok().map(Scalar::Moment),
            Some(Scalar::Float(seconds)) if seconds.fract() == 0.0 => {
                i64::try_from(seconds as i128).ok().map(Scalar::Moment)
            }
            _ => None,
        },
        Ok(IanaTag::Decimal) => {
            let mut pair = items(decoder.array()?);
            let (Ok(true), exponent) = (pair.next(decoder), decoder.i32()?) else { return Ok(None) };
            let (Ok(true), mantissa) = (pair.next(decoder), i128::from(decoder.int()?)) else {
                return Ok(None);
            };
            let closed = matches!(pair.next(decoder), Ok(false));
            closed.then_some(Scalar::Decimal(Decimal::new(mantissa, exponent)))
        }
        _ => None,
    })
}

/// A number, without tags: a tag inside a tag is none of ours.
fn read_plain<'b>(decoder: &mut Decoder<'b>) -> Result<Option<Scalar<'b>>, Error> {
    if decoder.datatype()? == Type::Tag { Ok(None) } else { read(decoder) }
}

/// Passes over an item.
pub(in crate::codec) fn skip(decoder: &mut Decoder<'_>) -> Result<(), DecodeError> {
    skip_below(decoder, MAX_NESTING)
}

fn skip_below(decoder: &mut Decoder<'_>, levels: usize) -> Result<(), DecodeError> {
    let start = decoder.position();
    let Some(levels) = levels.checked_sub(1) else {
        return Err(DecodeError::malformed(start, "nested too deep"));
    };
    let kind = decoder.datatype().map_err(|error| broken(decoder, &error))?;
    let (announced, each) = match kind {
        Type::Array | Type::ArrayIndef => (decoder.array(), 1),
        Type::Map | Type::MapIndef => (decoder.map(), 2),
        Type::Tag => {
            decoder.tag().map_err(|error| broken(decoder, &error))?;
            return skip_below(decoder, levels);
        }
        Type::Break | Type::Unknown(_) => {
            return Err(DecodeError::malformed(start, "an item is expected here"));
        }
        // the library goes through a single item without a stack
        _ => return decoder.skip().map_err(|error| broken(decoder, &error)),
    };
    let mut items = items(announced.map_err(|error| broken(decoder, &error))?);
    while items.next(decoder)? {
        for _ in 0..each {
            skip_below(decoder, levels)?;
        }
    }
    Ok(())
}

/// A key of a map of SenML: a number, or a text.
pub(in crate::codec) enum Key<'b> {
    Number(i64),
    Text(Cow<'b, str>),
}

pub(in crate::codec) fn key<'b>(decoder: &mut Decoder<'b>) -> Result<Key<'b>, DecodeError> {
    let start = decoder.position();
    match read(decoder).map_err(|error| broken(decoder, &error))? {
        Some(Scalar::Whole(number)) => i64::try_from(number)
            .map(Key::Number)
            .map_err(|_| DecodeError::malformed(start, "no label is so great")),
        Some(Scalar::TextOrLink(text)) => Ok(Key::Text(text)),
        _ => Err(DecodeError::malformed(start, "a label is expected here, a number or a text")),
    }
}
