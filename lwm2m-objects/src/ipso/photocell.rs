//! Photocell (3419), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Photocell (3419).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3419, version = "1.1", name = "Photocell", multiple, serde)]
pub struct Photocell {
    /// ON lux level, in lx.
    #[resource(id = 1, ops = "rw", name = "ON lux level", unit = "lx")]
    pub on_lux_level: Option<f64>,
    /// OFF lux level, in lx.
    #[resource(id = 2, ops = "rw", name = "OFF lux level", unit = "lx")]
    pub off_lux_level: Option<f64>,
    /// Photocell status.
    #[resource(id = 3, ops = "r", name = "Photocell status")]
    pub photocell_status: Option<bool>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
