//! Buzzer (3338), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Buzzer (3338).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3338, version = "1.1", name = "Buzzer", multiple, serde)]
pub struct Buzzer {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Delay Duration, in s.
    #[resource(id = 5521, ops = "rw", unit = "s")]
    pub delay_duration: Option<f64>,
    /// Minimum Off-time, in s.
    #[resource(id = 5525, ops = "rw", name = "Minimum Off-time", mandatory, unit = "s")]
    pub minimum_off_time: f64,
    /// Level, in /100.
    #[resource(id = 5548, ops = "rw", range(0, 100), unit = "/100")]
    pub level: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off", mandatory)]
    pub on_off: bool,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
