//! The links of a datagram socket: remote addresses in slots of 32 octets, found by hash.

use std::{
    collections::{HashMap, VecDeque, hash_map::RandomState},
    hash::BuildHasher,
    net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6},
    time::Duration,
};

use hashbrown::{HashTable, hash_table::Entry};

use super::ShardId;
use crate::{DEFAULT_MTU, LinkId, Mono};

/// Addresses of our own that peers have sent to. Loopback alone has 2²⁴, so a peer could make us remember them all.
const MAX_LOCALS: usize = 4096;
/// Links that belong to other shards. The oldest is forgotten first; its next frame is redirected again.
const MAX_REDIRECTS: usize = 1 << 18;
/// How long an address belongs to another shard while nothing comes from it; twice that at most. Somebody else may have
/// the address by then. Who has slept longer begins with an Update, which tells again whose it is.
const REDIRECT_IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// Redirects that are looked at in one go, so that a flood of them that ends together stops nobody.
const LOOKED_AT: usize = 64;
/// How often a datagram is passed on between shards.
const MAX_HOPS: u8 = 3;

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// The peer; IPv4 addresses are never mapped ones.
    pub(crate) remote: SocketAddr,
    /// Our address that it sent to. `None`: whichever the system chooses.
    pub(crate) local: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Vacant,
    /// No address yet.
    Opening,
    Live,
    /// Nothing has come since it was looked at last.
    Redirected(ShardId),
    /// Something has.
    Followed(ShardId),
}

impl State {
    /// Whose it is, if it is another shard's.
    const fn shard(self) -> Option<ShardId> {
        match self {
            Self::Redirected(shard) | Self::Followed(shard) => Some(shard),
            _ => None,
        }
    }
}

/// Remote and local address, packed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    ip: [u8; 16],
    scope: u32,
    port: u16,
    local: u16,
}

struct Slot {
    key: Key,
    generation: u32,
    mtu: u16,
    state: State,
}

/// What a datagram from this address is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A link that exists.
    Known(LinkId),
    /// A link that has just been made.
    New(LinkId),
    /// For another shard.
    Redirected(ShardId),
    /// No room.
    Refused,
}

pub(crate) struct Links {
    slots: Vec<Slot>,
    vacant: Vec<u32>,
    table: HashTable<u32>,
    /// Keyed: peers choose their addresses.
    hasher: RandomState,
    /// Position 0 stands for "any".
    locals: Vec<Option<IpAddr>>,
    local_ids: HashMap<IpAddr, u16>,
    /// In the order in which they were looked at last, and when.
    redirects: VecDeque<(Mono, LinkId)>,
    now: Mono,
    /// Links that we opened accept frames to any address of ours.
    opened: usize,
    max: usize,
}

