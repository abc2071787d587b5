//! One observation: what it has told, what it has seen, and when it must look again.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use lwm2m_core::{Mono, Node, Path};
use smallvec::SmallVec;

use super::{Conditions, Key, Ticket};

#[derive(Debug)]
pub(super) struct Watch<T> {
    pub(super) data: T,
    pub(super) places: SmallVec<[Place; 1]>,
    told_at: Mono,
    /// After a read that failed: not before.
    not_before: Mono,
    /// Its entry in the agenda.
    pub(super) wakes_at: Option<Mono>,
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) path: Path,
    pub(super) conditions: Conditions,
    /// The value of the last notification: what `gt`, `lt` and `st` compare with.
    pub(super) told: Arc<Node>,
    /// The value at the last evaluation: what `edge` compares with.
    seen: Arc<Node>,
    seen_at: Mono,
    /// It is to be evaluated when `epmin` allows it.
    look: bool,
    /// A condition was met since the last notification: one is sent when `pmin` allows it.
    pending: bool,
    /// It is being read.
    pub(super) ticket: Option<Ticket>,
}

impl Place {
    pub(super) fn new(now: Mono, path: Path, conditions: Conditions, told: Arc<Node>) -> Self {
        Self {
            path,
            conditions,
            seen: told.clone(),
            told,
            seen_at: now,
            look: false,
            pending: false,
            ticket: None,
        }
    }

    /// Outside the window of `epmin` every step evaluates; inside it only makes sure that one follows.
    pub(super) fn begins_to_look(&mut self, now: Mono) -> bool {
        let begins = self.opens_at() <= now;
        self.look = !begins;
        begins
    }

    /// The end of the window of `epmin`.
    fn opens_at(&self) -> Mono {
        self.seen_at.after(self.conditions.epmin.unwrap_or_default())
    }

    fn evaluate(&mut self, now: Mono, found: &Arc<Node>) {
        self.ticket = None;
        self.pending |= self.conditions.met(&self.told, &self.seen, found);
        self.seen = found.clone();
        self.seen_at = now;
    }

    fn is_due(&self, told_at: Mono, now: Mono) -> bool {
        let over = |wait: Duration| told_at.after(wait) <= now;
        self.conditions.pmax.is_some_and(over) || (self.pending && over(self.conditions.pmin))
    }

    /// Evaluating what is pending anyway changes nothing, unless evaluations are themselves timed.
    fn looks(&self) -> bool {
        let timed = self.conditions.epmin.is_some() || self.conditions.epmax.is_some();
        self.look && (timed || !self.pending)
    }

    fn wakes_at(&self, told_at: Mono) -> Option<Mono> {
        let conditions = &self.conditions;
        let look = self.looks().then(|| self.opens_at());
        let latest = conditions.epmax.map(|epmax| self.seen_at.after(epmax));
        let pending = self.pending.then(|| told_at.after(conditions.pmin));
        let periodic = conditions.pmax.map(|pmax| told_at.after(pmax));
        [look, latest, pending, periodic].into_iter().flatten().min()
    }
}

impl<T> Watch<T> {
    pub(super) const fn new(now: Mono, data: T, places: SmallVec<[Place; 1]>) -> Self {
        Self { data, places, told_at: now, not_before: Mono(0), wakes_at: None }
    }

    /// Something at or below a place has changed, or above it. Says whether that is news.
    pub(super) fn mark(&mut self, changed: Path) -> bool {
        let mut news = false;
        for place in &mut self.places {
            if !place.look && (place.path.contains(&changed) || changed.contains(&place.path)) {
                place.look = true;
                news = true;
            }
        }
        news
    }

    /// A place has been read. Says whether the observer is to be told.
    pub(super) fn read(&mut self, now: Mono, path: Path, ticket: Ticket, found: &Arc<Node>) -> bool {
        let awaited = |place: &&mut Place| place.path == path && place.ticket == Some(ticket);
        let mut evaluated = false;
        for place in self.places.iter_mut().filter(awaited) {
            place.evaluate(now, found);
            evaluated = true;
        }
        evaluated && self.not_before <= now && self.decide(now)
    }

    pub(super) fn not_read(&mut self, path: Path, ticket: Ticket, again: Mono) {
        for place in &mut self.places {
            if place.path == path && place.ticket == Some(ticket) {
                place.ticket = None;
                place.look = true;
                self.not_before = again;
            }
        }
    }

    pub(super) fn waits(&self, path: Path, ticket: Ticket) -> bool {
        self.places.iter().any(|place| place.path == path && place.ticket == Some(ticket))
    }

    /// The second half of a step, once all is read: is a notification due? Then it counts as sent.
    pub(super) fn decide(&mut self, now: Mono) -> bool {
        let reading = self.places.iter().any(|place| place.ticket.is_some());
        if reading || !self.places.iter().any(|place| place.is_due(self.told_at, now)) {
            return false;
        }
        self.told_at = now;
        for place in &mut self.places {
            place.told = place.seen.clone();
            place.pending = false;
        }
        true
    }

    /// Puts it on the agenda, or moves it there.
    pub(super) fn schedule(&mut self, key: Key, agenda: &mut BTreeSet<(Mono, Key)>) {
        let reading = self.places.iter().any(|place| place.ticket.is_some());
        let wishes = self.places.iter().filter_map(|place| place.wakes_at(self.told_at));
        let wakes_at = wishes.min().filter(|_| !reading).map(|at| at.max(self.not_before));
        if wakes_at == self.wakes_at {
            return;
        }
        if let Some(at) = self.wakes_at {
            agenda.remove(&(at, key));
        }
        if let Some(at) = wakes_at {
            agenda.insert((at, key));
        }
        self.wakes_at = wakes_at;
    }
}
