//! Edge computing time condition (3438), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::Object;

/// Edge computing time condition (3438).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3438, name = "Edge computing time condition", multiple, serde)]
pub struct EdgeComputingTimeCondition {
    /// Execution time/day.
    #[resource(id = 1, ops = "rw", name = "Execution time/day", mandatory)]
    pub execution_time_day: String,
    /// Script identifier.
    #[resource(id = 2, ops = "rw", name = "Script identifier", mandatory)]
    pub script_identifier: BTreeMap<u16, String>,
    /// Non supported time condition.
    #[resource(id = 3, ops = "r", name = "Non supported time condition")]
    pub non_supported_time_condition: Option<bool>,
}
