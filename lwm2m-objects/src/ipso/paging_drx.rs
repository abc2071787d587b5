//! PagingDRX (3375), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// PagingDRX (3375).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3375, name = "PagingDRX", serde)]
pub struct PagingDrx {
    /// pagingCycle.
    #[resource(id = 2, ops = "r", name = "pagingCycle", mandatory)]
    pub paging_cycle: i64,
    /// DrxNb.
    #[resource(id = 3, ops = "r", name = "DrxNb", mandatory)]
    pub drx_nb: i64,
    /// ueID.
    #[resource(id = 4, ops = "r", name = "ueID", mandatory)]
    pub ue_id: i64,
    /// drxSysFrameNumOffset.
    #[resource(id = 5, ops = "r", name = "drxSysFrameNumOffset", mandatory)]
    pub drx_sys_frame_num_offset: i64,
    /// drxSubFrameNumOffset.
    #[resource(id = 6, ops = "r", name = "drxSubFrameNumOffset", mandatory)]
    pub drx_sub_frame_num_offset: i64,
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
    /// pci.
    #[resource(id = 6034, ops = "r", name = "pci", mandatory)]
    pub pci: i64,
}
