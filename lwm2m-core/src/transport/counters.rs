//! What a transport dropped or refused.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since a transport was opened. Written by its driver alone, readable anywhere.
#[derive(Debug, Default)]
pub struct TransportCounters {
    pub(crate) frames_in: Count,
    pub(crate) refused_links: Count,
    pub(crate) bad_sources: Count,
    pub(crate) receive_errors: Count,
    pub(crate) unprotected: Count,
    pub(crate) handshakes_dropped: Count,
    pub(crate) established: Count,
    pub(crate) resumed: Count,
    pub(crate) handshakes_refused: Count,
    pub(crate) handshakes_given_up: Count,
    pub(crate) displaced: Count,
    pub(crate) moved: Count,
    pub(crate) sessions: Count,
    pub(crate) dates_unchecked: Count,
    pub(crate) records_dropped: Count,
}

impl TransportCounters {
    /// Frames received, without those dropped below.
    #[must_use]
    pub fn frames_in(&self) -> u64 {
        self.frames_in.get()
    }

    /// Frames dropped because there was no room for another link.
    #[must_use]
    pub fn refused_links(&self) -> u64 {
        self.refused_links.get()
    }

    /// Frames dropped because nobody can be behind their source (port 0, broadcast, multicast), because they were sent
    /// to a group, or because they were empty.
    #[must_use]
    pub fn bad_sources(&self) -> u64 {
        self.bad_sources.get()
    }

    /// Frames without protection that came to a secure port; they were dropped.
    #[must_use]
    pub fn unprotected(&self) -> u64 {
        self.unprotected.get()
    }

    /// Security handshakes that have succeeded, resumed ones among them.
    #[must_use]
    pub fn established(&self) -> u64 {
        self.established.get()
    }

    /// Those of them that were resumed.
    #[must_use]
    pub fn resumed(&self) -> u64 {
        self.resumed.get()
    }

    /// Security handshakes that ended in an alert of ours: a wrong key, a certificate that does not fit.
    #[must_use]
    pub fn handshakes_refused(&self) -> u64 {
        self.handshakes_refused.get()
    }

    /// Security handshakes that were given up: no answer, too long, or they made room for others.
    #[must_use]
    pub fn handshakes_given_up(&self) -> u64 {
        self.handshakes_given_up.get()
    }

    /// Security sessions that made room for others.
    #[must_use]
    pub fn displaced(&self) -> u64 {
        self.displaced.get()
    }

    /// Times that a peer with a security session has moved to another address.
    #[must_use]
    pub fn moved(&self) -> u64 {
        self.moved.get()
    }

    /// Security sessions at this moment.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.sessions.get()
    }

    /// Handshakes that succeeded in which a certificate may have expired, because the time of day was not known.
    #[must_use]
    pub fn dates_unchecked(&self) -> u64 {
        self.dates_unchecked.get()
    }

    /// Frames of handshakes dropped because too many waited; their senders repeat them.
    #[must_use]
    pub fn handshakes_dropped(&self) -> u64 {
        self.handshakes_dropped.get()
    }

    /// Records that were not authentic, came twice, could not be read or had no session.
    #[must_use]
    pub fn records_dropped(&self) -> u64 {
        self.records_dropped.get()
    }

    /// Errors of the operating system when receiving.
    #[must_use]
    pub fn receive_errors(&self) -> u64 {
        self.receive_errors.get()
    }
}

/// A count with one writer: no locked instruction on the hot path.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    #[cfg(feature = "tokio")]
    pub(crate) fn add(&self, n: u64) {
        self.0.store(self.get().wrapping_add(n), Ordering::Relaxed);
    }

    /// For a count that somebody else keeps.
    #[cfg(all(feature = "tokio", feature = "dtls"))]
    pub(crate) fn set(&self, n: u64) {
        self.0.store(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
