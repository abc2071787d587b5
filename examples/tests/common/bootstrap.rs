//! A bootstrap server, two servers and a device that knows the first alone.

use std::{
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

use super::{millis, open, seconds, server};

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
    wire_to_s1: Wire,
    pub state: Medium,
}

impl Town {
    pub async fn new(net: &Net, plans: impl PlanSource) -> Self {
        let bs = net.host("bs");
        let hosts = [net.host("s1"), net.host("s2")];
        let here = net.host("device");
        let bootstrap = BootstrapServer::builder().plans(plans).start_in(&bs).await.unwrap();
        let (s1, s2) = (open(server(1), &hosts[0]).await, open(server(1), &hosts[1]).await);
        let (wire, wire_to_s1) = (net.between(&here, &bs), net.between(&here, &hosts[0]));
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
            wire_to_s1,
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

    /// A town whose bootstrap server has this plan for the device, which starts there; see [`Town::slow`].
    pub async fn with_device(net: &Net, plan: Plan) -> (Self, Script, Client) {
        let script = Script::new([plan]);
        let town = Self::new(net, script.clone()).await;
        town.slow();
        let client = town.device().start_in(&town.here).await.unwrap();
        (town, script, client)
    }

    /// The power of the device fails; a second later it is there again, and registers.
    pub async fn power_cut(&self, client: Client) -> Client {
        self.here.crash();
        drop(client);
        self.net.sleep(seconds(1)).await;
        let client = self.device().start_in(&self.here).await.unwrap();
        client.registered().await.unwrap();
        client
    }

    /// From now on every frame of the device is 20 ms on its way, to the bootstrap server and to server 1.
    pub fn slow(&self) {
        for wire in [&self.wire, &self.wire_to_s1] {
            wire.delay(millis(20)..millis(21));
        }
    }

    /// After so many ms those wires carry nothing, for about as long as a frame is on its way.
    pub async fn dark_after(&self, cut: u64) {
        let wires = [&self.wire, &self.wire_to_s1];
        self.net.sleep(millis(cut)).await;
        for wire in wires {
            wire.partition(true);
        }
        self.net.sleep(millis(25)).await;
        for wire in wires {
            wire.partition(false);
        }
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

/// The short server IDs that a device has accounts of.
pub fn accounts(client: &Client) -> Vec<i64> {
    let all = client.objects().instances::<Security>();
    all.iter().filter_map(|account| account.get().short_server_id).collect()
}

/// Those that it has Server objects of.
pub fn servers(client: &Client) -> Vec<i64> {
    client.objects().instances::<ServerObject>().iter().map(|server| server.get().short_server_id).collect()
}

/// The one server that a device belongs to after its power failed at `cut` ms: 1, or 2, and nothing in between.
pub fn old_or_new(client: &Client, cut: u64) -> i64 {
    let now = accounts(client);
    assert!(now == [1] || now == [2], "cut at {cut} ms: {now:?}");
    assert_eq!(servers(client), now, "cut at {cut} ms");
    now[0]
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
