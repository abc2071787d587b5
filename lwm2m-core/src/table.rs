//! A slab whose keys say when they are stale, and whose entries hang in lists.

use slab::Slab;

/// No entry.
pub(crate) const NONE: u32 = u32::MAX;

/// Index, and a serial number that changes with every insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) index: u32,
    pub(crate) serial: u32,
}

impl Key {
    pub(crate) const DANGLING: Self = Self { index: NONE, serial: 0 };

    pub(crate) const fn pack(self) -> u64 {
        (self.serial as u64) << 32 | self.index as u64
    }

    pub(crate) const fn unpack(packed: u64) -> Self {
        Self { index: packed as u32, serial: (packed >> 32) as u32 }
    }
}

/// First and last entry of a list; oldest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    first: u32,
    last: u32,
}

impl List {
    pub(crate) const EMPTY: Self = Self { first: NONE, last: NONE };
}

#[derive(Debug)]
struct Entry<T> {
    serial: u32,
    previous: u32,
    next: u32,
    value: T,
}

#[derive(Debug)]
pub(crate) struct Table<T> {
    slab: Slab<Entry<T>>,
    serial: u32,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { slab: Slab::new(), serial: 0 }
    }
}

impl<T> Table<T> {
    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    /// The key that the next insertion returns.
    pub(crate) fn next_key(&self) -> Key {
        let index = u32::try_from(self.slab.vacant_key()).unwrap_or(NONE);
        Key { index, serial: self.serial.wrapping_add(1) }
    }

    /// A key that never finds anything.
    pub(crate) fn burn(&mut self) -> Key {
        self.serial = self.serial.wrapping_add(1);
        Key { index: NONE, serial: self.serial }
    }

    /// Adds an entry at the end of a list.
    pub(crate) fn insert(&mut self, list: &mut List, value: T) -> Key {
        let key = self.next_key();
        self.serial = key.serial;
        self.slab.insert(Entry { serial: key.serial, previous: list.last, next: NONE, value });
        match self.entry_mut(list.last) {
            Some(last) => last.next = key.index,
            None => list.first = key.index,
        }
        list.last = key.index;
        key
    }

    /// Takes an entry out. The list must be the one that it hangs in.
    pub(crate) fn remove(&mut self, list: &mut List, key: Key) -> Option<T> {
        self.get(key)?;
        let entry = self.slab.try_remove(key.index as usize)?;
        self.unlink(list, entry.previous, entry.next);
        Some(entry.value)
    }

    /// Makes an entry the newest of its list.
    #[cfg(feature = "dtls")]
    pub(crate) fn renew(&mut self, list: &mut List, key: Key) {
        if list.last == key.index || self.get(key).is_none() {
            return;
        }
        let Some((previous, next)) = self.entry(key.index).map(|entry| (entry.previous, entry.next)) else {
            return;
        };
        self.unlink(list, previous, next);
        self.link(list, key.index);
    }

    /// Makes an entry of one list the newest of another.
    #[cfg(feature = "dtls")]
    pub(crate) fn shift(&mut self, from: &mut List, to: &mut List, key: Key) {
        if self.get(key).is_none() {
            return;
        }
        let Some((previous, next)) = self.entry(key.index).map(|entry| (entry.previous, entry.next)) else {
            return;
        };
        self.unlink(from, previous, next);
        self.link(to, key.index);
    }

    pub(crate) fn get(&self, key: Key) -> Option<&T> {
        self.entry(key.index).filter(|entry| entry.serial == key.serial).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.entry_mut(key.index).filter(|entry| entry.serial == key.serial).map(|entry| &mut entry.value)
    }

    /// Whatever is at an index now.
    pub(crate) fn at(&self, index: u32) -> Option<(Key, &T)> {
        self.entry(index).map(|entry| (Key { index, serial: entry.serial }, &entry.value))
    }

    pub(crate) fn at_mut(&mut self, index: u32) -> Option<&mut T> {
        self.entry_mut(index).map(|entry| &mut entry.value)
    }

    /// The entries of a list, oldest first.
    pub(crate) fn list(&self, list: List) -> impl Iterator<Item = (Key, &T)> {
        let mut at = list.first;
        std::iter::from_fn(move || {
            let entry = self.entry(at)?;
            let key = Key { index: at, serial: entry.serial };
            at = entry.next;
            Some((key, &entry.value))
        })
    }

    /// The oldest entry of a list.
    pub(crate) fn first(&self, list: List) -> Option<Key> {
        self.entry(list.first).map(|entry| Key { index: list.first, serial: entry.serial })
    }

    #[cfg(feature = "dtls")]
    fn link(&mut self, list: &mut List, index: u32) {
        if let Some(entry) = self.entry_mut(index) {
            (entry.previous, entry.next) = (list.last, NONE);
        }
        match self.entry_mut(list.last) {
            Some(last) => last.next = index,
            None => list.first = index,
        }
        list.last = index;
    }

    fn unlink(&mut self, list: &mut List, previous: u32, next: u32) {
        match self.entry_mut(previous) {
            Some(entry) => entry.next = next,
            None => list.first = next,
        }
        match self.entry_mut(next) {
            Some(entry) => entry.previous = previous,
            None => list.last = previous,
        }
    }

    fn entry(&self, index: u32) -> Option<&Entry<T>> {
        self.slab.get(index as usize)
    }

    fn entry_mut(&mut self, index: u32) -> Option<&mut Entry<T>> {
        self.slab.get_mut(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_leave_their_list_and_stale_keys_find_nothing() {
        let mut table = Table::default();
        let (mut a, mut b) = (List::EMPTY, List::EMPTY);
        let keys: Vec<Key> =
            (0..6).map(|n| table.insert(if n % 2 == 0 { &mut a } else { &mut b }, n)).collect();
        assert_eq!(table.remove(&mut a, keys[2]), Some(2));
        assert_eq!(table.remove(&mut a, keys[2]), None);
        assert_eq!(table.list(a).map(|(_, v)| *v).collect::<Vec<_>>(), [0, 4]);
        let again = table.insert(&mut b, 9);
        assert_eq!(again.index, keys[2].index);
        assert_eq!(table.get(keys[2]), None);
        assert_eq!(table.list(b).map(|(_, v)| *v).collect::<Vec<_>>(), [1, 3, 5, 9]);
        for key in [keys[5], keys[1], again, keys[3]] {
            table.remove(&mut b, key);
        }
        assert_eq!(table.first(b), None);
        assert_eq!(table.first(a), Some(keys[0]));
        assert_eq!(Key::unpack(again.pack()), again);
    }

    #[cfg(feature = "dtls")]
    #[test]
    fn an_entry_becomes_the_newest_of_its_list_or_of_another() {
        let mut table = Table::default();
        let (mut a, mut b) = (List::EMPTY, List::EMPTY);
        let keys: Vec<Key> = (0..4).map(|n| table.insert(&mut a, n)).collect();
        table.renew(&mut a, keys[1]);
        table.renew(&mut a, keys[1]);
        table.shift(&mut a, &mut b, keys[0]);
        table.shift(&mut a, &mut b, keys[3]);
        assert_eq!(table.list(a).map(|(_, v)| *v).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(table.list(b).map(|(_, v)| *v).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(table.remove(&mut b, keys[0]), Some(0));
        table.renew(&mut b, keys[0]);
        assert_eq!(table.first(b), Some(keys[3]));
    }
}
