//! Parking Sensor (3431), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Parking Sensor (3431).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3431, version = "1.1", name = "Parking Sensor", multiple, serde)]
pub struct ParkingSensor {
    /// Occupancy.
    #[resource(id = 1, ops = "r", mandatory)]
    pub occupancy: bool,
    /// Duration, in s.
    #[resource(id = 2, ops = "r", unit = "s")]
    pub duration: Option<i64>,
    /// Daily Duration, in s.
    #[resource(id = 3, ops = "r", unit = "s")]
    pub daily_duration: Option<i64>,
    /// Forbidden parking detected.
    #[resource(id = 4, ops = "r", name = "Forbidden parking detected")]
    pub forbidden_parking_detected: Option<bool>,
    /// Type of Sensor.
    #[resource(id = 5, ops = "rw", name = "Type of Sensor")]
    pub type_of_sensor: Option<String>,
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
