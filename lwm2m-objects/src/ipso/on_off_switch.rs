//! On/Off switch (3342), version 1.1.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Object, Time};

/// On/Off switch (3342).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3342, version = "1.1", name = "On/Off switch", multiple, serde)]
pub struct OnOffSwitch {
    /// Digital Input State.
    #[resource(id = 5500, ops = "r", mandatory)]
    pub digital_input_state: bool,
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// Timestamp.
    #[resource(id = 5518, ops = "r")]
    pub timestamp: Option<Time>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On time, in s.
    #[resource(id = 5852, ops = "rw", name = "On time", unit = "s")]
    pub on_time: Option<i64>,
    /// Off Time, in s.
    #[resource(id = 5854, ops = "rw", unit = "s")]
    pub off_time: Option<i64>,
    /// Fractional Timestamp, in s.
    #[resource(id = 6050, ops = "r", range(0, 1), unit = "s")]
    pub fractional_timestamp: Option<f64>,
}
