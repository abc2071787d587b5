//! Observations: what is told, when, and how. [Core 1.2 §6.4] [RFC 7641]
//!
//! A change marks the observations it touches; once a turn those that are due are read, one read a place, and told.

use std::time::Duration;

use lwm2m_core::{
    Mono, Now, Path, Rejection,
    coap::{Delivery, DeliveryId, ExchangeError, InboundId},
    codec::{ContentFormat, Context},
    ops::{DownlinkAnswer, Target, Verb},
};

use super::{
    ClientMachine,
    account::Settings,
    operation::{Operation, Serve, Work},
};
use crate::ClientEvent;

/// Observations of one server. More are answered but not kept: a server must not grow the client without bound.
const MAX_OBSERVATIONS: usize = 256;
/// After a handler had no value for a moment.
const READ_AGAIN: Duration = Duration::from_secs(10);

pub(super) struct Observation {
    /// The request that began it.
    inbound: InboundId,
    /// The account's position.
    account: usize,
    path: Path,
    /// Every notification has the format of the first answer. [RFC 7641 §4.2]
    format: Option<ContentFormat>,
    last_sent: Mono,
    /// The last notification that can still fail to arrive.
    delivery: Option<DeliveryId>,
    /// Something has changed since the last read began.
    changed: bool,
    /// The operation that reads it: an answer that began before a change must not pass for one that followed it.
    reading: Option<usize>,
    /// Not before.
    again_at: Mono,
}

impl Observation {
    /// When it is to be read and told; `None`: not by itself. [Core 1.2 §5.1.2]
    fn due(&self, settings: &Settings) -> Option<Mono> {
        if self.reading.is_some() {
            return None;
        }
        if self.changed {
            return Some(self.last_sent.after(settings.pmin).max(self.again_at));
        }
        let pmax = settings.pmax.filter(|pmax| *pmax >= settings.pmin);
        pmax.map(|pmax| self.last_sent.after(pmax).max(self.again_at))
    }
}

impl ClientMachine {
    /// A place has a new value, or what is below it.
    pub(super) fn mark(&mut self, path: Path) {
        for observation in &mut self.observations {
            observation.changed |= observation.path.contains(&path) || path.contains(&observation.path);
        }
    }

    /// The first answer to an Observe begins the relation.
    pub(super) fn observe(&mut self, now: Now, key: usize, answer: &DownlinkAnswer) {
        let Some(Operation { work: Work::Serve(mut serve), .. }) = self.operations.remove(key) else {
            return;
        };
        let of_server = self.observations.iter().filter(|known| known.account == serve.account).count();
        // The link may have gone while the value was read, and with it the relation.
        let there = self.accounts.get(serve.account).and_then(|account| account.peer) == serve.peer;
        if of_server >= MAX_OBSERVATIONS || !there {
            serve.target.verb = Verb::Read; // answers without the Observe option: no relation [RFC 7641 §4.1]
        }
        let response = self.encode(&serve, answer);
        let begins = serve.target.verb == Verb::Observe && response.code.is_success();
        self.endpoint.respond(now, serve.inbound, response);
        if begins {
            self.begin_observation(now, &serve);
        }
    }

    fn begin_observation(&mut self, now: Now, serve: &Serve) {
        self.observations.push(Observation {
            inbound: serve.inbound,
            account: serve.account,
            path: serve.target.path,
            format: serve.format,
            last_sent: now.mono,
            delivery: None,
            changed: false,
            reading: None,
            again_at: Mono(0),
        });
        let server = self.accounts.get(serve.account).map_or(0, |account| account.server());
        self.publish(ClientEvent::Observed { server, path: serve.target.path });
    }

    /// Reads what is due: one read for all observations of a place that are due together.
    pub(super) fn drive_observations(&mut self, now: Now) -> bool {
        let mut reads: Vec<(Path, usize)> = Vec::new();
        for observation in &mut self.observations {
            let account = self.accounts.get(observation.account).filter(|a| a.registered.is_some());
            let (Some(account), Some(object)) = (account, observation.path.object_id()) else { continue };
            if observation.due(&account.settings).is_none_or(|due| due > now.mono) {
                continue;
            }
            let begun = reads.iter().find(|(path, _)| *path == observation.path).map(|(_, key)| *key);
            let key = begun.unwrap_or_else(|| {
                let path = observation.path;
                let target = Target { verb: Verb::Observe, tree: self.config.tree.clone(), path };
                let key = self.operations.push(object, Work::Notify(target), None);
                reads.push((path, key));
                key
            });
            observation.reading = Some(key);
            observation.changed = false;
        }
        !reads.is_empty()
    }

