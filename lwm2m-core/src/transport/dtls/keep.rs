//! Sessions with servers that outlive the process.
//!
//! ```text
//!  connect ─► a copy is there, for these keys? ── no, or without connection ID ──► handshake, resuming if it can
//!                │ yes                                                                 │
//!                ▼                                                                     ▼
//!             restored: the first copy of this life is stored, then the link is up   Established: a copy is stored
//!                │ no answer to what was sent: a handshake beside it, whose session takes its place
//!                ▼
//!             fresh: what the server sent before is not taken any more
//! ```
//!
//! A copy reserves [`AHEAD`] record numbers: the store is written once for so many records, and once at a start. A link
//! whose numbers are used up waits for the store.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    task::Context,
    time::Duration,
};

use super::{
    Dtls, below,
    links::{Dialled, State},
    questions::{Answer, Questions},
};
use crate::{
    CallId, LinkId, Mono, Now, Secret, StoreError,
    dtls::{Connect, Export, SessionId},
    security::SessionStore,
    transport::TransportEvent,
};

/// Record numbers that a copy reserves.
const AHEAD: u64 = 1024;
/// After a write that failed.
const AGAIN: Duration = Duration::from_secs(10);
/// A restored session whose peer does not answer gets a handshake beside it after so many times ACK_TIMEOUT: a message and
/// its first repetition may be lost.
const SILENCE: u32 = 3;
/// Octets before a copy: what it may be used with.
const BINDING: usize = 16;

/// What is written.
enum Job {
    Save { name: String, session: SessionId, export: Export },
    Remove { name: String },
}

impl Job {
    fn name(&self) -> &str {
        match self {
            Self::Save { name, .. } | Self::Remove { name } => name,
        }
    }

    /// Is it of no use once the other is done? A session whose copy was never stored could not go on: it has its turn.
    fn gives_way_to(&self, other: &Self) -> bool {
        self.name() == other.name()
            && match (self, other) {
                (Self::Save { session, .. }, Self::Save { session: other, .. }) => session == other,
                _ => true,
            }
    }
}

/// A change that could not be written.
enum Failed {
    Save(SessionId),
    Remove(String),
}

/// What was asked of the store.
enum Told {
    Found(Vec<(String, Secret)>),
    Written,
}

/// A restored session that has not been answered.
#[derive(Debug)]
pub(super) struct Restored {
    /// What a handshake would begin with.
    connect: Box<Connect>,
    /// Since something was sent: until then.
    silent_by: Option<Mono>,
}

pub(super) struct Keep {
    store: Arc<dyn SessionStore>,
    questions: Questions<Told>,
    asked: u64,
    /// Copies that nobody has taken. `None`: the store is being asked.
    found: Option<HashMap<String, Secret>>,
    /// The question for them, once it was asked.
    load: Option<CallId>,
    /// Connections that wait for it, and their inner links.
    waiting: Vec<(LinkId, LinkId)>,
    /// Names that the store holds, or may hold: a change that failed may have been made.
    there: HashSet<String>,
    /// It could not be asked: it may hold others, too.
    unknown: bool,
    /// One change at a time: a later copy must not be overtaken by an earlier one.
    writing: Option<Job>,
    queue: VecDeque<Job>,
    /// What is tried again, and when.
    again: Vec<(Mono, Failed)>,
    /// Links whose numbers are used up.
    mute: Vec<LinkId>,
    /// Links with restored sessions that have not been answered.
    doubted: Vec<LinkId>,
}

impl Keep {
    pub(super) fn new(store: Arc<dyn SessionStore>) -> Self {
        Self {
            store,
            questions: Questions::new(),
            asked: 0,
            found: None,
            load: None,
            waiting: Vec::new(),
            there: HashSet::new(),
            unknown: false,
            writing: None,
            queue: VecDeque::new(),
            again: Vec::new(),
            mute: Vec::new(),
            doubted: Vec::new(),
        }
    }

    /// In place of what gives way to it.
    fn push(&mut self, job: Job) {
        self.queue.retain(|waiting| !waiting.gives_way_to(&job));
        self.again.retain(|(_, failed)| !matches!(failed, Failed::Remove(name) if name == job.name()));
        self.queue.push_back(job);
    }

    fn remove(&mut self, name: &str) {
        if self.unknown || self.there.contains(name) {
            self.push(Job::Remove { name: name.to_owned() });
        } else {
            self.queue.retain(|waiting| waiting.name() != name);
        }
    }

    fn call(&mut self) -> CallId {
        self.asked = self.asked.wrapping_add(1);
        CallId(self.asked)
    }

