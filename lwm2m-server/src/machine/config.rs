//! What a shard is told when it is made.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use lwm2m_core::{Binding, Model, Version, coap, transport::ShardId};

use crate::store::StoredObservation;

/// What peers and callers can push on, and how far. All of it holds for one shard.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Registrations, clients that were sent away among them. Over NoSec anybody can make them: beyond, Register is
    /// answered 5.03. Default 1,000,000, of about 600 octets each; a shard cannot hold more than 2²⁴.
    pub registrations: u32,
    /// Octets of the payload of Register and Update; beyond, 4.13. A link in memory takes thirty times the octets of
    /// its text. Default 16 KiB, about 1,600 links.
    pub links: usize,
    /// Octets that the link lists of all registrations take together, each different list once; beyond, Register is
    /// answered 5.03. Default 256 MiB.
    pub all_links: usize,
    /// Requests to one client that listens: those that wait for their turn and those on their way; beyond, a caller gets
    /// `QueueFull`. Default 64.
    pub requests_per_client: u16,
    /// Requests that may wait for one client that sleeps or was disabled; beyond, a caller gets `QueueFull`. Default 64.
    pub queued_per_client: u16,
    /// Requests that may be on their way to one client; the CoAP endpoint keeps to NSTART below this. Default 4: one
    /// slow answer and one long transfer do not stop the rest. A client in queue mode gets one at a time.
    pub in_flight_per_client: u16,
    /// Requests of all clients together. Default 100,000.
    pub requests: usize,
    /// Observations of one client; beyond, a caller gets `QueueFull`. Default 256.
    pub observations_per_client: u16,
    /// Questions to stores, sinks, resources and the authorizer that may be open; beyond, a request is answered 5.03.
    /// The authorizer is asked while half of them are free. Default 4096.
    pub calls: usize,
    /// How long such a question may take before its answer no longer counts. Default 30 s.
    pub call_timeout: Duration,
    /// Notifications that may wait for the data sink, and as many for the authorizer; beyond, they stay unacknowledged,
    /// so that the device sends them again. Default 8192.
    pub unkept: usize,
    /// Those of one client among them. Attack: one that takes the room of all others. Default 256.
    pub unkept_per_client: u16,
    /// Changes that may wait for the store; beyond, clients are answered 5.03. Default 8192.
    pub unstored: usize,
    /// Notifications that one call hands to the data sink at most, and changes to the store. Default 512.
    pub batch: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            registrations: 1_000_000,
            links: 16 * 1024,
            all_links: 256 * 1024 * 1024,
            requests_per_client: 64,
            queued_per_client: 64,
            in_flight_per_client: 4,
            requests: 100_000,
            observations_per_client: 256,
            calls: 4096,
            call_timeout: Duration::from_secs(30),
            unkept: 8192,
            unkept_per_client: 256,
            unstored: 8192,
            batch: 512,
        }
    }
}

/// Configuration of one shard.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Which shard this is.
    pub shard: ShardId,
    /// How many there are. With one, the directory is not asked.
    pub shards: u8,
    /// The CoAP endpoint.
    pub coap: Arc<coap::Config>,
    /// How far peers and callers can go.
    pub limits: Limits,
    /// Object definitions: kinds of values, and what is multiple.
    pub model: Arc<dyn Model>,
    /// The binding of each transport, in the order of the driver.
    pub bindings: Vec<Binding>,
    /// The oldest version of the enabler that may register; others get 4.12. Default 1.0.
    pub oldest: Version,
    /// The newest version of the enabler that may register; others get 4.12. Default 1.2.
    pub newest: Version,
    /// Refuse what the specification refuses: a Register or Update with a parameter that is not known (4.00), instead of
    /// keeping it; since LwM2M 1.1 a Register without `lt` (4.00), instead of a day; one without a list of objects
    /// (4.09; always where it names a profile instead, as none is known). Default no: devices in the field are not that
    /// strict.
    pub strict: bool,
    /// There is a data sink: confirmable notifications are acknowledged when it has them.
    pub sink: bool,
    /// There is a store: a registration is answered when the store has it.
    pub store: bool,
    /// How long a client in queue mode listens after a message. `None`: MAX_TRANSMIT_WAIT of its link, 93 s by default.
    pub awake: Option<Duration>,
    /// How long a request waits for a sleeping client where it does not say. `None`: it does not wait.
    pub queue: Option<Duration>,
    /// The program decides over what clients ask.
    pub authorizer: bool,
    /// It decides over notifications too.
    pub authorize_notifications: bool,
    /// Observations without a reader begin anew when their client registers anew.
    pub reobserve: bool,
    /// What is observed of every client that registers and has it, for the data sink.
    pub rules: Vec<StoredObservation>,
    /// A Send or a notification of a client that proved who it is renews its registration.
    pub refresh: bool,
    /// Paths that belong to resources of the program.
    pub resources: Vec<Vec<String>>,
    /// Who listens to events.
    pub interest: Arc<Interest>,
}

impl Config {
    /// One shard with one UDP transport, no sink, no store, default limits.
    #[must_use]
    pub fn new(coap: Arc<coap::Config>, model: Arc<dyn Model>) -> Self {
        Self {
            shard: ShardId(0),
            shards: 1,
            coap,
            limits: Limits::default(),
            model,
            bindings: vec![Binding::Udp],
            oldest: Version::V1_0,
            newest: Version::V1_2,
            strict: false,
            sink: false,
            store: false,
            awake: None,
            queue: None,
            authorizer: false,
            authorize_notifications: false,
            reobserve: true,
            rules: Vec::new(),
            refresh: false,
            resources: Vec::new(),
            interest: Arc::default(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("shard", &self.shard)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// How many readers events have: nobody builds an event that nobody reads.
#[derive(Debug, Default)]
pub struct Interest(AtomicUsize);

impl Interest {
    /// One reader more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// One reader less.
    pub fn remove(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// Is there any reader?
    #[must_use]
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}
