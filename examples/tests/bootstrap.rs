//! A bootstrap takes effect whole or not at all, whatever the network and the power do meanwhile; and who does not take
//! part notices nothing. [Core 1.2 §6.1] HLF-012, HLF-023, use case B.4.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::{collections::BTreeMap, future::IntoFuture as _, sync::Arc};

use common::{
    bootstrap::{Script, Town, account, accounts, old_or_new, only, servers, until},
    millis, seconds,
    secure::over_dtls,
};
use lwm2m_bootstrap::{
    Account, BootstrapEvent, BootstrapServer, Plan, Rejection, objects::oma::AccessControl,
};
use lwm2m_client::{
    BootstrapAccount, Client, ClientEvent, Cx, InstanceId, IntoNode as _, Kind, ObjectDef, ObjectHandler,
    ObjectId, Ops, ResourceDef, ResourceId, Selection, SendError, Values, async_trait,
    objects::{Security, Server as ServerObject, Temperature},
    transport::Target,
};
use lwm2m_core::{Credentials, Secret, security::MemoryKeys, sim::Net, transport::Dtls};
use lwm2m_server::ServerEvent;

/// Each frame of a bootstrap is lost once: the network is cut at every moment, for as long as two frames take.
#[test]
fn a_frame_that_is_lost_at_any_step_costs_nothing_but_time() {
    for cut in (0..700).step_by(20) {
        let net = Net::seeded(11);
        net.run(async {
            let plan = only(&[1]).write("/3/0/14", "+02:00");
            let (mut town, _, client) = Town::with_device(&net, plan).await;
            town.dark_after(cut).await;
            town.registered(1).await;
            assert!(matches!(town.ended().await, BootstrapEvent::Finished { .. }), "cut at {cut} ms");
            assert_eq!((accounts(&client), servers(&client)), (vec![1], vec![1]), "cut at {cut} ms");
            let zone: String = town.s1.client("device").read("/3/0/14").await.unwrap();
            assert_eq!(zone, "+02:00");
        });
    }
}

/// The power fails at every moment of a bootstrap that moves a device from one server to another.
#[test]
fn a_power_cut_at_any_step_leaves_the_old_or_the_new() {
    let mut seen = BTreeMap::<i64, u32>::new();
    for cut in (0..700).step_by(10) {
        let net = Net::seeded(12);
        net.run(async {
            let (mut town, script, client) = Town::with_device(&net, only(&[1])).await;
            town.registered(1).await;
            script.set([only(&[2])]);
            client.bootstrap().await.unwrap();
            net.sleep(millis(cut)).await;
            let client = town.power_cut(client).await;
            *seen.entry(old_or_new(&client, cut)).or_default() += 1;
            // It can be bootstrapped all the same.
            script.set([only(&[2])]);
            let mut events = client.events();
            client.bootstrap().await.unwrap();
            until(&net, &mut events, |event| matches!(event, ClientEvent::Bootstrapped { .. })).await;
            assert_eq!(accounts(&client), [2]);
        });
    }
    assert!(seen[&1] > 5 && seen[&2] > 5, "both are seen: {seen:?}");
}

/// The same where a server tells the device to bootstrap: it stays with it, or belongs to the next.
#[test]
fn a_power_cut_at_any_step_of_a_bootstrap_that_a_server_wants_leaves_the_old_or_the_new() {
    let mut seen = BTreeMap::<i64, u32>::new();
    for cut in (0..800).step_by(10) {
        let net = Net::seeded(31);
        net.run(async {
            let (mut town, script, client) = Town::with_device(&net, only(&[1])).await;
            town.registered(1).await;
            script.set([only(&[2])]);
            let device = town.s1.client("device");
            let _ = net.timeout(millis(cut), async { device.execute("/1/0/9").await }).await;
            let began = millis(cut).saturating_sub(millis(80));
            net.sleep(began).await;
            let client = town.power_cut(client).await;
            *seen.entry(old_or_new(&client, cut)).or_default() += 1;
        });
    }
    assert!(seen[&1] > 3 && seen[&2] > 3, "both are seen: {seen:?}");
}

