//! A device with a bootstrap server and two servers, and all that can happen to them.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod after;
mod records;
mod watch;

use std::sync::{Arc, Mutex};

use lwm2m_bootstrap::{Account, Plan};
use lwm2m_client::{
    BootstrapAccount, Client, ClientBuilder, ClientError, ClientEvent, Instance, Retry, SendError,
    ServerAccount,
    lwm2m_core::{Bytes, Credentials, Secret, transport::Dtls},
    objects::{
        Device, Security, Server as ServerObject, Temperature,
        oma::{AccessControl, SecurityMode},
    },
    smartcard::image::{CardImage, Files, SimulatedCard},
    transport::Target,
};
use lwm2m_core::{
    Executable, InstanceId, ObjectId, UnixTime,
    sim::{Host, Net, Wire},
};
use lwm2m_server::{
    Attributes, ClientHandle, Data, DataSink, DataSource, RequestError, Server, ServerEvent, SinkError,
    Value, async_trait,
};

use self::{
    records::{Dice, History, Journal, Ledger},
    watch::Watches,
};
use crate::common::{
    Counter,
    bootstrap::{Medium, Script, Town, servers},
    is_secure, key_of, millis, open, seconds, server,
};

/// How long a request may take.
const PATIENCE: u64 = 60;
/// Instances that servers make and delete.
const MADE: std::ops::Range<u16> = 1..4;

pub struct World {
    net: Net,
    dice: Dice,
    pub journal: Journal,
    calls: Ledger,
    town: Town,
    script: Script,
    /// Where programs of servers run: nothing of it is lost when the device's power fails.
    desk: Host,
    wires: [Wire; 3],
    servers: Vec<Server>,
    /// Numbers that were sent, as they arrived at each server.
    arrived: [Arrived; 2],
    factory: bool,
    card: Option<SimulatedCard>,
    queue: bool,
    device: Life,
    watches: Watches,
    text: History<String>,
    made: Vec<History<bool>>,
    /// What was told to be in the store of each server's backlog, unless something has made it void since.
    owed: Arc<Mutex<Vec<(u16, i64, bool)>>>,
    number: i64,
}

/// The device from one start to its end.
struct Life {
    client: Client,
    sensor: Instance<Temperature>,
}

/// Numbers of Sends.
#[derive(Clone, Default)]
pub struct Arrived(Arc<Mutex<Vec<i64>>>);

impl Arrived {
    /// This number; or a later one, where the place may have been read after it had changed again.
    fn has(&self, number: i64, exact: bool) -> bool {
        let is_it = |arrived: &i64| *arrived == number || !exact && *arrived > number;
        self.0.lock().unwrap().iter().any(is_it)
    }
}

#[async_trait]
impl DataSink for Arrived {
    async fn accept(&self, batch: &[Data]) -> Result<(), SinkError> {
        let sent = batch.iter().filter(|data| data.source == DataSource::Send).flat_map(|data| &data.values);
        let numbers = sent.filter_map(|timed| match &timed.node {
            lwm2m_server::Node::Value(Value::Float(number)) => Some(*number as i64),
            _ => None,
        });
        self.0.lock().unwrap().extend(numbers);
        Ok(())
    }
}

