//! Bodies that never sit in memory: both ends hand them over part by part.

mod pair;

use lwm2m_core::{
    Bytes, Code, Link,
    coap::{
        Block, BodyId, Config, Event, ExchangeError, ExchangeId, InboundId, OptionNumber, Options, Payload,
        Request, Response, Segment,
    },
};
use pair::{A, B, Pair, Side, get, secs};

fn part(offset: u64, octets: usize) -> Bytes {
    (offset..offset + octets as u64).map(|n| (n % 251) as u8).collect()
}

fn streaming(size: Option<u64>) -> Request {
    let options = Options::new().with_path(["5", "0", "0"]).with_uint(OptionNumber::CONTENT_FORMAT, 42);
    let mut request = Request::new(Code::PUT).with_options(options);
    request.payload = Payload::Streamed { size };
    request
}

fn pair_with_route() -> Pair {
    let mut pair = Pair::with(1, Link { max_body: 1000, ..Link::default() }, Config::default());
    pair.b.endpoint.stream_route(&[Segment::Exact("5".into()), Segment::Any, Segment::Exact("0".into())]);
    pair
}

/// What an application does that sends and takes streams.
#[derive(Default)]
struct Flow {
    given: u64,
    taken: u64,
    total: u64,
    head: Option<Request>,
    inbound: Option<InboundId>,
    answer: Option<Response>,
    answer_head: Option<Response>,
    failed: Option<ExchangeError>,
    gone: bool,
    asked: Vec<(u64, usize)>,
    last: bool,
}

impl Flow {
    /// Until `done` or nothing happens for a while. Parts arrive in order and without gap.
    fn run(&mut self, pair: &mut Pair, done: impl Fn(&Self) -> bool) {
        let limit = pair.now.mono.after(secs(3000));
        loop {
            for side in [A, B] {
                while let Some(event) = pair.end(side).events.pop_front() {
                    self.event(pair, side, event);
                }
            }
            if done(self) || !pair.step(limit) {
                return;
            }
        }
    }

    fn event(&mut self, pair: &mut Pair, side: Side, event: Event) {
        let now = pair.now;
        match event {
            Event::NeedBody { body, offset, max } => {
                self.asked.push((offset, max));
                let octets = (self.total - offset).min(max as u64) as usize;
                let last = offset + octets as u64 == self.total;
                self.given = self.given.max(offset + octets as u64);
                pair.end(side).endpoint.provide(now, body, offset, part(offset, octets), last);
            }
            Event::Body { body, offset, bytes, last } => {
                assert_eq!(offset, self.taken, "in order, once");
                assert_eq!(bytes, part(offset, bytes.len()));
                self.taken += bytes.len() as u64;
                self.last = last;
                pair.end(side).endpoint.accept_more(now, body);
                if let (BodyId::Inbound(id), true) = (body, last) {
                    pair.end(side).endpoint.respond(now, id, Response::new(Code::CHANGED));
                }
            }
            Event::RequestHead { id, head, .. } => (self.head, self.inbound) = (Some(head), Some(id)),
            Event::ResponseHead { head, .. } => self.answer_head = Some(head),
            Event::Response { response, .. } => self.answer = Some(response),
            Event::Failed { error, .. } => self.failed = Some(error),
            Event::BodyGone { .. } => self.gone = true,
            Event::Request { id, .. } => {
                let mut response = Response::new(Code::CONTENT);
                response.payload = Payload::Streamed { size: Some(self.total) };
                pair.end(side).endpoint.respond(now, id, response);
            }
            Event::Progress { .. } | Event::Delivered { .. } => {}
            other => panic!("{other:?}"),
        }
        pair.drain();
    }
}

