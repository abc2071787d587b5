//! Message3Report (3377), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Message3Report (3377).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3377, name = "Message3Report", serde)]
pub struct Message3Report {
    /// tpc.
    #[resource(id = 0, ops = "r", name = "tpc", mandatory)]
    pub tpc: i64,
    /// resourceIndicatorValue.
    #[resource(id = 1, ops = "r", name = "resourceIndicatorValue", mandatory)]
    pub resource_indicator_value: i64,
    /// cqi.
    #[resource(id = 2, ops = "r", name = "cqi", mandatory)]
    pub cqi: i64,
    /// uplinkDelay.
    #[resource(id = 3, ops = "r", name = "uplinkDelay", mandatory)]
    pub uplink_delay: bool,
    /// hoppingEnabled.
    #[resource(id = 4, ops = "r", name = "hoppingEnabled", mandatory)]
    pub hopping_enabled: bool,
    /// numRb.
    #[resource(id = 5, ops = "r", name = "numRb", mandatory)]
    pub num_rb: i64,
    /// transportBlockSizeIndex.
    #[resource(id = 6, ops = "r", name = "transportBlockSizeIndex", mandatory)]
    pub transport_block_size_index: i64,
    /// ModulationType.
    #[resource(id = 7, ops = "r", name = "ModulationType", mandatory)]
    pub modulation_type: i64,
    /// redundancyVersionIndex.
    #[resource(id = 8, ops = "r", name = "redundancyVersionIndex", mandatory)]
    pub redundancy_version_index: i64,
}
