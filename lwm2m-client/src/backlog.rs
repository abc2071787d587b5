//! When what waits for servers is written to the state store.

use std::time::Duration;

/// When notifications and Sends that wait for servers are written to the [state store](crate::ClientBuilder::state), so
/// that they outlive a restart of the device.
///
/// Flash wears out by writing: each commit of a [`FileState`](crate::FileState) is a file of all that is kept. What is
/// delivered in time is never written, so that a device whose servers can be reached writes nothing. While one cannot be
/// reached there is at most one commit each `delay`, or for each `values` that came; and one at
/// [`Client::shutdown`](crate::Client::shutdown). What was not written when a device loses its power is lost, and what was
/// delivered since the last commit is delivered once more.
///
/// What a program wants to be sure of it sends with [`Sending::stored`](crate::Sending::stored), which waits for a commit
/// of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// How long the oldest change waits. Zero: not at all. Default 60 s.
    pub delay: Duration,
    /// So many new values are written before that. Default 256.
    pub values: usize,
}

impl Backlog {
    /// Every change at once: nothing is lost with the power, and each notification that waits costs a write.
    pub const AT_ONCE: Self = Self { delay: Duration::ZERO, values: 1 };

    /// Only when the client is shut down, and with [`Sending::stored`](crate::Sending::stored).
    pub const AT_SHUTDOWN: Self = Self { delay: Duration::MAX, values: usize::MAX };
}

impl Default for Backlog {
    fn default() -> Self {
        Self { delay: Duration::from_secs(60), values: 256 }
    }
}
