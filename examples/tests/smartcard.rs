//! Bootstrap from a smartcard: what it brings is taken whole or not at all, stays as long as the card, gives way to what a
//! bootstrap server makes of it, and leaves no trace. HLF-023.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

mod common;

use std::collections::BTreeMap;

use common::{
    bootstrap::{Medium, Script, Town, account, accounts, card, old_or_new, only, servers, until},
    millis, seconds,
};
use lwm2m_bootstrap::Plan;
use lwm2m_client::{
    CardError, Client, ClientBuilder, ClientEvent, ServerAccount,
    lwm2m_core::sim::Net,
    objects::{Security, Server as ServerObject, oma::SecurityMode},
    smartcard::image::{CardImage, SimulatedCard},
    transport::Target,
};
use lwm2m_server::ServerEvent;

fn bootstrap_servers(client: &Client) -> Vec<String> {
    let all = client.objects().instances::<Security>().into_iter().map(|account| account.get());
    all.filter(|account| account.bootstrap_server).map(|account| account.server_uri).collect()
}

/// A card with the way to the bootstrap server and nothing else.
fn way_to_bootstrap() -> CardImage {
    let account = Security {
        server_uri: "coap://bs:5683".to_owned(),
        bootstrap_server: true,
        security_mode: SecurityMode::NoSec,
        ..Security::default()
    };
    CardImage::new().object([(0, account)])
}

fn factory(server: u16) -> ServerAccount {
    ServerAccount::new(server, Target::new(format!("coap://s{server}:5683"))).lifetime(seconds(300))
}

/// A device that has nothing but a place for a card.
fn bare(town: &Town, slot: &SimulatedCard) -> ClientBuilder {
    Client::builder("device")
        .transport(town.here.udp(0))
        .state(town.state.clone())
        .seed(town.net.seed())
        .smartcard(slot.clone())
}

async fn refused(net: &Net, events: &mut lwm2m_client::Events) -> CardError {
    let is_it = |event: &ClientEvent| matches!(event, ClientEvent::SmartcardRefused { .. });
    match until(net, events, is_it).await {
        ClientEvent::SmartcardRefused { error } => error,
        other => panic!("{other:?}"),
    }
}

/// The card knows the bootstrap server, which knows the rest. Frames are lost at every moment.
#[test]
fn a_card_leads_to_the_bootstrap_server_whatever_the_network_loses() {
    for cut in (0..500).step_by(20) {
        let net = Net::seeded(51);
        net.run(async {
            let mut town = Town::new(&net, Script::new([only(&[1])])).await;
            town.slow();
            let slot = SimulatedCard::with(way_to_bootstrap().files());
            let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
            town.dark_after(cut).await;
            town.registered(1).await;
            assert_eq!((accounts(&client), servers(&client)), (vec![1], vec![1]), "cut at {cut} ms");
            assert_eq!(bootstrap_servers(&client), ["coap://bs:5683"]);
        });
    }
}

/// The card is exchanged, and the power fails at every moment: the device belongs to the old card or to the new one.
#[test]
fn a_power_cut_at_any_step_leaves_the_old_card_or_the_new() {
    let mut seen = BTreeMap::<i64, u32>::new();
    for cut in (0..200).step_by(4) {
        let net = Net::seeded(52);
        net.run(async {
            let mut town = Town::new(&net, Script::default()).await;
            let slot = SimulatedCard::with(card(&[1], 300).files());
            let slow = Medium::taking(&net, millis(40));
            town.state = slow;
            let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
            town.registered(1).await;
            slot.insert(card(&[2], 300).files());
            client.smartcard_changed().await.unwrap();
            net.sleep(millis(cut)).await;
            town.here.crash();
            drop(client);
            // What the store holds, seen by a device whose card cannot be read.
            slot.fail(true);
            let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
            client.registered().await.unwrap();
            *seen.entry(old_or_new(&client, cut)).or_default() += 1;
            slot.fail(false);
            client.smartcard_changed().await.unwrap();
            net.sleep(seconds(1)).await;
            assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
        });
    }
    assert!(seen[&1] > 3 && seen[&2] > 3, "both are seen: {seen:?}");
}

