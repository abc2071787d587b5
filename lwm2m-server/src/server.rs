//! A running server, and how it is made.

use std::{collections::BTreeMap, fmt, num::NonZero, sync::Arc, time::Duration};

use lwm2m_core::{
    Address, AsPath, Attributes, EndpointName, Model, PathError, Tree, Version, coap,
    driver::{self, Handle, Opened, Runtime, Seat, Shards},
    security::{CredentialStore, NoKeys},
    transport::{Listen, ShardId, TransportCounters},
};
use lwm2m_objects::{Registry, WithRegistry};

use crate::{
    Authorizer, ClientHandle, DataSink, Events, Group, Registration, Resource, ServerError, ServerStore,
    events::Hub,
    machine::{Answered, Command, Config, Interest, Limits, ServerMachine, Stats},
    perform::{Performer, Plugged, Shared},
    store::StoredObservation,
};

/// Events that wait for one reader, unless said otherwise.
const EVENTS: usize = 4096;
/// Registrations that a shard is asked for at a time.
const PAGE: usize = 1000;

/// A running LwM2M server. Clones share it; it ends with [`Server::shutdown`] or with the last clone and handle.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    machines: Shards<Command>,
}

impl Inner {
    pub(crate) fn handle(&self, shard: ShardId) -> Option<Handle<Command>> {
        self.machines.handle(shard)
    }
}

impl Server {
    /// A server with default settings, that listens nowhere yet.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// A client by its endpoint name. It need not be registered.
    pub fn client(&self, endpoint: impl Into<EndpointName>) -> ClientHandle {
        ClientHandle::new(self.0.clone(), endpoint.into())
    }

    /// Many clients that are asked the same. They need not be registered.
    #[must_use]
    pub fn group<E: Into<EndpointName>>(&self, members: impl IntoIterator<Item = E>) -> Group {
        Group::new(members.into_iter().map(|endpoint| self.client(endpoint)).collect())
    }

    /// What happens to registrations from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        self.0.shared.events.subscribe()
    }

    /// Registrations in the order of their endpoint names, for listings: at most `max`, from the first name that
    /// comes after `after`. The whole fleet is looked through, so ask for many at a time.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn registrations(
        &self,
        after: Option<&str>,
        max: usize,
    ) -> Result<Vec<Arc<Registration>>, ServerError> {
        let mut found = BTreeMap::new();
        for shard in 0..self.0.shared.shards.len() {
            let shard = ShardId(u8::try_from(shard).unwrap_or(u8::MAX));
            let mut next = Some(0);
            while let Some(from) = next {
                let list = |request| Command::List { request, from, max: PAGE };
                let Ok(Answered::List { registrations, next: more }) = self.0.shared.ask(shard, list).await
                else {
                    return Err(ServerError::Stopped);
                };
                next = more;
                let wanted =
                    registrations.into_iter().filter(|r| after.is_none_or(|after| *r.endpoint > *after));
                found.extend(wanted.map(|registration| (registration.endpoint.clone(), registration)));
                while found.len() > max {
                    found.pop_last();
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// What each shard holds and has done.
    ///
    /// # Errors
    /// The server has been shut down.
    pub async fn stats(&self) -> Result<Vec<Stats>, ServerError> {
        let mut all = Vec::new();
        for shard in 0..self.0.shared.shards.len() {
            let shard = ShardId(u8::try_from(shard).unwrap_or(u8::MAX));
            match self.0.shared.ask(shard, |request| Command::Stats { request }).await {
                Ok(Answered::Stats(stats)) => {
                    let driver = self.0.handle(shard).map(|machine| machine.counters()).unwrap_or_default();
                    all.push(Stats { driver, ..*stats });
                }
                _ => return Err(ServerError::Stopped),
            }
        }
        Ok(all)
    }

    /// What the transports of all shards count.
    #[must_use]
    pub fn transport_counters(&self) -> Vec<Arc<TransportCounters>> {
        self.0.machines.transport_counters()
    }

    /// Hands counters and gauges to the recorder of the `metrics` facade, see [`crate::metrics`].
    ///
    /// # Errors
    /// The server has been shut down.
    #[cfg(feature = "metrics")]
    pub async fn record_metrics(&self) -> Result<(), ServerError> {
        crate::metrics::record(&self.stats().await?);
        crate::metrics::record_transports(&self.transport_counters());
        Ok(())
    }

    /// Hands the shards what the store has. Clients that come meanwhile are answered: who is not restored yet hears
    /// 4.04 and registers anew.
    async fn restore(&self) -> Result<(), ServerError> {
        let Some(store) = &self.0.shared.store else { return Ok(()) };
        let mut after = None::<EndpointName>;
        loop {
            let page = store.list(after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.registration.endpoint.clone());
            for stored in page {
                stored.queue.iter().for_each(|request| self.0.shared.number_after(request.number));
                let id = stored.registration.id;
                let (endpoint, secure) =
                    (stored.registration.endpoint.clone(), stored.registration.identity.is_secure());
                let at = self.0.shared.directory.restore(endpoint, id, secure);
                let machine = self.0.handle(self.0.shared.home(at)).ok_or(ServerError::Stopped)?;
                let restore = Command::Restore(Box::new(stored));
                machine.send(restore).await.map_err(|_| ServerError::Stopped)?;
            }
        }
    }

    /// Where the server listens, with the ports that the system chose.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        self.0.machines.addresses()
    }

    /// Stops: frames that are on their way out still leave, requests that wait end with
    /// [`RequestError::Stopped`](crate::RequestError::Stopped), streams end. Registered clients are not told: they find out at their next Update.
    ///
    /// It waits for nobody on the network, and so, unlike the shutdown of a client, has nothing that can fail; a server that
    /// has stopped already stays so.
    pub async fn shutdown(self) {
        self.0.machines.stop();
        self.0.shared.running.ended().await;
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses()).finish_non_exhaustive()
    }
}

/// Settings of a server.
#[must_use = "nothing runs until it is started"]
pub struct ServerBuilder {
    listen: Vec<Listen>,
    shards: Option<u8>,
    keys: Arc<dyn CredentialStore>,
    sink: Option<Arc<dyn DataSink>>,
    store: Option<Arc<dyn ServerStore>>,
    authorizer: Option<Arc<dyn Authorizer>>,
    /// What is observed of every client.
    rules: Vec<Result<StoredObservation, PathError>>,
    resources: Vec<(Vec<String>, Arc<dyn Resource>)>,
    event_room: usize,
    coap: coap::Config,
    machine: Config,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        let model: Arc<dyn Model> = Arc::new(Registry);
        Self {
            listen: Vec::new(),
            shards: None,
            keys: Arc::new(NoKeys),
            sink: None,
            store: None,
            authorizer: None,
            rules: Vec::new(),
            resources: Vec::new(),
            event_room: EVENTS,
            coap: coap::Config::default(),
            machine: Config::new(Arc::default(), model),
        }
    }
}