#[test]
fn a_streamed_request_passes_part_by_part() {
    for total in [0, 1, 1023, 1024, 1025, 4096, 50_000] {
        let mut pair = pair_with_route();
        let mut flow = Flow { total, ..Flow::default() };
        pair.request(A, streaming(Some(total)));
        flow.run(&mut pair, |flow| flow.answer.is_some());
        assert_eq!(flow.answer.as_ref().map(|answer| answer.code), Some(Code::CHANGED), "{total}");
        assert_eq!((flow.taken, flow.last), (total, true), "larger than max_body, and yet not refused");
        let head = flow.head.unwrap();
        assert_eq!(head.payload, Payload::Streamed { size: Some(total) });
        assert_eq!(head.options.uri_path().collect::<Vec<_>>(), ["5", "0", "0"]);
        assert!(flow.asked.iter().all(|(_, max)| *max <= 1024));
    }
}

#[test]
fn loss_and_repetition_do_not_disturb_a_stream() {
    for seed in 0..20 {
        let mut pair = Pair::with(seed, Link::default(), Config::default());
        pair.b.endpoint.stream_route(&[Segment::Exact("5".into())]);
        (pair.wire.loss, pair.wire.duplicate, pair.wire.jitter) = (15, 30, 700_000);
        let mut flow = Flow { total: 20_000, ..Flow::default() };
        pair.request(A, streaming(None));
        flow.run(&mut pair, |flow| flow.answer.is_some() || flow.failed.is_some());
        match flow.failed {
            None => assert_eq!(flow.taken, 20_000, "seed {seed}"),
            Some(error) => assert!(matches!(error, ExchangeError::TimedOut { .. }), "{error:?}"),
        }
    }
}

#[test]
fn the_next_block_waits_until_the_application_has_taken_the_last() {
    let mut pair = pair_with_route();
    pair.request(A, streaming(Some(3000)));
    let now = pair.now;
    let Event::NeedBody { body, offset: 0, max: 1024 } = pair.event(A) else { panic!() };
    // In pieces: more is asked for until a block is full.
    pair.a.endpoint.provide(now, body, 0, part(0, 1000), false);
    let Event::NeedBody { offset: 1000, max: 24, .. } = pair.event(A) else { panic!() };
    pair.a.endpoint.provide(now, body, 900, part(900, 24), false); // not what was asked for
    pair.a.endpoint.provide(now, body, 1000, part(1000, 500), true); // too much, hence not the last
    let Event::RequestHead { id, .. } = pair.event(B) else { panic!() };
    assert!(matches!(pair.event(B), Event::Body { offset: 0, last: false, .. }));
    pair.run(secs(30));
    assert_eq!(pair.a.sent.len(), 1, "an empty ACK stops repetition");
    assert!(pair.sent(B, 0)[0].is_empty());
    let now = pair.now;
    pair.b.endpoint.accept_more(now, BodyId::Inbound(id));
    pair.b.endpoint.accept_more(now, BodyId::Inbound(id));
    let Event::Progress { sent: 1024, total: Some(3000), .. } = pair.event(A) else { panic!() };
    assert!(matches!(pair.event(A), Event::NeedBody { offset: 1024, max: 1024, .. }));
    assert_eq!(pair.sent(B, 1).len(), 1);
}

#[test]
fn a_refusal_in_the_middle_ends_the_stream() {
    let mut pair = pair_with_route();
    let id = pair.request(A, streaming(Some(9000)));
    provide(&mut pair, 0);
    let Event::RequestHead { id: inbound, .. } = pair.event(B) else { panic!() };
    pair.event(B);
    pair.respond(B, inbound, Response::new(Code::INTERNAL_SERVER_ERROR));
    let (answered, response) = pair.answered(A);
    assert_eq!((answered, response.code), (id, Code::INTERNAL_SERVER_ERROR));
    assert_eq!(response.options.block1(), None);
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
    pair.run(secs(300));
    assert!(pair.a.events.is_empty() && pair.b.events.is_empty());
}

fn provide(pair: &mut Pair, wanted: u64) -> ExchangeId {
    let event = loop {
        match pair.event(A) {
            Event::Progress { .. } => {}
            other => break other,
        }
    };
    let Event::NeedBody { body: BodyId::Ours(id), offset, max } = event else { panic!("{event:?}") };
    assert_eq!(offset, wanted);
    pair.a.endpoint.provide(pair.now, BodyId::Ours(id), offset, part(offset, max), false);
    id
}

