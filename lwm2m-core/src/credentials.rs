//! Keys, what they are looked up by, and whose they are.

use std::sync::Arc;

use bytes::Bytes;

use crate::{EndpointName, Rejection, Secret};

/// What a handshake or an OSCORE message shows before it is proved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hint {
    /// A PSK identity.
    Psk {
        /// The identity as sent.
        identity: Bytes,
    },
    /// SubjectPublicKeyInfo of a raw public key.
    RawPublicKey(Bytes),
    /// The leaf certificate.
    Certificate(Bytes),
    /// An OSCORE context.
    Oscore {
        /// `kid` of the message.
        recipient_id: Bytes,
        /// `kid context`, if sent.
        context_id: Option<Bytes>,
    },
    /// Our own keys, for a peer that knows us by no other hint.
    Own {
        /// The host name that the peer wants.
        name: Option<String>,
        /// Can the peer verify a raw public key?
        raw_public_key: bool,
        /// Can the peer verify a certificate?
        certificate: bool,
    },
}

/// Keys of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials {
    /// Pre-shared key.
    Psk {
        /// Sent in the clear.
        identity: Bytes,
        /// The key.
        key: Secret,
    },
    /// Raw public keys.
    RawPublicKey {
        /// Our private key: PKCS#8 or SEC1, in DER or PEM, or the 32 octets of the scalar.
        key: Secret,
        /// The peer's SubjectPublicKeyInfo, or its hash.
        peer: Bytes,
        /// Which of them.
        matching: Matching,
    },
    /// X.509.
    Certificate {
        /// Our chain, leaf first, DER.
        chain: Vec<Bytes>,
        /// Our private key: PKCS#8 or SEC1, in DER or PEM, or the 32 octets of the scalar.
        key: Secret,
        /// Authorities that are trusted, DER.
        trust: Vec<Bytes>,
        /// What a client's account says about the server's certificate. `None`: a path to one of `trust`.
        peer: Option<Association>,
    },
    /// OSCORE master material.
    Oscore {
        /// Master secret.
        master: Secret,
        /// Master salt.
        salt: Secret,
        /// Our id.
        sender_id: Bytes,
        /// The peer's id.
        recipient_id: Bytes,
    },
}

/// What of a certificate or public key is compared. [Core 1.2 §E.1, resource 13]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Matching {
    /// 0: its DER.
    #[default]
    Exact,
    /// 1: SHA-256 of its DER.
    Sha256,
    /// 2: SHA-384 of its DER.
    Sha384,
    /// 3: SHA-512 of its DER.
    Sha512,
}

impl Matching {
    /// The type with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            0 => Some(Self::Exact),
            1 => Some(Self::Sha256),
            2 => Some(Self::Sha384),
            3 => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// How a server's certificate is bound to an account. [Core 1.2 §E.1, resource 15]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// 0: a path to an authority that the device trusts, by way of this one.
    CaConstraint,
    /// 1: a path to an authority that the device trusts, from this certificate.
    ServiceCertificate,
    /// 2: a path to this authority; no other counts.
    TrustAnchor,
    /// 3: this certificate. No path, no name.
    DomainIssued,
}

impl Usage {
    /// The usage with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            0 => Some(Self::CaConstraint),
            1 => Some(Self::ServiceCertificate),
            2 => Some(Self::TrustAnchor),
            3 => Some(Self::DomainIssued),
            _ => None,
        }
    }
}

/// The certificate that an account names. [Core 1.2 §E.1, resources 4, 13 and 15]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// What it is to the server's. `None`, in accounts of LwM2M 1.0: the server's own, or its authority.
    pub usage: Option<Usage>,
    /// What `data` is.
    pub matching: Matching,
    /// A certificate in DER, or its hash.
    pub data: Bytes,
}

/// Keys, and the endpoint names their holder may use.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The keys.
    pub credentials: Arc<Credentials>,
    /// Whose they are.
    pub endpoints: Endpoints,
}

/// The endpoint names that a peer may register under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Endpoints {
    /// Any. For NoSec.
    #[default]
    Any,
    /// Only these.
    Only(Vec<EndpointName>),
}

impl Endpoints {
    /// May the peer use this name?
    #[must_use]
    pub fn allow(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.iter().any(|allowed| &**allowed == name),
        }
    }

    /// The name that the peer goes by: what it says, if it may; else what its keys say. [Core 1.2 §6.2.1]
    ///
    /// # Errors
    /// Neither says one, it cannot be a name, or it is another's.
    pub fn name(&self, said: Option<&EndpointName>) -> Result<EndpointName, Rejection> {
        let name = match (said, self) {
            (Some(name), _) => name.clone(),
            (None, Self::Only(names)) if names.len() == 1 => names.first().cloned().unwrap_or("".into()),
            (None, _) => return Err(Rejection::bad_request("ep is missing")),
        };
        name.check().map_err(|invalid| Rejection::bad_request(format!("ep {invalid}")))?;
        if !self.allow(&name) {
            return Err(Rejection::bad_request("ep is not the name that goes with these keys"));
        }
        Ok(name)
    }
}
