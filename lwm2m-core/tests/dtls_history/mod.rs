//! A history of a client and a server of DTLS, read from octets: what both do, and what the network and a store between
//! them do. For the fuzzer and for random histories.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]

use std::{collections::HashSet, sync::Arc, time::Duration};

use lwm2m_core::{
    Address, Bytes, CallId, Credentials, Endpoints, Entry, Hint, Identity, LinkId, Matching, Mono, Now,
    Output, Route, Secret, StoreError, UnixTime,
    dtls::{Config, Connect, Endpoint, Event, Resumption, SessionId, key::PrivateKey, suite::Suite},
};

/// What may wait on the network.
const FLYING: usize = 64;

struct Octets<'a>(&'a [u8]);

impl Octets<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn or_zero(&mut self) -> usize {
        usize::from(self.next().unwrap_or(0))
    }
}

struct Flying {
    to_server: bool,
    route: u32,
    octets: Vec<u8>,
}

#[derive(Default)]
struct Seen {
    established: HashSet<SessionId>,
    over: HashSet<SessionId>,
    received: HashSet<Vec<u8>>,
}

struct World {
    ends: [Endpoint; 2],
    seen: [Seen; 2],
    sessions: [Vec<SessionId>; 2],
    flying: Vec<Flying>,
    calls: Vec<(CallId, Hint)>,
    resumption: Option<Resumption>,
    copies: Vec<Vec<u8>>,
    sent: HashSet<Vec<u8>>,
    micros: u64,
    count: u64,
}

const CLIENT: usize = 0;
const SERVER: usize = 1;

/// Plays one history to its end.
pub fn play(octets: &[u8]) {
    let mut octets = Octets(octets);
    let first = octets.or_zero();
    let suite = Suite::ALL[first % Suite::ALL.len()];
    let mut world = World::new(suite, first & 64 != 0);
    while let Some(what) = octets.next() {
        world.step(what, &mut octets, suite);
        world.drain();
    }
    world.settle();
}

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

fn keys(suite: Suite, right: bool) -> Arc<Credentials> {
    if suite.exchange().has_psk() {
        let identity = Bytes::from_static(b"node1");
        return Arc::new(Credentials::Psk {
            identity,
            key: Secret::new(vec![if right { 7 } else { 8 }; 16]),
        });
    }
    let peer = PrivateKey::from_octets(&[2; 32]).unwrap().public().spki();
    let key = Secret::new(vec![if right { 1 } else { 3 }; 32]);
    Arc::new(Credentials::RawPublicKey {
        key,
        peer: Bytes::copy_from_slice(&peer),
        matching: Matching::Exact,
    })
}

fn answer(suite: Suite, hint: &Hint) -> Option<Entry> {
    let credentials = match hint {
        Hint::Psk { identity } if *identity == b"node1"[..] && suite.exchange().has_psk() => {
            keys(suite, true)
        }
        Hint::Own { raw_public_key: true, .. } | Hint::RawPublicKey(_) => {
            let peer = PrivateKey::from_octets(&[1; 32]).unwrap().public().spki();
            let (key, peer) = (Secret::new(vec![2; 32]), Bytes::copy_from_slice(&peer));
            Arc::new(Credentials::RawPublicKey { key, peer, matching: Matching::Exact })
        }
        _ => return None,
    };
    Some(Entry { credentials, endpoints: Endpoints::Any })
}

impl World {
    fn new(suite: Suite, cids: bool) -> Self {
        let config = |mut config: Config| {
            config.suites = vec![suite];
            config.datagram = 256;
            if !cids {
                config.connection_id = lwm2m_core::dtls::ConnectionIds::Off;
            }
            config.limits.sessions = 4;
            config.limits.handshakes = 3;
            config.idle = Some(Duration::from_secs(3600));
            Arc::new(config)
        };
        Self {
            ends: [
                Endpoint::new(config(Config::default()), [1; 32]),
                Endpoint::new(config(Config::server(5)), [2; 32]),
            ],
            seen: [Seen::default(), Seen::default()],
            sessions: [Vec::new(), Vec::new()],
            flying: Vec::new(),
            calls: Vec::new(),
            resumption: None,
            copies: Vec::new(),
            sent: HashSet::new(),
            micros: 0,
            count: 0,
        }
    }

