//! Answers to our requests: which request they belong to, and what follows. [RFC 7252 §5.3.2]

use bytes::Bytes;

use super::{
    Endpoint,
    block::{is_safe, strip},
    dedup::Seen,
    exchange::{Exchange, Stage},
    observe::Observed,
    reliability::Purpose,
    table::Key,
    timer::TimerId,
};
use crate::{
    Code, Now,
    coap::{Event, ExchangeError, ExchangeId, Message, MessageId, MessageType, OptionNumber, Response},
};

/// A response and what it belongs to.
#[derive(Debug)]
pub(super) struct Received<'a> {
    pub(super) key: Key,
    pub(super) message: &'a Message<'a>,
    pub(super) frame: &'a Bytes,
    /// The application refused it before.
    pub(super) again: bool,
}

impl Endpoint {
    /// A response: with an ACK, or in a message of its own.
    pub(super) fn handle_response(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        let key = match message.kind {
            MessageType::Acknowledgement => self.piggybacked_for(peer, message),
            _ => self.tokens.find(&self.exchanges, peer, message.token),
        };
        let seen = match message.kind {
            MessageType::Acknowledgement => None,
            // Its sequence number tells a repeated notification.
            MessageType::NonConfirmable if key.is_some_and(|key| self.is_observed(key, message)) => None,
            _ => self.seen_before(now, peer, message),
        };
        let awaited = key.and_then(|key| self.exchanges.get(key)).filter(|exchange| !exchange.cancelled);
        let is_awaited = awaited.is_some();
        if let Some((remembered, seen)) = seen
            && seen != Seen::Refused
        {
            return self.repeat_acknowledgement(peer, message.id, remembered, seen, is_awaited);
        }
        if key.is_some() {
            self.prove(peer);
            if self.peers.get(peer).is_some_and(|entry| entry.doubted) {
                self.event(Event::Fresh { peer: self.peers.id(peer) });
            }
        }
        let Some(exchange) = key.and_then(|key| self.exchanges.get(key)) else {
            self.counters.unmatched += 1;
            if message.kind == MessageType::Confirmable {
                self.send_reset(peer, message.id);
            }
            return;
        };
        if exchange.cancelled {
            return self.send_reset(peer, message.id);
        }
        let Some(key) = key else { return };
        if message.options.unrecognised(is_response_option).is_some() {
            self.counters.bad_option += 1;
            if message.kind == MessageType::Confirmable {
                self.send_reset(peer, message.id);
            }
            return self.request_failed(now, key, ExchangeError::BadAnswer("a critical option is not known"));
        }
        let received = Received { key, message, frame, again: seen.is_some() };
        if self.is_observed(key, message) {
            if !self.asked_again_takes(now, &received) {
                return;
            }
            return self.handle_notification(now, peer, &received);
        }
        match message.kind {
            // Again, it would answer the next block.
            MessageType::NonConfirmable => {
                self.remember(now, peer, message, Seen::Silent);
            }
            _ => self.acknowledge_response(now, peer, message),
        }
        self.handle_answer(now, &received);
    }

    /// Acknowledges a confirmable response, and again when it is repeated.
    pub(super) fn acknowledge_response(&mut self, now: Now, peer: u32, message: &Message<'_>) {
        if message.kind == MessageType::Confirmable {
            let remembered = self.remember(now, peer, message, Seen::Pending);
            self.acknowledge(peer, message.id, remembered);
        }
    }

    fn repeat_acknowledgement(
        &mut self,
        peer: u32,
        id: MessageId,
        remembered: Key,
        seen: Seen,
        matched: bool,
    ) {
        self.counters.duplicates += 1;
        match seen {
            Seen::Replied => self.repeat_reply(peer, remembered),
            Seen::Unsettled if !matched => self.send_reset(peer, id),
            _ => {}
        }
    }

    /// The request that an ACK with a response answers: message ID and token must match. [RFC 7252 §5.3.2]
    fn piggybacked_for(&mut self, peer: u32, message: &Message<'_>) -> Option<Key> {
        let sending = self.sending.get(self.sending_of(peer, message.id)?)?;
        let Purpose::Request(key) = sending.purpose else { return None };
        (self.tokens.find(&self.exchanges, peer, message.token) == Some(key)).then_some(key)
    }

