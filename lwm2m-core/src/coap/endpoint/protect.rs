//! The seam for protection of single messages (OSCORE). [RFC 8613]

use bytes::Bytes;

use crate::{
    Code, Entry, Hint, Now, PeerId, StoreError,
    coap::{Message, Options},
};

/// Protects messages one by one. Without one, messages pass as they are.
///
/// Type, message ID and token belong to the message layer and stay.
pub trait Protect: Send + std::fmt::Debug {
    /// An outgoing request or response. `Ok(None)`: it goes as it is.
    ///
    /// # Errors
    /// It must not be sent: no context, or its sequence numbers are used up.
    fn protect(
        &mut self,
        now: Now,
        peer: PeerId,
        message: &Message<'_>,
    ) -> Result<Option<Inner>, ProtectError>;

    /// An incoming request or response.
    fn unprotect(&mut self, now: Now, peer: PeerId, message: &Message<'_>) -> Unprotected;

    /// The answer to [`Unprotected::Need`]; the frame that wanted it comes again after this.
    fn learn(&mut self, now: Now, peer: PeerId, entry: Result<Option<Entry>, StoreError>) {
        let _ = (now, peer, entry);
    }
}

/// What stands in a message between its header and its end.
#[derive(Clone, Debug)]
pub struct Inner {
    /// Method or response code.
    pub code: Code,
    /// Options.
    pub options: Options,
    /// Payload.
    pub payload: Bytes,
}

impl Inner {
    /// In the place of another's.
    pub(super) fn as_message<'a>(&'a self, outer: &Message<'_>) -> Message<'a> {
        Message {
            kind: outer.kind,
            code: self.code,
            id: outer.id,
            token: outer.token,
            options: self.options.view(),
            payload: &self.payload,
        }
    }
}

/// What an incoming message turned out to be.
#[derive(Debug)]
pub enum Unprotected {
    /// Not protected, and need not be.
    Plain,
    /// Verified and decrypted.
    Opened(Inner),
    /// Answer this instead (an Echo challenge, an error in the clear). [RFC 9175 §2.3] [RFC 8613 §8.2]
    Answer(Inner),
    /// The keys are wanted first.
    Need(Hint),
    /// To be ignored.
    Drop(&'static str),
}

/// Why a message cannot be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot protect the message: {0}")]
pub struct ProtectError(pub &'static str);
