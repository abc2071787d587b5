//! Direction (3332), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Direction (3332).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3332, version = "1.1", name = "Direction", multiple, serde)]
pub struct Direction {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Min Measured Value.
    #[resource(id = 5601, ops = "r")]
    pub min_measured_value: Option<f64>,
    /// Max Measured Value.
    #[resource(id = 5602, ops = "r")]
    pub max_measured_value: Option<f64>,
    /// Reset Min and Max Measured Values.
    #[resource(id = 5605, execute, name = "Reset Min and Max Measured Values")]
    pub reset_min_and_max_measured_values: Option<Executable>,
    /// Compass Direction, in deg.
    #[resource(id = 5705, ops = "r", mandatory, range(0, 360), unit = "deg")]
    pub compass_direction: f64,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Measurement Quality Indicator.
    #[resource(id = 6042, ops = "r", range(0, 23))]
    pub measurement_quality_indicator: Option<i64>,
    /// Measurement Quality Level.
    #[resource(id = 6049, ops = "r", range(0, 100))]
    pub measurement_quality_level: Option<i64>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
