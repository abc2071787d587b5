//! Keys of P-256: raw public keys, signatures, Diffie-Hellman. [RFC 8422, RFC 7250]

use std::fmt;

use p256::{
    SecretKey,
    ecdsa::{
        DerSignature, SigningKey, VerifyingKey,
        signature::hazmat::{PrehashSigner as _, PrehashVerifier as _},
    },
    elliptic_curve::sec1::ToSec1Point as _,
};
use zeroize::Zeroizing;

use super::{
    Refusal,
    message::{AlertDescription, Point, Signature, SignatureAlgorithm, UNCOMPRESSED},
    prf::HASH,
};

/// Octets of the SubjectPublicKeyInfo of a key of P-256.
pub const SPKI: usize = 91;

/// What stands before the point: `id-ecPublicKey` with `secp256r1`. [RFC 5480 §2]
const SPKI_PREFIX: [u8; SPKI - UNCOMPRESSED] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
    0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A private key cannot be read. Says nothing about its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a private key of P-256 in PKCS#8, SEC1 (DER or PEM) or 32 octets")]
pub struct NotAKey;

/// A private key of P-256. Zeroed on drop.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// From PKCS#8 or SEC1, in DER or PEM, or from the 32 octets of the scalar.
    ///
    /// # Errors
    /// It is none of these, or of another curve.
    pub fn from_octets(octets: &[u8]) -> Result<Self, NotAKey> {
        let secret = match octets.first() {
            _ if octets.len() == 32 => SecretKey::from_slice(octets).ok(),
            Some(0x30) => SecretKey::from_der(octets).ok(),
            _ => std::str::from_utf8(octets).ok().and_then(from_pem),
        };
        secret.map(|secret| Self(secret.into())).ok_or(NotAKey)
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(*self.0.verifying_key())
    }

    /// Signs what has this SHA-256. The same gives the same signature. [RFC 6979]
    ///
    /// # Errors
    /// `internal_error`: none that is known.
    pub fn sign(&self, hash: &[u8; HASH]) -> Result<Signed, Refusal> {
        let signed = self.0.sign_prehash(hash).map(Signed);
        signed.map_err(|_| Refusal::new(AlertDescription::INTERNAL_ERROR, "own signature"))
    }
}

/// PEM may have several blocks; OpenSSL puts the parameters before the key.
fn from_pem(text: &str) -> Option<SecretKey> {
    const BEGIN: &str = "-----BEGIN ";
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let end = block.find(BEGIN).unwrap_or(block.len());
        let (block, next) = block.split_at_checked(end)?;
        let block = Zeroizing::new(format!("{BEGIN}{}", block.trim_end()));
        if let Ok(secret) = SecretKey::from_pem(&block) {
            return Some(secret);
        }
        rest = next;
    }
    None
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// A signature in DER.
#[derive(Clone, Debug)]
pub struct Signed(DerSignature);

impl Signed {
    /// For a message.
    #[must_use]
    pub fn as_signature(&self) -> Signature<'_> {
        Signature { algorithm: SignatureAlgorithm::ECDSA_SHA256, der: self.0.as_bytes() }
    }
}

/// A public key of P-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// `unsupported_certificate`: another algorithm or curve; `bad_certificate`: not on the curve.
    pub fn from_spki(spki: &[u8]) -> Result<Self, Refusal> {
        let point = spki.strip_prefix(&SPKI_PREFIX);
        let point = point
            .filter(|point| point.len() == UNCOMPRESSED)
            .ok_or(Refusal::new(AlertDescription::UNSUPPORTED_CERTIFICATE, "SubjectPublicKeyInfo"))?;
        Self::from_point(point)
            .ok_or(Refusal::new(AlertDescription::BAD_CERTIFICATE, "point of a public key"))
    }

    /// From an uncompressed point.
    pub(super) fn from_point(point: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(point).ok().map(Self)
    }

    /// As SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> [u8; SPKI] {
        let mut spki = [0; SPKI];
        let (prefix, point) = spki.split_at_mut(SPKI_PREFIX.len());
        prefix.copy_from_slice(&SPKI_PREFIX);
        point.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        spki
    }

    /// Checks a signature over what has this SHA-256.
    ///
    /// # Errors
    /// `illegal_parameter`: an algorithm that was not offered; `decrypt_error`: it is wrong.
    pub fn verify(&self, hash: &[u8; HASH], signature: &Signature<'_>) -> Result<(), Refusal> {
        if signature.algorithm != SignatureAlgorithm::ECDSA_SHA256 {
            return Err(Refusal::illegal("signature algorithm"));
        }
        let wrong = Refusal::new(AlertDescription::DECRYPT_ERROR, "signature");
        let der = DerSignature::from_bytes(signature.der).map_err(|_| wrong)?;
        self.0.verify_prehash(hash, &der).map_err(|_| wrong)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(P-256)")
    }
}

/// Our half of a Diffie-Hellman exchange. Used once; zeroed on drop.
pub struct KeyShare {
    secret: SecretKey,
    point: Point,
}

impl KeyShare {
    /// From unpredictable octets, which `random` gives. Asked for again in one of 2^32 cases.
    #[must_use]
    pub fn generate(mut random: impl FnMut(&mut [u8; 32])) -> Self {
        let mut octets = Zeroizing::new([0; 32]);
        loop {
            random(&mut octets);
            let Ok(secret) = SecretKey::from_slice(&*octets) else { continue };
            let mut point = [0; UNCOMPRESSED];
            point.copy_from_slice(secret.public_key().to_sec1_point(false).as_bytes());
            return Self { secret, point };
        }
    }

    /// For the peer.
    #[must_use]
    pub const fn point(&self) -> &Point {
        &self.point
    }

    /// The secret shared with the peer: the x-coordinate with its leading zeros.
    ///
    /// # Errors
    /// The peer's point is not on the curve.
    pub fn agree(self, peer: &Point) -> Result<Zeroizing<[u8; 32]>, Refusal> {
        let peer = p256::PublicKey::from_sec1_bytes(peer).map_err(|_| Refusal::illegal("point"))?;
        let shared = self.secret.diffie_hellman(&peer);
        Ok(Zeroizing::new((*shared.raw_secret_bytes()).into()))
    }
}

impl fmt::Debug for KeyShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyShare(..)")
    }
}
