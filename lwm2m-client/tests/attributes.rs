//! Attributes that servers attach: written at every level, shown, inherited, kept apart by server and by version.
//! [Core 1.2 §5.1.2, §6.3.2, §6.3.4] HLF-036.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{Frame, Script, account, builder, gadget::Gadget, scene, second};
use lwm2m_client::{
    Client, Code, Instance, ServerAccount, Version,
    lwm2m_core::{
        coap::{OptionNumber, Options},
        sim::{Host, Net},
    },
    objects::Temperature,
    transport::Target,
};

const DAY: Duration = Duration::from_secs(86_400);
const QUIET: Duration = Duration::from_secs(1000);

async fn put(server: &mut Script, uri: &str) -> (Code, String) {
    let answer = server.ask(Code::PUT, uri, Options::new(), b"").await;
    (answer.code, answer.text())
}

async fn write(server: &mut Script, uri: &str) {
    assert_eq!(put(server, uri).await.0, Code::CHANGED, "{uri}");
}

async fn refused_observe(server: &mut Script, uri: &str) -> Frame {
    server.ask(Code::GET, uri, Options::new().with_uint(OptionNumber::OBSERVE, 0), b"").await
}

fn newest() -> ServerAccount {
    account().lifetime(DAY).versions(Version::V1_0, Version::V1_2)
}

/// A registered device with a gadget and a thermometer.
async fn device(
    server: &mut Script,
    host: &Host,
    account: ServerAccount,
) -> (Client, Instance<Gadget>, Instance<Temperature>) {
    let builder = builder(host).server(account);
    let slots = BTreeMap::from([(0, 10), (3, 20)]);
    let gadget = builder.objects().add(0, Gadget { slots, ..Gadget::default() }).unwrap();
    let sensor =
        builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap();
    let client = builder.start_in(host).await.unwrap();
    server.register().await;
    (client, gadget, sensor)
}

/// When what was told after this moment, in whole seconds, within `time`.
async fn told(net: &Net, server: &mut Script, time: Duration) -> Vec<(u64, String)> {
    let began = net.now().mono;
    let mut told = Vec::new();
    while let Some(left) = time.checked_sub(net.now().mono.since(began)).filter(|left| !left.is_zero()) {
        let Some(frame) = server.next_within(left).await else { break };
        if frame.is_confirmable() {
            server.acknowledge(&frame);
        }
        told.push((net.now().mono.since(began).as_secs(), frame.text()));
    }
    told
}

#[test]
fn what_is_written_at_every_level_is_shown_there_and_inherited_by_the_target() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let (_client, _gadget, _sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/32800?pmin=1&pmax=100").await;
        write(&mut server, "/32800/0?pmin=2&con=1").await;
        write(&mut server, "/32800/0/4?gt=50&lt=42.2&st=1").await;
        write(&mut server, "/32800/0/4/3?lt=45&hqmax=7").await;
        assert_eq!(
            server.discover("/32800").await,
            "</32800>;pmin=1;pmax=100,</32800/0>;pmin=2;con=1,</32800/0/0>,</32800/0/2>,</32800/0/3>,\
             </32800/0/4>;dim=2;gt=50;lt=42.2;st=1"
        );
        assert_eq!(
            server.discover("/32800/0/4").await,
            "</32800/0/4>;dim=2;pmin=2;pmax=100;gt=50;lt=42.2;st=1;con=1,</32800/0/4/0>,</32800/0/4/3>;lt=45;hqmax=7"
        );
        assert_eq!(server.discover("/32800/0/2").await, "</32800/0/2>;pmin=2;pmax=100;con=1");
        assert_eq!(server.discover("/32800/0/3").await, "</32800/0/3>", "an executable tells nothing");
        assert_eq!(server.discover("/32800?depth=0").await, "</32800>;pmin=1;pmax=100");
        assert_eq!(server.discover("/32800?depth=1").await, "</32800>;pmin=1;pmax=100,</32800/0>;pmin=2;con=1");
        assert!(server.discover("/32800?depth=3").await.ends_with(",</32800/0/4/0>,</32800/0/4/3>;lt=45;hqmax=7"));
        write(&mut server, "/32800/0?pmin&con&pmax=9").await;
        assert_eq!(server.discover("/32800/0?depth=0").await, "</32800/0>;pmin=1;pmax=9");
        write(&mut server, "/32800/0?pmax").await;
        assert_eq!(server.discover("/32800/0?depth=0").await, "</32800/0>;pmin=1;pmax=100");
    });
}