/// The same, with a network that fails at every moment.
#[test]
fn a_bootstrap_that_a_server_wants_survives_the_loss_of_any_frame() {
    for cut in (0..700).step_by(20) {
        let net = Net::seeded(32);
        net.run(async {
            let (mut town, script, client) = Town::with_device(&net, only(&[1])).await;
            town.registered(1).await;
            town.ended().await;
            script.set([only(&[1, 2]).write("/3/0/14", "+02:00")]);
            let device = town.s1.client("device");
            let (executed, ()) = tokio::join!(async { device.execute("/1/0/9").await }, town.dark_after(cut));
            executed.unwrap();
            town.registered(2).await;
            assert!(matches!(town.ended().await, BootstrapEvent::Finished { .. }), "cut at {cut} ms");
            assert_eq!((accounts(&client), servers(&client)), (vec![1, 2], vec![1, 2]), "cut at {cut} ms");
        });
    }
}

/// What the factory gave needs no bootstrap; at whatever moment the power fails, the device is where it was.
#[test]
fn a_power_cut_at_any_step_after_the_factory_leaves_the_factory() {
    for cut in (0..200).step_by(10) {
        let net = Net::seeded(33);
        net.run(async {
            let mut town = Town::new(&net, Script::new([only(&[2])])).await;
            town.slow();
            let factory =
                || lwm2m_client::ServerAccount::new(1, Target::new("coap://s1:5683")).lifetime(seconds(300));
            let client = town.device().server(factory()).start_in(&town.here).await.unwrap();
            net.sleep(millis(cut)).await;
            town.here.crash();
            drop(client);
            let client = town.device().server(factory()).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
            town.registered(1).await;
            assert_eq!((accounts(&client), servers(&client)), (vec![1], vec![1]), "cut at {cut} ms");
        });
    }
}

/// The time of its return comes, and nobody waits for it any more: the device must not be busy for ever.
#[test]
fn a_server_that_is_taken_away_while_it_is_disabled_is_forgotten() {
    let net = Net::seeded(34);
    net.run(async {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let device = town.s1.client("device");
        device.write("/1/0/5", 60_i64).await.unwrap();
        device.execute("/1/0/4").await.unwrap();
        net.sleep(seconds(5)).await;
        script.set([only(&[2])]);
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        net.sleep(seconds(120)).await;
        assert_eq!(accounts(&client), [2]);
        let lifetime: i64 = town.s2.client("device").read("/1/0/1").await.unwrap();
        assert_eq!(lifetime, 300);
    });
}

/// Use case B.4: a device moves from server 1 to server 2. What is not said stays.
#[test]
fn a_device_moves_from_one_operator_to_another() {
    let net = Net::seeded(13);
    net.run(async {
        let rights = |owner: u16| {
            let mut rights = AccessControl::new(ObjectId(3303), InstanceId(0), owner);
            rights.acl.insert(1, AccessControl::READ | AccessControl::WRITE);
            rights.acl.insert(2, AccessControl::READ);
            rights
        };
        let everyone = |owner: u16| {
            let mut rights = AccessControl::new(ObjectId(3), InstanceId(0), owner);
            rights.acl.insert(0, AccessControl::READ);
            rights
        };
        let first = only(&[1]).access(rights(1)).access(everyone(AccessControl::BOOTSTRAP));
        let script = Script::new([first.write("/3/0/14", "+02:00")]);
        let mut town = Town::new(&net, script.clone()).await;
        let builder = town.device();
        let sensor =
            builder.objects().add(0, Temperature { sensor_value: 20.0, ..Temperature::default() }).unwrap();
        let client = builder.start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let mut watched = town.s1.client("device").observe::<f64>("/3303/0/5700").await.unwrap();
        assert_eq!(watched.next().await.unwrap().unwrap().value, 20.0);

        script.set([Plan::new().delete("/0/1").account(account(2))]);
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        loop {
            let event =
                net.timeout(seconds(60), town.events[0].next()).await.expect("server 1 is told").unwrap();
            if matches!(event, ServerEvent::Deregistered(_)) {
                break;
            }
        }
        assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
        let access = client.objects().instances::<AccessControl>();
        let access = access.iter().map(|access| access.get()).collect::<Vec<_>>();
        assert_eq!(access.len(), 2);
        assert_eq!(
            access[0].acl.iter().collect::<Vec<_>>(),
            [(&2, &AccessControl::READ)],
            "rights of 1 are gone"
        );
        assert_eq!(access[0].access_control_owner, 2, "who is left owns it");
        sensor.set(Temperature::SENSOR_VALUE, 21.0);
        let value: f64 = town.s2.client("device").read("/3303/0/5700").await.unwrap();
        let zone: String = town.s2.client("device").read("/3/0/14").await.unwrap();
        assert_eq!((value, zone.as_str()), (21.0, "+02:00"));
        assert!(town.s1.client("device").read::<f64>("/3303/0/5700").await.is_err());
    });
}

