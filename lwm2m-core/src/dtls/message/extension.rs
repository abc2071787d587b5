//! Extensions of the hello messages. [RFC 5246 §7.4.1.4]

use bytes::{BufMut as _, BytesMut};

use super::{
    AlertDescription, CertificateType,
    list::{U8List, U16List, encode_u8_list},
};
use crate::dtls::{
    Refusal,
    reader::{Reader, put_vector, put_vector8, put_vector16, whole},
};

/// So many extensions one hello may have. Each costs a look at those before it.
pub const MAX_EXTENSIONS: usize = 32;

const SERVER_NAME: u16 = 0;
const MAX_FRAGMENT_LENGTH: u16 = 1;
const SUPPORTED_GROUPS: u16 = 10;
const EC_POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const CLIENT_CERTIFICATE_TYPE: u16 = 19;
const SERVER_CERTIFICATE_TYPE: u16 = 20;
const ENCRYPT_THEN_MAC: u16 = 22;
const EXTENDED_MASTER_SECRET: u16 = 23;
const CONNECTION_ID: u16 = 54;
const RENEGOTIATION_INFO: u16 = 0xFF01;

/// A group for Diffie-Hellman.
#[derive(Debug)]
pub struct NamedGroup;

impl NamedGroup {
    /// `secp256r1`, the one that is mandatory and the one that is used. [RFC 7925 §4.2]
    pub const SECP256R1: u16 = 0x0017;
}

/// How something is signed.
#[derive(Debug)]
pub struct SignatureAlgorithm;

impl SignatureAlgorithm {
    /// ECDSA with SHA-256, the one that is used.
    pub const ECDSA_SHA256: u16 = 0x0403;
}

/// How many octets of content a record may have. [RFC 6066 §4]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MaxFragmentLength(u8);

impl MaxFragmentLength {
    /// 512 octets.
    pub const OCTETS_512: Self = Self(1);
    /// 1024 octets.
    pub const OCTETS_1024: Self = Self(2);
    /// 2048 octets.
    pub const OCTETS_2048: Self = Self(3);
    /// 4096 octets.
    pub const OCTETS_4096: Self = Self(4);

    /// As a number of octets.
    #[must_use]
    pub const fn octets(self) -> usize {
        256 << self.0
    }

    fn parse(data: &[u8]) -> Result<Self, Refusal> {
        match whole(data, "max_fragment_length", Reader::u8)? {
            code @ 1..=4 => Ok(Self(code)),
            _ => Err(Refusal::illegal("max_fragment_length")),
        }
    }
}

/// What a client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientExtensions<'a> {
    /// The host it wants. [RFC 6066 §3]
    pub server_name: Option<&'a str>,
    /// The longest record it can take. [RFC 6066 §4]
    pub max_fragment_length: Option<MaxFragmentLength>,
    /// See [`NamedGroup`]. [RFC 8422 §5.1.1]
    pub supported_groups: Option<U16List<'a>>,
    /// 0 is uncompressed. [RFC 8422 §5.1.2]
    pub ec_point_formats: Option<U8List<'a>>,
    /// See [`SignatureAlgorithm`]. [RFC 5246 §7.4.1.4.1]
    pub signature_algorithms: Option<U16List<'a>>,
    /// What it can prove itself with, see [`CertificateType`]. [RFC 7250 §3]
    pub client_certificate_types: Option<U8List<'a>>,
    /// What it can verify. [RFC 7250 §3]
    pub server_certificate_types: Option<U8List<'a>>,
    /// [RFC 7366 §2]
    pub encrypt_then_mac: bool,
    /// [RFC 7627 §5.1]
    pub extended_master_secret: bool,
    /// What the client wants to receive; empty: it wants none, but can send. [RFC 9146 §3]
    pub connection_id: Option<&'a [u8]>,
    /// Empty in a first handshake. [RFC 5746 §3.2]
    pub renegotiation_info: Option<&'a [u8]>,
}

