//! Programs add CoAP resources of their own; what nobody serves is 4.04.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, with_shards};
use lwm2m_server::{
    Code, Resource, async_trait,
    coap::{MessageType, Options, Request, Response, Token},
    lwm2m_core::sim::Net,
    transport::Remote,
};

/// Answers late.
struct Slow(Net);

#[async_trait]
impl Resource for Slow {
    async fn handle(&self, _request: Request, _from: &Remote) -> Response {
        self.0.sleep(Duration::from_secs(10)).await;
        Response::new(Code::CONTENT).with_payload("at last")
    }
}

#[test]
fn requests_go_to_the_resource_with_the_longest_path() {
    with_shards(async |net, builder| {
        let file = |request: Request, _: &Remote| {
            let path: Vec<&str> = request.options.uri_path().collect();
            Response::new(Code::CONTENT).with_payload(path.join("|"))
        };
        let other = |_: Request, _: &Remote| Response::new(Code::VALID);
        let scene = Scene::new(&net, builder.resource("/files", file).resource("/files/other", other)).await;
        let mut device = scene.device("device");
        let mut get = async |path: &[&str]| {
            let answer = device.ask(Code::GET, Options::new().with_path(path.iter().copied()), b"").await;
            (answer.code, answer.text())
        };
        assert_eq!(get(&["files", "a", "b"]).await, (Code::CONTENT, "files|a|b".to_owned()));
        assert_eq!(get(&["files", "other"]).await.0, Code::VALID);
        assert_eq!(get(&["elsewhere"]).await.0, Code::NOT_FOUND);
        assert_eq!(get(&[]).await.0, Code::NOT_FOUND);
    });
}

#[test]
fn a_slow_resource_is_answered_separately() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder.resource("/slow", Slow(net.clone()))).await;
        let device = scene.device("device");
        let slow = Options::new().with_path(["slow"]);
        device.send(MessageType::Confirmable, Code::GET, 1, Token::EMPTY, &slow, b"");
        assert_eq!(device.receive().await.code, Code::EMPTY);
        let answer = device.receive().await;
        assert_eq!((answer.code, answer.text().as_str()), (Code::CONTENT, "at last"));
    });
}
