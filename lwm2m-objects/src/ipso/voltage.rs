//! Voltage (3316), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Voltage (3316).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3316, version = "1.1", name = "Voltage", multiple, serde)]
pub struct Voltage {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Min Measured Value.
    #[resource(id = 5601, ops = "r")]
    pub min_measured_value: Option<f64>,
    /// Max Measured Value.
    #[resource(id = 5602, ops = "r")]
    pub max_measured_value: Option<f64>,
    /// Min Range Value.
    #[resource(id = 5603, ops = "r")]
    pub min_range_value: Option<f64>,
    /// Max Range Value.
    #[resource(id = 5604, ops = "r")]
    pub max_range_value: Option<f64>,
    /// Reset Min and Max Measured Values.
    #[resource(id = 5605, execute, name = "Reset Min and Max Measured Values")]
    pub reset_min_and_max_measured_values: Option<Executable>,
    /// Sensor Value.
    #[resource(id = 5700, ops = "r", mandatory)]
    pub sensor_value: f64,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Current Calibration.
    #[resource(id = 5821, ops = "rw")]
    pub current_calibration: Option<f64>,
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