impl<'a> ClientExtensions<'a> {
    pub(super) fn parse(data: &'a [u8]) -> Result<Self, Refusal> {
        let mut extensions = Self::default();
        for_each(data, |kind, data| {
            match kind {
                SERVER_NAME => extensions.server_name = parse_server_name(data)?,
                MAX_FRAGMENT_LENGTH => extensions.max_fragment_length = Some(MaxFragmentLength::parse(data)?),
                SUPPORTED_GROUPS => extensions.supported_groups = Some(u16_list(data, "supported_groups")?),
                EC_POINT_FORMATS => extensions.ec_point_formats = Some(u8_list(data, "ec_point_formats")?),
                SIGNATURE_ALGORITHMS => {
                    extensions.signature_algorithms = Some(u16_list(data, "signature_algorithms")?);
                }
                CLIENT_CERTIFICATE_TYPE => {
                    extensions.client_certificate_types = Some(u8_list(data, "client_certificate_type")?);
                }
                SERVER_CERTIFICATE_TYPE => {
                    extensions.server_certificate_types = Some(u8_list(data, "server_certificate_type")?);
                }
                ENCRYPT_THEN_MAC => extensions.encrypt_then_mac = flag(data, "encrypt_then_mac")?,
                EXTENDED_MASTER_SECRET => {
                    extensions.extended_master_secret = flag(data, "extended_master_secret")?;
                }
                CONNECTION_ID => extensions.connection_id = Some(vector8(data, "connection_id")?),
                RENEGOTIATION_INFO => {
                    extensions.renegotiation_info = Some(vector8(data, "renegotiation_info")?);
                }
                _ => (), // A server ignores what it does not know.
            }
            Ok(())
        })?;
        Ok(extensions)
    }

    /// With the length of two octets before them; nothing at all if there are none.
    pub(super) fn encode(&self, out: &mut BytesMut) {
        put_block(out, |out| {
            if let Some(name) = self.server_name {
                put(out, SERVER_NAME, |out| put_server_name(out, name));
            }
            if let Some(MaxFragmentLength(code)) = self.max_fragment_length {
                put(out, MAX_FRAGMENT_LENGTH, |out| out.put_u8(code));
            }
            if let Some(groups) = self.supported_groups {
                put(out, SUPPORTED_GROUPS, |out| groups.encode(out));
            }
            if let Some(formats) = self.ec_point_formats {
                put(out, EC_POINT_FORMATS, |out| encode_u8_list(formats, out));
            }
            if let Some(algorithms) = self.signature_algorithms {
                put(out, SIGNATURE_ALGORITHMS, |out| algorithms.encode(out));
            }
            if let Some(types) = self.client_certificate_types {
                put(out, CLIENT_CERTIFICATE_TYPE, |out| encode_u8_list(types, out));
            }
            if let Some(types) = self.server_certificate_types {
                put(out, SERVER_CERTIFICATE_TYPE, |out| encode_u8_list(types, out));
            }
            put_common(
                out,
                self.encrypt_then_mac,
                self.extended_master_secret,
                self.connection_id,
                self.renegotiation_info,
            );
        });
    }
}

/// What a server answers to what was offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerExtensions<'a> {
    /// It used the name. [RFC 6066 §3]
    pub server_name: bool,
    /// As offered. [RFC 6066 §4]
    pub max_fragment_length: Option<MaxFragmentLength>,
    /// 0 is uncompressed. [RFC 8422 §5.2]
    pub ec_point_formats: Option<U8List<'a>>,
    /// What it wants the client to prove itself with. [RFC 7250 §3]
    pub client_certificate_type: Option<CertificateType>,
    /// What it proves itself with. [RFC 7250 §3]
    pub server_certificate_type: Option<CertificateType>,
    /// [RFC 7366 §2]
    pub encrypt_then_mac: bool,
    /// [RFC 7627 §5.1]
    pub extended_master_secret: bool,
    /// What the server wants to receive; empty: it wants none, but will send. [RFC 9146 §3]
    pub connection_id: Option<&'a [u8]>,
    /// Empty in a first handshake. [RFC 5746 §3.6]
    pub renegotiation_info: Option<&'a [u8]>,
    /// The first of those that are never offered here. Not encoded.
    pub unknown: Option<u16>,
}

