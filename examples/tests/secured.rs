//! SEC-001, SEC-002, AT-001, DI-001, CF-001, HLF-001, HLF-016: who a device proves to be decides what it may be
//! called; sessions outlive addresses, loss and replayed datagrams, and end with their keys.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{
    Counter, Scene, account, is_secure, key_of, millis, seconds,
    secure::{over_dtls, set_clock},
    with_dtls,
};
use lwm2m_client::{
    Client, ClientBuilder, ClientEvent, Events, ServerAccount, Unreachable,
    objects::{Server as ServerObject, Temperature},
    transport::{Target, TransportError},
};
use lwm2m_core::{
    Association, Bytes, Credentials, Identity, Matching, Secret, Usage,
    security::{Credential, CredentialId, MemoryKeys},
    sim::{Host, Net},
    transport::Dtls,
};
use lwm2m_examples::keys::{Holder, authority, certificate};
use lwm2m_server::{Code, Server, ServerEvent};

const URI: &str = "coaps://server:5684";

/// A server with keys of the test's own.
async fn server(host: &Host, keys: &MemoryKeys) -> Server {
    let server = Server::builder().shards(1).listen(over_dtls(host, 1)).credentials(keys.clone());
    server.start_in(host).await.unwrap()
}

fn device(host: &Host, endpoint: &str, account: ServerAccount) -> ClientBuilder {
    let over = Dtls::client(host.udp(0)).seeded(host.net().seed());
    Client::builder(endpoint).transport(over).server(account.lifetime(seconds(300))).seed(host.net().seed())
}

/// The alert that the client stumbles on next.
async fn alert(events: &mut Events) -> Option<u8> {
    loop {
        let event = events.next().await.unwrap();
        if let ClientEvent::Unreachable { error: Unreachable::Transport(error), .. } = event {
            let TransportError::Security { alert, .. } = error else { panic!("{error}") };
            return alert;
        }
    }
}

#[test]
fn a_device_may_not_take_the_name_of_another() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let owner = scene.client(&net.host("owner"), "owner", account());
        let _owner = scene.start(&net.host("owner"), owner).await;
        let (identity, key) = (Bytes::from_static(b"thief"), Secret::new(key_of(b"thief")));
        let account = ServerAccount::new(1, Target::new(URI).credentials(Credentials::Psk { identity, key }));
        let builder = device(&scene.here, "owner", account);
        let mut events = builder.events();
        let _thief = builder.start_in(&scene.here).await.unwrap();
        let ClientEvent::Refused { rejection, .. } = events.next().await.unwrap() else { panic!() };
        assert_eq!(rejection.code, Code::BAD_REQUEST);
        let registered = scene.server.registrations(None, 10).await.unwrap();
        let [registration] = &registered[..] else { panic!("{registered:?}") };
        assert_eq!(registration.identity, Identity::Psk(Bytes::from_static(b"owner")));
    });
}

#[test]
fn a_device_with_a_wrong_key_is_heard_by_nobody_and_its_server_object_tells_why() {
    let net = Net::seeded(3);
    let (there, here) = (net.host("server"), net.host("device"));
    net.clone().run(async move {
        let keys = MemoryKeys::default().psk("device", b"the right key...", "device");
        let server = server(&there, &keys).await;
        let builder = device(&here, "device", ServerAccount::psk(1, URI, "nobody", *b"the right key..."));
        let mut events = builder.events();
        let client = builder.start_in(&here).await.unwrap();
        assert_eq!(alert(&mut events).await, Some(115));
        net.sleep(seconds(1)).await;
        let told = client.objects().instance::<ServerObject>(0).unwrap().get().tls_dtls_alert_code;
        assert_eq!(told, Some(115));
        let wrong = device(&here, "device", ServerAccount::psk(1, URI, "device", *b"the wrong key..."));
        let mut events = wrong.events();
        let _wrong = wrong.start_in(&here).await.unwrap();
        net.timeout(seconds(300), alert(&mut events)).await.expect("an end");
        assert!(server.registrations(None, 10).await.unwrap().is_empty());
    });
}

