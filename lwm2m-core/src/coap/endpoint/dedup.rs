//! Repetitions: which message IDs a peer has used lately, and what was replied. [RFC 7252 §4.5]
//!
//! An entry is small and its reply lies in one ring of octets for all peers, so that remembering costs no
//! allocation and the whole is bounded. Entries go in order of age; who looks removes what is over.

use std::{collections::VecDeque, hash::BuildHasher};

use foldhash::quality::FixedState;
use hashbrown::HashTable;

use super::table::{Key, List, NONE, Table};
use crate::{Mono, coap::MessageId};

/// What is known of a message that came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing was replied yet.
    Pending,
    /// Nothing is replied to repetitions.
    Silent,
    /// Replied; [`Dedup::reply`] has it.
    Replied,
    /// A notification that waits to be settled.
    Unsettled,
    /// A notification that the application refused: the repetition counts as new.
    Refused,
}

#[derive(Debug)]
struct Entry {
    peer: u32,
    id: MessageId,
    seen: Seen,
    /// Of token and code: another message under this ID is no repetition.
    mark: u32,
    reply_len: u16,
    /// Position in the ring, counted from its beginning.
    reply_at: u64,
    until: Mono,
    /// Neighbours in order of age, all peers together.
    older: u32,
    newer: u32,
}

/// What one peer has of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remembered {
    list: List,
    count: u16,
}

impl Remembered {
    pub(super) const NONE: Self = Self { list: List::EMPTY, count: 0 };
}

#[derive(Debug)]
pub(super) struct Dedup {
    entries: Table<Entry>,
    index: HashTable<u32>,
    hasher: FixedState,
    oldest: u32,
    newest: u32,
    ring: VecDeque<u8>,
    /// Position of the ring's first octet.
    ring_start: u64,
    /// Whose octets these are, in the ring's order.
    replies: VecDeque<(Key, u16)>,
    ring_limit: usize,
}

impl Dedup {
    pub(super) fn new(seed: u64, ring_limit: usize) -> Self {
        Self {
            entries: Table::default(),
            index: HashTable::new(),
            hasher: FixedState::with_seed(seed),
            oldest: NONE,
            newest: NONE,
            ring: VecDeque::new(),
            ring_start: 0,
            replies: VecDeque::new(),
            ring_limit,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// When the oldest entry may go, and whose it is.
    pub(super) fn oldest(&self) -> Option<(Mono, u32)> {
        self.entries.at(self.oldest).map(|(_, entry)| (entry.until, entry.peer))
    }

    pub(super) fn find(&self, now: Mono, peer: u32, id: MessageId) -> Option<(Key, Seen)> {
        let index = self.index.find(self.hash(peer, id), |index| self.is(*index, peer, id))?;
        let (key, entry) = self.entries.at(*index)?;
        (entry.until > now).then_some((key, entry.seen))
    }

    /// The mark of the message that has the ID.
    pub(super) fn mark(&self, key: Key) -> Option<u32> {
        self.entries.get(key).map(|entry| entry.mark)
    }

    /// Remembers a message ID; one of before is replaced.
    pub(super) fn insert(
        &mut self,
        of: &mut Remembered,
        peer: u32,
        id: MessageId,
        mark: u32,
        seen: Seen,
        until: Mono,
    ) -> Key {
        let hash = self.hash(peer, id);
        if let Some(stale) = self.index.find(hash, |index| self.is(*index, peer, id)).copied() {
            self.remove(of, stale);
        }
        let entry =
            Entry { peer, id, seen, mark, reply_len: 0, reply_at: 0, until, older: self.newest, newer: NONE };
        let key = self.entries.insert(&mut of.list, entry);
        of.count = of.count.saturating_add(1);
        match self.entries.at_mut(self.newest) {
            Some(newest) => newest.newer = key.index,
            None => self.oldest = key.index,
        }
        self.newest = key.index;
        let Self { index, entries, hasher, .. } = self;
        index.insert_unique(hash, key.index, |at| {
            entries.at(*at).map_or(0, |(_, entry)| hash_of(hasher, entry.peer, entry.id))
        });
        key
    }

    pub(super) fn set(&mut self, key: Key, seen: Seen) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.seen = seen;
        }
    }

    /// Keeps what was replied. True if older replies had to go for it.
    pub(super) fn set_reply(&mut self, key: Key, reply: &[u8]) -> bool {
        let Ok(len) = u16::try_from(reply.len()) else { return false };
        if self.entries.get(key).is_none() || reply.len() > self.ring_limit {
            return false;
        }
        let mut evicted = false;
        while self.ring.len() + reply.len() > self.ring_limit {
            evicted |= self.drop_oldest_reply();
        }
        let at = self.ring_start + self.ring.len() as u64;
        self.ring.extend(reply);
        self.replies.push_back((key, len));
        if let Some(entry) = self.entries.get_mut(key) {
            entry.seen = Seen::Replied;
            (entry.reply_at, entry.reply_len) = (at, len);
        }
        evicted
    }

    /// The octets replied, in two parts; empty if forgotten.
    pub(super) fn reply(&self, key: Key) -> (&[u8], &[u8]) {
        let Some(entry) = self.entries.get(key) else { return (&[], &[]) };
        let Some(start) = entry.reply_at.checked_sub(self.ring_start) else { return (&[], &[]) };
        let (start, len) = (start as usize, usize::from(entry.reply_len));
        let (front, back) = self.ring.as_slices();
        let in_front = front.get(start.min(front.len())..(start + len).min(front.len())).unwrap_or(&[]);
        let from = start.saturating_sub(front.len());
        let in_back = back.get(from..from + (len - in_front.len())).unwrap_or(&[]);
        (in_front, in_back)
    }

