//! Two messages of a fleet's daily life, for measurements and the tests that count allocations.

use bytes::BytesMut;
use lwm2m_core::{
    Code,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
};

/// Parameter `ep` of the Register.
pub(crate) const ENDPOINT: &str = "ep=urn:dev:ops:32473-Thermo-SN00007";

/// Appends a Register of 120 octets.
pub(crate) fn register(endpoint: &str, out: &mut BytesMut) {
    let mut options = Options::new();
    options.push(OptionNumber::URI_PATH, b"rd");
    options.push_uint(OptionNumber::CONTENT_FORMAT, 40);
    options.push(OptionNumber::URI_QUERY, endpoint.as_bytes());
    options.push(OptionNumber::URI_QUERY, b"lt=300");
    options.push(OptionNumber::URI_QUERY, b"lwm2m=1.1");
    options.push(OptionNumber::URI_QUERY, b"b=U");
    message(MessageType::Confirmable, Code::POST, &options, b"</>;ct=112,</1/0>,</3/0>,</3303/0>,</3311/0>")
        .encode(out);
}

/// Appends a notification of one temperature, in text.
pub(crate) fn notification(sequence: u32, out: &mut BytesMut) {
    let mut options = Options::new();
    options.push_uint(OptionNumber::OBSERVE, u64::from(sequence));
    options.push_uint(OptionNumber::CONTENT_FORMAT, 0);
    message(MessageType::NonConfirmable, Code::CONTENT, &options, b"21.5").encode(out);
}

/// One of them by its name.
#[allow(dead_code, reason = "for measurements")]
pub(crate) fn frame(name: &str) -> Vec<u8> {
    let mut out = BytesMut::new();
    match name {
        "register" => register(ENDPOINT, &mut out),
        _ => notification(0x01_0203, &mut out),
    }
    out.to_vec()
}

fn message<'a>(kind: MessageType, code: Code, options: &'a Options, payload: &'a [u8]) -> Message<'a> {
    let token = Token::from([0x5a; 8]);
    Message { kind, code, id: MessageId(0x1234), token, options: options.view(), payload }
}
