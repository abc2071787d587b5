//! LWM2M Bearer Selection (13), version 1.1.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Objlnk};

/// LWM2M Bearer Selection (13): which networks the device is to take.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 13, version = "1.1", name = "LWM2M Bearer Selection", serde)]
pub struct BearerSelection {
    /// The lowest resource instance first: 0 any, 1 3GPP, 2 GSM, 3 UMTS, 4 LTE, 5 1xEV-DO, 6 circuit-switched, 7
    /// WLAN, 8 Ethernet, 9 DSL, 10 Bluetooth, 11 WiMAX, 12 LTE user plane, 13 LTE control plane, 14 NB-IoT control
    /// plane, 15 NB-IoT user plane, 16 5G-NR.
    #[resource(id = 0, ops = "rw", range(0, 100))]
    pub preferred_communications_bearer: BTreeMap<u16, i64>,
    /// Least signal, in dBm.
    #[resource(id = 1, ops = "rw", name = "Acceptable RSSI (GSM)", range(-110, -48))]
    pub acceptable_rssi_gsm: Option<i64>,
    /// Least signal, in dBm.
    #[resource(id = 2, ops = "rw", name = "Acceptable RSCP (UMTS)", range(-120, -25))]
    pub acceptable_rscp_umts: Option<i64>,
    /// Least signal, in dBm.
    #[resource(id = 3, ops = "rw", name = "Acceptable RSRP (LTE)", range(-140, -44))]
    pub acceptable_rsrp_lte: Option<i64>,
    /// Least signal, in dBm.
    #[resource(id = 4, ops = "rw", name = "Acceptable RSSI (1xEV-DO)")]
    pub acceptable_rssi_1xev_do: Option<i64>,
    /// Global cell identities that may be used, with commas.
    #[resource(id = 5, ops = "rw", name = "Cell lock list")]
    pub cell_lock_list: Option<String>,
    /// Country and network codes in order of preference, with commas.
    #[resource(id = 6, ops = "rw", name = "Operator list")]
    pub operator_list: Option<String>,
    /// Are others than those of the list forbidden?
    #[resource(id = 7, ops = "rw", name = "Operator list mode")]
    pub operator_list_mode: Option<bool>,
    /// What a scan found, as AT+COPS=? answers it.
    #[resource(id = 8, ops = "r", name = "List of available PLMNs")]
    pub list_of_available_plmns: Option<String>,
    /// An object of the vendor with more.
    #[resource(id = 9, ops = "r", name = "Vendor specific extensions")]
    pub vendor_specific_extensions: Option<Objlnk>,
    /// Least signal, in dBm.
    #[resource(id = 10, ops = "rw", name = "Acceptable RSRP (NB-IoT)", range(-158, -44))]
    pub acceptable_rsrp_nb_iot: Option<i64>,
    /// Time between searches for a better network, when roaming.
    #[resource(id = 11, ops = "rw", name = "Higher Priority PLMN Search Timer")]
    pub higher_priority_plmn_search_timer: Option<i64>,
    /// Attach without a data connection?
    #[resource(id = 12, ops = "rw", name = "Attach without PDN connection")]
    pub attach_without_pdn_connection: Option<bool>,
}