/// A server that bootstrap has taken away is no server of the device any more, whether it answers the De-register or not.
#[test]
fn a_server_that_was_taken_away_is_neither_sent_to_nor_registered_with() {
    for there in [true, false] {
        let net = Net::seeded(37);
        net.run(async {
            let plan = only(&[1]).write("/1/0/23", false);
            let script = Script::new([plan]);
            let mut town = Town::new(&net, script.clone()).await;
            let builder = town.device();
            builder.objects().add(0, Temperature::default()).unwrap();
            let client = builder.start_in(&town.here).await.unwrap();
            town.registered(1).await;
            client.send(["/3303/0/5700"]).await.unwrap();
            let plan = Plan::new().delete("/0/1").account(account(2)).write("/1/1/23", false);
            script.set([plan]);
            let wire = net.between(&town.here, &town.hosts[0]);
            wire.partition(!there);
            client.bootstrap().await.unwrap();
            town.registered(2).await;
            assert_eq!(accounts(&client), [2]);
            let sent = net.timeout(seconds(60), client.send(["/3303/0/5700"]).into_future()).await;
            assert!(matches!(sent, Ok(Ok(()))), "server 2 alone is to have it: {sent:?}");
            let to_the_first =
                net.timeout(seconds(60), client.send(["/3303/0/5700"]).to(1).into_future()).await;
            assert!(matches!(to_the_first, Ok(Err(SendError::UnknownServer(1)))), "{to_the_first:?}");
            assert!(client.update_registration(1).await.is_err());
            client.network_changed().await.unwrap();
            wire.partition(false);
            net.sleep(seconds(600)).await;
            assert_eq!(client.status().await.unwrap().registered, [2]);
            while let Ok(Some(event)) = net.timeout(millis(1), town.events[0].next()).await {
                assert!(!matches!(event, ServerEvent::Registered { .. }), "{event:?}");
            }
        });
    }
}

/// Reads take five seconds.
struct Slow(Net);

#[async_trait]
impl ObjectHandler for Slow {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        self.0.sleep(seconds(5)).await;
        Ok(vec![(ResourceId(0), 1_i64.into_node())])
    }
}

/// Its values are being read while bootstrap takes the server away that was to have them.
#[test]
fn a_send_that_bootstrap_overtakes_ends() {
    const RESOURCES: &[ResourceDef] = &[ResourceDef::new(0, "Value", Kind::Integer, Ops::R)];
    let mut overtaken = 0;
    for wait in (0..500).step_by(20) {
        let net = Net::seeded(39);
        net.run(async {
            let script = Script::new([only(&[1]).write("/1/0/23", false)]);
            let mut town = Town::new(&net, script.clone()).await;
            town.wire.delay(millis(20)..millis(21));
            let builder = town.device();
            builder.objects().mount(ObjectDef::new(33000, "Slow", RESOURCES), Slow(net.clone())).unwrap();
            let client = builder.start_in(&town.here).await.unwrap();
            town.registered(1).await;
            net.sleep(seconds(5)).await;
            script.set([Plan::new().delete("/0/1").account(account(2)).write("/1/1/23", false)]);
            client.bootstrap().await.unwrap();
            net.sleep(millis(wait)).await;
            let sent = net.timeout(seconds(120), client.send(["/33000/0/0"]).into_future()).await;
            let sent = sent.unwrap_or_else(|_| panic!("sent after {wait} ms, it hangs"));
            overtaken += u32::from(matches!(sent, Err(SendError::NoServer)));
            assert!(matches!(sent, Ok(()) | Err(SendError::NoServer)), "{sent:?}");
        });
    }
    assert!(overtaken > 0);
}

/// A server that is not concerned keeps registration and observations.
#[test]
fn a_second_server_is_added_and_the_first_notices_nothing() {
    let net = Net::seeded(14);
    net.run(async {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let builder = town.device();
        let sensor = builder.objects().add(0, Temperature::default()).unwrap();
        let client = builder.start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let before = town.s1.client("device").registration().await.unwrap().unwrap().id;
        let mut watched = town.s1.client("device").observe::<f64>("/3303/0/5700").await.unwrap();
        watched.next().await.unwrap().unwrap();
        let mut rights = AccessControl::new(ObjectId(3303), InstanceId(0), 1);
        rights.acl.insert(2, AccessControl::READ);
        rights.acl.insert(1, AccessControl::READ);
        script.set([Plan::new().account(account(2)).access(rights)]);
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        assert_eq!(town.s1.client("device").registration().await.unwrap().unwrap().id, before);
        sensor.set(Temperature::SENSOR_VALUE, 7.0);
        assert_eq!(watched.next().await.unwrap().unwrap().value, 7.0);
    });
}

