//! The seam for protection of messages: keys are asked for, frames wait for them, answers go as they are.

mod pair;

use std::sync::Arc;

use lwm2m_core::{
    Bytes, CallId, Code, Entry, Hint, Link, LinkId, Mono, Now, Output, PeerId, Route, StoreError,
    coap::{
        Call, Config, Delivery, Endpoint, Event, Inner, Message, Options, Protect, ProtectError, Request,
        Response, Unprotected,
    },
};
use pair::{ROUTE, get};

/// Turns the octets of payloads over; needs a key first, if `locked`.
#[derive(Debug)]
struct Turned {
    locked: bool,
    refuses: bool,
}

fn turned(message: &Message<'_>, options: Options) -> Inner {
    Inner { code: message.code, options, payload: message.payload.iter().map(|octet| !octet).collect() }
}

fn options(message: &Message<'_>) -> Options {
    message.options.iter().collect()
}

impl Protect for Turned {
    fn protect(&mut self, _: Now, _: PeerId, message: &Message<'_>) -> Result<Option<Inner>, ProtectError> {
        if self.refuses {
            return Err(ProtectError("no more sequence numbers"));
        }
        Ok((!message.payload.is_empty()).then(|| turned(message, options(message))))
    }

    fn unprotect(&mut self, _: Now, _: PeerId, message: &Message<'_>) -> Unprotected {
        match message.payload {
            _ if self.locked => {
                Unprotected::Need(Hint::Own { name: None, raw_public_key: false, certificate: false })
            }
            b"forged" => Unprotected::Drop("does not verify"),
            b"stale" => Unprotected::Answer(Inner {
                code: Code::UNAUTHORIZED,
                options: Options::new(),
                payload: Bytes::from_static(b"in the clear"),
            }),
            b"" => Unprotected::Plain,
            _ => Unprotected::Opened(turned(message, options(message))),
        }
    }

    fn learn(&mut self, _: Now, _: PeerId, entry: Result<Option<Entry>, StoreError>) {
        self.locked = entry.is_err();
    }
}

const NOW: Now = Now { mono: Mono(0), wall: None };

fn endpoint(locked: bool, refuses: bool) -> (Endpoint, PeerId) {
    let mut endpoint = Endpoint::new(Arc::new(Config::default()), [1; 32])
        .with_protect(Box::new(Turned { locked, refuses }));
    let peer = endpoint.handle_up(NOW, ROUTE, Link::default());
    (endpoint, peer)
}

#[derive(Default, Debug)]
struct Drained {
    frames: Vec<Bytes>,
    events: Vec<Event>,
    calls: Vec<CallId>,
}

