//! The feature `coap-lite`: nothing is lost on the way to a `Packet` and back.

#![cfg(feature = "coap-lite")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use bytes::BytesMut;
use coap_lite::Packet;
use lwm2m_core::{
    Code,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, OtherKind, Request, Response, Token},
};

#[test]
fn a_message_is_written_alike_by_both() {
    let options =
        Options::new().with_path(["rd"]).with_uint(OptionNumber::CONTENT_FORMAT, 40).with_query("ep=a");
    let message = Message {
        kind: MessageType::NonConfirmable,
        code: Code::POST,
        id: MessageId(0x1234),
        token: Token::new(&[1, 2, 3]).unwrap(),
        options: options.view(),
        payload: b"</3/0>",
    };
    let mut octets = BytesMut::new();
    message.encode(&mut octets);
    assert_eq!(Packet::from(message).to_bytes().unwrap(), octets);
}

#[test]
fn requests_and_responses_round_trip() {
    let options = Options::new().with(OptionNumber::ETAG, b"a").with(OptionNumber::ETAG, b"b");
    let request = Request::new(Code::IPATCH).with_options(options.clone()).with_payload("x");
    assert_eq!(Request::try_from(Packet::from(&request)), Ok(request));
    let response = Response::new(Code::CONTENT).with_options(options).with_payload("x");
    assert_eq!(Response::try_from(Packet::from(&response)), Ok(response.clone()));
    assert_eq!(Request::try_from(Packet::from(&response)), Err(OtherKind(Code::CONTENT)));
}
