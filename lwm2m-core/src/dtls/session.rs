//! Sessions and handshakes: whose a datagram is, and who makes room. [RFC 9146 §3, RFC 6347 §4.2.8]

use std::{collections::HashMap, hash::BuildHasher as _, sync::Arc};

use foldhash::quality::FixedState;
use hashbrown::HashTable;

use super::{
    Peer,
    channel::Channel,
    handshake::{Handshake, LastFlight},
    prf::Side,
    resume::Resumption,
    suite::Suite,
};
use crate::{
    CallId, Endpoints, Identity, Mono, Route,
    table::{Key, List, Table},
};

/// An association with a peer.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) route: Route,
    /// Its route leads to another session: it is found by its connection ID alone.
    stray: bool,
    /// Does the owner know it: did it begin it, or was it told?
    pub(super) known: bool,
    pub(super) stage: Stage,
}

#[derive(Debug)]
pub(super) enum Stage {
    Handshake(Box<Handshake>),
    Open(Box<Open>),
}

/// What is left when the handshake is over.
#[derive(Debug)]
pub(super) struct Open {
    /// Where the handshake made it: keys that are moved leave copies behind.
    pub(super) channel: Box<Channel>,
    pub(super) peer: Arc<Peer>,
    pub(super) suite: Suite,
    /// When it was last used.
    pub(super) used: Mono,
    /// Some octets of the client's random: a late copy of its hello message begins nothing.
    pub(super) hello: [u8; 8],
    /// For the peer that has not received our last flight.
    pub(super) last: Option<Box<LastFlight>>,
    /// For the next connection, at a client.
    pub(super) resumption: Option<Box<Resumption>>,
    pub(super) side: Side,
    /// The owner keeps copies of it.
    pub(super) kept: Option<Keeping>,
}

/// A session of which there are copies outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keeping {
    /// How many numbers a copy reserves.
    pub(super) ahead: u64,
    /// Up to which number the newest copy reserves.
    pub(super) up_to: u64,
    /// The owner was told that few of them are left.
    pub(super) told: bool,
}

impl Session {
    fn own_cid(&self) -> &[u8] {
        match &self.stage {
            Stage::Handshake(handshake) => handshake.own_cid(),
            Stage::Open(open) => open.channel.own_cid(),
        }
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct Sessions {
    table: Table<Session>,
    /// Sessions, the least recently used first.
    open: List,
    /// Handshakes of peers and ours, the one that has gone longest without progress first.
    half: List,
    opened: usize,
    open_by_route: HashTable<u32>,
    half_by_route: HashTable<u32>,
    by_cid: HashTable<u32>,
    /// Sessions with peers whose keys are theirs alone.
    by_peer: HashTable<u32>,
    /// How many sessions are at an address that leads to another session.
    strays: HashMap<Route, u32, FixedState>,
    /// Handshakes that peers began.
    begun: usize,
    /// The same, by where they are.
    sources: HashMap<u64, u32, FixedState>,
    hasher: FixedState,
}

impl Sessions {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            table: Table::default(),
            open: List::EMPTY,
            half: List::EMPTY,
            opened: 0,
            open_by_route: HashTable::new(),
            half_by_route: HashTable::new(),
            by_cid: HashTable::new(),
            by_peer: HashTable::new(),
            strays: HashMap::with_hasher(FixedState::with_seed(seed)),
            begun: 0,
            sources: HashMap::with_hasher(FixedState::with_seed(seed)),
            hasher: FixedState::with_seed(seed),
        }
    }

    pub(super) const fn opened(&self) -> usize {
        self.opened
    }

    pub(super) fn halves(&self) -> usize {
        self.table.len().saturating_sub(self.opened)
    }