/// After a restart the device goes to the servers that it was given, without a bootstrap.
#[test]
fn what_was_given_outlives_a_restart() {
    let net = Net::seeded(15);
    net.run(async {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        net.sleep(seconds(5)).await;
        town.here.crash();
        drop(client);
        let client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        assert_eq!((script.asked().len(), accounts(&client)), (1, vec![1]));
        let first = client.objects().instance::<ServerObject>(0).unwrap().get();
        assert!(first.last_bootstrapped.is_some());
    });
}

/// Only the bootstrap server may do what it does.
#[test]
fn servers_cannot_bootstrap() {
    let net = Net::seeded(16);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let _client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let device = town.s1.client("device");
        let refused = |answer: Result<(), lwm2m_server::RequestError>| match answer {
            Err(lwm2m_server::RequestError::Refused(Rejection { code, .. })) => code,
            other => panic!("{other:?}"),
        };
        use lwm2m_server::Code;
        assert_eq!(refused(device.delete("/0/1").await), Code::UNAUTHORIZED);
        assert_eq!(refused(device.write("/0/1/0", "coap://evil").await), Code::UNAUTHORIZED);
        assert_eq!(refused(device.delete("/1/0").await), Code::METHOD_NOT_ALLOWED);
    });
}

/// The account of the bootstrap server goes when its time is over, and stays away after a restart.
#[test]
fn the_bootstrap_account_goes_after_its_time() {
    let net = Net::seeded(17);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let short = || BootstrapAccount::new(Target::new("coap://bs:5683")).timeout(seconds(50));
        let client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let is_there = |client: &Client| {
            client.objects().instances::<Security>().iter().any(|account| account.get().bootstrap_server)
        };
        net.sleep(seconds(40)).await;
        assert!(is_there(&client));
        net.sleep(seconds(60)).await;
        assert!(!is_there(&client));
        assert!(client.bootstrap().await.is_err());
        town.here.crash();
        drop(client);
        let client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
        client.registered().await.unwrap();
        assert!(!is_there(&client));
    });
}

/// Its time goes on while the device is off, and ends at the latest when the device comes back; a clock that is set back
/// does not make it longer than it was.
#[test]
fn the_time_of_the_bootstrap_account_counts_over_a_restart() {
    for (off, jump, gone_after) in [(10, 0, 20), (1000, 0, 1), (10, -86_400, 50)] {
        let net = Net::seeded(34);
        net.run(async {
            let mut town = Town::new(&net, Script::new([only(&[1])])).await;
            let short = || BootstrapAccount::new(Target::new("coap://bs:5683")).timeout(seconds(50));
            let client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
            town.registered(1).await;
            net.sleep(seconds(20)).await;
            town.here.crash();
            drop(client);
            net.sleep(seconds(off)).await;
            net.jump_wall(&town.here, jump * 1_000_000);
            let client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
            let is_there = || {
                client.objects().instances::<Security>().iter().any(|account| account.get().bootstrap_server)
            };
            if gone_after > 2 {
                net.sleep(seconds(gone_after - 2)).await;
                assert!(is_there(), "off for {off} s, clock {jump}");
            }
            net.sleep(seconds(4)).await;
            assert!(!is_there(), "off for {off} s, clock {jump}");
            assert!(client.bootstrap().await.is_err());
        });
    }
}

/// It counts over every restart, not over the first alone.
#[test]
fn the_time_of_the_bootstrap_account_counts_over_several_restarts() {
    let net = Net::seeded(36);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let short = || BootstrapAccount::new(Target::new("coap://bs:5683")).timeout(seconds(50));
        let mut client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        for _ in 0..3 {
            net.sleep(seconds(10)).await;
            town.here.crash();
            client = town.device().bootstrap(short()).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
        }
        let is_there = || {
            let all = client.objects().instances::<Security>();
            all.iter().any(|account| account.get().bootstrap_server)
        };
        net.sleep(seconds(18)).await;
        assert!(is_there());
        net.sleep(seconds(4)).await;
        assert!(!is_there());
        assert_eq!(accounts(&client), [1]);
    });
}

