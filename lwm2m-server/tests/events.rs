//! Events come after the answers they tell of; a reader that lags hears how many it missed, and costs no more memory.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, with_shards};
use lwm2m_server::{Code, ServerEvent};

#[test]
fn a_reader_that_lags_misses_the_oldest_and_another_misses_nothing() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder.event_room(10)).await;
        let mut quick = scene.server.events();
        let mut device = scene.device("device");
        device.register_as("a").await;
        assert!(matches!(quick.next().await, Some(ServerEvent::Registered { .. })));
        for _ in 0..20 {
            assert_eq!(device.update().await, Code::CHANGED);
            assert!(matches!(quick.next().await, Some(ServerEvent::Updated(_))));
        }
        assert!(matches!(scene.event().await, ServerEvent::Missed(11)));
        for _ in 0..10 {
            assert!(matches!(scene.event().await, ServerEvent::Updated(_)));
        }
        assert!(net.timeout(Duration::from_secs(1), scene.events.next()).await.is_err());
    });
}

/// The device has its answer when the event is there: a request that follows finds it ready.
#[test]
fn an_event_comes_after_the_answer() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        let client = scene.server.client("a");
        let asks = async {
            scene.event().await;
            client.read::<i64>("/3/0/9").await
        };
        let script = async {
            device.register_as("a").await;
            let request = device.request().await;
            device.answer(&request, Code::CONTENT, &common::text(), b"42");
        };
        let (read, ()) = tokio::join!(asks, script);
        assert_eq!(read.unwrap(), 42);
    });
}
