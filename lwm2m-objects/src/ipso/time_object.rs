//! Time (3333), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Time (3333).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3333, version = "1.1", name = "Time", multiple, serde)]
pub struct TimeObject {
    /// Current Time.
    #[resource(id = 5506, ops = "rw", mandatory)]
    pub current_time: Time,
    /// Fractional Time, in s.
    #[resource(id = 5507, ops = "rw", range(0, 1), unit = "s")]
    pub fractional_time: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Measurement Quality Indicator.
    #[resource(id = 6042, ops = "r", range(0, 23))]
    pub measurement_quality_indicator: Option<i64>,
    /// Measurement Quality Level.
    #[resource(id = 6049, ops = "r", range(0, 100))]
    pub measurement_quality_level: Option<i64>,
}
