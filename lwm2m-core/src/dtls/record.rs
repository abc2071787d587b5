//! Records: their headers, their numbers, and how they lie in a datagram. [RFC 6347 §4.1, RFC 9146 §4]

use std::fmt;

use bytes::{BufMut as _, BytesMut};

/// Octets of a header without a connection ID.
pub const HEADER: usize = 13;
/// Octets of content in one record. [RFC 5246 §6.2.1]
pub const MAX_PLAINTEXT: usize = 1 << 14;
/// Octets of a protected fragment. [RFC 5246 §6.2.3]
pub const MAX_FRAGMENT: usize = MAX_PLAINTEXT + 2048;
/// The last sequence number of an epoch.
pub const LAST_SEQUENCE: u64 = (1 << 48) - 1;

/// What a record carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ContentType {
    /// The next record of this sender is in the next epoch.
    ChangeCipherSpec = 20,
    /// An alert.
    Alert = 21,
    /// Handshake messages or their fragments.
    Handshake = 22,
    /// CoAP.
    ApplicationData = 23,
    /// A record with a connection ID; its real type is inside. [RFC 9146 §4]
    Cid = 25,
}

impl ContentType {
    /// The type with this number, if it is known.
    #[must_use]
    pub const fn from_octet(octet: u8) -> Option<Self> {
        match octet {
            20 => Some(Self::ChangeCipherSpec),
            21 => Some(Self::Alert),
            22 => Some(Self::Handshake),
            23 => Some(Self::ApplicationData),
            25 => Some(Self::Cid),
            _ => None,
        }
    }
}

/// A version of DTLS as on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProtocolVersion(pub u16);

impl ProtocolVersion {
    /// DTLS 1.0: on the records of a first ClientHello and of a HelloVerifyRequest it says nothing.
    pub const DTLS_1_0: Self = Self(0xFEFF);
    /// DTLS 1.2.
    pub const DTLS_1_2: Self = Self(0xFEFD);
}

impl fmt::Debug for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}", self.0)
    }
}

/// Epoch and sequence number: what is never used twice. Ordered as sent.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordNumber(u64);

impl RecordNumber {
    /// `None`: the sequence number has more than 48 bits.
    #[must_use]
    pub const fn new(epoch: u16, sequence: u64) -> Option<Self> {
        if sequence > LAST_SEQUENCE { None } else { Some(Self((epoch as u64) << 48 | sequence)) }
    }

    /// As on the wire.
    #[must_use]
    pub const fn from_octets(octets: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(octets))
    }

    /// As on the wire.
    #[must_use]
    pub const fn to_octets(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// The epoch.
    #[must_use]
    pub const fn epoch(self) -> u16 {
        (self.0 >> 48) as u16
    }

    /// The sequence number.
    #[must_use]
    pub const fn sequence(self) -> u64 {
        self.0 & LAST_SEQUENCE
    }
}

impl fmt::Debug for RecordNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch(), self.sequence())
    }
}

/// Numbers for the records of one epoch that are sent: each once, also those of retransmissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    epoch: u16,
    next: u64,
}

impl Sequence {
    /// An epoch from its beginning.
    #[must_use]
    pub const fn new(epoch: u16) -> Self {
        Self { epoch, next: 0 }
    }

    /// An epoch of which all numbers below `next` are used or given up.
    #[must_use]
    pub const fn starting_at(epoch: u16, next: u64) -> Self {
        Self { epoch, next }
    }

    /// The epoch.
    #[must_use]
    pub const fn epoch(&self) -> u16 {
        self.epoch
    }

    /// The next number, not yet taken.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many numbers are left. When few are, it is time for a new handshake.
    #[must_use]
    pub const fn remaining(&self) -> u64 {
        (LAST_SEQUENCE + 1).saturating_sub(self.next)
    }

    /// The next number. `None`: the epoch is exhausted, nothing more may be sent in it. [RFC 6347 §4.1]
    pub const fn take(&mut self) -> Option<RecordNumber> {
        let number = RecordNumber::new(self.epoch, self.next);
        if number.is_some() {
            self.next += 1;
        }
        number
    }
}

/// The header of a record, all but connection ID and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it carries.
    pub content_type: ContentType,
    /// The version it claims.
    pub version: ProtocolVersion,
    /// Epoch and sequence number.
    pub number: RecordNumber,
}

impl Header {
    /// May a record with this version be looked at? DTLS 1.0 is legal in epoch 0, where the hello messages are.
    #[must_use]
    pub const fn version_is_legal(&self) -> bool {
        self.version.0 == ProtocolVersion::DTLS_1_2.0
            || self.version.0 == ProtocolVersion::DTLS_1_0.0 && self.number.epoch() == 0
    }
}

