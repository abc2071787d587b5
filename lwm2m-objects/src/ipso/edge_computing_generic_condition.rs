//! Edge computing generic condition (3439), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Bytes, Object};

/// Edge computing generic condition (3439).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3439, name = "Edge computing generic condition", multiple, serde)]
pub struct EdgeComputingGenericCondition {
    /// Vendor condition.
    #[resource(id = 1, ops = "rw", name = "Vendor condition")]
    pub vendor_condition: Option<Bytes>,
    /// Script identifier.
    #[resource(id = 2, ops = "rw", name = "Script identifier", mandatory)]
    pub script_identifier: BTreeMap<u16, String>,
    /// Non supported time condition.
    #[resource(id = 3, ops = "r", name = "Non supported time condition")]
    pub non_supported_time_condition: Option<bool>,
}
