//! Load Control (3310), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Load Control (3310).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3310, version = "1.1", name = "Load Control", multiple, serde)]
pub struct LoadControl {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Event Identifier.
    #[resource(id = 5823, ops = "rw", mandatory)]
    pub event_identifier: String,
    /// Start Time.
    #[resource(id = 5824, ops = "rw", mandatory)]
    pub start_time: Time,
    /// Duration In Min, in min.
    #[resource(id = 5825, ops = "rw", mandatory, unit = "min")]
    pub duration_in_min: i64,
    /// Criticality Level.
    #[resource(id = 5826, ops = "rw", range(0, 3))]
    pub criticality_level: Option<i64>,
    /// Avg Load AdjPct, in /100.
    #[resource(id = 5827, ops = "rw", name = "Avg Load AdjPct", range(0, 100), unit = "/100")]
    pub avg_load_adj_pct: Option<i64>,
    /// Duty Cycle, in /100.
    #[resource(id = 5828, ops = "rw", range(0, 100), unit = "/100")]
    pub duty_cycle: Option<i64>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
