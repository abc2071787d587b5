//! Location (3336), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Bytes, Object, Time};

/// Location (3336).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3336, version = "2.0", name = "Location", multiple, serde)]
pub struct Location {
    /// Velocity.
    #[resource(id = 5517, ops = "r")]
    pub velocity: Option<Bytes>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
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
    /// Numeric Latitude, in lat.
    #[resource(id = 6051, ops = "r", mandatory, unit = "lat")]
    pub numeric_latitude: f64,
    /// Numeric Longitude, in lon.
    #[resource(id = 6052, ops = "r", mandatory, unit = "lon")]
    pub numeric_longitude: f64,
    /// Numeric Uncertainty, in m.
    #[resource(id = 6053, ops = "r", unit = "m")]
    pub numeric_uncertainty: Option<f64>,
}
