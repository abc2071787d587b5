//! What was confirmed happened exactly once, what failed at most once, and everything ends, however bad the network.
//! [RFC 7252 §4.2, §4.5] HLF-036, SEC-002.

mod common;

use std::collections::HashMap;

use common::{Counter, Scene, account, millis, seconds, with_seeds};
use futures_util::future::join_all;
use lwm2m_client::{InstanceId, objects::Temperature};
use lwm2m_server::{Batch, RequestError};

/// Writes that a handler counts, at 30 % loss, with duplicates and reordering.
#[test]
fn a_write_that_was_confirmed_was_applied_once_and_one_that_failed_at_most_once() {
    with_seeds(1..41, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let (_client, vault) = scene.vault().await;
        scene.wire.loss(0.3).duplicate(0.15).reorder(0.15).delay(millis(20)..millis(400));
        let device = scene.server.client("device");
        let mut outcomes: Vec<Result<(), RequestError>> = Vec::new();
        for first in (0..60).step_by(3) {
            // Three at a time: what waits for its turn ends as well.
            let writes = (first..first + 3).map(|n| {
                let write = device.write("/32801/0/0", i64::from(n)).timeout(seconds(200));
                async move { write.await }
            });
            outcomes.extend(join_all(writes).await);
        }
        net.sleep(seconds(300)).await;
        let mut applied: HashMap<i64, usize> = HashMap::new();
        for value in &vault.held().written {
            *applied.entry(*value).or_default() += 1;
        }
        for (n, outcome) in (0..).zip(&outcomes) {
            let times = applied.get(&n).copied().unwrap_or_default();
            match outcome {
                Ok(()) => assert_eq!(times, 1, "write {n} was confirmed"),
                Err(error) if error.may_have_been_applied() => assert!(times <= 1, "write {n}: {error}"),
                Err(error) => assert_eq!(times, 0, "write {n}: {error}"),
            }
        }
        let confirmed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(confirmed > 40, "most arrive: {confirmed}");
    });
}

/// Composite writes to a handler and to a typed object, at 30 % loss, in one registration: each is applied wholly or not
/// at all, and at most once; one with a place that is not writable never is.
#[test]
fn a_composite_write_is_applied_wholly_and_at_most_once() {
    with_seeds(21..26, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let lasting = account().lifetime(seconds(86_400));
        let builder = scene.client(&scene.here, "device", lasting);
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        let (_client, vault) = scene.vault_of(builder).await;
        scene.wire.loss(0.3).duplicate(0.15).reorder(0.15).delay(millis(20)..millis(400));
        let device = scene.server.client("device");
        let mut outcomes = Vec::new();
        for first in (0..60_i64).step_by(3) {
            let writes = (first..first + 3).map(|n| {
                let batch = Batch::new().set("/32801/0/0", n).set(Counter::VALUE.at(0), n);
                // every seventh has a place that is not writable, as the last
                let batch = if n % 7 == 3 { batch.set("/32800/0/2", n) } else { batch };
                let write = device.write_composite(batch).timeout(seconds(200));
                async move { (n, write.await) }
            });
            outcomes.extend(join_all(writes).await);
            let written = vault.held().written.last().copied().unwrap_or_default();
            assert_eq!(counter.get().value, written, "both objects have the same write");
        }
        net.sleep(seconds(300)).await;
        let mut applied: HashMap<i64, usize> = HashMap::new();
        for value in &vault.held().written {
            *applied.entry(*value).or_default() += 1;
        }
        for (n, outcome) in &outcomes {
            let times = applied.get(n).copied().unwrap_or_default();
            match outcome {
                _ if n % 7 == 3 => assert_eq!((times, outcome.is_err()), (0, true), "write {n}"),
                Ok(()) => assert_eq!(times, 1, "write {n} was confirmed"),
                Err(error) if error.may_have_been_applied() => assert!(times <= 1, "write {n}: {error}"),
                Err(error) => assert_eq!(times, 0, "write {n}: {error}"),
            }
        }
        assert!(outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count() > 30, "most arrive");
    });
}

/// Every kind of operation, at 30 % loss both ways.
#[test]
fn every_operation_ends() {
    with_seeds(11..14, |net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let builder = scene.device();
        let counter = builder.objects().add(0, Counter::default()).unwrap();
        builder.objects().add(0, Temperature::default()).unwrap();
        builder.objects().creatable(|_| Counter::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        scene.wire.loss(0.3).duplicate(0.1).reorder(0.1).delay(millis(20)..millis(300));
        let device = scene.server.client("device");
        let (mut ended, mut well, mut confirmed, mut unknown) = (0, 0, 0, 0);
        let mut count = |ok: bool| {
            ended += 1;
            well += usize::from(ok);
        };
        for round in 1..=4_u16 {
            let patience = seconds(250);
            count(device.read::<i64>(Counter::VALUE.at(0)).timeout(patience).await.is_ok());
            count(device.write(Counter::VALUE.at(0), i64::from(round)).timeout(patience).await.is_ok());
            let executed = device.execute(Counter::COUNT.at(0)).timeout(patience).await;
            count(executed.is_ok());
            confirmed += i64::from(executed.is_ok());
            unknown += i64::from(executed.is_err_and(|error| error.may_have_been_applied()));
            count(device.discover("/32800").timeout(patience).await.is_ok());
            let made = device.create(Some(round), Counter::default()).timeout(patience).await;
            count(made.is_ok());
            let there = client.objects().instance::<Counter>(round).is_some();
            match made {
                Ok(id) => assert_eq!((id, there), (Some(InstanceId(round)), true)),
                Err(error) => assert!(!there || error.may_have_been_applied(), "{error}"),
            }
            let deleted = device.delete(format!("/32800/{round}").as_str()).timeout(patience).await;
            count(deleted.is_ok());
            assert!(deleted.is_err() || client.objects().instance::<Counter>(round).is_none());
            let observing = device.observe(Temperature::SENSOR_VALUE.at(0)).timeout(patience).await;
            count(observing.is_ok());
            if let Ok(observing) = observing {
                count(observing.cancel().await.is_ok());
            }
        }
        assert!(well * 10 > ended * 7, "{well} of {ended} went well");
        let executed = counter.get().executed;
        assert!((confirmed..=confirmed + unknown).contains(&executed), "{executed}, {confirmed} confirmed");
        let stats = scene.server.stats().await.unwrap();
        assert_eq!(stats.iter().map(|stats| stats.requests).sum::<usize>(), 0, "nothing is left behind");
    });
}
