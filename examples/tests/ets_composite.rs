//! The cases of the OMA test specification (ETS INT) that concern composite operations. HLF-012, HLF-020, HLF-033,
//! HLF-035.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, Cx, Policy, Rejection, ServerAccount, Version,
    objects::{
        Device, Server as ServerObject,
        oma::{DeviceError, Portfolio, PowerSource},
    },
};
use lwm2m_core::{Attributes, codec::ContentFormat, ops::Downlink, sim::Net};
use lwm2m_server::{
    AsPath, Batch, ClientHandle, Code, Composite, Node, Observation, Path, RequestError, ServerEvent, Time,
};

/// Configuration C.12 on top of C.4.
fn device() -> Device {
    Device {
        manufacturer: Some("Open Mobile Alliance".into()),
        model_number: Some("Lightweight M2M Client".into()),
        serial_number: Some("345000123".into()),
        available_power_sources: BTreeMap::from([(0, PowerSource::InternalBattery), (1, PowerSource::Usb)]),
        power_source_voltage: BTreeMap::from([(0, 3800), (1, 5000)]),
        battery_level: Some(100),
        error_code: BTreeMap::from([(0, DeviceError::None)]),
        current_time: Some(Time(1_367_491_215)),
        ..Device::default()
    }
}

fn account_of(version: Version) -> ServerAccount {
    account().lifetime(seconds(86_400)).versions(Version::V1_0, version)
}

async fn scene_of(net: &Net, shards: u8, account: ServerAccount) -> (Scene, Client, ClientHandle) {
    let mut scene = Scene::new(net, shards).await;
    let builder = scene.client(&scene.here, "device", account).device(device());
    let host = Portfolio::of_host("Host Device ID #1", "Host Manufacturer", "Host Model", "2.1");
    builder.objects().add(0, host).unwrap();
    builder.objects().creatable(|_| Portfolio::of_host("", "", "", "")).unwrap();
    let client = scene.start_device(builder).await;
    let asked = scene.server.client("device");
    (scene, client, asked)
}

async fn scene(net: &Net, shards: u8) -> (Scene, Client, ClientHandle) {
    scene_of(net, shards, account_of(Version::V1_1)).await
}

fn paths(read: &Composite) -> Vec<String> {
    read.values().iter().map(|(path, _)| path.to_string()).collect()
}

fn code<T: std::fmt::Debug>(answer: Result<T, RequestError>) -> Code {
    match answer {
        Err(RequestError::Refused(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// The next notification, and how long it took, in whole seconds.
async fn next(net: &Net, values: &mut Observation<Composite>) -> (u64, Composite) {
    let began = net.now().mono;
    let told = values.next().await.unwrap().unwrap().value;
    (net.now().mono.since(began).as_secs_f64().round() as u64, told)
}

/// The lifetime that the server knows, after the next Update.
async fn updated_lifetime(scene: &mut Scene) -> Duration {
    match scene.event().await {
        ServerEvent::Updated(updated) => updated.after.lifetime,
        other => panic!("no Update, but {other:?}"),
    }
}

/// Object, instance, resource and resource instance in one request.
#[test]
fn ets_229_read_composite() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        for format in [ContentFormat::SENML_CBOR, ContentFormat::SENML_JSON] {
            let read =
                asked.read_composite(["/3", "/1/0", "/1/0/1", "/3/0/11/0"]).format(format).await.unwrap();
            assert_eq!(read.get::<String>("/3/0/0").unwrap().as_deref(), Some("Open Mobile Alliance"));
            assert_eq!(read.get("/1/0/1").unwrap(), Some(86_400));
            assert_eq!(read.get("/3/0/11/0").unwrap(), Some(0));
            assert_eq!(read.get("/3/0/7").unwrap(), Some(BTreeMap::from([(0, 3800), (1, 5000)])));
            let plain: Node = asked.read("/3").await.unwrap();
            assert_eq!(read.node("/3".as_path().unwrap()), Some(plain), "as a Read of the object alone");
        }
    });
}

/// Two objects and all instances of a resource in one request; the Server object makes the client send an Update.
#[test]
fn ets_230_write_composite() {
    with_shards(async |net, shards| {
        let (mut scene, client, asked) = scene(&net, shards).await;
        for (format, lifetime) in [(ContentFormat::SENML_CBOR, 60), (ContentFormat::SENML_JSON, 600)] {
            let names = ["#1", "#2", "#3", "#4"].map(|n| format!("{n} in {format}"));
            let mut batch = Batch::new().set("/1/0/1", lifetime).set("/1/0/6", false);
            for (item, name) in names.iter().enumerate() {
                batch = batch.set(format!("/16/0/0/{item}"), name.clone());
            }
            asked.write_composite(batch).format(format).await.unwrap();
            assert_eq!(updated_lifetime(&mut scene).await, seconds(lifetime as u64));
            let host = client.objects().instance::<Portfolio>(0).unwrap().get();
            assert!(host.identity.values().eq(&names), "{:?}", host.identity);
            let account = client.objects().instance::<ServerObject>(0).unwrap().get();
            assert!(!account.notification_storing && account.lifetime == lifetime);
        }
    });
}

/// The root: everything that can be read, and nothing that is secret.
#[test]
fn ets_235_read_composite_on_the_root() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        let read = asked.read_composite(["/"]).await.unwrap();
        assert_eq!(read.get("/1/0/0").unwrap(), Some(1));
        assert_eq!(read.get::<String>("/16/0/0/3").unwrap().as_deref(), Some("2.1"));
        assert_eq!(read.get("/3/0/9").unwrap(), Some(100));
        assert!(paths(&read).iter().all(|path| !path.starts_with("/0/") && !path.starts_with("/21/")));
        assert_eq!(read.get::<Node>("/1/0/8").unwrap(), None, "executable");
    });
}

