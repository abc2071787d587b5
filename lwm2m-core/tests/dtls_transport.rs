//! DTLS over the simulated network, driven as clients and servers drive it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod support;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use lwm2m_core::{
    Address, Binding, Bytes, Credentials, Entry, Hint, Identity, Link, LinkId, Mono, Now, Route, Secret,
    StoreError, async_trait,
    driver::{Handle, Strays},
    dtls::{Config, ConnectionIds},
    machine::Answer,
    security::{Credential, CredentialId, CredentialStore, MemoryKeys, SessionStore},
    sim::{Host, Net, Wire},
    transport::{Dtls, Remote, Target, Transport, TransportCounters, TransportError, TransportEvent},
};
use support::{Command, Echo, Event, Reader};

const SECOND: Duration = Duration::from_secs(1);
const KEY: &[u8] = b"0123456789abcdef";
const URI: &str = "coaps://server:5684";

fn keys() -> MemoryKeys {
    MemoryKeys::default().psk("node", KEY, "node").psk("other", b"another key 0000", "other")
}

fn target() -> Target {
    Target::psk(URI, "node", KEY)
}

/// A server that sends everything back, a client that is quiet, and what both are told.
struct Pair {
    net: Net,
    there: Host,
    here: Host,
    wire: Wire,
    server: Reader,
    client: Reader,
    commands: Handle<Command>,
    serving: Handle<Command>,
}

impl Pair {
    fn new(seed: u64, keys: impl CredentialStore, server: Config, client: Config) -> Self {
        let net = Net::seeded(seed);
        let (there, here) = (net.host("server"), net.host("device"));
        let wire = net.between(&there, &here);
        let over = Dtls::over(there.udp(5684), Arc::new(keys), server).seeded(net.seed());
        let server = Reader::new();
        let handle = there.spawn(Echo::default(), server.clone(), vec![Box::new(over)]);
        let (client, commands) = dialler(&net, &here, client);
        Self { net, there, here, wire, server, client, commands, serving: handle }
    }

    fn simple(seed: u64) -> Self {
        Self::new(seed, keys(), Config::server(0), Config::default())
    }

    async fn dial(&self, target: Target) -> Route {
        self.commands.send(Command::Dial(target)).await.unwrap();
        self.client.up().await
    }

    /// Dials until a session is there, as clients do: seven flights in a row may be lost.
    async fn insist(&self, target: Target) -> Route {
        for _ in 0..5 {
            self.commands.send(Command::Dial(target.clone())).await.unwrap();
            let mut route = None;
            loop {
                match self.client.next().await {
                    Event::Answered(_, Answer::Link(Ok(connected))) => route = Some(connected),
                    Event::Link(TransportEvent::Up { .. }) => return route.unwrap(),
                    Event::Link(TransportEvent::Down { .. }) => break,
                    _ => {}
                }
            }
        }
        panic!("no session");
    }

    /// Sends until an echo comes.
    async fn echoed(&self, route: Route, frame: &'static [u8]) {
        for _ in 0..100 {
            self.commands.send(Command::Send(route, Bytes::from_static(frame))).await.unwrap();
            if let Ok((_, echo)) = self.net.timeout(SECOND, self.client.frame()).await {
                assert_eq!(echo, frame);
                return;
            }
        }
        panic!("no echo");
    }

    /// What the transport of the server has counted.
    fn counted(&self) -> &TransportCounters {
        &self.serving.transport_counters()[0]
    }

    /// The next end of a link of the client, and what is said.
    async fn down(reader: &Reader) -> TransportError {
        loop {
            if let Event::Link(TransportEvent::Down { error, .. }) = reader.next().await {
                return error;
            }
        }
    }

    /// What the server was told of peers so far.
    fn peers(&self) -> Vec<(LinkId, Remote)> {
        let up = |event| match event {
            Event::Link(TransportEvent::Up { link, remote, .. }) => Some((link, remote)),
            _ => None,
        };
        self.server.take().into_iter().filter_map(up).collect()
    }
}

