//! Records that come twice, late, or newer than all before. [RFC 6347 §4.1.2.6]

/// What was received in one epoch: the highest sequence number and the 64 below it.
///
/// Ask [`ReplayWindow::is_new`] before a record is decrypted, tell [`ReplayWindow::mark`] only after it proved authentic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayWindow {
    /// One above the highest number received; 0 before the first.
    next: u64,
    /// Bit `n` is the number `next - 1 - n`.
    seen: u64,
}

impl ReplayWindow {
    /// Nothing received.
    #[must_use]
    pub const fn new() -> Self {
        Self { next: 0, seen: 0 }
    }

    /// Takes nothing below `next`: for a session that is restored, whose window was not stored with every record.
    #[must_use]
    pub const fn starting_at(next: u64) -> Self {
        Self { next, seen: u64::MAX }
    }

    /// One above the highest number received.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Has this number not been seen, and is it not too old to know?
    #[must_use]
    pub const fn is_new(&self, sequence: u64) -> bool {
        match self.age(sequence) {
            None => true,
            Some(age) => age < 64 && self.seen & (1 << age) == 0,
        }
    }

    /// Notes an authentic record. `true` if it is newer than all before: only then may the peer's address move.
    pub const fn mark(&mut self, sequence: u64) -> bool {
        let Some(age) = self.age(sequence) else {
            let step = (sequence - self.next).saturating_add(1);
            self.seen = if step < 64 { self.seen << step | 1 } else { 1 };
            self.next = sequence.saturating_add(1);
            return true;
        };
        if age < 64 {
            self.seen |= 1 << age;
        }
        false
    }

    /// How far below the highest; `None` if above. Sequence numbers have 48 bits: nothing overflows.
    const fn age(&self, sequence: u64) -> Option<u64> {
        match self.next.checked_sub(sequence) {
            None | Some(0) => None,
            Some(above) => Some(above - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_counts_once() {
        let mut window = ReplayWindow::new();
        assert!(window.is_new(0));
        assert!(window.mark(0));
        assert!(!window.is_new(0));
        assert!(window.mark(70));
        assert!(!window.is_new(6), "older than the window");
        assert!(window.is_new(7));
        assert!(!window.mark(7), "an old record is not the newest");
        assert!(!window.is_new(7));
    }

    #[test]
    fn a_restored_window_takes_only_what_is_above() {
        let mut window = ReplayWindow::starting_at(100);
        assert!((0..100).all(|sequence| !window.is_new(sequence)));
        assert!(window.is_new(100));
        assert!(window.mark(100));
        assert!((0..=100).all(|sequence| !window.is_new(sequence)));
    }

    proptest! {
        #[test]
        fn agrees_with_a_set(sequences in proptest::collection::vec(0_u64..300, 0..200)) {
            let mut window = ReplayWindow::new();
            let mut seen = BTreeSet::new();
            for sequence in sequences {
                let highest = seen.last().copied();
                let expected = !seen.contains(&sequence) && highest.is_none_or(|highest| sequence + 64 > highest);
                prop_assert_eq!(window.is_new(sequence), expected);
                if expected {
                    prop_assert_eq!(window.mark(sequence), highest.is_none_or(|highest| sequence > highest));
                    seen.insert(sequence);
                }
            }
        }
    }
}
