//! rrcStateChangeEvent (3357), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// rrcStateChangeEvent (3357).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3357, name = "rrcStateChangeEvent", serde)]
pub struct RrcStateChangeEvent {
    /// rrcState.
    #[resource(id = 0, ops = "r", name = "rrcState", mandatory)]
    pub rrc_state: i64,
    /// rrcStateChangeCause.
    #[resource(id = 1, ops = "r", name = "rrcStateChangeCause", mandatory)]
    pub rrc_state_change_cause: i64,
}
