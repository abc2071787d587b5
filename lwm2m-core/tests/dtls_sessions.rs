//! Sessions: resumed, stored, restored, withdrawn, displaced.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Identity,
    dtls::{Closed, Config, Connect, Endpoint, Event, SendError, SessionId},
};

use self::dtls_pair::*;

fn resumed(events: &[Event]) -> Vec<bool> {
    let resumed = |event: &Event| match event {
        Event::Established { resumed, .. } => Some(*resumed),
        _ => None,
    };
    events.iter().filter_map(resumed).collect()
}

/// Connects, and again with what the first session left.
fn connect_twice(pair: &mut Pair, between: impl FnOnce(&mut Pair)) {
    let session = pair.connect(psk());
    pair.run_for(2000);
    let resumption = pair.client.resumption(session).expect("the server lets sessions be resumed");
    pair.client.close(session);
    pair.run_for(1000);
    between(pair);
    let mut again = Connect::new(psk());
    again.resume = Some(resumption);
    pair.connect_with(again);
    pair.run_for(300_000);
}

#[test]
fn a_session_is_resumed_with_fewer_messages_and_new_keys() {
    let mut pair = Pair::new(1);
    connect_twice(&mut pair, |_| ());
    assert_eq!(resumed(&pair.client_events), [false, true]);
    assert_eq!(resumed(&pair.server_events), [false, true]);
    assert_eq!(pair.established().unwrap().1.identity, Identity::Psk(IDENTITY.into()));
    pair.exchange();
}

#[test]
fn resumption_works_on_a_bad_network() {
    for seed in 0..30 {
        let config = |mut config: Config| {
            config.retransmission.times = 12;
            config.handshake_timeout = Duration::from_secs(590);
            config.limits.handshake_lifetime = Duration::from_secs(590);
            config
        };
        let mut pair = Pair::with(seed, config(Config::default()), config(Config::server(0)));
        connect_twice(&mut pair, |pair| pair.net = Net::BAD);
        assert_eq!(resumed(&pair.client_events), [false, true], "{seed}");
        assert_eq!(resumed(&pair.server_events), [false, true], "{seed}");
        pair.net = Net::PERFECT;
        pair.run_for(1000);
        pair.exchange();
    }
}

#[test]
fn what_the_server_has_forgotten_becomes_a_full_handshake() {
    let mut pair = Pair::new(1);
    connect_twice(&mut pair, |pair| pair.server = Endpoint::new(Arc::new(Config::server(0)), [5; 32]));
    assert_eq!(resumed(&pair.client_events), [false, false]);
    pair.exchange();
    let mut config = Config::server(0);
    config.limits.resumable_for = Duration::from_secs(1);
    let mut pair = Pair::with(1, Config::default(), config);
    connect_twice(&mut pair, |_| ());
    assert_eq!(resumed(&pair.client_events), [false, false]);
}

#[test]
fn withdrawn_keys_end_sessions_and_let_nobody_resume() {
    let mut pair = Pair::new(1);
    connect_twice(&mut pair, |pair| pair.store = Box::new(|_| Ok(None)));
    assert_eq!(resumed(&pair.client_events), [false]);
    let alert = closed(&pair.client_events).last().and_then(Closed::alert).and_then(|alert| alert.name());
    assert_eq!(alert, Some("unknown_psk_identity"));

    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(2000);
    pair.server.forget(|peer| peer.identity == Identity::Psk(IDENTITY.into()));
    pair.run_for(1000);
    assert_eq!(closed(&pair.server_events), [Closed::Withdrawn]);
    let alert = closed(&pair.client_events)[0].alert().and_then(|alert| alert.name());
    assert_eq!(alert, Some("access_denied"));
    assert_eq!((pair.server.usage().sessions, pair.server.usage().resumable), (0, 0));
}

