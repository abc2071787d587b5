//! A server and devices of this SDK on a simulated network, in virtual time.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::time::Duration;

use lwm2m_client::{Client, ClientBuilder, ServerAccount, transport::Target};
use lwm2m_server::{
    Events, Server, ServerBuilder, ServerEvent,
    lwm2m_core::sim::{Host, Net, Wire},
};

/// One server, and what it tells.
pub struct System {
    pub net: Net,
    pub server: Server,
    pub events: Events,
    host: Host,
}

/// Runs a scenario on a network with one server.
pub fn system<F: Future<Output = ()>>(scenario: impl FnOnce(System) -> F) {
    system_with(Server::builder(), scenario);
}

/// The same with a server of the test's own.
pub fn system_with<F: Future<Output = ()>>(server: ServerBuilder, scenario: impl FnOnce(System) -> F) {
    let net = Net::seeded(11);
    let clock = net.clone();
    net.run(async move {
        let host = clock.host("server");
        let server = server.start_in(&host).await.unwrap();
        let events = server.events();
        scenario(System { net: clock, server, events, host }).await;
    });
}

impl System {
    /// A host of its own; all hosts reach one another.
    pub fn host(&self, name: &str) -> Host {
        self.net.host(name)
    }

    /// The wire between server and host.
    pub fn wire(&self, host: &Host) -> Wire {
        self.net.between(&self.host, host)
    }

    /// A client on that host, not started yet.
    pub fn client(&self, host: &Host, endpoint: &str) -> ClientBuilder {
        self.client_with(host, endpoint, account())
    }

    /// The same with an account of the test's own.
    pub fn client_with(&self, host: &Host, endpoint: &str, account: ServerAccount) -> ClientBuilder {
        Client::builder(endpoint).transport(host.udp(0)).seed([3; 32]).server(account)
    }

    /// Starts a client, and waits until it is registered.
    pub async fn start(&mut self, host: &Host, builder: ClientBuilder) -> Client {
        let client = builder.start_in(host).await.unwrap();
        self.registered().await;
        client
    }

    /// The next event, which is a registration: its endpoint name, and whether it replaced one.
    pub async fn registered(&mut self) -> (String, bool) {
        match self.event().await {
            ServerEvent::Registered { registration, replaced } => {
                (registration.endpoint.to_string(), replaced.is_some())
            }
            other => panic!("no registration, but {other:?}"),
        }
    }

    pub async fn event(&mut self) -> ServerEvent {
        let next = self.net.timeout(Duration::from_secs(600), self.events.next()).await;
        next.expect("an event").expect("the server runs")
    }
}

pub fn account() -> ServerAccount {
    ServerAccount::new(1, Target::new("coap://server:5683")).lifetime(Duration::from_secs(300))
}
