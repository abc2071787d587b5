//! Observations outlive a registration: those that follow their client, those that only the sink reads, and those that
//! a rule asks for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Device, Scene, with_shards};
use lwm2m_server::{
    Attributes, Code, Data, DataSink, RequestError, Server, ServerError, SinkError, async_trait,
    coap::MessageType, lwm2m_core::sim::Net, objects::Temperature,
};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl Kept {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[async_trait]
impl DataSink for Kept {
    async fn accept(&self, batch: &[Data]) -> Result<(), SinkError> {
        self.0.lock().unwrap().extend(batch.iter().map(|data| format!("{:?}", data.values[0].node)));
        Ok(())
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn observations(scene: &Scene) -> usize {
    scene.server.stats().await.unwrap().iter().map(|stats| stats.observations).sum()
}

/// Registers anew from other ports, so that it comes to other shards.
async fn registers_anew(device: &mut Device) {
    device.rebind();
    device.register_as("a").await;
}

#[test]
fn one_that_follows_its_client_goes_on_with_the_value_of_the_new_registration() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let observing = scene.server.client("a").observe::<f64>("/3303/0/5700").follow().into_future();
        let (observation, _) = tokio::join!(observing, device.take_up("20.5"));
        let mut observation = observation.unwrap();
        assert_eq!(observation.next().await.unwrap().unwrap().value, 20.5);
        for round in 1..6 {
            let value = format!("{}.5", 20 + round);
            let script = async {
                registers_anew(&mut device).await;
                device.take_up(&value).await
            };
            let (next, observe) = tokio::join!(observation.next(), script);
            assert_eq!(next.unwrap().unwrap().value.to_string(), value);
            device.notify(MessageType::NonConfirmable, &observe, 2, "1.5");
            assert_eq!(observation.next().await.unwrap().unwrap().value, 1.5);
        }
        assert_eq!(observations(&scene).await, 1);
        // Dropped, it ends where it is now.
        drop(observation);
        net.sleep(seconds(1)).await;
        assert_eq!(observations(&scene).await, 0);
    });
}

#[test]
fn one_that_cannot_be_taken_up_again_says_so() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let observing = scene.server.client("a").observe::<f64>("/3303/0/5700").follow().into_future();
        let (observation, _) = tokio::join!(observing, device.take_up("20.5"));
        let mut observation = observation.unwrap();
        observation.next().await.unwrap().unwrap();
        let script = async {
            registers_anew(&mut device).await;
            let request = device.request().await;
            device.answer(&request, Code::NOT_FOUND, &Default::default(), b"");
        };
        let (end, ()) = tokio::join!(observation.next(), script);
        assert!(matches!(end, Some(Err(RequestError::Refused(_)))), "{end:?}");
        assert!(observation.next().await.is_none());
    });
}

#[test]
fn what_only_the_sink_reads_begins_anew_with_the_registration() {
    with_shards(async |net, builder| {
        let kept = Kept::default();
        let (scene, mut device) = Scene::registered(&net, builder.data(kept.clone())).await;
        let (observation, _) = scene.observes("a", &mut device).await;
        observation.detach();
        for _ in 0..3 {
            registers_anew(&mut device).await;
            let observe = device.take_up("20.5").await;
            let before = kept.count();
            device.notify(MessageType::NonConfirmable, &observe, 2, "21.5");
            net.sleep(seconds(1)).await;
            assert_eq!(kept.count(), before + 1);
        }
        assert_eq!(observations(&scene).await, 1);
    });
}

#[test]
fn unless_the_program_does_not_want_that() {
    with_shards(async |net, builder| {
        let (scene, mut device) =
            Scene::registered(&net, builder.data(Kept::default()).reobserve(false)).await;
        let (observation, _) = scene.observes("a", &mut device).await;
        observation.detach();
        registers_anew(&mut device).await;
        device.hears_nothing(seconds(100)).await;
        assert_eq!(observations(&scene).await, 0);
    });
}

#[test]
fn a_rule_observes_every_client_that_has_the_object() {
    with_shards(async |net, builder| {
        let kept = Kept::default();
        let attributes = Attributes::default();
        let builder = builder.data(kept.clone()).observe(Temperature::SENSOR_VALUE.at(0), attributes);
        let scene = Scene::new(&net, builder).await;
        let mut without = scene.device("other");
        without.register_with(&["ep=b", "lt=300", "lwm2m=1.1"], b"</1/0>,</3/0>").await;
        without.hears_nothing(seconds(10)).await;
        let mut device = scene.device("device");
        for _ in 0..3 {
            registers_anew(&mut device).await;
            let observe = device.take_up("20.5").await;
            assert_eq!(observe.path(), "/3303/0/5700");
            device.hears_nothing(seconds(1)).await;
            let before = kept.count();
            device.notify(MessageType::NonConfirmable, &observe, 2, "21.5");
            net.sleep(seconds(1)).await;
            assert_eq!(kept.count(), before + 1);
        }
        assert_eq!(observations(&scene).await, 1);
    });
}

#[test]
fn a_rule_that_names_no_place_is_an_error_of_the_start() {
    let net = Net::seeded(1);
    net.run(async {
        let builder = Server::builder().observe("/3303/x", Attributes::default());
        let error = builder.start_in(&net.host("server")).await.unwrap_err();
        assert!(matches!(error, ServerError::Path(_)), "{error:?}");
    });
}
