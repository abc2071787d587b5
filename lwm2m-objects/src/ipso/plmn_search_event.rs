//! plmnSearchEvent (3352), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// plmnSearchEvent (3352).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3352, name = "plmnSearchEvent", multiple, serde)]
pub struct PlmnSearchEvent {
    /// timeScanStart.
    #[resource(id = 0, ops = "r", name = "timeScanStart", mandatory)]
    pub time_scan_start: i64,
    /// plmnID.
    #[resource(id = 6030, ops = "r", name = "plmnID", mandatory)]
    pub plmn_id: i64,
    /// BandIndicator.
    #[resource(id = 6031, ops = "r", name = "BandIndicator", mandatory)]
    pub band_indicator: i64,
    /// dlEarfcn.
    #[resource(id = 6032, ops = "r", name = "dlEarfcn", mandatory)]
    pub dl_earfcn: i64,
}
