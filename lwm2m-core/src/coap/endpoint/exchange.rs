//! Our requests, from the first frame to the last answer. [RFC 7252 §5.2, §5.3]

use std::{hash::BuildHasher, time::Duration};

use bytes::Bytes;
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use rand_core::Rng;

use super::{
    Endpoint,
    dedup::Seen,
    observe::Observed,
    reliability::Purpose,
    table::Key,
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now, PeerId,
    coap::{
        Delivery, Event, ExchangeError, ExchangeId, Message, MessageId, MessageType, OptionNumber, Options,
        Payload, Request, Token,
    },
};

/// A request of ours. While it only observes, `active` is empty and it is small.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) peer: u32,
    pub(super) token: Token,
    pub(super) method: Code,
    /// The peer took up the observation.
    pub(super) observed: Option<Observed>,
    pub(super) options: Options,
    pub(super) active: Option<Box<Active>>,
    /// Given up by us: it stays until the peer has been told by a reset. [RFC 7641 §3.6]
    pub(super) cancelled: bool,
}

/// A request that waits for its turn or its answer.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) payload: Payload,
    pub(super) how: Delivery,
    pub(super) stage: Stage,
    /// The last message it was sent in.
    pub(super) id: MessageId,
    pub(super) sending: Key,
    pub(super) timer: TimerId,
    pub(super) attempts: u8,
    /// Counts towards NSTART.
    pub(super) has_turn: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Queued,
    Sent,
    Acknowledged,
}

/// Which exchange a token belongs to, per peer. [RFC 7252 §5.3.2]
#[derive(Debug)]
pub(super) struct Tokens {
    table: HashTable<(u32, Token, Key)>,
    hasher: FixedState,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self { table: HashTable::new(), hasher: FixedState::with_seed(seed) }
    }

    pub(super) fn find(&self, peer: u32, token: Token) -> Option<Key> {
        let hash = self.hasher.hash_one((peer, token));
        self.table.find(hash, |(p, t, _)| *p == peer && *t == token).map(|(.., key)| *key)
    }

    pub(super) fn insert(&mut self, peer: u32, token: Token, key: Key) {
        let Self { table, hasher } = self;
        table.insert_unique(hasher.hash_one((peer, token)), (peer, token, key), |(peer, token, _)| {
            hasher.hash_one((*peer, *token))
        });
    }

    pub(super) fn remove(&mut self, peer: u32, token: Token) {
        let hash = self.hasher.hash_one((peer, token));
        if let Ok(found) = self.table.find_entry(hash, |(p, t, _)| *p == peer && *t == token) {
            found.remove();
        }
    }
}

impl Endpoint {
    pub(super) fn begin_request(
        &mut self,
        now: Now,
        peer: PeerId,
        request: Request,
        how: Delivery,
    ) -> ExchangeId {
        let Some(peer) = self.peers.find(peer) else {
            return self.fail_unsent(ExchangeError::LinkGone { sent: false });
        };
        let limits = &self.config.limits;
        let (most, queue) = (limits.exchanges_per_peer, limits.queued_per_peer);
        let Some(entry) = self.peers.get(peer) else {
            return self.fail_unsent(ExchangeError::LinkGone { sent: false });
        };
        if usize::from(entry.exchange_count) >= most && !self.forget_cancelled(now, peer) {
            return self.fail_unsent(ExchangeError::Busy("requests to this peer"));
        }
        let waiting = self.peers.get(peer).map_or(0, |entry| entry.waiting);
        if !self.has_turn(peer) && usize::from(waiting) >= queue {
            return self.fail_unsent(ExchangeError::Busy("requests waiting for this peer"));
        }
        let token = match request.options.observe() {
            Some(1) => self.end_observed(now, peer, &request),
            _ => None,
        };
        let token = token.unwrap_or_else(|| self.new_token(peer));
        let Request { method, options, payload } = request;
        let active = Active {
            payload,
            how,
            stage: Stage::Queued,
            id: MessageId(0),
            sending: Key::DANGLING,
            timer: TimerId::NONE,
            attempts: 0,
            has_turn: false,
        };
        let exchange = Exchange {
            peer,
            token,
            method,
            observed: None,
            options,
            active: Some(Box::new(active)),
            cancelled: false,
        };
        let key = self.insert_exchange(peer, exchange);
        self.take_turn(now, key);
        ExchangeId(key.pack())
    }

