//! The registrations of one shard, in compact form.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use hashbrown::HashTable;
use lwm2m_core::{
    Address, Binding, EndpointName, Identity, Mono, PeerId, UnixTime, Version, machine::Deadlines,
    transport::ShardId,
};
use slab::Slab;

use super::links::LinkSetId;
use crate::{Attached, RegistrationId, store::StoredObservation};

/// No entry.
pub(crate) const NONE: u32 = u32::MAX;

/// Deadlines set anew in one turn. All that registered in one second after a restart come due in one second, however
/// often they have renewed since.
const MOVED_AT_ONCE: usize = 1_000;

/// One registration. About a hundred octets; what few devices say stands in `extra`.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: EndpointName,
    pub(crate) peer: PeerId,
    /// The random part of its id.
    tag: u64,
    /// By the wall clock, microseconds.
    pub(crate) registered: UnixTime,
    pub(crate) updated: UnixTime,
    pub(crate) links: LinkSetId,
    /// Whole seconds; zero: for ever.
    pub(crate) lifetime: u32,
    /// Second of the monotonic clock in which it ends.
    ends: u32,
    pub(crate) version: Version,
    pub(crate) bindings: Bindings,
    pub(crate) queue_mode: bool,
    /// In queue mode: not heard for its awake window.
    pub(crate) asleep: bool,
    /// In queue mode: until when it listens, as far as it was heard.
    pub(crate) awake_until: Mono,
    standing: Standing,
    pub(crate) extra: Option<Box<Extra>>,
    /// First and last request that waits for this client or is on its way; [`NONE`] if there is none.
    pub(crate) requests: List,
    /// Requests on their way.
    pub(crate) in_flight: u16,
    /// First and last observation.
    pub(crate) observations: List,
}

impl Entry {
    /// Its client proved who it is.
    pub(crate) fn is_secure(&self) -> bool {
        self.extra.as_deref().is_some_and(|extra| extra.identity.is_secure())
    }
}

/// Who finds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nobody: it is a place that is kept free.
    Reserved,
    /// It is a registration.
    Live,
    /// Who asks for its name: the client was sent away and has left, and requests wait until it is back.
    Away,
}

/// Ends of a list that is chained through the entries of another slab.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) len: u16,
}

impl Default for List {
    fn default() -> Self {
        Self { first: NONE, last: NONE, len: 0 }
    }
}

/// What few devices say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Extra {
    pub(crate) sms: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) parameters: Vec<(String, Option<String>)>,
    /// Who the client proved to be.
    pub(crate) identity: Identity,
    /// Transport and address of a client that has no link now.
    pub(crate) heard: Option<(u8, Address)>,
    /// Whether it can be found there.
    pub(crate) reach: Reach,
    /// Observations that are to begin anew, when the client is heard and has room for them.
    pub(crate) restored: VecDeque<StoredObservation>,
    /// What the program attached.
    pub(crate) attached: Attached,
    /// Disable was executed: when it is due back.
    pub(crate) disabled: Option<UnixTime>,
    /// Its disable timeout, in seconds, where we have read or written it.
    pub(crate) disable_timeout: Option<u32>,
    /// Its id, where that is not the one of its slot: another server gave it.
    pub(crate) id: Option<RegistrationId>,
}

impl Extra {
    /// `None` where nothing was said.
    pub(crate) fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// Whether a client without a link can be sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Where it was heard last.
    #[default]
    There,
    /// A link is being opened.
    Opening,
    /// It is not there any more.
    Lost,
}

/// A set of bindings in an octet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bindings(u8);

impl Bindings {
    const ALL: [Binding; 4] = [Binding::Udp, Binding::Tcp, Binding::Sms, Binding::NonIp];

    pub(crate) fn iter(self) -> impl Iterator<Item = Binding> {
        Self::ALL
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 >> bit & 1 == 1)
            .map(|(_, binding)| binding)
    }
}

impl FromIterator<Binding> for Bindings {
    fn from_iter<I: IntoIterator<Item = Binding>>(bindings: I) -> Self {
        let bit = |binding| Self::ALL.iter().position(|known| *known == binding).map_or(0, |bit| 1 << bit);
        Self(bindings.into_iter().fold(0, |set, binding| set | bit(binding)))
    }
}

/// What a new registration consists of.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) name: EndpointName,
    pub(crate) peer: PeerId,
    pub(crate) tag: u64,
    pub(crate) registered: UnixTime,
    pub(crate) links: LinkSetId,
    pub(crate) lifetime: u32,
    pub(crate) version: Version,
    pub(crate) bindings: Bindings,
    pub(crate) queue_mode: bool,
    pub(crate) extra: Option<Box<Extra>>,
}