/// What the client does not have is left out, whatever is wrong with it.
#[test]
fn ets_236_read_composite_with_partial_presence() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        let read =
            asked.read_composite(["/1/0/7", "/3/0/9", "/4/0/0", "/3/1/0", "/3/0/99", "/16/0/0/9"]).await;
        assert_eq!(paths(&read.unwrap()), ["/1/0/7", "/3/0/9"]);
        let nothing = asked.read_composite(["/4/0/0", "/0/0/0", "/1/0/8"]).await.unwrap();
        assert!(nothing.is_empty());
    });
}

/// Server and Device at once.
#[test]
fn ets_257_write_composite_of_server_and_device() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards).await;
        let batch = || Batch::new().set("/1/0/2", 101).set("/1/0/6", true).set("/3/0/13", Time(0));
        for format in [ContentFormat::SENML_JSON, ContentFormat::SENML_CBOR] {
            asked.write_composite(batch()).format(format).await.unwrap();
            let account = client.objects().instance::<ServerObject>(0).unwrap();
            assert_eq!(account.get().default_minimum_period, Some(101));
            assert!(account.get().notification_storing);
            let device = client.objects().instance::<Device>(0).unwrap();
            assert!(device.get().current_time.unwrap().0 < 1_000);
            device.update(|device| device.current_time = Some(Time(1_367_491_215)));
            account.update(|account| account.default_minimum_period = None);
        }
    });
}

/// Only what was asked for comes.
#[test]
fn ets_280_successful_read_composite() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        let read = asked.read_composite(["/1/0/1", "/1/0/7", "/3/0/11/0", "/16/0/0"]).await.unwrap();
        let expected = ["/1/0/1", "/1/0/7", "/3/0/11/0", "/16/0/0/0", "/16/0/0/1", "/16/0/0/2", "/16/0/0/3"];
        assert_eq!(paths(&read), expected);
    });
}

/// An executable resource among those that can be read.
#[test]
fn ets_281_partially_successful_read_composite() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        let read = asked.read_composite(["/1/0/1", "/1/0/7", "/1/0/8"]).await.unwrap();
        assert_eq!(paths(&read), ["/1/0/1", "/1/0/7"]);
    });
}

const REPORTED: [&str; 2] = ["/3/0/7", "/3/0/9"];

/// Periods attached to one of the places steer the observation; each notification has all places.
#[test]
fn ets_304_observe_composite() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards).await;
        asked.write_attributes("/3/0/7", Attributes::default().pmin(30).pmax(45)).await.unwrap();
        let mut told = asked.observe_composite(REPORTED).await.unwrap();
        let complete = ["/3/0/7/0", "/3/0/7/1", "/3/0/9"];
        assert_eq!(paths(&next(&net, &mut told).await.1), complete);
        let (waited, all) = next(&net, &mut told).await;
        assert_eq!((waited, paths(&all)), (45, complete.map(String::from).to_vec()), "pmax");
        let device = client.objects().instance::<Device>(0).unwrap();
        device.update(|device| device.power_source_voltage.insert(0, 3700));
        let (waited, all) = next(&net, &mut told).await;
        assert_eq!((waited, all.get("/3/0/7/0").unwrap()), (30, Some(3700)), "pmin");
        device.set(Device::BATTERY_LEVEL, 90);
        let (waited, all) = next(&net, &mut told).await;
        assert!(waited <= 1, "nothing is attached to the other: {waited}");
        assert_eq!((all.get("/3/0/9").unwrap(), all.get("/3/0/7/0").unwrap()), (Some(90), Some(3700)));
    });
}

