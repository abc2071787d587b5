//! Devices are told apart by their endpoint names. HLF-001.

mod common;

use std::time::Duration;

use common::{Scene, account, with_shards};
use lwm2m_client::objects::Device;
use lwm2m_server::ServerEvent;

#[test]
fn names_tell_devices_apart_and_the_last_of_one_name_is_the_one() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let serial = |number: &str| Device { serial_number: Some(number.into()), ..Device::default() };
        let (one, two) = (scene.net.host("one"), scene.net.host("two"));
        let _first = scene.start(&one, scene.client(&one, "a", account()).device(serial("1"))).await;
        let _second = scene.start(&two, scene.client(&two, "b", account()).device(serial("2"))).await;
        let read = async |endpoint: &str, scene: &Scene| {
            scene.server.client(endpoint).read::<String>("/3/0/2").await.unwrap()
        };
        assert_eq!((read("a", &scene).await.as_str(), read("b", &scene).await.as_str()), ("1", "2"));
        let three = scene.net.host("three");
        let _third = scene.client(&three, "a", account()).device(serial("3")).start_in(&three).await.unwrap();
        assert_eq!(scene.registered().await, ("a".to_owned(), true));
        assert_eq!(read("a", &scene).await, "3");
    });
}

#[test]
fn a_device_that_shuts_down_is_gone() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = scene.start_device(scene.device()).await;
        scene.net.sleep(Duration::from_secs(1000)).await; // several Updates
        while let Ok(event) = scene.net.timeout(Duration::from_millis(1), scene.events.next()).await {
            assert!(matches!(event, Some(ServerEvent::Updated(_))), "{event:?}");
        }
        client.shutdown().await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Deregistered(_)));
    });
}
