//! DTLS 1.2: pre-shared keys, raw public keys, certificates, connection IDs. [RFC 6347, RFC 7925, RFC 9146]
//!
//! The [`Endpoint`] is sans-IO: it takes datagrams, commands, answered calls and the time as arguments and gives back
//! datagrams, questions for the credential store, events and the next deadline. One endpoint serves all peers of a
//! shard; it begins handshakes, answers those of others, or both.
//!
//! Under it stands what needs neither time nor memory of what went before: [`record`], [`message`], and the
//! cryptography: suites, key derivation, record protection, keys and certificates. Primitives are those of RustCrypto.
//!
//! # A handshake
//!
//! ```text
//!  client                                             server
//!  connect ── ClientHello ─────────────────────────►  cookie? no: nothing is kept
//!          ◄───────────────────── HelloVerifyRequest
//!          ── ClientHello + cookie ────────────────►  a handshake: bounded in number, octets and time
//!                                                      │ Call: our keys [ECDSA], or the resumed session's peer
//!          ◄───── ServerHello [Certificate] [ServerKeyExchange]
//!                  [CertificateRequest] ServerHelloDone
//!          ── [Certificate] ClientKeyExchange ─────►   │ Call: the peer's key
//!             [CertificateVerify] CCS Finished         │
//!          ◄─────────────────────────── CCS Finished  Established; the session that was there before is replaced
//!  Established
//! ```
//!
//! # Whose datagram it is
//!
//! ```text
//!  record ─ type 25 ─ connection ID ─ known ──► session or handshake    never by address
//!     ├─ epoch 1 ─ route ─ session, else handshake ──► opened, or dropped and counted
//!     ├─ epoch 0 ─ ClientHello ──► cookie ──► a new handshake beside the session
//!     │         └─ others ──► the handshake of that route; never a session
//!     └─ anything else: dropped and counted
//! ```
//!
//! # What it does
//!
//! - Suites: `TLS_PSK` and `TLS_ECDHE_ECDSA` with AES-128-CCM_8, AES-128-GCM and AES-128-CBC-SHA256,
//!   `TLS_ECDHE_PSK` with the last; encrypt-then-MAC where both sides know it. [Transport 1.2 §5.2]
//! - Raw public keys and X.509 chains both ways, always mutual at a server; SNI. [RFC 7250]
//! - Connection IDs that name their shard; an address changes with the newest authentic record alone. [RFC 9146]
//! - Extended master secret where offered [RFC 7627]; resumption by session ID, with it only; `max_fragment_length`.
//! - Fragments, loss, repetition and disorder of handshake messages; replay windows; alerts; exhausted numbers.
//! - Sessions that are stored and restored, see [`Export`].
//!
//! # What it does not
//!
//! - DTLS 1.0, 1.3, renegotiation, compression, session tickets: never offered, never accepted.
//! - Revocation lists and OCSP: keys are withdrawn in the store, see [`Endpoint::forget`].
//! - Other curves than P-256, other hashes than SHA-256, RSA. [Transport 1.2 §5.2.8]
//! - ClientHello messages in fragments: a server would have to remember pieces before it knows that their sender is
//!   where it says. Ours fit 256 octets.

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
    export::{Export, Glance, NotASession},
    limits::{Counters, Limits, Usage},
    refusal::Refusal,
    resume::Resumption,
};
