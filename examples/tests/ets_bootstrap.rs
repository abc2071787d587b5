//! The cases of the OMA test specification (ETS INT) that concern bootstrap. HLF-023.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use common::{
    bootstrap::{Script, Town, account, accounts, card, only, until},
    seconds,
};
use lwm2m_bootstrap::{
    BootstrapError, BootstrapEvent, Code, FromNode as _, ObjectLink, Plan, Reply, What,
    objects::{Device, Security, Server as ServerObject, oma::AccessControl},
};
use lwm2m_client::{
    BootstrapAccount, BootstrapCause, Client, ClientEvent, InstanceId, ObjectId, Version,
    smartcard::image::SimulatedCard, transport::Target,
};
use lwm2m_core::{Tree, sim::Net};

fn run<F: Future<Output = ()>>(scenario: impl Fn(Net) -> F) {
    for seed in 3..5 {
        let net = Net::seeded(seed);
        net.run(scenario(net.clone()));
    }
}

/// What a Discover in the last round but one found, as text.
fn discovered(script: &Script) -> String {
    let asked = script.asked();
    let answers = asked.iter().rev().flat_map(|session| session.answers.iter().rev());
    let mut links = answers.filter_map(|(what, reply)| match (what, reply) {
        (What::Discover(_), Reply::Links(links)) => Some(links),
        _ => None,
    });
    let links = links.next().unwrap();
    let said = links.version.map_or(String::new(), |version| format!("lwm2m={version} "));
    said + &ObjectLink::list(&Tree::DEFAULT, &links.objects).to_string()
}