    /// Sends an Empty confirmable message, which the peer resets.
    pub(super) fn begin_ping(&mut self, now: Now, peer: PeerId) -> ExchangeId {
        self.begin_request(now, peer, Request::new(Code::EMPTY), Delivery::Confirmable)
    }

    fn insert_exchange(&mut self, peer: u32, exchange: Exchange) -> Key {
        let token = exchange.token;
        let Some(entry) = self.peers.get_mut(peer) else { return Key::DANGLING };
        entry.exchange_count = entry.exchange_count.saturating_add(1);
        let key = self.exchanges.insert(&mut entry.exchanges, exchange);
        self.tokens.insert(peer, token, key);
        key
    }

    /// Removes an exchange and all that it holds.
    pub(super) fn remove_exchange(&mut self, now: Now, key: Key) -> Option<Exchange> {
        self.deactivate(now, key);
        let peer = self.exchanges.get(key)?.peer;
        let entry = self.peers.get_mut(peer)?;
        let exchange = self.exchanges.remove(&mut entry.exchanges, key)?;
        entry.exchange_count = entry.exchange_count.saturating_sub(1);
        self.tokens.remove(peer, exchange.token);
        Some(exchange)
    }

    /// Ends what an exchange sends or waits for. A turn that it had goes to the next.
    pub(super) fn deactivate(&mut self, now: Now, key: Key) -> Option<Box<Active>> {
        let exchange = self.exchanges.get_mut(key)?;
        let peer = exchange.peer;
        let mut active = exchange.active.take()?;
        self.timers.cancel(&mut active.timer);
        self.stop_sending(active.sending);
        if active.stage == Stage::Queued
            && let Some(entry) = self.peers.get_mut(peer)
        {
            entry.waiting = entry.waiting.saturating_sub(1);
        }
        if active.has_turn {
            self.give_turn(now, peer);
        }
        Some(active)
    }

    /// Makes room by forgetting the oldest observation that was given up. False if there is none.
    fn forget_cancelled(&mut self, now: Now, peer: u32) -> bool {
        let Some(entry) = self.peers.get(peer) else { return false };
        let oldest = self.exchanges.list(entry.exchanges).find(|(_, exchange)| exchange.cancelled);
        let Some((key, _)) = oldest else { return false };
        self.remove_exchange(now, key).is_some()
    }

    /// An Observe of 1 goes under the token of the observation that it ends. [RFC 7641 §3.6]
    fn end_observed(&mut self, now: Now, peer: u32, request: &Request) -> Option<Token> {
        let of_target = |options: &Options| -> Options {
            let mut options = options.clone();
            options.remove(OptionNumber::OBSERVE);
            options
        };
        let wanted = of_target(&request.options);
        let list = self.peers.get(peer)?.exchanges;
        let (key, _) = self.exchanges.list(list).find(|(_, exchange)| {
            exchange.observed.is_some()
                && exchange.method == request.method
                && of_target(&exchange.options) == wanted
        })?;
        self.remove_exchange(now, key).map(|exchange| exchange.token)
    }

    /// An exchange that fails before it began.
    fn fail_unsent(&mut self, error: ExchangeError) -> ExchangeId {
        let id = ExchangeId(self.exchanges.burn().pack());
        self.event(Event::Failed { id, error });
        id
    }

    /// Unguessable, and unlike every other of this peer. [RFC 7252 §5.3.1]
    fn new_token(&mut self, peer: u32) -> Token {
        let length = usize::from(self.config.token_length.clamp(4, 8));
        loop {
            let octets = self.rng.next_u64().to_be_bytes();
            let token = Token::new(octets.get(..length).unwrap_or(&octets)).unwrap_or_default();
            if self.tokens.find(peer, token).is_none() {
                return token;
            }
        }
    }

    fn has_turn(&self, peer: u32) -> bool {
        let nstart = self.peers.link(peer).map_or(1, |link| link.transmission.nstart.max(1));
        self.peers.get(peer).is_some_and(|peer| peer.outstanding < nstart)
    }

