//! Device Extension (3410), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Time};

/// Device Extension (3410).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3410, version = "2.0", name = "Device Extension", serde)]
pub struct DeviceExtension {
    /// GTIN model number.
    #[resource(id = 1, ops = "r", name = "GTIN model number")]
    pub gtin_model_number: Option<String>,
    /// Manufacturer identifier.
    #[resource(id = 2, ops = "r", name = "Manufacturer identifier", mandatory)]
    pub manufacturer_identifier: String,
    /// User-given name.
    #[resource(id = 3, ops = "rw", name = "User-given name")]
    pub user_given_name: Option<String>,
    /// Asset identifier.
    #[resource(id = 4, ops = "rw", name = "Asset identifier")]
    pub asset_identifier: Option<String>,
    /// Installation date.
    #[resource(id = 5, ops = "rw", name = "Installation date")]
    pub installation_date: Option<Time>,
    /// Software update.
    #[resource(id = 6, ops = "rw", name = "Software update")]
    pub software_update: Option<bool>,
    /// Maintenance.
    #[resource(id = 7, ops = "rw")]
    pub maintenance: Option<bool>,
    /// Configuration reset.
    #[resource(id = 8, execute, name = "Configuration reset")]
    pub configuration_reset: Option<Executable>,
    /// Device operating hours, in h.
    #[resource(id = 9, ops = "r", name = "Device operating hours", unit = "h")]
    pub device_operating_hours: Option<i64>,
    /// Additional firmware information.
    #[resource(id = 10, ops = "r", name = "Additional firmware information")]
    pub additional_firmware_information: Option<String>,
    /// DST Start, in s.
    #[resource(id = 11, ops = "rw", name = "DST Start", unit = "s")]
    pub dst_start: BTreeMap<u16, Time>,
    /// DST End.
    #[resource(id = 12, ops = "rw", name = "DST End")]
    pub dst_end: BTreeMap<u16, Time>,
    /// DST Offset.
    #[resource(id = 13, ops = "rw", name = "DST Offset")]
    pub dst_offset: BTreeMap<u16, String>,
    /// Uptime, in s.
    #[resource(id = 14, ops = "r", unit = "s")]
    pub uptime: Option<i64>,
    /// RFD device.
    #[resource(id = 15, ops = "r", name = "RFD device")]
    pub rfd_device: Option<bool>,
}
