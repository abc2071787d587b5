//! oA OGC-Security (3405), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Object, Secret};

/// oA OGC-Security (3405).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3405, name = "oA OGC-Security", multiple, serde)]
pub struct OaOgcSecurity {
    /// OGC Security ID.
    #[resource(id = 0, ops = "rw", name = "OGC Security ID", mandatory, range(0, 65535))]
    pub ogc_security_id: u64,
    /// Accepted Senders.
    #[resource(id = 3, ops = "rw", mandatory)]
    pub accepted_senders: BTreeMap<u16, Bytes>,
    /// Secret Group Key.
    #[resource(id = 5, ops = "w", mandatory)]
    pub secret_group_key: Secret,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
