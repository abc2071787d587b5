//! Sessions of DTLS over a restart of the device: it goes on without a handshake where the server has a connection ID for
//! it, resumes elsewhere, and never uses a record number twice. HLF-016, SEC-001, SEC-002.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;
#[allow(unreachable_pub, reason = "shared with the tests of the client")]
#[path = "../../lwm2m-client/tests/common/faulty.rs"]
mod faulty;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use common::{AnyDevice, Counter, Scene, account, seconds, with_dtls};
use faulty::{Fault, Faulty};
use lwm2m_client::{
    Client, ClientBuilder, MemoryState, ServerAccount, StateStore,
    state_store::{Edit, Record},
    transport::Target,
};
use lwm2m_core::{
    Bytes,
    dtls::{Config, ConnectionIds},
    sim::{Host, Net, Seen, Wire},
    transport::{Dtls, Listen, Transport},
};
use lwm2m_server::{Server, ServerEvent};

fn device(scene: &Scene, store: impl StateStore) -> ClientBuilder {
    let builder = scene.client(&scene.here, "device", account().lifetime(seconds(86_400))).state(store);
    builder.objects().add(0, Counter::default()).unwrap();
    builder
}

async fn started(scene: &mut Scene, store: impl StateStore) -> Client {
    let client = device(scene, store).start_in(&scene.here).await.unwrap();
    let net = scene.net.clone();
    let registers = async {
        // a session that goes on has a new address first
        while !matches!(scene.change().await, ServerEvent::Registered { .. }) {}
    };
    net.timeout(seconds(400), registers).await.expect("it registers");
    client.registered().await.unwrap();
    client
}

/// A record that a device sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    kind: u8,
    epoch: u16,
    number: u64,
    /// The connection ID that the server knows it by.
    id: Bytes,
    fragment: Bytes,
}

/// Content types. [RFC 5246 §6.2.1] [RFC 9146 §4]
const HANDSHAKE: u8 = 22;
const WITH_ID: u8 = 25;
/// A ClientKeyExchange: not in the handshake that resumes a session.
const KEY_EXCHANGE: u8 = 16;

fn records(frame: &Bytes) -> Vec<Sent> {
    let mut rest = frame.clone();
    let mut found = Vec::new();
    while rest.len() > 13 {
        let kind = rest[0];
        let number = rest[5..11].iter().fold(0, |number, octet| number << 8 | u64::from(*octet));
        let epoch = u16::from_be_bytes([rest[3], rest[4]]);
        let id = if kind == WITH_ID { 6 } else { 0 };
        let length = usize::from(u16::from_be_bytes([rest[11 + id], rest[12 + id]]));
        let fragment = rest.slice(13 + id..13 + id + length);
        found.push(Sent { kind, epoch, number, id: rest.slice(11..11 + id), fragment });
        rest = rest.slice(13 + id + length..);
    }
    found
}

/// What a device has sent from a frame on.
fn sent(wire: &Wire, from: usize) -> Vec<Sent> {
    let by_device = |seen: &Seen| seen.from == "device";
    wire.frames()
        .iter()
        .skip(from)
        .filter(|seen| by_device(seen))
        .flat_map(|seen| records(&seen.frame))
        .collect()
}

fn shook_hands(sent: &[Sent]) -> bool {
    sent.iter().any(|record| record.kind == HANDSHAKE)
}

fn exchanged_keys(sent: &[Sent]) -> bool {
    sent.iter().any(|record| {
        record.kind == HANDSHAKE && record.epoch == 0 && record.fragment.first() == Some(&KEY_EXCHANGE)
    })
}

#[test]
fn a_device_goes_on_after_a_restart_without_a_handshake() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let store = MemoryState::default();
        let mut client = started(&mut scene, store.clone()).await;
        for life in 0..5_i64 {
            // with the power, or by its program: the session is not closed
            if life % 2 == 0 {
                scene.here.crash();
            }
            drop(client);
            net.sleep(seconds(60)).await;
            let before = scene.wire.frames().len();
            client = started(&mut scene, store.clone()).await;
            let asked = scene.server.client("device");
            asked.write(Counter::VALUE.at(0), life).await.unwrap();
            assert_eq!(asked.read::<i64>(Counter::VALUE.at(0)).await.unwrap(), life);
            let sent = sent(&scene.wire, before);
            assert!(!shook_hands(&sent), "life {life}: {sent:?}");
            assert!(sent.iter().all(|record| record.kind == WITH_ID), "it is known by its connection ID");
        }
    });
}

