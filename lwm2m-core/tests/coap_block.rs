//! Bodies larger than a message. [RFC 7959]

mod pair;

use lwm2m_core::{
    Bytes, Code, Link,
    coap::{
        Block, Config, Delivery, Event, ExchangeError, MessageType, OptionNumber, Options, Request, Response,
    },
};
use pair::{A, B, Pair, Side, get, secs};

fn body(octets: usize) -> Bytes {
    (0..octets).map(|n| (n * 31 + n / 256) as u8).collect()
}

fn put(octets: usize) -> Request {
    let options = Options::new().with_path(["5", "0", "0"]).with_uint(OptionNumber::CONTENT_FORMAT, 42);
    Request::new(Code::PUT).with_options(options).with_payload(body(octets))
}

fn content(octets: usize) -> Response {
    let options = Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 42);
    Response::new(Code::CONTENT).with_options(options).with_payload(body(octets))
}

fn small() -> Config {
    let mut config = Config::default();
    config.largest_block = 2;
    config
}

fn failed(pair: &mut Pair, side: Side) -> ExchangeError {
    loop {
        match pair.event(side) {
            Event::Failed { error, .. } => return error,
            Event::Progress { .. } | Event::Delivered { .. } => {}
            other => panic!("a failure was expected, not {other:?}"),
        }
    }
}

#[test]
fn a_large_request_arrives_whole_and_its_progress_is_told() {
    let mut pair = Pair::new();
    let id = pair.request(A, put(5000));
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(5000));
    let wanted = Options::new().with_path(["5", "0", "0"]).with_uint(OptionNumber::CONTENT_FORMAT, 42);
    assert_eq!(request.options, wanted);
    pair.respond(B, inbound, Response::new(Code::CHANGED));
    let told: Vec<_> = (0..5)
        .map(|_| match pair.event(A) {
            Event::Progress { id: of, sent, total, .. } => (of == id, sent, total),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [1024, 2048, 3072, 4096, 5000].map(|sent| (true, sent, Some(5000))));
    assert_eq!(pair.answer(A).code, Code::CHANGED);
    let sent = pair.sent(A, 0);
    assert_eq!(sent.len(), 5);
    assert_eq!(sent[0].options.uint(OptionNumber::SIZE1), Some(5000));
    assert_eq!(sent[4].options.block1(), Some(Block { num: 4, more: false, szx: 6 }));
    assert_eq!(pair.sent(B, 4)[0].options.block1(), Some(Block { num: 4, more: false, szx: 6 }));
}

#[test]
fn a_large_answer_arrives_whole() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(3000));
    let response = pair.answer(A);
    assert_eq!(response.payload.bytes(), &body(3000));
    assert_eq!(response.options.content_format().map(|f| f.0), Some(42));
    assert_eq!(response.options.first(OptionNumber::SIZE2), None);
    let sent = pair.sent(B, 0);
    assert_eq!(sent.len(), 3);
    assert!(
        sent.iter().all(|m| m.options.first(OptionNumber::ETAG) == sent[0].options.first(OptionNumber::ETAG))
    );
    assert_eq!(sent[0].options.uint(OptionNumber::SIZE2), Some(3000));
    assert!(pair.try_event(B, secs(300)).is_some_and(|e| matches!(e, Event::Delivered { .. })));
    assert!(pair.b.events.is_empty(), "later blocks are answered by the endpoint");
}

