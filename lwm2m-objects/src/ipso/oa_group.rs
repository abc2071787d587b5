//! oA Group (3389), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Corelnk, Object};

/// oA Group (3389).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3389, name = "oA Group", multiple, serde)]
pub struct OaGroup {
    /// Application Group ID.
    #[resource(id = 600, ops = "rw", name = "Application Group ID", mandatory, range(0, 65535))]
    pub application_group_id: u64,
    /// Security Group ID.
    #[resource(id = 601, ops = "rw", name = "Security Group ID", mandatory, range(0, 65535))]
    pub security_group_id: u64,
    /// IP Addresses.
    #[resource(id = 602, ops = "rw", name = "IP Addresses", mandatory)]
    pub ip_addresses: BTreeMap<u16, Bytes>,
    /// Members.
    #[resource(id = 603, ops = "rw", mandatory)]
    pub members: BTreeMap<u16, Corelnk>,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