fn dialler(net: &Net, host: &Host, config: Config) -> (Reader, Handle<Command>) {
    let reader = Reader::new();
    let over = Dtls::over(host.udp(0), Arc::new(lwm2m_core::security::NoKeys), config).seeded(net.seed());
    let commands = host.spawn(Echo::quiet(), reader.clone(), vec![Box::new(over)]);
    (reader, commands)
}

#[test]
fn the_server_is_told_who_it_is_and_what_it_may_be_called() {
    let pair = Pair::simple(1);
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        pair.echoed(route, b"hello").await;
        let peers = pair.peers();
        let [(_, remote)] = &peers[..] else { panic!("{peers:?}") };
        assert_eq!(remote.identity, Identity::Psk(Bytes::from_static(b"node")));
        assert!(remote.endpoints.allow("node") && !remote.endpoints.allow("other"));
        for seen in pair.wire.frames() {
            assert!(!seen.frame.windows(5).any(|octets| octets == b"hello"));
        }
    });
}

#[test]
fn handshakes_and_frames_pass_a_path_that_loses_repeats_and_carries_little() {
    for seed in 0..20 {
        let pair = Pair::simple(seed);
        let delay = Duration::from_millis(10)..Duration::from_millis(300);
        pair.wire.loss(0.3).duplicate(0.2).reorder(0.3).mtu(256).delay(delay);
        pair.net.clone().run(async {
            let route = pair.insist(target()).await;
            for frame in [&b"one"[..], b"two", b"three"] {
                pair.echoed(route, frame).await;
            }
        });
    }
}

/// Flights of certificates are larger than the path; nobody says so.
#[test]
fn raw_public_keys_pass_a_path_that_carries_little() {
    let (ours, theirs) = (private(3), private(5));
    let keys = MemoryKeys::default();
    keys.put(Credential::public_key(&spki(&ours)).unwrap().endpoint("node")).unwrap();
    keys.put(Credential::OwnKey { key: secret(&theirs), host: None }).unwrap();
    let pair = Pair::new(3, keys, Config::server(0), Config::default());
    pair.wire.mtu(256).loss(0.1);
    let target = Target::new(URI).credentials(Credentials::RawPublicKey {
        key: secret(&ours),
        peer: spki(&theirs),
        matching: lwm2m_core::Matching::Exact,
    });
    pair.net.clone().run(async {
        let route = pair.net.timeout(150 * SECOND, pair.dial(target)).await.expect("a session");
        pair.echoed(route, b"hello").await;
    });
}

#[test]
fn with_a_connection_id_the_link_survives_a_new_address() {
    let pair = Pair::simple(4);
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        pair.echoed(route, b"before").await;
        let [(link, _)] = pair.peers()[..] else { panic!() };
        for _ in 0..3 {
            pair.wire.rebind_nat(&pair.here);
            pair.echoed(route, b"after").await;
            let events = pair.server.take();
            let moved = |event: &&Event| matches!(event, Event::Link(TransportEvent::Moved { .. }));
            assert_eq!(events.iter().filter(moved).count(), 1);
            assert!(events.iter().all(|event| match event {
                Event::Link(TransportEvent::Moved { link: moved, .. }) => *moved == link,
                Event::Frame(by, _) => by.link == link,
                event => matches!(event, Event::Link(TransportEvent::Changed { .. })),
            }));
        }
        assert_eq!(pair.counted().moved(), 3);
    });
}

#[test]
fn without_one_a_new_address_needs_a_new_session() {
    let mut config = Config::default();
    config.connection_id = ConnectionIds::Off;
    let pair = Pair::new(5, keys(), Config::server(0), config);
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        pair.echoed(route, b"before").await;
        pair.wire.rebind_nat(&pair.here);
        pair.commands.send(Command::Send(route, Bytes::from_static(b"after"))).await.unwrap();
        assert!(pair.net.timeout(60 * SECOND, pair.client.frame()).await.is_err());
        pair.commands.send(Command::Disconnect(route)).await.unwrap();
        let route = pair.dial(target()).await;
        pair.echoed(route, b"again").await;
    });
}

