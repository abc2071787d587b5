//! emmStateValue (3361), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// emmStateValue (3361).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3361, name = "emmStateValue", serde)]
pub struct EmmStateValue {
    /// EmmState.
    #[resource(id = 0, ops = "r", name = "EmmState", mandatory)]
    pub emm_state: i64,
    /// emmSubstate.
    #[resource(id = 1, ops = "r", name = "emmSubstate", mandatory)]
    pub emm_substate: i64,
}
