//! Which clients listen, which sleep, and which were sent away. [Core 1.2 §6.5] [Core 1.2 §E.2]

use std::{sync::Arc, time::Duration};

use lwm2m_core::{Mono, Now, PeerId, UnixTime, machine::Deadlines};

use super::{Answered, Event, ServerMachine};
use crate::{EndReason, Presence, Registration, ServerEvent, Updated, store::Change};

/// The disable timeout of a client that we know none of. [Core 1.2 §E.2]
const DISABLE_TIMEOUT: u32 = 86_400;

/// Clients in queue mode that listen, and how many do not.
#[derive(Debug, Default)]
pub(crate) struct Presences {
    /// By slot, never later than the client falls asleep: a message moves only its entry, and what comes due too early
    /// is set anew.
    windows: Deadlines<Mono>,
    /// Those that sleep.
    asleep: usize,
}

impl Presences {
    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.windows.next()
    }

    pub(crate) const fn asleep(&self) -> usize {
        self.asleep
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
        self.observe_again(now, slot);
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

    pub(super) fn view_for_store(&self, now: Now, slot: u32) -> Option<Arc<Registration>> {
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
        self.park_waiting(slot);
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
        // A server that is started before the client leaves is to know what its De-register means.
        if let Some(view) = self.view_for_store(now, slot) {
            self.store_behind(Change::Update(view));
        }
        self.park_waiting(slot);
    }

    /// The client has spoken as a registered one: it is not disabled, or not any more.
    pub(super) fn not_disabled(&mut self, now: Now, slot: u32) {
        if self.disabled_until(slot).is_some() {
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
        match self.disabled_until(slot) {
            Some(until) => Presence::Disabled { until },
            None if self.registrations.is_away(slot) => Presence::Offline,
            None if entry.asleep => Presence::Asleep,
            None => Presence::Active,
        }
    }

    /// A client that was sent away leaves. It counts as disabled until it is due back, and a window longer; its name
    /// stays with what waits for it.
    pub(super) fn go_away(&mut self, now: Now, slot: u32, until: UnixTime, reason: EndReason) {
        let observations = self.take_observations(slot);
        self.end_observations(now, slot, reason);
        self.end_what_does_not_wait(now, slot, reason);
        self.forget_presence(slot);
        self.lose_place(slot);
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.asleep = false;
            entry.extra.get_or_insert_default().restored = observations.into();
        }
        self.set_away(now, slot, until);
    }

    /// It is away until then.
    pub(super) fn set_away(&mut self, now: Now, slot: u32, until: UnixTime) {
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.extra.get_or_insert_default().disabled = Some(until);
        }
        let slack = lwm2m_core::Link::default().transmission.max_transmit_wait();
        let back = until.since(Self::wall(now)).saturating_add(slack);
        self.registrations.set_away(slot);
        self.registrations.set_remaining(now.mono, slot, Some(back));
    }

    /// When it is due back, if it was sent away.
    pub(super) fn disabled_until(&self, slot: u32) -> Option<UnixTime> {
        self.registrations.get(slot)?.extra.as_deref()?.disabled
    }

    /// A client that was sent away has not come back: it is offline. What waits for it waits until it expires.
    pub(super) fn give_up(&mut self, now: Now, slot: u32) {
        self.change_presence(now, slot, |machine| {
            let entry = machine.registrations.get_mut(slot);
            if let Some(extra) = entry.and_then(|entry| entry.extra.as_deref_mut()) {
                extra.disabled = None;
            }
        });
        let waits = self.registrations.get(slot).map(|entry| entry.requests).unwrap_or_default();
        if let Some(last) = self.requests.last_expiry(waits) {
            let left = last.since(Self::wall(now)).max(Duration::from_secs(1));
            return self.registrations.set_remaining(now.mono, slot, Some(left));
        }
        if let Some(id) = self.registrations.id(slot) {
            self.store_behind(Change::Deregister(id));
        }
        self.end(now, slot, EndReason::Expired);
    }

    pub(super) fn on_presence(&mut self, request: u64, endpoint: &str) {
        let presence = match self.registrations.by_name(endpoint) {
            Some(slot) => self.presence(slot),
            None => Presence::Offline,
        };
        self.emit(Event::Finished { request, result: Ok(Answered::Presence(presence)) });
    }
}