#[test]
fn what_cannot_stand_is_refused_with_its_code_and_reason_and_changes_nothing() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let (_client, _gadget, _sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/32800/0/0?gt=30&pmin=5").await;
        for (uri, code, reason) in [
            ("/0?pmin=1", Code::UNAUTHORIZED, ""),
            ("/0/0/1?pmin=1", Code::UNAUTHORIZED, ""),
            ("/4?pmin=1", Code::NOT_FOUND, ""),
            ("/32800/7?pmin=1", Code::NOT_FOUND, ""),
            ("/32800/0/99?pmin=1", Code::NOT_FOUND, ""),
            ("/32800/0/1?pmin=1", Code::NOT_FOUND, ""), // defined, but the instance does not have it
            ("/32800/0/4/2?pmin=1", Code::NOT_FOUND, ""),
            ("/32800/0/3?pmin=1", Code::METHOD_NOT_ALLOWED, ""),
            ("/32800/0/6?pmin=1", Code::METHOD_NOT_ALLOWED, ""),
            ("/32800/0/0/0?pmin=1", Code::METHOD_NOT_ALLOWED, ""),
            ("/32800/0/0?speed=1", Code::BAD_REQUEST, "speed=1: this is no attribute that can be set"),
            (
                "/32800/0/0?pmin=x",
                Code::BAD_REQUEST,
                "pmin=x: a whole number from 0 to 4294967295 is expected",
            ),
            ("/32800/0?gt=1", Code::BAD_REQUEST, "gt stands at a resource or a resource instance"),
            ("/32800/0/0?edge=1", Code::BAD_REQUEST, "edge needs a Boolean resource, this one is Integer"),
            ("/32800/0/0?gt=1&lt=1", Code::BAD_REQUEST, "lt + 2·st must stay below gt"),
            ("/32800/0/0?lt=20&st=5", Code::BAD_REQUEST, "lt + 2·st must stay below gt"),
            ("/32800/0/0?pmin=9&epmin=5&epmax=4", Code::BAD_REQUEST, "epmin must stay below epmax"),
        ] {
            let refused = put(&mut server, uri).await;
            assert_eq!(refused.0, code, "{uri}");
            assert!(reason.is_empty() || refused.1 == reason, "{uri}: {}", refused.1);
        }
        assert_eq!(server.discover("/32800/0/0").await, "</32800/0/0>;pmin=5;gt=30");
    });
}

#[test]
fn each_version_takes_what_it_knows() {
    for (newest, epmin, con, item) in [
        (Version::V1_0, Code::BAD_REQUEST, Code::BAD_REQUEST, Code::METHOD_NOT_ALLOWED),
        (Version::V1_1, Code::CHANGED, Code::BAD_REQUEST, Code::CHANGED),
        (Version::V1_2, Code::CHANGED, Code::CHANGED, Code::CHANGED),
    ] {
        let (net, mut server, host) = scene();
        net.run(async move {
            let account = account().versions(newest, newest);
            let (_client, _gadget, _sensor) = device(&mut server, &host, account).await;
            assert_eq!(put(&mut server, "/32800/0/0?pmin=1&gt=5").await.0, Code::CHANGED);
            assert_eq!(put(&mut server, "/32800/0/0?epmin=1").await.0, epmin);
            assert_eq!(put(&mut server, "/32800?con=1").await.0, con);
            assert_eq!(put(&mut server, "/32800/0/4/0?pmin=1").await.0, item);
        });
    }
}

