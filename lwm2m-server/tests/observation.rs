//! [Core 1.2 §6.4] [RFC 7641] An observation is a stream of values with the first one in front.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::time::Duration;

use common::{Scene, notification, text, with_shards};
use lwm2m_server::{
    Code, EndReason, RequestError, UnixTime,
    coap::{MessageId, MessageType, OptionNumber, Options},
    codec::Stamp,
};

#[test]
fn values_come_in_order_and_stale_ones_do_not() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        for (n, value) in [(3, "3"), (2, "2"), (4, "4")] {
            device.notify(MessageType::NonConfirmable, &observe, n, value);
            net.sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(observation.next().await.unwrap().unwrap().value, 3.0);
        assert_eq!(observation.next().await.unwrap().unwrap().value, 4.0);
    });
}

#[test]
fn a_slow_reader_hears_how_many_it_missed() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        for n in 2..=101 {
            device.notify(MessageType::NonConfirmable, &observe, n, &n.to_string());
            net.sleep(Duration::from_millis(100)).await;
        }
        let next = observation.next().await.unwrap().unwrap();
        assert_eq!((next.value, next.missed), (38.0, 36));
        assert_eq!(observation.next().await.unwrap().unwrap().missed, 0);
    });
}

/// Whatever the device writes, and with the times that it says.
#[test]
fn values_of_every_format_are_of_one_type() {
    let json = br#"[{"bn":"/3303/0/5700","t":1700000000,"v":20},{"t":1700000060,"v":21.5}]"#;
    let cbor = [b"\x81\xa2\x00\x6c/3303/0/5700\x02".as_slice(), b"\xf9\x4d\x60"].concat();
    let formats: [(u64, &[u8]); 6] = [
        (0, b"21.5"),
        (60, b"\xf9\x4d\x60"),
        (110, json),
        (112, &cbor),
        (11542, b"\xe4\x16\x44\x41\xac\x00\x00"),
        (11544, b"\xa1\x19\x0c\xe7\xa1\x00\xa1\x19\x16\x44\xf9\x4d\x60"),
    ];
    for (format, body) in formats {
        with_shards(async |net, builder| {
            let (scene, mut device) = Scene::registered(&net, builder).await;
            let in_format = |n: u64| {
                Options::new()
                    .with_uint(OptionNumber::CONTENT_FORMAT, format)
                    .with_uint(OptionNumber::OBSERVE, n)
            };
            let script = async {
                let observe = device.request().await;
                device.answer(&observe, Code::CONTENT, &in_format(1), body);
                let kind = MessageType::NonConfirmable;
                device.send(kind, Code::CONTENT, 900, observe.token, &in_format(2), body);
            };
            let observing = scene.server.client("a").observe::<f64>("/3303/0/5700").into_future();
            let (observation, ()) = tokio::join!(observing, script);
            let mut observation = observation.unwrap();
            let at = |seconds| Some(Stamp::At(UnixTime::from_secs(seconds)));
            let expected: &[_] = match format {
                110 => &[(20.0, at(1_700_000_000)), (21.5, at(1_700_000_060))],
                _ => &[(21.5, None)],
            };
            for _ in 0..2 {
                for expected in expected {
                    let next = observation.next().await.unwrap().unwrap();
                    assert_eq!((next.value, next.at), *expected, "format {format}");
                }
            }
        });
    }
}

#[test]
fn what_is_not_understood_is_reported_and_ends_nothing() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        device.notify(MessageType::NonConfirmable, &observe, 2, "warm");
        let wrong = observation.next().await.unwrap();
        assert!(matches!(wrong, Err(RequestError::Decode(_))), "{wrong:?}");
        device.notify(MessageType::NonConfirmable, &observe, 3, "21");
        assert_eq!(observation.next().await.unwrap().unwrap().value, 21.0);
    });
}

#[test]
fn dropping_it_resets_the_next_notification() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (observation, observe) = scene.observes("a", &mut device).await;
        drop(observation);
        net.sleep(Duration::from_millis(100)).await;
        let id = device.notify(MessageType::Confirmable, &observe, 2, "21");
        let reset = device.receive().await;
        assert_eq!((reset.kind, reset.id), (MessageType::Reset, MessageId(id)));
    });
}

#[test]
fn cancelling_it_tells_the_device_under_the_same_token() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (observation, observe) = scene.observes("a", &mut device).await;
        let script = async {
            let cancel = device.request().await;
            assert_eq!((cancel.options.observe(), cancel.token), (Some(1), observe.token));
            assert_eq!(cancel.path(), "/3303/0/5700");
            device.answer(&cancel, Code::CONTENT, &text(), b"20.5");
        };
        let (cancelled, ()) = tokio::join!(observation.cancel(), script);
        cancelled.unwrap();
    });
}

#[test]
fn a_detached_one_goes_on() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (observation, observe) = scene.observes("a", &mut device).await;
        observation.detach();
        net.sleep(Duration::from_millis(100)).await;
        let id = device.notify(MessageType::Confirmable, &observe, 2, "21");
        device.is_acknowledged(id).await;
    });
}

#[test]
fn a_refusal_by_the_device_ends_it() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut observation, observe) = scene.observes("a", &mut device).await;
        let none = Options::new();
        device.send(MessageType::Confirmable, Code::NOT_FOUND, 900, observe.token, &none, b"");
        let end = observation.next().await.unwrap();
        assert!(matches!(end, Err(RequestError::Refused(ref why)) if why.code == Code::NOT_FOUND), "{end:?}");
        assert!(observation.next().await.is_none());
    });
}

#[test]
fn a_device_that_does_not_observe_gives_one_value() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let script = async {
            let request = device.request().await;
            device.answer(&request, Code::CONTENT, &text(), b"20.5");
        };
        let (observation, ()) = tokio::join!(client.observe::<f64>("/3303/0/5700").into_future(), script);
        let mut observation = observation.unwrap();
        assert_eq!(observation.next().await.unwrap().unwrap().value, 20.5);
        let end = observation.next().await.unwrap();
        assert!(matches!(end, Err(RequestError::Ended { reason: EndReason::NotObserved, .. })), "{end:?}");
        assert!(observation.next().await.is_none());
    });
}

/// A value that is wrong from the start is an error, and nothing stays behind on the device.
#[test]
fn a_wrong_first_value_is_refused_and_cancelled() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let client = scene.server.client("a");
        let (observation, observe) =
            tokio::join!(client.observe::<f64>("/3303/0/5700").into_future(), device.take_up("warm"));
        assert!(matches!(observation, Err(RequestError::Decode(_))), "{observation:?}");
        device.send(MessageType::Confirmable, Code::CONTENT, 900, observe.token, &notification(2), b"1");
        assert_eq!(device.receive().await.kind, MessageType::Reset);
    });
}

/// [Core 1.2 §6.4] Two observations of one place are two relations.
#[test]
fn observations_of_one_place_are_independent() {
    with_shards(async |net, builder| {
        let (scene, mut device) = Scene::registered(&net, builder).await;
        let (mut first, observe) = scene.observes("a", &mut device).await;
        let (second, again) = scene.observes("a", &mut device).await;
        assert_ne!(observe.token, again.token);
        drop(second);
        device.notify(MessageType::NonConfirmable, &observe, 2, "21");
        assert_eq!(first.next().await.unwrap().unwrap().value, 21.0);
        assert!(observe.options.first(OptionNumber::ACCEPT).is_some());
    });
}
