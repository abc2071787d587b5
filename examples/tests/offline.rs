//! Notifications of a time without a server are told when it is there again, in order and with their times. HLF-020,
//! HLF-040.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::collections::BTreeMap;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, Instance, ServerAccount, Version,
    objects::{Device, Server as ServerObject, Temperature},
};
use lwm2m_core::{
    Attributes,
    codec::{ContentFormat, Stamp},
    sim::Net,
};
use lwm2m_server::{ClientHandle, EndReason, FromNode, Observation, RequestError};

const SENML: ContentFormat = ContentFormat::SENML_CBOR;

async fn scene(net: &Net, shards: u8, account: ServerAccount) -> (Scene, Client, Instance<Temperature>) {
    let mut scene = Scene::new(net, shards).await;
    let builder = scene.client(&scene.here, "device", account);
    let builder = builder.device(Device { battery_level: Some(80), ..Device::default() });
    let sensor = builder.objects().add(0, Temperature::default()).unwrap();
    let client = scene.start_device(builder).await;
    (scene, client, sensor)
}

async fn observe(asked: &ClientHandle) -> Observation<f64> {
    asked.observe(Temperature::SENSOR_VALUE.at(0)).format(SENML).await.unwrap()
}

/// What comes within some seconds: values, and when they were measured.
async fn told<T: FromNode>(net: &Net, observation: &mut Observation<T>) -> Vec<(Option<i64>, T)> {
    let mut told = Vec::new();
    while let Ok(Some(Ok(next))) = net.timeout(seconds(20), observation.next()).await {
        let at = next.at.map(|at| match at {
            Stamp::At(time) => time.0,
            Stamp::Ago(_) => panic!("there is a clock"),
        });
        told.push((at, next.value));
    }
    told
}

/// Waits until the server has the client anew.
async fn back(scene: &mut Scene) {
    while !matches!(scene.event().await, lwm2m_server::ServerEvent::Registered { .. }) {}
}

/// One value a minute for `count` minutes; when each was measured, in microseconds.
async fn measure(net: &Net, sensor: &Instance<Temperature>, count: u32) -> Vec<(i64, f64)> {
    let mut measured = Vec::new();
    for n in 1..=count {
        sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
        measured.push((net.now().wall.unwrap().0, f64::from(n)));
        net.sleep(seconds(60)).await;
    }
    measured
}

