//! Digital Input (3200), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object, Time};

/// Digital Input (3200).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3200, version = "1.1", name = "Digital Input", multiple, serde)]
pub struct DigitalInput {
    /// Digital Input State.
    #[resource(id = 5500, ops = "r", mandatory)]
    pub digital_input_state: bool,
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// Digital Input Polarity.
    #[resource(id = 5502, ops = "rw")]
    pub digital_input_polarity: Option<bool>,
    /// Digital Input Debounce, in ms.
    #[resource(id = 5503, ops = "rw", unit = "ms")]
    pub digital_input_debounce: Option<i64>,
    /// Digital Input Edge Selection.
    #[resource(id = 5504, ops = "rw", range(1, 3))]
    pub digital_input_edge_selection: Option<i64>,
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
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
