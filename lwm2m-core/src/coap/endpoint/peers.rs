//! The peers of a shard: which route leads to whom, and what little each one costs while idle.

use std::{collections::HashMap, time::Duration};

use rand_core::Rng;
use slab::Slab;

use super::{
    dedup::Remembered,
    limits::Rate,
    pace::Pace,
    table::{List, NONE},
};
use crate::{Link, LinkId, Mono, PeerId, Route, coap::MessageId};

/// Message IDs are handed out in segments of this many. A segment lasts at least a fifteenth of EXCHANGE_LIFETIME,
/// so that an ID comes again only after all of it. [RFC 7252 §4.4]
const SEGMENT: u16 = 4096;

/// One peer. Everything that comes and goes is in tables of the shard and hangs here in lists.
#[derive(Debug)]
pub(super) struct Peer {
    generation: u32,
    route: Route,
    link: u32,
    next_id: u16,
    /// When the present segment of message IDs was begun; the first one need not last.
    segment_since: Option<Mono>,
    registered: bool,
    /// What it sends may have been played back, until it answers.
    pub(super) doubted: bool,
    /// Its link is gone, and it waits for another.
    lost: bool,
    /// Neighbours in order of use, among the unregistered.
    colder: u32,
    warmer: u32,
    /// Frames left, and when they were counted.
    allowance: u16,
    counted: Mono,
    pub(super) remembered: Remembered,
    pub(super) exchanges: List,
    pub(super) inbound: List,
    pub(super) sending: List,
    pub(super) transfers: List,
    /// Our exchanges.
    pub(super) exchange_count: u16,
    /// Those of them that were given up.
    pub(super) cancelled: u8,
    /// The peer's unanswered requests.
    pub(super) unanswered: u16,
    /// The peer's observations.
    pub(super) observers: u16,
    /// Requests of ours, and notifications, that are not acknowledged. [RFC 7252 §4.7] [RFC 7641 §4.5.1]
    pub(super) outstanding: u8,
    pub(super) notifying: u8,
    /// Requests of ours, and notifications, that wait for those to end.
    pub(super) waiting: u16,
    pub(super) held: u16,
    pub(super) pace: Pace,
}

#[derive(Debug)]
struct SharedLink {
    link: Link,
    exchange_lifetime: Duration,
    non_lifetime: Duration,
    used: u32,
}

/// The slot of a link, and the generation it had.
#[derive(Clone, Copy, Debug)]
struct Reached {
    generation: u32,
    peer: u32,
}

#[derive(Debug)]
pub(super) struct Peers {
    slab: Slab<Peer>,
    generation: u32,
    /// By transport, then by link index. Transports hand out small indices.
    dense: Vec<Vec<Reached>>,
    /// Links whose index is far out.
    sparse: HashMap<(u8, u32), Reached, foldhash::quality::FixedState>,
    /// Link parameters; most peers share one.
    links: Slab<SharedLink>,
    last_link: u32,
    coldest: u32,
    warmest: u32,
    unregistered: usize,
}

/// How far past its end the dense table may grow at once.
const DENSE_STEP: usize = 1024;

/// How many shared link parameters are compared before a new one is made.
const LINKS_COMPARED: usize = 16;

impl Peers {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            slab: Slab::new(),
            generation: 0,
            dense: Vec::new(),
            sparse: HashMap::with_hasher(foldhash::quality::FixedState::with_seed(seed)),
            links: Slab::new(),
            last_link: NONE,
            coldest: NONE,
            warmest: NONE,
            unregistered: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(super) fn unregistered(&self) -> usize {
        self.unregistered
    }

    /// The peer at a route. A link of another generation is another link.
    pub(super) fn at(&self, route: Route) -> Option<u32> {
        self.reached(route).filter(|reached| reached.generation == route.link.generation).map(|r| r.peer)
    }

    /// The peer of an older (or newer) link in the same slot of its transport.
    pub(super) fn in_slot_of(&self, route: Route) -> Option<u32> {
        self.reached(route).map(|reached| reached.peer)
    }

