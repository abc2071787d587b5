//! Edge computing manager (3436), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Edge computing manager (3436).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3436, name = "Edge computing manager", serde)]
pub struct EdgeComputingManager {
    /// Max number of scripts.
    #[resource(id = 1, ops = "r", name = "Max number of scripts")]
    pub max_number_of_scripts: Option<i64>,
    /// Number of free slots for scripts.
    #[resource(id = 2, ops = "r", name = "Number of free slots for scripts")]
    pub number_of_free_slots_for_scripts: Option<i64>,
    /// Max number of conditions.
    #[resource(id = 3, ops = "r", name = "Max number of conditions")]
    pub max_number_of_conditions: Option<i64>,
    /// Number of free slots for conditions.
    #[resource(id = 4, ops = "r", name = "Number of free slots for conditions")]
    pub number_of_free_slots_for_conditions: Option<i64>,
    /// Edge-computing capabilities.
    #[resource(id = 5, ops = "r", name = "Edge-computing capabilities")]
    pub edge_computing_capabilities: Option<String>,
}
