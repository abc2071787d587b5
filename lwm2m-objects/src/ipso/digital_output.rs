//! Digital Output (3201), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Digital Output (3201).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3201, version = "1.1", name = "Digital Output", multiple, serde)]
pub struct DigitalOutput {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Digital Output State.
    #[resource(id = 5550, ops = "rw", mandatory)]
    pub digital_output_state: bool,
    /// Digital Output Polarity.
    #[resource(id = 5551, ops = "rw")]
    pub digital_output_polarity: Option<bool>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
