//! Stopwatch (3350), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Stopwatch (3350).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3350, version = "1.1", name = "Stopwatch", multiple, serde)]
pub struct Stopwatch {
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Cumulative Time, in s.
    #[resource(id = 5544, ops = "rw", mandatory, unit = "s")]
    pub cumulative_time: f64,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off")]
    pub on_off: Option<bool>,
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
