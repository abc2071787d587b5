//! What waits for servers, in the state store: notifications that are stored and messages of Send. [Core 1.2 §E.2,
//! resource 6] [Core 1.2 §6.4.6]
//!
//! One record an observation, one a message. [`Backlog`](crate::Backlog) says when what has changed is written, all of it
//! in one commit; one commit is out at a time. Whatever is delivered before its record is gone is delivered once more
//! after a restart at that moment: at least once.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use lwm2m_core::{
    AttributeEdit, Mono, Node, Now, Path, StoreError, Tree,
    codec::{ContentFormat, Timed},
};

use super::{
    CALL_TIMEOUT, ClientMachine,
    call::{Call, Purpose},
    observe::Observation,
    send::Message,
    storing::{Kept, Stored},
};
use crate::state_store::{
    Edit, Record,
    layout::Key,
    values::{self, Reader, Taken},
};

/// The form of these records; others are forgotten.
const FORM: u8 = 1;
/// After a commit that failed.
const AGAIN: Duration = Duration::from_secs(10);
/// The format of an observation that has none.
const NO_FORMAT: u16 = u16::MAX;

/// What of it the store has.
#[derive(Default)]
pub(super) struct Ledger {
    /// Something has changed since the last look at it.
    changed: bool,
    /// Since when there is something to write.
    since: Option<Mono>,
    /// Values that came since.
    unwritten: usize,
    /// A caller waits for the store.
    urgent: bool,
    /// Not before, after a failure.
    rests_until: Mono,
    /// What the store holds, and of which revision.
    written: BTreeMap<Key, u64>,
    /// The commit that is out: what it makes of the store.
    out: Option<Vec<(Key, Option<u64>)>>,
    /// The highest number of a record.
    last: u32,
    /// Of an earlier life, until the objects are known.
    found: Vec<(Key, Record)>,
    /// The last commit failed.
    failed: bool,
}

impl Ledger {
    /// So many values wait that did not before.
    pub(super) fn grows(&mut self, values: usize) {
        self.changed = true;
        self.unwritten = self.unwritten.saturating_add(values);
    }

    /// Something waits no more, or waits for longer.
    pub(super) const fn changes(&mut self) {
        self.changed = true;
    }

    /// A caller is told when it is kept.
    pub(super) const fn hurries(&mut self) {
        (self.changed, self.urgent) = (true, true);
    }

    fn number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.last
    }

    /// The records of a server.
    pub(super) fn of(&self, server: u16) -> impl Iterator<Item = Key> {
        self.written.keys().copied().filter(move |key| key.server() == Some(server))
    }
}

impl ClientMachine {
    /// A record of an earlier life.
    pub(super) fn found_waiting(&mut self, key: Key, record: &Record) {
        if let Key::Notifications(_, number) | Key::Send(_, number) = key {
            self.backlog.last = self.backlog.last.max(number);
        }
        self.backlog.written.insert(key, 0);
        self.backlog.found.push((key, record.clone()));
        self.backlog.changed = true;
    }

    /// Writes what is due.
    pub(super) fn drive_backlog(&mut self, now: Now) -> bool {
        // At the end everything is written once; what goes then goes from memory alone.
        if !self.config.keeps || self.stopping.is_some() || self.is_resetting() {
            return false;
        }
        if !self.backlog.found.is_empty() && !self.restore_waiting(now) {
            return false;
        }
        if self.backlog.changed {
            self.backlog.changed = false;
            self.backlog.since.get_or_insert(now.mono);
        }
        if self.backlog_deadline().is_none_or(|at| at > now.mono) {
            return false;
        }
        self.write_backlog(now)
    }

    pub(super) fn backlog_deadline(&self) -> Option<Mono> {
        if self.is_resetting() {
            return None;
        }
        let Ledger { since, unwritten, urgent, rests_until, out, found, .. } = &self.backlog;
        let since = since.filter(|_| out.is_none() && found.is_empty() && self.stopping.is_none())?;
        if *urgent {
            return Some(since);
        }
        let policy = &self.config.backlog;
        let full = *unwritten >= policy.values.max(1);
        let due = if full { since } else { since.after(policy.delay) };
        Some(due.max(*rests_until)).filter(|at| *at < Mono(u64::MAX))
    }

