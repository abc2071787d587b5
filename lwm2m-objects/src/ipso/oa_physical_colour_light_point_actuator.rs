//! oA Physical Colour Light-Point Actuator (3396), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Object};

/// oA Physical Colour Light-Point Actuator (3396).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3396, name = "oA Physical Colour Light-Point Actuator", multiple, serde)]
pub struct OaPhysicalColourLightPointActuator {
    /// Current Intensity.
    #[resource(id = 100, ops = "r", mandatory, range(0, 1))]
    pub current_intensity: f64,
    /// Remaining Transition Time, in ms.
    #[resource(id = 102, ops = "r", mandatory, range(0, 65535), unit = "ms")]
    pub remaining_transition_time: u64,
    /// Physical Minimum Intensity.
    #[resource(id = 103, ops = "r", range(0.000001, 1))]
    pub physical_minimum_intensity: Option<f64>,
    /// Minimum Intensity.
    #[resource(id = 104, ops = "rw", mandatory, range(0.000001, 1))]
    pub minimum_intensity: f64,
    /// Maximum Intensity.
    #[resource(id = 105, ops = "rw", mandatory, range(0.000001, 1))]
    pub maximum_intensity: f64,
    /// Power On Behaviour.
    #[resource(id = 110, ops = "rw", enumeration(0, 1, 2))]
    pub power_on_behaviour: Option<u64>,
    /// Power On Intensity.
    #[resource(id = 111, ops = "rw", range(0.000001, 1))]
    pub power_on_intensity: Option<f64>,
    /// Stored Intensity.
    #[resource(id = 114, ops = "r", range(0.000001, 1))]
    pub stored_intensity: Option<f64>,
    /// System Failure Intensity.
    #[resource(id = 115, ops = "rw", range(0.000001, 1))]
    pub system_failure_intensity: Option<f64>,
    /// Current Colour Y, in K.
    #[resource(id = 122, ops = "r", mandatory, range(0, 10000), unit = "K")]
    pub current_colour_y: u64,
    /// Current Colour X, in K.
    #[resource(id = 123, ops = "r", mandatory, range(0, 10000), unit = "K")]
    pub current_colour_x: u64,
    /// Remaining Colour Transition Time, in ms.
    #[resource(id = 124, ops = "r", mandatory, range(0, 65535), unit = "ms")]
    pub remaining_colour_transition_time: u64,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Error Status.
    #[resource(id = 907, ops = "r", mandatory)]
    pub error_status: Bytes,
    /// Mounting Location, in B.
    #[resource(id = 908, ops = "rw", mandatory, range(1, 64), unit = "B")]
    pub mounting_location: String,
    /// Total Energy Usage, in Ws.
    #[resource(id = 910, ops = "r", mandatory, range(0, 18446744073709551615), unit = "Ws")]
    pub total_energy_usage: u64,
    /// Actual Power Usage, in W.
    #[resource(id = 911, ops = "r", mandatory, range(0, 4294967295), unit = "W")]
    pub actual_power_usage: u64,
    /// Accuracy Class.
    #[resource(id = 912, ops = "r", range(0, 64))]
    pub accuracy_class: Option<String>,
    /// Operating Hours, in h.
    #[resource(id = 930, ops = "r", mandatory, range(0, 4294967295), unit = "h")]
    pub operating_hours: u64,
    /// Adjusted Operating Hours.
    #[resource(id = 931, ops = "r", mandatory, range(0, 4294967295))]
    pub adjusted_operating_hours: u64,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off", mandatory)]
    pub on_off: bool,
}
