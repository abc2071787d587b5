//! The cases of the OMA test specification (ETS INT) that concern attributes, Discover with attributes, and
//! observations of single places. HLF-019, HLF-021, HLF-022, HLF-024, HLF-036.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{Scene, account, seconds, with_shards};
use lwm2m_client::{
    Client, ServerAccount, Version,
    objects::{
        Device,
        oma::{DeviceError, PowerSource},
    },
    transport::Target,
};
use lwm2m_core::{Attribute, AttributeEdit, Attributes, ObjectLink, Tree, sim::Net};
use lwm2m_server::{ClientHandle, Code, Observation, RequestError};

/// Configuration C.4: default periods 1 s and 10 s, two power sources.
fn device() -> Device {
    Device {
        manufacturer: Some("Open Mobile Alliance".into()),
        model_number: Some("Lightweight M2M Client".into()),
        serial_number: Some("345000123".into()),
        available_power_sources: BTreeMap::from([(0, PowerSource::InternalBattery), (1, PowerSource::Usb)]),
        power_source_voltage: BTreeMap::from([(0, 3800), (1, 5000)]),
        power_source_current: BTreeMap::from([(0, 125), (1, 900)]),
        battery_level: Some(100),
        ..Device::default()
    }
}

fn newest() -> ServerAccount {
    account().lifetime(seconds(86_400)).versions(Version::V1_0, Version::V1_2)
}

async fn scene(net: &Net, shards: u8, account: ServerAccount) -> (Scene, Client, ClientHandle) {
    let mut scene = Scene::new(net, shards).await;
    let builder = scene.client(&scene.here, "device", account).device(device());
    let client = scene.start_device(builder).await;
    let asked = scene.server.client("device");
    (scene, client, asked)
}

async fn discover(asked: &ClientHandle, path: &str, depth: Option<u8>) -> String {
    let discover = asked.discover(path);
    let links = match depth {
        Some(depth) => discover.depth(depth).await.unwrap(),
        None => discover.await.unwrap(),
    };
    ObjectLink::list(&Tree::DEFAULT, &links).to_string()
}

fn code<T: std::fmt::Debug>(answer: Result<T, RequestError>) -> Code {
    match answer {
        Err(RequestError::Refused(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// The next value, and how long it took, in whole seconds.
async fn next<T: lwm2m_server::FromNode>(net: &Net, values: &mut Observation<T>) -> (u64, T) {
    let began = net.now().mono;
    let value = values.next().await.unwrap().unwrap().value;
    (net.now().mono.since(began).as_secs_f64().round() as u64, value)
}

async fn silent<T: lwm2m_server::FromNode>(net: &Net, values: &mut Observation<T>, time: Duration) -> bool {
    net.timeout(time, values.next()).await.is_err()
}

/// Nobody touches the Security object: neither Read nor Write nor Write-Attributes.
#[test]
fn ets_221_operations_on_the_security_object() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, newest()).await;
        assert_eq!(code(asked.read::<lwm2m_server::Node>("/0").await), Code::UNAUTHORIZED);
        assert_eq!(code(asked.write("/0/0/0", "coap://elsewhere").await), Code::UNAUTHORIZED);
        let pmin = Attributes::default().pmin(5);
        assert_eq!(code(asked.write_attributes("/0", pmin).await), Code::UNAUTHORIZED);
    });
}

/// Discover shows `dim`, and attributes after they were written; of the target also what it inherits.
#[test]
fn ets_260_discover() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, newest()).await;
        let links = discover(&asked, "/3", None).await;
        assert!(links.starts_with("</3>,</3/0>,"), "{links}");
        for multiple in ["</3/0/6>;dim=2", "</3/0/7>;dim=2", "</3/0/8>;dim=2"] {
            assert!(links.contains(multiple), "{multiple} in {links}");
        }
        asked.write_attributes("/3/0", Attributes::default().pmin(10).pmax(60)).await.unwrap();
        asked.write_attributes("/3/0/7", Attributes::default().lt(1.0).gt(6.0).st(1.0)).await.unwrap();
        let links = discover(&asked, "/3/0", None).await;
        assert!(links.starts_with("</3/0>;pmin=10;pmax=60,"), "{links}");
        assert!(links.contains("</3/0/7>;dim=2;gt=6;lt=1;st=1,"), "{links}");
        let links = discover(&asked, "/3/0/7", None).await;
        assert_eq!(links, "</3/0/7>;dim=2;pmin=10;pmax=60;gt=6;lt=1;st=1,</3/0/7/0>,</3/0/7/1>");
        let refused = asked.write_attributes("/3/0/7", Attributes::default().lt(9.0)).await;
        assert_eq!(code(refused), Code::BAD_REQUEST);
    });
}

