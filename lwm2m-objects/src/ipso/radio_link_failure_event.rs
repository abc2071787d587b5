//! radioLinkFailureEvent (3356), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// radioLinkFailureEvent (3356).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3356, name = "radioLinkFailureEvent", serde)]
pub struct RadioLinkFailureEvent {
    /// timeRLF.
    #[resource(id = 0, ops = "r", name = "timeRLF", mandatory)]
    pub time_rlf: i64,
    /// rlfCause.
    #[resource(id = 1, ops = "r", name = "rlfCause", mandatory)]
    pub rlf_cause: i64,
}
