//! Confirmable messages over a wire that loses them. [RFC 7252 §4.2] HLF-017.

mod pair;

use lwm2m_core::{
    Code,
    coap::{Delivery, Event, ExchangeError, MessageType},
};
use pair::{A, B, Pair, content, get, post, secs};

#[test]
fn a_request_is_answered_in_the_acknowledgement() {
    let mut pair = Pair::new();
    let id = pair.request(A, get(["3", "0"]));
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.options.uri_path().collect::<Vec<_>>(), ["3", "0"]);
    pair.respond(B, inbound, content(b"hello"));
    let (answered, response) = pair.answered(A);
    assert_eq!((answered, response.code), (id, Code::CONTENT));
    assert_eq!(response.payload.bytes(), "hello");
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    assert_eq!((pair.a.sent.len(), pair.b.sent.len()), (1, 1));
    assert_eq!(pair.sent(B, 0)[0].kind, MessageType::Acknowledgement);
}

#[test]
fn a_lost_answer_comes_from_the_cache_and_the_request_runs_once() {
    let mut pair = Pair::new();
    pair.request(A, post(["1", "0", "8"], b""));
    let (inbound, _) = pair.asked(B);
    pair.drop_next(B, 1);
    pair.respond(B, inbound, content(b"once"));
    let (_, response) = pair.answered(A);
    assert_eq!(response.payload.bytes(), "once");
    let waited = pair.now.mono.0;
    assert!((2_000_000..3_300_000).contains(&waited), "after ACK_TIMEOUT times up to 1.5: {waited}");
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    assert!(pair.try_event(B, secs(300)).is_none());
    assert_eq!(pair.b.sent[0], pair.b.sent[1]);
    assert_eq!(pair.b.endpoint.counters().duplicates, 1);
}

#[test]
fn the_wait_doubles_and_ends_after_four_repetitions() {
    let mut pair = Pair::new();
    pair.drop_next(A, 100);
    let id = pair.request(A, get(["3"]));
    let mut times = Vec::new();
    while pair.a.events.is_empty() {
        let before = pair.a.sent.len();
        assert!(pair.step(pair.now.mono.after(secs(100))));
        if pair.a.sent.len() > before {
            times.push(pair.now.mono.0);
        }
    }
    assert_eq!(times.len(), 4);
    let first = times[0];
    assert!((2_000_000..=3_000_000).contains(&first), "{first}");
    assert_eq!(times, [first, 3 * first, 7 * first, 15 * first]);
    assert_eq!(pair.now.mono.0, 31 * first);
    let Event::Failed { id: failed, error } = pair.event(A) else { panic!("failed") };
    assert_eq!((failed, error), (id, ExchangeError::TimedOut { attempts: 5 }));
}

#[test]
fn a_slow_answer_is_acknowledged_first_and_then_confirmed_itself() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(5));
    assert_eq!(pair.a.sent.len(), 1, "the empty ACK stops repetition");
    assert!(pair.sent(B, 0)[0].is_empty());
    pair.drop_next(B, 1);
    pair.respond(B, inbound, content(b"late"));
    assert_eq!(pair.answered(A).1.payload.bytes(), "late");
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    let kinds: Vec<_> = pair.sent(B, 1).iter().map(|message| message.kind).collect();
    assert_eq!(kinds, [MessageType::Confirmable; 2]);
    assert!(pair.sent(A, 1)[0].is_empty());
}

#[test]
fn an_answer_that_overtakes_its_acknowledgement_ends_repetition() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.drop_next(B, 1); // the empty ACK
    pair.run(secs(1));
    pair.respond(B, inbound, content(b"first"));
    assert_eq!(pair.answered(A).1.payload.bytes(), "first");
    pair.run(secs(200));
    assert_eq!(pair.a.sent.len(), 2, "the request, and the acknowledgement of the answer");
}

#[test]
fn a_repeated_separate_answer_is_acknowledged_again() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.run(secs(1));
    pair.respond(B, inbound, content(b"x"));
    pair.drop_next(A, 1);
    pair.answered(A);
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    assert_eq!(pair.a.sent[1], pair.a.sent[2]);
    assert!(pair.try_event(A, secs(200)).is_none());
}