/// Attributes of a resource instance are shown at its link.
#[test]
fn ets_261_write_attributes_on_a_multiple_resource() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let device = Device { error_code: BTreeMap::from([(0, DeviceError::None)]), ..device() };
        let builder = scene.client(&scene.here, "device", newest()).device(device);
        let _client = scene.start_device(builder).await;
        let asked = scene.server.client("device");
        let attributes = Attributes::default().pmax(60).epmin(5).epmax(20);
        asked.write_attributes("/3/0/11/0", attributes).await.unwrap();
        let links = discover(&asked, "/3/0/11", None).await;
        assert_eq!(links, "</3/0/11>;dim=1,</3/0/11/0>;pmax=60;epmin=5;epmax=20");
        let edit = AttributeEdit::default().unset(Attribute::Epmin).unset(Attribute::Epmax);
        asked.write_attributes("/3/0/11/0", edit).await.unwrap();
        assert_eq!(discover(&asked, "/3/0/11", None).await, "</3/0/11>;dim=1,</3/0/11/0>;pmax=60");
        assert_eq!(code(asked.write_attributes("/3/0/11/7", edit).await), Code::NOT_FOUND);
    });
}

/// Depth 1: the object and its instances.
#[test]
fn ets_264_discover_with_depth_1() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(5)).await.unwrap();
        asked.write_attributes("/3/0", Attributes::default().pmax(50)).await.unwrap();
        assert_eq!(discover(&asked, "/3", Some(1)).await, "</3>,</3/0>;pmax=50");
        assert_eq!(discover(&asked, "/3", Some(0)).await, "</3>");
    });
}

/// Depth 2 adds the resources, depth 3 their instances.
#[test]
fn ets_266_discover_with_depth_2_and_3() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/7", Attributes::default().gt(4000.0)).await.unwrap();
        let two = discover(&asked, "/3", Some(2)).await;
        assert!(two.contains("</3/0/7>;dim=2;gt=4000,</3/0/8>") && !two.contains("</3/0/7/0>"), "{two}");
        let three = discover(&asked, "/3", Some(3)).await;
        assert!(three.contains("</3/0/7>;dim=2;gt=4000,</3/0/7/0>,</3/0/7/1>,</3/0/8>;dim=2,"), "{three}");
    });
}

/// Periods written for two resources steer the notifications of both.
#[test]
fn ets_301_observation_and_notification_of_parameter_values() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/7", Attributes::default().pmin(5).pmax(15)).await.unwrap();
        asked.write_attributes("/3/0/8", Attributes::default().pmin(10).pmax(20)).await.unwrap();
        let mut voltage = asked.observe::<BTreeMap<u16, i64>>("/3/0/7").await.unwrap();
        let mut current = asked.observe::<BTreeMap<u16, i64>>("/3/0/8").await.unwrap();
        next(&net, &mut voltage).await;
        next(&net, &mut current).await;
        assert_eq!(next(&net, &mut voltage).await.0, 15, "pmax");
        assert_eq!(next(&net, &mut current).await.0, 5, "pmax, five seconds after the other");
        let device = client.objects().instance::<Device>(0).unwrap();
        device.update(|device| device.power_source_voltage.insert(0, 3700));
        let (waited, value) = next(&net, &mut voltage).await;
        assert!(waited <= 1 && value[&0] == 3700, "pmin is over: {waited}");
        device.update(|device| device.power_source_voltage.insert(0, 3600));
        assert_eq!(next(&net, &mut voltage).await, (5, BTreeMap::from([(0, 3600), (1, 5000)])), "pmin");
    });
}

/// A reset ends the observation: its reader has gone.
#[test]
fn ets_302_cancel_by_reset() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(1).pmax(5)).await.unwrap();
        let mut values = asked.observe::<i64>("/3/0/9").await.unwrap();
        next(&net, &mut values).await;
        assert_eq!(next(&net, &mut values).await, (5, 100));
        assert_eq!(client.status().await.unwrap().observations, 1);
        drop(values);
        net.sleep(seconds(12)).await;
        assert_eq!(client.status().await.unwrap().observations, 0);
    });
}

/// Observe with value 1 ends the observation at once.
#[test]
fn ets_303_cancel_with_observe_1() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(1).pmax(5)).await.unwrap();
        let mut values = asked.observe::<i64>("/3/0/9").await.unwrap();
        next(&net, &mut values).await;
        assert_eq!(next(&net, &mut values).await, (5, 100));
        values.cancel().await.unwrap();
        assert_eq!(client.status().await.unwrap().observations, 0);
        // also one that has attributes of its own: the cancel names the same
        let observe = asked.observe::<i64>("/3/0/9").attributes(Attributes::default().pmax(7));
        observe.await.unwrap().cancel().await.unwrap();
        assert_eq!(client.status().await.unwrap().observations, 0);
    });
}

/// Attributes in the Observe itself.
#[test]
fn ets_312_observe_with_attributes_in_the_request() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards, newest()).await;
        let attributes = Attributes::default().pmin(5).pmax(15);
        let mut values = asked.observe::<i64>("/3/0/9").attributes(attributes).await.unwrap();
        next(&net, &mut values).await;
        assert_eq!(next(&net, &mut values).await, (15, 100));
        client.objects().instance::<Device>(0).unwrap().set(Device::BATTERY_LEVEL, 99);
        assert_eq!(next(&net, &mut values).await, (5, 99));
        assert_eq!(discover(&asked, "/3/0/9", None).await, "</3/0/9>", "of this observation alone");
    });
}