#[test]
fn a_server_that_has_forgotten_the_session_gets_a_handshake_within_seconds() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let store = MemoryState::default();
        let _client = started(&mut scene, store.clone()).await;
        scene.here.crash();
        scene.there.crash();
        drop(scene.server);
        scene.server = common::open(common::server(shards), &scene.there).await;
        scene.events = scene.server.events();
        let (before, began) = (scene.wire.frames().len(), net.now().mono);
        let _client = started(&mut scene, store.clone()).await;
        let took = net.now().mono.since(began);
        assert!(took < seconds(30), "{took:?}");
        let sent = sent(&scene.wire, before);
        assert!(sent[0].kind == WITH_ID && exchanged_keys(&sent), "first as before, then from the beginning");
        // and the next life goes on with the new one
        scene.here.crash();
        let before = scene.wire.frames().len();
        let _client = started(&mut scene, store.clone()).await;
        assert!(!shook_hands(&self::sent(&scene.wire, before)));
    });
}

/// A server of the test's own, on port 5684 of its host.
async fn server(host: &Host, config: impl Fn() -> Config + Send + Sync + 'static) -> Server {
    let at = host.clone();
    let listen = Listen::with(move |_, keys| {
        let over = Dtls::over(at.udp(5684), keys, config()).seeded(at.net().seed());
        let over: Box<dyn Transport> = Box::new(over);
        async move { Ok(over) }
    });
    let known = vec![<Counter as lwm2m_client::ObjectType>::DEF];
    let server = Server::builder().shards(1).listen(listen).credentials(AnyDevice).model(known);
    server.start_in(host).await.unwrap()
}

async fn scene(net: &Net, config: impl Fn() -> Config + Send + Sync + 'static) -> Scene {
    let (there, here) = (net.host("server"), net.host("device"));
    let wire = net.between(&there, &here);
    let server = server(&there, config).await;
    Scene { net: net.clone(), events: server.events(), server, there, here, wire }
}

#[test]
fn without_a_connection_id_a_session_is_resumed() {
    with_dtls(7..8, |net, _| async move {
        let config = || {
            let mut config = Config::server(0);
            config.connection_id = ConnectionIds::Off;
            config
        };
        let mut scene = scene(&net, config).await;
        let store = MemoryState::default();
        let _client = started(&mut scene, store.clone()).await;
        scene.here.crash();
        let before = scene.wire.frames().len();
        let _client = started(&mut scene, store.clone()).await;
        let sent = sent(&scene.wire, before);
        assert!(shook_hands(&sent) && !exchanged_keys(&sent), "{sent:?}");
    });
}

#[test]
fn a_session_that_made_room_is_resumed() {
    with_dtls(7..8, |net, _| async move {
        let config = || {
            let mut config = Config::server(0);
            config.limits.sessions = 1;
            config
        };
        let mut scene = scene(&net, config).await;
        let store = MemoryState::default();
        let _client = started(&mut scene, store.clone()).await;
        scene.here.crash();
        let other = net.host("other");
        let builder = scene.client(&other, "other", account());
        let second = builder.start_in(&other).await.unwrap();
        second.registered().await.unwrap();
        while !matches!(scene.event().await, ServerEvent::SessionEnded { .. }) {}
        let before = scene.wire.frames().len();
        let client = device(&scene, store.clone()).start_in(&scene.here).await.unwrap();
        net.timeout(seconds(60), client.registered()).await.expect("soon").unwrap();
        let sent = sent(&scene.wire, before);
        assert!(sent[0].kind == WITH_ID && shook_hands(&sent) && !exchanged_keys(&sent), "{sent:?}");
    });
}

/// A life that takes so many Updates, or ends where its store does.
async fn life(scene: &mut Scene, store: impl StateStore, updates: usize) {
    let builder = device(scene, store);
    let mut events = builder.events();
    let client = builder.start_in(&scene.here).await.unwrap();
    let lives = async {
        client.registered().await.unwrap();
        for _ in 0..updates {
            client.update_registration(1).await.unwrap();
            while !matches!(events.next().await, Some(lwm2m_client::ClientEvent::Updated { .. })) {}
        }
    };
    let _ = scene.net.timeout(seconds(600), lives).await;
    scene.here.crash();
}

