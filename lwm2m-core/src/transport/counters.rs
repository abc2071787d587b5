//! What a transport dropped or refused.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since a transport was opened. Written by its driver alone, readable anywhere.
#[derive(Debug, Default)]
pub struct TransportCounters {
    pub(crate) frames_in: Count,
    pub(crate) refused_links: Count,
    pub(crate) bad_sources: Count,
    pub(crate) receive_errors: Count,
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

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
