//! Air conditioning: told when it is too warm or too cold, set for several rooms at once, metered hour by hour. Use case
//! B.2.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, Instance, Measurements, UnixTime,
    objects::{LightControl, Temperature},
};
use lwm2m_core::codec::Stamp;
use lwm2m_server::{Attributes, Batch, ClientHandle, Code, RequestError, ServerEvent};

/// Two rooms with a thermometer each; a fan, with its meter, is a light control: on, level and energy used.
async fn plant(scene: &mut Scene) -> (Client, Vec<Instance<Temperature>>, ClientHandle) {
    let builder = scene.client(&scene.here, "plant", account().allow_send());
    let objects = builder.objects().clone();
    let rooms = (0..2).map(|room| {
        objects.add(room, LightControl::default()).unwrap();
        objects.add(room, Temperature { sensor_value: 21.0, ..Temperature::default() }).unwrap()
    });
    let rooms = rooms.collect();
    let client = scene.start_device(builder).await;
    (client, rooms, scene.server.client("plant"))
}

#[test]
fn a_room_that_is_too_warm_or_too_cold_is_told_with_the_others() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let (_client, rooms, asked) = plant(&mut scene).await;
        for room in ["/3303/0/5700", "/3303/1/5700"] {
            asked.write_attributes(room, Attributes::default().lt(18.0).gt(25.0)).await.unwrap();
        }
        let mut told = asked.observe_composite(["/3303/0/5700", "/3303/1/5700"]).await.unwrap();
        told.next().await.unwrap().unwrap();
        rooms[0].set(Temperature::SENSOR_VALUE, 24.5);
        assert!(net.timeout(seconds(600), told.next()).await.is_err(), "between the thresholds");
        rooms[1].set(Temperature::SENSOR_VALUE, 25.5);
        let all = told.next().await.unwrap().unwrap().value;
        let celsius = ["/3303/0/5700", "/3303/1/5700"].map(|room| all.get::<f64>(room).unwrap().unwrap());
        assert_eq!(celsius, [24.5, 25.5]);
    });
}

#[test]
fn all_rooms_are_set_or_none() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let (client, _rooms, asked) = plant(&mut scene).await;
        let fans = || [0, 1].map(|room| client.objects().instance::<LightControl>(room).unwrap().get());
        let batch = |third: &'static str| {
            let both = Batch::new().set("/3311/0/5850", true).set("/3311/0/5851", 40);
            both.set("/3311/1/5850", true).set(third, 60)
        };
        asked.write_composite(batch("/3311/1/5851")).await.unwrap();
        assert_eq!(fans().map(|fan| (fan.on_off, fan.dimmer)), [(true, Some(40)), (true, Some(60))]);
        let off = Batch::new().set("/3311/0/5850", false).set("/3311/7/5850", false);
        match asked.write_composite(off).await {
            Err(RequestError::Refused(rejection)) => assert_eq!(rejection.code, Code::NOT_FOUND),
            other => panic!("{other:?}"),
        }
        assert!(fans().iter().all(|fan| fan.on_off));
    });
}

#[test]
fn a_day_of_readings_arrives_in_one_message_with_their_times() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let (client, _rooms, _asked) = plant(&mut scene).await;
        let midnight = net.now().wall.unwrap().0;
        let at = |hour: i64| UnixTime(midnight + hour * 3_600_000_000);
        let readings = (0..24).fold(Measurements::new(), |readings, hour| {
            readings.at(at(hour), "/3311/0/5805", hour as f64 * 0.5)
        });
        client.send_measured(readings).await.unwrap();
        let ServerEvent::Sent(sent) = scene.event().await else { panic!() };
        assert_eq!(sent.values.len(), 24);
        for (hour, value) in (0..).zip(&*sent.values) {
            assert_eq!(value.at, Some(Stamp::At(at(hour))));
        }
    });
}
