//! What the program decides over before it happens.

use std::collections::{HashMap, VecDeque};

use lwm2m_core::{
    NoModel, Now, PeerId, Rejection, StoreError, Tree,
    coap::{InboundId, Request},
    codec::{Context, Timed},
    ops::Uplink,
};

use super::{
    Call, Job, ServerMachine,
    keep::Arrived,
    send::is_send,
    uplink::{busy, path_id, unknown},
};
use crate::{Asked, Asking, Attached, RegistrationId, Verdict};

/// A request that waits for a decision.
#[derive(Debug)]
pub(super) struct Held {
    inbound: InboundId,
    peer: PeerId,
    request: Request,
}

/// A notification that waits for one.
#[derive(Debug)]
pub(super) struct HeldValues {
    registration: RegistrationId,
    arrived: Arrived,
    values: Vec<Timed>,
}

/// Notifications that wait for a decision over one before them of the same client, so that they keep their order. A
/// client that is in it has a question open.
#[derive(Debug, Default)]
pub(super) struct Undecided {
    waiting: HashMap<RegistrationId, VecDeque<HeldValues>, foldhash::fast::FixedState>,
    len: usize,
}

impl ServerMachine {
    /// Has the program decide over a request to the registration or the reporting interface.
    pub(super) fn ask_first(&mut self, now: Now, inbound: InboundId, peer: PeerId, request: &Request) {
        let asked = match self.asked(peer, request) {
            Ok(asked) => asked,
            Err(rejection) => return self.refuse_uplink(now, inbound, &rejection),
        };
        let held = Held { inbound, peer, request: request.clone() };
        if !self.may_ask()
            || self.call(now, Job::Authorize(Box::new(held)), Call::Authorize(Box::new(asked))).is_err()
        {
            self.refuse_uplink(now, inbound, &busy());
        }
    }

    /// Who registers need not have proved anything: questions about requests must not take the room of those to sink
    /// and store.
    fn may_ask(&mut self) -> bool {
        let room = self.calls.len() < self.config.limits.calls / 2;
        self.counters.calls_refused += u64::from(!room);
        room
    }

    fn asked(&self, peer: PeerId, request: &Request) -> Result<Asked, Rejection> {
        let slot = match is_send(request) {
            true => Some(self.peers.registration(peer).ok_or_else(unknown)?),
            false => path_id(request.options.uri_path()).and_then(|id| self.registrations.by_id(id)),
        };
        let version = slot.and_then(|slot| self.registrations.get(slot)).map(|entry| entry.version);
        let bare = Context { model: &NoModel, version: version.unwrap_or_default(), tree: &Tree::DEFAULT };
        let cx = slot.filter(|_| is_send(request)).and_then(|slot| self.context(slot)).unwrap_or(bare);
        let what = Uplink::from_coap(request, &cx)?;
        let slot = match &what {
            Uplink::Register(_) => None,
            Uplink::Update { location, .. } | Uplink::Deregister { location } => {
                Some(self.registration_at(location, peer)?)
            }
            _ => slot,
        };
        let endpoint = match (&what, slot.and_then(|slot| self.registrations.get(slot))) {
            (Uplink::Register(register), _) => self.endpoint_name(peer, register.endpoint.as_ref())?,
            (_, Some(entry)) => entry.name.clone(),
            _ => return Err(unknown()),
        };
        Ok(Asked {
            endpoint,
            registration: slot.and_then(|slot| self.registrations.id(slot)),
            attached: slot.map(|slot| self.attached(slot)).unwrap_or_default(),
            from: self.peers.remote(peer).ok_or_else(unknown)?,
            what: Asking::Uplink(what),
        })
    }

    /// What the program attached to a registration.
    pub(super) fn attached(&self, slot: u32) -> Attached {
        let extra = self.registrations.get(slot).and_then(|entry| entry.extra.as_deref());
        extra.map(|extra| extra.attached.clone()).unwrap_or_default()
    }

