//! The end of a peer: what it had and what waited for it.

use super::{Endpoint, peers, reliability::Purpose};
use crate::{
    Link, Now, PeerId, Route,
    coap::{Event, ExchangeError, ExchangeId},
};

/// What becomes of a peer whose link is gone.
impl Endpoint {
    /// As [`Endpoint::handle_down`], but what was heard of the peer is remembered as long as it has to be: it will be
    /// reached over another link, and may repeat there what it sent here. [RFC 7252 §4.5]
    pub fn handle_lost(&mut self, now: Now, route: Route) -> Option<PeerId> {
        let peer = self.peers.at(route)?;
        self.end_all(now, peer);
        self.peers.lose(peer);
        Some(self.peers.id(peer))
    }

    /// A link to a peer that was lost came up.
    pub fn handle_back(&mut self, now: Now, peer: PeerId, route: Route, link: Link) -> PeerId {
        let lost = self.peers.find(peer).filter(|peer| self.peers.is_lost(*peer));
        let Some(lost) = lost.filter(|_| self.peers.at(route).is_none()) else {
            return self.handle_up(now, route, link);
        };
        if let Some(stale) = self.peers.in_slot_of(route) {
            self.forget_peer(now, stale);
        }
        self.peers.regain(lost, route, link);
        self.peers.id(lost)
    }

    /// A peer that was lost will not come back.
    pub fn forget(&mut self, now: Now, peer: PeerId) {
        if let Some(peer) = self.peers.find(peer).filter(|peer| self.peers.is_lost(*peer)) {
            self.forget_peer(now, peer);
        }
    }

    pub(super) fn displace(&mut self, now: Now, peer: u32) {
        let (id, route) = (self.peers.id(peer), self.peers.route(peer));
        self.counters.displaced += 1;
        self.forget_peer(now, peer);
        if let Some(route) = route {
            self.event(Event::Displaced { peer: id, route });
        }
    }

    pub(super) fn forget_peer(&mut self, now: Now, peer: u32) {
        self.end_all(now, peer);
        while let Some(entry) = self.peers.get_mut(peer) {
            if !self.dedup.forget_first(&mut entry.remembered) {
                break;
            }
        }
        self.peers.remove(peer);
    }

    /// Everything but what was heard.
    fn end_all(&mut self, now: Now, peer: u32) {
        self.end_exchanges(now, peer);
        self.end_inbound(peer);
        let list = |entry: &peers::Peer| entry.sending;
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.sending.first(list(entry))) {
            let Some(sending) = self.stop_sending(key) else { break };
            if let Purpose::Response(id) | Purpose::Notification(_, id) = sending.purpose {
                self.event(Event::Undelivered { id, error: ExchangeError::LinkGone { sent: true } });
            }
        }
        if let Some(entry) = self.peers.get_mut(peer) {
            entry.notifying = 0;
        }
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.transfers.first(entry.transfers)) {
            if self.remove_transfer(key).is_none() {
                break;
            }
        }
        self.hold_offs.forget_peer(peer);
    }

    pub(super) fn end_exchanges(&mut self, now: Now, peer: u32) {
        // Nothing that waits may take the turns that become free here.
        if let Some(entry) = self.peers.get_mut(peer) {
            (entry.waiting, entry.held) = (0, 0);
        }
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.exchanges.first(entry.exchanges)) {
            let Some(exchange) = self.exchanges.get(key) else { return };
            let sent = exchange.active.as_ref().is_none_or(|active| active.was_sent());
            let (id, told) = (ExchangeId(key.pack()), exchange.cancelled);
            if self.remove_exchange(now, key).is_none() {
                return;
            }
            if !told {
                self.event(Event::Failed { id, error: ExchangeError::LinkGone { sent } });
            }
        }
    }

    pub(super) fn end_inbound(&mut self, peer: u32) {
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.inbound.first(entry.inbound)) {
            self.end_stream(key);
            if self.end_relation(key, Some(false)).is_none() && self.remove_inbound(key).is_none() {
                return;
            }
        }
    }
}
