//! CoAP: messages, and the endpoint machine that client, server and bootstrap server share. [RFC 7252]
//!
//! The [`Endpoint`] is sans-IO: it takes frames, commands and the time as arguments and gives back frames, events
//! and the next deadline. It has no role: the same peer is requested from and requests. One endpoint serves all peers of
//! a shard.
//!
//! # The life of a message
//!
//! ```text
//!  frame in                                              frame out
//!     │ handle_frame                                         ▲ poll_output
//!     ▼                                                      │
//!  route → peer, rate                                     arena, Protect
//!     │                                                      ▲
//!  Message::parse ── malformed ─────── RST or silence ───────┤
//!     │                                                      │
//!  Protect (OSCORE)                                          │
//!     │                                                      │
//!     ├─ Empty: ACK, RST, ping ─► reliability ─► turn ───────┤ the next request of the peer
//!     │                               │                      │
//!     │                               └► Delivered, Undelivered
//!     ├─ request                                             │
//!     │    dedup ── known ────────── the same reply ─────────┤
//!     │    options ── not understood ─── 4.02 ───────────────┤
//!     │    blocks ── not whole yet ── 2.31, 4.08, 4.13 ──────┤
//!     │    Request, RequestHead ─► application ─► respond ───┤ ACK, or CON after an Empty ACK
//!     │                               └─► notify ────────────┤ relation, NSTART, 24 h
//!     └─ response                                            │
//!          dedup, token → exchange ── none ── RST or silence ┤
//!          Echo, 2.31, Block2 ── not whole yet ── next block ┘
//!          Response, Notification, ResponseHead ─► application
//! ```
//!
//! # What it does
//!
//! - Messages: CON and NON, repetition with back-off, NSTART, piggybacked and separate responses, an Empty ACK by itself
//!   when the answer is late, ping, de-duplication with the same reply, tokens and message IDs. [RFC 7252]
//! - Bodies of any size in blocks, in both roles and directions, collected or streamed. [RFC 7959] [RFC 9175 §3]
//! - Observation in both roles. [RFC 7641] FETCH, PATCH and iPATCH are methods like others. [RFC 8132]
//! - 4.29 and 5.03 with Max-Age hold the same request off [RFC 8516]; a 4.01 with Echo is answered with it
//!   [RFC 9175 §2].
//! - Every quantity that a peer can push on has a limit ([`Limits`]) and a counter ([`Counters`]).
//!
//! # What it does not
//!
//! - Resources, their discovery and caching of responses belong to the application; proxying is refused (5.05).
//! - Group communication: requests to several peers at once are not CoAP requests here.
//! - Streams [RFC 8323]: [`Framing::Stream`](crate::Framing) has its place in [`Link`](crate::Link), not yet its
//!   machine.

mod block;
mod endpoint;
#[cfg(feature = "coap-lite")]
mod lite;
mod message;
mod option;
mod options;
mod summary;

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;

#[cfg(feature = "coap-lite")]
pub use self::lite::OtherKind;
pub use self::{
    block::{Block, MAX_BLOCK_NUMBER},
    endpoint::{
        Config, Counters, Endpoint, Inner, Limits, Protect, ProtectError, Rate, Unprotected, Usage, is_newer,
    },
    message::{Header, Malformed, Message, MessageId, MessageType, Token},
    option::OptionNumber,
    options::{Options, OptionsIter, OptionsView},
    summary::Summary,
};
use crate::{Code, Hint, PeerId, Route};

/// A request without its message layer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// GET, POST, PUT, DELETE, FETCH, PATCH or iPATCH.
    pub method: Code,
    /// Options except those that the endpoint handles itself: Block1, Block2, Size1, Echo, Request-Tag. Observe stays.
    pub options: Options,
    /// The body.
    pub payload: Payload,
}

impl Request {
    /// A request without options and body.
    #[must_use]
    pub fn new(method: Code) -> Self {
        Self { method, options: Options::new(), payload: Payload::EMPTY }
    }
}

/// A response without its message layer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// A code of class 2, 4 or 5.
    pub code: Code,
    /// Options except those that the endpoint handles itself: Block1, Block2, Size2. Observe stays.
    pub options: Options,
    /// The body.
    pub payload: Payload,
}

