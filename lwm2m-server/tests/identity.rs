//! [Core 1.2 §7.3, §8] A name belongs to whom the security layer says; who proved nothing cannot take it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use common::{Device, Scene, store::Slow, with_shard_counts, with_shards};
use lwm2m_server::{
    Address, Binding, Code, Identity, Server, ServerBuilder,
    coap::MessageType,
    lwm2m_core::{
        Endpoints, LinkId, Now,
        sim::{Host, SimUdp},
    },
    transport::{Listen, Stray, Target, Transport, TransportError, TransportEvent},
};

/// Takes every host at its word: its address is its identity, and it may use one name.
struct Believing(SimUdp);

impl Transport for Believing {
    fn binding(&self) -> Binding {
        self.0.binding()
    }

    fn is_secure(&self) -> bool {
        true
    }

    fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        self.0.poll_event(now, cx).map(|event| match event {
            TransportEvent::Up { link, info, mut remote } => {
                if let Address::Ip(address) = &remote.address {
                    remote.identity = Identity::Psk(Bytes::from(address.ip().to_string()));
                    remote.endpoints = Endpoints::Only(vec!["mine".into()]);
                }
                TransportEvent::Up { link, info, remote }
            }
            other => other,
        })
    }

    fn poll_send(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        frame: &Bytes,
    ) -> Poll<Result<(), TransportError>> {
        self.0.poll_send(now, cx, link, frame)
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        self.0.connect(target)
    }

    fn disconnect(&mut self, link: LinkId) {
        self.0.disconnect(link);
    }

    fn adopt(&mut self, stray: Stray) {
        self.0.adopt(stray);
    }
}

/// Listens without protection on 5683, and believingly on 5684.
fn both(builder: ServerBuilder, host: &Host) -> ServerBuilder {
    let (plain, believing) = (host.clone(), host.clone());
    let listen = Listen::with(move |_, _| {
        let socket: Box<dyn Transport> = Box::new(plain.udp(5683));
        async move { Ok(socket) }
    });
    let secure = Listen::with(move |_, _| {
        let socket: Box<dyn Transport> = Box::new(Believing(believing.udp(5684)));
        async move { Ok(socket) }
    });
    builder.listen(listen).listen(secure)
}

fn secured(scene: &Scene, name: &str) -> Device {
    Device::new(&scene.net.host(name), scene.host.at(5684))
}

#[test]
fn a_name_that_is_not_said_comes_from_the_keys() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, both(builder, &net.host("server"))).await;
        let mut device = secured(&scene, "device");
        assert_eq!(device.register(&["lt=300", "lwm2m=1.1"]).await.code, Code::CREATED);
        let registration = scene.server.client("mine").registration().await.unwrap().unwrap();
        assert!(registration.identity.is_secure());
    });
}

#[test]
fn a_name_of_others_is_refused() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, both(builder, &net.host("server"))).await;
        let mut device = secured(&scene, "device");
        let answer = device.register(&["ep=yours", "lt=300", "lwm2m=1.1"]).await;
        assert_eq!(answer.code, Code::BAD_REQUEST, "{}", answer.text());
        assert!(scene.server.registrations(None, 10).await.unwrap().is_empty());
    });
}

#[test]
fn who_proves_nothing_cannot_take_a_proved_name_from_any_port() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, both(builder, &net.host("server"))).await;
        let mut device = secured(&scene, "device");
        device.register_as("mine").await;
        let mut thief = scene.device("thief");
        for _ in 0..8 {
            thief.rebind();
            assert_eq!(thief.register(&["ep=mine", "lt=300", "lwm2m=1.1"]).await.code, Code::FORBIDDEN);
        }
        assert_eq!(device.update().await, Code::CHANGED);
        let registration = scene.server.client("mine").registration().await.unwrap().unwrap();
        assert!(registration.identity.is_secure());
    });
}

/// Also where that is tried at the moment in which the client itself registers; and in the store neither.
#[test]
fn a_proved_name_stays_with_its_client_over_a_restart() {
    with_shard_counts(async |net, shards| {
        for wait in [0, 100, 299, 301, 650, 1000] {
            let store = Slow::new(&net);
            let host = net.host("server");
            let server = || both(Server::builder().shards(shards).store(store.clone()), &host);
            let scene = Scene::new(&net, server()).await;
            let mut device = secured(&scene, "device");
            let registers = async {
                net.sleep(Duration::from_millis(300)).await;
                device.register_as("mine").await;
            };
            let steals = async {
                net.sleep(Duration::from_millis(wait)).await;
                for _ in 0..4 {
                    let mut thief = scene.device("thief");
                    thief.register(&["ep=mine", "lt=300", "lwm2m=1.1"]).await;
                }
            };
            tokio::join!(registers, steals);
            net.sleep(Duration::from_secs(2)).await;
            assert_eq!(device.update().await, Code::CHANGED, "{shards} shards, after {wait} ms");
            scene.host.crash();
            let scene = Scene::new(&net, server()).await;
            let registration = scene.server.client("mine").registration().await.unwrap().unwrap();
            assert!(registration.identity.is_secure(), "{shards} shards, after {wait} ms");
            assert_eq!(device.update().await, Code::CHANGED, "{shards} shards, after {wait} ms");
            scene.host.crash();
        }
    });
}

#[test]
fn an_update_by_another_identity_finds_nothing() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, both(builder, &net.host("server"))).await;
        let mut device = secured(&scene, "device");
        device.register_as("mine").await;
        for mut thief in [secured(&scene, "thief"), scene.device("thief")] {
            thief.location.clone_from(&device.location);
            assert_eq!(thief.update().await, Code::NOT_FOUND);
            let leave = thief.ask(Code::DELETE, thief.at_location(), b"").await;
            assert_eq!(leave.code, Code::NOT_FOUND);
        }
        assert_eq!(device.update().await, Code::CHANGED);
    });
}

/// Only for who proved who it is, and only where the program wants it.
#[test]
fn data_of_a_proven_client_renews_its_registration_where_the_program_wants_that() {
    for (wanted, proven) in [(true, true), (true, false), (false, true)] {
        with_shards(async |net, builder| {
            let builder = if wanted { builder.refresh_on_data() } else { builder };
            let scene = Scene::new(&net, both(builder, &net.host("server"))).await;
            let mut device = if proven { secured(&scene, "device") } else { scene.device("device") };
            device.register_as("mine").await;
            let (mut observation, observe) = scene.observes("mine", &mut device).await;
            for n in 2..6 {
                net.sleep(Duration::from_secs(200)).await;
                device.notify(MessageType::NonConfirmable, &observe, n, "21.5");
                net.sleep(Duration::from_secs(1)).await;
            }
            let registered = scene.server.client("mine").registration().await.unwrap().is_some();
            assert_eq!(registered, wanted && proven);
            if registered {
                for _ in 2..6 {
                    assert_eq!(observation.next().await.unwrap().unwrap().value, 21.5);
                }
            }
        });
    }
}