impl World {
    pub async fn new(net: &Net, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let script = Script::default();
        let mut town = Town::new(net, script.clone()).await;
        town.state = Medium::taking(net, millis(dice.pick(&[0, 1, 10, 40])));
        let wires = [net.between(&town.here, &town.bs), net.between(&town.here, &town.hosts[0])];
        let last = net.between(&town.here, &town.hosts[1]);
        let [first, second] = wires;
        let card = dice.one_in(4);
        let mut world = Self {
            journal: Journal::new(net),
            calls: Ledger::new(net),
            desk: net.host("desk"),
            wires: [first, second, last],
            servers: vec![town.s1.clone(), town.s2.clone()],
            arrived: Default::default(),
            factory: !card && dice.one_in(2),
            queue: dice.one_in(4),
            card: None,
            // Replaced below.
            device: Life::none(&town).await,
            watches: Watches::default(),
            text: History::new(net, "given".to_owned()),
            made: MADE.map(|_| History::new(net, false)).collect(),
            owed: Arc::default(),
            number: 0,
            net: net.clone(),
            script,
            town,
            dice,
        };
        world.card = card.then(|| SimulatedCard::with(world.files(1)));
        for server in 0..2 {
            world.open_server(server).await;
        }
        world.plan(&[1, 2]);
        world.tell_of_bootstrap();
        let (factory, queue) = (world.factory, world.queue);
        world.journal.note(format!("secure {} card {card} factory {factory} queue {queue}", is_secure()));
        world.start().await;
        world
    }

    // The device.

    fn builder(&self) -> ClientBuilder {
        let device = Device { factory_reset: Some(Executable), ..Device::default() };
        let bootstrap = BootstrapAccount::new(Target::new("coap://bs:5683")).waits(seconds(2), seconds(60));
        let mut builder = Client::builder("device")
            .transport(self.town.here.udp(0))
            .bootstrap(bootstrap)
            .state(self.town.state.clone())
            .device(device)
            .seed(self.net.seed());
        if is_secure() {
            builder = builder.transport(Dtls::client(self.town.here.udp(0)).seeded(self.net.seed()));
        }
        if self.factory {
            let target = Target::new(self.uri(1));
            let mut account = ServerAccount::new(1, target).lifetime(seconds(120)).allow_send().retry(RETRY);
            if is_secure() {
                let (identity, key) = (Bytes::from_static(b"device"), Secret::new(key_of(b"device")));
                account = account.credentials(Credentials::Psk { identity, key });
            }
            let open = OPEN.iter().chain(&[(1, 0)]).map(|(object, instance)| rights(*object, *instance));
            builder = builder.access(open);
            builder = builder.server(if self.queue { account.queue_mode() } else { account });
        }
        if let Some(card) = &self.card {
            builder = builder.smartcard(card.clone());
        }
        let counter = Counter { text: Some("given".to_owned()), ..Counter::default() };
        builder.objects().add(0, counter).unwrap();
        builder.objects().creatable(|_| Counter::default()).unwrap();
        builder
    }

    async fn start(&mut self) {
        let builder = self.builder();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let mut events = builder.events();
        let (journal, owed, net) = (self.journal.clone(), self.owed.clone(), self.net.clone());
        let client = builder.start_in(&self.town.here).await.unwrap();
        let (known, made) = (client.clone(), self.made.clone());
        self.desk.task(async move {
            while let Some(event) = events.next().await {
                journal.note(format!("    device: {event:?}"));
                match event {
                    ClientEvent::Bootstrapped { servers } => {
                        // What only a server could use that is gone may have gone with it.
                        made.iter().for_each(|made| made.perhaps(false));
                        owed.lock().unwrap().retain(|(server, ..)| servers.contains(server));
                    }
                    ClientEvent::NotSent { server, .. } => {
                        owed.lock().unwrap().retain(|(other, ..)| *other != server);
                    }
                    _ => {}
                }
            }
        });
        let (owed, made) = (self.owed.clone(), self.made.clone());
        self.desk.task(async move {
            made.iter().for_each(|made| made.perhaps(false));
            // The power may have failed before the program heard that a server is gone.
            net.sleep(seconds(1)).await;
            let known = servers(&known);
            owed.lock().unwrap().retain(|(server, ..)| known.contains(&i64::from(*server)));
        });
        self.device = Life { client, sensor };
    }

    async fn cut_power(&mut self) {
        self.journal.note("power cut");
        self.town.here.crash();
        self.device = Life::none(&self.town).await;
        let pause = self.dice.pause();
        self.net.sleep(pause).await;
        self.journal.note("power again");
        self.start().await;
    }

