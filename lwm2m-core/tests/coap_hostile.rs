//! What networks and peers do that no peer should, and what must not come of it.

mod pair;

use std::sync::Arc;

use lwm2m_core::{
    Bytes, Code, Link, LinkId, Mono, Now, Output, PeerId, Route,
    coap::{
        Config, Delivery, Endpoint, Event, ExchangeError, Message, MessageId, MessageType, OptionNumber,
        Options, Payload, Request, Response, Segment, Token,
    },
};
use pair::{A, B, Pair, content, get, observe, observed, secs};

fn body(octets: usize, seed: u8) -> Bytes {
    (0..octets).map(|n| (n % 249) as u8 ^ seed).collect()
}

fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut frame = bytes::BytesMut::new();
    message.encode(&mut frame);
    frame.to_vec()
}

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

const START: Now = Now { mono: Mono(0), wall: None };

fn events(endpoint: &mut Endpoint) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        match endpoint.poll_output(START) {
            Output::Event(event) => events.push(event),
            Output::Timeout(_) => return events,
            _ => {}
        }
    }
}

/// Runs until one side has a response or a failure; the other gives `answer` to every request.
fn outcome(pair: &mut Pair, answer: impl Fn() -> Response) -> Result<Response, ExchangeError> {
    let limit = pair.now.mono.after(secs(600));
    loop {
        while let Some(event) = pair.b.events.pop_front() {
            if let Event::Request { id, .. } = event {
                pair.respond(B, id, answer());
            }
        }
        while let Some(event) = pair.a.events.pop_front() {
            match event {
                Event::Response { response, .. } => return Ok(response),
                Event::Failed { error, .. } => return Err(error),
                _ => {}
            }
        }
        assert!(pair.step(limit), "it never ends");
    }
}

#[test]
fn duplicated_answers_do_not_disturb_blocks_that_are_not_confirmed() {
    let mut pair = Pair::new();
    pair.wire.duplicate = 100;
    let options = Options::new().with_path(["5", "0", "0"]);
    let put = Request::new(Code::PUT).with_options(options).with_payload(body(5000, 0));
    pair.request_as(A, put, Delivery::NonConfirmable);
    assert_eq!(outcome(&mut pair, || Response::new(Code::CHANGED)).unwrap().code, Code::CHANGED);

    pair.request_as(A, get(["3"]), Delivery::NonConfirmable);
    let answer = || Response::new(Code::CONTENT).with_payload(body(5000, 7));
    assert_eq!(outcome(&mut pair, answer).unwrap().payload.bytes(), &body(5000, 7));
}

#[test]
fn an_answer_that_comes_while_the_next_block_waits_its_turn_answers_nothing() {
    let mut pair = Pair::new();
    pair.wire.delay = 1;
    let options = Options::new().with_path(["5", "0", "0"]);
    let put = Request::new(Code::PUT).with_options(options).with_payload(body(3000, 0));
    pair.request(A, put);
    let first = Message::parse(&pair.a.sent[0]).unwrap();
    let (id, token) = (first.id, first.token);
    pair.drop_next(B, 1);
    // An Empty ACK gives the turn to another request; then the 2.31 comes twice, as two messages.
    pair.inject(A, &encode(&Message::empty(MessageType::Acknowledgement, id)));
    pair.request(A, get(["1"]));
    pair.drop_next(B, 1);
    for id in [7, 8] {
        let echo = Options::new().with_uint(OptionNumber::BLOCK1, 0b1110);
        pair.inject(
            A,
            &encode(&Message {
                kind: MessageType::NonConfirmable,
                code: Code::CONTINUE,
                id: MessageId(id),
                token,
                options: echo.view(),
                payload: &[],
            }),
        );
    }
    pair.run(secs(300));
    let blocks: Vec<u32> = pair.sent(A, 0).iter().filter_map(|m| m.options.block1()).map(|b| b.num).collect();
    assert_eq!(blocks.get(..3), Some(&[0, 1, 2][..]), "none is left out");
}

#[test]
fn a_restarted_device_that_counts_from_the_same_id_gets_its_own_answer() {
    let mut pair = Pair::new();
    for (token, octets) in [(1_u8, &b"one"[..]), (2, b"two")] {
        let frame = [0x41, 1, 0, 1, token, 0xb1, b'3'];
        pair.inject(B, &frame);
        let (id, _) = pair.asked(B);
        pair.respond(B, id, Response::new(Code::CONTENT).with_payload(octets));
        pair.event(B);
        // A repetition is still one.
        pair.inject(B, &frame);
        assert!(pair.b.events.is_empty());
    }
    let answers: Vec<_> = pair.sent(B, 0).iter().map(|m| (m.token, m.payload.to_vec())).collect();
    let token = |n| Token::new(&[n]).unwrap();
    let wanted = [(1, "one"), (1, "one"), (2, "two"), (2, "two")].map(|(n, t)| (token(n), t.into()));
    assert_eq!(answers, wanted);
}

