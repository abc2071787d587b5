//! Notifications that nobody acknowledges keep to a pace. [RFC 7641 §4.5, §4.5.1]

mod pair;

use std::time::Duration;

use lwm2m_core::coap::{
    Delivery::{Confirmable, NonConfirmable},
    DeliveryId, Event, ExchangeError, InboundId, MessageType,
};
use pair::{A, B, Pair, content, get, secs};

/// B notifies so often, so long.
fn notify(pair: &mut Pair, relation: InboundId, each: Duration, times: usize) -> Vec<DeliveryId> {
    let mut deliveries = Vec::new();
    for _ in 0..times {
        deliveries.push(pair.notify(relation, b"21.5", NonConfirmable));
        pair.run(each);
    }
    deliveries
}

fn confirmable(pair: &Pair, from: usize) -> usize {
    pair.sent(B, from).iter().filter(|message| message.kind == MessageType::Confirmable).count()
}

#[test]
fn a_peer_that_is_gone_gets_few_notifications_and_loses_its_relation() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let before = pair.b.sent.len();
    pair.drop_next(B, u32::MAX);
    let deliveries = notify(&mut pair, relation, Duration::from_millis(100), 1200);
    let sent = pair.b.sent.len() - before;
    assert!((2..=20).contains(&sent), "{sent} frames in two minutes, and nothing came back");
    assert!(confirmable(&pair, before) > 0, "it is asked whether it is there");
    // Each notification has had one end, and the relation too.
    let (mut told, mut gone) = (0, 0);
    for event in std::mem::take(&mut pair.b.events) {
        match event {
            Event::Delivered { .. } => told += 1,
            Event::Undelivered { error, .. } => {
                assert!(
                    matches!(
                        error,
                        ExchangeError::Superseded | ExchangeError::TimedOut { .. } | ExchangeError::Cancelled
                    ),
                    "{error:?}"
                );
                told += 1;
            }
            Event::ObserverGone { id, .. } => {
                assert_eq!(id, relation);
                gone += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((told, gone), (deliveries.len(), 1));
}

#[test]
fn who_is_slow_enough_stays_non_confirmable_but_asks_after_a_while() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let before = pair.b.sent.len();
    notify(&mut pair, relation, secs(10), 32);
    assert_eq!(confirmable(&pair, before), 0);
    notify(&mut pair, relation, secs(10), 1);
    assert_eq!(confirmable(&pair, before), 1, "nothing has been heard for so many notifications");
    // Its acknowledgement was heard, and so is everything else.
    notify(&mut pair, relation, secs(10), 32);
    assert_eq!(confirmable(&pair, before), 1);
    pair.request(A, get(["3"]));
    pair.run(Duration::from_millis(60));
    let Some(Event::Request { id, .. }) = pair.b.events.pop_back() else { panic!("a request was expected") };
    pair.respond(B, id, content(b"1"));
    let heard = pair.b.sent.len();
    notify(&mut pair, relation, secs(10), 32);
    assert_eq!(confirmable(&pair, heard), 0);
}

#[test]
fn the_pace_is_that_of_the_round_trips() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    pair.notify(relation, b"1", Confirmable); // a round trip of 100 ms
    pair.run(secs(60));
    let before = pair.b.sent.len();
    notify(&mut pair, relation, Duration::from_millis(250), 30);
    assert_eq!(confirmable(&pair, before), 0, "four in a second are no more than one a round trip");
    pair.run(secs(60));
    let before = pair.b.sent.len();
    notify(&mut pair, relation, Duration::from_millis(10), 1000);
    let sent = pair.b.sent.len() - before;
    assert!(sent <= 120, "{sent} frames in ten seconds of a hundred round trips");
    // The last value arrives.
    let last = pair.notify(relation, b"last", NonConfirmable);
    pair.run(secs(10));
    let arrived = pair.a.events.iter().rev().find_map(|event| match event {
        Event::Notification { response, .. } => Some(response.payload.bytes().clone()),
        _ => None,
    });
    assert_eq!(arrived.as_deref(), Some(&b"last"[..]));
    assert!(pair.b.events.iter().any(|event| matches!(event, Event::Delivered { id } if *id == last)));
}

#[test]
fn a_burst_within_the_allowance_leaves_at_once() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let before = pair.b.sent.len();
    notify(&mut pair, relation, Duration::ZERO, 8);
    assert_eq!((pair.b.sent.len() - before, confirmable(&pair, before)), (8, 0));
    notify(&mut pair, relation, Duration::ZERO, 5);
    assert_eq!((pair.b.sent.len() - before, confirmable(&pair, before)), (9, 1), "the newest waits");
}
