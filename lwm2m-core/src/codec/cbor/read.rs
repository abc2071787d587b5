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

/// The entries of the map that comes.
#[inline]
pub(in crate::codec) fn map(decoder: &mut Decoder<'_>) -> Result<Items, DecodeError> {
    match take_head(decoder, 5) {
        Some(entries) => Ok(Items(Some(entries))),
        None => decoder.map().map(Items).map_err(|error| broken(decoder, &error)),
    }
}

impl Items {
    /// How many there are, if it was said.
    pub(in crate::codec) const fn announced(self) -> u64 {
        match self.0 {
            Some(items) => items,
            None => 0,
        }
    }

    /// How many there still are, at most.
    pub(in crate::codec) const fn left(self) -> u64 {
        match self.0 {
            Some(items) => items,
            None => u64::MAX,
        }
    }

    /// Some were read.
    pub(in crate::codec) const fn passed(&mut self, items: u64) {
        if let Some(left) = &mut self.0 {
            *left = left.saturating_sub(items);
        }
    }

    /// Is there another one? Takes the break at the end.
    #[inline]
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

/// What the head of the next item says beside its type, and what follows it. `None`: the head is cut off, or says
/// something else than a number.
#[inline]
pub(super) fn head(rest: &[u8]) -> Option<(u64, &[u8])> {
    let (first, after) = rest.split_first()?;
    match first & 0x1f {
        small @ ..=0x17 => Some((small.into(), after)),
        0x18 => after.split_first().map(|(number, after)| ((*number).into(), after)),
        0x19 => after.split_first_chunk().map(|(number, after)| (u16::from_be_bytes(*number).into(), after)),
        0x1a => after.split_first_chunk().map(|(number, after)| (u32::from_be_bytes(*number).into(), after)),
        0x1b => after.split_first_chunk().map(|(number, after)| (u64::from_be_bytes(*number), after)),
        _ => None,
    }
}

/// The rest of the input.
#[inline]
pub(in crate::codec) fn rest<'b>(decoder: &Decoder<'b>) -> &'b [u8] {
    decoder.input().get(decoder.position()..).unwrap_or(&[])
}

/// Goes on where this is left.
#[inline]
pub(in crate::codec) fn go_on(decoder: &mut Decoder<'_>, left: &[u8]) {
    decoder.set_position(decoder.input().len().saturating_sub(left.len()));
}

/// Octets of a definite length, where they are whole: the text or the octets of the next item.
#[inline]
pub(super) fn definite(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = head(rest)?;
    after.split_at_checked(usize::try_from(length).ok()?)
}

/// What the head of the next item says beside its type, if it is this one and says a number: 0 is a whole number, 5 a
/// map.
#[inline]
pub(in crate::codec) fn head_of(rest: &[u8], major: u8) -> Option<(u64, &[u8])> {
    head(rest).filter(|_| rest.first().is_some_and(|first| first >> 5 == major))
}

/// Takes the head of the next item, if it is of this type and says a number.
#[inline]
pub(in crate::codec) fn take_head(decoder: &mut Decoder<'_>, major: u8) -> Option<u64> {
    let (number, after) = head_of(rest(decoder), major)?;
    go_on(decoder, after);
    Some(number)
}

/// One value of any type, written to its place. The everyday is read here, anything else and all errors by the library.
#[inline]
pub(in crate::codec) fn scalar<'b>(
    decoder: &mut Decoder<'b>,
    place: &mut Scalar<'b>,
) -> Result<(), DecodeError> {
    match everyday(rest(decoder), place) {
        Some(left) => {
            go_on(decoder, left);
            Ok(())
        }
        None => unusual(decoder, place),
    }
}

/// What is left after a value that most payloads hold.
#[inline]
fn everyday<'b>(rest: &'b [u8], place: &mut Scalar<'b>) -> Option<&'b [u8]> {
    let (first, after) = rest.split_first()?;
    match *first {
        small @ 0x00..=0x17 => {
            *place = Scalar::Unsigned(small.into());
            Some(after)
        }
        0x18..=0x1b => {
            let (number, left) = head(rest)?;
            *place = Scalar::Unsigned(number);
            Some(left)
        }
        0x20..=0x3a => {
            let (number, left) = head(rest)?;
            *place = Scalar::Negative(!number.cast_signed());
            Some(left)
        }
        0x40..=0x5b => {
            let (octets, left) = definite(rest)?;
            *place = Scalar::Octets(Cow::Borrowed(octets));
            Some(left)
        }
        0x60..=0x7b => {
            let (octets, left) = definite(rest)?;
            *place = Scalar::TextOrLink(Cow::Borrowed(str::from_utf8(octets).ok()?));
            Some(left)
        }
        yes @ (0xf4 | 0xf5) => {
            *place = Scalar::Boolean(yes == 0xf5);
            Some(after)
        }
        0xfa => {
            let (bits, left) = after.split_first_chunk()?;
            *place = Scalar::Float(f32::from_be_bytes(*bits).into());
            Some(left)
        }
        0xfb => {
            let (bits, left) = after.split_first_chunk()?;
            *place = Scalar::Float(f64::from_be_bytes(*bits));
            Some(left)
        }
        _ => None,
    }
}

#[cold]
fn unusual<'b>(decoder: &mut Decoder<'b>, place: &mut Scalar<'b>) -> Result<(), DecodeError> {
    let read = match first(decoder) {
        Some(0..=0x1b) => decoder.u64().map(|number| *place = Scalar::Unsigned(number)),
        Some(0x20..=0x3b) => decoder.i64().map(|number| *place = Scalar::Negative(number)),
        Some(0x40..=0x5b) => decoder.bytes().map(|octets| *place = Scalar::Octets(Cow::Borrowed(octets))),
        Some(0x60..=0x7b) => decoder.str().map(|text| *place = Scalar::TextOrLink(Cow::Borrowed(text))),
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

/// A text, written to its place.
#[inline]
pub(in crate::codec) fn any_text<'b>(
    decoder: &mut Decoder<'b>,
    place: &mut Cow<'b, str>,
) -> Result<(), DecodeError> {
    let whole = rest(decoder);
    if let (Some(0x60..=0x7b), Some((octets, left))) = (whole.first(), definite(whole))
        && let Ok(text) = str::from_utf8(octets)
    {
        go_on(decoder, left);
        *place = Cow::Borrowed(text);
        return Ok(());
    }
    let read = match first(decoder) {
        Some(0x7f) => text(decoder).map(Cow::Owned),
        _ => decoder.str().map(Cow::Borrowed),
    };
    *place = read.map_err(|error| broken(decoder, &error))?;
    Ok(())
}
