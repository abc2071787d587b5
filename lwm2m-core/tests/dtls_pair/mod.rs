//! A client and a server of DTLS, a network between them that loses, repeats, delays and changes what it likes, and a
//! clock of their own.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "every test file uses a part of it"
)]

use std::{cell::RefCell, rc::Rc, sync::Arc};

use lwm2m_core::{
    Address, Bytes, CallId, Credentials, Endpoints, Entry, Hint, LinkId, Matching, Mono, Now, Output, Route,
    Secret, StoreError, UnixTime,
    dtls::{
        Closed, Config, Connect, ConnectionIds, Endpoint, Event, Peer, SessionId, key::PrivateKey,
        suite::Suite,
    },
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Client,
    Server,
}

/// What the network does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Net {
    /// Of 100 datagrams, how many are lost.
    pub(crate) loss: u32,
    /// How many come twice.
    pub(crate) twice: u32,
    /// Longest delay in milliseconds; each datagram has its own.
    pub(crate) delay: u64,
    /// Larger datagrams are lost.
    pub(crate) mtu: usize,
}

impl Net {
    pub(crate) const PERFECT: Self = Self { loss: 0, twice: 0, delay: 10, mtu: 65535 };
    pub(crate) const BAD: Self = Self { loss: 30, twice: 20, delay: 300, mtu: 256 };
}

struct Flying {
    at: u64,
    order: u64,
    to: To,
    port: u16,
    bytes: Vec<u8>,
}

pub(crate) type Store = Box<dyn FnMut(&Hint) -> Result<Option<Entry>, StoreError>>;
/// Lookups that are not answered yet.
pub(crate) type Questions = Rc<RefCell<Vec<(CallId, Hint)>>>;
/// Sees every datagram before the network does; what it gives is what is sent.
pub(crate) type Tamper = Box<dyn FnMut(To, &[u8]) -> Vec<Vec<u8>>>;

pub(crate) struct Pair {
    pub(crate) client: Endpoint,
    pub(crate) server: Endpoint,
    pub(crate) net: Net,
    pub(crate) store: Store,
    /// Where questions go, if they are answered later.
    pub(crate) slow: Option<Questions>,
    pub(crate) tamper: Option<Tamper>,
    pub(crate) client_events: Vec<Event>,
    pub(crate) server_events: Vec<Event>,
    /// Everything that was sent, before the network did anything to it.
    pub(crate) log: Vec<(To, Vec<u8>)>,
    /// Port of the client; it changes when an address translator forgets it.
    pub(crate) port: u16,
    pub(crate) micros: u64,
    pub(crate) wall: Option<UnixTime>,
    flying: Vec<Flying>,
    order: u64,
    rng: ChaCha8Rng,
}

pub(crate) const IDENTITY: &[u8] = b"node1";
pub(crate) const KEY: &[u8] = b"0123456789abcdef";

pub(crate) fn psk() -> Arc<Credentials> {
    Arc::new(Credentials::Psk { identity: Bytes::from_static(IDENTITY), key: Secret::new(KEY.to_vec()) })
}

pub(crate) fn entry(credentials: Arc<Credentials>) -> Entry {
    Entry { credentials, endpoints: Endpoints::Only(vec!["node1".into()]) }
}

/// A store with one pre-shared key.
pub(crate) fn psk_store() -> Store {
    Box::new(|hint| match hint {
        Hint::Psk { identity } if *identity == IDENTITY => Ok(Some(entry(psk()))),
        _ => Ok(None),
    })
}

pub(crate) fn private_key(octet: u8) -> Vec<u8> {
    vec![octet; 32]
}

pub(crate) fn spki(octet: u8) -> Bytes {
    Bytes::copy_from_slice(&PrivateKey::from_octets(&private_key(octet)).unwrap().public().spki())
}

/// Keys of one end, told of the other.
pub(crate) fn raw(own: u8, peer: u8) -> Arc<Credentials> {
    let key = Secret::new(private_key(own));
    Arc::new(Credentials::RawPublicKey { key, peer: spki(peer), matching: Matching::Exact })
}

