//! Which server is registered with when, and what follows when that fails for good. [Core 1.2 §6.2.1.1]

use lwm2m_core::{Code, Now, Rejection, ops::DownlinkAnswer};

use super::{ClientMachine, account::Phase};
use crate::{BootstrapCause, ClientEvent};

impl ClientMachine {
    /// Servers with a priority come in its order: each when those before it are registered with or have failed for good,
    /// and after its delay. The others do not wait for anybody.
    pub(super) fn take_turn(&mut self, now: Now, position: usize) -> bool {
        if !self.has_turn(position) {
            return false;
        }
        let Some(account) = self.accounts.get_mut(position) else { return false };
        account.begun = true;
        if !account.settings.initial_delay.is_zero() {
            account.phase = Phase::Waiting(now.mono.after(account.settings.initial_delay));
        }
        true
    }

    fn has_turn(&self, position: usize) -> bool {
        let rank = |at: usize| Some((self.accounts.get(at)?.settings.order?, at));
        let Some(mine) = rank(position) else { return true };
        let before = (0..self.accounts.len()).filter(|at| rank(*at).is_some_and(|other| other < mine));
        before.filter_map(|at| self.accounts.get(at)).all(|account| account.lets_others_begin())
    }

    /// All attempts that the account allows have failed. A bootstrap server may know better; without one there is nothing
    /// else to do than to go on.
    pub(super) fn exhausted(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get(position) else { return };
        if account.settings.bootstraps {
            let server = account.server();
            self.want_bootstrap(now, BootstrapCause::RegistrationFailed { server });
        }
    }

    /// A server executes the Bootstrap-Request Trigger. [Core 1.2 §E.2, resource 9]
    pub(super) fn begin_bootstrap(&mut self, now: Now, key: usize, position: usize) {
        let Some(server) = self.accounts.get(position).map(|account| account.server()) else { return };
        if self.bootstrap.is_none() {
            let nobody = Rejection::new(Code::METHOD_NOT_ALLOWED, "there is no bootstrap server");
            return self.refuse(now, key, nobody);
        }
        self.respond(now, key, &DownlinkAnswer::Done);
        self.want_bootstrap(now, BootstrapCause::Triggered { server });
    }

    /// A bootstrap is to begin, if there is a bootstrap server.
    pub(super) fn want_bootstrap(&mut self, now: Now, cause: BootstrapCause) {
        if self.bootstrap.is_some() {
            self.publish(ClientEvent::BootstrapWanted { cause });
            self.enter_bootstrap(now, cause);
        }
    }
}
