//! Certificates, and the request for one. [RFC 5246 §7.4.2, §7.4.4, RFC 7250 §3]

use bytes::BytesMut;

use super::U16List;
use crate::dtls::{
    Refusal,
    reader::{Reader, put_vector, put_vector8, put_vector16, put_vector24, whole},
};

/// So many certificates a chain may have. Every one is another signature to verify.
pub const MAX_CERTIFICATES: usize = 8;

/// `ecdsa_sign` in a CertificateRequest. [RFC 8422 §5.5]
const ECDSA_SIGN: u8 = 64;

/// What a Certificate message carries. [RFC 7250 §3]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CertificateType {
    /// A chain. What holds where nothing was negotiated.
    #[default]
    X509 = 0,
    /// A SubjectPublicKeyInfo.
    RawPublicKey = 2,
}

impl CertificateType {
    /// The type with this number, if it is one of these.
    #[must_use]
    pub const fn from_octet(octet: u8) -> Option<Self> {
        match octet {
            0 => Some(Self::X509),
            2 => Some(Self::RawPublicKey),
            _ => None,
        }
    }
}

/// Who its sender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate<'a> {
    /// A chain, leaf first. Empty: a client that has none.
    X509(CertificateList<'a>),
    /// A SubjectPublicKeyInfo. Empty: a client that has none.
    RawPublicKey(&'a [u8]),
}

impl<'a> Certificate<'a> {
    /// Of a body; `kind` was negotiated in the hello messages.
    ///
    /// # Errors
    /// More than [`MAX_CERTIFICATES`], an empty certificate in a chain, or a syntax error.
    pub fn parse(kind: CertificateType, body: &'a [u8]) -> Result<Self, Refusal> {
        let content = whole(body, "Certificate", Reader::vector24)?;
        match kind {
            CertificateType::X509 => CertificateList::parse(content).map(Self::X509),
            CertificateType::RawPublicKey => Ok(Self::RawPublicKey(content)),
        }
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        match self {
            Self::X509(list) => put_vector24(out, list.0),
            Self::RawPublicKey(spki) => put_vector24(out, spki),
        }
    }

    /// Appends the body of a chain.
    pub fn encode_chain<C: AsRef<[u8]>>(chain: &[C], out: &mut BytesMut) {
        put_vector::<3>(out, |out| chain.iter().for_each(|der| put_vector24(out, der.as_ref())));
    }

    /// Has the client none?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        match self {
            Self::X509(list) => list.0.is_empty(),
            Self::RawPublicKey(spki) => spki.is_empty(),
        }
    }
}

/// A chain of certificates in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateList<'a>(&'a [u8]);

impl<'a> CertificateList<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(content, "certificate_list");
        let mut count = 0;
        while !reader.is_empty() {
            if reader.vector24()?.is_empty() {
                return Err(Refusal::decode("empty certificate"));
            }
            count += 1;
        }
        if count > MAX_CERTIFICATES {
            Err(Refusal::decode("number of certificates"))
        } else {
            Ok(Self(content))
        }
    }

    /// The certificates, leaf first.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::new(self.0, "certificate_list");
        std::iter::from_fn(move || reader.vector24().ok()) // Checked by `parse`: ends at the end.
    }
}

/// A server wants to know who the client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateRequest<'a> {
    /// Can it take ECDSA keys?
    pub ecdsa_sign: bool,
    /// See [`super::SignatureAlgorithm`].
    pub signature_algorithms: U16List<'a>,
    /// Names of authorities, as hints.
    pub authorities: Names<'a>,
}

impl<'a> CertificateRequest<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// A syntax error.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(body, "CertificateRequest");
        let types = reader.vector8()?;
        let signature_algorithms = U16List::parse(reader.vector16()?, "supported_signature_algorithms")?;
        let authorities = Names::parse(reader.vector16()?)?;
        reader.finish()?;
        Ok(Self { ecdsa_sign: types.contains(&ECDSA_SIGN), signature_algorithms, authorities })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        put_vector8(out, if self.ecdsa_sign { &[ECDSA_SIGN] } else { &[] });
        self.signature_algorithms.encode(out);
        put_vector16(out, self.authorities.0);
    }
}

/// Distinguished names in DER.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names<'a>(&'a [u8]);

impl<'a> Names<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(content, "certificate_authorities");
        while !reader.is_empty() {
            reader.vector16()?;
        }
        Ok(Self(content))
    }

    /// The names.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::new(self.0, "certificate_authorities");
        std::iter::from_fn(move || reader.vector16().ok()) // Checked by `parse`: ends at the end.
    }
}
