//! Tilt sensor (3429), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Tilt sensor (3429).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3429, version = "1.1", name = "Tilt sensor", multiple, serde)]
pub struct TiltSensor {
    /// Angle, in rad.
    #[resource(id = 1, ops = "r", mandatory, unit = "rad")]
    pub angle: f64,
    /// Minimum measured Angle, in rad.
    #[resource(id = 2, ops = "r", name = "Minimum measured Angle", unit = "rad")]
    pub minimum_measured_angle: Option<f64>,
    /// Maximum measured angle, in rad.
    #[resource(id = 3, ops = "r", name = "Maximum measured angle", unit = "rad")]
    pub maximum_measured_angle: Option<f64>,
    /// Reset min max angles.
    #[resource(id = 4, execute, name = "Reset min max angles")]
    pub reset_min_max_angles: Option<Executable>,
    /// Out of position threshold, in rad.
    #[resource(id = 5, ops = "rw", name = "Out of position threshold", unit = "rad")]
    pub out_of_position_threshold: Option<f64>,
    /// Out of position.
    #[resource(id = 6, ops = "r", name = "Out of position")]
    pub out_of_position: Option<bool>,
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
