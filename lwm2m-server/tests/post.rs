//! Requests that are posted have no caller: they outlive it, and with a store the server. What becomes of each is an
//! event. HLF-018.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{HOUR, Scene, seconds, store::Slow, with_shard_counts, with_shards};
use lwm2m_server::{Code, EndReason, PostOutcome, RequestError, Server, lwm2m_core::ops::DownlinkAnswer};

#[test]
fn what_is_posted_is_done_when_the_client_is_heard_and_its_outcome_is_an_event() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let (mut scene, mut device) = Scene::asleep(&net, builder.store(store.clone())).await;
        let client = scene.server.client("a");
        let first = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        let second = client.write("/3/0/14", "2").expires(HOUR).post().await.unwrap();
        assert_eq!(store.queued().await, [(first, false), (second, false)]);
        device.update().await;
        for (text, number) in [("1", first), ("2", second)] {
            device.carries_out(text).await;
            let PostOutcome { endpoint, number: ended, result } = scene.outcome().await;
            assert_eq!((&*endpoint, ended), ("a", number));
            assert!(matches!(result, Ok(DownlinkAnswer::Done)), "{result:?}");
        }
        net.sleep(seconds(1)).await;
        assert!(store.queued().await.is_empty());
    });
}

#[test]
fn what_waits_outlives_the_server_and_what_may_have_left_is_not_sent_again() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let (scene, mut device) =
            Scene::asleep(&net, Server::builder().shards(shards).store(store.clone())).await;
        let client = scene.server.client("a");
        let left = client.execute("/3/0/4").expires(HOUR).post().await.unwrap();
        let again = client.write("/3/0/14", "again").expires(HOUR).repeat().post().await.unwrap();
        let waits = client.write("/3/0/14", "waits").expires(HOUR).post().await.unwrap();
        device.update().await;
        assert_eq!(device.request().await.path(), "/3/0/4");
        scene.host.crash();
        assert_eq!(store.queued().await, [(left, true), (again, false), (waits, false)]);

        let mut scene = Scene::new(&net, Server::builder().shards(shards).store(store.clone())).await;
        net.sleep(seconds(100)).await;
        device.drain();
        device.update().await;
        device.carries_out("again").await;
        device.carries_out("waits").await;
        let mut ended = Vec::new();
        for _ in 0..3 {
            let PostOutcome { number, result, .. } = scene.outcome().await;
            ended.push((number, result.err().is_some_and(|error| error.may_have_been_applied())));
        }
        assert_eq!(ended, [(left, true), (again, false), (waits, false)]);
        // A new request does not take the name of an old one.
        device.update().await;
        let next = scene.server.client("a").write("/3/0/14", "next").post().await.unwrap();
        assert!(![left, again, waits].contains(&next));
        device.carries_out("next").await;
    });
}

#[test]
fn what_is_to_leave_while_the_store_is_down_leaves_when_it_is_back() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let (mut scene, mut device) = Scene::asleep(&net, builder.store(store.clone())).await;
        let number = scene.server.client("a").write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        store.set_down(true);
        assert_eq!(device.update().await, Code::CHANGED);
        device.hears_nothing(seconds(10)).await;
        store.set_down(false);
        net.timeout(seconds(5), device.carries_out("1")).await.expect("without another sign of life");
        assert_eq!(scene.outcome().await.number, number);
    });
}

#[test]
fn what_is_posted_follows_its_client_over_registrations() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let (mut scene, mut device) = Scene::asleep(&net, builder.store(store.clone())).await;
        let number = scene.server.client("a").write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        device.rebind();
        device.register_as_sleeper("a").await;
        assert_eq!(device.request().await.text(), "1");
        assert_eq!(store.queued().await, [(number, true)], "it is kept as one that leaves");
        net.sleep(seconds(70)).await;
        let PostOutcome { number: ended, result, .. } = scene.outcome().await;
        assert_eq!(ended, number);
        assert!(matches!(result, Err(RequestError::TimedOut { sent: true })), "{result:?}");
    });
}

