//! Time synchronization (3415), version 2.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use lwm2m_core::Object;

/// Time synchronization (3415).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3415, version = "2.0", name = "Time synchronization", serde)]
pub struct TimeSynchronization {
    /// NTP server address.
    #[resource(id = 1, ops = "rw", name = "NTP server address", mandatory)]
    pub ntp_server_address: String,
    /// Backup NTP server address.
    #[resource(id = 2, ops = "rw", name = "Backup NTP server address")]
    pub backup_ntp_server_address: Option<String>,
    /// NTP period, in h.
    #[resource(id = 3, ops = "rw", name = "NTP period", unit = "h")]
    pub ntp_period: Option<i64>,
    /// Last time sync, in h.
    #[resource(id = 4, ops = "r", name = "Last time sync", unit = "h")]
    pub last_time_sync: Option<i64>,
    /// Time sync error.
    #[resource(id = 5, ops = "r", name = "Time sync error")]
    pub time_sync_error: Option<bool>,
}
