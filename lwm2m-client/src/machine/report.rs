//! When observers are told: the evaluation of attributes, without time, sockets and handlers. [Core 1.2 §5.1.2, §6.4]
//!
//! [`Reports`] holds observations of any number of servers. It is told that places change, asks for them to be read
//! and says when a notification is due; nothing else decides about that. A change costs what the observations at,
//! above and below its place cost; how many others there are makes no difference but a search.
//!
//! ```
//! use std::sync::Arc;
//! use lwm2m_client::{IntoNode, Path, lwm2m_core::{Attributes, Mono}, machine::report::{Conditions, Reports, Step}};
//!
//! let path: Path = "/3303/0/5700".parse()?;
//! let seconds = |seconds: u64| Mono(seconds * 1_000_000);
//! let told_every = Conditions::of(&Attributes::default().pmin(10).pmax(60));
//! let mut reports = Reports::default();
//! let key = reports.begin(seconds(0), "the observer", [(path, told_every, Arc::new(20.5.into_node()))]);
//!
//! reports.changed(path);
//! let Some(Step::Read { ticket, .. }) = reports.poll(seconds(3)) else { panic!() };
//! reports.read(seconds(3), path, ticket, &Arc::new(21.0.into_node()));
//! assert_eq!(reports.poll(seconds(3)), None); // pmin
//! assert_eq!(reports.deadline(), Some(seconds(10)));
//! let Some(Step::Read { ticket, .. }) = reports.poll(seconds(10)) else { panic!() };
//! reports.read(seconds(10), path, ticket, &Arc::new(21.5.into_node()));
//! assert_eq!(reports.poll(seconds(10)), Some(Step::Notify(key)));
//! assert_eq!(reports.deadline(), Some(seconds(70))); // pmax
//! # Ok::<(), lwm2m_client::lwm2m_core::PathError>(())
//! ```

mod conditions;
mod number;
mod watch;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{Mono, Node, Path};
use smallvec::SmallVec;

pub use self::conditions::Conditions;
use self::watch::{Place, Watch};

/// One observation, as long as it lives; never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

/// One read that was asked for; never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read this place and say what was found: [`Reports::read`] or [`Reports::not_read`]. One read serves all
    /// observations of the place that are due.
    Read {
        /// To be given back.
        ticket: Ticket,
        /// The place.
        path: Path,
    },
    /// Tell this observer what [`Reports::values`] says.
    Notify(Key),
}

/// One value of a notification.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Where.
    pub path: Path,
    /// What.
    pub node: &'a Arc<Node>,
    /// How many of them to keep while the observer cannot be reached, if an attribute says so.
    pub hqmax: Option<u32>,
}

/// All observations. `T`: what the owner keeps with each.
///
/// After any of its methods [`Reports::poll`] until `None`, and again at [`Reports::deadline`]. Values are shared, so
/// that keeping the last one that was told costs no copy.
#[derive(Debug)]
pub struct Reports<T> {
    watches: BTreeMap<Key, Watch<T>>,
    /// Who looks at a place.
    index: BTreeMap<Path, SmallVec<[Key; 2]>>,
    /// When observations want to be looked at; at most one entry each, see [`Watch::wakes_at`].
    agenda: BTreeSet<(Mono, Key)>,
    /// Asked for and not begun.
    reads: BTreeMap<Path, Ticket>,
    due: VecDeque<Key>,
    last: u64,
}

impl<T> Default for Reports<T> {
    fn default() -> Self {
        Self {
            watches: BTreeMap::new(),
            index: BTreeMap::new(),
            agenda: BTreeSet::new(),
            reads: BTreeMap::new(),
            due: VecDeque::new(),
            last: 0,
        }
    }
}

impl<T> Reports<T> {
    /// An observation begins: these values have just been told. Several places: a composite observation, whose
    /// notifications always have all of them; each place keeps its own conditions, the times are those of the
    /// observation.
    pub fn begin(
        &mut self,
        now: Mono,
        data: T,
        places: impl IntoIterator<Item = (Path, Conditions, Arc<Node>)>,
    ) -> Key {
        self.last = self.last.wrapping_add(1);
        let key = Key(self.last);
        let places = places.into_iter().map(|(path, conditions, node)| {
            let watchers = self.index.entry(path).or_default();
            if !watchers.contains(&key) {
                watchers.push(key);
            }
            Place::new(now, path, conditions, node)
        });
        let watch = Watch::new(now, data, places.collect());
        self.watches.insert(key, watch);
        self.schedule(key);
        key
    }

    /// An observation ends.
    pub fn end(&mut self, key: Key) -> Option<T> {
        let watch = self.watches.remove(&key)?;
        if let Some(at) = watch.wakes_at {
            self.agenda.remove(&(at, key));
        }
        for place in &watch.places {
            if let Some(watchers) = self.index.get_mut(&place.path) {
                watchers.retain(|known| *known != key);
                if watchers.is_empty() {
                    self.index.remove(&place.path);
                }
            }
        }
        Some(watch.data)
    }

