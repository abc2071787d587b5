//! The CoAP endpoint machine. [RFC 7252 §4, §5]

mod answer;
mod block;
mod dedup;
mod exchange;
mod frame;
mod gone;
mod hold_off;
mod inbound;
mod limits;
mod observe;
mod pace;
mod peers;
mod protect;
mod receive;
mod reliability;
mod respond;
mod stream;
mod timer;
mod turn;

use std::{collections::VecDeque, sync::Arc};

use bytes::{Bytes, BytesMut};
use foldhash::quality::FixedState;
use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng};

use self::{
    block::Transfer,
    dedup::Dedup,
    exchange::{Exchange, Tokens},
    hold_off::HoldOffs,
    inbound::Inbound,
    peers::Peers,
    receive::Locked,
    reliability::Sending,
    table::{Key, Table},
    timer::{Reason, TimerId, Timers},
};
pub use self::{
    limits::{Config, Counters, Limits, Rate, Usage},
    observe::is_newer,
    protect::{Inner, Protect, ProtectError, Unprotected},
};
use super::{
    BodyId, Call, Delivery, DeliveryId, Event, ExchangeId, InboundId, Message, MessageType, Payload, Request,
    Response, Segment,
};
use crate::{CallId, Entry, Link, Mono, Now, Output, PeerId, Route, StoreError, table};

/// Octets of a body that may go to a peer that has not shown that it is there. Attack: a Register or Bootstrap-Request in
/// the name of a victim, to which firmware or certificates are then sent, each message up to five times.
const UNPROVEN: usize = 128;

/// One endpoint per shard, for all its peers.
///
/// Four kinds of methods: getters; `handle_*` (what the network, the clock and answered calls say); commands (what
/// the application wants); [`Endpoint::poll_output`]. After every mutation drain until [`Output::Timeout`].
///
/// A command that cannot be carried out never panics and never fails silently where an id was given out for it: a
/// request ends in [`Event::Failed`], a response or notification in [`Event::Undelivered`]. Other commands on ids
/// that are gone do nothing.
#[derive(Debug)]
pub struct Endpoint {
    config: Arc<Config>,
    protect: Option<Box<dyn Protect>>,
    rng: ChaCha12Rng,
    peers: Peers,
    exchanges: Table<Exchange>,
    tokens: Tokens,
    inbound: Table<Inbound>,
    unanswered: usize,
    unanswered_unregistered: usize,
    sending: Table<Sending>,
    transfers: Table<Transfer>,
    /// Beginnings of paths whose bodies are streamed.
    routes: Vec<Box<[Segment]>>,
    /// Octets of bodies in transfer.
    body_bytes: usize,
    unregistered_bytes: usize,
    /// Their transfers, least recently used first, among others that are gone.
    guests: VecDeque<Key>,
    hold_offs: HoldOffs,
    hasher: FixedState,
    dedup: Dedup,
    forget: TimerId,
    timers: Timers,
    out: VecDeque<Output<Call, Event>>,
    arena: BytesMut,
    /// Frames that wait for keys.
    locked: VecDeque<Locked>,
    unlocking: bool,
    calls: u64,
    deliveries: u64,
    /// Highest sequence number of a relation that has ended.
    last_sequence: u32,
    counters: Counters,
}

/// Peers that one new peer displaces at most. When thousands of registrations end together, all their peers are over
/// the limit at once, and the next datagram must not pay for them.
const DISPLACED_AT_ONCE: usize = 4;

