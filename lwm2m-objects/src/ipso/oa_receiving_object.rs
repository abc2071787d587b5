//! oA Receiving Object (3402), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Corelnk, Object};

/// oA Receiving Object (3402).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3402, name = "oA Receiving Object", multiple, serde)]
pub struct OaReceivingObject {
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Executing Object.
    #[resource(id = 909, ops = "rw", mandatory)]
    pub executing_object: Corelnk,
    /// Status Report.
    #[resource(id = 923, ops = "w", mandatory)]
    pub status_report: Bytes,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