    fn load(&mut self, now: Now) -> Option<Answer<Told>> {
        let (id, store) = (self.call(), Arc::clone(&self.store));
        self.load = Some(id);
        self.questions.start(now, id, || Box::pin(async move { store.load().await.map(Told::Found) }))
    }

    /// Begins the next change.
    fn write(&mut self, now: Now) -> Option<Answer<Told>> {
        if self.writing.is_some() {
            return None;
        }
        let job = self.queue.pop_front()?;
        let (id, store, name) = (self.call(), Arc::clone(&self.store), job.name().to_owned());
        let state = match &job {
            Job::Save { export, .. } => Some(export.state.clone()),
            Job::Remove { .. } => None,
        };
        if state.is_some() {
            self.there.insert(name.clone());
        }
        self.writing = Some(job);
        self.questions.start(now, id, || {
            Box::pin(async move {
                match state {
                    Some(state) => store.save(&name, &state).await,
                    None => store.remove(&name).await,
                }
                .map(|()| Told::Written)
            })
        })
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        let again = self.again.iter().map(|(at, _)| *at).min();
        [self.questions.deadline(), again].into_iter().flatten().min()
    }
}

impl Dtls {
    /// The inner link is up: goes on with a kept session instead of a handshake, or waits for the store. `false`: a
    /// handshake is due.
    pub(super) fn go_on(&mut self, now: Now, upper: LinkId, below: LinkId) -> bool {
        let Some(keep) = &mut self.keep else { return false };
        let Some(found) = &mut keep.found else {
            keep.waiting.push((upper, below));
            return true;
        };
        let Some(link) = self.links.get_mut(upper) else { return false };
        let (State::Opening { connect, .. }, Some(dialled)) = (&mut link.state, &link.dialled) else {
            return false;
        };
        let Some(kept) = found.remove(&dialled.uri) else { return false };
        let copy = kept.expose().strip_prefix(&connect.binding());
        let glance = copy.and_then(|copy| Some((copy, Export::glance(copy).ok()?)));
        // Of other keys, or damaged.
        let Some((copy, glance)) = glance else {
            keep.remove(&dialled.uri);
            return false;
        };
        let goes_on = glance.moves && glance.holds(now);
        connect.resume = connect.resume.take().or(glance.resumption);
        if !goes_on {
            return false;
        }
        let Ok((session, export)) = self.engine.import(now, below::route(below), copy, AHEAD) else {
            return false;
        };
        link.restored = Some(Restored { connect: connect.clone(), silent_by: None });
        link.state = State::Restoring(session);
        self.links.bind(upper, session);
        if let Some(lower) = self.below.get_mut(below) {
            lower.upper = Some(upper);
        }
        self.save(upper, session, &export);
        true
    }

    /// A session of a connection of ours begins: it is kept from now on.
    pub(super) fn keep_session(&mut self, link: LinkId, session: SessionId) {
        if let Some(upper) = self.links.get_mut(link) {
            upper.restored = None;
        }
        self.save_again(session);
    }

    /// Its copy in the store is almost used up, or there is none.
    pub(super) fn save_again(&mut self, session: SessionId) {
        let Some(link) = self.links.of(session) else { return };
        let dialled = self.links.get(link).is_some_and(|upper| upper.dialled.is_some());
        if self.keep.is_some()
            && dialled
            && let Some(export) = self.engine.export(session, AHEAD)
        {
            self.save(link, session, &export);
        }
    }

    fn save(&mut self, link: LinkId, session: SessionId, export: &Export) {
        let (Some(keep), Some(upper)) = (&mut self.keep, self.links.get(link)) else { return };
        let Some(Dialled { uri, binding, .. }) = upper.dialled.as_deref() else { return };
        // All at once: what is moved leaves a copy of the keys behind.
        let copy = export.state.expose();
        let mut state = Vec::with_capacity(BINDING.saturating_add(copy.len()));
        state.extend_from_slice(binding);
        state.extend_from_slice(copy);
        let export = Export { state: Secret::new(state), reserved: export.reserved };
        keep.push(Job::Save { name: uri.clone(), session, export });
    }

    /// What was agreed with a server is of no use any more. Its link is gone.
    pub(super) fn forget_kept(&mut self, uri: &str) {
        let Some(keep) = &mut self.keep else { return };
        if let Some(found) = &mut keep.found {
            found.remove(uri);
        }
        match self.links.to(uri) {
            // Another connection goes by this name: the copy becomes its own.
            Some(session) => self.save_again(session),
            None => keep.remove(uri),
        }
    }

