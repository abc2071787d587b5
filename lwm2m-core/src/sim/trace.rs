//! What passed on the wires.

use std::{collections::VecDeque, fmt};

use bytes::Bytes;

use crate::{Mono, coap::Summary};

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
        Summary(&self.frame).to_string()
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
