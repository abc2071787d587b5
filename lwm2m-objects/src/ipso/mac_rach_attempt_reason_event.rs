//! macRachAttemptReasonEvent (3367), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// macRachAttemptReasonEvent (3367).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3367, name = "macRachAttemptReasonEvent", serde)]
pub struct MacRachAttemptReasonEvent {
    /// MacRachAttemptReasonType.
    #[resource(id = 0, ops = "r", name = "MacRachAttemptReasonType", mandatory)]
    pub mac_rach_attempt_reason_type: i64,
    /// ueID.
    #[resource(id = 1, ops = "r", name = "ueID", mandatory)]
    pub ue_id: i64,
    /// contentionBased.
    #[resource(id = 2, ops = "r", name = "contentionBased", mandatory)]
    pub contention_based: bool,
    /// preamble.
    #[resource(id = 3, ops = "r", name = "preamble", mandatory)]
    pub preamble: i64,
    /// preambleGroupChosen.
    #[resource(id = 4, ops = "r", name = "preambleGroupChosen", mandatory)]
    pub preamble_group_chosen: bool,
}
