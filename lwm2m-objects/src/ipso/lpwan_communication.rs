//! LPWAN Communication (3412), version 1.0.
// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.

use std::collections::BTreeMap;

use lwm2m_core::{Object, SecretText, Time};

/// LPWAN Communication (3412).
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3412, name = "LPWAN Communication", multiple, serde)]
pub struct LpwanCommunication {
    /// Type of network.
    #[resource(id = 1, ops = "r", name = "Type of network")]
    pub type_of_network: Option<String>,
    /// IPv4 address.
    #[resource(id = 2, ops = "rw", name = "IPv4 address")]
    pub i_pv4_address: BTreeMap<u16, String>,
    /// IPv6 address.
    #[resource(id = 3, ops = "rw", name = "IPv6 address")]
    pub i_pv6_address: BTreeMap<u16, String>,
    /// Network address.
    #[resource(id = 4, ops = "rw", name = "Network address")]
    pub network_address: BTreeMap<u16, String>,
    /// Secondary network address.
    #[resource(id = 5, ops = "rw", name = "Secondary network address")]
    pub secondary_network_address: BTreeMap<u16, String>,
    /// MAC address.
    #[resource(id = 6, ops = "rw", name = "MAC address", mandatory)]
    pub mac_address: String,
    /// Peer address.
    #[resource(id = 7, ops = "r", name = "Peer address")]
    pub peer_address: BTreeMap<u16, String>,
    /// Multicast group address.
    #[resource(id = 8, ops = "rw", name = "Multicast group address")]
    pub multicast_group_address: BTreeMap<u16, String>,
    /// Multicast group key.
    #[resource(id = 9, ops = "rw", name = "Multicast group key")]
    pub multicast_group_key: BTreeMap<u16, SecretText>,
    /// Data rate, in B/s.
    #[resource(id = 10, ops = "rw", name = "Data rate", unit = "B/s")]
    pub data_rate: Option<i64>,
    /// Transmit power, in dBm.
    #[resource(id = 11, ops = "r", name = "Transmit power", unit = "dBm")]
    pub transmit_power: Option<f64>,
    /// Frequency, in Hz.
    #[resource(id = 12, ops = "rw", unit = "Hz")]
    pub frequency: Option<f64>,
    /// Session time.
    #[resource(id = 13, ops = "rw", name = "Session time")]
    pub session_time: Option<Time>,
    /// Session duration, in s.
    #[resource(id = 14, ops = "r", name = "Session duration", unit = "s")]
    pub session_duration: Option<Time>,
    /// Mesh node.
    #[resource(id = 15, ops = "rw", name = "Mesh node")]
    pub mesh_node: Option<bool>,
    /// Maximum repeat time.
    #[resource(id = 16, ops = "rw", name = "Maximum repeat time")]
    pub maximum_repeat_time: Option<i64>,
    /// Number of repeats.
    #[resource(id = 17, ops = "r", name = "Number of repeats")]
    pub number_of_repeats: Option<i64>,
    /// Signal to noise ratio, in dB.
    #[resource(id = 18, ops = "r", name = "Signal to noise ratio", unit = "dB")]
    pub signal_to_noise_ratio: Option<f64>,
    /// Communication failure.
    #[resource(id = 19, ops = "r", name = "Communication failure")]
    pub communication_failure: Option<bool>,
    /// Received Signal Strength Indication, in dBm.
    #[resource(id = 20, ops = "r", unit = "dBm")]
    pub received_signal_strength_indication: Option<f64>,
    /// IMSI.
    #[resource(id = 21, ops = "r", name = "IMSI")]
    pub imsi: Option<String>,
    /// IMEI.
    #[resource(id = 22, ops = "r", name = "IMEI")]
    pub imei: Option<String>,
    /// Current Communication Operator.
    #[resource(id = 23, ops = "r")]
    pub current_communication_operator: Option<String>,
    /// Integrated Circuit Card Identifier.
    #[resource(id = 24, ops = "r")]
    pub integrated_circuit_card_identifier: Option<String>,
}
