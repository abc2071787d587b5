//! With a store registrations outlive the server: a device goes on where it was, and what hung on it begins anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, notification, store::Slow, with_shard_counts, with_shards};
use lwm2m_server::{
    Code, Server, ServerEvent, async_trait,
    coap::{MessageType, Options},
    lwm2m_core::{StoreError, sim::Net},
    store::{Change, Memory, Outcome, ServerStore, Stored, conformance},
};

#[test]
fn the_memory_store_conforms() {
    Net::seeded(1).run(async { conformance::check(&Memory::new()).await });
}

#[test]
fn a_device_goes_on_after_a_restart_also_with_other_shards() {
    for (before, after) in [(1, 1), (3, 3), (3, 1), (1, 3), (5, 2)] {
        let net = Net::seeded(3);
        let inner = net.clone();
        net.run(async move {
            let store = Slow::new(&inner);
            let scene = Scene::new(&inner, Server::builder().shards(before).store(store.clone())).await;
            let mut devices = Vec::new();
            for n in 0..6 {
                let mut device = scene.device(&format!("device-{n}"));
                device.register_as(&format!("a{n}")).await;
                devices.push(device);
            }
            let update = devices[0].at_location().with_query("lt=1000");
            assert_eq!(devices[0].ask(Code::POST, update, b"").await.code, Code::CHANGED);
            let gone = devices.pop().unwrap();
            let mut gone = gone;
            let leave = gone.ask(Code::DELETE, gone.at_location(), b"").await;
            assert_eq!(leave.code, Code::DELETED);
            scene.host.crash();

            let mut scene = Scene::new(&inner, Server::builder().shards(after).store(store)).await;
            let listed = scene.server.registrations(None, 100).await.unwrap();
            assert_eq!(listed.len(), 5);
            assert_eq!(listed[0].lifetime, Duration::from_secs(1000));
            for (n, device) in devices.iter_mut().enumerate() {
                assert_eq!(device.update().await, Code::CHANGED, "{before} to {after} shards, {n}");
                scene.reads(&format!("a{n}"), device).await;
            }
            assert_eq!(gone.update().await, Code::NOT_FOUND);
            // The others are silent from now on, and expire.
            inner.sleep(Duration::from_secs(290)).await;
            assert_eq!(devices[1].update().await, Code::CHANGED);
            inner.sleep(Duration::from_secs(20)).await;
            let mut expired = Vec::new();
            while let Ok(Some(event)) = inner.timeout(Duration::from_secs(1), scene.events.next()).await {
                if let ServerEvent::Expired(registration) = event {
                    expired.push(registration.endpoint.to_string());
                }
            }
            expired.sort();
            assert_eq!(expired, ["a2", "a3", "a4"]);
        });
    }
}

#[test]
fn a_device_is_reached_before_it_is_heard_again() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let (scene, mut device) =
            Scene::registered(&net, Server::builder().shards(shards).store(store.clone())).await;
        scene.host.crash();
        let scene = Scene::new(&net, Server::builder().shards(shards).store(store)).await;
        for _ in 0..2 {
            scene.reads("a", &mut device).await;
        }
        assert_eq!(device.update().await, Code::CHANGED);
    });
}

#[test]
fn what_expired_while_the_server_was_away_expires_when_it_is_back() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let (scene, mut device) =
            Scene::registered(&net, Server::builder().shards(shards).store(store.clone())).await;
        scene.host.crash();
        net.sleep(Duration::from_secs(1000)).await;
        let mut scene = Scene::new(&net, Server::builder().shards(shards).store(store.clone())).await;
        assert!(matches!(scene.event().await, ServerEvent::Expired(r) if &*r.endpoint == "a"));
        assert_eq!(device.update().await, Code::NOT_FOUND);
        net.sleep(Duration::from_secs(1)).await;
        assert!(store.memory.list(None, 1).await.unwrap().is_empty());
    });
}

#[test]
fn an_observation_without_a_reader_begins_anew_when_the_device_is_heard() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let (scene, mut device) =
            Scene::registered(&net, Server::builder().shards(shards).store(store.clone())).await;
        let (observation, first) = scene.observes("a", &mut device).await;
        observation.detach();
        net.sleep(Duration::from_secs(2)).await;
        scene.host.crash();
        let scene = Scene::new(&net, Server::builder().shards(shards).store(store)).await;
        assert_eq!(device.update().await, Code::CHANGED);
        let again = device.take_up("21").await;
        assert_eq!((again.path(), again.options.accept()), (first.path(), first.options.accept()));
        device.send(MessageType::Confirmable, Code::CONTENT, 900, again.token, &notification(2), b"22");
        device.is_acknowledged(900).await;
        drop(scene);
    });
}