impl ServerBuilder {
    /// Where to listen; several times for several places.
    pub fn listen(mut self, at: Listen) -> Self {
        self.listen.push(at);
        self
    }

    /// How many shards: each is a task with a socket and clients of its own. Default one per core.
    pub fn shards(mut self, shards: u8) -> Self {
        self.shards = Some(shards.max(1));
        self
    }

    /// Where keys are looked up. Default: there are none, which is enough for CoAP without protection.
    pub fn credentials(mut self, keys: impl CredentialStore) -> Self {
        self.keys = Arc::new(keys);
        self
    }

    /// Definitions of objects beside those of the OMA registry that this SDK has, and before them: for
    /// `vec![Fan::DEF]` of your own objects. Without one, values of an object are taken for what their reader asks,
    /// whole instances cannot be read as a struct, and a value of the wrong type is noticed by the device at best.
    pub fn model(mut self, model: impl Model) -> Self {
        self.machine.model = Arc::new(WithRegistry(model));
        self
    }

    /// Keeps what devices tell before it is acknowledged.
    pub fn data(mut self, sink: impl DataSink) -> Self {
        self.sink = Some(Arc::new(sink));
        self
    }

    /// Keeps registrations over a restart. Default: they are forgotten, and clients come back by 4.04.
    pub fn store(mut self, store: impl ServerStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Decides over what clients ask of the server. Default: what their keys allow.
    pub fn authorizer(mut self, authorizer: impl Authorizer) -> Self {
        self.authorizer = Some(Arc::new(authorizer));
        self
    }

    /// Observes this place of every client that registers and has its object, for the [data sink](Self::data): the
    /// observation begins with each registration, also of clients that sleep in between. A text that names no place is an
    /// error of the start.
    #[allow(clippy::needless_pass_by_value, reason = "places are small, and given as literals")]
    pub fn observe(mut self, at: impl AsPath, attributes: Attributes) -> Self {
        let (tree, places, format) = (Tree::DEFAULT, Vec::new(), None);
        let rule = |path| StoredObservation { tree, path, places, format, attributes };
        self.rules.push(at.as_path().map(rule));
        self
    }

    /// Whether observations that were [detached](crate::Observation::detach) begin anew when their client registers
    /// anew. Default yes. For one with a reader, see [`Request::follow`](crate::Request::follow).
    pub fn reobserve(mut self, yes: bool) -> Self {
        self.machine.reobserve = yes;
        self
    }

    /// Takes a Send or a notification of a client that proved who it is for an Update, too: its lifetime begins anew.
    /// (Its address is that of its session already.) Default no: the specification knows no such thing, and the client
    /// does not count on it. Not more often than ten times a lifetime.
    pub fn refresh_on_data(mut self) -> Self {
        self.machine.refresh = true;
        self
    }

    /// How long a client in queue mode listens after each of its messages. Default MAX_TRANSMIT_WAIT of its link, 93 s
    /// with the default parameters of transmission. [Core 1.2 §6.5]
    pub fn awake(mut self, window: Duration) -> Self {
        self.machine.awake = Some(window);
        self
    }

    /// How long requests wait for clients that sleep, where they do not say it by [`Request::expires`]. Default: they do
    /// not wait, and end with [`RequestError::Asleep`].
    ///
    /// [`Request::expires`]: crate::Request::expires
    /// [`RequestError::Asleep`]: crate::RequestError::Asleep
    pub fn queue(mut self, expires: Duration) -> Self {
        self.machine.queue = Some(expires);
        self
    }

    /// A CoAP resource of the program, for requests to `path` (such as `/firmware`) and below. `/rd` is taken.
    pub fn resource(mut self, path: &str, resource: impl Resource) -> Self {
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        self.resources.push((segments, Arc::new(resource)));
        self
    }

    /// The versions of the enabler that may register; others get 4.12. Default: all.
    pub fn versions(mut self, versions: std::ops::RangeInclusive<Version>) -> Self {
        (self.machine.oldest, self.machine.newest) = versions.into_inner();
        self
    }

    /// Refuses what the specification refuses: a Register or Update with a parameter that is not known (4.00); since
    /// LwM2M 1.1 a Register without `lt` (4.00), which else stands for a day; and one without a list of objects (4.09).
    /// Devices in the field are not that strict.
    pub fn strict(mut self) -> Self {
        self.machine.strict = true;
        self
    }

    /// How many events may wait for one reader before it loses the oldest. Default 4096.
    pub fn event_room(mut self, events: usize) -> Self {
        self.event_room = events;
        self
    }

    /// How far clients and callers can go, per shard.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.machine.limits = limits;
        self
    }

