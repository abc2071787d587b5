//! Analog Output (3203), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Analog Output (3203).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3203, version = "1.1", name = "Analog Output", multiple, serde)]
pub struct AnalogOutput {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Min Range Value.
    #[resource(id = 5603, ops = "r")]
    pub min_range_value: Option<f64>,
    /// Max Range Value.
    #[resource(id = 5604, ops = "r")]
    pub max_range_value: Option<f64>,
    /// Analog Output Current Value.
    #[resource(id = 5650, ops = "rw", mandatory, range(0, 1))]
    pub analog_output_current_value: f64,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
