//! A transport carried by an ordinary task: links by address, back-pressure, peers that cannot be reached.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::Duration;

use lwm2m_core::{
    Address, Binding, Bytes, Link,
    driver::Handle,
    machine::Answer,
    sim::Net,
    transport::{Carrier, Outgoing, TransportError, TransportEvent, channel},
};
use support::{Command, Echo, Event, Reader};

fn sms(net: &Net, machine: Echo) -> (Handle<Command>, Reader, Carrier) {
    let (transport, carrier) = channel(Binding::Sms, Link { mtu: 140, ..Link::default() });
    let reader = Reader::new();
    let handle = net.host("host").spawn(machine, reader.clone(), vec![Box::new(transport)]);
    (handle, reader, carrier)
}

fn number(digits: &str) -> Address {
    Address::Msisdn(digits.to_owned())
}

#[test]
fn frames_go_to_the_number_they_came_from() {
    let net = Net::seeded(1);
    let (_handle, reader, mut carrier) = sms(&net, Echo::default());
    net.run(async {
        for (who, text) in [("+491", "a"), ("+492", "b"), ("+491", "c")] {
            carrier.deliver(number(who), Bytes::from(text)).await.unwrap();
            assert_eq!(carrier.next().await, Some(Outgoing { to: number(who), frame: Bytes::from(text) }));
        }
    });
    let ups = reader
        .take()
        .into_iter()
        .filter(|e| matches!(e, Event::Link(TransportEvent::Up { info, .. }) if info.mtu == 140));
    assert_eq!(ups.count(), 2, "a link a number");
}

#[test]
fn a_slow_carrier_makes_frames_wait_and_loses_none_of_64() {
    let net = Net::seeded(2);
    let (handle, reader, mut carrier) = sms(&net, Echo::quiet());
    net.run(async {
        handle.send(Command::Connect("tel:+4915112345678".into())).await.unwrap();
        let route = reader.up().await;
        for n in 0..128_u8 {
            handle.send(Command::Send(route, Bytes::from(vec![n]))).await.unwrap();
        }
        net.sleep(Duration::from_secs(60)).await;
        for n in 0..128_u8 {
            let Outgoing { to, frame } = carrier.next().await.unwrap();
            assert_eq!((to, frame), (number("+4915112345678"), Bytes::from(vec![n])));
        }
        assert_eq!(handle.counters().dropped, 0);
    });
}

#[test]
fn a_peer_that_cannot_be_reached_loses_its_link_and_gets_a_new_one() {
    let net = Net::seeded(3);
    let (handle, reader, mut carrier) = sms(&net, Echo::quiet());
    net.run(async {
        handle.send(Command::Connect("tel:+491".into())).await.unwrap();
        let first = reader.up().await;
        carrier.unreachable(number("+491"), TransportError::Unresolved("+491".into())).await.unwrap();
        let Event::Link(TransportEvent::Down { link, .. }) = reader.next().await else { panic!("no event") };
        assert_eq!(link, first.link);
        handle.send(Command::Connect("tel:+491".into())).await.unwrap();
        let second = reader.up().await;
        assert_ne!(first, second);
        handle.send(Command::Send(first, Bytes::from_static(b"late"))).await.unwrap();
        handle.send(Command::Send(second, Bytes::from_static(b"now"))).await.unwrap();
        assert_eq!(carrier.next().await.unwrap().frame, "now", "the old name reaches nobody");
    });
}

#[test]
fn what_is_no_number_is_refused() {
    let net = Net::seeded(4);
    let (handle, reader, _carrier) = sms(&net, Echo::quiet());
    net.run(async {
        for uri in ["coap://10.0.0.1", "tel:", "tel:+49abc"] {
            handle.send(Command::Connect(uri.into())).await.unwrap();
            let (_, answer) = reader.answer().await;
            assert!(matches!(answer, Answer::Link(Err(TransportError::BadTarget { .. }))), "{answer:?}");
        }
    });
}

#[test]
fn the_driver_ends_with_its_last_transport() {
    let net = Net::seeded(5);
    let (handle, _reader, carrier) = sms(&net, Echo::quiet());
    net.run(async {
        drop(carrier);
        handle.stopped().await;
    });
}
