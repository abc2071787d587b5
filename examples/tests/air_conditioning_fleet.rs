//! Air conditioning of a building with a device in each room: thresholds are told when they are crossed, a group of units
//! is switched off, and the power that they take is reported period by period. Use case B.2.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, Instance, Object, ObjectType as _,
    objects::{Device, Server as ServerObject, Temperature},
};
use lwm2m_core::Attributes;
use lwm2m_server::Server;

#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3306, version = "1.1", multiple)]
struct Actuation {
    #[resource(id = 5850, ops = "rw", mandatory)]
    on: bool,
}

#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 3305, version = "1.1", multiple)]
struct PowerMeasurement {
    #[resource(id = 5800, ops = "r", mandatory, unit = "W")]
    watts: f64,
}

struct Unit {
    temperature: Instance<Temperature>,
    actuation: Instance<Actuation>,
    power: Instance<PowerMeasurement>,
    _client: Client,
}

async fn building(net: &lwm2m_core::sim::Net, shards: u8) -> (Scene, Vec<Unit>) {
    let known = vec![Actuation::DEF, PowerMeasurement::DEF, Temperature::DEF, Device::DEF, ServerObject::DEF];
    let mut scene = Scene::of(net, Server::builder().shards(shards).model(known)).await;
    let mut units = Vec::new();
    for number in 0..6 {
        let host = net.host(&format!("unit-{number}"));
        let builder = scene.client(&host, &format!("unit-{number}"), account());
        let temperature = Temperature { sensor_value: 22.0, ..Temperature::default() };
        units.push(Unit {
            temperature: builder.objects().add(0, temperature).unwrap(),
            actuation: builder.objects().add(0, Actuation { on: true }).unwrap(),
            power: builder.objects().add(0, PowerMeasurement { watts: 800.0 }).unwrap(),
            _client: scene.start(&host, builder).await,
        });
    }
    (scene, units)
}

#[test]
fn the_crossing_of_a_threshold_is_told_and_nothing_else() {
    with_shards(async |net, shards| {
        let (scene, units) = building(&net, shards).await;
        let unit = scene.server.client("unit-2");
        unit.write_attributes("/3303/0/5700", Attributes::default().gt(26.0)).await.unwrap();
        let mut temperature = unit.observe::<f64>("/3303/0/5700").await.unwrap();
        assert_eq!(temperature.next().await.unwrap().unwrap().value, 22.0);
        let thermometer = &units.get(2).unwrap().temperature;
        for (value, told) in [(24.0, false), (25.9, false), (26.5, true), (28.0, false), (25.0, true)] {
            thermometer.set(Temperature::SENSOR_VALUE, value);
            match net.timeout(seconds(5), temperature.next()).await {
                Ok(Some(Ok(notification))) => assert_eq!((notification.value, told), (value, true)),
                Ok(other) => panic!("{other:?}"),
                Err(_) => assert!(!told, "{value} crosses the threshold"),
            }
        }
    });
}

#[test]
fn a_group_is_switched_off_and_says_so() {
    with_shards(async |net, shards| {
        let (scene, units) = building(&net, shards).await;
        let floor = scene.server.group((0..3).map(|number| format!("unit-{number}")));
        let off = floor.each(|unit| unit.write("/3306/0/5850", false)).all().await;
        assert_eq!(off.iter().filter(|(_, result)| result.is_ok()).count(), 3);
        let on: Vec<_> = units.iter().map(|unit| unit.actuation.get().on).collect();
        assert_eq!(on, [false, false, false, true, true, true]);
        let mut read = floor.each(|unit| unit.read::<bool>("/3306/0/5850"));
        while let Some((name, on)) = read.next().await {
            assert!(!on.unwrap(), "{name}");
        }
    });
}

#[test]
fn power_is_metered_every_minute() {
    with_shards(async |net, shards| {
        let (scene, units) = building(&net, shards).await;
        let unit = scene.server.client("unit-0");
        let every_minute = Attributes::default().pmin(60).pmax(60);
        unit.write_attributes("/3305/0/5800", every_minute).await.unwrap();
        let mut power = unit.observe::<f64>("/3305/0/5800").await.unwrap();
        power.next().await.unwrap().unwrap();
        for minute in 1..10 {
            let before = net.now().mono;
            units.first().unwrap().power.update(|meter| meter.watts += 10.0);
            let metered = power.next().await.unwrap().unwrap();
            assert_eq!(metered.value, 800.0 + 10.0 * f64::from(minute));
            assert!((59..=61).contains(&net.now().mono.since(before).as_secs()));
        }
    });
}
