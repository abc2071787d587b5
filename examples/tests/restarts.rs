//! Either end restarts, or the network between them is cut. [Core 1.2 §6.2] HLF-008.

mod common;

use std::time::Duration;

use common::{Counter, Scene, open, with_shards};
use lwm2m_client::{ResourceId, Served, objects::Device};
use lwm2m_server::{Server, ServerEvent};

#[test]
fn a_server_that_lost_its_memory_is_told_again() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        builder.objects().add(0, Counter::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        scene.there.crash();
        drop(scene.server);
        let server = open(Server::builder().shards(shards), &scene.there).await;
        let mut events = server.events();
        let event = net.timeout(Duration::from_secs(600), events.next()).await.expect("within two lifetimes");
        assert!(matches!(event, Some(ServerEvent::Registered { .. })), "{event:?}");
        let value: i64 = server.client("device").read("/1/0/1").await.unwrap();
        assert_eq!(value, 300);
    });
}

#[test]
fn a_device_that_restarts_replaces_its_registration() {
    with_shards(|net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let first = scene.device().start_in(&scene.here).await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Registered { replaced: None, .. }));
        scene.here.crash();
        drop(first);
        let builder = scene.device();
        builder.objects().add(3, Counter::default()).unwrap();
        let _second = builder.start_in(&scene.here).await.unwrap();
        let ServerEvent::Registered { registration, replaced: Some(_) } = scene.event().await else {
            panic!("the old registration goes");
        };
        assert!(registration.objects().iter().any(|link| link.path.to_string() == "/32800/3"));
    });
}

#[test]
fn a_partition_ends_in_a_new_registration() {
    with_shards(|net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let _client = scene.device().start_in(&scene.here).await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Registered { .. }));
        scene.wire.partition(true);
        let event = scene.event().await;
        assert!(matches!(event, ServerEvent::Expired(_)), "{event:?}");
        scene.wire.partition(false);
        let event = net.timeout(Duration::from_secs(3600), scene.events.next()).await.expect("it comes back");
        assert!(matches!(event, Some(ServerEvent::Registered { .. })), "{event:?}");
    });
}

/// HLF-008
#[test]
fn a_device_that_is_told_to_restart_answers_and_registers_again() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.start_device(scene.device()).await;
        let mut served = client.objects().instance::<Device>(0).unwrap().changes();
        scene.server.client("device").execute("/3/0/4").await.unwrap();
        let heard = served.next().await.unwrap();
        assert!(matches!(heard[..], [Served::Executed(ResourceId(4), _)]), "{heard:?}");
        // what a program does then: the process ends without a word, and begins anew
        scene.here.crash();
        let again = scene.device().start_in(&scene.here).await.unwrap();
        assert_eq!(scene.registered().await, ("device".to_owned(), true));
        again.registered().await.unwrap();
        let _ = scene.server.client("device").read::<i64>("/3/0/11/0").await.unwrap();
    });
}
