//! Observation, in both roles. [RFC 7641]

use std::time::Duration;

use smallvec::SmallVec;

use super::{
    Endpoint,
    answer::Received,
    block::{download, strip},
    dedup::Seen,
    exchange::{self, Active},
    inbound::{Inbound, Stage},
    reliability::{Purpose, Sending},
    respond::To,
    table::Key,
};
use crate::{
    Code, Mono, Now,
    coap::{
        Delivery, DeliveryId, Event, ExchangeError, ExchangeId, InboundId, Message, MessageId, MessageType,
        OptionNumber, Payload, Response, Token,
    },
    codec::ContentFormat,
};

/// Sequence numbers have 24 bits. [RFC 7641 §3.4]
const SEQUENCE_BITS: u32 = 0xff_ffff;

/// After this long any notification is newer. [RFC 7641 §3.4]
const STALE_AFTER: Duration = Duration::from_secs(128);

/// A relation is probed with a confirmable notification at least this often. [RFC 7641 §4.5]
const CONFIRM_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many message IDs of non-confirmable notifications are remembered per relation, to know a reset.
const REMEMBERED_IDS: usize = 4;

/// The newest notification of an observation of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observed {
    sequence: u32,
    /// When it came, in two halves: a fleet has one of these per observation, and a whole word would cost another.
    at: [u32; 2],
}

impl Observed {
    pub(super) const fn new(sequence: u32, at: Mono) -> Self {
        Self { sequence, at: [(at.0 >> 32) as u32, at.0 as u32] }
    }

    const fn at(self) -> Mono {
        let [high, low] = self.at;
        Mono((high as u64) << 32 | low as u64)
    }

    /// Is `sequence`, arriving now, newer? [RFC 7641 §3.4]
    fn is_older_than(self, sequence: u32, now: Mono) -> bool {
        is_newer(self.sequence, sequence) || now.since(self.at()) > STALE_AFTER
    }
}

/// Of two notifications that arrived within 128 seconds: is the one with sequence number `v2` the newer? [RFC 7641 §3.4]
#[must_use]
pub const fn is_newer(v1: u32, v2: u32) -> bool {
    let (v1, v2) = (v1 & SEQUENCE_BITS, v2 & SEQUENCE_BITS);
    (v1 < v2 && v2 - v1 < 1 << 23) || (v1 > v2 && v1 - v2 > 1 << 23)
}

/// An observation that a peer holds on us. The request is its [`Inbound`].
#[derive(Debug, Default)]
pub(super) struct Relation {
    sequence: u32,
    /// Of the first answer; all notifications keep it. [RFC 7641 §4.2]
    format: Option<ContentFormat>,
    last_confirmable: Mono,
    sending: Option<Key>,
    /// What is to follow the notification that is being sent.
    newer: Option<Newer>,
    /// Message IDs of the latest non-confirmable notifications, newest last.
    ids: SmallVec<[MessageId; REMEMBERED_IDS]>,
}

#[derive(Debug)]
struct Newer {
    delivery: DeliveryId,
    response: Response,
}

impl Relation {
    /// Numbers go on where relations before it ended: the peer may register again under the same token.
    pub(super) fn new(now: Mono, last_sequence: u32, format: Option<ContentFormat>) -> Self {
        Self { sequence: last_sequence, format, last_confirmable: now, ..Self::default() }
    }

    pub(super) fn next_sequence(&mut self) -> u32 {
        self.sequence = (self.sequence + 1) & SEQUENCE_BITS;
        self.sequence
    }

    pub(super) fn set_sending(&mut self, sending: Key) {
        self.sending = Some(sending);
    }
}

/// Observations of ours: what the peer notifies.
impl Endpoint {
    /// Only what comes under the token of a live observation is a notification.
    pub(super) fn is_observed(&self, key: Key, message: &Message<'_>) -> bool {
        self.exchanges
            .get(key)
            .is_some_and(|exchange| exchange.observed.is_some() && exchange.token == message.token)
    }

