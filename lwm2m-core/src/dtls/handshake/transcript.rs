//! The hash over all handshake messages, as if none had been cut into fragments. [RFC 6347 §4.2.6]

use sha2::{Digest as _, Sha256};

use super::reassembly::Message;
use crate::dtls::{message::HandshakeHeader, prf::HASH};

/// HelloVerifyRequest and the ClientHello before it are no part of it; nor are alerts and ChangeCipherSpec.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript(Sha256);

impl Transcript {
    /// A message of the peer.
    pub(crate) fn add(&mut self, message: &Message<'_>) {
        self.0.update(HandshakeHeader::whole(message.kind, message.sequence, message.body.len()).to_octets());
        self.0.update(&message.body);
    }

    /// A message of ours, with its header.
    pub(crate) fn add_own(&mut self, message: &[u8]) {
        self.0.update(message);
    }

    /// The hash so far.
    pub(crate) fn hash(&self) -> [u8; HASH] {
        self.0.clone().finalize().into()
    }
}