/// All registrations of a shard: by slot, by name, by deadline.
#[derive(Debug)]
pub(crate) struct Registrations {
    shard: ShardId,
    entries: Slab<Entry>,
    names: HashTable<u32>,
    /// Slots of registrations that were stored under another id.
    adopted: HashMap<RegistrationId, u32>,
    hasher: RandomState,
    /// In seconds, and never later than the registration ends: an Update moves only the entry, and what comes due
    /// too early is set anew. So an Update costs nothing here.
    deadlines: Deadlines<u32>,
    /// Entries of clients that are away.
    away: usize,
    max: u32,
}

impl Registrations {
    /// `hasher` has its own random keys: peers choose the names. At most `max` registrations.
    pub(crate) fn new(shard: ShardId, hasher: RandomState, max: u32) -> Self {
        Self {
            shard,
            entries: Slab::new(),
            names: HashTable::new(),
            adopted: HashMap::new(),
            hasher,
            deadlines: Deadlines::new(),
            away: 0,
            max: max.min(RegistrationId::SLOTS),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len().saturating_sub(self.away)
    }

    /// Clients that were sent away and have left.
    pub(crate) const fn away(&self) -> usize {
        self.away
    }

    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= self.max as usize
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize)
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        self.entries.get_mut(slot as usize)
    }

    /// The slot of a registration, or of a client that is away.
    pub(crate) fn by_name(&self, name: &str) -> Option<u32> {
        let same = |slot: &u32| self.get(*slot).is_some_and(|entry| *entry.name == *name);
        self.names.find(self.hasher.hash_one(name), same).copied()
    }

    pub(crate) fn id(&self, slot: u32) -> Option<RegistrationId> {
        let entry = self.get(slot)?;
        let given = entry.extra.as_ref().and_then(|extra| extra.id);
        Some(given.unwrap_or_else(|| RegistrationId::new(self.shard, slot, entry.tag)))
    }

    /// The slot of a registration that still exists.
    pub(crate) fn by_id(&self, id: RegistrationId) -> Option<u32> {
        self.by_any_id(id).filter(|slot| !self.is_away(*slot))
    }

    /// The same, also of a client that is away.
    pub(crate) fn by_any_id(&self, id: RegistrationId) -> Option<u32> {
        let slot = match self.adopted.get(&id) {
            Some(slot) => *slot,
            None if id.shard() == self.shard => id.slot(),
            None => return None,
        };
        let named = |entry: &&Entry| entry.standing != Standing::Reserved && entry.tag == id.tag();
        self.get(slot).filter(named).map(|_| slot)
    }

    pub(crate) fn is_away(&self, slot: u32) -> bool {
        self.get(slot).is_some_and(|entry| entry.standing == Standing::Away)
    }

    /// The client has left and is to come back.
    pub(crate) fn set_away(&mut self, slot: u32) {
        if let Some(entry) = self.entries.get_mut(slot as usize).filter(|e| e.standing == Standing::Live) {
            entry.standing = Standing::Away;
            self.away = self.away.saturating_add(1);
        }
    }

    /// Gives a reserved registration the id that it had before a restart.
    pub(crate) fn rename(&mut self, slot: u32, id: RegistrationId) {
        if self.id(slot) == Some(id) {
            return;
        }
        if let Some(entry) = self.entries.get_mut(slot as usize) {
            entry.tag = id.tag();
            entry.extra.get_or_insert_default().id = Some(id);
            self.adopted.insert(id, slot);
        }
    }

    /// The registration in the first occupied slot that is not before `slot`.
    pub(crate) fn next_from(&self, slot: u32) -> Option<(u32, &Entry)> {
        let slots = u32::try_from(self.entries.capacity()).unwrap_or(u32::MAX);
        let live = |entry: &&Entry| entry.standing == Standing::Live;
        (slot..slots).find_map(|slot| self.get(slot).filter(live).map(|entry| (slot, entry)))
    }

    /// Keeps a place free: the registration has an id, and nothing else finds it before [`Registrations::publish`].
    /// `Err`: full; gives back what was to be kept.
    pub(crate) fn reserve(&mut self, new: New) -> Result<RegistrationId, New> {
        let slot = u32::try_from(self.entries.vacant_key()).ok().filter(|slot| *slot < RegistrationId::SLOTS);
        let Some(slot) = slot.filter(|_| !self.is_full()) else { return Err(new) };
        let id = RegistrationId::new(self.shard, slot, new.tag);
        self.entries.insert(Entry {
            name: new.name,
            peer: new.peer,
            tag: id.tag(),
            registered: new.registered,
            updated: new.registered,
            links: new.links,
            lifetime: new.lifetime,
            ends: 0,
            version: new.version,
            bindings: new.bindings,
            queue_mode: new.queue_mode,
            asleep: false,
            awake_until: Mono(0),
            standing: Standing::Reserved,
            extra: new.extra,
            requests: List::default(),
            in_flight: 0,
            observations: List::default(),
        });
        Ok(id)
    }

    /// The slot of a place that is kept free.
    pub(crate) fn reserved(&self, id: RegistrationId) -> Option<u32> {
        let kept = |entry: &&Entry| entry.standing == Standing::Reserved && entry.tag == id.tag();
        self.get(id.slot()).filter(kept).map(|_| id.slot())
    }

    /// Gives a reserved registration its name and lets its lifetime begin. The name must be free.
    pub(crate) fn publish(&mut self, now: Mono, slot: u32) {
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        entry.standing = Standing::Live;
        let hash = self.hasher.hash_one(&*entry.name);
        let (hasher, entries) = (&self.hasher, &self.entries);
        let hash_of =
            |slot: &u32| entries.get(*slot as usize).map_or(0, |entry| hasher.hash_one(&*entry.name));
        self.names.insert_unique(hash, slot, hash_of);
        self.renew(now, slot);
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<Entry> {
        let entry = self.entries.try_remove(slot as usize)?;
        let hash = self.hasher.hash_one(&*entry.name);
        if let Ok(found) = self.names.find_entry(hash, |at| *at == slot) {
            found.remove();
        }
        self.deadlines.remove(slot);
        self.away = self.away.saturating_sub(usize::from(entry.standing == Standing::Away));
        if let Some(id) = entry.extra.as_ref().and_then(|extra| extra.id) {
            self.adopted.remove(&id);
        }
        Some(entry)
    }

    /// Lets the lifetime run anew.
    pub(crate) fn renew(&mut self, now: Mono, slot: u32) {
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        entry.ends = match entry.lifetime {
            0 => u32::MAX,
            lifetime => seconds_up(now).saturating_add(lifetime),
        };
        if entry.lifetime == 0 {
            self.deadlines.remove(slot);
        } else if self.deadlines.get(slot).is_none_or(|at| at > entry.ends) {
            self.deadlines.set(slot, entry.ends);
        }
    }

    /// It ends in so long, whatever its lifetime is. `None`: never.
    pub(crate) fn set_remaining(&mut self, now: Mono, slot: u32, left: Option<Duration>) {
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        match left {
            Some(left) => {
                entry.ends = seconds_up(now.after(left));
                self.deadlines.set(slot, entry.ends);
            }
            None => self.deadlines.remove(slot),
        }
    }

    /// How long the registration still lasts. `None`: for ever.
    pub(crate) fn remaining(&self, now: Mono, slot: u32) -> Option<Duration> {
        let entry = self.get(slot).filter(|entry| entry.lifetime > 0)?;
        let whole = Duration::from_secs(entry.lifetime.into());
        let reserved = entry.standing == Standing::Reserved;
        Some(if reserved { whole } else { moment(entry.ends).since(now) })
    }

    /// When [`Registrations::pop_expired`] may have something.
    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.deadlines.next().map(moment)
    }

    /// A registration whose lifetime has ended; it stays until removed. `None` with a deadline that has passed: there
    /// may be more after the network had its turn.
    pub(crate) fn pop_expired(&mut self, now: Mono) -> Option<u32> {
        let second = seconds_down(now);
        for _ in 0..MOVED_AT_ONCE {
            let slot = self.deadlines.pop_due(second)?;
            let ends = self.get(slot)?.ends;
            if ends <= second {
                return Some(slot);
            }
            self.deadlines.set(slot, ends);
        }
        None
    }
}

