//! Observations outlive a registration: those that follow their client, those that only the sink reads, and those that
//! a rule asks for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::sync::{Arc, Mutex};

use common::{Device, Scene, notification, seconds, with_shards};
use lwm2m_server::{
    Attributes, Code, Data, DataSink, Observation, RequestError, Server, ServerError, SinkError, async_trait,
    coap::{MessageType, OptionNumber, Options, Token},
    lwm2m_core::sim::Net,
    machine::Limits,
    objects::Temperature,
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

async fn observations(scene: &Scene) -> usize {
    scene.server.stats().await.unwrap().iter().map(|stats| stats.observations).sum()
}

/// Registers anew from other ports, so that it comes to other shards.
async fn registers_anew(device: &mut Device) {
    device.rebind();
    device.register_as("a").await;
}

/// Observed by a reader that follows the device, which says 20.5 at first.
async fn followed(scene: &Scene, device: &mut Device) -> Observation<f64> {
    let observing = scene.server.client("a").observe::<f64>("/3303/0/5700").follow().into_future();
    let (observation, _) = tokio::join!(observing, device.take_up("20.5"));
    let mut observation = observation.unwrap();
    assert_eq!(observation.next().await.unwrap().unwrap().value, 20.5);
    observation
}

#[test]
fn one_that_follows_its_client_goes_on_with_the_value_of_the_new_registration() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let mut observation = followed(&scene, &mut device).await;
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
fn the_answer_to_the_register_comes_first() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (observation, _) = scene.observes("a", &mut device).await;
        observation.detach();
        let register = Options::new()
            .with_path(["rd"])
            .with_uint(OptionNumber::CONTENT_FORMAT, 40)
            .with_query("ep=a")
            .with_query("lt=300")
            .with_query("lwm2m=1.1");
        let links = b"</1/0>,</3/0>,</3303/0>";
        device.send(MessageType::Confirmable, Code::POST, 900, Token::EMPTY, &register, links);
        assert_eq!(device.receive().await.code, Code::CREATED);
        assert_eq!(device.request().await.options.observe(), Some(0));
    });
}

/// A client that sleeps gets one request at a time, and few may wait for it.
#[test]
fn more_than_may_wait_for_a_client_begin_anew_one_after_the_other() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        (limits.requests_per_client, limits.queued_per_client) = (3, 2);
        let (scene, mut device) = Scene::registered(&net, builder.limits(limits)).await;
        for instance in 0..6 {
            let at = format!("/3303/{instance}/5700");
            let observing = scene.server.client("a").observe::<f64>(at.as_str()).into_future();
            let (observation, _) = tokio::join!(observing, device.take_up("20.5"));
            observation.unwrap().detach();
        }
        registers_anew(&mut device).await;
        let mut again = Vec::new();
        for _ in 0..6 {
            let request = device.request().await;
            again.push(request.path());
            // One is not there any more.
            let gone = again.last().is_some_and(|at| at == "/3303/4/5700");
            let code = if gone { Code::NOT_FOUND } else { Code::CONTENT };
            device.answer(&request, code, &notification(1), b"1.5");
        }
        again.sort();
        let expected: Vec<String> = (0..6).map(|instance| format!("/3303/{instance}/5700")).collect();
        assert_eq!(again, expected);
        net.sleep(seconds(1)).await;
        assert_eq!(observations(&scene).await, 5);
    });
}

#[test]
fn it_follows_over_times_without_a_registration() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let mut observation = followed(&scene, &mut device).await;
        for value in ["1.5", "2.5", "3.5"] {
            let script = async {
                match value {
                    "1.5" => drop(device.ask(Code::DELETE, device.at_location(), b"").await),
                    "2.5" => scene.sends_away(&mut device, 60).await,
                    _ => net.sleep(seconds(400)).await, // its lifetime is over
                }
                net.sleep(seconds(100)).await;
                registers_anew(&mut device).await;
                device.take_up(value).await
            };
            let (next, _) = tokio::join!(observation.next(), script);
            assert_eq!(next.unwrap().unwrap().value.to_string(), value);
        }
    });
}

