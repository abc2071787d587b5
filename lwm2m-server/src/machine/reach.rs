//! Sending to a client that has not been heard since the server began: the store says where it was.

use std::collections::HashMap;

use lwm2m_core::{
    Address, Binding, Now, Output, Route,
    coap::ExchangeError,
    machine::Call as CallTo,
    transport::{Target, TransportError},
};

use super::{Job, ServerMachine, registration::Reach};
use crate::RegistrationId;

/// Clients that the store had and that have not been heard yet.
#[derive(Debug, Default)]
pub(crate) struct Reaching {
    /// Where they were, while nobody else was heard from there. `None`: there were several.
    places: HashMap<Address, Option<RegistrationId>>,
    /// Links that are being opened, and for whom.
    opening: HashMap<Route, RegistrationId>,
}

impl ServerMachine {
    /// The store says that this client was here.
    pub(super) fn expect_at(&mut self, address: &Address, id: RegistrationId) {
        match self.reaching.places.get_mut(address) {
            None => drop(self.reaching.places.insert(address.clone(), Some(id))),
            // Two cannot be at one address: who is there now, only an Update tells.
            Some(other) => {
                let other = other.take();
                other.into_iter().chain([id]).for_each(|id| self.set_reach(id, Reach::Lost));
            }
        }
    }

    /// A link is up: for a client that we look for, or for somebody who speaks from where a client was.
    pub(super) fn on_up(&mut self, now: Now, route: Route, address: &Address) {
        let expected = match self.reaching.places.is_empty() {
            true => None,
            false => self.reaching.places.remove(address).flatten(),
        };
        match self.reaching.opening.remove(&route) {
            Some(id) => self.on_open(now, id, route),
            None => expected.into_iter().for_each(|id| self.set_reach(id, Reach::Lost)),
        }
    }

    /// The link is down: if it was being opened, that has failed.
    pub(super) fn on_not_opened(&mut self, route: Route) {
        if let Some(id) = self.reaching.opening.remove(&route) {
            self.not_opened(id);
        }
    }

    /// Opens a link to where the client was heard last. `false`: that is not possible, or not wise. Over plain UDP
    /// alone: who would answer in a session, the session has to tell.
    pub(super) fn open_link(&mut self, now: Now, slot: u32) -> bool {
        let Some(id) = self.registrations.id(slot) else { return false };
        let extra = self.registrations.get(slot).and_then(|entry| entry.extra.as_deref());
        let Some((extra, (transport, Address::Ip(address)))) =
            extra.and_then(|extra| Some((extra, extra.heard.clone()?)))
        else {
            return false;
        };
        let plain = self.config.bindings.get(usize::from(transport)) == Some(&Binding::Udp);
        if extra.reach != Reach::There || extra.identity.is_secure() || !plain {
            return extra.reach == Reach::Opening;
        }
        let Ok(call) = self.calls.open(now.mono, Job::Connect(id)) else { return false };
        let target = Target::new(format!("coap://{address}"));
        self.out.push_back(Output::Call { id: call, what: CallTo::Connect { transport, target } });
        self.set_reach(id, Reach::Opening);
        true
    }

    pub(super) fn on_opening(&mut self, now: Now, id: RegistrationId, link: &Result<Route, TransportError>) {
        match *link {
            Ok(route) if self.endpoint.peer_at(route).is_some() => self.on_open(now, id, route),
            Ok(route) => drop(self.reaching.opening.insert(route, id)),
            Err(_) => self.not_opened(id),
        }
    }

    /// A link that was opened for a client is up, unless it has been heard meanwhile.
    fn on_open(&mut self, now: Now, id: RegistrationId, route: Route) {
        let Some((slot, peer)) = self.registrations.by_id(id).zip(self.endpoint.peer_at(route)) else {
            return;
        };
        let known =
            self.registrations.get(slot).is_some_and(|e| self.peers.registration(e.peer) == Some(slot));
        if known {
            return;
        }
        if self.peers.registration(peer).is_some() {
            return self.not_opened(id); // another client is there
        }
        self.attach(now, slot, peer);
        self.send_waiting(now, slot);
    }

    pub(super) fn not_opened(&mut self, id: RegistrationId) {
        self.set_reach(id, Reach::There);
        if let Some(slot) = self.registrations.by_id(id) {
            self.fail_waiting(slot, &ExchangeError::LinkGone { sent: false });
        }
    }

    fn set_reach(&mut self, id: RegistrationId, reach: Reach) {
        let entry = self.registrations.by_id(id).and_then(|slot| self.registrations.get_mut(slot));
        if let Some(extra) = entry.and_then(|entry| entry.extra.as_deref_mut()) {
            extra.reach = reach;
        }
    }
}