    /// The value at `path` has changed, or values below it have, or what is there has come or gone.
    pub fn changed(&mut self, path: Path) {
        let mut above = path.parent();
        while let Some(at) = above {
            if let Some(keys) = self.index.get(&at) {
                keys.iter().for_each(|key| mark(&mut self.watches, &mut self.agenda, *key, path));
            }
            above = at.parent();
        }
        let below = self.index.range(path..).take_while(|(at, _)| path.contains(at));
        for key in below.flat_map(|(_, keys)| keys) {
            mark(&mut self.watches, &mut self.agenda, *key, path);
        }
    }

    /// A read has been made that [`Step::Read`] asked for.
    pub fn read(&mut self, now: Mono, path: Path, ticket: Ticket, found: &Arc<Node>) {
        for key in self.readers(path) {
            let Some(watch) = self.watches.get_mut(&key) else { continue };
            if watch.read(now, path, ticket, found) {
                self.due.push_back(key);
            }
            self.schedule(key);
        }
    }

    /// A read has failed; those it was for ask again after this time.
    pub fn not_read(&mut self, now: Mono, path: Path, ticket: Ticket, again: Duration) {
        for key in self.readers(path) {
            let Some(watch) = self.watches.get_mut(&key) else { continue };
            watch.not_read(path, ticket, now.after(again));
            self.schedule(key);
        }
    }

    /// Whom a read is for.
    pub fn waiting(&self, path: Path, ticket: Ticket) -> impl Iterator<Item = Key> {
        let waits = move |key: &Key| self.watches.get(key).is_some_and(|watch| watch.waits(path, ticket));
        self.index.get(&path).into_iter().flatten().copied().filter(waits)
    }

    /// Attributes have changed: what each place of the observation is to be judged by from now on. What was told and
    /// when stays.
    pub fn steer(&mut self, key: Key, mut conditions: impl FnMut(Path, &T) -> Conditions) {
        let Some(watch) = self.watches.get_mut(&key) else { return };
        let data = &watch.data;
        for place in &mut watch.places {
            place.conditions = conditions(place.path, data);
        }
        self.schedule(key);
    }

    /// What is to be done now.
    pub fn poll(&mut self, now: Mono) -> Option<Step> {
        loop {
            if let Some(key) = self.due.pop_front() {
                if self.watches.contains_key(&key) {
                    return Some(Step::Notify(key));
                }
            } else if let Some((at, key)) = self.agenda.first().copied()
                && at <= now
            {
                self.wake(now, key);
            } else {
                return self.reads.pop_first().map(|(path, ticket)| Step::Read { ticket, path });
            }
        }
    }

    /// When to poll again, unless something happens before.
    #[must_use]
    pub fn deadline(&self) -> Option<Mono> {
        self.agenda.first().map(|(at, _)| *at)
    }

    /// What an observer is told, or was told last.
    pub fn values(&self, key: Key) -> impl Iterator<Item = Told<'_>> {
        self.watches.get(&key).into_iter().flat_map(|watch| &watch.places).map(|place| Told {
            path: place.path,
            node: &place.told,
            hqmax: place.conditions.hqmax,
        })
    }

    /// Do the attributes say whether its notifications are confirmable?
    #[must_use]
    pub fn confirmable(&self, key: Key) -> Option<bool> {
        self.watches.get(&key)?.places.iter().filter_map(|place| place.conditions.con).max()
    }

    /// The observations at `path`, above and below it.
    #[must_use]
    pub fn around(&self, path: Path) -> BTreeSet<Key> {
        let above = std::iter::successors(path.parent(), Path::parent).filter_map(|at| self.index.get(&at));
        let below = self.index.range(path..).take_while(|(at, _)| path.contains(at)).map(|(_, keys)| keys);
        above.chain(below).flatten().copied().collect()
    }

    /// What the owner keeps with an observation.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&T> {
        self.watches.get(&key).map(|watch| &watch.data)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.watches.get_mut(&key).map(|watch| &mut watch.data)
    }

    /// All observations, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.watches.iter().map(|(key, watch)| (*key, &watch.data))
    }

    /// How many observations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.watches.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }

    fn readers(&self, path: Path) -> SmallVec<[Key; 2]> {
        self.index.get(&path).cloned().unwrap_or_default()
    }

    /// One step of the algorithm, as far as it goes without reading.
    fn wake(&mut self, now: Mono, key: Key) {
        let Some(watch) = self.watches.get_mut(&key) else { return };
        for place in &mut watch.places {
            if !place.begins_to_look(now) {
                continue;
            }
            let ticket = *self.reads.entry(place.path).or_insert_with(|| {
                self.last = self.last.wrapping_add(1);
                Ticket(self.last)
            });
            place.ticket = Some(ticket);
        }
        if watch.decide(now) {
            self.due.push_back(key);
        }
        self.schedule(key);
    }

    fn schedule(&mut self, key: Key) {
        if let Some(watch) = self.watches.get_mut(&key) {
            watch.schedule(key, &mut self.agenda);
        }
    }
}

fn mark<T>(
    watches: &mut BTreeMap<Key, Watch<T>>,
    agenda: &mut BTreeSet<(Mono, Key)>,
    key: Key,
    changed: Path,
) {
    if let Some(watch) = watches.get_mut(&key)
        && watch.mark(changed)
    {
        watch.schedule(key, agenda);
    }
}
