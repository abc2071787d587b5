//! VolteCallEvent (3381), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// VolteCallEvent (3381).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3381, name = "VolteCallEvent", serde)]
pub struct VolteCallEvent {
    /// callStatus.
    #[resource(id = 0, ops = "r", name = "callStatus", mandatory)]
    pub call_status: i64,
    /// callType.
    #[resource(id = 1, ops = "r", name = "callType", mandatory)]
    pub call_type: i64,
}
