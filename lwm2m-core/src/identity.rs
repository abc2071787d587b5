//! Who a peer proved to be.

use std::fmt;

use bytes::Bytes;

/// Who the peer proved to be. Authorization looks at this, never at the address. [Core 1.2 §8]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Identity {
    /// Nothing was proved: CoAP without protection.
    #[default]
    Unsecured,
    /// The identity that goes with a pre-shared key.
    Psk(Bytes),
    /// SubjectPublicKeyInfo of a raw public key.
    RawPublicKey(Bytes),
    /// A certificate that was verified.
    Certificate {
        /// Subject common name and alternative names.
        names: Vec<String>,
        /// The leaf certificate.
        der: Bytes,
    },
    /// The sender id of an OSCORE context, seen from here the recipient id.
    Oscore {
        /// The recipient id.
        recipient_id: Bytes,
    },
}

impl Identity {
    /// Was anything proved at all?
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        !matches!(self, Self::Unsecured)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsecured => f.write_str("unsecured"),
            Self::Psk(identity) => write!(f, "psk {}", String::from_utf8_lossy(identity)),
            Self::RawPublicKey(_) => f.write_str("raw public key"),
            Self::Certificate { names, .. } => {
                write!(f, "certificate {}", names.first().map_or("", |name| name.as_str()))
            }
            Self::Oscore { .. } => f.write_str("oscore"),
        }
    }
}
