//! Handshakes on their way: flights, questions, timers, and the end.

use std::sync::Arc;

use bytes::BytesMut;
use smallvec::SmallVec;

use super::{Endpoint, Reason};
use crate::{
    CallId, Endpoints, Hint, Now, Output, Route,
    dtls::{
        Closed, Event, Peer, Refusal, SessionId,
        handshake::{Fragment, Outcome, Step},
        message::{Alert, AlertDescription, HandshakeHeader},
        prf::Side,
        record::{ContentType, Header, ProtocolVersion, RecordNumber, put_plain},
        session::{Open, Stage},
    },
    table::Key,
};

/// Datagrams of a flight.
type Frames = SmallVec<[BytesMut; 4]>;

impl Endpoint {
    /// A handshake message of the peer, or a part of one.
    pub(super) fn fragment(
        &mut self,
        now: Now,
        key: Key,
        header: &HandshakeHeader,
        epoch: u16,
        bytes: &[u8],
    ) {
        let Some((handshake, mut env)) = self.handshake(now, key) else { return };
        match handshake.fragment(&mut env, header, epoch, bytes) {
            Ok(Fragment::Step(step)) => {
                self.sessions.touch(now.mono, key);
                self.drive(now, key, Ok(step));
            }
            Ok(Fragment::Old) => self.repeat(now, key),
            Ok(Fragment::Dropped) => self.counters.no_room += 1,
            Err(refusal) => self.drive(now, key, Err(refusal)),
        }
    }

    /// The peer repeats its flight: ours, or the answer of the store, was lost.
    pub(super) fn repeat(&mut self, now: Now, key: Key) {
        let Some((handshake, env)) = self.handshake(now, key) else { return };
        if let Some(hint) = handshake.unanswered().cloned() {
            return self.ask(key, hint);
        }
        if handshake.may_repeat(&env) {
            self.counters.retransmissions += 1;
            self.transmit_flight(now, key);
        }
    }

    /// Does what a handshake wants until it waits.
    pub(super) fn drive(&mut self, now: Now, key: Key, mut step: Result<Step, Refusal>) {
        loop {
            match step {
                Ok(Step::Wait) => return self.take_parked(now, key),
                Ok(Step::Send) => self.send_flight(now, key),
                Ok(Step::Ask(hint)) => return self.ask(key, hint),
                Ok(Step::Done(outcome)) => return self.establish(now, key, *outcome),
                Err(refusal) => return self.refuse(key, refusal),
            }
            let Some((handshake, mut env)) = self.handshake(now, key) else { return };
            step = handshake.proceed(&mut env);
        }
    }

    pub(super) fn ask(&mut self, key: Key, hint: Hint) {
        self.calls = self.calls.wrapping_add(1);
        let id = CallId(u64::from(self.calls) << 32 | u64::from(key.index));
        if let Some(handshake) = self.sessions.handshake_mut(key) {
            handshake.call = Some(id);
            self.out.push_back(Output::Call { id, what: hint });
        }
    }