impl<'a> ServerExtensions<'a> {
    pub(super) fn parse(data: &'a [u8]) -> Result<Self, Refusal> {
        let mut extensions = Self::default();
        for_each(data, |kind, data| {
            match kind {
                SERVER_NAME => extensions.server_name = flag(data, "server_name")?,
                MAX_FRAGMENT_LENGTH => extensions.max_fragment_length = Some(MaxFragmentLength::parse(data)?),
                EC_POINT_FORMATS => extensions.ec_point_formats = Some(u8_list(data, "ec_point_formats")?),
                // Some servers list their groups; a client must not act on it. [RFC 8422 §5.1]
                SUPPORTED_GROUPS => drop(u16_list(data, "supported_groups")?),
                CLIENT_CERTIFICATE_TYPE => {
                    extensions.client_certificate_type = Some(one_type(data, "client_certificate_type")?);
                }
                SERVER_CERTIFICATE_TYPE => {
                    extensions.server_certificate_type = Some(one_type(data, "server_certificate_type")?);
                }
                ENCRYPT_THEN_MAC => extensions.encrypt_then_mac = flag(data, "encrypt_then_mac")?,
                EXTENDED_MASTER_SECRET => {
                    extensions.extended_master_secret = flag(data, "extended_master_secret")?;
                }
                CONNECTION_ID => extensions.connection_id = Some(vector8(data, "connection_id")?),
                RENEGOTIATION_INFO => {
                    extensions.renegotiation_info = Some(vector8(data, "renegotiation_info")?);
                }
                _ => extensions.unknown = extensions.unknown.or(Some(kind)),
            }
            Ok(())
        })?;
        Ok(extensions)
    }

    /// Refuses what the client had not offered. The signalling suite value counts as an offer of `renegotiation_info`.
    ///
    /// # Errors
    /// Names the first extension that was not offered.
    pub fn check_offered(&self, offered: &ClientExtensions<'_>, scsv: bool) -> Result<(), Refusal> {
        let answers = [
            (self.unknown.is_some(), false, "extension that was never offered"),
            (self.server_name, offered.server_name.is_some(), "server_name"),
            (self.ec_point_formats.is_some(), offered.ec_point_formats.is_some(), "ec_point_formats"),
            (
                self.max_fragment_length.is_some(),
                offered.max_fragment_length.is_some(),
                "max_fragment_length",
            ),
            (
                self.client_certificate_type.is_some(),
                offered.client_certificate_types.is_some(),
                "client_certificate_type",
            ),
            (
                self.server_certificate_type.is_some(),
                offered.server_certificate_types.is_some(),
                "server_certificate_type",
            ),
            (self.encrypt_then_mac, offered.encrypt_then_mac, "encrypt_then_mac"),
            (self.extended_master_secret, offered.extended_master_secret, "extended_master_secret"),
            (self.connection_id.is_some(), offered.connection_id.is_some(), "connection_id"),
            (
                self.renegotiation_info.is_some(),
                offered.renegotiation_info.is_some() || scsv,
                "renegotiation_info",
            ),
        ];
        if let Some((.., what)) = answers.into_iter().find(|(answered, offered, _)| *answered && !offered) {
            return Err(unsupported(what));
        }
        if self.max_fragment_length.is_some_and(|length| Some(length) != offered.max_fragment_length) {
            return Err(Refusal::illegal("max_fragment_length"));
        }
        check_type(
            self.client_certificate_type,
            offered.client_certificate_types,
            "client_certificate_type",
        )?;
        check_type(self.server_certificate_type, offered.server_certificate_types, "server_certificate_type")
    }

    /// With the length of two octets before them; nothing at all if there are none.
    pub(super) fn encode(&self, out: &mut BytesMut) {
        put_block(out, |out| {
            if self.server_name {
                put(out, SERVER_NAME, |_| ());
            }
            if let Some(MaxFragmentLength(code)) = self.max_fragment_length {
                put(out, MAX_FRAGMENT_LENGTH, |out| out.put_u8(code));
            }
            if let Some(formats) = self.ec_point_formats {
                put(out, EC_POINT_FORMATS, |out| encode_u8_list(formats, out));
            }
            if let Some(kind) = self.client_certificate_type {
                put(out, CLIENT_CERTIFICATE_TYPE, |out| out.put_u8(kind as u8));
            }
            if let Some(kind) = self.server_certificate_type {
                put(out, SERVER_CERTIFICATE_TYPE, |out| out.put_u8(kind as u8));
            }
            put_common(
                out,
                self.encrypt_then_mac,
                self.extended_master_secret,
                self.connection_id,
                self.renegotiation_info,
            );
        });
    }
}

