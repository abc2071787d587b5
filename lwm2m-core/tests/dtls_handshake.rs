//! Handshakes of all suites, on good and bad networks. [RFC 6347 §4.2, Transport 1.2 §5.2]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod dtls_pair;

use std::sync::Arc;

use lwm2m_core::{
    Credentials, Endpoints, Identity,
    dtls::{Config, Connect, Event, suite::Suite},
};

use self::dtls_pair::*;

fn store_for(suite: Suite) -> (Arc<Credentials>, Store) {
    if suite.exchange().has_psk() { (psk(), psk_store()) } else { (raw(CLIENT_RAW, SERVER_RAW), raw_store()) }
}

#[test]
fn every_suite_establishes_and_carries_data_both_ways() {
    for suite in Suite::ALL {
        for cids in [false, true] {
            let config = |config| {
                let config = with_suites(config, &[suite]);
                if cids { config } else { without_cids(config) }
            };
            let mut pair = Pair::with(1, config(Config::default()), config(Config::server(3)));
            let (credentials, store) = store_for(suite);
            pair.store = store;
            pair.connect(credentials);
            pair.run_for(5000);
            let (_, peer) =
                pair.established().unwrap_or_else(|| panic!("{suite:?}: {:?}", pair.client_events));
            match &peer.identity {
                Identity::Psk(identity) => assert_eq!(identity, IDENTITY),
                Identity::RawPublicKey(key) => assert_eq!(*key, spki(CLIENT_RAW)),
                other => panic!("{other}"),
            }
            assert_eq!(peer.endpoints, Endpoints::Only(vec!["node1".into()]));
            pair.exchange();
            let data = pair.log.iter().rev().find(|(to, _)| *to == To::Server).unwrap();
            assert_eq!(data.1[0], if cids { 25 } else { 23 });
        }
    }
}

#[test]
fn handshakes_succeed_on_a_network_that_loses_repeats_reorders_and_cuts() {
    for suite in Suite::ALL {
        for seed in 0..20 {
            let config = |mut config: Config| {
                config.datagram = 256;
                config.retransmission.times = 12;
                config.limits.handshake_lifetime = std::time::Duration::from_secs(590);
                config.handshake_timeout = std::time::Duration::from_secs(590);
                with_suites(config, &[suite])
            };
            let mut pair = Pair::with(seed, config(Config::default()), config(Config::server(3)));
            pair.net = Net::BAD;
            let (credentials, store) = store_for(suite);
            pair.store = store;
            pair.connect(credentials);
            pair.run();
            assert!(
                pair.client_established().is_some() && pair.established().is_some(),
                "{suite:?} {seed}: {:?} {:?} {:?}",
                pair.client_events,
                pair.server_events,
                pair.server.counters()
            );
            let (client, server) = (pair.client.counters().established, pair.server.counters().established);
            assert_eq!((client, server), (1, 1), "{suite:?} {seed}");
            pair.net = Net::PERFECT;
            pair.exchange();
        }
    }
}

#[test]
fn a_client_with_another_key_is_told_so_and_not_established() {
    for suite in [Suite::PskCcm8, Suite::EcdhePskCbc] {
        let config = |config| with_suites(config, &[suite]);
        let mut pair = Pair::with(1, config(Config::default()), config(Config::server(3)));
        let wrong = Credentials::Psk {
            identity: IDENTITY.into(),
            key: lwm2m_core::Secret::new(b"another key".to_vec()),
        };
        pair.connect(Arc::new(wrong));
        pair.run();
        assert!(pair.established().is_none() && pair.client_established().is_none());
        assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("bad_record_mac"));
        assert_eq!((pair.server.usage().handshakes, pair.client.usage().handshakes), (0, 0));
    }
}

#[test]
fn an_unknown_identity_is_told_so() {
    let mut pair = Pair::new(1);
    pair.store = Box::new(|_| Ok(None));
    pair.connect(psk());
    pair.run();
    assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("unknown_psk_identity"));
    assert_eq!(pair.server.usage().handshakes, 0);
}