    pub(super) fn get(&self, key: Key) -> Option<&Session> {
        self.table.get(key)
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Session> {
        self.table.get_mut(key)
    }

    pub(super) fn open(&self, key: Key) -> Option<&Open> {
        match &self.table.get(key)?.stage {
            Stage::Open(open) => Some(open),
            Stage::Handshake(_) => None,
        }
    }

    pub(super) fn open_mut(&mut self, key: Key) -> Option<&mut Open> {
        match &mut self.table.get_mut(key)?.stage {
            Stage::Open(open) => Some(open),
            Stage::Handshake(_) => None,
        }
    }

    pub(super) fn handshake_mut(&mut self, key: Key) -> Option<&mut Handshake> {
        match &mut self.table.get_mut(key)?.stage {
            Stage::Handshake(handshake) => Some(handshake),
            Stage::Open(_) => None,
        }
    }

    /// The session with a peer that is there.
    pub(super) fn open_at(&self, route: Route) -> Option<Key> {
        self.at(&self.open_by_route, route)
    }

    /// The handshake with a peer that is there.
    pub(super) fn half_at(&self, route: Route) -> Option<Key> {
        self.at(&self.half_by_route, route)
    }

    /// The session or handshake that a connection ID of ours was issued for.
    pub(super) fn by_cid(&self, cid: &[u8]) -> Option<Key> {
        let at = self.by_cid.find(self.hasher.hash_one(cid), |at| self.own_cid(*at) == Some(cid))?;
        self.table.at(*at).map(|(key, _)| key)
    }

    /// How many handshakes were begun from a source.
    pub(super) fn from(&self, source: u64) -> usize {
        self.sources.get(&source).map_or(0, |count| *count as usize)
    }

    /// How many handshakes peers began.
    pub(super) const fn begun_by_peers(&self) -> usize {
        self.begun
    }

    /// The handshake that asked a question.
    pub(super) fn half_of(&self, call: CallId) -> Option<Key> {
        let (key, session) = self.table.at(call.0 as u32)?;
        match &session.stage {
            Stage::Handshake(handshake) => (handshake.call == Some(call)).then_some(key),
            Stage::Open(_) => None,
        }
    }

    /// A new handshake. `None`: there is one with this peer already.
    pub(super) fn begin(&mut self, route: Route, known: bool, handshake: Box<Handshake>) -> Option<Key> {
        if self.half_at(route).is_some() {
            return None;
        }
        if let Some(source) = handshake.source() {
            self.begun += 1;
            *self.sources.entry(source).or_default() += 1;
        }
        let with_cid = !handshake.own_cid().is_empty();
        let stage = Stage::Handshake(handshake);
        let key = self.table.insert(&mut self.half, Session { route, stray: false, known, stage });
        Self::index(&self.table, &self.hasher, &mut self.half_by_route, key.index, route);
        if with_cid {
            self.index_cid(key);
        }
        Some(key)
    }

    /// A session that comes from a store.
    pub(super) fn restore(&mut self, route: Route, open: Box<Open>) -> Key {
        let with_cid = !open.channel.own_cid().is_empty();
        let session = Session { route, stray: false, known: true, stage: Stage::Open(open) };
        let key = self.table.insert(&mut self.open, session);
        self.opened += 1;
        self.take_route(key, route);
        self.index_peer(key);
        if with_cid {
            self.index_cid(key);
        }
        key
    }

    /// The handshake is over: the session begins, and is what its route leads to from now on.
    pub(super) fn establish(&mut self, key: Key, open: Box<Open>) {
        let Some(session) = self.table.get_mut(key) else { return };
        let route = session.route;
        let cid_stays = session.own_cid() == open.channel.own_cid();
        let before = std::mem::replace(&mut session.stage, Stage::Open(open));
        session.known = true;
        if let Stage::Handshake(handshake) = before {
            self.leave(handshake.source());
            if !cid_stays && !handshake.own_cid().is_empty() {
                self.unindex_cid(handshake.own_cid(), key.index);
            }
        }
        self.opened += 1;
        self.table.shift(&mut self.half, &mut self.open, key);
        self.unindex(true, route, key.index);
        self.take_route(key, route);
        self.index_peer(key);
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Session> {
        let session = self.table.get(key)?;
        let (route, half) = (session.route, matches!(session.stage, Stage::Handshake(_)));
        let cid = (!session.own_cid().is_empty()).then(|| session.own_cid().to_vec());
        self.leave_route(key, half, route);
        self.unindex_peer(key);
        if let Some(cid) = cid {
            self.unindex_cid(&cid, key.index);
        }
        let list = if half { &mut self.half } else { &mut self.open };
        let session = self.table.remove(list, key)?;
        match &session.stage {
            Stage::Handshake(handshake) => self.leave(handshake.source()),
            Stage::Open(_) => self.opened = self.opened.saturating_sub(1),
        }
        Some(session)
    }

    /// The peer of a session with a connection ID has another address.
    pub(super) fn relocate(&mut self, key: Key, route: Route) {
        let Some(before) = self.table.get(key).map(|session| session.route) else { return };
        self.leave_route(key, false, before);
        if let Some(session) = self.table.get_mut(key) {
            session.route = route;
        }
        // One that is found by its route alone keeps it.
        match self.open_at(route) {
            None => self.take_route(key, route),
            Some(_) => self.stray(key, route),
        }
    }

    /// It was used, or made progress: it makes room last.
    pub(super) fn touch(&mut self, now: Mono, key: Key) {
        match self.table.get_mut(key).map(|session| &mut session.stage) {
            Some(Stage::Open(open)) => {
                open.used = now;
                self.table.renew(&mut self.open, key);
            }
            Some(Stage::Handshake(_)) => self.table.renew(&mut self.half, key),
            None => (),
        }
    }

    /// The session that was used least recently.
    pub(super) fn coldest(&self) -> Option<Key> {
        self.table.first(self.open)
    }

    /// The handshake of a peer that has gone longest without progress; with `source`, of those from there.
    pub(super) fn stalest(&self, source: Option<u64>) -> Option<Key> {
        let stale = |session: &Session| match &session.stage {
            Stage::Handshake(handshake) => match source {
                Some(_) => handshake.source() == source,
                None => handshake.source().is_some(),
            },
            Stage::Open(_) => false,
        };
        self.table.list(self.half).find(|(_, session)| stale(session)).map(|(key, _)| key)
    }

    /// All sessions and handshakes.
    pub(super) fn all(&self) -> impl Iterator<Item = (Key, &Session)> {
        self.table.list(self.open).chain(self.table.list(self.half))
    }

    /// Is anybody there: a session, a handshake, or a session that only its connection ID leads to?
    pub(super) fn is_anybody_at(&self, route: Route) -> bool {
        self.open_at(route).is_some() || self.half_at(route).is_some() || self.strays.contains_key(&route)
    }

    /// How many sessions there are with a peer, and the one that it used least recently. None are counted with peers that
    /// may use any endpoint name: their keys are those of many devices.
    pub(super) fn of_peer(&self, peer: &Peer) -> (usize, Option<Key>) {
        if peer.endpoints == Endpoints::Any {
            return (0, None);
        }
        let mut count = 0;
        let mut coldest: Option<(Mono, Key)> = None;
        for at in self.by_peer.iter_hash(self.peer_hash(peer)) {
            let Some((key, session)) = self.table.at(*at) else { continue };
            if let Stage::Open(open) = &session.stage
                && open.peer.identity == peer.identity
            {
                count += 1;
                if coldest.is_none_or(|(used, _)| open.used < used) {
                    coldest = Some((open.used, key));
                }
            }
        }
        (count, coldest.map(|(_, key)| key))
    }

    fn peer_hash(&self, peer: &Peer) -> u64 {
        match &peer.identity {
            Identity::Psk(octets) | Identity::RawPublicKey(octets) => self.hasher.hash_one(octets),
            Identity::Certificate { der, .. } => self.hasher.hash_one(der),
            _ => 0,
        }
    }

    fn hash_at(&self, at: u32) -> Option<u64> {
        let (key, _) = self.table.at(at)?;
        let open = self.open(key).filter(|open| open.peer.endpoints != Endpoints::Any)?;
        Some(self.peer_hash(&open.peer))
    }

    fn index_peer(&mut self, key: Key) {
        let Some(hash) = self.hash_at(key.index) else { return };
        let mut by_peer = std::mem::take(&mut self.by_peer);
        by_peer.insert_unique(hash, key.index, |at| self.hash_at(*at).unwrap_or(0));
        self.by_peer = by_peer;
    }

    fn unindex_peer(&mut self, key: Key) {
        let Some(hash) = self.hash_at(key.index) else { return };
        if let Ok(found) = self.by_peer.find_entry(hash, |of| *of == key.index) {
            found.remove();
        }
    }

    fn stray(&mut self, key: Key, route: Route) {
        if let Some(session) = self.table.get_mut(key) {
            session.stray = true;
            *self.strays.entry(route).or_default() += 1;
        }
    }

    /// Its route leads to it no more.
    fn leave_route(&mut self, key: Key, half: bool, route: Route) {
        let Some(session) = self.table.get_mut(key) else { return };
        if !std::mem::take(&mut session.stray) {
            return self.unindex(half, route, key.index);
        }
        if let Some(count) = self.strays.get_mut(&route) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.strays.remove(&route);
            }
        }
    }

