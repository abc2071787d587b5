//! Messages in datagrams. [RFC 7252 §3]

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use bytes::{BufMut, Bytes, BytesMut};

use super::{
    Options, OptionsView, Payload, Request, Response,
    options::{PAYLOAD_MARKER, share},
};
use crate::Code;

/// Version, type, token length, code and message ID. [RFC 7252 §3]
const HEADER: usize = 4;

/// Type of a message. [RFC 7252 §4.2, §4.3]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum MessageType {
    /// CON: wants an acknowledgement.
    Confirmable = 0,
    /// NON: wants none.
    NonConfirmable = 1,
    /// ACK: acknowledges a CON, with a response or without.
    Acknowledgement = 2,
    /// RST: the message could not be processed.
    Reset = 3,
}

impl MessageType {
    const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Confirmable,
            1 => Self::NonConfirmable,
            2 => Self::Acknowledgement,
            _ => Self::Reset,
        }
    }
}

/// Number by which a message is acknowledged and a repeated one is recognised. [RFC 7252 §4.4]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u16);

impl MessageId {
    /// The one after it; 0 after 65535.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// Ties a response to its request: up to eight octets. [RFC 7252 §5.3.1]
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    len: u8,
    /// Zero from `len` on.
    octets: [u8; Self::MAX],
}

impl Token {
    /// Octets of the longest token.
    pub const MAX: usize = 8;
    /// The token without octets.
    pub const EMPTY: Self = Self { len: 0, octets: [0; Self::MAX] };

    /// A token of these octets; `None` if they are more than eight.
    #[must_use]
    pub fn new(octets: &[u8]) -> Option<Self> {
        let mut token = Self { len: u8::try_from(octets.len()).ok()?, ..Self::EMPTY };
        token.octets.get_mut(..octets.len())?.copy_from_slice(octets);
        Some(token)
    }

    /// Its octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.octets.get(..usize::from(self.len)).unwrap_or(&[])
    }
}

impl From<[u8; Self::MAX]> for Token {
    fn from(octets: [u8; Self::MAX]) -> Self {
        Self { len: 8, octets }
    }
}