/// Attributes in the Observe count, not those that were written.
#[test]
fn ets_313_observe_attributes_override_what_is_attached() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, newest()).await;
        asked.write_attributes("/3/0/9", Attributes::default().pmin(30).pmax(60)).await.unwrap();
        let attributes = Attributes::default().pmin(5).pmax(10);
        let mut own = asked.observe::<i64>("/3/0/9").attributes(attributes).await.unwrap();
        let mut attached = asked.observe::<i64>("/3/0/9").await.unwrap();
        next(&net, &mut own).await;
        next(&net, &mut attached).await;
        for _ in 0..5 {
            assert_eq!(next(&net, &mut own).await.0, 10);
        }
        assert_eq!(next(&net, &mut attached).await.0, 10, "sixty seconds in all");
        assert_eq!(discover(&asked, "/3/0/9", None).await, "</3/0/9>;pmin=30;pmax=60");
    });
}

/// Two servers: what one attaches the other neither sees nor feels.
#[test]
fn ets_951_attributes_are_isolated_per_server() {
    with_shards(async |net, shards| {
        let mut scene = Scene::new(&net, shards).await;
        let elsewhere = net.host("other");
        let _ = net.between(&elsewhere, &scene.here);
        let other = common::server(1).start_in(&elsewhere).await.unwrap();
        let second = ServerAccount::new(2, Target::new("coap://other:5683")).lifetime(seconds(86_400));
        let builder = scene.client(&scene.here, "device", newest()).server(second).device(device());
        let client = scene.start_device(builder).await;
        client.registered().await.unwrap();
        let (one, two) = (scene.server.client("device"), other.client("device"));
        one.write_attributes("/3/0/9", Attributes::default().pmin(5).pmax(15)).await.unwrap();
        two.write_attributes("/3/0/9", Attributes::default().pmin(10).pmax(60)).await.unwrap();
        assert_eq!(discover(&one, "/3/0/9", None).await, "</3/0/9>;pmin=5;pmax=15");
        assert_eq!(discover(&two, "/3/0/9", None).await, "</3/0/9>;pmin=10;pmax=60");
        let mut first = one.observe::<i64>("/3/0/9").await.unwrap();
        let mut second = two.observe::<i64>("/3/0/9").await.unwrap();
        next(&net, &mut first).await;
        next(&net, &mut second).await;
        assert_eq!(next(&net, &mut first).await, (15, 100));
        client.objects().instance::<Device>(0).unwrap().set(Device::BATTERY_LEVEL, 99);
        assert_eq!(next(&net, &mut second).await.1, 99);
        assert_eq!(next(&net, &mut first).await, (5, 99));
        one.write_attributes("/3/0/9", AttributeEdit::default().unset(Attribute::Pmax)).await.unwrap();
        assert_eq!(discover(&two, "/3/0/9", None).await, "</3/0/9>;pmin=10;pmax=60");
        assert!(silent(&net, &mut first, seconds(55)).await);
        assert_eq!(next(&net, &mut second).await.1, 99, "the other is told on");
    });
}

/// Thresholds: a crossing is told, what happens between them is not. HLF-021, HLF-024.
#[test]
fn a_threshold_is_told_when_it_is_crossed() {
    with_shards(async |net, shards| {
        let (_scene, client, asked) = scene(&net, shards, account().lifetime(seconds(86_400))).await;
        let device = client.objects().instance::<Device>(0).unwrap();
        let level = |level| device.set(Device::BATTERY_LEVEL, level);
        asked.write_attributes("/3/0/9", Attributes::default().lt(20.0)).await.unwrap();
        let mut values = asked.observe::<i64>("/3/0/9").await.unwrap();
        next(&net, &mut values).await;
        for quiet in [80, 50, 20] {
            level(quiet);
            assert!(silent(&net, &mut values, seconds(600)).await, "{quiet}");
        }
        level(19);
        assert_eq!(next(&net, &mut values).await.1, 19);
        level(30);
        assert_eq!(next(&net, &mut values).await.1, 30);
        asked.write_attributes("/3/0/9", AttributeEdit::default().unset(Attribute::Lt)).await.unwrap();
        level(31);
        assert_eq!(next(&net, &mut values).await.1, 31, "without it every change");
    });
}

/// A server learns before it sends that a client of an older version would refuse.
#[test]
fn what_a_version_does_not_know_is_not_sent() {
    with_shards(async |net, shards| {
        let (_scene, _client, asked) = scene(&net, shards, account()).await;
        let refused = asked.write_attributes("/3/0/9", Attributes::default().con(true)).await;
        assert!(matches!(refused, Err(RequestError::Encode(_))), "{refused:?}");
        let observe = asked.observe::<i64>("/3/0/9").attributes(Attributes::default().pmin(1));
        assert!(matches!(observe.await, Err(RequestError::Encode(_))));
    });
}
