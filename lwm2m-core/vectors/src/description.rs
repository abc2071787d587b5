//! What a message is, in words: `CON GET /3/0/9?a=b Observe 0 Accept 0`, `ACK 2.05 ct 0 "95"`.

use lwm2m_core::coap::{Message, MessageType, OptionNumber};

use crate::{Fault, same};

/// Compares a message with the words that are understood; other words are for people.
pub(crate) fn check(message: &Message<'_>, description: &str) -> Result<(), Fault> {
    let words: Vec<&str> = description.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or_default();
        match *word {
            "CON" | "NON" | "ACK" | "RST" if at == 0 => same("the type", &kind(message.kind), word)?,
            "GET" | "POST" | "PUT" | "DELETE" | "FETCH" | "PATCH" | "iPATCH" if at <= 1 => {
                same("the method", &message.code.to_string().as_str(), word)?;
                if next.starts_with('/') {
                    same("the target", &target(message).as_str(), &next)?;
                }
            }
            "Location" | "Location-Path" if !next.is_empty() => {
                let wanted = next.trim_start_matches('/');
                same("the location", &texts(message, OptionNumber::LOCATION_PATH).as_str(), &wanted)?;
            }
            "MID" => id(message, next)?,
            "token" => {
                let digits = next.bytes().all(|byte| byte.is_ascii_hexdigit()) && !next.is_empty();
                let token = format!("{:?}", message.token);
                if digits {
                    same("the token", &token.as_str(), &next)?;
                }
            }
            "ct" => number(message, OptionNumber::CONTENT_FORMAT, next)?,
            "Accept" => number(message, OptionNumber::ACCEPT, next)?,
            "Observe" => number(message, OptionNumber::OBSERVE, next)?,
            "Size1" => number(message, OptionNumber::SIZE1, next)?,
            "Size2" => number(message, OptionNumber::SIZE2, next)?,
            code if at <= 1 && is_code(code) => {
                let found = format!("{}.{:02}", message.code.class(), message.code.detail());
                same("the code", &found.as_str(), &code)?;
            }
            _ => {}
        }
    }
    payload(message, description)
}

fn is_code(word: &str) -> bool {
    matches!(word.as_bytes(), [class, b'.', a, b] if [class, a, b].iter().all(|digit| digit.is_ascii_digit()))
}

fn id(message: &Message<'_>, word: &str) -> Result<(), Fault> {
    let wanted = match word.strip_prefix("0x") {
        Some(digits) => u16::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    };
    wanted.map_or(Ok(()), |wanted| same("the message ID", &message.id.0, &wanted))
}

fn number(message: &Message<'_>, option: OptionNumber, word: &str) -> Result<(), Fault> {
    match word.parse::<u64>() {
        Ok(wanted) => same(option.name(), &message.options.uint(option), &Some(wanted)),
        Err(_) => Ok(()),
    }
}

/// A payload of text stands in quotes, after a space.
fn payload(message: &Message<'_>, description: &str) -> Result<(), Fault> {
    let quoted = description.split_once(" \"").and_then(|(_, rest)| rest.split_once('"'));
    match (quoted, str::from_utf8(message.payload)) {
        (Some((text, after)), Ok(found)) if !text.is_empty() && !after.contains('"') => {
            same("the payload", &found, &text)
        }
        _ => Ok(()),
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
    let query: Vec<_> = message.options.texts(OptionNumber::URI_QUERY).collect();
    let separator = if query.is_empty() { "" } else { "?" };
    format!("/{}{separator}{}", texts(message, OptionNumber::URI_PATH), query.join("&"))
}

fn texts(message: &Message<'_>, option: OptionNumber) -> String {
    message.options.texts(option).collect::<Vec<_>>().join("/")
}
