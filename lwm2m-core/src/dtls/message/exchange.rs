//! Key exchange, proof of possession, Finished. [RFC 4279 §2, RFC 5489 §2, RFC 8422 §5]

use bytes::{BufMut as _, BytesMut};

use super::{AlertDescription, NamedGroup};
use crate::dtls::{
    Refusal,
    prf::VERIFY_DATA,
    reader::{Reader, put_vector8, put_vector16, whole},
    suite::KeyExchange,
};

/// Octets of an uncompressed point of P-256.
pub const UNCOMPRESSED: usize = 65;
/// Octets of the server's half of a Diffie-Hellman exchange.
pub const ECDH_PARAMETERS: usize = 4 + UNCOMPRESSED;
/// Octets of a PSK identity. LwM2M wants 128; what is longer would be kept with every session.
pub const MAX_PSK_IDENTITY: usize = 256;

/// `named_curve`
const NAMED_CURVE: u8 = 3;

/// An uncompressed point of P-256; whether it is on the curve is not known yet.
pub type Point = [u8; UNCOMPRESSED];

/// A signature and how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    /// See [`super::SignatureAlgorithm`].
    pub algorithm: u16,
    /// `Ecdsa-Sig-Value` in DER.
    pub der: &'a [u8],
}

impl<'a> Signature<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        Ok(Self { algorithm: reader.u16()?, der: reader.vector16()? })
    }

    fn encode(&self, out: &mut BytesMut) {
        out.put_u16(self.algorithm);
        put_vector16(out, self.der);
    }
}

/// The server's half of a Diffie-Hellman exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EcdhParameters<'a> {
    /// A point of P-256.
    pub point: &'a Point,
}

impl<'a> EcdhParameters<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Refusal> {
        if reader.u8()? != NAMED_CURVE {
            return Err(Refusal::illegal("curve type"));
        }
        if reader.u16()? != NamedGroup::SECP256R1 {
            return Err(Refusal::illegal("named group"));
        }
        Ok(Self { point: point(reader.vector8()?)? })
    }

    /// As on the wire; what is signed, behind both randoms. [RFC 8422 §5.4]
    #[must_use]
    pub fn to_octets(&self) -> [u8; ECDH_PARAMETERS] {
        let mut octets = [0; ECDH_PARAMETERS];
        let [n0, n1] = NamedGroup::SECP256R1.to_be_bytes();
        let (front, place) = octets.split_at_mut(4);
        front.copy_from_slice(&[NAMED_CURVE, n0, n1, UNCOMPRESSED as u8]);
        place.copy_from_slice(self.point);
        octets
    }
}

fn point(octets: &[u8]) -> Result<&Point, Refusal> {
    octets.try_into().ok().filter(|point: &&Point| point.first() == Some(&4)).ok_or(Refusal::illegal("point"))
}

/// What the server contributes to the premaster secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKeyExchange<'a> {
    /// Only sent when there is a hint.
    Psk {
        /// Which key to use. LwM2M clients ignore it.
        hint: &'a [u8],
    },
    /// Not signed: the pre-shared key proves it.
    EcdhePsk {
        /// Which key to use. LwM2M clients ignore it.
        hint: &'a [u8],
        /// The server's half.
        parameters: EcdhParameters<'a>,
    },
    /// Signed over both randoms and the parameters.
    EcdheEcdsa {
        /// The server's half.
        parameters: EcdhParameters<'a>,
        /// By the key of the server's certificate.
        signature: Signature<'a>,
    },
}

impl<'a> ServerKeyExchange<'a> {
    /// Of a body; the suite says what is in it.
    ///
    /// # Errors
    /// Another group than P-256, a point that is not uncompressed, or a syntax error.
    pub fn parse(exchange: KeyExchange, body: &'a [u8]) -> Result<Self, Refusal> {
        whole(body, "ServerKeyExchange", |reader| {
            Ok(match exchange {
                KeyExchange::Psk => Self::Psk { hint: reader.vector16()? },
                KeyExchange::EcdhePsk => {
                    Self::EcdhePsk { hint: reader.vector16()?, parameters: EcdhParameters::read(reader)? }
                }
                KeyExchange::EcdheEcdsa => Self::EcdheEcdsa {
                    parameters: EcdhParameters::read(reader)?,
                    signature: Signature::read(reader)?,
                },
            })
        })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        match self {
            Self::Psk { hint } => put_vector16(out, hint),
            Self::EcdhePsk { hint, parameters } => {
                put_vector16(out, hint);
                out.extend_from_slice(&parameters.to_octets());
            }
            Self::EcdheEcdsa { parameters, signature } => {
                out.extend_from_slice(&parameters.to_octets());
                signature.encode(out);
            }
        }
    }
}

/// What the client contributes to the premaster secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKeyExchange<'a> {
    /// The key's name.
    Psk {
        /// At most [`MAX_PSK_IDENTITY`] octets.
        identity: &'a [u8],
    },
    /// The key's name, and the client's half.
    EcdhePsk {
        /// At most [`MAX_PSK_IDENTITY`] octets.
        identity: &'a [u8],
        /// The client's half.
        point: &'a Point,
    },
    /// The client's half.
    EcdheEcdsa {
        /// The client's half.
        point: &'a Point,
    },
}

impl<'a> ClientKeyExchange<'a> {
    /// Of a body; the suite says what is in it.
    ///
    /// # Errors
    /// An identity that is too long, a point that is not uncompressed, or a syntax error.
    pub fn parse(exchange: KeyExchange, body: &'a [u8]) -> Result<Self, Refusal> {
        whole(body, "ClientKeyExchange", |reader| {
            Ok(match exchange {
                KeyExchange::Psk => Self::Psk { identity: identity(reader)? },
                KeyExchange::EcdhePsk => {
                    Self::EcdhePsk { identity: identity(reader)?, point: point(reader.vector8()?)? }
                }
                KeyExchange::EcdheEcdsa => Self::EcdheEcdsa { point: point(reader.vector8()?)? },
            })
        })
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        match self {
            Self::Psk { identity } => put_vector16(out, identity),
            Self::EcdhePsk { identity, point } => {
                put_vector16(out, identity);
                put_vector8(out, *point);
            }
            Self::EcdheEcdsa { point } => put_vector8(out, *point),
        }
    }
}

fn identity<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Refusal> {
    let identity = reader.vector16()?;
    if identity.len() > MAX_PSK_IDENTITY {
        return Err(Refusal::new(AlertDescription::UNKNOWN_PSK_IDENTITY, "length of the PSK identity"));
    }
    Ok(identity)
}

/// The client has the key of its certificate: signed over all messages before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateVerify<'a>(pub Signature<'a>);

impl<'a> CertificateVerify<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// A syntax error.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        whole(body, "CertificateVerify", Signature::read).map(Self)
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }
}

/// Both ends saw the same messages. Compare in constant time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished<'a>(pub &'a [u8; VERIFY_DATA]);

impl<'a> Finished<'a> {
    /// Of a body.
    ///
    /// # Errors
    /// Not twelve octets.
    pub fn parse(body: &'a [u8]) -> Result<Self, Refusal> {
        whole(body, "Finished", Reader::array).map(Self)
    }

    /// Appends the body.
    pub fn encode(&self, out: &mut BytesMut) {
        out.extend_from_slice(self.0);
    }
}