    /// Ids of the Security and Server instances of a server.
    fn instances_of(&self, server: u16) -> Option<(u16, u16)> {
        let objects = self.device.client.objects();
        let security = objects.instances::<Security>().into_iter();
        let mut security = security.filter(|one| one.get().short_server_id == Some(i64::from(server)));
        let known = objects.instances::<ServerObject>().into_iter();
        let mut known = known.filter(|one| one.get().short_server_id == i64::from(server));
        Some((security.next()?.id().0, known.next()?.id().0))
    }

    // Servers.

    fn uri(&self, server: u16) -> String {
        if is_secure() { format!("coaps://s{server}:5684") } else { format!("coap://s{server}:5683") }
    }

    /// Opens it, without any memory.
    async fn open_server(&mut self, position: usize) {
        let host = &self.town.hosts[position];
        host.crash();
        let opened = open(server(1).data(self.arrived[position].clone()), host).await;
        let (mut events, journal) = (opened.events(), self.journal.clone());
        self.desk.task(async move {
            while let Some(event) = events.next().await {
                let what = match event {
                    ServerEvent::Registered { replaced, .. } => {
                        format!("registered, replaced {}", replaced.is_some())
                    }
                    ServerEvent::Deregistered(_) => "deregistered".to_owned(),
                    ServerEvent::Expired(_) => "expired".to_owned(),
                    ServerEvent::SessionEnded { error, .. } => format!("session ended: {error}"),
                    _ => continue,
                };
                journal.note(format!("    server {}: {what}", position + 1));
            }
        });
        self.servers[position] = opened;
    }

    fn tell_of_bootstrap(&self) {
        let (mut events, journal) = (self.town.bootstrap.events(), self.journal.clone());
        self.desk.task(async move {
            while let Some(event) = events.next().await {
                journal.note(format!("    bootstrap server: {event:?}"));
            }
        });
    }

    fn asked(&self, server: u16) -> ClientHandle {
        self.servers[usize::from(server) - 1].client("device")
    }

    /// Bootstrap and card give accounts alike.
    fn said(&self, server: &mut ServerObject) {
        server.mute_send = Some(false);
        server.disable_timeout = Some(60);
        server.communication_retry_count = Some(RETRY.count.into());
        server.communication_retry_timer = Some(RETRY.timer.as_secs());
        server.communication_sequence_delay_timer = Some(RETRY.sequence_delay.as_secs());
        if self.queue {
            server.binding = "UQ".to_owned();
        }
    }

    fn account(&mut self, server: u16) -> Account {
        let account = if is_secure() {
            Account::psk(server, self.uri(server), "device", key_of(b"device"))
        } else {
            Account::no_sec(server, self.uri(server))
        };
        let account = account.at(server, server - 1).lifetime(seconds(self.dice.pick(&[60, 120, 300])));
        account.server(|server| self.said(server))
    }

    fn files(&self, server: u16) -> Files {
        let mut security = Security {
            server_uri: self.uri(server),
            security_mode: SecurityMode::NoSec,
            short_server_id: Some(i64::from(server)),
            ..Security::default()
        };
        if is_secure() {
            security.security_mode = SecurityMode::PreSharedKey;
            security.public_key_or_identity = Bytes::from_static(b"device");
            security.secret_key = Secret::new(key_of(b"device"));
        }
        let mut known = ServerObject::new(server, 120);
        self.said(&mut known);
        CardImage::new().object([(server, security)]).object([(server - 1, known)]).files()
    }

    /// What bootstrap is to make of the device: everything anew.
    fn plan(&mut self, servers: &[u16]) {
        let empty = Plan::new().delete("/0").delete("/1");
        let plan = servers.iter().fold(empty, |plan, server| self.with(plan, *server));
        self.journal.note(format!("plan: only {servers:?}"));
        self.script.set([plan]);
    }

