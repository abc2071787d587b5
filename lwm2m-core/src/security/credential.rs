//! What stores of keys hold.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use crate::{
    Credentials, EndpointName, Identity, Secret,
    dtls::{
        certificate::{fingerprint, public_key},
        key::{PrivateKey, PublicKey},
        message::{MAX_CERTIFICATES, MAX_PSK_IDENTITY},
    },
};

use super::Change;

/// Octets of a pre-shared key. Clients must be able to keep 64. [Transport 1.2 §5.2.7]
pub const MAX_KEY: usize = 256;

/// One credential. Several may be of one endpoint: while keys are being replaced, both the old and the new hold.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A pre-shared key.
    Psk {
        /// What the peer names it by; unique.
        identity: Bytes,
        /// The key.
        key: Secret,
        /// Who may use it. None: what the store's rule says.
        endpoints: Vec<EndpointName>,
    },
    /// A peer's raw public key.
    PublicKey {
        /// SHA-256 of its SubjectPublicKeyInfo; unique.
        sha256: [u8; 32],
        /// Who may use it. None: what the store's rule says.
        endpoints: Vec<EndpointName>,
    },
    /// A peer's certificate, whose owner goes by other names than those in it. It needs an authority all the same.
    Certificate {
        /// SHA-256 of its DER; unique.
        sha256: [u8; 32],
        /// Who may use it. None: nobody, the certificate is withdrawn.
        endpoints: Vec<EndpointName>,
    },
    /// An authority that signs peers' certificates, DER.
    Authority(Bytes),
    /// Our own raw public key.
    OwnKey {
        /// The private half: PKCS#8 or SEC1, in DER or PEM, or the 32 octets of the scalar.
        key: Secret,
        /// The host name it is for. `None`: every other.
        host: Option<String>,
    },
    /// Our own certificate.
    OwnCertificate {
        /// Leaf first, DER.
        chain: Vec<Bytes>,
        /// The private key, as above.
        key: Secret,
        /// The host name it is for. `None`: every other.
        host: Option<String>,
    },
}

/// Names one credential of a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CredentialId {
    /// A pre-shared key, by its identity.
    Psk(Bytes),
    /// A peer's raw public key, by its SHA-256.
    PublicKey([u8; 32]),
    /// A peer's certificate, by its SHA-256.
    Certificate([u8; 32]),
    /// An authority, by its SHA-256.
    Authority([u8; 32]),
    /// Our own raw public key for a host.
    OwnKey(Option<String>),
    /// Our own certificate for a host.
    OwnCertificate(Option<String>),
}

/// A credential that cannot be used. Says nothing of what is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidCredential(pub(super) &'static str);

impl Credential {
    /// A pre-shared key.
    pub fn psk(identity: impl Into<Bytes>, key: impl Into<Vec<u8>>) -> Self {
        Self::Psk { identity: identity.into(), key: Secret::new(key.into()), endpoints: Vec::new() }
    }

    /// A peer's raw public key, by its SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// It is none of P-256.
    pub fn public_key(spki: &[u8]) -> Result<Self, InvalidCredential> {
        PublicKey::from_spki(spki).map_err(|_| InvalidCredential("not a public key of P-256"))?;
        Ok(Self::PublicKey { sha256: fingerprint(spki), endpoints: Vec::new() })
    }

    /// May be used by this endpoint, too. Says nothing for authorities and our own keys.
    #[must_use]
    pub fn endpoint(mut self, name: impl Into<EndpointName>) -> Self {
        if let Self::Psk { endpoints, .. }
        | Self::PublicKey { endpoints, .. }
        | Self::Certificate { endpoints, .. } = &mut self
        {
            endpoints.push(name.into());
        }
        self
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        match self {
            Self::Psk { identity, .. } => CredentialId::Psk(identity.clone()),
            Self::PublicKey { sha256, .. } => CredentialId::PublicKey(*sha256),
            Self::Certificate { sha256, .. } => CredentialId::Certificate(*sha256),
            Self::Authority(der) => CredentialId::Authority(fingerprint(der)),
            Self::OwnKey { host, .. } => CredentialId::OwnKey(host.clone()),
            Self::OwnCertificate { host, .. } => CredentialId::OwnCertificate(host.clone()),
        }
    }

    /// As a line of [`FileKeys`](super::FileKeys), with the key in it.
    #[must_use]
    pub fn to_line(&self) -> Secret {
        Secret::new(super::line::format(self).as_bytes().to_vec())
    }

