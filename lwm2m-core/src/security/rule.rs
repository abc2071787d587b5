//! Which endpoint names a peer may use, if its credential does not say: from who it proved to be. [Core 1.2 §7.3]
//!
//! A rule is any function from an identity to endpoint names; these are the usual ones. Give one to
//! [`MemoryKeys::rule`](super::MemoryKeys::rule) or [`FileKeys::rule`](super::FileKeys::rule).

use crate::{
    EndpointName, Endpoints, Identity,
    dtls::certificate::{common_name as read_common_name, fingerprint},
};

/// The default: what [`psk_identity`], [`public_key_hash`] and [`certificate_name`] say.
#[must_use]
pub fn default(identity: &Identity) -> Endpoints {
    match identity {
        Identity::Psk(_) => psk_identity(identity),
        Identity::RawPublicKey(_) => public_key_hash(identity),
        _ => certificate_name(identity),
    }
}

/// The PSK identity is the endpoint name.
#[must_use]
pub fn psk_identity(identity: &Identity) -> Endpoints {
    let Identity::Psk(identity) = identity else { return nobody() };
    std::str::from_utf8(identity).map_or_else(|_| nobody(), |name| Endpoints::Only(vec![name.into()]))
}

/// SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal, is the endpoint name.
#[must_use]
pub fn public_key_hash(identity: &Identity) -> Endpoints {
    let Identity::RawPublicKey(spki) = identity else { return nobody() };
    let name: String = fingerprint(spki).iter().map(|octet| format!("{octet:02x}")).collect();
    Endpoints::Only(vec![name.into()])
}

/// The common name of the certificate and each of its alternative names is an endpoint name.
#[must_use]
pub fn certificate_name(identity: &Identity) -> Endpoints {
    let Identity::Certificate { names, .. } = identity else { return nobody() };
    Endpoints::Only(names.iter().map(|name| EndpointName::from(name.as_str())).collect())
}

/// The common name of the certificate alone is the endpoint name.
#[must_use]
pub fn common_name(identity: &Identity) -> Endpoints {
    let Identity::Certificate { der, .. } = identity else { return nobody() };
    Endpoints::Only(read_common_name(der).ok().flatten().into_iter().map(EndpointName::from).collect())
}

const fn nobody() -> Endpoints {
    Endpoints::Only(Vec::new())
}
