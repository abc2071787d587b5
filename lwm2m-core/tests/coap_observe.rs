//! Observation in both roles. [RFC 7641]

mod pair;

use std::time::Duration;

use lwm2m_core::{
    Code, Link,
    coap::{
        Config,
        Delivery::{Confirmable, NonConfirmable},
        Event, ExchangeError, MessageType, OptionNumber, Options, Request, Response,
    },
};
use pair::{A, B, Pair, content, get, large, observe, observed, secs};

#[test]
fn notifications_come_in_order_and_say_how() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    for (body, how) in [(&b"95"[..], NonConfirmable), (b"79", Confirmable)] {
        let delivery = pair.notify(relation, body, how);
        match pair.event(A) {
            Event::Notification { id: of, response, how: came, .. } => {
                assert_eq!((of, came), (id, how));
                assert_eq!(response.payload.bytes(), body);
            }
            other => panic!("{other:?}"),
        }
        pair.delivered(B, delivery);
    }
    let sequence: Vec<_> = pair.sent(B, 0).iter().filter_map(|message| message.options.observe()).collect();
    assert_eq!(sequence, [1, 2, 3]);
}

#[test]
fn an_older_notification_is_acknowledged_but_not_told() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    pair.notify(relation, b"95", NonConfirmable);
    let old = pair.b.sent.last().cloned().unwrap();
    pair.notified(A);
    pair.notify(relation, b"94", NonConfirmable);
    pair.notified(A);
    // The first one again, as confirmable and as it was.
    let mut confirmable = old.to_vec();
    confirmable[0] &= 0x4f;
    pair.inject(A, &confirmable);
    pair.inject(A, &old);
    assert!(pair.a.events.is_empty());
    assert_eq!(pair.a.endpoint.counters().stale, 2);
    assert_eq!(pair.sent(A, 1)[0].kind, MessageType::Acknowledgement);
    // After 128 s, whatever its number, it is newer. [RFC 7641 §3.4]
    pair.run(secs(129));
    pair.inject(A, &old);
    pair.notified(A);
}

#[test]
fn a_reset_ends_the_relation_whether_confirmable_or_not() {
    for how in [Confirmable, NonConfirmable] {
        let mut pair = Pair::new();
        let (id, relation) = pair.observing();
        pair.a.endpoint.cancel(pair.now, id);
        let delivery = pair.notify(relation, b"1", how);
        match how {
            Confirmable => assert_eq!(pair.undelivered(B, delivery), ExchangeError::Reset),
            NonConfirmable => pair.delivered(B, delivery),
        }
        assert!(matches!(pair.event(B), Event::ObserverGone { id, .. } if id == relation), "{how:?}");
        let late = pair.notify(relation, b"2", how);
        assert_eq!(pair.undelivered(B, late), ExchangeError::Cancelled);
        assert!(pair.a.events.is_empty());
    }
}

#[test]
fn an_observe_of_one_ends_it_under_the_same_token() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let cancel = pair.request(A, observe(["3", "0", "9"], 1));
    assert!(matches!(pair.event(B), Event::ObserverGone { id, .. } if id == relation));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(b"79"));
    match pair.event(A) {
        Event::Response { id, observing: false, .. } => assert_eq!(id, cancel),
        other => panic!("{other:?}"),
    }
    let sent = pair.sent(A, 0);
    assert_eq!(sent[0].token, sent[1].token);
    let late: Vec<u8> = {
        let mut late = vec![0x40 | sent[0].token.as_bytes().len() as u8, 0x45, 0xff, 0xff];
        late.extend(sent[0].token.as_bytes());
        late.extend([0x61, 4]);
        late
    };
    drop(sent);
    pair.inject(A, &late);
    assert_eq!(pair.sent(A, 2)[0].kind, MessageType::Reset, "a late notification is not known");
}

