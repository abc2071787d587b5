//! volteCallStateChangeEvent (3385), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// volteCallStateChangeEvent (3385).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3385, name = "volteCallStateChangeEvent", serde)]
pub struct VolteCallStateChangeEvent {
    /// callStatus.
    #[resource(id = 0, ops = "r", name = "callStatus", mandatory)]
    pub call_status: i64,
    /// VolteCallStateChangeCause.
    #[resource(id = 1, ops = "r", name = "VolteCallStateChangeCause", mandatory)]
    pub volte_call_state_change_cause: i64,
}
