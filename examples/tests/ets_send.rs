//! The cases of the OMA test specification (ETS INT) that concern Send. HLF-020.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{
    future::IntoFuture as _,
    sync::{Arc, Mutex},
};

use common::{Scene, account, seconds, server, with_shards};
use futures_util::{StreamExt as _, stream::FuturesOrdered};
use lwm2m_client::{
    Client, Measurements, SendError, ServerAccount, Version,
    objects::{Device, Server as ServerObject, Temperature},
};
use lwm2m_core::{
    UnixTime,
    codec::{ContentFormat, Stamp, Timed},
};
use lwm2m_server::{Code, Data, DataSink, DataSource, Sent, ServerEvent, SinkError, async_trait};

fn may_send() -> ServerAccount {
    account().lifetime(seconds(86_400)).allow_send()
}

async fn device(scene: &mut Scene, account: ServerAccount) -> Client {
    let builder = scene.client(&scene.here, "device", account);
    let builder = builder.device(Device { battery_level: Some(80), ..Device::default() });
    builder.objects().add(0, Temperature { sensor_value: 20.5, ..Temperature::default() }).unwrap();
    scene.start_device(builder).await
}

async fn sent(scene: &mut Scene) -> Sent {
    loop {
        match scene.event().await {
            ServerEvent::Sent(sent) => return sent,
            ServerEvent::Updated(_) | ServerEvent::Registered { .. } | ServerEvent::Expired(_) => {}
            other => panic!("nothing sent, but {other:?}"),
        }
    }
}

fn shown(values: &[Timed]) -> Vec<String> {
    let shown = values.iter().map(|value| {
        let leaves = value.node.leaves(value.path);
        leaves.iter().map(|(path, value)| format!("{path}={value}")).collect::<String>()
    });
    shown.collect()
}

/// What is sent arrives, in every format that carries it.
#[test]
fn ets_306_send() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = device(&mut scene, may_send()).await;
        for format in [ContentFormat::SENML_JSON, ContentFormat::SENML_CBOR] {
            client.send(["/3303/0/5700", "/3/0/9"]).format(format).await.unwrap();
            let sent = sent(&mut scene).await;
            assert_eq!(&*sent.registration.endpoint, "device");
            assert_eq!(shown(&sent.values), ["/3303/0/5700=20.5", "/3/0/9=80"]);
        }
    });
}

/// Muted, nothing is sent; and again once the server wants it.
#[test]
fn ets_307_muting_send() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = device(&mut scene, may_send()).await;
        let asked = scene.server.client("device");
        asked.write("/1/0/23", true).await.unwrap();
        let muted = client.send(["/3/0/9"]).to(1).await;
        assert!(matches!(muted, Err(SendError::Muted(1))), "{muted:?}");
        assert!(matches!(client.send(["/3/0/9"]).await, Err(SendError::NoServer)));
        asked.write("/1/0/23", false).await.unwrap();
        client.send(["/3/0/9"]).await.unwrap();
        assert_eq!(shown(&sent(&mut scene).await.values), ["/3/0/9=80"]);
        // absent is muted too
        client.objects().instance::<ServerObject>(0).unwrap().update(|account| account.mute_send = None);
        net.sleep(seconds(1)).await;
        assert!(matches!(client.send(["/3/0/9"]).to(1).await, Err(SendError::Muted(1))));
    });
}

/// The values are those of the device.
#[test]
fn ets_311_send_command() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = device(&mut scene, may_send().versions(Version::V1_0, Version::V1_2)).await;
        client.send(["/3303/0", "/3/0/9"]).await.unwrap();
        let told = sent(&mut scene).await;
        let asked = scene.server.client("device");
        let read = asked.read_composite(["/3303/0", "/3/0/9"]).await.unwrap();
        let read: Vec<String> = read.values().iter().map(|(path, value)| format!("{path}={value}")).collect();
        let mut told = shown(&told.values);
        told.sort_by_key(|text| read.iter().position(|other| other == text));
        assert_eq!(told, read);
    });
}

