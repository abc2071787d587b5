//! Who has not shown that the address is its own gets little for its requests. [RFC 7252 §11.3] [RFC 9175 §2.4]

mod pair;

use lwm2m_core::{
    Bytes, Code, Link,
    coap::{
        Block, Config,
        Delivery::{Confirmable, NonConfirmable},
        Event, Message, MessageId, MessageType, OptionNumber, Options, Request, Response, Token,
    },
};
use pair::{A, B, Pair, content, get, observe, observed, secs};

/// Below CoAP, on the wire.
const HEADERS: usize = 62;
const BODY: &[u8] = &[b'x'; 900];

fn guarded() -> Pair {
    Pair::strangers(1, Link::default(), Config::default())
}

/// Octets that B has sent since, and A.
fn octets(frames: &[Bytes], from: usize) -> usize {
    frames.iter().skip(from).map(|frame| frame.len() + HEADERS).sum()
}

/// A request under the address of a victim, which answers nothing.
fn forged(pair: &mut Pair, kind: u8, id: u8, options: &[u8]) -> usize {
    let mut frame = vec![kind << 4, 1, 0, id];
    frame.extend(options);
    pair.drop_next(B, u32::MAX);
    pair.inject(B, &frame);
    frame.len() + HEADERS
}

#[test]
fn a_forged_request_gets_no_more_than_three_times_its_octets() {
    for kind in [4, 5] {
        let mut pair = guarded();
        let asked = forged(&mut pair, kind, 1, &[0xb1, b'f']);
        let (id, _) = pair.asked(B);
        pair.respond(B, id, content(BODY));
        pair.run(secs(300));
        let sent = octets(&pair.b.sent, 0);
        assert!(sent <= 3 * asked, "{sent} octets for {asked}");
        let first = &pair.sent(B, 0)[0];
        assert_eq!(first.code, Code::CONTENT);
        assert!(first.payload.len() >= 64 && first.options.block2().is_some_and(|block| block.more));
        assert_eq!(pair.b.endpoint.counters().unproven, 1);
    }
}

