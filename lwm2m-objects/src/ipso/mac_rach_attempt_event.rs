//! macRachAttemptEvent (3366), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// macRachAttemptEvent (3366).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3366, name = "macRachAttemptEvent", serde)]
pub struct MacRachAttemptEvent {
    /// rachAttemptCounter.
    #[resource(id = 0, ops = "r", name = "rachAttemptCounter", mandatory)]
    pub rach_attempt_counter: i64,
    /// MacRachAttemptEventType.
    #[resource(id = 1, ops = "r", name = "MacRachAttemptEventType", mandatory)]
    pub mac_rach_attempt_event_type: i64,
    /// contentionBased.
    #[resource(id = 2, ops = "r", name = "contentionBased", mandatory)]
    pub contention_based: bool,
    /// rachMessage.
    #[resource(id = 3, ops = "r", name = "rachMessage", mandatory)]
    pub rach_message: i64,
    /// preambleIndex.
    #[resource(id = 4, ops = "r", name = "preambleIndex", mandatory)]
    pub preamble_index: i64,
    /// preamblePowerOffset.
    #[resource(id = 5, ops = "r", name = "preamblePowerOffset", mandatory)]
    pub preamble_power_offset: i64,
    /// backoffTime.
    #[resource(id = 6, ops = "r", name = "backoffTime", mandatory)]
    pub backoff_time: i64,
    /// msg2Result.
    #[resource(id = 7, ops = "r", name = "msg2Result", mandatory)]
    pub msg2_result: bool,
    /// timingAdjustmentValue.
    #[resource(id = 8, ops = "r", name = "timingAdjustmentValue", mandatory)]
    pub timing_adjustment_value: i64,
}
