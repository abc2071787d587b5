//! Datagrams: whose they are, and what is in them.

use std::ops::Range;

use bytes::BytesMut;
use smallvec::SmallVec;

use super::Endpoint;
use crate::{
    Address, Bytes, Now, Output, Route,
    dtls::{
        Closed, Event, SessionId,
        channel::{PROTECTED, Unopened},
        message::{Alert, AlertDescription, CHANGE_CIPHER_SPEC, Fragments, HandshakeType},
        record::{ContentType, Header, Record, Records},
        session::Stage,
    },
    table::Key,
};

impl Endpoint {
    /// A datagram arrived by a route; `from` is the address that cookies are bound to.
    ///
    /// Cannot fail: what is not authentic is dropped and counted, what is refused is answered with an alert.
    pub fn handle_datagram(&mut self, now: Now, route: Route, from: &Address, datagram: &[u8]) {
        self.counters.datagrams_in += 1;
        self.hello_seen = false;
        self.arena.extend_from_slice(datagram);
        let mut buffer = self.arena.split();
        let mut received: SmallVec<[(usize, Range<usize>); 4]> = SmallVec::new();
        for record in Records::new(&mut buffer, self.issued_length()) {
            let Ok(record) = record else {
                self.counters.malformed_records += 1;
                continue;
            };
            let offset = record.offset;
            if let Some((key, content)) = self.handle_record(now, route, from, record) {
                let session = SessionId(key);
                received.push((self.out.len(), content.start + offset..content.end + offset));
                self.out.push_back(Output::Event(Event::Received { session, data: Bytes::new() }));
            }
        }
        if received.is_empty() {
            return;
        }
        let datagram = buffer.freeze();
        for (at, content) in received {
            if let Some(Output::Event(Event::Received { data, .. })) = self.out.get_mut(at)
                && content.end <= datagram.len()
            {
                *data = datagram.slice(content);
            }
        }
    }

    /// Gives the application data in the record.
    fn handle_record(
        &mut self,
        now: Now,
        route: Route,
        from: &Address,
        record: Record<'_>,
    ) -> Option<(Key, Range<usize>)> {
        let Record { header, cid, fragment, .. } = record;
        match (header.content_type, header.number.epoch()) {
            (ContentType::Cid, PROTECTED) => match self.sessions.by_cid(cid) {
                Some(key) => self.handle_protected(now, key, route, &header, fragment),
                None => self.unknown(),
            },
            (ContentType::Cid, _) => self.unknown(),
            (_, PROTECTED) => self.handle_classic(now, route, &header, fragment),
            (_, 0) => {
                self.handle_plain(now, route, from, &header, fragment);
                None
            }
            _ => self.unknown(),
        }
    }

    fn unknown<T>(&mut self) -> Option<T> {
        self.counters.unknown += 1;
        None
    }

    /// In the clear: handshakes alone. Nothing here can touch a session.
    fn handle_plain(&mut self, now: Now, route: Route, from: &Address, header: &Header, content: &[u8]) {
        let half = self.sessions.half_at(route);
        match (header.content_type, half) {
            (ContentType::Handshake, _) => self.handle_messages(now, route, from, header, content),
            (ContentType::ChangeCipherSpec, Some(key)) if content == CHANGE_CIPHER_SPEC => {
                if let Some(handshake) = self.sessions.handshake_mut(key) {
                    handshake.change_cipher_spec();
                    self.take_parked(now, key);
                }
            }
            (ContentType::Alert, Some(key)) => match Alert::parse(content) {
                Ok(Alert { fatal, description })
                    if fatal || description == AlertDescription::CLOSE_NOTIFY =>
                {
                    self.end(key, Closed::Alert(description));
                }
                _ => self.counters.alerts_ignored += 1,
            },
            (ContentType::Alert, None) => self.counters.alerts_ignored += 1,
            _ => self.counters.unknown += 1,
        }
    }

    fn handle_messages(&mut self, now: Now, route: Route, from: &Address, record: &Header, content: &[u8]) {
        for fragment in Fragments::new(content) {
            let Ok((header, bytes)) = fragment else {
                self.counters.malformed_records += 1;
                return;
            };
            match (header.kind, self.sessions.half_at(route)) {
                // One a datagram: else one datagram would cause many.
                (HandshakeType::CLIENT_HELLO, _) if self.hello_seen => self.counters.hellos_dropped += 1,
                (HandshakeType::CLIENT_HELLO, _) => {
                    self.hello_seen = true;
                    self.handle_hello(now, route, from, record.number, &header, bytes);
                }
                (HandshakeType::HELLO_REQUEST, _) | (_, None) => self.counters.unknown += 1,
                (_, Some(key)) => self.fragment(now, key, &header, 0, bytes),
            }
        }
    }

    /// Protected, without connection ID: the session with that route, else the handshake.
    fn handle_classic(
        &mut self,
        now: Now,
        route: Route,
        header: &Header,
        fragment: &mut [u8],
    ) -> Option<(Key, Range<usize>)> {
        match (self.sessions.open_at(route), self.sessions.half_at(route)) {
            (Some(key), None) | (None, Some(key)) => self.handle_protected(now, key, route, header, fragment),
            (Some(open), Some(half)) => {
                // Both have the same epoch: only the keys tell. What fails to open is destroyed.
                let mut copy = SmallVec::<[u8; 128]>::from_slice(fragment);
                let channel = &mut self.sessions.open_mut(open)?.channel;
                match channel.probe(header, &mut copy) {
                    true => self.handle_protected(now, open, route, header, fragment),
                    false => self.handle_protected(now, half, route, header, fragment),
                }
            }
            (None, None) => self.unknown(),
        }
    }

