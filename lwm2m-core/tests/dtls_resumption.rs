//! What a session is resumed under: the same keys, name and dates as it was established with. [RFC 5246 §F.1.4, RFC 6066 §3]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod authority;
mod dtls_pair;

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Bytes, Credentials, Entry, Hint, Secret, UnixTime,
    dtls::{Closed, Config, Connect, Event},
};

use self::{
    authority::{Holder, dns, root},
    dtls_pair::*,
};

fn resumed(events: &[Event]) -> Vec<bool> {
    let resumed = |event: &Event| match event {
        Event::Established { resumed, .. } => Some(*resumed),
        _ => None,
    };
    events.iter().filter_map(resumed).collect()
}

/// Connects; then changes something, and connects again with what the first session left.
fn connect_twice(pair: &mut Pair, mut connect: Connect, between: impl FnOnce(&mut Pair, &mut Connect)) {
    let session = pair.connect_with(connect.clone());
    pair.run_for(2000);
    connect.resume = pair.client.resumption(session);
    assert!(connect.resume.is_some());
    pair.client.close(session);
    pair.run_for(1000);
    between(pair, &mut connect);
    pair.connect_with(connect);
    pair.run_for(10_000);
}

fn alert(events: &[Event]) -> Option<&'static str> {
    closed(events).last().and_then(Closed::alert).and_then(|alert| alert.name())
}

fn with_key(key: &[u8]) -> Entry {
    let identity = Bytes::from_static(IDENTITY);
    entry(Arc::new(Credentials::Psk { identity, key: Secret::new(key.to_vec()) }))
}

#[test]
fn a_key_that_was_changed_at_the_server_ends_what_was_established_with_the_old_one() {
    let mut pair = Pair::new(1);
    connect_twice(&mut pair, Connect::new(psk()), |pair, _| {
        pair.store = Box::new(|_| Ok(Some(with_key(b"another key now!"))));
    });
    assert_eq!(resumed(&pair.client_events), [false]);
    assert_eq!(alert(&pair.client_events), Some("bad_record_mac"));
}

#[test]
fn a_key_that_was_changed_at_the_client_is_proved_anew() {
    let mut pair = Pair::new(1);
    connect_twice(&mut pair, Connect::new(psk()), |pair, connect| {
        connect.credentials = with_key(b"another key now!").credentials;
        pair.store = Box::new(|_| Ok(Some(with_key(b"another key now!"))));
    });
    assert_eq!(resumed(&pair.client_events), [false, false]);
    pair.exchange();
}

#[test]
fn a_session_with_another_host_is_not_resumed() {
    let mut first = Connect::new(psk());
    first.host = Some("one.example".into());
    for (host, resumes) in [(Some("one.example"), true), (Some("two.example"), false), (None, false)] {
        let mut pair = Pair::new(1);
        connect_twice(&mut pair, first.clone(), |_, connect| connect.host = host.map(str::to_owned));
        assert_eq!(resumed(&pair.client_events), [false, resumes], "{host:?}");
        assert_eq!(resumed(&pair.server_events), [false, resumes], "{host:?}");
        pair.exchange();
    }
}

#[test]
fn a_session_is_resumed_no_longer_than_its_first_handshake_allows() {
    let mut config = Config::server(0);
    config.limits.resumable_for = Duration::from_secs(100);
    let mut pair = Pair::with(1, Config::default(), config);
    let mut connect = Connect::new(psk());
    let mut session = pair.connect_with(connect.clone());
    for at in [30_u64, 60, 90, 120] {
        pair.run_for(at * 1000 - pair.micros / 1000);
        connect.resume = pair.client.resumption(session);
        pair.client.close(session);
        pair.run_for(1000);
        session = pair.connect_with(connect.clone());
        pair.run_for(1000);
    }
    assert_eq!(resumed(&pair.server_events), [false, true, true, true, false]);
    pair.exchange();
}

fn certified(chain: &[&Holder], seed: u8, trust: &Holder) -> Arc<Credentials> {
    Arc::new(Credentials::Certificate {
        chain: chain.iter().map(|holder| holder.der.clone()).collect(),
        key: Secret::new(vec![seed; 32]),
        trust: vec![trust.der.clone()],
        peer: None,
    })
}

/// A pair with certificates of one authority that end with 2029, and what to connect with.
fn with_certificates() -> (Pair, Connect) {
    let root = root("Root", 1);
    let server = root.server("server", 3, vec![dns("lwm2m.example")]);
    let client = root.sign("node1", 4, |_| ());
    let own = certified(&[&server], 3, &root);
    let mut pair = Pair::new(1);
    pair.store = trusting(own);
    let mut connect = Connect::new(certified(&[&client], 4, &root));
    connect.host = Some("lwm2m.example".into());
    (pair, connect)
}

fn trusting(own: Arc<Credentials>) -> Store {
    Box::new(move |hint| match hint {
        Hint::Own { certificate: true, .. } | Hint::Certificate(_) => Ok(Some(entry(own.clone()))),
        _ => Ok(None),
    })
}

#[test]
fn certificates_that_still_hold_are_not_shown_again() {
    let (mut pair, connect) = with_certificates();
    connect_twice(&mut pair, connect, |_, _| ());
    assert_eq!(resumed(&pair.server_events), [false, true]);
}

#[test]
fn a_certificate_that_expired_since_resumes_nothing() {
    let (mut pair, connect) = with_certificates();
    connect_twice(&mut pair, connect, |pair, _| pair.wall = Some(UnixTime::from_secs(1_893_456_001)));
    assert_eq!(resumed(&pair.server_events), [false]);
    assert_eq!(alert(&pair.client_events), Some("certificate_expired"));
}

#[test]
fn dates_that_were_not_checked_are_checked_when_the_time_is_known() {
    let (mut pair, connect) = with_certificates();
    pair.wall = None;
    connect_twice(&mut pair, connect, |pair, _| pair.wall = Some(UnixTime::from_secs(1_800_000_000)));
    assert_eq!(resumed(&pair.server_events), [false, false]);
    assert!(pair.established().unwrap().1.dates_checked);
}

#[test]
fn an_authority_that_is_trusted_no_more_ends_what_it_vouched_for() {
    let (mut pair, connect) = with_certificates();
    connect_twice(&mut pair, connect, |pair, _| {
        let known = root("Root", 1);
        let server = known.server("server", 3, vec![dns("lwm2m.example")]);
        pair.store = trusting(certified(&[&server], 3, &root("Another", 8)));
    });
    assert_eq!(resumed(&pair.server_events), [false]);
    assert_eq!(alert(&pair.client_events), Some("unknown_ca"));
}