    fn handle_answer(&mut self, now: Now, received: &Received<'_>) {
        let (key, options) = (received.key, received.message.options);
        let Some(exchange) = self.exchanges.get(key) else { return };
        let late = exchange.options.observe() == Some(1) && options.observe().is_some();
        let awaited = exchange.active.as_ref().is_some_and(|active| active.waits_for_answer());
        // What comes in the acknowledgement is the answer to this very message; other answers may be late ones.
        let elsewhere = received.message.kind != MessageType::Acknowledgement && self.is_elsewhere(received);
        if late || !awaited || elsewhere {
            // A notification of the observation that the request ends, or a repeated answer to an earlier block.
            self.counters.stale += 1;
            return;
        }
        self.quiet(now, key);
        self.note_hold_off(now, received);
        self.note_echo(received);
        if self.repeat_with_echo(now, received) || self.upload_answered(now, received) {
            return;
        }
        self.download_answered(now, received);
    }

    /// What is observed may have been asked for anew: then only its answer counts.
    fn asked_again_takes(&mut self, now: Now, received: &Received<'_>) -> bool {
        let kind = received.message.kind;
        let stage = self.exchanges.get(received.key).and_then(Exchange::asked_again);
        let Some(stage) = stage else { return true };
        if !stage.takes(kind) {
            self.counters.stale += 1;
            return false;
        }
        if kind != MessageType::Acknowledgement {
            return true;
        }
        self.quiet(now, received.key);
        self.note_hold_off(now, received);
        !self.repeat_with_echo(now, received)
    }

    /// The message is answered: it is not repeated. Its turn stays with it.
    fn quiet(&mut self, now: Now, key: Key) {
        let Some(active) = self.active_mut(key) else { return };
        active.stage = Stage::Unsent;
        let sending = std::mem::replace(&mut active.sending, Key::DANGLING);
        let mut timer = std::mem::replace(&mut active.timer, TimerId::NONE);
        self.measure_round_trip(now, sending);
        self.timers.cancel(&mut timer);
        self.stop_sending(sending);
    }

    /// The answer is whole.
    pub(super) fn finish(&mut self, now: Now, key: Key, mut response: Response) {
        let Some(exchange) = self.exchanges.get(key) else { return };
        let id = ExchangeId(key.pack());
        response.options = strip(response.options);
        let code = response.code;
        let sequence = response.options.observe().filter(|_| asks_to_observe(exchange) && code.is_success());
        match sequence {
            Some(sequence) => {
                self.take_up(now, key, sequence);
                self.deactivate(now, key);
            }
            None => {
                self.remove_exchange(now, key);
            }
        }
        self.event(Event::Response { id, response, observing: sequence.is_some() });
    }

    /// The peer takes part in the observation.
    pub(super) fn take_up(&mut self, now: Now, key: Key, sequence: u32) {
        let Some(exchange) = self.exchanges.get_mut(key).filter(|exchange| asks_to_observe(exchange)) else {
            return;
        };
        exchange.observed.get_or_insert(Observed::new(sequence, now.mono));
        if let (Code::FETCH, Some(active)) = (exchange.method, &exchange.active) {
            exchange.body.get_or_insert_with(|| Box::new(active.payload.bytes().clone()));
        }
    }

    /// A success with Echo: what follows of the exchange has it, so that the peer need not send small blocks to what may
    /// be a forged address. [RFC 9175 §2.3, §2.4]
    fn note_echo(&mut self, received: &Received<'_>) {
        if let Some(echo) = echo_of(received).filter(|_| received.message.code.is_success())
            && let Some(active) = self.active_mut(received.key)
        {
            active.echo = Some(echo.into());
        }
    }

    /// A 4.01 with Echo: the request goes once more, with it. [RFC 9175 §2.3]
    fn repeat_with_echo(&mut self, now: Now, received: &Received<'_>) -> bool {
        if received.message.code != Code::UNAUTHORIZED {
            return false;
        }
        let (Some(echo), Some(active)) = (echo_of(received), self.active_mut(received.key)) else {
            return false;
        };
        if active.echo.is_some() {
            return false;
        }
        active.echo = Some(echo.into());
        self.take_turn(now, received.key);
        true
    }
}

fn echo_of<'a>(received: &Received<'a>) -> Option<&'a [u8]> {
    received.message.options.first(OptionNumber::ECHO).filter(|value| OptionNumber::ECHO.allows(value))
}

fn asks_to_observe(exchange: &Exchange) -> bool {
    exchange.options.observe() == Some(0) && is_safe(exchange.method)
}

/// Critical options that have a meaning in responses.
fn is_response_option(number: OptionNumber) -> bool {
    matches!(number, OptionNumber::BLOCK1 | OptionNumber::BLOCK2)
}
