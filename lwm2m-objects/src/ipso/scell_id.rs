//! scellID (3353), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// scellID (3353).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3353, name = "scellID", serde)]
pub struct ScellId {
    /// TrackingAreaCode.
    #[resource(id = 2, ops = "r", name = "TrackingAreaCode", mandatory)]
    pub tracking_area_code: i64,
    /// plmnID.
    #[resource(id = 6030, ops = "r", name = "plmnID", mandatory)]
    pub plmn_id: i64,
    /// BandIndicator.
    #[resource(id = 6031, ops = "r", name = "BandIndicator", mandatory)]
    pub band_indicator: i64,
    /// CellID.
    #[resource(id = 6033, ops = "r", name = "CellID", mandatory)]
    pub cell_id: i64,
}
