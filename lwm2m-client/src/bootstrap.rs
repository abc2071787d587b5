//! How the bootstrap server is reached, and what can go wrong with it.

use std::time::Duration;

use lwm2m_core::{Bytes, Rejection, Version, codec::ContentFormat, transport::Target};

use crate::Unreachable;

/// The account of the bootstrap server: who gives the device its servers.
///
/// The device turns to it when it has no server, when no server takes it, and when a server says so. [Core 1.2 §6.1]
#[derive(Clone, Debug)]
pub struct BootstrapAccount {
    pub(crate) target: Target,
    pub(crate) hold_off: Duration,
    pub(crate) timeout: Duration,
    pub(crate) version: Version,
    pub(crate) preferred: Option<ContentFormat>,
    pub(crate) waits: (Duration, Duration),
}

/// Least and longest wait after a bootstrap that failed; it doubles in between.
pub(crate) const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(900));

impl BootstrapAccount {
    /// The bootstrap server at this place, asked at once and never forgotten, in LwM2M 1.1.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            hold_off: Duration::ZERO,
            timeout: Duration::ZERO,
            version: Version::V1_1,
            preferred: None,
            waits: WAITS,
        }
    }

    /// The bootstrap server at `coaps://host[:port]` that both ends have a pre-shared key for. The identity is sent in the
    /// clear; keys and identity may be others than those of the servers that it gives.
    ///
    /// Other keys: [`Target::credentials`].
    pub fn psk(uri: impl Into<String>, identity: impl Into<Bytes>, key: impl Into<Vec<u8>>) -> Self {
        Self::new(Target::psk(uri, identity, key))
    }

    /// Client Hold Off Time: how long the device waits for others to do it before it asks by itself, in whole seconds.
    /// Default none.
    #[must_use]
    pub fn hold_off(mut self, wait: Duration) -> Self {
        self.hold_off = wait;
        self
    }

    /// Bootstrap-Server Account Timeout: how long after a bootstrap the account goes, in whole seconds. Default never.
    #[must_use]
    pub fn timeout(mut self, after: Duration) -> Self {
        self.timeout = after;
        self
    }

    /// The version to speak. From 1.2 on the device asks for a pack first. Default 1.1.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// How long to wait after a bootstrap that has failed: at least this long, twice as long after the next failure, and so
    /// on up to the longest. Every wait is lengthened by up to a quarter, so that a fleet does not return in one moment. A
    /// hold-off time that is longer than `least` counts in its place, and a server that names a time itself (Max-Age) is
    /// not asked before. Default 1 s, 15 minutes.
    #[must_use]
    pub fn waits(mut self, least: Duration, longest: Duration) -> Self {
        self.waits = (least.max(Duration::from_millis(100)), longest.max(least));
        self
    }

    /// The format that the device wants to be written in. Default SenML in CBOR; in LwM2M 1.0 the server's choice.
    #[must_use]
    pub fn format(mut self, format: ContentFormat) -> Self {
        self.preferred = Some(format);
        self
    }
}

/// Why there was no bootstrap. Nothing has changed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BootstrapFailure {
    /// The bootstrap server could not be reached.
    #[error(transparent)]
    Unreachable(Unreachable),
    /// It refuses.
    #[error("refused: {0}")]
    Refused(Rejection),
    /// It began and fell silent.
    #[error("the bootstrap server has fallen silent")]
    Silent,
    /// Its account cannot be used, or the device cannot begin.
    #[error("{0}")]
    Account(String),
}
