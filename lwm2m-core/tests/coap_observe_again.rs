//! What is observed is asked for anew, under the same token, where the peer may have forgotten it. [RFC 7641 §3.3.1]

mod pair;

use lwm2m_core::{
    Code,
    coap::{
        Delivery::{Confirmable, NonConfirmable},
        Event, ExchangeError, Response,
    },
};
use pair::{A, B, Pair, observed, secs};

#[test]
fn a_peer_that_has_forgotten_begins_again() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    pair.b.endpoint.end_observation(pair.now, relation);
    pair.a.endpoint.observe_again(pair.now, id);
    let (second, request) = pair.asked(B);
    assert_eq!(request.options.observe(), Some(0));
    pair.respond(B, second, observed(b"2"));
    let (of, _, response) = pair.notified(A);
    assert_eq!((of, response.payload.bytes()), (id, &"2".into()));
    let sent = pair.sent(A, 0);
    assert_eq!((sent[0].token, sent[0].options), (sent[1].token, sent[1].options));
    drop(sent);
    pair.event(B); // the answer has left
    let delivery = pair.notify(second, b"3", Confirmable);
    assert_eq!(pair.notified(A).2.payload.bytes(), "3");
    pair.delivered(B, delivery);
}

#[test]
fn a_peer_that_has_not_forgotten_keeps_one_observation() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    pair.a.endpoint.observe_again(pair.now, id);
    let replaced = pair.event(B);
    assert!(matches!(replaced, Event::ObserverGone { id, reset: false, .. } if id == relation));
    let (second, _) = pair.asked(B);
    pair.respond(B, second, observed(b"2"));
    assert_eq!(pair.notified(A).0, id);
    assert_eq!(pair.b.endpoint.usage().inbound, 1);
}

#[test]
fn one_that_counts_from_the_beginning_is_understood() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    for body in [b"1", b"2", b"3"] {
        pair.notify(relation, body, NonConfirmable);
        pair.notified(A);
    }
    pair.drop_next(A, 1);
    pair.a.endpoint.observe_again(pair.now, id);
    pair.drain();
    let request = pair.sent(A, 1)[0].id;
    // 2.05 with Observe 0, as a device that has restarted says it.
    let token = pair.sent(A, 0)[0].token;
    let mut answer = vec![0x60 | token.as_bytes().len() as u8, 0x45];
    answer.extend(request.0.to_be_bytes());
    answer.extend(token.as_bytes());
    answer.extend([0x60, 0xff, b'9']);
    pair.inject(A, &answer);
    assert_eq!(pair.notified(A).2.payload.bytes(), "9");
}

#[test]
fn a_refusal_and_silence_end_it() {
    let mut pair = Pair::new();
    let (id, _) = pair.observing();
    pair.a.endpoint.observe_again(pair.now, id);
    pair.event(B);
    let (second, _) = pair.asked(B);
    pair.respond(B, second, Response::new(Code::NOT_FOUND));
    assert_eq!(pair.notified(A).2.code, Code::NOT_FOUND);
    assert_eq!(pair.a.endpoint.usage().exchanges, 0);

    let mut pair = Pair::new();
    let (id, _) = pair.observing();
    pair.drop_next(A, 100);
    pair.a.endpoint.observe_again(pair.now, id);
    pair.drain();
    let Event::Failed { id: of, error } = pair.event(A) else { panic!("it ends") };
    assert_eq!((of, error), (id, ExchangeError::TimedOut { attempts: 5 }));
}

#[test]
fn an_earlier_notification_is_not_taken_for_the_answer() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    let delivery = pair.notify(relation, b"1", NonConfirmable);
    pair.notified(A);
    pair.delivered(B, delivery);
    pair.b.endpoint.end_observation(pair.now, relation);
    let mut late = pair.b.sent.last().cloned().unwrap().to_vec();
    late[3] ^= 0x11; // another message
    pair.drop_next(A, 1);
    pair.a.endpoint.observe_again(pair.now, id);
    pair.drain();
    pair.inject(A, &late);
    let (second, _) = pair.asked(B);
    pair.respond(B, second, observed(b"2"));
    assert_eq!(pair.notified(A).2.payload.bytes(), "2");
    pair.run(secs(300));
    assert!(pair.a.events.is_empty(), "{:?}", pair.a.events);
}

#[test]
fn one_that_is_given_up_before_it_could_be_asked_is_reset() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    pair.request(A, pair::get(["slow"])); // has the only turn
    pair.asked(B);
    pair.a.endpoint.observe_again(pair.now, id);
    pair.a.endpoint.cancel(pair.now, id);
    pair.notify(relation, b"1", NonConfirmable);
    loop {
        match pair.event(B) {
            Event::ObserverGone { reset, .. } => break assert!(reset),
            Event::Delivered { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}
