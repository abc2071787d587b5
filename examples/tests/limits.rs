//! Limits that are reached are told, and cost only those who reach them.

mod common;

use std::sync::Arc;

use common::{Counter, Scene, account, pattern, seconds, server, with_shards};
use futures_util::future::join_all;
use lwm2m_client::{ClientEvent, Code, objects::Temperature};
use lwm2m_core::{Bytes, coap};
use lwm2m_server::{EndReason, RequestError, ServerEvent, machine::Limits};

/// A device that takes up only so many observations answers the others with the value alone.
#[test]
fn observations_over_the_limit_of_the_device_are_single_values() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let mut config = coap::Config::default();
        config.limits.observers_per_peer = 3;
        let builder = scene.device().coap(Arc::new(config));
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&scene.here).await.unwrap();
        client.registered().await.unwrap();
        let handle = scene.server.client("device");
        let mut observations = Vec::new();
        for _ in 0..5 {
            observations.push(handle.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap());
        }
        let (mut live, mut single) = (0, 0);
        for observation in &mut observations {
            assert_eq!(observation.next().await.unwrap().unwrap().value.to_bits(), 0_f64.to_bits());
        }
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        for observation in &mut observations {
            match observation.next().await.unwrap() {
                Ok(_) => live += 1,
                Err(RequestError::Ended { reason: EndReason::NotObserved, .. }) => single += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!((live, single), (3, 2));
        assert_eq!(client.status().await.unwrap().observations, 3);
        observations.remove(0).cancel().await.unwrap();
        let mut late = handle.observe(Temperature::SENSOR_VALUE.at(0)).await.unwrap();
        late.next().await.unwrap().unwrap();
        sensor.set(Temperature::SENSOR_VALUE, 2.0);
        let value = late.next().await.unwrap().unwrap().value;
        assert_eq!(value.to_bits(), 2_f64.to_bits(), "there is room again");
    });
}

/// A value larger than the device collects is refused, and the device serves on.
#[test]
fn a_body_over_the_limit_of_the_device_is_refused() {
    with_shards(|net, shards| async move {
        let scene = Scene::new(&net, shards).await;
        let mut config = coap::Config::default();
        config.limits.body_bytes = 16 * 1024;
        let (_client, vault) = scene.vault_of(scene.device().coap(Arc::new(config))).await;
        let handle = scene.server.client("device");
        let refused = handle.write("/32801/0/2", pattern(0, 100_000)).await.unwrap_err();
        let RequestError::Refused(rejection) = &refused else { panic!("{refused:?}") };
        assert_eq!(rejection.code, Code::REQUEST_ENTITY_TOO_LARGE);
        assert!(!refused.may_have_been_applied() && vault.held().images.is_empty());
        handle.write("/32801/0/2", pattern(1, 10_000)).await.unwrap();
        assert_eq!(vault.held().images, [pattern(1, 10_000)]);
    });
}

/// An answer larger than the server collects ends that read alone.
#[test]
fn an_answer_over_the_limit_of_the_server_ends_that_read() {
    with_shards(|net, shards| async move {
        let mut config = coap::Config::default();
        config.limits.body_bytes = 16 * 1024;
        let scene = Scene::of(&net, server(shards).coap(config)).await;
        let (_client, vault) = scene.vault().await;
        vault.held().images.push(pattern(0, 100_000));
        let handle = scene.server.client("device");
        let error = handle.read::<Bytes>("/32801/0/2").await.unwrap_err();
        assert!(matches!(error, RequestError::Exchange(coap::ExchangeError::TooLarge { .. })), "{error:?}");
        vault.held().images.push(pattern(2, 12_000));
        let read: Bytes = handle.read("/32801/0/2").await.unwrap();
        assert_eq!(read, pattern(2, 12_000));
    });
}

/// Requests over what may wait for one client fail at once and unsent; other clients have their own room.
#[test]
fn callers_of_one_client_do_not_take_the_room_of_another() {
    with_shards(|net, shards| async move {
        let mut limits = Limits::default();
        limits.requests_per_client = 8;
        let scene = Scene::of(&net, server(shards).limits(limits)).await;
        let (_client, vault) = scene.vault().await;
        let host = net.host("elsewhere");
        let other = scene.client(&host, "other", account()).start_in(&host).await.unwrap();
        other.registered().await.unwrap();
        vault.held().slow = seconds(10);
        let handle = scene.server.client("device");
        let reads = join_all((0..20).map(|_| {
            let read = handle.read::<i64>("/32801/0/1").timeout(seconds(200));
            async move { read.await }
        }));
        let beside = async {
            net.sleep(seconds(1)).await;
            let before = net.now().mono;
            let read = scene.server.client("other").read::<String>("/3/0/16").await;
            (read, net.now().mono.since(before))
        };
        let (reads, (read, took)) = tokio::join!(reads, beside);
        assert_eq!(read.unwrap(), "U");
        assert!(took < seconds(1), "{took:?}");
        let full = reads.iter().filter(|read| matches!(read, Err(RequestError::QueueFull))).count();
        let well = reads.iter().filter(|read| read.is_ok()).count();
        assert_eq!((well, full), (8, 12));
        assert_eq!(vault.held().asked, 8, "the others were not sent");
    });
}

/// A server that is full says when to come again, and the device does.
#[test]
fn a_device_that_finds_the_server_full_comes_again() {
    with_shards(|net, shards| async move {
        let mut limits = Limits::default();
        limits.registrations = 1;
        let mut scene = Scene::of(&net, server(shards).limits(limits)).await;
        let mut devices = Vec::new();
        let mut refusals = 0;
        let host = net.host("crowd");
        for n in 0..6 {
            let builder = scene.client(&host, &format!("d{n}"), account());
            let mut events = builder.events();
            let client = builder.start_in(&host).await.unwrap();
            match events.next().await.unwrap() {
                ClientEvent::Registered { .. } => devices.push((client, true)),
                ClientEvent::Refused { rejection, retry_in: Some(_), .. } => {
                    assert_eq!(rejection.code, Code::SERVICE_UNAVAILABLE);
                    refusals += 1;
                    devices.push((client, false));
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(refusals >= 6 - usize::from(shards), "{refusals}");
        assert_eq!(scene.registrations().await, 6 - refusals);
        while net.timeout(seconds(1), scene.events.next()).await.is_ok() {}
        let first = devices.iter().position(|(_, registered)| *registered).unwrap();
        devices.remove(first).0.shutdown().await.unwrap();
        assert!(matches!(scene.event().await, ServerEvent::Deregistered(_)));
        let next = net.timeout(seconds(3600), async {
            loop {
                if let ServerEvent::Registered { .. } = scene.events.next().await.unwrap() {
                    break;
                }
            }
        });
        next.await.expect("one of those that wait takes the room");
    });
}

/// More instances than a Register may list: refused with its reason, and the device says so.
#[test]
fn a_list_of_objects_over_the_limit_is_refused_with_its_reason() {
    with_shards(|net, shards| async move {
        let mut limits = Limits::default();
        limits.links = 2000;
        let scene = Scene::of(&net, server(shards).limits(limits)).await;
        let builder = scene.device();
        for n in 0..500 {
            builder.objects().add(n, Counter::default()).unwrap();
        }
        let mut events = builder.events();
        let _client = builder.start_in(&scene.here).await.unwrap();
        let ClientEvent::Refused { rejection, .. } = events.next().await.unwrap() else { panic!("refused") };
        assert_eq!(rejection.code, Code::REQUEST_ENTITY_TOO_LARGE);
        assert_eq!(scene.registrations().await, 0);
    });
}
