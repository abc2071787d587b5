//! uCIFI Generic Actuator (3413), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Time};

/// uCIFI Generic Actuator (3413).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3413, version = "1.1", name = "uCIFI Generic Actuator", multiple, serde)]
pub struct UcifiGenericActuator {
    /// Default dimming level, in /100.
    #[resource(id = 1, ops = "rw", name = "Default dimming level", range(0, 100), unit = "/100")]
    pub default_dimming_level: Option<i64>,
    /// Dimming level, in /100.
    #[resource(id = 2, ops = "r", name = "Dimming level", range(0, 100), unit = "/100")]
    pub dimming_level: Option<i64>,
    /// Command, in /100.
    #[resource(id = 3, ops = "rw", range(0, 100), unit = "/100")]
    pub command: Option<i64>,
    /// Command in action, in /100.
    #[resource(id = 4, ops = "r", name = "Command in action", range(0, 100), unit = "/100")]
    pub command_in_action: Option<i64>,
    /// Scheduler ID.
    #[resource(id = 5, ops = "rw", name = "Scheduler ID")]
    pub scheduler_id: BTreeMap<u16, i64>,
    /// Invalid scheduler.
    #[resource(id = 6, ops = "r", name = "Invalid scheduler")]
    pub invalid_scheduler: Option<bool>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
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
