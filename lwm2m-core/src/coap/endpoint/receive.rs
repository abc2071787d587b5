//! From the frame to what it means, and what is remembered of it. [RFC 7252 §4]

use std::hash::BuildHasher;

use bytes::Bytes;

use super::{
    Endpoint, Unprotected,
    dedup::Seen,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    CallId, Hint, Now, Output, PeerId,
    coap::{Call, Malformed, Message, MessageType},
};

/// A frame that waits for the keys that open it.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) call: CallId,
    pub(super) peer: PeerId,
    pub(super) frame: Bytes,
}

/// From the frame to what it means.
impl Endpoint {
    pub(super) fn within_rate(&mut self, now: Now, peer: u32) -> bool {
        let Some(rate) = self.config.limits.rate else { return true };
        let allowed = self.peers.allow(now.mono, peer, rate);
        self.counters.over_rate += u64::from(!allowed);
        allowed
    }

    /// [RFC 7252 §4.2, §4.3]: a CON is rejected by an RST, anything else ignored.
    pub(super) fn handle_malformed(&mut self, now: Now, peer: u32, malformed: Malformed) {
        self.counters.malformed += 1;
        if let Some(header) = malformed.header
            && header.kind == MessageType::Confirmable
            && self.within_rate(now, peer)
        {
            self.send_reset(peer, header.id);
        }
    }

    pub(super) fn handle_empty(&mut self, now: Now, peer: u32, message: &Message<'_>) {
        match message.kind {
            MessageType::Confirmable => {
                self.counters.pings += 1;
                self.send_reset(peer, message.id);
            }
            MessageType::NonConfirmable => self.counters.misplaced += 1,
            MessageType::Acknowledgement => self.handle_acknowledgement(now, peer, message.id),
            MessageType::Reset => self.handle_reset(now, peer, message.id),
        }
    }

    pub(super) fn unprotect(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        let id = self.peers.id(peer);
        let Some(protect) = &mut self.protect else { return self.handle_message(now, peer, message, frame) };
        match protect.unprotect(now, id, message) {
            Unprotected::Plain => self.handle_message(now, peer, message, frame),
            Unprotected::Opened(inner) => {
                self.handle_message(now, peer, &inner.as_message(message), &inner.payload);
            }
            Unprotected::Answer(inner) => self.answer_as_is(now, peer, message, &inner),
            Unprotected::Need(hint) => self.ask_for_keys(peer, hint, frame),
            Unprotected::Drop(_) => self.counters.unprotected += 1,
        }
    }

    /// Keeps a frame until its keys are there.
    pub(super) fn ask_for_keys(&mut self, peer: u32, hint: Hint, frame: &Bytes) {
        if self.unlocking {
            self.counters.unprotected += 1;
            return;
        }
        let (limits, peer) = (&self.config.limits, self.peers.id(peer));
        let of_peer = self.locked.iter().filter(|locked| locked.peer == peer).count();
        if self.locked.len() >= limits.locked_frames || of_peer >= limits.locked_per_peer {
            self.counters.locked_refused += 1;
            return;
        }
        self.calls += 1;
        let call = CallId(self.calls);
        self.locked.push_back(Locked { call, peer, frame: frame.clone() });
        self.out.push_back(Output::Call { id: call, what: Call::Credentials(hint) });
    }

    pub(super) fn handle_message(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        use MessageType::{Acknowledgement, Confirmable, NonConfirmable};
        match (message.kind, message.code) {
            (Confirmable | NonConfirmable, code) if code.is_request() => {
                self.handle_request(now, peer, message, frame);
            }
            (Confirmable | NonConfirmable | Acknowledgement, code) if code.is_response() => {
                self.handle_response(now, peer, message, frame);
            }
            (kind, _) => {
                self.counters.misplaced += 1;
                if kind == Confirmable {
                    self.send_reset(peer, message.id);
                }
            }
        }
    }

    /// What is known of a message that came before. Its ID alone does not tell: a device that has restarted may count
    /// from the same ID again, and the answer to its request of before is none to this one. [RFC 7252 §4.4, §4.5]
    pub(super) fn seen_before(&self, now: Now, peer: u32, message: &Message<'_>) -> Option<(Key, Seen)> {
        let found = self.dedup.find(now.mono, peer, message.id)?;
        (self.dedup.mark(found.0) == Some(self.mark_of(message))).then_some(found)
    }

    pub(super) fn mark_of(&self, message: &Message<'_>) -> u32 {
        self.hasher.hash_one((message.token, message.code.0)) as u32
    }

    /// Remembers a message, so that a repetition is known.
    pub(super) fn remember(&mut self, now: Now, peer: u32, message: &Message<'_>, seen: Seen) -> Key {
        let until = now.mono.after(self.peers.lifetime(peer, message.kind == MessageType::Confirmable));
        let mark = self.mark_of(message);
        let limits = &self.config.limits;
        let most = match self.peers.is_registered(peer) {
            true => limits.dedup_per_peer,
            false => limits.dedup_per_unregistered,
        };
        let Some(entry) = self.peers.get_mut(peer) else { return Key::DANGLING };
        let key = self.dedup.insert(&mut entry.remembered, peer, message.id, mark, seen, until);
        if self.dedup.trim(&mut entry.remembered, most.max(1)) {
            self.counters.dedup_evicted += 1;
        }
        while self.dedup.len() > self.config.limits.dedup_total.max(1) {
            self.counters.dedup_evicted += 1;
            self.forget_oldest();
        }
        if self.forget == TimerId::NONE {
            self.forget = self.timers.set(until, Reason::Forget);
        }
        key
    }

    /// Is the reply that is kept larger than the path takes by now?
    pub(super) fn outgrows_path(&self, peer: u32, remembered: Key) -> bool {
        let (front, back) = self.dedup.reply(remembered);
        self.peers.link(peer).is_some_and(|link| front.len() + back.len() > link.mtu)
    }

    pub(super) fn repeat_reply(&mut self, peer: u32, remembered: Key) {
        let (front, back) = self.dedup.reply(remembered);
        if front.is_empty() && back.is_empty() {
            return;
        }
        let frame = [front, back].concat();
        self.resend(peer, frame.into());
    }

    pub(super) fn forget_oldest(&mut self) {
        let Some((_, peer)) = self.dedup.oldest() else { return };
        if let Some(entry) = self.peers.get_mut(peer) {
            self.dedup.forget_first(&mut entry.remembered);
        }
    }

    pub(super) fn forget_overdue(&mut self, now: Now) {
        self.forget = TimerId::NONE;
        while let Some((until, _)) = self.dedup.oldest() {
            if until > now.mono {
                self.forget = self.timers.set(until, Reason::Forget);
                return;
            }
            self.forget_oldest();
        }
    }
}