#[test]
fn the_next_connection_to_the_same_server_is_resumed() {
    let pair = Pair::simple(6);
    pair.net.clone().run(async {
        let target = target();
        let route = pair.dial(target.clone()).await;
        pair.echoed(route, b"one").await;
        pair.commands.send(Command::Disconnect(route)).await.unwrap();
        pair.net.sleep(SECOND).await;
        assert!(matches!(Pair::down(&pair.server).await, TransportError::Security { alert: Some(0), .. }));
        let before = pair.wire.frames().len();
        let route = pair.dial(target).await;
        pair.net.sleep(SECOND).await;
        let exchanged = pair.wire.frames().len() - before;
        pair.echoed(route, b"two").await;
        // Hello, verify, hello, hello with Finished, Finished.
        assert_eq!(exchanged, 5, "an abbreviated handshake");
        assert_eq!((pair.counted().established(), pair.counted().resumed()), (2, 1));
    });
}

#[test]
fn a_wrong_key_or_identity_ends_the_attempt_with_an_alert() {
    let pair = Pair::simple(7);
    pair.net.clone().run(async {
        for (identity, key, alert) in [("nobody", KEY, Some(115)), ("node", b"not that key 000", None)] {
            let target = Target::psk(URI, identity, key);
            pair.commands.send(Command::Dial(target)).await.unwrap();
            let down = pair.net.timeout(200 * SECOND, Pair::down(&pair.client)).await.expect("an end");
            let TransportError::Security { alert: found, why } = down else { panic!("{down}") };
            assert!(alert.is_none() || found == alert, "{identity}: {why}");
        }
        assert!(pair.peers().is_empty(), "the server has heard of nobody");
        assert!(pair.counted().handshakes_refused() >= 1, "an operator sees it");
    });
}

#[test]
fn a_credential_that_is_removed_ends_its_session_alone() {
    let keys = keys();
    let pair = Pair::new(8, keys.clone(), Config::server(0), Config::default());
    pair.net.clone().run(async {
        let node = pair.dial(target()).await;
        let (reader, commands) = dialler(&pair.net, &pair.net.host("second"), Config::default());
        commands
            .send(Command::Dial(Target::psk(URI, "other", b"another key 0000".as_slice())))
            .await
            .unwrap();
        let other = reader.up().await;
        pair.echoed(node, b"hello").await;
        assert!(keys.remove(&CredentialId::Psk(Bytes::from_static(b"node"))));
        let down = pair.net.timeout(SECOND, Pair::down(&pair.server)).await.expect("it is told");
        assert_eq!(down.to_string(), "its keys were withdrawn");
        let down = pair.net.timeout(SECOND, Pair::down(&pair.client)).await.expect("so is the peer");
        assert!(matches!(down, TransportError::Security { alert: Some(49), .. }), "{down}");
        commands.send(Command::Send(other, Bytes::from_static(b"still here"))).await.unwrap();
        assert_eq!(pair.net.timeout(SECOND, reader.frame()).await.unwrap().1, &b"still here"[..]);
        pair.commands.send(Command::Dial(target())).await.unwrap();
        let down = Pair::down(&pair.client).await;
        assert!(matches!(down, TransportError::Security { alert: Some(115), .. }), "not resumed: {down}");
    });
}

#[test]
fn a_client_that_restarts_at_the_same_place_keeps_its_link() {
    let pair = Pair::simple(9);
    pair.net.clone().run(async {
        let host = pair.net.host("third");
        let mut links = Vec::new();
        for _ in 0..2 {
            let reader = Reader::new();
            let over = Dtls::client(host.udp(7777)).seeded(pair.net.seed());
            let commands = host.spawn(Echo::quiet(), reader.clone(), vec![Box::new(over)]);
            commands.send(Command::Dial(target())).await.unwrap();
            let route = reader.up().await;
            commands.send(Command::Send(route, Bytes::from_static(b"hello"))).await.unwrap();
            links.push(pair.server.frame().await.0.link);
            host.crash();
        }
        assert_eq!(links[0], links[1]);
        assert!(pair.peers().is_empty());
    });
}