/// Getters.
impl Endpoint {
    /// An endpoint without peers. Equal seeds and equal calls give equal outputs; the seed must be unguessable.
    #[must_use]
    pub fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        let mut rng = ChaCha12Rng::from_seed(seed);
        let dedup = Dedup::new(rng.next_u64(), config.limits.dedup_bytes);
        Self {
            protect: None,
            peers: Peers::new(rng.next_u64()),
            exchanges: Table::default(),
            tokens: Tokens::new(rng.next_u64()),
            inbound: Table::default(),
            unanswered: 0,
            unanswered_unregistered: 0,
            sending: Table::default(),
            transfers: Table::default(),
            routes: Vec::new(),
            body_bytes: 0,
            unregistered_bytes: 0,
            guests: VecDeque::new(),
            hold_offs: HoldOffs::new(rng.next_u64()),
            hasher: FixedState::with_seed(rng.next_u64()),
            dedup,
            forget: TimerId::NONE,
            timers: Timers::default(),
            out: VecDeque::new(),
            arena: BytesMut::new(),
            locked: VecDeque::new(),
            unlocking: false,
            calls: 0,
            deliveries: 0,
            last_sequence: 0,
            counters: Counters::default(),
            config,
            rng,
        }
    }

    /// Every message goes through `protect`.
    #[must_use]
    pub fn with_protect(mut self, protect: Box<dyn Protect>) -> Self {
        self.protect = Some(protect);
        self
    }

    /// The peer behind a route.
    #[must_use]
    pub fn peer_at(&self, route: Route) -> Option<PeerId> {
        self.peers.at(route).map(|peer| self.peers.id(peer))
    }

    /// The route of a peer.
    #[must_use]
    pub fn route_of(&self, peer: PeerId) -> Option<Route> {
        self.peers.route(self.peers.find(peer)?)
    }

    /// The peer's link parameters.
    #[must_use]
    pub fn link_of(&self, peer: PeerId) -> Option<&Link> {
        self.peers.link(self.peers.find(peer)?)
    }

    /// What is held at this moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage {
            peers: self.peers.len(),
            unregistered: self.peers.unregistered(),
            exchanges: self.exchanges.len(),
            inbound: self.inbound.len(),
            unanswered: self.unanswered,
            sending: self.sending.len(),
            transfers: self.transfers.len(),
            body_bytes: self.body_bytes,
            remembered: self.dedup.len(),
        }
    }

    /// What was refused, dropped or repeated.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}

/// What the network, the clock and answered calls say.
impl Endpoint {
    /// A link came up. A route that is known already keeps its peer.
    pub fn handle_up(&mut self, now: Now, route: Route, link: Link) -> PeerId {
        if let Some(peer) = self.peers.at(route) {
            self.peers.set_link(peer, link);
            return self.peers.id(peer);
        }
        if let Some(stale) = self.peers.in_slot_of(route) {
            self.forget_peer(now, stale);
        }
        for _ in 0..DISPLACED_AT_ONCE {
            if self.peers.unregistered() >= self.config.limits.unregistered_peers.max(1)
                && let Some(coldest) = self.peers.coldest()
            {
                self.displace(now, coldest);
            }
        }
        let peer = self.peers.insert(now.mono, route, link, &mut self.rng);
        self.peers.id(peer)
    }

    /// New MTU, timers or limits of a live link.
    pub fn handle_change(&mut self, now: Now, route: Route, link: Link) {
        let Some(peer) = self.peers.at(route) else { return };
        let before = self.peers.link(peer).map_or(usize::MAX, |link| link.mtu);
        let mtu = link.mtu;
        self.peers.set_link(peer, link);
        if mtu < before {
            self.cut_anew(now, peer, mtu);
        }
    }

    /// A link is gone: its exchanges fail, its observers end, the peer is forgotten. Its unanswered requests end
    /// without an event; answers to them are undelivered.
    pub fn handle_down(&mut self, now: Now, route: Route) {
        if let Some(peer) = self.peers.at(route) {
            self.forget_peer(now, peer);
        }
    }

    /// Cannot fail: bad input is answered or dropped as [RFC 7252 §4.2, §4.3] say, and counted.
    #[allow(clippy::needless_pass_by_value, reason = "what is kept of the frame shares its memory")]
    pub fn handle_frame(&mut self, now: Now, route: Route, frame: Bytes) {
        self.counters.frames_in += 1;
        let Some(peer) = self.peers.at(route) else {
            self.counters.unknown_link += 1;
            return;
        };
        self.heard(peer);
        let message = match Message::parse(&frame) {
            Ok(message) => message,
            Err(malformed) => return self.handle_malformed(now, peer, malformed),
        };
        let counts = matches!(message.kind, MessageType::Confirmable | MessageType::NonConfirmable);
        if counts && !self.within_rate(now, peer) {
            return;
        }
        if message.is_empty() {
            return self.handle_empty(now, peer, &message);
        }
        self.unprotect(now, peer, &message, &frame);
    }