#[test]
fn an_observer_is_told_by_what_it_has_attached() {
    let (net, mut server, host) = scene();
    let clock = net.clone();
    net.run(async move {
        let (_client, gadget, sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/3303/0/5700?gt=25&st=3").await;
        write(&mut server, "/3303?pmin=5").await;
        server.observe("/3303/0/5700").await;
        sensor.set(Temperature::SENSOR_VALUE, 22.0);
        assert_eq!(told(&clock, &mut server, QUIET).await, [], "neither crossed nor a step");
        sensor.set(Temperature::SENSOR_VALUE, 25.5);
        sensor.set(Temperature::SENSOR_VALUE, 24.5);
        let told_at_once = told(&clock, &mut server, Duration::from_secs(2)).await;
        assert_eq!(told_at_once, [(0, "24.5".to_owned())], "a step of 4.5");
        sensor.set(Temperature::SENSOR_VALUE, 26.0);
        assert_eq!(told(&clock, &mut server, QUIET).await, [(3, "26".to_owned())], "after pmin");
        write(&mut server, "/3303/0/5700?gt&st&pmax=100").await;
        assert_eq!(
            told(&clock, &mut server, Duration::from_secs(150)).await.len(),
            2,
            "pmax counts from the last notification, at once and for what is observed already"
        );
        gadget.update(|gadget| gadget.level = 5);
        assert_eq!(told(&clock, &mut server, Duration::from_secs(10)).await, [], "that is another place");
    });
}

#[test]
fn attributes_below_what_is_observed_do_not_count() {
    let (net, mut server, host) = scene();
    let clock = net.clone();
    net.run(async move {
        let (_client, _gadget, sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/3303/0/5700?pmin=100&st=50").await;
        write(&mut server, "/3303/0?pmax=60").await;
        server.observe("/3303/0").await;
        sensor.set(Temperature::SENSOR_VALUE, 20.25);
        let told = told(&clock, &mut server, Duration::from_secs(70)).await;
        assert_eq!(told.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 60]);
    });
}

#[test]
fn every_instance_of_a_multiple_resource_is_judged_for_itself() {
    let (net, mut server, host) = scene();
    let clock = net.clone();
    net.run(async move {
        let (_client, gadget, _sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/32800/0/4?gt=50").await;
        write(&mut server, "/32800/0/4/3?gt=30").await;
        server.observe("/32800/0/4").await;
        server.observe("/32800/0/4/3").await;
        let set = |id, value| gadget.update(|gadget| gadget.slots.insert(id, value));
        set(3, 40);
        assert_eq!(told(&clock, &mut server, QUIET).await, [(0, "40".to_owned())], "what is nearer counts");
        set(0, 60);
        assert_eq!(told(&clock, &mut server, QUIET).await.len(), 1, "the resource");
        set(0, 55);
        assert_eq!(told(&clock, &mut server, QUIET).await, []);
    });
}

#[test]
fn parameters_of_an_observe_count_instead_of_what_is_attached() {
    let (net, mut server, host) = scene();
    let clock = net.clone();
    net.run(async move {
        let (_client, _gadget, sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/3303/0/5700?pmax=60&st=5").await;
        let first = server.observe("/3303/0/5700?pmin=4&pmax=10&con=1").await;
        assert_eq!(first.code, Code::CONTENT);
        sensor.set(Temperature::SENSOR_VALUE, 20.5);
        let times: Vec<_> = told(&clock, &mut server, Duration::from_secs(25)).await;
        assert_eq!(times.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [4, 14, 24]);
        assert_eq!(
            server.discover("/3303/0/5700").await,
            "</3303/0/5700>;pmax=60;st=5",
            "they are not shown"
        );
        for (uri, reason) in [
            ("/3303/0/5700?pmin", "pmin: a value is missing"),
            ("/3303?gt=5", "gt stands at a resource or a resource instance"),
            ("/3303/0/5700?a=b", "a=b: this is no attribute that can be set"),
        ] {
            let refused = refused_observe(&mut server, uri).await;
            assert_eq!((refused.code, refused.text().as_str()), (Code::BAD_REQUEST, reason), "{uri}");
        }
    });
    let (net, mut server, host) = scene();
    net.run(async move {
        let (_client, _gadget, _sensor) = device(&mut server, &host, account()).await;
        let refused = refused_observe(&mut server, "/3303/0/5700?pmin=4").await;
        assert_eq!(refused.code, Code::BAD_REQUEST, "1.1 does not know them");
    });
}

#[test]
fn con_chooses_how_a_notification_is_sent_and_the_server_object_where_nothing_is_said() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let (_client, _gadget, sensor) = device(&mut server, &host, newest()).await;
        server.observe("/3303/0/5700").await;
        server.observe("/3303").await;
        let mut values = 0..;
        let mut kinds = async |server: &mut Script| {
            sensor.set(Temperature::SENSOR_VALUE, f64::from(values.next().unwrap()));
            let mut kinds = Vec::new();
            while let Some(frame) = server.next_within(Duration::from_secs(5)).await {
                if frame.is_confirmable() {
                    server.acknowledge(&frame);
                }
                kinds.push(frame.is_confirmable());
            }
            kinds
        };
        assert_eq!(kinds(&mut server).await, [false, false]);
        write(&mut server, "/3303/0/5700?con=1").await;
        assert_eq!(kinds(&mut server).await, [true, true], "what is told above it has it too");
        write(&mut server, "/3303/0/5700?con=0").await;
        assert_eq!(kinds(&mut server).await, [false, false]);
        assert_eq!(server.write_text("/1/0/26", "1").await, Code::CHANGED);
        let mut mixed = kinds(&mut server).await;
        mixed.sort_unstable();
        assert_eq!(mixed, [false, true], "an attribute counts before the default");
    });
}