fn agree(told: &[(Option<i64>, f64)], measured: &[(i64, f64)]) {
    let values: Vec<f64> = told.iter().map(|(_, value)| *value).collect();
    assert_eq!(values, measured.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    for ((at, value), (measured, _)) in told.iter().zip(measured) {
        let Some(at) = at else { continue };
        assert!(at.abs_diff(*measured) < 1_000_000, "{value}: {at} {measured}");
    }
}

#[test]
fn what_was_measured_without_a_server_is_told_in_order_and_with_its_times() {
    with_shards(async |net, shards| {
        let (mut scene, client, sensor) = scene(&net, shards, account().confirmable()).await;
        let asked = scene.server.client("device");
        let mut before = observe(&asked).await;
        assert_eq!(told(&net, &mut before).await, [(None, 0.0)]);
        scene.wire.partition(true);
        let measured = measure(&net, &sensor, 100).await;
        assert!(client.status().await.unwrap().kept >= 99);
        scene.wire.partition(false);
        back(&mut scene).await;
        assert!(told(&net, &mut before).await.is_empty());
        let mut after = observe(&asked).await;
        let mut told = told(&net, &mut after).await;
        assert_eq!(told.remove(0), (None, 100.0), "the answer is the present");
        assert!(told.iter().all(|(at, _)| at.is_some()));
        agree(&told, &measured);
        assert_eq!((client.status().await.unwrap().kept, client.status().await.unwrap().displaced), (0, 0));
        sensor.set(Temperature::SENSOR_VALUE, 7.0);
        assert_eq!(self::told(&net, &mut after).await, [(None, 7.0)]);
    });
}

/// A lost server in the middle of the history: nothing is told twice for that, nothing is lost.
#[test]
fn what_is_not_acknowledged_goes_back_to_its_place() {
    with_shards(async |net, shards| {
        let (mut scene, _client, sensor) = scene(&net, shards, account().confirmable()).await;
        let asked = scene.server.client("device");
        let observation = observe(&asked).await;
        scene.wire.partition(true);
        let mut measured = measure(&net, &sensor, 200).await;
        scene.wire.partition(false);
        back(&mut scene).await;
        drop(observation);
        let mut second = observe(&asked).await;
        let first = second.next().await.unwrap().unwrap();
        assert_eq!(first.value, 200.0);
        scene.wire.partition(true);
        sensor.set(Temperature::SENSOR_VALUE, 201.0);
        measured.push((net.now().wall.unwrap().0, 201.0));
        net.sleep(seconds(600)).await;
        scene.wire.partition(false);
        back(&mut scene).await;
        let mut seen = told(&net, &mut second).await;
        let mut third = observe(&asked).await;
        let mut rest = told(&net, &mut third).await;
        assert_eq!(rest.remove(0), (None, 201.0));
        // what arrived, but whose acknowledgement did not, comes again
        let again = seen.iter().position(|one| rest.first() == Some(one)).unwrap_or(seen.len());
        seen.truncate(again);
        seen.extend(rest);
        agree(&seen, &measured);
    });
}

/// `hqmax`: the newest so many; none of what has 0.
#[test]
fn hqmax_says_how_many_are_kept() {
    with_shards(async |net, shards| {
        let account = account().confirmable().versions(Version::V1_0, Version::V1_2);
        let (mut scene, client, sensor) = scene(&net, shards, account).await;
        let asked = scene.server.client("device");
        asked.write_attributes("/3303/0/5700", Attributes::default().hqmax(3)).await.unwrap();
        asked.write_attributes("/3/0/9", Attributes::default().hqmax(0)).await.unwrap();
        let both = ["/3303/0/5700", "/3/0/9"];
        let observation = asked.observe_composite(both).format(SENML).await.unwrap();
        scene.wire.partition(true);
        let measured = measure(&net, &sensor, 10).await;
        assert!(client.status().await.unwrap().displaced > 0);
        scene.wire.partition(false);
        back(&mut scene).await;
        drop(observation);
        let mut after = asked.observe_composite(both).format(SENML).await.unwrap();
        let mut told = told(&net, &mut after).await;
        let present = told.remove(0).1;
        assert_eq!(present.get("/3/0/9").unwrap(), Some(80));
        let kept: BTreeMap<_, _> = told
            .iter()
            .map(|(at, all)| {
                assert_eq!(all.get::<i64>("/3/0/9").unwrap(), None, "hqmax=0");
                (at.unwrap(), all.get::<f64>("/3303/0/5700").unwrap().unwrap())
            })
            .collect();
        assert!(kept.values().eq(&[8.0, 9.0, 10.0]), "{kept:?}");
        assert!(kept.keys().zip(&measured[7..]).all(|(at, (then, _))| at.abs_diff(*then) < 1_000_000));
    });
}

/// Without Notification Storing the past is past; and so it is in a format that has no times.
#[test]
fn without_storing_or_times_only_the_present_is_told() {
    with_shards(async |net, shards| {
        let (mut scene, client, sensor) = scene(&net, shards, account().confirmable()).await;
        let asked = scene.server.client("device");
        let plain = asked.observe(Temperature::SENSOR_VALUE.at(0)).format(ContentFormat::TEXT).await.unwrap();
        scene.wire.partition(true);
        measure(&net, &sensor, 10).await;
        scene.wire.partition(false);
        back(&mut scene).await;
        drop(plain);
        let at = Temperature::SENSOR_VALUE.at(0);
        let mut plain = asked.observe(at).format(ContentFormat::TEXT).await.unwrap();
        assert_eq!(told(&net, &mut plain).await, [(None, 10.0)]);
        drop(plain);
        client
            .objects()
            .instance::<ServerObject>(0)
            .unwrap()
            .update(|server| server.notification_storing = false);
        let observation = observe(&asked).await;
        scene.wire.partition(true);
        measure(&net, &sensor, 10).await;
        assert_eq!(client.status().await.unwrap().kept, 0);
        scene.wire.partition(false);
        back(&mut scene).await;
        drop(observation);
        let mut after = observe(&asked).await;
        assert_eq!(told(&net, &mut after).await, [(None, 10.0)]);
    });
}

/// Disabled by its server: nothing is heard, and all is told after the return.
#[test]
fn a_disabled_device_tells_what_it_measured_meanwhile() {
    with_shards(async |net, shards| {
        let (mut scene, client, sensor) = scene(&net, shards, account().lifetime(seconds(86_400))).await;
        let asked = scene.server.client("device");
        let mut observation = observe(&asked).await;
        asked.write("/1/0/5", 600).await.unwrap();
        asked.execute("/1/0/4").await.unwrap();
        while !matches!(scene.event().await, lwm2m_server::ServerEvent::Deregistered(_)) {}
        observation.next().await.unwrap().unwrap();
        let ended = observation.next().await;
        assert!(matches!(ended, Some(Err(RequestError::Ended { reason: EndReason::Deregistered, .. }))));
        let measured = measure(&net, &sensor, 9).await;
        assert_eq!(client.status().await.unwrap().observations, 0);
        back(&mut scene).await;
        let mut after = observe(&asked).await;
        let mut told = told(&net, &mut after).await;
        told.remove(0);
        agree(&told, &measured);
    });
}

/// A server that does not observe again within an hour does not want to know.
#[test]
fn what_nobody_asks_for_is_forgotten_after_an_hour() {
    with_shards(async |net, shards| {
        let (mut scene, client, sensor) = scene(&net, shards, account().confirmable()).await;
        let asked = scene.server.client("device");
        let observation = observe(&asked).await;
        scene.wire.partition(true);
        measure(&net, &sensor, 10).await;
        scene.wire.partition(false);
        back(&mut scene).await;
        drop(observation);
        net.sleep(seconds(3_500)).await;
        assert!(client.status().await.unwrap().kept > 0);
        net.sleep(seconds(200)).await;
        assert_eq!(client.status().await.unwrap().kept, 0);
        let mut after = observe(&asked).await;
        assert_eq!(told(&net, &mut after).await, [(None, 10.0)]);
    });
}
