//! Factory Reset: what servers, bootstrap and a card have made is gone, what the program gave is there again, the server
//! is answered and left, and the device begins as after its first start; over power cuts, too. HLF-009.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::sync::{Arc, Mutex};

use common::{
    Counter,
    bootstrap::{Script, Town, account, accounts, card, only, until},
    millis, seconds,
};
use lwm2m_bootstrap::{Plan, objects::oma::AccessControl};
use lwm2m_client::{
    Arguments, ClientBuilder, ClientError, ClientEvent, Cx, Done, Executable, InstanceId, IntoNode as _,
    Kind, ObjectDef, ObjectHandler, ObjectId, Ops, Prepared, Rejection, ResourceDef, ResourceId, Selection,
    ServerAccount, Values, async_trait,
    lwm2m_core::sim::Net,
    objects::{Device, Server as ServerObject, Temperature},
    smartcard::image::SimulatedCard,
    state_store::StateStore,
    transport::Target,
};
use lwm2m_server::{Code, RequestError, ServerEvent};

/// A device that can be reset.
fn resettable(town: &Town) -> ClientBuilder {
    let device = Device { factory_reset: Some(Executable), ..Device::default() };
    let builder = town.device().device(device);
    builder.objects().add(0, Counter { value: 5, ..Counter::default() }).unwrap();
    builder.objects().creatable(|_| Counter::default()).unwrap();
    builder
}

