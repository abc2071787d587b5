//! What the store must have before a client hears of it, and what comes back from it after a restart.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    EndpointName, Mono, Now, PeerId, Rejection, UnixTime,
    coap::InboundId,
    codec::ContentFormat,
    ops::{Downlink, Update},
};

use super::{
    Ask, Call, Event, Job, NewRequest, ServerMachine,
    life::NOWHERE,
    links::LinkSetId,
    observation::DETACHED,
    registration::{Extra, New},
    uplink::{self, Claimed},
};
use crate::{
    Presence, Registration, RegistrationId,
    store::{Change, Outcome, Stored, StoredObservation},
};

/// How long after a failure the store is left alone.
const REST: Duration = Duration::from_secs(1);
/// How long a client may take to take up an observation again.
const OBSERVE_AGAIN: Duration = Duration::from_secs(60);
/// How long one that sleeps in between may take.
const KEEP_OBSERVING: Duration = Duration::from_secs(86_400);

/// Changes that wait for the store. One batch is with it at a time, so that their order is kept.
#[derive(Debug, Default)]
pub(crate) struct Unstored {
    waiting: VecDeque<(Change, Then)>,
    /// Whose registration is being kept again, see [`ServerMachine::store_again`]. Names of clients that were registered
    /// then; all go when the store has nothing to do.
    again: HashSet<EndpointName>,
    open: bool,
    rests_until: Mono,
}

/// What goes on when the store has it.
#[derive(Debug)]
pub(crate) enum Then {
    Nothing,
    Register(Claimed),
    Update(Box<Updating>),
    Deregister {
        inbound: InboundId,
        id: RegistrationId,
        /// It was sent away, and is due back then.
        until: Option<UnixTime>,
    },
    /// A posted request of this number is kept.
    Posted(u64),
    /// It may leave.
    Leaves(u64),
}

/// An Update that is to be carried out.
#[derive(Debug)]
pub(crate) struct Updating {
    pub(crate) inbound: InboundId,
    pub(crate) peer: PeerId,
    pub(crate) id: RegistrationId,
    pub(crate) change: Update,
    /// Held for the registration.
    pub(crate) links: Option<LinkSetId>,
}

/// A batch that is with the store.
#[derive(Debug)]
pub(crate) struct StoreBatch {
    changes: Arc<[Change]>,
    then: Vec<Then>,
}

impl Unstored {
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// What this endpoint had may come to the store after what it has now.
    pub(super) fn is_kept_again(&self, endpoint: &str) -> bool {
        self.again.contains(endpoint)
    }

    pub(crate) fn deadline(&self) -> Option<Mono> {
        (!self.open && !self.waiting.is_empty()).then_some(self.rests_until)
    }
}

impl ServerMachine {
    /// Has the store keep a change, if there is a store. `Err`: too much waits for it; `then` will not happen. Requests that
    /// leave always find room: they were let in, and nothing else would send them.
    pub(super) fn store(&mut self, change: Change, then: Then) -> Result<(), Then> {
        let waits = !matches!(then, Then::Nothing | Then::Leaves(_));
        if waits && self.unstored.waiting.len() >= self.config.limits.unstored {
            return Err(then);
        }
        self.unstored.waiting.push_back((change, then));
        Ok(())
    }

    /// Writes behind: nobody waits for it. Where too much waits already, what is lost is one Touch, or a registration
    /// that expires again after a restart; but not the end of a request, which would be sent again. Of those there are
    /// no more than requests.
    pub(super) fn store_behind(&mut self, change: Change) {
        let room = self.unstored.waiting.len() < self.config.limits.unstored.saturating_mul(2);
        if self.config.store && (room || matches!(change, Change::Dequeue { .. })) {
            self.unstored.waiting.push_back((change, Then::Nothing));
        }
    }

    /// Hands the next batch to the store. `true`: there was one.
    pub(super) fn flush(&mut self, now: Now) -> bool {
        if self.unstored.open || self.unstored.waiting.is_empty() || now.mono < self.unstored.rests_until {
            return false;
        }
        let size = self.unstored.waiting.len().min(self.config.limits.batch.max(1));
        let (changes, then): (Vec<Change>, Vec<Then>) = self.unstored.waiting.drain(..size).unzip();
        let changes: Arc<[Change]> = changes.into();
        self.unstored.open = true;
        let job = Job::Apply(StoreBatch { changes: changes.clone(), then });
        if let Err(job) = self.call(now, job, Call::Apply(changes)) {
            self.on_lost(now, job);
        }
        true
    }

