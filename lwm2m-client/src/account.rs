//! How a server is reached and kept.

mod security;

use std::time::Duration;

use lwm2m_core::{Bytes, Credentials, Version, transport::Target};

pub(crate) use self::security::{security, security_of_bootstrap, target};

/// A server: who it is, where it is and how to register with it.
#[derive(Clone, Debug)]
pub struct ServerAccount {
    pub(crate) short_server_id: u16,
    pub(crate) target: Target,
    pub(crate) lifetime: Duration,
    pub(crate) binding: String,
    /// Oldest and newest.
    pub(crate) versions: (Version, Version),
    pub(crate) default_periods: (Option<u32>, Option<u32>),
    pub(crate) queue_mode: bool,
    pub(crate) awake: Option<Duration>,
    pub(crate) confirmable: bool,
    pub(crate) allow_send: bool,
    pub(crate) retry: Retry,
    pub(crate) order: Option<u32>,
    pub(crate) initial_delay: Duration,
    pub(crate) failure_block: bool,
    pub(crate) bootstrap_on_failure: bool,
}

impl ServerAccount {
    /// An account of the server with this short server ID (1 to 65534), with a lifetime of one day, over UDP, in the
    /// newest version that both ends know.
    pub fn new(short_server_id: u16, target: Target) -> Self {
        Self {
            short_server_id,
            target,
            lifetime: Duration::from_secs(86_400),
            binding: "U".to_owned(),
            versions: (Version::V1_0, Version::V1_2),
            default_periods: (None, None),
            queue_mode: false,
            awake: None,
            confirmable: false,
            allow_send: false,
            retry: Retry::default(),
            order: None,
            initial_delay: Duration::ZERO,
            failure_block: false,
            bootstrap_on_failure: true,
        }
    }

    /// An account at `coaps://host[:port]` that both ends have a pre-shared key for. The identity is sent in the clear.
    ///
    /// Other keys: [`Target::credentials`].
    pub fn psk(
        short_server_id: u16,
        uri: impl Into<String>,
        identity: impl Into<Bytes>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        Self::new(short_server_id, Target::psk(uri, identity, key))
    }

    /// With these keys, for a URI such as `coaps://host`.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.target = self.target.credentials(credentials);
        self
    }

    /// Where the server is, and with which keys.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The URI of the server.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.target.uri
    }

    /// Lifetime of the registration, in whole seconds; zero: without end. Default one day. The client sends an Update
    /// in time. [Core 1.2 §6.2.1]
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The binding text of the Server instance, for example `U`, `UQ` (1.0) or `UT`. Default `U`.
    #[must_use]
    pub fn binding(mut self, binding: impl Into<String>) -> Self {
        self.binding = binding.into();
        self
    }

    /// The versions to speak. Registers with the newest; where a server does not know it (4.12), with the next older.
    /// Default 1.0 to 1.2.
    #[must_use]
    pub fn versions(mut self, oldest: Version, newest: Version) -> Self {
        self.versions = (oldest.min(newest), newest.max(oldest));
        self
    }

    /// `pmin` and `pmax`, in seconds, of observations by this server. Default none. [Core 1.2 §E.2]
    #[must_use]
    pub fn default_periods(mut self, pmin: Option<u32>, pmax: Option<u32>) -> Self {
        self.default_periods = (pmin, pmax);
        self
    }

    /// Tells the server to expect queue mode (`Q`): it sends requests only when it has just heard of us. The client tells
    /// its program when it need not listen any more ([`ClientEvent::Asleep`], [`Status::awake`]), and wakes up by itself
    /// for Updates and notifications ([`Status::next_deadline`]). [Core 1.2 §6.5]
    ///
    /// [`ClientEvent::Asleep`]: crate::ClientEvent::Asleep
    /// [`Status::awake`]: crate::machine::Status::awake
    /// [`Status::next_deadline`]: crate::machine::Status::next_deadline
    #[must_use]
    pub fn queue_mode(mut self) -> Self {
        self.queue_mode = true;
        self
    }

    /// How long to listen after a message, in queue mode. Servers count the same time: a shorter one loses their requests.
    /// Default MAX_TRANSMIT_WAIT of the link, 93 s with the default parameters of transmission. [Core 1.2 §6.5]
    #[must_use]
    pub fn awake(mut self, window: Duration) -> Self {
        self.awake = Some(window);
        self
    }

    /// Sends every notification confirmable. By default they are not, except one every 24 hours. [RFC 7641 §4.5]
    #[must_use]
    pub fn confirmable(mut self) -> Self {
        self.confirmable = true;
        self
    }

    /// Lets the client Send to this server: Mute Send (resource 23) is false. By default it is
    /// absent, which mutes until the server writes it. Since LwM2M 1.1. [Core 1.2 §E.2]
    #[must_use]
    pub fn allow_send(mut self) -> Self {
        self.allow_send = true;
        self
    }

    /// What to do when the server does not answer or refuses.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Servers with an order are registered with one after the other, the lowest first: the next when this one has
    /// accepted us, or when all attempts have failed. Default none: at once. [Core 1.2 §6.2.1.1]
    #[must_use]
    pub fn order(mut self, order: u32) -> Self {
        self.order = Some(order);
        self
    }

    /// How long to wait before the first registration, from the start or from the end of the server before it in the
    /// order. In whole seconds; default none.
    #[must_use]
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// While this server cannot be registered with, those after it in the order wait. Default: they do not.
    #[must_use]
    pub fn failure_block(mut self) -> Self {
        self.failure_block = true;
        self
    }

    /// Turn to the bootstrap server, if there is one, when all attempts have failed? Default yes.
    #[must_use]
    pub fn bootstrap_on_failure(mut self, bootstrap: bool) -> Self {
        self.bootstrap_on_failure = bootstrap;
        self
    }
}

