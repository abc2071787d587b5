//! What one authenticated peer can do to the sessions of others, and sessions that share an address.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use std::sync::Arc;

use lwm2m_core::dtls::{Closed, Config, ConnectionIds, Endpoint, Event};

use self::dtls_pair::*;

/// Another device, at a port of its own, with these keys.
fn device(pair: &mut Pair, seed: u8, port: u16, raw_key: bool) {
    pair.client = Endpoint::new(Arc::new(Config::default()), [seed; 32]);
    pair.client_events.clear();
    pair.port = port;
    pair.connect(if raw_key { raw(CLIENT_RAW, SERVER_RAW) } else { psk() });
    pair.run_for(2000);
    assert!(pair.client_established().is_some());
}

#[test]
fn who_opens_ever_new_sessions_loses_its_own() {
    let mut config = Config::server(0);
    config.limits.sessions = 20;
    config.limits.sessions_per_peer = 4;
    let mut pair = Pair::with(1, Config::default(), config);
    pair.store = Box::new(|hint| {
        psk_store()(hint).and_then(|psk| psk.map_or_else(|| raw_store()(hint), |psk| Ok(Some(psk))))
    });
    device(&mut pair, 1, 1000, true);
    let quiet = pair.established().unwrap().0;
    for n in 0..30 {
        device(&mut pair, 2 + n, 2000 + u16::from(n), false);
    }
    assert_eq!(pair.server.usage().sessions, 5);
    assert_eq!(pair.server.counters().sessions_displaced, 26);
    assert!(pair.server.peer(quiet).is_some(), "the session of the other is there");
    pair.exchange();
}

#[test]
fn an_address_is_known_as_long_as_one_of_its_sessions_is() {
    let mut pair = Pair::new(1);
    device(&mut pair, 1, 1000, false);
    let first = pair.established().unwrap().0;
    pair.store = raw_store();
    device(&mut pair, 2, 2000, true);
    let second = pair.established().unwrap().0;
    // The address of the first is now the second's.
    pair.port = 1000;
    let client = pair.client_established().unwrap().0;
    let say = |pair: &mut Pair| {
        pair.server_events.clear();
        let now = pair.now();
        pair.client.send(now, client, b"here").unwrap();
        pair.run_for(1000);
        assert_eq!(received(&pair.server_events, second), [b"here"]);
    };
    say(&mut pair);
    assert_eq!(pair.server.route(second), Some(route(1000)));
    assert!(pair.server.knows(route(1000)) && !pair.server.knows(route(2000)));
    pair.server.close(first);
    pair.run_for(100);
    assert!(pair.server.knows(route(1000)));
    say(&mut pair);
    pair.server.close(second);
    assert!(!pair.server.knows(route(1000)));
}

#[test]
fn a_restored_session_takes_the_place_of_one_that_only_its_address_named() {
    let mut pair = Pair::with(1, Config::default(), without_cids(Config::server(0)));
    device(&mut pair, 1, 1000, false);
    let first = pair.established().unwrap().0;
    let copy = pair.server.export(first, 100).unwrap();
    pair.server_events.clear();
    let now = pair.now();
    let (_, next) = pair.server.import(now, route(1000), copy.state.expose(), 100).unwrap();
    assert!(next.reserved > copy.reserved);
    pair.drain();
    assert_eq!(pair.server.usage().sessions, 1);
    assert!(
        matches!(pair.server_events[..], [Event::Closed { session, why: Closed::Replaced, .. }, ..] if session == first)
    );
}

#[test]
fn the_owner_hears_of_a_session_that_its_own_copy_replaces() {
    let mut pair = Pair::with(1, Config::default(), Config::server(0));
    device(&mut pair, 1, 1000, false);
    let first = pair.established().unwrap().0;
    let copy = pair.server.export(first, 100).unwrap();
    pair.server_events.clear();
    let now = pair.now();
    pair.server.import(now, route(1001), copy.state.expose(), 100).unwrap();
    pair.drain();
    assert_eq!(pair.server.usage().sessions, 1);
    assert!(
        matches!(pair.server_events[..], [Event::Closed { session, why: Closed::Replaced, .. }, ..] if session == first)
    );
}

#[test]
fn who_wants_no_connection_ids_answers_none() {
    let mut client = Config::default();
    client.connection_id = ConnectionIds::Issue { shard: 0 };
    let mut pair = Pair::with(1, client, without_cids(Config::server(0)));
    pair.connect(psk());
    pair.run_for(2000);
    pair.exchange();
    assert!(pair.log.iter().all(|(_, datagram)| datagram[0] != 25));
}