    /// Before the end: everything. `true`: it is being written.
    pub(super) fn write_last(&mut self, now: Now) -> bool {
        if !self.config.keeps || !self.backlog.found.is_empty() {
            return false;
        }
        self.backlog.out.is_some() || !self.backlog.failed && self.write_backlog(now)
    }

    /// One commit of all that differs from what the store has, and has waited for long enough: what is just on its way is
    /// most likely to arrive.
    fn write_backlog(&mut self, now: Now) -> bool {
        let all = self.stopping.is_some() || self.backlog.unwritten >= self.config.backlog.values.max(1);
        let least = if all { Duration::ZERO } else { self.config.backlog.delay };
        self.backlog.since = None;
        (self.backlog.unwritten, self.backlog.urgent) = (0, false);
        let mut young = Young { now, least, oldest: None };
        let mut wanted = self.notifications_to_keep(&mut young);
        wanted.extend(self.sends_to_keep(&mut young));
        self.backlog.since = young.oldest.map(|age| Mono(now.mono.0.saturating_sub(age)));
        let written = &self.backlog.written;
        let gone = written.keys().filter(|key| !wanted.contains_key(key));
        let mut changes: Vec<(Key, Option<u64>)> = gone.map(|key| (*key, None)).collect();
        let mut edits: Vec<Edit> = changes.iter().map(|(key, _)| key.delete()).collect();
        for (key, (revision, octets)) in wanted {
            if let Some(octets) = octets {
                edits.push(key.put(octets));
                changes.push((key, Some(revision)));
            }
        }
        if edits.is_empty() {
            return false;
        }
        self.backlog.out = Some(changes);
        let deadline = Some(now.mono.after(CALL_TIMEOUT));
        self.call(Purpose::Backlog, deadline, Call::Commit { edits, prepared: Vec::new() });
        true
    }

    /// Records of observations that have something to tell, or wait for their server; without octets where the store
    /// has them.
    fn notifications_to_keep(&mut self, young: &mut Young) -> BTreeMap<Key, (u64, Option<Vec<u8>>)> {
        let now = young.now;
        let mut waits = |observation: &Observation| {
            let Stored { record, .. } = observation.stored;
            let oldest = observation.stored.all().next().map(|kept| kept.at);
            self.is_storing(observation.account)
                && (record.is_some() && oldest.is_some()
                    || observation.inbound.is_none()
                    || oldest.is_some_and(|oldest| young.is_old(oldest)))
        };
        let keys: Vec<_> =
            self.reports.iter().filter(|(_, known)| waits(known)).map(|(key, _)| key).collect();
        let mut wanted = BTreeMap::new();
        for key in keys {
            let Some(observation) = self.reports.get_mut(key) else { continue };
            let number = *observation.stored.record.get_or_insert_with(|| self.backlog.number());
            let (account, revision) = (observation.account, observation.stored.revision);
            let record = Key::Notifications(self.server_of(account), number);
            let known = self.backlog.written.get(&record) == Some(&revision);
            let octets = (!known).then(|| self.observation_octets(now, key));
            wanted.insert(record, (revision, octets.flatten()));
        }
        wanted
    }

    fn observation_octets(&self, now: Now, key: super::report::Key) -> Option<Vec<u8>> {
        let observation = self.reports.get(key)?;
        let mut out = vec![FORM, u8::from(observation.composite)];
        out.extend(observation.format.map_or(NO_FORMAT, |format| format.0).to_be_bytes());
        let parameters: Vec<_> = AttributeEdit::from(observation.parameters).parameters().collect();
        values::put_text(&parameters.join("&"), &mut out);
        values::put_count(observation.paths.len(), &mut out);
        for told in self.reports.values(key) {
            values::put_path(told.path, &mut out);
            values::put_node(told.node, &mut out);
        }
        values::put_count(observation.stored.len(), &mut out);
        for kept in observation.stored.all() {
            kept.at.put(now, &mut out);
            values::put_count(kept.values.len(), &mut out);
            for (path, node) in &kept.values {
                values::put_path(*path, &mut out);
                values::put_node(node, &mut out);
            }
        }
        Some(out)
    }

