//! Bad input is answered or ignored by its type, and never more than that. [RFC 7252 §4.2, §4.3, §5.4]

mod pair;

use lwm2m_core::{
    Code,
    coap::{Event, ExchangeError, MessageType, OptionNumber, Options, Request, Response},
};
use pair::{A, B, Pair, content, get};

/// What one frame brings about: the answers to it, and whether the application heard of it.
fn inject(frame: &[u8]) -> (Vec<(MessageType, Code)>, bool) {
    let mut pair = Pair::new();
    pair.inject(B, frame);
    let answers = pair.sent(B, 0).iter().map(|message| (message.kind, message.code)).collect();
    (answers, !pair.b.events.is_empty())
}

const RST: (MessageType, Code) = (MessageType::Reset, Code::EMPTY);
const fn ack(code: Code) -> (MessageType, Code) {
    (MessageType::Acknowledgement, code)
}

#[test]
fn what_is_no_message_is_reset_or_ignored_by_its_type() {
    for (frame, wanted, why) in [
        (&[0x40, 1][..], vec![], "too short"),
        (&[0x80, 1, 0, 1], vec![], "version 2"),
        (&[0x49, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![RST], "a token of nine octets, CON"),
        (&[0x59, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![], "the same, NON"),
        (&[0x69, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![], "the same, ACK"),
        (&[0x79, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], vec![], "the same, RST"),
        (&[0x40, 1, 0, 1, 0xff], vec![RST], "a marker without payload"),
        (&[0x50, 1, 0, 1, 0xff], vec![], "the same, NON"),
        (&[0x40, 0, 0, 1], vec![RST], "a ping"),
        (&[0x40, 0, 0, 1, 1], vec![RST], "an Empty message that is not empty"),
        (&[0x50, 0, 0, 1], vec![], "an Empty NON"),
        (&[0x60, 0, 0, 1], vec![], "an ACK of nothing"),
        (&[0x70, 0, 0, 1], vec![], "an RST of nothing"),
        (&[0x40, 0x20, 0, 1], vec![RST], "class 1"),
        (&[0x40, 0xc1, 0, 1], vec![RST], "class 6"),
        (&[0x40, 0xe1, 0, 1], vec![RST], "class 7, of streams"),
        (&[0x50, 0xe1, 0, 1], vec![], "the same, NON"),
        (&[0x60, 1, 0, 1], vec![], "an ACK with a request"),
        (&[0x70, 1, 0, 1], vec![], "an RST with a request"),
        (&[0x70, 0x45, 0, 1], vec![], "an RST with a response"),
        (&[0x41, 0x45, 0, 1, 9], vec![RST], "a response to nothing, CON"),
        (&[0x51, 0x45, 0, 1, 9], vec![], "the same, NON"),
        (&[0x61, 0x45, 0, 1, 9], vec![], "the same, ACK"),
    ] {
        assert_eq!(inject(frame), (wanted, false), "{why}");
    }
}

#[test]
fn critical_options_that_are_not_known_are_refused() {
    for (options, wanted, why) in [
        (&[0xd1, 14, 0][..], ack(Code::BAD_OPTION), "27 is Block1, without a body"),
        (&[0xd0, 12], ack(Code::BAD_OPTION), "25 is not known"),
        (&[0xc3, 1, 2, 3], ack(Code::EMPTY), "Content-Format is elective, even when too long"),
        (&[0x51, 1], ack(Code::BAD_OPTION), "If-None-Match has no value"),
        (&[0x73, 1, 2, 3], ack(Code::BAD_OPTION), "Uri-Port has at most two octets"),
        (&[0xd1, 4, 1, 0x01, 2], ack(Code::BAD_OPTION), "two Accepts"),
        (&[0xb2, 0xc3, 0x28], ack(Code::BAD_OPTION), "a Uri-Path that is not UTF-8"),
        (&[0xd1, 2, 0xff], ack(Code::BAD_OPTION), "a Uri-Query that is not UTF-8"),
        (&[0xd1, 22, b'x'], ack(Code::PROXYING_NOT_SUPPORTED), "Proxy-Uri"),
        (&[0xd1, 26, b'x'], ack(Code::PROXYING_NOT_SUPPORTED), "Proxy-Scheme"),
        (&[0x91, 0], ack(Code::BAD_OPTION), "OSCORE, without a context"),
        (&[0x11, 5], ack(Code::EMPTY), "If-Match goes up"),
    ] {
        let mut frame = vec![0x40, 1, 0, 1];
        frame.extend(options);
        let heard = wanted.1 == Code::EMPTY;
        let answers = if heard { vec![] } else { vec![wanted] };
        assert_eq!(inject(&frame), (answers, heard), "{why}");
        frame[0] = 0x50;
        let (answers, non_heard) = inject(&frame);
        assert_eq!(non_heard, heard, "{why}, NON");
        let silent = matches!(wanted.1, Code::BAD_OPTION) && !why.contains("Block1");
        assert!(!silent || answers.is_empty(), "{why}: a NON is rejected in silence");
    }
}

#[test]
fn the_diagnostic_names_the_option() {
    let mut pair = Pair::new();
    pair.inject(B, &[0x40, 1, 0, 1, 0xd0, 12]);
    let sent = pair.sent(B, 0);
    let text = str::from_utf8(sent[0].payload).unwrap();
    assert!(text.contains("25"), "{text}");
}

#[test]
fn a_response_with_an_unknown_critical_option_is_rejected() {
    let mut pair = Pair::new();
    let id = pair.request(A, get(["3"]));
    let (inbound, _) = pair.asked(B);
    let odd = content(b"x").with_options(Options::new().with(OptionNumber(9), b""));
    pair.respond(B, inbound, odd);
    match pair.event(A) {
        Event::Failed { id: failed, error: ExchangeError::BadAnswer(_) } => assert_eq!(failed, id),
        other => panic!("{other:?}"),
    }
    // In a message of its own it is reset.
    pair.request(A, get(["3"]));
    pair.event(B);
    let (inbound, _) = pair.asked(B);
    pair.run(pair::secs(1));
    let odd = content(b"x").with_options(Options::new().with(OptionNumber(9), b""));
    let delivery = pair.b.endpoint.respond(pair.now, inbound, odd);
    assert_eq!(pair.undelivered(B, delivery), ExchangeError::Reset);
}

#[test]
fn the_application_sees_neither_blocks_nor_sizes_nor_tags() {
    let mut pair = Pair::new();
    let options = Options::new()
        .with_path(["x"])
        .with_uint(OptionNumber::BLOCK2, 6)
        .with_uint(OptionNumber::SIZE1, 9)
        .with(OptionNumber::REQUEST_TAG, b"t")
        .with(OptionNumber::ECHO, b"e")
        .with(OptionNumber::IF_MATCH, b"m");
    pair.request(A, Request::new(Code::PUT).with_options(options).with_payload(&b"1"[..]));
    let (inbound, request) = pair.asked(B);
    let wanted = Options::new().with_path(["x"]).with(OptionNumber::IF_MATCH, b"m");
    assert_eq!(request.options, wanted);
    pair.respond(B, inbound, Response::new(Code::CHANGED));
    assert_eq!(pair.answered(A).1.options, Options::new());
}

#[test]
fn an_acknowledgement_needs_the_token_as_well() {
    let mut pair = Pair::new();
    pair.request(A, get(["3"]));
    let id = pair.sent(A, 0)[0].id.0.to_be_bytes();
    pair.inject(A, &[0x61, 0x45, id[0], id[1], 7]);
    assert!(pair.a.events.is_empty());
    pair.drop_next(A, 0);
    let (inbound, _) = pair.asked(B);
    pair.respond(B, inbound, content(b"real"));
    assert_eq!(pair.answered(A).1.payload.bytes(), "real");
}

#[test]
fn frames_of_unknown_or_older_links_are_dropped() {
    let mut pair = Pair::new();
    let newer = lwm2m_core::Route { transport: 0, link: lwm2m_core::LinkId { index: 0, generation: 1 } };
    let peer = pair.b.endpoint.handle_up(pair.now, newer, lwm2m_core::Link::default());
    pair.inject(B, &[0x40, 0, 0, 1]);
    assert!(pair.b.sent.is_empty(), "the older link in that slot is gone");
    assert_eq!(pair.b.endpoint.counters().unknown_link, 1);
    assert_eq!(pair.b.endpoint.peer_at(newer), Some(peer));
    assert_eq!(pair.b.endpoint.route_of(pair.b.peer), None);
    let far =
        lwm2m_core::Route { transport: 200, link: lwm2m_core::LinkId { index: u32::MAX, generation: 9 } };
    let peer = pair.b.endpoint.handle_up(pair.now, far, lwm2m_core::Link::default());
    assert_eq!(pair.b.endpoint.peer_at(far), Some(peer));
    pair.b.endpoint.handle_down(pair.now, far);
    assert_eq!(pair.b.endpoint.peer_at(far), None);
}
