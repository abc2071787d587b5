//! Which clients listen, which sleep, and which were sent away. [Core 1.2 §6.5] [Core 1.2 §E.2]

use std::{collections::HashMap, hash::RandomState, sync::Arc, time::Duration};

use lwm2m_core::{EndpointName, Mono, Now, PeerId, UnixTime, machine::Deadlines};
use slab::Slab;

use super::{Answered, Event, ServerMachine};
use crate::{Presence, Registration, RegistrationId, ServerEvent, Updated, store::Change};

/// The disable timeout of a client that we know none of. [Core 1.2 §E.2]
const DISABLE_TIMEOUT: u32 = 86_400;

/// Clients in queue mode that listen, and clients that are gone because they were disabled.
#[derive(Debug, Default)]
pub(crate) struct Presences {
    /// By slot, never later than the client falls asleep: a message moves only its entry, and what comes due too early
    /// is set anew.
    windows: Deadlines<Mono>,
    /// Those that sleep.
    asleep: usize,
    away: Slab<Away>,
    names: HashMap<EndpointName, u32, RandomState>,
    ids: HashMap<RegistrationId, u32>,
    returns: Deadlines<Mono>,
}

/// A client that was disabled and has de-registered.
#[derive(Debug)]
struct Away {
    registration: Arc<Registration>,
    until: UnixTime,
}

impl Presences {
    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.windows.next().into_iter().chain(self.returns.next()).min()
    }

    pub(crate) const fn asleep(&self) -> usize {
        self.asleep
    }

    pub(crate) fn away(&self) -> usize {
        self.away.len()
    }

    fn come_back(&mut self, name: &str) -> Option<Away> {
        let key = self.names.remove(name)?;
        self.returns.remove(key);
        let away = self.away.try_remove(key as usize)?;
        self.ids.remove(&away.registration.id);
        Some(away)
    }
}

impl ServerMachine {
    /// How long a client at this peer listens after a message.
    fn awake_window(&self, peer: PeerId) -> Duration {
        self.config.awake.unwrap_or_else(|| {
            self.endpoint.link_of(peer).copied().unwrap_or_default().transmission.max_transmit_wait()
        })
    }

    /// The client was heard, and it was the client: it listens, and gets what waits for it.
    pub(super) fn heard(&mut self, now: Now, slot: u32) {
        let Some(entry) = self.registrations.get(slot) else { return };
        let (queue_mode, asleep, requests) = (entry.queue_mode, entry.asleep, entry.requests);
        if queue_mode {
            self.listens(now, slot);
        } else {
            self.presences.windows.remove(slot);
        }
        if asleep {
            self.change_presence(now, slot, |machine| machine.wake(slot));
        }
        if requests.len > 0 {
            self.requests.release(requests);
            self.send_waiting(now, slot);
        }
    }

    /// It was heard by a Send or a notification, which may renew its registration.
    pub(super) fn heard_by_data(&mut self, now: Now, slot: u32) {
        if self.config.refresh && self.renews(now, slot) {
            self.registrations.renew(now.mono, slot);
            if let Some(entry) = self.registrations.get_mut(slot) {
                entry.updated = now.wall.unwrap_or(UnixTime(0));
            }
            if let (Some(id), Some(view)) = (self.registrations.id(slot), self.view_for_store(now, slot)) {
                self.store_behind(Change::Touch { id, updated: view.updated, expires: view.expires });
            }
        }
        self.heard(now, slot);
    }

    /// Only who proved who it is, and not with every message: a tenth of the lifetime must have passed.
    fn renews(&self, now: Now, slot: u32) -> bool {
        let Some(entry) = self.registrations.get(slot) else { return false };
        let lifetime = Duration::from_secs(entry.lifetime.into());
        let left = self.registrations.remaining(now.mono, slot);
        self.peers.identity(entry.peer).is_secure()
            && left.is_some_and(|left| left <= lifetime.saturating_sub(lifetime / 10))
    }

    fn view_for_store(&self, now: Now, slot: u32) -> Option<Arc<Registration>> {
        if self.config.store { self.view(now, slot) } else { None }
    }