#[test]
fn a_non_confirmable_request_gets_a_non_confirmable_answer() {
    let mut pair = Pair::new();
    pair.wire.duplicate = 100;
    pair.request_as(A, get(["3"]), Delivery::NonConfirmable);
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(b"x"));
    pair.answered(A);
    pair.run(secs(300));
    assert!(pair.a.events.is_empty());
    assert!(pair.b.events.iter().all(|event| matches!(event, Event::Delivered { .. })));
    assert_eq!((pair.a.sent.len(), pair.b.sent.len()), (1, 1));
    assert_eq!(pair.sent(B, 0)[0].kind, MessageType::NonConfirmable);
}

#[test]
fn a_ping_is_reset() {
    let mut pair = Pair::new();
    let id = pair.a.endpoint.ping(pair.now, pair.a.peer);
    assert!(matches!(pair.event(A), Event::Pong { id: pong } if pong == id));
    assert_eq!(pair.b.endpoint.counters().pings, 1);
    pair.drop_next(A, 10);
    pair.a.endpoint.ping(pair.now, pair.a.peer);
    assert!(matches!(pair.event(A), Event::Failed { error: ExchangeError::TimedOut { .. }, .. }));
}

#[test]
fn one_request_at_a_time_is_outstanding_and_the_rest_wait_in_order() {
    let mut pair = Pair::new();
    let ids: Vec<_> = (0..5).map(|_| pair.request(A, get(["3"]))).collect();
    assert_eq!(pair.a.sent.len(), 1);
    for id in ids {
        let (inbound, _) = pair.asked(B);
        assert_eq!(pair.a.sent.len(), pair.b.sent.len() + 1);
        pair.respond(B, inbound, content(b"x"));
        assert_eq!(pair.answered(A).0, id);
        pair.event(B);
    }
}

#[test]
fn a_link_that_goes_says_what_may_have_been_done() {
    let mut pair = Pair::new();
    let first = pair.request(A, get(["3"]));
    let second = pair.request(A, get(["4"]));
    pair.a.endpoint.handle_down(pair.now, pair::ROUTE);
    for (id, sent) in [(first, true), (second, false)] {
        let Event::Failed { id: failed, error } = pair.event(A) else { panic!("failed") };
        assert_eq!((failed, error), (id, ExchangeError::LinkGone { sent }));
    }
    let third = pair.request(A, get(["5"]));
    assert!(matches!(pair.event(A), Event::Failed { id, .. } if id == third));
    assert!(pair.a.endpoint.peer_at(pair::ROUTE).is_none());
}

#[test]
fn what_the_application_never_answers_is_answered_5_03() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    assert_eq!(pair.answered(A).1.code, Code::SERVICE_UNAVAILABLE);
    assert!(pair.b.events.is_empty());
    pair.respond(B, inbound, content(b"too late"));
    assert!(matches!(pair.event(B), Event::Undelivered { error: ExchangeError::Cancelled, .. }));
}

/// Every exchange ends, and no request reaches the application twice.
#[test]
fn at_thirty_per_cent_loss_every_exchange_ends_and_nothing_runs_twice() {
    for seed in 0..40 {
        let mut pair = Pair::seeded(seed);
        (pair.wire.loss, pair.wire.duplicate, pair.wire.jitter) = (30, 20, 3_000_000);
        let mut open: Vec<_> = (0..30).map(|_| pair.request(A, post(["x"], b"1"))).collect();
        let asked_for = open.len();
        let (mut asked, mut done) = (0, 0);
        let limit = pair.now.mono.after(secs(20_000));
        while pair.step(limit) {
            while let Some(event) = pair.b.events.pop_front() {
                if let Event::Request { id, .. } = event {
                    asked += 1;
                    if asked % 3 == 0 {
                        let until = pair.now.mono.after(secs(4));
                        while pair.step(until) {}
                    }
                    pair.respond(B, id, content(b"done"));
                }
            }
            while let Some(event) = pair.a.events.pop_front() {
                let (Event::Response { id, .. } | Event::Failed { id, .. }) = event else {
                    panic!("{event:?}")
                };
                done += usize::from(matches!(event, Event::Response { .. }));
                let before = open.len();
                open.retain(|other| *other != id);
                assert_eq!(open.len(), before - 1, "an exchange ends once");
            }
        }
        assert!(open.is_empty(), "seed {seed}");
        assert!((done..=asked_for).contains(&asked), "seed {seed}: {asked} ran, {done} were answered");
        assert!(done >= asked_for / 2);
    }
}
