//! Portfolio (16), version 1.0.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Executable, Object};

/// Portfolio (16): further identities of a device, and proof of them.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 16, version = "1.0", multiple, serde)]
pub struct Portfolio {
    /// By use; for a host device 0 its id, 1 manufacturer, 2 model, 3 software version.
    #[resource(id = 0, ops = "rw", mandatory)]
    pub identity: BTreeMap<u16, String>,
    /// Makes [`auth_data`](Self::auth_data). `None`: this device cannot.
    #[resource(id = 1, execute, name = "GetAuthData")]
    pub get_auth_data: Option<Executable>,
    /// The proof.
    #[resource(id = 2, ops = "r", name = "AuthData")]
    pub auth_data: BTreeMap<u16, Bytes>,
    /// 0 none, 1 there is one, 2 error.
    #[resource(id = 3, ops = "r", name = "AuthStatus", range(0, 2))]
    pub auth_status: Option<i64>,
}

impl Portfolio {
    /// The identity of a host device, without proof.
    #[must_use]
    pub fn of_host(id: &str, manufacturer: &str, model: &str, software_version: &str) -> Self {
        let identity = [id, manufacturer, model, software_version].map(str::to_owned);
        Self {
            identity: (0..).zip(identity).collect(),
            get_auth_data: None,
            auth_data: BTreeMap::new(),
            auth_status: None,
        }
    }
}
