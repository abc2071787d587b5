//! Our requests, from the first frame to the last answer. [RFC 7252 §5.2, §5.3]

use std::hash::BuildHasher;

use bytes::Bytes;
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use rand_core::Rng;

use super::{
    Endpoint,
    block::{
        download::{Download, Purpose},
        upload::{Chunk, Upload},
    },
    observe::Observed,
    table::{Key, Table},
    timer::{Reason, TimerId},
};
use crate::{
    Code, Now, PeerId,
    coap::{
        Delivery, Event, ExchangeError, ExchangeId, MessageId, MessageType, OptionNumber, Options, Payload,
        Request, Token,
    },
};

/// Observations of one peer that were given up and wait for a notification to reset. A device that has restarted knows
/// nothing of them and never sends it; a confirmable notification is reset without them too.
const MAX_CANCELLED: u8 = 16;

/// A request of ours. While it only observes, `active` is empty and it is small.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) peer: u32,
    pub(super) token: Token,
    pub(super) method: Code,
    /// The peer took up the observation.
    pub(super) observed: Option<Observed>,
    pub(super) options: Options,
    /// Body of an observing FETCH, for the blocks of its notifications.
    pub(super) body: Option<Box<Bytes>>,
    pub(super) active: Option<Box<Active>>,
    /// Given up by us: it stays until the peer has been told by a reset. [RFC 7641 §3.6]
    pub(super) cancelled: bool,
}

impl Exchange {
    /// Do answers from this peer with this token belong to it?
    fn has(&self, peer: u32, token: Token) -> bool {
        let fetches = |active: &Active| active.token == token;
        self.peer == peer && (self.token == token || self.active.as_deref().is_some_and(fetches))
    }

    /// How far an observation is that is asked for anew. Blocks of its notifications are fetched under another token.
    pub(super) fn asked_again(&self) -> Option<Stage> {
        let active = self.active.as_ref().filter(|active| active.token == self.token)?;
        self.observed.map(|_| active.stage)
    }
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
    /// Of the message that is sent now: blocks of an observation are fetched under another token. [RFC 7959 §3.4]
    pub(super) token: Token,
    pub(super) upload: Option<Upload>,
    pub(super) download: Option<Download>,
    /// What there is of a streamed body, from the upload's offset on, and whether it is all.
    pub(super) chunk: Chunk,
    /// The answer's body is wanted part by part.
    pub(super) stream_answer: bool,
    /// What the server wants to see again. [RFC 9175 §2.3]
    pub(super) echo: Option<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Neither sent nor waiting for its turn, or answered by now.
    Unsent,
    /// Waiting for its turn.
    Queued,
    Sent,
    Acknowledged,
}

impl Stage {
    /// Is a message under the token of an observation that is asked for anew of use? Its answer is. So is, before it
    /// could be asked, a confirmable notification: the peer has not forgotten. All else may have left before the peer
    /// forgot; what is confirmable comes again.
    pub(super) const fn takes(self, kind: MessageType) -> bool {
        match kind {
            MessageType::Acknowledgement => true,
            MessageType::Confirmable => !matches!(self, Self::Sent),
            _ => matches!(self, Self::Acknowledged),
        }
    }
}

impl Active {
    pub(super) fn new(payload: Payload, how: Delivery, token: Token) -> Self {
        Self {
            payload,
            how,
            stage: Stage::Unsent,
            id: MessageId(0),
            sending: Key::DANGLING,
            timer: TimerId::NONE,
            attempts: 0,
            has_turn: false,
            token,
            upload: None,
            download: None,
            chunk: Chunk::default(),
            stream_answer: false,
            echo: None,
        }
    }

    /// Is an answer due?
    pub(super) fn waits_for_answer(&self) -> bool {
        matches!(self.stage, Stage::Sent | Stage::Acknowledged)
    }

    /// Has the peer seen any of it?
    pub(super) fn was_sent(&self) -> bool {
        self.waits_for_answer() || self.attempts > 0
    }
}

