//! What a driver counts.

use crate::transport::Count;

/// Counts of one driver since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Frames handed to transports.
    pub frames_out: u64,
    /// Frames that a transport could not send; their links live on.
    pub send_errors: u64,
    /// Frames dropped because too many waited for a stalled link, or their transport or link was gone.
    pub dropped: u64,
    /// Datagrams handed to other shards.
    pub strays_out: u64,
    /// Datagrams taken from other shards.
    pub strays_in: u64,
    /// Datagrams for other shards dropped, because a shard was too slow or does not exist.
    pub strays_dropped: u64,
    /// Calls started.
    pub calls: u64,
    /// Calls given up by the machine.
    pub abandoned: u64,
    /// Calls whose code panicked.
    pub panics: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(super) frames_out: Count,
    pub(super) send_errors: Count,
    pub(super) dropped: Count,
    pub(super) strays_out: Count,
    pub(super) strays_in: Count,
    pub(super) strays_dropped: Count,
    pub(super) calls: Count,
    pub(super) abandoned: Count,
    pub(super) panics: Count,
}

impl Shared {
    pub(crate) fn read(&self) -> Counters {
        Counters {
            frames_out: self.frames_out.get(),
            send_errors: self.send_errors.get(),
            dropped: self.dropped.get(),
            strays_out: self.strays_out.get(),
            strays_in: self.strays_in.get(),
            strays_dropped: self.strays_dropped.get(),
            calls: self.calls.get(),
            abandoned: self.abandoned.get(),
            panics: self.panics.get(),
        }
    }
}