/// A bootstrap server that does not answer is asked again after waits that double, between the bounds that the account
/// says.
#[test]
fn the_waits_after_a_failure_are_those_of_the_account() {
    let net = Net::seeded(35);
    net.run(async {
        let town = Town::new(&net, Script::default()).await;
        let account = BootstrapAccount::new(Target::new("coap://bs:9999")).waits(seconds(10), seconds(50));
        let client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
        let mut events = client.events();
        for expected in [10, 20, 40, 50, 50] {
            let failed = |event: &ClientEvent| matches!(event, ClientEvent::BootstrapFailed { .. });
            let event = until(&net, &mut events, failed).await;
            let ClientEvent::BootstrapFailed { retry_in, .. } = event else { panic!() };
            assert!(retry_in >= seconds(expected) && retry_in <= seconds(expected) * 5 / 4, "{retry_in:?}");
        }
    });
}

/// Who asks for a bootstrap does not wait for the end of a pause after one that failed.
#[test]
fn a_bootstrap_that_is_asked_for_begins_at_once() {
    for by_server in [false, true] {
        let net = Net::seeded(38);
        net.run(async {
            let script = Script::new([only(&[1])]);
            let mut town = Town::new(&net, script.clone()).await;
            let account =
                BootstrapAccount::new(Target::new("coap://bs:5683")).waits(seconds(3600), seconds(7200));
            let client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
            town.registered(1).await;
            let mut events = client.events();
            town.wire.partition(true);
            client.bootstrap().await.unwrap();
            until(&net, &mut events, |event| matches!(event, ClientEvent::BootstrapFailed { .. })).await;
            town.wire.partition(false);
            script.set([only(&[2])]);
            if by_server {
                town.s1.client("device").execute("/1/0/9").await.unwrap();
            } else {
                client.bootstrap().await.unwrap();
            }
            net.sleep(seconds(60)).await;
            assert_eq!(accounts(&client), [2]);
        });
    }
}

/// Case 1: over DTLS with one key to the bootstrap server, and over DTLS with another, which it was given, to the server.
#[test]
fn ets_001_client_initiated_bootstrap_full_with_pre_shared_keys() {
    let net = Net::seeded(18);
    net.run(async {
        let (bs, s1, here) = (net.host("bs"), net.host("s1"), net.host("device"));
        let key = |name: &str, key: &str| lwm2m_core::security::Credential::Psk {
            identity: name.as_bytes().to_vec().into(),
            key: Secret::new(key.as_bytes().to_vec()),
            endpoints: vec!["device".into()],
        };
        let keys = MemoryKeys::default();
        keys.put(key("factory", "key of the factory")).unwrap();
        let others = MemoryKeys::default();
        others.put(key("device-1", "key of server one")).unwrap();
        let psk = Account::psk(1, "coaps://s1:5684", "device-1", "key of server one");
        let script = Script::new([Plan::new().delete("/0").delete("/1").account(psk)]);
        let bootstrap =
            BootstrapServer::builder().listen(over_dtls(&bs, 1)).credentials(keys).plans(script.clone());
        let bootstrap = bootstrap.start_in(&bs).await.unwrap();
        let mut told = bootstrap.events();
        let server = lwm2m_server::Server::builder().listen(over_dtls(&s1, 1)).credentials(others);
        let server = server.start_in(&s1).await.unwrap();
        let mut events = server.events();
        let mut target = Target::new("coaps://bs:5684");
        let secret = Secret::new(b"key of the factory".to_vec());
        target.credentials = Some(Arc::new(Credentials::Psk { identity: "factory".into(), key: secret }));
        let client = Client::builder("device")
            .transport(Dtls::client(here.udp(0)).seeded(net.seed()))
            .bootstrap(BootstrapAccount::new(target))
            .seed(net.seed())
            .start_in(&here)
            .await
            .unwrap();
        client.registered().await.unwrap();
        let ServerEvent::Registered { registration, .. } = events.next().await.unwrap() else {
            panic!("registered")
        };
        assert_eq!(registration.identity.to_string(), "psk device-1");
        assert!(matches!(told.next().await, Some(BootstrapEvent::Started { .. })));
        assert_eq!(script.asked()[0].identity.to_string(), "psk factory");
        assert!(matches!(told.next().await, Some(BootstrapEvent::Finished { .. })));
    });
}
