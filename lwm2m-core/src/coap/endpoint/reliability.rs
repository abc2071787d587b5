//! Confirmable messages until they are acknowledged. [RFC 7252 §4.2]

use std::time::Duration;

use bytes::Bytes;
use rand_core::Rng;
use smallvec::SmallVec;

use super::{
    Endpoint,
    block::Asked,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Mono, Now,
    coap::{DeliveryId, Event, ExchangeError, Message, MessageId},
};

/// A link that says within this time after a request that its path takes less has refused that request.
const JUST_LEFT: Duration = Duration::from_millis(50);

/// A confirmable message on its way.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) peer: u32,
    pub(super) id: MessageId,
    pub(super) purpose: Purpose,
    /// What it answers, if it is an answer: for its blocks, should the path take less.
    asked: Option<Asked>,
    frame: Bytes,
    attempts: u8,
    wait: Duration,
    /// The last moment for a repetition: later, the peer could have forgotten that it knows the message. Only who
    /// slept meanwhile comes so late.
    until: Mono,
    pub(super) timer: TimerId,
}

/// What it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A request, or a ping.
    Request(Key),
    /// A separate response.
    Response(DeliveryId),
    /// A separate response that the application did not give.
    Own,
    /// A notification, or the separate response that begins the relation.
    Notification(Key, DeliveryId),
}

impl Endpoint {
    /// Sends a confirmable message and repeats it until it is acknowledged.
    pub(super) fn send_confirmable(
        &mut self,
        now: Now,
        peer: u32,
        message: &Message<'_>,
        purpose: Purpose,
        asked: Option<Asked>,
    ) -> Option<Key> {
        let frame = self.transmit(now, peer, message)?;
        let wait = self.first_wait(peer);
        // MAX_TRANSMIT_SPAN and MAX_LATENCY: another MAX_LATENCY later, the peer still knows the message.
        let until = now.mono.after(self.peers.lifetime(peer, false));
        Some(self.watch(
            now,
            Sending {
                peer,
                id: message.id,
                purpose,
                asked,
                frame,
                attempts: 1,
                wait,
                until,
                timer: TimerId::NONE,
            },
        ))
    }

    /// Replaces what is being repeated by something newer under a new message ID. The counter and the wait go on.
    /// [RFC 7641 §4.5.2]
    pub(super) fn take_over(
        &mut self,
        now: Now,
        old: &Sending,
        message: &Message<'_>,
        purpose: Purpose,
    ) -> Option<Key> {
        let frame = self.transmit(now, old.peer, message)?;
        self.counters.retransmissions += 1;
        Some(self.watch(now, Sending { id: message.id, purpose, frame, timer: TimerId::NONE, ..old.again() }))
    }

    fn watch(&mut self, now: Now, sending: Sending) -> Key {
        let key = self.sending.next_key();
        let timer = self.timers.set(now.mono.after(sending.wait), Reason::Retransmit(key));
        let Some(peer) = self.peers.get_mut(sending.peer) else { return Key::DANGLING };
        self.sending.insert(&mut peer.sending, Sending { timer, ..sending })
    }

    /// Between ACK_TIMEOUT and ACK_TIMEOUT times ACK_RANDOM_FACTOR.
    fn first_wait(&mut self, peer: u32) -> Duration {
        let Some(link) = self.peers.link(peer) else { return Duration::ZERO };
        let (least, factor) = (link.transmission.ack_timeout, f64::from(link.transmission.ack_random_factor));
        let random = f64::from(self.rng.next_u32()) / f64::from(u32::MAX);
        let spread = if factor > 1.0 { (factor.min(100.0) - 1.0) * random } else { 0.0 };
        let more = Duration::try_from_secs_f64(least.as_secs_f64() * spread).unwrap_or(Duration::MAX);
        // Whole microseconds, so that doubling is exact.
        Duration::from_micros(u64::try_from(least.saturating_add(more).as_micros()).unwrap_or(u64::MAX))
    }

    /// Nobody acknowledged it in time.
    pub(super) fn retransmit(&mut self, now: Now, key: Key) {
        let Some(sending) = self.sending.get(key) else { return };
        let (peer, attempts) = (sending.peer, sending.attempts);
        let max = self.peers.link(peer).map_or(0, |link| link.transmission.max_retransmit);
        if attempts > max || now.mono > sending.until {
            let Some(sending) = self.stop_sending(key) else { return };
            self.counters.timeouts += 1;
            return self.not_acknowledged(now, &sending, ExchangeError::TimedOut { attempts });
        }
        if let Purpose::Notification(relation, _) = sending.purpose
            && self.has_newer(relation)
        {
            let Some(sending) = self.stop_sending(key) else { return };
            return self.replace_notification(now, relation, &sending);
        }
        let Some(sending) = self.sending.get_mut(key) else { return };
        *sending = Sending { timer: TimerId::NONE, frame: sending.frame.clone(), ..sending.again() };
        let (frame, wait) = (sending.frame.clone(), sending.wait);
        let timer = self.timers.set(now.mono.after(wait), Reason::Retransmit(key));
        if let Some(sending) = self.sending.get_mut(key) {
            sending.timer = timer;
        }
        self.counters.retransmissions += 1;
        self.resend(peer, frame);
    }

    /// The path takes less than before. What is on its way and larger did not get through: it is made anew, in blocks
    /// that fit.
    pub(super) fn cut_anew(&mut self, now: Now, peer: u32, mtu: usize) {
        let Some(list) = self.peers.get(peer).map(|peer| peer.sending) else { return };
        let too_large = self.sending.list(list).filter(|(_, sending)| sending.frame.len() > mtu);
        let too_large: SmallVec<[_; 4]> = too_large.map(|(key, sending)| (key, sending.purpose)).collect();
        for (key, purpose) in too_large {
            match purpose {
                Purpose::Request(exchange) => self.cut_request(now, key, exchange),
                _ => self.cut_answer(now, key, mtu),
            }
        }
    }

