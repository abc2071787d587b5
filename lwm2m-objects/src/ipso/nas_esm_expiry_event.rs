//! nasEsmExpiryEvent (3363), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// nasEsmExpiryEvent (3363).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3363, name = "nasEsmExpiryEvent", serde)]
pub struct NasEsmExpiryEvent {
    /// NasEsmExpiryEvent.
    #[resource(id = 0, ops = "r", name = "NasEsmExpiryEvent", mandatory)]
    pub nas_esm_expiry_event: i64,
}
