//! Values that clients send of their own accord. [Core 1.2 §6.4.6]

use std::{collections::BTreeSet, sync::Arc};

use lwm2m_core::{
    Code, InstanceId, Now, ObjectId, Path, PeerId, Rejection, Tree, UnixTime, Version,
    coap::{InboundId, Request, Response},
    codec::Timed,
    ops::Uplink,
};

use super::{
    Event, ServerMachine,
    keep::Origin,
    uplink::{refusal, unknown},
};
use crate::{Data, DataSource, Sent, ServerEvent};

/// Where a Send goes.
const DATA: &str = "dp";

pub(super) fn is_send(request: &Request) -> bool {
    let mut path = request.options.uri_path();
    path.next() == Some(DATA) && path.next().is_none()
}

impl ServerMachine {
    pub(super) fn on_send(&mut self, now: Now, id: InboundId, peer: PeerId, request: &Request) {
        match self.take_send(peer, request) {
            Ok((slot, values)) => {
                self.counters.sends += 1;
                self.accept_send(now, slot, id, values);
                self.heard_by_data(now, slot);
            }
            Err(rejection) => {
                tracing::debug!(target: "lwm2m::server", %rejection, "a Send refused");
                self.respond(now, id, refusal(&rejection));
            }
        }
    }

    fn accept_send(&mut self, now: Now, slot: u32, id: InboundId, values: Vec<Timed>) {
        let name = self.registrations.get(slot).map(|entry| entry.name.clone());
        let (Some(endpoint), Some(registration)) = (name, self.registrations.id(slot)) else {
            return self.respond(now, id, refusal(&unknown()));
        };
        if self.config.sink {
            let received = now.wall.unwrap_or(UnixTime(0));
            let data = Data { endpoint, registration, source: DataSource::Send, received, values };
            return self.keep(now, Origin::Send(id), data);
        }
        self.respond(now, id, Response::new(Code::CHANGED));
        self.tell_sent(now, slot, || values.into());
    }

    /// The client has its answer: now the world hears of it.
    pub(super) fn tell_sent(&mut self, now: Now, slot: u32, values: impl FnOnce() -> Arc<[Timed]>) {
        if let Some(registration) = self.view_if_asked_for(now, slot) {
            let sent = Sent { registration, values: values() };
            self.emit(Event::Public(ServerEvent::Sent(sent)));
        }
    }

    /// Whose it is, and what it says. 4.04 to whoever is not registered, and for what is not.
    fn take_send(&self, peer: PeerId, request: &Request) -> Result<(u32, Vec<Timed>), Rejection> {
        let slot = self.peers.registration(peer).ok_or_else(unknown)?;
        let cx = self.context(slot).ok_or_else(unknown)?;
        if cx.version < Version::V1_1 {
            return Err(Rejection::not_found());
        }
        match Uplink::from_coap(request, &cx)? {
            Uplink::Send { values, .. } => {
                self.check_sent(slot, &values)?;
                Ok((slot, values))
            }
            _ => Err(Rejection::not_found()),
        }
    }

    /// Only what is registered is sent, and only what could be read.
    fn check_sent(&self, slot: u32, values: &[Timed]) -> Result<(), Rejection> {
        let known = self.registrations.get(slot).and_then(|entry| self.links.links(entry.links));
        let Some(links) = known else { return Err(unknown()) };
        // Each instance once: a Send may have many values, a client many instances.
        let mut missing: BTreeSet<(ObjectId, InstanceId)> = BTreeSet::new();
        for Timed { tree, path, .. } in values {
            let own = *tree == Tree::DEFAULT || *tree == links.tree;
            let (Some(object), Some(instance), true) = (path.object_id(), path.instance_id(), own) else {
                return Err(absent(*path));
            };
            missing.insert((object, instance));
        }
        // A client that is not asked strictly may have left out the list.
        if links.objects.is_empty() {
            return Ok(());
        }
        for link in &links.objects {
            if let (Some(object), Some(instance)) = (link.path.object_id(), link.path.instance_id()) {
                missing.remove(&(object, instance));
            }
        }
        match missing.first() {
            None => Ok(()),
            Some((object, instance)) => Err(absent(Path::new(&[object.0, instance.0]).unwrap_or(Path::ROOT))),
        }
    }
}

fn absent(path: Path) -> Rejection {
    Rejection::new(Code::NOT_FOUND, format!("{path} is not registered"))
}