/// More than a copy reserves: where the second cannot be written at once, the session has to wait for it.
const MANY: usize = 1100;

fn commits_of_two_lives() -> usize {
    let commits = Mutex::new(0);
    with_dtls(7..8, |net, shards| {
        let commits = &commits;
        async move {
            if shards > 1 {
                return;
            }
            let mut scene = Scene::new(&net, shards).await;
            let store = Faulty::new(MemoryState::default(), 0, Fault::Refuses);
            life(&mut scene, store.clone(), MANY).await;
            life(&mut scene, store.clone(), 10).await;
            *commits.lock().unwrap() = store.commits();
        }
    });
    commits.into_inner().unwrap()
}

/// Whatever came of it: no number of a session was used twice, and no nonce of a key.
fn assert_unique(sent: &[Sent], case: &str) {
    let (mut numbers, mut nonces) = (HashSet::new(), HashSet::new());
    for record in sent.iter().filter(|record| record.kind == WITH_ID && record.epoch == 1) {
        assert!(numbers.insert((record.id.clone(), record.number)), "{case}: number {} twice", record.number);
        let nonce = record.fragment.slice(..8);
        assert!(nonces.insert((record.id.clone(), nonce)), "{case}: a nonce twice");
    }
}

#[test]
fn no_record_number_is_used_twice_wherever_the_device_stops() {
    let commits = commits_of_two_lives();
    assert!(commits >= 4, "the layout, a session, its second copy, the copy of the second life: {commits}");
    for fault in [Fault::StopsBefore, Fault::StopsAfter, Fault::Refuses] {
        for at in 2..=commits {
            with_dtls(7..8, |net, shards| async move {
                if shards > 1 {
                    return;
                }
                let mut scene = Scene::new(&net, shards).await;
                let store = Faulty::new(MemoryState::default(), at, fault);
                life(&mut scene, store.clone(), MANY).await;
                life(&mut scene, store.clone(), 10).await;
                let before = scene.wire.frames().len();
                let store = store.inner.clone();
                let began = net.now().mono;
                life(&mut scene, store.clone(), 10).await;
                let took = net.now().mono.since(began);
                assert!(took < seconds(30), "{fault:?} at {at}: it is heard again: {took:?}");
                let frames = scene.wire.frames();
                assert!(frames.len() < 9_000, "nothing is forgotten of what passed");
                assert!(sent(&scene.wire, before).iter().any(|record| record.kind == WITH_ID));
                assert_unique(&sent(&scene.wire, 0), &format!("{fault:?} at {at}"));
            });
        }
    }
}

/// Letters of records: the layout of the store, sessions.
const LAYOUT: u8 = b'v';
const SESSION: u8 = b't';

/// Another store with some of the records.
async fn copied(store: &MemoryState, some: impl Fn(&Record) -> bool) -> MemoryState {
    let copy = MemoryState::default();
    let records = store.load_all().await.unwrap().into_iter().filter(some);
    copy.commit(&records.map(Edit::Put).collect::<Vec<_>>()).await.unwrap();
    copy
}

#[test]
fn an_old_copy_repeats_no_nonce_and_costs_a_handshake() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let store = MemoryState::default();
        life(&mut scene, store.clone(), 5).await;
        let old = copied(&store, |_| true).await;
        life(&mut scene, store.clone(), 5).await;
        life(&mut scene, store.clone(), 5).await;
        let before = scene.wire.frames().len();
        let began = net.now().mono;
        let _client = started(&mut scene, old).await;
        assert!(net.now().mono.since(began) < seconds(30));
        assert!(shook_hands(&sent(&scene.wire, before)), "the server takes its numbers for repeated ones");
        let mut nonces = HashSet::new();
        for record in sent(&scene.wire, 0).iter().filter(|record| record.kind == WITH_ID) {
            assert!(nonces.insert((record.id.clone(), record.fragment.slice(..8))), "a nonce twice");
        }
    });
}

async fn sessions(store: &MemoryState) -> Vec<Record> {
    let mut records = store.load_all().await.unwrap();
    records.retain(|record| record.key[0] == SESSION);
    records
}

