//! Vectors of the TLS presentation language, read and written. [RFC 5246 §4]

use bytes::{BufMut as _, BytesMut};

use super::Refusal;

/// Reads from the front. Every refusal is a `decode_error` that names what was being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, what }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Refusal> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Refusal::decode(self.what))?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Refusal> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(Refusal::decode(self.what))?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Refusal> {
        self.array().map(|[octet]| *octet)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Refusal> {
        self.array().map(|octets| u16::from_be_bytes(*octets))
    }

    pub(crate) fn u24(&mut self) -> Result<u32, Refusal> {
        self.array().map(|&[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// `<0..2^8-1>`
    pub(crate) fn vector8(&mut self) -> Result<&'a [u8], Refusal> {
        let length = self.u8()?;
        self.take(usize::from(length))
    }

    /// `<0..2^16-1>`
    pub(crate) fn vector16(&mut self) -> Result<&'a [u8], Refusal> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// `<0..2^24-1>`
    pub(crate) fn vector24(&mut self) -> Result<&'a [u8], Refusal> {
        let length = self.u24()?;
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// Nothing may follow.
    pub(crate) const fn finish(self) -> Result<(), Refusal> {
        if self.rest.is_empty() { Ok(()) } else { Err(Refusal::decode(self.what)) }
    }
}

/// Reads the whole of `bytes`.
pub(crate) fn whole<'a, T>(
    bytes: &'a [u8],
    what: &'static str,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut reader = Reader::new(bytes, what);
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// Writes what `write` writes, with its length in `OCTETS` octets before it.
///
/// Callers bound what they write: a length that does not fit would lose its upper bits.
pub(crate) fn put_vector<const OCTETS: usize>(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    out.put_bytes(0, OCTETS);
    let body = out.len();
    write(out);
    let length = out.len().saturating_sub(body);
    debug_assert!(length >> (8 * OCTETS) == 0, "{length} octets do not fit");
    let octets = (length as u64).to_be_bytes();
    if let (Some(place), Some(octets)) = (out.get_mut(start..body), octets.last_chunk::<OCTETS>()) {
        place.copy_from_slice(octets);
    }
}

pub(crate) fn put_vector8(out: &mut BytesMut, bytes: &[u8]) {
    put_vector::<1>(out, |out| out.extend_from_slice(bytes));
}

pub(crate) fn put_vector16(out: &mut BytesMut, bytes: &[u8]) {
    put_vector::<2>(out, |out| out.extend_from_slice(bytes));
}

pub(crate) fn put_vector24(out: &mut BytesMut, bytes: &[u8]) {
    put_vector::<3>(out, |out| out.extend_from_slice(bytes));
}