/// What cannot be delivered waits, in order, and says when it was taken.
#[test]
fn a_send_waits_for_the_server() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = device(&mut scene, may_send().lifetime(seconds(300))).await;
        let sensor = client.objects().instance::<Temperature>(0).unwrap();
        scene.wire.partition(true);
        let mut taken = Vec::new();
        let mut sending = FuturesOrdered::new();
        for n in 0..3 {
            sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
            taken.push(net.now().wall.unwrap().0);
            sending.push_back(client.send(["/3303/0/5700"]).into_future());
            let waited = net.timeout(seconds(400), sending.next()).await;
            assert!(waited.is_err(), "it cannot have been answered: {waited:?}");
        }
        assert!(client.status().await.unwrap().has_unsent);
        scene.wire.partition(false);
        while let Some(result) = sending.next().await {
            result.unwrap();
        }
        for (n, taken) in (0..).zip(taken) {
            let sent = sent(&mut scene).await;
            assert_eq!(shown(&sent.values), [format!("/3303/0/5700={n}")]);
            let Some(Stamp::At(at)) = sent.values[0].at else { panic!("{sent:?}") };
            assert!(at.0.abs_diff(taken) < 2_000_000, "{at:?} {taken:?}");
        }
    });
}

/// What was measured goes with its times, and the sink has it before the device hears that it arrived.
#[test]
fn measurements_reach_the_sink_before_they_are_answered() {
    #[derive(Clone, Default)]
    struct Sink {
        kept: Arc<Mutex<Vec<Data>>>,
        busy: Arc<Mutex<u32>>,
    }

    #[async_trait]
    impl DataSink for Sink {
        async fn accept(&self, batch: &[Data]) -> Result<(), SinkError> {
            let mut busy = self.busy.lock().unwrap();
            if *busy > 0 {
                *busy -= 1;
                return Err(SinkError::Busy { retry_after: seconds(30) });
            }
            self.kept.lock().unwrap().extend(batch.iter().cloned());
            Ok(())
        }
    }

    with_shards(async |net, shards| {
        let sink = Sink::default();
        *sink.busy.lock().unwrap() = 2;
        let mut scene = Scene::of(&net, server(shards).data(sink.clone())).await;
        let client = device(&mut scene, may_send()).await;
        let at = |seconds: i64| UnixTime(1_700_000_000_000_000 + seconds * 1_000_000);
        let mut measured = Measurements::new();
        for n in 0..3_000_i32 {
            measured = measured.at(at(i64::from(n)), Temperature::SENSOR_VALUE.at(0), f64::from(n));
        }
        let began = net.now().mono;
        client.send_measured(measured).await.unwrap();
        assert!(net.now().mono.since(began) >= seconds(60), "twice the sink was busy");
        let kept = sink.kept.lock().unwrap().clone();
        assert!(kept.len() > 1, "so much goes in several messages");
        let values: Vec<Timed> = kept.iter().flat_map(|data| data.values.clone()).collect();
        assert_eq!(values.len(), 3_000);
        for (n, value) in (0..).zip(&values) {
            assert_eq!(value.at, Some(Stamp::At(at(n))));
        }
        assert!(kept.iter().all(|data| data.source == DataSource::Send && &*data.endpoint == "device"));
        assert_eq!(
            sent(&mut scene).await.values.len(),
            kept[0].values.len(),
            "readers of events hear of it too"
        );
    });
}

/// What servers may not read is not sent, and what is not registered is not taken.
#[test]
fn only_what_is_registered_and_readable_is_sent() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let client = device(&mut scene, may_send()).await;
        for (path, expected) in [
            ("/0/0/0", Code::UNAUTHORIZED),
            ("/3/0/4", Code::METHOD_NOT_ALLOWED),
            ("/3303/7/5700", Code::NOT_FOUND),
            ("/3/0/13", Code::NOT_FOUND),
        ] {
            match client.send([path]).await {
                Err(SendError::NotReadable { rejection, .. }) => {
                    assert_eq!(rejection.code, expected, "{path}");
                }
                other => panic!("{path}: {other:?}"),
            }
        }
        assert!(matches!(client.send([] as [&str; 0]).await, Err(SendError::Empty)));
        assert!(matches!(client.send(["/3/0/9"]).to(9).await, Err(SendError::UnknownServer(9))));
    });
}
