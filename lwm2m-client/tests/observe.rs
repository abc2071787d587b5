//! Observations: what is told, when and how. [Core 1.2 §6.4] [RFC 7641]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{account, builder, gadget::Gadget, scene};
use lwm2m_client::{
    ClientEvent, Code, Cx, InstanceId, IntoNode, Kind, ObjectDef, ObjectHandler, Ops, Rejection, ResourceDef,
    ResourceId, Selection, Values, async_trait,
    lwm2m_core::{
        coap::{MessageId, MessageType, OptionNumber, Options},
        sim::Net,
    },
    objects::Temperature,
};

const QUIET: Duration = Duration::from_secs(100);

#[test]
fn a_change_is_told_at_every_level_above_it_and_nowhere_else() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget =
            builder.objects().add(0, Gadget { slots: [(0, 1), (1, 2)].into(), ..Gadget::default() }).unwrap();
        let _other = builder.objects().add(1, Gadget::default()).unwrap();
        let _client = server.start(&device, builder).await;
        let mut names = BTreeMap::new();
        for uri in
            ["/32800", "/32800/0", "/32800/0/4", "/32800/0/4/1", "/32800/0/4/0", "/32800/0/0", "/32800/1"]
        {
            names.insert(server.observe(uri).await.token, uri);
        }
        gadget.update(|gadget| gadget.slots.insert(1, 3));
        let mut told = Vec::new();
        while let Some(frame) = server.next_within(Duration::from_secs(10)).await {
            assert_eq!(frame.kind, MessageType::NonConfirmable);
            told.push(names[&frame.token]);
        }
        told.sort_unstable();
        assert_eq!(told, ["/32800", "/32800/0", "/32800/0/4", "/32800/0/4/1"]);
    });
}

#[test]
fn a_burst_of_changes_is_one_notification_with_the_last_value() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (client, sensor) = server.thermometer(&device, account()).await;
        let first = server.observe("/3303/0/5700").await;
        assert_eq!(client.status().await.unwrap().observations, 1);
        for n in 1..=50 {
            sensor.set(Temperature::SENSOR_VALUE, f64::from(n));
        }
        let told = server.next().await;
        assert_eq!((told.token, told.text().as_str()), (first.token, "50"));
        assert!(told.options.observe() > first.options.observe());
        assert_eq!(told.options.content_format(), first.options.content_format());
        sensor.set(Temperature::SENSOR_VALUE, 50.0);
        assert!(server.next_within(QUIET).await.is_none(), "nothing has changed");
    });
}

#[test]
fn a_write_by_a_server_is_told_to_its_observer() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let _gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let _client = server.start(&device, builder).await;
        server.observe("/32800/0/0").await;
        let value = server.observe("/32800/0/2").await;
        assert_eq!(server.write_text("/32800/0/0", "42").await, Code::CHANGED);
        assert_eq!(server.next().await.text(), "42");
        assert_eq!(server.write_text("/32800/0/0", "42").await, Code::CHANGED);
        assert!(server.next_within(QUIET).await.is_none(), "the same value is no change");
        assert_eq!(server.ask(Code::POST, "/32800/0/3", Options::new(), b"").await.code, Code::CHANGED);
        let told = server.next().await;
        assert_eq!((told.token, told.text().as_str()), (value.token, "1"));
    });
}

#[test]
fn default_periods_hold_back_and_repeat() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let account = account().lifetime(Duration::from_secs(86_400)).default_periods(Some(10), Some(60));
        let (_client, sensor) = server.thermometer(&device, account).await;
        server.observe("/3303/0/5700").await;
        let begun = clock.now().mono;
        let seconds = |clock: &Net| clock.now().mono.since(begun).as_secs();
        clock.sleep(Duration::from_secs(3)).await;
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        clock.sleep(Duration::from_secs(4)).await;
        sensor.set(Temperature::SENSOR_VALUE, 2.0);
        assert_eq!(server.next().await.text(), "2");
        assert_eq!(seconds(&clock), 10, "pmin after the first answer, with the newest value");
        assert_eq!(server.next().await.text(), "2");
        assert_eq!(seconds(&clock), 70, "pmax later, though nothing has changed");
        assert_eq!(server.write_text("/1/0/3", "100").await, Code::CHANGED);
        server.next().await;
        assert_eq!(seconds(&clock), 170, "a new default counts at once");
    });
}

#[test]
fn a_reset_or_a_deregister_ends_it() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (client, sensor) = server.thermometer(&device, account()).await;
        server.observe("/3303/0/5700").await;
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        let told = server.next().await;
        server.reset(&told);
        sensor.set(Temperature::SENSOR_VALUE, 2.0);
        while let Some(frame) = server.next_within(Duration::from_secs(10)).await {
            server.reset(&frame);
        }
        assert_eq!(client.status().await.unwrap().observations, 0);
        server.update().await; // the reset may have meant that the server did not know us

        let first = server.observe("/3303/0/5700").await;
        let path = Options::new().with_path(["3303", "0", "5700"]).with_uint(OptionNumber::OBSERVE, 1);
        let id = MessageId(77);
        server.send(MessageType::Confirmable, id, first.token, Code::GET, &path, b"");
        let last = server.response(first.token).await;
        assert_eq!((last.code, last.options.observe()), (Code::CONTENT, None));
        assert_eq!(client.status().await.unwrap().observations, 0);
        sensor.set(Temperature::SENSOR_VALUE, 3.0);
        assert!(server.next_within(QUIET).await.is_none());
    });
}

