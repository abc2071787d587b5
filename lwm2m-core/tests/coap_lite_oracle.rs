//! Two codecs of different make agree: what this one reads, `coap-lite` reads alike; what this one refuses,
//! `coap-lite` refuses too or is known to be lax about.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use bytes::BytesMut;
use coap_lite::{CoapOption, MessageClass, Packet};
use lwm2m_core::Code;
use lwm2m_core::coap::{Message, MessageId, MessageType, OptionNumber, Options, Token};
use proptest::prelude::*;

/// What `coap-lite` 0.13 reads although RFC 7252 §3 and §4.1 do not want it.
const LAX: [&str; 3] = [
    "the version is not 1",
    "a payload marker without a payload",
    "an Empty message ends after its message ID",
];

type Parts = (u8, u8, u16, Vec<u8>, Vec<(u16, Vec<u8>)>, Vec<u8>);

fn parts() -> impl Strategy<Value = Parts> {
    let number = prop_oneof![0_u16..60, 240_u16..300, any::<u16>()];
    let value = prop_oneof![
        9 => proptest::collection::vec(any::<u8>(), 0..20),
        1 => proptest::collection::vec(any::<u8>(), 260..280),
    ];
    let options = proptest::collection::vec((number, value), 0..8);
    let token = proptest::collection::vec(any::<u8>(), 0..9);
    let payload = proptest::collection::vec(any::<u8>(), 0..20);
    (0_u8..4, any::<u8>(), any::<u16>(), token, options, payload)
}

fn options(list: &[(u16, Vec<u8>)]) -> Options {
    list.iter().map(|(number, value)| (OptionNumber(*number), value.as_slice())).collect()
}

fn encode((kind, code, id, token, list, payload): &Parts) -> Vec<u8> {
    let options = options(list);
    let kinds = [
        MessageType::Confirmable,
        MessageType::NonConfirmable,
        MessageType::Acknowledgement,
        MessageType::Reset,
    ];
    let message = Message {
        kind: *kinds.get(usize::from(*kind)).unwrap(),
        code: Code(*code),
        id: MessageId(*id),
        token: Token::new(token).unwrap(),
        options: options.view(),
        payload,
    };
    let mut out = BytesMut::new();
    message.encode(&mut out);
    out.to_vec()
}

/// Whole messages, messages with a few octets changed or cut, and noise behind a plausible beginning.
fn datagram() -> impl Strategy<Value = Vec<u8>> {
    let change = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..3);
    let changed = (parts(), change, proptest::option::of(any::<proptest::sample::Index>())).prop_map(
        |(parts, changes, cut)| {
            let mut octets = encode(&parts);
            for (at, octet) in changes {
                *at.get_mut(&mut octets) = octet;
            }
            if let Some(cut) = cut {
                octets.truncate(cut.index(octets.len() + 1));
            }
            octets
        },
    );
    let noise = (0x40_u8..0x80, proptest::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(first, rest)| [vec![first], rest].concat());
    prop_oneof![4 => changed, 1 => noise]
}

fn flat(packet: &Packet) -> Vec<(u16, Vec<u8>)> {
    packet
        .options()
        .flat_map(|(number, values)| values.iter().map(|value| (*number, value.clone())))
        .collect()
}

fn kind(kind: coap_lite::MessageType) -> MessageType {
    match kind {
        coap_lite::MessageType::Confirmable => MessageType::Confirmable,
        coap_lite::MessageType::NonConfirmable => MessageType::NonConfirmable,
        coap_lite::MessageType::Acknowledgement => MessageType::Acknowledgement,
        coap_lite::MessageType::Reset => MessageType::Reset,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn both_codecs_read_alike(octets in datagram()) {
        let theirs = Packet::from_bytes(&octets);
        match (Message::parse(&octets), theirs) {
            (Ok(message), Ok(packet)) => {
                prop_assert_eq!(message.kind, kind(packet.header.get_type()));
                prop_assert_eq!(message.code.0, u8::from(packet.header.code));
                prop_assert_eq!(message.id.0, packet.header.message_id);
                prop_assert_eq!(message.token.as_bytes(), packet.get_token());
                let ours: Vec<_> = message.options.iter().map(|(n, value)| (n.0, value.to_vec())).collect();
                prop_assert_eq!(ours, flat(&packet));
                prop_assert_eq!(message.payload, &packet.payload);
            }
            (Ok(message), Err(error)) => prop_assert!(false, "{error:?} for {message:?}"),
            (Err(malformed), Ok(_)) => prop_assert!(LAX.contains(&malformed.what), "{malformed}"),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn what_is_read_is_written_octet_by_octet(octets in datagram()) {
        if let Ok(message) = Message::parse(&octets) {
            let mut out = BytesMut::new();
            message.encode(&mut out);
            prop_assert_eq!(&out[..], octets);
        }
    }

    #[test]
    fn both_codecs_write_alike(mut parts in parts()) {
        parts.1 |= 1; // the other crate leaves the payload of an Empty message out
        let (kind, code, id, token, list, payload) = &parts;
        let mut packet = Packet::new();
        packet.header.set_type([
            coap_lite::MessageType::Confirmable,
            coap_lite::MessageType::NonConfirmable,
            coap_lite::MessageType::Acknowledgement,
            coap_lite::MessageType::Reset,
        ][usize::from(*kind)]);
        packet.header.code = MessageClass::from(*code);
        packet.header.message_id = *id;
        packet.set_token(token.clone());
        list.iter().for_each(|(number, value)| packet.add_option(CoapOption::from(*number), value.clone()));
        packet.payload.clone_from(payload);
        prop_assert_eq!(encode(&parts), packet.to_bytes_unlimited().unwrap());
    }

    #[test]
    fn a_list_is_ordered_by_number_and_then_by_age(list in proptest::collection::vec((0_u16..6, any::<Vec<u8>>()), 0..8)) {
        let found: Vec<_> = options(&list).iter().map(|(number, value)| (number.0, value.to_vec())).collect();
        let mut wanted = list;
        wanted.sort_by_key(|(number, _)| *number);
        prop_assert_eq!(found, wanted);
    }
}
