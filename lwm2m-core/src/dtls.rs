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

mod reader;
mod refusal;

pub use self::refusal::Refusal;
