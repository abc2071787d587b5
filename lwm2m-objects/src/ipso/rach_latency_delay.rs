//! rachLatency_delay (3365), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// rachLatency_delay (3365).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3365, name = "rachLatency_delay", serde)]
pub struct RachLatencyDelay {
    /// rachLatencyVal.
    #[resource(id = 2, ops = "r", name = "rachLatencyVal", mandatory)]
    pub rach_latency_val: i64,
    /// delay.
    #[resource(id = 3, ops = "r", name = "delay", mandatory)]
    pub delay: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}
