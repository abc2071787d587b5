//! Bitmap (3349), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Time};

/// Bitmap (3349).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3349, version = "1.1", name = "Bitmap", multiple, serde)]
pub struct Bitmap {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Bitmap Input.
    #[resource(id = 5910, ops = "r", mandatory)]
    pub bitmap_input: i64,
    /// Bitmap Input Reset.
    #[resource(id = 5911, execute)]
    pub bitmap_input_reset: Option<Executable>,
    /// Element Description.
    #[resource(id = 5912, ops = "rw")]
    pub element_description: BTreeMap<u16, String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