#[test]
fn both_bodies_may_be_large_and_every_block_may_be_lost_once() {
    for seed in 0..20 {
        let mut pair = Pair::with(seed, Link::default(), small());
        (pair.wire.loss, pair.wire.duplicate, pair.wire.jitter) = (20, 20, 400_000);
        pair.request(A, put(1500));
        let Some(Event::Request { id, request, .. }) = pair.try_event(B, secs(3000)) else { continue };
        assert_eq!(request.payload.bytes(), &body(1500), "seed {seed}");
        pair.respond(B, id, content(1300));
        loop {
            match pair.event(A) {
                Event::Response { response, .. } => {
                    assert_eq!(response.payload.bytes(), &body(1300), "seed {seed}");
                    break;
                }
                Event::Failed { error: ExchangeError::TimedOut { .. }, .. } => break,
                Event::Progress { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(!pair.b.events.iter().any(|event| matches!(event, Event::Request { .. })), "once");
    }
}

#[test]
fn a_smaller_block_is_followed_and_the_number_jumps() {
    let mut pair = Pair::new();
    // The receiver's link takes only small messages: it wants smaller blocks than the sender uses.
    pair.b.endpoint.handle_change(pair.now, pair::ROUTE, Link { mtu: 400, ..Link::default() });
    pair.request(A, put(3000));
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(3000));
    pair.respond(B, inbound, Response::new(Code::CHANGED));
    assert_eq!(pair.answer(A).code, Code::CHANGED);
    let blocks: Vec<_> = pair.sent(A, 0).iter().filter_map(|m| m.options.block1()).take(3).collect();
    assert_eq!(blocks[0], Block { num: 0, more: true, szx: 6 });
    assert_eq!(blocks[1], Block { num: 4, more: true, szx: 4 });
    assert_eq!(blocks[2], Block { num: 5, more: true, szx: 4 });
}

#[test]
fn an_mtu_that_shrinks_makes_the_blocks_smaller() {
    let mut pair = Pair::new();
    pair.request(A, put(5000));
    pair.run(std::time::Duration::from_millis(150));
    let link = Link { mtu: 300, ..Link::default() };
    pair.a.endpoint.handle_change(pair.now, pair::ROUTE, link);
    let (_, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(5000));
    assert!(pair.a.sent.iter().skip(3).all(|frame| frame.len() <= 300));
}

/// The first frame is refused by the path: what can go in blocks that fit goes at once, without waiting for a
/// repetition.
#[test]
fn a_request_that_the_path_refuses_is_cut_anew() {
    for octets in [5000, 900] {
        let mut pair = Pair::new();
        pair.drop_next(A, 1);
        pair.request(A, put(octets));
        pair.drain();
        let link = Link { mtu: 300, ..Link::default() };
        pair.a.endpoint.handle_change(pair.now, pair::ROUTE, link);
        pair.drain();
        assert_eq!(pair.a.sent.len(), 2, "no time has passed");
        let (_, request) = pair.asked(B);
        assert_eq!(request.payload.bytes(), &body(octets));
        assert!(pair.a.sent.iter().skip(1).all(|frame| frame.len() <= 300));
        // A path that takes no more than it did makes nothing go again.
        let sent = pair.a.sent.len();
        pair.a.endpoint.handle_change(pair.now, pair::ROUTE, link);
        pair.drain();
        assert_eq!(pair.a.sent.len(), sent);
    }
}

/// What is repeated may have been done by way of an earlier, wider path: a POST is not sent in another form.
#[test]
fn a_repeated_request_that_is_not_idempotent_keeps_its_form() {
    let mut pair = Pair::new();
    pair.drop_next(A, 2);
    pair.request(A, Request::new(Code::POST).with_payload(body(900)));
    pair.run(std::time::Duration::from_secs(4));
    let whole = pair.a.sent[0].clone();
    pair.a.endpoint.handle_change(pair.now, pair::ROUTE, Link { mtu: 300, ..Link::default() });
    pair.run(std::time::Duration::from_secs(20));
    assert!(pair.a.sent.len() > 2 && pair.a.sent.iter().all(|frame| *frame == whole));
}

/// The answer was refused by the path; the request is repeated and answered in blocks that fit.
#[test]
fn an_answer_that_the_path_refuses_is_made_anew() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.drop_next(B, 1);
    pair.respond(B, inbound, content(900));
    pair.drain();
    pair.b.endpoint.handle_change(pair.now, pair::ROUTE, Link { mtu: 300, ..Link::default() });
    pair.b.events.clear();
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(900));
    assert_eq!(pair.answer(A).payload.bytes(), &body(900));
    assert!(pair.b.sent.iter().skip(1).all(|frame| frame.len() <= 300));
}

#[test]
fn small_blocks_are_asked_for_early() {
    let mut pair = Pair::with(1, Link::default(), small());
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(100));
    assert_eq!(pair.answer(A).payload.bytes(), &body(100));
    assert_eq!(pair.sent(A, 0)[0].options.block2(), Some(Block { num: 0, more: false, szx: 2 }));
    assert_eq!(pair.sent(B, 0)[0].payload.len(), 64);
}

#[test]
fn a_body_over_the_limit_is_refused_in_both_directions() {
    let mut pair = Pair::with(1, Link { max_body: 2000, ..Link::default() }, Config::default());
    pair.request(A, put(3000));
    let response = pair.answer(A);
    assert_eq!(response.code, Code::REQUEST_ENTITY_TOO_LARGE);
    assert_eq!(pair.sent(B, 0)[0].options.uint(OptionNumber::SIZE1), Some(2000));
    assert_eq!(pair.a.sent.len(), 1);
    pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(2500));
    assert_eq!(failed(&mut pair, A), ExchangeError::TooLarge { limit: 2000 });
}