pub(crate) const CLIENT_RAW: u8 = 7;
pub(crate) const SERVER_RAW: u8 = 9;

/// A store with one raw public key.
pub(crate) fn raw_store() -> Store {
    Box::new(|hint| match hint {
        Hint::Own { raw_public_key: true, .. } => Ok(Some(entry(raw(SERVER_RAW, CLIENT_RAW)))),
        Hint::RawPublicKey(key) if *key == spki(CLIENT_RAW) => Ok(Some(entry(raw(SERVER_RAW, CLIENT_RAW)))),
        _ => Ok(None),
    })
}

impl Pair {
    pub(crate) fn new(seed: u64) -> Self {
        Self::with(seed, Config::default(), Config::server(3))
    }

    pub(crate) fn with(seed: u64, client: Config, server: Config) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut octets = || {
            let mut octets = [0; 32];
            rng.fill_bytes(&mut octets);
            octets
        };
        Self {
            client: Endpoint::new(Arc::new(client), octets()),
            server: Endpoint::new(Arc::new(server), octets()),
            net: Net::PERFECT,
            store: psk_store(),
            slow: None,
            tamper: None,
            client_events: Vec::new(),
            server_events: Vec::new(),
            log: Vec::new(),
            port: 40000,
            micros: 0,
            wall: Some(UnixTime::from_secs(1_800_000_000)),
            flying: Vec::new(),
            order: 0,
            rng,
        }
    }

    pub(crate) fn now(&self) -> Now {
        Now { mono: Mono(self.micros), wall: self.wall }
    }

    pub(crate) fn connect(&mut self, credentials: Arc<Credentials>) -> SessionId {
        self.connect_with(Connect::new(credentials))
    }

    pub(crate) fn connect_with(&mut self, connect: Connect) -> SessionId {
        let session = self.client.connect(self.now(), route(0), connect).unwrap();
        self.drain();
        session
    }

    /// Runs until nothing more is sent or awaited, at most ten minutes.
    pub(crate) fn run(&mut self) {
        self.run_for(600_000);
    }

    /// Runs for so many milliseconds, or until nothing more is sent or awaited.
    pub(crate) fn run_for(&mut self, millis: u64) {
        let end = self.micros + millis * 1000;
        self.drain();
        loop {
            let arrival = self.flying.iter().map(|flying| flying.at).min();
            let deadlines = [deadline(&mut self.client), deadline(&mut self.server)];
            let next = arrival.into_iter().chain(deadlines.into_iter().flatten()).min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.micros = self.micros.max(next);
            self.deliver();
            let now = self.now();
            self.client.handle_timeout(now);
            self.server.handle_timeout(now);
            self.drain();
        }
        if millis < 600_000 {
            self.micros = end;
        }
    }

    fn deliver(&mut self) {
        let mut due: Vec<Flying> = Vec::new();
        let micros = self.micros;
        let mut index = 0;
        while index < self.flying.len() {
            if self.flying[index].at <= micros {
                due.push(self.flying.swap_remove(index));
            } else {
                index += 1;
            }
        }
        due.sort_by_key(|flying| (flying.at, flying.order));
        for flying in due {
            self.arrive(flying.to, flying.port, &flying.bytes);
        }
    }

    /// A datagram arrives now. `port` is that of the client.
    pub(crate) fn arrive(&mut self, to: To, port: u16, bytes: &[u8]) {
        let now = self.now();
        match to {
            To::Server => self.server.handle_datagram(now, route(u32::from(port)), &address(port), bytes),
            To::Client if port == self.port => {
                self.client.handle_datagram(now, route(0), &address(5684), bytes);
            }
            To::Client => (),
        }
        self.drain();
    }

    pub(crate) fn drain(&mut self) {
        loop {
            match self.client.poll_output() {
                Output::Transmit { frame, .. } => self.send(To::Server, self.port, &frame),
                Output::Event(event) => self.client_events.push(event),
                Output::Call { .. } => panic!("a client asks nothing"),
                Output::Timeout(_) => break,
            }
        }
        loop {
            match self.server.poll_output() {
                Output::Transmit { route, frame } => self.send(To::Client, route.link.index as u16, &frame),
                Output::Event(event) => self.server_events.push(event),
                Output::Call { id, what } if self.slow.is_some() => {
                    self.slow.iter().for_each(|slow| slow.borrow_mut().push((id, what.clone())));
                }
                Output::Call { id, what } => {
                    let answer = (self.store)(&what);
                    self.server.handle_result(self.now(), id, &answer);
                }
                Output::Timeout(_) => return,
            }
        }
    }

    fn send(&mut self, to: To, port: u16, frame: &[u8]) {
        self.log.push((to, frame.to_vec()));
        let frames = match &mut self.tamper {
            Some(tamper) => tamper(to, frame),
            None => vec![frame.to_vec()],
        };
        for frame in frames {
            self.fly(to, port, frame);
        }
    }

    fn fly(&mut self, to: To, port: u16, bytes: Vec<u8>) {
        if bytes.len() > self.net.mtu || self.rng.next_u32() % 100 < self.net.loss {
            return;
        }
        let copies = if self.rng.next_u32() % 100 < self.net.twice { 2 } else { 1 };
        for _ in 0..copies {
            let at = self.micros + self.rng.next_u64() % (self.net.delay * 1000 + 1);
            self.order += 1;
            self.flying.push(Flying { at, order: self.order, to, port, bytes: bytes.clone() });
        }
    }

    /// The session of the server and its peer.
    pub(crate) fn established(&self) -> Option<(SessionId, Arc<Peer>)> {
        self.server_events.iter().rev().find_map(established)
    }

    pub(crate) fn client_established(&self) -> Option<(SessionId, Arc<Peer>)> {
        self.client_events.iter().rev().find_map(established)
    }

    /// Sends both ways and checks that it arrives. On a perfect network.
    pub(crate) fn exchange(&mut self) {
        let (client, _) = self.client_established().expect("the client has a session");
        let (server, _) = self.established().expect("the server has a session");
        let now = self.now();
        self.client_events.clear();
        self.server_events.clear();
        self.client.send(now, client, b"ping").unwrap();
        self.run_for(1000);
        assert_eq!(received(&self.server_events, server), [&b"ping"[..]]);
        let now = self.now();
        self.server.send(now, server, b"pong").unwrap();
        self.run_for(1000);
        assert_eq!(received(&self.client_events, client), [&b"pong"[..]]);
    }
}

