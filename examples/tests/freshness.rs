//! Of notifications that overtake one another the newest counts. [RFC 7641 §3.4]

mod common;

use common::{Scene, millis, seconds, with_seeds, with_shards};
use lwm2m_client::objects::Temperature;

#[test]
fn values_never_go_back_and_the_last_is_the_newest() {
    with_seeds(31..35, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let mut observed =
            scene.server.client("device").observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        scene.wire.reorder(0.5).duplicate(0.2).delay(millis(10)..millis(600));
        let changing = async {
            // Five at a time: more at once would be confirmable, which go one by one. [RFC 7641 §4.5.1]
            for n in 1..=200 {
                sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
                net.sleep(if n % 5 == 0 { seconds(5) } else { millis(100) }).await;
            }
        };
        let mut seen = Vec::new();
        let watching = async {
            while let Ok(next) = net.timeout(seconds(40), observed.next()).await {
                seen.push(next.unwrap().unwrap().value);
            }
        };
        tokio::join!(changing, watching);
        assert!(seen.is_sorted(), "{seen:?}");
        assert_eq!(seen.last().copied().map(f64::to_bits), Some(200_f64.to_bits()));
        assert!(seen.len() > 40, "most are seen: {}", seen.len());
        let stats = scene.server.stats().await.unwrap();
        let stale: u64 = stats.iter().map(|stats| stats.coap.stale).sum();
        assert!(stale > 10, "some were overtaken: {stale}");
    });
}

/// What is confirmable is repeated until it arrives, or overtaken: observers see the last value in the end.
#[test]
fn confirmable_notifications_arrive_through_loss() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let account = common::account().lifetime(seconds(86_400)).confirmable();
        let builder = scene.client(&scene.here, "device", account);
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let mut observed =
            scene.server.client("device").observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        scene.wire.loss(0.2).duplicate(0.2).delay(millis(20)..millis(500));
        for n in 1..=30 {
            sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
            net.sleep(seconds(1)).await;
        }
        let mut last = -1.0;
        while last < 30.0 {
            let notification = net.timeout(seconds(120), observed.next()).await;
            let value = notification.expect("the last value arrives").unwrap().unwrap().value;
            assert!(value > last || value.to_bits() == 0, "values do not go back: {value} after {last}");
            last = value;
        }
    });
}