#[test]
fn a_session_goes_with_its_account_and_with_its_key() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let store = MemoryState::default();
        life(&mut scene, store.clone(), 1).await;
        let [kept] = &sessions(&store).await[..] else { panic!("one session is kept") };
        let shown = format!("{kept:?}");
        assert!(shown.len() < 80, "what it holds is not shown: {shown}");
        // The same server with another identity and key: what was agreed with the old one is of no use.
        let other = copied(&store, |record| matches!(record.key[0], LAYOUT | SESSION)).await;
        let before = scene.wire.frames().len();
        let builder = scene.client(&scene.here, "second", account()).state(other.clone());
        let client = builder.start_in(&scene.here).await.unwrap();
        net.timeout(seconds(60), client.registered()).await.unwrap().unwrap();
        let sent = sent(&scene.wire, before);
        assert!(sent[0].kind == HANDSHAKE && exchanged_keys(&sent), "from the beginning");
        net.sleep(seconds(1)).await;
        let [replaced] = &sessions(&other).await[..] else { panic!("the new one is kept") };
        assert_ne!(replaced, kept);
        scene.here.crash();
        // Another server: the session with the first one is gone before anything is sent.
        let other = copied(&store, |record| matches!(record.key[0], LAYOUT | SESSION)).await;
        let elsewhere = ServerAccount::new(1, Target::new("coap://server:5683"));
        let builder = Client::builder("device").transport(scene.here.udp(0)).server(elsewhere);
        let client = builder.seed(net.seed()).state(other.clone()).start_in(&scene.here).await.unwrap();
        client.status().await.unwrap();
        net.sleep(seconds(5)).await;
        assert_eq!(sessions(&other).await, []);
    });
}

/// Everything between a device and its server goes through here. What the server sent is remembered, to be played back.
struct Middle {
    near: Arc<lwm2m_core::sim::RawUdp>,
    from_server: Arc<Mutex<Vec<Bytes>>>,
    device: Arc<Mutex<Option<std::net::SocketAddr>>>,
}

impl Middle {
    fn new(net: &Net) -> Self {
        let host = net.host("middle");
        let (near, far) = (Arc::new(host.raw(5684)), Arc::new(host.raw(0)));
        let (from_server, device) = (Arc::<Mutex<Vec<Bytes>>>::default(), Arc::<Mutex<_>>::default());
        let server = net.host("server").at(5684);
        let (inward, outward, known) = (near.clone(), far.clone(), device.clone());
        host.task(async move {
            loop {
                let (from, frame) = inward.recv().await;
                *known.lock().unwrap() = Some(from);
                outward.send(server, frame);
            }
        });
        let (inward, outward, known, told) = (near.clone(), far, device.clone(), from_server.clone());
        host.task(async move {
            loop {
                let (_, frame) = outward.recv().await;
                told.lock().unwrap().push(frame.clone());
                let to = *known.lock().unwrap();
                if let Some(to) = to {
                    inward.send(to, frame);
                }
            }
        });
        Self { near, from_server, device }
    }

    /// Plays back all that the server has sent.
    fn play_back(&self) {
        let frames = self.from_server.lock().unwrap().clone();
        if let Some(to) = *self.device.lock().unwrap() {
            frames.into_iter().for_each(|frame| self.near.send(to, frame));
        }
    }
}

#[test]
fn what_was_recorded_before_a_crash_is_not_run_when_it_is_played_back_after_it() {
    with_dtls(7..8, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let middle = Middle::new(&net);
        let store = MemoryState::default();
        let through = || {
            let account = ServerAccount::new(1, Target::new("coaps://middle:5684")).lifetime(seconds(86_400));
            let builder = scene.client(&scene.here, "device", account).state(store.clone());
            builder.objects().add(0, Counter::default()).unwrap();
            builder
        };
        let executed = |client: &Client| client.objects().instance::<Counter>(0).unwrap().get().executed;
        let asked = scene.server.client("device");
        let client = through().start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        for _ in 0..3 {
            asked.execute(Counter::COUNT.at(0)).await.unwrap();
        }
        assert_eq!(executed(&client), 3);
        scene.here.crash();
        let client = through().start_in(&scene.here).await.unwrap();
        // before the server's answer, with it, and after it
        for _ in 0..40 {
            middle.play_back();
            net.sleep(common::millis(3)).await;
        }
        client.registered().await.unwrap();
        middle.play_back();
        net.sleep(seconds(5)).await;
        middle.play_back();
        net.sleep(seconds(5)).await;
        assert_eq!(executed(&client), 0, "nothing of before is run again");
        asked.execute(Counter::COUNT.at(0)).await.unwrap();
        assert_eq!(executed(&client), 1);
    });
}
