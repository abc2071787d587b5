//! The end: De-register everywhere, write what still waits for servers, then stop. [Core 1.2 §6.2.3]

use std::time::Duration;

use lwm2m_core::{Now, ops::Uplink};

use super::{ClientMachine, Stopping, account::Phase, call::Reply};
use crate::ClientEvent;

/// How long we wait for the answer to a De-register: two transmissions with the default timing.
const LEAVING: Duration = Duration::from_secs(6);

impl ClientMachine {
    pub(super) fn shut_down(&mut self, now: Now, reply: u64) {
        let until = now.mono.after(LEAVING);
        self.stopping.get_or_insert(Stopping { replies: Vec::new(), until }).replies.push(reply);
        for account in &mut self.accounts {
            let idle = matches!(account.phase, Phase::Disabled | Phase::GivenUp);
            if idle || matches!(account.phase, Phase::Waiting(_) | Phase::Opening(_) | Phase::Connecting(_)) {
                account.phase = if account.registered.is_some() { Phase::Idle } else { Phase::Left };
            }
        }
    }

    pub(super) fn left(&mut self, position: usize) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.phase = Phase::Left;
        let server = account.server();
        if account.registered.take().is_some() {
            self.publish(ClientEvent::Deregistered { server });
        }
    }

    pub(super) fn drive_stopping(&mut self, now: Now) {
        let Some(stopping) = self.stopping.as_ref().filter(|stopping| !stopping.replies.is_empty()) else {
            return;
        };
        let over = stopping.until <= now.mono;
        let left = self.accounts.iter().all(|account| matches!(account.phase, Phase::Left));
        if (left || over) && !self.write_last(now) {
            for position in 0..self.accounts.len() {
                self.end_observations(now, position);
                self.enter(position, Phase::Left);
            }
            let replies = self
                .stopping
                .as_mut()
                .map(|stopping| std::mem::take(&mut stopping.replies))
                .unwrap_or_default();
            for reply in replies {
                self.reply(reply, Reply::Done(Ok(())));
            }
        }
    }

    pub(super) fn leave(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let Some(registered) = &account.registered else {
            account.phase = Phase::Left;
            return;
        };
        let location = registered.location.clone();
        let phase = match self.send(now, position, &Uplink::Deregister { location }) {
            Ok(exchange) => Phase::Leaving(exchange),
            Err(_) => Phase::Left,
        };
        self.enter(position, phase);
    }
}
