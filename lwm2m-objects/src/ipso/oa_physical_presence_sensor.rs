//! oA Physical Presence Sensor (3400), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// oA Physical Presence Sensor (3400).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3400, name = "oA Physical Presence Sensor", multiple, serde)]
pub struct OaPhysicalPresenceSensor {
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Error Status.
    #[resource(id = 907, ops = "r", mandatory, range(0, 255))]
    pub error_status: u64,
    /// Mounting Location.
    #[resource(id = 908, ops = "rw", mandatory, range(1, 64))]
    pub mounting_location: String,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