/// A record where it lies in its datagram.
#[derive(Debug)]
pub struct Record<'a> {
    /// Its header.
    pub header: Header,
    /// The connection ID, of type [`ContentType::Cid`] only.
    pub cid: &'a [u8],
    /// Where in the datagram the fragment begins.
    pub offset: usize,
    /// Its content; protected unless its epoch is 0. Decrypted in place.
    pub fragment: &'a mut [u8],
}

/// Why a record, or the rest of a datagram, was dropped. Never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dropped {
    /// The datagram ends inside a header. The rest is lost.
    Header,
    /// The length reaches beyond the datagram. The rest is lost.
    Length,
    /// A connection ID although none was issued: its length is unknown. The rest is lost.
    UnexpectedCid,
    /// Longer than a record may be.
    TooLong,
    /// A content type that is not known.
    ContentType(u8),
    /// Neither DTLS 1.2 nor, in epoch 0, DTLS 1.0.
    Version(ProtocolVersion),
}

/// The records of a datagram, in order.
///
/// An `Err` is a record that is passed over; where the records after it cannot be found, the iteration ends.
#[derive(Debug)]
pub struct Records<'a> {
    rest: &'a mut [u8],
    offset: usize,
    cid: usize,
}

impl<'a> Records<'a> {
    /// Of a datagram. `cid` is the length of the connection IDs issued here, 0 if none are.
    #[must_use]
    pub const fn new(datagram: &'a mut [u8], cid: usize) -> Self {
        Self { rest: datagram, offset: 0, cid }
    }

    /// Gives up the rest.
    fn end(&mut self, why: Dropped) -> Option<Result<Record<'a>, Dropped>> {
        self.rest = &mut [];
        Some(Err(why))
    }

    /// Octets off the front.
    fn split(&mut self, length: usize) -> Option<&'a mut [u8]> {
        let rest = std::mem::take(&mut self.rest);
        let (head, tail) = rest.split_at_mut_checked(length)?;
        self.rest = tail;
        self.offset = self.offset.saturating_add(length);
        Some(head)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Dropped>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let with_cid = self.rest.first() == Some(&(ContentType::Cid as u8));
        if with_cid && self.cid == 0 {
            return self.end(Dropped::UnexpectedCid);
        }
        let cid = if with_cid { self.cid } else { 0 };
        let Some((&[octet, v0, v1, n0, n1, n2, n3, n4, n5, n6, n7], _)) = self.rest.split_first_chunk()
        else {
            return self.end(Dropped::Header);
        };
        let Some(front) = self.split(HEADER.saturating_add(cid)) else { return self.end(Dropped::Header) };
        let front: &'a [u8] = front;
        let Some((front, &length)) = front.split_last_chunk::<2>() else { return self.end(Dropped::Header) };
        let length = usize::from(u16::from_be_bytes(length));
        let offset = self.offset;
        let Some(fragment) = self.split(length) else { return self.end(Dropped::Length) };
        if length > MAX_FRAGMENT {
            return Some(Err(Dropped::TooLong));
        }
        let Some(content_type) = ContentType::from_octet(octet) else {
            return Some(Err(Dropped::ContentType(octet)));
        };
        let version = ProtocolVersion(u16::from_be_bytes([v0, v1]));
        let number = RecordNumber::from_octets([n0, n1, n2, n3, n4, n5, n6, n7]);
        let header = Header { content_type, version, number };
        if !header.version_is_legal() {
            return Some(Err(Dropped::Version(version)));
        }
        let (_, cid) = front.split_at_checked(HEADER - 2).unwrap_or_default();
        Some(Ok(Record { header, cid, offset, fragment }))
    }
}

/// Appends a record of epoch 0. `parts` are its content; at most [`MAX_PLAINTEXT`] octets, else nothing is written.
pub fn put_plain(out: &mut BytesMut, header: Header, parts: &[&[u8]]) {
    let length = parts.iter().map(|part| part.len()).sum();
    if length <= MAX_PLAINTEXT {
        put_header(out, header, &[], length);
        parts.iter().for_each(|part| out.extend_from_slice(part));
    }
}

