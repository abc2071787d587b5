//! The public machine: all sessions behind one datagram path.

mod accept;
mod drive;
mod keep;
mod receive;

use std::{collections::VecDeque, sync::Arc};

use bytes::BytesMut;
use rand_chacha::ChaCha12Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::{
    Closed, Config, Counters, Event, Peer, SendError, SessionId, Usage,
    channel::{ConnectionId, Mute},
    config::ConnectionIds,
    cookie::Cookies,
    handshake::{Env, Handshake, Offer},
    message::{Alert, AlertDescription},
    prf::Side,
    record::ContentType,
    resume::{BINDING, Binding, Cache, Resumption},
    session::{Sessions, Stage},
    suite::Suite,
};
use crate::{
    CallId, Credentials, Entry, Hint, Mono, Now, Output, Route, StoreError,
    table::Key,
    timer::{TimerId, Timers},
};

/// Octets of the connection IDs that we issue: the shard, and five that nobody can guess. Their length is not in the
/// records, so all have the same.
const CONNECTION_ID: usize = 6;
/// Octets that datagrams are cut from.
const ARENA: usize = 16 * 1024;

/// What an endpoint waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The peer's flight.
    Flight(Key),
    /// The end of a handshake.
    End(Key),
    /// The session that was used least recently.
    Idle,
}

/// All sessions behind one datagram path: one endpoint per shard.
///
/// Four kinds of methods: getters; `handle_*` (what the network, the clock and answered calls say); commands (what the
/// owner wants); [`Endpoint::poll_output`]. After every mutation drain until [`Output::Timeout`]. A call is a [`Hint`]
/// to look up in the credential store.
#[derive(Debug)]
pub struct Endpoint {
    config: Arc<Config>,
    rng: ChaCha12Rng,
    cookies: Cookies,
    sessions: Sessions,
    cache: Cache,
    timers: Timers<Reason>,
    idle: TimerId,
    out: VecDeque<Output<Hint, Event>>,
    arena: BytesMut,
    /// Where sessions and handshakes were that are over.
    vacated: Vec<Route>,
    calls: u32,
    source_seed: u64,
    /// Was a hello message of the current datagram looked at?
    hello_seen: bool,
    counters: Counters,
}

/// What a connection of ours is made with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Connect {
    /// Our keys, and how the server proves itself.
    pub credentials: Arc<Credentials>,
    /// The server's host name or address, looked for in its certificate. A name is sent as SNI.
    pub host: Option<String>,
    /// Suites to offer, the most wanted first. Empty: those of [`Config::suites`]. Those that do not fit the
    /// credentials are left out.
    pub suites: Vec<Suite>,
    /// An earlier session with the same server, to be resumed if the server agrees.
    pub resume: Option<Resumption>,
}

impl Connect {
    /// With these keys.
    #[must_use]
    pub const fn new(credentials: Arc<Credentials>) -> Self {
        Self { credentials, host: None, suites: Vec::new(), resume: None }
    }

    /// A hash of host and keys, to be stored beside a copy of the session: what was made with others must not go on with
    /// these.
    #[must_use]
    pub fn binding(&self) -> [u8; BINDING] {
        Binding::new(self.host.as_deref(), &self.credentials).0
    }
}

/// Why no handshake was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// No cipher suite goes with these credentials.
    #[error("no cipher suite goes with these credentials")]
    NoSuite,
    /// The pre-shared key is empty: everybody has it.
    #[error("the pre-shared key is empty")]
    EmptyKey,
}

/// Getters.
impl Endpoint {
    /// An endpoint without sessions. Equal seeds and equal calls give equal outputs: the seed must be unguessable, and
    /// never be used twice.
    #[must_use]
    pub fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        let mut rng = ChaCha12Rng::from_seed(seed);
        Self {
            cookies: Cookies::new(&mut rng),
            sessions: Sessions::new(rng.next_u64()),
            cache: Cache::new(rng.next_u64()),
            timers: Timers::default(),
            idle: TimerId::NONE,
            out: VecDeque::new(),
            arena: BytesMut::with_capacity(ARENA),
            vacated: Vec::new(),
            calls: 0,
            source_seed: rng.next_u64(),
            hello_seen: false,
            counters: Counters::default(),
            config,
            rng,
        }
    }

    /// The shard whose connection ID the first record of a datagram carries, if it carries one.
    #[must_use]
    pub fn shard_of(datagram: &[u8]) -> Option<u8> {
        let (head, rest) = datagram.split_at_checked(super::record::HEADER - 2)?;
        (head.first() == Some(&(ContentType::Cid as u8))).then(|| rest.first().copied())?
    }

    /// Is there a session or a handshake with a peer there? If not, nothing of that route needs to be kept.
    #[must_use]
    pub fn knows(&self, route: Route) -> bool {
        self.sessions.is_anybody_at(route)
    }

    /// Is there a handshake with a peer there? What it sends may cost public-key operations.
    #[must_use]
    pub fn is_shaking_hands(&self, route: Route) -> bool {
        self.sessions.half_at(route).is_some()
    }

    /// Who a session is with.
    #[must_use]
    pub fn peer(&self, session: SessionId) -> Option<&Arc<Peer>> {
        self.sessions.open(session.0).map(|open| &open.peer)
    }

    /// Where its peer is.
    #[must_use]
    pub fn route(&self, session: SessionId) -> Option<Route> {
        self.sessions.get(session.0).map(|session| session.route)
    }

    /// Octets that a record of a session adds to what it carries, at most.
    #[must_use]
    pub fn overhead(&self, session: SessionId) -> Option<usize> {
        self.sessions.open(session.0).map(|open| open.channel.overhead())
    }

    /// What the next connection to the same server resumes, at a client. `None`: the server did not offer it.
    #[must_use]
    pub fn resumption(&self, session: SessionId) -> Option<Resumption> {
        self.sessions.open(session.0)?.resumption.as_deref().cloned()
    }

    /// What is held at this moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage {
            sessions: self.sessions.opened(),
            handshakes: self.sessions.halves(),
            resumable: self.cache.len(),
        }
    }

    /// What happened how often.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }
}