    pub(super) fn on_applied(&mut self, now: Now, batch: StoreBatch, outcomes: Option<Vec<Outcome>>) {
        self.unstored.open = false;
        // Of one that says less than it was asked, nobody knows what it has.
        match outcomes.filter(|outcomes| outcomes.len() == batch.then.len()) {
            Some(outcomes) => {
                for (then, outcome) in batch.then.into_iter().zip(outcomes) {
                    self.go_on(now, then, outcome);
                }
                if self.unstored.waiting.is_empty() && self.calls.is_empty() {
                    self.unstored.again.clear();
                }
            }
            None => self.on_unstored(now, batch),
        }
    }

    fn go_on(&mut self, now: Now, then: Then, outcome: Outcome) {
        match then {
            Then::Nothing => {}
            Then::Register(claimed) => {
                if let Err(rejection) = self.claim(now, claimed.clone()) {
                    self.refuse_uplink(now, claimed.inbound, &rejection);
                    self.not_registered(now, &claimed);
                }
            }
            Then::Update(updating) if outcome == Outcome::NotFound => {
                self.forget_updating(now, &updating, &uplink::unknown());
            }
            Then::Update(updating) => self.commit_update(now, *updating),
            Then::Deregister { inbound, id, until } => self.commit_deregister(now, inbound, id, until),
            Then::Posted(number) => self.on_posted(now, number, outcome),
            Then::Leaves(number) => self.on_leaves(now, number),
        }
    }

    /// The store has not kept a batch: whoever waits is refused, the rest is tried again.
    fn on_unstored(&mut self, now: Now, batch: StoreBatch) {
        self.unstored.rests_until = now.mono.after(REST);
        for (then, change) in batch.then.into_iter().zip(batch.changes.iter()).rev() {
            match then {
                Then::Nothing => self.unstored.waiting.push_front((change.clone(), Then::Nothing)),
                Then::Register(claimed) => {
                    self.drop_reserved(claimed.id);
                    self.refuse_uplink(now, claimed.inbound, &uplink::busy());
                    self.not_registered(now, &claimed);
                }
                Then::Update(updating) => self.forget_updating(now, &updating, &uplink::busy()),
                Then::Deregister { inbound, .. } => self.refuse_uplink(now, inbound, &uplink::busy()),
                Then::Posted(number) => self.not_posted(number),
                // Its client listens now, and may not be heard again for long.
                Then::Leaves(number) => {
                    self.unstored.waiting.push_front((change.clone(), Then::Leaves(number)));
                }
            }
        }
    }

    pub(super) fn forget_updating(&mut self, now: Now, updating: &Updating, rejection: &Rejection) {
        if let Some(links) = updating.links {
            self.links.release(links);
        }
        self.refuse_uplink(now, updating.inbound, rejection);
    }

    /// The store may have a registration that has not come about: its client was refused.
    pub(super) fn not_registered(&mut self, now: Now, Claimed { id, name, .. }: &Claimed) {
        if !self.config.store {
            return;
        }
        if self.registrations.by_name(name).is_some() {
            self.store_again(now, name);
        } else if self.config.shards > 1 {
            self.emit(Event::NotRegistered { endpoint: name.clone(), id: *id });
        } else {
            self.store_behind(Change::Deregister(*id));
        }
    }

    /// Another client's registration may have taken the place of this one in the store.
    pub(super) fn store_again(&mut self, now: Now, endpoint: &str) {
        let Some(slot) = self.registrations.by_name(endpoint).filter(|_| self.config.store) else { return };
        let (Some(id), Some(view)) = (self.registrations.id(slot), self.view(now, slot)) else { return };
        self.unstored.again.insert(view.endpoint.clone());
        self.store_behind(Change::Register(view));
        for observation in self.detached_observations(slot) {
            self.store_behind(Change::Observe { id, observation });
        }
        if let Some(until) = self.disabled_until(slot).filter(|_| self.registrations.is_away(slot)) {
            self.store_behind(Change::Leave { id, until });
        }
    }