#[test]
fn the_session_used_least_recently_makes_room() {
    let mut config = Config::server(0);
    config.limits.sessions = 2;
    let mut pair = Pair::with(1, Config::default(), config);
    let mut clients = Vec::new();
    for port in 0..3 {
        pair.port = 1000 + port;
        pair.client = Endpoint::new(Arc::new(Config::default()), [port as u8; 32]);
        pair.client_events.clear();
        pair.connect(psk());
        pair.run_for(2000);
        clients.push(pair.established().unwrap().0);
        if port == 1 {
            let now = pair.now();
            pair.server.send(now, clients[0], b"used").unwrap();
            pair.run_for(100);
        }
    }
    assert_eq!(pair.server.usage().sessions, 2);
    let gone = pair.server_events.iter().find_map(|event| match event {
        Event::Closed { session, why: Closed::Idle, .. } => Some(*session),
        _ => None,
    });
    assert_eq!(gone, Some(clients[1]));
}

#[test]
fn unused_sessions_end_after_the_configured_time() {
    let mut config = Config::server(0);
    config.idle = Some(Duration::from_secs(60));
    let mut pair = Pair::with(1, Config::default(), config);
    pair.connect(psk());
    pair.run_for(40_000);
    pair.exchange();
    pair.run_for(50_000);
    assert_eq!(pair.server.usage().sessions, 1);
    pair.run_for(60_000);
    assert_eq!(closed(&pair.server_events), [Closed::Idle]);
    assert_eq!(closed(&pair.client_events), [Closed::ByPeer]);
}

fn connected() -> (Pair, SessionId, SessionId) {
    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(2000);
    let (client, server) = (pair.client_established().unwrap().0, pair.established().unwrap().0);
    (pair, client, server)
}

fn say(pair: &mut Pair, from: SessionId, to: SessionId, text: &[u8]) {
    pair.server_events.clear();
    let now = pair.now();
    pair.client.send(now, from, text).unwrap();
    pair.run_for(1000);
    assert_eq!(received(&pair.server_events, to), [text]);
}

#[test]
fn a_suspended_session_goes_on_elsewhere_without_a_handshake() {
    let (mut pair, client, server) = connected();
    say(&mut pair, client, server, b"good night");
    let asleep = pair.client.suspend(client).unwrap();
    assert_eq!(pair.client.usage().sessions, 0);
    pair.run_for(1000);
    assert_eq!(closed(&pair.server_events), [], "the server is told nothing");
    // Restarted, with another address.
    pair.client = Endpoint::new(Arc::new(Config::default()), [8; 32]);
    pair.port = 50001;
    let now = pair.now();
    let (client, copy) = pair.client.import(now, route(0), asleep.state.expose(), 100).unwrap();
    assert_eq!(pair.client.send(now, client, b"too early"), Err(SendError::Unreserved));
    pair.client.stored(client, copy.reserved);
    say(&mut pair, client, server, b"good morning");
    let now = pair.now();
    pair.server.send(now, server, b"hello").unwrap();
    pair.run_for(1000);
    assert_eq!(received(&pair.client_events, client), [&b"hello"[..]]);
    assert_eq!(pair.client.peer(client).unwrap().identity, Identity::Psk(IDENTITY.into()));
    assert!(pair.client.resumption(client).is_some());
}

/// Octets 11 to 18 behind the header: what the nonce is made of. Records of the client have six octets of connection ID.
fn nonces(pair: &Pair) -> Vec<[u8; 8]> {
    let protected = pair.log.iter().filter(|(to, datagram)| *to == To::Server && datagram[0] == 25);
    protected.map(|(_, datagram)| datagram[19..27].try_into().unwrap()).collect()
}

