//! rrcTimerExpiryEvent (3358), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// rrcTimerExpiryEvent (3358).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3358, name = "rrcTimerExpiryEvent", serde)]
pub struct RrcTimerExpiryEvent {
    /// RrcTimerExpiryEvent.
    #[resource(id = 0, ops = "r", name = "RrcTimerExpiryEvent", mandatory)]
    pub rrc_timer_expiry_event: i64,
}
