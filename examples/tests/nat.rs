//! The device gets another address on its way: its next Update tells the server, and all goes on. [Core 1.2 §6.2.2]
//! HLF-037.

mod common;

use std::time::Duration;

use common::{Scene, seconds, with_shards, without_dtls};
use lwm2m_client::objects::Temperature;
use lwm2m_core::sim::Net;
use lwm2m_server::{Observation, ServerEvent};

/// The Update that keeps the registration alive is enough; nobody has to know of the change.
#[test]
fn the_next_update_moves_the_registration_and_observations_go_on() {
    without_dtls(7..8, |net, shards| async move {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let _client = builder.start_in(&scene.here).await.unwrap();
        let ServerEvent::Registered { registration, .. } = scene.event().await else { panic!("registers") };
        let device = scene.server.client("device");
        let mut observed = device.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        assert_eq!(observed.next().await.unwrap().unwrap().value.to_bits(), 0_f64.to_bits());
        for round in 1..=6 {
            scene.wire.rebind_nat(&scene.here);
            let ServerEvent::Updated(updated) = scene.event().await else { panic!("nothing but Updates") };
            assert_ne!(updated.before.address, updated.after.address, "{round}");
            assert_eq!(updated.after.id, registration.id, "it is the same registration");
            let binding: String = device.read("/3/0/16").await.unwrap();
            assert_eq!(binding, "U");
            sensor.set(Temperature::SENSOR_VALUE, f64::from(round));
            reads(&net, &mut observed, f64::from(round), seconds(5)).await;
        }
    });
}

/// A request on its way when the address changes ends, at the latest when its time is over.
#[test]
fn requests_to_the_old_address_end() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let client = scene.device().start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        scene.wire.rebind_nat(&scene.here);
        let device = scene.server.client("device");
        let reading = device.read::<String>("/3/0/16").timeout(seconds(100)).into_future();
        let telling = async {
            net.sleep(seconds(3)).await;
            client.update_registration(1).await.unwrap();
        };
        let before = net.now().mono;
        let (read, ()) = tokio::join!(reading, telling);
        assert!(net.now().mono.since(before) <= seconds(101));
        if let Err(error) = read {
            assert!(error.is_temporary(), "{error}");
        }
        let binding: String = device.read("/3/0/16").await.unwrap();
        assert_eq!(binding, "U", "later ones go to the new one");
    });
}

/// A device that talks from its new address before its Update does not lose its observations.
#[test]
fn a_notification_from_the_new_address_before_the_update_ends_nothing() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let mut observed =
            scene.server.client("device").observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        observed.next().await.unwrap().unwrap();
        scene.wire.rebind_nat(&scene.here);
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        net.sleep(seconds(10)).await;
        client.update_registration(1).await.unwrap();
        net.sleep(seconds(10)).await;
        sensor.set(Temperature::SENSOR_VALUE, 2.0);
        loop {
            let next = net.timeout(seconds(400), observed.next()).await.expect("it is told");
            if next.unwrap().unwrap().value > 1.5 {
                break;
            }
        }
    });
}

/// A confirmable one is reset, as the server does not know who sent it; the device forgets the observation, tells where
/// it is, and is asked for it again.
#[test]
fn a_confirmable_notification_from_the_new_address_makes_both_ends_agree_again() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", common::account().confirmable());
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let device = scene.server.client("device");
        let mut observed = device.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        observed.next().await.unwrap().unwrap();
        for round in 1..=3 {
            scene.wire.rebind_nat(&scene.here);
            sensor.set(Temperature::SENSOR_VALUE, f64::from(round));
            reads(&net, &mut observed, f64::from(round), seconds(65)).await;
            assert_eq!(client.status().await.unwrap().observations, 1);
            sensor.set(Temperature::SENSOR_VALUE, f64::from(round) + 0.5);
            reads(&net, &mut observed, f64::from(round) + 0.5, seconds(1)).await;
        }
    });
}

/// Values come until this one does.
#[allow(clippy::unwrap_used, reason = "a test that panics has failed")]
async fn reads(net: &Net, observed: &mut Observation<f64>, wanted: f64, patience: Duration) {
    let found = net.timeout(patience, async {
        while observed.next().await.unwrap().unwrap().value.to_bits() != wanted.to_bits() {}
    });
    found.await.unwrap_or_else(|_| panic!("{wanted} is told"));
}
