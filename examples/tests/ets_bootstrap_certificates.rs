//! Bootstrap with certificates: the bootstrap server proves who it is, and brings an account with certificates; authorities
//! that the device trusts count for every account. HLF-023, AT-001.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::sync::Arc;

use common::{
    bootstrap::{Script, until},
    seconds,
    secure::{over_dtls, set_clock},
};
use lwm2m_bootstrap::{Account, BootstrapEvent, BootstrapServer, Code, Plan};
use lwm2m_client::{
    BootstrapAccount, BootstrapFailure, Client, ClientBuilder, ClientEvent, Unreachable,
    transport::{Target, TransportError},
};
use lwm2m_core::{
    Association, Bytes, Credentials, Identity, Matching, Usage,
    security::{Credential, MemoryKeys},
    sim::{Host, Net},
    transport::Dtls,
};
use lwm2m_examples::keys::{Certified, Holder, authority, certificate};
use lwm2m_server::{Server, ServerEvent};

struct Scene {
    net: Net,
    here: Host,
    /// Above everybody.
    authority: Bytes,
    bs: Certified,
    s1: Certified,
    factory: Certified,
    operator: Certified,
    script: Script,
    bootstrap: BootstrapServer,
    server: Server,
}

impl Scene {
    async fn new(net: &Net, account: impl Fn(&Self) -> Account) -> Self {
        let (bs, s1, here) = (net.host("bs"), net.host("s1"), net.host("device"));
        for host in [&bs, &s1, &here] {
            set_clock(net, host);
        }
        let ca = authority("Example CA", 30).unwrap();
        let of = |name: &str| Holder::Server(vec![name.to_owned()]);
        let own = |name: &str| certificate(&ca, name, &of(name), 30).unwrap();
        let device = || certificate(&ca, "device", &Holder::Device, 30).unwrap();
        let keys = |of: &Certified| {
            let keys = MemoryKeys::default();
            keys.put(Credential::Authority(ca.der.clone())).unwrap();
            let (chain, key) = (vec![of.der.clone()], of.key.to_pkcs8());
            keys.put(Credential::OwnCertificate { chain, key, host: None }).unwrap();
            keys
        };
        let (of_bs, of_s1, script) = (own("bs"), own("s1"), Script::default());
        let bootstrap = BootstrapServer::builder().listen(over_dtls(&bs, 1)).credentials(keys(&of_bs));
        let bootstrap = bootstrap.plans(script.clone()).start_in(&bs).await.unwrap();
        let server = Server::builder().listen(over_dtls(&s1, 1)).credentials(keys(&of_s1));
        let server = server.start_in(&s1).await.unwrap();
        let (factory, operator) = (device(), device());
        let (net, authority) = (net.clone(), ca.der);
        let scene =
            Self { net, here, authority, bs: of_bs, s1: of_s1, factory, operator, script, bootstrap, server };
        scene.script.set([Plan::new().delete("/0").delete("/1").account(account(&scene))]);
        scene
    }

    fn device(&self, usage: Usage, above: &Bytes) -> ClientBuilder {
        let peer = Association { usage: Some(usage), matching: Matching::Exact, data: above.clone() };
        let (chain, key) = (vec![self.factory.der.clone()], self.factory.key.to_pkcs8());
        let credentials = Credentials::Certificate { chain, key, trust: Vec::new(), peer: Some(peer) };
        let mut target = Target::new("coaps://bs:5684");
        target.credentials = Some(Arc::new(credentials));
        Client::builder("device")
            .transport(Dtls::client(self.here.udp(0)).seeded(self.net.seed()))
            .bootstrap(BootstrapAccount::new(target))
            .seed(self.net.seed())
    }
}

/// Server 1, whose certificate the account holds.
fn of_server(scene: &Scene) -> Account {
    let key = scene.operator.key.to_pkcs8();
    Account::x509(
        1,
        "coaps://s1:5684",
        scene.operator.der.clone(),
        key.expose().to_vec(),
        scene.s1.der.clone(),
    )
}

