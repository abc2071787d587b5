//! DTLS 1.2 without input and output: pre-shared keys, raw public keys, certificates, connection IDs. [RFC 6347]
//!
//! The lower half, which needs neither time nor memory of what went before, is [`record`], [`message`] and the
//! cryptography under them: suites, key derivation, record protection, keys and certificates.

pub mod certificate;
pub mod cipher;
pub mod key;
pub mod message;
pub mod prf;
pub mod record;
pub mod replay;
pub mod suite;

mod channel;
mod config;
mod cookie;
mod endpoint;
mod event;
mod export;
mod handshake;
mod limits;
mod reader;
mod refusal;
mod resume;
mod session;

pub use self::{
    config::{Config, ConnectionIds, Retransmission},
    endpoint::{Connect, ConnectError, Endpoint},
    event::{Closed, Event, Peer, SendError, SessionId},
    export::{Export, NotASession},
    limits::{Counters, Limits, Usage},
    refusal::Refusal,
    resume::Resumption,
};
