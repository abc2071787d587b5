//! Connectivity Monitoring (4), version 1.3. [Core 1.2 §E.5]

use std::collections::BTreeMap;

use lwm2m_core::{Enumeration, Object};

/// Connectivity Monitoring (4): the network that the device is reached over.
#[derive(Object, Clone, Debug, PartialEq)]
#[object(id = 4, version = "1.3", serde)]
pub struct ConnectivityMonitoring {
    /// The bearer in use.
    #[resource(id = 0, ops = "r", mandatory, range(0, 50))]
    pub network_bearer: NetworkBearer,
    /// All bearers that could be used now.
    #[resource(id = 1, ops = "r", mandatory, range(0, 50))]
    pub available_network_bearer: BTreeMap<u16, NetworkBearer>,
    /// Received power; of a cellular network RSSI, RSCP, RSRP or NRSRP.
    #[resource(id = 2, ops = "r", mandatory, unit = "dBm")]
    pub radio_signal_strength: i64,
    /// As the bearer measures it: LQI 0 to 255, RxQual 0 to 7, RSRQ or NRSRQ.
    #[resource(id = 3, ops = "r")]
    pub link_quality: Option<i64>,
    /// Addresses of the device.
    #[resource(id = 4, ops = "r", name = "IP Addresses", mandatory)]
    pub ip_addresses: BTreeMap<u16, String>,
    /// Address of the next hop, by the resource instance of the own address.
    #[resource(id = 5, ops = "r", name = "Router IP Addresses")]
    pub router_ip_addresses: BTreeMap<u16, String>,
    /// Percent, on average.
    #[resource(id = 6, ops = "r", range(0, 100), unit = "/100")]
    pub link_utilization: Option<i64>,
    /// Access point name of each cellular bearer.
    #[resource(id = 7, ops = "r", name = "APN")]
    pub apn: BTreeMap<u16, String>,
    /// Serving cell: 16 bits in GSM, 28 bits in UMTS and LTE.
    #[resource(id = 8, ops = "r", name = "Cell ID")]
    pub cell_id: Option<i64>,
    /// Mobile network code of the serving network.
    #[resource(id = 9, ops = "r", name = "SMNC", range(0, 999))]
    pub smnc: Option<i64>,
    /// Mobile country code of the serving network.
    #[resource(id = 10, ops = "r", name = "SMCC", range(0, 999))]
    pub smcc: Option<i64>,
    /// Signal to interference and noise.
    #[resource(id = 11, ops = "r", name = "SignalSNR", unit = "dB")]
    pub signal_snr: Option<i64>,
    /// Location area code.
    #[resource(id = 12, ops = "r", name = "LAC")]
    pub lac: Option<i64>,
    /// 0 none; 1 to 4: level 0 to 3.
    #[resource(id = 13, ops = "r", range(0, 4))]
    pub coverage_enhancement_level: Option<i64>,
}

impl ConnectivityMonitoring {
    /// Reached over one bearer and at one address; `signal` in dBm.
    #[must_use]
    pub fn new(bearer: NetworkBearer, signal: i64, address: impl Into<String>) -> Self {
        Self {
            network_bearer: bearer,
            available_network_bearer: BTreeMap::from([(0, bearer)]),
            radio_signal_strength: signal,
            link_quality: None,
            ip_addresses: BTreeMap::from([(0, address.into())]),
            router_ip_addresses: BTreeMap::new(),
            link_utilization: None,
            apn: BTreeMap::new(),
            cell_id: None,
            smnc: None,
            smcc: None,
            signal_snr: None,
            lac: None,
            coverage_enhancement_level: None,
        }
    }
}

/// A kind of network.
#[derive(Enumeration, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum NetworkBearer {
    /// GSM.
    Gsm = 0,
    /// TD-SCDMA.
    TdScdma = 1,
    /// WCDMA.
    Wcdma = 2,
    /// CDMA2000.
    Cdma2000 = 3,
    /// WiMAX.
    Wimax = 4,
    /// LTE with time division.
    LteTdd = 5,
    /// LTE with frequency division.
    LteFdd = 6,
    /// NB-IoT.
    NbIot = 7,
    /// 5G-NR with time division.
    NrTdd = 8,
    /// 5G-NR with frequency division.
    NrFdd = 9,
    /// WLAN.
    Wlan = 21,
    /// Bluetooth.
    Bluetooth = 22,
    /// IEEE 802.15.4.
    Ieee802154 = 23,
    /// Ethernet.
    Ethernet = 41,
    /// DSL.
    Dsl = 42,
    /// Power line.
    Plc = 43,
    /// A number of a newer version, or of a vendor.
    #[enumeration(other)]
    Other(i64),
}
