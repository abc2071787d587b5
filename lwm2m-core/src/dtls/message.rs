//! Handshake messages, ChangeCipherSpec and alerts. [RFC 6347 §4.2]
//!
//! Every `parse` takes the body of one message, without its header, and refuses what is too short, too long or not
//! allowed, with the alert that says so. Parsed messages borrow from the body. Every `encode` appends a body to the
//! caller's buffer; [`encode_handshake`] puts the header before it.

mod alert;
mod certificate;
mod exchange;
mod extension;
mod hello;
mod list;

use bytes::{BufMut as _, BytesMut};

pub use self::{
    alert::{Alert, AlertDescription},
    certificate::{
        Certificate, CertificateList, CertificateRequest, CertificateType, MAX_CERTIFICATES, Names,
    },
    exchange::{
        CertificateVerify, ClientKeyExchange, ECDH_PARAMETERS, EcdhParameters, Finished, MAX_PSK_IDENTITY,
        Point, ServerKeyExchange, Signature, UNCOMPRESSED,
    },
    extension::{
        ClientExtensions, MAX_EXTENSIONS, MaxFragmentLength, NamedGroup, ServerExtensions, SignatureAlgorithm,
    },
    hello::{
        ClientHello, EMPTY_RENEGOTIATION_INFO_SCSV, HelloVerifyRequest, MAX_SUITES, ServerHello, SessionId,
    },
    list::{U8List, U16List},
};
use super::{Refusal, reader::Reader};

/// Octets of a handshake header.
pub const HANDSHAKE_HEADER: usize = 12;
/// The content of a ChangeCipherSpec record. [RFC 5246 §7.1]
pub const CHANGE_CIPHER_SPEC: [u8; 1] = [1];

/// A handshake message's kind. Numbers without a name are kept, to be refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HandshakeType(pub u8);

impl HandshakeType {
    /// `hello_request`: asks for a renegotiation, which is never done.
    pub const HELLO_REQUEST: Self = Self(0);
    /// `client_hello`
    pub const CLIENT_HELLO: Self = Self(1);
    /// `server_hello`
    pub const SERVER_HELLO: Self = Self(2);
    /// `hello_verify_request`
    pub const HELLO_VERIFY_REQUEST: Self = Self(3);
    /// `new_session_ticket`: never asked for.
    pub const NEW_SESSION_TICKET: Self = Self(4);
    /// `certificate`
    pub const CERTIFICATE: Self = Self(11);
    /// `server_key_exchange`
    pub const SERVER_KEY_EXCHANGE: Self = Self(12);
    /// `certificate_request`
    pub const CERTIFICATE_REQUEST: Self = Self(13);
    /// `server_hello_done`
    pub const SERVER_HELLO_DONE: Self = Self(14);
    /// `certificate_verify`
    pub const CERTIFICATE_VERIFY: Self = Self(15);
    /// `client_key_exchange`
    pub const CLIENT_KEY_EXCHANGE: Self = Self(16);
    /// `finished`
    pub const FINISHED: Self = Self(20);

    /// How long a body of this kind may be. A peer that claims more would have us reserve memory for it.
    #[must_use]
    pub const fn max_length(self) -> usize {
        match self {
            Self::CERTIFICATE => 16 * 1024,
            Self::HELLO_REQUEST | Self::SERVER_HELLO_DONE => 0,
            Self::FINISHED => super::prf::VERIFY_DATA,
            _ => 4096,
        }
    }
}

/// The header before every fragment of a handshake message. [RFC 6347 §4.2.2]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandshakeHeader {
    /// The message's kind.
    pub kind: HandshakeType,
    /// Octets of the whole body.
    pub length: usize,
    /// Which message of its sender in this handshake.
    pub message_seq: u16,
    /// Where in the body this fragment begins.
    pub fragment_offset: usize,
    /// Octets of this fragment.
    pub fragment_length: usize,
}

impl HandshakeHeader {
    /// Of a message that is not fragmented.
    #[must_use]
    pub const fn whole(kind: HandshakeType, message_seq: u16, length: usize) -> Self {
        Self { kind, length, message_seq, fragment_offset: 0, fragment_length: length }
    }

