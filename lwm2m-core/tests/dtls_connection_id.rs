//! Connection IDs: a peer whose address changes keeps its session. [RFC 9146]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use std::sync::Arc;

use lwm2m_core::dtls::{Config, ConnectionIds, Endpoint, Event};

use self::dtls_pair::*;

fn moves(events: &[Event]) -> Vec<(u32, u32)> {
    let route = |event: &Event| match event {
        Event::Moved { route, before, .. } => Some((before.link.index, route.link.index)),
        _ => None,
    };
    events.iter().filter_map(route).collect()
}

fn connected() -> Pair {
    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(2000);
    pair
}

#[test]
fn a_client_with_a_new_address_is_found_and_answered_there() {
    let mut pair = connected();
    let (client, server) = (pair.client_established().unwrap().0, pair.established().unwrap().0);
    pair.port = 50000;
    let now = pair.now();
    pair.client.send(now, client, b"here").unwrap();
    pair.run_for(1000);
    assert_eq!(moves(&pair.server_events), [(40000, 50000)]);
    assert_eq!(received(&pair.server_events, server), [&b"here"[..]]);
    pair.server.send(now, server, b"there").unwrap();
    pair.run_for(1000);
    assert_eq!(received(&pair.client_events, client), [&b"there"[..]]);
}

#[test]
fn only_the_newest_authentic_record_moves_a_peer() {
    let mut pair = connected();
    let (client, server) = (pair.client_established().unwrap().0, pair.established().unwrap().0);
    let now = pair.now();
    pair.client.send(now, client, b"one").unwrap();
    pair.client.send(now, client, b"two").unwrap();
    pair.tamper = Some(Box::new(|_, _| Vec::new()));
    pair.drain();
    let sent: Vec<_> = pair.log.iter().rev().take(2).map(|(_, datagram)| datagram.clone()).collect();
    let [two, one] = &sent[..] else { panic!() };
    pair.arrive(To::Server, 40000, two);
    // Authentic, but not the newest: it is delivered, and moves nobody.
    pair.arrive(To::Server, 666, one);
    // The newest, recorded and sent again from elsewhere.
    pair.arrive(To::Server, 666, two);
    // Changed on the way.
    let mut forged = two.clone();
    forged[10] ^= 1;
    pair.arrive(To::Server, 666, &forged);
    assert_eq!(moves(&pair.server_events), []);
    assert_eq!(received(&pair.server_events, server), [&b"two"[..], b"one"]);
    assert_eq!((pair.server.counters().replayed, pair.server.counters().forged), (1, 1));
}

#[test]
fn protected_records_without_connection_id_are_dropped_where_one_was_issued() {
    let mut pair = connected();
    let client = pair.client_established().unwrap().0;
    let now = pair.now();
    pair.client.send(now, client, b"data").unwrap();
    pair.tamper = Some(Box::new(|_, _| Vec::new()));
    pair.drain();
    let with = pair.log.last().unwrap().1.clone();
    let classic = [&[23][..], &with[1..11], &with[17..]].concat();
    pair.arrive(To::Server, 40000, &classic);
    assert!(pair.server_events.iter().all(|event| !matches!(event, Event::Received { .. })));
    assert_eq!(pair.server.counters().unknown, 1);
    pair.arrive(To::Server, 40000, &with);
    assert!(pair.server_events.iter().any(|event| matches!(event, Event::Received { .. })));
}

#[test]
fn a_connection_id_names_its_shard() {
    let pair = connected();
    let with_cid = pair.log.iter().find_map(|(_, datagram)| {
        let at = datagram.windows(3).position(|window| window == [25, 0xFE, 0xFD])?;
        Endpoint::shard_of(&datagram[at..])
    });
    assert_eq!(with_cid, Some(3));
    assert_eq!(Endpoint::shard_of(&[23; 40]), None);
    assert_eq!(Endpoint::shard_of(&[25; 11]), None);
}

/// An address translator gives the address of a silent device to another one.
#[test]
fn another_peer_at_the_same_address_does_not_end_a_session_with_a_connection_id() {
    let mut pair = connected();
    let first = pair.established().unwrap().0;
    let client = pair.client_established().unwrap().0;
    let mut other = Endpoint::new(Arc::new(Config::default()), [9; 32]);
    std::mem::swap(&mut pair.client, &mut other);
    pair.store = raw_store();
    pair.server_events.clear();
    pair.connect(raw(CLIENT_RAW, SERVER_RAW));
    pair.run_for(2000);
    assert!(
        pair.server_events.iter().any(|event| matches!(event, Event::Established { replaces: None, .. }))
    );
    std::mem::swap(&mut pair.client, &mut other);
    pair.port = 50000;
    let now = pair.now();
    pair.client.send(now, client, b"me again").unwrap();
    pair.run_for(1000);
    assert_eq!(received(&pair.server_events, first), [&b"me again"[..]]);
    assert_eq!(pair.server.usage().sessions, 2);
}

#[test]
fn both_sides_may_issue_one() {
    let mut config = Config::default();
    config.connection_id = ConnectionIds::Issue { shard: 0 };
    let mut pair = Pair::with(1, config, Config::server(3));
    pair.connect(psk());
    pair.run_for(2000);
    pair.exchange();
    assert!(pair.log.iter().rev().take(2).all(|(_, datagram)| datagram[0] == 25));
}
