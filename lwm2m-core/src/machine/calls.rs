//! Open questions to the outside: how many, and how long.

use std::time::Duration;

use slab::Slab;

use super::{CallId, Deadlines};
use crate::Mono;

/// A call that nobody waits for: its answer is ignored.
pub const FORGOTTEN: CallId = CallId(0);

/// Open calls and what is to happen with their answers.
#[derive(Debug)]
pub struct Calls<J> {
    open: Slab<(u32, J)>,
    deadlines: Deadlines<Mono>,
    /// Distinguishes calls that use the same slot one after the other; never zero.
    turn: u32,
    timeout: Duration,
    max: usize,
}

impl<J> Calls<J> {
    /// At most `max` open ones, each for `timeout` at the longest.
    #[must_use]
    pub const fn new(max: usize, timeout: Duration) -> Self {
        Self { open: Slab::new(), deadlines: Deadlines::new(), turn: 1, timeout, max }
    }

    /// How many are open.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Is none open?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Is there no room for another?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.open.len() >= self.max
    }

    /// A new call.
    ///
    /// # Errors
    /// Too many are open; the job comes back.
    pub fn open(&mut self, now: Mono, job: J) -> Result<CallId, J> {
        let Ok(slot) = u32::try_from(self.open.vacant_key()) else { return Err(job) };
        if self.is_full() {
            return Err(job);
        }
        let turn = self.turn;
        self.turn = self.turn.checked_add(1).unwrap_or(1);
        self.open.insert((turn, job));
        self.deadlines.set(slot, now.after(self.timeout));
        Ok(CallId(u64::from(turn) << 32 | u64::from(slot)))
    }

    /// The job of a call that is answered. `None`: it was given up, or is answered already.
    pub fn close(&mut self, id: CallId) -> Option<J> {
        let (turn, slot) = ((id.0 >> 32) as u32, id.0 as u32);
        if self.open.get(slot as usize)?.0 != turn {
            return None;
        }
        self.deadlines.remove(slot);
        self.open.try_remove(slot as usize).map(|(_, job)| job)
    }

    /// When the first of them takes too long.
    #[must_use]
    pub fn deadline(&self) -> Option<Mono> {
        self.deadlines.next()
    }

    /// Gives up one call that took too long.
    pub fn pop_overdue(&mut self, now: Mono) -> Option<(CallId, J)> {
        let slot = self.deadlines.pop_due(now)?;
        let (turn, job) = self.open.try_remove(slot as usize)?;
        Some((CallId(u64::from(turn) << 32 | u64::from(slot)), job))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_once_and_only_in_time() {
        let mut calls = Calls::new(2, Duration::from_micros(10));
        let first = calls.open(Mono(0), 'a').unwrap();
        let second = calls.open(Mono(5), 'b').unwrap();
        assert_eq!(calls.open(Mono(5), 'c'), Err('c'));
        assert_eq!(calls.close(first), Some('a'));
        assert_eq!(calls.close(first), None);
        let third = calls.open(Mono(6), 'c').unwrap();
        assert_eq!(calls.close(first), None, "the slot has another call now");
        assert_eq!(calls.pop_overdue(Mono(14)), None);
        assert_eq!(calls.pop_overdue(Mono(15)), Some((second, 'b')));
        assert_eq!(calls.close(second), None);
        assert_eq!((calls.close(third), calls.deadline()), (Some('c'), None));
        assert_eq!(calls.close(FORGOTTEN), None);
    }
}