    fn handle_protected(
        &mut self,
        now: Now,
        key: Key,
        route: Route,
        header: &Header,
        fragment: &mut [u8],
    ) -> Option<(Key, Range<usize>)> {
        match &self.sessions.get(key)?.stage {
            Stage::Open(_) => self.handle_open(now, key, route, header, fragment),
            Stage::Handshake(_) => {
                self.handle_early(now, key, header, fragment);
                None
            }
        }
    }

    /// A record of a session.
    fn handle_open(
        &mut self,
        now: Now,
        key: Key,
        route: Route,
        header: &Header,
        fragment: &mut [u8],
    ) -> Option<(Key, Range<usize>)> {
        let open = self.sessions.open_mut(key)?;
        let opened = match open.channel.open(header, fragment) {
            Ok(opened) => opened,
            Err(unopened) => {
                let exhausted = open.channel.forged() >= self.config.limits.forgeries;
                self.count(unopened);
                if exhausted {
                    self.end(key, Closed::Exhausted);
                }
                return None;
            }
        };
        self.sessions.touch(now.mono, key);
        let before = self.sessions.get(key)?.route;
        if before != route && opened.newest {
            self.counters.moved += 1;
            self.sessions.relocate(key, route);
            self.vacated.push(before);
            self.out.push_back(Output::Event(Event::Moved { session: SessionId(key), route, before }));
        }
        let content = fragment.get(opened.content.clone()).unwrap_or_default();
        match opened.content_type {
            ContentType::ApplicationData if !content.is_empty() => return Some((key, opened.content)),
            ContentType::Alert => self.handle_alert(key, content),
            ContentType::Handshake => self.handle_late(now, key, content),
            _ => (),
        }
        None
    }

    fn count(&mut self, unopened: Unopened) {
        match unopened {
            Unopened::Misfit => self.counters.unknown += 1,
            Unopened::Replayed => self.counters.replayed += 1,
            Unopened::Forged => self.counters.forged += 1,
        }
    }

    /// An authentic alert.
    fn handle_alert(&mut self, key: Key, content: &[u8]) {
        match Alert::parse(content) {
            Ok(Alert { description: AlertDescription::CLOSE_NOTIFY, .. }) => {
                self.send_alert(key, Alert::warning(AlertDescription::CLOSE_NOTIFY));
                self.end(key, Closed::ByPeer);
            }
            Ok(Alert { fatal: true, description }) => self.end(key, Closed::Alert(description)),
            _ => self.counters.alerts_ignored += 1,
        }
    }

    /// Handshake messages in a session: our last flight is asked for again, or a renegotiation, which is refused.
    fn handle_late(&mut self, now: Now, key: Key, content: &[u8]) {
        for (header, _) in Fragments::new(content).flatten() {
            match header.kind {
                HandshakeType::CLIENT_HELLO | HandshakeType::HELLO_REQUEST => {
                    self.counters.renegotiations += 1;
                    self.send_alert(key, Alert::warning(AlertDescription::NO_RENEGOTIATION));
                    return;
                }
                _ => self.repeat_last(now, key, &header),
            }
        }
    }

    /// A protected record during a handshake: Finished, or something that must wait for it.
    fn handle_early(&mut self, now: Now, key: Key, header: &Header, fragment: &mut [u8]) {
        let Some((handshake, mut env)) = self.handshake(now, key) else { return };
        // With a connection ID, what a record holds is encrypted, too.
        let holds = match (header.content_type, handshake.channel()) {
            (ContentType::Cid, Some(channel)) => {
                channel.peek(header, &mut SmallVec::<[u8; 128]>::from_slice(fragment))
            }
            (plain, _) => Some(plain),
        };
        let channel = match handshake.channel() {
            Some(channel) if holds != Some(ContentType::ApplicationData) => channel,
            _ => {
                if !handshake.park(&env, header, fragment) {
                    self.counters.no_room += 1;
                }
                return;
            }
        };
        let opened = match channel.open(header, fragment) {
            Ok(opened) => opened,
            Err(unopened) => {
                let failed = if unopened == Unopened::Forged { handshake.fail(&mut env) } else { Ok(()) };
                self.count(unopened);
                if let Err(refusal) = failed {
                    self.refuse(key, refusal);
                }
                return;
            }
        };
        let content = fragment.get(opened.content).unwrap_or_default();
        match opened.content_type {
            ContentType::Handshake => {
                for (header, bytes) in Fragments::new(content).flatten() {
                    self.fragment(now, key, &header, PROTECTED, bytes);
                }
            }
            ContentType::Alert => match Alert::parse(content) {
                Ok(Alert { description, .. }) => self.end(key, Closed::Alert(description)),
                Err(_) => self.counters.alerts_ignored += 1,
            },
            _ => self.counters.no_room += 1,
        }
    }

    /// A record that waited for its keys.
    pub(super) fn handle_parked(
        &mut self,
        now: Now,
        key: Key,
        route: Route,
        header: &Header,
        mut fragment: BytesMut,
    ) {
        if let Some((key, content)) = self.handle_protected(now, key, route, header, &mut fragment) {
            let fragment = fragment.freeze();
            if content.end <= fragment.len() {
                let data = fragment.slice(content);
                self.out.push_back(Output::Event(Event::Received { session: SessionId(key), data }));
            }
        }
    }
}
