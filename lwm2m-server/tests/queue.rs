//! Requests wait for a client that sleeps, and go out in order when it is heard. [Core 1.2 §6.5]
//! HLF-013, HLF-018.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{HOUR, Scene, seconds, with_shards};
use lwm2m_server::{
    Code, EndReason, Presence, RequestError, ServerEvent,
    coap::{MessageType, Options},
    machine::Limits,
};

#[test]
fn what_waits_goes_out_one_after_the_other_in_its_order() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let first = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let second = client.write("/3/0/14", "2").expires(HOUR).into_future();
        let urgent = client.execute("/3/0/4").expires(HOUR).priority(1).into_future();
        let script = async {
            device.hears_nothing(seconds(300)).await;
            let queue = client.queue().await.unwrap();
            assert_eq!(queue.len(), 3);
            assert!(queue.iter().all(|queued| !queued.sent && queued.expires.is_some()));
            assert_eq!(queue[0].priority, 1);
            assert_eq!(device.update().await, Code::CHANGED);
            // The higher priority goes first, and nothing before it is answered.
            for (path, text) in [("/3/0/4", ""), ("/3/0/14", "1"), ("/3/0/14", "2")] {
                let request = device.request().await;
                assert_eq!((request.path().as_str(), request.text().as_str()), (path, text));
                device.hears_nothing(seconds(1)).await;
                device.answer(&request, Code::CHANGED, &Options::new(), b"");
            }
        };
        let (first, second, urgent, ()) = tokio::join!(first, second, urgent, script);
        first.unwrap();
        second.unwrap();
        urgent.unwrap();
        assert!(client.queue().await.unwrap().is_empty());
    });
}

#[test]
fn who_does_not_want_to_wait_hears_at_once_that_the_client_sleeps() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let before = net.now().mono;
        let error = scene.server.client("a").read::<i64>("/3/0/9").await.unwrap_err();
        assert!(matches!(error, RequestError::Asleep(ref name) if &**name == "a"), "{error:?}");
        assert!(error.is_temporary() && !error.may_have_been_applied());
        assert!(net.now().mono.since(before) < seconds(1));
        device.hears_nothing(seconds(10)).await;
        assert_eq!(device.update().await, Code::CHANGED);
        scene.reads("a", &mut device).await;
    });
}

#[test]
fn what_waits_too_long_expires_and_is_never_sent() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let before = net.now().mono;
        let error = scene.server.client("a").write("/3/0/14", "1").expires(seconds(60)).await.unwrap_err();
        assert!(matches!(error, RequestError::Expired), "{error:?}");
        assert!(!error.may_have_been_applied());
        assert_eq!(net.now().mono.since(before).as_secs(), 60);
        assert_eq!(device.update().await, Code::CHANGED);
        device.hears_nothing(seconds(10)).await;
    });
}

#[test]
fn a_newer_value_takes_the_place_of_one_that_waits() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let old = client.write("/3/0/14", "old").expires(HOUR).into_future();
        let other = client.write("/3/0/15", "other").expires(HOUR).into_future();
        let new = client.write("/3/0/14", "new").expires(HOUR).replace().into_future();
        let script = async {
            net.sleep(seconds(1)).await;
            device.update().await;
            for expected in ["other", "new"] {
                device.carries_out(expected).await;
            }
        };
        let (old, other, new, ()) = tokio::join!(old, other, new, script);
        assert!(matches!(old, Err(RequestError::Superseded)), "{old:?}");
        other.unwrap();
        new.unwrap();
    });
}

#[test]
fn what_waits_can_be_taken_back_by_its_caller_and_by_others() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let mut dropped = client.write("/3/0/14", "dropped").expires(HOUR).into_future();
        assert!(net.timeout(seconds(1), &mut dropped).await.is_err());
        drop(dropped);
        let withdrawn = client.write("/3/0/14", "withdrawn").expires(HOUR).into_future();
        let script = async {
            net.sleep(seconds(1)).await;
            let queue = client.queue().await.unwrap();
            assert_eq!(queue.len(), 1);
            assert!(client.withdraw(queue[0].number).await.unwrap());
            assert!(!client.withdraw(queue[0].number).await.unwrap());
        };
        let (withdrawn, ()) = tokio::join!(withdrawn, script);
        assert!(matches!(withdrawn, Err(RequestError::Cancelled)), "{withdrawn:?}");
        device.update().await;
        device.hears_nothing(seconds(10)).await;
    });
}

#[test]
fn a_full_queue_is_an_error_to_the_caller() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.queued_per_client = 3;
        let (scene, _device) = Scene::asleep(&net, builder.limits(limits)).await;
        let client = scene.server.client("a");
        let mut waiting = Vec::new();
        for _ in 0..3 {
            let mut write = client.write("/3/0/14", "1").expires(HOUR).into_future();
            assert!(net.timeout(seconds(1), &mut write).await.is_err());
            waiting.push(write);
        }
        let fourth = client.write("/3/0/14", "1").expires(HOUR).await;
        assert!(matches!(fourth, Err(RequestError::QueueFull)), "{fourth:?}");
    });
}

