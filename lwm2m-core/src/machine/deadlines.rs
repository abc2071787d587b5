//! Deadlines: a heap that knows where each key stands, so that moving one never leaves a stale copy behind.

/// The key has no deadline.
const ABSENT: u32 = u32::MAX;

/// Small integer keys (slots of a slab), each with at most one moment. Memory: one heap entry a key, whatever peers do.
#[derive(Debug)]
pub struct Deadlines<T> {
    heap: Vec<(T, u32)>,
    /// Where in the heap each key stands.
    places: Vec<u32>,
}

impl<T: Copy + Ord> Default for Deadlines<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy + Ord> Deadlines<T> {
    /// Without any.
    #[must_use]
    pub const fn new() -> Self {
        Self { heap: Vec::new(), places: Vec::new() }
    }

    /// How many keys have one.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a count for statistics")]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// The earliest moment.
    #[must_use]
    pub fn next(&self) -> Option<T> {
        self.heap.first().map(|(at, _)| *at)
    }

    /// The moment of this key.
    #[must_use]
    pub fn get(&self, key: u32) -> Option<T> {
        self.heap.get(self.place(key)?).map(|(at, _)| *at)
    }

    /// Gives the key this moment instead of the one it had.
    pub fn set(&mut self, key: u32, at: T) {
        match self.place(key) {
            Some(place) => {
                if let Some(entry) = self.heap.get_mut(place) {
                    entry.0 = at;
                }
                self.settle(place);
            }
            None => {
                let place = self.heap.len();
                self.heap.push((at, key));
                self.note(key, place);
                self.settle(place);
            }
        }
    }

    /// Takes the moment of this key away.
    pub fn remove(&mut self, key: u32) {
        let Some(place) = self.place(key) else { return };
        self.forget(key);
        if place < self.heap.len() {
            self.heap.swap_remove(place);
        }
        if let Some(&(_, moved)) = self.heap.get(place) {
            self.note(moved, place);
            self.settle(place);
        }
    }

    /// Takes one key whose moment has come.
    pub fn pop_due(&mut self, now: T) -> Option<u32> {
        let (at, key) = *self.heap.first()?;
        if at > now {
            return None;
        }
        self.remove(key);
        Some(key)
    }

    fn place(&self, key: u32) -> Option<usize> {
        self.places.get(key as usize).filter(|place| **place != ABSENT).map(|place| *place as usize)
    }

    fn note(&mut self, key: u32, place: usize) {
        let (key, place) = (key as usize, u32::try_from(place).unwrap_or(ABSENT));
        if key >= self.places.len() {
            self.places.resize(key.saturating_add(1), ABSENT);
        }
        if let Some(at) = self.places.get_mut(key) {
            *at = place;
        }
    }

    fn forget(&mut self, key: u32) {
        if let Some(at) = self.places.get_mut(key as usize) {
            *at = ABSENT;
        }
    }

    /// Moves the entry at `place` up or down to where it belongs.
    fn settle(&mut self, mut place: usize) {
        while place > 0 {
            let above = (place - 1) / 2;
            if !self.is_before(place, above) {
                break;
            }
            self.swap(place, above);
            place = above;
        }
        loop {
            let (left, right) = (place.saturating_mul(2) + 1, place.saturating_mul(2) + 2);
            let least = if self.is_before(right, left) { right } else { left };
            if !self.is_before(least, place) {
                return;
            }
            self.swap(place, least);
            place = least;
        }
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        match (self.heap.get(a), self.heap.get(b)) {
            (Some(a), Some(b)) => a.0 < b.0,
            _ => false,
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        if a.max(b) >= self.heap.len() {
            return;
        }
        self.heap.swap(a, b);
        for place in [a, b] {
            if let Some(&(_, key)) = self.heap.get(place) {
                self.note(key, place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a map: the same keys come due in the same order, whatever is set, moved and removed.
        #[test]
        fn comes_due_like_a_sorted_map(steps in proptest::collection::vec((0u32..20, proptest::option::of(0u32..50)), 0..200)) {
            let (mut deadlines, mut expected) = (Deadlines::new(), BTreeMap::new());
            for (key, at) in steps {
                match at {
                    Some(at) => { deadlines.set(key, at); expected.insert(key, at); }
                    None => { deadlines.remove(key); expected.remove(&key); }
                }
                prop_assert_eq!(deadlines.next(), expected.values().min().copied());
                prop_assert_eq!(deadlines.get(key), expected.get(&key).copied());
            }
            let mut due = Vec::new();
            while let Some(key) = deadlines.pop_due(25) { due.push(key); }
            prop_assert!(due.windows(2).all(|pair| expected[&pair[0]] <= expected[&pair[1]]));
            due.sort_unstable();
            let wanted: Vec<u32> = expected.iter().filter(|(_, at)| **at <= 25).map(|(key, _)| *key).collect();
            prop_assert_eq!(due, wanted);
            prop_assert!(deadlines.next().is_none_or(|at| at > 25));
        }
    }
}
