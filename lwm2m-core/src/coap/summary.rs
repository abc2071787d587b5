//! A message in one line, for traces and failed tests.

use std::fmt;

use super::{Message, MessageType};

/// Shows a frame in one line: type, code, message ID, token, options and the size of the payload, but no octet of it.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a>(pub &'a [u8]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(message) = Message::parse(self.0) else {
            return write!(f, "{} octets that are no CoAP message", self.0.len());
        };
        let kind = match message.kind {
            MessageType::Confirmable => "CON",
            MessageType::NonConfirmable => "NON",
            MessageType::Acknowledgement => "ACK",
            MessageType::Reset => "RST",
        };
        write!(f, "{kind} {} mid={}", message.code, message.id.0)?;
        if !message.token.as_bytes().is_empty() {
            f.write_str(" token=")?;
            for octet in message.token.as_bytes() {
                write!(f, "{octet:02x}")?;
            }
        }
        for (number, value) in message.options.iter() {
            option(f, number.0, value)?;
        }
        if !message.payload.is_empty() {
            write!(f, " +{}", message.payload.len())?;
        }
        Ok(())
    }
}

/// [RFC 7252 §5.10] [RFC 7641 §2] [RFC 7959 §2.1]
fn option(f: &mut fmt::Formatter<'_>, number: u16, value: &[u8]) -> fmt::Result {
    let uint = || value.iter().take(8).fold(0_u64, |n, octet| n << 8 | u64::from(*octet));
    match number {
        6 => write!(f, " obs={}", uint()),
        8 => write!(f, " loc={}", value.escape_ascii()),
        11 => write!(f, " /{}", value.escape_ascii()),
        12 => write!(f, " ct={}", uint()),
        15 => write!(f, " ?{}", value.escape_ascii()),
        17 => write!(f, " accept={}", uint()),
        23 | 27 => {
            let (name, block) = (if number == 23 { "block2" } else { "block1" }, uint());
            let more = if block & 8 != 0 { "+" } else { "" };
            write!(f, " {name}={}{more}/{}", block >> 4, 16 << (block & 7).min(6))
        }
        _ => write!(f, " o{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_one_line_without_its_payload() {
        let frame = b"\x42\x03\x00\x07\xab\xcd\xb4rd/x\x11\x2a\xd1\x02\x1b\xffsecret";
        assert_eq!(Summary(frame).to_string(), "CON PUT mid=7 token=abcd /rd/x ct=42 block1=1+/128 +6");
        assert_eq!(Summary(b"hello").to_string(), "5 octets that are no CoAP message");
    }
}
