//! Of notifications that overtake one another the newest counts. [RFC 7641 §3.4]

mod common;

use common::{Scene, millis, seconds, with_seeds};
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
            for n in 1..=200 {
                sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
                net.sleep(millis(100)).await;
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
