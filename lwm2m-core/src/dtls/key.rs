//! Keys of P-256: raw public keys, signatures, Diffie-Hellman. [RFC 8422, RFC 7250]

use std::fmt;

use p256::{
    SecretKey,
    ecdsa::{
        DerSignature, SigningKey, VerifyingKey,
        signature::hazmat::{PrehashSigner as _, PrehashVerifier as _},
    },
    elliptic_curve::sec1::ToSec1Point as _,
    pkcs8::{EncodePrivateKey as _, LineEnding},
};
use zeroize::Zeroizing;

use super::{
    Refusal,
    message::{AlertDescription, Point, Signature, SignatureAlgorithm, UNCOMPRESSED},
    prf::HASH,
};
use crate::Secret;

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

    /// From unpredictable octets, which `random` gives. Asked for again in one of 2^32 cases.
    #[must_use]
    pub fn generate(mut random: impl FnMut(&mut [u8; 32])) -> Self {
        Self(secret_from(&mut random).into())
    }

    /// As PKCS#8 in DER, the form of resource 5 of a Security object.
    #[must_use]
    pub fn to_pkcs8(&self) -> Secret {
        Secret::new(self.0.to_pkcs8_der().map(|der| der.as_bytes().to_vec()).unwrap_or_default())
    }

    /// As PKCS#8 in PEM.
    #[must_use]
    pub fn to_pem(&self) -> Secret {
        Secret::new(
            self.0.to_pkcs8_pem(LineEnding::LF).map(|pem| pem.as_bytes().to_vec()).unwrap_or_default(),
        )
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

fn secret_from(random: &mut dyn FnMut(&mut [u8; 32])) -> SecretKey {
    let mut octets = Zeroizing::new([0; 32]);
    loop {
        random(&mut octets);
        if let Ok(secret) = SecretKey::from_slice(&*octets) {
            return secret;
        }
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
        let secret = secret_from(&mut random);
        let mut point = [0; UNCOMPRESSED];
        point.copy_from_slice(secret.public_key().to_sec1_point(false).as_bytes());
        Self { secret, point }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtls::prf::sha256;

    /// The key pair of RFC 6979 §A.2.5.
    const SCALAR: [u8; 32] = [
        0xC9, 0xAF, 0xA9, 0xD8, 0x45, 0xBA, 0x75, 0x16, 0x6B, 0x5C, 0x21, 0x57, 0x67, 0xB1, 0xD6, 0x93, 0x4E,
        0x50, 0xC3, 0xDB, 0x36, 0xE8, 0x9B, 0x12, 0x7B, 0x8A, 0x62, 0x2B, 0x12, 0x0F, 0x67, 0x21,
    ];

    fn hex(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    #[test]
    fn signatures_are_those_of_the_standard() {
        let key = PrivateKey::from_octets(&SCALAR).unwrap();
        let hash = sha256(&[b"sam", b"ple"]);
        let signed = key.sign(&hash).unwrap();
        assert_eq!(
            hex(signed.as_signature().der),
            "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
             022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        );
        let public = PublicKey::from_spki(&key.public().spki()).unwrap();
        assert_eq!(public.verify(&hash, &signed.as_signature()), Ok(()));
        let wrong = public.verify(&sha256(&[b"another"]), &signed.as_signature());
        assert_eq!(wrong.unwrap_err().alert, AlertDescription::DECRYPT_ERROR);
        let other = Signature { algorithm: 0x0503, ..signed.as_signature() };
        assert_eq!(public.verify(&hash, &other).unwrap_err().alert, AlertDescription::ILLEGAL_PARAMETER);
    }

    #[test]
    fn a_private_key_is_read_in_every_form() {
        let key = PrivateKey::from_octets(&SCALAR).unwrap();
        let secret = SecretKey::from_slice(&SCALAR).unwrap();
        let sec1 = secret.to_sec1_der().unwrap();
        let sec1_pem = secret.to_sec1_pem(Default::default()).unwrap();
        let openssl = format!(
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{}",
            *sec1_pem
        );
        for form in
            [key.to_pkcs8().expose(), key.to_pem().expose(), &sec1, sec1_pem.as_bytes(), openssl.as_bytes()]
        {
            assert_eq!(PrivateKey::from_octets(form).unwrap().public(), key.public());
        }
        for wrong in [&b""[..], b"-----BEGIN PRIVATE KEY-----", &[0x30, 1], &[0; 32], &[0xFF; 32], &[7; 31]] {
            assert_eq!(PrivateKey::from_octets(wrong).unwrap_err(), NotAKey);
        }
        assert_eq!(format!("{key:?}"), "PrivateKey(..)");
    }

    #[test]
    fn a_public_key_must_be_of_the_curve() {
        let mut spki = PrivateKey::from_octets(&SCALAR).unwrap().public().spki();
        assert_eq!(hex(&spki[..28]), "3059301306072a8648ce3d020106082a8648ce3d0301070342000460");
        spki[90] ^= 1;
        assert_eq!(PublicKey::from_spki(&spki).unwrap_err().alert, AlertDescription::BAD_CERTIFICATE);
        spki[22] = 0x22; // secp384r1
        assert_eq!(PublicKey::from_spki(&spki).unwrap_err().alert, AlertDescription::UNSUPPORTED_CERTIFICATE);
        assert!(PublicKey::from_spki(&spki[..90]).is_err());
    }

    #[test]
    fn both_halves_give_the_same_secret() {
        let ours = KeyShare::generate(|octets| *octets = [3; 32]);
        let mut first = true;
        let theirs = KeyShare::generate(|octets| {
            *octets = if std::mem::take(&mut first) { [0; 32] } else { [5; 32] };
        });
        let (our_point, their_point) = (*ours.point(), *theirs.point());
        assert_eq!(ours.agree(&their_point), theirs.agree(&our_point));
        let mut wrong = their_point;
        wrong[64] ^= 1;
        let ours = KeyShare::generate(|octets| *octets = [3; 32]);
        assert_eq!(ours.agree(&wrong).unwrap_err().alert, AlertDescription::ILLEGAL_PARAMETER);
    }
}
