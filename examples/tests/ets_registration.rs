//! The cases of the OMA test specification (ETS INT) that concern registration, Disable, restarts and several servers.
//! HLF-008, HLF-016, HLF-023.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Counter, Scene, account, open, seconds, with_shards};
use lwm2m_client::{
    Client, ClientBuilder, ClientEvent, Served, ServerAccount, objects::Device, transport::Target,
};
use lwm2m_core::{ResourceId, Version};
use lwm2m_server::{Arguments, Code, Registration, RequestError, ServerEvent};
use std::sync::Arc;

/// Configuration C.1: a lifetime of a day.
fn configured() -> ServerAccount {
    account().lifetime(seconds(86_400))
}

async fn started(scene: &mut Scene) -> Client {
    let builder = scene.client(&scene.here, "device", configured());
    scene.start_device(builder).await
}

async fn updated(scene: &mut Scene) -> Arc<Registration> {
    match scene.change().await {
        ServerEvent::Updated(updated) => updated.after,
        other => panic!("no Update, but {other:?}"),
    }
}

/// A Register says who it is, for how long, which version and binding, and what there is, but for keys.
#[test]
fn ets_101_initial_registration() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", configured());
        builder.objects().add(0, Counter::default()).unwrap();
        let _client = builder.start_in(&scene.here).await.unwrap();
        let ServerEvent::Registered { registration, replaced: None } = scene.change().await else {
            panic!("a registration is first")
        };
        assert_eq!(registration.endpoint.as_str(), "device");
        assert_eq!((registration.lifetime, registration.version), (seconds(86_400), Version::V1_1));
        let listed: Vec<_> = registration.objects().iter().map(|link| link.path.to_string()).collect();
        for there in ["/1/0", "/3/0", "/32800/0"] {
            assert!(listed.iter().any(|path| path == there), "{there} in {listed:?}");
        }
        assert!(!listed.iter().any(|path| path.starts_with("/0") || path.starts_with("/21")), "{listed:?}");
    });
}

/// A lifetime that is written is told at once; without Updates the server forgets the device when it is over.
#[test]
fn ets_102_registration_update() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = started(&mut scene).await;
        scene.server.client("device").write("/1/0/1", 20_i64).await.unwrap();
        assert_eq!(updated(&mut scene).await.lifetime, seconds(20));
        for _ in 0..3 {
            updated(&mut scene).await;
        }
        let before = net.now().mono;
        scene.wire.partition(true);
        let event = scene.change().await;
        assert!(matches!(event, ServerEvent::Expired(_)), "{event:?}");
        assert!(net.now().mono.since(before) <= seconds(21));
    });
}

/// Disable: the device leaves, and is gone.
#[test]
fn ets_103_deregistration() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = started(&mut scene).await;
        let asked = scene.server.client("device");
        asked.execute("/1/0/4").await.unwrap();
        let event = scene.change().await;
        assert!(matches!(event, ServerEvent::Deregistered(_)), "{event:?}");
        assert!(asked.registration().await.unwrap().is_none());
        net.sleep(seconds(1)).await;
        assert!(client.status().await.unwrap().registered.is_empty());
        assert!(net.timeout(seconds(86_000), scene.change()).await.is_err(), "a day of silence");
        let event = scene.change().await;
        assert!(matches!(event, ServerEvent::Registered { .. }), "{event:?}");
    });
}

/// The trigger brings an Update that says nothing new and makes the registration last longer.
#[test]
fn ets_104_registration_update_trigger() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = started(&mut scene).await;
        let asked = scene.server.client("device");
        let before = asked.registration().await.unwrap().unwrap();
        net.sleep(seconds(3600)).await;
        asked.execute("/1/0/8").await.unwrap();
        let after = updated(&mut scene).await;
        assert_eq!((after.id, after.lifetime), (before.id, before.lifetime));
        assert_eq!(after.objects(), before.objects());
        assert!(after.expires > before.expires, "it lasts longer");
    });
}

/// The trigger may name the binding that the server wants: there is one, and others are refused.
#[test]
fn the_trigger_may_name_a_binding() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = started(&mut scene).await;
        let asked = scene.server.client("device");
        let trigger = async |binding: Option<&str>| {
            let arguments = Arguments::NONE.with(0, binding).unwrap();
            asked.execute("/1/0/8").arguments(arguments).await
        };
        trigger(Some("U")).await.unwrap();
        updated(&mut scene).await;
        for other in [Some("T"), Some("UQ"), Some("x"), None] {
            let refused = trigger(other).await;
            assert!(
                matches!(&refused, Err(RequestError::Refused(why)) if why.code == Code::BAD_REQUEST),
                "{other:?}: {refused:?}"
            );
        }
        assert!(net.timeout(seconds(60), scene.change()).await.is_err(), "nothing was updated");
    });
}