    /// Who may use it, as far as it says.
    #[must_use]
    pub fn endpoints(&self) -> &[EndpointName] {
        match self {
            Self::Psk { endpoints, .. }
            | Self::PublicKey { endpoints, .. }
            | Self::Certificate { endpoints, .. } => endpoints,
            _ => &[],
        }
    }

    /// Can it be used?
    pub(super) fn check(&self) -> Result<(), InvalidCredential> {
        match self {
            Self::Psk { identity, .. } if identity.len() > MAX_PSK_IDENTITY => {
                Err(InvalidCredential("a PSK identity has at most 256 octets"))
            }
            Self::Psk { key, .. } if key.expose().is_empty() || key.expose().len() > MAX_KEY => {
                Err(InvalidCredential("a pre-shared key has 1 to 256 octets"))
            }
            Self::Authority(der) => {
                public_key_of_authority(der).ok_or(InvalidCredential("not a certificate with a key of P-256"))
            }
            Self::OwnKey { key, .. } => private(key).map(|_| ()),
            Self::OwnCertificate { chain, key, .. } => check_chain(chain, key),
            _ => Ok(()),
        }
    }

    /// What is handed out of it.
    pub(super) fn credentials(&self) -> Option<Arc<Credentials>> {
        Some(Arc::new(match self {
            Self::Psk { identity, key, .. } => {
                Credentials::Psk { identity: identity.clone(), key: key.clone() }
            }
            Self::PublicKey { sha256, .. } => Credentials::RawPublicKey {
                key: Secret::default(),
                peer: Bytes::copy_from_slice(sha256),
                matching: crate::Matching::Sha256,
            },
            Self::OwnKey { key, .. } => Credentials::RawPublicKey {
                key: key.clone(),
                peer: Bytes::new(),
                matching: crate::Matching::Exact,
            },
            Self::OwnCertificate { chain, key, .. } => Credentials::Certificate {
                chain: chain.clone(),
                key: key.clone(),
                trust: Vec::new(),
                peer: None,
            },
            Self::Certificate { .. } | Self::Authority(_) => return None,
        }))
    }
}

fn private(key: &Secret) -> Result<PrivateKey, InvalidCredential> {
    PrivateKey::from_octets(key.expose()).map_err(|_| InvalidCredential("not a private key of P-256"))
}

fn check_chain(chain: &[Bytes], key: &Secret) -> Result<(), InvalidCredential> {
    if chain.len() > MAX_CERTIFICATES {
        return Err(InvalidCredential("a chain has at most 8 certificates"));
    }
    let leaf = chain.first().ok_or(InvalidCredential("a chain without a certificate"))?;
    let leaf = public_key(leaf).map_err(|_| InvalidCredential("not a certificate with a key of P-256"))?;
    if private(key)?.public() == leaf {
        Ok(())
    } else {
        Err(InvalidCredential("the key is not that of the certificate"))
    }
}

fn public_key_of_authority(der: &[u8]) -> Option<()> {
    public_key(der).ok().map(|_| ())
}

impl CredentialId {
    /// That this credential changed or went.
    pub(super) fn change(&self) -> Option<Change> {
        Some(match self.clone() {
            Self::Psk(of) => {
                Change::of(move |peer| matches!(peer, Identity::Psk(identity) if *identity == of))
            }
            Self::PublicKey(of) => Change::of(
                move |peer| matches!(peer, Identity::RawPublicKey(spki) if fingerprint(spki) == of),
            ),
            Self::Certificate(of) => Change::of(
                move |peer| matches!(peer, Identity::Certificate { der, .. } if fingerprint(der) == of),
            ),
            // Which authority a peer's path led to is not kept: all of them prove themselves again.
            Self::Authority(_) => Change::of(|peer| matches!(peer, Identity::Certificate { .. })),
            Self::OwnKey(_) | Self::OwnCertificate(_) => return None,
        })
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = |f: &mut fmt::Formatter<'_>, kind, sha256: &[u8; 32]| {
            write!(f, "{kind} sha256:")?;
            sha256.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
        };
        match self {
            Self::Psk(identity) => write!(f, "psk {}", String::from_utf8_lossy(identity)),
            Self::PublicKey(sha256) => hash(f, "public-key", sha256),
            Self::Certificate(sha256) => hash(f, "certificate", sha256),
            Self::Authority(sha256) => hash(f, "authority", sha256),
            Self::OwnKey(host) => write!(f, "own-key {}", host.as_deref().unwrap_or("*")),
            Self::OwnCertificate(host) => write!(f, "own-certificate {}", host.as_deref().unwrap_or("*")),
        }
    }
}