    /// Keys may be there by now for what came before them.
    pub(super) fn take_parked(&mut self, now: Now, key: Key) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let route = session.route;
        let parked = match &mut session.stage {
            Stage::Handshake(handshake) if handshake.is_ready() => handshake.unpark(),
            _ => return,
        };
        for (header, fragment) in parked {
            self.handle_parked(now, key, route, &header, fragment);
        }
    }

    /// A new handshake may not last for ever.
    pub(super) fn begin_timers(&mut self, now: Now, key: Key) {
        let Self { sessions, timers, config, .. } = self;
        if let Some(handshake) = sessions.handshake_mut(key) {
            let lifetime = match handshake.side() {
                Side::Client => config.handshake_timeout,
                Side::Server => config.limits.handshake_lifetime,
            };
            handshake.end_timer = timers.set(now.mono.after(lifetime), Reason::End(key));
        }
    }

    /// Sends the flight, and waits for the peer's.
    pub(super) fn send_flight(&mut self, now: Now, key: Key) {
        self.transmit_flight(now, key);
        self.await_flight(now, key);
    }

    fn await_flight(&mut self, now: Now, key: Key) {
        let Self { sessions, timers, config, .. } = self;
        if let Some(handshake) = sessions.handshake_mut(key) {
            timers.cancel(&mut handshake.flight_timer);
            let wait = config.retransmission.wait(handshake.attempt);
            handshake.flight_timer = timers.set(now.mono.after(wait), Reason::Flight(key));
        }
    }

    fn transmit_flight(&mut self, now: Now, key: Key) {
        let Some(route) = self.sessions.get(key).map(|session| session.route) else { return };
        let mut arena = std::mem::take(&mut self.arena);
        let mut frames = Frames::new();
        if let Some((handshake, mut env)) = self.handshake(now, key) {
            // Numbers of a handshake do not run out: it is bounded in time.
            let _ = handshake.send(&mut env, &mut arena, |frame| frames.push(frame));
        }
        self.arena = arena;
        self.transmit(route, frames);
    }

    /// The peer has not received our last flight.
    pub(super) fn repeat_last(&mut self, now: Now, key: Key, header: &HandshakeHeader) {
        let Some(route) = self.sessions.get(key).map(|session| session.route) else { return };
        let Self { config, rng, cache, sessions, arena, .. } = self;
        let mut env = super::Env { now, config, rng, cache };
        let mut frames = Frames::new();
        let Some(open) = sessions.open_mut(key) else { return };
        match &mut open.last {
            Some(last) if last.is_asked_for(&env, header) => {
                let _ = last.send(&mut env, &mut open.channel, arena, |frame| frames.push(frame));
            }
            _ => return,
        }
        self.counters.retransmissions += 1;
        self.transmit(route, frames);
    }

    fn transmit(&mut self, route: Route, frames: Frames) {
        let frames = frames.into_iter().map(|frame| Output::Transmit { route, frame: frame.freeze() });
        self.out.extend(frames);
    }

    /// The peer's flight did not come.
    pub(super) fn flight_unanswered(&mut self, now: Now, key: Key) {
        let times = self.config.retransmission.times;
        let Some((handshake, _)) = self.handshake(now, key) else { return };
        if handshake.is_asking() {
            // It is our turn.
            return self.await_flight(now, key);
        }
        if handshake.attempt >= times {
            return self.give_up(key);
        }
        handshake.attempt = handshake.attempt.saturating_add(1);
        handshake.unanswered_flight();
        self.counters.retransmissions += 1;
        self.send_flight(now, key);
    }

    /// It takes too long.
    pub(super) fn give_up(&mut self, key: Key) {
        if self.sessions.handshake_mut(key).is_some() {
            self.counters.timed_out += 1;
            self.end(key, Closed::TimedOut);
        }
    }

    /// What the peer sent cannot be: it is told why, and the handshake is over. A session beside it is untouched.
    pub(super) fn refuse(&mut self, key: Key, refusal: Refusal) {
        self.counters.refused += 1;
        self.send_alert(key, Alert::fatal(refusal.alert));
        self.end(key, Closed::Refused(refusal));
    }

    fn establish(&mut self, now: Now, key: Key, outcome: Outcome) {
        let Outcome { peer, suite, resumed, resumption, last } = outcome;
        if last {
            self.transmit_flight(now, key);
        }
        let Some(route) = self.sessions.get(key).map(|session| session.route) else { return };
        let Self { sessions, timers, .. } = self;
        let Some(handshake) = sessions.handshake_mut(key) else { return };
        timers.cancel(&mut handshake.flight_timer);
        timers.cancel(&mut handshake.end_timer);
        let (side, parked) = (handshake.side(), handshake.unpark());
        let hello = handshake.client_random().first_chunk().copied().unwrap_or_default();
        let Some((channel, last)) = handshake.finish(now.mono, last) else { return };
        let resumption = match (side, resumption) {
            (Side::Client, resumption) => resumption,
            (Side::Server, resumption) => {
                if let Some(resumption) = resumption {
                    self.cache.insert(now.mono, &self.config.limits, resumption);
                }
                None
            }
        };
        let replaces = self.replaced(route, &peer);
        self.make_room_of(&peer);
        let used = now.mono;
        let open =
            Open { channel, peer: peer.clone(), suite, used, hello, last, resumption, side, kept: None };
        self.sessions.establish(key, Box::new(open));
        self.counters.established += 1;
        self.counters.resumed += u64::from(resumed);
        let session = SessionId(key);
        let established = Event::Established { session, route, peer, suite, resumed, replaces };
        self.out.push_back(Output::Event(established));
        self.watch_idle(now.mono);
        self.make_room();
        for (header, fragment) in parked {
            self.handle_parked(now, key, route, &header, fragment);
        }
    }

    /// The session that the new one takes the place of. One with a connection ID and another peer goes on: an address
    /// translator has given its address away.
    fn replaced(&mut self, route: Route, peer: &Arc<Peer>) -> Option<SessionId> {
        let before = self.sessions.open_at(route)?;
        let open = self.sessions.open(before)?;
        if open.channel.own_cid().is_empty() || open.peer.identity == peer.identity {
            self.remove(before);
            return Some(SessionId(before));
        }
        None
    }

    /// A peer that has too many sessions loses its own: it cannot make those of others go.
    fn make_room_of(&mut self, peer: &Peer) {
        let names = match &peer.endpoints {
            Endpoints::Only(names) => names.len().max(1),
            Endpoints::Any => return,
        };
        let most = self.config.limits.sessions_per_peer.max(1).saturating_mul(names);
        while let (count, Some(coldest)) = self.sessions.of_peer(peer)
            && count >= most
        {
            self.displace_session(coldest);
        }
    }

    fn displace_session(&mut self, key: Key) {
        self.counters.sessions_displaced += 1;
        self.send_alert(key, Alert::warning(AlertDescription::CLOSE_NOTIFY));
        self.end(key, Closed::Idle);
    }

    /// Sessions of authenticated peers make room for one another, those of others never.
    pub(super) fn make_room(&mut self) {
        while self.sessions.opened() > self.config.limits.sessions.max(1)
            && let Some(coldest) = self.sessions.coldest()
        {
            self.displace_session(coldest);
        }
    }

    /// Protected if the peer can read that, else in the clear.
    pub(super) fn send_alert(&mut self, key: Key, alert: Alert) {
        let Self { sessions, arena, rng, .. } = self;
        let Some(session) = sessions.get_mut(key) else { return };
        let route = session.route;
        let content = alert.to_octets();
        let channel = match &mut session.stage {
            Stage::Open(open) => Some(&mut *open.channel),
            Stage::Handshake(handshake) => {
                if handshake.has_switched() {
                    handshake.keys()
                } else {
                    put_alert(arena, handshake.plain().take(), content);
                    None
                }
            }
        };
        if let Some(channel) = channel {
            // Nobody is told that nothing can be said any more.
            let _ = channel.seal(arena, rng, ContentType::Alert, &[&content]);
        }
        if !self.arena.is_empty() {
            let frame = self.arena.split().freeze();
            self.out.push_back(Output::Transmit { route, frame });
        }
    }

    /// Tells the owner, if it knows the session, and forgets it.
    pub(super) fn end(&mut self, key: Key, why: Closed) {
        let Some(session) = self.sessions.get(key) else { return };
        let (known, route) = (session.known, session.route);
        self.remove(key);
        if known {
            self.out.push_back(Output::Event(Event::Closed { session: SessionId(key), route, why }));
        }
    }

    pub(super) fn remove(&mut self, key: Key) {
        let Some(mut session) = self.sessions.remove(key) else { return };
        self.vacated.push(session.route);
        if let Stage::Handshake(handshake) = &mut session.stage {
            self.timers.cancel(&mut handshake.flight_timer);
            self.timers.cancel(&mut handshake.end_timer);
        }
    }
}

/// Appends an alert in the clear.
pub(super) fn put_alert(arena: &mut BytesMut, number: Option<RecordNumber>, content: [u8; 2]) {
    if let Some(number) = number {
        let header = Header { content_type: ContentType::Alert, version: ProtocolVersion::DTLS_1_2, number };
        put_plain(arena, header, &[&content]);
    }
}