#[test]
fn an_observation_survives_a_body_that_changes_while_its_first_answer_is_fetched() {
    let mut pair = Pair::new();
    let id = pair.request(A, observe(["3"], 0));
    let (relation, _) = pair.asked(B);
    let answer = |seed| observed(b"").with_payload(body(3000, seed));
    pair.respond(B, relation, answer(1));
    // B has lost the body when the second block is asked for, and has another one by now.
    pair.run(std::time::Duration::from_millis(50));
    let now = pair.now;
    let mut seed = 1;
    for n in 0..5 {
        let other = pair.b.endpoint.request(now, pair.b.peer, get(["x"]), Delivery::NonConfirmable);
        pair.b.endpoint.cancel(now, other);
        let frame = [0x41, 1, 9, n, 9, 0xb1, b'a' + n];
        pair.inject(B, &frame);
        while let Some(event) = pair.b.events.pop_front() {
            if let Event::Request { id, .. } = event {
                pair.respond(B, id, Response::new(Code::CONTENT).with_payload(body(3000, 100 + n)));
            }
        }
    }
    let limit = pair.now.mono.after(secs(60));
    let observing = loop {
        while let Some(event) = pair.b.events.pop_front() {
            if let Event::Request { id, .. } = event {
                seed = 2;
                pair.respond(B, id, Response::new(Code::CONTENT).with_payload(body(3000, 2)));
            }
        }
        match pair.a.events.pop_front() {
            Some(Event::Response { id: of, response, observing }) => {
                assert_eq!(of, id);
                assert_eq!(response.payload.bytes(), &body(3000, 2));
                break observing;
            }
            Some(_) => {}
            None => assert!(pair.step(limit), "no answer"),
        }
    };
    assert_eq!((seed, observing), (2, true), "the body has changed, the observation goes on");
    pair.notify(relation, b"new", Delivery::Confirmable);
    pair.notified(A);
}

#[test]
fn observations_given_up_do_not_pile_up() {
    let mut config = Config::default();
    config.limits.exchanges_per_peer = 100;
    let mut pair = Pair::with(1, Link::default(), config);
    let first = pair.observing().0;
    pair.a.endpoint.cancel(pair.now, first);
    let mut cancelled = vec![first];
    for _ in 0..60 {
        let (id, _) = pair.observing();
        pair.a.endpoint.cancel(pair.now, id);
        cancelled.push(id);
    }
    // What is still known of them shows in who can be told apart from a stranger: the oldest cannot.
    let oldest = pair.sent(A, 0)[0].token;
    let notification = |token| {
        let options = Options::new().with_uint(OptionNumber::OBSERVE, 9);
        encode(&Message {
            kind: MessageType::NonConfirmable,
            code: Code::CONTENT,
            id: MessageId(77),
            token,
            options: options.view(),
            payload: b"1",
        })
    };
    let before = pair.a.endpoint.counters().unmatched;
    let frame = notification(oldest);
    pair.inject(A, &frame);
    assert_eq!(pair.a.endpoint.counters().unmatched, before + 1);
    // A device whose registration has ended takes the rest with it.
    let newest = pair.sent(A, 0).iter().rev().find(|m| m.code == Code::GET).unwrap().token;
    let peer = pair.a.peer;
    pair.a.endpoint.set_registered(peer, true);
    pair.a.endpoint.set_registered(peer, false);
    let frame = notification(newest);
    pair.inject(A, &frame);
    assert_eq!(pair.a.endpoint.counters().unmatched, before + 2);
}

#[test]
fn separate_answers_that_are_never_acknowledged_are_bounded() {
    let mut pair = Pair::new();
    let mut answered = 0;
    for n in 0..100_u8 {
        pair.inject(B, &[0x41, 1, 1, n, n, 0xb1, b'3']);
        // Slower than the Empty ACK.
        pair.run(secs(1));
        while let Some(event) = pair.b.events.pop_front() {
            if let Event::Request { id, .. } = event {
                answered += 1;
                let now = pair.now;
                pair.b.endpoint.respond(now, id, content(b"late"));
                pair.drop_next(B, 1);
                pair.drain();
            }
        }
        // Whatever A says to them is lost.
        pair.drop_next(A, 1000);
    }
    // Each takes 62 to 93 s to be given up; 16 at a time.
    assert!(answered <= 16 * 3, "{answered} answers were being repeated");
    assert!(answered >= 16);
}

#[test]
fn when_thousands_lose_their_registration_one_new_peer_does_not_pay_for_all() {
    let mut config = Config::default();
    config.limits.unregistered_peers = 8;
    let mut endpoint = Endpoint::new(Arc::new(config), [7; 32]);
    let peers: Vec<PeerId> = (0..1000)
        .map(|n| {
            let peer = endpoint.handle_up(START, route(n), Link::default());
            endpoint.set_registered(peer, true);
            peer
        })
        .collect();
    peers.iter().for_each(|peer| endpoint.set_registered(*peer, false));
    let mut displaced = 0;
    for n in 0..1000 {
        endpoint.handle_up(START, route(2000 + n), Link::default());
        let now = events(&mut endpoint).len();
        assert!(now <= 8, "{now} at once");
        displaced += now;
    }
    let usage = endpoint.usage();
    assert_eq!((displaced, usage.peers, usage.unregistered), (1992, 8, 8));
}