    /// Sends a request, or lets it wait for those before it. [RFC 7252 §4.7]
    fn take_turn(&mut self, now: Now, key: Key) {
        let Some(peer) = self.exchanges.get(key).map(|exchange| exchange.peer) else { return };
        if self.has_turn(peer) {
            return self.send_request(now, key);
        }
        if let Some(active) = self.active_mut(key) {
            active.stage = Stage::Queued;
        }
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.waiting = entry.waiting.saturating_add(1);
        }
    }

    /// One outstanding request less: the next one's turn.
    pub(super) fn give_turn(&mut self, now: Now, peer: u32) {
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.outstanding = entry.outstanding.saturating_sub(1);
        }
        while self.has_turn(peer) {
            let Some(entry) = self.peers.get_mut(peer).filter(|entry| entry.waiting > 0) else { return };
            let is_queued = |exchange: &Exchange| {
                exchange.active.as_ref().is_some_and(|active| active.stage == Stage::Queued)
            };
            let next = self.exchanges.list(entry.exchanges).find(|(_, exchange)| is_queued(exchange));
            let Some((key, _)) = next else {
                entry.waiting = 0;
                return;
            };
            entry.waiting -= 1;
            self.send_request(now, key);
        }
    }

    fn send_request(&mut self, now: Now, key: Key) {
        let Some(exchange) = self.exchanges.get(key) else { return };
        let (peer, token, code, options) =
            (exchange.peer, exchange.token, exchange.method, exchange.options.clone());
        let Some(active) = &exchange.active else { return };
        let (how, payload) = (active.how, active.payload.bytes().clone());
        let Some(id) = self.peers.next_id(now.mono, peer) else {
            return self.request_failed(now, key, ExchangeError::Busy("message IDs in use"));
        };
        let kind = match how {
            Delivery::Confirmable => MessageType::Confirmable,
            Delivery::NonConfirmable => MessageType::NonConfirmable,
        };
        let ping = code == Code::EMPTY;
        let message = match ping {
            true => Message::empty(MessageType::Confirmable, id),
            false => Message { kind, code, id, token, options: options.view(), payload: &payload },
        };
        let sending = match how {
            Delivery::Confirmable => self.send_confirmable(now, peer, &message, Purpose::Request(key)),
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
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.outstanding = entry.outstanding.saturating_add(1);
        }
        if let Some(active) = self.active_mut(key) {
            (active.stage, active.id, active.sending, active.timer) = (Stage::Sent, id, sending, timer);
            (active.attempts, active.has_turn) = (1, true);
        }
    }

    /// An Empty ACK: the answer comes later, in a message of its own.
    pub(super) fn request_acknowledged(&mut self, now: Now, key: Key, attempts: u8) {
        if let Some(active) = self.active_mut(key) {
            (active.stage, active.sending, active.attempts) = (Stage::Acknowledged, Key::DANGLING, attempts);
        }
        self.await_answer(now, key);
    }

    /// Neither an answer nor an acknowledgement is due now: the turn goes on, the wait for the answer remains.
    fn await_answer(&mut self, now: Now, key: Key) {
        let Some(exchange) = self.exchanges.get_mut(key) else { return };
        let peer = exchange.peer;
        let Some(active) = &mut exchange.active else { return };
        let had_turn = std::mem::replace(&mut active.has_turn, false);
        let wait = self.config.answer_wait.unwrap_or_else(|| self.peers.lifetime(peer, true));
        active.timer = self.timers.set(now.mono.after(wait), Reason::Answer(key));
        if had_turn {
            self.give_turn(now, peer);
        }
    }

    /// The answer did not come in time, or a NON has had its turn.
    pub(super) fn answer_overdue(&mut self, now: Now, key: Key) {
        let Some(active) = self.active_mut(key) else { return };
        let attempts = active.attempts;
        if active.has_turn {
            return self.await_answer(now, key);
        }
        self.counters.timeouts += 1;
        self.request_failed(now, key, ExchangeError::TimedOut { attempts });
    }

    /// A reset of a request that was sent as NON. False if there is none with this ID.
    pub(super) fn reset_request(&mut self, now: Now, peer: u32, id: MessageId) -> bool {
        let Some(entry) = self.peers.get(peer) else { return false };
        let is_it = |exchange: &Exchange| {
            exchange.active.as_ref().is_some_and(|active| {
                active.how == Delivery::NonConfirmable && active.stage != Stage::Queued && active.id == id
            })
        };
        let found =
            self.exchanges.list(entry.exchanges).find(|(_, exchange)| is_it(exchange)).map(|(key, _)| key);
        if let Some(key) = found {
            self.request_failed(now, key, ExchangeError::Reset);
        }
        found.is_some()
    }

    /// It has come to nothing.
    pub(super) fn request_failed(&mut self, now: Now, key: Key, error: ExchangeError) {
        let id = ExchangeId(key.pack());
        match self.remove_exchange(now, key) {
            Some(exchange) if exchange.method == Code::EMPTY && error == ExchangeError::Reset => {
                self.event(Event::Pong { id });
            }
            Some(_) => self.event(Event::Failed { id, error }),
            None => {}
        }
    }

    /// Our side loses interest. [RFC 7641 §3.6]
    pub(super) fn cancel_request(&mut self, now: Now, key: Key) {
        let Some(exchange) = self.exchanges.get(key) else { return };
        let sent = exchange.active.as_ref().is_none_or(|active| active.stage != Stage::Queued);
        if sent && exchange.options.observe() == Some(0) {
            self.deactivate(now, key);
            if let Some(exchange) = self.exchanges.get_mut(key) {
                (exchange.cancelled, exchange.observed, exchange.options) = (true, None, Options::new());
            }
        } else {
            self.remove_exchange(now, key);
        }
    }

    pub(super) fn active_mut(&mut self, key: Key) -> Option<&mut Active> {
        self.exchanges.get_mut(key)?.active.as_deref_mut()
    }

    /// A response: with an ACK, or in a message of its own.
    pub(super) fn handle_response(&mut self, now: Now, peer: u32, message: &Message<'_>, frame: &Bytes) {
        let key = match message.kind {
            MessageType::Acknowledgement => self.piggybacked_for(peer, message),
            _ => self.tokens.find(peer, message.token),
        };
        let seen = match message.kind {
            MessageType::Confirmable => self.dedup.find(now.mono, peer, message.id),
            _ => None,
        };
        if let Some((remembered, seen)) = seen
            && seen != Seen::Refused
        {
            return self.repeat_acknowledgement(peer, message.id, remembered, seen, key.is_some());
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
        match self.is_notification(&received) {
            true => self.handle_notification(now, peer, &received),
            false => {
                self.acknowledge_response(now, peer, message);
                self.handle_answer(now, &received);
            }
        }
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
        (self.tokens.find(peer, message.token) == Some(key)).then_some(key)
    }

    fn handle_answer(&mut self, now: Now, received: &Received<'_>) {
        let (key, options) = (received.key, received.message.options);
        let Some(exchange) = self.exchanges.get(key) else { return };
        let asked = exchange.options.observe();
        if asked == Some(1) && options.observe().is_some() {
            self.counters.stale += 1;
            return;
        }
        let id = ExchangeId(key.pack());
        let response = received.message.to_response(received.frame);
        let sequence = options.observe().filter(|_| asked == Some(0) && response.code.is_success());
        match sequence {
            Some(sequence) => {
                self.deactivate(now, key);
                if let Some(exchange) = self.exchanges.get_mut(key) {
                    exchange.observed = Some(Observed { sequence, at: now.mono });
                }
            }
            None => {
                self.remove_exchange(now, key);
            }
        }
        self.event(Event::Response { id, response, observing: sequence.is_some() });
    }
}

/// A response and what it belongs to.
#[derive(Debug)]
pub(super) struct Received<'a> {
    pub(super) key: Key,
    pub(super) message: &'a Message<'a>,
    pub(super) frame: &'a Bytes,
    /// The application refused it before.
    pub(super) again: bool,
}

/// Critical options that have a meaning in responses.
fn is_response_option(number: OptionNumber) -> bool {
    matches!(number, OptionNumber::BLOCK1 | OptionNumber::BLOCK2)
}
