//! The peer's requests, from the frame to the answer. [RFC 7252 §5.2]

use std::time::Duration;

use bytes::Bytes;

use super::{
    Endpoint,
    block::{Asked, is_safe, strip},
    dedup::Seen,
    frame::Reply,
    observe::Relation,
    stream::Stream,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now,
    coap::{
        Event, InboundId, Message, MessageId, MessageType, Observe, OptionNumber, Payload, Request, Response,
        Token,
    },
};

/// An answer that takes longer than ACK_TIMEOUT divided by this is preceded by an Empty ACK, so that the peer does
/// not repeat its request. The rest of ACK_TIMEOUT is for the way there and back. [RFC 7252 §5.2.2]
const EMPTY_ACK_AFTER: u32 = 4;

/// Seconds a peer that asks too much is told to wait.
const OVERLOAD_WAIT: u64 = 5;

/// A request of a peer; with a relation it outlives its answer.
#[derive(Debug)]
pub(super) struct Inbound {
    pub(super) peer: u32,
    pub(super) token: Token,
    pub(super) id: MessageId,
    pub(super) stage: Stage,
    /// Was the peer registered when it asked?
    pub(super) registered: bool,
    pub(super) timer: TimerId,
    pub(super) remembered: Key,
    /// A response that carries Observe begins a relation.
    pub(super) may_observe: bool,
    pub(super) asked: Asked,
    pub(super) relation: Option<Box<Relation>>,
    pub(super) stream: Option<Box<Stream>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Confirmable, and neither acknowledged nor answered.
    Fresh,
    /// Confirmable, and acknowledged.
    Acknowledged,
    /// Non-confirmable.
    Unacknowledged,
    /// A block has been answered, the next one is not there yet.
    Between,
    /// Answered; only the relation lives on.
    Answered,
}

impl Endpoint {
    pub(super) fn handle_request(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        if self.peers.get(peer).is_some_and(|entry| entry.doubted) {
            self.counters.doubted += 1;
            return;
        }
        if let Some((remembered, seen)) = self.seen_before(now, peer, message) {
            self.counters.duplicates += 1;
            let replied = seen == Seen::Replied && message.kind == MessageType::Confirmable;
            let outgrown = replied && self.outgrows_path(peer, remembered);
            // A reply that the path has turned out not to take is made anew, in blocks.
            if !(outgrown && is_safe(message.code)) {
                if outgrown {
                    self.cut_reply(now, peer, message, remembered);
                }
                if replied {
                    self.repeat_reply(peer, remembered);
                }
                return;
            }
        }
        let seen = if message.kind == MessageType::Confirmable { Seen::Pending } else { Seen::Silent };
        let remembered = self.remember(now, peer, message, seen);
        if let Some(number) = message.options.unrecognised(is_request_option) {
            self.counters.bad_option += 1;
            // A NON with such an option is rejected. [RFC 7252 §5.4.1]
            if message.kind == MessageType::Confirmable {
                let text = format!("option {number} is not supported");
                self.reply(now, peer, message, remembered, &Reply::new(Code::BAD_OPTION, &text));
            }
            return;
        }
        let has = |number| message.options.first(number).is_some();
        if has(OptionNumber::PROXY_URI) || has(OptionNumber::PROXY_SCHEME) {
            self.counters.bad_option += 1;
            return self.reply(now, peer, message, remembered, &Reply::new(Code::PROXYING_NOT_SUPPORTED, ""));
        }
        self.take_blocks(now, peer, message, frame, remembered);
    }

    /// The path does not take the reply, and the request is not to be applied again: the reply goes in blocks.
    fn cut_reply(&mut self, now: Now, peer: u32, message: &Message<'_>, remembered: Key) {
        let (front, back) = self.dedup.reply(remembered);
        let reply = Bytes::from([front, back].concat());
        let asked = self.asked_by(message);
        let mtu = self.peers.link(peer).map_or(0, |link| link.mtu);
        if let Some(smaller) = self.cut_frame(now, peer, &asked, &reply, mtu) {
            self.remember_reply(remembered, &smaller);
        }
    }

