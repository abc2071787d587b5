//! oA Device (3388), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Corelnk, Object};

/// oA Device (3388).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3388, name = "oA Device", multiple, serde)]
pub struct OaDevice {
    /// OEM ID.
    #[resource(id = 500, ops = "r", name = "OEM ID", range(0, 64))]
    pub oem_id: Option<String>,
    /// OEM String.
    #[resource(id = 501, ops = "r", name = "OEM String", range(0, 64))]
    pub oem_string: Option<String>,
    /// CPU Temperature, in C.
    #[resource(id = 503, ops = "r", name = "CPU Temperature", mandatory, range(-128, 127), unit = "C")]
    pub cpu_temperature: i64,
    /// Executing Objects.
    #[resource(id = 504, ops = "r", mandatory)]
    pub executing_objects: BTreeMap<u16, Corelnk>,
    /// System Failure Time, in ms.
    #[resource(id = 505, ops = "rw", range(0, 65535), unit = "ms")]
    pub system_failure_time: Option<u64>,
    /// Documentary Description.
    #[resource(id = 901, ops = "rw", range(0, 256))]
    pub documentary_description: Option<String>,
    /// Error Status.
    #[resource(id = 907, ops = "r", mandatory, range(0, 65535))]
    pub error_status: u64,
    /// Mounting Location.
    #[resource(id = 908, ops = "rw", mandatory, range(1, 64))]
    pub mounting_location: String,
    /// Total Energy Usage, in Ws.
    #[resource(id = 910, ops = "r", mandatory, range(0, 18446744073709551615), unit = "Ws")]
    pub total_energy_usage: u64,
    /// Actual Power Usage, in W.
    #[resource(id = 911, ops = "r", mandatory, range(0, 4294967295), unit = "W")]
    pub actual_power_usage: u64,
    /// Accuracy Class.
    #[resource(id = 912, ops = "r", range(0, 64))]
    pub accuracy_class: Option<String>,
    /// BMS ID.
    #[resource(id = 929, ops = "rw", name = "BMS ID", range(0, 65535))]
    pub bms_id: Option<u64>,
    /// ObjectVersion.
    #[resource(id = 4001, ops = "r", name = "ObjectVersion")]
    pub object_version: Option<String>,
}
