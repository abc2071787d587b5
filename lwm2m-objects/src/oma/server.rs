//! LwM2M Server (1), version 1.2. [Core 1.2 §E.2]

use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object, Objlnk, Time};

/// LwM2M Server (1): how to behave towards one server.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 1, version = "1.2", name = "LwM2M Server", multiple, mandatory, serde)]
pub struct Server {
    /// Links this instance to the account in Security.
    #[resource(id = 0, ops = "r", name = "Short Server ID", mandatory, range(1, 65534))]
    pub short_server_id: i64,
    /// Lifetime of the registration; 0 is without end.
    #[resource(id = 1, ops = "rw", mandatory, unit = "s")]
    pub lifetime: i64,
    /// `pmin` where an observation has none.
    #[resource(id = 2, ops = "rw", unit = "s")]
    pub default_minimum_period: Option<i64>,
    /// `pmax` where an observation has none.
    #[resource(id = 3, ops = "rw", unit = "s")]
    pub default_maximum_period: Option<i64>,
    /// De-register and stay away for the Disable Timeout.
    #[resource(id = 4, execute)]
    pub disable: Option<Executable>,
    /// How long Disable lasts; 86,400 where absent.
    #[resource(id = 5, ops = "rw", unit = "s")]
    pub disable_timeout: Option<i64>,
    /// Keep notifications while the server is disabled or cannot be reached?
    #[resource(id = 6, ops = "rw", name = "Notification Storing When Disabled or Offline", mandatory)]
    pub notification_storing: bool,
    /// Letters of the bindings this server is reached by.
    #[resource(id = 7, ops = "rw", mandatory)]
    pub binding: String,
    /// Send an Update now.
    #[resource(id = 8, execute, mandatory)]
    pub registration_update_trigger: Executable,
    /// Begin a bootstrap now.
    #[resource(id = 9, execute, name = "Bootstrap-Request Trigger")]
    pub bootstrap_request_trigger: Option<Executable>,
    /// The profile (object 11) to reach the server by.
    #[resource(id = 10, ops = "rw", name = "APN Link")]
    pub apn_link: Option<Objlnk>,
    /// The last alert of the server; as TLS numbers them.
    #[resource(id = 11, ops = "r", name = "TLS-DTLS Alert Code", range(0, 255))]
    pub tls_dtls_alert_code: Option<u64>,
    /// When bootstrap was last at this account.
    #[resource(id = 12, ops = "r")]
    pub last_bootstrapped: Option<Time>,
    /// The lowest registers first.
    #[resource(id = 13, ops = "r")]
    pub registration_priority_order: Option<u64>,
    /// Wait before the first registration.
    #[resource(id = 14, ops = "rw", unit = "s")]
    pub initial_registration_delay_timer: Option<u64>,
    /// Do the servers after this one wait while it cannot be registered with?
    #[resource(id = 15, ops = "r")]
    pub registration_failure_block: Option<bool>,
    /// Begin a bootstrap when registration has failed? True where absent.
    #[resource(id = 16, ops = "r", name = "Bootstrap on Registration Failure")]
    pub bootstrap_on_registration_failure: Option<bool>,
    /// Attempts of a communication sequence; 5 where absent.
    #[resource(id = 17, ops = "rw")]
    pub communication_retry_count: Option<u64>,
    /// First wait between attempts, doubled each time; 60 where absent.
    #[resource(id = 18, ops = "rw", unit = "s")]
    pub communication_retry_timer: Option<u64>,
    /// Wait between sequences; 86,400 where absent.
    #[resource(id = 19, ops = "rw", unit = "s")]
    pub communication_sequence_delay_timer: Option<u64>,
    /// Number of sequences; 1 where absent.
    #[resource(id = 20, ops = "rw")]
    pub communication_sequence_retry_count: Option<u64>,
    /// May an SMS of this server wake the client?
    #[resource(id = 21, ops = "rw")]
    pub trigger: Option<bool>,
    /// Letter of the binding to prefer.
    #[resource(id = 22, ops = "rw")]
    pub preferred_transport: Option<String>,
    /// May the client not use Send? True where absent.
    #[resource(id = 23, ops = "rw")]
    pub mute_send: Option<bool>,
    /// Profiles (object 11) to fall back on.
    #[resource(id = 24, ops = "rw", name = "Alternate APN Links")]
    pub alternate_apn_links: BTreeMap<u16, Objlnk>,
    /// Versions of LwM2M that the server speaks, for example `1.1`.
    #[resource(id = 25, ops = "rw")]
    pub supported_server_versions: BTreeMap<u16, String>,
    /// 0 non-confirmable, 1 confirmable notifications.
    #[resource(id = 26, ops = "rw", range(0, 1))]
    pub default_notification_mode: Option<i64>,
    /// How profile ids are made, as RFC 6920 numbers them.
    #[resource(id = 27, ops = "rw", name = "Profile ID Hash Algorithm", range(0, 255))]
    pub profile_id_hash_algorithm: Option<u64>,
}

impl Server {
    /// Server `short_server_id`, to be registered with for `lifetime` seconds over UDP; notifications are kept while
    /// it cannot be reached.
    #[must_use]
    pub fn new(short_server_id: u16, lifetime: u32) -> Self {
        Self {
            short_server_id: i64::from(short_server_id),
            lifetime: i64::from(lifetime),
            notification_storing: true,
            binding: "U".to_owned(),
            ..Self::default()
        }
    }
}