#[test]
fn links_with_large_numbers_lead_to_their_peers_after_a_swap() {
    let mut endpoint = Endpoint::new(Arc::new(Config::default()), [7; 32]);
    let far = endpoint.handle_up(START, route(3000), Link::default());
    let near: Vec<PeerId> =
        (0..=3).map(|n| endpoint.handle_up(START, route(n * 999), Link::default())).collect();
    // The table has grown past 3000 meanwhile.
    endpoint.handle_up(START, route(3500), Link::default());
    endpoint.swap_links(far, near[0]);
    assert_eq!(endpoint.peer_at(route(3000)), Some(near[0]));
    assert_eq!(endpoint.peer_at(route(0)), Some(far));
    endpoint.handle_down(START, route(3000));
    assert_eq!(endpoint.peer_at(route(3000)), None);
}

#[test]
fn a_notification_whose_rest_cannot_be_fetched_comes_again() {
    let mut config = Config::default();
    config.settle_notifications = true;
    let mut pair = Pair::with(1, Link::default(), config);
    let (id, relation) = pair.observing();
    let now = pair.now;
    let large = Response::new(Code::CONTENT).with_payload(body(1500, 3));
    let delivery = pair.b.endpoint.notify(now, relation, large, Delivery::Confirmable);
    pair.drain();
    // The rest is refused once.
    let sent = pair.a.sent.len();
    pair.until_sent(A, sent + 1);
    let (token, message) = (pair.sent(A, sent)[0].token, pair.sent(A, sent)[0].id);
    pair.inject(
        A,
        &encode(&Message {
            kind: MessageType::Acknowledgement,
            code: Code::SERVICE_UNAVAILABLE,
            id: message,
            token,
            options: Options::new().view(),
            payload: &[],
        }),
    );
    assert!(pair.a.events.drain(..).all(|event| matches!(event, Event::Progress { .. })));
    // B repeats it, and this time it is whole.
    let (of, seen, response) = loop {
        match pair.event(A) {
            Event::Notification { id, seen, response, .. } => break (id, seen, response),
            Event::Progress { .. } => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((of, response.payload.bytes()), (id, &body(1500, 3)));
    pair.a.endpoint.settle(pair.now, id, seen, true);
    pair.delivered(B, delivery);
}

#[test]
fn the_next_block_of_an_answer_is_no_request_of_a_streaming_route() {
    let mut pair = Pair::new();
    pair.b.endpoint.stream_route(&[Segment::Exact("5".into())]);
    // POST /5 with Block2 2/0/64 and no body.
    pair.inject(B, &[0x41, 2, 0, 1, 7, 0xb1, b'5', 0xc1, 0x22]);
    assert!(pair.b.events.is_empty(), "{:?}", pair.b.events);
    assert_eq!(pair.sent(B, 0)[0].code, Code::REQUEST_ENTITY_INCOMPLETE);
}

#[test]
fn a_block_that_has_no_number_in_our_size_is_answered_4_13() {
    let mut config = Config::default();
    config.largest_block = 2;
    let mut pair = Pair::with(1, Link::default(), config);
    // GET /3, Block2 1048575/0/1024; the answer is streamed.
    let last = [0x41, 1, 0, 1, 7, 0xb1, b'3', 0xc3, 0xff, 0xff, 0xf6];
    let streamed = || {
        let mut response = Response::new(Code::CONTENT);
        response.payload = Payload::Streamed { size: None };
        response
    };
    pair.inject(B, &last);
    let (id, _) = pair.asked(B);
    pair.respond(B, id, streamed());
    assert_eq!(pair.sent(B, 0)[0].code, Code::REQUEST_ENTITY_TOO_LARGE);
    pair.event(B);
    // The same after a first block.
    pair.inject(B, &[0x41, 1, 0, 2, 7, 0xb1, b'3']);
    let (id, _) = pair.asked(B);
    let now = pair.now;
    let delivery = pair.b.endpoint.respond(now, id, streamed());
    let Event::NeedBody { body: wanted, offset: 0, max: 64 } = pair.event(B) else { panic!() };
    pair.b.endpoint.provide(now, wanted, 0, body(64, 0), false);
    pair.drain();
    pair.inject(B, &[0x41, 1, 0, 3, 7, 0xb1, b'3', 0xc3, 0xff, 0xff, 0xf6]);
    assert_eq!(pair.sent(B, 2)[0].code, Code::REQUEST_ENTITY_TOO_LARGE);
    assert_eq!(pair.undelivered(B, delivery), ExchangeError::Abandoned);
}