    pub(super) fn handle_notification(&mut self, now: Now, peer: u32, received: &Received<'_>) {
        let message = received.message;
        let Some(exchange) = self.exchanges.get_mut(received.key) else { return };
        let sequence = message.options.observe().filter(|_| message.code.is_success());
        // A peer that had forgotten it may count from the beginning.
        let begins_anew = exchange.asked_again().is_some_and(|stage| stage != exchange::Stage::Queued);
        if let (Some(sequence), Some(observed)) = (sequence, &mut exchange.observed) {
            let newer = begins_anew || observed.is_older_than(sequence, now.mono);
            if !newer && !received.again {
                self.counters.stale += 1;
                return self.acknowledge_response(now, peer, message);
            }
            if newer {
                *observed = Observed::new(sequence, now.mono);
            }
        }
        let how = match message.kind {
            MessageType::Confirmable => Delivery::Confirmable,
            _ => Delivery::NonConfirmable,
        };
        // What takes the place of the first answer is told as one: nobody settles it.
        let settled = self.config.settle_notifications
            && sequence.is_some()
            && self.fetch_purpose(received.key) != Some(download::Purpose::Answer);
        if how == Delivery::Confirmable && settled {
            self.remember(now, peer, message, Seen::Unsettled);
        } else {
            self.acknowledge_response(now, peer, message);
        }
        self.take_notification(now, received, how, sequence.is_some());
    }

    /// The newest notification: whole, or the beginning of a larger one. What was being fetched is out of date.
    fn take_notification(&mut self, now: Now, received: &Received<'_>, how: Delivery, goes_on: bool) {
        let (key, message) = (received.key, received.message);
        let seen = u32::from(message.id.0);
        // The answer to the Observe itself may still be on its way in blocks.
        let purpose = match self.fetch_purpose(key) {
            Some(download::Purpose::Answer) => download::Purpose::Answer,
            _ => download::Purpose::Notification { seen, how },
        };
        self.leave_fetch(now, key);
        if let Some(block) = message.options.block2().filter(|block| block.more && goes_on) {
            return self.begin_fetch(now, received, block, purpose);
        }
        let response = message.to_response(received.frame);
        if purpose == download::Purpose::Answer {
            return self.finish(now, key, response);
        }
        let (id, success) = (ExchangeId(key.pack()), response.code.is_success());
        self.notified(key, seen, how, response);
        if !goes_on {
            self.remove_exchange(now, key);
            if success {
                self.event(Event::Failed { id, error: ExchangeError::Ended });
            }
        }
    }

    /// What we observe is asked for once more. While that waits for its turn nothing is on its way.
    pub(super) fn ask_again(&mut self, now: Now, key: Key) {
        // While its first answer is fetched, it is still being asked for.
        let observed = self.exchanges.get(key).is_some_and(|exchange| exchange.observed.is_some());
        if !observed || self.fetch_purpose(key) == Some(download::Purpose::Answer) {
            return;
        }
        self.leave_fetch(now, key);
        let Some(exchange) = self.exchanges.get_mut(key) else { return };
        let body = exchange.body.as_deref().cloned().unwrap_or_default();
        let active = Active::new(Payload::Whole(body), Delivery::Confirmable, exchange.token);
        exchange.active = Some(Box::new(active));
        self.take_turn(now, key);
    }

    /// Something else comes first: a notification whose rest was being fetched is not acknowledged yet, and comes again.
    fn leave_fetch(&mut self, now: Now, key: Key) {
        if let Some(download::Purpose::Notification { seen, .. }) = self.fetch_purpose(key) {
            self.counters.transfers_dropped += 1;
            self.settle_notification(now, key, seen, false);
        }
        self.deactivate(now, key);
    }

    pub(super) fn notified(&mut self, key: Key, seen: u32, how: Delivery, mut response: Response) {
        response.options = strip(response.options);
        self.event(Event::Notification { id: ExchangeId(key.pack()), seen, response, how });
    }