/// When to try again after a failed registration: resources 17 to 20 of the Server object. [Core 1.2 §6.2.1.1]
///
/// A sequence of `count` attempts, `timer` after the first failure, twice that after the next and so on; then a pause
/// of `sequence_delay`, and again. After `sequences` of them the registration has failed: the client turns to its
/// bootstrap server, and servers that come later in the order get their turn. It goes on trying all the same, since a
/// device that gives up is lost; only a `sequence_delay` of `u32::MAX` seconds or more ends it. Every wait is lengthened by
/// up to a quarter, so that a fleet that lost its server does not return in one moment. A server that names a time itself
/// (4.29, 5.03 with Max-Age) is not asked before.
///
/// The defaults are those of the specification, made for fleets. A program whose user waits for it wants to be quicker at
/// first: `Retry { count: u32::MAX, timer: 1 s, sequence_delay: 60 s, .. }` waits 1, 2, 4 and so on up to 60 s, and goes on
/// so for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts of a sequence. Default 5.
    pub count: u32,
    /// Wait after the first failure. Default 60 s.
    pub timer: Duration,
    /// Pause between sequences. Default one day.
    pub sequence_delay: Duration,
    /// Sequences until the registration counts as failed. Default 1.
    pub sequences: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            count: 5,
            timer: Duration::from_secs(60),
            sequence_delay: Duration::from_secs(86_400),
            sequences: 1,
        }
    }
}

impl Retry {
    /// The wait after the `failures`th failure in a row, before it is lengthened. `None`: no further attempt.
    pub(crate) fn wait(&self, failures: u32) -> Option<Duration> {
        let position = failures.saturating_sub(1) % self.count.max(1);
        if position + 1 >= self.count {
            return Some(self.sequence_delay).filter(|delay| delay.as_secs() < u64::from(u32::MAX));
        }
        let doubled = self.timer.saturating_mul(1_u32.checked_shl(position).unwrap_or(u32::MAX));
        Some(doubled.min(self.sequence_delay))
    }

    /// So many failures in a row end the last sequence.
    pub(crate) fn attempts(&self) -> u32 {
        self.count.max(1).saturating_mul(self.sequences.max(1))
    }

    /// The failures at which the sequence ends that the next attempt would belong to.
    pub(crate) fn end_of_sequence(&self, failures: u32) -> u32 {
        let count = self.count.max(1);
        (failures / count).saturating_add(1).saturating_mul(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_a_sequence_and_begin_anew_after_it() {
        let retry = Retry::default();
        let waits: Vec<_> = (1..=7).map(|failures| retry.wait(failures).unwrap().as_secs()).collect();
        assert_eq!(waits, [60, 120, 240, 480, 86_400, 60, 120]);
        let stubborn = Retry { count: 0, ..retry };
        assert_eq!(stubborn.wait(3), Some(retry.sequence_delay));
        let endless = Retry {
            count: u32::MAX,
            timer: Duration::from_secs(2),
            sequence_delay: Duration::from_secs(60),
            ..retry
        };
        assert_eq!([1, 4, 9, 99].map(|failures| endless.wait(failures).unwrap().as_secs()), [2, 16, 60, 60]);
    }

    #[test]
    fn a_sequence_delay_without_end_ends_the_attempts() {
        let retry =
            Retry { count: 2, sequence_delay: Duration::from_secs(u32::MAX.into()), ..Retry::default() };
        assert_eq!(retry.wait(1), Some(Duration::from_secs(60)));
        assert_eq!(retry.wait(2), None);
        assert_eq!((retry.attempts(), retry.end_of_sequence(0), retry.end_of_sequence(3)), (2, 2, 4));
    }
}