/// Case 0.
#[test]
fn ets_000_client_initiated_bootstrap() {
    run(|net| async move {
        let script = Script::new([only(&[1]).discover("/").then_ask(), Plan::new()]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        client.registered().await.unwrap();
        assert!(matches!(town.ended().await, BootstrapEvent::Finished { .. }));
        let uri = "uri=\"coap://s1:5683\"";
        let found = discovered(&script);
        assert_eq!(
            found,
            format!(
                "lwm2m=1.1 </0>;ver=1.2,</0/0>,</0/1>;ssid=1;{uri},</1>;ver=1.2,</1/0>;ssid=1,</2>;ver=1.1,</3>;ver=1.2,</3/0>"
            )
        );
        town.registered(1).await;
        let lifetime: i64 = town.s1.client("device").read("/1/0/1").await.unwrap();
        assert_eq!(lifetime, 300);
    });
}

/// Case 3: a card is put into a device that has no account at all.
#[test]
fn ets_003_simple_bootstrap_from_smartcard() {
    run(|net| async move {
        let mut town = Town::new(&net, Script::default()).await;
        let slot = SimulatedCard::default();
        let builder = Client::builder("device").transport(town.here.udp(0)).seed(net.seed());
        let client = builder.smartcard(slot.clone()).start_in(&town.here).await.unwrap();
        assert!(
            net.timeout(seconds(2000), town.events[0].next()).await.is_err(),
            "nobody is there to hear of"
        );
        slot.insert(card(&[1], 43_200).files());
        client.smartcard_changed().await.unwrap();
        town.registered(1).await;
        let lifetime: i64 = town.s1.client("device").read("/1/0/1").await.unwrap();
        assert_eq!(lifetime, 43_200);
    });
}

/// Case 4: what is there is read, deleted and provisioned again; the account of the bootstrap server stays.
#[test]
fn ets_004_bootstrap_delete() {
    run(|net| async move {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        town.registered(1).await;
        script.set([
            Plan::new().read("/1/0").delete("/0").delete("/1").discover("/").then_ask(),
            Plan::new().account(account(2)),
        ]);
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        let session = script.asked().pop().unwrap();
        let node = session.value("/1/0".parse().unwrap()).unwrap();
        assert_eq!(ServerObject::from_node(node).unwrap().short_server_id, 1);
        assert!(discovered(&script).contains("</0/0>,</1>"), "{}", discovered(&script));
        let accounts = client.objects().instances::<Security>();
        let uris: Vec<_> = accounts.iter().map(|account| account.get().server_uri).collect();
        assert_eq!(uris, ["coap://bs:5683", "coap://s2:5683"]);
    });
}

/// The device turns to the bootstrap server, for this cause.
async fn wanted(net: &Net, events: &mut lwm2m_client::Events, why: BootstrapCause) {
    let wanted =
        |event: &ClientEvent| matches!(event, ClientEvent::BootstrapWanted { cause } if *cause == why);
    until(net, events, wanted).await;
}

/// Case 5: a server executes the Bootstrap-Request Trigger.
#[test]
fn ets_005_server_initiated_bootstrap() {
    run(|net| async move {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        let mut events = client.events();
        town.registered(1).await;
        script.set([only(&[1, 2])]);
        town.s1.client("device").execute("/1/0/9").await.unwrap();
        wanted(&net, &mut events, BootstrapCause::Triggered { server: 1 }).await;
        town.registered(2).await;
        let first = town.s1.client("device").registration().await.unwrap();
        assert!(first.is_some(), "the first server has it still");
    });
}

/// Case 6: the card comes before the factory; without one, the device goes where the factory says.
#[test]
fn ets_006_bootstrap_sequence_with_a_smartcard() {
    run(|net| async move {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let slot = SimulatedCard::with(card(&[2], 300).files());
        let factory =
            lwm2m_client::ServerAccount::new(1, Target::new("coap://s1:5683")).lifetime(seconds(300));
        let builder = town.device().server(factory).smartcard(slot.clone());
        let client = builder.start_in(&town.here).await.unwrap();
        town.registered(2).await;
        assert!(net.timeout(seconds(2000), town.events[0].next()).await.is_err(), "nor the factory's server");
        assert!(net.timeout(seconds(1), town.told.next()).await.is_err(), "nor the bootstrap server");
        slot.remove();
        client.smartcard_changed().await.unwrap();
        town.registered(1).await;
    });
}

/// Case 6: factory, then registration; bootstrap only where there is no server.
#[test]
fn ets_006_bootstrap_sequence() {
    run(|net| async move {
        let script = Script::new([only(&[2])]);
        let mut town = Town::new(&net, script.clone()).await;
        let factory =
            lwm2m_client::ServerAccount::new(1, Target::new("coap://s1:5683")).lifetime(seconds(300));
        let client = town.device().server(factory).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        assert!(
            net.timeout(seconds(2000), town.told.next()).await.is_err(),
            "nobody asks the bootstrap server"
        );
        assert!(script.asked().is_empty());
        drop(client);
        town.here.crash();
        // Without a server, after the hold-off time.
        let account = BootstrapAccount::new(Target::new("coap://bs:5683")).hold_off(seconds(77));
        let began = net.now().mono;
        town.state = common::bootstrap::Medium::default();
        let _client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
        assert!(matches!(town.told.next().await, Some(BootstrapEvent::Started { .. })));
        assert!(net.now().mono.since(began) >= seconds(77));
        town.registered(2).await;
    });
}

/// Case 7: the server of the device is dead.
#[test]
fn ets_007_fallback_to_bootstrap() {
    run(|net| async move {
        let script = Script::new([only(&[2])]);
        let mut town = Town::new(&net, script.clone()).await;
        let dead = lwm2m_client::ServerAccount::new(9, Target::new("coap://s1:9999"));
        let client = town.device().server(dead).start_in(&town.here).await.unwrap();
        let mut events = client.events();
        wanted(&net, &mut events, BootstrapCause::RegistrationFailed { server: 9 }).await;
        town.registered(2).await;
        let accounts = client.objects().instances::<Security>();
        assert_eq!(accounts.len(), 2, "the dead server is gone");
    });
}

/// Case 8: Bootstrap-Read of servers and of rights.
#[test]
fn ets_008_bootstrap_read() {
    run(|net| async move {
        let mut rights = AccessControl::new(ObjectId(3), InstanceId(0), 1);
        rights.acl.insert(2, AccessControl::READ);
        let script =
            Script::new([only(&[1, 2]).access(rights.clone()).read("/1").read("/2").then_ask(), Plan::new()]);
        let mut town = Town::new(&net, script.clone()).await;
        let _client = town.device().start_in(&town.here).await.unwrap();
        assert!(matches!(town.ended().await, BootstrapEvent::Finished { rounds: 2, .. }));
        let session = script.asked().pop().unwrap();
        let server = |at: &str| ServerObject::from_node(session.value(at.parse().unwrap()).unwrap()).unwrap();
        assert_eq!((server("/1/0").short_server_id, server("/1/1").short_server_id), (1, 2));
        let read = AccessControl::from_node(session.value("/2/0".parse().unwrap()).unwrap()).unwrap();
        assert_eq!(read, rights);
    });
}

/// Case 9: what is written does not hang together; Finish is refused, and mended in the same session.
#[test]
fn ets_009_bootstrap_and_configuration_consistency() {
    run(|net| async move {
        let script = Script::new([Plan::new().write("/1/0/5", 86_400_i64), only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let _client = town.device().start_in(&town.here).await.unwrap();
        assert!(matches!(town.ended().await, BootstrapEvent::Finished { rounds: 2, .. }));
        let refused = script.asked().pop().unwrap().not_finished.unwrap();
        assert_eq!(refused.code, Code::NOT_ACCEPTABLE);
        assert!(refused.detail.starts_with("/1/0: mandatory resource"), "{}", refused.detail);
        town.registered(1).await;
    });
}

/// Case 9, where nobody mends it: the device is what it was, and asks again later.
#[test]
fn ets_009_a_configuration_that_is_never_consistent_changes_nothing() {
    run(|net| async move {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let client = town.device().start_in(&town.here).await.unwrap();
        let mut events = client.events();
        town.registered(1).await;
        town.ended().await;
        let orphan = Plan::new().write("/1/0/5", 60_i64).write("/1/7/0", 77_i64);
        script.set([orphan]);
        client.bootstrap().await.unwrap();
        let BootstrapEvent::Failed { error, .. } = town.ended().await else { panic!("it fails") };
        assert!(matches!(*error, BootstrapError::NotFinished(_)), "{error}");
        until(&net, &mut events, |event| matches!(event, ClientEvent::BootstrapFailed { .. })).await;
        let timeout = client.objects().instance::<ServerObject>(0).unwrap().get().disable_timeout;
        assert_eq!(timeout, None);
        let lifetime: i64 = town.s1.client("device").read("/1/0/1").await.unwrap();
        assert_eq!(lifetime, 300, "the server has it still");
    });
}

/// Case 12.
#[test]
fn ets_012_bootstrap_via_bootstrap_pack_request() {
    run(|net| async move {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let account = BootstrapAccount::new(Target::new("coap://bs:5683")).version(Version::V1_2);
        let client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
        assert!(matches!(town.ended().await, BootstrapEvent::PackGiven { .. }));
        town.registered(1).await;
        assert!(script.asked()[0].pack);
        let accounts = client.objects().instances::<Security>();
        assert!(accounts[0].get().bootstrap_server, "the account of the bootstrap server stays");
    });
}

/// A pack replaces what it holds, but for the Device: the rest of that stays.
#[test]
fn what_a_pack_does_not_say_of_the_device_stays() {
    run(|net| async move {
        let mut town = Town::new(&net, Script::new([only(&[1]).write("/3/0/14", "+02:00")])).await;
        let account = BootstrapAccount::new(Target::new("coap://bs:5683")).version(Version::V1_2);
        let device = Device { manufacturer: Some("Acme".to_owned()), ..Device::default() };
        let client = town.device().bootstrap(account).device(device).start_in(&town.here).await.unwrap();
        assert!(matches!(town.ended().await, BootstrapEvent::PackGiven { .. }));
        town.registered(1).await;
        let device = client.objects().instance::<Device>(0).unwrap().get();
        assert_eq!(
            (device.manufacturer.as_deref(), device.utc_offset.as_deref()),
            (Some("Acme"), Some("+02:00"))
        );
    });
}

/// A pack would take the server away that the device has: what is to stay is asked for step by step.
#[test]
fn a_plan_that_adds_a_server_is_no_pack() {
    run(|net| async move {
        let script = Script::new([only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let account = BootstrapAccount::new(Target::new("coap://bs:5683")).version(Version::V1_2);
        let client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        script.set([Plan::new().account(common::bootstrap::account(2))]);
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        assert_eq!(accounts(&client), [1, 2]);
    });
}

/// Case 12, where there is no pack: step by step.
#[test]
fn ets_012_without_a_pack_the_device_asks_for_every_step() {
    run(|net| async move {
        let script = Script::new([Plan::new().discover("/").then_ask(), only(&[1])]);
        let mut town = Town::new(&net, script.clone()).await;
        let account = BootstrapAccount::new(Target::new("coap://bs:5683")).version(Version::V1_2);
        let _client = town.device().bootstrap(account).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        assert!(script.asked()[0].pack && !script.asked()[1].pack);
    });
}
