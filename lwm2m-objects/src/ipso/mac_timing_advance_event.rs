//! macTimingAdvanceEvent (3369), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// macTimingAdvanceEvent (3369).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3369, name = "macTimingAdvanceEvent", serde)]
pub struct MacTimingAdvanceEvent {
    /// timerValue.
    #[resource(id = 0, ops = "r", name = "timerValue", mandatory)]
    pub timer_value: i64,
    /// timingAdvance.
    #[resource(id = 1, ops = "r", name = "timingAdvance", mandatory)]
    pub timing_advance: i64,
}
