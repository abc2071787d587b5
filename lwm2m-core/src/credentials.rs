//! Keys, what they are looked up by, and whose they are.

use std::sync::Arc;

use bytes::Bytes;

use crate::{EndpointName, Secret};

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
    /// Our own keys, by server name.
    Own(Option<String>),
}

/// Keys of one kind.
#[derive(Clone, Debug)]
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
        /// Our private key, DER.
        key: Secret,
        /// The peer's SubjectPublicKeyInfo.
        peer: Bytes,
    },
    /// X.509.
    Certificate {
        /// Our chain, leaf first, DER.
        chain: Vec<Bytes>,
        /// Our private key, DER.
        key: Secret,
        /// What is trusted.
        trust: Vec<Bytes>,
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
}
