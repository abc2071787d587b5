//! The path turns out to take less while an answer is on its way: it follows in blocks, or is given up.

mod pair;

use lwm2m_core::{
    Bytes, Code, Link,
    coap::{Delivery::Confirmable, Event, ExchangeError, OptionNumber, Options, Request, Response},
};
use pair::{A, B, Pair, get, observe, secs};

fn body(octets: usize) -> Bytes {
    (0..octets).map(|n| (n * 31 + n / 256) as u8).collect()
}

fn content(octets: usize) -> Response {
    Response::new(Code::CONTENT).with_payload(body(octets))
}

fn shrink(pair: &mut Pair, mtu: usize) {
    pair.b.endpoint.handle_change(pair.now, pair::ROUTE, Link { mtu, ..Link::default() });
    pair.drain();
}

/// From this frame on, all fit.
fn all_fit(pair: &Pair, from: usize) -> bool {
    pair.b.sent.iter().skip(from).all(|frame| frame.len() <= 300)
}

#[test]
fn a_separate_answer_follows_in_blocks() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(1));
    let sent = pair.b.sent.len();
    pair.drop_next(B, 1);
    pair.respond(B, inbound, content(900));
    shrink(&mut pair, 300);
    assert_eq!(pair.answer(A).payload.bytes(), &body(900));
    assert!(all_fit(&pair, sent + 1));
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    pair.run(secs(300));
    assert!(pair.b.events.is_empty(), "it is asked once, and delivered once");
}

/// The peer may have got the wide one: it is acknowledged as the same message.
#[test]
fn an_answer_that_arrived_all_the_same_is_not_told_twice() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(1));
    pair.respond(B, inbound, content(900));
    pair.run(std::time::Duration::from_millis(60));
    shrink(&mut pair, 300);
    pair.run(secs(300));
    assert_eq!(pair.answer(A).payload.bytes(), &body(900));
    assert!(pair.a.events.is_empty());
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
}

#[test]
fn a_confirmable_notification_follows_in_blocks_and_the_relation_goes_on() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    let sent = pair.b.sent.len();
    pair.drop_next(B, 1);
    let delivery = pair.b.endpoint.notify(pair.now, relation, content(900), Confirmable);
    pair.drain();
    shrink(&mut pair, 300);
    loop {
        match pair.event(A) {
            Event::Notification { id: of, response, .. } => {
                assert_eq!((of, response.payload.bytes()), (id, &body(900)));
                break;
            }
            Event::Progress { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(all_fit(&pair, sent + 1));
    pair.delivered(B, delivery);
    pair.notify(relation, b"2", Confirmable);
    assert_eq!(pair.notified(A).2.payload.bytes(), "2");
}

#[test]
fn what_cannot_be_made_smaller_is_given_up_and_the_relation_goes_on() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let long = [b'q'; 200];
    let options =
        Options::new().with(OptionNumber::LOCATION_QUERY, &long).with(OptionNumber::LOCATION_QUERY, &long);
    pair.drop_next(B, 1);
    let response = content(100).with_options(options);
    let delivery = pair.b.endpoint.notify(pair.now, relation, response, Confirmable);
    pair.drain();
    shrink(&mut pair, 300);
    assert_eq!(pair.undelivered(B, delivery), ExchangeError::TooLarge { limit: 300 });
    let sent = pair.b.sent.len();
    pair.run(secs(300));
    assert_eq!(pair.b.sent.len(), sent, "it is not repeated");
    pair.notify(relation, b"2", Confirmable);
    assert_eq!(pair.notified(A).2.payload.bytes(), "2");
}

#[test]
fn a_diagnostic_loses_its_end() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(1));
    pair.drop_next(B, 1);
    let text = Bytes::from(vec![b'w'; 800]);
    pair.respond(B, inbound, Response::new(Code::BAD_REQUEST).with_payload(text.clone()));
    shrink(&mut pair, 300);
    let response = pair.answer(A);
    assert_eq!(response.code, Code::BAD_REQUEST);
    assert!(!response.payload.is_empty() && text.starts_with(response.payload.bytes()));
}

/// The reply to a POST is kept, too large for the path by now; the POST comes again and is not applied again.
#[test]
fn a_kept_reply_follows_in_blocks_and_nothing_is_applied_twice() {
    let mut pair = Pair::new();
    pair.request(
        A,
        Request::new(Code::POST).with_options(Options::new().with_path(["x"])).with_payload(&b"1"[..]),
    );
    let (inbound, _) = pair.asked(B);
    pair.drop_next(B, 1);
    pair.respond(B, inbound, content(900));
    shrink(&mut pair, 300);
    assert_eq!(pair.answer(A).payload.bytes(), &body(900));
    pair.b.events.retain(|event| !matches!(event, Event::Delivered { .. }));
    assert!(pair.b.events.is_empty(), "{:?}", pair.b.events);
}

/// The block of an answer that is already served in blocks becomes a smaller one.
#[test]
fn a_large_block_of_an_observed_answer_becomes_a_smaller_one() {
    let mut pair = Pair::new();
    pair.request(A, observe(["3"], 0));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(1));
    pair.drop_next(B, 1);
    let options = Options::new().with_uint(OptionNumber::OBSERVE, 0);
    pair.respond(B, inbound, content(5000).with_options(options));
    shrink(&mut pair, 300);
    assert_eq!(pair.answer(A).payload.bytes(), &body(5000));
    pair.run(secs(10));
    pair.notify(inbound, b"2", Confirmable);
    assert_eq!(pair.notified(A).2.payload.bytes(), "2");
}
