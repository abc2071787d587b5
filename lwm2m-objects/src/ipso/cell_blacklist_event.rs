//! cellBlacklistEvent (3359), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// cellBlacklistEvent (3359).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3359, name = "cellBlacklistEvent", serde)]
pub struct CellBlacklistEvent {
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
    /// CellID.
    #[resource(id = 6033, ops = "r", name = "CellID", mandatory)]
    pub cell_id: i64,
}
