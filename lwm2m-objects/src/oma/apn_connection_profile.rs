//! LWM2M APN Connection Profile (11), version 1.1.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Objlnk, SecretText, Time};

/// LWM2M APN Connection Profile (11): a way into a cellular network, and how its connections went.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 11, version = "1.1", name = "LWM2M APN Connection Profile", multiple, serde)]
pub struct ApnConnectionProfile {
    /// For people.
    #[resource(id = 0, ops = "rw", name = "Profile name", mandatory)]
    pub profile_name: String,
    /// Access point name; empty: the default of the network. Absent with
    /// [`auto_select_apn_by_device`](Self::auto_select_apn_by_device).
    #[resource(id = 1, ops = "rw", name = "APN")]
    pub apn: Option<String>,
    /// May the device choose the access point name?
    #[resource(id = 2, ops = "rw", name = "Auto select APN by device")]
    pub auto_select_apn_by_device: Option<bool>,
    /// May it be used? Disabling ends its connection.
    #[resource(id = 3, ops = "rw", name = "Enable status")]
    pub enable_status: Option<bool>,
    /// 0 PAP, 1 CHAP, 2 either, 3 none.
    #[resource(id = 4, ops = "rw", mandatory)]
    pub authentication_type: i64,
    /// For PAP and CHAP.
    #[resource(id = 5, ops = "rw")]
    pub user_name: Option<String>,
    /// For PAP and CHAP.
    #[resource(id = 6, ops = "rw")]
    pub secret: Option<SecretText>,
    /// Waits between attempts in seconds, for example `10,60,600`.
    #[resource(id = 7, ops = "rw")]
    pub reconnect_schedule: Option<String>,
    /// Networks that it is for: country code, comma, network code.
    #[resource(id = 8, ops = "rw", name = "Validity (MCC, MNC)")]
    pub validity_mcc_mnc: BTreeMap<u16, String>,
    /// When connections were asked for. Resources 9 to 12 are one list: the same resource instance is the same
    /// attempt.
    #[resource(id = 9, ops = "r", name = "Connection establishment time (1)")]
    pub connection_establishment_time: BTreeMap<u16, Time>,
    /// 0 accepted, 1 rejected.
    #[resource(id = 10, ops = "r", name = "Connection establishment result (1)")]
    pub connection_establishment_result: BTreeMap<u16, i64>,
    /// As 3GPP TS 24.008 and 24.301 number them.
    #[resource(id = 11, ops = "r", name = "Connection establishment reject cause (1)", range(0, 111))]
    pub connection_establishment_reject_cause: BTreeMap<u16, i64>,
    /// When the connections ended.
    #[resource(id = 12, ops = "r", name = "Connection end time (1)")]
    pub connection_end_time: BTreeMap<u16, Time>,
    /// Since the last restart.
    #[resource(id = 13, ops = "r", name = "TotalBytesSent")]
    pub total_bytes_sent: Option<i64>,
    /// Since the last restart.
    #[resource(id = 14, ops = "r", name = "TotalBytesReceived")]
    pub total_bytes_received: Option<i64>,
    /// IPv4 or IPv6. Resources 15 to 20 are one list.
    #[resource(id = 15, ops = "rw", name = "IP address (2)")]
    pub ip_address: BTreeMap<u16, String>,
    /// Of an IPv6 address.
    #[resource(id = 16, ops = "rw", name = "Prefix length(2)")]
    pub prefix_length: BTreeMap<u16, String>,
    /// Of an IPv4 address.
    #[resource(id = 17, ops = "rw", name = "Subnet mask (2)")]
    pub subnet_mask: BTreeMap<u16, String>,
    /// Next hop.
    #[resource(id = 18, ops = "rw", name = "Gateway (2)")]
    pub gateway: BTreeMap<u16, String>,
    /// First name server.
    #[resource(id = 19, ops = "rw", name = "Primary DNS address (2)")]
    pub primary_dns_address: BTreeMap<u16, String>,
    /// Second name server.
    #[resource(id = 20, ops = "rw", name = "Secondary DNS address (2)")]
    pub secondary_dns_address: BTreeMap<u16, String>,
    /// Quality of service class to ask for; LTE and NB-IoT.
    #[resource(id = 21, ops = "r", name = "QCI (3)", range(1, 9))]
    pub qci: Option<i64>,
    /// An object of the vendor with more.
    #[resource(id = 22, ops = "r", name = "Vendor specific extensions")]
    pub vendor_specific_extensions: Option<Objlnk>,
    /// Since the last restart.
    #[resource(id = 23, ops = "r", name = "TotalPacketsSent")]
    pub total_packets_sent: Option<i64>,
    /// 0 non-IP, 1 IPv4, 2 IPv6, 3 both.
    #[resource(id = 24, ops = "rw", name = "PDN Type")]
    pub pdn_type: Option<i64>,
    /// Messages that may be sent in a [time unit](Self::uplink_time_unit).
    #[resource(id = 25, ops = "r", name = "APN Rate Control")]
    pub apn_rate_control: Option<i64>,
    /// Messages over NAS that may be sent in a time unit.
    #[resource(id = 26, ops = "rw", name = "Serving PLMN Rate control")]
    pub serving_plmn_rate_control: Option<u64>,
    /// 0 without limit, 1 minute, 2 hour, 3 day, 4 week.
    #[resource(id = 27, ops = "rw", range(0, 4))]
    pub uplink_time_unit: Option<u64>,
    /// Messages with exception data that may be sent in a [time unit](Self::apn_exception_data_uplink_time_unit).
    #[resource(id = 28, ops = "r", name = "APN Rate Control for Exception Data")]
    pub apn_rate_control_for_exception_data: Option<i64>,
    /// As resource 27.
    #[resource(id = 29, ops = "rw", name = "APN Exception Data Uplink Time Unit", range(0, 4))]
    pub apn_exception_data_uplink_time_unit: Option<u64>,
    /// Radio technologies it may be used with, numbered as in object 13.
    #[resource(id = 30, ops = "rw", name = "Supported RAT Types")]
    pub supported_rat_types: BTreeMap<u16, u64>,
    /// Application, by the same resource instance as its ports.
    #[resource(id = 31, ops = "rw", name = "RDS Application ID")]
    pub rds_application_id: BTreeMap<u16, String>,
    /// Port of the server over non-IP.
    #[resource(id = 32, ops = "rw", name = "RDS Destination Port", range(0, 15))]
    pub rds_destination_port: BTreeMap<u16, i64>,
    /// Port of the device over non-IP.
    #[resource(id = 33, ops = "rw", name = "RDS Source Port", range(0, 15))]
    pub rds_source_port: BTreeMap<u16, i64>,
}
