//! Notifications that wait: for the one before them, or for a server that is disabled or away. [Core 1.2 §E.2, resource 6]
//!
//! With Notification Storing, every notification of an observation is delivered, in order, where its format has times:
//! what could not be sent when it was due, or was not acknowledged, goes in one message with what follows it, each value
//! with the time of its measurement. In other formats the newest value alone counts.
//!
//! An observation outlives its link: without a server it goes on being evaluated. It is taken up again by the next
//! Observe of the same places, which begins with the present values and then tells what was kept. What is kept is
//! bounded for each place (`hqmax`, where it is said) and for each server; the oldest goes first. Over a restart it is
//! in the state store, see [`backlog`](super::backlog).

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    Code, Node, Now, Path, PeerId, Rejection,
    coap::{self, Delivery, DeliveryId, ExchangeError, InboundId},
    codec::{
        ContentFormat, Context, Timed,
        negotiate::{self, Content},
    },
    ops::{DownlinkAnswer, Target, Verb},
};

use super::{ClientMachine, composite, observe::Observation, report::Key};
use crate::{ClientEvent, state_store::values::Taken};

/// What is kept of a place whose attributes do not say it (`hqmax`).
const KEPT: usize = 256;
/// Values that are kept for one server. Attack: one that observes everything, and goes away.
const MAX_KEPT: usize = 8192;
/// Observations of one server that wait for it.
const MAX_WAITING: usize = 256;
/// A message of kept values is made no longer than this, unless one moment has more.
const MAX_OCTETS: usize = 1024;
/// Values that are older are sent with their time, in microseconds.
const FRESH: u64 = 1_000_000;
/// From a Register on: a server that has not observed again by then does not want to.
const OBSERVED_AGAIN: Duration = Duration::from_secs(60 * 60);

/// One notification, not delivered yet.
#[derive(Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) at: Taken,
    pub(super) values: Vec<(Path, Arc<Node>)>,
}

impl Kept {
    pub(super) fn new(at: Taken, values: Vec<(Path, Arc<Node>)>) -> Self {
        Self { at, values }
    }

    fn weight(&self) -> usize {
        self.values.iter().map(|(_, node)| weight(node)).sum()
    }
}

/// How many values a node has; at least one.
fn weight(node: &Node) -> usize {
    let all: usize = match node {
        Node::Value(_) => 1,
        Node::Multiple(items) => items.len(),
        Node::Instance(children) => children.values().map(weight).sum(),
        Node::Object(children) => children.values().map(weight).sum(),
        Node::Root(children) => children.values().map(weight).sum(),
        _ => 1,
    };
    all.max(1)
}

/// What one observation has yet to tell, oldest first.
#[derive(Default)]
pub(super) struct Stored {
    waiting: VecDeque<Kept>,
    weight: usize,
    under_way: Option<(DeliveryId, Vec<Kept>)>,
    /// Counts what changes of it.
    pub(super) revision: u64,
    /// The number of its record, if it was ever to have one.
    pub(super) record: Option<u32>,
}

impl Stored {
    fn push(&mut self, kept: Kept) {
        self.revision = self.revision.wrapping_add(1);
        self.weight = self.weight.saturating_add(kept.weight());
        self.waiting.push_back(kept);
    }

    /// Not delivered: to its place, before what came later.
    fn put_back(&mut self, kept: Vec<Kept>) {
        for kept in kept.into_iter().rev() {
            self.weight = self.weight.saturating_add(kept.weight());
            self.waiting.push_front(kept);
        }
    }

    fn pop(&mut self) -> Option<Kept> {
        let oldest = self.waiting.pop_front()?;
        self.revision = self.revision.wrapping_add(1);
        self.weight = self.weight.saturating_sub(oldest.weight());
        Some(oldest)
    }

    /// Leaves as much of each place as `limit` says, and gives how many values went.
    fn trim(&mut self, limit: impl Fn(Path) -> usize) -> u64 {
        let mut seen: BTreeMap<Path, usize> = BTreeMap::new();
        let mut gone = 0_u64;
        for kept in self.waiting.iter_mut().rev() {
            kept.values.retain(|(path, _)| {
                let count = seen.entry(*path).or_default();
                *count = count.saturating_add(1);
                let stays = *count <= limit(*path);
                gone = gone.saturating_add(u64::from(!stays));
                stays
            });
        }
        if gone > 0 {
            self.revision = self.revision.wrapping_add(1);
            self.waiting.retain(|kept| !kept.values.is_empty());
            self.weight = self.waiting.iter().map(Kept::weight).sum();
        }
        gone
    }