#[test]
fn a_late_answer_to_a_forged_request_counts_with_its_repetitions() {
    for response in [content(BODY), Response::new(Code::BAD_REQUEST).with_payload(BODY)] {
        let mut pair = guarded();
        let asked = forged(
            &mut pair,
            4,
            1,
            &[0xb1, b'f', 0x0d, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
        );
        let (id, _) = pair.asked(B);
        pair.run(secs(2));
        assert_eq!(pair.sent(B, 0)[0].code, Code::EMPTY);
        pair.respond(B, id, response);
        pair.run(secs(300));
        assert_eq!(pair.b.sent.len(), 1 + 5, "it is repeated all the same");
        let sent = octets(&pair.b.sent, 1);
        assert!(sent <= 3 * asked + 5 * HEADERS, "{sent} octets for {asked}");
    }
}

#[test]
fn an_exchange_of_ours_proves_the_address() {
    let mut pair = guarded();
    pair.request(B, get(["x"]));
    let (id, _) = pair.asked(A);
    pair.respond(A, id, content(b"1"));
    pair.answer(B);
    pair.request(A, get(["f"]));
    let (id, _) = pair.asked(B);
    let from = pair.b.sent.len();
    pair.respond(B, id, content(BODY));
    assert_eq!(pair.answer(A).payload.bytes(), BODY);
    assert_eq!(pair.sent(B, from)[0].payload.len(), BODY.len());
}

#[test]
fn an_answer_arrives_whole_and_its_echo_proves_the_address() {
    let mut pair = guarded();
    pair.request(A, get(["f"]));
    let (id, _) = pair.asked(B);
    pair.respond(B, id, content(BODY));
    let response = pair.answer(A);
    assert_eq!(response.payload.bytes(), BODY);
    assert_eq!(response.options.first(OptionNumber::ECHO), None, "it is the endpoints' business");
    assert!(pair.sent(A, 1)[0].options.first(OptionNumber::ECHO).is_some());
    pair.b.events.clear();
    pair.request(A, get(["g"]));
    let (id, _) = pair.asked(B);
    let from = pair.b.sent.len();
    pair.respond(B, id, content(BODY));
    pair.answer(A);
    assert_eq!(pair.sent(B, from)[0].payload.len(), BODY.len());
}

#[test]
fn an_echo_that_was_not_given_proves_nothing() {
    let mut pair = guarded();
    let options = Options::new().with(OptionNumber::ECHO, &[7; 8]).with_path(["f"]);
    pair.request(A, Request::new(Code::GET).with_options(options));
    let (id, _) = pair.asked(B);
    pair.respond(B, id, content(BODY));
    assert!(pair.sent(B, 0)[0].payload.len() < BODY.len());
}

/// There are only 65,536 message IDs: who names them all has named the right one too.
#[test]
fn guessing_message_ids_proves_nothing() {
    for kind in [MessageType::Acknowledgement, MessageType::Reset] {
        let mut pair = guarded();
        pair.drop_next(B, u32::MAX);
        pair.inject(B, &message(1, &Options::new().with_path(["slow"])));
        let (id, _) = pair.asked(B);
        pair.run(secs(2));
        pair.respond(B, id, content(b"1"));
        let own = pair.sent(B, 1)[0].id;
        for guess in (0..=u16::MAX).map(|n| own.0.wrapping_add(100).wrapping_add(n)) {
            let [high, low] = guess.to_be_bytes();
            pair.inject(B, &[0x40 | (kind as u8) << 4, 0, high, low]);
        }
        pair.b.events.clear();
        pair.inject(B, &message(2, &Options::new().with_path(["f"])));
        let (id, _) = pair.asked(B);
        let from = pair.b.sent.len();
        pair.respond(B, id, content(BODY));
        assert!(pair.sent(B, from)[0].payload.len() < BODY.len(), "{kind:?}");
    }
}

#[test]
fn a_peer_without_echo_gets_its_answer_in_small_blocks() {
    let mut pair = guarded();
    let mut body = Vec::new();
    let mut wanted = Block { num: 0, more: true, szx: 6 };
    while wanted.more {
        let options = Options::new()
            .with_path(["f"])
            .with_uint(OptionNumber::BLOCK2, Block { more: false, ..wanted }.to_uint());
        let frame = message(wanted.num as u16, &options);
        pair.inject(B, &frame);
        if wanted.num == 0 {
            let (id, _) = pair.asked(B);
            pair.respond(B, id, content(BODY));
        }
        let sent = pair.b.sent.last().unwrap();
        assert!(sent.len() + HEADERS <= 3 * (frame.len() + HEADERS));
        let answer = Message::parse(sent).unwrap();
        body.extend_from_slice(answer.payload);
        wanted = answer.options.block2().unwrap();
        wanted.num += 1;
    }
    assert_eq!(body, BODY);
}

fn message(id: u16, options: &Options) -> Vec<u8> {
    let mut out = bytes::BytesMut::new();
    Message {
        kind: MessageType::Confirmable,
        code: Code::GET,
        id: MessageId(id),
        token: Token::default(),
        options: options.view(),
        payload: &[],
    }
    .encode(&mut out);
    out.to_vec()
}

#[test]
fn a_forged_observation_gets_confirmable_notifications_until_it_ends() {
    let mut pair = guarded();
    pair.drop_next(B, u32::MAX);
    pair.request(A, observe(["3"], 0));
    let (relation, _) = pair.asked(B);
    pair.respond(B, relation, observed(b"1"));
    let from = pair.b.sent.len();
    pair.notify(relation, b"2", NonConfirmable);
    pair.run(secs(100));
    assert!(
        pair.sent(B, from)
            .iter()
            .filter(|m| m.token == pair.sent(A, 0)[0].token)
            .all(|m| m.kind != MessageType::NonConfirmable)
    );
    assert!(pair.b.events.iter().any(|event| matches!(event, Event::ObserverGone { .. })));
}

#[test]
fn an_observer_that_acknowledges_is_believed() {
    let mut pair = guarded();
    let (_, relation) = pair.observing();
    pair.notify(relation, b"2", Confirmable);
    pair.notified(A);
    pair.event(B);
    let from = pair.b.sent.len();
    pair.notify(relation, b"3", NonConfirmable);
    assert_eq!(pair.sent(B, from)[0].kind, MessageType::NonConfirmable);
}
