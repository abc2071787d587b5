//! Messages and option values of the vectors: each is read as its description says, and written octet by octet.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod vectors;

use bytes::BytesMut;
use lwm2m_core::coap::{Block, Message, MessageType, OptionNumber, Options};

#[test]
fn every_message_is_read_as_described_and_written_back() {
    let single = vectors::extras("coap");
    let sessions = vectors::extras("session");
    let of_sessions = sessions.iter().flat_map(|session| session["messages"].as_array().unwrap());
    for vector in single.iter().chain(of_sessions) {
        let (octets, description) = (vectors::hex(vector, "hex"), vector["desc"].as_str().unwrap());
        let message = Message::parse(&octets).unwrap_or_else(|error| panic!("{description}: {error}"));
        check(&message, description);
        let rebuilt: Options = message.options.iter().collect();
        let mut out = BytesMut::new();
        Message { options: rebuilt.view(), ..message }.encode(&mut out);
        assert_eq!(out[..], octets, "{description}");
    }
}

/// Compares a message with words such as `CON GET /3/0/9?a=b Observe 0 Accept 0, ct 0 "95"`.
fn check(message: &Message<'_>, description: &str) {
    let words: Vec<&str> = description.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let number = |value: Option<u64>| value.map_or("absent".to_owned(), |value| value.to_string());
    let uint = |option| number(message.options.uint(option));
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let found = match *word {
            "CON" | "NON" | "ACK" | "RST" => (kind(message.kind).to_owned(), *word),
            "GET" | "POST" | "PUT" | "DELETE" | "FETCH" | "iPATCH" => {
                assert_eq!(message.code.to_string(), *word, "{description}");
                (target(message), next)
            }
            "Location" => (location(message), next),
            "Location-Path" => (location(message)[1..].to_owned(), next),
            "MID" => {
                let id =
                    next.strip_prefix("0x").map_or(next.parse(), |hex| u16::from_str_radix(hex, 16)).unwrap();
                (message.id.0.to_string(), &*id.to_string().leak())
            }
            "token" => (format!("{:?}", message.token), next),
            "ct" => (uint(OptionNumber::CONTENT_FORMAT), next),
            "Accept" => (uint(OptionNumber::ACCEPT), next),
            "Observe" if next.parse::<u32>().is_ok() => (uint(OptionNumber::OBSERVE), next),
            "Size1" => (uint(OptionNumber::SIZE1), next),
            code if code.len() == 4 && code.as_bytes()[1] == b'.' && at == 1 => {
                (format!("{}.{:02}", message.code.class(), message.code.detail()), code)
            }
            text if text.starts_with('"') => {
                (format!("{:?}", str::from_utf8(message.payload).unwrap()), text)
            }
            _ => continue,
        };
        assert_eq!(found.0, found.1, "{word} in {description}");
    }
}

fn kind(kind: MessageType) -> &'static str {
    match kind {
        MessageType::Confirmable => "CON",
        MessageType::NonConfirmable => "NON",
        MessageType::Acknowledgement => "ACK",
        MessageType::Reset => "RST",
    }
}

fn target(message: &Message<'_>) -> String {
    let path: Vec<_> = message.options.texts(OptionNumber::URI_PATH).collect();
    let query: Vec<_> = message.options.texts(OptionNumber::URI_QUERY).collect();
    let separator = if query.is_empty() { "" } else { "?" };
    format!("/{}{separator}{}", path.join("/"), query.join("&"))
}

fn location(message: &Message<'_>) -> String {
    let path: Vec<_> = message.options.texts(OptionNumber::LOCATION_PATH).collect();
    format!("/{}", path.join("/"))
}

#[test]
fn block_values_are_read_and_written() {
    for vector in vectors::extras("block") {
        let octets = vectors::hex(&vector, "hex");
        let block = Block::parse(&octets).unwrap();
        assert_eq!(u64::from(block.num), vector["num"]);
        assert_eq!(block.more, vector["more"]);
        assert_eq!(block.size(), vector["size"]);
        let options = Options::new().with_uint(OptionNumber::BLOCK1, block.to_uint());
        assert_eq!(options.first(OptionNumber::BLOCK1), Some(&octets[..]));
        assert_eq!(options.block1(), Some(block));
    }
}

#[test]
fn observe_values_are_read_and_written() {
    for vector in vectors::extras("observe") {
        let value = vector["value"].as_u64().unwrap();
        let options = Options::new().with_uint(OptionNumber::OBSERVE, value);
        assert_eq!(options.first(OptionNumber::OBSERVE), Some(&vectors::hex(&vector, "hex")[..]));
        assert_eq!(options.observe().map(u64::from), Some(value));
    }
}
