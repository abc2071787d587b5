//! A running bootstrap server, and how it is made.

use std::{fmt, sync::Arc};

use lwm2m_core::{
    Address, Model, coap,
    driver::{self, Runtime, Seat, Shards},
    security::{CredentialStore, NoKeys},
    transport::{Listen, ShardId},
};
use lwm2m_objects::{Registry, WithRegistry};

use crate::{
    Events, PlanSource, StartError,
    machine::{BootstrapMachine, Command, Config, Limits, Stats},
    perform::{Performer, Shared},
};

/// Events that wait for one reader, unless said otherwise.
const EVENTS: usize = 4096;

/// A running bootstrap server: one shard, which is one task. Clones share it; it ends with [`BootstrapServer::shutdown`] or with the last clone.
#[derive(Clone)]
pub struct BootstrapServer(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    machines: Shards<Command>,
}

impl BootstrapServer {
    /// A bootstrap server with default settings, that listens nowhere yet.
    pub fn builder() -> BootstrapBuilder {
        BootstrapBuilder::default()
    }

    /// What happens to devices from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events(self.0.shared.events.subscribe())
    }

    /// What it holds, and has done.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn stats(&self) -> Result<Stats, StartError> {
        let machine = self.0.machines.handle(ShardId(0)).ok_or(StartError::Stopped)?;
        let (request, answer) = self.0.shared.expect();
        machine.send(Command::Stats { request }).await.map_err(|_| StartError::Stopped)?;
        answer.await.map_err(|_| StartError::Stopped)
    }

    /// Where the server listens, with the ports that the system chose.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        self.0.machines.addresses()
    }

    /// Stops: frames that are on their way out still leave, streams of events end. Devices that are being bootstrapped
    /// are not told: they go back to what they were after some minutes.
    pub async fn shutdown(self) {
        self.0.machines.stop();
        self.0.shared.running.ended().await;
    }
}

impl fmt::Debug for BootstrapServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BootstrapServer").field("addresses", &self.addresses()).finish_non_exhaustive()
    }
}

/// Settings of a bootstrap server.
#[must_use = "nothing runs until it is started"]
pub struct BootstrapBuilder {
    listen: Vec<Listen>,
    keys: Arc<dyn CredentialStore>,
    plans: Option<Arc<dyn PlanSource>>,
    model: Arc<dyn Model>,
    limits: Limits,
    event_room: usize,
    coap: coap::Config,
}

impl Default for BootstrapBuilder {
    fn default() -> Self {
        Self {
            listen: Vec::new(),
            keys: Arc::new(NoKeys),
            plans: None,
            model: Arc::new(Registry),
            limits: Limits::default(),
            event_room: EVENTS,
            coap: coap::Config::default(),
        }
    }
}

impl BootstrapBuilder {
    /// Where to listen; several times for several places.
    pub fn listen(mut self, at: Listen) -> Self {
        self.listen.push(at);
        self
    }

    /// The keys of devices for the connection to this server. They have nothing to do with those that plans write.
    /// Default: there are none, which is enough for CoAP without protection.
    pub fn credentials(mut self, keys: impl CredentialStore) -> Self {
        self.keys = Arc::new(keys);
        self
    }

    /// Says what is to become of each device.
    pub fn plans(mut self, source: impl PlanSource) -> Self {
        self.plans = Some(Arc::new(source));
        self
    }

    /// Definitions of objects beside those of the OMA registry, and before them: what plans are checked with before
    /// they reach a device. A file or database of plans is checked by itself as well: `FilePlans::open_with`.
    pub fn model(mut self, model: impl Model) -> Self {
        self.model = Arc::new(WithRegistry(model));
        self
    }

    /// How far devices and sources can go.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How many events may wait for one reader before it loses the oldest. Default 4096.
    pub fn event_room(mut self, events: usize) -> Self {
        self.event_room = events;
        self
    }

    /// Settings of the CoAP endpoint, its limits among them.
    pub fn coap(mut self, config: coap::Config) -> Self {
        self.coap = config;
        self
    }

    /// Opens the sockets and runs.
    ///
    /// # Errors
    /// Nowhere to listen, no source of plans, or a socket cannot be opened.
    pub async fn start(self) -> Result<BootstrapServer, StartError> {
        self.start_on(&Runtime::Tokio).await
    }

    /// Runs on a host of a simulated network; on its UDP port 5683 if nowhere to listen was given.
    ///
    /// # Errors
    /// No source of plans, or a transport cannot be opened.
    #[cfg(feature = "test-util")]
    pub async fn start_in(mut self, host: &lwm2m_core::sim::Host) -> Result<BootstrapServer, StartError> {
        if self.listen.is_empty() {
            self.listen.push(host.listen(5683));
        }
        self.start_on(&Runtime::Simulated(host.clone())).await
    }

    async fn start_on(self, runtime: &Runtime) -> Result<BootstrapServer, StartError> {
        let plans = self.plans.ok_or(StartError::NoPlans)?;
        let opened = driver::open(&self.listen, 1, &self.keys).await?;
        let shared = Arc::new(Shared::new(self.event_room, self.keys, plans));
        let (coap, limits, model) = (Arc::new(self.coap), self.limits, self.model);
        let make = |Seat { bindings, seed, .. }: Seat| {
            let config =
                Config { coap: coap.clone(), limits: limits.clone(), model: model.clone(), bindings };
            (BootstrapMachine::new(Arc::new(config), seed), Performer(shared.clone()))
        };
        let machines = Shards::start(runtime, opened, make, |_, _| {})?;
        Ok(BootstrapServer(Arc::new(Inner { shared, machines })))
    }
}

impl fmt::Debug for BootstrapBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BootstrapBuilder").field("listen", &self.listen).finish_non_exhaustive()
    }
}
