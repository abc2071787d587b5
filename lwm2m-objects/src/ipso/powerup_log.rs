//! powerupLog (3351), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// powerupLog (3351).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3351, name = "powerupLog", serde)]
pub struct PowerupLog {
    /// deviceName.
    #[resource(id = 0, ops = "r", name = "deviceName", mandatory)]
    pub device_name: String,
    /// toolVersion.
    #[resource(id = 1, ops = "r", name = "toolVersion", mandatory)]
    pub tool_version: String,
    /// IMEI.
    #[resource(id = 2, ops = "r", name = "IMEI", mandatory)]
    pub imei: String,
    /// IMSI.
    #[resource(id = 3, ops = "r", name = "IMSI", mandatory)]
    pub imsi: String,
    /// MSISDN.
    #[resource(id = 4, ops = "r", name = "MSISDN", mandatory)]
    pub msisdn: String,
}