    fn sends_to_keep(&mut self, young: &mut Young) -> BTreeMap<Key, (u64, Option<Vec<u8>>)> {
        let now = young.now;
        let mut wanted = BTreeMap::new();
        for account in self.accounts.iter_mut().filter(|account| !account.is_gone()) {
            let server = account.server();
            for message in account.outbox.messages_mut() {
                if message.record.is_none() && !message.held && !young.is_old(message.taken) {
                    continue;
                }
                let number = *message.record.get_or_insert_with(|| self.backlog.number());
                let key = Key::Send(server, number);
                if wanted.contains_key(&key) {
                    continue; // the second half of one that was divided
                }
                let known = self.backlog.written.get(&key) == Some(&0);
                let octets = (!known).then(|| message_octets(now, message));
                wanted.insert(key, (0, octets));
            }
        }
        wanted
    }

    /// The commit has returned, or never will.
    pub(super) fn on_backlog_written(&mut self, now: Now, result: Result<(), StoreError>) {
        let Some(changes) = self.backlog.out.take() else { return };
        match result {
            Ok(()) => {
                self.backlog.failed = false;
                let mut kept = Vec::new();
                for (key, revision) in changes {
                    match revision {
                        Some(revision) => {
                            self.backlog.written.insert(key, revision);
                            kept.push(key);
                        }
                        None => drop(self.backlog.written.remove(&key)),
                    }
                }
                self.sends_kept(&kept);
            }
            Err(error) => {
                tracing::warn!(%error, "what waits for servers could not be written");
                // It may have been written all the same: what nobody wants any more is to be deleted.
                for (key, _) in &changes {
                    self.backlog.written.insert(*key, u64::MAX);
                }
                self.backlog.failed = true;
                // It was due: again as soon as the store has rested.
                let due = u64::try_from(self.config.backlog.delay.as_micros()).unwrap_or(u64::MAX);
                self.backlog.since = Some(Mono(now.mono.0.saturating_sub(due)));
                self.backlog.rests_until = now.mono.after(AGAIN);
                let numbers = changes.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
                self.sends_not_kept(&numbers, &error);
            }
        }
    }

    /// Takes up what an earlier life has left, once objects and settings are known. `false`: they are not yet.
    fn restore_waiting(&mut self, now: Now) -> bool {
        if !self.may_speak() {
            return false;
        }
        let mut found = std::mem::take(&mut self.backlog.found);
        found.sort_by_key(|(key, _)| *key);
        for (key, record) in found {
            let server = key.server();
            let position = server.and_then(|server| self.account_with(server));
            let restored = position.and_then(|position| match key {
                Key::Notifications(_, number) => self.restore_observation(now, position, number, &record),
                Key::Send(_, number) => self.restore_send(now, position, number, &record),
                _ => None,
            });
            if restored.is_none() {
                tracing::warn!(?server, "something that waited for a server is of no use any more");
            }
        }
        self.restored_sends();
        self.backlog.changed = true;
        true
    }

    fn restore_observation(&mut self, now: Now, account: usize, number: u32, record: &Record) -> Option<()> {
        if !self.is_storing(account) {
            return None;
        }
        let mut reader = Reader(&record.value);
        let Restored { composite, format, parameters, places, kept } = observation(now, &mut reader)?;
        let known = self.accounts.get(account)?;
        let parameters =
            *AttributeEdit::parse(parameters.split('&').filter(|one| !one.is_empty())).ok()?.attributes();
        let paths: Vec<Path> = places.iter().map(|(path, _)| *path).collect();
        let places: Vec<_> = places
            .into_iter()
            .map(|(path, told)| (path, known.conditions(path, &parameters), Arc::new(told)))
            .collect();
        let observation = Observation {
            inbound: None,
            account,
            paths: paths.iter().copied().collect(),
            composite,
            format,
            parameters,
            stored: Stored::restored(number, kept),
            until: None,
        };
        let key = self.reports.begin(now.mono, observation, places);
        self.trim(key, usize::MAX);
        // What it watches may have changed while nobody looked.
        paths.into_iter().for_each(|path| self.mark(path));
        Some(())
    }

