//! oA Physical Illuminance Sensor (3398), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// oA Physical Illuminance Sensor (3398).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3398, name = "oA Physical Illuminance Sensor", multiple, serde)]
pub struct OaPhysicalIlluminanceSensor {
    /// Min Range Value, in lx.
    #[resource(id = 407, ops = "r", range(0, 65535), unit = "lx")]
    pub min_range_value: Option<u64>,
    /// Max Range Value, in lx.
    #[resource(id = 408, ops = "r", range(0, 65535), unit = "lx")]
    pub max_range_value: Option<u64>,
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