    fn at(&self, index: &HashTable<u32>, route: Route) -> Option<Key> {
        let is = |at: &u32| self.table.at(*at).is_some_and(|(_, session)| session.route == route);
        let at = index.find(self.hasher.hash_one(route), is)?;
        self.table.at(*at).map(|(key, _)| key)
    }

    fn own_cid(&self, at: u32) -> Option<&[u8]> {
        self.table.at(at).map(|(_, session)| session.own_cid())
    }

    fn leave(&mut self, source: Option<u64>) {
        let Some(source) = source else { return };
        self.begun = self.begun.saturating_sub(1);
        if let Some(count) = self.sources.get_mut(&source) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.sources.remove(&source);
            }
        }
    }

    /// The route leads to this session, no longer to the one that was there.
    fn take_route(&mut self, key: Key, route: Route) {
        if let Some(before) = self.open_at(route) {
            self.unindex(false, route, before.index);
            self.stray(before, route);
        }
        Self::index(&self.table, &self.hasher, &mut self.open_by_route, key.index, route);
    }

    fn index(table: &Table<Session>, hasher: &FixedState, index: &mut HashTable<u32>, at: u32, route: Route) {
        index.insert_unique(hasher.hash_one(route), at, |at| {
            table.at(*at).map_or(0, |(_, session)| hasher.hash_one(session.route))
        });
    }

    fn unindex(&mut self, half: bool, route: Route, at: u32) {
        let index = if half { &mut self.half_by_route } else { &mut self.open_by_route };
        if let Ok(found) = index.find_entry(self.hasher.hash_one(route), |of| *of == at) {
            found.remove();
        }
    }

    fn index_cid(&mut self, key: Key) {
        let Self { table, by_cid, hasher, .. } = self;
        let hash = |at: u32| table.at(at).map_or(0, |(_, session)| hasher.hash_one(session.own_cid()));
        by_cid.insert_unique(hash(key.index), key.index, |at| hash(*at));
    }

    fn unindex_cid(&mut self, cid: &[u8], at: u32) {
        if let Ok(found) = self.by_cid.find_entry(self.hasher.hash_one(cid), |of| *of == at) {
            found.remove();
        }
    }
}
