//! Set Point (3308), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Set Point (3308).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3308, version = "1.1", name = "Set Point", multiple, serde)]
pub struct SetPoint {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Sensor Units.
    #[resource(id = 5701, ops = "r")]
    pub sensor_units: Option<String>,
    /// Colour.
    #[resource(id = 5706, ops = "rw")]
    pub colour: Option<String>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Set Point Value.
    #[resource(id = 5900, ops = "rw", mandatory)]
    pub set_point_value: f64,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