/// Every file of the card is cut at every octet: the device goes where the factory says, and tells file and offset.
#[test]
fn a_card_that_is_cut_off_changes_nothing() {
    let whole = card(&[2], 300).files();
    for (file, octets) in &whole {
        for end in (0..octets.len() - 8).step_by(3) {
            let net = Net::seeded(53);
            net.run(async {
                let mut town = Town::new(&net, Script::default()).await;
                let mut files = whole.clone();
                files.insert(file.clone(), octets.slice(..end));
                let slot = SimulatedCard::with(files);
                let builder = town.device().server(factory(1)).smartcard(slot.clone());
                let mut events = builder.events();
                let client = builder.start_in(&town.here).await.unwrap();
                town.registered(1).await;
                assert_eq!((accounts(&client), servers(&client)), (vec![1], vec![1]), "{file} cut at {end}");
                let first = events.next().await.unwrap();
                if let ClientEvent::SmartcardRefused { error } = first {
                    let CardError::Malformed { file: named, offset, .. } = error else { panic!("{error}") };
                    assert!(
                        named == *file && offset <= end,
                        "{file} cut at {end}, but {named}, octet {offset}"
                    );
                }
            });
        }
    }
}

/// What is wrong in the TLV of an object is named by its place in the file; and it is told once.
#[test]
fn what_is_wrong_with_a_value_is_named_by_its_place_in_the_file() {
    let net = Net::seeded(54);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        // An instance of Server whose lifetime has no octets of a number: five of them.
        let tlv = [0x08, 0, 10, 0xC1, 0, 7, 0xC5, 1, 1, 2, 3, 4, 5];
        let slot = SimulatedCard::with(CardImage::new().raw(1, None, tlv).files());
        let builder = town.device().server(factory(1)).smartcard(slot.clone());
        let mut events = builder.events();
        let client = builder.start_in(&town.here).await.unwrap();
        let CardError::Malformed { file, offset, why } = refused(&net, &mut events).await else { panic!() };
        assert!(file.path() == [0x6432] && (9..22).contains(&offset), "{offset}: {why}");
        town.registered(1).await;
        client.update_registration(1).await.unwrap();
        client.smartcard_changed().await.unwrap();
        net.sleep(seconds(5)).await;
        let before = slot.reads();
        assert!(before >= 8, "it was read again");
        while let Ok(event) = net.timeout(seconds(1), events.next()).await {
            assert!(!matches!(event, Some(ClientEvent::SmartcardRefused { .. })), "{event:?}");
        }
    });
}

/// Accounts that do not hang together are refused as those of a bootstrap server are.
#[test]
fn accounts_that_do_not_hang_together_are_refused() {
    let net = Net::seeded(55);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        let orphan = CardImage::new().object([(0, ServerObject::new(9, 60))]);
        let slot = SimulatedCard::with(orphan.files());
        let builder = town.device().server(factory(1)).smartcard(slot.clone());
        let mut events = builder.events();
        let client = builder.start_in(&town.here).await.unwrap();
        let CardError::Inconsistent(why) = refused(&net, &mut events).await else { panic!() };
        assert!(why.contains("short server ID 9"), "{why}");
        town.registered(1).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![1], vec![1]));
    });
}

/// A card that does not answer is asked again; the device does not wait for it.
#[test]
fn a_card_that_cannot_be_read_is_read_later() {
    let net = Net::seeded(56);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        let slot = SimulatedCard::with(card(&[2], 300).files());
        slot.fail(true);
        let builder = town.device().server(factory(1)).smartcard(slot.clone());
        let mut events = builder.events();
        let client = builder.start_in(&town.here).await.unwrap();
        assert!(matches!(refused(&net, &mut events).await, CardError::Failed(_)));
        town.registered(1).await;
        slot.fail(false);
        town.registered(2).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
    });
}

/// The card is looked at after every Update: what an operator has written to it, takes effect.
#[test]
fn a_card_that_is_rewritten_is_noticed_at_the_next_update() {
    let net = Net::seeded(57);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        let slot = SimulatedCard::with(card(&[1], 300).files());
        let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        net.sleep(seconds(1)).await;
        slot.insert(card(&[1, 2], 600).files());
        assert!(net.timeout(seconds(100), town.events[1].next()).await.is_err(), "nobody has looked");
        town.registered(2).await;
        assert_eq!(accounts(&client), [1, 2]);
        assert_eq!(client.objects().instance::<ServerObject>(0).unwrap().get().lifetime, 600);
    });
}