/// A streamed Write, of which the other end was told the head and the first part.
fn begun() -> (Pair, ExchangeId, InboundId) {
    let mut pair = pair_with_route();
    pair.request(A, streaming(Some(9000)));
    let id = provide(&mut pair, 0);
    let Event::RequestHead { id: inbound, .. } = pair.event(B) else { panic!() };
    pair.event(B);
    (pair, id, inbound)
}

#[test]
fn a_refusal_between_two_blocks_answers_the_next_one() {
    let (mut pair, _, inbound) = begun();
    pair.b.endpoint.accept_more(pair.now, BodyId::Inbound(inbound));
    pair.b.endpoint.respond(pair.now, inbound, Response::new(Code::UNSUPPORTED_CONTENT_FORMAT));
    provide(&mut pair, 1024);
    assert_eq!(pair.answered(A).1.code, Code::UNSUPPORTED_CONTENT_FORMAT);
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
}

#[test]
fn a_sender_that_stops_is_told_to_the_application() {
    let (mut pair, _, inbound) = begun();
    pair.b.endpoint.accept_more(pair.now, BodyId::Inbound(inbound));
    assert!(matches!(pair.event(B), Event::BodyGone { id } if id == inbound));
    loop {
        match pair.event(A) {
            Event::Failed { error: ExchangeError::TimedOut { .. }, .. } => break,
            Event::Progress { .. } | Event::NeedBody { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_sender_that_begins_anew_replaces_what_there_was() {
    let (mut pair, first, inbound) = begun();
    pair.a.endpoint.cancel(pair.now, first);
    pair.request(A, streaming(Some(9000)));
    provide(&mut pair, 0);
    assert!(matches!(pair.event(B), Event::BodyGone { id } if id == inbound));
    assert!(matches!(pair.event(B), Event::RequestHead { .. }));
}

#[test]
fn a_streamed_answer_passes_part_by_part() {
    for (total, wanted) in [(0, 1), (700, 1), (1024, 1), (1025, 2), (30_000, 30)] {
        let mut pair = Pair::with(1, Link { max_body: 1000, ..Link::default() }, Config::default());
        let mut flow = Flow { total, ..Flow::default() };
        let id = pair.request(A, get(["fw"]));
        pair.a.endpoint.stream_answer(id);
        flow.run(&mut pair, |flow| flow.last || flow.failed.is_some());
        assert_eq!((flow.taken, flow.failed.clone()), (total, None), "{total}");
        let head = flow.answer_head.unwrap();
        assert_eq!(head.code, Code::CONTENT);
        let known = if total > 1024 { Some(30_000.min(total)) } else { Some(total) };
        assert_eq!(head.payload, Payload::Streamed { size: known });
        assert_eq!(pair.a.sent.len(), wanted);
        pair.run(secs(300));
        assert!(!pair.b.events.iter().any(|event| matches!(event, Event::Undelivered { .. })));
    }
}

#[test]
fn a_streamed_answer_survives_loss() {
    for seed in 0..20 {
        let mut pair = Pair::seeded(seed);
        (pair.wire.loss, pair.wire.duplicate, pair.wire.jitter) = (15, 30, 700_000);
        let mut flow = Flow { total: 20_000, ..Flow::default() };
        let id = pair.request(A, get(["fw"]));
        pair.a.endpoint.stream_answer(id);
        flow.run(&mut pair, |flow| flow.last || flow.failed.is_some());
        match flow.failed {
            None => assert_eq!(flow.taken, 20_000, "seed {seed}"),
            Some(error) => assert!(matches!(error, ExchangeError::TimedOut { .. }), "{error:?}"),
        }
    }
}

#[test]
fn a_collected_answer_can_come_from_a_streaming_peer() {
    let mut pair = Pair::new();
    let mut flow = Flow { total: 5000, ..Flow::default() };
    pair.request(A, get(["fw"]));
    flow.run(&mut pair, |flow| flow.answer.is_some());
    assert_eq!(flow.answer.unwrap().payload.bytes(), &part(0, 5000));
}

#[test]
fn a_fetcher_that_stops_is_told_as_undelivered() {
    let mut pair = Pair::new();
    let id = pair.request(A, get(["fw"]));
    let (inbound, _) = pair.asked(B);
    let mut response = Response::new(Code::CONTENT);
    response.payload = Payload::Streamed { size: None };
    let delivery = pair.b.endpoint.respond(pair.now, inbound, response);
    let Event::NeedBody { body, offset: 0, max } = pair.event(B) else { panic!() };
    pair.b.endpoint.provide(pair.now, body, 0, part(0, max), false);
    pair.run(std::time::Duration::from_millis(60));
    pair.a.endpoint.cancel(pair.now, id);
    loop {
        match pair.event(B) {
            Event::NeedBody { .. } => {}
            Event::Undelivered { id, error } => {
                break assert_eq!((id, error), (delivery, ExchangeError::Abandoned));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// One block of a body that is streamed by the server, by hand.
#[test]
fn the_blocks_of_a_streamed_answer_say_where_they_stand() {
    let mut pair = Pair::new();
    let mut flow = Flow { total: 3000, ..Flow::default() };
    pair.request(A, get(["fw"]));
    flow.run(&mut pair, |flow| flow.answer.is_some());
    let blocks: Vec<_> = pair.sent(B, 0).iter().map(|message| message.options.block2().unwrap()).collect();
    assert_eq!(blocks, [0, 1, 2].map(|num| Block { num, more: num < 2, szx: 6 }));
    assert_eq!(pair.sent(B, 0)[0].options.uint(OptionNumber::SIZE2), Some(3000));
}

#[test]
fn a_refusal_is_not_lost_when_a_block_is_left_out() {
    let (mut pair, _, inbound) = begun();
    let now = pair.now;
    pair.b.endpoint.accept_more(now, BodyId::Inbound(inbound));
    pair.b.endpoint.respond(now, inbound, Response::new(Code::UNSUPPORTED_CONTENT_FORMAT));
    pair.drain();
    // PUT /5/0/0, format 42, Block1 5/1/16: not the next one.
    let mut block = vec![0x41, 3, 9, 9, 9, 0xb1, b'5', 1, b'0', 1, b'0', 0x11, 42, 0xd1, 2, 0x58, 0xff];
    block.extend([0; 16]);
    pair.inject(B, &block);
    assert_eq!(pair.sent(B, 1)[0].code, Code::UNSUPPORTED_CONTENT_FORMAT);
    assert!(matches!(pair.event(B), Event::Delivered { .. }));
}

#[test]
fn of_two_streamed_answers_to_one_target_the_newest_goes_on() {
    let mut pair = Pair::new();
    let mut streamed = Response::new(Code::CONTENT);
    streamed.payload = Payload::Streamed { size: None };
    let ask = |pair: &mut Pair, n: u8| {
        pair.inject(B, &[0x41, 1, 0, n, n, 0xb1, b'3']);
        let (id, _) = pair.asked(B);
        let now = pair.now;
        let delivery = pair.b.endpoint.respond(now, id, streamed.clone());
        (BodyId::Inbound(id), delivery)
    };
    let (older, first) = ask(&mut pair, 1);
    assert!(matches!(pair.event(B), Event::NeedBody { .. }));
    pair.b.endpoint.provide(pair.now, older, 0, part(0, 1024), false);
    let (newer, second) = ask(&mut pair, 2);
    assert_eq!(pair.undelivered(B, first), ExchangeError::Abandoned);
    assert!(matches!(pair.event(B), Event::NeedBody { body, .. } if body == newer));
    pair.b.endpoint.provide(pair.now, newer, 0, part(0, 10), true);
    pair.delivered(B, second);
    pair.run(secs(300));
    assert!(pair.b.events.is_empty());
}
