//! What the inner transport brings: whose it is, and who may wait.

use std::{collections::VecDeque, task::Context};

use bytes::Bytes;

use super::{Dtls, below, links::State};
use crate::{
    LinkId, Now,
    dtls::Endpoint,
    transport::{ShardId, TransportError, TransportEvent},
};

/// Datagrams of handshakes that wait. Attack: a flood of them, to keep sessions from being served. More are dropped, and
/// repeated by their senders.
const WAITING: usize = 512;
/// Octets of one of them. Those of the handshakes of honest peers fit a datagram of the network.
const LONGEST: usize = 4096;
/// Datagrams of sessions for one of a handshake, while there are both.
const SHARE: u32 = 32;

/// What the first octet of a datagram of DTLS may be. Anything else, such as a CoAP message, is not protected.
/// [RFC 7983 §7]
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=25;

/// The content type of records with a connection ID. [RFC 9146 §4]
const CID: u8 = 25;

/// Where datagrams of handshakes wait that may cost public-key operations.
#[derive(Debug, Default)]
pub(super) struct Hall {
    waiting: VecDeque<(LinkId, Bytes)>,
    /// Datagrams of others since the last one was let in.
    others: u32,
}

impl Hall {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Have the others had their share?
    pub(super) fn is_due(&self) -> bool {
        self.others >= SHARE && !self.is_empty()
    }

    /// Does a datagram of that link wait? Looked for only where a link may go.
    pub(super) fn awaits(&self, link: LinkId) -> bool {
        self.waiting.iter().any(|(waiting, _)| *waiting == link)
    }

    /// `false`: there is no room.
    fn wait(&mut self, link: LinkId, datagram: &Bytes) -> bool {
        let room = self.waiting.len() < WAITING && datagram.len() <= LONGEST;
        if room {
            // A copy: a slice would keep a whole receive buffer.
            self.waiting.push_back((link, Bytes::copy_from_slice(datagram)));
        }
        room
    }
}

impl Dtls {
    pub(super) fn on_inner(&mut self, now: Now, cx: &mut Context<'_>, event: TransportEvent) {
        match event {
            TransportEvent::Frame { link, frame } => self.on_datagram(now, link, frame),
            TransportEvent::Up { link, info, remote } => {
                self.below.add(link, remote.address, info);
                if let Some(upper) = self.below.forget_awaited(link) {
                    self.begin(now, upper, link);
                }
            }
            TransportEvent::Changed { link, info } => {
                if let Some(lower) = self.below.get_mut(link) {
                    lower.info = info;
                }
                if let Some((link, info)) =
                    self.upper_at(link).and_then(|link| Some((link, self.info(link)?)))
                {
                    self.events.push_back(TransportEvent::Changed { link, info });
                }
            }
            TransportEvent::Moved { link, address } => {
                if let Some(lower) = self.below.get_mut(link) {
                    lower.address = address.clone();
                }
                if let Some(link) = self.upper_at(link) {
                    self.events.push_back(TransportEvent::Moved { link, address });
                }
            }
            TransportEvent::Writable { link } => {
                for link in self.outbox.flush(&mut *self.inner, now, cx, link) {
                    self.events.push_back(TransportEvent::Writable { link: Some(link) });
                }
            }
            TransportEvent::Failed { link, error } => {
                if let Some(link) = self.upper_at(link) {
                    self.events.push_back(TransportEvent::Failed { link, error });
                }
            }
            // Sessions below this one are nobody's business.
            TransportEvent::Restored { .. } => {}
            TransportEvent::Down { link, error } => self.on_inner_down(link, error),
            event @ (TransportEvent::Stray { .. } | TransportEvent::Closed { .. }) => {
                self.events.push_back(event);
            }
        }
    }

    /// A link of ours whose session is there.
    fn upper_at(&self, below: LinkId) -> Option<LinkId> {
        self.below.get(below)?.upper
    }

    /// The inner link is up: the handshake begins.
    pub(super) fn begin(&mut self, now: Now, upper: LinkId, below: LinkId) {
        if self.go_on(now, upper, below) {
            return;
        }
        let Some(link) = self.links.get_mut(upper) else { return self.release(below) };
        let State::Opening { connect, .. } = &mut link.state else { return };
        match self.engine.connect(now, below::route(below), (**connect).clone()) {
            Ok(session) => {
                link.state = State::Handshake(session);
                self.links.bind(upper, session);
                if let Some(lower) = self.below.get_mut(below) {
                    lower.upper = Some(upper);
                }
            }
            Err(error) => {
                self.links.remove(upper);
                self.release(below);
                let error = TransportError::Security { why: error.to_string(), alert: None };
                self.events.push_back(TransportEvent::Down { link: upper, error });
            }
        }
    }

    fn on_inner_down(&mut self, below: LinkId, error: TransportError) {
        let upper = self.below.forget_awaited(below).or_else(|| self.upper_at(below));
        self.below.remove(below);
        self.unstall(below);
        let Some(link) = upper else { return };
        let Some(gone) = self.links.remove(link) else { return };
        if let State::Handshake(session) | State::Restoring(session) | State::Open(session) = gone.state {
            self.engine.close(session);
        }
        if gone.dialled.is_some() {
            self.engine.abandon(below::route(below));
        }
        self.events.push_back(TransportEvent::Down { link, error });
    }

    fn on_datagram(&mut self, now: Now, link: LinkId, datagram: Bytes) {
        self.hall.others = self.hall.others.saturating_add(1);
        if !datagram.first().is_some_and(|first| CONTENT_TYPES.contains(first)) {
            self.counters.unprotected.add(1);
            return self.release(link);
        }
        if let Some(shard) = Endpoint::shard_of(&datagram)
            && shard != self.shard()
            && shard < self.shards
        {
            if let Some(stray) = self.inner.hand_over(link, datagram) {
                self.events.push_back(TransportEvent::Stray { shard: ShardId(shard), stray });
            }
            return self.release(link);
        }
        // What has a connection ID is of a session, or may wait with the engine.
        let waits = self.config.accept
            && datagram.first() != Some(&CID)
            && (self.engine.is_shaking_hands(below::route(link)) || self.begins(now, link, &datagram));
        if !waits {
            return self.handle(now, link, &datagram);
        }
        if !self.hall.wait(link, &datagram) {
            self.counters.handshakes_dropped.add(1);
            self.release(link);
        }
    }

    /// Does it begin a handshake? One whose cookie is not valid does not, costs little, and may not take anybody's place.
    fn begins(&mut self, now: Now, link: LinkId, datagram: &[u8]) -> bool {
        let Some(lower) = self.below.get(link) else { return false };
        self.engine.shows_cookie(now, &lower.address, datagram)
    }

    /// Lets the datagram of a handshake in that has waited longest.
    pub(super) fn admit(&mut self, now: Now) {
        self.hall.others = 0;
        if let Some((link, datagram)) = self.hall.waiting.pop_front() {
            self.handle(now, link, &datagram);
        }
    }

    fn handle(&mut self, now: Now, link: LinkId, datagram: &[u8]) {
        let Some(lower) = self.below.get(link) else { return };
        let route = below::route(link);
        let is_of_nobody = lower.upper.is_none();
        self.engine.handle_datagram(now, route, &lower.address, datagram);
        if is_of_nobody && !self.engine.knows(route) {
            // What is to be sent there comes first.
            self.vacant.push(link);
        }
    }
}
