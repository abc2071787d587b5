//! One entry: type byte, identifier, length, value.

use crate::{RESERVED_ID, codec::DecodeError};

/// What an entry stands for: bits 7 and 6 of its type byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Instance,
    ResourceInstance,
    Multiple,
    Resource,
}

/// The longest value that a length of three bytes can say.
const MAX_LENGTH: usize = 0xff_ffff;

/// The bytes before a value of this length, in their shortest form: the array and how much of it counts. `None`: too
/// long.
pub(super) fn header(level: Level, id: u16, length: usize) -> Option<([u8; 6], usize)> {
    let level = match level {
        Level::Instance => 0x00,
        Level::ResourceInstance => 0x40,
        Level::Multiple => 0x80,
        Level::Resource => 0xc0,
    };
    let [_, high, middle, low] = u32::try_from(length).ok().filter(|_| length <= MAX_LENGTH)?.to_be_bytes();
    let (width, length_bytes): (u8, &[u8]) = match length {
        0..=7 => (low, &[]),
        8..=0xff => (0x08, &[low]),
        0x100..=0xffff => (0x10, &[middle, low]),
        _ => (0x18, &[high, middle, low]),
    };
    let [upper, lower] = id.to_be_bytes();
    let (wide, id_bytes): (u8, &[u8]) = if upper == 0 { (0x00, &[lower]) } else { (0x20, &[upper, lower]) };
    let mut bytes = [level | wide | width, 0, 0, 0, 0, 0];
    let rest = id_bytes.iter().chain(length_bytes);
    bytes.iter_mut().skip(1).zip(rest).for_each(|(place, byte)| *place = *byte);
    Some((bytes, 1 + id_bytes.len() + length_bytes.len()))
}

/// Bytes that hold entries or a value, and where they stand in the payload.
#[derive(Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) offset: usize,
}

/// One entry.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) level: Level,
    pub(super) id: u16,
    /// Where it begins in the payload.
    pub(super) offset: usize,
    pub(super) value: Span<'a>,
}

impl<'a> Span<'a> {
    /// Takes the next entry; `None` at the end. Longer forms than needed are read.
    pub(super) fn next(&mut self) -> Result<Option<Entry<'a>>, DecodeError> {
        let offset = self.offset;
        let Some(kind) = self.number(1) else { return Ok(None) };
        let level = match kind >> 6 {
            0 => Level::Instance,
            1 => Level::ResourceInstance,
            2 => Level::Multiple,
            _ => Level::Resource,
        };
        let id = self
            .number(if kind & 0x20 == 0 { 1 } else { 2 })
            .ok_or_else(|| DecodeError::malformed(offset, "the identifier is cut off"))?;
        let id = u16::try_from(id).unwrap_or(RESERVED_ID);
        if id == RESERVED_ID {
            return Err(DecodeError::malformed(offset, "the identifier 65535 is reserved"));
        }
        let length = match (kind >> 3) & 3 {
            0 => Some(kind & 7),
            width => self.number(width as usize),
        };
        let length = length.ok_or_else(|| DecodeError::malformed(offset, "the length is cut off"))? as usize;
        let value = Self { bytes: self.bytes.get(..length).unwrap_or(&[]), offset: self.offset };
        let Some(rest) = self.bytes.get(length..) else {
            return Err(DecodeError::malformed(offset, format!("length {length} runs past the end")));
        };
        *self = Self { bytes: rest, offset: self.offset.saturating_add(length) };
        Ok(Some(Entry { level, id, offset, value }))
    }

    /// The rest of these, from here on.
    pub(super) fn from(self, rest: &'a [u8]) -> Self {
        let taken = self.bytes.len().saturating_sub(rest.len());
        Self { bytes: rest, offset: self.offset.saturating_add(taken) }
    }

    /// Takes a number of up to three bytes.
    fn number(&mut self, width: usize) -> Option<u32> {
        let (taken, rest) = self.bytes.split_at_checked(width)?;
        *self = Self { bytes: rest, offset: self.offset.saturating_add(width) };
        Some(taken.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// The level of the first entry, if there is one.
    pub(super) fn first_level(mut self) -> Result<Option<Level>, DecodeError> {
        Ok(self.next()?.map(|entry| entry.level))
    }

    /// The only entry.
    pub(super) fn only(mut self) -> Result<Entry<'a>, DecodeError> {
        let Some(entry) = self.next()? else {
            return Err(DecodeError::malformed(self.offset, "a value is expected here"));
        };
        if self.bytes.is_empty() {
            Ok(entry)
        } else {
            Err(DecodeError::malformed(self.offset, "nothing more is expected here"))
        }
    }
}

/// The id of the next entry, and its octets and what is left after it, if it is a Resource of less than 256 octets.
#[inline]
pub(super) fn plain_resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (id, length, rest) = match *bytes {
        [kind @ 0xc0..=0xc7, id, ref rest @ ..] => (id.into(), kind & 7, rest),
        [0xc8..=0xcf, id, length, ref rest @ ..] => (id.into(), length, rest),
        [kind @ 0xe0..=0xe7, a, b, ref rest @ ..] => (u16::from_be_bytes([a, b]), kind & 7, rest),
        [0xe8..=0xef, a, b, length, ref rest @ ..] => (u16::from_be_bytes([a, b]), length, rest),
        _ => return None,
    };
    let (octets, left) = rest.split_at_checked(length.into())?;
    Some((id, octets, left))
}
