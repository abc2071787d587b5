//! Noise sensor (3433), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Noise sensor (3433).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3433, version = "1.1", name = "Noise sensor", multiple, serde)]
pub struct NoiseSensor {
    /// Gunshot detected.
    #[resource(id = 1, ops = "r", name = "Gunshot detected")]
    pub gunshot_detected: Option<bool>,
    /// Abnormal noise detected.
    #[resource(id = 2, ops = "r", name = "Abnormal noise detected")]
    pub abnormal_noise_detected: Option<bool>,
    /// Sensor Value.
    #[resource(id = 3, ops = "r", mandatory)]
    pub sensor_value: f64,
    /// Minimum measured value, in dB.
    #[resource(id = 4, ops = "r", name = "Minimum measured value", unit = "dB")]
    pub minimum_measured_value: Option<f64>,
    /// Maximum measured value, in dB.
    #[resource(id = 5, ops = "r", name = "Maximum measured value", unit = "dB")]
    pub maximum_measured_value: Option<f64>,
    /// Minimum range value, in dB.
    #[resource(id = 6, ops = "r", name = "Minimum range value", unit = "dB")]
    pub minimum_range_value: Option<f64>,
    /// Maximum range value, in dB.
    #[resource(id = 7, ops = "r", name = "Maximum range value", unit = "dB")]
    pub maximum_range_value: Option<f64>,
    /// Reset min and max values.
    #[resource(id = 8, execute, name = "Reset min and max values")]
    pub reset_min_and_max_values: Option<Executable>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
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
