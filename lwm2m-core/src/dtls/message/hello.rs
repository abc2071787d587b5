//! The hello messages. [RFC 5246 §7.4.1, RFC 6347 §4.2.1]

use std::fmt;

use bytes::{BufMut as _, BytesMut};

use super::{
    AlertDescription, U16List,
    extension::{ClientExtensions, ServerExtensions},
};
use crate::dtls::{
    Refusal,
    prf::RANDOM,
    reader::{Reader, put_vector8, whole},
    record::ProtocolVersion,
    suite::Suite,
};

/// Stands for an empty `renegotiation_info` in a list of suites. [RFC 5746 §3.3]
pub const EMPTY_RENEGOTIATION_INFO_SCSV: u16 = 0x00FF;
/// So many suites a client may list. What it lists is looked through once for each of ours.
pub const MAX_SUITES: usize = 256;

/// A session's name, for resumption. Not secret.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SessionId {
    octets: [u8; 32],
    length: u8,
}

impl SessionId {
    /// No session.
    pub const EMPTY: Self = Self { octets: [0; 32], length: 0 };

    /// `None`: longer than 32 octets.
    #[must_use]
    pub fn new(octets: &[u8]) -> Option<Self> {
        let mut id = Self::EMPTY;
        id.octets.get_mut(..octets.len())?.copy_from_slice(octets);
        id.length = u8::try_from(octets.len()).ok()?;
        Some(id)
    }

    /// The octets.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.octets.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Is there none?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn parse(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        Self::new(reader.vector8()?).ok_or(Refusal::decode("session_id"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// The first message of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientHello<'a> {
    /// What it speaks at most.
    pub version: ProtocolVersion,
    /// Its random.
    pub random: &'a [u8; RANDOM],
    /// The session it wants to resume.
    pub session_id: SessionId,
    /// What a HelloVerifyRequest gave it.
    pub cookie: &'a [u8],
    /// What it offers, the most wanted first; with the signalling value, see [`ClientHello::offers`].
    pub suites: U16List<'a>,
    /// Extensions.
    pub extensions: ClientExtensions<'a>,
}

impl<'a> ClientHello<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// A version below DTLS 1.2, no null compression, an extension twice, or a syntax error.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(body, "ClientHello");
        let version = ProtocolVersion(reader.u16()?);
        // Versions count downwards; what is newer than DTLS 1.2 can also speak that.
        if version.0 >> 8 != 0xFE || version.0 > ProtocolVersion::DTLS_1_2.0 {
            return Err(Refusal::new(AlertDescription::PROTOCOL_VERSION, "version of the client"));
        }
        let random = reader.array()?;
        let session_id = SessionId::parse(&mut reader)?;
        let cookie = reader.vector8()?;
        let suites = U16List::parse(reader.vector16()?, "cipher_suites")?;
        if suites.len() > MAX_SUITES {
            return Err(Refusal::decode("number of cipher_suites"));
        }
        if !reader.vector8()?.contains(&0) {
            return Err(Refusal::illegal("compression_methods"));
        }
        let extensions = if reader.is_empty() { &[] } else { reader.vector16()? };
        reader.finish()?;
        let extensions = ClientExtensions::parse(extensions)?;
        Ok(Self { version, random, session_id, cookie, suites, extensions })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        out.put_u16(self.version.0);
        out.extend_from_slice(self.random);
        put_vector8(out, self.session_id.as_slice());
        put_vector8(out, self.cookie);
        self.suites.encode(out);
        put_vector8(out, &[0]);
        self.extensions.encode(out);
    }

    /// Is this suite offered?
    #[must_use]
    pub fn offers(&self, suite: Suite) -> bool {
        self.suites.contains(suite.id())
    }

    /// Does the client know secure renegotiation, by extension or signalling value? [RFC 5746 §3.6]
    #[must_use]
    pub fn has_renegotiation_info(&self) -> bool {
        self.extensions.renegotiation_info.is_some() || self.suites.contains(EMPTY_RENEGOTIATION_INFO_SCSV)
    }

    /// What a cookie is to be bound to beside the address: all of the body before and behind the cookie, extensions
    /// left out. The same for the second ClientHello as for the first. [RFC 6347 §4.2.1]
    #[must_use]
    pub fn around_cookie(body: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let mut reader = Reader::new(body, "ClientHello");
        reader.take(2 + RANDOM).ok()?;
        reader.vector8().ok()?;
        let (before, _) = body.split_at_checked(body.len().checked_sub(reader.rest().len())?)?;
        reader.vector8().ok()?;
        let from_suites = reader.rest();
        reader.vector16().ok()?;
        reader.vector8().ok()?;
        let (behind, _) =
            from_suites.split_at_checked(from_suites.len().checked_sub(reader.rest().len())?)?;
        Some((before, behind))
    }
}

/// A server wants to see that the client is where it says. [RFC 6347 §4.2.1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelloVerifyRequest<'a> {
    /// Says nothing; clients ignore it.
    pub version: ProtocolVersion,
    /// To be repeated.
    pub cookie: &'a [u8],
}

impl<'a> HelloVerifyRequest<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// A syntax error.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        whole(body, "HelloVerifyRequest", |reader| {
            Ok(Self { version: ProtocolVersion(reader.u16()?), cookie: reader.vector8()? })
        })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        out.put_u16(self.version.0);
        put_vector8(out, self.cookie);
    }
}

/// What the server chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHello<'a> {
    /// Its random.
    pub random: &'a [u8; RANDOM],
    /// The session that begins, or the client's if that is resumed.
    pub session_id: SessionId,
    /// The suite.
    pub suite: Suite,
    /// Extensions; see [`ServerExtensions::check_offered`].
    pub extensions: ServerExtensions<'a>,
}

impl<'a> ServerHello<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// Another version than DTLS 1.2, a suite that is never offered, compression, an extension twice, or a syntax
    /// error.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(body, "ServerHello");
        if reader.u16()? != ProtocolVersion::DTLS_1_2.0 {
            return Err(Refusal::new(AlertDescription::PROTOCOL_VERSION, "version of the server"));
        }
        let random = reader.array()?;
        let session_id = SessionId::parse(&mut reader)?;
        let suite = Suite::from_id(reader.u16()?).ok_or(Refusal::illegal("cipher_suite"))?;
        if reader.u8()? != 0 {
            return Err(Refusal::illegal("compression_method"));
        }
        let extensions = if reader.is_empty() { &[] } else { reader.vector16()? };
        reader.finish()?;
        Ok(Self { random, session_id, suite, extensions: ServerExtensions::parse(extensions)? })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        out.put_u16(ProtocolVersion::DTLS_1_2.0);
        out.extend_from_slice(self.random);
        put_vector8(out, self.session_id.as_slice());
        out.put_u16(self.suite.id());
        out.put_u8(0);
        self.extensions.encode(out);
    }
}
