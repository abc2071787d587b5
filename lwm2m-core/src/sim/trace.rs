//! What passed on the wires.

use std::{collections::VecDeque, fmt, fmt::Write};

use bytes::Bytes;

use crate::{
    Mono,
    coap::{Message, MessageType},
};

/// Frames that are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 10_000;

/// A frame that passed a wire, or was lost on it. `Display` tells it in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// When it was sent.
    pub at: Mono,
    /// Name of the sending host.
    pub from: String,
    /// Name of the host it was sent to.
    pub to: String,
    /// It did not arrive.
    pub lost: bool,
    /// The frame.
    pub frame: Bytes,
}

impl Seen {
    /// Type, code, message ID, token, options of interest and payload size, if it is a CoAP message.
    #[must_use]
    pub fn summary(&self) -> String {
        summary(&self.frame).unwrap_or_else(|_| "?".to_owned())
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.at.0 / 1_000_000, self.at.0 % 1_000_000);
        let arrow = if self.lost { "-x" } else { "->" };
        write!(f, "{seconds:>6}.{micros:06} {} {arrow} {}: {}", self.from, self.to, self.summary())
    }
}

#[derive(Default)]
pub(super) struct Trace(VecDeque<((u32, u32), Seen)>);

impl Trace {
    pub(super) fn add(
        &mut self,
        pair: (u32, u32),
        at: Mono,
        names: (String, String),
        lost: bool,
        frame: Bytes,
    ) {
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        let (from, to) = names;
        self.0.push_back((pair, Seen { at, from, to, lost, frame }));
    }

    pub(super) fn of(&self, pair: (u32, u32)) -> Vec<Seen> {
        self.0.iter().filter(|(p, _)| *p == pair).map(|(_, seen)| seen.clone()).collect()
    }

    pub(super) fn last(&self, n: usize) -> impl Iterator<Item = &Seen> {
        self.0.iter().skip(self.0.len().saturating_sub(n)).map(|(_, seen)| seen)
    }
}

fn summary(frame: &[u8]) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let Ok(message) = Message::parse(frame) else {
        write!(text, "{} octets that are no CoAP message", frame.len())?;
        return Ok(text);
    };
    let kind = match message.kind {
        MessageType::Confirmable => "CON",
        MessageType::NonConfirmable => "NON",
        MessageType::Acknowledgement => "ACK",
        MessageType::Reset => "RST",
    };
    write!(text, "{kind} {} mid={}", message.code, message.id.0)?;
    if !message.token.as_bytes().is_empty() {
        text.push_str(" token=");
        for octet in message.token.as_bytes() {
            write!(text, "{octet:02x}")?;
        }
    }
    for (number, value) in message.options.iter() {
        option(&mut text, number.0, value)?;
    }
    if !message.payload.is_empty() {
        write!(text, " +{}", message.payload.len())?;
    }
    Ok(text)
}

/// [RFC 7252 §5.10] [RFC 7641 §2] [RFC 7959 §2.1]
fn option(text: &mut String, number: u16, value: &[u8]) -> fmt::Result {
    let uint = || value.iter().take(8).fold(0_u64, |n, octet| n << 8 | u64::from(*octet));
    match number {
        6 => write!(text, " obs={}", uint()),
        8 => write!(text, " loc={}", value.escape_ascii()),
        11 => write!(text, " /{}", value.escape_ascii()),
        12 => write!(text, " ct={}", uint()),
        15 => write!(text, " ?{}", value.escape_ascii()),
        17 => write!(text, " accept={}", uint()),
        23 | 27 => {
            let (name, block) = (if number == 23 { "block2" } else { "block1" }, uint());
            let more = if block & 8 != 0 { "+" } else { "" };
            write!(text, " {name}={}{more}/{}", block >> 4, 16 << (block & 7).min(6))
        }
        _ => write!(text, " o{number}"),
    }
}