/// A new registration has no observations in the store before its client has taken them up.
#[test]
fn an_observation_that_the_device_did_not_take_up_yet_is_not_lost_either() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::registered(&net, server()).await;
        let (observation, first) = scene.observes("a", &mut device).await;
        observation.detach();
        device.rebind();
        device.register_as("a").await;
        assert_eq!(device.request().await.path(), first.path());
        net.sleep(Duration::from_secs(1)).await;
        scene.host.crash();
        device.drain();

        let scene = Scene::new(&net, server()).await;
        assert_eq!(device.update().await, Code::CHANGED);
        let again = device.request().await;
        assert_eq!(again.path(), first.path());
        device.answer(&again, Code::NOT_FOUND, &Options::new(), b"");
        net.sleep(Duration::from_secs(1)).await;
        let stored = store.memory.list(None, 10).await.unwrap();
        assert!(stored.iter().all(|stored| stored.observations.is_empty()), "refused, so forgotten");
        drop(scene);
    });
}

/// Takes everything, and says nothing of it.
struct Taciturn(Memory);

#[async_trait]
impl ServerStore for Taciturn {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        self.0.apply(changes).await.map(|_| Vec::new())
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        self.0.list(after, max).await
    }
}

#[test]
fn a_store_that_does_not_say_what_became_of_a_change_has_not_kept_it() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder.store(Taciturn(Memory::new()))).await;
        let mut device = scene.device("device");
        let refused = device.register(&["ep=a", "lt=300", "lwm2m=1.1"]).await;
        assert_eq!(refused.code, Code::SERVICE_UNAVAILABLE);
    });
}

#[test]
fn nothing_is_answered_that_the_store_does_not_have() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        store.set_down(true);
        let mut scene = Scene::new(&net, builder.store(store.clone())).await;
        let mut device = scene.device("device");
        let refused = device.register(&["ep=a", "lt=300", "lwm2m=1.1"]).await;
        assert_eq!(refused.code, Code::SERVICE_UNAVAILABLE);
        assert!(refused.options.max_age().is_some());
        store.set_down(false);
        net.sleep(Duration::from_secs(2)).await;
        device.register_as("a").await;
        assert!(matches!(scene.event().await, ServerEvent::Registered { replaced: None, .. }));
        store.set_down(true);
        let change = device.at_location().with_query("lt=1000");
        assert_eq!(device.ask(Code::POST, change, b"").await.code, Code::SERVICE_UNAVAILABLE);
        let before = scene.server.client("a").registration().await.unwrap().unwrap();
        assert_eq!(before.lifetime, Duration::from_secs(300), "refused, so unchanged");
        net.sleep(Duration::from_secs(2)).await;
        assert_eq!(device.update().await, Code::CHANGED, "that nothing changed is written behind");
        let leave = device.ask(Code::DELETE, device.at_location(), b"").await;
        assert_eq!(leave.code, Code::SERVICE_UNAVAILABLE);
        assert!(scene.server.client("a").registration().await.unwrap().is_some());
    });
}

/// The store has kept it, and nobody heard so: after a restart there is no registration that was refused.
#[test]
fn what_was_refused_does_not_stay_in_the_store() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let scene = Scene::new(&net, server()).await;
        let mut device = scene.device("device");
        let register = ["ep=a", "lt=3000", "lwm2m=1.1"];
        store.set_mute(true);
        assert_eq!(device.register(&register).await.code, Code::SERVICE_UNAVAILABLE);
        assert_eq!(store.kept().await, 1);
        store.set_mute(false);
        net.sleep(Duration::from_secs(3)).await;
        assert_eq!(store.kept().await, 0);

        // A registration that it would have replaced stands there again, with what hangs on it.
        assert_eq!(device.register(&register).await.code, Code::CREATED);
        let before = scene.server.client("a").registration().await.unwrap().unwrap();
        let (observation, _) = scene.observes("a", &mut device).await;
        observation.detach();
        net.sleep(Duration::from_secs(1)).await;
        let old = device.at_location();
        for port in 0..4 {
            store.set_mute(true);
            device.rebind();
            assert_eq!(device.register(&register).await.code, Code::SERVICE_UNAVAILABLE, "{port}");
            store.set_mute(false);
            net.sleep(Duration::from_secs(3)).await;
        }
        scene.host.crash();
        let scene = Scene::new(&net, server()).await;
        assert_eq!(scene.server.client("a").registration().await.unwrap().unwrap().id, before.id);
        assert_eq!(device.ask(Code::POST, old, b"").await.code, Code::CHANGED);
        device.take_up("21").await;
    });
}