#[test]
fn the_same_token_replaces_the_relation() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let mut again = pair.a.sent[0].to_vec();
    again[2] ^= 0x55;
    pair.inject(B, &again);
    assert!(matches!(pair.event(B), Event::ObserverGone { id, .. } if id == relation));
    let (second, _) = pair.asked(B);
    pair.respond(B, second, observed(b"2"));
    pair.event(B);
    pair.notify(second, b"3", NonConfirmable);
    assert_eq!(pair.notified(A).2.payload.bytes(), "3", "its number is above those of the relation before");
}

#[test]
fn an_error_ends_the_observation_on_both_ends() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    let gone = Response::new(Code::NOT_FOUND);
    let delivery = pair.b.endpoint.notify(pair.now, relation, gone, Confirmable);
    let (of, _, response) = pair.notified(A);
    assert_eq!((of, response.code), (id, Code::NOT_FOUND));
    pair.delivered(B, delivery);
    assert_eq!(pair.sent(B, 1)[0].options.observe(), None);
    let late = pair.notify(relation, b"2", Confirmable);
    assert_eq!(pair.undelivered(B, late), ExchangeError::Cancelled);
    pair.run(secs(300));
    assert!(pair.a.events.is_empty() && pair.b.events.is_empty());
}

#[test]
fn a_success_without_observe_ends_it_too() {
    let mut pair = Pair::new();
    let (id, _) = pair.observing();
    let mut frame = vec![0x50 | pair.a.sent[0][0] & 0xf, 0x45, 0x99, 0x99];
    frame.extend(pair.sent(A, 0)[0].token.as_bytes());
    pair.inject(A, &frame);
    assert_eq!(pair.notified(A).0, id);
    assert!(matches!(pair.event(A), Event::Failed { id: of, error: ExchangeError::Ended } if of == id));
}

#[test]
fn a_newer_notification_takes_over_what_is_not_acknowledged() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    pair.drop_next(B, 1);
    let first = pair.notify(relation, b"1", Confirmable);
    let second = pair.notify(relation, b"2", Confirmable);
    let third = pair.notify(relation, b"3", NonConfirmable);
    assert_eq!(pair.undelivered(B, second), ExchangeError::Superseded);
    let (_, _, response) = pair.notified(A);
    assert_eq!(response.payload.bytes(), "3");
    assert_eq!(pair.undelivered(B, first), ExchangeError::Superseded);
    pair.delivered(B, third);
    let sent = pair.sent(B, 1);
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0].id, sent[1].id);
    assert!(sent[0].options.observe() < sent[1].options.observe());
}

#[test]
fn the_counter_of_repetitions_goes_on_when_a_newer_one_takes_over() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    pair.drop_next(B, 100);
    let mut last = pair.notify(relation, b"1", Confirmable);
    let started = pair.now.mono;
    for frames in 3..=6 {
        let newer = pair.notify(relation, b"2", Confirmable);
        pair.until_sent(B, frames);
        assert_eq!(pair.undelivered(B, last), ExchangeError::Superseded);
        last = newer;
    }
    assert_eq!(pair.undelivered(B, last), ExchangeError::TimedOut { attempts: 5 });
    let waited = pair.now.mono.since(started);
    assert!(waited >= secs(62) && waited <= secs(93), "MAX_TRANSMIT_WAIT, not five of them: {waited:?}");
    assert!(matches!(pair.event(B), Event::ObserverGone { id, .. } if id == relation));
}

#[test]
fn confirmable_notifications_of_several_relations_take_turns() {
    let mut pair = Pair::new();
    let (_, first) = pair.observing();
    pair.request(A, observe(["3", "0", "7"], 0));
    let (second, _) = pair.asked(B);
    pair.respond(B, second, observed(b"5"));
    pair.event(B);
    pair.event(A);
    let before = pair.b.sent.len();
    let one = pair.notify(first, b"1", Confirmable);
    let two = pair.notify(second, b"2", Confirmable);
    assert_eq!(pair.b.sent.len(), before + 1);
    pair.delivered(B, one);
    pair.delivered(B, two);
}

