//! Lists of options in wire form. [RFC 7252 §3.1]

use std::{fmt, str};

use bytes::Bytes;

use super::{Block, OptionNumber, option::Form};
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

/// Options of a message, borrowed from its frame. The octets have been checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OptionsView<'a> {
    wire: &'a [u8],
    last: OptionNumber,
}

impl<'a> OptionsView<'a> {
    /// No options.
    pub const EMPTY: Self = Self { wire: &[], last: OptionNumber(0) };

    /// Checks the options at the beginning of `bytes`, up to the payload marker or the end. Gives them, and what
    /// follows the options.
    ///
    /// # Errors
    /// What is wrong, and how many octets of `bytes` stand before it.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), (&'static str, usize)> {
        let mut rest = bytes;
        let mut last = 0;
        while !matches!(rest, [] | [PAYLOAD_MARKER, ..]) {
            let option = split_option(rest, last).map_err(|what| (what, bytes.len() - rest.len()))?;
            (last, rest) = (option.number, option.rest);
        }
        let wire = bytes.get(..bytes.len() - rest.len()).unwrap_or(&[]);
        Ok((Self { wire, last: OptionNumber(last) }, rest))
    }

    /// The octets as they stand in the message.
    #[must_use]
    pub const fn as_wire(self) -> &'a [u8] {
        self.wire
    }

    /// An owned list that shares the memory of `frame`, which these options were parsed from. From another frame
    /// they are copied.
    #[must_use]
    pub fn to_options(self, frame: &Bytes) -> Options {
        Options(Wire::Shared { last: self.last, octets: share(frame, self.wire) })
    }

    /// All options in order.
    #[must_use]
    pub const fn iter(self) -> OptionsIter<'a> {
        OptionsIter { rest: self.wire, last: 0 }
    }

    /// The first option of this number.
    #[must_use]
    pub fn first(self, number: OptionNumber) -> Option<&'a [u8]> {
        self.all(number).next()
    }

    /// The options of this number.
    pub fn all(self, number: OptionNumber) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .skip_while(move |(other, _)| *other < number)
            .take_while(move |(other, _)| *other == number)
            .map(|(_, value)| value)
    }

    /// The first option of this number as an unsigned value; `None` also where it is longer than eight octets.
    #[must_use]
    pub fn uint(self, number: OptionNumber) -> Option<u64> {
        self.first(number).and_then(uint)
    }

    /// As [`OptionsView::uint`]; `None` also where the option's definition does not allow the value, which makes it
    /// an option that is not recognised. [RFC 7252 §5.4.3]
    fn number<N: TryFrom<u64>>(self, number: OptionNumber) -> Option<N> {
        let value = self.first(number).filter(|value| number.allows(value))?;
        N::try_from(uint(value)?).ok()
    }

    /// Content-Format.
    #[must_use]
    pub fn content_format(self) -> Option<ContentFormat> {
        self.number(OptionNumber::CONTENT_FORMAT).map(ContentFormat)
    }

    /// Accept.
    #[must_use]
    pub fn accept(self) -> Option<ContentFormat> {
        self.number(OptionNumber::ACCEPT).map(ContentFormat)
    }

    /// Observe.
    #[must_use]
    pub fn observe(self) -> Option<u32> {
        self.number(OptionNumber::OBSERVE)
    }

    /// Max-Age in seconds.
    #[must_use]
    pub fn max_age(self) -> Option<u32> {
        self.number(OptionNumber::MAX_AGE)
    }

    /// Block1.
    #[must_use]
    pub fn block1(self) -> Option<Block> {
        self.first(OptionNumber::BLOCK1).and_then(Block::parse)
    }

    /// Block2.
    #[must_use]
    pub fn block2(self) -> Option<Block> {
        self.first(OptionNumber::BLOCK2).and_then(Block::parse)
    }

    /// The options of this number as texts. What is not UTF-8 is left out.
    pub fn texts(self, number: OptionNumber) -> impl Iterator<Item = &'a str> {
        self.all(number).filter_map(|value| str::from_utf8(value).ok())
    }

    /// The first critical option that does not count as recognised: `known` does not know it, its value is of a
    /// length or form that it cannot have, or it is one too many. [RFC 7252 §5.4.1, §5.4.3, §5.4.5]
    #[must_use]
    pub fn unrecognised(self, known: impl Fn(OptionNumber) -> bool) -> Option<OptionNumber> {
        let mut before = None;
        for (number, value) in self.iter() {
            let surplus = before.replace(number) == Some(number) && !number.is_repeatable();
            if number.is_critical() && (surplus || !known(number) || !number.allows(value)) {
                return Some(number);
            }
        }
        None
    }
}