/// What the clock and answered calls say. Datagrams: [`Endpoint::handle_datagram`].
impl Endpoint {
    /// The deadline of the last [`Output::Timeout`] has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some(reason) = self.timers.expired(now.mono) {
            match reason {
                Reason::Flight(key) => self.flight_unanswered(now, key),
                Reason::End(key) => self.give_up(key),
                Reason::Idle => self.drop_idle(now),
            }
        }
    }

    /// The credential store has answered.
    ///
    /// `Ok(None)` is told to the peer, and it takes that for final. After `Err` it hears nothing, and its repetition asks
    /// the store again.
    pub fn handle_result(&mut self, now: Now, call: CallId, answer: &Result<Option<Entry>, StoreError>) {
        let Some(key) = self.sessions.half_of(call) else { return };
        let Some((handshake, mut env)) = self.handshake(now, key) else { return };
        match answer {
            Ok(entry) => {
                let step = handshake.answer(&mut env, entry.as_ref());
                self.drive(now, key, step);
            }
            Err(_) => handshake.no_answer(),
        }
    }

    /// The next output. Call until [`Output::Timeout`].
    pub fn poll_output(&mut self) -> Output<Hint, Event> {
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        while let Some(route) = self.vacated.pop() {
            if !self.knows(route) {
                return Output::Event(Event::Vacant { route });
            }
        }
        Output::Timeout(self.timers.next())
    }
}

/// What the owner wants.
impl Endpoint {
    /// Begins a handshake. It ends in [`Event::Established`] or [`Event::Closed`]. An earlier attempt with the same route
    /// is given up; an earlier session stays until the new one is proved.
    ///
    /// # Errors
    /// There is nothing to offer.
    pub fn connect(&mut self, now: Now, route: Route, connect: Connect) -> Result<SessionId, ConnectError> {
        let Connect { credentials, host, suites, resume } = connect;
        let wanted = if suites.is_empty() { &self.config.suites } else { &suites };
        if matches!(&*credentials, Credentials::Psk { key, .. } if key.expose().is_empty()) {
            return Err(ConnectError::EmptyKey);
        }
        let has_psk = matches!(&*credentials, Credentials::Psk { .. });
        let suites = wanted.iter().copied().filter(|suite| suite.exchange().has_psk() == has_psk).collect();
        // Other keys, or dates that have passed: the server has to prove itself anew.
        let resumes = |resume: &Resumption| {
            self.config.resumption
                && resume.still_holds(now)
                && resume.is_bound_to(host.as_deref(), &credentials)
        };
        let resume = resume.filter(resumes);
        let offer = Offer {
            credentials,
            suites,
            resume,
            host,
            connection_id: self.config.connection_id != ConnectionIds::Off,
            max_fragment_length: self.config.max_fragment_length,
            cookie: Default::default(),
            other: None,
            verified: 0,
        };
        if offer.suites.is_empty() {
            return Err(ConnectError::NoSuite);
        }
        if let Some(earlier) = self.sessions.half_at(route) {
            self.end(earlier, Closed::Replaced);
        }
        let own_cid = self.connection_id();
        let handshake = Handshake::client(offer, own_cid, &mut self.env(now));
        // The route is free: what was there has just been ended.
        let Some(key) = self.sessions.begin(route, true, Box::new(handshake)) else {
            return Err(ConnectError::NoSuite);
        };
        self.counters.handshakes += 1;
        self.begin_timers(now, key);
        self.send_flight(now, key);
        Ok(SessionId(key))
    }

