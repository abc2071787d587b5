//! The awake window of queue mode: after a message in either direction the client still listens for a while, then a
//! device may sleep until the client has something to do. [Core 1.2 §6.5]

use std::time::Duration;

use lwm2m_core::{Mono, Now, Route};

use super::{ClientMachine, account::Account};
use crate::ClientEvent;

/// Whether a server may expect to be heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Awake {
    /// Always: there is no queue mode, or no registration.
    #[default]
    Always,
    /// Until then, if nothing happens.
    Until(Mono),
    /// The window is over, and something is still on its way.
    Finishing,
    Asleep,
}

impl Account {
    /// Does the server know that we sleep?
    pub(crate) fn sleeps(&self) -> bool {
        self.registered.as_ref().is_some_and(|registered| registered.said.queue_mode)
    }
}

impl ClientMachine {
    /// A frame came or went: the server counts from here.
    pub(super) fn on_traffic(&mut self, now: Now, route: Route) {
        let Some(position) = self.accounts.iter().position(|account| account.route == Some(route)) else {
            return;
        };
        let window = self.awake_window(position);
        let Some(account) = self.accounts.get_mut(position) else { return };
        if !account.sleeps() {
            account.awake = Awake::Always;
            return;
        }
        let before = std::mem::replace(&mut account.awake, Awake::Until(now.mono.after(window)));
        if before == Awake::Asleep {
            let server = account.server();
            self.publish(ClientEvent::Awake { server });
        }
    }

    fn awake_window(&self, position: usize) -> Duration {
        let Some(account) = self.accounts.get(position) else { return Duration::ZERO };
        account.config.awake.unwrap_or_else(|| {
            let link = account.peer.and_then(|peer| self.endpoint.link_of(peer));
            link.copied().unwrap_or_default().transmission.max_transmit_wait()
        })
    }

    /// Windows that are over.
    pub(super) fn doze(&mut self, now: Now) {
        for position in 0..self.accounts.len() {
            let idle = self.operations.is_empty();
            let window = self.awake_window(position);
            let Some(account) = self.accounts.get_mut(position) else { continue };
            match account.awake {
                // The answer to our Register was the traffic; that it was a success we know only now.
                Awake::Always if account.sleeps() => account.awake = Awake::Until(now.mono.after(window)),
                Awake::Until(at) if at <= now.mono => account.awake = Awake::Finishing,
                _ if account.awake != Awake::Always && !account.sleeps() => account.awake = Awake::Always,
                _ => {}
            }
            if account.awake == Awake::Finishing && idle && !account.is_busy() {
                account.awake = Awake::Asleep;
                let server = account.server();
                self.publish(ClientEvent::Asleep { server });
            }
        }
    }

    pub(super) fn awake_deadline(&self) -> Option<Mono> {
        let until = |account: &Account| match account.awake {
            Awake::Until(at) => Some(at),
            _ => None,
        };
        self.accounts.iter().filter_map(until).min()
    }

    /// How long some server may still expect to be heard. `None`: no server that knows that we sleep.
    pub(super) fn listens_for(&self, now: Now) -> Option<Duration> {
        let left = |account: &Account| match account.awake {
            Awake::Until(at) => Some(at.since(now.mono)),
            Awake::Finishing => Some(Duration::ZERO),
            Awake::Always | Awake::Asleep => None,
        };
        self.accounts.iter().filter_map(left).max()
    }
}
