//! Devices report by themselves: at intervals, and when something changes. HLF-019, HLF-020, HLF-022.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::time::Duration;

use common::{Scene, account, with_shards};
use lwm2m_client::{ClientBuilder, Instance, objects::Temperature};

const SENSOR: &str = "/3303/0/5700";

fn thermometer(builder: &ClientBuilder) -> Instance<Temperature> {
    builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap()
}

async fn silent(scene: &Scene, values: &mut lwm2m_server::Observation<f64>, time: Duration) -> bool {
    scene.net.timeout(time, values.next()).await.is_err()
}

#[test]
fn a_change_is_told_when_it_happens() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor = thermometer(&builder);
        let _client = scene.start_device(builder).await;
        let mut values = scene.server.client("device").observe::<f64>(SENSOR).await.unwrap();
        assert_eq!(values.next().await.unwrap().unwrap().value, 20.0);
        for value in [20.5, 21.0, 20.0] {
            let began = scene.net.now();
            sensor.set(Temperature::SENSOR_VALUE, value);
            assert_eq!(values.next().await.unwrap().unwrap().value, value);
            assert!(scene.net.now().mono.since(began.mono) < Duration::from_millis(500), "at once");
        }
        assert!(silent(&scene, &mut values, Duration::from_secs(3600)).await, "nothing changes");
    });
}

#[test]
fn a_constant_value_is_told_at_the_interval_of_the_server() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", account().default_periods(Some(2), Some(5)));
        let sensor = thermometer(&builder);
        let _client = scene.start_device(builder).await;
        let mut values = scene.server.client("device").observe::<f64>(SENSOR).await.unwrap();
        let _ = values.next().await.unwrap().unwrap();
        for _ in 0..10 {
            let began = scene.net.now();
            assert_eq!(values.next().await.unwrap().unwrap().value, 20.0);
            let waited = scene.net.now().mono.since(began.mono);
            assert!((4.5..5.5).contains(&waited.as_secs_f64()), "{waited:?}");
        }
        // changes wait for the least time between notifications, and only the last is told
        for value in [21.0, 22.0, 23.0] {
            sensor.set(Temperature::SENSOR_VALUE, value);
        }
        assert!(silent(&scene, &mut values, Duration::from_millis(1500)).await, "too early");
        assert_eq!(values.next().await.unwrap().unwrap().value, 23.0);
    });
}

/// The client goes on telling, and hears then that nobody wants to know.
#[test]
fn a_cancel_that_was_lost_is_made_good_by_the_next_notification() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", account().lifetime(Duration::from_secs(86_400)));
        let sensor = thermometer(&builder);
        let client = scene.start_device(builder).await;
        let mut values = scene.server.client("device").observe::<f64>(SENSOR).await.unwrap();
        let _ = values.next().await.unwrap().unwrap();
        scene.wire.partition(true);
        assert!(values.cancel().await.is_err());
        scene.wire.partition(false);
        assert_eq!(client.status().await.unwrap().observations, 1);
        sensor.set(Temperature::SENSOR_VALUE, 21.0);
        net.sleep(Duration::from_secs(5)).await;
        assert_eq!(client.status().await.unwrap().observations, 0);
    });
}