    fn now(&self) -> Now {
        Now { mono: Mono(self.micros), wall: Some(UnixTime::from_secs(1_800_000_000)) }
    }

    fn step(&mut self, what: u8, octets: &mut Octets<'_>, suite: Suite) {
        let end = usize::from(what >> 7);
        match what & 31 {
            0 | 1 => self.connect(octets, suite),
            2..=9 => self.deliver(octets),
            10 => drop(self.take(octets)),
            11 => self.change(octets),
            12 => self.inject(octets),
            13..=15 => {
                let answer = Ok(self.calls.first().and_then(|(_, hint)| answer(suite, hint)));
                self.answer(&answer);
            }
            16 => self.answer(&Ok(None)),
            17 => self.answer(&Err(StoreError::new("down"))),
            18..=20 => self.send(end, octets),
            21 => self.with_session(end, octets, |end, session| {
                end.close(session);
                true
            }),
            22 => self.micros += 100_000 * octets.or_zero() as u64,
            23 => self.micros += 5_000_000 * octets.or_zero() as u64,
            24 => self.ends[end].forget(|peer| peer.identity == Identity::Psk("node1".into())),
            25 => self.suspend(end, octets),
            26 => self.import(end, octets),
            27 => self.again(octets),
            _ => self.deliver(octets),
        }
        let now = self.now();
        self.ends.iter_mut().for_each(|end| end.handle_timeout(now));
    }

    fn connect(&mut self, octets: &mut Octets<'_>, suite: Suite) {
        let how = octets.or_zero();
        let mut connect = Connect::new(keys(suite, how & 1 == 0));
        connect.resume = self.resumption.clone().filter(|_| how & 2 != 0);
        let now = self.now();
        let session = self.ends[CLIENT].connect(now, route((how >> 4) as u32 % 2), connect).unwrap();
        self.sessions[CLIENT].push(session);
    }

    fn take(&mut self, octets: &mut Octets<'_>) -> Option<Flying> {
        let at = octets.or_zero();
        if self.flying.is_empty() { None } else { Some(self.flying.remove(at % self.flying.len())) }
    }

    fn deliver(&mut self, octets: &mut Octets<'_>) {
        let at = octets.or_zero();
        if self.flying.is_empty() {
            return;
        }
        let Flying { to_server, route, octets } = self.flying.remove(at / 8 % self.flying.len());
        // A client may be behind a translator that has just given it another address.
        let seen = if to_server && at & 7 == 7 { route + 100 } else { route };
        self.arrive(to_server, seen, &octets);
    }

    fn arrive(&mut self, to_server: bool, from: u32, octets: &[u8]) {
        let now = self.now();
        let address = Address::Ip(([192, 0, 2, from as u8], 5684).into());
        let end = usize::from(to_server);
        self.ends[end].handle_datagram(
            now,
            route(if to_server { from } else { from % 100 }),
            &address,
            octets,
        );
    }

    fn change(&mut self, octets: &mut Octets<'_>) {
        let Some(mut flying) = self.take(octets) else { return };
        match octets.or_zero() {
            0 => flying.octets.truncate(octets.or_zero()),
            n => {
                let at = (n << 8 | octets.or_zero()) % flying.octets.len().max(1);
                if let Some(octet) = flying.octets.get_mut(at) {
                    *octet ^= octets.or_zero() as u8;
                }
            }
        }
        self.arrive(flying.to_server, flying.route, &flying.octets);
    }

    fn inject(&mut self, octets: &mut Octets<'_>) {
        let (how, length) = (octets.or_zero(), octets.or_zero());
        let mut record =
            vec![20 + (how % 6) as u8, 0xFE, 0xFD, 0, (how >> 4 & 1) as u8, 0, 0, 0, 0, 0, how as u8];
        let content: Vec<u8> = (0..length).map_while(|_| octets.next()).collect();
        record.extend((content.len() as u16).to_be_bytes());
        record.extend(content);
        self.arrive(how & 128 != 0, (how >> 5 & 1) as u32, &record);
    }

    /// A datagram comes once more.
    fn again(&mut self, octets: &mut Octets<'_>) {
        let at = octets.or_zero();
        if self.flying.is_empty() {
            return;
        }
        let flying = &self.flying[at % self.flying.len()];
        let (to_server, route, octets) = (flying.to_server, flying.route, flying.octets.clone());
        self.arrive(to_server, route, &octets);
    }

