//! LWM2M OSCORE (21), version 2.0. [RFC 8613]

use lwm2m_core::{Bytes, Object, Secret};

/// LWM2M OSCORE (21): a security context of OSCORE, linked from an account. Only bootstrap writes it.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 21, version = "2.0", name = "LWM2M OSCORE", multiple, serde)]
pub struct Oscore {
    /// The key that both ends share.
    #[resource(id = 0, ops = "none", name = "OSCORE Master Secret", mandatory)]
    pub master_secret: Secret,
    /// Id of the client.
    #[resource(id = 1, ops = "none", name = "OSCORE Sender ID", mandatory)]
    pub sender_id: Bytes,
    /// Id of the server.
    #[resource(id = 2, ops = "none", name = "OSCORE Recipient ID", mandatory)]
    pub recipient_id: Bytes,
    /// COSE number of the cipher; 10 (AES-CCM-16-64-128) where absent.
    #[resource(id = 3, ops = "none", name = "OSCORE AEAD Algorithm")]
    pub aead_algorithm: Option<i64>,
    /// COSE number of the hash; SHA-256 where absent, 5 and -10 (as some servers write).
    #[resource(id = 4, ops = "none", name = "OSCORE HMAC Algorithm")]
    pub hmac_algorithm: Option<i64>,
    /// Salt of the key derivation; no secret.
    #[resource(id = 5, ops = "none", name = "OSCORE Master Salt")]
    pub master_salt: Option<Bytes>,
    /// Tells contexts of the same ids apart.
    #[resource(id = 6, ops = "none", name = "OSCORE ID Context")]
    pub id_context: Option<Bytes>,
}

impl Oscore {
    /// A context with the usual algorithms and without salt.
    #[must_use]
    pub fn new(master_secret: Secret, sender_id: impl Into<Bytes>, recipient_id: impl Into<Bytes>) -> Self {
        Self {
            master_secret,
            sender_id: sender_id.into(),
            recipient_id: recipient_id.into(),
            ..Self::default()
        }
    }
}