    pub(super) fn settle_notification(&mut self, now: Now, key: Key, seen: u32, kept: bool) {
        let Some(peer) = self.exchanges.get(key).map(|exchange| exchange.peer) else { return };
        let Ok(id) = u16::try_from(seen).map(MessageId) else { return };
        let Some((remembered, Seen::Unsettled)) = self.dedup.find(now.mono, peer, id) else { return };
        match kept {
            true => self.acknowledge(peer, id, remembered),
            false => self.dedup.set(remembered, Seen::Refused),
        }
    }
}

/// Observations by peers: what we notify.
impl Endpoint {
    /// The request is answered and stays as a relation.
    pub(super) fn begin_relation(&mut self, key: Key, relation: Relation) {
        let Some(inbound) = self.inbound.get_mut(key) else { return };
        inbound.stage = Stage::Answered;
        inbound.relation = Some(Box::new(relation));
        let (peer, registered) = (inbound.peer, inbound.registered);
        self.count_answered(peer, registered);
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.observers = entry.observers.saturating_add(1);
        }
    }

    pub(super) fn begin_notify(
        &mut self,
        now: Now,
        key: Key,
        response: Response,
        how: Delivery,
    ) -> DeliveryId {
        let delivery = self.next_delivery();
        let Some((peer, relation)) = self.relation_mut(key) else {
            self.event(Event::Undelivered { id: delivery, error: ExchangeError::Cancelled });
            return delivery;
        };
        if !response.code.is_success() {
            self.notify_end(now, key, delivery, response, how);
            return delivery;
        }
        if response.options.content_format() != relation.format {
            self.notify_end(now, key, delivery, Response::new(Code::NOT_ACCEPTABLE), how);
            self.observer_gone(key, peer, false);
            return delivery;
        }
        let probe = now.mono.since(relation.last_confirmable) >= CONFIRM_EVERY;
        let busy = relation.sending.is_some();
        let mut confirmable = how == Delivery::Confirmable || probe;
        if !busy && !confirmable && !self.may_leave_unacknowledged(now, peer) {
            self.counters.confirmed += 1;
            confirmable = true;
        }
        if busy || (confirmable && !self.may_notify(peer)) {
            self.hold_notification(key, delivery, response);
        } else {
            self.send_notification(now, key, delivery, response, confirmable);
        }
        delivery
    }

    /// The notification that ends a relation leaves at once; what it overtakes is not delivered.
    fn notify_end(&mut self, now: Now, key: Key, delivery: DeliveryId, response: Response, how: Delivery) {
        if let Some(newer) = self.take_newer(key) {
            self.event(Event::Undelivered { id: newer.delivery, error: ExchangeError::Superseded });
        }
        if let Some((_, relation)) = self.relation_mut(key)
            && let Some(sending) = relation.sending.take()
            && let Some(old) = self.stop_sending(sending)
        {
            if let Purpose::Notification(_, old) = old.purpose {
                self.event(Event::Undelivered { id: old, error: ExchangeError::Superseded });
            }
            self.notification_over(now, old.peer, key);
        }
        let Some(inbound) = self.end_relation(key, None) else { return };
        let to = To { peer: inbound.peer, token: inbound.token, asked: inbound.asked };
        let mut response = self.cut_response(now, to.peer, &inbound.asked, response, true);
        response.options.remove(OptionNumber::OBSERVE);
        self.send_separate(now, to, &response, how == Delivery::Confirmable, Purpose::Response(delivery));
    }

    /// Is there a turn for another confirmable notification? [RFC 7641 §4.5.1]
    fn may_notify(&self, peer: u32) -> bool {
        let nstart = self.peers.link(peer).map_or(1, |link| link.transmission.nstart.max(1));
        self.peers.get(peer).is_some_and(|peer| peer.notifying < nstart)
    }

    /// Keeps the newest until the one before it is over. One that is overtaken is not delivered.
    fn hold_notification(&mut self, key: Key, delivery: DeliveryId, response: Response) {
        let Some((peer, relation)) = self.relation_mut(key) else { return };
        match relation.newer.replace(Newer { delivery, response }) {
            Some(old) => {
                self.event(Event::Undelivered { id: old.delivery, error: ExchangeError::Superseded });
            }
            None => {
                if let Some(entry) = self.peers.get_mut(peer) {
                    entry.held = entry.held.saturating_add(1);
                }
            }
        }
    }

    fn take_newer(&mut self, key: Key) -> Option<Newer> {
        let (peer, relation) = self.relation_mut(key)?;
        let newer = relation.newer.take()?;
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.held = entry.held.saturating_sub(1);
        }
        Some(newer)
    }

    pub(super) fn has_newer(&self, key: Key) -> bool {
        let relation = self.inbound.get(key).and_then(|inbound| inbound.relation.as_ref());
        relation.is_some_and(|relation| relation.newer.is_some())
    }

    /// At the time of a retransmission, the newest goes instead of the old one.
    pub(super) fn replace_notification(&mut self, now: Now, key: Key, old: &Sending) {
        let peer = old.peer;
        let (Purpose::Notification(_, delivery), Some(newer)) = (old.purpose, self.take_newer(key)) else {
            return;
        };
        self.event(Event::Undelivered { id: delivery, error: ExchangeError::Superseded });
        let purpose = Purpose::Notification(key, newer.delivery);
        let sent = self.notification_parts(now, key, newer.response).and_then(|(id, to, response)| {
            let message = to.message(MessageType::Confirmable, id, &response);
            self.take_over(now, old, &message, purpose)
        });
        if let Some((_, relation)) = self.relation_mut(key) {
            relation.sending = sent;
        }
        if sent.is_none() {
            self.event(Event::Undelivered {
                id: newer.delivery,
                error: ExchangeError::Busy("message IDs in use"),
            });
            self.notification_over(now, peer, key);
        }
    }

    fn send_notification(
        &mut self,
        now: Now,
        key: Key,
        delivery: DeliveryId,
        response: Response,
        confirmable: bool,
    ) {
        let Some((peer, _)) = self.relation_mut(key) else { return };
        let Some((id, to, response)) = self.notification_parts(now, key, response) else {
            return self.event(Event::Undelivered {
                id: delivery,
                error: ExchangeError::Busy("message IDs in use"),
            });
        };
        if !confirmable {
            let message = to.message(MessageType::NonConfirmable, id, &response);
            let sent = self.transmit(now, peer, &message).is_some();
            if let Some((_, relation)) = self.relation_mut(key) {
                if relation.ids.len() == REMEMBERED_IDS {
                    relation.ids.remove(0);
                }
                relation.ids.push(id);
            }
            return self.sent_once(Purpose::Notification(key, delivery), sent);
        }
        let message = to.message(MessageType::Confirmable, id, &response);
        let purpose = Purpose::Notification(key, delivery);
        let Some(sending) = self.send_confirmable(now, peer, &message, purpose, Some(to.asked)) else {
            return self.sent_once(purpose, false);
        };
        if let Some((_, relation)) = self.relation_mut(key) {
            relation.last_confirmable = now.mono;
            relation.sending = Some(sending);
        }
        self.count_notifying(peer);
    }

    pub(super) fn count_notifying(&mut self, peer: u32) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.notifying = entry.notifying.saturating_add(1);
        }
    }

    /// Message ID, token and the response with its sequence number.
    fn notification_parts(
        &mut self,
        now: Now,
        key: Key,
        mut response: Response,
    ) -> Option<(MessageId, To, Response)> {
        let inbound = self.inbound.get(key)?;
        let (peer, token, asked) = (inbound.peer, inbound.token, inbound.asked);
        let id = self.peers.next_id(now.mono, peer)?;
        response.options.remove(OptionNumber::OBSERVE);
        let mut response = self.cut_response(now, peer, &asked, response, true);
        let sequence = self.relation_mut(key)?.1.next_sequence();
        response.options.push_uint(OptionNumber::OBSERVE, u64::from(sequence));
        Some((id, To { peer, token, asked }, response))
    }

    /// A confirmable notification was acknowledged or given up: the next one's turn.
    pub(super) fn notification_over(&mut self, now: Now, peer: u32, key: Key) {
        if let Some((_, relation)) = self.relation_mut(key) {
            relation.sending = None;
        }
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.notifying = entry.notifying.saturating_sub(1);
        }
        while self.may_notify(peer) && self.peers.get(peer).is_some_and(|entry| entry.held > 0) {
            let list = self.peers.get(peer).map(|entry| entry.inbound);
            let is_held = |inbound: &Inbound| {
                inbound
                    .relation
                    .as_ref()
                    .is_some_and(|relation| relation.newer.is_some() && relation.sending.is_none())
            };
            let next = list.and_then(|list| self.inbound.list(list).find(|(_, inbound)| is_held(inbound)));
            let Some((next, _)) = next else { return };
            let Some(newer) = self.take_newer(next) else { return };
            self.send_notification(now, next, newer.delivery, newer.response, true);
        }
    }

    /// A reset of a notification that was sent as NON. [RFC 7641 §3.6]
    pub(super) fn reset_notification(&mut self, _now: Now, peer: u32, id: MessageId) {
        let Some(entry) = self.peers.get(peer) else { return };
        let is_it =
            |inbound: &Inbound| inbound.relation.as_ref().is_some_and(|relation| relation.ids.contains(&id));
        let found = self.inbound.list(entry.inbound).find(|(_, inbound)| is_it(inbound)).map(|(key, _)| key);
        if let Some(key) = found {
            self.end_relation(key, Some(true));
        }
    }

    /// The relation that a peer holds under a token.
    pub(super) fn relation_of(&self, peer: u32, token: Token) -> Option<Key> {
        let list = self.peers.get(peer).filter(|entry| entry.observers > 0)?.inbound;
        let found =
            self.inbound.list(list).find(|(_, inbound)| inbound.relation.is_some() && inbound.token == token);
        found.map(|(key, _)| key)
    }

    /// Removes a relation. What it still had to say is not delivered; what is being sent goes on as a mere message.
    /// `tell`: the application hears of it, and whether it was a reset.
    pub(super) fn end_relation(&mut self, key: Key, tell: Option<bool>) -> Option<Inbound> {
        if let Some(newer) = self.take_newer(key) {
            self.event(Event::Undelivered { id: newer.delivery, error: ExchangeError::Cancelled });
        }
        self.inbound.get(key).filter(|inbound| inbound.relation.is_some())?;
        let inbound = self.remove_inbound(key)?;
        if let Some(relation) = &inbound.relation
            && is_newer(self.last_sequence, relation.sequence)
        {
            self.last_sequence = relation.sequence;
        }
        if let Some(entry) = self.peers.get_mut(inbound.peer) {
            entry.observers = entry.observers.saturating_sub(1);
        }
        if let Some(reset) = tell {
            self.observer_gone(key, inbound.peer, reset);
        }
        Some(inbound)
    }

    fn observer_gone(&mut self, key: Key, peer: u32, reset: bool) {
        let peer = self.peers.id(peer);
        self.event(Event::ObserverGone { id: InboundId(key.pack()), peer, reset });
    }

    fn relation_mut(&mut self, key: Key) -> Option<(u32, &mut Relation)> {
        let inbound = self.inbound.get_mut(key)?;
        Some((inbound.peer, inbound.relation.as_deref_mut()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_128_seconds_any_notification_is_newer() {
        let seen = Observed::new(5, Mono(0));
        assert!(!seen.is_older_than(4, Mono(128_000_000)));
        assert!(seen.is_older_than(4, Mono(128_000_001)));
        assert!(seen.is_older_than(6, Mono(1)));
        assert!(!seen.is_older_than(5, Mono(1)));
    }
}