const MICROS: u64 = 1_000_000;

fn seconds_down(at: Mono) -> u32 {
    u32::try_from(at.0 / MICROS).unwrap_or(u32::MAX)
}

fn seconds_up(at: Mono) -> u32 {
    u32::try_from(at.0.div_ceil(MICROS)).unwrap_or(u32::MAX)
}

fn moment(second: u32) -> Mono {
    Mono(u64::from(second) * MICROS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::machine::links::LinkSets;

    fn new(name: &str, lifetime: u32) -> New {
        let mut sets = LinkSets::new(Arc::new(lwm2m_core::NoModel), RandomState::new(), 1_000);
        New {
            name: name.into(),
            peer: PeerId { index: 0, generation: 0 },
            tag: 7,
            registered: UnixTime(0),
            links: sets.hold(Version::V1_1, b"", lwm2m_core::Links::default).unwrap(),
            lifetime,
            version: Version::V1_1,
            bindings: [Binding::Udp].into_iter().collect(),
            queue_mode: false,
            extra: None,
        }
    }

    fn table(max: u32) -> Registrations {
        Registrations::new(ShardId(1), RandomState::new(), max)
    }

    fn insert(table: &mut Registrations, now: Mono, new: New) -> Option<u32> {
        if table.by_name(&new.name).is_some() {
            return None;
        }
        let slot = table.reserve(new).ok()?.slot();
        table.publish(now, slot);
        Some(slot)
    }

    const fn at(seconds: u64) -> Mono {
        Mono(seconds * MICROS)
    }

    #[test]
    fn a_name_has_one_registration_and_an_id_ends_with_it() {
        let mut table = table(10);
        let slot = insert(&mut table, at(0), new("a", 60)).unwrap();
        assert_eq!(insert(&mut table, at(0), new("a", 60)), None);
        let id = table.id(slot).unwrap();
        assert_eq!((table.by_name("a"), table.by_id(id)), (Some(slot), Some(slot)));
        table.remove(slot);
        assert_eq!((table.by_name("a"), table.by_id(id)), (None, None));
        let mut second = new("a", 60);
        second.tag = 8;
        assert_eq!(insert(&mut table, at(0), second), Some(slot), "the slot is used again");
        assert_eq!(table.by_id(id), None, "the old id is not valid for it");
    }

    #[test]
    fn ids_of_other_shards_are_unknown() {
        let mut table = table(10);
        let slot = insert(&mut table, at(0), new("a", 60)).unwrap();
        let id = table.id(slot).unwrap();
        assert_eq!(table.by_id(RegistrationId::new(ShardId(0), id.slot(), id.tag())), None);
    }

    #[test]
    fn a_full_table_refuses() {
        let mut table = table(1);
        assert!(insert(&mut table, at(0), new("a", 60)).is_some());
        assert!(table.is_full());
        assert_eq!(insert(&mut table, at(0), new("b", 60)), None);
    }

    #[test]
    fn lifetimes_end_once_and_an_update_moves_them() {
        let mut table = table(10);
        let short = insert(&mut table, at(0), new("short", 60)).unwrap();
        let kept = insert(&mut table, at(0), new("kept", 60)).unwrap();
        insert(&mut table, at(0), new("for ever", 0)).unwrap();
        table.renew(at(50), kept);
        assert_eq!(table.pop_expired(Mono(60 * MICROS - 1)), None);
        assert_eq!(table.pop_expired(at(60)), Some(short));
        assert_eq!(table.pop_expired(at(60)), None);
        table.remove(short);
        assert_eq!(table.deadline(), Some(at(110)));
        assert_eq!(table.remaining(at(100), kept), Some(Duration::from_secs(10)));
        assert_eq!(table.pop_expired(at(110)), Some(kept));
        table.remove(kept);
        assert_eq!((table.deadline(), table.pop_expired(at(1_000_000_000))), (None, None));
    }

    #[test]
    fn a_crowd_that_has_renewed_is_moved_in_parts() {
        let mut table = table(5_000);
        let crowd: Vec<u32> =
            (0..2_500).map(|n| insert(&mut table, at(0), new(&n.to_string(), 60)).unwrap()).collect();
        for slot in crowd.iter().skip(1) {
            table.renew(at(50), *slot);
        }
        let (mut ended, mut turns) = (Vec::new(), 0);
        while table.deadline() == Some(at(60)) {
            ended.extend(table.pop_expired(at(60)));
            turns += 1;
        }
        assert!((3..6).contains(&turns), "{turns}");
        assert_eq!((ended, table.deadline()), (vec![crowd[0]], Some(at(110))));
    }

    #[test]
    fn a_shorter_lifetime_ends_sooner_and_lifetime_zero_never() {
        let mut table = table(10);
        let slot = insert(&mut table, at(0), new("a", 86_400)).unwrap();
        table.get_mut(slot).unwrap().lifetime = 30;
        table.renew(at(10), slot);
        assert_eq!(table.deadline(), Some(at(40)));
        table.get_mut(slot).unwrap().lifetime = 0;
        table.renew(at(20), slot);
        assert_eq!((table.deadline(), table.remaining(at(20), slot)), (None, None));
    }

    #[test]
    fn a_reserved_place_is_found_by_nobody() {
        let mut table = table(10);
        let Ok(id) = table.reserve(new("a", 60)) else { panic!("there is room") };
        assert_eq!((table.by_name("a"), table.by_id(id)), (None, None));
        assert_eq!((table.reserved(id), table.deadline()), (Some(id.slot()), None));
        table.publish(at(0), id.slot());
        assert_eq!((table.reserved(id), table.by_name("a")), (None, Some(id.slot())));
    }

    #[test]
    fn an_entry_is_small() {
        assert!(size_of::<Entry>() <= 128, "{}", size_of::<Entry>());
    }
}