/// One word for the octets: tokens are keys of hot tables.
impl Hash for Token {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from_ne_bytes(self.octets));
        state.write_u8(self.len);
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// A message, borrowed from the frame it was parsed from, or from the parts it is to be made of.
///
/// Parsing and encoding are inverse: what [`Message::parse`] accepts, [`Message::encode`] writes octet by octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// CON, NON, ACK or RST.
    pub kind: MessageType,
    /// Method, response code, or 0.00 of an Empty message.
    pub code: Code,
    /// The message ID.
    pub id: MessageId,
    /// The token.
    pub token: Token,
    /// The options, checked.
    pub options: OptionsView<'a>,
    /// The payload; without one, no marker is written.
    pub payload: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    /// The first thing that is wrong, and what is needed to reject the message.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Malformed> {
        let (head, body) = datagram.split_first_chunk::<HEADER>().ok_or(Malformed::SHORT)?;
        let [first, code, id @ ..] = *head;
        if first >> 6 != 1 {
            return Err(Malformed::VERSION);
        }
        let header = Header {
            kind: MessageType::from_bits(first >> 4),
            code: Code(code),
            id: MessageId(u16::from_be_bytes(id)),
        };
        let malformed = |what, offset| Malformed { what, offset, header: Some(header) };
        if code == Code::EMPTY.0 && datagram.len() > HEADER {
            return Err(malformed("an Empty message ends after its message ID", HEADER));
        }
        let length = usize::from(first & 0xf);
        if length > Token::MAX {
            return Err(malformed("a token has at most eight octets", 0));
        }
        let (token, body) =
            body.split_at_checked(length).ok_or(malformed("the token ends after the message", HEADER))?;
        let start = HEADER + length;
        let (options, rest) = OptionsView::parse(body).map_err(|(what, at)| malformed(what, start + at))?;
        let payload = match rest {
            [PAYLOAD_MARKER] => {
                return Err(malformed("a payload marker without a payload", datagram.len() - 1));
            }
            [_, payload @ ..] => payload,
            [] => rest,
        };
        let token = Token::new(token).unwrap_or_default();
        Ok(Self { kind: header.kind, code: header.code, id: header.id, token, options, payload })
    }

    /// An Empty message: an acknowledgement, a reset, or (confirmable) a ping. [RFC 7252 §4.1]
    #[must_use]
    pub const fn empty(kind: MessageType, id: MessageId) -> Self {
        Self { kind, code: Code::EMPTY, id, token: Token::EMPTY, options: OptionsView::EMPTY, payload: &[] }
    }

    /// Octets of its datagram.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let payload = if self.payload.is_empty() { 0 } else { 1 + self.payload.len() };
        HEADER + usize::from(self.token.len) + self.options.as_wire().len() + payload
    }

    /// Appends its datagram.
    pub fn encode(&self, out: &mut BytesMut) {
        out.reserve(self.encoded_len().max(HEADER + Token::MAX));
        let [high, low] = self.id.0.to_be_bytes();
        let first = 1 << 6 | (self.kind as u8) << 4 | self.token.len;
        let [a, b, c, d, e, f, g, h] = self.token.octets;
        // One copy of known length; what is not of the token is overwritten.
        out.put_slice(&[first, self.code.0, high, low, a, b, c, d, e, f, g, h]);
        out.truncate(out.len() - (Token::MAX - usize::from(self.token.len)));
        out.put_slice(self.options.as_wire());
        if !self.payload.is_empty() {
            out.put_u8(PAYLOAD_MARKER);
            out.put_slice(self.payload);
        }
    }

    /// Is it an Empty message?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code == Code::EMPTY
    }

    /// Its options, sharing the memory of the frame it was parsed from.
    #[must_use]
    pub fn to_options(&self, frame: &Bytes) -> Options {
        self.options.to_options(frame)
    }

    /// Its payload, sharing the memory of the frame it was parsed from.
    #[must_use]
    pub fn to_payload(&self, frame: &Bytes) -> Bytes {
        share(frame, self.payload)
    }

    /// It as a request, sharing the memory of the frame it was parsed from.
    #[must_use]
    pub fn to_request(&self, frame: &Bytes) -> Request {
        Request {
            method: self.code,
            options: self.to_options(frame),
            payload: Payload::Whole(self.to_payload(frame)),
        }
    }

    /// It as a response, sharing the memory of the frame it was parsed from.
    #[must_use]
    pub fn to_response(&self, frame: &Bytes) -> Response {
        Response {
            code: self.code,
            options: self.to_options(frame),
            payload: Payload::Whole(self.to_payload(frame)),
        }
    }
}

/// What a malformed message still told of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// CON, NON, ACK or RST.
    pub kind: MessageType,
    /// The code.
    pub code: Code,
    /// The message ID, by which it is reset.
    pub id: MessageId,
}

/// A datagram that is no message. [RFC 7252 §3, §4.1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {what}")]
pub struct Malformed {
    /// What is wrong.
    pub what: &'static str,
    /// Where, counted from 0.
    pub offset: usize,
    /// `Some`: a format error, which a CON wants reset and any other type ignored. [RFC 7252 §4.2, §4.3]
    /// `None`: too short to be a message or of another version, to be ignored. [RFC 7252 §3]
    pub header: Option<Header>,
}

impl Malformed {
    const SHORT: Self = Self { what: "a message has at least four octets", offset: 0, header: None };
    const VERSION: Self = Self { what: "the version is not 1", offset: 0, header: None };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coap::OptionNumber;

    fn encoded(message: &Message<'_>) -> Bytes {
        let mut out = BytesMut::new();
        message.encode(&mut out);
        assert_eq!(out.len(), message.encoded_len());
        out.freeze()
    }

