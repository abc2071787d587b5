//! Datagrams: what is read is written octet by octet, and another codec reads the same; what is refused names a place
//! inside, and is refused by the other codec too unless that one is known to be lax.

#![no_main]

use bytes::{Bytes, BytesMut};
use coap_lite::Packet;
use libfuzzer_sys::fuzz_target;
use lwm2m_core::coap::Message;

/// What coap-lite reads although RFC 7252 §3 and §4.1 do not want it.
const LAX: [&str; 3] = [
    "the version is not 1",
    "a payload marker without a payload",
    "an Empty message ends after its message ID",
];

fuzz_target!(|datagram: &[u8]| {
    let other = Packet::from_bytes(datagram);
    match Message::parse(datagram) {
        Ok(message) => {
            let mut out = BytesMut::new();
            message.encode(&mut out);
            assert_eq!(out, datagram);
            // A value above 65535 octets is beyond coap-lite, and beyond any datagram.
            if let Ok(packet) = other {
                alike(&message, &packet);
            } else {
                assert!(datagram.len() > usize::from(u16::MAX));
            }
            let frame = Bytes::copy_from_slice(datagram);
            let request = message.to_request(&frame);
            assert!(request.options.iter().eq(message.options.iter()));
            let _ = format!("{message:?}");
        }
        Err(malformed) => {
            assert!(malformed.offset <= datagram.len());
            assert!(other.is_err() || LAX.contains(&malformed.what), "{malformed}");
        }
    }
});

fn alike(message: &Message<'_>, packet: &Packet) {
    assert_eq!(message.code.0, u8::from(packet.header.code));
    assert_eq!(message.id.0, packet.header.message_id);
    assert_eq!(message.token.as_bytes(), packet.get_token());
    assert_eq!(message.payload, packet.payload);
    let theirs =
        packet.options().flat_map(|(number, values)| values.iter().map(move |value| (*number, &value[..])));
    assert!(message.options.iter().map(|(number, value)| (number.0, value)).eq(theirs));
}