#[test]
fn what_is_not_protected_is_ignored_and_counted() {
    let plain = Bytes::from_static(b"\x40\x01\x00\x01\xb2rd");
    let flood = Flood::of((0..1000).map(|_| plain.clone()));
    let open = Arc::clone(&flood.open);
    let mut dtls = Dtls::over(flood, Arc::new(keys()), Config::server(0)).seeded([1; 32]);
    let counters = dtls.counters().unwrap();
    drive(&mut dtls, 100);
    assert_eq!(counters.unprotected(), 1000);
    assert_eq!(open.load(Ordering::Relaxed), 0, "inner links");
}

/// An inner transport: each datagram comes from an address of its own.
#[derive(Default)]
struct Flood {
    datagrams: Vec<Bytes>,
    next: u32,
    told: bool,
    open: Arc<AtomicUsize>,
}

impl Flood {
    fn of(datagrams: impl Iterator<Item = Bytes>) -> Self {
        Self { datagrams: datagrams.collect(), ..Self::default() }
    }
}

impl Transport for Flood {
    fn binding(&self) -> Binding {
        Binding::Udp
    }

    fn poll_event(&mut self, _: Now, _: &mut Context<'_>) -> Poll<TransportEvent> {
        let link = LinkId { index: self.next, generation: 1 };
        if self.next as usize >= self.datagrams.len() {
            return Poll::Pending;
        }
        if !std::mem::replace(&mut self.told, true) {
            self.open.fetch_add(1, Ordering::Relaxed);
            let address = Address::NonIp(self.next.to_string());
            let remote =
                Remote { address, identity: Identity::Unsecured, endpoints: lwm2m_core::Endpoints::Any };
            return Poll::Ready(TransportEvent::Up { link, info: Link::default(), remote });
        }
        self.told = false;
        self.next += 1;
        Poll::Ready(TransportEvent::Frame { link, frame: self.datagrams[link.index as usize].clone() })
    }

    fn poll_send(
        &mut self,
        _: Now,
        _: &mut Context<'_>,
        _: LinkId,
        _: &Bytes,
    ) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn connect(&mut self, _: &Target) -> Result<LinkId, TransportError> {
        Err(TransportError::Closed)
    }

    fn disconnect(&mut self, _: LinkId) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

fn poll(dtls: &mut Dtls, now: Now) -> Poll<TransportEvent> {
    dtls.poll_event(now, &mut Context::from_waker(Waker::noop()))
}

fn drive(dtls: &mut Dtls, rounds: u64) {
    for round in 0..rounds {
        assert!(poll(dtls, Now { mono: Mono(round), wall: None }).is_pending());
    }
}

/// A ClientHello as it stands in a record, recorded from a client of ours.
fn recorded_hello() -> Bytes {
    let pair = Pair::simple(11);
    pair.net.clone().run(async {
        pair.dial(target()).await;
        pair.wire.frames().first().unwrap().frame.clone()
    })
}

#[test]
fn a_flood_of_hello_messages_leaves_nothing_behind() {
    let hello = recorded_hello();
    let mut cookie = hello.to_vec();
    // The cookie is empty: make it an octet long.
    let at = 13 + 12 + 34 + 1 + usize::from(cookie[13 + 12 + 34]);
    cookie[at] = 1;
    cookie.insert(at + 1, 7);
    // So are the record, the message and its fragment.
    for length in [12, 16, 24] {
        cookie[length] += 1;
    }
    let flood = Flood::of((0..20_000).map(|n| match n % 2 {
        0 => hello.clone(),
        _ => Bytes::from(cookie.clone()),
    }));
    let open = Arc::clone(&flood.open);
    let mut dtls = Dtls::over(flood, Arc::new(keys()), Config::server(0)).seeded([1; 32]);
    drive(&mut dtls, 2_000);
    assert_eq!(open.load(Ordering::Relaxed), 0, "inner links");
    assert!(dtls.deadline().is_none());
    // Nor does one wait where handshakes of others would find no room.
    assert_eq!(dtls.counters().unwrap().handshakes_dropped(), 0);
}

/// The flood is read between the frames of a live session, which all come through.
#[test]
fn a_flood_of_hello_messages_does_not_disturb_a_session() {
    let hello = recorded_hello();
    let pair = Pair::simple(12);
    let flood = pair.net.host("flood");
    pair.net.between(&flood, &pair.there).untraced();
    let commands = pair.commands.clone();
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        let socket = flood.raw(0);
        for _ in 0..100 {
            for _ in 0..200 {
                socket.send(pair.there.at(5684), hello.clone());
            }
            commands.send(Command::Send(route, Bytes::from_static(b"alive"))).await.unwrap();
            let echo = pair.net.timeout(SECOND, pair.client.frame()).await.expect("an echo");
            assert_eq!(echo.1, &b"alive"[..]);
        }
        assert_eq!(pair.peers().len(), 1);
    });
}