    /// A registration that was stored before this server began.
    pub(super) fn restore(&mut self, now: Now, stored: Stored) {
        let Stored { registration, observations, queue, away } = stored;
        if let Some(slot) = self.registrations.by_name(&registration.endpoint) {
            return self.restore_queue(now, slot, queue); // the client was faster
        }
        let payload = registration.links.to_string();
        let links =
            self.links.hold(registration.version, payload.as_bytes(), || (*registration.links).clone());
        let Some(links) = links else { return };
        let transport = self.config.bindings.iter().position(|binding| *binding == registration.binding);
        let transport = transport.and_then(|transport| u8::try_from(transport).ok()).unwrap_or(0);
        let new = New {
            name: registration.endpoint.clone(),
            peer: NOWHERE,
            tag: registration.id.tag(),
            registered: registration.registered,
            links,
            lifetime: u32::try_from(registration.lifetime.as_secs()).unwrap_or(u32::MAX),
            version: registration.version,
            bindings: registration.bindings.iter().copied().collect(),
            queue_mode: registration.queue_mode,
            extra: Some(Box::new(Extra {
                sms: registration.sms.clone(),
                profile: registration.profile.clone(),
                parameters: registration.extra.clone(),
                identity: registration.identity.clone(),
                heard: Some((transport, registration.address.clone())),
                restored: observations.into(),
                attached: registration.attached.clone(),
                disabled: match registration.presence {
                    Presence::Disabled { until } => Some(until),
                    _ => None,
                },
                disable_timeout: registration
                    .disable_timeout
                    .map(|timeout| u32::try_from(timeout.as_secs()).unwrap_or(u32::MAX)),
                ..Extra::default()
            })),
        };
        match self.registrations.reserve(new) {
            Ok(reserved) => {
                let slot = reserved.slot();
                self.registrations.rename(slot, registration.id);
                self.registrations.publish(now.mono, slot);
                let wall = now.wall.unwrap_or(UnixTime(0));
                let left = registration.expires.map(|expires| expires.since(wall));
                self.registrations.set_remaining(now.mono, slot, left);
                match away {
                    Some(until) => {
                        self.lose_place(slot);
                        self.set_away(now, slot, until);
                    }
                    None => {
                        self.restored_asleep(slot);
                        self.expect_at(&registration.address, registration.id);
                    }
                }
                self.restore_queue(now, slot, queue);
            }
            Err(new) => self.links.release(new.links),
        }
    }

    /// The client is heard for the first time since it registered, or since the restart: its observations begin anew, as
    /// many at a time as it has room for requests.
    pub(super) fn observe_again(&mut self, now: Now, slot: u32) {
        while let Some(entry) = self.registrations.get_mut(slot)
            && let Some(observed) = entry.extra.as_mut().and_then(|extra| extra.restored.pop_front())
        {
            let (name, version) = (entry.name.clone(), entry.version);
            let attach = self.attach_first(version, &observed);
            if self.room_for_requests(slot) < 1 + usize::from(attach.is_some()) {
                if let Some(extra) = self.registrations.get_mut(slot).and_then(|entry| entry.extra.as_mut()) {
                    extra.restored.push_front(observed);
                }
                return;
            }
            if let Some(attach) = attach {
                self.ask_detached(now, &name, attach, None);
            }
            let StoredObservation { tree, path, places, format, attributes } = observed;
            let ask = Ask::Operation(match places {
                none if none.is_empty() => Downlink::Observe { tree, path, attributes },
                paths => Downlink::ObserveComposite { tree, paths, attributes },
            });
            self.ask_detached(now, &name, ask, format);
        }
    }

    /// How many more may wait for this client, whether it sleeps or not.
    fn room_for_requests(&self, slot: u32) -> usize {
        let limits = &self.config.limits;
        let most = limits.requests_per_client.min(limits.queued_per_client);
        let has = self.registrations.get(slot).map_or(most, |entry| entry.requests.len);
        usize::from(most.saturating_sub(has)).min(limits.requests.saturating_sub(self.requests.len()))
    }

    fn ask_detached(&mut self, now: Now, name: &EndpointName, ask: Ask, format: Option<ContentFormat>) {
        let what = if let Ask::Operation(operation) = &ask { Some(operation.target().path) } else { None };
        let mut new = NewRequest::new(DETACHED, name.clone(), ask, OBSERVE_AGAIN);
        (new.format, new.expires, new.repeat) = (format, Some(KEEP_OBSERVING), true);
        if let Err(error) = self.admit(now, new) {
            tracing::warn!(target: "lwm2m::server", endpoint = %name, ?what, %error, "not observed again");
        }
    }

    /// The registration as it will be.
    pub(super) fn view_after(&self, now: Now, slot: u32, updating: &Updating) -> Option<Arc<Registration>> {
        let mut after = Registration::clone(&*self.view(now, slot)?);
        let (change, wall) = (&updating.change, now.wall.unwrap_or(UnixTime(0)));
        after.updated = wall;
        // It speaks, so it was not sent away, or is back.
        if matches!(after.presence, Presence::Disabled { .. }) {
            after.presence = Presence::Active;
        }
        after.lifetime = change.lifetime.unwrap_or(after.lifetime);
        after.expires = (!after.lifetime.is_zero()).then(|| wall.after(after.lifetime));
        after.bindings = change.bindings.clone().unwrap_or(after.bindings);
        after.queue_mode = change.queue_mode.unwrap_or(after.queue_mode);
        after.sms = change.sms.clone().or(after.sms);
        if !change.extra.is_empty() {
            after.extra.clone_from(&change.extra);
        }
        if let Some(links) = updating.links.and_then(|links| self.links.links(links)) {
            after.links = links.clone();
        }
        after.address = self.peers.address(updating.peer).unwrap_or(after.address);
        Some(Arc::new(after))
    }
}
