//! The sessions and the order of notifications of the vectors, played against the endpoint: what the application would
//! say is taken from the session, all the rest the endpoint must say octet by octet.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod pair;
mod vectors;

use bytes::{Bytes, BytesMut};
use lwm2m_core::{
    Code, Link,
    coap::{
        Config, Delivery, Event, InboundId, Message, MessageType, OptionNumber, Options, Payload, Response,
    },
};
use pair::{A, B, Pair};

/// Options that the endpoint adds by itself.
fn of_application(message: &Message<'_>) -> Options {
    use OptionNumber as N;
    let own = |number| matches!(number, N::BLOCK1 | N::BLOCK2 | N::SIZE2);
    message.options.iter().filter(|(number, _)| !own(*number)).collect()
}

#[test]
fn requests_of_the_sessions_are_answered_octet_by_octet() {
    let mut answered = 0;
    for session in vectors::extras("session") {
        let messages: Vec<(Vec<u8>, &str)> = session["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| (vectors::hex(message, "hex"), message["desc"].as_str().unwrap()))
            .collect();
        // Both ends in one: every request of the session is handed to B.
        let mut config = Config::default();
        config.largest_block = if messages.iter().any(|(_, what)| what.contains("Block")) { 0 } else { 6 };
        let mut pair = Pair::with(1, Link::default(), config);
        let mut relations: Vec<(Vec<u8>, InboundId)> = Vec::new();
        for (at, (octets, what)) in messages.iter().enumerate() {
            let message = Message::parse(octets).unwrap();
            if message.code.is_request() {
                let (wanted, _) = &messages[at + 1];
                let got = answer(&mut pair, octets, &messages[at + 1..], &mut relations);
                assert_eq!(got, *wanted, "{what}");
                answered += 1;
            } else if let Some((_, relation)) =
                relations.iter().find(|(token, _)| token == message.token.as_bytes())
                && message.kind != MessageType::Acknowledgement
            {
                notify(&mut pair, *relation, &message, what);
            }
        }
    }
    assert_eq!(answered, 32);
}

/// What B answers to a request, with the words of the recorded answer.
fn answer(
    pair: &mut Pair,
    octets: &[u8],
    following: &[(Vec<u8>, &str)],
    relations: &mut Vec<(Vec<u8>, InboundId)>,
) -> Vec<u8> {
    let before = pair.b.sent.len();
    pair.inject(B, octets);
    if let Some(Event::ObserverGone { id, .. }) = pair.b.events.front() {
        relations.retain(|(_, relation)| relation != id);
        pair.b.events.pop_front();
    }
    if let Some(Event::Request { id, .. }) = pair.b.events.pop_front() {
        let recorded = Message::parse(&following[0].0).unwrap();
        let mut response = Response::new(recorded.code).with_options(of_application(&recorded));
        response.payload = Payload::Whole(whole_body(&recorded, following));
        if recorded.options.observe().is_some() {
            relations.push((recorded.token.as_bytes().to_vec(), id));
        }
        pair.respond(B, id, response);
        pair.b.events.clear();
    }
    let sent = Message::parse(&pair.b.sent[before]).unwrap();
    // A reason is told with a refusal; the session has none.
    let payload = if sent.code == Code::REQUEST_ENTITY_INCOMPLETE { &[] } else { sent.payload };
    let options = compared(&sent, &Message::parse(&following[0].0).unwrap());
    let mut out = BytesMut::new();
    Message { options: options.view(), payload, ..sent }.encode(&mut out);
    out.to_vec()
}

/// The session shows no sizes, and its sequence numbers begin anew with every relation; ours go on.
fn compared(sent: &Message<'_>, recorded: &Message<'_>) -> Options {
    let mut options: Options =
        sent.options.iter().filter(|(number, _)| *number != OptionNumber::SIZE2).collect();
    if let (Some(_), Some(sequence)) = (sent.options.observe(), recorded.options.observe()) {
        options.remove(OptionNumber::OBSERVE);
        options.push_uint(OptionNumber::OBSERVE, sequence.into());
    }
    options
}

/// The application answers with the whole body, of which the session shows the blocks.
fn whole_body(first: &Message<'_>, following: &[(Vec<u8>, &str)]) -> Bytes {
    if first.options.block2().is_none_or(|block| !block.more) {
        return Bytes::copy_from_slice(first.payload);
    }
    let blocks = following.iter().map(|(octets, _)| Message::parse(octets).unwrap());
    let blocks = blocks.filter(|message| message.code.is_response() && message.options.block2().is_some());
    blocks.flat_map(|message| message.payload.to_vec()).collect()
}

/// B notifies as in the session; message IDs are its own.
fn notify(pair: &mut Pair, relation: InboundId, recorded: &Message<'_>, what: &str) {
    let how = match recorded.kind {
        MessageType::Confirmable => Delivery::Confirmable,
        _ => Delivery::NonConfirmable,
    };
    let options: Options =
        recorded.options.iter().filter(|(number, _)| *number != OptionNumber::OBSERVE).collect();
    let response = Response::new(recorded.code)
        .with_options(options)
        .with_payload(Bytes::copy_from_slice(recorded.payload));
    let before = pair.b.sent.len();
    pair.b.endpoint.notify(pair.now, relation, response, how);
    pair.drain();
    let sent = Message::parse(&pair.b.sent[before]).unwrap();
    let options = compared(&sent, recorded);
    assert_eq!(Message { id: recorded.id, options: options.view(), ..sent }, *recorded, "{what}");
    if how == Delivery::Confirmable {
        let [high, low] = sent.id.0.to_be_bytes();
        pair.inject(B, &[0x60, 0, high, low]);
    }
    pair.b.events.clear();
}

#[test]
fn a_notification_is_newer_as_the_vectors_say() {
    for vector in vectors::extras("observe-order") {
        let (v1, v2) = (vector["v1"].as_u64().unwrap(), vector["v2"].as_u64().unwrap());
        let newer = vector["v2_is_newer_within_128s"].as_bool().unwrap();
        let mut pair = Pair::new();
        pair.observing();
        let token = pair.sent(A, 0)[0].token;
        let notification = |id: u16, sequence: u64| -> Vec<u8> {
            let options = Options::new().with_uint(OptionNumber::OBSERVE, sequence);
            let mut out = BytesMut::new();
            let message = Message {
                kind: MessageType::NonConfirmable,
                code: Code::CONTENT,
                id: lwm2m_core::coap::MessageId(id),
                token,
                options: options.view(),
                payload: b"x",
            };
            message.encode(&mut out);
            out.to_vec()
        };
        // A long time after the first answer anything is newer: so begins V1.
        pair.run(pair::secs(200));
        pair.inject(A, &notification(1, v1));
        assert_eq!(pair.a.events.len(), 1);
        pair.run(pair::secs(127));
        pair.inject(A, &notification(2, v2));
        assert_eq!(pair.a.events.len() == 2, newer, "{v1} then {v2}");
        pair.a.events.clear();
        pair.run(pair::secs(129));
        pair.inject(A, &notification(3, v2));
        assert_eq!(pair.a.events.len(), 1, "after 128 s");
    }
}
