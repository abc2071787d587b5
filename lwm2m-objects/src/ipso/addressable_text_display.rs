//! Addressable Text Display (3341), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object};

/// Addressable Text Display (3341).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3341, name = "Addressable Text Display", multiple, serde)]
pub struct AddressableTextDisplay {
    /// Text.
    #[resource(id = 5527, ops = "rw", mandatory)]
    pub text: String,
    /// X Coordinate.
    #[resource(id = 5528, ops = "rw")]
    pub x_coordinate: Option<i64>,
    /// Y Coordinate.
    #[resource(id = 5529, ops = "rw")]
    pub y_coordinate: Option<i64>,
    /// Clear Display.
    #[resource(id = 5530, execute)]
    pub clear_display: Option<Executable>,
    /// Contrast, in /100.
    #[resource(id = 5531, ops = "rw", range(0, 100), unit = "/100")]
    pub contrast: Option<f64>,
    /// Max X Coordinate.
    #[resource(id = 5545, ops = "r")]
    pub max_x_coordinate: Option<i64>,
    /// Max Y Coordinate.
    #[resource(id = 5546, ops = "r")]
    pub max_y_coordinate: Option<i64>,
    /// Level, in /100.
    #[resource(id = 5548, ops = "rw", range(0, 100), unit = "/100")]
    pub level: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
}
