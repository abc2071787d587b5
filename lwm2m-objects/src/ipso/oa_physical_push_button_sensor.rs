//! oA Physical Push-Button Sensor (3401), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// oA Physical Push-Button Sensor (3401).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3401, name = "oA Physical Push-Button Sensor", multiple, serde)]
pub struct OaPhysicalPushButtonSensor {
    /// Push-Button Status Value.
    #[resource(id = 201, ops = "r", name = "Push-Button Status Value", mandatory, enumeration(0, 1, 2))]
    pub push_button_status_value: u64,
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
    /// Digital Input Polarity.
    #[resource(id = 5502, ops = "rw", mandatory)]
    pub digital_input_polarity: bool,
    /// Digital Input Debounce, in ms.
    #[resource(id = 5503, ops = "rw", mandatory, unit = "ms")]
    pub digital_input_debounce: i64,
}
