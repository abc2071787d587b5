//! Colour (3335), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Colour (3335).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3335, version = "1.1", name = "Colour", multiple, serde)]
pub struct Colour {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Colour.
    #[resource(id = 5706, ops = "rw", mandatory)]
    pub colour: String,
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