    /// One that is not idempotent only if it has just left: an earlier one may have passed before the path changed, and
    /// would be applied twice.
    fn cut_request(&mut self, now: Now, key: Key, exchange: Key) {
        let Some(sending) = self.sending.get(key) else { return };
        let lifetime = self.peers.lifetime(sending.peer, false);
        let just_left = sending.until >= now.mono.after(lifetime.saturating_sub(JUST_LEFT));
        let idempotent = |code| matches!(code, Code::GET | Code::FETCH | Code::PUT | Code::DELETE);
        let method = self.exchanges.get(exchange).map(|exchange| exchange.method);
        if !just_left && !method.is_some_and(idempotent) {
            return;
        }
        let Some(active) = self.active_mut(exchange) else { return };
        let sending = std::mem::replace(&mut active.sending, Key::DANGLING);
        self.stop_sending(sending);
        self.take_turn(now, exchange);
    }

    /// A separate answer, or a notification. The message ID stays: the peer has seen either the one or the other. What
    /// has no smaller form is given up; a relation goes on without it.
    fn cut_answer(&mut self, now: Now, key: Key, mtu: usize) {
        let Some(sending) = self.sending.get(key) else { return };
        let (peer, purpose, frame) = (sending.peer, sending.purpose, sending.frame.clone());
        let smaller = sending.asked.and_then(|asked| self.cut_frame(now, peer, &asked, &frame, mtu));
        let Some(smaller) = smaller else {
            self.stop_sending(key);
            let error = ExchangeError::TooLarge { limit: mtu as u64 };
            match purpose {
                Purpose::Response(id) => self.event(Event::Undelivered { id, error }),
                Purpose::Notification(relation, id) => {
                    self.event(Event::Undelivered { id, error });
                    self.notification_over(now, peer, relation);
                }
                Purpose::Request(_) | Purpose::Own => {}
            }
            return;
        };
        self.resend(peer, smaller.clone());
        if let Some(sending) = self.sending.get_mut(key) {
            sending.frame = smaller;
        }
    }

    pub(super) fn repetition(&self, exchange: Key) -> Option<Mono> {
        let active = self.exchanges.get(exchange)?.active.as_ref()?;
        self.timers.at(self.sending.get(active.sending)?.timer)
    }

    /// Takes a message out of repetition.
    pub(super) fn stop_sending(&mut self, key: Key) -> Option<Sending> {
        let peer = self.sending.get(key)?.peer;
        let list = &mut self.peers.get_mut(peer)?.sending;
        let mut sending = self.sending.remove(list, key)?;
        self.timers.cancel(&mut sending.timer);
        Some(sending)
    }

    /// The message of ours that has this ID and is not acknowledged yet.
    pub(super) fn sending_of(&self, peer: u32, id: MessageId) -> Option<Key> {
        let list = self.peers.get(peer)?.sending;
        self.sending.list(list).find(|(_, sending)| sending.id == id).map(|(key, _)| key)
    }

    /// An Empty ACK.
    pub(super) fn handle_acknowledgement(&mut self, now: Now, peer: u32, id: MessageId) {
        let key = self.sending_of(peer, id);
        self.note_id(peer, key.is_some());
        let Some(key) = key else { return };
        self.measure_round_trip(now, key);
        let Some(sending) = self.stop_sending(key) else { return };
        match sending.purpose {
            Purpose::Request(exchange) => self.request_acknowledged(now, exchange, sending.attempts),
            Purpose::Response(delivery) => self.event(Event::Delivered { id: delivery }),
            Purpose::Own => {}
            Purpose::Notification(relation, delivery) => {
                self.event(Event::Delivered { id: delivery });
                self.notification_over(now, peer, relation);
            }
        }
    }

    /// An RST, for a confirmable message or another.
    pub(super) fn handle_reset(&mut self, now: Now, peer: u32, id: MessageId) {
        self.counters.resets += 1;
        match self.sending_of(peer, id).and_then(|key| self.stop_sending(key)) {
            Some(sending) => {
                self.note_id(peer, true);
                self.not_acknowledged(now, &sending, ExchangeError::Reset);
            }
            None => {
                if !self.reset_request(now, peer, id) {
                    self.note_id(peer, false);
                    self.reset_notification(now, peer, id);
                }
            }
        }
    }

    fn not_acknowledged(&mut self, now: Now, sending: &Sending, error: ExchangeError) {
        match sending.purpose {
            Purpose::Request(exchange) => self.request_failed(now, exchange, error),
            Purpose::Response(delivery) => self.event(Event::Undelivered { id: delivery, error }),
            Purpose::Own => {}
            Purpose::Notification(relation, delivery) => {
                let reset = error == ExchangeError::Reset;
                self.event(Event::Undelivered { id: delivery, error });
                self.end_relation(relation, Some(reset));
                self.notification_over(now, sending.peer, relation);
            }
        }
    }
}

impl Sending {
    /// Does it answer a request?
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.purpose, Purpose::Response(_) | Purpose::Own)
    }

    /// How long ago it was sent, if only once. `timer`: when it would be sent again.
    pub(super) fn since_first(&self, timer: Mono, now: Mono) -> Option<Duration> {
        (self.attempts == 1).then(|| self.wait.saturating_sub(timer.since(now)))
    }

    /// Once more, after twice the wait.
    fn again(&self) -> Self {
        Self {
            frame: Bytes::new(),
            attempts: self.attempts.saturating_add(1),
            wait: self.wait.saturating_mul(2),
            ..*self
        }
    }
}