fn check_type(
    answered: Option<CertificateType>,
    offered: Option<U8List<'_>>,
    what: &'static str,
) -> Result<(), Refusal> {
    match (answered, offered) {
        (Some(kind), Some(offered)) if !offered.contains(&(kind as u8)) => Err(Refusal::illegal(what)),
        _ => Ok(()),
    }
}

const fn unsupported(what: &'static str) -> Refusal {
    Refusal::new(AlertDescription::UNSUPPORTED_EXTENSION, what)
}

/// Every extension of a block, none twice.
fn for_each<'a>(
    data: &'a [u8],
    mut each: impl FnMut(u16, &'a [u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut seen = [0; MAX_EXTENSIONS];
    let mut places = seen.iter_mut();
    let mut earlier = 0;
    let mut reader = Reader::new(data, "extensions");
    while !reader.is_empty() {
        let kind = reader.u16()?;
        let data = reader.vector16()?;
        let place = places.next().ok_or(Refusal::decode("number of extensions"))?;
        *place = kind;
        earlier += 1;
        each(kind, data)?;
    }
    drop(places);
    let seen = seen.get(..earlier).unwrap_or_default();
    let twice = |(place, kind): (usize, &u16)| seen.iter().take(place).any(|before| before == kind);
    if seen.iter().enumerate().any(twice) { Err(Refusal::illegal("extension twice")) } else { Ok(()) }
}

/// Names of other types than a host name are passed over. [RFC 6066 §3]
fn parse_server_name(data: &[u8]) -> Result<Option<&str>, Refusal> {
    const WHAT: &str = "server_name";
    let list = whole(data, WHAT, Reader::vector16)?;
    let mut reader = Reader::new(list, WHAT);
    let mut host = None;
    while !reader.is_empty() {
        let kind = reader.u8()?;
        let name = reader.vector16()?;
        if kind == 0 && host.is_none() {
            let name = std::str::from_utf8(name).ok().filter(|name| !name.is_empty() && name.is_ascii());
            host = Some(name.ok_or(Refusal::illegal(WHAT))?);
        }
    }
    Ok(host)
}

fn put_server_name(out: &mut BytesMut, name: &str) {
    put_vector::<2>(out, |out| {
        out.put_u8(0);
        put_vector16(out, name.as_bytes());
    });
}

fn flag(data: &[u8], what: &'static str) -> Result<bool, Refusal> {
    Reader::new(data, what).finish().map(|()| true)
}

fn vector8<'a>(data: &'a [u8], what: &'static str) -> Result<&'a [u8], Refusal> {
    whole(data, what, Reader::vector8)
}

fn u8_list<'a>(data: &'a [u8], what: &'static str) -> Result<U8List<'a>, Refusal> {
    let list = vector8(data, what)?;
    if list.is_empty() { Err(Refusal::decode(what)) } else { Ok(list) }
}

fn u16_list<'a>(data: &'a [u8], what: &'static str) -> Result<U16List<'a>, Refusal> {
    U16List::parse(whole(data, what, Reader::vector16)?, what)
}

fn one_type(data: &[u8], what: &'static str) -> Result<CertificateType, Refusal> {
    let octet = whole(data, what, Reader::u8)?;
    CertificateType::from_octet(octet).ok_or(Refusal::illegal(what))
}

fn put_common(
    out: &mut BytesMut,
    encrypt_then_mac: bool,
    extended_master_secret: bool,
    connection_id: Option<&[u8]>,
    renegotiation_info: Option<&[u8]>,
) {
    if encrypt_then_mac {
        put(out, ENCRYPT_THEN_MAC, |_| ());
    }
    if extended_master_secret {
        put(out, EXTENDED_MASTER_SECRET, |_| ());
    }
    if let Some(cid) = connection_id {
        put(out, CONNECTION_ID, |out| put_vector8(out, cid));
    }
    if let Some(info) = renegotiation_info {
        put(out, RENEGOTIATION_INFO, |out| put_vector8(out, info));
    }
}

fn put(out: &mut BytesMut, kind: u16, data: impl FnOnce(&mut BytesMut)) {
    out.put_u16(kind);
    put_vector::<2>(out, data);
}

fn put_block(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    put_vector::<2>(out, write);
    if out.len() == start.saturating_add(2) {
        out.truncate(start);
    }
}
