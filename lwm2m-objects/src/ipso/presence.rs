//! Presence (3302), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Presence (3302).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3302, version = "1.1", name = "Presence", multiple, serde)]
pub struct Presence {
    /// Digital Input State.
    #[resource(id = 5500, ops = "r", mandatory)]
    pub digital_input_state: bool,
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// Digital Input Counter Reset.
    #[resource(id = 5505, execute)]
    pub digital_input_counter_reset: Option<Executable>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Sensor Type.
    #[resource(id = 5751, ops = "r")]
    pub sensor_type: Option<String>,
    /// Busy to Clear delay, in ms.
    #[resource(id = 5903, ops = "rw", name = "Busy to Clear delay", unit = "ms")]
    pub busy_to_clear_delay: Option<i64>,
    /// Clear to Busy delay, in ms.
    #[resource(id = 5904, ops = "rw", name = "Clear to Busy delay", unit = "ms")]
    pub clear_to_busy_delay: Option<i64>,
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
