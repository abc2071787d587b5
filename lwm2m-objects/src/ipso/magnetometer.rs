//! Magnetometer (3314), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Magnetometer (3314).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3314, version = "1.1", name = "Magnetometer", multiple, serde)]
pub struct Magnetometer {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// X Value.
    #[resource(id = 5702, ops = "r", mandatory)]
    pub x_value: f64,
    /// Y Value.
    #[resource(id = 5703, ops = "r")]
    pub y_value: Option<f64>,
    /// Z Value.
    #[resource(id = 5704, ops = "r")]
    pub z_value: Option<f64>,
    /// Compass Direction, in deg.
    #[resource(id = 5705, ops = "r", range(0, 360), unit = "deg")]
    pub compass_direction: Option<f64>,
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
