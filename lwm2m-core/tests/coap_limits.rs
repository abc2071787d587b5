//! What a peer can push on has an end, and the others do not feel it.

mod pair;

use std::sync::Arc;

use lwm2m_core::{
    Bytes, Code, Link, LinkId, Mono, Now, Output, PeerId, Route,
    coap::{Config, Delivery, Endpoint, Event, ExchangeError, MessageType, OptionNumber, Rate, Response},
};
use pair::{A, B, Pair, content, get, secs};

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

fn at(seconds: u64) -> Now {
    Now { mono: Mono(seconds * 1_000_000), wall: None }
}

fn endpoint(change: impl FnOnce(&mut Config)) -> Endpoint {
    let mut config = Config::default();
    change(&mut config);
    Endpoint::new(Arc::new(config), [7; 32])
}

fn drain(endpoint: &mut Endpoint, now: Now) -> (Vec<Bytes>, Vec<Event>) {
    let (mut frames, mut events) = (Vec::new(), Vec::new());
    loop {
        match endpoint.poll_output(now) {
            Output::Transmit { frame, .. } => frames.push(frame),
            Output::Event(event) => events.push(event),
            Output::Call { .. } => panic!("no call"),
            Output::Timeout(_) => return (frames, events),
        }
    }
}

fn request(id: u16) -> Bytes {
    let [high, low] = id.to_be_bytes();
    Bytes::copy_from_slice(&[0x41, 1, high, low, 5, 0xb1, b'3'])
}

#[test]
fn unregistered_peers_displace_each_other_but_never_a_registered_one() {
    let mut endpoint = endpoint(|config| config.limits.unregistered_peers = 3);
    let registered: Vec<PeerId> = (0..5)
        .map(|n| {
            let peer = endpoint.handle_up(at(0), route(n), Link::default());
            endpoint.set_registered(peer, true);
            peer
        })
        .collect();
    let guests: Vec<PeerId> =
        (10..13).map(|n| endpoint.handle_up(at(1), route(n), Link::default())).collect();
    drain(&mut endpoint, at(1));
    // The first guest is heard again, so the second is the coldest.
    endpoint.handle_frame(at(2), route(10), request(1));
    drain(&mut endpoint, at(2));
    for n in 20..22 {
        endpoint.handle_up(at(3), route(n), Link::default());
    }
    let (_, events) = drain(&mut endpoint, at(3));
    let displaced: Vec<(PeerId, Route)> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::Displaced { peer, route } => Some((peer, route)),
            _ => None,
        })
        .collect();
    assert_eq!(displaced, [(guests[1], route(11)), (guests[2], route(12))]);
    assert!(registered.iter().all(|peer| endpoint.route_of(*peer).is_some()));
    assert_eq!((endpoint.usage().peers, endpoint.usage().unregistered), (8, 3));
    endpoint.set_registered(registered[0], false);
    endpoint.handle_up(at(4), route(30), Link::default());
    assert_eq!((endpoint.usage().peers, endpoint.usage().unregistered), (7, 3));
}

/// A million frames from ever new peers: memory stays where it was, a registered peer is served all the while.
#[test]
fn a_flood_from_new_addresses_harms_nobody() {
    let mut endpoint = endpoint(|config| {
        config.limits.unregistered_peers = 100;
        config.limits.dedup_total = 500;
        config.limits.inbound_total = 50;
    });
    let good = endpoint.handle_up(at(0), route(0), Link::default());
    endpoint.set_registered(good, true);
    let mut served = 0;
    for n in 1..20_000_u32 {
        let now = Now { mono: Mono(u64::from(n) * 1000), wall: None };
        let from = Route { transport: 0, link: LinkId { index: 1 + n % 128, generation: n } };
        endpoint.handle_up(now, from, Link::default());
        endpoint.handle_frame(now, from, request(n as u16));
        endpoint.handle_frame(now, from, Bytes::from_static(b"\x45\xff\xff\xff\xff\xff"));
        if n % 100 == 0 {
            endpoint.handle_frame(now, route(0), request((n / 100) as u16));
        }
        let (_, events) = drain(&mut endpoint, now);
        for event in events {
            if let Event::Request { id, peer, .. } = event
                && peer == good
            {
                endpoint.respond(now, id, Response::new(Code::CONTENT));
                served += 1;
            }
        }
    }
    assert_eq!((endpoint.usage().peers, endpoint.usage().unregistered), (101, 100));
    assert_eq!(served, 199, "a displaced peer's open request makes room for others");
    assert!(endpoint.counters().displaced > 19_000);
}