    /// A message went to or came from the client: its window begins anew.
    pub(super) fn listens(&mut self, now: Now, slot: u32) {
        let Some(peer) = self.registrations.get(slot).filter(|entry| entry.queue_mode).map(|e| e.peer) else {
            return;
        };
        let until = now.mono.after(self.awake_window(peer));
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.awake_until = until;
        }
        if self.presences.windows.get(slot).is_none_or(|at| at > until) {
            self.presences.windows.set(slot, until);
        }
    }

    fn wake(&mut self, slot: u32) {
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.asleep = false;
            self.presences.asleep = self.presences.asleep.saturating_sub(1);
        }
    }

    /// A client's window is over.
    pub(super) fn doze_one(&mut self, now: Now) -> bool {
        let Some(slot) = self.presences.windows.pop_due(now.mono) else { return false };
        let Some(entry) = self.registrations.get(slot) else { return true };
        if entry.awake_until > now.mono {
            self.presences.windows.set(slot, entry.awake_until);
        } else if entry.in_flight > 0 {
            self.listens(now, slot); // its answer or its time-out decides
        } else {
            self.falls_asleep(now, slot);
        }
        true
    }

    /// The client does not listen, if it uses queue mode.
    pub(super) fn falls_asleep(&mut self, now: Now, slot: u32) {
        self.presences.windows.remove(slot);
        if self.registrations.get(slot).is_none_or(|entry| entry.asleep || !entry.queue_mode) {
            return;
        }
        self.change_presence(now, slot, |machine| {
            if let Some(entry) = machine.registrations.get_mut(slot) {
                entry.asleep = true;
                machine.presences.asleep = machine.presences.asleep.saturating_add(1);
                machine.counters.fell_asleep += 1;
            }
        });
        self.fail_impatient(slot);
    }

    /// It was registered before the server began: nobody knows whether it listens.
    pub(super) fn restored_asleep(&mut self, slot: u32) {
        if let Some(entry) = self.registrations.get_mut(slot).filter(|entry| entry.queue_mode) {
            entry.asleep = true;
            self.presences.asleep = self.presences.asleep.saturating_add(1);
        }
    }

    /// Disable was executed: the client will leave, for as long as its timeout says.
    pub(super) fn on_disabled(&mut self, now: Now, slot: u32) {
        self.change_presence(now, slot, |machine| {
            if let Some(entry) = machine.registrations.get_mut(slot) {
                let extra = entry.extra.get_or_insert_default();
                let timeout = Duration::from_secs(extra.disable_timeout.unwrap_or(DISABLE_TIMEOUT).into());
                extra.disabled = Some(Self::wall(now).after(timeout));
            }
        });
    }

    /// The client has spoken as a registered one: it is not disabled, or not any more.
    pub(super) fn not_disabled(&mut self, now: Now, slot: u32) {
        let extra = self.registrations.get(slot).and_then(|entry| entry.extra.as_deref());
        if extra.is_some_and(|extra| extra.disabled.is_some()) {
            self.change_presence(now, slot, |machine| {
                let entry = machine.registrations.get_mut(slot);
                if let Some(extra) = entry.and_then(|entry| entry.extra.as_deref_mut()) {
                    extra.disabled = None;
                }
            });
        }
    }

    /// Carries out a change, and tells of it if it is one.
    fn change_presence(&mut self, now: Now, slot: u32, change: impl FnOnce(&mut Self)) {
        let before = self.view_if_asked_for(now, slot);
        change(self);
        if let Some((before, after)) = before.zip(self.view_if_asked_for(now, slot)) {
            self.emit_presence(before, after);
        }
    }

    pub(super) fn emit_presence(&mut self, before: Arc<Registration>, after: Arc<Registration>) {
        if before.presence != after.presence {
            self.emit(Event::Public(ServerEvent::Presence(Updated { before, after })));
        }
    }

    /// The registration is gone, and does not sleep any more.
    pub(super) fn forget_presence(&mut self, slot: u32) {
        self.presences.windows.remove(slot);
        if self.registrations.get(slot).is_some_and(|entry| entry.asleep) {
            self.presences.asleep = self.presences.asleep.saturating_sub(1);
        }
    }

    pub(super) fn presence(&self, slot: u32) -> Presence {
        let Some(entry) = self.registrations.get(slot) else { return Presence::Offline };
        match entry.extra.as_deref().and_then(|extra| extra.disabled) {
            Some(until) => Presence::Disabled { until },
            None if entry.asleep => Presence::Asleep,
            None => Presence::Active,
        }
    }

    /// A client that was disabled has left. It counts as disabled until it is due back, and a window longer.
    pub(super) fn stays_away(&mut self, now: Now, registration: Arc<Registration>) -> bool {
        let Presence::Disabled { until } = registration.presence else { return false };
        self.presences.come_back(&registration.endpoint);
        let room = self.config.limits.registrations as usize;
        let Ok(key) = u32::try_from(self.presences.away.vacant_key()) else { return false };
        if self.presences.away.len() >= room {
            return false;
        }
        let slack = lwm2m_core::Link::default().transmission.max_transmit_wait();
        let back = until.since(Self::wall(now)).saturating_add(slack);
        self.presences.names.insert(registration.endpoint.clone(), key);
        self.presences.ids.insert(registration.id, key);
        self.presences.returns.set(key, now.mono.after(back));
        self.presences.away.insert(Away { registration, until });
        true
    }

    /// A client is registered: it is not away.
    pub(super) fn is_back(&mut self, name: &str) {
        if !self.presences.names.is_empty() {
            self.presences.come_back(name);
        }
    }

    /// The client is registered with another shard.
    pub(super) fn back_elsewhere(&mut self, id: RegistrationId) {
        let key = self.presences.ids.get(&id).copied();
        let away = key.and_then(|key| self.presences.away.get(key as usize));
        if let Some(name) = away.map(|away| away.registration.endpoint.clone()) {
            self.presences.come_back(&name);
        }
    }

    /// A client that was disabled has not come back.
    pub(super) fn miss_one(&mut self, now: Now) -> bool {
        let Some(key) = self.presences.returns.pop_due(now.mono) else { return false };
        let Some(name) = self.presences.away.get(key as usize).map(|away| away.registration.endpoint.clone())
        else {
            return true;
        };
        if let Some(Away { registration: before, .. }) = self.presences.come_back(&name) {
            let id = before.id;
            if self.config.interest.any() {
                let after = Arc::new(Registration { presence: Presence::Offline, ..(*before).clone() });
                self.emit_presence(before, after);
            }
            if self.config.shards > 1 {
                self.emit(Event::Gone { endpoint: name, id });
            }
        }
        true
    }

    pub(super) fn on_presence(&mut self, request: u64, endpoint: &str) {
        let presence = match self.registrations.by_name(endpoint) {
            Some(slot) => self.presence(slot),
            None => {
                let away = self.presences.names.get(endpoint);
                let away = away.and_then(|key| self.presences.away.get(*key as usize));
                away.map_or(Presence::Offline, |away| Presence::Disabled { until: away.until })
            }
        };
        self.emit(Event::Finished { request, result: Ok(Answered::Presence(presence)) });
    }
}
