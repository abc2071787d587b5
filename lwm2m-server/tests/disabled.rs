//! Requests wait for a client that was sent away with Disable as for one that sleeps, until it is back or they expire.
//! [Core 1.2 §E.2] HLF-018, HLF-027.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use common::{HOUR, Scene, seconds, store::Slow, with_shard_counts, with_shards};
use lwm2m_server::{
    Code, EndReason, Presence, RequestError, Server, ServerEvent, coap::MessageType,
    lwm2m_core::ops::DownlinkAnswer, machine::Limits,
};

#[test]
fn what_waits_goes_out_in_its_order_when_the_client_is_back_also_on_another_shard() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::sent_away(&net, builder, 300).await;
        let client = scene.server.client("a");
        let posted = client.write("/3/0/14", "posted").expires(HOUR).post().await.unwrap();
        let first = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let second = client.write("/3/0/14", "2").expires(HOUR).into_future();
        let script = async {
            net.sleep(seconds(200)).await;
            assert_eq!(client.queue().await.unwrap().len(), 3);
            device.hears_nothing(seconds(100)).await;
            for _ in 0..4 {
                device.rebind();
            }
            device.register_as("a").await;
            for expected in ["posted", "1", "2"] {
                device.carries_out(expected).await;
            }
        };
        let (first, second, ()) = tokio::join!(first, second, script);
        first.unwrap();
        second.unwrap();
        let outcome = scene.outcome().await;
        assert_eq!(outcome.number, posted);
        assert!(matches!(outcome.result, Ok(DownlinkAnswer::Done)), "{outcome:?}");
        let stats = scene.server.stats().await.unwrap();
        let sum = |of: fn(&lwm2m_server::machine::Stats) -> u64| stats.iter().map(of).sum::<u64>();
        assert_eq!((sum(|s| s.disabled as u64), sum(|s| s.registrations as u64)), (0, 1));
        assert_eq!(sum(|s| s.counters.replaced), 0, "the registration before had ended");
    });
}

#[test]
fn between_the_disable_and_its_leave_only_what_cannot_wait_is_sent() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        scene.disables(&mut device).await;
        let client = scene.server.client("a");
        let waits = client.write("/3/0/14", "waits").expires(HOUR).into_future();
        let impatient = client.write("/3/0/14", "impatient").timeout(seconds(30)).into_future();
        let script = async {
            device.carries_out("impatient").await;
            device.hears_nothing(seconds(10)).await;
            device.ask(Code::DELETE, device.at_location(), b"").await;
            net.sleep(seconds(100)).await;
            device.register_as("a").await;
            device.carries_out("waits").await;
        };
        let (waits, impatient, ()) = tokio::join!(waits, impatient, script);
        waits.unwrap();
        impatient.unwrap();
    });
}

#[test]
fn who_does_not_want_to_wait_hears_that_the_client_is_disabled() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::sent_away(&net, builder, 300).await;
        let client = scene.server.client("a");
        assert!(client.registration().await.unwrap().is_none());
        assert!(scene.server.registrations(None, 10).await.unwrap().is_empty());
        let error = client.read::<i64>("/3/0/9").await.unwrap_err();
        assert!(matches!(error, RequestError::Disabled(ref name) if &**name == "a"), "{error:?}");
        assert!(error.is_temporary() && !error.may_have_been_applied());
        assert_eq!(device.update().await, Code::NOT_FOUND, "its registration is over");
        net.sleep(seconds(500)).await;
        let error = client.read::<i64>("/3/0/9").expires(HOUR).await.unwrap_err();
        assert!(matches!(error, RequestError::NotRegistered(_)), "it has not come back: {error:?}");
    });
}

#[test]
fn what_waits_expires_by_itself_also_after_the_client_should_have_been_back() {
    with_shards(async |net, builder| {
        let (scene, _device) = Scene::sent_away(&net, builder, 300).await;
        let client = scene.server.client("a");
        let soon = client.write("/3/0/14", "soon").expires(seconds(60)).into_future();
        let late = client.write("/3/0/14", "late").expires(seconds(1000)).into_future();
        let before = net.now().mono;
        let (soon, late) =
            tokio::join!(async { (soon.await, net.now().mono.since(before).as_secs()) }, async {
                (late.await, net.now().mono.since(before).as_secs())
            },);
        assert!(matches!(soon, (Err(RequestError::Expired), 60)), "{soon:?}");
        assert!(matches!(late, (Err(RequestError::Expired), 1000)), "{late:?}");
        assert_eq!(client.presence().await.unwrap(), Presence::Offline);
        net.sleep(seconds(2)).await;
        assert!(scene.server.stats().await.unwrap().iter().all(|stats| stats.disabled == 0));
    });
}

/// The De-register of a client that leaves can get lost.
#[test]
fn a_client_that_leaves_without_a_word_is_waited_for_too() {
    with_shards(async |net, builder| {
        let (mut scene, mut device) = Scene::registered(&net, builder).await;
        scene.disables(&mut device).await; // for a day
        let client = scene.server.client("a");
        let write = client.write("/3/0/14", "1").expires(HOUR).into_future();
        let script = async {
            net.sleep(seconds(400)).await;
            assert!(client.registration().await.unwrap().is_none(), "its lifetime is over");
            assert!(matches!(client.presence().await.unwrap(), Presence::Disabled { .. }));
            device.register_as("a").await;
            device.carries_out("1").await;
        };
        let (write, ()) = tokio::join!(write, script);
        write.unwrap();
        let mut expired = 0;
        while let Ok(Some(event)) = net.timeout(seconds(1), scene.events.next()).await {
            match event {
                ServerEvent::Expired(_) => expired += 1,
                ServerEvent::Registered { replaced, .. } => assert!(replaced.is_none()),
                _ => {}
            }
        }
        assert_eq!(expired, 1);
    });
}