/// Which exchange a token belongs to, per peer. [RFC 7252 §5.3.2] Eight octets an entry: peer and token stand in the
/// exchange.
#[derive(Debug)]
pub(super) struct Tokens {
    /// A part of the hash of peer and token, and the index of the exchange.
    table: HashTable<(u32, u32)>,
    hasher: FixedState,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self { table: HashTable::new(), hasher: FixedState::with_seed(seed) }
    }

    pub(super) fn find(&self, exchanges: &Table<Exchange>, peer: u32, token: Token) -> Option<Key> {
        let part = self.part(peer, token);
        let mut found = None;
        self.table.find(spread(part), |(of, index)| {
            let exchange =
                exchanges.at(*index).filter(|(_, exchange)| *of == part && exchange.has(peer, token));
            found = exchange.map(|(key, _)| key);
            found.is_some()
        })?;
        found
    }

    /// The exchange must have this token.
    pub(super) fn insert(&mut self, peer: u32, token: Token, key: Key) {
        let part = self.part(peer, token);
        self.table.insert_unique(spread(part), (part, key.index), |(part, _)| spread(*part));
    }

    pub(super) fn remove(&mut self, peer: u32, token: Token, key: Key) {
        let part = self.part(peer, token);
        if let Ok(found) = self.table.find_entry(spread(part), |entry| *entry == (part, key.index)) {
            found.remove();
        }
    }

    fn part(&self, peer: u32, token: Token) -> u32 {
        self.hasher.hash_one((peer, token)) as u32
    }
}