#[test]
fn too_many_open_requests_are_answered_5_03() {
    let mut pair = Pair::with(1, Link::default(), {
        let mut config = Config::default();
        config.limits.inbound_per_peer = 2;
        config
    });
    for id in 0..4_u8 {
        pair.inject(B, &[0x40 | 1, 1, 0, id, id, 0xb1, b'3']);
    }
    let sent = pair.sent(B, 0);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].code, Code::SERVICE_UNAVAILABLE);
    assert!(sent[0].options.uint(OptionNumber::MAX_AGE).is_some());
    assert_eq!(pair.b.endpoint.counters().overload, 2);
    // Room again after an answer; a NON over the limit is dropped.
    pair.inject(B, &[0x51, 1, 0, 9, 9, 0xb1, b'3']);
    assert_eq!(pair.b.sent.len(), 2);
    let (first, _) = pair.asked(B);
    pair.respond(B, first, content(b""));
    pair.inject(B, &[0x41, 1, 0, 10, 10, 0xb1, b'3']);
    assert_eq!(pair.b.endpoint.counters().overload, 3);
}

#[test]
fn our_own_requests_are_bounded_too() {
    let mut pair = Pair::with(1, Link::default(), {
        let mut config = Config::default();
        (config.limits.queued_per_peer, config.limits.exchanges_per_peer) = (2, 100);
        config
    });
    let ids: Vec<_> = (0..4).map(|_| pair.request(A, get(["3"]))).collect();
    match pair.event(A) {
        Event::Failed { id, error: ExchangeError::Busy(_) } => assert_eq!(id, ids[3]),
        other => panic!("{other:?}"),
    }
    assert!(pair.a.events.is_empty());
}

#[test]
fn a_peer_over_its_rate_is_not_heard() {
    let mut endpoint = endpoint(|config| config.limits.rate = Some(Rate { per_second: 10, burst: 5 }));
    for n in 0..2 {
        endpoint.handle_up(at(0), route(n), Link::default());
    }
    let ping = Bytes::from_static(&[0x40, 0, 0, 1]);
    let mut answered = 0;
    for n in 0..10_000_u64 {
        let now = Now { mono: Mono(n * 1000), wall: None };
        endpoint.handle_frame(now, route(0), ping.clone());
        answered += drain(&mut endpoint, now).0.len();
    }
    assert!((100..=106).contains(&answered), "{answered} in ten seconds");
    endpoint.handle_frame(at(10), route(1), ping);
    assert_eq!(drain(&mut endpoint, at(10)).0.len(), 1, "the others are");
    assert!(endpoint.counters().over_rate > 9_800);
}

#[test]
fn message_ids_do_not_come_again_within_the_exchange_lifetime() {
    let mut endpoint = endpoint(|_| {});
    let peer = endpoint.handle_up(at(0), route(0), Link::default());
    let mut last_used = vec![None; 65_536];
    let (mut refused, mut sent) = (0, 0);
    for n in 0..150_000_u64 {
        let now = Now { mono: Mono(n * 3000), wall: None };
        let id = endpoint.request(now, peer, get(["3"]), Delivery::NonConfirmable);
        let (frames, events) = drain(&mut endpoint, now);
        for frame in frames {
            let id = usize::from(u16::from_be_bytes([frame[2], frame[3]]));
            if let Some(before) = last_used[id] {
                assert!(now.mono.since(before) >= secs(247));
            }
            last_used[id] = Some(now.mono);
            sent += 1;
        }
        refused += events.len();
        endpoint.cancel(now, id);
    }
    assert!(refused > 0 && sent > 100_000, "{sent} sent in 450 s, {refused} refused");
}