impl Links {
    pub(crate) fn new(max: usize) -> Self {
        Self {
            slots: Vec::new(),
            vacant: Vec::new(),
            table: HashTable::new(),
            hasher: RandomState::new(),
            locals: vec![None],
            local_ids: HashMap::new(),
            redirects: VecDeque::new(),
            now: Mono(0),
            opened: 0,
            max: max.min(u32::MAX as usize),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.vacant.len()
    }

    /// The link of a datagram; made if there is none.
    pub(crate) fn arrival(&mut self, way: Way) -> Arrival {
        let Some(local) = self.local_id(way.local) else { return Arrival::Refused };
        let key = Key::new(way.remote, local);
        let found = self.find(key).or_else(|| {
            let any = Key { local: 0, ..key };
            if self.opened > 0 && local != 0 { self.find(any) } else { None }
        });
        match found.and_then(|index| Some((index, self.slots.get_mut(index as usize)?))) {
            Some((index, slot)) => match slot.state.shard() {
                Some(shard) => {
                    slot.state = State::Followed(shard);
                    Arrival::Redirected(shard)
                }
                None => Arrival::Known(LinkId { index, generation: slot.generation }),
            },
            None => match self.occupy(State::Live, key) {
                Some(link) => {
                    self.index(link.index, key);
                    Arrival::New(link)
                }
                None => Arrival::Refused,
            },
        }
    }

    /// The link of a datagram that another shard has handed over. What a machine has just said overrides a redirect
    /// of ours; so does a datagram that goes in circles, which it can where such a word was lost.
    pub(crate) fn adoption(&mut self, way: Way, hops: u8) -> Arrival {
        match self.arrival(way) {
            Arrival::Redirected(_) if hops == 0 || hops > MAX_HOPS => {
                if let Some(link) = self.at(way) {
                    self.remove(link);
                }
                self.arrival(way)
            }
            arrival => arrival,
        }
    }

    /// A slot for a link whose address is still looked up.
    pub(crate) fn open(&mut self) -> Option<LinkId> {
        let link = self.occupy(State::Opening, Key { ip: [0; 16], scope: 0, port: 0, local: 0 })?;
        self.opened += 1;
        Some(link)
    }

    /// An opening link has its address. A link that was there before makes room and is returned.
    pub(crate) fn opened(&mut self, link: LinkId, remote: SocketAddr) -> Option<LinkId> {
        let key = Key::new(remote, 0);
        let before = self.at(Way { remote, local: None });
        if let Some(before) = before {
            self.remove(before);
        }
        let slot = self.slot_mut(link)?;
        slot.key = key;
        slot.state = State::Live;
        self.index(link.index, key);
        before
    }

    /// Where a live link leads.
    pub(crate) fn way(&self, link: LinkId) -> Option<Way> {
        let slot = self.slot(link).filter(|slot| slot.state == State::Live)?;
        Some(Way { remote: slot.key.remote(), local: self.locals.get(slot.key.local as usize).copied()? })
    }

    /// Largest frame that is known to fit.
    pub(crate) fn mtu(&self, link: LinkId) -> usize {
        self.slot(link).map_or(DEFAULT_MTU, |slot| slot.mtu as usize)
    }

    pub(crate) fn set_mtu(&mut self, link: LinkId, mtu: u16) {
        if let Some(slot) = self.slot_mut(link) {
            slot.mtu = mtu;
        }
    }

    /// Is this link still waiting for its address?
    pub(crate) fn is_opening(&self, link: LinkId) -> bool {
        self.slot(link).is_some_and(|slot| slot.state == State::Opening)
    }

    /// From now on its datagrams are another shard's. Returns where it leads.
    pub(crate) fn redirect(&mut self, link: LinkId, shard: ShardId) -> Option<Way> {
        let way = self.way(link)?;
        if self.redirects.len() >= MAX_REDIRECTS
            && let Some((_, oldest)) = self.redirects.pop_front()
        {
            self.remove_redirect(oldest);
        }
        let slot = self.slot_mut(link)?;
        slot.state = State::Redirected(shard);
        // The link is gone for whoever knew its name.
        slot.generation = slot.generation.wrapping_add(1);
        let name = LinkId { generation: slot.generation, ..link };
        self.redirects.push_back((self.now, name));
        Some(way)
    }

    /// Time has passed: redirects that nobody follows any more are forgotten.
    pub(crate) fn pass_time(&mut self, now: Mono) {
        self.now = now;
        for _ in 0..LOOKED_AT {
            let Some(&(since, link)) = self.redirects.front() else { return };
            if now.since(since) < REDIRECT_IDLE {
                return;
            }
            self.redirects.pop_front();
            match self.slot_mut(link) {
                Some(Slot { state, .. }) if matches!(state, State::Followed(_)) => {
                    *state = state.shard().map_or(State::Vacant, State::Redirected);
                    self.redirects.push_back((now, link));
                }
                _ => self.remove_redirect(link),
            }
        }
    }

    /// Forgets a link. `false`: it was not there.
    pub(crate) fn remove(&mut self, link: LinkId) -> bool {
        let Some(slot) = self.slot(link) else { return false };
        let (key, state) = (slot.key, slot.state);
        if state != State::Opening
            && let Ok(entry) = self.table.find_entry(self.hasher.hash_one(key), |&i| i == link.index)
        {
            entry.remove();
        }
        if state == State::Opening || (state == State::Live && key.local == 0) {
            self.opened = self.opened.saturating_sub(1);
        }
        if let Some(slot) = self.slots.get_mut(link.index as usize) {
            slot.state = State::Vacant;
            slot.generation = slot.generation.wrapping_add(1);
        }
        self.vacant.push(link.index);
        true
    }

    fn remove_redirect(&mut self, link: LinkId) {
        if self.slot(link).is_some_and(|slot| slot.state.shard().is_some()) {
            self.remove(link);
        }
    }

    fn at(&self, way: Way) -> Option<LinkId> {
        let local = match way.local {
            Some(ip) => *self.local_ids.get(&ip)?,
            None => 0,
        };
        let index = self.find(Key::new(way.remote, local))?;
        Some(LinkId { index, generation: self.slots.get(index as usize)?.generation })
    }

    fn find(&self, key: Key) -> Option<u32> {
        let same = |&i: &u32| self.slots.get(i as usize).is_some_and(|slot| slot.key == key);
        self.table.find(self.hasher.hash_one(key), same).copied()
    }

    fn index(&mut self, index: u32, key: Key) {
        let hash_of = |i: u32| self.slots.get(i as usize).map_or(0, |slot| self.hasher.hash_one(slot.key));
        let same = |&i: &u32| i == index;
        if let Entry::Vacant(place) = self.table.entry(self.hasher.hash_one(key), same, |&i| hash_of(i)) {
            place.insert(index);
        }
    }

    fn occupy(&mut self, state: State, key: Key) -> Option<LinkId> {
        const MTU: u16 = DEFAULT_MTU as u16;
        if self.len() >= self.max {
            return None;
        }
        let index = match self.vacant.pop() {
            Some(index) => index,
            None => {
                self.slots.push(Slot { key, generation: 0, mtu: MTU, state: State::Vacant });
                u32::try_from(self.slots.len() - 1).ok()?
            }
        };
        let slot = self.slots.get_mut(index as usize)?;
        (slot.key, slot.mtu, slot.state) = (key, MTU, state);
        Some(LinkId { index, generation: slot.generation })
    }

    fn slot(&self, link: LinkId) -> Option<&Slot> {
        let slot = self.slots.get(link.index as usize)?;
        (slot.generation == link.generation && slot.state != State::Vacant).then_some(slot)
    }

    fn slot_mut(&mut self, link: LinkId) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(link.index as usize)?;
        (slot.generation == link.generation && slot.state != State::Vacant).then_some(slot)
    }