#[test]
fn a_device_that_does_not_answer_sleeps_again_and_what_may_be_repeated_waits_again() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let once = client.execute("/3/0/4").expires(HOUR).timeout(seconds(20)).into_future();
        let again = client.write("/3/0/14", "1").expires(HOUR).timeout(seconds(20)).repeat().into_future();
        let script = async {
            net.sleep(seconds(1)).await;
            device.update().await;
            assert_eq!(device.request().await.path(), "/3/0/4");
            // It goes back to sleep without an answer.
            net.sleep(seconds(25)).await;
            assert_eq!(client.presence().await.unwrap(), Presence::Asleep);
            assert_eq!(client.queue().await.unwrap().len(), 1, "the second was not sent");
            device.drain();
            device.update().await;
            let request = device.request().await;
            assert_eq!(request.text(), "1");
            net.sleep(seconds(25)).await; // silence again
            device.drain();
            device.update().await;
            device.carries_out("1").await; // it was sent again
        };
        let (once, again, ()) = tokio::join!(once, again, script);
        let once = once.unwrap_err();
        assert!(matches!(once, RequestError::TimedOut { sent: true }), "{once:?}");
        assert!(once.may_have_been_applied());
        again.unwrap();
    });
}

/// What was sent once, and waits to be sent again, may have been done: that it expires does not make it undone.
#[test]
fn what_was_sent_and_expires_before_it_is_sent_again_may_have_been_applied() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let write = scene.server.client("a").write("/3/0/14", "1").timeout(seconds(20)).repeat();
        let script = async {
            net.sleep(seconds(1)).await;
            device.update().await;
            assert_eq!(device.request().await.text(), "1");
        };
        let (write, ()) = tokio::join!(write.expires(seconds(60)).into_future(), script);
        let error = write.unwrap_err();
        assert!(matches!(error, RequestError::TimedOut { sent: true }), "{error:?}");
    });
}

#[test]
fn every_message_of_a_client_begins_its_window_anew() {
    with_shards(async |net, builder| {
        let mut scene = Scene::new(&net, builder.awake(seconds(30))).await;
        let mut device = scene.device("device");
        device.register_as_sleeper("a").await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        let client = scene.server.client("a");
        net.sleep(seconds(25)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Active);
        device.notify(MessageType::NonConfirmable, &observe, 2, "21.5");
        assert_eq!(observation.next().await.unwrap().unwrap().value, 21.5);
        net.sleep(seconds(25)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Active);
        scene.reads("a", &mut device).await;
        net.sleep(seconds(29)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Active);
        net.sleep(seconds(2)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Asleep);
        // A notification is a sign of life: what waits goes out.
        let write = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let script = async {
            net.sleep(seconds(1)).await;
            device.notify(MessageType::NonConfirmable, &observe, 3, "22.5");
            device.carries_out("1").await;
        };
        let (write, ()) = tokio::join!(write, script);
        write.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Registered { .. }));
        for expected in [Presence::Asleep, Presence::Active] {
            let ServerEvent::Presence(change) = scene.event().await else { panic!("no change of presence") };
            assert_eq!(change.after.presence, expected);
            assert_ne!(change.before.presence, expected);
        }
    });
}

#[test]
fn what_waits_goes_on_with_the_next_registration_also_on_another_shard() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let first = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let second = client.write("/3/0/14", "2").expires(HOUR).into_future();
        let script = async {
            for port in 0..4 {
                net.sleep(seconds(100 + port)).await;
                device.rebind();
            }
            device.register_as_sleeper("a").await;
            for expected in ["1", "2"] {
                device.carries_out(expected).await;
            }
        };
        let (first, second, ()) = tokio::join!(first, second, script);
        first.unwrap();
        second.unwrap();
        assert!(client.queue().await.unwrap().is_empty());
    });
}

#[test]
fn the_end_of_the_registration_ends_what_waits() {
    with_shards(async |net, builder| {
        let (scene, _device) = Scene::asleep(&net, builder).await;
        let error = scene.server.client("a").write("/3/0/14", "1").expires(HOUR).await.unwrap_err();
        assert!(
            matches!(error, RequestError::Ended { reason: EndReason::Expired, sent: false }),
            "{error:?}"
        );
        assert!(!error.may_have_been_applied());
    });
}

#[test]
fn expiry_follows_the_wall_clock() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let write = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let script = async {
            net.sleep(seconds(1)).await;
            net.jump_wall(&scene.host, 7_200_000_000);
            device.update().await;
            device.hears_nothing(seconds(10)).await;
        };
        let before = net.now().mono;
        let (write, ()) = tokio::join!(write, script);
        assert!(matches!(write, Err(RequestError::Expired)), "{write:?}");
        assert!(net.now().mono.since(before) < seconds(20));
    });
}

#[test]
fn a_client_that_leaves_queue_mode_is_always_reachable() {
    with_shards(async |net, builder| {
        let scene = Scene::new(&net, builder).await;
        let mut device = scene.device("device");
        let registered = device.register(&["ep=a", "lt=300", "lwm2m=1.0", "b=UQ"]).await;
        assert_eq!(registered.code, Code::CREATED);
        net.sleep(seconds(100)).await;
        let client = scene.server.client("a");
        assert_eq!(client.presence().await.unwrap(), Presence::Asleep);
        let change = device.at_location().with_query("b=U");
        assert_eq!(device.ask(Code::POST, change, b"").await.code, Code::CHANGED);
        net.sleep(seconds(150)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Active);
        scene.reads("a", &mut device).await;
    });
}