#[test]
fn a_removed_key_ends_its_session_and_keeps_the_device_out() {
    let net = Net::seeded(4);
    let (there, here) = (net.host("server"), net.host("device"));
    net.clone().run(async move {
        let keys = MemoryKeys::default().psk("a", b"key of a", "device").psk("b", b"key of b", "device");
        let server = server(&there, &keys).await;
        let mut news = server.events();
        let builder = device(&here, "device", ServerAccount::psk(1, URI, "a", *b"key of a"));
        let mut events = builder.events();
        let _client = builder.start_in(&here).await.unwrap();
        assert!(matches!(news.next().await, Some(ServerEvent::Registered { .. })));
        assert!(keys.remove(&CredentialId::Psk(Bytes::from_static(b"a"))));
        let Some(ServerEvent::SessionEnded { registration, error }) = news.next().await else { panic!() };
        assert_eq!(
            (&*registration.endpoint, error.to_string()),
            ("device", "its keys were withdrawn".to_owned())
        );
        assert_eq!(alert(&mut events).await, Some(49), "access_denied");
        assert_eq!(alert(&mut events).await, Some(115), "it comes back and is not known");
        // The new key of the same device holds beside the old one.
        let renewed = device(&here, "device", ServerAccount::psk(1, URI, "b", *b"key of b"));
        let _renewed = renewed.start_in(&here).await.unwrap();
        let registered = net.timeout(seconds(10), news.next()).await.unwrap();
        assert!(
            matches!(registered, Some(ServerEvent::Registered { replaced: Some(_), .. })),
            "{registered:?}"
        );
    });
}

/// With a connection ID nobody has to tell of a new address: the first record does.
#[test]
fn observations_go_on_from_a_new_address_without_an_update() {
    with_dtls(7..8, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", account().lifetime(seconds(86_400)).confirmable());
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let device = scene.server.client("device");
        let mut observed = device.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        observed.next().await.unwrap().unwrap();
        let before = device.registration().await.unwrap().unwrap();
        for round in 1..=5 {
            scene.wire.rebind_nat(&scene.here);
            sensor.set(Temperature::SENSOR_VALUE, f64::from(round));
            let told = net.timeout(seconds(5), observed.next()).await.expect("it is told");
            assert_eq!(told.unwrap().unwrap().value.to_bits(), f64::from(round).to_bits());
            let value: f64 = device.read("/3303/0/5700").await.unwrap();
            assert_eq!(value.to_bits(), f64::from(round).to_bits(), "and is reached at once");
        }
        let after = device.registration().await.unwrap().unwrap();
        assert_eq!((before.id, before.updated), (after.id, after.updated), "without an Update");
        assert_ne!(before.address, after.address);
    });
}

#[test]
fn a_device_registers_and_is_managed_over_a_path_that_loses_a_third() {
    for seed in 0..4 {
        let net = Net::seeded(seed);
        let (there, here) = (net.host("server"), net.host("device"));
        let wire = net.between(&there, &here);
        wire.loss(0.3).duplicate(0.2).reorder(0.2).mtu(256).delay(millis(10)..millis(200));
        net.clone().run(async move {
            let keys = MemoryKeys::default().psk("device", b"sixteen octets..", "device");
            let server = server(&there, &keys).await;
            let builder = device(&here, "device", ServerAccount::psk(1, URI, "device", *b"sixteen octets.."));
            let counter = builder.objects().add(0, Counter::default()).unwrap();
            let client = builder.start_in(&here).await.unwrap();
            net.timeout(seconds(3600), client.registered()).await.expect("in time").unwrap();
            let text = "x".repeat(2000);
            let mut failures = 0;
            while let Err(error) = server.client("device").write("/32800/0/3", text.clone()).await {
                assert!(error.is_temporary() && failures < 50, "{error}");
                failures += 1;
                net.sleep(seconds(10)).await;
            }
            assert_eq!(counter.get().text, Some(text));
        });
    }
}

