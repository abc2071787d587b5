//! TimingAdvance (3372), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// TimingAdvance (3372).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3372, name = "TimingAdvance", serde)]
pub struct TimingAdvance {
    /// timingAdvance.
    #[resource(id = 2, ops = "r", name = "timingAdvance", mandatory)]
    pub timing_advance: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}
