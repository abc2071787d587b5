//! Peers and the links they are reached by.

use std::{fmt, net::SocketAddr, time::Duration};

/// How CoAP is carried. [Core 1.2 §6.2.1.2]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Binding {
    /// UDP, letter `U`.
    Udp,
    /// TCP, letter `T`. Since LwM2M 1.1.
    Tcp,
    /// SMS, letter `S`.
    Sms,
    /// Non-IP, letter `N`. Since LwM2M 1.1.
    NonIp,
}

impl Binding {
    /// The letter of the `b` parameter.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Udp => 'U',
            Self::Tcp => 'T',
            Self::Sms => 'S',
            Self::NonIp => 'N',
        }
    }

    /// The binding of a letter.
    #[must_use]
    pub const fn from_letter(letter: char) -> Option<Self> {
        match letter {
            'U' => Some(Self::Udp),
            'T' => Some(Self::Tcp),
            'S' => Some(Self::Sms),
            'N' => Some(Self::NonIp),
            _ => None,
        }
    }
}

/// Where a peer is. It may move; nothing above the transports is keyed by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// IP address and port.
    Ip(SocketAddr),
    /// Telephone number.
    Msisdn(String),
    /// Name on a non-IP bearer.
    NonIp(String),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Msisdn(number) => write!(f, "tel:{number}"),
            Self::NonIp(name) => f.write_str(name),
        }
    }
}

/// A link, named by its transport. A late frame for generation 1 cannot reach generation 2 of the same slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId {
    /// The transport's slot.
    pub index: u32,
    /// How often the slot has been reused.
    pub generation: u32,
}

/// Transport and link: which way a frame came or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Position of the transport in its driver.
    pub transport: u8,
    /// The link of that transport.
    pub link: LinkId,
}

/// One security association, named by the CoAP endpoint: it outlives a new address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId {
    /// The endpoint's slot.
    pub index: u32,
    /// How often the slot has been reused.
    pub generation: u32,
}

/// How messages are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One message a datagram, with type and message ID. [RFC 7252 §3]
    Datagram,
    /// Length-prefixed messages of a reliable stream. [RFC 8323 §3]
    Stream,
}

/// What the CoAP machine must know of a carrier; read again at every send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// How messages are framed.
    pub framing: Framing,
    /// Largest frame in octets.
    pub mtu: usize,
    /// Timing of retransmissions.
    pub transmission: Transmission,
    /// Largest body that is collected from blocks, in octets.
    pub max_body: u64,
}

/// Largest message when the path is unknown. [RFC 7252 §4.6]
pub const DEFAULT_MTU: usize = 1152;

impl Default for Link {
    /// Datagrams of up to 1152 octets, the timing of RFC 7252, bodies of up to 64 KiB.
    fn default() -> Self {
        Self {
            framing: Framing::Datagram,
            mtu: DEFAULT_MTU,
            transmission: Transmission::default(),
            max_body: 64 * 1024,
        }
    }
}

/// Transmission parameters. [RFC 7252 §4.8]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transmission {
    /// First wait for an acknowledgement. Default 2 s; NB-IoT wants 10 s and more.
    pub ack_timeout: Duration,
    /// The first wait is drawn between `ack_timeout` and this many times it. Default 1.5.
    pub ack_random_factor: f32,
    /// How often a message is sent again. Default 4.
    pub max_retransmit: u8,
    /// How many interactions may be outstanding towards one peer. Default 1.
    pub nstart: u8,
}

impl Default for Transmission {
    fn default() -> Self {
        Self { ack_timeout: Duration::from_secs(2), ack_random_factor: 1.5, max_retransmit: 4, nstart: 1 }
    }
}

impl Transmission {
    /// Longest time a message may take in one direction. [RFC 7252 §4.8.2]
    pub const MAX_LATENCY: Duration = Duration::from_secs(100);

    fn spread(&self, doublings: u32) -> Duration {
        let factor = f64::from(self.ack_random_factor.clamp(1.0, 100.0));
        let periods = 2_f64.powi(i32::try_from(doublings.min(32)).unwrap_or(32)) - 1.0;
        Duration::try_from_secs_f64(self.ack_timeout.as_secs_f64() * periods * factor)
            .unwrap_or(Duration::MAX)
    }

    /// MAX_TRANSMIT_SPAN: from the first to the last transmission; 45 s by default.
    #[must_use]
    pub fn max_transmit_span(&self) -> Duration {
        self.spread(u32::from(self.max_retransmit))
    }

    /// MAX_TRANSMIT_WAIT: from the first transmission to giving up; 93 s by default.
    #[must_use]
    pub fn max_transmit_wait(&self) -> Duration {
        self.spread(u32::from(self.max_retransmit) + 1)
    }

    /// EXCHANGE_LIFETIME: how long a message ID of a confirmable message is not reused; 247 s by default.
    #[must_use]
    pub fn exchange_lifetime(&self) -> Duration {
        self.max_transmit_span()
            .saturating_add(Self::MAX_LATENCY.saturating_mul(2))
            .saturating_add(self.ack_timeout)
    }

    /// NON_LIFETIME: the same for a non-confirmable message; 145 s by default.
    #[must_use]
    pub fn non_lifetime(&self) -> Duration {
        self.max_transmit_span().saturating_add(Self::MAX_LATENCY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_times_are_those_of_the_rfc() {
        let default = Transmission::default();
        assert_eq!(default.max_transmit_span(), Duration::from_secs(45));
        assert_eq!(default.max_transmit_wait(), Duration::from_secs(93));
        assert_eq!(default.exchange_lifetime(), Duration::from_secs(247));
        assert_eq!(default.non_lifetime(), Duration::from_secs(145));
    }

    #[test]
    fn absurd_parameters_saturate() {
        let absurd = Transmission {
            ack_timeout: Duration::MAX,
            ack_random_factor: f32::NAN,
            max_retransmit: 255,
            nstart: 0,
        };
        assert_eq!(absurd.exchange_lifetime(), Duration::MAX);
    }
}
