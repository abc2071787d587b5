//! Pressure monitoring sensor (3427), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Pressure monitoring sensor (3427).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3427, version = "1.1", name = "Pressure monitoring sensor", multiple, serde)]
pub struct PressureMonitoringSensor {
    /// Pressure, in Pa.
    #[resource(id = 1, ops = "r", mandatory, unit = "Pa")]
    pub pressure: f64,
    /// Sampling period, in s.
    #[resource(id = 2, ops = "rw", name = "Sampling period", unit = "s")]
    pub sampling_period: Option<i64>,
    /// Leak detected.
    #[resource(id = 3, ops = "r", name = "Leak detected")]
    pub leak_detected: Option<bool>,
    /// Hammer effect detected.
    #[resource(id = 4, ops = "r", name = "Hammer effect detected")]
    pub hammer_effect_detected: Option<bool>,
    /// Minimum measured pressure value, in Pa.
    #[resource(id = 5, ops = "r", name = "Minimum measured pressure value", unit = "Pa")]
    pub minimum_measured_pressure_value: Option<f64>,
    /// Maximum measured pressure value, in Pa.
    #[resource(id = 6, ops = "r", name = "Maximum measured pressure value", unit = "Pa")]
    pub maximum_measured_pressure_value: Option<f64>,
    /// Minimum range pressure value, in Pa.
    #[resource(id = 7, ops = "r", name = "Minimum range pressure value", unit = "Pa")]
    pub minimum_range_pressure_value: Option<f64>,
    /// Maximum range pressure value, in Pa.
    #[resource(id = 8, ops = "r", name = "Maximum range pressure value", unit = "Pa")]
    pub maximum_range_pressure_value: Option<f64>,
    /// Reset min and max measured pressure values.
    #[resource(id = 9, execute, name = "Reset min and max measured pressure values")]
    pub reset_min_and_max_measured_pressure_values: Option<Executable>,
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