/// Answers nothing for some, the others from memory.
struct Slow(MemoryKeys);

#[async_trait]
impl CredentialStore for Slow {
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
        if matches!(hint, Hint::Psk { identity } if *identity == "node"[..]) {
            std::future::pending::<()>().await;
        }
        self.0.lookup(hint).await
    }
}

#[test]
fn a_store_that_does_not_answer_holds_up_nobody_else() {
    let pair = Pair::new(13, Slow(keys()), Config::server(0), Config::default());
    pair.net.clone().run(async {
        pair.commands.send(Command::Dial(target())).await.unwrap();
        let (reader, commands) = dialler(&pair.net, &pair.net.host("second"), Config::default());
        commands
            .send(Command::Dial(Target::psk(URI, "other", b"another key 0000".as_slice())))
            .await
            .unwrap();
        pair.net.timeout(SECOND, reader.up()).await.expect("a session");
        let down = pair.net.timeout(400 * SECOND, Pair::down(&pair.client)).await.expect("an end");
        assert_eq!(down.to_string(), "no answer");
    });
}

#[test]
fn a_session_that_has_ended_is_forgotten_even_if_the_store_fails_once() {
    let pair = Pair::simple(16);
    pair.net.clone().run(async {
        let store = Moody::default();
        let (reader, commands, route) = store.connected(&pair).await;
        store.cannot_forget(&pair, Duration::ZERO);
        commands.send(Command::Disconnect(route)).await.unwrap();
        pair.net.sleep(SECOND).await;
        assert_eq!(store.kept(), 1, "it could not be forgotten");
        pair.net.sleep(60 * SECOND).await;
        assert_eq!(store.kept(), 0);
        // One that began since stays.
        store.0.removals.store(0, Ordering::Relaxed);
        store.cannot_forget(&pair, Duration::ZERO);
        commands.send(Command::Dial(target())).await.unwrap();
        let route = reader.up().await;
        commands.send(Command::Disconnect(route)).await.unwrap();
        pair.net.sleep(SECOND).await;
        commands.send(Command::Dial(target())).await.unwrap();
        reader.up().await;
        pair.net.sleep(60 * SECOND).await;
        assert_eq!((store.kept(), store.0.removals.load(Ordering::Relaxed)), (1, 1));
    });
}

/// A store of sessions that fails as it is told to.
#[derive(Clone, Default)]
struct Moody(Arc<Moods>);

#[derive(Default)]
struct Moods {
    kept: Mutex<Vec<(String, Secret)>>,
    does_not_load: AtomicBool,
    /// It has saved, but does not know it.
    doubts: AtomicBool,
    /// How long it takes to find out that it cannot forget.
    cannot_forget: Mutex<Option<(Net, Duration)>>,
    removals: AtomicUsize,
}

impl Moody {
    fn kept(&self) -> usize {
        self.0.kept.lock().unwrap().len()
    }

    /// The next removal fails, after so long.
    fn cannot_forget(&self, pair: &Pair, after: Duration) {
        *self.0.cannot_forget.lock().unwrap() = Some((pair.net.clone(), after));
    }

    /// The next life of a device.
    fn device(&self, pair: &Pair) -> (Reader, Handle<Command>) {
        let (reader, keys) = (Reader::new(), Arc::new(lwm2m_core::security::NoKeys));
        let mut over = Dtls::over(pair.here.udp(0), keys, Config::default()).seeded(pair.net.seed());
        over.keep_sessions(Arc::new(self.clone()));
        let commands = pair.here.spawn(Echo::quiet(), reader.clone(), vec![Box::new(over)]);
        (reader, commands)
    }

