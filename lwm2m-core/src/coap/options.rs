//! Lists of options in wire form. [RFC 7252 §3.1]

mod view;

use std::fmt;

use bytes::Bytes;

pub use self::view::{OptionsIter, OptionsView};
use super::{Block, OptionNumber};
use crate::codec::ContentFormat;

/// A list that is built here lives without an allocation up to this many octets: more than a path, its formats and a
/// block option take, and no more than the other forms need anyway.
const INLINE: usize = 36;

/// Longest value that an option header can announce. [RFC 7252 §3.1]
const MAX_VALUE: usize = 65_535 + 269;

/// Octet between options and payload. [RFC 7252 §3]
pub(super) const PAYLOAD_MARKER: u8 = 0xff;

/// Options of a request or response, ordered by number.
///
/// Held as the octets of a message. Those of a received frame share its memory; pushing in ascending order appends,
/// whatever else is done rebuilds the list.
#[derive(Clone)]
pub struct Options(Wire);

/// `last` is the number of the last option: what the next one counts from.
#[derive(Clone)]
enum Wire {
    Inline { last: OptionNumber, len: u8, octets: [u8; INLINE] },
    Shared { last: OptionNumber, octets: Bytes },
    Heap { last: OptionNumber, octets: Vec<u8> },
}

impl Options {
    /// No options.
    #[must_use]
    pub const fn new() -> Self {
        Self(Wire::Inline { last: OptionNumber(0), len: 0, octets: [0; INLINE] })
    }

    /// Adds an option after those of the same number.
    #[must_use]
    pub fn with(mut self, number: OptionNumber, value: &[u8]) -> Self {
        self.push(number, value);
        self
    }

    /// Adds an option with an unsigned value in its shortest form. [RFC 7252 §3.2]
    #[must_use]
    pub fn with_uint(mut self, number: OptionNumber, value: u64) -> Self {
        self.push_uint(number, value);
        self
    }

