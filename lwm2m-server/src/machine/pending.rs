//! The requests that wait for clients or are on their way: in order, by number, and by when their time is over.

use std::{collections::HashMap, time::Duration};

use lwm2m_core::{
    Attributes, EndpointName, Mono, Path, UnixTime,
    coap::{self, ExchangeId},
    codec::ContentFormat,
    machine::Deadlines,
    ops::{Downlink, Target},
};
use slab::Slab;

use super::{
    Ask,
    observation::DETACHED,
    registration::{List, NONE},
    types::Queued,
};
use crate::store::{StoredObservation, StoredRequest};

/// Requests of all clients. Those of one client are chained in the order they came.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) slab: Slab<Pending>,
    pub(super) deadlines: Deadlines<Mono>,
    /// Of those that may wait for a sleeping client, while they wait.
    pub(super) expiries: Deadlines<UnixTime>,
    /// By the caller's number. Re-observations, which nobody waits for, have none.
    pub(super) numbers: HashMap<u64, u32, foldhash::fast::FixedState>,
    pub(super) max: usize,
    /// Those that were posted.
    pub(super) posted: HashMap<u64, Posted, foldhash::fast::FixedState>,
}

/// Whom a request was posted to.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) to: EndpointName,
    /// The program has heard that it is posted. Before, what becomes of it is its caller's.
    pub(super) told: bool,
}

/// A request that waits or is on its way.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) request: u64,
    pub(super) registration: u32,
    pub(super) before: u32,
    pub(super) after: u32,
    /// Taken when it is sent. `None` before: it is made from what waits.
    pub(super) message: Option<coap::Request>,
    pub(super) exchange: Option<ExchangeId>,
    /// `None`: a raw request.
    pub(super) target: Option<Target>,
    pub(super) format: Option<ContentFormat>,
    /// Of an Observe, if it has any.
    pub(super) attributes: Option<Box<Attributes>>,
    /// Of an Observe-Composite.
    pub(super) places: Option<Box<[Path]>>,
    pub(super) timeout: Duration,
    pub(super) progress: bool,
    pub(super) priority: u8,
    /// Not before the client is heard again.
    pub(super) held: bool,
    /// It was sent before, and its outcome is unknown.
    pub(super) left: bool,
    pub(super) effect: Effect,
    /// Of a request that may wait for a sleeping client.
    pub(super) wait: Option<Box<Wait>>,
}

impl Pending {
    /// A request that was not sent yet, and does not wait for a client that sleeps.
    pub(super) const fn new(
        request: u64,
        registration: u32,
        target: Option<Target>,
        timeout: Duration,
    ) -> Self {
        Self {
            request,
            registration,
            before: NONE,
            after: NONE,
            message: None,
            exchange: None,
            target,
            format: None,
            attributes: None,
            places: None,
            timeout,
            progress: false,
            priority: 0,
            held: false,
            left: false,
            effect: Effect::None,
            wait: None,
        }
    }
}

/// What a request consists of that may wait for a sleeping client.
#[derive(Debug)]
pub(super) struct Wait {
    pub(super) ask: Ask,
    /// What the caller wants, not what this client gets.
    pub(super) format: Option<ContentFormat>,
    pub(super) expires: UnixTime,
    /// It may be done twice.
    pub(super) repeat: bool,
    pub(super) post: Post,
}

/// How far a request is that was posted: its outcome is an event, and the store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Post {
    /// It was not: somebody waits for it.
    No,
    /// The store is to keep it.
    Keeping,
    /// The store has it.
    Kept,
    /// The store is to know that it leaves.
    Leaving,
    /// It may leave.
    Leaves,
    /// It may have left before the server was started.
    Unknown,
}

/// What the success of a request says of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    /// It was disabled.
    Disable,
    /// It has this disable timeout.
    DisableTimeout(u32),
    /// The answer says its disable timeout.
    ReadDisableTimeout,
}

