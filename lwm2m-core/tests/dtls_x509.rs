//! Handshakes with certificates on both sides. [RFC 5246 §7.4.2, Transport 1.2 §5.2.9]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic like tests")]

mod authority;
mod dtls_pair;

use std::sync::Arc;

use lwm2m_core::{
    Bytes, Credentials, Hint, Identity, Secret,
    dtls::{Closed, Config, Connect, suite::Suite},
};

use self::{
    authority::{Holder, dns, root},
    dtls_pair::*,
};

fn credentials(chain: &[&Holder], seed: u8, trust: &Holder) -> Arc<Credentials> {
    Arc::new(Credentials::Certificate {
        chain: chain.iter().map(|holder| holder.der.clone()).collect(),
        key: Secret::new(vec![seed; 32]),
        trust: vec![trust.der.clone()],
        peer: None,
    })
}

struct Parties {
    client: Arc<Credentials>,
    server: Arc<Credentials>,
    leaf: Bytes,
}

fn parties() -> Parties {
    let root = root("Root", 1);
    let between = root.authority("Between", 2);
    let server = between.server("server", 3, vec![dns("lwm2m.example")]);
    let client = between.sign("node1", 4, |_| ());
    Parties {
        server: credentials(&[&server, &between], 3, &root),
        leaf: client.der.clone(),
        client: credentials(&[&client, &between], 4, &root),
    }
}

fn store(own: Arc<Credentials>) -> Store {
    Box::new(move |hint| match hint {
        Hint::Own { certificate: true, name, .. } => {
            assert_eq!(name.as_deref(), Some("lwm2m.example"));
            Ok(Some(entry(own.clone())))
        }
        Hint::Certificate(_) => Ok(Some(entry(own.clone()))),
        _ => Ok(None),
    })
}

fn connect(credentials: Arc<Credentials>, host: &str) -> Connect {
    let mut connect = Connect::new(credentials);
    connect.host = Some(host.into());
    connect
}

fn alert(events: &[lwm2m_core::dtls::Event]) -> Option<&'static str> {
    closed(events).first().and_then(Closed::alert).and_then(|alert| alert.name())
}

#[test]
fn chains_prove_both_sides_on_good_and_bad_networks() {
    let Parties { client, server, leaf } = parties();
    for suite in [Suite::EcdsaCcm8, Suite::EcdsaGcm, Suite::EcdsaCbc] {
        for seed in 0..8 {
            let config = |mut config: Config| {
                config.datagram = 256;
                config.retransmission.times = 14;
                config.limits.handshake_lifetime = std::time::Duration::from_secs(590);
                config.handshake_timeout = std::time::Duration::from_secs(590);
                with_suites(config, &[suite])
            };
            let mut pair = Pair::with(seed, config(Config::default()), config(Config::server(3)));
            if seed > 0 {
                pair.net = Net { loss: 20, ..Net::BAD };
            }
            pair.store = store(server.clone());
            pair.connect_with(connect(client.clone(), "lwm2m.example"));
            pair.run();
            let (_, peer) = pair.established().unwrap_or_else(|| panic!("{suite:?} {seed}"));
            let Identity::Certificate { names, der } = &peer.identity else { panic!("{}", peer.identity) };
            assert_eq!((names.first().map(String::as_str), der), (Some("node1"), &leaf));
            assert!(peer.dates_checked);
            pair.net = Net::PERFECT;
            pair.exchange();
        }
    }
}

#[test]
fn without_a_clock_dates_are_not_checked_and_that_is_told() {
    let Parties { client, server, .. } = parties();
    let mut pair = Pair::new(1);
    pair.wall = None;
    pair.store = store(server);
    pair.connect_with(connect(client, "lwm2m.example"));
    pair.run_for(5000);
    assert!(!pair.established().unwrap().1.dates_checked);
    assert!(!pair.client_established().unwrap().1.dates_checked);
}

#[test]
fn a_certificate_of_another_host_or_authority_or_time_is_refused() {
    let Parties { client, server, .. } = parties();
    let mut pair = Pair::new(1);
    let own = server.clone();
    pair.store = Box::new(move |_| Ok(Some(entry(own.clone()))));
    pair.connect_with(connect(client.clone(), "other.example"));
    pair.run();
    assert_eq!(alert(&pair.client_events), Some("certificate_unknown"));
    assert!(pair.established().is_none());

    let mut pair = Pair::new(1);
    pair.wall = Some(lwm2m_core::UnixTime::from_secs(4_000_000_000));
    pair.store = store(server.clone());
    pair.connect_with(connect(client, "lwm2m.example"));
    pair.run();
    assert_eq!(alert(&pair.client_events), Some("certificate_expired"));

    // A client of another authority, which trusts the right one.
    let stranger = root("Stranger", 9);
    let leaf = stranger.sign("node1", 4, |_| ());
    let chain = vec![leaf.der];
    let Credentials::Certificate { trust, .. } = &*server else { panic!() };
    let stranger =
        Credentials::Certificate { chain, key: Secret::new(vec![4; 32]), trust: trust.clone(), peer: None };
    let mut pair = Pair::new(1);
    pair.store = store(server);
    pair.connect_with(connect(Arc::new(stranger), "lwm2m.example"));
    pair.run();
    assert_eq!(alert(&pair.client_events), Some("unknown_ca"));
    assert!(pair.established().is_none());
}

#[test]
fn who_shows_a_certificate_without_its_key_is_refused() {
    let Parties { client, server, .. } = parties();
    let with_key = |credentials: &Credentials, seed: u8| match credentials {
        Credentials::Certificate { chain, trust, .. } => Arc::new(Credentials::Certificate {
            chain: chain.clone(),
            key: Secret::new(vec![seed; 32]),
            trust: trust.clone(),
            peer: None,
        }),
        _ => panic!(),
    };
    let mut pair = Pair::new(1);
    pair.store = store(server.clone());
    pair.connect_with(connect(with_key(&client, 77), "lwm2m.example"));
    pair.run();
    assert_eq!(alert(&pair.client_events), Some("decrypt_error"));
    assert!(pair.established().is_none() && pair.client_established().is_none());
    let mut pair = Pair::new(1);
    pair.store = store(with_key(&server, 77));
    pair.connect_with(connect(client, "lwm2m.example"));
    pair.run();
    assert_eq!(alert(&pair.client_events), Some("decrypt_error"));
    assert!(pair.established().is_none() && pair.client_established().is_none());
}