    fn restore_send(&mut self, now: Now, account: usize, number: u32, record: &Record) -> Option<()> {
        let tree = self.config.tree.clone();
        let message = message(now, &mut Reader(&record.value), &tree, number)?;
        self.accounts.get_mut(account)?.outbox.restore(message);
        Some(())
    }
}

/// What has not waited for long enough to be written.
struct Young {
    now: Now,
    least: Duration,
    /// The age of the oldest of it, in microseconds.
    oldest: Option<u64>,
}

impl Young {
    fn is_old(&mut self, taken: Taken) -> bool {
        let age = taken.age(self.now);
        let old = u128::from(age) >= self.least.as_micros();
        if !old {
            self.oldest = self.oldest.max(Some(age));
        }
        old
    }
}

/// An observation of an earlier life.
struct Restored {
    composite: bool,
    format: Option<ContentFormat>,
    parameters: String,
    /// What was told last.
    places: Vec<(Path, Node)>,
    kept: Vec<Kept>,
}

fn observation(now: Now, reader: &mut Reader<'_>) -> Option<Restored> {
    if reader.u8()? != FORM {
        return None;
    }
    let composite = reader.u8()? != 0;
    let format = Some(reader.u16()?).filter(|format| *format != NO_FORMAT).map(ContentFormat);
    let parameters = reader.text()?;
    let places = list(reader, place)?;
    let kept = list(reader, |reader| {
        let at = Taken::read(now, reader)?;
        let values = list(reader, |reader| place(reader).map(|(path, node)| (path, Arc::new(node))))?;
        Some(Kept::new(at, values))
    })?;
    (reader.is_empty() && !places.is_empty()).then_some(Restored {
        composite,
        format,
        parameters,
        places,
        kept,
    })
}

fn place(reader: &mut Reader<'_>) -> Option<(Path, Node)> {
    Some((values::path(reader)?, values::node(reader)?))
}

fn list<T>(reader: &mut Reader<'_>, one: impl Fn(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let count = reader.u32()?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(one(reader)?);
    }
    Some(items)
}

fn message_octets(now: Now, message: &Message) -> Vec<u8> {
    let mut out = vec![FORM];
    message.taken.put(now, &mut out);
    out.extend(message.format.map_or(NO_FORMAT, |format| format.0).to_be_bytes());
    values::put_count(message.values.len(), &mut out);
    for Timed { at, path, node, .. } in &*message.values {
        out.push(u8::from(at.is_some()));
        if let Some(at) = at {
            values::put_stamp(*at, &mut out);
        }
        values::put_path(*path, &mut out);
        values::put_node(node, &mut out);
    }
    out
}

fn message(now: Now, reader: &mut Reader<'_>, tree: &Tree, number: u32) -> Option<Message> {
    if reader.u8()? != FORM {
        return None;
    }
    let taken = Taken::read(now, reader)?;
    let format = Some(reader.u16()?).filter(|format| *format != NO_FORMAT).map(ContentFormat);
    let values = list(reader, |reader| {
        let at = if reader.u8()? == 0 { None } else { Some(values::stamp(reader)?) };
        let (path, node) = place(reader)?;
        Some(Timed { at, tree: tree.clone(), path, node })
    })?;
    let whole = reader.is_empty() && !values.is_empty();
    whole.then(|| Message {
        batch: 0,
        values: values.into(),
        taken,
        format,
        unknown: false,
        record: Some(number),
        held: false,
    })
}
