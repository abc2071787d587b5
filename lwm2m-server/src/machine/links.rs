//! Link sets: devices of one kind register with the same payload, so it is parsed and kept once.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    mem::size_of,
    sync::Arc,
};

use hashbrown::HashTable;
use lwm2m_core::{Links, Model, ObjectLink, Version};
use slab::Slab;

use super::model::ClientModel;

/// Name of a link set. Valid while it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinkSetId(u32);

#[derive(Debug)]
struct LinkSet {
    payload: Box<[u8]>,
    version: Version,
    links: Arc<Links>,
    model: ClientModel,
    /// Registrations that have this payload. At zero the set goes.
    holders: u32,
}

/// The different payloads of this shard's registrations, each with what it says and, since that depends on nothing
/// else, the object definitions of such clients.
#[derive(Debug)]
pub(crate) struct LinkSets {
    model: AnyModel,
    sets: Slab<LinkSet>,
    by_payload: HashTable<u32>,
    hasher: RandomState,
    octets: usize,
    /// Most memory that all sets together may take. A link takes thirty times the octets of its text, so payloads
    /// that differ in one character would otherwise be the cheapest way to fill a server.
    max_octets: usize,
}

impl LinkSets {
    /// `hasher` has its own random keys: peers choose the payloads.
    pub(crate) fn new(model: Arc<dyn Model>, hasher: RandomState, max_octets: usize) -> Self {
        Self {
            model: AnyModel(model),
            sets: Slab::new(),
            by_payload: HashTable::new(),
            hasher,
            octets: 0,
            max_octets,
        }
    }

    /// The set of a payload that some registration has already.
    pub(crate) fn find(&self, version: Version, payload: &[u8]) -> Option<LinkSetId> {
        let hash = self.hasher.hash_one((version, payload));
        let equal = |set: &LinkSet| set.version == version && *set.payload == *payload;
        let same = |id: &u32| self.sets.get(*id as usize).is_some_and(equal);
        self.by_payload.find(hash, same).map(|id| LinkSetId(*id))
    }

    /// The set of this payload, which says `links`, for one more holder. `None`: there is no room for another set.
    pub(crate) fn hold(
        &mut self,
        version: Version,
        payload: &[u8],
        links: impl FnOnce() -> Links,
    ) -> Option<LinkSetId> {
        if let Some(id) = self.find(version, payload) {
            self.hold_again(id);
            return Some(id);
        }
        let links = links();
        let octets = cost(payload, &links);
        let total = self.octets.checked_add(octets).filter(|total| *total <= self.max_octets)?;
        let id = u32::try_from(self.sets.vacant_key()).ok()?;
        self.octets = total;
        let model = ClientModel::new(self.model.0.clone(), version, &links);
        self.sets.insert(LinkSet {
            payload: payload.into(),
            version,
            links: Arc::new(links),
            model,
            holders: 1,
        });
        let (hasher, sets) = (&self.hasher, &self.sets);
        let hash_of = |id: &u32| sets.get(*id as usize).map_or(0, |set| set.hash(hasher));
        self.by_payload.insert_unique(hasher.hash_one((version, payload)), id, hash_of);
        Some(LinkSetId(id))
    }

    /// One more holder of a set that is held.
    pub(crate) fn hold_again(&mut self, id: LinkSetId) {
        if let Some(set) = self.sets.get_mut(id.0 as usize) {
            set.holders = set.holders.saturating_add(1);
        }
    }

    /// One holder less.
    pub(crate) fn release(&mut self, id: LinkSetId) {
        let Some(set) = self.sets.get_mut(id.0 as usize) else { return };
        set.holders = set.holders.saturating_sub(1);
        if set.holders > 0 {
            return;
        }
        let hash = set.hash(&self.hasher);
        self.octets = self.octets.saturating_sub(cost(&set.payload, &set.links));
        if let Ok(found) = self.by_payload.find_entry(hash, |at| *at == id.0) {
            found.remove();
        }
        self.sets.try_remove(id.0 as usize);
    }

    pub(crate) fn links(&self, id: LinkSetId) -> Option<&Arc<Links>> {
        self.sets.get(id.0 as usize).map(|set| &set.links)
    }

    pub(crate) fn model(&self, id: LinkSetId) -> Option<&ClientModel> {
        self.sets.get(id.0 as usize).map(|set| &set.model)
    }

    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    /// Octets that all sets take.
    pub(crate) const fn octets(&self) -> usize {
        self.octets
    }
}

impl LinkSet {
    fn hash(&self, hasher: &RandomState) -> u64 {
        hasher.hash_one((self.version, &*self.payload))
    }
}

/// For `Debug`.
struct AnyModel(Arc<dyn Model>);

impl fmt::Debug for AnyModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Model")
    }
}

fn cost(payload: &[u8], links: &Links) -> usize {
    let uris = links.objects.iter().filter_map(|link| link.uri.as_ref()).map(String::len).sum::<usize>();
    let list = links.objects.len().saturating_mul(size_of::<ObjectLink>());
    size_of::<LinkSet>().saturating_add(payload.len()).saturating_add(list).saturating_add(uris)
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{NoModel, Path};

    use super::*;

    fn one_link(object: u16) -> Links {
        let mut links = Links::default();
        links.objects.push(ObjectLink::new(Path::new(&[object]).unwrap()));
        links
    }

    fn sets(max_octets: usize) -> LinkSets {
        LinkSets::new(Arc::new(NoModel), RandomState::new(), max_octets)
    }

    #[test]
    fn equal_payloads_share_one_set_until_the_last_holder_goes() {
        let mut sets = sets(10_000);
        let first = sets.hold(Version::V1_1, b"</3>", || one_link(3)).unwrap();
        let second = sets.hold(Version::V1_1, b"</3>", || unreachable!("it is there already")).unwrap();
        assert_eq!(first, second);
        sets.release(first);
        assert_eq!(sets.links(second).map(|links| links.objects.len()), Some(1));
        sets.release(second);
        assert_eq!((sets.len(), sets.octets(), sets.find(Version::V1_1, b"</3>")), (0, 0, None));
    }

    #[test]
    fn equal_payloads_of_two_versions_differ() {
        let mut sets = sets(10_000);
        let first = sets.hold(Version::V1_0, b"</3>", || one_link(3));
        assert_ne!(first, sets.hold(Version::V1_1, b"</3>", || one_link(3)));
    }

    #[test]
    fn different_payloads_end_at_the_limit_and_room_comes_back() {
        let mut sets = sets(1_000);
        let mut held = Vec::new();
        for object in 1.. {
            let Some(id) = sets.hold(Version::V1_1, format!("</{object}>").as_bytes(), || one_link(object))
            else {
                break;
            };
            held.push(id);
        }
        assert!(!held.is_empty() && sets.octets() <= 1_000, "{} sets, {} octets", held.len(), sets.octets());
        sets.release(held.pop().unwrap());
        assert!(sets.hold(Version::V1_1, b"</65000>", || one_link(65000)).is_some());
    }
}