    pub(super) fn observations_deadline(&self) -> Option<Mono> {
        let due = self.observations.iter().filter_map(|observation| {
            // As in `drive_observations`: what will not be read has no deadline, or the driver would spin.
            let account = self.accounts.get(observation.account).filter(|a| a.registered.is_some())?;
            observation.due(&account.settings)
        });
        due.min()
    }

    /// A place has been read for the observations that wait for this operation.
    pub(super) fn notify(&mut self, now: Now, key: usize, target: &Target, answer: &DownlinkAnswer) {
        for position in 0..self.observations.len() {
            let Some(observation) = self.observations.get_mut(position) else { continue };
            if observation.reading != Some(key) {
                continue;
            }
            observation.reading = None;
            observation.last_sent = now.mono;
            let (inbound, format) = (observation.inbound, observation.format);
            let Some(account) = self.accounts.get(observation.account) else { continue };
            let policy = self.config.policy.as_ref();
            if policy.is_some_and(|policy| !policy.may_notify(account.server(), &target.tree, target.path)) {
                continue;
            }
            let confirmable = account.config.confirmable || account.settings.confirmable;
            let how = if confirmable { Delivery::Confirmable } else { Delivery::NonConfirmable };
            let cx = Context { model: &self.table, version: account.version, tree: &self.config.tree };
            let response = answer.to_coap(target, &cx, format);
            let response = response.unwrap_or_else(|error| (&Rejection::from(error)).into());
            let delivery = self.endpoint.notify(now, inbound, response, how);
            if let Some(observation) = self.observations.get_mut(position) {
                observation.delivery = Some(delivery);
            }
        }
    }

    /// A place could not be read: for a moment, or because it is gone.
    pub(super) fn not_notified(&mut self, now: Now, key: usize, rejection: &Rejection) {
        let concerned = |observation: &Observation| observation.reading == Some(key);
        if rejection.code.class() == 5 {
            for observation in self.observations.iter_mut().filter(|observation| concerned(observation)) {
                observation.reading = None;
                observation.changed = true;
                observation.again_at = now.mono.after(READ_AGAIN);
            }
            return;
        }
        let gone: Vec<_> = self.observations.extract_if(.., |observation| concerned(observation)).collect();
        for observation in gone {
            self.endpoint.notify(now, observation.inbound, rejection.into(), Delivery::NonConfirmable);
            self.unobserved(&observation);
        }
    }

    /// The server has cancelled, or cannot be reached.
    pub(super) fn observer_gone(&mut self, now: Now, id: InboundId, reset: bool) {
        let gone: Vec<_> = self.observations.extract_if(.., |known| known.inbound == id).collect();
        for observation in gone {
            self.unobserved(&observation);
            if reset {
                self.update_after_reset(now, observation.account);
            }
        }
    }

    fn unobserved(&mut self, observation: &Observation) {
        let server = self.accounts.get(observation.account).map_or(0, |account| account.server());
        self.publish(ClientEvent::Unobserved { server, path: observation.path });
    }

    /// A new registration knows nothing of earlier observations. [Core 1.2 §6.2.1]
    pub(super) fn end_observations(&mut self, now: Now, account: usize) {
        let gone: Vec<_> = self.observations.extract_if(.., |known| known.account == account).collect();
        for observation in gone {
            self.endpoint.end_observation(now, observation.inbound);
            self.unobserved(&observation);
        }
    }

    /// A notification that was not acknowledged ends its observation. The server does not know: it learns from a new
    /// Register, and observes again.
    pub(super) fn not_delivered(&mut self, now: Now, id: DeliveryId, error: &ExchangeError) {
        let found = self.observations.iter().find(|known| known.delivery == Some(id));
        let Some(observation) = found.filter(|_| matches!(error, ExchangeError::TimedOut { .. })) else {
            return;
        };
        let (account, path) = (observation.account, observation.path);
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        self.publish(ClientEvent::Undelivered { server, path });
        self.register_anew(now, account);
    }
}
