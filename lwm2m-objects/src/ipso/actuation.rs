//! Actuation (3306), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Actuation (3306).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3306, version = "1.1", name = "Actuation", multiple, serde)]
pub struct Actuation {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off", mandatory)]
    pub on_off: bool,
    /// Dimmer, in /100.
    #[resource(id = 5851, ops = "rw", range(0, 100), unit = "/100")]
    pub dimmer: Option<i64>,
    /// On time, in s.
    #[resource(id = 5852, ops = "rw", name = "On time", unit = "s")]
    pub on_time: Option<i64>,
    /// Multi-state Output.
    #[resource(id = 5853, ops = "rw", name = "Multi-state Output")]
    pub multi_state_output: Option<String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
