//! What the engine tells, as links.

use std::sync::Arc;

use super::{
    Dtls,
    links::{State, Upper},
};
use crate::{
    Identity, Link, LinkId, Route,
    dtls::{Closed, Event, Peer, SessionId},
    transport::{Remote, TransportError, TransportEvent},
};

impl Dtls {
    pub(super) fn on_event(&mut self, event: Event) {
        match event {
            Event::Established { session, route, peer, replaces, .. } => {
                self.on_established(session, route, &peer, replaces);
            }
            Event::Received { session, data } => {
                if let Some(link) = self.links.of(session) {
                    self.events.push_back(TransportEvent::Frame { link, frame: data });
                }
            }
            Event::Moved { session, route, before } => self.on_moved(session, route, before),
            Event::Closed { session, route, why } => self.on_closed(session, route, why),
            Event::Vacant { route } => self.release(route.link),
            Event::Reserve { session } => self.save_again(session),
        }
    }

    fn on_established(
        &mut self,
        session: SessionId,
        route: Route,
        peer: &Arc<Peer>,
        replaces: Option<SessionId>,
    ) {
        if !peer.dates_checked && matches!(peer.identity, Identity::Certificate { .. }) {
            self.counters.dates_unchecked.add(1);
            tracing::warn!(target: "lwm2m::security", peer = %peer.identity,
                "the dates of its certificate were not checked: the time of day is not known");
        }
        let before = replaces.and_then(|before| self.links.of(before));
        let link = match (self.links.of(session), before) {
            (Some(link), before) => {
                before.into_iter().for_each(|before| self.on_replaced(before));
                self.on_connected(link, session, peer)
            }
            (None, Some(link)) if self.links.get(link).is_some_and(|upper| upper.is(peer)) => {
                // The same peer at the same place: whoever speaks with it need not know.
                self.on_connected(link, session, peer);
                if let Some(info) = self.info(link) {
                    self.events.push_back(TransportEvent::Changed { link, info });
                }
                // The session before may have been out of numbers.
                self.events.push_back(TransportEvent::Writable { link: Some(link) });
                return;
            }
            (None, before) => {
                before.into_iter().for_each(|before| self.on_replaced(before));
                self.links.accept(session, Arc::clone(peer))
            }
        };
        if let Some(lower) = self.below.get_mut(route.link) {
            lower.upper = Some(link);
        }
        if self.announce(link) {
            self.events.push_back(TransportEvent::Writable { link: Some(link) });
        }
    }

    /// Another has taken the place of its session.
    fn on_replaced(&mut self, link: LinkId) {
        self.links.remove(link);
        self.events.push_back(TransportEvent::Down { link, error: failure(Closed::Replaced) });
    }

    /// Tells that a link is up, and who is there.
    pub(super) fn announce(&mut self, link: LinkId) -> bool {
        let Some((info, upper)) = self.info(link).zip(self.links.get(link)) else { return false };
        let (State::Open(session), Some(peer)) = (&upper.state, &upper.peer) else { return false };
        let lower = self.engine.route(*session).and_then(|route| self.below.get(route.link));
        let Some(address) = lower.map(|lower| lower.address.clone()) else { return false };
        let remote = Remote { address, identity: peer.identity.clone(), endpoints: peer.endpoints.clone() };
        self.events.push_back(TransportEvent::Up { link, info, remote });
        true
    }

    /// A connection of ours is made.
    fn on_connected(&mut self, link: LinkId, session: SessionId, peer: &Arc<Peer>) -> LinkId {
        self.set_session(link, session, peer);
        let dialled = self.links.get(link).and_then(|upper| upper.dialled.as_deref());
        if let Some((dialled, resumption)) = dialled.zip(self.engine.resumption(session)) {
            self.saved.put(dialled, resumption);
        }
        self.keep_session(link, session);
        link
    }

    fn set_session(&mut self, link: LinkId, session: SessionId, peer: &Arc<Peer>) {
        if let Some(upper) = self.links.get_mut(link) {
            (upper.state, upper.peer) = (State::Open(session), Some(Arc::clone(peer)));
            self.links.bind(link, session);
        }
    }

    fn on_moved(&mut self, session: SessionId, route: Route, before: Route) {
        let Some(link) = self.links.of(session) else { return };
        self.detach(link, Some(before));
        let Some(lower) = self.below.get_mut(route.link) else { return };
        lower.upper = Some(link);
        let address = lower.address.clone();
        self.events.push_back(TransportEvent::Moved { link, address });
        if let Some(info) = self.info(link) {
            self.events.push_back(TransportEvent::Changed { link, info });
        }
    }

    fn on_closed(&mut self, session: SessionId, route: Route, why: Closed) {
        let Some(link) = self.links.of(session) else { return };
        let upper = self.links.remove(link);
        self.detach(link, Some(route));
        if let Some(dialled) = upper.and_then(|upper| upper.dialled) {
            self.engine.abandon(route);
            if matches!(why, Closed::Alert(_) | Closed::Refused(_) | Closed::Withdrawn) {
                // Next time from the beginning.
                self.saved.forget(&dialled);
            }
            // What is of a session that has ended must not be gone on with. A handshake without an answer ends none.
            if !matches!(why, Closed::TimedOut) {
                self.forget_kept(&dialled.uri);
            }
        }
        self.events.push_back(TransportEvent::Down { link, error: failure(why) });
    }

    /// Its session is there no more.
    pub(super) fn detach(&mut self, link: LinkId, route: Option<Route>) {
        let lower = route.and_then(|route| self.below.get_mut(route.link));
        if let Some(lower) = lower.filter(|lower| lower.upper == Some(link)) {
            lower.upper = None;
        }
    }

    /// What the driver is told of a link: what the inner one takes, less what a record adds.
    pub(super) fn info(&self, link: LinkId) -> Option<Link> {
        let State::Open(session) = self.links.get(link)?.state else { return None };
        let info = self.below.get(self.engine.route(session)?.link)?.info;
        let overhead = self.engine.overhead(session)?;
        Some(Link { mtu: info.mtu.saturating_sub(overhead), ..info })
    }
}

impl Upper {
    fn is(&self, peer: &Peer) -> bool {
        let same = |before: &Peer| before.identity == peer.identity && before.endpoints == peer.endpoints;
        // Whoever has proved to be the server of a connection of ours is that server, even with a new certificate.
        self.dialled.is_some() || self.peer.as_deref().is_some_and(same)
    }
}

fn failure(why: Closed) -> TransportError {
    TransportError::Security { why: why.to_string(), alert: why.alert().map(|alert| alert.0) }
}
