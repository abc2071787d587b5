//! Whose turn it is: at most NSTART requests are outstanding towards a peer. [RFC 7252 §4.7]

use std::time::Duration;

use bytes::Bytes;

use super::{
    Endpoint,
    exchange::{Exchange, Stage},
    reliability::Purpose,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now,
    coap::{Delivery, ExchangeError, Message, MessageId, MessageType, OptionNumber, Options, Token},
};

/// What a request is sent with this time.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) options: Options,
    pub(super) payload: Bytes,
}

impl Endpoint {
    pub(super) fn has_turn(&self, peer: u32) -> bool {
        let nstart = self.peers.link(peer).map_or(1, |link| link.transmission.nstart.max(1));
        self.peers.get(peer).is_some_and(|peer| peer.outstanding < nstart)
    }

    /// Sends a request, or lets it wait for those before it. One that has a turn keeps it.
    pub(super) fn take_turn(&mut self, now: Now, key: Key) {
        let Some(peer) = self.exchanges.get(key).map(|exchange| exchange.peer) else { return };
        if !self.has_part(key) {
            return self.want_chunk(now, key);
        }
        let Self { exchanges, timers, .. } = self;
        let Some(active) = exchanges.get_mut(key).and_then(|exchange| exchange.active.as_deref_mut()) else {
            return;
        };
        timers.cancel(&mut active.timer);
        let has_one = active.has_turn;
        if has_one || self.has_turn(peer) {
            return self.send_request(now, key);
        }
        if let Some(active) = self.active_mut(key) {
            active.stage = Stage::Queued;
        }
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.waiting = entry.waiting.saturating_add(1);
        }
    }

    /// The application has to act first: the turn goes on to others.
    pub(super) fn rest(&mut self, now: Now, key: Key) {
        let until = now.mono.after(self.config.limits.transfer_pause);
        let Some(exchange) = self.exchanges.get_mut(key) else { return };
        let peer = exchange.peer;
        let Some(active) = &mut exchange.active else { return };
        self.timers.cancel(&mut active.timer);
        active.timer = self.timers.set(until, Reason::Answer(key));
        active.stage = Stage::Unsent;
        if std::mem::replace(&mut active.has_turn, false) {
            self.give_turn(now, peer);
        }
    }

    /// One outstanding request less: the next one's turn.
    pub(super) fn give_turn(&mut self, now: Now, peer: u32) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.outstanding = entry.outstanding.saturating_sub(1);
        }
        while self.has_turn(peer) {
            let Some(entry) = self.peers.get_mut(peer).filter(|entry| entry.waiting > 0) else { return };
            entry.waiting -= 1;
            let is_queued = |exchange: &Exchange| {
                exchange.active.as_ref().is_some_and(|active| active.stage == Stage::Queued)
            };
            let next = self.exchanges.list(entry.exchanges).find(|(_, exchange)| is_queued(exchange));
            let Some((key, _)) = next else { return };
            if let Some(active) = self.active_mut(key) {
                active.stage = Stage::Unsent;
            }
            self.send_request(now, key);
        }
    }

    /// Options and body for the next message: the whole request, or a block.
    fn compose(&mut self, key: Key) -> Result<Composed, ExchangeError> {
        let Some(exchange) = self.exchanges.get(key) else { return Err(ExchangeError::Cancelled) };
        let mut options = exchange.options.clone();
        let Some(active) = &exchange.active else { return Err(ExchangeError::Cancelled) };
        if let Some(echo) = &active.echo {
            options.push(OptionNumber::ECHO, echo);
        }
        match active.download {
            Some(_) => self.compose_download(key, options),
            None => self.compose_upload(key, options),
        }
    }

    fn send_request(&mut self, now: Now, key: Key) {
        let composed = match self.compose(key) {
            Ok(composed) => composed,
            Err(error) => return self.request_failed(now, key, error),
        };
        let Some(exchange) = self.exchanges.get(key) else { return };
        let Some(active) = &exchange.active else { return };
        let (peer, code, how, token) = (exchange.peer, exchange.method, active.how, active.token);
        let Some(id) = self.peers.next_id(now.mono, peer) else {
            return self.request_failed(now, key, ExchangeError::Busy("message IDs in use"));
        };
        let message = outgoing(code, how, id, token, &composed);
        let sending = match how {
            Delivery::Confirmable => self.send_confirmable(now, peer, &message, Purpose::Request(key), None),
            Delivery::NonConfirmable => self.transmit(now, peer, &message).map(|_| Key::DANGLING),
        };
        let Some(sending) = sending else {
            return self.request_failed(now, key, ExchangeError::Protection);
        };
        // A NON has its turn until an answer could be there, but at most for ACK_TIMEOUT.
        let turn = self.peers.link(peer).map_or(Duration::ZERO, |link| link.transmission.ack_timeout);
        let timer = match how {
            Delivery::Confirmable => TimerId::NONE,
            Delivery::NonConfirmable => self.timers.set(now.mono.after(turn), Reason::Answer(key)),
        };
        let Self { exchanges, timers, .. } = self;
        let Some(active) = exchanges.get_mut(key).and_then(|e| e.active.as_deref_mut()) else { return };
        timers.cancel(&mut active.timer);
        (active.stage, active.id, active.sending, active.timer) = (Stage::Sent, id, sending, timer);
        active.attempts = 1;
        let had_turn = std::mem::replace(&mut active.has_turn, true);
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.outstanding = entry.outstanding.saturating_add(u8::from(!had_turn));
        }
    }
}

fn outgoing(code: Code, how: Delivery, id: MessageId, token: Token, composed: &Composed) -> Message<'_> {
    let kind = match how {
        Delivery::Confirmable => MessageType::Confirmable,
        Delivery::NonConfirmable => MessageType::NonConfirmable,
    };
    if code == Code::EMPTY {
        return Message::empty(MessageType::Confirmable, id);
    }
    Message { kind, code, id, token, options: composed.options.view(), payload: &composed.payload }
}