/// Server 1 with another certificate usage, and what goes with it.
fn with_usage(scene: &Scene, usage: Usage, above: &Bytes) -> Account {
    of_server(scene).security(|security| {
        security.certificate_usage = Some(usage as u64);
        security.server_public_key = above.clone();
    })
}

/// Case 2: as case 1, with certificates on both connections.
#[test]
fn ets_002_client_initiated_bootstrap_full_with_certificates() {
    for usage in [Usage::DomainIssued, Usage::TrustAnchor] {
        let net = Net::seeded(41);
        net.run(async {
            let scene = Scene::new(&net, of_server).await;
            let mut told = scene.bootstrap.events();
            let mut events = scene.server.events();
            let above = if usage == Usage::TrustAnchor { &scene.authority } else { &scene.bs.der };
            let client = scene.device(usage, above).start_in(&scene.here).await.unwrap();
            net.timeout(seconds(60), client.registered()).await.expect("in time").unwrap();
            assert!(matches!(told.next().await, Some(BootstrapEvent::Started { .. })));
            assert!(matches!(told.next().await, Some(BootstrapEvent::Finished { .. })));
            let Identity::Certificate { names, .. } = &scene.script.asked()[0].identity else { panic!() };
            assert_eq!(names, &["device"]);
            let ServerEvent::Registered { registration, .. } = events.next().await.unwrap() else { panic!() };
            let Identity::Certificate { der, .. } = &registration.identity else { panic!() };
            assert_eq!(*der, scene.operator.der, "with the certificate that it was given");
        });
    }
}

/// Usages 0 and 1: a path to an authority that the device trusts, on the bootstrap connection and on what it brings.
#[test]
fn authorities_of_the_device_count_for_every_account() {
    for usage in [Usage::CaConstraint, Usage::ServiceCertificate] {
        let net = Net::seeded(42);
        net.run(async {
            let brought = move |scene: &Scene| {
                let above = if usage == Usage::CaConstraint { &scene.authority } else { &scene.s1.der };
                with_usage(scene, usage, above)
            };
            let scene = Scene::new(&net, brought).await;
            let above = if usage == Usage::CaConstraint { &scene.authority } else { &scene.bs.der };
            let builder = scene.device(usage, above).authorities([scene.authority.clone()]);
            let client = builder.start_in(&scene.here).await.unwrap();
            net.timeout(seconds(60), client.registered()).await.expect("in time").unwrap();
        });
    }
}

/// A device that trusts nobody reaches no bootstrap server by an authority, and takes no account that needs one.
#[test]
fn without_an_authority_nothing_that_needs_one_is_taken() {
    let net = Net::seeded(43);
    net.run(async {
        let brought = |scene: &Scene| with_usage(scene, Usage::CaConstraint, &scene.authority);
        let scene = Scene::new(&net, brought).await;
        let builder = scene.device(Usage::CaConstraint, &scene.authority);
        let mut events = builder.events();
        let client = builder.start_in(&scene.here).await.unwrap();
        let failed = |event: &ClientEvent| matches!(event, ClientEvent::BootstrapFailed { .. });
        let ClientEvent::BootstrapFailed { error, .. } = until(&net, &mut events, failed).await else {
            panic!()
        };
        let BootstrapFailure::Unreachable(Unreachable::Transport(TransportError::Security { .. })) = error
        else {
            panic!("{error}")
        };
        client.shutdown().await.unwrap();

        let builder = scene.device(Usage::DomainIssued, &scene.bs.der);
        let mut told = scene.bootstrap.events();
        let _client = builder.start_in(&scene.here).await.unwrap();
        loop {
            match net.timeout(seconds(600), told.next()).await.expect("an end").unwrap() {
                BootstrapEvent::Failed { .. } => break,
                BootstrapEvent::Finished { .. } => panic!("it is taken"),
                _ => {}
            }
        }
        let refused = scene.script.asked().into_iter().find_map(|session| session.not_finished).unwrap();
        assert_eq!(refused.code, Code::NOT_ACCEPTABLE);
        assert!(refused.detail.contains("authority"), "{}", refused.detail);
    });
}
