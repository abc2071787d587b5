//! LED color light (3420), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// LED color light (3420).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3420, name = "LED color light", multiple, serde)]
pub struct LedColorLight {
    /// RGB value.
    #[resource(id = 1, ops = "rw", name = "RGB value", mandatory)]
    pub rgb_value: String,
}
