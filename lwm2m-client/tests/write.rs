//! Writes: replace, partial, resource instances, all or nothing. [Core 1.2 §6.3.3]

mod common;

use std::collections::BTreeMap;

use common::{Script, TLV, account, builder, format, gadget::Gadget, scene};
use lwm2m_client::{Client, Code, Instance, ResourceId, Served, lwm2m_core::sim::Host};

fn gadget() -> Gadget {
    Gadget {
        level: 10,
        label: Some("old".to_owned()),
        value: 1.5,
        slots: BTreeMap::from([(0, 100), (1, 101)]),
        ..Gadget::default()
    }
}

/// A registered device with this gadget.
async fn start(server: &mut Script, device: &Host) -> (Client, Instance<Gadget>) {
    let builder = builder(device).server(account());
    let held = builder.objects().add(0, gadget()).expect("nothing is there yet");
    (server.start(device, builder).await, held)
}

#[test]
fn replace_takes_away_what_it_lacks_and_partial_keeps_it() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (_client, held) = start(&mut server, &device).await;
        // level = 20
        let level = [0xc1, 0, 20];
        assert_eq!(server.ask(Code::POST, "/32800/0", format(TLV), &level).await.code, Code::CHANGED);
        assert_eq!(held.get(), Gadget { level: 20, ..gadget() });
        assert_eq!(server.ask(Code::PUT, "/32800/0", format(TLV), &level).await.code, Code::CHANGED);
        assert_eq!(
            held.get(),
            Gadget { level: 20, value: 1.5, ..Gadget::default() },
            "what is read-only stays"
        );
        // label = "new" alone: the level is mandatory.
        let label = [0xc3, 1, b'n', b'e', b'w'];
        assert_eq!(server.ask(Code::PUT, "/32800/0", format(TLV), &label).await.code, Code::BAD_REQUEST);
    });
}

#[test]
fn a_write_with_one_wrong_value_changes_nothing() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (_client, held) = start(&mut server, &device).await;
        let mut served = held.changes();
        // label = "new", level = 101 (out of range)
        let both = [0xc3, 1, b'n', b'e', b'w', 0xc1, 0, 101];
        for method in [Code::POST, Code::PUT] {
            assert_eq!(server.ask(method, "/32800/0", format(TLV), &both).await.code, Code::BAD_REQUEST);
            assert_eq!(held.get(), gadget());
        }
        // value is read-only
        let read_only = [0xc1, 0, 20, 0xc4, 2, 0x3f, 0xc0, 0, 0];
        let refused = server.ask(Code::POST, "/32800/0", format(TLV), &read_only).await;
        assert_eq!(
            (refused.code, refused.text().as_str()),
            (Code::METHOD_NOT_ALLOWED, "/32800/0/2 is not writable")
        );
        assert_eq!(held.get(), gadget());
        assert_eq!(server.write_text("/32800/0/1", "new").await, Code::CHANGED);
        assert_eq!(
            served.next().await.unwrap(),
            [Served::Written(ResourceId(1), None)],
            "and nothing before it"
        );
    });
}

#[test]
fn a_replace_tells_of_what_it_took_away_once() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (_client, held) = start(&mut server, &device).await;
        let mut served = held.changes();
        for gone in [true, false] {
            let level = server.ask(Code::PUT, "/32800/0", format(TLV), &[0xc1, 0, 5]).await;
            assert_eq!((level.code, held.get().label), (Code::CHANGED, None));
            let told = served.next().await.unwrap();
            assert!(told.contains(&Served::Written(ResourceId(0), None)));
            assert_eq!(told.contains(&Served::Written(ResourceId(1), None)), gone);
        }
    });
}

#[test]
fn resource_instances_are_replaced_merged_or_written_one_by_one() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let (_client, held) = start(&mut server, &device).await;
        // 1 = 7, 3 = 9
        let two = [0x86, 4, 0x41, 1, 7, 0x41, 3, 9];
        assert_eq!(server.ask(Code::POST, "/32800/0/4", format(TLV), &two).await.code, Code::CHANGED);
        assert_eq!(held.get().slots, BTreeMap::from([(0, 100), (1, 7), (3, 9)]));
        assert_eq!(server.ask(Code::PUT, "/32800/0/4", format(TLV), &two).await.code, Code::CHANGED);
        assert_eq!(held.get().slots, BTreeMap::from([(1, 7), (3, 9)]));
        assert_eq!(server.write_text("/32800/0/4/3", "11").await, Code::CHANGED);
        assert_eq!(held.get().slots, BTreeMap::from([(1, 7), (3, 11)]));
        assert_eq!(server.read("/32800/0/4/3").await.text(), "11");
    });
}

#[test]
fn an_optional_resource_that_is_absent_can_be_written() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let held = builder.objects().add(0, Gadget::default()).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(server.read("/32800/0/1").await.code, Code::NOT_FOUND);
        assert_eq!(server.write_text("/32800/0/1", "here").await, Code::CHANGED);
        assert_eq!(held.get().label.as_deref(), Some("here"));
        assert_eq!(server.ask(Code::PUT, "/32800/0/1", format(0), b"").await.code, Code::CHANGED);
        let empty = server.read("/32800/0/1").await;
        assert_eq!((empty.code, empty.text().as_str()), (Code::CONTENT, ""));
    });
}