    /// Blocks are answered here; a whole request goes on.
    fn take_blocks(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes, remembered: Key) {
        self.take_echo(peer, message);
        let options = message.options;
        let (block1, block2) = (options.block1(), options.block2());
        let admission = Admission { remembered, asked: self.asked_by(message) };
        // A later block of the answer is asked for without the body. [RFC 7959 §2.7]
        let follows = block1.is_none() && block2.is_some_and(|block| block.num > 0);
        if !follows && self.is_streamed(message) {
            return self.stream_request(now, peer, message, frame, admission);
        }
        if block1.is_none() && block2.is_none() {
            let request = message.to_request(frame);
            return self.admit_request(now, peer, message, request, admission);
        }
        if [block1, block2].into_iter().flatten().any(|block| block.szx == 7) {
            let reply = Reply::new(Code::BAD_REQUEST, "SZX 7 is for streams");
            return self.reply(now, peer, message, remembered, &reply);
        }
        let mut asked = admission.asked;
        if let Some(block) = block2.filter(|block| block.num > 0)
            && (self.stream_block(now, peer, message, block, admission)
                || self.serve_block(now, peer, message, block, &asked, remembered))
        {
            return;
        }
        let mut request = message.to_request(frame);
        if let Some(block) = block1 {
            let collected = self.collect_block(now, peer, message, block, asked.target, remembered);
            let Some((body, echo)) = collected else { return };
            request.payload = Payload::Whole(body);
            asked.block1 = Some(echo);
        }
        if message.code == Code::FETCH {
            asked.body = self.hash_body(request.payload.bytes());
        }
        self.admit_request(now, peer, message, request, Admission { remembered, asked });
    }

    /// Makes an event of a request, if there is room.
    fn admit_request(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        mut request: Request,
        admission: Admission,
    ) {
        if !self.has_room(now, peer, message, admission.remembered) {
            return;
        }
        let Some(entry) = self.peers.get(peer) else { return };
        let room = usize::from(entry.observers) < self.config.limits.observers_per_peer;
        let observe = self.observe_of(message, peer, room);
        let key = self.insert_inbound(now, peer, message, admission, observe == Some(Observe::Register));
        request.options = strip(request.options);
        self.event(Event::Request { id: InboundId(key.pack()), peer: self.peers.id(peer), request, observe });
    }

    /// May another request wait for its answer? If not, it is answered here.
    pub(super) fn has_room(&mut self, now: Now, peer: u32, message: &Message<'_>, remembered: Key) -> bool {
        let limits = &self.config.limits;
        let Some(entry) = self.peers.get(peer) else { return false };
        let registered = self.peers.is_registered(peer);
        let of_all = if registered { self.unanswered } else { self.unanswered_unregistered };
        let separate = self.sending.list(entry.sending).filter(|(_, sending)| sending.is_answer()).count();
        if usize::from(entry.unanswered) + separate < limits.inbound_per_peer
            && of_all < limits.share(limits.inbound_total, registered)
        {
            return true;
        }
        self.counters.overload += 1;
        if message.kind == MessageType::Confirmable {
            let reply = Reply::new(Code::SERVICE_UNAVAILABLE, "too many requests at once");
            let reply = reply.with_uint(OptionNumber::MAX_AGE, OVERLOAD_WAIT);
            self.reply(now, peer, message, remembered, &reply);
        }
        false
    }

    /// What a request wants of observation. One under the token of a live relation replaces or ends it.
    /// [RFC 7641 §4.1]
    fn observe_of(&mut self, message: &Message<'_>, peer: u32, room: bool) -> Option<Observe> {
        if !matches!(message.code, Code::GET | Code::FETCH) {
            return None;
        }
        let observe = match message.options.observe()? {
            0 => Observe::Register,
            1 => Observe::Deregister,
            _ => return None,
        };
        if let Some(old) = self.relation_of(peer, message.token) {
            self.end_relation(old, Some(false));
        } else if observe == Observe::Register && !room {
            self.counters.observers_refused += 1;
            return None;
        }
        Some(observe)
    }

