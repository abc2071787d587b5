//! Lists of numbers, as they lie in a message or as a program gives them.

use std::fmt;

use bytes::{BufMut as _, BytesMut};

use crate::dtls::{
    Refusal,
    reader::{put_vector, put_vector8},
};

/// Numbers of one octet.
pub type U8List<'a> = &'a [u8];

/// Numbers of two octets.
#[derive(Clone, Copy)]
pub struct U16List<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    /// Of even length.
    Wire(&'a [u8]),
    Program(&'a [u16]),
}

impl<'a> U16List<'a> {
    /// Of a program.
    #[must_use]
    pub const fn new(numbers: &'a [u16]) -> Self {
        Self(Source::Program(numbers))
    }

    /// Of a message.
    pub(super) const fn parse(octets: &'a [u8], what: &'static str) -> Result<Self, Refusal> {
        if octets.is_empty() || !octets.len().is_multiple_of(2) {
            return Err(Refusal::decode(what));
        }
        Ok(Self(Source::Wire(octets)))
    }

    /// The numbers, in order.
    pub fn iter(self) -> impl Iterator<Item = u16> + use<'a> {
        let (wire, program): (&[u8], &[u16]) = match self.0 {
            Source::Wire(octets) => (octets, &[]),
            Source::Program(numbers) => (&[], numbers),
        };
        let (pairs, _) = wire.as_chunks::<2>();
        pairs.iter().map(|pair| u16::from_be_bytes(*pair)).chain(program.iter().copied())
    }

    /// Is this number among them?
    #[must_use]
    pub fn contains(self, number: u16) -> bool {
        self.iter().any(|of| of == number)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        match self.0 {
            Source::Wire(octets) => octets.len() / 2,
            Source::Program(numbers) => numbers.len(),
        }
    }

    /// Are there none?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// With a length of two octets.
    pub(super) fn encode(self, out: &mut BytesMut) {
        put_vector::<2>(out, |out| self.iter().for_each(|number| out.put_u16(number)));
    }
}

impl Default for U16List<'_> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl PartialEq for U16List<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for U16List<'_> {}

impl fmt::Debug for U16List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|number| format!("{number:04x}"))).finish()
    }
}

/// With a length of one octet.
pub(super) fn encode_u8_list(list: U8List<'_>, out: &mut BytesMut) {
    put_vector8(out, list);
}