    /// The deadline has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some(reason) = self.timers.expired(now.mono) {
            match reason {
                Reason::Retransmit(key) => self.retransmit(now, key),
                Reason::Unanswered(key) => self.unanswered_overdue(now, key),
                Reason::Answer(key) => self.answer_overdue(now, key),
                Reason::Transfer(key) => self.drop_transfer(key),
                Reason::Forget => self.forget_overdue(now),
            }
        }
    }

    /// Answers to [`Output::Call`]: the keys that a frame needs. The frame is read once more.
    pub fn handle_result(&mut self, now: Now, id: CallId, entry: Result<Option<Entry>, StoreError>) {
        let Some(at) = self.locked.iter().position(|locked| locked.call == id) else { return };
        let Some(locked) = self.locked.remove(at) else { return };
        let Some(route) = self.route_of(locked.peer) else { return };
        let Some(protect) = &mut self.protect else { return };
        protect.learn(now, locked.peer, entry);
        self.unlocking = true;
        self.handle_frame(now, route, locked.frame);
        self.unlocking = false;
    }
}

/// What the application wants.
#[allow(clippy::needless_pass_by_value, reason = "bodies are handed over")]
impl Endpoint {
    /// Sends a request. With an Observe option (0) the exchange lives until cancelled or ended. An Observe of 1 goes
    /// under the token of the observation of the same target, which ends without a further event.
    pub fn request(&mut self, now: Now, peer: PeerId, request: Request, how: Delivery) -> ExchangeId {
        self.begin_request(now, peer, request, how)
    }

    /// Asks whether the peer is there: ends in [`Event::Pong`] or [`Event::Failed`]. [RFC 7252 §4.3]
    pub fn ping(&mut self, now: Now, peer: PeerId) -> ExchangeId {
        self.begin_ping(now, peer)
    }

    /// Answers. Leaves by the route the request came by; late, an empty ACK has gone out and this becomes a separate
    /// response. A response to an Observe that carries the Observe option begins the relation; the endpoint sets the
    /// option's value.
    pub fn respond(&mut self, now: Now, id: InboundId, response: Response) -> DeliveryId {
        self.begin_response(now, Key::unpack(id.0), response)
    }

    /// A notification in a relation. The endpoint adds the Observe option; the body must be whole. A code that is no
    /// success ends the relation; so does, with 4.06, another Content-Format than the first answer had.
    /// [RFC 7641 §4.2]
    ///
    /// While a confirmable one is not acknowledged, the newest waits and then takes its place. Those that are overtaken
    /// are [`Event::Undelivered`] with [`Superseded`](super::ExchangeError::Superseded). Once a day a notification is
    /// confirmable whatever `how` says. [RFC 7641 §4.5]
    pub fn notify(&mut self, now: Now, id: InboundId, response: Response, how: Delivery) -> DeliveryId {
        self.begin_notify(now, Key::unpack(id.0), response, how)
    }

    /// Ends a relation from our side without a message and without an event; a later notification is undelivered.
    pub fn end_observation(&mut self, now: Now, id: InboundId) {
        let _ = now;
        self.end_relation(Key::unpack(id.0), None);
    }

    /// Acknowledges (kept) or leaves unacknowledged (refused) a confirmable notification. One that is refused comes
    /// again as a [`Event::Notification`] when the peer repeats it.
    pub fn settle(&mut self, now: Now, id: ExchangeId, seen: u32, kept: bool) {
        self.settle_notification(now, Key::unpack(id.0), seen, kept);
    }

    /// Bodies of requests whose path begins so are not collected: a POST, PUT, PATCH or iPATCH becomes
    /// [`Event::RequestHead`] and [`Event::Body`].
    pub fn stream_route(&mut self, uri: &[Segment]) {
        self.routes.push(uri.into());
    }

    /// A successful answer to this request comes as [`Event::ResponseHead`] and [`Event::Body`]; not for Observe.
    /// To be called before the answer can be there, that is, at once.
    pub fn stream_answer(&mut self, id: ExchangeId) {
        self.want_streamed(Key::unpack(id.0));
    }

    /// The last part of an incoming streamed body is kept: the next may come.
    pub fn accept_more(&mut self, now: Now, body: BodyId) {
        match body {
            BodyId::Inbound(id) => self.grant_block(now, Key::unpack(id.0)),
            BodyId::Ours(id) => self.fetch_more(now, Key::unpack(id.0)),
        }
    }

