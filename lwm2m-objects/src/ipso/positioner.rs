//! Positioner (3337), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Positioner (3337).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3337, version = "1.1", name = "Positioner", multiple, serde)]
pub struct Positioner {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Min Limit.
    #[resource(id = 5519, ops = "r")]
    pub min_limit: Option<f64>,
    /// Max Limit.
    #[resource(id = 5520, ops = "r")]
    pub max_limit: Option<f64>,
    /// Current Position, in /100.
    #[resource(id = 5536, ops = "rw", mandatory, range(0, 100), unit = "/100")]
    pub current_position: f64,
    /// Transition Time, in s.
    #[resource(id = 5537, ops = "rw", unit = "s")]
    pub transition_time: Option<f64>,
    /// Remaining Time, in s.
    #[resource(id = 5538, ops = "r", unit = "s")]
    pub remaining_time: Option<f64>,
    /// Min Measured Value.
    #[resource(id = 5601, ops = "r")]
    pub min_measured_value: Option<f64>,
    /// Max Measured Value.
    #[resource(id = 5602, ops = "r")]
    pub max_measured_value: Option<f64>,
    /// Reset Min and Max Measured Values.
    #[resource(id = 5605, execute, name = "Reset Min and Max Measured Values")]
    pub reset_min_and_max_measured_values: Option<Executable>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