fn drain(endpoint: &mut Endpoint) -> Drained {
    let mut drained = Drained::default();
    loop {
        match endpoint.poll_output(NOW) {
            Output::Transmit { frame, .. } => drained.frames.push(frame),
            Output::Event(event) => drained.events.push(event),
            Output::Call { id, what: Call::Credentials(_) } => drained.calls.push(id),
            Output::Timeout(_) => return drained,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn messages_are_protected_on_the_wire_and_plain_above() {
    let ((mut a, peer), (mut b, _)) = (endpoint(false, false), endpoint(false, false));
    a.request(NOW, peer, Request::new(Code::POST).with_payload(&b"abc"[..]), Delivery::Confirmable);
    let frame = drain(&mut a).frames.remove(0);
    assert_eq!(Message::parse(&frame).unwrap().payload, [!b'a', !b'b', !b'c']);
    b.handle_frame(NOW, ROUTE, frame);
    let Event::Request { id, request, .. } = drain(&mut b).events.remove(0) else { panic!() };
    assert_eq!(request.payload.bytes(), "abc");
    b.respond(NOW, id, Response::new(Code::CONTENT).with_payload(&b"xyz"[..]));
    a.handle_frame(NOW, ROUTE, drain(&mut b).frames.remove(0));
    let Event::Response { response, .. } = drain(&mut a).events.remove(0) else { panic!() };
    assert_eq!(response.payload.bytes(), "xyz");
}

#[test]
fn a_frame_waits_for_its_keys_and_is_read_once_they_are_there() {
    let (mut a, _) = endpoint(true, false);
    let frame = Bytes::from_static(&[0x41, 1, 0, 1, 1, 0xb1, b'3']);
    a.handle_frame(NOW, ROUTE, frame);
    let mut drained = drain(&mut a);
    assert!(drained.events.is_empty() && drained.frames.is_empty());
    let call = drained.calls.remove(0);
    a.handle_result(NOW, CallId(call.0 + 1), Ok(None));
    assert!(drain(&mut a).events.is_empty(), "not the answer to this call");
    a.handle_result(NOW, call, Ok(None));
    assert!(matches!(drain(&mut a).events[..], [Event::Request { .. }]));
    a.handle_result(NOW, call, Ok(None));
    assert!(drain(&mut a).events.is_empty());
}

#[test]
fn without_keys_a_frame_is_dropped_and_not_asked_for_for_ever() {
    let (mut a, _) = endpoint(true, false);
    for id in 0..1000_u16 {
        let [high, low] = id.to_be_bytes();
        a.handle_frame(NOW, ROUTE, Bytes::copy_from_slice(&[0x41, 1, high, low, 1, 0xb1, b'3']));
    }
    let calls = drain(&mut a).calls;
    assert_eq!(calls.len(), Config::default().limits.locked_per_peer);
    for call in calls {
        a.handle_result(NOW, call, Err(StoreError::new("down")));
    }
    let drained = drain(&mut a);
    assert!(drained.events.is_empty() && drained.calls.is_empty() && drained.frames.is_empty());
    assert_eq!(a.counters().unprotected + a.counters().locked_refused, 1000);
}

#[test]
fn one_peer_does_not_take_the_room_of_others_for_frames_that_wait_for_keys() {
    let (mut a, _) = endpoint(true, false);
    let frame = |id: u8| Bytes::copy_from_slice(&[0x41, 1, 0, id, 1, 0xb1, b'3']);
    for id in 0..255 {
        a.handle_frame(NOW, ROUTE, frame(id));
    }
    drain(&mut a);
    let other = Route { link: LinkId { index: 1, ..ROUTE.link }, ..ROUTE };
    a.handle_up(NOW, other, Link::default());
    a.handle_frame(NOW, other, frame(1));
    let call = drain(&mut a).calls.remove(0);
    a.handle_result(NOW, call, Ok(None));
    assert!(matches!(drain(&mut a).events[..], [Event::Request { .. }]));
    assert_eq!(a.counters().locked_refused, 255 - 4);
}

#[test]
fn what_does_not_verify_is_dropped_and_what_is_stale_is_answered() {
    let (mut a, _) = endpoint(false, false);
    a.handle_frame(NOW, ROUTE, Bytes::from_static(b"\x41\x02\0\x01\x01\xffforged"));
    assert!(drain(&mut a).frames.is_empty());
    a.handle_frame(NOW, ROUTE, Bytes::from_static(b"\x41\x02\0\x02\x01\xffstale"));
    let frame = drain(&mut a).frames.remove(0);
    let answer = Message::parse(&frame).unwrap();
    assert_eq!((answer.code, answer.payload, answer.id.0), (Code::UNAUTHORIZED, &b"in the clear"[..], 2));
}

#[test]
fn what_cannot_be_protected_is_not_sent() {
    let (mut a, peer) = endpoint(false, true);
    let id = a.request(NOW, peer, get(["3"]), Delivery::Confirmable);
    let drained = drain(&mut a);
    assert!(drained.frames.is_empty());
    assert!(matches!(drained.events[..], [Event::Failed { id: failed, .. }] if failed == id));
}
