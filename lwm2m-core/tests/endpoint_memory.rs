//! What peers, observations and messages cost in memory. A test of its own: it counts all allocations of its process.

use std::{alloc::System, sync::Arc};

use bytes::Bytes;
use lwm2m_core::{
    Code, Link, LinkId, Mono, Now, Output, PeerId, Route,
    coap::{Config, Delivery, Endpoint, Event, OptionNumber, Options, Request, Response},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Tables double their room; at a power of two all of it is used.
const PEERS: u32 = 1 << 14;

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

fn at(seconds: u64) -> Now {
    Now { mono: Mono(seconds * 1_000_000), wall: None }
}

fn held(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated - change.bytes_deallocated
}

fn drain(endpoint: &mut Endpoint, now: Now) -> (Option<Bytes>, Option<Event>) {
    let (mut frame, mut event) = (None, None);
    loop {
        match endpoint.poll_output(now) {
            Output::Transmit { frame: sent, .. } => frame = Some(sent),
            Output::Event(told) => event = Some(told),
            _ => return (frame, event),
        }
    }
}

#[test]
fn peers_observations_and_messages_stay_small() {
    let mut endpoint = Endpoint::new(Arc::new(Config::default()), [1; 32]);
    let region = Region::new(ALLOCATOR);
    let peers: Vec<PeerId> = (0..PEERS)
        .map(|n| {
            let peer = endpoint.handle_up(at(0), route(n), Link::default());
            endpoint.set_registered(peer, true);
            peer
        })
        .collect();
    let per_peer = (held(&region) - size_of_val(&peers[..])) / PEERS as usize;
    assert!(per_peer <= 150, "an idle peer costs {per_peer} octets");

    let region = Region::new(ALLOCATOR);
    for (n, peer) in (0..).zip(&peers) {
        let options = Options::new().with_uint(OptionNumber::OBSERVE, 0).with_path(["3303", "0", "5700"]);
        let request = Request::new(Code::GET).with_options(options);
        endpoint.request(at(1), *peer, request, Delivery::Confirmable);
        let (Some(frame), _) = drain(&mut endpoint, at(1)) else { panic!("nothing sent") };
        let answer =
            [0x64, 0x45, frame[2], frame[3], frame[4], frame[5], frame[6], frame[7], 0x61, 1, 0xff, b'1'];
        endpoint.handle_frame(at(1), route(n), Bytes::copy_from_slice(&answer));
        assert!(matches!(drain(&mut endpoint, at(1)).1, Some(Event::Response { observing: true, .. })));
    }
    let per_observation = held(&region) / PEERS as usize;
    assert!(per_observation <= 200, "an observation costs {per_observation} octets");

    // Updates of all peers, for longer than message IDs are remembered: nothing grows any more, and nearly nothing is
    // allocated.
    for round in 0..4_u16 {
        let now = at(100 + u64::from(round) * 300);
        endpoint.handle_timeout(now);
        let region = Region::new(ALLOCATOR);
        for n in 0..PEERS {
            let [high, low] = round.to_be_bytes();
            let frame =
                Bytes::from_static(&[0x41, 2, 0, 0, 9, 0xb2, b'r', b'd', 0x04, b'5', b'a', b'3', b'f']);
            let mut octets = frame.to_vec();
            (octets[2], octets[3]) = (high, low);
            endpoint.handle_frame(now, route(n), octets.into());
            let Some(Event::Request { id, .. }) = drain(&mut endpoint, now).1 else { panic!("no request") };
            endpoint.respond(now, id, Response::new(Code::CHANGED));
            drain(&mut endpoint, now);
        }
        let grown = held(&region);
        assert!(round == 0 || grown < 100_000, "grew by {grown} octets in round {round}");
        let allocations = region.change().allocations;
        // The two for the frame are of this test.
        let per_message = allocations as f64 / f64::from(PEERS);
        assert!(round == 0 || per_message < 2.1, "{per_message} allocations");
    }
    let remembered = endpoint.usage().remembered;
    assert_eq!(remembered, PEERS as usize);
}