/// A card that is taken out takes its accounts with it, also while the device is off; the server is told if it can be.
#[test]
fn a_card_that_is_gone_leaves_no_account() {
    let net = Net::seeded(58);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        let slot = SimulatedCard::with(card(&[1, 2], 300).files());
        let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        town.registered(2).await;
        net.sleep(seconds(1)).await;
        slot.remove();
        client.smartcard_changed().await.unwrap();
        for server in 0..2 {
            let gone = net.timeout(seconds(60), async {
                while !matches!(town.events[server].next().await, Some(ServerEvent::Deregistered(_))) {}
            });
            gone.await.unwrap();
        }
        assert_eq!((accounts(&client), servers(&client)), (vec![], vec![]));
        slot.insert(card(&[2], 300).files());
        client.smartcard_changed().await.unwrap();
        town.registered(2).await;
        town.here.crash();
        drop(client);
        slot.remove();
        let client = bare(&town, &slot).start_in(&town.here).await.unwrap();
        net.sleep(seconds(10)).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![], vec![]));
    });
}

/// After a restart the same card changes nothing: what a bootstrap server has made of its accounts stays, also when the
/// card goes.
#[test]
fn what_a_bootstrap_server_has_made_anew_is_not_the_cards() {
    let net = Net::seeded(59);
    net.run(async {
        let plan = Plan::new().delete("/0/0").delete("/1/0").account(account(2));
        let mut town = Town::new(&net, Script::new([plan])).await;
        let slot = SimulatedCard::with(card(&[1], 300).files());
        let device = |town: &Town| town.device().smartcard(slot.clone());
        let client = device(&town).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        assert_eq!(bootstrap_servers(&client), ["coap://bs:5683"], "it has given its place to the card's");
        client.bootstrap().await.unwrap();
        town.registered(2).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
        town.here.crash();
        drop(client);
        let client = device(&town).start_in(&town.here).await.unwrap();
        town.registered(2).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
        net.sleep(seconds(1)).await;
        slot.remove();
        client.smartcard_changed().await.unwrap();
        net.sleep(seconds(10)).await;
        assert_eq!((accounts(&client), servers(&client)), (vec![2], vec![2]));
        assert_eq!(bootstrap_servers(&client), ["coap://bs:5683"]);
    });
}

/// A card with a bootstrap server of its own replaces that of the factory, which is there again when the card is gone.
#[test]
fn the_bootstrap_server_of_the_card_stands_in_place_of_the_factorys() {
    let net = Net::seeded(60);
    net.run(async {
        let mut town = Town::new(&net, Script::new([only(&[1])])).await;
        let slot = SimulatedCard::with(way_to_bootstrap().files());
        let elsewhere = lwm2m_client::BootstrapAccount::new(Target::new("coap://nowhere:5683"));
        let builder = bare(&town, &slot).bootstrap(elsewhere);
        let client = builder.start_in(&town.here).await.unwrap();
        town.registered(1).await;
        assert_eq!(bootstrap_servers(&client), ["coap://bs:5683"]);
        slot.remove();
        client.smartcard_changed().await.unwrap();
        // The link to the bootstrap server must be at its end.
        net.sleep(seconds(120)).await;
        assert_eq!(bootstrap_servers(&client), ["coap://nowhere:5683"]);
        assert_eq!(accounts(&client), [1], "what the bootstrap server gave is not the card's");
    });
}

/// Objects that the device has and cannot make get what the card says of them; those it does not know are for others.
#[test]
fn what_the_card_says_of_other_objects_is_written_or_passed_over() {
    let net = Net::seeded(61);
    net.run(async {
        let mut town = Town::new(&net, Script::default()).await;
        let zone = *b"\x08\x00\x08\xC6\x0E+02:00";
        let image = card(&[1], 300).raw(3, Some((1, 0)), zone).raw(4711, Some((2, 5)), [1, 2]);
        let slot = SimulatedCard::with(image.files());
        let _client = bare(&town, &slot).start_in(&town.here).await.unwrap();
        town.registered(1).await;
        let zone: String = town.s1.client("device").read("/3/0/14").await.unwrap();
        let binding: String = town.s1.client("device").read("/3/0/16").await.unwrap();
        assert_eq!((zone.as_str(), binding.as_str()), ("+02:00", "U"));
    });
}
