//! The peer's requests, from the frame to the answer. [RFC 7252 §5.2]

use std::time::Duration;

use bytes::Bytes;

use super::{
    Endpoint,
    block::{Asked, strip},
    dedup::Seen,
    frame::Reply,
    observe::Relation,
    reliability::Purpose,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now,
    coap::{
        DeliveryId, Event, ExchangeError, InboundId, Message, MessageId, MessageType, Observe, OptionNumber,
        Payload, Request, Response, Token,
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
    timer: TimerId,
    remembered: Key,
    /// A response that carries Observe begins a relation.
    may_observe: bool,
    pub(super) asked: Asked,
    pub(super) relation: Option<Box<Relation>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Confirmable, and neither acknowledged nor answered.
    Fresh,
    /// Confirmable, and acknowledged.
    Acknowledged,
    /// Non-confirmable.
    Unacknowledged,
    /// Answered; only the relation lives on.
    Answered,
}

impl Endpoint {
    pub(super) fn handle_request(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        if let Some((remembered, seen)) = self.dedup.find(now.mono, peer, message.id) {
            self.counters.duplicates += 1;
            if seen == Seen::Replied && message.kind == MessageType::Confirmable {
                self.repeat_reply(peer, remembered);
            }
            return;
        }
        let remembered = self.remember(now, peer, message, Seen::Pending);
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

    /// Blocks are answered here; a whole request goes on.
    fn take_blocks(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes, remembered: Key) {
        let options = message.options;
        let (block1, block2) = (options.block1(), options.block2());
        let admission = Admission { remembered, asked: self.asked_by(message) };
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
            && self.serve_block(now, peer, message, block, &asked, remembered)
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
        let limits = &self.config.limits;
        let Some(entry) = self.peers.get(peer) else { return };
        if usize::from(entry.unanswered) >= limits.inbound_per_peer || self.unanswered >= limits.inbound_total
        {
            self.counters.overload += 1;
            if message.kind == MessageType::Confirmable {
                let reply = Reply::new(Code::SERVICE_UNAVAILABLE, "too many requests at once");
                let reply = reply.with_uint(OptionNumber::MAX_AGE, OVERLOAD_WAIT);
                self.reply(now, peer, message, admission.remembered, &reply);
            }
            return;
        }
        let room = usize::from(entry.observers) < limits.observers_per_peer;
        let observe = self.observe_of(message, peer, room);
        let key = self.insert_inbound(now, peer, message, admission, observe == Some(Observe::Register));
        request.options = strip(request.options);
        self.event(Event::Request { id: InboundId(key.pack()), peer: self.peers.id(peer), request, observe });
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
            self.end_relation(old, true);
        } else if observe == Observe::Register && !room {
            self.counters.observers_refused += 1;
            return None;
        }
        Some(observe)
    }

    fn insert_inbound(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        admission: Admission,
        may_observe: bool,
    ) -> Key {
        let key = self.inbound.next_key();
        let (stage, wait) = match message.kind {
            MessageType::Confirmable => (Stage::Fresh, self.empty_ack_after(peer)),
            _ => (Stage::Unacknowledged, self.config.limits.unanswered),
        };
        let timer = self.timers.set(now.mono.after(wait), Reason::Unanswered(key));
        let Some(entry) = self.peers.get_mut(peer) else { return key };
        entry.unanswered = entry.unanswered.saturating_add(1);
        self.unanswered += 1;
        let (token, id) = (message.token, message.id);
        let Admission { remembered, asked } = admission;
        let inbound =
            Inbound { peer, token, id, stage, timer, remembered, may_observe, asked, relation: None };
        self.inbound.insert(&mut entry.inbound, inbound)
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
        self.begin_response(now, key, Response::new(Code::SERVICE_UNAVAILABLE));
    }

    pub(super) fn begin_response(&mut self, now: Now, key: Key, mut response: Response) -> DeliveryId {
        let delivery = self.next_delivery();
        let Some(inbound) = self.inbound.get_mut(key).filter(|inbound| inbound.stage != Stage::Answered)
        else {
            self.event(Event::Undelivered { id: delivery, error: ExchangeError::Cancelled });
            return delivery;
        };
        let stage = std::mem::replace(&mut inbound.stage, Stage::Answered);
        let (peer, asked, may_observe) = (inbound.peer, inbound.asked, inbound.may_observe);
        self.timers.cancel(&mut inbound.timer);
        let begins = may_observe && response.options.observe().is_some() && response.code.is_success();
        response.options.remove(OptionNumber::OBSERVE);
        let mut response = self.cut_response(now, peer, &asked, response);
        if begins && let Some(inbound) = self.inbound.get_mut(key) {
            let mut relation = Relation::new(now.mono, self.last_sequence);
            response.options.push_uint(OptionNumber::OBSERVE, u64::from(relation.next_sequence()));
            inbound.relation = Some(Box::new(relation));
        }
        self.unanswered = self.unanswered.saturating_sub(1);
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.unanswered = entry.unanswered.saturating_sub(1);
            entry.observers = entry.observers.saturating_add(u16::from(begins));
        }
        self.send_response(now, key, delivery, &response, stage, begins);
        if !begins {
            self.remove_inbound(key);
        }
        delivery
    }

    fn send_response(
        &mut self,
        now: Now,
        key: Key,
        delivery: DeliveryId,
        response: &Response,
        stage: Stage,
        begins: bool,
    ) {
        let Some(inbound) = self.inbound.get(key) else { return };
        let (peer, id, token, remembered) = (inbound.peer, inbound.id, inbound.token, inbound.remembered);
        match stage {
            Stage::Fresh => {
                let message = Message {
                    kind: MessageType::Acknowledgement,
                    code: response.code,
                    id,
                    token,
                    options: response.options.view(),
                    payload: response.payload.bytes(),
                };
                let frame = self.transmit(now, peer, &message);
                if let Some(frame) = &frame {
                    self.remember_reply(remembered, frame);
                }
                self.sent_once(delivery, frame.is_some());
            }
            Stage::Acknowledged => {
                let purpose =
                    if begins { Purpose::Notification(key, delivery) } else { Purpose::Response(delivery) };
                let to = To { peer, token };
                if let Some(sending) = self.send_separate(now, to, delivery, response, true, purpose)
                    && begins
                    && let Some(relation) =
                        self.inbound.get_mut(key).and_then(|inbound| inbound.relation.as_mut())
                {
                    relation.set_sending(sending);
                    self.count_notifying(peer);
                }
            }
            Stage::Unacknowledged | Stage::Answered => {
                let to = To { peer, token };
                self.send_separate(now, to, delivery, response, false, Purpose::Response(delivery));
            }
        }
    }

    /// A response in a message of its own. It does not wait for a turn: the peer has asked for it.
    pub(super) fn send_separate(
        &mut self,
        now: Now,
        to: To,
        delivery: DeliveryId,
        response: &Response,
        confirmable: bool,
        purpose: Purpose,
    ) -> Option<Key> {
        let Some(id) = self.peers.next_id(now.mono, to.peer) else {
            self.event(Event::Undelivered { id: delivery, error: ExchangeError::Busy("message IDs in use") });
            return None;
        };
        let kind = if confirmable { MessageType::Confirmable } else { MessageType::NonConfirmable };
        let message = Message {
            kind,
            code: response.code,
            id,
            token: to.token,
            options: response.options.view(),
            payload: response.payload.bytes(),
        };
        if confirmable {
            let sending = self.send_confirmable(now, to.peer, &message, purpose);
            if sending.is_none() {
                self.sent_once(delivery, false);
            }
            return sending;
        }
        let sent = self.transmit(now, to.peer, &message).is_some();
        self.sent_once(delivery, sent);
        None
    }

    /// What is sent once is delivered when it has left.
    pub(super) fn sent_once(&mut self, id: DeliveryId, sent: bool) {
        self.event(match sent {
            true => Event::Delivered { id },
            false => Event::Undelivered { id, error: ExchangeError::Protection },
        });
    }

    pub(super) fn next_delivery(&mut self) -> DeliveryId {
        self.deliveries += 1;
        DeliveryId(self.deliveries)
    }

    pub(super) fn remove_inbound(&mut self, key: Key) -> Option<Inbound> {
        let peer = self.inbound.get(key)?.peer;
        let entry = self.peers.get_mut(peer)?;
        let mut inbound = self.inbound.remove(&mut entry.inbound, key)?;
        self.timers.cancel(&mut inbound.timer);
        if inbound.stage != Stage::Answered {
            entry.unanswered = entry.unanswered.saturating_sub(1);
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        Some(inbound)
    }
}

/// What is known of a request before it is one.
#[derive(Clone, Copy, Debug)]
struct Admission {
    remembered: Key,
    asked: Asked,
}

/// Where a response goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct To {
    pub(super) peer: u32,
    pub(super) token: Token,
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