    /// Sends data in a record of its own.
    ///
    /// # Errors
    /// See [`SendError`]; nothing was sent.
    pub fn send(&mut self, now: Now, session: SessionId, data: &[u8]) -> Result<(), SendError> {
        let Some(entry) = self.sessions.get_mut(session.0) else { return Err(SendError::Unknown) };
        let route = entry.route;
        let Stage::Open(open) = &mut entry.stage else { return Err(SendError::NotEstablished) };
        let sealed = open.channel.seal(&mut self.arena, &mut self.rng, ContentType::ApplicationData, &[data]);
        match sealed {
            Ok(()) => (),
            Err(Mute::TooLong) => return Err(SendError::TooLong),
            Err(Mute::Unreserved) => return Err(SendError::Unreserved),
            Err(Mute::Exhausted) => {
                self.end(session.0, Closed::Exhausted);
                return Err(SendError::Exhausted);
            }
        }
        let frame = self.arena.split().freeze();
        self.out.push_back(Output::Transmit { route, frame });
        self.sessions.touch(now.mono, session.0);
        self.watch_reserve(session);
        Ok(())
    }

    /// Ends a session, or an attempt to have one. The peer is told; no event follows. A session can be resumed later.
    pub fn close(&mut self, session: SessionId) {
        let alert = match self.sessions.open(session.0) {
            Some(_) => Alert::warning(AlertDescription::CLOSE_NOTIFY),
            None => Alert::fatal(AlertDescription::USER_CANCELED),
        };
        self.send_alert(session.0, alert);
        self.remove(session.0);
    }

    /// Gives up a handshake of ours with a peer there, if there is one. The peer is told; no event follows.
    pub fn abandon(&mut self, route: Route) {
        let Some(key) = self.sessions.half_at(route) else { return };
        if self.sessions.handshake_mut(key).is_some_and(|handshake| handshake.side() == Side::Client) {
            self.close(SessionId(key));
        }
    }

    /// Keys were withdrawn: ends the sessions with such peers, tells both sides, and lets nobody resume them.
    ///
    /// Handshakes with such peers end as well. What the store is being asked at this moment it is asked again: its answer
    /// may be older.
    pub fn forget(&mut self, mut with: impl FnMut(&Peer) -> bool) {
        self.cache.forget(&mut with);
        let mut stale = Vec::new();
        let mut gone: Vec<Key> = Vec::new();
        for (key, session) in self.sessions.all() {
            match &session.stage {
                Stage::Open(open) if with(&open.peer) => gone.push(key),
                Stage::Handshake(handshake) if handshake.peer().is_some_and(&mut with) => gone.push(key),
                Stage::Handshake(handshake) => {
                    stale.extend(handshake.asked().map(|hint| (key, hint.clone())));
                }
                Stage::Open(_) => (),
            }
        }
        for (key, hint) in stale {
            self.ask(key, hint);
        }
        for key in gone {
            self.send_alert(key, Alert::fatal(AlertDescription::ACCESS_DENIED));
            self.end(key, Closed::Withdrawn);
        }
    }
}

impl Endpoint {
    fn env(&mut self, now: Now) -> Env<'_> {
        Env { now, config: &self.config, rng: &mut self.rng, cache: &self.cache }
    }

    /// A handshake, and what it needs.
    fn handshake(&mut self, now: Now, key: Key) -> Option<(&mut Handshake, Env<'_>)> {
        let Self { config, rng, cache, sessions, .. } = self;
        Some((sessions.handshake_mut(key)?, Env { now, config, rng, cache }))
    }

    /// What a peer is to put into its records, empty if we issue none.
    fn connection_id(&mut self) -> ConnectionId {
        let mut cid = ConnectionId::new();
        if let ConnectionIds::Issue { shard } = self.config.connection_id {
            while cid.is_empty() || self.sessions.by_cid(&cid).is_some() {
                let mut octets = [0; CONNECTION_ID];
                self.rng.fill_bytes(&mut octets);
                if let Some(first) = octets.first_mut() {
                    *first = shard;
                }
                cid = ConnectionId::from_slice(&octets);
            }
        }
        cid
    }

    /// Octets of the connection IDs in what peers send.
    fn issued_length(&self) -> usize {
        if matches!(self.config.connection_id, ConnectionIds::Issue { .. }) { CONNECTION_ID } else { 0 }
    }

    /// Looks once more at the session that was used least recently.
    fn drop_idle(&mut self, now: Now) {
        let Some(idle) = self.config.idle else { return };
        while let Some(key) = self.sessions.coldest() {
            let Some(used) = self.sessions.open(key).map(|open| open.used) else { return };
            let until = used.after(idle);
            if until > now.mono {
                self.timers.cancel(&mut self.idle);
                self.idle = self.timers.set(until, Reason::Idle);
                return;
            }
            self.send_alert(key, Alert::warning(AlertDescription::CLOSE_NOTIFY));
            self.end(key, Closed::Idle);
        }
    }

    fn watch_idle(&mut self, now: Mono) {
        if let Some(idle) = self.config.idle
            && self.sessions.opened() == 1
        {
            self.timers.cancel(&mut self.idle);
            self.idle = self.timers.set(now.after(idle), Reason::Idle);
        }
    }
}
