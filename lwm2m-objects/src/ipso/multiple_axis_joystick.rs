//! Multiple Axis Joystick (3345), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Multiple Axis Joystick (3345).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3345, name = "Multiple Axis Joystick", multiple, serde)]
pub struct MultipleAxisJoystick {
    /// Digital Input State.
    #[resource(id = 5500, ops = "r")]
    pub digital_input_state: Option<bool>,
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// X Value.
    #[resource(id = 5702, ops = "r")]
    pub x_value: Option<f64>,
    /// Y Value.
    #[resource(id = 5703, ops = "r")]
    pub y_value: Option<f64>,
    /// Z Value.
    #[resource(id = 5704, ops = "r")]
    pub z_value: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
}
