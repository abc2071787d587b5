//! All deadlines of a machine: one heap of named reasons, from which entries are removed for good.

use slab::Slab;

use crate::Mono;

/// A pending deadline. One that has passed cancels nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimerId {
    index: u32,
    serial: u32,
}

impl TimerId {
    pub(crate) const NONE: Self = Self { index: u32::MAX, serial: 0 };
}

#[derive(Debug)]
struct Timer<R> {
    reason: R,
    position: u32,
    serial: u32,
}

/// A binary heap whose entries know their position, so that a cancelled deadline leaves no trace.
#[derive(Debug)]
pub(crate) struct Timers<R> {
    /// Deadline, order of setting, timer.
    heap: Vec<(Mono, u64, u32)>,
    timers: Slab<Timer<R>>,
    set: u64,
}

impl<R> Default for Timers<R> {
    fn default() -> Self {
        Self { heap: Vec::new(), timers: Slab::new(), set: 0 }
    }
}

impl<R> Timers<R> {
    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Mono> {
        self.heap.first().map(|(at, ..)| *at)
    }

    /// When this one passes.
    pub(crate) fn at(&self, id: TimerId) -> Option<Mono> {
        let timer = self.timers.get(id.index as usize).filter(|timer| timer.serial == id.serial)?;
        self.heap.get(timer.position as usize).map(|(at, ..)| *at)
    }

    pub(crate) fn set(&mut self, at: Mono, reason: R) -> TimerId {
        let Ok(position) = u32::try_from(self.heap.len()) else { return TimerId::NONE };
        self.set += 1;
        let serial = self.set as u32;
        let index = self.timers.insert(Timer { reason, position, serial }) as u32;
        self.heap.push((at, self.set, index));
        self.up(position as usize);
        TimerId { index, serial }
    }

    /// Takes a deadline back, and leaves [`TimerId::NONE`] in its place.
    pub(crate) fn cancel(&mut self, id: &mut TimerId) {
        let TimerId { index, serial } = std::mem::replace(id, TimerId::NONE);
        if self.timers.get(index as usize).is_some_and(|timer| timer.serial == serial) {
            let timer = self.timers.remove(index as usize);
            self.take(timer.position as usize);
        }
    }

    /// The next reason whose deadline has passed. Its timer is gone.
    pub(crate) fn expired(&mut self, now: Mono) -> Option<R> {
        let (at, _, id) = *self.heap.first()?;
        if at > now {
            return None;
        }
        let timer = self.timers.try_remove(id as usize)?;
        self.take(0);
        Some(timer.reason)
    }

    fn take(&mut self, position: usize) {
        if position < self.heap.len() {
            self.heap.swap_remove(position);
            if position < self.heap.len() {
                self.note(position);
                self.up(position);
                self.down(position);
            }
        }
    }

    fn up(&mut self, mut at: usize) {
        while at > 0 && self.order(at) < self.order((at - 1) / 2) {
            self.heap.swap(at, (at - 1) / 2);
            self.note(at);
            at = (at - 1) / 2;
        }
        self.note(at);
    }

    fn down(&mut self, mut at: usize) {
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let mut least = at;
            for child in [left, right] {
                if child < self.heap.len() && self.order(child) < self.order(least) {
                    least = child;
                }
            }
            if least == at {
                return self.note(at);
            }
            self.heap.swap(at, least);
            self.note(at);
            at = least;
        }
    }

    fn order(&self, at: usize) -> (Mono, u64) {
        self.heap.get(at).map_or((Mono(u64::MAX), u64::MAX), |(at, set, _)| (*at, *set))
    }

    fn note(&mut self, at: usize) {
        if let Some((.., id)) = self.heap.get(at)
            && let Some(timer) = self.timers.get_mut(*id as usize)
        {
            timer.position = at as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_come_in_order_and_equal_ones_as_they_were_set() {
        let mut timers = Timers::default();
        let at = [50, 10, 30, 10, 90, 30, 20];
        let mut ids: Vec<TimerId> = (0_u32..).zip(at).map(|(n, at)| timers.set(Mono(at), n)).collect();
        timers.cancel(&mut ids[2]);
        timers.cancel(&mut ids[2]);
        assert_eq!(timers.next(), Some(Mono(10)));
        assert_eq!(timers.expired(Mono(9)), None);
        let order: Vec<u32> = std::iter::from_fn(|| timers.expired(Mono(100))).collect();
        assert_eq!(order, [1, 3, 6, 5, 0, 4]);
        assert_eq!(timers.heap.len(), 0);
    }

    #[test]
    fn a_cancelled_deadline_leaves_nothing_behind() {
        let mut timers = Timers::default();
        let mut state = 1_u64;
        let mut live = Vec::new();
        for n in 0..2000_u32 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
            live.push((state >> 40, timers.set(Mono(state >> 40), n)));
            if n % 3 == 0 {
                let (_, mut id) = live.swap_remove((state >> 33) as usize % live.len());
                timers.cancel(&mut id);
            }
        }
        assert_eq!(timers.heap.len(), live.len());
        live.sort_by_key(|(at, _)| *at);
        for (at, _) in live {
            assert_eq!(timers.next(), Some(Mono(at)));
            assert!(timers.expired(Mono(at)).is_some());
        }
    }
}
