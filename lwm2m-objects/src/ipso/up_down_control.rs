//! Up/Down Control (3344), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Up/Down Control (3344).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3344, name = "Up/Down Control", multiple, serde)]
pub struct UpDownControl {
    /// Increase Input State.
    #[resource(id = 5532, ops = "r", mandatory)]
    pub increase_input_state: bool,
    /// Decrease Input State.
    #[resource(id = 5533, ops = "r", mandatory)]
    pub decrease_input_state: bool,
    /// Up Counter.
    #[resource(id = 5541, ops = "rw")]
    pub up_counter: Option<i64>,
    /// Down Counter.
    #[resource(id = 5542, ops = "rw")]
    pub down_counter: Option<i64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
}
