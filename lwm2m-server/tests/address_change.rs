//! [Core 1.2 §6.2.2] A client whose address changed is reached where its Update came from, also when that is another
//! shard's socket; its observations go on.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, notification, text, with_shards};
use lwm2m_server::{
    Code, RequestError, ServerEvent,
    coap::{MessageId, MessageType, Options},
};

#[test]
fn requests_go_to_the_new_address() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::registered(&net, builder).await;
        scene.event().await;
        for n in 0..8 {
            device.rebind();
            assert_eq!(device.update().await, Code::CHANGED, "{n}");
            let ServerEvent::Updated(updated) = scene.event().await else { panic!("no event") };
            assert_ne!(updated.before.address, updated.after.address);
            assert_eq!(updated.before.id, updated.after.id);
            scene.reads("a", &mut device).await;
        }
    });
}

#[test]
fn observations_go_on_from_the_new_address() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        for n in 2..8_u32 {
            device.rebind();
            assert_eq!(device.update().await, Code::CHANGED);
            let again = device.request().await;
            assert_eq!((again.token, again.options.observe()), (observe.token, Some(0)), "asked for anew");
            device.answer(&again, Code::CONTENT, &notification(1), b"0");
            assert_eq!(observation.next().await.unwrap().unwrap().value, 0.0);
            let id = device.notify(MessageType::Confirmable, &observe, u64::from(n), &format!("{n}.5"));
            let acknowledged = device.receive().await;
            assert_eq!((acknowledged.kind, acknowledged.id), (MessageType::Acknowledgement, MessageId(id)));
            assert_eq!(observation.next().await.unwrap().unwrap().value, f64::from(n) + 0.5);
        }
    });
}

/// A device that does not take it up again has not got it any more: the program hears that it has ended.
#[test]
fn an_observation_that_is_not_taken_up_again_ends() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        for refused in [true, false] {
            let (mut observation, _) = scene.observes("a", &mut device).await;
            device.rebind();
            assert_eq!(device.update().await, Code::CHANGED);
            let again = device.request().await;
            if refused {
                device.answer(&again, Code::NOT_FOUND, &Options::new(), b"");
            } else {
                device.answer(&again, Code::CONTENT, &text(), b"21.5");
                assert_eq!(observation.next().await.unwrap().unwrap().value, 21.5, "a last value");
            }
            let ended = observation.next().await.unwrap().unwrap_err();
            assert_eq!(matches!(ended, RequestError::Refused(_)), refused, "{ended}");
            assert!(observation.next().await.is_none());
        }
    });
}

/// Over NoSec only the location tells who a client is: another device cannot take a registration by asking for it.
#[test]
fn another_location_moves_nothing() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let mut stranger = scene.device("stranger");
        for guess in ["AAAAAAAAAAAA", "1", "", "a"] {
            stranger.location = vec!["rd".to_owned(), guess.to_owned()];
            let code = stranger.update().await;
            assert!(code.class() == 4, "{guess}: {code}");
        }
        scene.reads("a", &mut device).await;
        stranger.hears_nothing(Duration::from_secs(1)).await;
    });
}