/// The store keeps the Register while the program posts, and the request while the client is registered.
#[test]
fn what_is_posted_while_its_client_registers_anew_is_not_lost() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let builder = Server::builder().shards(shards).store(store.clone());
        let (mut scene, mut device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        for wait in [0, 100, 200, 299, 301, 500] {
            let write = async {
                net.sleep(Duration::from_millis(wait)).await;
                client.write("/3/0/14", "1").expires(HOUR).post().await
            };
            let script = async {
                device.rebind();
                device.register_as_sleeper("a").await;
                net.timeout(seconds(5), device.carries_out("1")).await.is_ok()
            };
            let (posted, done) = tokio::join!(write, script);
            match posted {
                Ok(number) => {
                    let outcome = scene.outcome().await;
                    assert_eq!(
                        (outcome.number, outcome.result.is_ok(), done),
                        (number, true, true),
                        "{wait} ms"
                    );
                }
                Err(error) => assert!(shards > 1 && !done && error.is_temporary(), "{wait} ms: {error:?}"),
            }
            let outcome = net.timeout(seconds(2), scene.outcome()).await;
            assert!(outcome.is_err(), "told once: {wait} ms: {outcome:?}");
            assert!(store.queued().await.is_empty());
        }
    });
}

#[test]
fn what_the_store_does_not_keep_is_not_posted() {
    with_shards(async |net, builder| {
        let store = Slow::new(&net);
        let (scene, mut device) = Scene::asleep(&net, builder.store(store.clone())).await;
        store.set_down(true);
        let client = scene.server.client("a");
        let error = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotStored), "{error:?}");
        assert!(client.queue().await.unwrap().is_empty());
        store.set_down(false);
        net.sleep(seconds(5)).await;
        device.update().await;
        device.hears_nothing(seconds(10)).await;
    });
}

/// A caller who hears that it is not posted posts it again: it must not be done twice.
#[test]
fn what_the_store_kept_without_saying_so_is_taken_out_again() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::asleep(&net, server()).await;
        store.set_mute(true);
        let error = scene.server.client("a").write("/3/0/14", "1").post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotStored), "{error:?}");
        assert_eq!(store.queued().await.len(), 1);
        store.set_mute(false);
        net.sleep(seconds(3)).await;
        scene.host.crash();
        let scene = Scene::new(&net, server()).await;
        device.drain();
        device.update().await;
        device.hears_nothing(seconds(10)).await;
        drop(scene);
    });
}

#[test]
fn only_operations_with_one_answer_can_be_posted() {
    with_shards(async |net, builder| {
        let (scene, _device) = Scene::asleep(&net, builder).await;
        let error = scene.server.client("a").observe::<f64>("/3303/0/5700").post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotPostable), "{error:?}");
        let error = scene.server.client("b").execute("/3/0/4").post().await.unwrap_err();
        assert!(matches!(error, RequestError::NotRegistered(_)), "{error:?}");
    });
}

#[test]
fn what_is_posted_can_be_withdrawn_expires_and_ends_with_the_registration() {
    with_shards(async |net, builder| {
        let (mut scene, _device) = Scene::asleep(&net, builder).await;
        let client = scene.server.client("a");
        let number = client.write("/3/0/14", "1").expires(HOUR).post().await.unwrap();
        assert!(client.withdraw(number).await.unwrap());
        assert!(matches!(scene.outcome().await.result, Err(RequestError::Cancelled)));
        client.write("/3/0/14", "1").expires(seconds(60)).post().await.unwrap();
        net.sleep(seconds(60)).await;
        assert!(matches!(scene.outcome().await.result, Err(RequestError::Expired)));
        client.write("/3/0/14", "1").post().await.unwrap();
        net.sleep(seconds(2000)).await;
        let end = scene.outcome().await.result;
        let expired = Err::<(), _>(RequestError::Ended { reason: EndReason::Expired, sent: false });
        assert_eq!(format!("{end:?}"), format!("{expired:?}"));
    });
}