#[test]
fn servers_do_not_see_or_feel_each_others() {
    let (net, mut first, host) = scene();
    let mut other = second(&net, "other", &host);
    let clock = net.clone();
    net.run(async move {
        let account2 = ServerAccount::new(2, Target::new("coap://other:5683")).lifetime(DAY);
        let builder = builder(&host).server(account().lifetime(DAY)).server(account2);
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&host).await.unwrap();
        first.register().await;
        other.register().await;
        client.registered().await.unwrap();
        write(&mut first, "/3303/0/5700?pmin=30&st=5").await;
        write(&mut other, "/3303/0?pmax=20").await;
        assert_eq!(first.discover("/3303/0/5700").await, "</3303/0/5700>;pmin=30;st=5");
        assert_eq!(other.discover("/3303/0/5700").await, "</3303/0/5700>;pmax=20");
        first.observe("/3303/0/5700").await;
        other.observe("/3303/0/5700").await;
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        sensor.set(Temperature::SENSOR_VALUE, 6.0);
        let of_other = told(&clock, &mut other, Duration::from_secs(25)).await;
        assert_eq!(of_other, [(0, "6".to_owned()), (20, "6".to_owned())]);
        let of_first = told(&clock, &mut first, QUIET).await;
        assert!(matches!(of_first[..], [(4 | 5, _)]), "thirty seconds after the Observe: {of_first:?}");
    });
}

#[test]
fn attributes_outlive_a_registration_but_not_their_node() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let (client, _gadget, _sensor) = device(&mut server, &host, newest()).await;
        write(&mut server, "/3303/0/5700?pmin=7").await;
        write(&mut server, "/32800/0?pmin=8").await;
        client.network_changed().await.unwrap();
        server.register().await;
        assert_eq!(server.discover("/3303/0/5700").await, "</3303/0/5700>;pmin=7");
        client.objects().remove::<Gadget>(0).unwrap();
        server.update().await;
        client.objects().add(0, Gadget::default()).unwrap();
        server.update().await;
        assert_eq!(server.discover("/32800/0?depth=0").await, "</32800/0>");
        assert_eq!(server.discover("/3303/0?depth=1").await.matches("pmin").count(), 1);
    });
}

#[test]
fn a_server_cannot_fill_the_device_with_attributes() {
    let (net, mut server, host) = scene();
    net.run(async move {
        let builder = builder(&host).server(newest());
        for instance in 0..1100 {
            builder.objects().add(instance, Gadget::default()).unwrap();
        }
        let _client = builder.start_in(&host).await.unwrap();
        server.register().await;
        let mut refused = 0;
        for instance in 0..1100 {
            match put(&mut server, &format!("/32800/{instance}?pmin=1")).await.0 {
                Code::CHANGED => {}
                code => {
                    assert_eq!(code, Code::INTERNAL_SERVER_ERROR);
                    refused += 1;
                }
            }
        }
        assert_eq!(refused, 1100 - 1024);
    });
}