/// Whoever records datagrams and sends them again causes nothing.
#[test]
fn replayed_datagrams_are_ignored() {
    let net = Net::seeded(6);
    let (there, here) = (net.host("server"), net.host("device"));
    let wire = net.between(&there, &here);
    net.clone().run(async move {
        let keys = MemoryKeys::default().psk("device", b"sixteen octets..", "device");
        let server = server(&there, &keys).await;
        let over = Dtls::client(here.udp(4000)).seeded(net.seed());
        let account = ServerAccount::psk(1, URI, "device", *b"sixteen octets..").lifetime(seconds(300));
        let builder = Client::builder("device").transport(over).server(account).seed(net.seed());
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        let client = builder.start_in(&here).await.unwrap();
        client.registered().await.unwrap();
        let since = wire.frames().len();
        let device = server.client("device");
        let count: lwm2m_server::Typed<lwm2m_server::Executable> = Counter::COUNT.at(0);
        device.execute(count).await.unwrap();
        assert_eq!(counter.get().executed, 1);
        let recorded: Vec<_> = wire.frames().split_off(since);
        assert!(recorded.len() >= 2);
        let before = server.stats().await.unwrap()[0].coap;
        // From the very places they came from, again and again.
        for _ in 0..10 {
            for seen in &recorded {
                let (from, to) = if seen.from == "server" {
                    (there.raw(5684), here.at(4000))
                } else {
                    (here.raw(4000), there.at(5684))
                };
                from.send(to, seen.frame.clone());
                drop(from);
                net.sleep(millis(10)).await;
            }
        }
        net.sleep(seconds(1)).await;
        assert_eq!(counter.get().executed, 1);
        let after = server.stats().await.unwrap()[0].coap;
        assert_eq!(before, after, "nothing of it reached CoAP");
        let value: i64 = device.read("/32800/0/2").await.unwrap();
        assert_eq!(value, 1, "and the session goes on");
    });
}

#[test]
fn changed_datagrams_are_ignored() {
    with_dtls(9..10, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        builder.objects().add(0, Counter::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let since = scene.wire.frames().len();
        let device = scene.server.client("device");
        device.write("/32800/0/0", 7_i64).await.unwrap();
        let recorded = scene.wire.frames().split_off(since);
        let forger = net.host("forger");
        for seen in recorded.iter().filter(|seen| seen.from == "device") {
            for position in 13..seen.frame.len() {
                let mut changed = seen.frame.to_vec();
                changed[position] ^= 1;
                // The number is new: only the authentication can tell.
                changed[9] = 1;
                forger.raw(0).send(scene.there.at(5684), changed);
            }
        }
        net.sleep(seconds(1)).await;
        assert!(is_secure());
        let value: i64 = device.read("/32800/0/0").await.unwrap();
        assert_eq!(value, 7, "the session goes on where it was");
    });
}

/// A server with a certificate, and what devices have of the same authority.
struct Certified {
    there: Host,
    here: Host,
    keys: MemoryKeys,
    authority: Bytes,
    server: Bytes,
    good: lwm2m_examples::keys::Certified,
    /// Withdrawn.
    lost: lwm2m_examples::keys::Certified,
}

impl Certified {
    fn new(net: &Net) -> Self {
        let (there, here) = (net.host("server"), net.host("device"));
        set_clock(net, &there);
        set_clock(net, &here);
        let ca = authority("Example CA", 30).unwrap();
        let own = certificate(&ca, "lwm2m", &Holder::Server(vec!["server".to_owned()]), 30).unwrap();
        let [good, lost] =
            ["device", "lost"].map(|name| certificate(&ca, name, &Holder::Device, 30).unwrap());
        let keys = MemoryKeys::default();
        keys.put(Credential::Authority(ca.der.clone())).unwrap();
        let (chain, key) = (vec![own.der.clone()], own.key.to_pkcs8());
        keys.put(Credential::OwnCertificate { chain, key, host: None }).unwrap();
        // A certificate that is named without an endpoint is withdrawn.
        let sha256 = lwm2m_core::dtls::certificate::fingerprint(&lost.der);
        keys.put(Credential::Certificate { sha256, endpoints: Vec::new() }).unwrap();
        Self { there, here, keys, authority: ca.der, server: own.der, good, lost }
    }

    /// An account with a certificate of a device, and one that is to stand above that of the server, or be it.
    fn account(
        of: &lwm2m_examples::keys::Certified,
        usage: Usage,
        above: &Bytes,
        uri: &str,
    ) -> ServerAccount {
        let peer = Association { usage: Some(usage), matching: Matching::Exact, data: above.clone() };
        let (chain, key) = (vec![of.der.clone()], of.key.to_pkcs8());
        let credentials = Credentials::Certificate { chain, key, trust: Vec::new(), peer: Some(peer) };
        ServerAccount::new(1, Target::new(uri).credentials(credentials))
    }
}

