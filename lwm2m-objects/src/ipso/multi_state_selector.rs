//! Multi-state Selector (3348), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// Multi-state Selector (3348).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3348, version = "1.1", name = "Multi-state Selector", multiple, serde)]
pub struct MultiStateSelector {
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Multi-state Input.
    #[resource(id = 5547, ops = "r", name = "Multi-state Input", mandatory)]
    pub multi_state_input: i64,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