    /// With the account of a server, and with rights for everybody.
    fn with(&mut self, plan: Plan, server: u16) -> Plan {
        let plan = plan.account(self.account(server)).access(rights(1, server - 1));
        OPEN.iter().fold(plan, |plan, (object, instance)| plan.access(rights(*object, *instance)))
    }

    /// The same, of which only what differs is said.
    fn plan_a_change(&mut self) {
        let (comes, goes) = self.dice.pick(&[(1, 2), (2, 1)]);
        let mut plan = Plan::new();
        if let Some((security, known)) = self.instances_of(goes).filter(|_| self.dice.one_in(2)) {
            let places = [format!("/0/{security}"), format!("/1/{known}")];
            plan = places.iter().fold(plan, |plan, place| plan.delete(place.as_str()).or_continue());
            self.journal.note(format!("plan: without {goes}"));
        }
        self.journal.note(format!("plan: with {comes}"));
        let plan = self.with(plan, comes);
        self.script.set([plan]);
    }

    // What happens.

    /// Something happens, and then a while nothing.
    pub async fn happen(&mut self) {
        let pause = self.dice.pause();
        self.net.sleep(pause).await;
        match self.dice.below(40) {
            0 | 1 => self.weather(),
            2 | 3 => self.darkness(),
            4 => self.calm(),
            5 => self.move_device(true).await,
            6 => self.move_device(false).await,
            7 | 8 => self.cut_power().await,
            9 => {
                let server = self.dice.pick(&[1, 2]);
                self.journal.note(format!("server {server} restarts"));
                self.open_server(server - 1).await;
            }
            10 | 11 => self.disable(),
            12 => self.execute(8),
            13 => self.execute(9),
            14 => self.bootstrap(),
            15 => {
                let servers: &[u16] = self.dice.pick(&[&[1], &[2], &[1, 2]]);
                self.plan(servers);
            }
            16 => self.plan_a_change(),
            17 if self.dice.one_in(3) => self.factory_reset(),
            17..=20 => self.send(),
            21 => {
                let muted = self.dice.one_in(2);
                self.write_server("23", i64::from(muted));
            }
            22..=24 => self.observe(),
            25 => self.watches.end_one(&mut self.dice, &self.journal),
            26 => self.write_attributes(),
            27..=29 => self.measure(),
            30 | 31 => self.make_or_delete(),
            32 => self.local_instance(),
            33 => {
                let lifetime = self.dice.pick(&[60, 90, 240]);
                self.write_server("1", lifetime);
            }
            34..=36 => self.write_text(),
            37 => self.change_card().await,
            38 => self.read(),
            _ => self.wear(),
        }
    }

    fn weather(&mut self) {
        let (which, loss) = (self.dice.below(3) as usize, self.dice.pick(&[0.1, 0.3, 0.5]));
        let longest = self.dice.pick(&[30, 300, 3000]);
        self.journal.note(format!("wire {which}: loss {loss}, up to {longest} ms"));
        self.wires[which].loss(loss).duplicate(0.1).reorder(0.1).delay(millis(10)..millis(longest));
    }

    /// A wire carries nothing, for a while; or it refuses.
    fn darkness(&mut self) {
        let (which, long) = (self.dice.below(3) as usize, self.dice.pick(&[1, 30, 200, 600]));
        let refuses = self.dice.one_in(4);
        self.journal.note(format!("wire {which}: dark for {long} s, refuses {refuses}"));
        let (wire, net) = (self.wires[which].clone(), self.net.clone());
        let there = [&self.town.bs, &self.town.hosts[0], &self.town.hosts[1]][which].clone();
        if refuses {
            wire.fail(&there, true);
        } else {
            wire.partition(true);
        }
        self.desk.task(async move {
            net.sleep(seconds(long)).await;
            wire.partition(false).fail(&there, false);
        });
    }

