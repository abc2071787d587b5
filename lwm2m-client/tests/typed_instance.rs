//! What a program does with an instance that the client holds.

mod common;

use std::collections::BTreeMap;

use common::{account, builder, gadget::Gadget, scene};

#[test]
fn a_value_out_of_range_changes_nothing() {
    let (_net, _server, device) = scene();
    let builder = builder(&device).server(account());
    let start = Gadget { level: 10, slots: BTreeMap::from([(0, 1)]), ..Gadget::default() };
    let gadget = builder.objects().add(0, start.clone()).unwrap();
    gadget.set(Gadget::LEVEL, 101);
    assert_eq!(gadget.get(), start);
    let said = gadget.update(|gadget| {
        gadget.value = 2.5;
        gadget.label = Some("nine octets".to_owned());
        "done"
    });
    assert_eq!((said, gadget.get()), ("done", start), "all or nothing");
    gadget.update(|gadget| (gadget.level, gadget.label) = (100, Some("8 octets".to_owned())));
    assert_eq!((gadget.get().level, gadget.get().label.as_deref()), (100, Some("8 octets")));
    gadget.update(|gadget| gadget.label = None);
    assert_eq!(gadget.get().label, None);
}

#[test]
fn handles_of_an_instance_that_was_taken_away_change_nothing() {
    let (_net, _server, device) = scene();
    let builder = builder(&device).server(account());
    let gadget = builder.objects().add(0, Gadget { level: 10, ..Gadget::default() }).unwrap();
    let last = builder.objects().remove::<Gadget>(0).unwrap();
    gadget.set(Gadget::LEVEL, 20);
    gadget.update(|gadget| gadget.level = 30);
    assert!(!gadget.exists());
    assert_eq!(gadget.get(), last);
}

#[test]
fn debug_output_does_not_tell_keys() {
    let (_net, _server, device) = scene();
    let builder = builder(&device).server(account());
    let gadget = Gadget { label: Some("hunter2".to_owned()), ..Gadget::default() };
    let gadget = builder.objects().add(9, gadget).unwrap();
    assert_eq!(format!("{gadget:?}"), "Instance(/32800/9)");
}
