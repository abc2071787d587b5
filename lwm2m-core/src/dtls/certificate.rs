//! X.509 certificates and raw public keys: whom they name, and whether they hold. [Transport 1.2 §5.2.8, §5.2.9]
//!
//! Paths are built by rustls-webpki; keys and signatures are ECDSA with P-256. Revocation lists are not looked at.
//!
//! A device that does not know the time of day cannot check validity dates: it then takes a chain that was valid at
//! some moment, and [`Verified::dates_checked`] says so.

mod names;
mod path;

use std::time::Duration;

use bytes::Bytes;
use rustls_pki_types::{CertificateDer, UnixTime as PkiTime};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::{Certificate, der::Decode as _};

pub use self::names::{MAX_NAME, MAX_NAMES};
use self::path::{Anchors, Path};
use super::{
    Refusal,
    key::PublicKey,
    message::{AlertDescription, CertificateList},
};
use crate::{Association, Matching, UnixTime, Usage};

/// A peer's certificate that holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What its owner signs with.
    pub key: PublicKey,
    /// Common name and subject alternative names, at most [`MAX_NAMES`].
    pub names: Vec<String>,
    /// `false`: the time of day is not known here.
    pub dates_checked: bool,
    /// When the first of the certificates that were shown expires.
    pub expires: UnixTime,
}

/// What a client wants of its server's certificate.
#[derive(Clone, Copy, Debug)]
pub struct ServerPolicy<'a> {
    /// Host name or address of the server: resource 14 of the account if that is there, else of its URI.
    pub host: &'a str,
    /// What the account says. `None`: a path to one of `trust`.
    pub association: Option<&'a Association>,
    /// Authorities that the device trusts, DER.
    pub trust: &'a [Bytes],
}

/// Does this server's chain hold?
///
/// # Errors
/// Names what does not, with the alert for the server.
pub fn verify_server(
    chain: CertificateList<'_>,
    policy: &ServerPolicy<'_>,
    now: Option<UnixTime>,
) -> Result<Verified, Refusal> {
    let chain = Chain::parse(chain)?;
    let Some(association) = policy.association else {
        chain.check_path(policy.trust, KeyUsage::server_auth(), None, now)?;
        chain.check_name(policy.host)?;
        return chain.verified(now);
    };
    match association.usage {
        Some(Usage::CaConstraint) => {
            chain.check_path(policy.trust, KeyUsage::server_auth(), Some(association), now)?;
        }
        Some(Usage::ServiceCertificate) => {
            chain.check_leaf(association)?;
            chain.check_path(policy.trust, KeyUsage::server_auth(), None, now)?;
        }
        Some(Usage::TrustAnchor) => chain.check_path_to(association, now)?,
        Some(Usage::DomainIssued) => {
            chain.check_leaf(association)?;
            // Neither path nor name nor dates count. [RFC 7671 §5.1]
            return chain.verified(now);
        }
        None if association.matches(chain.leaf) => return chain.verified(now),
        None => chain.check_path_to(association, now)?,
    }
    chain.check_name(policy.host)?;
    chain.verified(now)
}

/// Does this client's chain hold? Whose endpoint it is, its names decide.
///
/// # Errors
/// Names what does not, with the alert for the client.
pub fn verify_client(
    chain: CertificateList<'_>,
    trust: &[Bytes],
    now: Option<UnixTime>,
) -> Result<Verified, Refusal> {
    let chain = Chain::parse(chain)?;
    chain.check_path(trust, KeyUsage::client_auth(), None, now)?;
    chain.verified(now)
}

/// Is this the raw public key that is expected? [RFC 7250 §6]
///
/// # Errors
/// Another, or none of P-256.
pub fn verify_raw_public_key(spki: &[u8], peer: &[u8], matching: Matching) -> Result<PublicKey, Refusal> {
    if matches(spki, peer, matching) {
        PublicKey::from_spki(spki)
    } else {
        Err(Refusal::new(AlertDescription::CERTIFICATE_UNKNOWN, "raw public key"))
    }
}

/// SHA-256 of a SubjectPublicKeyInfo or certificate: a name for it in tables and programs.
#[must_use]
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// The names in a certificate that may not hold: common name first, then alternative names, at most [`MAX_NAMES`].
///
/// # Errors
/// It cannot be read.
pub fn names(der: &[u8]) -> Result<Vec<String>, Refusal> {
    parse(der).map(|certificate| names::of(&certificate))
}

/// The common name in a certificate that may not hold.
///
/// # Errors
/// It cannot be read.
pub fn common_name(der: &[u8]) -> Result<Option<String>, Refusal> {
    parse(der).map(|certificate| names::common(&certificate))
}

/// What the owner of a certificate signs with; the certificate may not hold.
///
/// # Errors
/// It cannot be read, or its key is none of P-256.
pub fn public_key(der: &[u8]) -> Result<PublicKey, Refusal> {
    let der = CertificateDer::from(der);
    let leaf = EndEntityCert::try_from(&der).map_err(|error| path::refusal(&error))?;
    PublicKey::from_spki(&leaf.subject_public_key_info())
}

