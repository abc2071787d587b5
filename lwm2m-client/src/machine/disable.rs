//! Disable: leave a server, say and hear nothing, and return to the second. [Core 1.2 §E.2, resources 4 and 5]

use std::time::Duration;

use lwm2m_core::{Mono, Now, UnixTime, coap::DeliveryId, ops::DownlinkAnswer};

use super::{
    CALL_TIMEOUT, ClientMachine,
    account::Phase,
    call::{Call, Purpose},
    operation::Stage,
};
use crate::{ClientEvent, state_store::layout};

/// How long the answer to the De-register is waited for: two transmissions with the default timing. Then the server is
/// left alone all the same.
const LEAVING: Duration = Duration::from_secs(6);

/// A server that is not to hear of us.
pub(crate) struct Disabled {
    pub(crate) until: Mono,
    /// The Execute must be answered first.
    after: Option<DeliveryId>,
    /// Our De-register is not waited for any longer.
    leave_by: Option<Mono>,
}

impl ClientMachine {
    /// An Execute of Disable has arrived. It is kept before it is answered: a restart must not cut it short.
    pub(super) fn begin_disable(&mut self, now: Now, key: usize, position: usize) {
        let Some(account) = self.accounts.get(position) else { return };
        let total = account.settings.disable_timeout;
        let until = now.wall.map(|wall| wall.after(total));
        let Some(until) = until.filter(|_| self.config.keeps) else {
            return self.disable(now, key, position);
        };
        let edits = vec![layout::disabled(account.server(), until, total)];
        if let Some(operation) = self.operations.get_mut(key) {
            operation.stage = Stage::Committing;
        }
        let deadline = Some(now.mono.after(CALL_TIMEOUT));
        self.call(Purpose::Commit(key), deadline, Call::Commit { edits, prepared: Vec::new() });
    }

    /// It counts from now on.
    pub(super) fn disable(&mut self, now: Now, key: usize, position: usize) {
        let late = self.operations.get_mut(key).is_some_and(|operation| operation.stage == Stage::Late);
        let after = if late {
            self.operations.remove(key);
            None
        } else {
            self.respond(now, key, &DownlinkAnswer::Done)
        };
        let Some(account) = self.accounts.get_mut(position) else { return };
        let total = account.settings.disable_timeout;
        account.disabled = Some(Disabled { until: now.mono.after(total), after, leave_by: None });
        let server = account.server();
        self.publish(ClientEvent::Disabled { server, duration: total });
    }

    /// What is left of it after a restart. The clock may have been set meanwhile: it is never longer than it was.
    pub(super) fn still_disabled(&mut self, now: Now, position: usize, until: UnixTime, total: Duration) {
        let left = now.wall.map_or(total, |wall| until.since(wall)).min(total);
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.disabled = Some(Disabled { until: now.mono.after(left), after: None, leave_by: None });
        account.phase = Phase::Disabled;
        account.begun = true;
    }

    /// An answer has arrived, or never will.
    pub(super) fn disable_answered(&mut self, id: DeliveryId) {
        let disabled = self.accounts.iter_mut().filter_map(|account| account.disabled.as_mut());
        for disabled in disabled.filter(|disabled| disabled.after == Some(id)) {
            disabled.after = None;
        }
    }

    /// Takes a disabled server a step further. `None`: it is not disabled.
    pub(super) fn drive_disabled(&mut self, now: Now, position: usize) -> Option<bool> {
        let account = self.accounts.get_mut(position)?;
        let disabled = account.disabled.as_mut()?;
        let left_behind = disabled.leave_by.is_some_and(|by| by <= now.mono);
        match &account.phase {
            Phase::Left => return Some(false),
            Phase::Disabled if disabled.until > now.mono => return Some(false),
            _ if disabled.until <= now.mono => self.return_to(now, position),
            Phase::Leaving(_) if !left_behind => return Some(false),
            Phase::Leaving(_) => self.go_silent(now, position),
            _ if disabled.after.is_some() && account.peer.is_some() => return None,
            Phase::Idle | Phase::Updating(..) if account.registered.is_some() => {
                disabled.leave_by = Some(now.mono.after(LEAVING));
                if let Phase::Updating(exchange, _) = account.phase {
                    self.endpoint.cancel(now, exchange);
                }
                self.leave(now, position);
            }
            _ => self.go_silent(now, position),
        }
        Some(true)
    }

    /// Closes the link: what comes from this server is not even seen.
    pub(super) fn go_silent(&mut self, now: Now, position: usize) {
        self.left(position);
        self.hang_up(now, position);
        self.enter(position, Phase::Disabled);
    }

    fn return_to(&mut self, now: Now, position: usize) {
        self.hang_up(now, position);
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.disabled = None;
        account.registered = None;
        account.failures = 0;
        account.phase = Phase::Waiting(now.mono);
        let server = account.server();
        self.write_down(now, vec![layout::not_disabled(server)]);
    }

    pub(super) fn disabled_deadline(&self, position: usize) -> Option<Mono> {
        // Who leaves for good does not return.
        let account = self.accounts.get(position).filter(|account| !matches!(account.phase, Phase::Left))?;
        let disabled = account.disabled.as_ref().filter(|_| self.stopping.is_none())?;
        let leave_by = disabled.leave_by.filter(|_| matches!(account.phase, Phase::Leaving(_)));
        leave_by.into_iter().chain([disabled.until]).min()
    }
}
