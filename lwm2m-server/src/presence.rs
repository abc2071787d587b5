//! Whether a client can be reached.

use std::fmt;

use lwm2m_core::UnixTime;

/// Whether a client can be reached now. [Core 1.2 §6.5]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presence {
    /// It is registered and listens. Clients that do not use queue mode always do.
    #[default]
    Active,
    /// It is registered, uses queue mode, and has not been heard for its awake window, or did not answer: requests wait
    /// for its next message.
    Asleep,
    /// Disable was executed on it (`/1/x/4`): it speaks to nobody until its disable timeout is over.
    Disabled {
        /// When it is due back: a day after the Disable, unless its timeout (`/1/x/5`) was read or written here.
        until: UnixTime,
    },
    /// It is not registered.
    Offline,
}

impl fmt::Display for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Asleep => "asleep",
            Self::Disabled { .. } => "disabled",
            Self::Offline => "offline",
        })
    }
}