    /// What was kept in an earlier life, oldest first.
    pub(super) fn restored(record: u32, kept: Vec<Kept>) -> Self {
        let mut stored = Self { record: Some(record), ..Self::default() };
        stored.put_back(kept);
        stored
    }

    /// All that is not delivered, oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Kept> {
        self.under_way.iter().flat_map(|(_, kept)| kept).chain(&self.waiting)
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len().saturating_add(self.under_way.as_ref().map_or(0, |(_, kept)| kept.len()))
    }
}

impl ClientMachine {
    /// Can its server be told?
    fn is_open(&self, observation: &Observation) -> bool {
        let account = self.accounts.get(observation.account);
        observation.inbound.is_some() && account.is_some_and(super::account::Account::can_be_told)
    }

    pub(super) fn is_storing(&self, account: usize) -> bool {
        let storing = self.accounts.get(account).is_some_and(|account| account.settings.storing);
        storing && (self.stopping.is_none() || self.config.keeps)
    }

    fn is_timed(&self, account: usize, format: Option<ContentFormat>) -> bool {
        let cx = Context { model: &self.table, version: self.version(account), tree: &self.config.tree };
        format.is_some_and(|format| negotiate::permits(&cx, Content::Many { timed: true }, format))
    }

    /// A notification is due.
    pub(super) fn notify(&mut self, now: Now, key: Key) {
        let Some(observation) = self.reports.get(key) else { return };
        let (account, server) = (observation.account, self.server_of(observation.account));
        let (policy, tree) = (self.config.policy.as_ref(), &self.config.tree);
        let read = |path| !observation.composite || self.is_read_permitted(now, account, tree, path);
        // Of a composite observation each place is asked about as if it were the only one.
        let may = |path| policy.is_none_or(|policy| policy.may_notify(server, tree, path) && read(path));
        // A right may have been taken since the server began to observe. [Core 1.2 §8]
        let told = self.reports.values(key).filter_map(|told| {
            self.visible(account, told.path, told.node)?;
            let node = if policy.is_none() {
                told.node.clone()
            } else {
                composite::part(told.path, told.node, may)?
            };
            Some((told.path, node))
        });
        let told: Vec<_> = told.collect();
        if told.is_empty() {
            return;
        }
        let kept = Kept::new(Taken::now(now), told);
        let (open, timed) = (self.is_open(observation), self.is_timed(account, observation.format));
        let stored = &observation.stored;
        let direct = stored.waiting.is_empty() && (stored.under_way.is_none() || !timed);
        // Without a registration nobody expects it. [Core 1.2 §6.4.2]
        match (open, self.is_storing(account)) {
            (true, false) => self.tell(now, key, vec![kept]),
            (true, true) if direct => self.tell(now, key, vec![kept]),
            (_, true) => {
                self.keep_notification(key, kept, if timed { usize::MAX } else { 1 });
                self.flush(now, key);
            }
            (false, false) => {}
        }
    }

    fn keep_notification(&mut self, key: Key, kept: Kept, most: usize) {
        self.backlog.grows(kept.values.len());
        if let Some(observation) = self.reports.get_mut(key) {
            observation.stored.push(kept);
        }
        self.trim(key, most);
    }

