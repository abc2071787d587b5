//! Dimmer (3343), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Dimmer (3343).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3343, name = "Dimmer", multiple, serde)]
pub struct Dimmer {
    /// Level, in /100.
    #[resource(id = 5548, ops = "rw", mandatory, range(0, 100), unit = "/100")]
    pub level: f64,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On time, in s.
    #[resource(id = 5852, ops = "rw", name = "On time", unit = "s")]
    pub on_time: Option<i64>,
    /// Off Time, in s.
    #[resource(id = 5854, ops = "rw", unit = "s")]
    pub off_time: Option<i64>,
}