    fn what(datagram: &[u8]) -> (&'static str, usize, bool) {
        let malformed = Message::parse(datagram).unwrap_err();
        (malformed.what, malformed.offset, malformed.header.is_some())
    }

    #[test]
    fn malformed_datagrams_say_what_and_where() {
        for (datagram, wanted) in [
            (&[][..], ("a message has at least four octets", 0, false)),
            (&[0x40, 0, 0], ("a message has at least four octets", 0, false)),
            (&[0x80, 1, 0, 1], ("the version is not 1", 0, false)),
            (&[0x00, 1, 0, 1], ("the version is not 1", 0, false)),
            (&[0x49, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], ("a token has at most eight octets", 0, true)),
            (&[0x42, 1, 0, 1, 7], ("the token ends after the message", 4, true)),
            (&[0x40, 0, 0, 1, 0], ("an Empty message ends after its message ID", 4, true)),
            (&[0x41, 0, 0, 1, 7], ("an Empty message ends after its message ID", 4, true)),
            (&[0x40, 1, 0, 1, 0xff], ("a payload marker without a payload", 4, true)),
            (&[0x40, 1, 0, 1, 0xb1], ("an option ends after the message", 4, true)),
            (&[0x41, 1, 0, 1, 9, 0xb1, b'a', 0x02, b'b'], ("an option ends after the message", 7, true)),
            (&[0x40, 1, 0, 1, 0xd0], ("the header of an option ends after the message", 4, true)),
            (&[0x40, 1, 0, 1, 0x0e, 0], ("the header of an option ends after the message", 4, true)),
            (&[0x40, 1, 0, 1, 0xf1, 0], ("the header of an option has the reserved nibble 15", 4, true)),
            (&[0x40, 1, 0, 1, 0x1f, 0], ("the header of an option has the reserved nibble 15", 4, true)),
            (&[0x40, 1, 0, 1, 0xe0, 0xff, 0xff], ("an option has a number above 65535", 4, true)),
        ] {
            assert_eq!(what(datagram), wanted, "{datagram:02x?}");
        }
    }

    #[test]
    fn a_format_error_can_be_reset() {
        let malformed = Message::parse(&[0x40, 1, 0x12, 0x34, 0xff]).unwrap_err();
        let header = malformed.header.unwrap();
        assert_eq!(
            (header.kind, header.code, header.id),
            (MessageType::Confirmable, Code::GET, MessageId(0x1234))
        );
        assert_eq!(encoded(&Message::empty(MessageType::Reset, header.id))[..], [0x70, 0, 0x12, 0x34]);
    }

    #[test]
    fn an_owned_request_shares_the_frame() {
        let options = Options::new().with_path(["3", "0"]).with_uint(OptionNumber::CONTENT_FORMAT, 0);
        let frame = encoded(&Message {
            kind: MessageType::NonConfirmable,
            code: Code::PUT,
            id: MessageId(7),
            token: Token::new(&[1, 2]).unwrap(),
            options: options.view(),
            payload: b"on",
        });
        let request = Message::parse(&frame).unwrap().to_request(&frame);
        assert_eq!((request.method, &request.options), (Code::PUT, &options));
        let within = |part: &[u8]| frame.as_ptr_range().contains(&part.as_ptr());
        assert!(within(request.options.as_wire()) && within(request.payload.bytes()));
        // Of another frame: a copy, no panic.
        assert_eq!(Message::parse(&frame).unwrap().to_request(&Bytes::from_static(b"other")), request);
    }

    #[test]
    fn tokens_of_different_length_differ() {
        assert_ne!(Token::new(&[0]), Token::new(&[]));
        assert_eq!(Token::new(&[1; 9]), None);
        assert_eq!(format!("{:?}", Token::from([0xab; 8])), "abababababababab");
    }
}