fn parse(der: &[u8]) -> Result<Certificate, Refusal> {
    Certificate::from_der(der).map_err(|_| bad("syntax of the certificate"))
}

impl Association {
    /// Is it this certificate?
    #[must_use]
    pub fn matches(&self, der: &[u8]) -> bool {
        matches(der, &self.data, self.matching)
    }
}

fn matches(der: &[u8], data: &[u8], matching: Matching) -> bool {
    match matching {
        Matching::Exact => der.ct_eq(data),
        Matching::Sha256 => Sha256::digest(der).as_slice().ct_eq(data),
        Matching::Sha384 => Sha384::digest(der).as_slice().ct_eq(data),
        Matching::Sha512 => Sha512::digest(der).as_slice().ct_eq(data),
    }
    .into()
}

/// A chain as it came.
struct Chain<'a> {
    leaf: &'a [u8],
    parsed: Certificate,
    others: Vec<CertificateDer<'a>>,
}

impl<'a> Chain<'a> {
    fn parse(list: CertificateList<'a>) -> Result<Self, Refusal> {
        let mut all = list.iter();
        let missing = Refusal::new(AlertDescription::HANDSHAKE_FAILURE, "no certificate");
        let leaf = all.next().ok_or(missing)?;
        let parsed = parse(leaf)?;
        Ok(Self { leaf, parsed, others: all.map(CertificateDer::from).collect() })
    }

    fn check_leaf(&self, association: &Association) -> Result<(), Refusal> {
        if association.matches(self.leaf) {
            Ok(())
        } else {
            Err(Refusal::new(AlertDescription::CERTIFICATE_UNKNOWN, "not the certificate of the account"))
        }
    }

    fn check_name(&self, host: &str) -> Result<(), Refusal> {
        let der = CertificateDer::from(self.leaf);
        let leaf = EndEntityCert::try_from(&der).map_err(|error| path::refusal(&error))?;
        if names::is_for(&leaf, &self.parsed, host) {
            Ok(())
        } else {
            Err(Refusal::new(AlertDescription::CERTIFICATE_UNKNOWN, "certificate of another host"))
        }
    }

    /// To one of several authorities; by way of that of the account, if it names one.
    fn check_path(
        &self,
        trust: &[Bytes],
        usage: KeyUsage,
        by_way_of: Option<&Association>,
        now: Option<UnixTime>,
    ) -> Result<(), Refusal> {
        let trust: Vec<_> = trust.iter().map(|der| CertificateDer::from(&**der)).collect();
        let path = Path { leaf: self.leaf, others: &self.others, usage, by_way_of };
        path.check(&Anchors::new(&trust), &self.moments(now))
    }

    /// To the one authority of the account. If that is a hash, the chain itself has to bring it.
    fn check_path_to(&self, association: &Association, now: Option<UnixTime>) -> Result<(), Refusal> {
        let anchor = match association.matching {
            Matching::Exact => Some(CertificateDer::from(&*association.data)),
            _ => self.others.iter().find(|der| association.matches(der)).cloned(),
        };
        let anchor = anchor.ok_or(Refusal::new(AlertDescription::UNKNOWN_CA, "authority of the account"))?;
        let anchors = [anchor];
        let path =
            Path { leaf: self.leaf, others: &self.others, usage: KeyUsage::server_auth(), by_way_of: None };
        path.check(&Anchors::new(&anchors), &self.moments(now))
    }

    /// When to ask whether the chain is valid. Without a clock: when each of its certificates began; if they were ever
    /// all valid together, then at one of these.
    fn moments(&self, now: Option<UnixTime>) -> Vec<PkiTime> {
        if let Some(now) = now {
            let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or(0);
            return vec![PkiTime::since_unix_epoch(Duration::from_secs(seconds))];
        }
        let others = self.others.iter().filter_map(|der| Certificate::from_der(der).ok());
        let begin = |of: &Certificate| of.tbs_certificate().validity().not_before.to_unix_duration();
        let mut moments: Vec<_> =
            [begin(&self.parsed)].into_iter().chain(others.map(|other| begin(&other))).collect();
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().rev().map(PkiTime::since_unix_epoch).collect()
    }

    fn verified(&self, now: Option<UnixTime>) -> Result<Verified, Refusal> {
        Ok(Verified {
            key: public_key(self.leaf)?,
            names: names::of(&self.parsed),
            dates_checked: now.is_some(),
            expires: self.expires(),
        })
    }

    /// Also one that the path does not need counts: a chain that is too short-lived costs a handshake, no more.
    fn expires(&self) -> UnixTime {
        let others = self.others.iter().filter_map(|der| Certificate::from_der(der).ok());
        let end = |of: &Certificate| of.tbs_certificate().validity().not_after.to_unix_duration();
        let first = others.map(|other| end(&other)).fold(end(&self.parsed), Duration::min);
        UnixTime::from_secs(i64::try_from(first.as_secs()).unwrap_or(i64::MAX))
    }
}

const fn bad(what: &'static str) -> Refusal {
    Refusal::new(AlertDescription::BAD_CERTIFICATE, what)
}
