//! Sessions that can be resumed by their names. [RFC 5246 §7.3, F.1.4]

use std::{fmt, hash::BuildHasher as _, sync::Arc};

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use rand_chacha::ChaCha12Rng;
use rand_core::Rng as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{Peer, limits::Limits, message::SessionId, prf::MasterSecret, suite::Suite};
use crate::{
    Credentials, Hint, Identity, Mono, Now, UnixTime,
    table::{List, Table},
};

/// Octets of the names that we give.
const NAME: usize = 16;
/// Octets of a [`Binding`].
pub(super) const BINDING: usize = 16;

/// What it takes to go on with a session in an abbreviated handshake. Only sessions with an extended master secret are
/// resumed. [RFC 7627 §5.3]
#[derive(Clone)]
pub struct Resumption {
    pub(super) id: SessionId,
    pub(super) master: MasterSecret,
    pub(super) suite: Suite,
    pub(super) peer: Arc<Peer>,
    pub(super) terms: Terms,
}

/// Under which circumstances a session was established; it is resumed under the same only.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) binding: Binding,
    /// When the first of the peer's certificates expires.
    pub(super) until: Option<UnixTime>,
}

/// A hash of the host name and of the keys that a session was established with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Binding(pub(super) [u8; BINDING]);

impl Binding {
    /// `host` is the server name that the client asked for; at a client, the host that it was connected to.
    pub(super) fn new(host: Option<&str>, credentials: &Credentials) -> Self {
        let mut hash = Sha256::new();
        let mut put = |part: &[u8]| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        put(host.unwrap_or_default().to_ascii_lowercase().as_bytes());
        match credentials {
            Credentials::Psk { identity, key } => {
                [&b"psk"[..], identity, key.expose()].into_iter().for_each(put);
            }
            Credentials::RawPublicKey { key, peer, matching } => {
                [&b"raw"[..], key.expose(), peer, &[*matching as u8]].into_iter().for_each(put);
            }
            Credentials::Certificate { chain, key, trust, peer } => {
                put(b"certificate");
                put(key.expose());
                for list in [chain, trust] {
                    put(&list.len().to_be_bytes());
                    list.iter().for_each(|der| put(der));
                }
                if let Some(peer) = peer {
                    put(&[peer.usage.map_or(u8::MAX, |usage| usage as u8), peer.matching as u8]);
                    put(&peer.data);
                }
            }
            Credentials::Oscore { .. } => put(b"oscore"),
        }
        Self(hash.finalize().first_chunk().copied().unwrap_or_default())
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Binding(..)")
    }
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

    /// Would what was checked then pass now? Dates that could not be checked are to be checked once they can.
    pub(super) fn still_holds(&self, now: Now) -> bool {
        now.wall
            .is_none_or(|wall| self.peer.dates_checked && self.terms.until.is_none_or(|until| wall <= until))
    }

    /// Are host and keys those of the first handshake? A key that was changed proves nothing about the old one.
    pub(super) fn is_bound_to(&self, host: Option<&str>, credentials: &Credentials) -> bool {
        self.terms.binding.0.ct_eq(&Binding::new(host, credentials).0).into()
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
    /// Boxed: what grows moves, and would leave copies of the secrets behind.
    resumption: Box<Resumption>,
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

    pub(super) fn insert(&mut self, now: Mono, limits: &Limits, resumption: Box<Resumption>) {
        while let Some(oldest) = self.entries.first(self.list).and_then(|key| self.entries.get(key)) {
            if self.entries.len() < limits.resumable.max(1) && now < oldest.until {
                break;
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Association, Bytes, Matching, Secret, Usage};

    #[test]
    fn a_session_is_bound_to_its_host_and_every_part_of_the_keys() {
        let key = || Secret::new(vec![7; 16]);
        let psk = |identity: &'static str, octet| Credentials::Psk {
            identity: identity.into(),
            key: Secret::new(vec![octet; 16]),
        };
        let raw = |peer: &'static str, matching| Credentials::RawPublicKey {
            key: key(),
            peer: peer.into(),
            matching,
        };
        let certificate = |chain: &[&'static str], trust: &[&'static str], usage| Credentials::Certificate {
            chain: chain.iter().map(|der| Bytes::from_static(der.as_bytes())).collect(),
            key: key(),
            trust: trust.iter().map(|der| Bytes::from_static(der.as_bytes())).collect(),
            peer: Some(Association { usage, matching: Matching::Exact, data: "leaf".into() }),
        };
        let all = [
            psk("a", 1),
            psk("b", 1),
            psk("a", 2),
            raw("a", Matching::Exact),
            raw("b", Matching::Exact),
            raw("a", Matching::Sha256),
            certificate(&["a"], &["b"], None),
            certificate(&[], &["a", "b"], None),
            certificate(&["a", "b"], &[], None),
            certificate(&["a"], &["b"], Some(Usage::CaConstraint)),
        ];
        let bindings = all
            .iter()
            .flat_map(|keys| [None, Some("one"), Some("two")].map(|host| Binding::new(host, keys).0));
        let mut distinct: Vec<_> = bindings.collect();
        let count = distinct.len();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), count);
        assert_eq!(Binding::new(Some("Host"), &all[0]), Binding::new(Some("host"), &all[0]));
    }
}