/// A server that has forgotten the device refuses its Update; the device registers again.
#[test]
fn ets_105_discarded_register_update() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = started(&mut scene).await;
        scene.there.crash();
        let server = open(common::server(shards), &scene.there).await;
        let mut events = server.events();
        client.update_registration(1).await.unwrap();
        let event = net.timeout(seconds(300), events.next()).await.expect("it comes back");
        assert!(matches!(event, Some(ServerEvent::Registered { replaced: None, .. })), "{event:?}");
        server.client("device").read::<i64>("/1/0/1").await.unwrap();
    });
}

/// A longer lifetime is told at once, and the next Update comes in its time.
#[test]
fn ets_107_extending_the_lifetime() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let _client = started(&mut scene).await;
        let asked = scene.server.client("device");
        asked.write("/1/0/1", 60_i64).await.unwrap();
        assert_eq!(updated(&mut scene).await.lifetime, seconds(60));
        asked.write("/1/0/1", 120_i64).await.unwrap();
        let written = net.now().mono;
        assert_eq!(updated(&mut scene).await.lifetime, seconds(120));
        assert!(net.now().mono.since(written) < seconds(2), "at once");
        let told = net.now().mono;
        updated(&mut scene).await;
        let waited = net.now().mono.since(told);
        assert!(waited >= seconds(25) && waited < seconds(120), "{waited:?}");
    });
}

/// A device that reboots when it is told to, again and again: the test plays its power supply.
struct Rebooting<'a> {
    scene: &'a Scene,
    lives: u32,
}

impl Rebooting<'_> {
    fn builder(&self) -> ClientBuilder {
        let described = Device { manufacturer: Some("ets".to_owned()), ..Device::default() };
        self.scene.client(&self.scene.here, "device", configured()).device(described)
    }

    /// Starts a life that ends when a server reboots it.
    async fn live(&mut self) {
        self.lives += 1;
        let client = self.builder().start_in(&self.scene.here).await.unwrap();
        let mut served = client.objects().instance::<Device>(0).unwrap().changes();
        loop {
            let heard = served.next().await.expect("the client runs");
            if heard.iter().any(|one| matches!(one, Served::Executed(ResourceId(4), _))) {
                // The answer is on its way before the power goes.
                self.scene.net.sleep(seconds(1)).await;
                return self.scene.here.crash();
            }
        }
    }
}

/// A Reboot is answered, and the device registers again.
#[test]
fn ets_241_reboot() {
    with_shards(async |net, shards| {
        let scene = Scene::new(&net, shards).await;
        let mut events = scene.server.events();
        let asked = scene.server.client("device");
        let mut device = Rebooting { scene: &scene, lives: 0 };
        for life in 0..3 {
            let server = async {
                let replaced = loop {
                    if let ServerEvent::Registered { replaced, .. } = events.next().await.unwrap() {
                        break replaced;
                    }
                };
                assert_eq!(replaced.is_some(), life > 0);
                assert_eq!(asked.read::<String>("/3/0/0").await.unwrap(), "ets");
                asked.execute("/3/0/4").await.unwrap();
            };
            futures_util::future::join(device.live(), server).await;
        }
        assert_eq!(device.lives, 3);
    });
}

/// Two servers, each with a registration of its own.
#[test]
fn ets_950_multi_server_registration() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let elsewhere = net.host("other");
        let _ = net.between(&elsewhere, &scene.here);
        let other = common::server(1).start_in(&elsewhere).await.unwrap();
        let second = ServerAccount::new(2, Target::new("coap://other:5683")).lifetime(seconds(600));
        let builder = scene.client(&scene.here, "device", configured()).server(second);
        let mut events = builder.events();
        let client = scene.start_device(builder).await;
        client.registered().await.unwrap();
        let mut registered = Vec::new();
        while registered.len() < 2 {
            if let Some(ClientEvent::Registered { server }) = events.next().await {
                registered.push(server);
            }
        }
        registered.sort_unstable();
        assert_eq!(registered, [1, 2]);
        let (one, two) = (scene.server.client("device"), other.client("device"));
        assert_eq!(one.registration().await.unwrap().unwrap().lifetime, seconds(86_400));
        assert_eq!(two.registration().await.unwrap().unwrap().lifetime, seconds(600));
        assert_eq!(one.read::<i64>("/1/0/0").await.unwrap(), 1);
        assert_eq!(two.read::<i64>("/1/1/0").await.unwrap(), 2);
        // The lifetime of one is nobody else's business.
        one.write("/1/0/1", 500_i64).await.unwrap();
        assert_eq!(updated(&mut scene).await.lifetime, seconds(500));
        assert_eq!(two.registration().await.unwrap().unwrap().lifetime, seconds(600));
    });
}
