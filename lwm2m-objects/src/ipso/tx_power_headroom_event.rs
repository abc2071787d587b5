//! txPowerHeadroomEvent (3373), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// txPowerHeadroomEvent (3373).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3373, name = "txPowerHeadroomEvent", serde)]
pub struct TxPowerHeadroomEvent {
    /// headroom-value.
    #[resource(id = 2, ops = "r", name = "headroom-value", mandatory)]
    pub headroom_value: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}
