//! What a peer's answers, and its silence, say of the way to it: how fast notifications may leave that nobody
//! acknowledges [RFC 7641 §4.5.1], and whether its address is its own [RFC 9175 §2.4].

use std::time::Duration;

use super::{Endpoint, limits::Limits, table::Key};
use crate::{Mono, Now};

/// Message IDs that a peer may name in vain before naming one proves nothing: there are only 65,536 to be tried.
const GUESSES: u8 = 16;

/// A few octets a peer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// When the notifications so far would have left at the pace that is allowed, in milliseconds that wrap.
    until: u32,
    /// Way there and back in milliseconds, smoothed. 0: not measured yet.
    round_trip: u16,
    /// Non-confirmable notifications since the peer was heard.
    unheard: u8,
    /// How many message IDs it has left to guess, until it has sent what only somebody at its address can know.
    trust: Trust,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    Guesses(u8),
    Proven,
}

impl Default for Pace {
    fn default() -> Self {
        Self { until: 0, round_trip: 0, unheard: 0, trust: Trust::Guesses(GUESSES) }
    }
}

impl Pace {
    /// A round trip took so long.
    fn measure(&mut self, took: Duration) {
        let took = u16::try_from(took.as_millis()).unwrap_or(u16::MAX).max(1);
        self.round_trip = match self.round_trip {
            0 => took,
            old => ((u32::from(old) * 7 + u32::from(took)).div_ceil(8)) as u16,
        };
    }

    /// May a notification leave that is not acknowledged? If so, it is counted.
    fn take(&mut self, now: Mono, limits: &Limits) -> bool {
        if self.unheard >= limits.unheard_notifications {
            return false;
        }
        let each = match self.round_trip {
            0 => u16::try_from(limits.notification_interval.as_millis()).unwrap_or(u16::MAX),
            measured => measured,
        };
        let (each, burst) = (u32::from(each), u32::from(limits.notification_burst.max(1)));
        let now = (now.0 / 1000) as u32;
        // More than a whole burst ahead: it lies in the past, or was counted at another pace.
        let ahead = Some(self.until.wrapping_sub(now)).filter(|ahead| *ahead <= each * burst).unwrap_or(0);
        if ahead > each * (burst - 1) {
            return false;
        }
        self.until = now.wrapping_add(ahead + each);
        self.unheard += 1;
        true
    }
}

impl Endpoint {
    /// Something came from the peer.
    pub(super) fn heard(&mut self, peer: u32) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.pace.unheard = 0;
        }
        self.peers.touch(peer);
    }

    /// May this notification leave without being acknowledged? Others go as confirmable ones, which have a pace of
    /// their own and tell whether anybody is there.
    pub(super) fn may_leave_unacknowledged(&mut self, now: Now, peer: u32) -> bool {
        let limits = &self.config.limits;
        if limits.amplification.is_some() && !self.is_proven(peer) {
            return false;
        }
        self.peers.get_mut(peer).is_some_and(|entry| entry.pace.take(now.mono, limits))
    }

    /// A confirmable message is acknowledged or answered. One that was sent again does not tell which time counts.
    pub(super) fn measure_round_trip(&mut self, now: Now, key: Key) {
        let Some(sending) = self.sending.get(key) else { return };
        let again = self.timers.at(sending.timer);
        if let Some(took) = again.and_then(|again| sending.since_first(again, now.mono))
            && let Some(entry) = self.peers.get_mut(sending.peer)
        {
            entry.pace.measure(took);
        }
    }

    /// The peer has named what was sent to its address alone: a token or an Echo value of ours.
    pub(super) fn prove(&mut self, peer: u32) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.pace.trust = Trust::Proven;
        }
    }

    /// The peer has named a message ID; `ours`: of a message that waits for it.
    pub(super) fn note_id(&mut self, peer: u32, ours: bool) {
        let Some(entry) = self.peers.get_mut(peer) else { return };
        entry.pace.trust = match (entry.pace.trust, ours) {
            (Trust::Proven, _) | (Trust::Guesses(1..), true) => Trust::Proven,
            (Trust::Guesses(left), _) => Trust::Guesses(left.saturating_sub(1)),
        };
    }

    pub(super) fn is_proven(&self, peer: u32) -> bool {
        self.peers.get(peer).is_some_and(|entry| entry.pace.trust == Trust::Proven)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1000;

    fn leaves(pace: &mut Pace, each: u64, from: u64, to: u64) -> usize {
        let limits = Limits { unheard_notifications: u8::MAX, ..Limits::default() };
        (from..to).step_by(each as usize).filter(|ms| pace.take(Mono(ms * MS), &limits)).count()
    }

    #[test]
    fn without_a_measured_round_trip_one_leaves_in_three_seconds() {
        let mut pace = Pace::default();
        assert_eq!(leaves(&mut pace, 100, 0, 60_000), 8 + 60 / 3 - 1);
    }

    #[test]
    fn a_measured_round_trip_is_the_pace() {
        let mut pace = Pace::default();
        pace.measure(Duration::from_millis(500));
        assert_eq!(leaves(&mut pace, 10, 0, 10_000), 8 + 20 - 1);
        for _ in 0..100 {
            pace.measure(Duration::from_millis(50));
        }
        assert!((50..=60).contains(&pace.round_trip), "{}", pace.round_trip);
    }

    #[test]
    fn time_may_wrap() {
        let mut pace = Pace::default();
        let wrap = 1 << 32;
        assert_eq!(leaves(&mut pace, 100, wrap - 30_000, wrap + 30_000), 8 + 60 / 3 - 1);
        assert_eq!(leaves(&mut pace, 100, 3 * wrap, 3 * wrap + 60_000), 8 + 60 / 3 - 1, "long ago");
    }
}