    pub fn calm(&mut self) {
        self.journal.note("calm");
        let there = [&self.town.bs, &self.town.hosts[0], &self.town.hosts[1]];
        for (wire, there) in self.wires.iter().zip(there) {
            wire.loss(0.0).duplicate(0.0).reorder(0.0).delay(millis(10)..millis(11));
            wire.partition(false).fail(there, false);
        }
        self.town.state.refuse(false);
    }

    /// It has another address; it may know of it.
    async fn move_device(&mut self, knows: bool) {
        self.journal.note(format!("another address, known {knows}"));
        for wire in &self.wires {
            wire.rebind_nat(&self.town.here);
        }
        if knows {
            self.device.client.network_changed().await.unwrap();
        }
    }

    /// The store takes nothing, for a while.
    fn wear(&mut self) {
        self.journal.note("the store refuses");
        let (state, net, long) = (self.town.state.clone(), self.net.clone(), self.dice.pick(&[1, 5, 40]));
        state.refuse(true);
        self.desk.task(async move {
            net.sleep(seconds(long)).await;
            state.refuse(false);
        });
    }

    async fn change_card(&mut self) {
        let Some(card) = &self.card else { return };
        let server = self.dice.below(3);
        self.journal.note(format!("card: {server}"));
        match server {
            0 => card.remove(),
            server => card.insert(self.files(server as u16)),
        }
        self.device.client.smartcard_changed().await.unwrap();
    }