#[test]
fn once_a_day_a_notification_is_confirmable() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let kind = |pair: &mut Pair| {
        pair.notify(relation, b"1", NonConfirmable);
        pair.sent(B, 0).last().unwrap().kind
    };
    assert_eq!(kind(&mut pair), MessageType::NonConfirmable);
    pair.run(secs(24 * 3600 - 10));
    assert_eq!(kind(&mut pair), MessageType::NonConfirmable);
    pair.run(secs(10));
    assert_eq!(kind(&mut pair), MessageType::Confirmable);
    pair.run(secs(10));
    assert_eq!(kind(&mut pair), MessageType::NonConfirmable);
}

#[test]
fn a_refused_notification_is_not_acknowledged_and_comes_again() {
    let mut config = Config::default();
    config.settle_notifications = true;
    let mut pair = Pair::with(1, Link::default(), config);
    let (id, relation) = pair.observing();
    let delivery = pair.notify(relation, b"95", Confirmable);
    let (_, seen, _) = pair.notified(A);
    pair.run(Duration::from_millis(500));
    assert_eq!(pair.a.sent.len(), 1, "not acknowledged yet");
    pair.a.endpoint.settle(pair.now, id, seen, false);
    let (_, seen, response) = pair.notified(A);
    assert_eq!(response.payload.bytes(), "95");
    assert_eq!(pair.b.sent.len(), 3, "it is the repetition");
    pair.a.endpoint.settle(pair.now, id, seen, true);
    pair.delivered(B, delivery);
    pair.a.endpoint.settle(pair.now, id, seen, true);
    pair.a.endpoint.settle(pair.now, id, 77, false);
    pair.drain();
    assert_eq!(pair.a.sent.len(), 2);
}

#[test]
fn a_lost_acknowledgement_of_a_settled_notification_is_repeated() {
    let mut config = Config::default();
    config.settle_notifications = true;
    let mut pair = Pair::with(1, Link::default(), config);
    let (id, relation) = pair.observing();
    let delivery = pair.notify(relation, b"95", Confirmable);
    let (_, seen, _) = pair.notified(A);
    pair.drop_next(A, 1);
    pair.a.endpoint.settle(pair.now, id, seen, true);
    pair.delivered(B, delivery);
    assert!(pair.a.events.is_empty());
}