#[test]
fn a_body_that_changes_is_fetched_again_from_its_beginning() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let (first, _) = pair.asked(B);
    pair.respond(B, first, content(3000));
    pair.run(std::time::Duration::from_millis(60));
    // Another request of the same target replaces what is served: the second block has another ETag.
    let now = pair.now;
    let frame: &[u8] = &[0x41, 1, 0x77, 0x77, 9, 0xb1, b'3'];
    pair.b.endpoint.handle_frame(now, pair::ROUTE, Bytes::copy_from_slice(frame));
    pair.drain();
    loop {
        match pair.event(B) {
            Event::Request { id, .. } => break pair.respond(B, id, content(2900)),
            Event::Delivered { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    // The restart asks for the first block, which the application answers.
    loop {
        match pair.event(B) {
            Event::Request { id, .. } => break pair.respond(B, id, content(2900)),
            Event::Delivered { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pair.answer(A).payload.bytes(), &body(2900));
}

/// A late block of a body that was given up must not be taken for one of the next. [RFC 9175 §3.4]
#[test]
fn blocks_of_different_bodies_are_not_mixed() {
    let mut pair = Pair::with(1, Link::default(), small());
    let first = pair.request(A, put(150));
    pair.run(std::time::Duration::from_millis(220)); // two of three blocks are confirmed, the last is under way
    let late = pair.a.sent.last().cloned().unwrap();
    pair.a.endpoint.cancel(pair.now, first);
    pair.run(secs(2));
    pair.b.events.clear();
    pair.request(A, put(155));
    pair.run(std::time::Duration::from_millis(220));
    let mut again = late.to_vec();
    again[2] ^= 0x80; // as if it had been lost before
    pair.inject(B, &again);
    let (_, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(155));
}

/// What the blocks of a session say octet by octet: `session-block` of the vectors.
#[test]
fn blocks_are_answered_as_in_the_recorded_session() {
    let mut config = Config::default();
    config.largest_block = 0;
    let mut pair = Pair::with(1, Link::default(), config);
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    };
    let asked = |pair: &mut Pair, frame: &str| pair.inject(B, &hex(frame));
    asked(&mut pair, "41033201f1b13501300130112ad10208d11428ff000102030405060708090a0b0c0d0e0f");
    assert_eq!(pair.b.sent[0][..], hex("615f3201f1d10e08"));
    asked(&mut pair, "41033202f2b13501300130112ad10218ff101112131415161718191a1b1c1d1e1f");
    assert_eq!(pair.b.sent[1][..], hex("615f3202f2d10e18"));
    asked(&mut pair, "41033203f3b13501300130112ad10220ff2021222324252627");
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.payload.bytes()[..], (0..0x28).collect::<Vec<u8>>());
    pair.respond(B, inbound, Response::new(Code::CHANGED));
    assert_eq!(pair.b.sent[2][..], hex("61443203f3d10e20"));
    asked(&mut pair, "41033207f7b13501300130112ad10220ff2021222324252627");
    assert_eq!(pair.b.sent[3][..5], hex("61883207f7"), "4.08 without the blocks before");
}

#[test]
fn concurrent_bodies_to_one_target_are_kept_apart() {
    let mut pair = Pair::with(3, Link { transmission: nstart(3), ..Link::default() }, small());
    for octets in [500, 700, 900] {
        pair.request(A, put(octets));
    }
    let mut seen = Vec::new();
    while seen.len() < 3 {
        match pair.event(B) {
            Event::Request { id, request, .. } => {
                let bytes = request.payload.bytes().clone();
                assert_eq!(bytes, body(bytes.len()));
                seen.push(bytes.len());
                pair.respond(B, id, Response::new(Code::CHANGED));
            }
            Event::Delivered { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [500, 700, 900]);
}

fn nstart(nstart: u8) -> lwm2m_core::Transmission {
    lwm2m_core::Transmission { nstart, ..lwm2m_core::Transmission::default() }
}

#[test]
fn a_restarted_receiver_makes_the_sender_begin_anew() {
    let mut pair = Pair::with(1, Link::default(), small());
    pair.request(A, put(1000));
    pair.run(std::time::Duration::from_millis(450));
    // B forgets everything.
    pair.b.endpoint.handle_down(pair.now, pair::ROUTE);
    pair.b.peer = pair.b.endpoint.handle_up(pair.now, pair::ROUTE, Link::default());
    let (_, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(1000));
    let counted = pair.sent(A, 0).iter().filter(|m| m.options.block1().is_some_and(|b| b.num == 0)).count();
    assert_eq!(counted, 2);
}

#[test]
fn bad_blocks_are_refused() {
    let mut pair = Pair::new();
    let frame = |id: u8, block: Block, format: u8, payload: usize| {
        let mut frame = vec![0x41, 3, 0, id, 1, 0xb1, b'x', 0x11, format];
        let value = block.to_uint() as u8;
        frame.extend([0xd1, 2, value, 0xff]);
        frame.extend(vec![7; payload]);
        frame
    };
    let first = Block { num: 0, more: true, szx: 0 };
    let cases = [
        (frame(1, first, 42, 15), Code::BAD_REQUEST, "shorter than it says"),
        (frame(2, Block { more: false, ..first }, 42, 17), Code::BAD_REQUEST, "longer than it says"),
        (frame(3, Block { szx: 7, ..first }, 42, 16), Code::BAD_REQUEST, "reserved size"),
        (frame(4, Block { num: 1, ..first }, 42, 16), Code::REQUEST_ENTITY_INCOMPLETE, "nothing before"),
        (frame(5, first, 42, 16), Code::CONTINUE, "a first block"),
        (frame(6, Block { num: 1, ..first }, 42, 16), Code::CONTINUE, "the next"),
        (frame(7, Block { num: 1, ..first }, 42, 16), Code::CONTINUE, "the same again"),
        (frame(8, Block { num: 3, ..first }, 42, 16), Code::REQUEST_ENTITY_INCOMPLETE, "a gap"),
        (frame(9, first, 42, 16), Code::CONTINUE, "from the beginning"),
        (frame(10, Block { num: 1, ..first }, 50, 16), Code::REQUEST_ENTITY_INCOMPLETE, "another format"),
        (
            frame(11, Block { num: 1, more: false, szx: 0 }, 42, 16),
            Code::REQUEST_ENTITY_INCOMPLETE,
            "dropped by that",
        ),
    ];
    for (n, (frame, code, why)) in cases.into_iter().enumerate() {
        pair.inject(B, &frame);
        assert_eq!(pair.sent(B, n)[0].code, code, "{why}");
    }
    assert!(pair.b.events.is_empty());
}

#[test]
fn blocks_can_be_read_in_any_order_from_what_is_served() {
    let mut pair = Pair::new();
    let block = |num, szx| {
        let value = Block { num, more: false, szx };
        get(["3"])
            .with_options(Options::new().with_path(["3"]).with_uint(OptionNumber::BLOCK2, value.to_uint()))
    };
    pair.request(A, block(2, 4));
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(1000));
    for (num, szx, range) in [(2, 4, 512..768), (3, 4, 768..1000), (1, 5, 512..1000), (9, 5, 0..0)] {
        if num != 2 {
            pair.request(A, block(num, szx));
        }
        let response = pair.answer(A);
        if num == 9 {
            assert_eq!(response.code, Code::BAD_REQUEST);
        } else {
            assert_eq!(response.payload.bytes(), &body(1000).slice(range));
        }
    }
}

#[test]
fn a_fetch_with_a_large_body_and_a_large_answer() {
    let mut pair = Pair::with(1, Link::default(), small());
    let request = Request::new(Code::FETCH)
        .with_options(Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 112))
        .with_payload(body(300));
    pair.request(A, request);
    let (inbound, request) = pair.asked(B);
    assert_eq!((request.method, request.payload.bytes()), (Code::FETCH, &body(300)));
    pair.respond(B, inbound, content(400));
    assert_eq!(pair.answer(A).payload.bytes(), &body(400));
}

#[test]
fn non_confirmable_blocks_work_too() {
    let mut pair = Pair::with(1, Link::default(), small());
    (pair.wire.duplicate, pair.wire.jitter) = (50, 300_000);
    pair.request_as(A, put(500), Delivery::NonConfirmable);
    let (inbound, request) = pair.asked(B);
    assert_eq!(request.payload.bytes(), &body(500));
    pair.respond(B, inbound, content(500));
    assert_eq!(pair.answer(A).payload.bytes(), &body(500));
    assert!(pair.sent(A, 0).iter().all(|message| message.kind == MessageType::NonConfirmable));
}

#[test]
fn transfers_that_stop_are_forgotten() {
    let mut pair = Pair::with(1, Link::default(), small());
    pair.request(A, put(5000));
    pair.run(std::time::Duration::from_millis(500));
    pair.drop_next(A, 1000);
    assert!(matches!(failed(&mut pair, A), ExchangeError::TimedOut { .. }));
    pair.run(secs(400));
    assert_eq!(pair.b.endpoint.counters().transfers_dropped, 1);
    assert!(pair.b.events.is_empty());
}