#[test]
fn what_may_wait_is_bounded() {
    with_shards(async |net, builder| {
        let mut limits = Limits::default();
        limits.queued_per_client = 2;
        let (scene, _device) = Scene::sent_away(&net, builder.limits(limits), 300).await;
        let client = scene.server.client("a");
        for _ in 0..2 {
            client.write("/3/0/14", "1").post().await.unwrap();
        }
        let third = client.write("/3/0/14", "1").post().await;
        assert!(matches!(third, Err(RequestError::QueueFull)), "{third:?}");
    });
}

#[test]
fn what_does_not_wait_ends_with_the_registration() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        scene.disables(&mut device).await;
        let script = async {
            assert_eq!(device.request().await.path(), "/3/0/9");
            device.ask(Code::DELETE, device.at_location(), b"").await;
        };
        let (read, ()) = tokio::join!(scene.server.client("a").read::<i64>("/3/0/9").into_future(), script);
        let error = read.unwrap_err();
        assert!(
            matches!(error, RequestError::Ended { reason: EndReason::Deregistered, sent: true }),
            "{error:?}"
        );
    });
}

#[test]
fn an_observation_without_a_reader_begins_anew_when_the_client_is_back() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (observation, first) = scene.observes("a", &mut device).await;
        observation.detach();
        scene.sends_away(&mut device, 300).await;
        net.sleep(seconds(300)).await;
        device.register_as("a").await;
        let again = device.take_up("21").await;
        assert_eq!(again.path(), first.path());
        let id = device.notify(MessageType::Confirmable, &again, 2, "22");
        device.is_acknowledged(id).await;
    });
}

#[test]
fn with_a_store_it_is_waited_for_over_a_restart() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::sent_away(&net, server(), 1000).await;
        let client = scene.server.client("a");
        let before = client.write("/3/0/14", "before").expires(HOUR).post().await.unwrap();
        scene.host.crash();

        let mut scene = Scene::new(&net, server()).await;
        let client = scene.server.client("a");
        assert!(client.registration().await.unwrap().is_none());
        assert!(matches!(client.presence().await.unwrap(), Presence::Disabled { .. }));
        let after = client.write("/3/0/14", "after").expires(HOUR).post().await.unwrap();
        net.sleep(seconds(500)).await;
        device.register_as("a").await;
        for (text, number) in [("before", before), ("after", after)] {
            device.carries_out(text).await;
            assert_eq!(scene.outcome().await.number, number);
        }
        net.sleep(seconds(2)).await;
        assert!(store.queued().await.is_empty());
    });
}

#[test]
fn who_was_told_to_leave_is_waited_for_though_the_server_was_restarted_in_between() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::registered(&net, server()).await;
        scene.disables(&mut device).await;
        let client = scene.server.client("a");
        let number = client.write("/3/0/14", "waits").expires(HOUR).post().await.unwrap();
        scene.host.crash();

        let mut scene = Scene::new(&net, server()).await;
        let client = scene.server.client("a");
        assert!(matches!(client.presence().await.unwrap(), Presence::Disabled { .. }));
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::DELETED);
        net.sleep(seconds(100)).await;
        assert!(matches!(client.presence().await.unwrap(), Presence::Disabled { .. }));
        device.register_as("a").await;
        device.carries_out("waits").await;
        assert_eq!(scene.outcome().await.number, number);
    });
}

#[test]
fn who_speaks_after_a_disable_is_not_disabled_after_a_restart_either() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::registered(&net, server()).await;
        scene.disables(&mut device).await;
        net.sleep(seconds(2)).await;
        assert_eq!(device.update().await, Code::CHANGED);
        scene.host.crash();

        let scene = Scene::new(&net, server()).await;
        assert_eq!(scene.server.client("a").presence().await.unwrap(), Presence::Active);
        scene.reads("a", &mut device).await;
    });
}

#[test]
fn a_store_forgets_who_does_not_come_back() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = Server::builder().shards(shards).store(store.clone());
        let (_scene, _device) = Scene::sent_away(&net, server, 300).await;
        assert_eq!(store.kept().await, 1);
        net.sleep(seconds(500)).await;
        assert_eq!(store.kept().await, 0);
    });
}

#[test]
fn for_how_long_a_client_is_sent_away_is_known_after_a_restart_too() {
    with_shard_counts(async |net, shards| {
        let store = Slow::new(&net);
        let server = || Server::builder().shards(shards).store(store.clone());
        let (scene, mut device) = Scene::registered(&net, server()).await;
        let write = scene.server.client("a").write("/1/0/5", 250_i64).into_future();
        let (done, ()) = tokio::join!(write, device.obeys("/1/0/5"));
        done.unwrap();
        net.sleep(seconds(1)).await;
        scene.host.crash();

        let scene = Scene::new(&net, server()).await;
        assert_eq!(device.update().await, Code::CHANGED);
        scene.disables(&mut device).await;
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::DELETED);
        let client = scene.server.client("a");
        assert!(matches!(client.presence().await.unwrap(), Presence::Disabled { .. }));
        net.sleep(seconds(400)).await;
        assert_eq!(client.presence().await.unwrap(), Presence::Offline);
    });
}
