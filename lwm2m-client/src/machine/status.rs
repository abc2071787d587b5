//! How the client stands, for devices that sleep.

use lwm2m_core::{Mono, Now};

use super::{ClientMachine, call::Status};

impl ClientMachine {
    pub(super) fn status(&self, now: Now) -> Status {
        let expires = self.accounts.iter().filter_map(super::Account::expires).min();
        let registered = self.accounts.iter().filter(|account| account.registered.is_some());
        let from_now = |at: Mono| at.since(now.mono);
        Status {
            next_deadline: self.deadline().map(from_now),
            has_unsent: !self.operations.is_empty()
                || self.accounts.iter().any(|account| account.is_busy() || !account.outbox.is_empty())
                || self.reports.deadline().is_some_and(|due| due <= now.mono),
            awake: self.listens_for(now),
            registration_expires: expires.map(from_now),
            registered: registered.map(super::Account::server).collect(),
            observations: self.reports.iter().filter(|(_, known)| known.inbound.is_some()).count(),
            kept: self.reports.iter().map(|(_, observation)| observation.stored.len()).sum(),
            displaced: self.displaced,
            coap: *self.endpoint.counters(),
        }
    }
}