    /// Settings of the CoAP endpoints, their limits among them.
    pub fn coap(mut self, config: coap::Config) -> Self {
        self.coap = config;
        self
    }

    /// Opens the sockets and runs.
    ///
    /// # Errors
    /// Nowhere to listen, or a socket cannot be opened.
    pub async fn start(self) -> Result<Server, ServerError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let shards = self.shards.unwrap_or(u8::try_from(cores).unwrap_or(u8::MAX));
        self.start_on(&Runtime::Tokio, shards).await
    }

    /// Runs on a host of a simulated network; on its UDP port 5683 if nowhere to listen was given. With one shard
    /// unless said otherwise.
    ///
    /// # Errors
    /// A transport cannot be opened.
    #[cfg(feature = "test-util")]
    pub async fn start_in(mut self, host: &lwm2m_core::sim::Host) -> Result<Server, ServerError> {
        let shards = self.shards.unwrap_or(1);
        if self.listen.is_empty() {
            self.listen.push(host.listen(5683));
        }
        self.start_on(&Runtime::Simulated(host.clone()), shards).await
    }

    async fn start_on(self, runtime: &Runtime, shards: u8) -> Result<Server, ServerError> {
        let opened = driver::open(&self.listen, shards, &self.keys).await?;
        let server = self.assemble(runtime, opened)?;
        server.restore().await?;
        Ok(server)
    }

    fn assemble(self, runtime: &Runtime, opened: Opened) -> Result<Server, ServerError> {
        let shards = u8::try_from(opened.len()).unwrap_or(u8::MAX);
        let interest = Arc::<Interest>::default();
        let (paths, resources) = self.resources.into_iter().unzip();
        let (sink, store) = (self.sink.is_some(), self.store.is_some());
        let authorizer = self.authorizer.is_some();
        let authorize_notifications =
            self.authorizer.as_ref().is_some_and(|authorizer| authorizer.decides_over_notifications());
        let hub = Hub::new(interest.clone(), self.event_room);
        let (keys, authority) = (self.keys, self.authorizer);
        let plugged = Plugged { resources, keys, sink: self.sink, store: self.store, authorizer: authority };
        let shared = Arc::new(Shared::new(shards, hub, plugged));
        let mut coap = self.coap;
        coap.settle_notifications = sink;
        let coap = Arc::new(coap);
        let config = Config {
            coap,
            shards,
            resources: paths,
            interest,
            sink,
            store,
            authorizer,
            authorize_notifications,
            rules: self.rules.into_iter().collect::<Result<_, _>>()?,
            ..self.machine
        };
        let machines = Shards::start(
            runtime,
            opened,
            |Seat { shard, bindings, seed }| {
                let config = Arc::new(Config { shard, bindings, ..config.clone() });
                (ServerMachine::new(config, seed), Performer::new(shard, shared.clone()))
            },
            |shard, handle| {
                if let Some(side) = shared.shard(shard) {
                    side.set_machine(handle.downgrade());
                }
            },
        )?;
        Ok(Server(Arc::new(Inner { shared, machines })))
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder").field("listen", &self.listen).finish_non_exhaustive()
    }
}
