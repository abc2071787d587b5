//! Links to servers: made, lost and made anew.

use std::time::Duration;

use lwm2m_core::{CallId, Link, Now, Output, Route, machine, transport::TransportError};

use super::{
    ClientMachine,
    account::{Account, Phase},
    call::Purpose,
    registration::Failure,
};
use crate::{Attempt, ClientEvent};

/// How long a link may take to be made: a name to be looked up.
const OPENING: Duration = Duration::from_secs(120);
/// The same with a handshake that is repeated, over a network where a round trip takes seconds. The transport gives up
/// by itself, and says why.
const SECURING: Duration = Duration::from_secs(450);

impl ClientMachine {
    pub(super) fn connect(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let id = self.calls.begin(Purpose::Connect(position), Some(now.mono.after(opening(account))));
        let (transport, target) = (account.transport, account.config.target.clone());
        account.phase = Phase::Connecting(id);
        self.outputs.push_back(Output::Call { id, what: machine::Call::Connect { transport, target } });
    }

    pub(super) fn on_connected(
        &mut self,
        now: Now,
        position: usize,
        id: CallId,
        result: Result<Route, TransportError>,
    ) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        if !matches!(account.phase, Phase::Connecting(wanted) if wanted == id) {
            // Nobody waits for it any more: the network has changed meanwhile, or the client leaves.
            if let Ok(route) = result {
                self.disconnect(now, route);
            }
            return;
        }
        match result {
            Ok(route) => {
                account.route = Some(route);
                account.phase = Phase::Opening(now.mono.after(opening(account)));
            }
            Err(error) => self.failed(now, position, Failure::Unreachable(error.into())),
        }
    }

    pub(super) fn on_up(&mut self, now: Now, route: Route, link: Link) {
        if self.bootstrap_up(now, route, link) {
            return;
        }
        let Some(position) = self.accounts.iter().position(|account| account.route == Some(route)) else {
            // Nobody but our servers has business here.
            return self.disconnect(now, route);
        };
        let lost = self.accounts.get_mut(position).and_then(|account| account.lost.take());
        // A server may repeat over the new link what it sent over the old one.
        let peer = match lost {
            Some(lost) => self.endpoint.handle_back(now, lost, route, link),
            None => self.endpoint.handle_up(now, route, link),
        };
        self.endpoint.set_registered(peer, true);
        if let Some(account) = self.accounts.get_mut(position) {
            account.peer = Some(peer);
            account.phase = Phase::Idle;
        }
    }

    pub(super) fn on_down(&mut self, now: Now, route: Route, error: TransportError) {
        let of_account = self.accounts.iter().position(|account| account.route == Some(route));
        match of_account {
            Some(position) => drop(self.lose_link(now, position)),
            None => self.endpoint.handle_down(now, route),
        }
        if self.bootstrap_down(now, route, &error) {
            return;
        }
        let Some(position) = of_account else { return };
        self.failed(now, position, Failure::Unreachable(error.into()));
    }

    /// The program hears of it; the messages are repeated, and time-outs decide.
    pub(super) fn on_not_sent(&mut self, now: Now, route: Route, error: TransportError) {
        let Some(account) = self.accounts.iter_mut().find(|account| account.route == Some(route)) else {
            return;
        };
        let expires = account.expires();
        let idle = if account.registered.is_some() { Attempt::Update } else { Attempt::Register };
        let (next, at) = match &account.phase {
            Phase::Registering(exchange, _) => (Attempt::Register, self.endpoint.repeats_at(*exchange)),
            Phase::Leaving(exchange) => (Attempt::Deregister, self.endpoint.repeats_at(*exchange)),
            Phase::Updating(exchange, _) => match self.endpoint.repeats_at(*exchange).or(expires) {
                Some(at) if expires.is_some_and(|expires| expires <= at) => (Attempt::Register, expires),
                at => (Attempt::Update, at),
            },
            Phase::Waiting(at) => (idle, Some(*at)),
            Phase::Idle => (idle, account.registered.as_ref().and_then(|registered| registered.update_at)),
            Phase::Connecting(_) | Phase::Opening(_) | Phase::Left | Phase::Disabled | Phase::GivenUp => {
                return;
            }
        };
        if std::mem::replace(&mut account.trouble_told, true) {
            return;
        }
        let (server, error) = (account.server(), error.into());
        let retry_in = at.map(|at| at.since(now.mono));
        self.publish(ClientEvent::Unreachable { server, error, next, retry_in });
    }

    /// Ends the link, if there is one; whatever is on its way on it is forgotten.
    pub(super) fn hang_up(&mut self, now: Now, position: usize) {
        self.refuse_held(now, position);
        if let Some(route) = self.lose_link(now, position) {
            self.disconnect(now, route);
        }
        self.enter(position, Phase::Waiting(now.mono));
    }

    fn lose_link(&mut self, now: Now, position: usize) -> Option<Route> {
        let account = self.accounts.get_mut(position)?;
        account.peer = None;
        let route = account.route.take()?;
        account.lost = self.endpoint.handle_lost(now, route).or(account.lost);
        Some(route)
    }

    /// What was heard of a server is not to be taken for what another says.
    pub(super) fn forget_peer(&mut self, now: Now, position: usize) {
        let lost = self.accounts.get_mut(position).and_then(|account| account.lost.take());
        if let Some(lost) = lost {
            self.endpoint.forget(now, lost);
        }
    }

    pub(super) fn network_changed(&mut self, now: Now) {
        for position in 0..self.accounts.len() {
            let stays = |account: &Account| {
                !account.is_gone() && !matches!(account.phase, Phase::Left | Phase::Disabled)
            };
            if self.accounts.get(position).is_some_and(stays) {
                self.register_anew(now, position);
            }
        }
    }

    /// Over a new link, at once.
    pub(super) fn register_anew(&mut self, now: Now, position: usize) {
        self.hang_up(now, position);
        if let Some(account) = self.accounts.get_mut(position) {
            account.registered = None;
            account.failures = 0;
        }
    }
}

fn opening(account: &Account) -> Duration {
    if account.config.target.credentials.is_some() { SECURING } else { OPENING }
}