#[test]
fn an_instance_that_goes_ends_its_observation_with_4_04() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().add(0, Temperature::default()).unwrap();
        let client = server.start(&device, builder).await;
        let first = server.observe("/3303/0/5700").await;
        let whole = server.observe("/3303").await;
        client.objects().remove::<Temperature>(0).unwrap();
        let mut codes = BTreeMap::new();
        while let Some(frame) = server.next_within(Duration::from_secs(10)).await {
            match frame.path().as_str() {
                "/rd/5a3f" => server.answer(&frame, Code::CHANGED, &Options::new(), b""),
                _ => drop(codes.insert(frame.token, frame.code)),
            }
            if frame.is_confirmable() {
                server.acknowledge(&frame);
            }
        }
        assert_eq!(codes[&first.token], Code::NOT_FOUND);
        assert_eq!(codes[&whole.token], Code::CONTENT, "the object is there, without instances");
        assert_eq!(client.status().await.unwrap().observations, 1);
    });
}

#[test]
fn confirmable_notifications_that_nobody_acknowledges_mean_a_new_registration() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account().lifetime(Duration::from_secs(86_400)).confirmable());
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let mut events = builder.events();
        let _client = server.start(&device, builder).await;
        let first = server.observe("/3303/0/5700").await;
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        let told = server.next().await;
        assert!(told.is_confirmable());
        server.acknowledge(&told);
        sensor.set(Temperature::SENSOR_VALUE, 2.0);
        let register = loop {
            let frame = server.next().await;
            if frame.path() == "/rd" {
                break frame;
            }
            assert_eq!((frame.token, frame.is_confirmable()), (first.token, true));
        };
        assert!(register.query().contains(&"ep=device".to_owned()));
        loop {
            match events.next().await {
                Some(ClientEvent::Undelivered { server: 1, path }) => {
                    break assert_eq!(path.to_string(), "/3303/0/5700");
                }
                Some(_) => {}
                None => panic!("the loss is told"),
            }
        }
    });
}

#[test]
fn once_a_day_a_notification_is_confirmable() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let (_client, sensor) = server.thermometer(&device, account().lifetime(Duration::ZERO)).await;
        server.observe("/3303/0/5700").await;
        let mut kinds = Vec::new();
        for hour in 1..=26 {
            clock.sleep(Duration::from_secs(3600)).await;
            sensor.set(Temperature::SENSOR_VALUE, f64::from(hour));
            let told = server.next().await;
            if told.is_confirmable() {
                server.acknowledge(&told);
            }
            kinds.push(told.is_confirmable());
        }
        assert_eq!(kinds.iter().filter(|confirmable| **confirmable).count(), 1, "{kinds:?}");
    });
}

#[test]
fn the_same_token_again_is_the_same_observation() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (client, sensor) = server.thermometer(&device, account()).await;
        let first = server.observe("/3303/0/5700").await;
        let again = Options::new().with_path(["3303", "0", "5700"]).with_uint(OptionNumber::OBSERVE, 0);
        server.send(MessageType::Confirmable, MessageId(78), first.token, Code::GET, &again, b"");
        assert_eq!(server.response(first.token).await.code, Code::CONTENT);
        assert_eq!(client.status().await.unwrap().observations, 1);
        server.observe("/3303/0/5700").await;
        assert_eq!(client.status().await.unwrap().observations, 2, "another token is another one");
        sensor.set(Temperature::SENSOR_VALUE, 1.0);
        let told = [server.next().await.token, server.next().await.token];
        assert!(told.contains(&first.token) && told.iter().any(|token| *token != first.token));
    });
}

/// Reads take five seconds.
struct Slow(Net);

#[async_trait]
impl ObjectHandler for Slow {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        self.0.sleep(Duration::from_secs(5)).await;
        Ok(vec![(ResourceId(0), 1_i64.into_node())])
    }
}

#[test]
fn an_observe_whose_link_has_gone_begins_nothing() {
    const RESOURCES: &[ResourceDef] = &[ResourceDef::new(0, "Value", Kind::Integer, Ops::R)];
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(ObjectDef::new(33000, "Slow", RESOURCES), Slow(clock.clone())).unwrap();
        let client = server.start(&device, builder).await;
        let observe = Options::new().with_uint(OptionNumber::OBSERVE, 0);
        server.begin(Code::GET, "/33000/0/0", observe, b"");
        clock.sleep(Duration::from_secs(1)).await;
        client.network_changed().await.unwrap();
        while server.next_within(Duration::from_millis(1)).await.is_some() {}
        server.register().await;
        clock.sleep(Duration::from_secs(10)).await;
        assert_eq!(client.status().await.unwrap().observations, 0);
    });
}
