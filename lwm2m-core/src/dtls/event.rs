//! What an endpoint tells its owner.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{Refusal, message::AlertDescription, suite::Suite};
use crate::{Endpoints, Identity, Route, table::Key};

/// An association with a peer, from its handshake on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub(super) Key);

impl SessionId {
    /// The slot, small and reused.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0.index
    }

    /// Tells the sessions of a slot apart.
    #[must_use]
    pub const fn generation(self) -> u32 {
        self.0.serial
    }
}

/// What happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// Peer and keys are proved: data may be sent.
    Established {
        /// The session.
        session: SessionId,
        /// Where the peer is.
        route: Route,
        /// Who it is.
        peer: Arc<Peer>,
        /// How it is protected.
        suite: Suite,
        /// By an abbreviated handshake.
        resumed: bool,
        /// The session that it takes the place of, which is over.
        replaces: Option<SessionId>,
    },
    /// Authentic data.
    Received {
        /// Of this session.
        session: SessionId,
        /// What a record held. It shares the memory of its datagram: copy what is kept for long.
        data: Bytes,
    },
    /// The peer has another address: its newest record came from there. [RFC 9146 §6]
    Moved {
        /// Of this session.
        session: SessionId,
        /// The new one.
        route: Route,
        /// The old one.
        before: Route,
    },
    /// Few of the numbers are left that were reserved in the store: [`export`](super::Endpoint::export) again.
    Reserve {
        /// Of this session.
        session: SessionId,
    },
    /// A session, or an attempt of ours to have one, is over.
    Closed {
        /// The session.
        session: SessionId,
        /// Where the peer was.
        route: Route,
        /// Why.
        why: Closed,
    },
    /// Nobody is there any more, neither session nor handshake: what the owner keeps of that route can go.
    Vacant {
        /// The route.
        route: Route,
    },
}

/// Who a peer proved to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Who it is.
    pub identity: Identity,
    /// The endpoint names it may use.
    pub endpoints: Endpoints,
    /// `false`: its certificate may have expired, since the time of day was not known.
    pub dates_checked: bool,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Closed {
    /// The peer closed it.
    ByPeer,
    /// The peer sent a fatal alert. During a handshake it is not authenticated.
    Alert(AlertDescription),
    /// The peer's handshake was refused.
    Refused(Refusal),
    /// The peer did not answer.
    TimedOut,
    /// Another attempt took its place.
    Replaced,
    /// It was unused for long, or made room for another.
    Idle,
    /// Its keys were withdrawn.
    Withdrawn,
    /// No numbers, or too many forged records: it needs new keys.
    Exhausted,
}

impl Closed {
    /// What LwM2M's alert resource records, if there was an alert. [Core 1.2 E.2, resource 11]
    #[must_use]
    pub const fn alert(&self) -> Option<AlertDescription> {
        match self {
            Self::ByPeer => Some(AlertDescription::CLOSE_NOTIFY),
            Self::Alert(alert) | Self::Refused(Refusal { alert, .. }) => Some(*alert),
            _ => None,
        }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByPeer => f.write_str("closed by the peer"),
            Self::Alert(alert) => write!(f, "the peer sent {alert}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::TimedOut => f.write_str("no answer"),
            Self::Replaced => f.write_str("another attempt took its place"),
            Self::Idle => f.write_str("unused for too long"),
            Self::Withdrawn => f.write_str("its keys were withdrawn"),
            Self::Exhausted => f.write_str("its keys are used up"),
        }
    }
}

/// Why data was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// There is no such session.
    #[error("no such session")]
    Unknown,
    /// The handshake is not over.
    #[error("the handshake is not over")]
    NotEstablished,
    /// More than a record holds: 16384 octets, or what the peer asked for.
    #[error("more than a record holds")]
    TooLong,
    /// No record number is left; the session is closed.
    #[error("the keys are used up")]
    Exhausted,
    /// The next record number is not reserved in the store: export and confirm first.
    #[error("no record number is reserved")]
    Unreserved,
}

impl SendError {
    /// May it succeed later?
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::NotEstablished | Self::Unreserved)
    }
}