#[test]
fn a_composite_one_follows_its_client_too() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let json =
            Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 110).with_uint(OptionNumber::OBSERVE, 1);
        let take_up = async |device: &mut Device, value: &str| {
            let request = device.request().await;
            assert_eq!((request.code, request.options.observe()), (Code::FETCH, Some(0)));
            let body = format!(r#"[{{"n":"/3303/0/5700","v":{value}}}]"#);
            device.answer(&request, Code::CONTENT, &json, body.as_bytes());
        };
        let client = scene.server.client("a");
        let observing = client.observe_composite(["/3303/0/5700", "/3/0/9"]).follow().into_future();
        let (observation, ()) = tokio::join!(observing, take_up(&mut device, "20.5"));
        let mut observation = observation.unwrap();
        let first = observation.next().await.unwrap().unwrap().value;
        assert_eq!(first.get::<f64>("/3303/0/5700").unwrap(), Some(20.5));
        let script = async {
            registers_anew(&mut device).await;
            take_up(&mut device, "21.5").await;
        };
        let (next, ()) = tokio::join!(observation.next(), script);
        assert_eq!(next.unwrap().unwrap().value.get::<f64>("/3303/0/5700").unwrap(), Some(21.5));
    });
}

#[test]
fn one_that_cannot_be_taken_up_again_says_so() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let mut observation = followed(&scene, &mut device).await;
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

/// Attributes are parameters of an Observe since 1.2; before, they are written first.
#[test]
fn the_attributes_of_a_rule_reach_clients_of_every_version() {
    with_shards(async |net, builder| {
        let builder = builder.observe("/3303/0/5700", Attributes::default().pmin(5)).data(Kept::default());
        let scene = Scene::new(&net, builder).await;
        let mut old = scene.device("old");
        for _ in 0..2 {
            old.rebind();
            old.register(&["ep=old", "lt=300", "lwm2m=1.1"]).await;
            let write = old.request().await;
            assert_eq!((write.code, write.path().as_str()), (Code::PUT, "/3303/0/5700"));
            assert!(write.options.uri_query().eq(["pmin=5"]), "{write:?}");
            old.answer(&write, Code::CHANGED, &Options::new(), b"");
            assert_eq!(old.take_up("20.5").await.options.uri_query().count(), 0);
            old.hears_nothing(seconds(10)).await;
        }
        let mut new = scene.device("new");
        new.register(&["ep=new", "lt=300", "lwm2m=1.2"]).await;
        assert!(new.take_up("20.5").await.options.uri_query().eq(["pmin=5"]));
        new.hears_nothing(seconds(10)).await;
        assert_eq!(observations(&scene).await, 2);
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

/// They are the server's own: nobody posted them, and nobody can take them back.
#[test]
fn what_begins_anew_is_not_in_the_queue_of_the_program() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        for instance in 0..3 {
            let at = format!("/3303/{instance}/5700");
            let observing = client.observe::<f64>(at.as_str()).into_future();
            let (observation, _) = tokio::join!(observing, device.take_up("20.5"));
            observation.unwrap().detach();
        }
        device.rebind();
        device.register_as_sleeper("a").await;
        let posted = client.write("/3/0/14", "1").expires(seconds(3000)).post().await.unwrap();
        let queue = client.queue().await.unwrap();
        assert_eq!(queue.iter().map(|queued| queued.number).collect::<Vec<_>>(), [posted]);
        assert!(!client.withdraw(u64::MAX).await.unwrap());
        assert!(client.withdraw(posted).await.unwrap());
        for _ in 0..3 {
            device.take_up("21.5").await;
        }
        device.hears_nothing(seconds(10)).await;
    });
}