/// Half a hash as a whole one: the table looks at both ends of it.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
        if usize::from(entry.exchange_count) >= most && !self.forget_cancelled(peer) {
            return self.fail_unsent(ExchangeError::Busy("requests to this peer"));
        }
        let waiting = self.peers.get(peer).map_or(0, |entry| entry.waiting);
        if !self.has_turn(peer) && usize::from(waiting) >= queue {
            return self.fail_unsent(ExchangeError::Busy("requests waiting for this peer"));
        }
        if let Some(left) = self.held_off(now, peer, &request) {
            self.counters.held_off += 1;
            return self.fail_unsent(ExchangeError::HoldOff(left));
        }
        let token = match request.options.observe() {
            Some(1) => self.end_observed(now, peer, &request),
            _ => None,
        };
        let token = token.unwrap_or_else(|| self.new_token(peer));
        let Request { method, options, payload } = request;
        let exchange = Exchange {
            peer,
            token,
            method,
            observed: None,
            options,
            body: None,
            active: Some(Box::new(Active::new(payload, how, token))),
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
        self.take_exchange(key)
    }

    fn take_exchange(&mut self, key: Key) -> Option<Exchange> {
        let peer = self.exchanges.get(key)?.peer;
        let entry = self.peers.get_mut(peer)?;
        let exchange = self.exchanges.remove(&mut entry.exchanges, key)?;
        entry.exchange_count = entry.exchange_count.saturating_sub(1);
        entry.cancelled = entry.cancelled.saturating_sub(u8::from(exchange.cancelled));
        self.tokens.remove(peer, exchange.token, key);
        Some(exchange)
    }

    /// Ends what an exchange sends or waits for. A turn that it had goes to the next.
    pub(super) fn deactivate(&mut self, now: Now, key: Key) -> Option<Box<Active>> {
        let exchange = self.exchanges.get_mut(key)?;
        let peer = exchange.peer;
        let mut active = exchange.active.take()?;
        self.timers.cancel(&mut active.timer);
        let own = active.token == exchange.token;
        self.stop_sending(active.sending);
        if !own {
            self.tokens.remove(peer, active.token, key);
        }
        let held = active.download.as_ref().map_or(0, Download::len);
        self.body_bytes = self.body_bytes.saturating_sub(held);
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

    /// Forgets all observations that were given up: the peer is not who was observed any more.
    pub(super) fn forget_all_cancelled(&mut self, peer: u32) {
        while self.peers.get(peer).is_some_and(|entry| entry.cancelled > 0) && self.forget_cancelled(peer) {}
    }

    /// Makes room by forgetting the oldest observation that was given up. False if there is none.
    fn forget_cancelled(&mut self, peer: u32) -> bool {
        let Some(entry) = self.peers.get(peer) else { return false };
        let oldest = self.exchanges.list(entry.exchanges).find(|(_, exchange)| exchange.cancelled);
        let Some((key, _)) = oldest else { return false };
        self.take_exchange(key).is_some()
    }

    /// An Observe of 1 goes under the token of the observation that it ends. [RFC 7641 §3.6]
    fn end_observed(&mut self, now: Now, peer: u32, request: &Request) -> Option<Token> {
        let of_target = |options: &Options| -> Options {
            let mut options = options.clone();
            options.remove(OptionNumber::OBSERVE);
            options
        };
        let wanted = of_target(&request.options);
        let body = |exchange: &Exchange| exchange.body.as_deref().cloned().unwrap_or_default();
        let list = self.peers.get(peer)?.exchanges;
        let (key, _) = self.exchanges.list(list).find(|(key, exchange)| {
            exchange.observed.is_some()
                && exchange.method == request.method
                && of_target(&exchange.options) == wanted
                && body(exchange) == *request.payload.bytes()
                // One whose first answer is still fetched has yet to be told.
                && self.fetch_purpose(*key) != Some(Purpose::Answer)
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
    pub(super) fn new_token(&mut self, peer: u32) -> Token {
        let length = usize::from(self.config.token_length.clamp(4, 8));
        loop {
            let octets = self.rng.next_u64().to_be_bytes();
            let token = Token::new(octets.get(..length).unwrap_or(&octets)).unwrap_or_default();
            if self.tokens.find(&self.exchanges, peer, token).is_none() {
                return token;
            }
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
                active.how == Delivery::NonConfirmable && active.stage == Stage::Sent && active.id == id
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
        if self.fetches_notification(key) && !matches!(error, ExchangeError::TooLarge { .. }) {
            // The observation goes on; the next notification brings what this one did not.
            self.counters.transfers_dropped += 1;
            if let Some(Purpose::Notification { seen, .. }) = self.fetch_purpose(key) {
                // Not acknowledged yet, it comes again.
                self.settle_notification(now, key, seen, false);
            }
            self.deactivate(now, key);
            return;
        }
        let id = ExchangeId(key.pack());
        let ends = |exchange: &Exchange| exchange.options.observe() == Some(1);
        if matches!(error, ExchangeError::TimedOut { .. }) && self.exchanges.get(key).is_some_and(ends) {
            self.keep_cancelled(now, key);
            return self.event(Event::Failed { id, error });
        }
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
        let asked = exchange.active.as_ref().is_none_or(|active| active.was_sent());
        let sent = asked || exchange.observed.is_some();
        if exchange.cancelled {
            return;
        }
        // The end of an observation (1) may not have reached the peer either.
        if sent && exchange.options.observe().is_some() {
            self.keep_cancelled(now, key);
        } else {
            self.remove_exchange(now, key);
        }
    }

    /// The peer may go on notifying: what comes is reset.
    fn keep_cancelled(&mut self, now: Now, key: Key) {
        self.deactivate(now, key);
        let Some(exchange) = self.exchanges.get_mut(key) else { return };
        (exchange.cancelled, exchange.observed) = (true, None);
        (exchange.options, exchange.body) = (Options::new(), None);
        let peer = exchange.peer;
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.cancelled = entry.cancelled.saturating_add(1);
            if entry.cancelled > MAX_CANCELLED {
                self.forget_cancelled(peer);
            }
        }
    }

    pub(super) fn active_mut(&mut self, key: Key) -> Option<&mut Active> {
        self.exchanges.get_mut(key)?.active.as_deref_mut()
    }
}