#[test]
fn while_the_store_is_down_the_client_hears_nothing_and_gets_in_when_it_is_back() {
    let mut pair = Pair::new(1);
    let mut calls = 0;
    pair.store = Box::new(move |hint| {
        calls += 1;
        if calls < 3 { Err(lwm2m_core::StoreError::new("down")) } else { psk_store()(hint) }
    });
    pair.connect(psk());
    pair.run_for(30_000);
    assert_eq!(closed(&pair.client_events), []);
    pair.exchange();
}

#[test]
fn a_raw_public_key_that_is_not_expected_is_refused_on_either_side() {
    let mut pair = Pair::new(1);
    pair.store = raw_store();
    pair.connect(raw(CLIENT_RAW, 33));
    pair.run();
    assert!(pair.established().is_none());
    assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("certificate_unknown"));
    let mut pair = Pair::new(1);
    pair.store = raw_store();
    pair.connect(raw(33, SERVER_RAW));
    pair.run();
    assert!(pair.client_established().is_none());
    assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("certificate_unknown"));
}

#[test]
fn a_server_without_keys_of_its_own_takes_the_pre_shared_key() {
    let mut connect = Connect::new(psk());
    connect.suites = Suite::ALL.to_vec();
    let mut pair =
        Pair::with(1, Config::default(), with_suites(Config::server(0), &[Suite::EcdsaCcm8, Suite::PskGcm]));
    pair.connect_with(connect);
    pair.run_for(1000);
    pair.exchange();
}

#[test]
fn nobody_is_served_where_no_suite_is_common() {
    let mut pair = Pair::with(1, Config::default(), with_suites(Config::server(0), &[Suite::PskCbc]));
    pair.connect(psk());
    pair.run();
    assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("handshake_failure"));
}

#[test]
fn a_session_ends_on_both_sides_and_says_so() {
    let mut pair = Pair::new(1);
    pair.connect(psk());
    pair.run_for(1000);
    pair.exchange();
    let (client, server) = {
        let find = |events: &[Event]| {
            events.iter().find_map(|event| match event {
                Event::Received { session, .. } => Some(*session),
                _ => None,
            })
        };
        (find(&pair.client_events).unwrap(), pair.server.usage())
    };
    assert_eq!(server.sessions, 1);
    pair.client.close(client);
    pair.run_for(1000);
    assert_eq!(closed(&pair.server_events), [lwm2m_core::dtls::Closed::ByPeer]);
    assert_eq!((pair.client.usage().sessions, pair.server.usage().sessions), (0, 0));
}

#[test]
fn an_empty_key_opens_nothing() {
    let empty = || {
        let key = lwm2m_core::Secret::new(Vec::new());
        Arc::new(Credentials::Psk { identity: IDENTITY.into(), key })
    };
    let mut pair = Pair::new(1);
    pair.store = Box::new(move |_| Ok(Some(entry(empty()))));
    pair.connect(psk());
    pair.run();
    assert_eq!(closed(&pair.client_events)[0].alert().unwrap().name(), Some("unknown_psk_identity"));
    let (now, key) = (pair.now(), lwm2m_core::Secret::new(Vec::new()));
    let connect = Connect::new(Arc::new(Credentials::Psk { identity: IDENTITY.into(), key }));
    assert!(pair.client.connect(now, route(0), connect).is_err());
}

/// An answer of the store takes its time; what the client says meanwhile is not lost.
#[test]
fn a_slow_store_delays_a_handshake_and_costs_no_repetition() {
    for suite in Suite::ALL {
        let config = |config| with_suites(config, &[suite]);
        let mut pair = Pair::with(1, config(Config::default()), config(Config::server(0)));
        let (credentials, mut store) = store_for(suite);
        let calls = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        pair.slow = Some(calls.clone());
        pair.connect(credentials);
        for _ in 0..3 {
            pair.run_for(300);
            for (id, hint) in calls.take() {
                let (now, answer) = (pair.now(), store(&hint));
                pair.server.handle_result(now, id, &answer);
            }
        }
        pair.run_for(300);
        assert!(pair.client_established().is_some(), "{suite:?}");
        assert_eq!(pair.server.counters().retransmissions, 0, "{suite:?}");
        pair.exchange();
    }
}
