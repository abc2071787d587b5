//! WLAN connectivity (12), version 1.1.

use std::collections::BTreeMap;

use lwm2m_core::{Object, Objlnk, SecretText};

/// WLAN connectivity (12): one WLAN interface, its settings and its counters.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 12, version = "1.1", name = "WLAN connectivity", multiple, serde)]
pub struct WlanConnectivity {
    /// For people, for example `wlan0`.
    #[resource(id = 0, ops = "rw", name = "Interface name", mandatory)]
    pub interface_name: String,
    /// Is the interface on? Off means the radio too.
    #[resource(id = 1, ops = "rw", mandatory)]
    pub enable: bool,
    /// 0 off, 1 2.4 GHz, 2 5 GHz, 3 0.9 GHz, 4 3.7 GHz, 5 45 GHz, 6 60 GHz.
    #[resource(id = 2, ops = "rw")]
    pub radio_enabled: Option<i64>,
    /// 0 disabled, 1 up, 2 error.
    #[resource(id = 3, ops = "r", mandatory)]
    pub status: i64,
    /// MAC address in 12 hexadecimal digits.
    #[resource(id = 4, ops = "r", name = "BSSID", mandatory)]
    pub bssid: String,
    /// Name of the network.
    #[resource(id = 5, ops = "rw", name = "SSID", mandatory, range(1, 32))]
    pub ssid: String,
    /// Is the name broadcast?
    #[resource(id = 6, ops = "rw", name = "Broadcast SSID")]
    pub broadcast_ssid: Option<bool>,
    /// Are there beacons?
    #[resource(id = 7, ops = "rw")]
    pub beacon_enabled: Option<bool>,
    /// 0 access point, 1 station, 2 bridge, 3 repeater.
    #[resource(id = 8, ops = "rw", mandatory)]
    pub mode: i64,
    /// The channel in use.
    #[resource(id = 9, ops = "rw", mandatory, range(0, 255))]
    pub channel: i64,
    /// Is it chosen automatically?
    #[resource(id = 10, ops = "rw")]
    pub auto_channel: Option<bool>,
    /// Channels of the radio.
    #[resource(id = 11, ops = "rw")]
    pub supported_channels: BTreeMap<u16, i64>,
    /// Channels that an access point hears, its own among them.
    #[resource(id = 12, ops = "rw")]
    pub channels_in_use: BTreeMap<u16, i64>,
    /// Two letters of the country, then a space, `O` outdoors or `I` indoors.
    #[resource(id = 13, ops = "rw")]
    pub regulatory_domain: Option<String>,
    /// 0 802.11a, 1 b, 2 bg, 3 g, 4 n, 5 bgn, 6 ac, 7 ah.
    #[resource(id = 14, ops = "rw", mandatory)]
    pub standard: i64,
    /// 0 none, 1 pre-shared key, 2 EAP, 3 both, 4 EAP-SIM.
    #[resource(id = 15, ops = "rw", mandatory)]
    pub authentication_mode: i64,
    /// 0 AES (WPA2), 1 TKIP (WPA), 2 WEP.
    #[resource(id = 16, ops = "rw")]
    pub encryption_mode: Option<i64>,
    /// 64 hexadecimal digits.
    #[resource(id = 17, ops = "w", name = "WPA Pre Shared Key")]
    pub wpa_pre_shared_key: Option<SecretText>,
    /// Passphrase of WPA.
    #[resource(id = 18, ops = "w", name = "WPA Key Phrase", range(1, 64))]
    pub wpa_key_phrase: Option<SecretText>,
    /// 0 none, 1 40 bits, 2 104 bits.
    #[resource(id = 19, ops = "rw", name = "WEP Encryption Type")]
    pub wep_encryption_type: Option<i64>,
    /// Which of the WEP keys is used.
    #[resource(id = 20, ops = "rw", name = "WEP Key Index", range(1, 4))]
    pub wep_key_index: Option<i64>,
    /// Passphrase of WEP.
    #[resource(id = 21, ops = "w", name = "WEP Key Phrase", range(1, 64))]
    pub wep_key_phrase: Option<SecretText>,
    /// 10 hexadecimal digits for 40 bits, 26 for 104.
    #[resource(id = 22, ops = "w", name = "WEP Key 1", enumeration(10, 26))]
    pub wep_key_1: Option<SecretText>,
    /// 10 hexadecimal digits for 40 bits, 26 for 104.
    #[resource(id = 23, ops = "w", name = "WEP Key 2", enumeration(10, 26))]
    pub wep_key_2: Option<SecretText>,
    /// 10 hexadecimal digits for 40 bits, 26 for 104.
    #[resource(id = 24, ops = "w", name = "WEP Key 3", enumeration(10, 26))]
    pub wep_key_3: Option<SecretText>,
    /// 10 hexadecimal digits for 40 bits, 26 for 104.
    #[resource(id = 25, ops = "w", name = "WEP Key 4", enumeration(10, 26))]
    pub wep_key_4: Option<SecretText>,
    /// Address of the RADIUS server.
    #[resource(id = 26, ops = "rw", name = "RADIUS Server", range(1, 256))]
    pub radius_server: Option<String>,
    /// Its port.
    #[resource(id = 27, ops = "rw", name = "RADIUS Server Port")]
    pub radius_server_port: Option<i64>,
    /// Secret shared with it.
    #[resource(id = 28, ops = "w", name = "RADIUS Secret", range(1, 256))]
    pub radius_secret: Option<SecretText>,
    /// Can it do WMM?
    #[resource(id = 29, ops = "r", name = "WMM Supported")]
    pub wmm_supported: Option<bool>,
    /// Does it do WMM?
    #[resource(id = 30, ops = "rw", name = "WMM Enabled")]
    pub wmm_enabled: Option<bool>,
    /// Are only listed stations let in?
    #[resource(id = 31, ops = "rw", name = "MAC Control Enabled")]
    pub mac_control_enabled: Option<bool>,
    /// Stations that are let in, 12 hexadecimal digits each.
    #[resource(id = 32, ops = "rw", name = "MAC Address List")]
    pub mac_address_list: BTreeMap<u16, String>,
    /// Bytes sent.
    #[resource(id = 33, ops = "r")]
    pub total_bytes_sent: Option<i64>,
    /// Bytes received.
    #[resource(id = 34, ops = "r")]
    pub total_bytes_received: Option<i64>,
    /// Packets sent.
    #[resource(id = 35, ops = "r")]
    pub total_packets_sent: Option<i64>,
    /// Packets received.
    #[resource(id = 36, ops = "r")]
    pub total_packets_received: Option<i64>,
    /// Packets not sent because of errors.
    #[resource(id = 37, ops = "r")]
    pub transmit_errors: Option<i64>,
    /// Packets received with errors.
    #[resource(id = 38, ops = "r")]
    pub receive_errors: Option<i64>,
    /// Unicast packets sent.
    #[resource(id = 39, ops = "r")]
    pub unicast_packets_sent: Option<i64>,
    /// Unicast packets received.
    #[resource(id = 40, ops = "r")]
    pub unicast_packets_received: Option<i64>,
    /// Multicast packets sent.
    #[resource(id = 41, ops = "r")]
    pub multicast_packets_sent: Option<i64>,
    /// Multicast packets received.
    #[resource(id = 42, ops = "r")]
    pub multicast_packets_received: Option<i64>,
    /// Broadcast packets sent.
    #[resource(id = 43, ops = "r")]
    pub broadcast_packets_sent: Option<i64>,
    /// Broadcast packets received.
    #[resource(id = 44, ops = "r")]
    pub broadcast_packets_received: Option<i64>,
    /// Packets discarded before they were sent.
    #[resource(id = 45, ops = "r")]
    pub discard_packets_sent: Option<i64>,
    /// Packets discarded after they were received.
    #[resource(id = 46, ops = "r")]
    pub discard_packets_received: Option<i64>,
    /// Packets of an unknown protocol.
    #[resource(id = 47, ops = "r")]
    pub unknown_packets_received: Option<i64>,
    /// An object of the vendor with more.
    #[resource(id = 48, ops = "r", name = "Vendor specific extensions")]
    pub vendor_specific_extensions: Option<Objlnk>,
}

impl WlanConnectivity {
    /// Station: [`mode`](Self::mode).
    pub const STATION: i64 = 1;

    /// A station that is up; `bssid` in 12 hexadecimal digits.
    #[must_use]
    pub fn station(interface: impl Into<String>, bssid: impl Into<String>, ssid: impl Into<String>) -> Self {
        Self {
            interface_name: interface.into(),
            enable: true,
            status: 1,
            bssid: bssid.into(),
            ssid: ssid.into(),
            mode: Self::STATION,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_show() {
        let hidden = || Some("hunter2".into());
        let wlan = WlanConnectivity {
            wpa_pre_shared_key: hidden(),
            wpa_key_phrase: hidden(),
            wep_key_phrase: hidden(),
            wep_key_1: hidden(),
            wep_key_2: hidden(),
            wep_key_3: hidden(),
            wep_key_4: hidden(),
            radius_secret: hidden(),
            ..WlanConnectivity::default()
        };
        assert!(!format!("{wlan:?}").contains("hunter2"));
    }
}