impl Requests {
    pub(super) fn new(max: usize) -> Self {
        Self {
            slab: Slab::new(),
            deadlines: Deadlines::new(),
            expiries: Deadlines::new(),
            numbers: HashMap::default(),
            max,
            posted: HashMap::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.deadlines.next()
    }

    pub(super) fn exchange(&self, key: u32) -> Option<ExchangeId> {
        self.get(key).and_then(|pending| pending.exchange)
    }

    /// Those that wait for a sleeping client, or for a turn.
    pub(super) fn queued_len(&self) -> usize {
        self.expiries.len()
    }

    /// Was it sent before?
    pub(super) fn has_left(&self, key: u32) -> bool {
        self.get(key).is_some_and(|pending| pending.left)
    }

    /// When the last of a list no longer waits.
    pub(super) fn last_expiry(&self, list: List) -> Option<UnixTime> {
        self.all(list).into_iter().filter_map(|key| self.expiries.get(key)).max()
    }

    /// When the next one no longer waits.
    pub(super) fn expiry(&self) -> Option<UnixTime> {
        self.expiries.next()
    }

    pub(super) fn pop_expired(&mut self, wall: UnixTime) -> Option<u32> {
        self.expiries.pop_due(wall)
    }

    /// Its time to wait is over.
    pub(super) fn is_expired(&self, key: u32, wall: UnixTime) -> bool {
        self.expiries.get(key).is_some_and(|at| at <= wall)
    }

    pub(super) fn by_number(&self, number: u64) -> Option<u32> {
        self.numbers.get(&number).copied()
    }

    pub(super) fn target(&self, key: u32) -> Option<&Target> {
        self.get(key)?.target.as_ref()
    }

    pub(super) fn queued(&self, key: u32) -> Option<Queued> {
        self.get(key).map(Wait::queued)
    }

    /// How far it is, if it was posted.
    pub(super) fn post(&self, key: u32) -> Post {
        self.get(key).and_then(|pending| pending.wait.as_ref()).map_or(Post::No, |wait| wait.post)
    }

    pub(super) fn set_post(&mut self, key: u32, post: Post) {
        if let Some(wait) = self.get_mut(key).and_then(|pending| pending.wait.as_mut()) {
            wait.post = post;
        }
    }

    /// As the store keeps it.
    pub(super) fn stored(&self, key: u32, sent: bool) -> Option<StoredRequest> {
        let pending = self.get(key)?;
        let wait = pending.wait.as_ref()?;
        let Ask::Operation(operation) = &wait.ask else { return None };
        Some(StoredRequest {
            number: pending.request,
            operation: operation.clone(),
            format: wait.format,
            timeout: pending.timeout,
            expires: wait.expires,
            priority: pending.priority,
            repeat: wait.repeat,
            sent,
        })
    }

    /// May it wait for a sleeping client?
    pub(super) fn waits(&self, key: u32) -> bool {
        self.get(key).is_some_and(|pending| pending.wait.is_some())
    }

    /// The observation that it asks for, if nobody reads it.
    pub(super) fn detached(&self, key: u32) -> Option<StoredObservation> {
        let pending = self.get(key).filter(|pending| pending.request == DETACHED)?;
        let wait = pending.wait.as_ref()?;
        let (tree, path, places, attributes) = match &wait.ask {
            Ask::Operation(Downlink::Observe { tree, path, attributes }) => {
                (tree, *path, Vec::new(), *attributes)
            }
            Ask::Operation(Downlink::ObserveComposite { tree, paths, attributes }) => {
                (tree, Path::ROOT, paths.clone(), *attributes)
            }
            _ => return None,
        };
        Some(StoredObservation { tree: tree.clone(), path, places, format: wait.format, attributes })
    }

    /// May it be done twice?
    pub(super) fn may_repeat(&self, key: u32) -> bool {
        self.get(key).and_then(|pending| pending.wait.as_ref()).is_some_and(|wait| wait.repeat)
    }

    /// In their order.
    pub(super) fn all(&self, list: List) -> Vec<u32> {
        let next = |key: &u32| self.get(*key).map(|pending| pending.after);
        std::iter::successors(Some(list.first), next).filter(|key| self.get(*key).is_some()).collect()
    }

    /// Those that are not on their way, in their order.
    pub(super) fn unsent(&self, list: List) -> Vec<u32> {
        let mut keys = self.all(list);
        keys.retain(|key| self.exchange(*key).is_none());
        keys
    }

    /// Does it wait for the client to be heard?
    pub(super) fn is_held(&self, key: u32) -> bool {
        self.get(key).is_some_and(|pending| pending.held)
    }

    /// The client was heard: what was held may go.
    pub(super) fn release(&mut self, list: List) {
        let mut key = list.first;
        while let Some(pending) = self.get_mut(key) {
            pending.held = false;
            key = pending.after;
        }
    }

    /// One that was to be sent waits again; `left`: it may have arrived. Gives its client and what it was sent as.
    pub(super) fn put_back(&mut self, key: u32, left: bool) -> Option<(u32, ExchangeId)> {
        let pending = self.get_mut(key)?;
        let expires = pending.wait.as_ref()?.expires;
        let exchange = pending.exchange.take()?;
        (pending.held, pending.left) = (true, pending.left || left);
        let slot = pending.registration;
        self.deadlines.remove(key);
        self.expiries.set(key, expires);
        Some((slot, exchange))
    }

    pub(super) fn get(&self, key: u32) -> Option<&Pending> {
        self.slab.get(key as usize)
    }

    pub(super) fn get_mut(&mut self, key: u32) -> Option<&mut Pending> {
        self.slab.get_mut(key as usize)
    }

    /// Puts it into the list of its client, behind all of its priority. `None`: there is no room.
    pub(super) fn push(&mut self, now: Mono, list: &mut List, pending: Pending) -> Option<u32> {
        let key = u32::try_from(self.slab.vacant_key()).ok().filter(|_| self.slab.len() < self.max)?;
        match &pending.wait {
            Some(wait) => self.expiries.set(key, wait.expires),
            None => self.deadlines.set(key, now.after(pending.timeout)),
        }
        if pending.request != DETACHED {
            self.numbers.insert(pending.request, key);
        }
        let (mut before, mut after) = (list.last, NONE);
        while let Some(other) = self.get(before).filter(|other| other.priority < pending.priority) {
            (before, after) = (other.before, before);
        }
        self.slab.insert(Pending { before, after, ..pending });
        match self.get_mut(before) {
            Some(other) => other.after = key,
            None => list.first = key,
        }
        match self.get_mut(after) {
            Some(other) => other.before = key,
            None => list.last = key,
        }
        list.len = list.len.saturating_add(1);
        Some(key)
    }

    /// One that another registration of the same client had.
    pub(super) fn push_again(&mut self, list: &mut List, slot: u32, pending: Pending) -> Option<u32> {
        let again = Pending { registration: slot, message: None, held: false, ..pending };
        again.wait.as_ref()?;
        self.push(Mono(0), list, again)
    }

    pub(super) fn remove(&mut self, list: &mut List, key: u32) -> Option<Pending> {
        let pending = self.slab.try_remove(key as usize)?;
        self.deadlines.remove(key);
        self.expiries.remove(key);
        self.numbers.remove(&pending.request);
        match self.get_mut(pending.before) {
            Some(before) => before.after = pending.after,
            None => list.first = pending.after,
        }
        match self.get_mut(pending.after) {
            Some(after) => after.before = pending.before,
            None => list.last = pending.before,
        }
        list.len = list.len.saturating_sub(1);
        Some(pending)
    }

    /// It leaves now: from here on its time to be answered counts.
    pub(super) fn sent(&mut self, now: Mono, key: u32) {
        let Some(pending) = self.slab.get(key as usize).filter(|pending| pending.wait.is_some()) else {
            return;
        };
        self.expiries.remove(key);
        self.deadlines.set(key, now.after(pending.timeout));
    }

    /// The first of a list that may leave.
    pub(super) fn first_waiting(&self, list: List, may: impl Fn(&Pending) -> bool) -> Option<u32> {
        let mut key = list.first;
        loop {
            let pending = self.get(key)?;
            if pending.exchange.is_none() && !pending.held && may(pending) {
                return Some(key);
            }
            key = pending.after;
        }
    }
}