/// Appends a header; `length` octets of fragment are to follow.
pub(crate) fn put_header(out: &mut BytesMut, header: Header, cid: &[u8], length: usize) {
    out.reserve(HEADER.saturating_add(cid.len()).saturating_add(length));
    out.put_u8(header.content_type as u8);
    out.put_u16(header.version.0);
    out.extend_from_slice(&header.number.to_octets());
    out.extend_from_slice(cid);
    out.put_u16(u16::try_from(length).unwrap_or(u16::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(
        content_type: u8,
        version: u16,
        epoch: u16,
        sequence: u64,
        cid: &[u8],
        fragment: &[u8],
    ) -> Vec<u8> {
        let mut out = vec![content_type];
        out.extend(version.to_be_bytes());
        out.extend(RecordNumber::new(epoch, sequence).unwrap().to_octets());
        out.extend(cid);
        out.extend(u16::try_from(fragment.len()).unwrap().to_be_bytes());
        out.extend(fragment);
        out
    }

    type Found = (ContentType, RecordNumber, Vec<u8>, Vec<u8>);

    fn summary(datagram: &mut [u8], cid: usize) -> Vec<Result<Found, Dropped>> {
        Records::new(datagram, cid)
            .map(|record| {
                record.map(|r| (r.header.content_type, r.header.number, r.cid.to_vec(), r.fragment.to_vec()))
            })
            .collect()
    }

    #[test]
    fn several_records_of_a_datagram_are_found_with_and_without_connection_id() {
        let mut datagram = [
            record(20, 0xFEFD, 0, 3, b"", b"\x01"),
            record(25, 0xFEFD, 1, 0, b"abcd", b"protected"),
            record(23, 0xFEFD, 1, LAST_SEQUENCE, b"", b""),
        ]
        .concat();
        let number = |epoch, sequence| RecordNumber::new(epoch, sequence).unwrap();
        let found = summary(&mut datagram, 4);
        assert_eq!(
            found,
            [
                Ok((ContentType::ChangeCipherSpec, number(0, 3), vec![], vec![1])),
                Ok((ContentType::Cid, number(1, 0), b"abcd".to_vec(), b"protected".to_vec())),
                Ok((ContentType::ApplicationData, number(1, LAST_SEQUENCE), vec![], vec![])),
            ]
        );
        for record in Records::new(&mut datagram.clone(), 4).map(Result::unwrap) {
            assert_eq!(&datagram[record.offset..record.offset + record.fragment.len()], record.fragment);
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_over_and_the_rest_is_read_where_it_can_be_found() {
        let good = record(22, 0xFEFF, 0, 0, b"", b"hello");
        let kind = |mut datagram: Vec<u8>, cid| {
            summary(&mut datagram, cid).into_iter().map(|r| r.err()).collect::<Vec<_>>()
        };
        assert_eq!(
            kind([record(24, 0xFEFD, 0, 0, b"", b"x"), good.clone()].concat(), 0),
            [Some(Dropped::ContentType(24)), None]
        );
        assert_eq!(
            kind([record(22, 0x0303, 0, 0, b"", b"x"), good.clone()].concat(), 0),
            [Some(Dropped::Version(ProtocolVersion(0x0303))), None]
        );
        assert_eq!(
            kind([record(22, 0xFEFF, 1, 0, b"", b"x"), good.clone()].concat(), 0),
            [Some(Dropped::Version(ProtocolVersion::DTLS_1_0)), None]
        );
        assert_eq!(
            kind([record(22, 0xFEFD, 0, 0, b"", &[0; MAX_FRAGMENT + 1]), good.clone()].concat(), 0),
            [Some(Dropped::TooLong), None]
        );
        assert_eq!(
            kind([record(25, 0xFEFD, 1, 0, b"a", b"x"), good.clone()].concat(), 0),
            [Some(Dropped::UnexpectedCid)]
        );
        assert_eq!(kind([good.clone(), good[..12].to_vec()].concat(), 0), [None, Some(Dropped::Header)]);
        assert_eq!(kind([good.clone(), good[..17].to_vec()].concat(), 0), [None, Some(Dropped::Length)]);
        assert_eq!(kind(record(25, 0xFEFD, 1, 0, b"", b"")[..12].to_vec(), 8), [Some(Dropped::Header)]);
        assert_eq!(kind(vec![], 0), []);
    }

    #[test]
    fn what_is_written_is_read() {
        let header = Header {
            content_type: ContentType::Handshake,
            version: ProtocolVersion::DTLS_1_0,
            number: RecordNumber::new(0, 7).unwrap(),
        };
        let mut out = BytesMut::new();
        put_plain(&mut out, header, &[b"one", b"two"]);
        let mut records = Records::new(&mut out, 0);
        let record = records.next().unwrap().unwrap();
        assert_eq!((record.header, &*record.fragment), (header, &b"onetwo"[..]));
        assert!(records.next().is_none());
    }

    #[test]
    fn an_exhausted_epoch_gives_no_number() {
        let mut sequence = Sequence::starting_at(1, LAST_SEQUENCE);
        assert_eq!(sequence.remaining(), 1);
        assert_eq!(sequence.take(), RecordNumber::new(1, LAST_SEQUENCE));
        assert_eq!((sequence.remaining(), sequence.take(), sequence.take()), (0, None, None));
    }
}
