//! What sessions cost in memory, and what a flood of hello messages does to it. A test of its own: it counts all
//! allocations of its process.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

use std::{alloc::System, sync::Arc};

use lwm2m_core::{
    Address, Bytes, Credentials, Endpoints, Entry, Hint, LinkId, Mono, Now, Output, Route, Secret,
    dtls::{Config, Connect, Endpoint, Event, SessionId},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Tables double their room; at a power of two all of it is used.
const SESSIONS: u32 = 1 << 10;

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

fn address(index: u32) -> Address {
    Address::Ip((index.to_be_bytes(), 5683).into())
}

fn at(seconds: u64) -> Now {
    Now { mono: Mono(seconds * 1_000_000), wall: None }
}

fn held(region: &Region<'_, System>) -> isize {
    let change = region.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}

fn credentials() -> Arc<Credentials> {
    let identity = Bytes::from_static(b"urn:imei:490154203237518");
    Arc::new(Credentials::Psk { identity, key: Secret::new(vec![7; 16]) })
}

/// Sessions of a client that is everywhere, and what they received.
struct Both {
    client: Endpoint,
    server: Endpoint,
    keys: Arc<Credentials>,
    received: usize,
}

impl Both {
    fn drain(&mut self, now: Now) -> bool {
        let mut idle = true;
        while let Some(output) = next(&mut self.client) {
            idle = false;
            match output {
                Output::Transmit { route, frame } => {
                    self.server.handle_datagram(now, route, &address(route.link.index), &frame);
                }
                Output::Event(Event::Received { .. }) => self.received += 1,
                Output::Event(Event::Closed { why, .. }) => panic!("{why}"),
                _ => (),
            }
        }
        while let Some(output) = next(&mut self.server) {
            idle = false;
            match output {
                Output::Transmit { route, frame } => {
                    self.client.handle_datagram(now, route, &address(0), &frame);
                }
                Output::Call { id, what: Hint::Psk { .. } } => {
                    let entry = Entry { credentials: self.keys.clone(), endpoints: Endpoints::Any };
                    self.server.handle_result(now, id, &Ok(Some(entry)));
                }
                Output::Event(Event::Received { session, data }) => {
                    self.received += 1;
                    self.server.send(now, session, &data).unwrap();
                }
                Output::Event(Event::Closed { why, .. }) => panic!("{why}"),
                _ => (),
            }
        }
        !idle
    }

    fn connect(now: Now, seed: u8, config: Config) -> (Self, Vec<SessionId>) {
        let mut both = Self {
            client: Endpoint::new(Arc::new(Config::default()), [seed; 32]),
            server: Endpoint::new(Arc::new(config), [seed + 1; 32]),
            keys: credentials(),
            received: 0,
        };
        let sessions = (0..SESSIONS)
            .map(|n| {
                let session = both.client.connect(now, route(n), Connect::new(both.keys.clone())).unwrap();
                while both.drain(now) {}
                session
            })
            .collect();
        assert_eq!(both.server.usage().sessions, SESSIONS as usize);
        (both, sessions)
    }

    /// Every session carries data both ways.
    fn exchange(&mut self, now: Now, sessions: &[SessionId]) {
        self.received = 0;
        for session in sessions {
            self.client.send(now, *session, b"ping").unwrap();
            while self.drain(now) {}
        }
        assert_eq!(self.received, 2 * sessions.len());
    }
}

fn next(endpoint: &mut Endpoint) -> Option<Output<Hint, Event>> {
    match endpoint.poll_output() {
        Output::Timeout(_) => None,
        output => Some(output),
    }
}

/// The first datagram of a client.
fn hello(seed: u8) -> Vec<u8> {
    let mut client = Endpoint::new(Arc::new(Config::default()), [seed; 32]);
    client.connect(at(0), route(0), Connect::new(credentials())).unwrap();
    match client.poll_output() {
        Output::Transmit { frame, .. } => frame.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// How many; `.ci/full` wants a million.
fn flood() -> u32 {
    std::env::var("DTLS_FLOOD").ok().and_then(|count| count.parse().ok()).unwrap_or(100_000)
}

#[test]
fn sessions_stay_small_and_a_flood_of_hello_messages_allocates_nothing() {
    let region = Region::new(ALLOCATOR);
    let (mut both, sessions) = Both::connect(at(0), 1, Config::server(0));
    both.exchange(at(1), &sessions);
    let own = size_of_val(&sessions[..]) as isize;
    let all = held(&region);
    drop(both.client);
    let server = held(&region) - own;
    let client = all - own - server;
    let (server, client) = (server / SESSIONS as isize, client / SESSIONS as isize);
    println!("{server} octets per session of a server, {client} of a client");
    assert!(server <= 1200, "a session of a server costs {server} octets, its resumption among them");
    assert!(client <= 1200, "a session of a client costs {client} octets, its resumption among them");
    drop(both.server);

    let (mut both, sessions) = Both::connect(at(0), 9, Config::server(0));
    let hellos: Vec<Vec<u8>> = (0..4).map(hello).collect();
    // Warm: the first datagram may enlarge a buffer.
    both.server.handle_datagram(at(0), route(u32::MAX), &address(u32::MAX), &hellos[0]);
    while next(&mut both.server).is_some() {}
    let usage = both.server.usage();
    let region = Region::new(ALLOCATOR);
    let mut answers = 0;
    for n in 0..flood() {
        let now = at(u64::from(n) / 1000);
        let index = 1_000_000 + n;
        both.server.handle_datagram(now, route(index), &address(index), &hellos[n as usize % 4]);
        while let Some(output) = next(&mut both.server) {
            assert!(matches!(&output, Output::Transmit { route: to, .. } if *to == route(index)));
            answers += 1;
        }
        assert!(!both.server.knows(route(index)));
    }
    let change = region.change();
    assert_eq!(held(&region), 0);
    // After a minute the test harness says so, which takes an allocation of its own.
    assert!(change.allocations + change.reallocations <= 4, "{change:?}");
    assert_eq!((answers, both.server.usage()), (flood(), usage));
    both.exchange(at(200), &sessions);
}