    /// The same, with a session whose copy the store has.
    async fn connected(&self, pair: &Pair) -> (Reader, Handle<Command>, Route) {
        let (reader, commands) = self.device(pair);
        commands.send(Command::Dial(target())).await.unwrap();
        let route = reader.up().await;
        pair.net.sleep(SECOND).await;
        assert_eq!(self.kept(), 1);
        (reader, commands, route)
    }
}

#[async_trait]
impl SessionStore for Moody {
    async fn load(&self) -> Result<Vec<(String, Secret)>, StoreError> {
        match self.0.does_not_load.load(Ordering::Relaxed) {
            true => Err(StoreError::new("not readable")),
            false => Ok(self.0.kept.lock().unwrap().clone()),
        }
    }

    async fn save(&self, name: &str, session: &Secret) -> Result<(), StoreError> {
        *self.0.kept.lock().unwrap() = vec![(name.to_owned(), session.clone())];
        match self.0.doubts.load(Ordering::Relaxed) {
            true => Err(StoreError::new("not written")),
            false => Ok(()),
        }
    }

    async fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.0.removals.fetch_add(1, Ordering::Relaxed);
        let takes = self.0.cannot_forget.lock().unwrap().take();
        if let Some((net, time)) = takes {
            net.sleep(time).await;
            return Err(StoreError::new("not removed"));
        }
        self.0.kept.lock().unwrap().retain(|(of, _)| of != name);
        Ok(())
    }
}

#[test]
fn a_copy_that_the_store_never_told_of_goes_with_the_session() {
    let pair = Pair::simple(21);
    pair.net.clone().run(async {
        let store = Moody::default();
        let _first_life = store.connected(&pair).await;
        pair.here.crash();
        store.0.does_not_load.store(true, Ordering::Relaxed);
        let (reader, commands) = store.device(&pair);
        commands.send(Command::Dial(Target::psk(URI, "unknown", KEY))).await.unwrap();
        Pair::down(&reader).await;
        pair.net.sleep(SECOND).await;
        assert_eq!(store.kept(), 0);
    });
}

#[test]
fn a_copy_that_was_written_in_spite_of_an_error_goes_with_the_session() {
    let pair = Pair::simple(22);
    pair.net.clone().run(async {
        let store = Moody::default();
        store.0.doubts.store(true, Ordering::Relaxed);
        let (_reader, commands, route) = store.connected(&pair).await;
        commands.send(Command::Disconnect(route)).await.unwrap();
        pair.net.sleep(SECOND).await;
        assert_eq!(store.kept(), 0);
    });
}

#[test]
fn a_store_that_is_slow_to_say_that_it_cannot_forget_loses_no_newer_session() {
    let pair = Pair::simple(23);
    pair.net.clone().run(async {
        let store = Moody::default();
        let (reader, commands, route) = store.connected(&pair).await;
        store.cannot_forget(&pair, 5 * SECOND);
        commands.send(Command::Disconnect(route)).await.unwrap();
        commands.send(Command::Dial(target())).await.unwrap();
        reader.up().await;
        pair.net.sleep(60 * SECOND).await;
        assert_eq!(store.kept(), 1);
    });
}

#[test]
fn a_handshake_beside_a_restored_session_ends_with_its_link() {
    let pair = Pair::simple(24);
    pair.net.clone().run(async {
        let store = Moody::default();
        let _first_life = store.connected(&pair).await;
        pair.here.crash();
        let (reader, commands) = store.device(&pair);
        commands.send(Command::Dial(target())).await.unwrap();
        let route = reader.up().await;
        pair.wire.partition(true);
        let before = pair.wire.frames().len();
        commands.send(Command::Send(route, Bytes::from_static(b"nobody hears it"))).await.unwrap();
        pair.net.sleep(8 * SECOND).await;
        let sent = pair.wire.frames().split_off(before);
        assert!(sent.iter().any(|seen| seen.frame.first() == Some(&22)), "a handshake has begun");
        commands.send(Command::Disconnect(route)).await.unwrap();
        pair.net.sleep(SECOND / 10).await;
        pair.wire.partition(false);
        reader.take();
        pair.net.sleep(60 * SECOND).await;
        let events = reader.take();
        assert!(!events.iter().any(|event| matches!(event, Event::Link(_))), "{events:?}");
        assert_eq!(pair.counted().established(), 1);
    });
}