    fn answer(&mut self, answer: &Result<Option<Entry>, StoreError>) {
        if self.calls.is_empty() {
            return;
        }
        let (id, _) = self.calls.remove(0);
        let now = self.now();
        self.ends[SERVER].handle_result(now, id, answer);
    }

    fn send(&mut self, end: usize, octets: &mut Octets<'_>) {
        self.count += 1;
        let data = self.count.to_be_bytes();
        let (now, at) = (self.now(), octets.or_zero());
        let sessions = &self.sessions[end];
        if !sessions.is_empty() && self.ends[end].send(now, sessions[at % sessions.len()], &data).is_ok() {
            self.sent.insert(data.to_vec());
        }
    }

    fn with_session(
        &mut self,
        end: usize,
        octets: &mut Octets<'_>,
        act: impl FnOnce(&mut Endpoint, SessionId) -> bool,
    ) {
        let at = octets.or_zero();
        let sessions = &self.sessions[end];
        if !sessions.is_empty() {
            let session = sessions[at % sessions.len()];
            if act(&mut self.ends[end], session) {
                self.seen[end].over.insert(session);
            }
        }
    }

    fn suspend(&mut self, end: usize, octets: &mut Octets<'_>) {
        let mut copy = None;
        self.with_session(end, octets, |end, session| {
            copy = end.suspend(session);
            copy.is_some()
        });
        self.copies.extend(copy.map(|copy| copy.state.expose().to_vec()));
    }

    fn import(&mut self, end: usize, octets: &mut Octets<'_>) {
        let Some(mut copy) = self.copies.pop() else { return };
        if let Some(octet) = copy.get_mut(octets.or_zero()) {
            *octet ^= octets.or_zero() as u8;
        }
        let now = self.now();
        if let Ok((session, export)) = self.ends[end].import(now, route(0), &copy, 4) {
            self.ends[end].stored(session, export.reserved);
            self.seen[end].established.insert(session);
            self.sessions[end].push(session);
        }
    }

    fn drain(&mut self) {
        for end in [CLIENT, SERVER] {
            loop {
                match self.ends[end].poll_output() {
                    Output::Transmit { route, frame } => {
                        assert!(!frame.is_empty());
                        if self.flying.len() < FLYING {
                            let (to_server, octets) = (end == CLIENT, frame.to_vec());
                            self.flying.push(Flying { to_server, route: route.link.index, octets });
                        }
                    }
                    Output::Call { id, what } => self.calls.push((id, what)),
                    Output::Event(event) => self.event(end, event),
                    Output::Timeout(_) => break,
                }
            }
        }
    }

    fn event(&mut self, end: usize, event: Event) {
        let seen = &mut self.seen[end];
        match event {
            Event::Established { session, peer, replaces, .. } => {
                assert!(seen.established.insert(session), "once");
                assert!(peer.identity.is_secure());
                seen.over.extend(replaces);
                self.sessions[end].push(session);
                if end == CLIENT {
                    assert!(
                        !self.seen[SERVER].established.is_empty(),
                        "the server is first or second, not without"
                    );
                    self.resumption = self.ends[CLIENT].resumption(session);
                }
            }
            Event::Received { session, data } => {
                assert!(seen.established.contains(&session) && !seen.over.contains(&session));
                assert!(self.sent.contains(&data[..]), "only what was sent is received");
                assert!(seen.received.insert(data.to_vec()), "once: copies are exact, and restored once");
            }
            Event::Closed { session, .. } => assert!(seen.over.insert(session), "once"),
            Event::Moved { session, route, before } => {
                assert!(route != before && seen.established.contains(&session));
            }
            _ => (),
        }
    }

    /// Time passes, nothing arrives: no handshake is left, and every deadline is met.
    fn settle(&mut self) {
        for _ in 0..200 {
            self.drain();
            let next = self.ends.iter_mut().filter_map(|end| match end.poll_output() {
                Output::Timeout(deadline) => deadline,
                _ => None,
            });
            let Some(Mono(next)) = next.min() else { break };
            self.micros = self.micros.max(next);
            let now = self.now();
            self.ends.iter_mut().for_each(|end| end.handle_timeout(now));
            self.drain();
        }
        for end in &self.ends {
            let usage = end.usage();
            assert_eq!((usage.handshakes, usage.sessions), (0, 0), "nothing is left");
        }
    }
}
