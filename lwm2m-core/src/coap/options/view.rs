//! Options as they stand in a message. [RFC 7252 §3.1]

use std::{fmt, str};

use bytes::Bytes;

use super::{Options, PAYLOAD_MARKER, Wire, share};
use crate::{
    coap::{Block, OptionNumber, option::Form},
    codec::ContentFormat,
};

/// Options of a message, borrowed from its frame. The octets have been checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OptionsView<'a> {
    pub(super) wire: &'a [u8],
    pub(super) last: OptionNumber,
}

impl<'a> OptionsView<'a> {
    /// No options.
    pub const EMPTY: Self = Self { wire: &[], last: OptionNumber(0) };

    /// Checks the options at the beginning of `bytes`, up to the payload marker or the end. Gives them, and what
    /// follows the options.
    ///
    /// # Errors
    /// What is wrong, and how many octets of `bytes` stand before it.
    pub(in super::super) fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), (&'static str, usize)> {
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
