//! Reads data items of CBOR. [RFC 8949]

use std::borrow::Cow;

use minicbor::{
    Decoder,
    data::{IanaTag, Type},
    decode::Error,
};

use crate::codec::{DecodeError, date, scalar::Scalar};

/// How deep the items may be nested that nobody reads. Each level is a call: deeper ones would exhaust the stack.
const MAX_NESTING: usize = 16;

/// What a decoder of CBOR complains of.
#[cold]
pub(in crate::codec) fn broken(decoder: &Decoder<'_>, error: &Error) -> DecodeError {
    if error.is_end_of_input() {
        return DecodeError::malformed(
            decoder.input().len(),
            "the payload ends here, in the middle of an item",
        );
    }
    let what = if error.is_type_mismatch() {
        "an item of another type is expected here"
    } else {
        "no item of CBOR, or a number out of range"
    };
    DecodeError::malformed(error.position().unwrap_or(decoder.position()), what)
}

/// The first byte of the next item: it says of which type it is.
pub(in crate::codec) fn first(decoder: &Decoder<'_>) -> Option<u8> {
    decoder.input().get(decoder.position()).copied()
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
fn take_break(decoder: &mut Decoder<'_>) -> Result<bool, DecodeError> {
    let found = decoder.datatype().map_err(|error| broken(decoder, &error))? == Type::Break;
    if found {
        decoder.set_position(decoder.position().saturating_add(1));
    }
    Ok(found)
}

/// One value of any type, written to its place.
#[inline]
pub(in crate::codec) fn scalar<'b>(
    decoder: &mut Decoder<'b>,
    place: &mut Scalar<'b>,
) -> Result<(), DecodeError> {
    let read = match first(decoder) {
        Some(0..=0x1b) => decoder.u64().map(|number| *place = Scalar::Unsigned(number)),
        Some(0x20..=0x3b) => decoder.i64().map(|number| *place = Scalar::Negative(number)),
        Some(0x40..=0x5b) => decoder.bytes().map(|octets| *place = Scalar::Octets(Cow::Borrowed(octets))),
        Some(0x60..=0x7b) => decoder.str().map(|text| *place = Scalar::TextOrLink(Cow::Borrowed(text))),
        Some(0xf4 | 0xf5) => decoder.bool().map(|yes| *place = Scalar::Boolean(yes)),
        Some(0xf9..=0xfb) => decoder.f64().map(|number| *place = Scalar::Float(number)),
        _ => {
            *place = rare(decoder)?;
            Ok(())
        }
    };
    read.map_err(|error| broken(decoder, &error))
}

/// A value of several parts, or null.
fn rare<'b>(decoder: &mut Decoder<'b>) -> Result<Scalar<'b>, DecodeError> {
    let start = decoder.position();
    let read = rare_item(decoder).map_err(|error| broken(decoder, &error))?;
    read.ok_or_else(|| DecodeError::malformed(start, "a value is expected here"))
}

fn rare_item<'b>(decoder: &mut Decoder<'b>) -> Result<Option<Scalar<'b>>, Error> {
    Ok(Some(match decoder.datatype()? {
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
        Ok(IanaTag::Timestamp) => match decoder.datatype()? {
            Type::F16 | Type::F32 | Type::F64 => {
                let seconds = decoder.f64()?;
                let whole = seconds.is_finite() && seconds.fract() == 0.0;
                i64::try_from(seconds as i128).ok().filter(|_| whole).map(Scalar::Moment)
            }
            _ => Some(Scalar::Moment(decoder.i64()?)),
        },
        Ok(IanaTag::Decimal) => {
            let mut pair = items(decoder.array()?);
            let (Ok(true), exponent) = (pair.next(decoder), decoder.i32()?) else { return Ok(None) };
            let (Ok(true), mantissa) = (pair.next(decoder), decoder.i64()?) else {
                return Ok(None);
            };
            let closed = matches!(pair.next(decoder), Ok(false));
            closed.then_some(Scalar::Decimal { mantissa, exponent })
        }
        _ => None,
    })
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

/// A text.
#[inline]
pub(in crate::codec) fn any_text<'b>(decoder: &mut Decoder<'b>) -> Result<Cow<'b, str>, DecodeError> {
    let read = match first(decoder) {
        Some(0x7f) => text(decoder).map(Cow::Owned),
        _ => decoder.str().map(Cow::Borrowed),
    };
    read.map_err(|error| broken(decoder, &error))
}
