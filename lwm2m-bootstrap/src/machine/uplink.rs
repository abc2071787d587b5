//! What devices ask: Bootstrap-Request and Bootstrap-Pack-Request. [Core 1.2 §6.1.7]

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    EndpointName, Now, PeerId, Rejection,
    coap::{InboundId, Request},
    ops::bootstrap::Uplink,
};

use super::{
    BootstrapMachine,
    sessions::{Asked, Entry},
};
use crate::{BootstrapError, BootstrapEvent, Session};

/// When to try again what is refused for want of room.
const RETRY_AFTER: Duration = Duration::from_secs(60);

impl BootstrapMachine {
    pub(super) fn on_request(&mut self, now: Now, id: InboundId, peer: PeerId, request: &Request) {
        let asked = Uplink::from_coap(request).map_err(|rejection| (None, rejection));
        let refused = asked.and_then(|uplink| self.begin(now, id, peer, uplink)).err();
        if let Some((endpoint, rejection)) = refused {
            self.refuse(now, id, endpoint, rejection);
        }
    }

    pub(super) fn refuse(
        &mut self,
        now: Now,
        id: InboundId,
        endpoint: Option<EndpointName>,
        rejection: Rejection,
    ) {
        self.counters.refused += 1;
        self.endpoint.respond(now, id, (&rejection).into());
        self.emit(BootstrapEvent::Refused { endpoint, rejection });
    }

    fn begin(
        &mut self,
        now: Now,
        inbound: InboundId,
        peer: PeerId,
        uplink: Uplink,
    ) -> Result<(), (Option<EndpointName>, Rejection)> {
        let remote = self.remote(peer).ok_or((None, busy()))?;
        let endpoint = remote.endpoints.name(uplink.endpoint()).map_err(|why| (None, why))?;
        let secure = remote.identity.is_secure();
        let mut view = Session::new(endpoint.clone(), remote.identity.clone(), remote.address.clone());
        let asked = match uplink {
            Uplink::Request { preferred, .. } => {
                view.preferred = preferred;
                Asked { inbound, pack: None }
            }
            Uplink::Pack { accounts, accept, .. } => {
                (view.preferred, view.pack) = (accept, true);
                Asked { inbound, pack: Some((accounts, accept)) }
            }
            _ => return Err((Some(endpoint), Rejection::not_found())),
        };
        if let Some(before) = self.sessions.by_name(&endpoint) {
            if self.sessions.get(before).is_some_and(|entry| entry.secure && !secure) {
                let why = "ep belongs to a device that proved who it is";
                return Err((Some(endpoint), Rejection::bad_request(why)));
            }
            self.counters.superseded += 1;
            self.fail(now, before, BootstrapError::Superseded);
        }
        let entry = Entry::new(now, peer, view, asked, &self.config.limits);
        let id = self.sessions.begin(entry).ok_or_else(|| (Some(endpoint), busy()))?;
        // Its messages are not the first to go when there is too much.
        self.endpoint.set_registered(peer, true);
        self.counters.started += 1;
        self.ask(now, id);
        Ok(())
    }

    /// Ends a session as failed; a request that waits for its answer gets one.
    pub(super) fn fail(&mut self, now: Now, id: super::SlotId, error: BootstrapError) {
        let Some(entry) = self.sessions.end(id) else { return };
        let step = entry.running.as_ref().map(super::sessions::Running::target);
        if let Some(super::sessions::Running::Sent(exchange, ..)) = entry.running {
            self.endpoint.cancel(now, exchange);
        }
        if let Some(asked) = entry.asked {
            let rejection = match &error {
                // [Core 1.2 §6.1.7.7]: a pack has a code of its own for this.
                BootstrapError::NoPlan if asked.pack.is_some() => Rejection::not_found(),
                BootstrapError::NoPlan => Rejection::bad_request("nothing is known of this device"),
                BootstrapError::Plan(_) | BootstrapError::Encode(_) => {
                    Rejection::internal("what is to become of this device cannot be carried out")
                }
                _ => busy(),
            };
            self.endpoint.respond(now, asked.inbound, (&rejection).into());
        }
        self.end(entry.peer);
        self.counters.failed += 1;
        let error = Arc::new(error);
        tracing::debug!(target: "lwm2m::bootstrap", endpoint = %entry.endpoint, %error, "failed");
        self.emit(BootstrapEvent::Failed { endpoint: entry.endpoint, step, error });
    }

    /// The peer has no session any more.
    pub(super) fn end(&mut self, peer: PeerId) {
        self.endpoint.set_registered(peer, false);
    }
}

/// There is no room now.
pub(super) fn busy() -> Rejection {
    Rejection::unavailable("the bootstrap server has no room now", RETRY_AFTER)
}
