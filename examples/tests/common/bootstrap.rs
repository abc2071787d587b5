//! A bootstrap server, two servers and a device that knows the first alone.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use lwm2m_bootstrap::{Account, BootstrapEvent, BootstrapServer, Plan, PlanSource, Session};
use lwm2m_client::{
    BootstrapAccount, Client, ClientBuilder, ClientEvent, MemoryState, StateStore, StoreError, async_trait,
    objects::{Security, Server as ServerObject, oma::SecurityMode},
    smartcard::image::CardImage,
    state_store::{Edit, Record},
    transport::Target,
};
use lwm2m_core::sim::{Host, Net, Wire};
use lwm2m_server::{Events, Server, ServerEvent};

use super::{open, seconds, server};

pub type Planned = Result<Option<Plan>, StoreError>;

/// A town: bootstrap server `bs`, servers `s1` and `s2`, and a device.
pub struct Town {
    pub net: Net,
    pub bs: Host,
    pub bootstrap: BootstrapServer,
    pub told: lwm2m_bootstrap::Events,
    pub s1: Server,
    pub s2: Server,
    pub events: [Events; 2],
    pub hosts: [Host; 2],
    pub here: Host,
    /// Between the device and the bootstrap server.
    pub wire: Wire,
    pub state: Medium,
}

impl Town {
    pub async fn new(net: &Net, plans: impl PlanSource) -> Self {
        let bs = net.host("bs");
        let hosts = [net.host("s1"), net.host("s2")];
        let here = net.host("device");
        let bootstrap = BootstrapServer::builder().plans(plans).start_in(&bs).await.unwrap();
        let (s1, s2) = (open(server(1), &hosts[0]).await, open(server(1), &hosts[1]).await);
        let wire = net.between(&here, &bs);
        Self {
            net: net.clone(),
            told: bootstrap.events(),
            bootstrap,
            bs,
            events: [s1.events(), s2.events()],
            s1,
            s2,
            hosts,
            here,
            wire,
            state: Medium::default(),
        }
    }

    /// A device that knows the bootstrap server alone.
    pub fn device(&self) -> ClientBuilder {
        Client::builder("device")
            .transport(self.here.udp(0))
            .bootstrap(BootstrapAccount::new(Target::new("coap://bs:5683")))
            .state(self.state.clone())
            .seed(self.net.seed())
    }

    /// Waits until the device is registered with server 1 or 2.
    pub async fn registered(&mut self, server: usize) {
        let events = self.events.get_mut(server - 1).expect("there are two servers");
        loop {
            let next = self.net.timeout(seconds(20_000), events.next()).await.expect("it registers");
            if matches!(next, Some(ServerEvent::Registered { .. })) {
                return;
            }
        }
    }

    /// The next event of the bootstrap server that ends something.
    pub async fn ended(&mut self) -> BootstrapEvent {
        loop {
            let next = self.net.timeout(seconds(20_000), self.told.next()).await.expect("it ends").unwrap();
            if !matches!(next, BootstrapEvent::Started { .. } | BootstrapEvent::StepRefused { .. }) {
                return next;
            }
        }
    }
}

/// The next event of a client that this is about.
pub async fn until(
    net: &Net,
    events: &mut lwm2m_client::Events,
    wanted: impl Fn(&ClientEvent) -> bool,
) -> ClientEvent {
    loop {
        let event = net.timeout(seconds(20_000), events.next()).await.expect("it comes").expect("it runs");
        if wanted(&event) {
            return event;
        }
    }
}

/// A card with accounts of these servers at `coap://s{id}`, each with this lifetime.
pub fn card(ids: &[u16], lifetime: u32) -> CardImage {
    let security = |id: u16| Security {
        server_uri: format!("coap://s{id}:5683"),
        security_mode: SecurityMode::NoSec,
        short_server_id: Some(i64::from(id)),
        ..Security::default()
    };
    let servers = ids.iter().map(|id| (*id - 1, ServerObject::new(*id, lifetime)));
    CardImage::new().object(ids.iter().map(|id| (*id - 1, security(*id)))).object(servers)
}

/// Server `id` at `coap://s{id}`.
pub fn account(id: u16) -> Account {
    Account::no_sec(id, format!("coap://s{id}:5683")).lifetime(Duration::from_secs(300))
}

/// Everything anew, with these servers.
pub fn only(ids: &[u16]) -> Plan {
    ids.iter().fold(Plan::new().delete("/0").delete("/1"), |plan, id| plan.account(account(*id)))
}

/// What a source is to say, in order of rounds; it can be changed.
#[derive(Clone, Default)]
pub struct Script(pub Arc<Mutex<Vec<Plan>>>, pub Arc<Mutex<Vec<Session>>>);

impl Script {
    pub fn new(rounds: impl IntoIterator<Item = Plan>) -> Self {
        Self(Arc::new(Mutex::new(rounds.into_iter().collect())), Arc::default())
    }

    pub fn set(&self, rounds: impl IntoIterator<Item = Plan>) {
        *self.0.lock().unwrap() = rounds.into_iter().collect();
    }

    /// What it was asked.
    pub fn asked(&self) -> Vec<Session> {
        self.1.lock().unwrap().clone()
    }
}

#[async_trait]
impl PlanSource for Script {
    async fn plan(&self, session: &Session) -> Planned {
        self.1.lock().unwrap().push(session.clone());
        Ok(self.0.lock().unwrap().get(session.round as usize).cloned())
    }
}

/// A medium that outlives the device. Its power can fail before or after a commit.
#[derive(Clone, Default)]
pub struct Medium {
    records: MemoryState,
    pub commits: Arc<Mutex<u32>>,
    refuses: Arc<Mutex<bool>>,
    /// How long half a commit takes.
    slow: Option<(Net, Duration)>,
}

impl Medium {
    /// A medium that needs so long before and after it writes.
    pub fn taking(net: &Net, half: Duration) -> Self {
        Self { slow: Some((net.clone(), half)), ..Self::default() }
    }

    async fn work(&self) {
        if let Some((net, half)) = &self.slow {
            net.sleep(*half).await;
        }
    }

    /// From now on nothing can be written, or it can again.
    pub fn refuse(&self, refuses: bool) {
        *self.refuses.lock().unwrap() = refuses;
    }
}

#[async_trait]
impl StateStore for Medium {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        self.records.load_all().await
    }

    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        if *self.refuses.lock().unwrap() {
            return Err(StoreError::new("the medium is worn out"));
        }
        self.work().await;
        self.records.commit(changes).await?;
        self.work().await;
        *self.commits.lock().unwrap() += 1;
        Ok(())
    }
}

/// The servers that a device has accounts of, by URI.
pub fn servers(client: &ClientBuilder) -> BTreeMap<i64, String> {
    let accounts = client.objects().instances::<Security>();
    let accounts = accounts.iter().map(|account| account.get()).filter(|account| !account.bootstrap_server);
    accounts.map(|account| (account.short_server_id.unwrap_or(0), account.server_uri)).collect()
}