#[test]
fn a_new_address_while_the_old_one_takes_nothing_holds_up_nothing() {
    let pair = Pair::simple(25);
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        pair.echoed(route, b"before").await;
        pair.wire.stall(&pair.here, true);
        for _ in 0..3 {
            pair.commands.send(Command::Send(route, Bytes::from_static(b"waits"))).await.unwrap();
        }
        pair.net.sleep(SECOND).await;
        pair.wire.rebind_nat(&pair.here);
        pair.commands.send(Command::Send(route, Bytes::from_static(b"moved"))).await.unwrap();
        pair.net.sleep(SECOND).await;
        assert_eq!(pair.counted().moved(), 1);
        pair.wire.stall(&pair.here, false);
        loop {
            let (_, echo) = pair.net.timeout(10 * SECOND, pair.client.frame()).await.expect("an echo");
            if echo == b"moved"[..] {
                break;
            }
        }
    });
}

#[test]
fn a_path_that_takes_nothing_for_a_while_loses_nothing() {
    let pair = Pair::simple(14);
    pair.net.clone().run(async {
        let route = pair.dial(target()).await;
        pair.echoed(route, b"before").await;
        pair.wire.stall(&pair.there, true);
        for n in 0..20_u8 {
            pair.commands.send(Command::Send(route, Bytes::from(vec![n]))).await.unwrap();
        }
        pair.net.sleep(SECOND).await;
        assert!(pair.client.take().is_empty());
        pair.wire.stall(&pair.there, false);
        for n in 0..20_u8 {
            let echo = pair.net.timeout(SECOND, pair.client.frame()).await.expect("an echo");
            assert_eq!(echo.1, &[n][..]);
        }
    });
}

/// Two sockets on one port: the address decides which of them hears a datagram, the connection ID whose it is.
#[test]
fn a_new_address_that_leads_to_another_shard_is_handed_over() {
    let net = Net::seeded(15);
    let (there, here) = (net.host("server"), net.host("device"));
    let wire = net.between(&there, &here);
    let readers: Vec<_> = (0..4).map(|_| Reader::new()).collect();
    let mut servers = Vec::new();
    for ((shard, strays), reader) in (0..4).zip(Strays::mesh(4)).zip(&readers) {
        let keys = Arc::new(keys());
        let over = Dtls::over(there.udp(5684), keys, Config::server(shard)).seeded(net.seed()).shards(4);
        servers.push(there.spawn_shard(Echo::default(), reader.clone(), vec![Box::new(over)], strays));
    }
    let (client, commands) = dialler(&net, &here, Config::default());
    net.run(async {
        commands.send(Command::Dial(target())).await.unwrap();
        let route = client.up().await;
        for _ in 0..10 {
            wire.rebind_nat(&here);
            commands.send(Command::Send(route, Bytes::from_static(b"hello"))).await.unwrap();
            let echo = net.timeout(SECOND, client.frame()).await.expect("an echo");
            assert_eq!(echo.1, &b"hello"[..]);
        }
        let heard = readers.iter().filter(|reader| !reader.take().is_empty()).count();
        assert_eq!(heard, 1, "one shard has the session");
        assert!(servers.iter().map(|server| server.counters().strays_out).sum::<u64>() > 2);
    });
}

fn private(octet: u8) -> Vec<u8> {
    vec![octet; 32]
}

fn secret(octets: &[u8]) -> Secret {
    Secret::new(octets.to_vec())
}

fn spki(private: &[u8]) -> Bytes {
    let key = lwm2m_core::dtls::key::PrivateKey::from_octets(private).unwrap();
    Bytes::copy_from_slice(&key.public().spki())
}
