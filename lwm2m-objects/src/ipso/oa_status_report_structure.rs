//! oA Status Report Structure (3406), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::Object;

/// oA Status Report Structure (3406).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3406, name = "oA Status Report Structure", multiple, serde)]
pub struct OaStatusReportStructure {
    /// Status Report Structure ID.
    #[resource(id = 850, ops = "rw", name = "Status Report Structure ID", mandatory, range(0, 255))]
    pub status_report_structure_id: u64,
    /// Keys.
    #[resource(id = 851, ops = "rw", mandatory)]
    pub keys: BTreeMap<u16, String>,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