    /// Within the limits of the places, and of the server.
    pub(super) fn trim(&mut self, key: Key, most: usize) {
        let limits: BTreeMap<Path, usize> = self
            .reports
            .values(key)
            .map(|told| {
                let said = told.hqmax.map_or(KEPT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
                (told.path, said.min(most))
            })
            .collect();
        let Some(observation) = self.reports.get(key) else { return };
        let account = observation.account;
        // While the server is there, what is on its way holds up the newest and does not do away with it.
        let least = usize::from(self.is_open(observation));
        let limit = |path: Path| limits.get(&path).copied().unwrap_or(0).max(least);
        let Some(observation) = self.reports.get_mut(key) else { return };
        let mut gone = observation.stored.trim(limit);
        while self.kept_for(account) > MAX_KEPT {
            let of_server = self.reports.iter().filter(|(_, other)| other.account == account);
            let oldest =
                of_server.filter_map(|(key, other)| Some((other.stored.waiting.front()?.at, key))).min();
            let Some(observation) = oldest.and_then(|(_, key)| self.reports.get_mut(key)) else { break };
            gone = gone.saturating_add(observation.stored.pop().map_or(0, |kept| kept.values.len() as u64));
        }
        self.displaced = self.displaced.saturating_add(gone);
    }

    fn kept_for(&self, account: usize) -> usize {
        let of_server = self.reports.iter().filter(|(_, observation)| observation.account == account);
        of_server.map(|(_, observation)| observation.stored.weight).sum()
    }

    /// Sends these, which are all of one observation, in one message.
    fn tell(&mut self, now: Now, key: Key, kept: Vec<Kept>) {
        let Some(observation) = self.reports.get(key) else { return };
        let Some(inbound) = observation.inbound else { return };
        let Some(response) = self.message(now, observation, &kept) else { return };
        let Some(account) = self.accounts.get(observation.account) else { return };
        let by_default = account.config.confirmable || account.settings.confirmable;
        // What has waited so long is not to be lost on its last way.
        let confirmable = !is_fresh(now, &kept) || self.reports.confirmable(key).unwrap_or(by_default);
        let how = if confirmable { Delivery::Confirmable } else { Delivery::NonConfirmable };
        let delivery = self.endpoint.notify(now, inbound, response, how);
        self.deliveries.insert(delivery, key);
        if let Some(observation) = self.reports.get_mut(key) {
            observation.stored.under_way = Some((delivery, kept));
        }
    }

    fn message<'a>(&self, now: Now, observation: &Observation, kept: &'a [Kept]) -> Option<coap::Response> {
        let account = self.accounts.get(observation.account)?;
        let cx = Context { model: &self.table, version: account.version, tree: &self.config.tree };
        let verb = if observation.composite { Verb::ObserveComposite } else { Verb::Observe };
        let target = Target { verb, tree: self.config.tree.clone(), path: observation.path() };
        let timed = self.is_timed(observation.account, observation.format);
        let seen = |kept: &'a Kept| -> Vec<(Path, Cow<'a, Node>)> {
            let seen = kept
                .values
                .iter()
                .filter_map(|(path, node)| Some((*path, self.visible(observation.account, *path, node)?)));
            seen.collect()
        };
        let values = kept.iter().flat_map(|kept| {
            let fresh = kept.at.age(now) < FRESH || !timed;
            let at = (!fresh).then(|| kept.at.stamp(now));
            let seen = seen(kept);
            let places: Vec<_> = seen.iter().map(|(path, node)| (*path, &**node)).collect();
            let values = composite::values(&target.tree, &places).into_iter();
            values.map(move |value| Timed { at, ..value })
        });
        let answer = DownlinkAnswer::Values(values.collect());
        let response = answer.to_coap(&target, &cx, observation.format);
        Some(response.unwrap_or_else(|error| (&Rejection::from(error)).into()))
    }

    /// Tells what waits, as much as one message takes.
    pub(super) fn flush(&mut self, now: Now, key: Key) {
        let Some(observation) = self.reports.get(key).filter(|observation| self.is_open(observation)) else {
            return;
        };
        let timed = self.is_timed(observation.account, observation.format);
        let Some(observation) = self.reports.get_mut(key) else { return };
        if observation.stored.under_way.is_some() || observation.stored.waiting.is_empty() {
            return;
        }
        let stored = &mut observation.stored;
        let mut first: Vec<Kept> = stored.waiting.drain(..).collect();
        stored.weight = 0;
        let mut rest = Vec::new();
        if !timed {
            first = first.pop().into_iter().collect();
        }
        while first.len() > 1 && self.is_too_long(now, key, &first) {
            let mut more = first.split_off(first.len() / 2);
            more.append(&mut rest);
            rest = more;
        }
        if let Some(observation) = self.reports.get_mut(key) {
            observation.stored.put_back(rest);
        }
        self.tell(now, key, first);
    }

    fn is_too_long(&self, now: Now, key: Key, kept: &[Kept]) -> bool {
        let message = self.reports.get(key).and_then(|observation| self.message(now, observation, kept));
        // Two values of one moment cannot be told apart.
        message.is_some_and(|message| {
            message.code != Code::CONTENT || message.payload.bytes().len() > MAX_OCTETS
        })
    }

    /// A notification has arrived, or was sent and is not waited for.
    pub(super) fn delivered(&mut self, now: Now, id: DeliveryId) {
        let Some(key) = self.deliveries.remove(&id) else { return };
        let Some(observation) = self.reports.get_mut(key) else { return };
        let stored = &mut observation.stored;
        if stored.under_way.as_ref().is_some_and(|(of, _)| *of == id) {
            (stored.under_way, stored.revision) = (None, stored.revision.wrapping_add(1));
            if stored.record.is_some() {
                self.backlog.changes();
            }
            self.flush(now, key);
        }
    }

    /// A notification was not acknowledged, or could not be sent. The server does not know: it learns from a new
    /// Register, and observes again.
    pub(super) fn not_delivered(&mut self, now: Now, id: DeliveryId, error: &ExchangeError) {
        let Some(key) = self.deliveries.remove(&id) else { return };
        let Some(observation) = self.reports.get(key) else { return };
        let (account, paths) = (observation.account, observation.paths.clone());
        if observation.stored.under_way.as_ref().is_none_or(|(of, _)| *of != id) {
            return;
        }
        self.take_back(key);
        if !matches!(error, ExchangeError::TimedOut { .. }) {
            return;
        }
        let server = self.server_of(account);
        for path in paths {
            self.publish(ClientEvent::Undelivered { server, path });
        }
        self.register_anew(now, account);
    }

    /// What is on its way is not expected to arrive any more.
    fn take_back(&mut self, key: Key) {
        let Some(observation) = self.reports.get_mut(key) else { return };
        let account = observation.account;
        let Some((_, kept)) = observation.stored.under_way.take() else { return };
        self.backlog.changes();
        if self.is_storing(account) {
            if let Some(observation) = self.reports.get_mut(key) {
                observation.stored.put_back(kept);
            }
            self.trim(key, usize::MAX);
        }
    }

    /// The server has cancelled, or cannot be reached.
    pub(super) fn observer_gone(&mut self, now: Now, id: InboundId, peer: PeerId, reset: bool) {
        let found = self.reports.iter().find(|(_, known)| known.inbound == Some(id));
        let Some((key, account)) = found.map(|(key, known)| (key, known.account)) else { return };
        let there = self.accounts.get(account).is_some_and(|account| account.peer == Some(peer));
        if !reset && !there && self.is_storing(account) {
            return self.suspend(key);
        }
        if let Some(observation) = self.end_report(key) {
            self.unobserved(&observation);
        }
        if reset {
            self.update_after_reset(now, account);
        }
    }

    /// Goes on without its server.
    fn suspend(&mut self, key: Key) {
        self.take_back(key);
        let Some(observation) = self.reports.get_mut(key) else { return };
        if observation.inbound.take().is_none() {
            return;
        }
        self.backlog.changes();
        let (account, paths) = (observation.account, observation.paths.clone());
        let server = self.server_of(account);
        for path in paths {
            self.publish(ClientEvent::Unobserved { server, path });
        }
        let waiting =
            self.reports.iter().filter(|(_, other)| other.account == account && other.inbound.is_none());
        let mut waiting: Vec<Key> = waiting.map(|(key, _)| key).collect();
        if waiting.len() > MAX_WAITING {
            self.forget_suspended(waiting.swap_remove(0));
        }
    }

    fn forget_suspended(&mut self, key: Key) {
        if let Some(observation) = self.end_report(key) {
            self.displaced = self.displaced.saturating_add(observation.stored.len() as u64);
        }
    }

    /// A new registration knows nothing of earlier observations; but the server may observe the same again.
    /// [Core 1.2 §6.2.1]
    pub(super) fn suspend_observations(&mut self, now: Now, account: usize) {
        if !self.is_storing(account) {
            return self.end_observations(now, account);
        }
        let of_server: Vec<(Key, Option<InboundId>)> = self
            .reports
            .iter()
            .filter(|(_, known)| known.account == account)
            .map(|(key, known)| (key, known.inbound))
            .collect();
        let until = now.mono.after(OBSERVED_AGAIN);
        for (key, inbound) in of_server {
            if let Some(inbound) = inbound {
                self.endpoint.end_observation(now, inbound);
                self.suspend(key);
            }
            if let Some(observation) = self.reports.get_mut(key) {
                observation.until = Some(until);
                self.observed_again_by = Some(self.observed_again_by.map_or(until, |by| by.min(until)));
            }
        }
    }

    /// What an observation of the same places has left to tell. It ends.
    pub(super) fn resume(&mut self, observation: &Observation) -> Stored {
        let is_same = |other: &Observation| {
            other.inbound.is_none()
                && other.account == observation.account
                && other.composite == observation.composite
                && other.paths == observation.paths
        };
        let earlier = self.reports.iter().find(|(_, other)| is_same(other)).map(|(key, _)| key);
        let Some(earlier) = earlier.and_then(|key| self.end_report(key)) else { return Stored::default() };
        // Without times they are of the past, and the answer has told the present.
        if self.is_timed(observation.account, observation.format) {
            return earlier.stored;
        }
        self.displaced = self.displaced.saturating_add(earlier.stored.len() as u64);
        Stored::default()
    }

    /// Servers that have registered us again, and do not want to know.
    pub(super) fn forget_unwanted(&mut self, now: Now) {
        if self.observed_again_by.is_none_or(|by| by > now.mono) {
            return;
        }
        let is_over = |observation: &Observation| observation.until.is_some_and(|until| until <= now.mono);
        let over: Vec<(Key, usize)> = self
            .reports
            .iter()
            .filter(|(_, observation)| observation.inbound.is_none() && is_over(observation))
            .map(|(key, observation)| (key, observation.account))
            .collect();
        for (key, account) in over {
            let registered = self.accounts.get(account).is_some_and(|account| account.registered.is_some());
            if registered {
                self.forget_suspended(key);
            } else if let Some(observation) = self.reports.get_mut(key) {
                observation.until = None; // away again: its next Register counts
            }
        }
        let waiting = self.reports.iter().filter(|(_, observation)| observation.inbound.is_none());
        self.observed_again_by = waiting.filter_map(|(_, observation)| observation.until).min();
    }

    /// The server has switched Notification Storing off.
    pub(super) fn discard_stored(&mut self, account: usize) {
        self.backlog.changes();
        let of_server = self.reports.iter().filter(|(_, known)| known.account == account);
        for key in of_server.map(|(key, _)| key).collect::<Vec<_>>() {
            let Some(observation) = self.reports.get_mut(key) else { continue };
            if observation.inbound.is_none() {
                self.forget_suspended(key);
            } else {
                while observation.stored.pop().is_some() {}
            }
        }
    }

    pub(super) fn server_of(&self, account: usize) -> u16 {
        self.accounts.get(account).map_or(0, |account| account.server())
    }
}

