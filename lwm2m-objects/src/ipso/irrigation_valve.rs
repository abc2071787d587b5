//! Irrigation valve (3425), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Time};

/// Irrigation valve (3425).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3425, version = "1.1", name = "Irrigation valve", multiple, serde)]
pub struct IrrigationValve {
    /// Default status, in /100.
    #[resource(id = 1, ops = "rw", name = "Default status", range(0, 100), unit = "/100")]
    pub default_status: Option<i64>,
    /// Status, in /100.
    #[resource(id = 2, ops = "r", range(0, 100), unit = "/100")]
    pub status: Option<i64>,
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
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
