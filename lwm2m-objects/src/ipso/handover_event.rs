//! handoverEvent (3355), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// handoverEvent (3355).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3355, name = "handoverEvent", serde)]
pub struct HandoverEvent {
    /// timeHandoverStart.
    #[resource(id = 0, ops = "r", name = "timeHandoverStart", mandatory)]
    pub time_handover_start: i64,
    /// handoverResult.
    #[resource(id = 3, ops = "r", name = "handoverResult", mandatory)]
    pub handover_result: i64,
    /// TargetEarfcn.
    #[resource(id = 4, ops = "r", name = "TargetEarfcn", mandatory)]
    pub target_earfcn: i64,
    /// TargetPhysicalCellID.
    #[resource(id = 5, ops = "r", name = "TargetPhysicalCellID", mandatory)]
    pub target_physical_cell_id: i64,
    /// targetCellRsrp.
    #[resource(id = 6, ops = "r", name = "targetCellRsrp", mandatory)]
    pub target_cell_rsrp: i64,
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
    /// CellID.
    #[resource(id = 6033, ops = "r", name = "CellID", mandatory)]
    pub cell_id: i64,
}
