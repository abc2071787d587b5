//! Conversion to and from the messages of the `coap-lite` crate. Feature `coap-lite`.

use bytes::Bytes;
use coap_lite::{CoapOption, MessageClass, Packet};

use super::{Message, MessageType, OptionNumber, Options, OptionsView, Payload, Request, Response};
use crate::Code;

impl From<MessageType> for coap_lite::MessageType {
    fn from(kind: MessageType) -> Self {
        match kind {
            MessageType::Confirmable => Self::Confirmable,
            MessageType::NonConfirmable => Self::NonConfirmable,
            MessageType::Acknowledgement => Self::Acknowledgement,
            MessageType::Reset => Self::Reset,
        }
    }
}

impl From<coap_lite::MessageType> for MessageType {
    fn from(kind: coap_lite::MessageType) -> Self {
        match kind {
            coap_lite::MessageType::Confirmable => Self::Confirmable,
            coap_lite::MessageType::NonConfirmable => Self::NonConfirmable,
            coap_lite::MessageType::Acknowledgement => Self::Acknowledgement,
            coap_lite::MessageType::Reset => Self::Reset,
        }
    }
}

impl From<Message<'_>> for Packet {
    fn from(message: Message<'_>) -> Self {
        let mut packet = packet(message.code, message.options, message.payload);
        packet.header.set_type(message.kind.into());
        packet.header.message_id = message.id.0;
        packet.set_token(message.token.as_bytes().to_vec());
        packet
    }
}

/// Confirmable, without token, with message ID 0. A streamed body is left out.
impl From<&Request> for Packet {
    fn from(request: &Request) -> Self {
        packet(request.method, request.options.view(), request.payload.bytes())
    }
}

/// Confirmable, without token, with message ID 0. A streamed body is left out.
impl From<&Response> for Packet {
    fn from(response: &Response) -> Self {
        packet(response.code, response.options.view(), response.payload.bytes())
    }
}

fn packet(code: Code, options: OptionsView<'_>, payload: &[u8]) -> Packet {
    let mut packet = Packet::new();
    packet.header.code = MessageClass::from(code.0);
    for (number, value) in options.iter() {
        packet.add_option(CoapOption::from(number.0), value.to_vec());
    }
    packet.payload = payload.to_vec();
    packet
}

impl From<&Packet> for Options {
    fn from(packet: &Packet) -> Self {
        let each =
            packet.options().flat_map(|(number, values)| values.iter().map(move |value| (*number, value)));
        each.map(|(number, value)| (OptionNumber(number), value.as_slice())).collect()
    }
}

/// A [`Packet`] whose code is not of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a packet with code {0}")]
pub struct OtherKind(pub Code);

/// The code must be a method.
impl TryFrom<Packet> for Request {
    type Error = OtherKind;

    fn try_from(packet: Packet) -> Result<Self, OtherKind> {
        let method = Code(packet.header.code.into());
        let options = Options::from(&packet);
        let request = Self { method, options, payload: Payload::Whole(Bytes::from(packet.payload)) };
        if method.is_request() { Ok(request) } else { Err(OtherKind(method)) }
    }
}

/// The code must be of class 2, 4 or 5.
impl TryFrom<Packet> for Response {
    type Error = OtherKind;

    fn try_from(packet: Packet) -> Result<Self, OtherKind> {
        let code = Code(packet.header.code.into());
        let options = Options::from(&packet);
        let response = Self { code, options, payload: Payload::Whole(Bytes::from(packet.payload)) };
        if code.is_response() { Ok(response) } else { Err(OtherKind(code)) }
    }
}