    /// A server asks for something; `confirmed` is told how it ended: it was done, it was not, or nobody knows.
    fn request<T: Send + 'static, F: IntoFuture<Output = Result<T, RequestError>>>(
        &self,
        what: String,
        request: F,
        outcome: impl FnOnce(Option<bool>) + Send + 'static,
    ) where
        F::IntoFuture: Send + 'static,
    {
        let (calls, journal) = (self.calls.clone(), self.journal.clone());
        let request = request.into_future();
        journal.note(&what);
        self.desk.task(async move {
            // One more: the driver of a server may hear of it at the same moment.
            let result = calls.of(&what, Some(seconds(PATIENCE + 1)), request).await;
            journal.note(format!("    {what}: {:?}", result.as_ref().err()));
            outcome(match result {
                Ok(_) => Some(true),
                Err(error) if error.may_have_been_applied() => None,
                Err(_) => Some(false),
            });
        });
    }

    fn any_server(&mut self) -> u16 {
        self.dice.pick(&[1, 2])
    }

    fn disable(&mut self) {
        let (server, long) = (self.any_server(), self.dice.pick(&[5_i64, 60, 400]));
        let Some((_, known)) = self.instances_of(server) else { return };
        let (asked, what) = (self.asked(server), format!("server {server} disables for {long} s"));
        let request = async move {
            asked.write(format!("/1/{known}/5").as_str(), long).await?;
            // As long as both together may take.
            asked.execute(format!("/1/{known}/4").as_str()).timeout(seconds(10)).await
        };
        self.journal.note(&what);
        let (calls, journal) = (self.calls.clone(), self.journal.clone());
        self.desk.task(async move {
            let result = calls.of(&what, Some(seconds(PATIENCE + 12)), request).await;
            journal.note(format!("    {what}: {result:?}"));
        });
    }

    fn execute(&mut self, resource: u16) {
        let server = self.any_server();
        let Some((_, known)) = self.instances_of(server) else { return };
        let path = format!("/1/{known}/{resource}");
        let request = self.asked(server).execute(path.as_str());
        self.request(format!("server {server} executes {path}"), request, |_| {});
    }

    fn write_server(&mut self, resource: &str, value: i64) {
        let server = self.any_server();
        let Some((_, known)) = self.instances_of(server) else { return };
        let path = format!("/1/{known}/{resource}");
        let what = format!("server {server} writes {path} = {value}");
        match resource {
            "23" => self.request(what, self.asked(server).write(path.as_str(), value != 0), |_| {}),
            _ => self.request(what, self.asked(server).write(path.as_str(), value), |_| {}),
        }
    }

    fn bootstrap(&mut self) {
        self.journal.note("bootstrap()");
        let (client, calls) = (self.device.client.clone(), self.calls.clone());
        self.desk.task(async move {
            let _ = calls.of("bootstrap()", Some(seconds(1)), client.bootstrap()).await;
        });
    }

    fn factory_reset(&mut self) {
        let text = (self.text.clone(), self.text.begin("given".to_owned()));
        let made = self.made.iter().map(|made| (made.clone(), made.begin(false))).collect::<Vec<_>>();
        let owed = self.owed.clone();
        owed.lock().unwrap().clear();
        let outcome = move |outcome: Option<bool>| {
            let each = |history: &dyn Fn(bool)| {
                if let Some(done) = outcome {
                    history(done);
                }
            };
            owed.lock().unwrap().clear();
            each(&|done| if done { text.0.confirmed(text.1) } else { text.0.refused(text.1) });
            for (history, change) in &made {
                each(&|done| if done { history.confirmed(*change) } else { history.refused(*change) });
            }
        };
        if self.dice.one_in(2) {
            let server = self.any_server();
            let request = self.asked(server).execute("/3/0/5");
            return self.request(format!("server {server} resets"), request, outcome);
        }
        self.journal.note("factory_reset()");
        let (client, calls, journal) = (self.device.client.clone(), self.calls.clone(), self.journal.clone());
        self.desk.task(async move {
            let result = calls.of("factory_reset()", Some(seconds(120)), client.factory_reset()).await;
            journal.note(format!("    factory_reset(): {result:?}"));
            outcome(match result {
                Ok(()) => Some(true),
                Err(ClientError::Ended) => None,
                Err(_) => Some(false),
            });
        });
    }

    /// A number goes to one server or to all.
    fn send(&mut self) {
        self.number += 1;
        let (number, to, stored) =
            (self.number, self.dice.pick(&[None, Some(1), Some(2)]), self.dice.one_in(3));
        let value = number as f64;
        let client = &self.device.client;
        let exact = !self.dice.one_in(2);
        let sending = if !exact {
            self.device.sensor.set(Temperature::SENSOR_VALUE, value);
            client.send([Temperature::SENSOR_VALUE.at(0)])
        } else {
            let time = UnixTime::from_secs(1_700_000_000 + number);
            let measured = lwm2m_client::Measurements::new();
            client.send_measured(measured.at(time, Temperature::SENSOR_VALUE.at(0), value))
        };
        let sending = if stored { sending.stored() } else { sending };
        let what = format!("send {number} to {to:?}, stored {stored}");
        self.journal.note(&what);
        let (calls, journal, arrived) = (self.calls.clone(), self.journal.clone(), self.arrived.clone());
        let owed = self.owed.clone();
        self.desk.task(async move {
            let sending = match to {
                Some(server) => sending.to(server).into_future(),
                None => sending.into_future(),
            };
            let result: Result<(), SendError> = calls.of(&what, None, sending).await;
            journal.note(format!("    {what}: {result:?}"));
            let has = |server: u16| arrived[usize::from(server) - 1].has(number, exact);
            match (result, to) {
                (Ok(()), Some(server)) if stored => owed.lock().unwrap().push((server, number, exact)),
                (Ok(()), Some(server)) => assert!(has(server), "{what}: it has not arrived"),
                (Ok(()), None) if !stored => assert!(has(1) || has(2), "{what}: it has not arrived"),
                _ => {}
            }
        });
    }

    fn measure(&mut self) {
        for _ in 0..=self.dice.below(4) {
            self.number += 1;
            self.device.sensor.set(Temperature::SENSOR_VALUE, self.number as f64);
        }
    }

    fn write_text(&mut self) {
        self.number += 1;
        let (server, value) = (self.any_server(), self.number.to_string());
        let (text, change) = (self.text.clone(), self.text.begin(value.clone()));
        let request = self.asked(server).write("/32800/0/3", value.clone());
        let outcome = move |outcome| match outcome {
            Some(true) => text.confirmed(change),
            Some(false) => text.refused(change),
            None => {}
        };
        self.request(format!("server {server} writes {value}"), request, outcome);
    }

    fn make_or_delete(&mut self) {
        let (server, instance) = (self.any_server(), self.dice.pick(&[1_u16, 2, 3]));
        let makes = self.dice.one_in(2);
        let made = self.made[usize::from(instance - 1)].clone();
        let change = made.begin(makes);
        let outcome = move |outcome| match outcome {
            Some(true) => made.confirmed(change),
            Some(false) => made.refused(change),
            None => {}
        };
        if makes {
            let request = self.asked(server).create(Some(instance), Counter::default());
            self.request(format!("server {server} makes {instance}"), request, outcome);
        } else {
            let request = self.asked(server).delete(format!("/32800/{instance}").as_str());
            self.request(format!("server {server} deletes {instance}"), request, outcome);
        }
    }

    /// The program adds an instance, or takes it away.
    fn local_instance(&mut self) {
        let (objects, instance) = (self.device.client.objects(), 1 + self.dice.below(3) as u16);
        self.journal.note(format!("the program adds or takes /3303/{instance}"));
        if objects.remove::<Temperature>(instance).is_err() {
            objects.add(instance, Temperature::default()).unwrap();
        }
    }

    fn write_attributes(&mut self) {
        let (server, pmin) = (self.any_server(), self.dice.pick(&[0, 1, 30]));
        let path = self.dice.pick(&["/3303/0/5700", "/3303", "/32800/1", "/32800/0/3"]);
        let attributes = Attributes::default().pmin(pmin).pmax(self.dice.pick(&[30, 60]));
        let request = self.asked(server).write_attributes(path, attributes);
        self.request(format!("server {server} writes attributes of {path}"), request, |_| {});
    }

    fn observe(&mut self) {
        let server = self.any_server();
        let asked = self.asked(server);
        let begun = self.watches.begin(&mut self.dice, server, &asked, &self.journal);
        let calls = self.calls.clone();
        self.desk.task(async move { begun.run(&calls, seconds(PATIENCE + 1)).await });
    }

    fn read(&mut self) {
        let server = self.any_server();
        let request = self.asked(server).read_composite(["/3303", "/32800", "/1"]);
        self.request(format!("server {server} reads"), request, |_| {});
    }
}

/// Everybody may do everything there.
fn rights(object: u16, instance: u16) -> AccessControl {
    let mut rights = AccessControl::new(ObjectId(object), InstanceId(instance), AccessControl::BOOTSTRAP);
    let all = if instance == u16::MAX { AccessControl::CREATE } else { 15 };
    // The right to create must be said of each.
    rights.acl.extend([(1, all), (2, all)]);
    rights
}

/// Where: the device, what it measures, and what it counts, of which servers may make more.
const OPEN: [(u16, u16); 4] = [(3, 0), (3303, 0), (32800, 0), (32800, u16::MAX)];

impl Life {
    /// No device: a client of nobody, so that there is always one.
    async fn none(town: &Town) -> Self {
        let host = town.net.host("nowhere");
        let account = ServerAccount::new(1, Target::new("coap://nobody:5683"));
        let builder = Client::builder("nobody").transport(host.udp(0)).server(account).seed(town.net.seed());
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&host).await.unwrap();
        host.crash();
        Self { client, sensor }
    }
}

/// Soon again, and no whole day between.
const RETRY: Retry = Retry {
    count: 3,
    timer: std::time::Duration::from_secs(5),
    sequence_delay: std::time::Duration::from_secs(60),
    sequences: 1,
};
