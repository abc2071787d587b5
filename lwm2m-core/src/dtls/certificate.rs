//! X.509 certificates: whom they name, and whether they hold. [Transport 1.2 §5.2.9]

use bytes::Bytes;

use super::{Refusal, key::PublicKey};
use crate::UnixTime;

/// How a server's certificate is bound to an account. [Core 1.2 §E.1, resource 15]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Usage {
    /// 0: a path to the device's own anchors that passes this authority.
    CaConstraint,
    /// 1: a path to the device's own anchors, and this certificate.
    ServiceCertificate,
    /// 2: a path to this anchor alone.
    TrustAnchor,
    /// 3: this certificate, without a path.
    #[default]
    DomainIssued,
}
