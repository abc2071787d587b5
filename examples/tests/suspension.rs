//! Devices that are suspended for a time by Disable: silent for as long as they are told, measuring on, and back to the
//! second, also over a restart. HLF-010, HLF-039, HLF-040, B.5.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, ClientEvent, MemoryState, ServerAccount, objects::Temperature, transport::Target,
};
use lwm2m_server::{RequestError, ServerEvent};

/// HLF-039, HLF-040
#[test]
fn a_device_is_silent_for_as_long_as_it_is_told_and_then_returns() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let elsewhere = net.host("other");
        let to_other = net.between(&elsewhere, &scene.here);
        let other = common::server(1).start_in(&elsewhere).await.unwrap();
        let second = ServerAccount::new(2, Target::new("coap://other:5683"));
        let builder = scene.client(&scene.here, "device", account()).server(second);
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = scene.start_device(builder).await;
        client.registered().await.unwrap();
        let asked = scene.server.client("device");
        asked.write("/1/0/5", 300_i64).await.unwrap();
        asked.execute("/1/0/4").await.unwrap();
        let told = net.now().mono;
        let event = scene.change().await;
        assert!(matches!(event, ServerEvent::Deregistered(_)), "{event:?}");
        let refused = asked.read::<f64>("/3303/0/5700").await;
        assert!(matches!(refused, Err(RequestError::Disabled(_))), "{refused:?}");

        // Not a frame between the two, while the other server is served and the device measures on.
        net.sleep(seconds(10)).await;
        let before = scene.wire.frames().len();
        sensor.set(Temperature::SENSOR_VALUE, 21.5);
        let beside = other.client("device");
        assert_eq!(beside.read::<f64>("/3303/0/5700").await.unwrap(), 21.5);
        assert!(!to_other.frames().is_empty());
        net.sleep_until(told.after(seconds(299))).await;
        assert_eq!(scene.wire.frames().len(), before, "silence");

        scene.registered().await;
        let returned = net.now().mono.since(told).as_secs();
        assert_eq!(returned, 300, "to the second");
        assert_eq!(asked.read::<f64>("/3303/0/5700").await.unwrap(), 21.5);
    });
}

/// HLF-040
#[test]
fn a_restart_meanwhile_changes_nothing() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let state = MemoryState::default();
        let builder = scene.device().state(state.clone());
        let _client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        asked.write("/1/0/5", 300_i64).await.unwrap();
        asked.execute("/1/0/4").await.unwrap();
        let told = net.now().mono;
        assert!(matches!(scene.change().await, ServerEvent::Deregistered(_)));
        net.sleep(seconds(100)).await;
        scene.here.crash();
        let builder = scene.device().state(state);
        let _client = scene.start_device(builder).await;
        assert_eq!(net.now().mono.since(told).as_secs(), 300);
    });
}

/// B.5
#[test]
fn half_of_a_fleet_is_suspended_and_returns() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let mut clients: Vec<Client> = Vec::new();
        for number in 0..20 {
            let host = net.host(&format!("meter-{number}"));
            let builder = scene.client(&host, &format!("meter-{number}"), account());
            builder.objects().add(0, Temperature::default()).unwrap();
            clients.push(scene.start(&host, builder).await);
        }
        let mut told = clients.first().unwrap().events();
        let suspended = || (0..10).map(|number| format!("meter-{number}"));
        let group = scene.server.group(suspended());
        let written = group.each(|meter| meter.write("/1/0/5", 300_i64));
        assert!(written.all().await.iter().all(|(_, result)| result.is_ok()));
        let disabled = group.each(|meter| meter.execute("/1/0/4")).all().await;
        assert!(disabled.iter().all(|(_, result)| result.is_ok()), "{disabled:?}");
        let began = net.now().mono;
        net.sleep(seconds(5)).await;
        assert_eq!(scene.registrations().await, 10, "half of the load is gone");
        let event = told.next().await;
        assert!(
            matches!(event, Some(ClientEvent::Disabled { server: 1, duration }) if duration == seconds(300))
        );
        net.sleep_until(began.after(seconds(298))).await;
        assert_eq!(scene.registrations().await, 10);
        net.sleep_until(began.after(seconds(305))).await;
        assert_eq!(scene.registrations().await, 20, "all are back by themselves");
    });
}
