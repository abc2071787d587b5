//! macTimerStatusEvent (3368), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// macTimerStatusEvent (3368).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3368, name = "macTimerStatusEvent", serde)]
pub struct MacTimerStatusEvent {
    /// macTimerName.
    #[resource(id = 0, ops = "r", name = "macTimerName", mandatory)]
    pub mac_timer_name: i64,
}
