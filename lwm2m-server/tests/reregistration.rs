//! [Core 1.2 §6.2.1] A Register of a known endpoint replaces its registration with everything below it, also when it
//! reaches another shard.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{Device, Scene, with_shards};
use lwm2m_server::{Code, EndReason, RequestError, ServerEvent};

#[test]
fn the_old_registration_ends_and_the_event_carries_it() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::registered(&net, builder).await;
        let ServerEvent::Registered { registration: first, replaced: None } = scene.event().await else {
            panic!("the first one replaces nothing")
        };
        let old = device.at_location();
        // From many ports: with several shards it reaches most of them.
        for _ in 0..8 {
            device.rebind();
            device.register_as("a").await;
            let ServerEvent::Registered { registration, replaced: Some(replaced) } = scene.event().await
            else {
                panic!("it replaces the one before")
            };
            assert_eq!((&*replaced.endpoint, replaced.id == registration.id), ("a", false));
        }
        assert_eq!(device.ask(Code::POST, old, b"").await.code, Code::NOT_FOUND);
        assert_eq!(device.update().await, Code::CHANGED);
        let all = scene.server.registrations(None, 10).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_ne!(all[0].id, first.id);
    });
}

#[test]
fn its_observations_end_and_say_why() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, _) = scene.observes("a", &mut device).await;
        device.rebind();
        device.register_as("a").await;
        let end = observation.next().await.unwrap();
        assert!(matches!(end, Err(RequestError::Ended { reason: EndReason::Replaced, .. })), "{end:?}");
        assert!(observation.next().await.is_none());
    });
}

#[test]
fn a_request_on_its_way_ends_and_says_that_it_was_sent() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let script = async {
            device.request().await; // never answered: the device restarts
            device.register_as("a").await;
        };
        let (executed, ()) = tokio::join!(client.execute("/3/0/4").into_future(), script);
        let error = executed.unwrap_err();
        assert!(
            matches!(error, RequestError::Ended { reason: EndReason::Replaced, sent: true }),
            "{error:?}"
        );
        assert!(error.is_temporary() && error.may_have_been_applied());
    });
}

/// A NAT may give one client's address to another.
#[test]
fn nothing_for_the_first_goes_to_another_client_at_its_address() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut first = scene.device("device");
        first.register_as("first").await;
        let location = first.location.clone();
        let mut second: Device = first;
        second.register_as("second").await;
        let error = scene.server.client("first").read::<i64>("/3/0/9").await.unwrap_err();
        assert!(!error.may_have_been_applied(), "{error:?}");
        second.hears_nothing(std::time::Duration::from_secs(1)).await;
        // The first one comes back from elsewhere, and is reached there.
        second.rebind();
        second.location = location;
        assert_eq!(second.update().await, Code::CHANGED);
        scene.reads("first", &mut second).await;
    });
}