    /// A part of an outgoing streamed body, as [`Event::NeedBody`] asked for it: from its `offset` on, no more than
    /// its `max` octets (what is over is ignored), fewer only with `last` or if the rest follows in a further call.
    /// A peer that lost something may have an earlier offset asked for again.
    pub fn provide(&mut self, now: Now, body: BodyId, offset: u64, bytes: Bytes, last: bool) {
        match body {
            BodyId::Inbound(id) => self.provide_answer(now, Key::unpack(id.0), offset, &bytes, last),
            BodyId::Ours(id) => self.provide_request(now, Key::unpack(id.0), offset, &bytes, last),
        }
    }

    /// Gives up a request, or an observation: the next notification is reset. [RFC 7641 §3.6] No event follows.
    pub fn cancel(&mut self, now: Now, id: ExchangeId) {
        self.cancel_request(now, Key::unpack(id.0));
    }

    /// Asks once more for what we observe: the peer may have forgotten it. The request goes under the same token, so that
    /// a peer that has not forgotten keeps one observation. [RFC 7641 §3.3.1] The answer comes as
    /// [`Event::Notification`], its absence as [`Event::Failed`].
    pub fn observe_again(&mut self, now: Now, id: ExchangeId) {
        self.ask_again(now, Key::unpack(id.0));
    }

    /// When a request that has not been acknowledged is sent again, or given up. [RFC 7252 §4.2]
    #[must_use]
    pub fn repeats_at(&self, id: ExchangeId) -> Option<Mono> {
        self.repetition(Key::unpack(id.0))
    }

    /// Two peers change places: each goes on over the other's link. For a peer that is known by what it says (the
    /// location of its registration) and comes back from elsewhere: its exchanges and observations stay its own.
    pub fn swap_links(&mut self, a: PeerId, b: PeerId) {
        if let (Some(a), Some(b)) = (self.peers.find(a), self.peers.find(b)) {
            self.peers.swap_links(a, b);
        }
    }

    /// The peer is where its link leads: a session was set up with it, or we have chosen the address. What else proves
    /// it the endpoint sees by itself, see [`Limits::amplification`].
    pub fn set_proven(&mut self, peer: PeerId) {
        if let Some(peer) = self.peers.find(peer) {
            self.prove(peer);
        }
    }

    /// Has the peer shown that it is where its link leads? Before that little should be sent to it: somebody else may stand
    /// there. `true` also where [`Limits::amplification`] is switched off.
    #[must_use]
    pub fn has_proven(&self, peer: PeerId) -> bool {
        let cares = self.config.limits.amplification.is_some();
        !cares || self.peers.find(peer).is_some_and(|peer| self.is_proven(peer))
    }

    /// Is the body of this request more than a peer should be sent that has not shown that it is there? It should be asked
    /// something small first: only who is there can answer, whatever the answer is.
    #[must_use]
    pub fn is_too_much_for(&self, peer: PeerId, request: &Request) -> bool {
        let large = match &request.payload {
            Payload::Whole(bytes) => bytes.len() > UNPROVEN,
            Payload::Streamed { .. } => true,
        };
        large && !self.has_proven(peer)
    }

    /// What the peer sends may have been played back: its requests are dropped, and it repeats them if they are its own.
    /// When it has answered one of ours, [`Event::Fresh`] says so, and the doubt can be taken away.
    pub fn set_doubted(&mut self, peer: PeerId, doubted: bool) {
        if let Some(entry) = self.peers.find(peer).and_then(|peer| self.peers.get_mut(peer)) {
            entry.doubted = doubted;
        }
    }

    /// Registered peers are not displaced by others.
    pub fn set_registered(&mut self, peer: PeerId, registered: bool) {
        if let Some(peer) = self.peers.find(peer) {
            if !registered {
                self.forget_all_cancelled(peer);
            }
            self.peers.set_registered(peer, registered);
        }
    }
}

/// Outputs.
impl Endpoint {
    /// The next output. Call until [`Output::Timeout`].
    pub fn poll_output(&mut self, now: Now) -> Output<Call, Event> {
        let _ = now;
        self.out.pop_front().unwrap_or_else(|| Output::Timeout(self.timers.next()))
    }
}