    pub(super) fn insert_inbound(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        admission: Admission,
        may_observe: bool,
    ) -> Key {
        let key = self.inbound.next_key();
        let (stage, timer) = self.await_response(now, peer, message.kind, key);
        let registered = self.peers.is_registered(peer);
        let Some(entry) = self.peers.get_mut(peer) else { return key };
        entry.unanswered = entry.unanswered.saturating_add(1);
        self.unanswered += 1;
        self.unanswered_unregistered += usize::from(!registered);
        let (token, id) = (message.token, message.id);
        let Admission { remembered, asked } = admission;
        let inbound = Inbound {
            peer,
            token,
            id,
            stage,
            registered,
            timer,
            remembered,
            may_observe,
            asked,
            relation: None,
            stream: None,
        };
        self.inbound.insert(&mut entry.inbound, inbound)
    }

    /// A later block of the same body: from now on, answers go to this one.
    pub(super) fn renew_inbound(&mut self, now: Now, key: Key, message: &Message<'_>, admission: Admission) {
        let Some(peer) = self.inbound.get(key).map(|inbound| inbound.peer) else { return };
        let (stage, timer) = self.await_response(now, peer, message.kind, key);
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        self.timers.cancel(&mut inbound.timer);
        (inbound.token, inbound.id, inbound.stage, inbound.timer) = (message.token, message.id, stage, timer);
        (inbound.remembered, inbound.asked) = (admission.remembered, admission.asked);
    }

    fn await_response(&mut self, now: Now, peer: u32, kind: MessageType, key: Key) -> (Stage, TimerId) {
        let (stage, wait) = match kind {
            MessageType::Confirmable => (Stage::Fresh, self.empty_ack_after(peer)),
            _ => (Stage::Unacknowledged, self.config.limits.unanswered),
        };
        (stage, self.timers.set(now.mono.after(wait), Reason::Unanswered(key)))
    }

    fn empty_ack_after(&self, peer: u32) -> Duration {
        self.peers.link(peer).map_or(Duration::ZERO, |link| link.transmission.ack_timeout / EMPTY_ACK_AFTER)
    }

    /// The application is slow: acknowledge first; in the end, answer in its stead.
    pub(super) fn unanswered_overdue(&mut self, now: Now, key: Key) {
        let Some(inbound) = self.inbound.get(key) else { return };
        let (peer, id, remembered, stage) = (inbound.peer, inbound.id, inbound.remembered, inbound.stage);
        if stage == Stage::Fresh {
            self.acknowledge(peer, id, remembered);
            let left = self.config.limits.unanswered.saturating_sub(self.empty_ack_after(peer));
            let timer = self.timers.set(now.mono.after(left), Reason::Unanswered(key));
            if let Some(inbound) = self.inbound.get_mut(key) {
                (inbound.stage, inbound.timer) = (Stage::Acknowledged, timer);
            }
            return;
        }
        self.counters.unanswered += 1;
        self.end_stream(key);
        self.respond_whole(now, key, None, Response::new(Code::SERVICE_UNAVAILABLE));
    }

    /// One unanswered request less.
    pub(super) fn count_answered(&mut self, peer: u32, registered: bool) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.unanswered = entry.unanswered.saturating_sub(1);
        }
        self.unanswered = self.unanswered.saturating_sub(1);
        self.unanswered_unregistered = self.unanswered_unregistered.saturating_sub(usize::from(!registered));
    }

    pub(super) fn remove_inbound(&mut self, key: Key) -> Option<Inbound> {
        let peer = self.inbound.get(key)?.peer;
        let entry = self.peers.get_mut(peer)?;
        let mut inbound = self.inbound.remove(&mut entry.inbound, key)?;
        self.timers.cancel(&mut inbound.timer);
        if inbound.stage != Stage::Answered {
            self.count_answered(peer, inbound.registered);
        }
        Some(inbound)
    }
}

/// What is known of a request before it is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admission {
    pub(super) remembered: Key,
    pub(super) asked: Asked,
}

/// Critical options of requests that the endpoint or the application understands.
fn is_request_option(number: OptionNumber) -> bool {
    use OptionNumber as N;
    matches!(
        number,
        N::IF_MATCH
            | N::URI_HOST
            | N::IF_NONE_MATCH
            | N::URI_PORT
            | N::URI_PATH
            | N::URI_QUERY
            | N::ACCEPT
            | N::BLOCK1
            | N::BLOCK2
            | N::PROXY_URI
            | N::PROXY_SCHEME
    )
}
