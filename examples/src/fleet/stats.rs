//! What a fleet counts and measures.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hdrhistogram::Histogram;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Registration,
    Update,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Registration, Self::Update];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Update => "update",
        }
    }
}

/// Counts of a fleet, and a pair of histograms a group, so that groups do not wait for one another.
pub(super) struct Stats {
    groups: Vec<Mutex<[Histogram<u64>; 2]>>,
    pub(super) started: Count,
    pub(super) registered: Count,
    pub(super) first: Count,
    pub(super) updates: Count,
    pub(super) changes: Count,
    pub(super) observed: Count,
    pub(super) refused: Count,
    pub(super) unreachable: Count,
    pub(super) undelivered: Count,
    pub(super) failed: Count,
}

/// A number that many tasks change.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn up(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn down(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Stats {
    pub(super) fn new(groups: usize) -> Self {
        Self {
            groups: (0..groups).map(|_| Mutex::new([histogram(), histogram()])).collect(),
            started: Count::default(),
            registered: Count::default(),
            first: Count::default(),
            updates: Count::default(),
            changes: Count::default(),
            observed: Count::default(),
            refused: Count::default(),
            unreachable: Count::default(),
            undelivered: Count::default(),
            failed: Count::default(),
        }
    }

    pub(super) fn took(&self, group: usize, what: Kind, time: Duration) {
        let Some(histograms) = self.groups.get(group) else { return };
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let [registration, update] = &mut *lock(histograms);
        let histogram = match what {
            Kind::Registration => registration,
            Kind::Update => update,
        };
        histogram.saturating_record(micros);
    }

    /// Microseconds, of all groups.
    pub(super) fn times(&self, what: Kind) -> Histogram<u64> {
        let mut all = histogram();
        for group in &self.groups {
            let [registration, update] = &*lock(group);
            let one = if what == Kind::Registration { registration } else { update };
            all.add(one).ok();
        }
        all
    }

    /// Devices that were registered at least once.
    pub(super) fn ever_registered(&self) -> u64 {
        self.first.get()
    }

    pub(super) fn problems(&self) -> u64 {
        [&self.refused, &self.unreachable, &self.undelivered, &self.failed].map(Count::get).iter().sum()
    }
}

/// 1 µs to 10 minutes, to two digits.
fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 600_000_000, 2).unwrap_or_else(|_| unreachable!("the bounds are constants"))
}

fn lock(group: &Mutex<[Histogram<u64>; 2]>) -> MutexGuard<'_, [Histogram<u64>; 2]> {
    group.lock().unwrap_or_else(PoisonError::into_inner)
}