    /// Its numbers are used up; it is told when a copy is stored.
    pub(super) fn mute(&mut self, link: LinkId) {
        if let Some(keep) = &mut self.keep
            && !keep.mute.contains(&link)
        {
            keep.mute.push(link);
        }
    }

    /// Something was sent.
    pub(super) fn note_sent(&mut self, now: Now, link: LinkId) {
        let Some(upper) = self.links.get_mut(link) else { return };
        let (Some(restored), State::Open(session)) = (&mut upper.restored, &upper.state) else { return };
        if restored.silent_by.is_some() {
            return;
        }
        let lower = self.engine.route(*session).and_then(|route| self.below.get(route.link));
        let timeout = lower.map(|lower| lower.info.transmission.ack_timeout).unwrap_or_default();
        restored.silent_by = Some(now.mono.after(timeout.saturating_mul(SILENCE)));
        if let Some(keep) = &mut self.keep {
            keep.doubted.push(link);
        }
    }

    /// Asks the store, takes its answers, and looks after restored sessions.
    pub(super) fn take_kept(&mut self, now: Now, cx: &mut Context<'_>) {
        let Some(keep) = &mut self.keep else { return };
        if keep.load.is_none()
            && !keep.waiting.is_empty()
            && let Some(told) = keep.load(now)
        {
            self.on_loaded(now, told);
        }
        self.shake_hands_with_silent(now);
        self.write_again(now);
        loop {
            let Some(keep) = &mut self.keep else { return };
            if let Some(told) = keep.write(now) {
                self.on_written(now, told);
                continue;
            }
            match keep.questions.poll(now, cx) {
                Some((id, told)) if keep.load == Some(id) => self.on_loaded(now, told),
                Some((_, told)) => self.on_written(now, told),
                None => return,
            }
        }
    }

    fn on_loaded(&mut self, now: Now, told: Answer<Told>) {
        let Some(keep) = &mut self.keep else { return };
        let found = match told {
            Ok(Told::Found(found)) => found,
            Ok(Told::Written) => return,
            Err(error) => {
                tracing::warn!(target: "lwm2m::security", %error, "no session of before is known");
                keep.unknown = true;
                Vec::new()
            }
        };
        self.found(now, found);
    }

    fn on_written(&mut self, now: Now, told: Answer<Told>) {
        let Some(keep) = &mut self.keep else { return };
        match told {
            Ok(_) => match keep.writing.take() {
                Some(Job::Save { session, export, .. }) => {
                    let mute = std::mem::take(&mut keep.mute);
                    self.engine.stored(session, export.reserved);
                    self.come_up(session);
                    let writable = |link| TransportEvent::Writable { link: Some(link) };
                    self.events.extend(mute.into_iter().map(writable));
                }
                Some(Job::Remove { name }) => drop(keep.there.remove(&name)),
                None => {}
            },
            Err(error) => self.not_kept(now, &error),
        }
    }

    fn found(&mut self, now: Now, found: Vec<(String, Secret)>) {
        let Some(keep) = &mut self.keep else { return };
        keep.there.extend(found.iter().map(|(name, _)| name.clone()));
        keep.found = Some(found.into_iter().collect());
        for (upper, below) in std::mem::take(&mut keep.waiting) {
            self.begin(now, upper, below);
        }
    }

    /// The first copy of this life is stored: the restored session may speak.
    fn come_up(&mut self, session: SessionId) {
        let Some(link) = self.links.of(session) else { return };
        let Some(upper) = self.links.get_mut(link) else { return };
        if !matches!(upper.state, State::Restoring(_)) {
            return;
        }
        let Some(peer) = self.engine.peer(session).cloned() else { return };
        (upper.state, upper.peer) = (State::Open(session), Some(peer));
        if self.announce(link) {
            self.events.push_back(TransportEvent::Restored { link });
            self.events.push_back(TransportEvent::Writable { link: Some(link) });
        }
    }

    fn not_kept(&mut self, now: Now, error: &StoreError) {
        let Some(keep) = &mut self.keep else { return };
        let Some(job) = keep.writing.take() else { return };
        tracing::warn!(target: "lwm2m::security", %error, "a session could not be kept");
        let session = match job {
            Job::Save { session, .. } => session,
            Job::Remove { name } => {
                // A copy of a newer session takes its place.
                if !keep.queue.iter().any(|waiting| waiting.name() == name) {
                    keep.again.push((now.mono.after(AGAIN), Failed::Remove(name)));
                }
                return;
            }
        };
        let restoring = self.links.of(session).filter(|link| {
            self.links.get(*link).is_some_and(|upper| matches!(upper.state, State::Restoring(_)))
        });
        match restoring {
            // It may not speak without a copy. A new session may.
            Some(link) => self.begin_instead(now, link, session),
            None => keep.again.push((now.mono.after(AGAIN), Failed::Save(session))),
        }
    }

