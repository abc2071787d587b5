//! What a random run remembers: chance, what happened when, calls and their ends, and which values a place may have.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use lwm2m_core::{Mono, sim::Net};

/// Chance from a seed. SplitMix64.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Mostly at once or soon, sometimes after minutes.
    pub fn pause(&mut self) -> Duration {
        let most = self.pick(&[1, 50, 1_000, 5_000, 60_000]);
        Duration::from_millis(self.below(most))
    }
}

/// What happened when, for whoever must understand a failure.
#[derive(Clone)]
pub struct Journal(Net, Arc<Mutex<String>>);

impl Journal {
    pub fn new(net: &Net) -> Self {
        Self(net.clone(), Arc::default())
    }

    pub fn note(&self, what: impl AsRef<str>) {
        let at = Duration::from_micros(self.0.now().mono.0).as_secs_f64();
        let _ = writeln!(self.1.lock().unwrap(), "{at:>11.3}  {}", what.as_ref());
    }

    pub fn text(&self) -> String {
        self.1.lock().unwrap().clone()
    }
}

/// Calls of programs, each of which must come to an end.
#[derive(Clone)]
pub struct Ledger(Net, Arc<Mutex<Vec<Entry>>>);

struct Entry {
    what: String,
    began: Mono,
    within: Option<Duration>,
    ended: Option<Mono>,
}

impl Ledger {
    pub fn new(net: &Net) -> Self {
        Self(net.clone(), Arc::default())
    }

    /// Waits for a call that has so much time; `None`: as long as its server is away.
    pub async fn of<T>(&self, what: &str, within: Option<Duration>, call: impl Future<Output = T>) -> T {
        let position = {
            let mut entries = self.1.lock().unwrap();
            entries.push(Entry { what: what.to_owned(), began: self.0.now().mono, within, ended: None });
            entries.len() - 1
        };
        let result = call.await;
        self.1.lock().unwrap()[position].ended = Some(self.0.now().mono);
        result
    }

    /// The first call that has not ended, or took too long.
    pub fn overdue(&self) -> Option<String> {
        let now = self.0.now().mono;
        let entries = self.1.lock().unwrap();
        let late = entries.iter().find(|entry| {
            let took = entry.ended.unwrap_or(now).since(entry.began);
            entry.ended.is_none() || entry.within.is_some_and(|within| took > within)
        })?;
        let Entry { what, began, ended, .. } = late;
        Some(format!("{what}, called at {} s, ended at {:?}", began.0 / 1_000_000, ended.map(|at| at.0)))
    }
}

/// The values that a place may have: changes overlap, are refused, or nobody knows what became of them.
#[derive(Clone)]
pub struct History<T>(Net, Arc<Mutex<Vec<Change<T>>>>);

struct Change<T> {
    value: T,
    began: Mono,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
pub enum State {
    Unknown,
    Refused,
    /// Nobody knows, but it was before this moment.
    Perhaps(Mono),
    Confirmed(Mono),
}

impl<T: PartialEq + Clone> History<T> {
    pub fn new(net: &Net, first: T) -> Self {
        let state = State::Confirmed(Mono(0));
        Self(net.clone(), Arc::new(Mutex::new(vec![Change { value: first, began: Mono(0), state }])))
    }

    pub fn begin(&self, value: T) -> usize {
        let mut changes = self.1.lock().unwrap();
        changes.push(Change { value, began: self.0.now().mono, state: State::Unknown });
        changes.len() - 1
    }

    pub fn confirmed(&self, change: usize) {
        self.1.lock().unwrap()[change].state = State::Confirmed(self.0.now().mono);
    }

    /// It may just have become this value.
    pub fn perhaps(&self, value: T) {
        let change = self.begin(value);
        self.1.lock().unwrap()[change].state = State::Perhaps(self.0.now().mono);
    }

    pub fn refused(&self, change: usize) {
        self.1.lock().unwrap()[change].state = State::Refused;
    }

    /// Is there a change to this value that no confirmed one has come after for certain?
    pub fn allows(&self, value: &T) -> bool {
        let changes = self.1.lock().unwrap();
        let after = |end: Mono| {
            changes.iter().any(|other| matches!(other.state, State::Confirmed(_)) && other.began > end)
        };
        changes.iter().filter(|change| change.value == *value).any(|change| match change.state {
            State::Confirmed(end) | State::Perhaps(end) => !after(end),
            State::Unknown => true,
            State::Refused => false,
        })
    }
}
