//! MQTT Server (24), version 1.0.

use lwm2m_core::{Object, Secret};

/// MQTT Server (24): what an account over MQTT says when it connects.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 24, version = "1.0", name = "MQTT Server", multiple, serde)]
pub struct MqttServer {
    /// Is the will retained?
    #[resource(id = 0, ops = "rw")]
    pub will_retain: Option<bool>,
    /// Topic of the will.
    #[resource(id = 1, ops = "rw")]
    pub will_topic: Option<String>,
    /// The will.
    #[resource(id = 2, ops = "rw")]
    pub will_message: Option<String>,
    /// Begin without an old session?
    #[resource(id = 3, ops = "rw")]
    pub clean_session: Option<bool>,
    /// Quality of service of the will.
    #[resource(id = 4, ops = "rw", name = "Will QoS", range(0, 3))]
    pub will_qos: Option<u64>,
    /// Longest silence, in seconds.
    #[resource(id = 5, ops = "rw", range(0, 65535))]
    pub keep_alive: Option<u64>,
    /// 1 to 23 letters and digits are always allowed.
    #[resource(id = 6, ops = "rw", mandatory)]
    pub client_identifier: String,
    /// User name.
    #[resource(id = 7, ops = "rw")]
    pub user_name: Option<String>,
    /// Password.
    #[resource(id = 8, ops = "rw")]
    pub password: Option<Secret>,
}

impl MqttServer {
    /// A connection of this client, without will and password.
    #[must_use]
    pub fn new(client_identifier: impl Into<String>) -> Self {
        Self { client_identifier: client_identifier.into(), ..Self::default() }
    }
}
