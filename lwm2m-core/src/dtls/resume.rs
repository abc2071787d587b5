//! Sessions that can be resumed by their names. [RFC 5246 §7.3, F.1.4]

use std::{fmt, hash::BuildHasher as _, sync::Arc};

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use rand_chacha::ChaCha12Rng;
use rand_core::Rng as _;

use super::{Peer, limits::Limits, message::SessionId, prf::MasterSecret, suite::Suite};
use crate::{
    Hint, Identity, Mono,
    table::{List, Table},
};

/// Octets of the names that we give.
const NAME: usize = 16;

/// What it takes to go on with a session in an abbreviated handshake. Only sessions with an extended master secret are
/// resumed. [RFC 7627 §5.3]
#[derive(Clone)]
pub struct Resumption {
    pub(super) id: SessionId,
    pub(super) master: MasterSecret,
    pub(super) suite: Suite,
    pub(super) peer: Arc<Peer>,
}

impl fmt::Debug for Resumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resumption")
            .field("suite", &self.suite)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl Resumption {
    /// The peer that the session was established with.
    #[must_use]
    pub fn peer(&self) -> &Peer {
        &self.peer
    }
}

/// What is asked for again when a session is resumed: its peer's keys may have been withdrawn since.
pub(super) fn hint(identity: &Identity) -> Option<Hint> {
    match identity {
        Identity::Psk(identity) => Some(Hint::Psk { identity: identity.clone() }),
        Identity::RawPublicKey(spki) => Some(Hint::RawPublicKey(spki.clone())),
        Identity::Certificate { der, .. } => Some(Hint::Certificate(der.clone())),
        _ => None,
    }
}

/// What a server remembers. A refused resumption leaves it as it is: names of sessions are not secret.
#[derive(Debug)]
pub(super) struct Cache {
    entries: Table<Entry>,
    /// Oldest first.
    list: List,
    index: HashTable<u32>,
    hasher: FixedState,
}

#[derive(Debug)]
struct Entry {
    resumption: Resumption,
    until: Mono,
}

impl Cache {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            entries: Table::default(),
            list: List::EMPTY,
            index: HashTable::new(),
            hasher: FixedState::with_seed(seed),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// A name that no session has.
    pub(super) fn name(rng: &mut ChaCha12Rng) -> SessionId {
        let mut octets = [0; NAME];
        rng.fill_bytes(&mut octets);
        SessionId::new(&octets).unwrap_or_default()
    }

    pub(super) fn get(&self, now: Mono, id: &SessionId) -> Option<&Resumption> {
        let at = *self.index.find(self.hash(id), |at| self.is(*at, id))?;
        let (_, entry) = self.entries.at(at).filter(|(_, entry)| now < entry.until)?;
        Some(&entry.resumption)
    }

    pub(super) fn insert(&mut self, now: Mono, limits: &Limits, resumption: Resumption) {
        while self.entries.len() >= limits.resumable.max(1) {
            let Some(oldest) = self.entries.first(self.list).and_then(|key| self.entries.get(key)) else {
                break;
            };
            let id = oldest.resumption.id;
            self.remove(&id);
        }
        self.remove(&resumption.id);
        let hash = self.hash(&resumption.id);
        let key =
            self.entries.insert(&mut self.list, Entry { resumption, until: now.after(limits.resumable_for) });
        let Self { entries, index, hasher, .. } = self;
        index.insert_unique(hash, key.index, |at| {
            entries.at(*at).map_or(0, |(_, entry)| hasher.hash_one(entry.resumption.id))
        });
    }

    pub(super) fn remove(&mut self, id: &SessionId) {
        let hash = self.hash(id);
        let Self { entries, index, .. } = self;
        let is = |at: &u32| entries.at(*at).is_some_and(|(_, entry)| entry.resumption.id == *id);
        if let Ok(found) = index.find_entry(hash, is) {
            let (at, _) = found.remove();
            if let Some((key, _)) = self.entries.at(at) {
                self.entries.remove(&mut self.list, key);
            }
        }
    }

    /// Forgets the sessions with certain peers.
    pub(super) fn forget(&mut self, mut with: impl FnMut(&Peer) -> bool) {
        let ids: Vec<SessionId> = (self.entries.list(self.list))
            .filter(|(_, entry)| with(&entry.resumption.peer))
            .map(|(_, entry)| entry.resumption.id)
            .collect();
        ids.iter().for_each(|id| self.remove(id));
    }

    fn hash(&self, id: &SessionId) -> u64 {
        self.hasher.hash_one(id)
    }

    fn is(&self, at: u32, id: &SessionId) -> bool {
        self.entries.at(at).is_some_and(|(_, entry)| entry.resumption.id == *id)
    }
}
