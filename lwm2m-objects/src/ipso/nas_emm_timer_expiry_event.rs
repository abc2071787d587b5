//! nasEmmTimerExpiryEvent (3362), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// nasEmmTimerExpiryEvent (3362).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3362, name = "nasEmmTimerExpiryEvent", serde)]
pub struct NasEmmTimerExpiryEvent {
    /// NasEmmTimerExpiryEvent.
    #[resource(id = 0, ops = "r", name = "NasEmmTimerExpiryEvent", mandatory)]
    pub nas_emm_timer_expiry_event: i64,
}
