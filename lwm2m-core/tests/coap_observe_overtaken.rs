//! An observation whose bodies are still being fetched when something newer comes, and one whose link is lost meanwhile.
//! [RFC 7641, RFC 7959 §2.6]

mod pair;

use std::time::Duration;

use lwm2m_core::{
    Code, Link,
    coap::{
        Config,
        Delivery::{Confirmable, NonConfirmable},
        Event, ExchangeId, InboundId, Response,
    },
};
use pair::{A, B, Pair, ROUTE, content, large, observe, observed, secs};

fn settling() -> Pair {
    let mut config = Config::default();
    config.settle_notifications = true;
    Pair::with(1, Link::default(), config)
}

/// A observes B, and has the first block of the first answer.
fn begin_to_fetch(pair: &mut Pair) -> (ExchangeId, InboundId) {
    let id = pair.request(A, observe(["3"], 0));
    let (relation, _) = pair.asked(B);
    pair.respond(B, relation, observed(b"").with_payload(large(3000, 1)));
    pair.until_sent(A, 2);
    (id, relation)
}

/// What A is told next that is not about progress.
fn told(pair: &mut Pair) -> Event {
    loop {
        match pair.event(A) {
            Event::Progress { .. } => {}
            other => return other,
        }
    }
}

fn first_answer(pair: &mut Pair) -> Response {
    match told(pair) {
        Event::Response { response, observing: true, .. } => response,
        other => panic!("an observation was expected, not {other:?}"),
    }
}

#[test]
fn a_notification_that_overtakes_the_first_answer_is_acknowledged() {
    let mut pair = settling();
    let (_, relation) = begin_to_fetch(&mut pair);
    let delivery = pair.notify(relation, b"2", Confirmable);
    assert_eq!(first_answer(&mut pair).payload.bytes(), "2");
    pair.run(secs(300));
    let events: Vec<Event> = pair.b.events.drain(..).collect();
    assert!(events.iter().any(|event| matches!(event, Event::Delivered { id } if *id == delivery)));
    assert!(!events.iter().any(|event| matches!(event, Event::ObserverGone { .. })), "{events:?}");
}

#[test]
fn a_notification_whose_rest_was_left_comes_again() {
    let mut pair = settling();
    let (id, relation) = pair.observing();
    let token = pair.sent(A, 0)[0].token;
    let body = large(3000, 2);
    let response = Response::new(Code::CONTENT).with_payload(body.clone());
    let delivery = pair.b.endpoint.notify(pair.now, relation, response, Confirmable);
    pair.until_sent(A, 2);
    // A newer one that is not confirmable, before the rest of the first is here.
    let mut newer = vec![0x50 | token.as_bytes().len() as u8, 0x45, 0x7a, 0x7a];
    newer.extend(token.as_bytes());
    newer.extend([0x61, 200, 0xff, b'2']);
    pair.inject(A, &newer);
    let Event::Notification { response, how: NonConfirmable, .. } = told(&mut pair) else { panic!() };
    assert_eq!(response.payload.bytes(), "2");
    let Event::Notification { seen, response, how: Confirmable, .. } = told(&mut pair) else { panic!() };
    assert_eq!(*response.payload.bytes(), body);
    pair.a.endpoint.settle(pair.now, id, seen, true);
    pair.delivered(B, delivery);
}

#[test]
fn a_body_that_becomes_small_while_it_is_fetched_does_not_end_the_observation() {
    let mut config = Config::default();
    config.limits.transfer_pause = Duration::from_millis(10);
    let mut pair = Pair::with(1, Link::default(), config);
    let (id, relation) = begin_to_fetch(&mut pair);
    pair.event(B); // the first block has left
    let (rest, request) = pair.asked(B);
    assert_eq!(request.options.observe(), None);
    pair.respond(B, rest, Response::new(Code::CONTENT).with_payload(large(2500, 3)));
    pair.event(B);
    let (again, _) = pair.asked(B);
    pair.respond(B, again, content(b"7"));
    assert_eq!(first_answer(&mut pair).payload.bytes(), "7");
    pair.event(B);
    let delivery = pair.notify(relation, b"8", Confirmable);
    let (of, _, response) = pair.notified(A);
    assert_eq!((of, response.payload.bytes()), (id, &"8".into()));
    pair.delivered(B, delivery);
}

#[test]
fn a_repetition_of_what_was_given_up_is_reset() {
    let mut pair = settling();
    let (id, relation) = pair.observing();
    pair.notify(relation, b"95", Confirmable);
    pair.notified(A);
    pair.a.endpoint.cancel(pair.now, id);
    let gone = [pair.event(B), pair.event(B)];
    assert!(gone.iter().any(|event| matches!(event, Event::ObserverGone { reset: true, .. })), "{gone:?}");
}

#[test]
fn a_link_that_was_lost_under_a_notification_carries_others_once_it_is_back() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    pair.drop_next(B, 1);
    pair.notify(relation, b"95", Confirmable);
    let lost = pair.b.endpoint.handle_lost(pair.now, ROUTE).unwrap();
    pair.drain();
    pair.b.peer = pair.b.endpoint.handle_back(pair.now, lost, ROUTE, Link::default());
    pair.b.endpoint.set_proven(pair.b.peer);
    pair.b.events.clear();
    let (id, relation) = pair.observing();
    let delivery = pair.notify(relation, b"96", Confirmable);
    let (of, _, response) = pair.notified(A);
    assert_eq!((of, response.payload.bytes()), (id, &"96".into()));
    pair.delivered(B, delivery);
}