fn is_fresh(now: Now, kept: &[Kept]) -> bool {
    matches!(kept, [one] if one.at.age(now) < FRESH)
}

#[cfg(test)]
mod tests {
    use lwm2m_core::Value;

    use super::*;

    fn kept(at: i64, values: &[(&str, i64)]) -> Kept {
        let node = |value| Arc::new(Node::Value(Value::Integer(value)));
        let values = values.iter().map(|(path, value)| (path.parse().unwrap(), node(*value)));
        Kept::new(Taken::Mono(at), values.collect())
    }

    fn shown(stored: &Stored) -> Vec<Vec<String>> {
        let one = |kept: &Kept| {
            kept.values
                .iter()
                .map(|(path, node)| {
                    let Node::Value(value) = &**node else { panic!() };
                    format!("{path}={value}")
                })
                .collect()
        };
        stored.waiting.iter().map(one).collect()
    }

    #[test]
    fn each_place_keeps_its_newest() {
        let mut stored = Stored::default();
        for n in 0..5 {
            stored.push(kept(n, &[("/3/0/7", 10), ("/3/0/9", n)]));
        }
        let gone = stored.trim(|path| if path.resource_id().is_some_and(|id| id.0 == 7) { 1 } else { 3 });
        assert_eq!(gone, 6);
        assert_eq!(shown(&stored), [vec!["/3/0/9=2"], vec!["/3/0/9=3"], vec!["/3/0/7=10", "/3/0/9=4"]]);
        assert_eq!(stored.weight, 4);
        assert_eq!(stored.trim(|_| 0), 4);
        assert_eq!((stored.len(), stored.weight), (0, 0));
    }

    #[test]
    fn what_was_not_delivered_goes_to_its_place() {
        let mut stored = Stored::default();
        stored.push(kept(3, &[("/3/0/9", 3)]));
        stored.put_back(vec![kept(1, &[("/3/0/9", 1)]), kept(2, &[("/3/0/9", 2)])]);
        assert_eq!(shown(&stored), [["/3/0/9=1"], ["/3/0/9=2"], ["/3/0/9=3"]]);
        assert_eq!(stored.weight, 3);
    }
}