    fn begin_instead(&mut self, now: Now, link: LinkId, session: SessionId) {
        let route = self.engine.route(session);
        self.engine.suspend(session);
        let Some((upper, route)) = self.links.get_mut(link).zip(route) else { return };
        let Some(Restored { connect, .. }) = upper.restored.take() else { return };
        upper.state = State::Opening { below: route.link, connect };
        self.begin(now, link, route.link);
    }

    fn write_again(&mut self, now: Now) {
        let Some(keep) = &mut self.keep else { return };
        let (due, later) = std::mem::take(&mut keep.again).into_iter().partition(|(at, _)| *at <= now.mono);
        keep.again = later;
        let due: Vec<(Mono, Failed)> = due;
        for (_, failed) in due {
            match (failed, &mut self.keep) {
                (Failed::Save(session), _) => self.save_again(session),
                (Failed::Remove(name), Some(keep)) => keep.remove(&name),
                (Failed::Remove(_), None) => {}
            }
        }
    }

    /// The server has forgotten the session, or cannot be reached: a handshake beside it will tell.
    fn shake_hands_with_silent(&mut self, now: Now) {
        let Some(keep) = &mut self.keep else { return };
        let links = &self.links;
        keep.doubted.retain(|link| links.get(*link).is_some_and(|upper| upper.restored.is_some()));
        let is_due = |link: &LinkId| {
            let restored = links.get(*link).and_then(|upper| upper.restored.as_ref());
            restored.and_then(|restored| restored.silent_by).is_some_and(|by| by <= now.mono)
        };
        let due: Vec<LinkId> = keep.doubted.iter().copied().filter(is_due).collect();
        for link in due {
            let Some(upper) = self.links.get_mut(link) else { continue };
            let (Some(restored), State::Open(session)) = (upper.restored.take(), &upper.state) else {
                continue;
            };
            if let Some(route) = self.engine.route(*session) {
                // If there is nothing to offer, the time-outs of CoAP decide.
                let _ = self.engine.connect(now, route, *restored.connect);
            }
        }
    }

    /// When a restored session has been silent for too long.
    pub(super) fn silent_by(&self) -> Option<Mono> {
        let doubted = &self.keep.as_ref()?.doubted;
        let by = |link: &LinkId| self.links.get(*link)?.restored.as_ref()?.silent_by;
        doubted.iter().filter_map(by).min()
    }

    /// The peer of a restored session is there.
    pub(super) fn on_fresh(&mut self, link: LinkId) {
        let Some(upper) = self.links.get_mut(link) else { return };
        upper.restored = None;
        if let State::Open(session) = upper.state {
            self.engine.fresh(session);
            // What was opened before that may be as old.
            self.events
                .retain(|event| !matches!(event, TransportEvent::Frame { link: of, .. } if *of == link));
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::{
        Credentials, Route,
        dtls::{Config, Endpoint},
    };

    struct Nothing;

    #[async_trait]
    impl SessionStore for Nothing {
        async fn load(&self) -> Result<Vec<(String, Secret)>, StoreError> {
            Ok(Vec::new())
        }

        async fn save(&self, _: &str, _: &Secret) -> Result<(), StoreError> {
            Ok(())
        }

        async fn remove(&self, _: &str) -> Result<(), StoreError> {
            Ok(())
        }
    }

    #[test]
    fn two_sessions_of_one_name_are_stored_each_in_its_turn() {
        let now = Now { mono: Mono(0), wall: None };
        let mut engine = Endpoint::new(Arc::new(Config::default()), [1; 32]);
        let keys = Credentials::Psk { identity: "node".into(), key: Secret::new(vec![7; 16]) };
        let connect = Connect::new(Arc::new(keys));
        let mut session = |index| {
            let route = Route { transport: 0, link: LinkId { index, generation: 0 } };
            engine.connect(now, route, connect.clone()).unwrap()
        };
        let (one, other) = (session(0), session(1));
        let save = |session, reserved| {
            let export = Export { state: Secret::default(), reserved };
            Job::Save { name: "coaps://server".to_owned(), session, export }
        };
        let mut keep = Keep::new(Arc::new(Nothing));
        keep.push(save(one, 1));
        keep.push(save(other, 2));
        keep.push(save(one, 3));
        let mut reserved = Vec::new();
        while keep.write(now).is_some() {
            if let Some(Job::Save { export, .. }) = keep.writing.take() {
                reserved.push(export.reserved);
            }
        }
        assert_eq!(reserved, [2, 3]);
    }
}