#[test]
fn replies_are_kept_within_the_limit_and_repetitions_without_one_are_ignored() {
    let mut endpoint = endpoint(|config| config.limits.dedup_bytes = 100);
    endpoint.handle_up(at(0), route(0), Link::default());
    let ask = |endpoint: &mut Endpoint, id: u16| {
        endpoint.handle_frame(at(1), route(0), request(id));
        let (frames, events) = drain(endpoint, at(1));
        for event in &events {
            if let Event::Request { id, .. } = event {
                endpoint.respond(at(1), *id, content(b"forty octets, more or less, for an answer"));
            }
        }
        let (more, _) = drain(endpoint, at(1));
        (frames.len() + more.len(), events.len())
    };
    for id in 0..5 {
        assert_eq!(ask(&mut endpoint, id), (1, 1));
    }
    assert_eq!(ask(&mut endpoint, 4), (1, 0), "the latest is repeated");
    assert_eq!(ask(&mut endpoint, 0), (0, 0), "the oldest is known, its reply is not");
}

#[test]
fn bodies_are_bounded_over_all_peers() {
    let mut endpoint = endpoint(|config| {
        config.limits.body_bytes = 4096;
        config.limits.transfers_per_peer = 2;
    });
    let mut codes = Vec::new();
    for n in 0..6 {
        let peer = endpoint.handle_up(at(0), route(n), Link::default());
        endpoint.set_registered(peer, true);
        let mut frame = vec![0x41, 3, 0, 1, 1, 0xb1, b'x', 0xd1, 3, 0x0e, 0xff];
        frame.extend([0; 1024]);
        endpoint.handle_frame(at(0), route(n), frame.into());
        let (frames, events) = drain(&mut endpoint, at(0));
        assert!(events.is_empty());
        codes.push(Code(frames[0][1]));
    }
    assert_eq!(codes[..4], [Code::CONTINUE; 4]);
    assert_eq!(codes[4..], [Code::SERVICE_UNAVAILABLE; 2]);
    for n in 0..6 {
        endpoint.handle_down(at(1), route(n));
    }
    let peer = endpoint.handle_up(at(1), route(9), Link::default());
    endpoint.set_registered(peer, true);
    let mut frame = vec![0x41, 3, 0, 1, 1, 0xb1, b'x', 0xd1, 3, 0x0e, 0xff];
    frame.extend([0; 1024]);
    endpoint.handle_frame(at(1), route(9), frame.into());
    assert_eq!(drain(&mut endpoint, at(1)).0[0][1], Code::CONTINUE.0, "what was held is given back");
}

#[test]
fn bodies_begun_and_left_by_strangers_keep_no_stranger_out() {
    let mut endpoint = endpoint(|config| config.limits.body_bytes = 8192);
    let block = |endpoint: &mut Endpoint, from: u32, num: u8| {
        let mut frame = vec![0x41, 3, 0, num, 1, 0xb1, b'x', 0xd1, 3, num << 4 | 0xe, 0xff];
        frame.extend([0; 1024]);
        endpoint.handle_frame(at(1), route(from), frame.into());
        Code(drain(endpoint, at(1)).0[0][1])
    };
    for n in 0..1000 {
        let peer = endpoint.handle_up(at(0), route(n), Link::default());
        endpoint.set_registered(peer, n == 0);
        assert_eq!(block(&mut endpoint, n, 0), Code::CONTINUE, "{n}");
        // The last one goes on while others come.
        assert!(n < 2 || block(&mut endpoint, n - 1, 1) == Code::CONTINUE, "{n}");
    }
    assert_eq!(block(&mut endpoint, 2, 2), Code::REQUEST_ENTITY_INCOMPLETE, "the oldest made room");
    assert_eq!(block(&mut endpoint, 0, 1), Code::CONTINUE, "the registered one is as it was");
}

#[test]
fn what_is_over_leaves_nothing_behind() {
    let mut pair = Pair::new();
    for _ in 0..50 {
        pair.request(A, get(["3"]));
        let (inbound, _) = pair.asked(B);
        pair.respond(B, inbound, content(b"x"));
        pair.answered(A);
        pair.event(B);
    }
    pair.run(secs(300));
    for endpoint in [&mut pair.a.endpoint, &mut pair.b.endpoint] {
        assert!(matches!(endpoint.poll_output(at(0)), Output::Timeout(None)), "no deadline is left");
        let usage = endpoint.usage();
        assert_eq!((usage.exchanges, usage.inbound, usage.sending, usage.remembered), (0, 0, 0, 0));
    }
    assert!(pair.sent(B, 0).iter().all(|message| message.kind == MessageType::Acknowledgement));
}