/// FETCH with Observe 1 and the same places ends it, and it alone.
#[test]
fn ets_305_cancel_observation_composite() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards).await;
        let observations = async || client.status().await.unwrap().observations;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(5).pmax(10)).await.unwrap();
        let mut other = asked.observe_composite(["/3/0/9", "/3/0/0"]).await.unwrap();
        let mut told = asked.observe_composite(REPORTED).await.unwrap();
        next(&net, &mut told).await;
        next(&net, &mut other).await;
        assert_eq!(next(&net, &mut told).await.0, 10);
        told.cancel().await.unwrap();
        assert_eq!(observations().await, 1);
        next(&net, &mut other).await;
        assert_eq!(next(&net, &mut other).await.0, 10, "the other goes on");
        other.cancel().await.unwrap();
        assert_eq!(observations().await, 0);
    });
}

/// An instance that is created is in the next notification of an observation of its object.
#[test]
fn ets_308_observe_composite_and_create() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        let mut told = asked.observe_composite(["/16", "/3/0/9"]).await.unwrap();
        let first = next(&net, &mut told).await.1;
        assert_eq!(first.get::<String>("/16/1/0/0").unwrap(), None);
        let new = Portfolio::of_host("second", "maker", "model", "1");
        asked.create(Some(1), new).await.unwrap();
        let all = next(&net, &mut told).await.1;
        assert_eq!(all.get::<String>("/16/1/0/0").unwrap().as_deref(), Some("second"));
        assert_eq!(all.get("/3/0/9").unwrap(), Some(100));
    });
}

/// One that is deleted is not, and the observation goes on.
#[test]
fn ets_309_observe_composite_and_delete() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards).await;
        asked.create(Some(1), Portfolio::of_host("second", "maker", "model", "1")).await.unwrap();
        let mut told = asked.observe_composite(["/16/0/0", "/16/1", "/3/0/9"]).await.unwrap();
        assert!(next(&net, &mut told).await.1.get::<String>("/16/1/0/0").unwrap().is_some());
        asked.delete("/16/1").await.unwrap();
        let all = next(&net, &mut told).await.1;
        assert_eq!(all.node(Path::new(&[16, 1]).unwrap()), None);
        assert_eq!(all.get::<String>("/16/0/0/3").unwrap().as_deref(), Some("2.1"));
        client.objects().instance::<Device>(0).unwrap().set(Device::BATTERY_LEVEL, 80);
        assert_eq!(next(&net, &mut told).await.1.get("/3/0/9").unwrap(), Some(80));
        asked.create(Some(1), Portfolio::of_host("third", "maker", "model", "1")).await.unwrap();
        let all = next(&net, &mut told).await.1;
        assert_eq!(all.get::<String>("/16/1/0/0").unwrap().as_deref(), Some("third"), "it is back");
    });
}

/// Attributes that change while the observation goes on.
#[test]
fn ets_310_observe_composite_and_modification_of_attributes() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards).await;
        asked.write_attributes("/3/0/7", Attributes::default().pmin(10).pmax(30)).await.unwrap();
        let mut told = asked.observe_composite(REPORTED).await.unwrap();
        next(&net, &mut told).await;
        assert_eq!(next(&net, &mut told).await.0, 30);
        asked.write_attributes("/3/0/7", Attributes::default().pmin(1).pmax(5)).await.unwrap();
        for _ in 0..3 {
            assert_eq!(next(&net, &mut told).await.0, 5);
        }
    });
}

/// Attributes of the request, since 1.2, count for all places instead of what is attached to them.
#[test]
fn attributes_of_an_observe_composite_count_for_all_places() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene_of(&net, shards, account_of(Version::V1_2)).await;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(60).pmax(90)).await.unwrap();
        let attributes = Attributes::default().pmin(5).pmax(20);
        let mut told = asked.observe_composite(REPORTED).attributes(attributes).await.unwrap();
        next(&net, &mut told).await;
        assert_eq!(next(&net, &mut told).await.0, 20);
        client.objects().instance::<Device>(0).unwrap().set(Device::BATTERY_LEVEL, 80);
        assert_eq!(next(&net, &mut told).await.0, 5);
        told.cancel().await.unwrap();
        assert_eq!(client.status().await.unwrap().observations, 0);
        let threshold = asked.observe_composite(REPORTED).attributes(Attributes::default().gt(4.0)).await;
        assert!(matches!(threshold, Err(RequestError::Encode(_))), "{threshold:?}");
    });
}