#[test]
fn no_nonce_is_used_twice_whichever_copy_is_restored_how_often() {
    let (mut pair, client, server) = connected();
    let first = pair.client.export(client, 8).unwrap();
    pair.client.stored(client, first.reserved);
    for _ in 0..4 {
        say(&mut pair, client, server, b"live");
    }
    let second = pair.client.export(client, 8).unwrap();
    pair.client.stored(client, second.reserved);
    for _ in 0..6 {
        say(&mut pair, client, server, b"live");
    }
    // Both copies, the newer twice, an old one although it should never come back.
    // What the peer has seen it drops; two numbers of the old one it has not.
    for (copy, taken) in [(&second, 8), (&second, 0), (&first, 2)] {
        pair.client = Endpoint::new(Arc::new(Config::default()), [pair.log.len() as u8; 32]);
        let now = pair.now();
        let (client, next) = pair.client.import(now, route(0), copy.state.expose(), 8).unwrap();
        pair.client.stored(client, next.reserved);
        pair.server_events.clear();
        for _ in 0..8 {
            pair.client.send(now, client, b"again").unwrap();
        }
        pair.run_for(1000);
        assert_eq!(received(&pair.server_events, server).len(), taken);
    }
    let mut nonces = nonces(&pair);
    let sent = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!((sent, nonces.len()), (34, 34));
}

#[test]
fn a_session_sends_no_further_than_was_stored_and_asks_in_time() {
    let (mut pair, client, server) = connected();
    let first = pair.client.export(client, 8).unwrap();
    pair.client.stored(client, first.reserved);
    let mut sent = 0;
    pair.client_events.clear();
    let now = pair.now();
    while pair.client.send(now, client, b"x").is_ok() {
        sent += 1;
        pair.drain();
        let asked = pair.client_events.iter().any(|event| matches!(event, Event::Reserve { .. }));
        assert_eq!(asked, sent >= 6, "{sent}");
    }
    assert_eq!(sent, 8);
    let second = pair.client.export(client, 8).unwrap();
    assert_eq!(pair.client.send(now, client, b"x"), Err(SendError::Unreserved), "not stored yet");
    pair.client.stored(client, second.reserved);
    pair.run_for(1000);
    say(&mut pair, client, server, b"x");
}

#[test]
fn a_copy_that_was_damaged_is_refused() {
    let (mut pair, client, _) = connected();
    let copy = pair.client.suspend(client).unwrap();
    let state = copy.state.expose();
    let now = pair.now();
    for length in 0..state.len() {
        assert!(pair.client.import(now, route(0), &state[..length], 8).is_err());
    }
    assert_eq!(pair.client.usage().sessions, 0);
    assert_eq!(format!("{copy:?}"), "Export { state: Secret(..), reserved: 1 }");
}

#[test]
fn a_server_restarts_and_goes_on_with_its_clients() {
    let (mut pair, client, server) = connected();
    let copy = pair.server.export(server, 100).unwrap();
    pair.server = Endpoint::new(Arc::new(Config::server(3)), [6; 32]);
    let now = pair.now();
    let (server, next) = pair.server.import(now, route(1), copy.state.expose(), 100).unwrap();
    pair.server.stored(server, next.reserved);
    say(&mut pair, client, server, b"still me");
    assert!(pair.server_events.iter().any(|event| matches!(event, Event::Moved { .. })));
    let now = pair.now();
    pair.server.send(now, server, b"welcome").unwrap();
    pair.run_for(1000);
    assert_eq!(received(&pair.client_events, client), [&b"welcome"[..]]);
}

#[test]
fn a_later_attempt_takes_the_place_of_an_earlier_one() {
    let mut pair = Pair::new(1);
    let first = pair.connect(psk());
    let second = pair.connect(psk());
    pair.run_for(2000);
    assert_eq!(closed(&pair.client_events), [Closed::Replaced]);
    assert_ne!(first, second);
    assert_eq!(pair.client_established().unwrap().0, second);
    pair.exchange();
}

#[test]
fn nobody_there_ends_the_attempt_in_time() {
    let mut pair = Pair::new(1);
    pair.tamper = Some(Box::new(|_, _| Vec::new()));
    let session = pair.connect(psk());
    pair.run();
    assert_eq!(closed(&pair.client_events), [Closed::TimedOut]);
    assert_eq!(pair.log.len(), 7, "once and six times again");
    assert_eq!(pair.micros / 1_000_000, 1 + 2 + 4 + 8 + 16 + 32 + 60);
    let now = pair.now();
    assert_eq!(pair.client.send(now, session, b"x"), Err(SendError::Unknown));
}
