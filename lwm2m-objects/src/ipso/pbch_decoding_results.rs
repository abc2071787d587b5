//! PbchDecodingResults (3378), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// PbchDecodingResults (3378).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3378, name = "PbchDecodingResults", serde)]
pub struct PbchDecodingResults {
    /// servingCellID.
    #[resource(id = 0, ops = "r", name = "servingCellID", mandatory)]
    pub serving_cell_id: i64,
    /// crcResult.
    #[resource(id = 1, ops = "r", name = "crcResult", mandatory)]
    pub crc_result: bool,
    /// sysFrameNumber.
    #[resource(id = 6037, ops = "r", name = "sysFrameNumber", mandatory)]
    pub sys_frame_number: i64,
}
