//! Nothing is lost that was said to have arrived, and nothing happens twice, however bad the network.
//! [RFC 7252 §4.2, §4.5]

mod common;

use std::time::Duration;

use common::{Counter, Scene, with_shards};
use lwm2m_client::objects::Temperature;

/// At 30 % loss, with duplicates and reordering, every operation ends; what was confirmed happened once, what was not at
/// most once.
#[test]
fn at_thirty_percent_loss_every_operation_ends_and_none_happens_twice() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let delay = Duration::from_millis(20)..Duration::from_millis(300);
        scene.wire.loss(0.3).duplicate(0.1).reorder(0.1).delay(delay);
        let device = scene.server.client("device");
        let (mut confirmed, mut unknown) = (0, 0);
        for _ in 0..40 {
            match device.execute(Counter::COUNT.at(0)).timeout(Duration::from_secs(200)).await {
                Ok(()) => confirmed += 1,
                Err(error) => {
                    assert!(error.is_temporary(), "{error}");
                    unknown += i64::from(error.may_have_been_applied());
                }
            }
        }
        let executed = counter.get().executed;
        assert!(
            (confirmed..=confirmed + unknown).contains(&executed),
            "{executed} times, {confirmed} confirmed, {unknown} unknown"
        );
        assert!(confirmed > 20, "most arrive: {confirmed}");
    });
}

/// A text of several blocks arrives whole or not at all.
#[test]
fn blocks_that_get_lost_are_sent_again() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        scene.wire.loss(0.15).delay(Duration::from_millis(20)..Duration::from_millis(80));
        let device = scene.server.client("device");
        let text: String = (0..1000).map(|n| format!("{n:08}")).collect();
        let mut arrived = 0;
        for round in 0..5 {
            let text = format!("{round}{text}");
            let outcome = device.write("/32800/0/3", text.clone()).timeout(Duration::from_secs(600)).await;
            let held = counter.get().text.unwrap_or_default();
            assert!(held.is_empty() || held.len() == text.len(), "whole or not at all");
            if outcome.is_ok() {
                assert_eq!(held, text);
                arrived += 1;
            }
        }
        assert!(arrived > 0);
        scene.wire.loss(0.0);
        let read: String = device.read("/32800/0/3").await.unwrap();
        assert_eq!(Some(read), counter.get().text, "and back in blocks");
    });
}

/// Observers see the last value in the end.
#[test]
fn confirmable_notifications_arrive_through_loss() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let account = common::account().lifetime(Duration::from_secs(86_400)).confirmable();
        let builder = lwm2m_client::Client::builder("device")
            .transport(scene.here.udp(0))
            .server(account)
            .seed(net.seed());
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let mut observed =
            scene.server.client("device").observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        scene.wire.loss(0.2).duplicate(0.2).delay(Duration::from_millis(20)..Duration::from_millis(500));
        for n in 1..=30 {
            sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
            net.sleep(Duration::from_secs(1)).await;
        }
        let mut last = -1.0;
        while last < 30.0 {
            let notification = net.timeout(Duration::from_secs(120), observed.next()).await;
            let value = notification.expect("the last value arrives").unwrap().unwrap().value;
            assert!(value > last || value.to_bits() == 0, "values do not go back: {value} after {last}");
            last = value;
        }
    });
}