    pub(super) fn insert(&mut self, now: Mono, route: Route, link: Link, rng: &mut impl Rng) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        let link = self.share(link);
        let peer = self.slab.insert(Peer {
            generation: self.generation,
            route,
            link,
            next_id: rng.next_u32() as u16,
            segment_since: None,
            registered: false,
            doubted: false,
            lost: false,
            colder: NONE,
            warmer: NONE,
            allowance: u16::MAX,
            counted: now,
            remembered: Remembered::NONE,
            exchanges: List::EMPTY,
            inbound: List::EMPTY,
            sending: List::EMPTY,
            transfers: List::EMPTY,
            exchange_count: 0,
            cancelled: 0,
            unanswered: 0,
            observers: 0,
            outstanding: 0,
            notifying: 0,
            waiting: 0,
            held: 0,
            pace: Pace::default(),
        }) as u32;
        self.set_reached(route, Reached { generation: route.link.generation, peer });
        self.warm(peer);
        self.unregistered += 1;
        peer
    }

    pub(super) fn remove(&mut self, peer: u32) {
        if self.get(peer).is_some_and(|peer| !peer.registered) {
            self.unlink(peer);
            self.unregistered -= 1;
        }
        if let Some(peer) = self.slab.try_remove(peer as usize) {
            self.release(peer.link);
            if !peer.lost {
                self.set_reached(peer.route, Reached { generation: peer.route.link.generation, peer: NONE });
            }
        }
    }

    /// Its route leads to it no more.
    pub(super) fn lose(&mut self, peer: u32) {
        let Some(entry) = self.get_mut(peer) else { return };
        entry.lost = true;
        let route = entry.route;
        self.set_reached(route, Reached { generation: route.link.generation, peer: NONE });
    }

    /// Another route leads to it. It has another name: what was begun over the old link is over.
    pub(super) fn regain(&mut self, peer: u32, route: Route, link: Link) {
        self.set_link(peer, link);
        self.generation = self.generation.wrapping_add(1);
        let generation = self.generation;
        let Some(entry) = self.get_mut(peer) else { return };
        entry.generation = generation;
        (entry.route, entry.lost, entry.pace) = (route, false, Pace::default());
        entry.doubted = false;
        self.set_reached(route, Reached { generation: route.link.generation, peer });
    }

    pub(super) fn is_lost(&self, peer: u32) -> bool {
        self.get(peer).is_some_and(|peer| peer.lost)
    }

    pub(super) fn get(&self, peer: u32) -> Option<&Peer> {
        self.slab.get(peer as usize)
    }

    pub(super) fn get_mut(&mut self, peer: u32) -> Option<&mut Peer> {
        self.slab.get_mut(peer as usize)
    }

    pub(super) fn find(&self, id: PeerId) -> Option<u32> {
        self.get(id.index).filter(|peer| peer.generation == id.generation).map(|_| id.index)
    }

    pub(super) fn id(&self, peer: u32) -> PeerId {
        PeerId { index: peer, generation: self.get(peer).map_or(0, |peer| peer.generation) }
    }

    pub(super) fn route(&self, peer: u32) -> Option<Route> {
        self.get(peer).filter(|peer| !peer.lost).map(|peer| peer.route)
    }

    pub(super) fn link(&self, peer: u32) -> Option<&Link> {
        self.shared(peer).map(|shared| &shared.link)
    }

    /// How long a message ID of the peer's is remembered.
    pub(super) fn lifetime(&self, peer: u32, confirmable: bool) -> Duration {
        self.shared(peer).map_or(Duration::ZERO, |shared| {
            if confirmable { shared.exchange_lifetime } else { shared.non_lifetime }
        })
    }

    pub(super) fn set_link(&mut self, peer: u32, link: Link) {
        let Some(old) = self.get(peer).map(|peer| peer.link) else { return };
        let new = self.share(link);
        self.release(old);
        if let Some(peer) = self.get_mut(peer) {
            peer.link = new;
        }
    }

    pub(super) fn set_registered(&mut self, peer: u32, registered: bool) {
        if self.get(peer).is_none_or(|peer| peer.registered == registered) {
            return;
        }
        if registered {
            self.unlink(peer);
            self.unregistered -= 1;
        } else {
            self.warm(peer);
            self.unregistered += 1;
        }
        if let Some(peer) = self.get_mut(peer) {
            peer.registered = registered;
        }
    }

    /// Each takes the link of the other.
    pub(super) fn swap_links(&mut self, a: u32, b: u32) {
        let (Some(first), Some(second)) = (self.get(a), self.get(b)) else { return };
        let way = |peer: &Peer| (peer.route, peer.link, peer.pace);
        let (first, second) = (way(first), way(second));
        for (peer, (route, link, pace)) in [(a, second), (b, first)] {
            self.set_reached(route, Reached { generation: route.link.generation, peer });
            if let Some(peer) = self.get_mut(peer) {
                (peer.route, peer.link, peer.pace) = (route, link, pace);
            }
        }
    }

    pub(super) fn is_registered(&self, peer: u32) -> bool {
        self.get(peer).is_some_and(|peer| peer.registered)
    }

    /// A peer without registration was heard: it is displaced last.
    pub(super) fn touch(&mut self, peer: u32) {
        if peer != self.warmest && self.get(peer).is_some_and(|peer| !peer.registered) {
            self.unlink(peer);
            self.warm(peer);
        }
    }

    /// The unregistered peer that was heard least recently.
    pub(super) fn coldest(&self) -> Option<u32> {
        (self.coldest != NONE).then_some(self.coldest)
    }

    /// The next message ID; `None` while all have been used within EXCHANGE_LIFETIME.
    pub(super) fn next_id(&mut self, now: Mono, peer: u32) -> Option<MessageId> {
        let lifetime = self.shared(peer)?.exchange_lifetime;
        let peer = self.get_mut(peer)?;
        let id = peer.next_id;
        if id.is_multiple_of(SEGMENT) {
            let least = lifetime / u32::from(u16::MAX / SEGMENT);
            if peer.segment_since.is_some_and(|since| now.since(since) < least) {
                return None;
            }
            peer.segment_since = Some(now);
        }
        peer.next_id = id.wrapping_add(1);
        Some(MessageId(id))
    }

    /// Counts a frame. False if the peer is over its rate.
    pub(super) fn allow(&mut self, now: Mono, peer: u32, rate: Rate) -> bool {
        let Some(peer) = self.get_mut(peer) else { return false };
        let (burst, per_second) = (rate.burst.max(1), u64::from(rate.per_second.max(1)));
        let passed = now.0.saturating_sub(peer.counted.0);
        let gained =
            (passed / 1_000_000).saturating_mul(per_second) + passed % 1_000_000 * per_second / 1_000_000;
        if gained > 0 {
            let full = gained >= u64::from(burst);
            peer.allowance =
                if full { burst } else { burst.min(peer.allowance.saturating_add(gained as u16)) };
            // What was not enough for a whole frame counts next time.
            peer.counted = if full { now } else { Mono(peer.counted.0 + gained * 1_000_000 / per_second) };
        }
        peer.allowance = peer.allowance.min(burst);
        let allowed = peer.allowance > 0;
        peer.allowance = peer.allowance.saturating_sub(1);
        allowed
    }

    fn shared(&self, peer: u32) -> Option<&SharedLink> {
        self.links.get(self.get(peer)?.link as usize)
    }

    fn reached(&self, route: Route) -> Option<Reached> {
        let LinkId { index, .. } = route.link;
        let dense = self.dense.get(usize::from(route.transport)).and_then(|links| links.get(index as usize));
        let reached = match dense.filter(|reached| reached.peer != NONE) {
            None if !self.sparse.is_empty() => self.sparse.get(&(route.transport, index)),
            dense => dense,
        };
        reached.copied()
    }

    fn set_reached(&mut self, route: Route, reached: Reached) {
        let (transport, index) = (usize::from(route.transport), route.link.index as usize);
        // The dense table may have grown past it since: a link is in one of them only.
        let was_sparse =
            !self.sparse.is_empty() && self.sparse.remove(&(route.transport, route.link.index)).is_some();
        if was_sparse && reached.peer == NONE {
            return;
        }
        if self.dense.len() <= transport {
            self.dense.resize_with(transport + 1, Vec::new);
        }
        let Some(links) = self.dense.get_mut(transport) else { return };
        if index >= links.len() {
            if index > links.len() + DENSE_STEP {
                self.sparse.insert((route.transport, route.link.index), reached);
                return;
            }
            links.resize(index + 1, Reached { generation: 0, peer: NONE });
        }
        if let Some(slot) = links.get_mut(index) {
            *slot = reached;
        }
    }

    /// The number of equal link parameters.
    fn share(&mut self, link: Link) -> u32 {
        let last = self.links.get(self.last_link as usize).filter(|shared| shared.link == link);
        let found = match last {
            Some(_) => Some(self.last_link as usize),
            None => self.links.iter().take(LINKS_COMPARED).find(|(_, s)| s.link == link).map(|(i, _)| i),
        };
        let index = found.unwrap_or_else(|| {
            let (exchange_lifetime, non_lifetime) =
                (link.transmission.exchange_lifetime(), link.transmission.non_lifetime());
            self.links.insert(SharedLink { link, exchange_lifetime, non_lifetime, used: 0 })
        });
        if let Some(shared) = self.links.get_mut(index) {
            shared.used += 1;
        }
        self.last_link = index as u32;
        self.last_link
    }

    fn release(&mut self, link: u32) {
        let Some(shared) = self.links.get_mut(link as usize) else { return };
        shared.used -= 1;
        if shared.used == 0 {
            self.links.remove(link as usize);
        }
    }

    fn warm(&mut self, peer: u32) {
        let colder = self.warmest;
        if let Some(entry) = self.get_mut(peer) {
            (entry.colder, entry.warmer) = (colder, NONE);
        }
        match self.get_mut(colder) {
            Some(colder) => colder.warmer = peer,
            None => self.coldest = peer,
        }
        self.warmest = peer;
    }

    fn unlink(&mut self, peer: u32) {
        let Some((colder, warmer)) = self.get(peer).map(|peer| (peer.colder, peer.warmer)) else { return };
        match self.get_mut(colder) {
            Some(colder) => colder.warmer = warmer,
            None => self.coldest = warmer,
        }
        match self.get_mut(warmer) {
            Some(warmer) => warmer.colder = colder,
            None => self.warmest = colder,
        }
    }
}
