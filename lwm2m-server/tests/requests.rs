//! Every operation goes out as the specification maps it, and ends: with its answer, a refusal, or in time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{Device, Received, Scene, text, with_shards};
use lwm2m_server::{
    Arguments, Code, InstanceId, Node, RequestError, ResourceId, Server, Value,
    coap::{OptionNumber, Options, Request},
    machine::Limits,
    objects::Temperature,
    op::Op,
};

/// Sends a request, has the device answer it, and gives what the device saw and what the caller got.
async fn exchange<O: Op>(
    device: &mut Device,
    request: lwm2m_server::Request<O>,
    code: Code,
    options: Options,
    payload: &[u8],
) -> (Received, Result<O::Output, RequestError>) {
    let script = async {
        let received = device.request().await;
        device.answer(&received, code, &options, payload);
        received
    };
    let (result, received) = tokio::join!(request.into_future(), script);
    (received, result)
}

#[test]
fn each_operation_has_its_form() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let none = Options::new;

        let (seen, value) =
            exchange(&mut device, client.read::<i64>("/3/0/9"), Code::CONTENT, text(), b"42").await;
        assert_eq!((seen.code, seen.path().as_str(), value.unwrap()), (Code::GET, "/3/0/9", 42));

        let write = client.write("/3/0/14", "+02:00");
        let (seen, done) = exchange(&mut device, write, Code::CHANGED, none(), b"").await;
        done.unwrap();
        assert_eq!((seen.code, seen.text().as_str()), (Code::PUT, "+02:00"));

        let instance = Node::Instance(BTreeMap::from([(ResourceId(1), Node::Value(Value::Integer(300)))]));
        let write = client.write("/1/0", instance).partial();
        let (seen, done) = exchange(&mut device, write, Code::CHANGED, none(), b"").await;
        done.unwrap();
        assert_eq!((seen.code, seen.path().as_str()), (Code::POST, "/1/0"));

        let arguments: Arguments = "0,2='10.3'".parse().unwrap();
        let execute = client.execute(Temperature::RESET.at(0)).arguments(arguments);
        let (seen, done) = exchange(&mut device, execute, Code::CHANGED, none(), b"").await;
        done.unwrap();
        assert_eq!(
            (seen.code, seen.path().as_str(), seen.text().as_str()),
            (Code::POST, "/3303/0/5605", "0,2='10.3'")
        );

        let created =
            Options::new().with(OptionNumber::LOCATION_PATH, b"3303").with(OptionNumber::LOCATION_PATH, b"7");
        let create = client.create(None, Temperature { sensor_value: 1.0, ..Temperature::default() });
        let (seen, instance) = exchange(&mut device, create, Code::CREATED, created, b"").await;
        assert_eq!((seen.code, seen.path().as_str()), (Code::POST, "/3303"));
        assert_eq!(instance.unwrap(), Some(InstanceId(7)));

        let create = client.create(Some(9), Temperature::default());
        let (_, instance) = exchange(&mut device, create, Code::CREATED, none(), b"").await;
        assert_eq!(instance.unwrap(), Some(InstanceId(9)));

        let (seen, done) = exchange(&mut device, client.delete("/3303/7"), Code::DELETED, none(), b"").await;
        done.unwrap();
        assert_eq!((seen.code, seen.path().as_str()), (Code::DELETE, "/3303/7"));

        let links = Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 40);
        let discover = client.discover("/3/0").depth(1);
        let (seen, links) =
            exchange(&mut device, discover, Code::CONTENT, links, b"</3/0>,</3/0/9>;pmin=5").await;
        assert_eq!(seen.options.accept().map(|format| format.0), Some(40));
        assert_eq!(links.unwrap()[1].attributes.pmin, Some(5));

        let raw = Request::new(Code::GET).with_options(Options::new().with_path([".well-known", "core"]));
        let (seen, answer) = exchange(&mut device, client.raw(raw), Code::CONTENT, text(), b"hello").await;
        assert_eq!(seen.path(), "/.well-known/core");
        assert_eq!(answer.unwrap().payload.bytes(), "hello");
    });
}

#[test]
fn refusals_and_answers_that_do_not_fit_are_told_apart() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let read = || client.read::<i64>("/3/0/9");

        let (_, refused) =
            exchange(&mut device, read(), Code::NOT_FOUND, Options::new(), b"no such thing").await;
        let Err(RequestError::Refused(why)) = refused else { panic!("{refused:?}") };
        assert_eq!((why.code, &*why.detail), (Code::NOT_FOUND, "no such thing"));

        let (_, wrong) = exchange(&mut device, read(), Code::CONTENT, text(), b"abc").await;
        assert!(matches!(wrong, Err(RequestError::Decode(_))), "{wrong:?}");

        let (_, wrong) =
            exchange(&mut device, client.read::<bool>("/3/0/9"), Code::CONTENT, text(), b"42").await;
        assert!(matches!(wrong, Err(RequestError::Value(_))), "{wrong:?}");

        let (_, wrong) = exchange(&mut device, client.delete("/3303/0"), Code::CONTENT, text(), b"").await;
        assert!(wrong.is_ok() || wrong.is_err_and(|error| error.may_have_been_applied()));

        let nowhere = client.read::<i64>("/3/0/65535").await;
        assert!(matches!(nowhere, Err(RequestError::Path(_))), "{nowhere:?}");
        let nobody = scene.server.client("b").read::<i64>("/3/0/9").await;
        assert!(matches!(nobody, Err(RequestError::NotRegistered(ref name)) if &**name == "b"), "{nobody:?}");
    });
}

#[test]
fn a_silent_device_costs_the_timeout_and_the_error_says_that_it_may_have_acted() {
    with_shards(async |net, builder| {
        let (scene, _device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let before = net.now().mono;
        let error = client.execute("/3/0/4").timeout(Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(net.now().mono.since(before).as_secs(), 5);
        assert!(matches!(error, RequestError::TimedOut { sent: true }), "{error:?}");
        assert!(error.is_temporary() && error.may_have_been_applied());
    });
}

#[test]
fn one_client_cannot_fill_the_server_with_requests() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.requests_per_client = 8;
        let (scene, _device) = Scene::registered(&net, builder.limits(limits)).await;
        let client = scene.server.client("a");
        let mut waiting = Vec::new();
        for _ in 0..8 {
            let mut read = client.read::<i64>("/3/0/9").into_future();
            // Polled once it is sent.
            assert!(net.timeout(Duration::from_millis(10), &mut read).await.is_err());
            waiting.push(read);
        }
        let ninth = client.read::<i64>("/3/0/9").await;
        assert!(matches!(ninth, Err(RequestError::QueueFull)), "{ninth:?}");
        drop(waiting);
        net.sleep(Duration::from_millis(100)).await;
        let held: usize = scene.server.stats().await.unwrap().iter().map(|stats| stats.requests).sum();
        assert_eq!(held, 0, "whoever no longer waits takes no room");
    });
}

#[test]
fn the_end_of_the_server_is_an_answer_too() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let read = client.read::<i64>("/3/0/9").into_future();
        let server: Server = scene.server.clone();
        let script = async {
            device.request().await;
            server.shutdown().await;
        };
        let (read, ()) = tokio::join!(read, script);
        assert!(matches!(read, Err(RequestError::Stopped)), "{read:?}");
        let later = client.read::<i64>("/3/0/9").await;
        assert!(later.is_err());
    });
}
