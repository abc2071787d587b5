//! The end of a peer: what it had and what waited for it.

use super::{Endpoint, peers, reliability::Purpose};
use crate::{
    Now,
    coap::{Event, ExchangeError, ExchangeId},
};

/// The end of a peer.
impl Endpoint {
    pub(super) fn displace(&mut self, now: Now, peer: u32) {
        let (id, route) = (self.peers.id(peer), self.peers.route(peer));
        self.counters.displaced += 1;
        self.forget_peer(now, peer);
        if let Some(route) = route {
            self.event(Event::Displaced { peer: id, route });
        }
    }

    pub(super) fn forget_peer(&mut self, now: Now, peer: u32) {
        self.end_exchanges(now, peer);
        self.end_inbound(peer);
        let list = |entry: &peers::Peer| entry.sending;
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.sending.first(list(entry))) {
            let Some(sending) = self.stop_sending(key) else { break };
            if let Purpose::Response(id) | Purpose::Notification(_, id) = sending.purpose {
                self.event(Event::Undelivered { id, error: ExchangeError::LinkGone { sent: true } });
            }
        }
        while let Some(entry) = self.peers.get_mut(peer) {
            if !self.dedup.forget_first(&mut entry.remembered) {
                break;
            }
        }
        while let Some(key) = self.peers.get(peer).and_then(|entry| self.transfers.first(entry.transfers)) {
            if self.remove_transfer(key).is_none() {
                break;
            }
        }
        self.hold_offs.forget_peer(peer);
        self.peers.remove(peer);
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
