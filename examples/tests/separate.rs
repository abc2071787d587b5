//! Handlers that take their time: the request is acknowledged at once and answered later; one that takes too long is
//! answered for. [RFC 7252 §5.2.2]

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{Scene, millis, seconds, with_shards, without_dtls};
use lwm2m_client::Code;
use lwm2m_core::coap::{Message, MessageType};
use lwm2m_server::RequestError;

/// Type and code of what passed since, without registration.
fn passed(scene: &Scene, since: usize) -> Vec<(String, MessageType, Code)> {
    let frames = scene.wire.frames();
    let read = |seen: &lwm2m_core::sim::Seen| {
        let message = Message::parse(&seen.frame).unwrap();
        (seen.from.clone(), message.kind, message.code)
    };
    frames[since..].iter().map(read).collect()
}

#[test]
fn a_slow_handler_is_acknowledged_first_and_its_answer_is_confirmed() {
    without_dtls(7..8, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        net.sleep(seconds(5)).await;
        vault.held().slow = seconds(20);
        let since = scene.wire.frames().len();
        let value: i64 = scene.server.client("device").read("/32801/0/1").await.unwrap();
        assert_eq!((value, vault.held().asked), (1, 1));
        net.sleep(seconds(1)).await;
        let expected = [
            ("server", MessageType::Confirmable, Code::GET),
            ("device", MessageType::Acknowledgement, Code::EMPTY),
            ("device", MessageType::Confirmable, Code::CONTENT),
            ("server", MessageType::Acknowledgement, Code::EMPTY),
        ];
        assert_eq!(passed(&scene, since), expected.map(|(from, kind, code)| (from.to_owned(), kind, code)));
    });
}

/// The empty acknowledgement, the answer and its acknowledgement may each be lost.
#[test]
fn a_slow_answer_survives_loss() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        net.sleep(seconds(5)).await;
        vault.held().slow = seconds(8);
        let device = scene.server.client("device");
        for lost in 0..4 {
            let reading = device.read::<i64>("/32801/0/1").into_future();
            let losing = async {
                match lost {
                    0 => drop(scene.wire.drop_next(&scene.here, 1)),
                    1 => drop(scene.wire.drop_next(&scene.there, 1)),
                    _ => {
                        net.sleep(seconds(5)).await;
                        let to = if lost == 2 { &scene.there } else { &scene.here };
                        scene.wire.drop_next(to, 1);
                    }
                }
            };
            let (read, ()) = tokio::join!(reading, losing);
            assert_eq!(read.unwrap(), 1, "with message {lost} lost");
            net.sleep(seconds(60)).await;
            assert_eq!(vault.held().asked, lost + 1, "asked once for each");
        }
    });
}

#[test]
fn a_handler_that_is_too_slow_costs_a_5_03_and_nobody_else_waits() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (client, vault) = scene.vault().await;
        vault.held().slow = seconds(100_000);
        let device = scene.server.client("device");
        let before = net.now().mono;
        let reading = device.read::<i64>("/32801/0/1").timeout(seconds(120)).into_future();
        let beside = async {
            net.sleep(seconds(1)).await;
            let read = device.read::<String>("/3/0/16").await;
            (read, net.now().mono.since(before))
        };
        let (slow, (quick, after)) = tokio::join!(reading, beside);
        assert_eq!(quick.unwrap(), "U");
        assert!(after < seconds(2), "the other request did not wait: {after:?}");
        let refused = slow.unwrap_err();
        let RequestError::Refused(rejection) = &refused else { panic!("{refused}") };
        assert_eq!(rejection.code, Code::SERVICE_UNAVAILABLE);
        assert!(refused.is_temporary());
        assert_eq!(client.status().await.unwrap().registered, [1]);
        vault.held().slow = millis(1);
        net.sleep(seconds(120)).await;
        let value: i64 = device.read("/32801/0/1").await.unwrap();
        assert_eq!(value, 1, "later it can be read again");
    });
}