    /// Is the whole body in this fragment?
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.fragment_offset == 0 && self.fragment_length == self.length
    }

    /// As on the wire. Lengths have 24 bits.
    #[must_use]
    pub fn to_octets(&self) -> [u8; HANDSHAKE_HEADER] {
        let [_, l0, l1, l2] = low_octets(self.length);
        let [s0, s1] = self.message_seq.to_be_bytes();
        let [_, o0, o1, o2] = low_octets(self.fragment_offset);
        let [_, f0, f1, f2] = low_octets(self.fragment_length);
        [self.kind.0, l0, l1, l2, s0, s1, o0, o1, o2, f0, f1, f2]
    }

    fn parse(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        let kind = HandshakeType(reader.u8()?);
        let length = reader.u24()? as usize;
        let message_seq = reader.u16()?;
        let fragment_offset = reader.u24()? as usize;
        let fragment_length = reader.u24()? as usize;
        Ok(Self { kind, length, message_seq, fragment_offset, fragment_length })
    }

    const fn check(&self) -> Result<(), Refusal> {
        if self.length > self.kind.max_length() {
            return Err(Refusal::illegal("length of a handshake message"));
        }
        if self.fragment_offset.saturating_add(self.fragment_length) > self.length {
            return Err(Refusal::illegal("fragment of a handshake message"));
        }
        // Else a peer could keep a reassembly busy for ever without ever adding to it.
        if self.fragment_length == 0 && self.length != 0 {
            return Err(Refusal::illegal("empty fragment of a handshake message"));
        }
        Ok(())
    }
}

const fn low_octets(length: usize) -> [u8; 4] {
    (length as u32).to_be_bytes()
}

/// The fragments in the content of a handshake record, with their headers.
///
/// An `Err` ends the iteration.
#[derive(Clone, Debug)]
pub struct Fragments<'a>(&'a [u8]);

impl<'a> Fragments<'a> {
    /// Of the content of a record.
    #[must_use]
    pub const fn new(content: &'a [u8]) -> Self {
        Self(content)
    }

    fn read(&mut self) -> Result<(HandshakeHeader, &'a [u8]), Refusal> {
        let mut reader = Reader::new(self.0, "handshake header");
        let header = HandshakeHeader::parse(&mut reader)?;
        header.check()?;
        let body = reader.take(header.fragment_length)?;
        self.0 = reader.rest();
        Ok((header, body))
    }
}

impl<'a> Iterator for Fragments<'a> {
    type Item = Result<(HandshakeHeader, &'a [u8]), Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let item = self.read();
        if item.is_err() {
            self.0 = &[];
        }
        Some(item)
    }
}

/// Appends a whole message: its header, as if not fragmented, and the body that `encode` writes.
///
/// That is what is hashed, and what is cut into fragments.
pub fn encode_handshake(
    out: &mut BytesMut,
    kind: HandshakeType,
    message_seq: u16,
    encode: impl FnOnce(&mut BytesMut),
) {
    let start = out.len();
    out.put_bytes(0, HANDSHAKE_HEADER);
    let body = out.len();
    encode(out);
    let header = HandshakeHeader::whole(kind, message_seq, out.len().saturating_sub(body));
    if let Some(place) = out.get_mut(start..body) {
        place.copy_from_slice(&header.to_octets());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_messages_of_a_record_are_found() {
        let mut content = BytesMut::new();
        encode_handshake(&mut content, HandshakeType::FINISHED, 3, |out| out.extend_from_slice(&[7; 12]));
        encode_handshake(&mut content, HandshakeType::SERVER_HELLO_DONE, 4, |_| ());
        let piece = HandshakeHeader {
            kind: HandshakeType::CERTIFICATE,
            length: 500,
            message_seq: 5,
            fragment_offset: 200,
            fragment_length: 2,
        };
        content.extend_from_slice(&piece.to_octets());
        content.extend_from_slice(b"ab");
        let found: Vec<_> = Fragments::new(&content).map(Result::unwrap).collect();
        assert_eq!(
            found,
            [
                (HandshakeHeader::whole(HandshakeType::FINISHED, 3, 12), &[7; 12][..]),
                (HandshakeHeader::whole(HandshakeType::SERVER_HELLO_DONE, 4, 0), &[]),
                (piece, b"ab"),
            ]
        );
        assert!(found[0].0.is_whole() && !found[2].0.is_whole());
    }

    #[test]
    fn fragments_that_cannot_be_are_refused() {
        let header = HandshakeHeader::whole(HandshakeType::CERTIFICATE, 0, 4);
        let refused = |header: HandshakeHeader| {
            let content = [&header.to_octets()[..], b"1234"].concat();
            Fragments::new(&content).next().unwrap().unwrap_err().what
        };
        assert_eq!(refused(HandshakeHeader { length: 16385, ..header }), "length of a handshake message");
        assert_eq!(
            refused(HandshakeHeader { fragment_offset: 1, ..header }),
            "fragment of a handshake message"
        );
        assert_eq!(
            refused(HandshakeHeader { fragment_length: 0, ..header }),
            "empty fragment of a handshake message"
        );
        assert_eq!(refused(HandshakeHeader { length: 9, fragment_length: 9, ..header }), "handshake header");
        assert_eq!(
            refused(HandshakeHeader { kind: HandshakeType::HELLO_REQUEST, ..header }),
            "length of a handshake message"
        );
    }
}
