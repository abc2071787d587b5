//! A server and a device on a simulated network.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each test uses a part"
)]

pub mod bootstrap;
pub mod secure;
mod vault;

use std::time::Duration;

use lwm2m_client::{
    Arguments, Client, ClientBuilder, Done, Executable, Object, ObjectType as _, Rejection, ServerAccount,
    Version,
    objects::{Device, LightControl, Server as ServerObject, Temperature},
    transport::Target,
};
use lwm2m_core::sim::{Host, Net, Wire};
use lwm2m_server::{Events, Server, ServerBuilder, ServerEvent};

pub use self::{
    secure::{AnyDevice, is_secure, key_of, listen},
    vault::{Vault, pattern},
};

/// A counter that a test can set and that counts how often it is executed.
#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 32800, version = "1.0", multiple)]
pub struct Counter {
    #[resource(id = 0, ops = "rw", mandatory)]
    pub value: i64,
    #[resource(id = 1, execute = Counter::count)]
    pub count: Executable,
    #[resource(id = 2, ops = "r", mandatory)]
    pub executed: i64,
    #[resource(id = 3, ops = "rw")]
    pub text: Option<String>,
}

impl Counter {
    fn count(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
        self.executed += 1;
        Ok(Done::DONE)
    }
}

pub struct Scene {
    pub net: Net,
    pub server: Server,
    pub events: Events,
    pub there: Host,
    pub here: Host,
    pub wire: Wire,
}

impl Scene {
    /// A server with so many shards, and a host for a device.
    pub async fn new(net: &Net, shards: u8) -> Self {
        Self::of(net, server(shards)).await
    }

    /// The same with a server of the test's own.
    pub async fn of(net: &Net, server: ServerBuilder) -> Self {
        let (there, here) = (net.host("server"), net.host("device"));
        let wire = net.between(&there, &here);
        let server = open(server, &there).await;
        Self { net: net.clone(), events: server.events(), server, there, here, wire }
    }

    pub fn device(&self) -> ClientBuilder {
        self.client(&self.here, "device", account())
    }

    /// A client on a host, not started yet.
    pub fn client(&self, host: &Host, endpoint: &str, account: ServerAccount) -> ClientBuilder {
        let builder = Client::builder(endpoint).transport(host.udp(0)).seed(self.net.seed());
        secure::add(builder, &self.net, host, endpoint, account)
    }

    /// Starts a client, and waits until it is registered.
    pub async fn start(&mut self, host: &Host, builder: ClientBuilder) -> Client {
        let client = builder.start_in(host).await.unwrap();
        self.registered().await;
        client
    }

    /// Starts the device, and waits until it is registered.
    pub async fn start_device(&mut self, builder: ClientBuilder) -> Client {
        let here = self.here.clone();
        self.start(&here, builder).await
    }

    /// The next event, which is a registration: its endpoint name, and whether it replaced one.
    pub async fn registered(&mut self) -> (String, bool) {
        match self.change().await {
            ServerEvent::Registered { registration, replaced } => {
                (registration.endpoint.to_string(), replaced.is_some())
            }
            other => panic!("no registration, but {other:?}"),
        }
    }

    /// A device with a vault, registered.
    pub async fn vault(&self) -> (Client, Vault) {
        self.vault_of(self.device()).await
    }

    /// The same with a device of the test's own.
    pub async fn vault_of(&self, builder: ClientBuilder) -> (Client, Vault) {
        let vault = Vault::new(&self.net);
        builder.objects().mount(vault::definition(), vault.clone()).unwrap();
        let client = builder.start_in(&self.here).await.unwrap();
        client.registered().await.unwrap();
        (client, vault)
    }

    /// How many clients the server holds.
    pub async fn registrations(&self) -> usize {
        self.server.stats().await.unwrap().iter().map(|stats| stats.registrations).sum()
    }

    /// The next event that is about a registration itself, not about its device or its session.
    pub async fn change(&mut self) -> ServerEvent {
        loop {
            match self.event().await {
                ServerEvent::Presence(_) | ServerEvent::SessionEnded { .. } => {}
                event => return event,
            }
        }
    }

    /// The next event of the server.
    pub async fn event(&mut self) -> ServerEvent {
        self.events.next().await.expect("the server runs")
    }
}

/// A server that knows the objects of these tests.
pub fn server(shards: u8) -> ServerBuilder {
    let known = vec![
        Counter::DEF,
        Temperature::DEF,
        LightControl::DEF,
        Device::DEF,
        ServerObject::DEF,
        &vault::DEFINITION,
    ];
    secure::shards_are(shards);
    Server::builder().shards(shards).model(known)
}

/// Starts a server: on port 5683 without protection, on 5684 with it if the scenario runs over DTLS.
pub async fn open(server: ServerBuilder, host: &Host) -> Server {
    let server = server.listen(secure::plain(host));
    let server = if is_secure() { listen(server, host) } else { server };
    server.start_in(host).await.unwrap()
}

/// Of LwM2M 1.1, unless a test says otherwise.
pub fn account() -> ServerAccount {
    let uri = if is_secure() { "coaps://server:5684" } else { "coap://server:5683" };
    ServerAccount::new(1, Target::new(uri))
        .lifetime(Duration::from_secs(300))
        .versions(Version::V1_0, Version::V1_1)
}

/// Runs a scenario with one shard and with several, and over DTLS.
pub fn with_shards<F: Future<Output = ()>>(scenario: impl Fn(Net, u8) -> F) {
    with_seeds(7..8, scenario);
}

/// The same with each of these seeds; over DTLS with the first.
pub fn with_seeds<F: Future<Output = ()>>(seeds: std::ops::Range<u64>, scenario: impl Fn(Net, u8) -> F) {
    with_dtls(seeds.start..seeds.start.saturating_add(1), &scenario);
    without_dtls(seeds, scenario);
}

/// The same, of what DTLS does in another way.
pub fn without_dtls<F: Future<Output = ()>>(seeds: std::ops::Range<u64>, scenario: impl Fn(Net, u8) -> F) {
    run(seeds, false, scenario);
}

/// Something over DTLS, or not.
pub fn protected<T>(dtls: bool, run: impl FnOnce() -> T) -> T {
    secure::set(dtls);
    let result = run();
    secure::set(false);
    result
}

/// The same over DTLS alone.
pub fn with_dtls<F: Future<Output = ()>>(seeds: std::ops::Range<u64>, scenario: impl Fn(Net, u8) -> F) {
    run(seeds, true, scenario);
}

fn run<F: Future<Output = ()>>(seeds: std::ops::Range<u64>, dtls: bool, scenario: impl Fn(Net, u8) -> F) {
    for seed in seeds {
        for shards in [1, 3] {
            let net = Net::seeded(seed);
            protected(dtls, || net.run(scenario(net.clone(), shards)));
        }
    }
}

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
