//! What goes out: frames, and what the application is told.

use bytes::{Bytes, BytesMut};

use super::Endpoint;
use crate::{
    Code, Now, Output,
    coap::{
        Event, Message, MessageId, MessageType, OptionNumber, Options,
        endpoint::{protect::Inner, table::Key},
    },
};

/// Frames are cut from chunks of memory: small ones for a client with its few servers, of which thousands may be
/// simulated in one process; large ones for a server.
const CHUNK_PER_PEER: usize = 512;
const MAX_CHUNK: usize = 16 * 1024;

impl Endpoint {
    pub(super) fn event(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    /// Sends a message, protected if the peer's messages are. `None` if it cannot be protected or the peer is gone.
    pub(super) fn transmit(&mut self, now: Now, peer: u32, message: &Message<'_>) -> Option<Bytes> {
        let frame = match &mut self.protect {
            Some(protect) if !message.is_empty() => {
                let protected = protect.protect(now, self.peers.id(peer), message).ok()?;
                match protected {
                    None => encode(&mut self.arena, self.peers.len(), message),
                    Some(inner) => encode(&mut self.arena, self.peers.len(), &inner.as_message(message)),
                }
            }
            _ => encode(&mut self.arena, self.peers.len(), message),
        };
        self.resend(peer, frame.clone()).then_some(frame)
    }

    /// Sends a frame as it is.
    pub(super) fn resend(&mut self, peer: u32, frame: Bytes) -> bool {
        let Some(route) = self.peers.route(peer) else { return false };
        self.counters.frames_out += 1;
        self.out.push_back(Output::Transmit { route, frame });
        true
    }

    pub(super) fn send_empty(&mut self, peer: u32, kind: MessageType, id: MessageId) -> Bytes {
        let frame = encode(&mut self.arena, self.peers.len(), &Message::empty(kind, id));
        self.resend(peer, frame.clone());
        frame
    }

    pub(super) fn send_reset(&mut self, peer: u32, id: MessageId) {
        self.send_empty(peer, MessageType::Reset, id);
    }

    /// Acknowledges a message, and again when it is repeated.
    pub(super) fn acknowledge(&mut self, peer: u32, id: MessageId, remembered: Key) {
        let frame = self.send_empty(peer, MessageType::Acknowledgement, id);
        self.remember_reply(remembered, &frame);
    }

    pub(super) fn remember_reply(&mut self, remembered: Key, frame: &[u8]) {
        if self.dedup.set_reply(remembered, frame) {
            self.counters.dedup_evicted += 1;
        }
    }

    /// Answers without further protection.
    pub(super) fn answer_as_is(&mut self, now: Now, peer: u32, request: &Message<'_>, answer: &Inner) {
        let (kind, id) = match request.kind {
            MessageType::Confirmable => (MessageType::Acknowledgement, Some(request.id)),
            _ => (MessageType::NonConfirmable, self.peers.next_id(now.mono, peer)),
        };
        if let Some(id) = id.filter(|_| request.code.is_request()) {
            let message = Message { kind, id, ..answer.as_message(request) };
            let frame = encode(&mut self.arena, self.peers.len(), &message);
            self.resend(peer, frame);
        }
    }

    /// Answers a request that never becomes an event. `remembered` is its entry among the repeated ones.
    pub(super) fn reply(
        &mut self,
        now: Now,
        peer: u32,
        request: &Message<'_>,
        remembered: Key,
        with: &Reply<'_>,
    ) {
        let (kind, id) = match request.kind {
            MessageType::Confirmable => (MessageType::Acknowledgement, request.id),
            _ => match self.peers.next_id(now.mono, peer) {
                Some(id) => (MessageType::NonConfirmable, id),
                None => return,
            },
        };
        let reply = Message {
            kind,
            code: with.code,
            id,
            token: request.token,
            options: with.options.view(),
            payload: with.payload,
        };
        if let Some(frame) = self.transmit(now, peer, &reply)
            && request.kind == MessageType::Confirmable
        {
            self.remember_reply(remembered, &frame);
        }
    }
}

/// A response made by the endpoint itself.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    pub(super) code: Code,
    pub(super) options: Options,
    pub(super) payload: &'a [u8],
}

impl<'a> Reply<'a> {
    pub(super) fn new(code: Code, diagnostic: &'a str) -> Self {
        Self { code, options: Options::new(), payload: diagnostic.as_bytes() }
    }

    pub(super) fn with_uint(mut self, number: OptionNumber, value: u64) -> Self {
        self.options.push_uint(number, value);
        self
    }
}

pub(super) fn encode(arena: &mut BytesMut, peers: usize, message: &Message<'_>) -> Bytes {
    let len = message.encoded_len();
    if arena.capacity() < len {
        let chunk = peers.max(1).saturating_mul(CHUNK_PER_PEER).min(MAX_CHUNK);
        *arena = BytesMut::with_capacity(chunk.max(len));
    }
    message.encode(arena);
    arena.split().freeze()
}
