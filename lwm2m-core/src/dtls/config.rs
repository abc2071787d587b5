//! How an endpoint behaves.

use std::time::Duration;

use super::{limits::Limits, message::MaxFragmentLength, suite::Suite};

/// How an endpoint behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Are handshakes of peers answered? Default off: a client's endpoint.
    pub accept: bool,
    /// Cipher suites, the most wanted first: what is offered where a connection names none, and what is accepted.
    ///
    /// Default: those with AEAD. The CBC suites are for peers of LwM2M 1.0. [RFC 7925 §4.2]
    pub suites: Vec<Suite>,
    /// Connection IDs. Default: used if the peer issues one.
    pub connection_id: ConnectionIds,
    /// When flights are sent again.
    pub retransmission: Retransmission,
    /// How long a connection of ours may take to be established. Default 150 s.
    pub handshake_timeout: Duration,
    /// Sessions that have not been used for so long are closed, and can be resumed. Default `None`: they stay until
    /// there is no room.
    pub idle: Option<Duration>,
    /// The longest record that we want to receive, for connections of ours. [RFC 6066 §4] Default `None`: 2^14 octets.
    pub max_fragment_length: Option<MaxFragmentLength>,
    /// Octets of a datagram of the handshake; larger messages are cut into fragments. Default 1152. A flight that was
    /// sent twice in vain is sent in datagrams of 256 octets.
    pub datagram: usize,
    /// Can peers resume their sessions? Only those with an extended master secret can. [RFC 7627 §5.3] Default on.
    pub resumption: bool,
    /// What peers can push on, and how far.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            accept: false,
            suites: vec![Suite::PskCcm8, Suite::PskGcm, Suite::EcdsaCcm8, Suite::EcdsaGcm],
            connection_id: ConnectionIds::Use,
            retransmission: Retransmission::default(),
            handshake_timeout: Duration::from_secs(150),
            idle: None,
            max_fragment_length: None,
            datagram: 1152,
            resumption: true,
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// For a server: answers handshakes, and issues connection IDs that name its shard.
    #[must_use]
    pub fn server(shard: u8) -> Self {
        Self { accept: true, connection_id: ConnectionIds::Issue { shard }, ..Self::default() }
    }
}

impl Config {
    /// For networks where a round trip takes seconds: first waits of 9 s, and as much more time for a handshake.
    /// [RFC 7925 §11]
    #[must_use]
    pub fn constrained(mut self) -> Self {
        self.retransmission = Retransmission::CONSTRAINED;
        self.handshake_timeout = Duration::from_secs(400);
        self.limits.handshake_lifetime = Duration::from_secs(400);
        self
    }
}

/// Whether connection IDs are negotiated. [RFC 9146]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionIds {
    /// Not at all.
    Off,
    /// The peer's are used if it issues one; none is issued: a client that a server finds again after its address
    /// has changed.
    Use,
    /// Besides, one is issued to every peer. All have the same length, and the first octet is the shard.
    Issue {
        /// Whose peers they are.
        shard: u8,
    },
}

/// Timing of the handshake. [RFC 6347 §4.2.4.1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retransmission {
    /// First wait for the peer's flight. Default 1 s; constrained networks want 9 s. [RFC 7925 §11]
    pub first: Duration,
    /// Longest wait. Every wait is twice as long as the one before, up to this. Default 60 s.
    pub longest: Duration,
    /// How often a flight is sent again before the handshake is given up. Default 6.
    pub times: u8,
}

impl Default for Retransmission {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(60), times: 6 }
    }
}

impl Retransmission {
    /// For networks where a round trip takes seconds. [RFC 7925 §11]
    pub const CONSTRAINED: Self =
        Self { first: Duration::from_secs(9), longest: Duration::from_secs(60), times: 6 };

    /// The wait after a flight was sent for the `attempt`th time, counted from 0.
    pub(super) fn wait(&self, attempt: u8) -> Duration {
        let factor = 1_u32.checked_shl(u32::from(attempt)).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(self.longest.max(self.first))
    }
}