impl Response {
    /// A response without options and body.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, options: Options::new(), payload: Payload::EMPTY }
    }
}

macro_rules! parts {
    ($($type:ident)+) => {$(
        impl $type {
            /// Replaces the options.
            #[must_use]
            pub fn with_options(mut self, options: Options) -> Self {
                self.options = options;
                self
            }

            /// Replaces the body.
            #[must_use]
            pub fn with_payload(mut self, payload: impl Into<Bytes>) -> Self {
                self.payload = Payload::Whole(payload.into());
                self
            }
        }
    )+};
}

parts!(Request Response);

/// The body of a request or response, of any size: the endpoint makes blocks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// All of it.
    Whole(Bytes),
    /// Incoming: follows as [`Event::Body`]. Outgoing: asked for with [`Event::NeedBody`].
    Streamed {
        /// Its size in octets, if known.
        size: Option<u64>,
    },
}

impl Payload {
    /// No body.
    pub const EMPTY: Self = Self::Whole(Bytes::new());

    /// Is it a collected body without octets?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    /// The collected body; empty for a streamed one.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        static NONE: Bytes = Bytes::new();
        match self {
            Self::Whole(bytes) => bytes,
            Self::Streamed { .. } => &NONE,
        }
    }
}

/// Confirmable or not. [RFC 7252 §4.2, §4.3]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Sent again until acknowledged.
    Confirmable,
    /// Sent once.
    NonConfirmable,
}

/// Value of the Observe option in a request. [RFC 7641 §2]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Observe {
    /// 0: tell me of changes.
    Register,
    /// 1: no longer.
    Deregister,
}

/// Our request, until its last response; with Observe, until cancelled or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub(crate) u64);

impl ExchangeId {
    /// Its slot: small while few are open, and used again after its end. For tables beside those of the endpoint.
    /// `None`: it failed before it began.
    #[must_use]
    pub const fn index(self) -> Option<u32> {
        match self.0 as u32 {
            u32::MAX => None,
            index => Some(index),
        }
    }
}

/// The peer's request, until answered; with Observe, until the relation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboundId(pub(crate) u64);

/// One response or notification, until [`Event::Delivered`] or [`Event::Undelivered`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub(crate) u64);

/// A body in transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyId {
    /// Of the peer's request, or of our answer to it.
    Inbound(InboundId),
    /// Of our request, or of the peer's answer to it.
    Ours(ExchangeId),
}

/// One segment of a streaming route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// This text.
    Exact(Cow<'static, str>),
    /// Any text.
    Any,
}

/// What the endpoint asks the outside.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Call {
    /// The security context that `Protect` needs.
    Credentials(Hint),
}