#[test]
fn a_large_notification_is_fetched_under_another_token() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    for round in 0..3 {
        let response = Response::new(Code::CONTENT).with_payload(large(3000, round));
        let delivery = pair.b.endpoint.notify(pair.now, relation, response, Confirmable);
        let (of, _, response) = loop {
            match pair.event(A) {
                Event::Notification { id, seen, response, .. } => break (id, seen, response),
                Event::Progress { .. } => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((of, response.payload.bytes()), (id, &large(3000, round)));
        pair.delivered(B, delivery);
    }
    assert!(pair.b.events.is_empty(), "the blocks are served by the endpoint");
    let sent = pair.sent(A, 1);
    let fetches: Vec<_> = sent.iter().filter(|message| message.code == Code::GET).collect();
    assert_eq!(fetches.len(), 6);
    assert!(
        fetches.iter().all(|get| get.options.observe().is_none() && get.token != pair.sent(A, 0)[0].token)
    );
}

#[test]
fn a_large_first_answer_is_whole_and_begins_the_observation() {
    let mut pair = Pair::new();
    let id = pair.request(A, observe(["3"], 0));
    let (relation, _) = pair.asked(B);
    let first = observed(b"").with_payload(large(2500, 1));
    pair.respond(B, relation, first);
    loop {
        match pair.event(A) {
            Event::Progress { .. } => {}
            Event::Response { response, observing, .. } => {
                assert_eq!((observing, response.payload.bytes()), (true, &large(2500, 1)));
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    pair.event(B);
    pair.notify(relation, b"small", NonConfirmable);
    assert_eq!(pair.notified(A).0, id);
}

#[test]
fn a_newer_notification_replaces_one_that_is_still_fetched() {
    let mut pair = Pair::new();
    let (_, relation) = pair.observing();
    let response = Response::new(Code::CONTENT).with_payload(large(5000, 1));
    pair.b.endpoint.notify(pair.now, relation, response, NonConfirmable);
    pair.drain();
    pair.run(Duration::from_millis(180));
    pair.notify(relation, b"newest", NonConfirmable);
    loop {
        match pair.event(A) {
            Event::Progress { .. } => {}
            Event::Notification { response, .. } => {
                assert_eq!(response.payload.bytes(), "newest");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    pair.run(secs(300));
    assert!(pair.a.events.is_empty());
}

#[test]
fn an_observing_fetch_sends_its_body_again_for_the_blocks() {
    let mut pair = Pair::new();
    let options =
        Options::new().with_uint(OptionNumber::OBSERVE, 0).with_uint(OptionNumber::CONTENT_FORMAT, 112);
    let request = Request::new(Code::FETCH).with_options(options).with_payload(&b"paths"[..]);
    pair.request(A, request);
    let (relation, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), "paths");
    pair.respond(B, relation, observed(b"1"));
    pair.event(B);
    pair.event(A);
    let response = Response::new(Code::CONTENT).with_payload(large(1500, 9));
    pair.b.endpoint.notify(pair.now, relation, response, NonConfirmable);
    loop {
        match pair.event(A) {
            Event::Progress { .. } => {}
            Event::Notification { response, .. } => {
                break assert_eq!(response.payload.bytes(), &large(1500, 9));
            }
            other => panic!("{other:?}"),
        }
    }
    let sent = pair.sent(A, 1);
    assert_eq!((sent[0].code, sent[0].payload), (Code::FETCH, &b"paths"[..]));
}

#[test]
fn relations_end_when_the_link_goes() {
    let mut pair = Pair::new();
    let (id, relation) = pair.observing();
    pair.drop_next(B, 1);
    let delivery = pair.notify(relation, b"1", Confirmable);
    pair.b.endpoint.handle_down(pair.now, pair::ROUTE);
    assert!(matches!(pair.event(B), Event::ObserverGone { id, .. } if id == relation));
    assert_eq!(pair.undelivered(B, delivery), ExchangeError::LinkGone { sent: true });
    pair.a.endpoint.handle_down(pair.now, pair::ROUTE);
    let Event::Failed { id: of, error } = pair.event(A) else { panic!() };
    assert_eq!((of, error), (id, ExchangeError::LinkGone { sent: true }));
}

#[test]
fn more_observations_than_allowed_are_answered_plainly() {
    let mut config = Config::default();
    config.limits.observers_per_peer = 2;
    let mut pair = Pair::with(1, Link::default(), config);
    for n in 0..3 {
        pair.request(A, observe(["3"], 0));
        let Event::Request { id, observe, .. } = pair.event(B) else { panic!() };
        assert_eq!(observe.is_some(), n < 2);
        pair.respond(B, id, observed(b"1"));
        pair.event(B);
        let Event::Response { observing, .. } = pair.event(A) else { panic!() };
        assert_eq!(observing, n < 2);
    }
    assert_eq!(pair.b.endpoint.counters().observers_refused, 1);
}

#[test]
fn a_silent_answer_to_observe_is_no_observation() {
    let mut pair = Pair::new();
    pair.request(A, observe(["3"], 0));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(b"1"));
    assert!(matches!(pair.event(A), Event::Response { observing: false, .. }));
    pair.event(B);
    let late = pair.notify(inbound, b"2", Confirmable);
    assert_eq!(pair.undelivered(B, late), ExchangeError::Cancelled);
    pair.request(A, get(["3"]));
}
