//! cellReselectionEvent (3354), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// cellReselectionEvent (3354).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3354, name = "cellReselectionEvent", serde)]
pub struct CellReselectionEvent {
    /// timeReselectionStart.
    #[resource(id = 0, ops = "r", name = "timeReselectionStart", mandatory)]
    pub time_reselection_start: i64,
    /// failureType.
    #[resource(id = 3, ops = "r", name = "failureType", mandatory)]
    pub failure_type: i64,
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
    /// CellID.
    #[resource(id = 6033, ops = "r", name = "CellID", mandatory)]
    pub cell_id: i64,
}