/// One place that cannot be written, and nothing is.
#[test]
fn a_write_composite_is_all_or_nothing() {
    with_shards(async |net, shards| {
        let (mut scene, client, asked) = scene_of(&net, shards, account_of(Version::V1_2)).await;
        let state = || {
            let objects = client.objects();
            let account = objects.instance::<ServerObject>(0).unwrap().get();
            (
                account,
                objects.instance::<Portfolio>(0).unwrap().get(),
                objects.instance::<Device>(0).unwrap().get(),
            )
        };
        let before = state();
        let good = || Batch::new().set("/1/0/1", 60).set("/16/0/0/0", "changed").set("/3/0/14", "+02:00");
        for (batch, expected) in [
            (good().set("/3/0/0", "maker"), Code::METHOD_NOT_ALLOWED),
            (good().set("/3/0/4", 1), Code::METHOD_NOT_ALLOWED),
            (good().set("/4/0/0", 1), Code::NOT_FOUND),
            (good().set("/3/1/14", "+01:00"), Code::NOT_FOUND),
            (good().set("/3/0/99", 1), Code::NOT_FOUND),
            (good().set("/0/0/0", "coap://elsewhere"), Code::UNAUTHORIZED),
            (good().set("/1/0/7", "X"), Code::BAD_REQUEST),
            (good().set("/1/0/2", -1), Code::BAD_REQUEST),
            (good().remove("/16/0/0/9"), Code::NOT_FOUND),
            (good().remove("/3/0/6/0"), Code::METHOD_NOT_ALLOWED),
        ] {
            let refused = asked.write_composite(batch.clone()).await;
            assert_eq!(code(refused), expected, "{batch:?}");
            assert_eq!(state(), before, "{batch:?}");
        }
        asked.write_composite(good().remove("/16/0/0/1").set("/16/0/0/7", "new")).await.unwrap();
        let (account, host, device) = state();
        assert_eq!((account.lifetime, device.utc_offset.as_deref()), (60, Some("+02:00")));
        let identity: Vec<_> = host.identity.iter().map(|(id, text)| (*id, text.as_str())).collect();
        assert_eq!(identity, [(0, "changed"), (2, "Host Model"), (3, "2.1"), (7, "new")]);
        assert_eq!(updated_lifetime(&mut scene).await, seconds(60));
    });
}

/// Clients of 1.0 have no composite operations: a server does not send what they would refuse.
#[test]
fn a_client_of_1_0_is_not_asked() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene_of(&net, shards, account_of(Version::V1_0)).await;
        assert!(matches!(asked.read_composite(["/3"]).await, Err(RequestError::Encode(_))));
        let batch = Batch::new().set("/1/0/1", 60);
        assert!(matches!(asked.write_composite(batch).await, Err(RequestError::Encode(_))));
        assert!(matches!(asked.observe_composite(["/3"]).await, Err(RequestError::Encode(_))));
    });
}

/// The program's policy keeps the battery level and everything of object 16 from servers.
struct Discreet;

impl Policy for Discreet {
    fn permit(&self, _cx: &Cx, operation: &Downlink) -> Result<(), Rejection> {
        match operation {
            Downlink::Read { path, .. } if ["/3/0/9", "/16"].contains(&path.to_string().as_str()) => {
                Err(Rejection::unauthorized("not for servers"))
            }
            _ => Ok(()),
        }
    }
}

/// What the policy forbids to read is in no answer, and in no notification: neither named nor as a part of the root.
#[test]
fn what_the_policy_forbids_comes_with_no_composite_operation() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let builder = scene.client(&scene.here, "device", account_of(Version::V1_1)).device(device());
        builder.objects().add(0, Portfolio::of_host("Host", "maker", "model", "1")).unwrap();
        let client = scene.start_device(builder.policy(Discreet)).await;
        let asked = scene.server.client("device");
        let device = client.objects().instance::<Device>(0).unwrap();
        let has = |told: &Composite, path: &str| paths(told).iter().any(|found| found.starts_with(path));
        for (places, forbidden) in [(vec!["/3/0/9", "/3/0/0"], "/3/0/9"), (vec!["/"], "/16")] {
            let read = asked.read_composite(places.clone()).await.unwrap();
            assert!(has(&read, "/3/0/0") && !has(&read, forbidden), "{:?}", paths(&read));
            let mut told = asked.observe_composite(places).await.unwrap();
            let first = next(&net, &mut told).await.1;
            assert!(has(&first, "/3/0/0") && !has(&first, forbidden), "{:?}", paths(&first));
            device.update(|device| {
                device.battery_level = device.battery_level.map(|level| level - 1);
                device.manufacturer = device.manufacturer.take().map(|name| name + "!");
            });
            let changed = next(&net, &mut told).await.1;
            assert!(has(&changed, "/3/0/0") && !has(&changed, forbidden), "{:?}", paths(&changed));
            told.cancel().await.unwrap();
        }
    });
}