/// Known options by name, numbers as numbers.
impl fmt::Debug for OptionsView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_map();
        for (number, value) in self.iter() {
            match (number.form(), uint(value), str::from_utf8(value)) {
                (Form::Uint, Some(value), _) => list.entry(&number, &value),
                (Form::String, _, Ok(text)) => list.entry(&number, &text),
                _ => list.entry(&number, &format_args!("{} octets", value.len())),
            };
        }
        list.finish()
    }
}

/// Walks a list of options.
#[derive(Clone, Debug)]
pub struct OptionsIter<'a> {
    rest: &'a [u8],
    last: u16,
}

impl<'a> Iterator for OptionsIter<'a> {
    type Item = (OptionNumber, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let option = split_option(self.rest, self.last).ok()?;
        (self.rest, self.last) = (option.rest, option.number);
        Some((OptionNumber(option.number), option.value))
    }
}

/// An option, and what follows it.
struct Split<'a> {
    number: u16,
    value: &'a [u8],
    rest: &'a [u8],
}

/// Reads the option at the beginning of `bytes`, which follows one of number `last`.
#[inline]
fn split_option(bytes: &[u8], last: u16) -> Result<Split<'_>, &'static str> {
    const ENDS: &str = "an option ends after the message";
    let (head, rest) = bytes.split_first().ok_or(ENDS)?;
    let (delta, rest) = extend(head >> 4, rest)?;
    let (length, rest) = extend(head & 0xf, rest)?;
    let number = u32::from(last) + delta;
    let (value, rest) = rest.split_at_checked(length as usize).ok_or(ENDS)?;
    let number = u16::try_from(number).map_err(|_| "an option has a number above 65535")?;
    Ok(Split { number, value, rest })
}

/// A delta or length from its nibble and the octets that extend it.
#[inline]
fn extend(nibble: u8, rest: &[u8]) -> Result<(u32, &[u8]), &'static str> {
    const ENDS: &str = "the header of an option ends after the message";
    match nibble {
        0..13 => Ok((u32::from(nibble), rest)),
        13 => rest.split_first().map(|(more, rest)| (u32::from(*more) + 13, rest)).ok_or(ENDS),
        14 => rest
            .split_first_chunk()
            .map(|(more, rest)| (u32::from(u16::from_be_bytes(*more)) + 269, rest))
            .ok_or(ENDS),
        _ => Err("the header of an option has the reserved nibble 15"),
    }
}

