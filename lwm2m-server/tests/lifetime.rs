//! [Core 1.2 §6.2] A registration lasts as long as its lifetime, anew with each Update, whatever the wall clock does.
//! HLF-027, HLF-030, HLF-031.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, with_shards};
use lwm2m_server::{Code, RequestError, ServerEvent};

#[test]
fn a_silent_device_expires_once() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        device.register(&["ep=a", "lt=60", "lwm2m=1.1"]).await;
        assert!(matches!(scene.event().await, ServerEvent::Registered { .. }));
        net.sleep(Duration::from_secs(59)).await;
        assert!(scene.server.client("a").registration().await.unwrap().is_some());
        net.sleep(Duration::from_secs(2)).await;
        let ServerEvent::Expired(registration) = scene.event().await else { panic!("not expired") };
        assert_eq!(&*registration.endpoint, "a");
        assert!(scene.server.client("a").registration().await.unwrap().is_none());
        let read = scene.server.client("a").read::<i64>("/3/0/9").await;
        assert!(matches!(read, Err(RequestError::NotRegistered(_))), "{read:?}");
        assert_eq!(device.update().await, Code::NOT_FOUND, "so the device registers anew");
    });
}

#[test]
fn updates_let_it_run_anew_and_may_change_it() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        device.register(&["ep=a", "lt=60", "lwm2m=1.1"]).await;
        for _ in 0..10 {
            net.sleep(Duration::from_secs(50)).await;
            assert_eq!(device.update().await, Code::CHANGED);
        }
        let shorter = device.at_location().with_query("lt=10");
        assert_eq!(device.ask(Code::POST, shorter, b"").await.code, Code::CHANGED);
        net.sleep(Duration::from_secs(12)).await;
        assert_eq!(device.update().await, Code::NOT_FOUND);
    });
}

#[test]
fn lifetime_zero_never_ends() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        device.register(&["ep=a", "lt=0", "lwm2m=1.1"]).await;
        net.sleep(Duration::from_secs(60 * 86_400)).await;
        assert_eq!(device.update().await, Code::CHANGED);
    });
}

#[test]
fn a_jump_of_the_wall_clock_ends_nothing_and_keeps_nothing() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        device.register(&["ep=a", "lt=60", "lwm2m=1.1"]).await;
        net.jump_wall(&scene.host, 3600 * 1_000_000);
        net.sleep(Duration::from_secs(30)).await;
        assert_eq!(device.update().await, Code::CHANGED);
        net.jump_wall(&scene.host, -7200 * 1_000_000);
        net.sleep(Duration::from_secs(62)).await;
        assert_eq!(device.update().await, Code::NOT_FOUND);
    });
}

#[test]
fn deregistering_ends_it_at_once() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::registered(&net, builder).await;
        scene.event().await;
        let gone = device.ask(Code::DELETE, device.at_location(), b"").await;
        assert_eq!(gone.code, Code::DELETED);
        assert!(matches!(scene.event().await, ServerEvent::Deregistered(r) if &*r.endpoint == "a"));
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::NOT_FOUND);
    });
}