/// What a session received.
pub(crate) fn received(events: &[Event], of: SessionId) -> Vec<&[u8]> {
    let data = |event| match event {
        &Event::Received { session, ref data } if session == of => Some(&**data),
        _ => None,
    };
    events.iter().filter_map(data).collect()
}

/// Why sessions ended.
pub(crate) fn closed(events: &[Event]) -> Vec<Closed> {
    let why = |event: &Event| match event {
        Event::Closed { why, .. } => Some(*why),
        _ => None,
    };
    events.iter().filter_map(why).collect()
}

fn established(event: &Event) -> Option<(SessionId, Arc<Peer>)> {
    match event {
        Event::Established { session, peer, .. } => Some((*session, peer.clone())),
        _ => None,
    }
}

fn deadline(endpoint: &mut Endpoint) -> Option<u64> {
    match endpoint.poll_output() {
        Output::Timeout(deadline) => deadline.map(|deadline| deadline.0),
        other => panic!("not drained: {other:?}"),
    }
}

pub(crate) fn route(port: u32) -> Route {
    Route { transport: 0, link: LinkId { index: port, generation: 0 } }
}

pub(crate) fn address(port: u16) -> Address {
    Address::Ip(([192, 0, 2, 1], port).into())
}

pub(crate) fn with_suites(mut config: Config, suites: &[Suite]) -> Config {
    config.suites = suites.to_vec();
    config
}

pub(crate) fn without_cids(mut config: Config) -> Config {
    config.connection_id = ConnectionIds::Off;
    config
}