    /// Forgets the oldest of a peer if it has more than `limit`, but none that waits for its reply: those are
    /// bounded by what waits. True if so.
    pub(super) fn trim(&mut self, of: &mut Remembered, limit: usize) -> bool {
        if usize::from(of.count) <= limit {
            return false;
        }
        let waits = |seen| matches!(seen, Seen::Pending | Seen::Unsettled);
        let oldest = self.entries.list(of.list).find(|(_, entry)| !waits(entry.seen)).map(|(key, _)| key);
        let Some(oldest) = oldest else { return false };
        self.remove(of, oldest.index);
        true
    }

    /// Forgets the oldest of one peer.
    pub(super) fn forget_first(&mut self, of: &mut Remembered) -> bool {
        let Some(first) = self.entries.first(of.list) else { return false };
        self.remove(of, first.index);
        true
    }

    fn remove(&mut self, of: &mut Remembered, index: u32) {
        let Some((key, entry)) = self.entries.at(index) else { return };
        let hash = self.hash(entry.peer, entry.id);
        if let Ok(found) = self.index.find_entry(hash, |at| *at == index) {
            found.remove();
        }
        let Some(entry) = self.entries.remove(&mut of.list, key) else { return };
        of.count = of.count.saturating_sub(1);
        match self.entries.at_mut(entry.older) {
            Some(older) => older.newer = entry.newer,
            None => self.oldest = entry.newer,
        }
        match self.entries.at_mut(entry.newer) {
            Some(newer) => newer.older = entry.older,
            None => self.newest = entry.older,
        }
        // Octets of entries that are gone leave the ring when they are its first.
        while self.replies.front().is_some_and(|(key, _)| self.entries.get(*key).is_none()) {
            self.drop_oldest_reply();
        }
    }

    /// True if its entry was still alive.
    fn drop_oldest_reply(&mut self) -> bool {
        let Some((key, len)) = self.replies.pop_front() else {
            self.ring.clear();
            return false;
        };
        self.ring.drain(..usize::from(len).min(self.ring.len()));
        self.ring_start += u64::from(len);
        match self.entries.get_mut(key) {
            Some(entry) if entry.reply_at < self.ring_start => {
                entry.reply_len = 0;
                true
            }
            _ => false,
        }
    }

    fn is(&self, index: u32, peer: u32, id: MessageId) -> bool {
        self.entries.at(index).is_some_and(|(_, entry)| entry.peer == peer && entry.id == id)
    }

    fn hash(&self, peer: u32, id: MessageId) -> u64 {
        hash_of(&self.hasher, peer, id)
    }
}

fn hash_of(hasher: &FixedState, peer: u32, id: MessageId) -> u64 {
    hasher.hash_one(u64::from(peer) << 16 | u64::from(id.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(dedup: &Dedup, key: Key) -> Vec<u8> {
        let (front, back) = dedup.reply(key);
        [front, back].concat()
    }

    #[test]
    fn a_reply_is_found_until_its_time_is_over() {
        let mut dedup = Dedup::new(1, 100);
        let mut of = Remembered::NONE;
        let key = dedup.insert(&mut of, 7, MessageId(1), 0, Seen::Pending, Mono(50));
        assert_eq!(dedup.find(Mono(1), 7, MessageId(1)), Some((key, Seen::Pending)));
        dedup.set_reply(key, b"answer");
        assert_eq!(dedup.find(Mono(49), 7, MessageId(1)), Some((key, Seen::Replied)));
        assert_eq!(text(&dedup, key), b"answer");
        assert_eq!(dedup.find(Mono(1), 8, MessageId(1)), None);
        assert_eq!(dedup.find(Mono(50), 7, MessageId(1)), None);
        let again = dedup.insert(&mut of, 7, MessageId(1), 0, Seen::Pending, Mono(90));
        assert_eq!(dedup.find(Mono(60), 7, MessageId(1)), Some((again, Seen::Pending)));
        assert_eq!(dedup.len(), 1);
    }

    #[test]
    fn octets_are_bounded_and_the_oldest_reply_goes_first() {
        let mut dedup = Dedup::new(1, 64);
        let mut of = [Remembered::NONE; 3];
        let mut keys = Vec::new();
        for n in 0..40_u16 {
            let peer = u32::from(n % 3);
            let key = dedup.insert(
                &mut of[peer as usize],
                peer,
                MessageId(n),
                0,
                Seen::Pending,
                Mono(1000 + u64::from(n)),
            );
            dedup.set_reply(key, &[n as u8; 9]);
            keys.push(key);
            dedup.trim(&mut of[peer as usize], 5);
        }
        assert_eq!(dedup.len(), 15);
        assert!(dedup.ring.len() <= 64);
        for (n, key) in (0_u8..).zip(keys).skip(25) {
            let wanted = if n < 33 { vec![] } else { vec![n; 9] };
            assert_eq!(text(&dedup, key), wanted, "{n}");
        }
        while let Some((_, peer)) = dedup.oldest() {
            assert!(dedup.forget_first(&mut of[peer as usize]));
        }
        assert_eq!((dedup.len(), dedup.ring.len(), dedup.index.len()), (0, 0, 0));
    }
}
