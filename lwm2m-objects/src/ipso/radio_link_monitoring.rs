//! radioLinkMonitoring (3374), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// radioLinkMonitoring (3374).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3374, name = "radioLinkMonitoring", serde)]
pub struct RadioLinkMonitoring {
    /// outOfSyncCount.
    #[resource(id = 2, ops = "r", name = "outOfSyncCount", mandatory)]
    pub out_of_sync_count: i64,
    /// inSyncCount.
    #[resource(id = 3, ops = "r", name = "inSyncCount", mandatory)]
    pub in_sync_count: i64,
    /// t310Timer.
    #[resource(id = 4, ops = "r", name = "t310Timer", mandatory)]
    pub t310_timer: bool,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}
