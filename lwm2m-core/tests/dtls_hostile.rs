//! What somebody on the path does to a handshake or a session: it ends in an alert, in silence or in the session that
//! was meant, never in another; and a session that is there survives everything.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use std::sync::Arc;

use lwm2m_core::{
    Credentials,
    dtls::{Config, Event, suite::Suite},
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use self::dtls_pair::*;

/// The records of a datagram. Connection IDs of the server have six octets.
fn records(datagram: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    let mut rest = datagram;
    while rest.len() >= 13 {
        let header = if rest[0] == 25 { 19 } else { 13 };
        let length = usize::from(u16::from_be_bytes([rest[header - 2], rest[header - 1]]));
        let (record, next) = rest.split_at(header + length);
        records.push(record.to_vec());
        rest = next;
    }
    records
}

#[derive(Clone, Copy, Debug)]
enum Attack {
    Drop,
    Twice,
    Truncate(u32),
    Flip,
    /// Comes after the next record.
    Swap,
    /// Comes once more, before everything that follows, and again at the end of its flight.
    Again,
    /// The whole record becomes noise.
    Noise,
}

/// Does `attack` to the `at`th record, every record being a datagram of its own. Only the first pass: repetitions by the
/// ends go through.
fn on_record(at: usize, attack: Attack, seed: u64) -> Tamper {
    let mut seen = 0;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut held: Option<(To, Vec<u8>)> = None;
    let tamper = move |to: To, datagram: &[u8]| {
        let mut out = Vec::new();
        for mut record in records(datagram) {
            let index = seen;
            seen += 1;
            if index != at {
                out.push(record);
                out.extend(held.take_if(|(way, _)| *way == to).map(|(_, record)| record));
                continue;
            }
            match attack {
                Attack::Drop => (),
                Attack::Twice => out.extend([record.clone(), record]),
                Attack::Truncate(octets) => {
                    record.truncate(record.len().saturating_sub(octets as usize));
                    out.push(record);
                }
                Attack::Flip => {
                    let bit = rng.next_u32() as usize % (record.len() * 8);
                    record[bit / 8] ^= 1 << (bit % 8);
                    out.push(record);
                }
                Attack::Swap => held = Some((to, record)),
                Attack::Again => {
                    out.push(record.clone());
                    held = Some((to, record));
                }
                Attack::Noise => {
                    rng.fill_bytes(&mut record[13..]);
                    out.push(record);
                }
            }
        }
        out
    };
    Box::new(tamper)
}

fn attacks(suite: Suite) -> Vec<Attack> {
    let mut attacks = vec![Attack::Drop, Attack::Twice, Attack::Swap, Attack::Again, Attack::Noise];
    attacks.extend([1, 2, 5, 12, 14, 30].map(Attack::Truncate));
    // Signatures take their time.
    let flips = if suite.exchange().is_signed() { 8 } else { 40 };
    attacks.extend(vec![Attack::Flip; flips]);
    attacks
}

fn keys(suite: Suite) -> (Arc<Credentials>, Store) {
    if suite.exchange().has_psk() { (psk(), psk_store()) } else { (raw(CLIENT_RAW, SERVER_RAW), raw_store()) }
}

/// Whoever thinks that there is a session has one with the other, or finds out that there is none.
fn check(pair: &mut Pair, what: &str) {
    if let Some((_, peer)) = pair.established() {
        assert!(peer.identity.is_secure(), "{what}");
    }
    if pair.client_established().is_some() {
        assert!(pair.established().is_some(), "{what}: the server must have been first");
        assert_eq!((pair.client.usage().sessions, pair.server.usage().sessions), (1, 1), "{what}");
        pair.tamper = None;
        pair.exchange();
    } else {
        assert_eq!(closed(&pair.client_events).len(), 1, "{what}: the attempt has ended");
    }
    let (client, server) = (pair.client.usage(), pair.server.usage());
    assert_eq!((client.handshakes, server.handshakes), (0, 0), "{what}: nothing is left behind");
}

#[test]
fn one_changed_record_never_leads_to_a_wrong_session() {
    for suite in [Suite::PskCcm8, Suite::EcdhePskCbc, Suite::EcdsaGcm] {
        let total = records_without_attack(suite);
        let mut established = 0;
        for at in 0..total {
            for (seed, attack) in (0..).zip(attacks(suite)) {
                let config = |config| with_suites(config, &[suite]);
                let mut pair = Pair::with(seed, config(Config::default()), config(Config::server(3)));
                let (credentials, store) = keys(suite);
                pair.store = store;
                pair.tamper = Some(on_record(at, attack, seed));
                pair.connect(credentials);
                pair.run();
                established += usize::from(pair.client_established().is_some());
                check(&mut pair, &format!("{suite:?} record {at} {attack:?}"));
            }
        }
        let all = total * attacks(suite).len();
        assert!(established * 2 > all, "{established} of {all} recovered");
    }
}

fn records_without_attack(suite: Suite) -> usize {
    let config = |config| with_suites(config, &[suite]);
    let mut pair = Pair::with(1, config(Config::default()), config(Config::server(3)));
    let (credentials, store) = keys(suite);
    pair.store = store;
    pair.connect(credentials);
    pair.run();
    pair.log.iter().map(|(_, datagram)| records(datagram).len()).sum()
}

#[test]
fn loss_repetition_and_order_alone_never_prevent_a_session() {
    for suite in Suite::ALL {
        for at in 0..records_without_attack(suite) {
            for attack in [Attack::Drop, Attack::Twice, Attack::Swap, Attack::Again] {
                let config = |config| with_suites(config, &[suite]);
                let mut pair = Pair::with(7, config(Config::default()), config(Config::server(3)));
                let (credentials, store) = keys(suite);
                pair.store = store;
                pair.tamper = Some(on_record(at, attack, 7));
                pair.connect(credentials);
                pair.run();
                assert!(pair.client_established().is_some(), "{suite:?} record {at} {attack:?}");
                check(&mut pair, &format!("{suite:?} record {at} {attack:?}"));
            }
        }
    }
}

#[test]
fn everything_that_was_recorded_can_be_played_back_without_effect() {
    for cids in [false, true] {
        let config = |config| if cids { config } else { without_cids(config) };
        let mut pair = Pair::with(1, config(Config::default()), config(Config::server(3)));
        pair.connect(psk());
        pair.run_for(2000);
        pair.exchange();
        let log = pair.log.clone();
        let (client, server) = (pair.client_established(), pair.established());
        assert!(client.is_none() && server.is_none(), "the exchange forgets events");
        for port in [pair.port, 666] {
            for (to, datagram) in &log {
                pair.arrive(*to, port, datagram);
            }
        }
        pair.run();
        let news =
            |events: &[Event]| events.iter().filter(|event| !matches!(event, Event::Received { .. })).count();
        assert_eq!((news(&pair.client_events), news(&pair.server_events)), (0, 0));
        assert_eq!(pair.server.usage().handshakes, 0, "and a half-open handshake times out");
        still_there(&mut pair, &log);
    }
}

/// The session of before carries data.
fn still_there(pair: &mut Pair, log: &[(To, Vec<u8>)]) {
    assert_eq!((pair.client.usage().sessions, pair.server.usage().sessions), (1, 1), "{}", log.len());
    let received =
        |events: &[Event]| events.iter().filter(|event| matches!(event, Event::Received { .. })).count();
    let before = (received(&pair.client_events), received(&pair.server_events));
    assert_eq!(before, (1, 1), "nothing was received twice");
}

#[test]
fn a_session_survives_forged_messages_of_every_kind() {
    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(2000);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for round in 0..20_000_u32 {
        let epoch = (round / 7 % 3) as u8;
        let length = rng.next_u32() % 80;
        let kind = 20 + (round % 7) as u8;
        let mut datagram = vec![kind, 0xFE, 0xFD, 0, epoch, 0, 0, 0, 0, 0, (round % 200) as u8];
        datagram.extend((length as u16).to_be_bytes());
        let mut content = vec![0; length as usize];
        rng.fill_bytes(&mut content);
        if kind == 21 && length > 2 {
            content = vec![2, 40];
            datagram[11..13].copy_from_slice(&[0, 2]);
        }
        if kind == 22 && length > 12 {
            let body = content.len() - 12;
            content[0] = [0, 1, 2, 3, 11, 12, 13, 14, 15, 16, 20][round as usize % 11];
            content[1..4].copy_from_slice(&[0, 0, body as u8]);
            content[4..6].copy_from_slice(&[0, (round % 5) as u8]);
            content[6..12].copy_from_slice(&[0, 0, 0, 0, 0, body as u8]);
        }
        datagram.extend(content);
        let to = if round % 2 == 0 { To::Client } else { To::Server };
        let port = pair.port;
        pair.arrive(to, port, &datagram);
    }
    assert_eq!(closed(&pair.client_events), []);
    assert_eq!(closed(&pair.server_events), []);
    pair.exchange();
}

/// A client that restarted has forgotten its session; whoever merely claims to be there has not its key.
#[test]
fn a_new_hello_from_the_same_place_leaves_the_session_until_its_sender_is_proved() {
    let config = without_cids(Config::server(3));
    let mut pair = Pair::with(1, without_cids(Config::default()), config);
    pair.connect(psk());
    pair.run_for(2000);
    let (first, _) = pair.established().unwrap();
    // Somebody with the same address and the wrong key.
    let mut other = Pair::with(2, Config::default(), Config::default());
    std::mem::swap(&mut pair.client, &mut other.client);
    let wrong = Credentials::Psk { identity: IDENTITY.into(), key: lwm2m_core::Secret::new(vec![1; 16]) };
    pair.client_events.clear();
    pair.connect(Arc::new(wrong));
    pair.run();
    assert!(pair.client_established().is_none());
    assert_eq!(pair.server.usage().sessions, 1);
    std::mem::swap(&mut pair.client, &mut other.client);
    let data = b"still here";
    let client = pair.client_events.len();
    assert!(client > 0);
    let now = pair.now();
    pair.server.send(now, first, data).unwrap();
    pair.run_for(1000);
    assert!(matches!(pair.client_events.last(), Some(Event::Received { data: got, .. }) if got == &data[..]));
    // The client restarts, and has the right one.
    pair.client = lwm2m_core::dtls::Endpoint::new(Arc::new(without_cids(Config::default())), [77; 32]);
    pair.client_events.clear();
    pair.connect(psk());
    pair.run_for(2000);
    let replaced = pair.server_events.iter().find_map(|event| match event {
        Event::Established { replaces: Some(before), .. } => Some(*before),
        _ => None,
    });
    assert_eq!(replaced, Some(first));
    assert_eq!(pair.server.usage().sessions, 1);
    pair.exchange();
}

#[test]
fn a_renegotiation_is_refused_and_the_session_goes_on() {
    let mut pair = Pair::with(1, without_cids(Config::default()), without_cids(Config::server(3)));
    pair.connect(psk());
    pair.run_for(2000);
    // The engine never asks for one: a ClientHello is sent as data, and its record's type is part of what is
    // authenticated, so nobody can make one of it on the way.
    let hello = pair.log.iter().find(|(to, _)| *to == To::Server).unwrap().1.clone();
    let port = pair.port;
    let mut protected = hello;
    protected[4] = 1;
    protected[10] = 99;
    pair.arrive(To::Server, port, &protected);
    assert_eq!(pair.server.counters().forged, 1);
    assert_eq!(pair.server.counters().renegotiations, 0);
    pair.exchange();
}

/// Each has shown that it receives where it says it is, and says no more.
fn begin(pair: &mut Pair, seed: u8, port: u16) {
    let mut client = lwm2m_core::dtls::Endpoint::new(Arc::new(Config::default()), [seed; 32]);
    std::mem::swap(&mut pair.client, &mut client);
    pair.port = port;
    let mut hellos = 0;
    pair.tamper = Some(Box::new(move |to, datagram| {
        hellos += usize::from(to == To::Server);
        if to == To::Server && hellos > 2 { Vec::new() } else { vec![datagram.to_vec()] }
    }));
    pair.connect(psk());
    pair.run_for(100);
    pair.tamper = None;
    std::mem::swap(&mut pair.client, &mut client);
}

#[test]
fn handshakes_that_are_only_begun_are_bounded_and_stand_in_nobodys_way() {
    let mut config = Config::server(0);
    config.limits.handshakes = 8;
    config.limits.handshakes_per_source = 4;
    let mut pair = Pair::with(1, Config::default(), config);
    pair.connect(psk());
    pair.run_for(2000);
    for n in 0..20 {
        begin(&mut pair, 100 + n, 1000 + u16::from(n));
        assert!(pair.server.usage().handshakes <= 4, "all are from one address");
    }
    assert_eq!(pair.server.counters().handshakes_displaced, 16);
    pair.port = 40000;
    pair.exchange();
    // Another device gets in while they are open.
    pair.client = lwm2m_core::dtls::Endpoint::new(Arc::new(Config::default()), [44; 32]);
    pair.port = 40001;
    pair.client_events.clear();
    pair.connect(psk());
    pair.run_for(2000);
    pair.exchange();
    pair.run();
    assert_eq!(pair.server.usage().handshakes, 0, "they end by themselves");
    assert_eq!(pair.server.usage().sessions, 2);
}

/// Who carries the engine lets hello messages wait that cost more than a hash.
#[test]
fn a_valid_cookie_is_seen_wherever_in_its_datagram_the_hello_is() {
    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(2000);
    let hellos: Vec<_> =
        pair.log.iter().filter(|(to, datagram)| *to == To::Server && datagram.get(13) == Some(&1)).collect();
    let [(_, first), (_, second)] = hellos[..] else { panic!("{}", hellos.len()) };
    let (now, from) = (pair.now(), address(pair.port));
    let warning = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0];
    let with_id = [25, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 9, 3, 1, 2, 3, 4, 5, 0, 1, 7];
    assert!(pair.server.shows_cookie(now, &from, second));
    assert!(pair.server.shows_cookie(now, &from, &[&warning[..], &with_id, second].concat()));
    assert!(!pair.server.shows_cookie(now, &from, first), "it has none yet");
    assert!(!pair.server.shows_cookie(now, &address(1), second), "of another");
    for length in 0..second.len() {
        assert!(!pair.server.shows_cookie(now, &from, &second[..length]));
    }
}
