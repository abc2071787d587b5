//! Timer (3340), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::{Executable, Object};

/// Timer (3340).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3340, name = "Timer", multiple, serde)]
pub struct Timer {
    /// Digital Input Counter.
    #[resource(id = 5501, ops = "r")]
    pub digital_input_counter: Option<i64>,
    /// Delay Duration, in s.
    #[resource(id = 5521, ops = "rw", mandatory, unit = "s")]
    pub delay_duration: f64,
    /// Trigger.
    #[resource(id = 5523, execute)]
    pub trigger: Option<Executable>,
    /// Minimum Off-time, in s.
    #[resource(id = 5525, ops = "rw", name = "Minimum Off-time", unit = "s")]
    pub minimum_off_time: Option<f64>,
    /// Timer Mode.
    #[resource(id = 5526, ops = "rw", range(0, 4))]
    pub timer_mode: Option<i64>,
    /// Counter.
    #[resource(id = 5534, ops = "rw")]
    pub counter: Option<i64>,
    /// Remaining Time, in s.
    #[resource(id = 5538, ops = "r", unit = "s")]
    pub remaining_time: Option<f64>,
    /// Digital State.
    #[resource(id = 5543, ops = "r")]
    pub digital_state: Option<bool>,
    /// Cumulative Time, in s.
    #[resource(id = 5544, ops = "rw", unit = "s")]
    pub cumulative_time: Option<f64>,
    /// Application Type.
    #[resource(id = 5750, ops = "rw")]
    pub application_type: Option<String>,
    /// On/Off.
    #[resource(id = 5850, ops = "rw", name = "On/Off")]
    pub on_off: Option<bool>,
}
