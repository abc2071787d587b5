//! ServingCellMeasurement (3370), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// ServingCellMeasurement (3370).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3370, name = "ServingCellMeasurement", serde)]
pub struct ServingCellMeasurement {
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
    /// pci.
    #[resource(id = 6034, ops = "r", name = "pci", mandatory)]
    pub pci: i64,
    /// rsrp.
    #[resource(id = 6035, ops = "r", name = "rsrp", mandatory)]
    pub rsrp: i64,
    /// rsrq.
    #[resource(id = 6036, ops = "r", name = "rsrq", mandatory)]
    pub rsrq: i64,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
    /// subFrameNumber.
    #[resource(id = 6038, ops = "r", name = "subFrameNumber", mandatory)]
    pub sub_frame_number: i64,
}