/// What the endpoint reports.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A request: whole body, reassembled and de-duplicated. Wants [`Endpoint::respond`].
    Request {
        /// To answer it.
        id: InboundId,
        /// Who asks.
        peer: PeerId,
        /// What.
        request: Request,
        /// Whether it begins or ends an observation.
        observe: Option<Observe>,
    },
    /// The head of a request to a streaming route. Its body follows as [`Event::Body`]; grant it block by block with
    /// [`Endpoint::accept_more`], or answer early.
    RequestHead {
        /// To answer it.
        id: InboundId,
        /// Who asks.
        peer: PeerId,
        /// The request; its payload is [`Payload::Streamed`].
        head: Request,
    },
    /// The head of an answer that [`Endpoint::stream_answer`] asked to be streamed.
    ResponseHead {
        /// Our request.
        id: ExchangeId,
        /// The response; its payload is [`Payload::Streamed`].
        head: Response,
    },
    /// Part of an incoming streamed body.
    Body {
        /// Which.
        body: BodyId,
        /// Where the part stands in the body.
        offset: u64,
        /// The part.
        bytes: Bytes,
        /// Nothing follows.
        last: bool,
    },
    /// The rest of an incoming streamed body will not come; the request needs no answer any more.
    BodyGone {
        /// Whose body.
        id: InboundId,
    },
    /// An outgoing streamed body wants its next part: answer with [`Endpoint::provide`].
    NeedBody {
        /// Which.
        body: BodyId,
        /// Where the part begins.
        offset: u64,
        /// How much fits at most.
        max: usize,
    },
    /// A block transfer of ours advanced.
    Progress {
        /// Our request.
        id: ExchangeId,
        /// Octets of its body that the peer confirmed.
        sent: u64,
        /// Octets of the answer that arrived.
        received: u64,
        /// Size of what is in transfer, if known.
        total: Option<u64>,
    },
    /// The answer to our request; also the first answer to an Observe.
    Response {
        /// Our request.
        id: ExchangeId,
        /// Whole body.
        response: Response,
        /// The peer took up the observation: notifications follow.
        observing: bool,
    },
    /// A notification that is newer than all before. [RFC 7641 §3.4] A confirmable one waits for
    /// [`Endpoint::settle`] if the configuration says so.
    Notification {
        /// Our Observe.
        id: ExchangeId,
        /// To settle it.
        seen: u32,
        /// Whole body. A code that is no success ends the observation.
        response: Response,
        /// How it came.
        how: Delivery,
    },
    /// Our request failed, or our observation ended without an answer.
    Failed {
        /// Our request.
        id: ExchangeId,
        /// Why.
        error: ExchangeError,
    },
    /// The peer has answered a ping.
    Pong {
        /// Of [`Endpoint::ping`].
        id: ExchangeId,
    },
    /// An observation by a peer has ended (reset, time-out, link gone, replaced, Observe of 1).
    ObserverGone {
        /// The request that began it.
        id: InboundId,
        /// Whose it was.
        peer: PeerId,
        /// It has reset a notification: it does not want it any more, or does not know us. [RFC 7641 §3.6]
        reset: bool,
    },
    /// The peer has acknowledged it. What is sent once (a non-confirmable message, or a response in an
    /// acknowledgement) counts as delivered when it leaves.
    Delivered {
        /// Of `respond` or `notify`.
        id: DeliveryId,
    },
    /// The peer has not acknowledged it, or has reset it.
    Undelivered {
        /// Of `respond` or `notify`.
        id: DeliveryId,
        /// Why.
        error: ExchangeError,
    },
    /// A peer that is doubted has answered a request of ours, under its token: it is there. See
    /// [`Endpoint::set_doubted`].
    Fresh {
        /// The peer.
        peer: PeerId,
    },
    /// A peer without a registration was forgotten to make room: its link may be closed.
    Displaced {
        /// The peer; it is no longer known.
        peer: PeerId,
        /// Its link.
        route: Route,
    },
}

/// Why an exchange failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// No answer.
    #[error("no answer after {attempts} attempts")]
    TimedOut {
        /// How often the message was sent.
        attempts: u8,
    },
    /// The peer has reset the message.
    #[error("the peer has reset the message")]
    Reset,
    /// The link went down.
    #[error("the link went down")]
    LinkGone {
        /// Did a frame leave? Then the peer may have acted.
        sent: bool,
    },
    /// A body or message over a limit.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in octets.
        limit: u64,
    },
    /// The answer could not be understood or assembled.
    #[error("the answer is wrong: {0}")]
    BadAnswer(&'static str),
    /// The request that it belongs to has been answered, cancelled or given up; nothing was sent.
    #[error("cancelled")]
    Cancelled,
    /// A newer notification of the same observation took its place.
    #[error("a newer notification took its place")]
    Superseded,
    /// The peer stopped in the middle of a streamed body.
    #[error("the peer stopped in the middle of the body")]
    Abandoned,
    /// The peer no longer takes part in the observation.
    #[error("the peer has ended the observation")]
    Ended,
    /// The message could not be protected; nothing was sent.
    #[error("the message could not be protected")]
    Protection,
    /// A bound of this endpoint was reached; nothing was sent.
    #[error("too many {0}")]
    Busy(&'static str),
    /// The peer asked us to wait (4.29, 5.03 with Max-Age) and the wait is not over. [RFC 8516]
    #[error("the peer asked not to repeat this for another {0:?}")]
    HoldOff(Duration),
}

/// Shared configuration.
pub type SharedConfig = Arc<Config>;
