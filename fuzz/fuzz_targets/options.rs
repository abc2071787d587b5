//! Histories of a list of options, beside a plain sorted list that must hold the same.
//!
//! Each step: a number; below 128 it is followed by how far to widen it, a length and that many octets to push, from
//! 128 on the options of that number go.

#![no_main]

use std::iter;

use libfuzzer_sys::fuzz_target;
use lwm2m_core::{
    Code,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
};

fuzz_target!(|history: &[u8]| {
    let mut octets = history.iter().copied();
    let (mut list, mut plain): (Options, Vec<(u16, Vec<u8>)>) = Default::default();
    while let Some(first) = octets.next() {
        if first >= 128 {
            let number = u16::from(first - 128);
            list.remove(OptionNumber(number));
            plain.retain(|(other, _)| *other != number);
        } else {
            let number = u16::from(first) << (octets.next().unwrap_or_default() % 10);
            let length = usize::from(octets.next().unwrap_or_default()) * 2;
            let value: Vec<u8> = octets.by_ref().take(length).chain(iter::repeat(0)).take(length).collect();
            list.push(OptionNumber(number), &value);
            plain.push((number, value));
            plain.sort_by_key(|(number, _)| *number);
        }
        assert!(
            list.iter().map(|(number, value)| (number.0, value)).eq(plain.iter().map(|(n, v)| (*n, &v[..])))
        );
    }
    let message = Message {
        kind: MessageType::Confirmable,
        code: Code::GET,
        id: MessageId(1),
        token: Token::EMPTY,
        options: list.view(),
        payload: b"end",
    };
    let mut out = bytes::BytesMut::new();
    message.encode(&mut out);
    assert_eq!(Message::parse(&out), Ok(message));
    let _ =
        (list.content_format(), list.accept(), list.observe(), list.max_age(), list.block1(), list.block2());
    let _ = (list.uri_path().count(), list.view().unrecognised(|number| number.0 < 100), format!("{list:?}"));
});
