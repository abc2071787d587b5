//! Send as a server takes it, or refuses it. [Core 1.2 §6.4.6]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{Device, Scene, with_shards};
use lwm2m_server::{
    Code, Sent, ServerEvent,
    coap::{MessageType, OptionNumber, Options, Token},
};

const JSON: u64 = 110;

fn to(path: &[&str], format: u64) -> Options {
    Options::new().with_path(path.iter().copied()).with_uint(OptionNumber::CONTENT_FORMAT, format)
}

async fn send(device: &mut Device, text: &str) -> Code {
    device.ask(Code::POST, to(&["dp"], JSON), text.as_bytes()).await.code
}

async fn sent(scene: &mut Scene) -> Sent {
    match scene.event().await {
        ServerEvent::Sent(sent) => sent,
        other => panic!("{other:?}"),
    }
}

const TWO: &str =
    r#"[{"bn":"/3303/0/","n":"5700","t":1700000000,"v":20},{"n":"5700","t":1700000060,"v":21}]"#;

#[test]
fn only_what_a_client_has_registered_is_taken() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        assert_eq!(send(&mut device, TWO).await, Code::NOT_FOUND, "nobody knows it");
        device.register_as("a").await;
        scene.event().await;
        assert_eq!(send(&mut device, TWO).await, Code::CHANGED);
        let told = sent(&mut scene).await;
        assert_eq!((&*told.registration.endpoint, told.values.len()), ("a", 2));
        assert!(told.values.iter().all(|value| value.at.is_some()));
        for (text, expected) in [
            (r#"[{"n":"/3303/1/5700","v":20}]"#, Code::NOT_FOUND),
            (r#"[{"n":"/3303/0/5700","v":20},{"n":"/4/0/2","v":1}]"#, Code::NOT_FOUND),
            (r#"[{"n":"/0/0/0","vs":"coap://x"}]"#, Code::NOT_FOUND),
            (r#"[{"n":"/elsewhere/3303/0/5700","v":20}]"#, Code::NOT_FOUND),
            (r#"[{"n":"/3303/0/5700","vs":"warm"}]"#, Code::BAD_REQUEST),
            ("[]", Code::BAD_REQUEST),
            ("[", Code::BAD_REQUEST),
        ] {
            assert_eq!(send(&mut device, text).await, expected, "{text}");
        }
        let tlv = device.ask(Code::POST, to(&["dp"], 11542), b"").await;
        assert_eq!(tlv.code, Code::UNSUPPORTED_CONTENT_FORMAT);
        let get = device.ask(Code::GET, Options::new().with_path(["dp"]), b"").await;
        assert_eq!(get.code, Code::METHOD_NOT_ALLOWED);
        let stats = scene.server.stats().await.unwrap();
        assert_eq!(stats.iter().map(|stats| stats.counters.sends).sum::<u64>(), 1);
    });
}

#[test]
fn one_that_is_not_confirmable_is_taken_as_well() {
    with_shards(async |net, builder| {
        let (mut scene, device) = Scene::registered(&net, builder).await;
        scene.event().await;
        let kind = MessageType::NonConfirmable;
        device.send(kind, Code::POST, 77, Token::EMPTY, &to(&["dp"], JSON), TWO.as_bytes());
        assert_eq!(sent(&mut scene).await.values.len(), 2);
        assert_eq!(device.receive().await.code, Code::CHANGED);
    });
}

#[test]
fn a_client_of_1_0_has_no_send() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        device.register(&["ep=old", "lt=300", "lwm2m=1.0"]).await;
        assert_eq!(send(&mut device, TWO).await, Code::NOT_FOUND);
    });
}