/// A device that was bootstrapped, written and extended is reset by its server.
#[test]
fn a_server_resets_the_device_which_is_bootstrapped_again() {
    let net = Net::seeded(21);
    net.run(async {
        let plan = [(1, 1), (3, 1), (32800, 1)].iter().fold(only(&[1, 2]), |plan, (object, server)| {
            let mut rights = AccessControl::new(ObjectId(*object), InstanceId(0), *server);
            rights.acl.insert(2, AccessControl::READ);
            plan.access(rights)
        });
        let script = Script::new([plan.write("/3/0/14", "+02:00")]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = resettable(&town).start_in(&town.here).await.unwrap();
        let mut events = client.events();
        town.registered(1).await;
        town.registered(2).await;
        let device = town.s1.client("device");
        device.write("/1/0/1", 777_i64).await.unwrap();
        device.write("/32800/0/0", 6_i64).await.unwrap();
        assert!(!client.objects().instances::<AccessControl>().is_empty());

        script.set([only(&[1])]);
        let refused = town.s2.client("device").execute("/3/0/5").await;
        let Err(RequestError::Refused(Rejection { code, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!(code, Code::UNAUTHORIZED, "server 2 may read");
        device.execute("/3/0/5").await.unwrap();
        until(&net, &mut events, |event| matches!(event, ClientEvent::FactoryReset)).await;
        town.registered(1).await;
        assert_eq!(accounts(&client), [1], "server 2 is gone");
        assert_eq!(script.asked().len(), 2, "there was a second bootstrap");
        let lifetime: i64 = town.s1.client("device").read("/1/0/1").await.unwrap();
        let value: i64 = town.s1.client("device").read("/32800/0/0").await.unwrap();
        assert_eq!((lifetime, value), (300, 5));
        assert!(client.objects().instances::<AccessControl>().is_empty());
        assert_eq!(client.objects().instance::<Device>(0).unwrap().get().utc_offset, None);
        let left = town.s2.client("device").registration().await.unwrap();
        assert!(left.is_none(), "server 2 has been told");
    });
}

/// The same with the server that the factory gave: it is answered before it is left, and hears of the device again.
#[test]
fn the_answer_comes_first_then_the_server_is_left_and_registered_with_anew() {
    for seed in 22..24 {
        let net = Net::seeded(seed);
        net.run(async {
            let mut town = Town::new(&net, Script::default()).await;
            let factory = ServerAccount::new(1, Target::new("coap://s1:5683")).lifetime(seconds(300));
            let builder = resettable(&town).server(factory);
            let counter = builder.objects().instance::<Counter>(0).unwrap();
            let client = builder.start_in(&town.here).await.unwrap();
            town.registered(1).await;
            let device = town.s1.client("device");
            device.write("/1/0/1", 777_i64).await.unwrap();
            device.delete("/32800/0").await.unwrap();
            device.create(Some(9), Counter { value: 1, ..Counter::default() }).await.unwrap();
            assert!(!counter.exists());
            net.sleep(seconds(5)).await;
            device.execute("/3/0/5").await.unwrap();
            let mut seen = Vec::new();
            while seen.last() != Some(&"registered") {
                match net.timeout(seconds(60), town.events[0].next()).await.unwrap().unwrap() {
                    ServerEvent::Registered { .. } => seen.push("registered"),
                    ServerEvent::Deregistered(_) => seen.push("left"),
                    _ => {}
                }
            }
            assert_eq!(seen, ["left", "registered"]);
            let lifetime: i64 = device.read("/1/0/1").await.unwrap();
            assert_eq!(lifetime, 300);
            // The handle of the program is that of the instance, as before.
            assert!(counter.exists());
            assert!(client.objects().instance::<Counter>(9).is_none());
            counter.set(Counter::VALUE, 44);
            let value: i64 = device.read("/32800/0/0").await.unwrap();
            assert_eq!(value, 44);
        });
    }
}

/// What stands in the store counts after a power cut: everything, or nothing.
#[test]
fn a_power_cut_at_any_step_leaves_the_old_or_the_factory_state() {
    let mut seen = [0_u32; 2];
    for cut in (0..300).step_by(5) {
        let net = Net::seeded(23);
        net.run(async {
            let script = Script::new([only(&[1]).write("/3/0/14", "+02:00")]);
            let mut town = Town::new(&net, script.clone()).await;
            for host in &town.hosts {
                net.between(&town.here, host).delay(millis(20)..millis(21));
            }
            let client = resettable(&town).start_in(&town.here).await.unwrap();
            town.registered(1).await;
            let device = town.s1.client("device");
            device.write("/1/0/1", 777_i64).await.unwrap();
            script.set([only(&[2])]);
            let reset = device.execute("/3/0/5");
            let _ = net.timeout(millis(cut), async { reset.await }).await;
            town.here.crash();
            drop(client);
            let before = town.state.load_all().await.unwrap();
            let old = before.iter().any(|record| record.key.first() == Some(&b'i'));
            assert!(old || before.len() == 1, "cut at {cut} ms: {before:?}");
            seen[usize::from(old)] += 1;
            let client = resettable(&town).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
            let known = client.objects().instances::<ServerObject>();
            let known: Vec<_> = known.iter().map(|known| known.get()).collect();
            assert_eq!(known.len(), 1);
            let found = (accounts(&client), known[0].lifetime);
            let expected = if old { (vec![1], 777) } else { (vec![2], 300) };
            assert_eq!(found, expected, "cut at {cut} ms");
        });
    }
    assert!(seen.iter().all(|times| *times > 3), "both are seen: {seen:?}");
}

/// A store that refuses: the server hears so, and nothing has changed.
#[test]
fn a_store_that_refuses_keeps_everything() {
    let net = Net::seeded(24);
    net.run(async {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = resettable(&town).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let device = town.s1.client("device");
        device.write("/32800/0/0", 6_i64).await.unwrap();
        town.state.refuse(true);
        let refused = device.execute("/3/0/5").await;
        let Err(RequestError::Refused(Rejection { code, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!(code, Code::SERVICE_UNAVAILABLE);
        let refused = client.factory_reset().await;
        assert!(matches!(refused, Err(ClientError::NotReset(_))), "{refused:?}");
        net.sleep(seconds(11)).await;
        let value: i64 = device.read("/32800/0/0").await.unwrap();
        assert_eq!((value, accounts(&client)), (6, vec![1]));
        town.state.refuse(false);
        // The button of the device does the same.
        client.factory_reset().await.unwrap();
        town.registered(1).await;
        assert_eq!(script.asked().len(), 2);
    });
}

/// What is asked at the same moment is carried out before, or refused; it is not found afterwards. A notification that is
/// due holds nothing up.
#[test]
fn what_comes_at_the_same_moment_does_not_outlive_it() {
    for seed in 40..60 {
        let net = Net::seeded(seed);
        net.run(async {
            let script = Script::new([only(&[1])]);
            let mut town = Town::new(&net, script.clone()).await;
            let wire = net.between(&town.here, &town.hosts[0]);
            wire.delay(millis(5)..millis(60));
            town.state = common::bootstrap::Medium::taking(&net, millis(30));
            let client = resettable(&town).start_in(&town.here).await.unwrap();
            town.registered(1).await;
            let device = town.s1.client("device");
            let mut watched = device.observe::<lwm2m_server::Node>("/3/0").await.unwrap();
            watched.next().await.unwrap().unwrap();
            let write = async { device.write("/32800/0/0", 7_i64).await };
            let zone = async { device.write("/3/0/14", "+03:00").await };
            let reset = async { device.execute("/3/0/5").await };
            let made = async { device.create(Some(4), Counter::default()).await };
            let (_, _, reset, again, _) =
                tokio::join!(write, zone, reset, async { device.execute("/3/0/5").await }, made);
            assert!(reset.is_ok() || again.is_ok(), "{reset:?} {again:?}");
            town.registered(1).await;
            net.sleep(seconds(30)).await;
            let counter = client.objects().instance::<Counter>(0).unwrap();
            assert_eq!(counter.get().value, 5);
            assert!(client.objects().instance::<Counter>(4).is_none());
            assert_eq!(client.objects().instance::<Device>(0).unwrap().get().utc_offset, None);
            town.here.crash();
            drop(client);
            let client = resettable(&town).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
            assert_eq!(client.objects().instance::<Counter>(0).unwrap().get().value, 5);
            assert!(client.objects().instance::<Counter>(4).is_none());
        });
    }
}

/// The device has not said that it can.
#[test]
fn a_device_that_cannot_says_so() {
    let net = Net::seeded(25);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let refused = town.s1.client("device").execute("/3/0/5").await;
        let Err(RequestError::Refused(Rejection { code, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!(code, Code::NOT_FOUND);
        assert_eq!(accounts(&client), [1]);
    });
}

/// The card is tried again, as after the first start; what a bootstrap has made of its accounts is gone.
#[test]
fn a_card_is_taken_anew() {
    let net = Net::seeded(26);
    net.run(async {
        let script = Script::new([Plan::new().delete("/0/0").delete("/1/0").account(account(2))]);
        let mut town = Town::new(&net, script.clone()).await;
        let slot = SimulatedCard::with(card(&[1], 300).files());
        let client = resettable(&town).smartcard(slot).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        assert_eq!(accounts(&client), [2]);
        town.s2.client("device").execute("/3/0/5").await.unwrap();
        town.registered(1).await;
        assert_eq!(accounts(&client), [1]);
        assert_eq!(script.asked().len(), 1, "the card alone is enough");
    });
}

/// A handler is asked, and can refuse.
#[test]
fn handlers_are_part_of_it() {
    struct Odometer(Arc<Mutex<(i64, bool)>>);
    const VALUE: ResourceId = ResourceId(0);
    const RESOURCES: &[ResourceDef] = &[ResourceDef::new(0, "Value", Kind::Integer, Ops::R).mandatory()];

    #[async_trait]
    impl ObjectHandler for Odometer {
        async fn instances(&self) -> Vec<InstanceId> {
            vec![InstanceId(0)]
        }
        async fn read(&self, _: &Cx, _: InstanceId, _: &Selection) -> Result<Values, Rejection> {
            Ok(vec![(VALUE, self.0.lock().unwrap().0.into_node())])
        }
        async fn factory_reset(&self, _: &Cx) -> Result<Prepared, Rejection> {
            if self.0.lock().unwrap().1 {
                return Err(Rejection::internal("not while driving"));
            }
            let held = self.0.clone();
            Ok(Prepared::new(async move { held.lock().unwrap().0 = 0 }))
        }
    }

    let net = Net::seeded(27);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let held = Arc::new(Mutex::new((1234, true)));
        let builder = resettable(&town);
        let sensor =
            builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap();
        builder
            .objects()
            .mount(ObjectDef::new(32802, "Odometer", RESOURCES), Odometer(held.clone()))
            .unwrap();
        let _client = builder.start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let device = town.s1.client("device");
        sensor.set(Temperature::SENSOR_VALUE, 21.5);
        device.write("/32800/0/0", 6_i64).await.unwrap();
        let refused = device.execute("/3/0/5").await;
        let Err(RequestError::Refused(Rejection { detail, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!(detail, "not while driving");
        assert_eq!(device.read::<i64>("/32800/0/0").await.unwrap(), 6, "nothing has changed");
        held.lock().unwrap().1 = false;
        device.execute("/3/0/5").await.unwrap();
        town.registered(1).await;
        assert_eq!(held.lock().unwrap().0, 0);
        assert_eq!(sensor.get().sensor_value, 21.5, "what it measures is the program's business");
    });
}

/// What the program of the device wants to do after the answer, it does.
#[test]
fn what_was_to_follow_the_answer_follows() {
    struct Plain(Arc<Mutex<u32>>);
    const RESOURCES: &[ResourceDef] = &[
        ResourceDef::new(5, "Factory Reset", Kind::Boolean, Ops::E),
        ResourceDef::new(16, "Supported Binding and Modes", Kind::String, Ops::R).mandatory(),
    ];

    #[async_trait]
    impl ObjectHandler for Plain {
        async fn instances(&self) -> Vec<InstanceId> {
            vec![InstanceId(0)]
        }
        async fn read(&self, _: &Cx, _: InstanceId, _: &Selection) -> Result<Values, Rejection> {
            Ok(vec![(ResourceId(16), "U".to_owned().into_node())])
        }
        async fn execute(
            &self,
            _: &Cx,
            _: InstanceId,
            _: ResourceId,
            _: Arguments,
        ) -> Result<Done, Rejection> {
            let ran = self.0.clone();
            Ok(Done::then(async move { *ran.lock().unwrap() += 1 }))
        }
    }

    let net = Net::seeded(28);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let ran = Arc::new(Mutex::new(0));
        let builder = town.device();
        builder.objects().mount(ObjectDef::new(3, "Device", RESOURCES), Plain(ran.clone())).unwrap();
        let _client = builder.start_in(&town.here).await.unwrap();
        town.registered(1).await;
        town.s1.client("device").execute("/3/0/5").await.unwrap();
        town.registered(1).await;
        assert_eq!(*ran.lock().unwrap(), 1);
    });
}
