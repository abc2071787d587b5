//! LwM2M COSE (23), version 1.0.

use lwm2m_core::{Object, SecretText};

/// LwM2M COSE (23): a key of COSE, linked from an account. Only bootstrap writes it.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 23, version = "1.0", name = "LwM2M COSE", multiple, serde)]
pub struct Cose {
    /// Key id.
    #[resource(id = 0, ops = "none", name = "KID", mandatory)]
    pub kid: String,
    /// COSE number of the cipher.
    #[resource(id = 1, ops = "none", name = "AEAD Algorithm", mandatory)]
    pub aead_algorithm: i64,
    /// The key.
    #[resource(id = 2, ops = "none", mandatory)]
    pub key: SecretText,
}

impl Cose {
    /// A key for one algorithm.
    #[must_use]
    pub fn new(kid: impl Into<String>, aead_algorithm: i64, key: SecretText) -> Self {
        Self { kid: kid.into(), aead_algorithm, key }
    }
}