    /// Adds a Uri-Path option per segment.
    #[must_use]
    pub fn with_path<'a>(mut self, segments: impl IntoIterator<Item = &'a str>) -> Self {
        for segment in segments {
            self.push(OptionNumber::URI_PATH, segment.as_bytes());
        }
        self
    }

    /// Adds a Uri-Query option.
    #[must_use]
    pub fn with_query(self, parameter: &str) -> Self {
        self.with(OptionNumber::URI_QUERY, parameter.as_bytes())
    }

    /// Adds an option after those of the same number. Whether its definition allows the value is for the caller;
    /// a value longer than 65804 octets, which no message can carry, is cut there.
    pub fn push(&mut self, number: OptionNumber, value: &[u8]) {
        let Some(delta) = number.0.checked_sub(self.last().0) else { return self.insert(number, value) };
        let value = value.get(..MAX_VALUE).unwrap_or(value);
        if delta < 13 && value.len() < 13 {
            self.append(number, &[(delta as u8) << 4 | value.len() as u8], value);
        } else {
            let (header, length) = long_header(u32::from(delta), value.len() as u32);
            self.append(number, header.get(..length).unwrap_or(&header), value);
        }
    }

    #[inline]
    fn append(&mut self, number: OptionNumber, header: &[u8], value: &[u8]) {
        if let Wire::Inline { last, len, octets } = &mut self.0 {
            let start = usize::from(*len);
            let end = start + header.len() + value.len();
            let room = octets.get_mut(start..end).and_then(|room| room.split_at_mut_checked(header.len()));
            if let Some((head, tail)) = room {
                head.copy_from_slice(header);
                tail.copy_from_slice(value);
                *len = end as u8;
                *last = number;
                return;
            }
        }
        self.append_elsewhere(number, header, value);
    }

    /// The octets are shared, too many for the inline form, or there already.
    fn append_elsewhere(&mut self, number: OptionNumber, header: &[u8], value: &[u8]) {
        if let Wire::Heap { last, octets } = &mut self.0 {
            octets.extend_from_slice(header);
            octets.extend_from_slice(value);
            *last = number;
            return;
        }
        let before = self.as_wire();
        let end = before.len() + header.len() + value.len();
        if end <= INLINE {
            let mut octets = [0; INLINE];
            let parts = before.iter().chain(header).chain(value);
            octets.iter_mut().zip(parts).for_each(|(slot, octet)| *slot = *octet);
            self.0 = Wire::Inline { last: number, len: end as u8, octets };
        } else {
            let mut octets = Vec::with_capacity(end.next_power_of_two());
            octets.extend_from_slice(before);
            octets.extend_from_slice(header);
            octets.extend_from_slice(value);
            self.0 = Wire::Heap { last: number, octets };
        }
    }

    /// Adds an option with an unsigned value in its shortest form. [RFC 7252 §3.2]
    pub fn push_uint(&mut self, number: OptionNumber, value: u64) {
        let octets = value.to_be_bytes();
        let skip = value.leading_zeros() as usize / 8;
        self.push(number, octets.get(skip..).unwrap_or(&[]));
    }

    /// Puts an option before those of greater numbers.
    fn insert(&mut self, number: OptionNumber, value: &[u8]) {
        let mut list = Self::new();
        let mut pending = Some((number, value));
        for (other, existing) in self.iter() {
            if let Some((number, value)) = pending.take_if(|_| other > number) {
                list.push(number, value);
            }
            list.push(other, existing);
        }
        *self = list;
    }

    /// Removes every option of this number.
    pub fn remove(&mut self, number: OptionNumber) {
        self.retain(|other| other != number);
    }

    /// Keeps the options whose number satisfies `keep`.
    pub fn retain(&mut self, mut keep: impl FnMut(OptionNumber) -> bool) {
        if self.iter().any(|(number, _)| !keep(number)) {
            *self = self.iter().filter(|(number, _)| keep(*number)).collect();
        }
    }

    /// The list, borrowed.
    #[must_use]
    pub fn view(&self) -> OptionsView<'_> {
        OptionsView { wire: self.as_wire(), last: self.last() }
    }

    /// The octets as they stand in a message.
    #[must_use]
    pub fn as_wire(&self) -> &[u8] {
        match &self.0 {
            Wire::Inline { len, octets, .. } => octets.get(..usize::from(*len)).unwrap_or(&[]),
            Wire::Shared { octets, .. } => octets,
            Wire::Heap { octets, .. } => octets,
        }
    }

    const fn last(&self) -> OptionNumber {
        match &self.0 {
            Wire::Inline { last, .. } | Wire::Shared { last, .. } | Wire::Heap { last, .. } => *last,
        }
    }

    /// How many options.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_wire().is_empty()
    }

    /// All options in order.
    pub fn iter(&self) -> OptionsIter<'_> {
        self.view().iter()
    }

    /// The first option of this number.
    #[must_use]
    pub fn first(&self, number: OptionNumber) -> Option<&[u8]> {
        self.view().first(number)
    }

    /// The options of this number.
    pub fn all(&self, number: OptionNumber) -> impl Iterator<Item = &[u8]> {
        self.view().all(number)
    }

    /// The first option of this number as an unsigned value; `None` also where it is longer than eight octets.
    #[must_use]
    pub fn uint(&self, number: OptionNumber) -> Option<u64> {
        self.view().uint(number)
    }

    /// Content-Format.
    #[must_use]
    pub fn content_format(&self) -> Option<ContentFormat> {
        self.view().content_format()
    }

    /// Accept.
    #[must_use]
    pub fn accept(&self) -> Option<ContentFormat> {
        self.view().accept()
    }

    /// Observe.
    #[must_use]
    pub fn observe(&self) -> Option<u32> {
        self.view().observe()
    }

    /// Max-Age in seconds.
    #[must_use]
    pub fn max_age(&self) -> Option<u32> {
        self.view().max_age()
    }

    /// Block1.
    #[must_use]
    pub fn block1(&self) -> Option<Block> {
        self.view().block1()
    }

    /// Block2.
    #[must_use]
    pub fn block2(&self) -> Option<Block> {
        self.view().block2()
    }

    /// Segments of Uri-Path. What is not UTF-8 is left out; the endpoint refuses it before an event carries it.
    pub fn uri_path(&self) -> impl Iterator<Item = &str> {
        self.view().texts(OptionNumber::URI_PATH)
    }

    /// Parameters of Uri-Query.
    pub fn uri_query(&self) -> impl Iterator<Item = &str> {
        self.view().texts(OptionNumber::URI_QUERY)
    }

    /// Segments of Location-Path.
    pub fn location_path(&self) -> impl Iterator<Item = &str> {
        self.view().texts(OptionNumber::LOCATION_PATH)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        // Every list has one form on the wire.
        self.as_wire() == other.as_wire()
    }
}

impl Eq for Options {}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

/// Makes a list; quickest from ascending numbers.
impl<'a> FromIterator<(OptionNumber, &'a [u8])> for Options {
    fn from_iter<I: IntoIterator<Item = (OptionNumber, &'a [u8])>>(options: I) -> Self {
        let mut list = Self::new();
        options.into_iter().for_each(|(number, value)| list.push(number, value));
        list
    }
}

/// The header of an option whose delta or length needs more than a nibble, and how many octets of it count.
/// [RFC 7252 §3.1]
fn long_header(delta: u32, length: u32) -> ([u8; 5], usize) {
    let mut header = [nibble(delta) << 4 | nibble(length), 0, 0, 0, 0];
    let mut end = 1;
    for number in [delta, length] {
        let [high, low] = match number {
            0..13 => continue,
            13..269 => [0, (number - 13) as u8],
            _ => u16::try_from(number - 269).unwrap_or(u16::MAX).to_be_bytes(),
        };
        let octets: &[u8] = if number < 269 { &[low] } else { &[high, low] };
        for octet in octets {
            if let Some(slot) = header.get_mut(end) {
                *slot = *octet;
            }
            end += 1;
        }
    }
    (header, end)
}

/// How a delta or length stands in the first octet.
const fn nibble(number: u32) -> u8 {
    match number {
        0..13 => number as u8,
        13..269 => 13,
        _ => 14,
    }
}

/// `part` of `frame` without copying it; a copy if it is no part of it.
pub(super) fn share(frame: &Bytes, part: &[u8]) -> Bytes {
    let inside = frame.as_ptr_range();
    let part_range = part.as_ptr_range();
    if part.is_empty() {
        Bytes::new()
    } else if inside.start <= part_range.start && part_range.end <= inside.end {
        frame.slice_ref(part)
    } else {
        Bytes::copy_from_slice(part)
    }
}

#[cfg(test)]
mod tests;
