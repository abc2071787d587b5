//! A peer that asks us to wait is not asked again meanwhile [RFC 8516], one that wants an Echo gets it [RFC 9175].

mod pair;

use lwm2m_core::{
    Code,
    coap::{Event, ExchangeError, OptionNumber, Options, Response},
};
use pair::{A, B, Pair, content, get, post, secs};

fn refuse(pair: &mut Pair, code: Code, max_age: Option<u64>) {
    pair.request(A, get(["3", "0"]));
    let (inbound, _) = pair.asked(B);
    let mut options = Options::new();
    if let Some(max_age) = max_age {
        options.push_uint(OptionNumber::MAX_AGE, max_age);
    }
    pair.respond(B, inbound, Response::new(code).with_options(options));
    assert_eq!(pair.answered(A).1.code, code);
    pair.event(B);
}

fn held_off(pair: &mut Pair) -> Option<std::time::Duration> {
    pair.request(A, get(["3", "0"]));
    match pair.event(A) {
        Event::Failed { error: ExchangeError::HoldOff(left), .. } => Some(left),
        _ => None,
    }
}

#[test]
fn the_same_request_waits_until_max_age_is_over() {
    for (code, max_age, wait) in [
        (Code::TOO_MANY_REQUESTS, Some(20), 20),
        (Code::TOO_MANY_REQUESTS, None, 60),
        (Code::SERVICE_UNAVAILABLE, Some(10), 10),
        (Code::SERVICE_UNAVAILABLE, Some(1_000_000), 3600),
    ] {
        let mut pair = Pair::new();
        refuse(&mut pair, code, max_age);
        let left = held_off(&mut pair).unwrap();
        assert!(left <= secs(wait) && left + secs(1) > secs(wait), "{left:?}");
        assert_eq!(pair.a.endpoint.counters().held_off, 1);
        // Another method or another path is another request.
        for request in [post(["3", "0"], b""), get(["3", "1"])] {
            pair.request(A, request);
            let (inbound, _) = pair.asked(B);
            pair.respond(B, inbound, content(b""));
            pair.answered(A);
            pair.event(B);
        }
        pair.run(secs(wait));
        pair.request(A, get(["3", "0"]));
        pair.asked(B);
    }
}

#[test]
fn a_5_03_without_max_age_holds_nothing_off() {
    let mut pair = Pair::new();
    refuse(&mut pair, Code::SERVICE_UNAVAILABLE, None);
    pair.request(A, get(["3", "0"]));
    pair.asked(B);
}

#[test]
fn the_number_of_waits_is_bounded() {
    let mut pair = Pair::with(1, lwm2m_core::Link::default(), {
        let mut config = lwm2m_core::coap::Config::default();
        config.limits.hold_offs = 2;
        config
    });
    for (path, max_age) in [("a", 100), ("b", 50), ("c", 70)] {
        pair.request(A, get([path]));
        let (inbound, _) = pair.asked(B);
        let options = Options::new().with_uint(OptionNumber::MAX_AGE, max_age);
        pair.respond(B, inbound, Response::new(Code::TOO_MANY_REQUESTS).with_options(options));
        pair.answered(A);
        pair.event(B);
    }
    pair.request(A, get(["b"]));
    pair.asked(B);
    pair.request(A, get(["a"]));
    assert!(matches!(pair.event(A), Event::Failed { error: ExchangeError::HoldOff(_), .. }));
}

#[test]
fn an_echo_is_given_back_once() {
    let mut pair = Pair::new();
    let id = pair.request(A, post(["x"], b"body"));
    let challenge =
        || Response::new(Code::UNAUTHORIZED).with_options(Options::new().with(OptionNumber::ECHO, b"now"));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, challenge());
    pair.event(B);
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), "body");
    assert_eq!(pair.sent(A, 1)[0].options.first(OptionNumber::ECHO), Some(&b"now"[..]));
    pair.respond(B, inbound, challenge());
    let (answered, response) = pair.answered(A);
    assert_eq!((answered, response.code), (id, Code::UNAUTHORIZED));
    assert_eq!(pair.a.sent.len(), 2);
}