/// An unsigned value; `None` above eight octets.
fn uint(value: &[u8]) -> Option<u64> {
    let fold = |number: u64, octet: &u8| number << 8 | u64::from(*octet);
    (value.len() <= 8).then(|| value.iter().fold(0, fold))
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
mod tests {
    use super::*;

    fn numbers(options: &Options) -> Vec<u16> {
        options.iter().map(|(number, _)| number.0).collect()
    }

    #[test]
    fn options_are_kept_in_order_whatever_the_order_of_pushing() {
        let options = Options::new()
            .with_uint(OptionNumber::ACCEPT, 112)
            .with_path(["3303", "0"])
            .with(OptionNumber::ETAG, b"a")
            .with_path(["5700"])
            .with(OptionNumber::ETAG, b"b");
        assert_eq!(numbers(&options), [4, 4, 11, 11, 11, 17]);
        assert_eq!(options.uri_path().collect::<Vec<_>>(), ["3303", "0", "5700"]);
        assert_eq!(options.all(OptionNumber::ETAG).collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(options.accept(), Some(ContentFormat::SENML_CBOR));
    }

    #[test]
    fn deltas_and_lengths_of_every_width_round_trip() {
        let values = [0, 1, 12, 13, 14, 268, 269, 270, 65_804].map(|length| vec![7_u8; length]);
        for number in [0, 1, 12, 13, 268, 269, 65_535] {
            for value in &values {
                let options = Options::new().with(OptionNumber(number), value);
                assert_eq!(options.iter().collect::<Vec<_>>(), [(OptionNumber(number), value.as_slice())]);
            }
        }
    }

    #[test]
    fn what_is_longer_than_a_header_can_say_is_cut() {
        let options = Options::new().with(OptionNumber::ETAG, &[1; 70_000]).with_path(["a"]);
        assert_eq!(options.first(OptionNumber::ETAG).map(<[u8]>::len), Some(MAX_VALUE));
        assert_eq!(options.uri_path().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn removing_leaves_the_rest_and_costs_nothing_where_there_is_nothing() {
        let mut options =
            Options::new().with(OptionNumber::ETAG, b"a").with_path(["x"]).with_uint(OptionNumber::ACCEPT, 0);
        let before = options.clone();
        options.remove(OptionNumber::BLOCK1);
        assert_eq!(options, before);
        options.remove(OptionNumber::URI_PATH);
        assert_eq!(numbers(&options), [4, 17]);
        options.push(OptionNumber::ACCEPT, b"b");
        assert_eq!(numbers(&options), [4, 17, 17]);
    }

    #[test]
    fn unsigned_values_are_shortest() {
        for (value, octets) in [(0, &[][..]), (1, &[1]), (255, &[255]), (256, &[1, 0]), (u64::MAX, &[255; 8])]
        {
            let options = Options::new().with_uint(OptionNumber(2000), value);
            assert_eq!(options.first(OptionNumber(2000)), Some(octets));
            assert_eq!(options.uint(OptionNumber(2000)), Some(value));
        }
    }

    #[test]
    fn an_elective_option_of_wrong_length_is_not_there() {
        let options = Options::new().with(OptionNumber::MAX_AGE, &[0, 0, 0, 0, 60]);
        assert_eq!(options.max_age(), None);
        assert_eq!(options.view().unrecognised(|_| true), None);
    }

    #[test]
    fn critical_options_that_are_unknown_wrong_or_surplus_are_found() {
        let known = |number| number != OptionNumber(65_001);
        let unrecognised = |options: Options| options.view().unrecognised(known);
        assert_eq!(unrecognised(Options::new().with_path(["a", "b"])), None);
        assert_eq!(unrecognised(Options::new().with(OptionNumber(65_001), &[])), Some(OptionNumber(65_001)));
        assert_eq!(unrecognised(Options::new().with(OptionNumber(65_002), &[])), None);
        assert_eq!(
            unrecognised(Options::new().with(OptionNumber::ACCEPT, &[0; 3])),
            Some(OptionNumber::ACCEPT)
        );
        let twice = Options::new().with_uint(OptionNumber::ACCEPT, 0).with_uint(OptionNumber::ACCEPT, 0);
        assert_eq!(unrecognised(twice), Some(OptionNumber::ACCEPT));
    }

    #[test]
    fn a_list_takes_little_memory() {
        // Every outstanding request and every observation holds one.
        assert_eq!(size_of::<Options>(), 40);
    }

    #[test]
    fn a_shared_list_grows_by_itself() {
        let frame = Bytes::from_static(&[0x40, 1, 0, 1, 0xb1, b'3']);
        let message = crate::coap::Message::parse(&frame).unwrap();
        let mut options = message.to_options(&frame);
        let shared = options.clone();
        options.push(OptionNumber::ACCEPT, &[40]);
        options.push(OptionNumber::SIZE1, &[7; 40]);
        assert_eq!(numbers(&options), [11, 17, 60]);
        assert_eq!(numbers(&shared), [11]);
    }

    #[test]
    fn debug_reads_like_a_request() {
        let options = Options::new()
            .with_path(["3"])
            .with_uint(OptionNumber::ACCEPT, 112)
            .with(OptionNumber(65_000), &[1]);
        assert_eq!(format!("{options:?}"), r#"{Uri-Path: "3", Accept: 112, option 65000: 1 octets}"#);
    }
}
