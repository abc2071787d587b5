//! 5GNR Connectivity (27), version 1.0.

use std::collections::BTreeMap;

use lwm2m_core::Object;

/// 5GNR Connectivity (27): the connection to a 5G network. Most of it is known in stand-alone mode only.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 27, version = "1.0", name = "5GNR Connectivity", multiple, serde)]
pub struct NrConnectivity {
    /// Deployment option of 3GPP: 1 and 3 with the core of 4G, 2, 4, 5 and 7 with that of 5G.
    #[resource(id = 0, ops = "r", mandatory)]
    pub connectivity_option: i64,
    /// Bands of the device, numbered as in 3GPP TS 38.104.
    #[resource(id = 1, ops = "r", name = "NR Band Support available")]
    pub nr_band_support_available: BTreeMap<u16, i64>,
    /// Bands in use.
    #[resource(id = 2, ops = "r", name = "NR Band attached")]
    pub nr_band_attached: BTreeMap<u16, i64>,
    /// Slices: 0 broadband, 1 low latency, 2 massive IoT, 3 custom.
    #[resource(id = 3, ops = "r", name = "S-NSSAI")]
    pub s_nssai: BTreeMap<u16, i64>,
    /// Data network name.
    #[resource(id = 4, ops = "r", name = "DNN Name")]
    pub dnn_name: Option<String>,
    /// Session that LwM2M runs over.
    #[resource(id = 5, ops = "r", name = "PDU Session Id", range(1, 15))]
    pub pdu_session_id: Option<i64>,
    /// Mode of session and service continuity.
    #[resource(id = 6, ops = "r", name = "SSC Mode", range(1, 3))]
    pub ssc_mode: Option<i64>,
    /// 1 IPv4, 2 IPv6, 3 both, 4 unstructured, 5 Ethernet.
    #[resource(id = 7, ops = "r", name = "PDU Session Type")]
    pub pdu_session_type: Option<i64>,
    /// 5G quality of service identifier; from 128 as the operator defines.
    #[resource(id = 8, ops = "r", name = "5QI")]
    pub fiveqi: Option<i64>,
    /// 0 uplink, 1 downlink, 2 both.
    #[resource(id = 9, ops = "r", name = "SDAP Enablement")]
    pub sdap_enablement: Option<i64>,
    /// QoS flow identifier.
    #[resource(id = 10, ops = "r", name = "QFI", range(1, 63))]
    pub qfi: Option<i64>,
    /// Greatest bit rate of the session, in the coding of 3GPP.
    #[resource(id = 11, ops = "r", name = "Session AMBR", range(1, 25))]
    pub session_ambr: Option<i64>,
    /// Greatest bit rate of the access point.
    #[resource(id = 12, ops = "r", name = "APN-AMBR", unit = "dB")]
    pub apn_ambr: Option<i64>,
    /// Reflective QoS of NAS?
    #[resource(id = 13, ops = "r", name = "NAS Reflective QOS")]
    pub nas_reflective_qos: Option<bool>,
    /// Reflective QoS of the access stratum?
    #[resource(id = 14, ops = "r", name = "Access Stratum Reflective QoS")]
    pub access_stratum_reflective_qos: Option<bool>,
    /// Index of the address of the P-CSCF.
    #[resource(id = 15, ops = "r", name = "P-CSCF Address Index")]
    pub p_cscf_address_index: Option<i64>,
    /// 0 primary, 1 secondary, 2 both.
    #[resource(id = 16, ops = "r", name = "PDU session Authentication")]
    pub pdu_session_authentication: Option<i64>,
    /// Network the device is attached to.
    #[resource(id = 17, ops = "r", name = "PLMN ID")]
    pub plmn_id: Option<String>,
    /// Are local area data networks supported?
    #[resource(id = 18, ops = "r", name = "LADN Support")]
    pub ladn_support: Option<bool>,
    /// 0 none, 1 up to 64 kbit/s, 2 at full rate.
    #[resource(id = 19, ops = "r", name = "Integrity Protection on DRB")]
    pub integrity_protection_on_drb: Option<i64>,
    /// Is an access other than 3GPP preferred?
    #[resource(id = 20, ops = "r", name = "Access type Preference")]
    pub access_type_preference: Option<bool>,
}