/// A device registers with its key, and is read.
#[test]
fn ets_401_udp_channel_security_with_a_pre_shared_key() {
    with_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let device = scene.device();
        let _client = scene.start_device(device).await;
        let registration = scene.server.client("device").registration().await.unwrap().unwrap();
        assert!(matches!(&registration.identity, Identity::Psk(name) if *name == b"device"[..]));
        assert_eq!(scene.server.client("device").read::<String>("/3/0/16").await.unwrap(), "U");
    });
}

/// Both ends have certificates; the server is told by the authority above it, or by its own certificate.
#[test]
fn ets_402_udp_channel_security_with_certificates() {
    let net = Net::seeded(8);
    let made = Certified::new(&net);
    net.clone().run(async move {
        let (here, server) = (&made.here, server(&made.there, &made.keys).await);
        for (usage, above) in [(Usage::TrustAnchor, &made.authority), (Usage::DomainIssued, &made.server)] {
            let account = Certified::account(&made.good, usage, above, URI);
            let client = device(here, "device", account).start_in(here).await.unwrap();
            net.timeout(seconds(10), client.registered()).await.expect("in time").unwrap();
            let registration = server.client("device").registration().await.unwrap().unwrap();
            let Identity::Certificate { names, .. } = &registration.identity else { panic!() };
            assert_eq!(names, &["device"]);
            assert_eq!(server.client("device").read::<String>("/3/0/16").await.unwrap(), "U");
            client.shutdown().await.unwrap();
        }
    });
}

/// The server has another name than its address in the account.
#[test]
fn ets_403_udp_channel_security_with_the_certificate_of_another_host() {
    let net = Net::seeded(8);
    let made = Certified::new(&net);
    net.run(async move {
        let (here, _server) = (&made.here, server(&made.there, &made.keys).await);
        let uri = format!("coaps://{}:5684", made.there.ip());
        let account = Certified::account(&made.good, Usage::TrustAnchor, &made.authority, &uri);
        let builder = device(here, "device", account);
        let mut events = builder.events();
        let _client = builder.start_in(here).await.unwrap();
        assert!(matches!(alert(&mut events).await, Some(42..=46)), "the client ends the handshake");
    });
}

#[test]
fn the_name_in_a_certificate_is_that_of_the_endpoint_and_one_that_is_withdrawn_has_none() {
    let net = Net::seeded(8);
    let made = Certified::new(&net);
    net.clone().run(async move {
        let (here, _server) = (&made.here, server(&made.there, &made.keys).await);
        for (endpoint, of) in [("other", &made.good), ("lost", &made.lost)] {
            let account = Certified::account(of, Usage::TrustAnchor, &made.authority, URI);
            let builder = device(here, endpoint, account);
            let mut events = builder.events();
            let _client = builder.start_in(here).await.unwrap();
            let refused = net.timeout(seconds(10), events.next()).await.expect("an answer");
            let Some(ClientEvent::Refused { rejection, .. }) = refused else { panic!("{refused:?}") };
            assert_eq!(rejection.code, Code::BAD_REQUEST, "{endpoint}");
        }
    });
}

/// Another session replaces the one before; the old one does not stay.
#[test]
fn a_device_that_comes_back_leaves_no_session_behind() {
    let net = Net::seeded(10);
    let (there, here) = (net.host("server"), net.host("device"));
    net.clone().run(async move {
        let keys = MemoryKeys::default().psk("device", b"sixteen octets..", "device");
        let server = server(&there, &keys).await;
        for round in 0..5 {
            let builder = device(&here, "device", ServerAccount::psk(1, URI, "device", *b"sixteen octets.."));
            let client = builder.start_in(&here).await.unwrap();
            net.timeout(seconds(10), client.registered()).await.expect("in time").unwrap();
            net.sleep(Duration::from_secs(1)).await;
            assert_eq!(server.transport_counters()[0].sessions(), 1, "{round}");
            here.crash();
        }
    });
}

/// Nothing that comes without protection to the secure port is answered.
#[test]
fn plain_messages_on_the_secure_port_are_ignored() {
    with_dtls(7..8, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let stranger = net.host("stranger").raw(0);
        let register = b"\x40\x02\x00\x01\xb2rd\x44ep=a\x09lwm2m=1.1".to_vec();
        for _ in 0..10 {
            stranger.send(scene.there.at(5684), register.clone());
        }
        net.sleep(seconds(10)).await;
        assert_eq!((stranger.received(), scene.registrations().await), (0, 0));
    });
}