    pub(super) fn attach_data(&mut self, slot: u32, attached: Attached) {
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.extra.get_or_insert_default().attached = attached;
        }
    }

    pub(super) fn on_verdict(&mut self, now: Now, held: &Held, verdict: Result<Verdict, StoreError>) {
        let Held { inbound, peer, ref request } = *held;
        let attached = match verdict {
            Ok(Verdict(Ok(attached))) => attached,
            Ok(Verdict(Err(rejection))) => {
                self.counters.unauthorized += 1;
                return self.refuse_uplink(now, inbound, &rejection);
            }
            Err(error) => {
                tracing::warn!(target: "lwm2m::server", %error, "not decided");
                return self.refuse_uplink(now, inbound, &busy());
            }
        };
        let attached = Some(attached).filter(|attached| !attached.is_empty()).map(Attached::from);
        if is_send(request) {
            if let Some((slot, attached)) = self.peers.registration(peer).zip(attached) {
                self.attach_data(slot, attached);
            }
            return self.on_send(now, inbound, peer, request);
        }
        if let Err(rejection) = self.on_uplink(now, inbound, peer, request, attached) {
            self.refuse_uplink(now, inbound, &rejection);
        }
    }

    /// Values of a notification: to the program's decision, or on their way.
    pub(super) fn authorize_values(&mut self, now: Now, slot: u32, arrived: Arrived, values: Vec<Timed>) {
        let id = self.registrations.id(slot).filter(|_| self.config.authorize_notifications);
        let Some(registration) = id else { return self.pass_values(now, slot, arrived, values) };
        let held = HeldValues { registration, arrived, values };
        let limits = &self.config.limits;
        match self.undecided.waiting.get_mut(&registration) {
            None => {
                if self.ask_about_values(now, held) {
                    self.undecided.waiting.insert(registration, VecDeque::new());
                }
            }
            Some(queue)
                if queue.len() < usize::from(limits.unkept_per_client)
                    && self.undecided.len < limits.unkept =>
            {
                queue.push_back(held);
                self.undecided.len = self.undecided.len.saturating_add(1);
            }
            Some(_) => {
                self.counters.over_share += 1;
                self.settle(now, &arrived, false);
            }
        }
    }

    /// `false`: it cannot be asked now; the notification comes again, if it was sent confirmably.
    fn ask_about_values(&mut self, now: Now, held: HeldValues) -> bool {
        let arrived = held.arrived;
        let asked = self.registrations.by_id(held.registration).and_then(|slot| {
            let entry = self.registrations.get(slot)?;
            Some(Asked {
                endpoint: entry.name.clone(),
                registration: Some(held.registration),
                attached: self.attached(slot),
                from: self.peers.remote(entry.peer)?,
                what: Asking::Notification(self.observed(arrived.observation)),
            })
        });
        let asking = asked.filter(|_| self.may_ask()).map(|asked| {
            self.call(now, Job::AuthorizeValues(Box::new(held)), Call::Authorize(Box::new(asked))).is_ok()
        });
        let asking = asking == Some(true);
        if !asking {
            self.settle(now, &arrived, false);
        }
        asking
    }

    /// The next one of a client, after the decision over the one before.
    fn ask_about_next(&mut self, now: Now, registration: RegistrationId) {
        while let Some(queue) = self.undecided.waiting.get_mut(&registration) {
            let Some(held) = queue.pop_front() else {
                self.undecided.waiting.remove(&registration);
                return;
            };
            self.undecided.len = self.undecided.len.saturating_sub(1);
            if self.ask_about_values(now, held) {
                return;
            }
        }
    }

    pub(super) fn on_values_verdict(
        &mut self,
        now: Now,
        held: HeldValues,
        verdict: Result<Verdict, StoreError>,
    ) {
        let registration = held.registration;
        self.carry_out(now, held, verdict);
        self.ask_about_next(now, registration);
    }

    fn carry_out(&mut self, now: Now, held: HeldValues, verdict: Result<Verdict, StoreError>) {
        let HeldValues { registration, arrived, values } = held;
        let Some(slot) = self.registrations.by_id(registration) else { return };
        match verdict {
            Ok(Verdict(Ok(attached))) => {
                if !attached.is_empty() {
                    self.attach_data(slot, attached.into());
                }
                self.pass_values(now, slot, arrived, values);
            }
            Ok(Verdict(Err(rejection))) => {
                self.counters.unauthorized += 1;
                self.settle(now, &arrived, true);
                self.endpoint.cancel(now, arrived.exchange);
                self.refuse_observation(arrived.observation, rejection);
            }
            Err(_) => self.settle(now, &arrived, false),
        }
    }
}