    fn local_id(&mut self, local: Option<IpAddr>) -> Option<u16> {
        let Some(ip) = local else { return Some(0) };
        if let Some(&id) = self.local_ids.get(&ip) {
            return Some(id);
        }
        if self.locals.len() >= MAX_LOCALS {
            return None;
        }
        let id = u16::try_from(self.locals.len()).ok()?;
        self.locals.push(Some(ip));
        self.local_ids.insert(ip, id);
        Some(id)
    }
}

impl Key {
    fn new(remote: SocketAddr, local: u16) -> Self {
        let (ip, scope) = match remote {
            SocketAddr::V4(v4) => (v4.ip().to_ipv6_mapped(), 0),
            SocketAddr::V6(v6) => (*v6.ip(), v6.scope_id()),
        };
        Self { ip: ip.octets(), scope, port: remote.port(), local }
    }

    fn remote(&self) -> SocketAddr {
        let ip = Ipv6Addr::from(self.ip);
        match ip.to_ipv4_mapped() {
            Some(v4) => SocketAddr::from((v4, self.port)),
            None => SocketAddrV6::new(ip, self.port, 0, self.scope).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn way(remote: &str, local: Option<&str>) -> Way {
        Way { remote: remote.parse().unwrap(), local: local.map(|ip| ip.parse().unwrap()) }
    }

    fn new(links: &mut Links, at: Way) -> LinkId {
        match links.arrival(at) {
            Arrival::New(link) => link,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_slot_is_small() {
        assert!(size_of::<Slot>() <= 32);
    }

    #[test]
    fn a_link_is_remote_and_local_address() {
        let mut links = Links::new(10);
        let first = new(&mut links, way("10.0.0.1:5683", Some("127.0.0.1")));
        let second = new(&mut links, way("10.0.0.1:5683", Some("127.0.0.2")));
        assert_ne!(first, second);
        assert_eq!(links.arrival(way("10.0.0.1:5683", Some("127.0.0.1"))), Arrival::Known(first));
        assert_eq!(links.way(second), Some(way("10.0.0.1:5683", Some("127.0.0.2"))));
        let v6 = new(&mut links, way("[fe80::1%3]:9", None));
        assert_eq!(links.way(v6).map(|w| w.remote), Some("[fe80::1%3]:9".parse().unwrap()));
    }

    #[test]
    fn a_reused_slot_has_another_name() {
        let mut links = Links::new(10);
        let first = new(&mut links, way("10.0.0.1:1", None));
        assert!(links.remove(first));
        assert!(!links.remove(first));
        let second = new(&mut links, way("10.0.0.2:1", None));
        assert_eq!(first.index, second.index);
        assert_eq!(links.way(first), None);
        assert!(links.way(second).is_some());
    }

    #[test]
    fn no_more_links_than_the_limit() {
        let mut links = Links::new(2);
        let first = new(&mut links, way("10.0.0.1:1", None));
        new(&mut links, way("10.0.0.1:2", None));
        assert_eq!(links.arrival(way("10.0.0.1:3", None)), Arrival::Refused);
        links.remove(first);
        new(&mut links, way("10.0.0.1:3", None));
        assert_eq!(links.len(), 2);
    }

    #[test]
    fn an_opened_link_hears_its_peer_whatever_address_of_ours_it_answers_to() {
        let mut links = Links::new(10);
        let link = links.open().unwrap();
        assert!(links.is_opening(link) && links.way(link).is_none());
        assert_eq!(links.opened(link, "10.0.0.1:5683".parse().unwrap()), None);
        assert_eq!(links.arrival(way("10.0.0.1:5683", Some("10.0.0.7"))), Arrival::Known(link));
        let again = links.open().unwrap();
        assert_eq!(links.opened(again, "10.0.0.1:5683".parse().unwrap()), Some(link));
        assert_eq!(links.arrival(way("10.0.0.1:5683", Some("10.0.0.7"))), Arrival::Known(again));
    }

    #[test]
    fn a_redirect_that_nobody_follows_is_forgotten() {
        const DAY: u64 = 24 * 60 * 60 * 1_000_000;
        let mut links = Links::new(10);
        let (silent, lively) = (way("192.0.2.1:1", None), way("192.0.2.2:2", None));
        for at in [silent, lively] {
            let link = new(&mut links, at);
            links.redirect(link, ShardId(3));
        }
        for hours in 1..=72 {
            links.pass_time(Mono(DAY / 24 * hours));
            assert_eq!(links.arrival(lively), Arrival::Redirected(ShardId(3)), "after {hours} hours");
        }
        assert_eq!((links.len(), links.redirects.len()), (1, 1));
        assert!(matches!(links.arrival(silent), Arrival::New(_)), "whoever it is now, it begins anew");
        links.pass_time(Mono(6 * DAY));
        links.pass_time(Mono(8 * DAY));
        assert_eq!((links.len(), links.redirects.len()), (1, 0));
    }

    #[test]
    fn a_redirected_link_stays_with_the_other_shard_until_adopted() {
        let mut links = Links::new(10);
        let at = way("10.0.0.1:5683", Some("127.0.0.1"));
        let link = new(&mut links, at);
        assert_eq!(links.redirect(link, ShardId(3)), Some(at));
        assert_eq!(links.way(link), None, "its old name is gone");
        assert_eq!(links.arrival(at), Arrival::Redirected(ShardId(3)));
        assert_eq!(links.adoption(at, 1), Arrival::Redirected(ShardId(3)), "passed on");
        assert!(matches!(links.adoption(at, 0), Arrival::New(_)));
        assert!(matches!(links.arrival(at), Arrival::Known(_)));
    }

    #[test]
    fn a_datagram_does_not_go_in_circles() {
        let mut links = Links::new(10);
        let at = way("10.0.0.1:5683", None);
        let link = new(&mut links, at);
        links.redirect(link, ShardId(1));
        assert!(matches!(links.adoption(at, MAX_HOPS + 1), Arrival::New(_)));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Arrive(u8, u8),
        Adopt(u8, u8),
        Open(u8),
        Redirect(usize),
        Remove(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let (remote, local) = (0..6_u8, 0..3_u8);
        let step = prop_oneof![
            4 => (remote.clone(), local.clone()).prop_map(|(r, l)| Step::Arrive(r, l)),
            1 => (remote.clone(), local).prop_map(|(r, l)| Step::Adopt(r, l)),
            1 => remote.prop_map(Step::Open),
            1 => any::<usize>().prop_map(Step::Redirect),
            3 => any::<usize>().prop_map(Step::Remove),
        ];
        proptest::collection::vec(step, 1..200)
    }

    proptest! {
        /// Whatever happens: a name stands for one way until it is given up and never again; datagrams of a way come
        /// under the name it has.
        #[test]
        fn names_are_true(steps in steps()) {
            let mut links = Links::new(8);
            let mut live: Vec<(LinkId, Way)> = Vec::new();
            let mut gone: Vec<LinkId> = Vec::new();
            let at = |remote: u8, local: u8| way(&format!("10.0.0.{remote}:5683"), Some(&format!("127.0.0.{local}")));
            for step in steps {
                let arrived = match step {
                    Step::Arrive(remote, local) => Some((at(remote, local), links.arrival(at(remote, local)))),
                    Step::Adopt(remote, local) => Some((at(remote, local), links.adoption(at(remote, local), 0))),
                    Step::Open(remote) => {
                        let to = Way { local: None, ..at(remote, 0) };
                        if let Some(link) = links.open() {
                            if let Some(before) = links.opened(link, to.remote) {
                                live.retain(|(link, _)| *link != before);
                                gone.push(before);
                            }
                            live.push((link, to));
                        }
                        None
                    }
                    Step::Redirect(n) if !live.is_empty() => {
                        let (link, way) = live.swap_remove(n % live.len());
                        prop_assert_eq!(links.redirect(link, ShardId(1)), Some(way));
                        gone.push(link);
                        None
                    }
                    Step::Remove(n) if !live.is_empty() => {
                        let (link, _) = live.swap_remove(n % live.len());
                        prop_assert!(links.remove(link));
                        gone.push(link);
                        None
                    }
                    Step::Redirect(_) | Step::Remove(_) => None,
                };
                match arrived {
                    Some((way, Arrival::New(link))) => {
                        prop_assert!(!gone.contains(&link) && live.iter().all(|(l, w)| *l != link && *w != way));
                        live.push((link, way));
                    }
                    Some((way, Arrival::Known(link))) => {
                        let any = Way { local: None, ..way };
                        prop_assert!(live.contains(&(link, way)) || live.contains(&(link, any)));
                    }
                    _ => {}
                }
                prop_assert!(links.len() <= 8);
                for (link, way) in &live {
                    prop_assert_eq!(links.way(*link), Some(*way));
                }
                for link in &gone {
                    prop_assert_eq!(links.way(*link), None);
                }
            }
        }
    }

    #[test]
    fn many_links_come_and_go() {
        let mut links = Links::new(100_000);
        let name =
            |n: u32| Way { remote: SocketAddr::from((std::net::Ipv4Addr::from(n), 5683)), local: None };
        let all: Vec<_> = (0..50_000).map(|n| new(&mut links, name(n))).collect();
        for link in all.iter().step_by(2) {
            assert!(links.remove(*link));
        }
        for (n, link) in all.iter().enumerate().filter(|(n, _)| n % 2 == 1) {
            assert_eq!(links.arrival(name(u32::try_from(n).unwrap())), Arrival::Known(*link));
        }
        assert_eq!(links.len(), 25_000);
    }
}
