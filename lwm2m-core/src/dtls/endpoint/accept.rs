//! Hello messages of peers: answered without memory until their cookie is valid. [RFC 6347 §4.2.1]

use std::{hash::BuildHasher as _, net::IpAddr};

use foldhash::quality::FixedState;

use super::{Endpoint, drive::put_alert};
use crate::{
    Address, Now, Output, Route,
    dtls::{
        Closed, Refusal,
        channel::ConnectionId,
        handshake::Handshake,
        message::{
            Alert, ClientHello, Fragments, HandshakeHeader, HandshakeType, HelloVerifyRequest,
            encode_handshake,
        },
        prf::Side,
        record::{ContentType, HEADER, Header, ProtocolVersion, RecordNumber, put_plain},
    },
    table::Key,
};

impl Endpoint {
    /// A ClientHello in the clear. A session with the same route stays until a new one is proved.
    pub(super) fn handle_hello(
        &mut self,
        now: Now,
        route: Route,
        from: &Address,
        number: RecordNumber,
        header: &HandshakeHeader,
        body: &[u8],
    ) {
        // What comes in pieces would have to be remembered before its sender has shown where it is.
        if !self.config.accept || !header.is_whole() {
            self.counters.hellos_dropped += 1;
            return;
        }
        let (hello, around) = match (ClientHello::parse(body), ClientHello::around_cookie(body)) {
            (Ok(hello), Some(around)) => (hello, around),
            (Err(refusal), _) => return self.refuse_hello(route, number, refusal),
            (Ok(_), None) => return,
        };
        if let Err(cookie) = self.cookies.check(now.mono, &mut self.rng, from, around, hello.cookie) {
            self.counters.verify_requests += 1;
            return self.send_verify_request(route, number, header.message_seq, &cookie);
        }
        if self.is_repeated(now, route, &hello, header) {
            return;
        }
        let source = self.source(from);
        self.displace(source);
        let own_cid = match hello.extensions.connection_id {
            Some(_) => self.connection_id(),
            None => ConnectionId::new(),
        };
        let number_of = number.sequence();
        let mut env = self.env(now);
        match Handshake::server(&hello, header, body, number_of, own_cid, source, &mut env) {
            Ok((handshake, step)) => {
                let Some(key) = self.sessions.begin(route, false, Box::new(handshake)) else { return };
                self.counters.handshakes += 1;
                self.begin_timers(now, key);
                self.drive(now, key, Ok(step));
            }
            Err(refusal) => self.refuse_hello(route, number, refusal),
        }
    }

    /// Does a hello message in the datagram show a valid cookie? What follows may cost public-key operations, and comes from
    /// one who receives where it says it is. Costs no more than a hash.
    pub fn shows_cookie(&mut self, now: Now, from: &Address, datagram: &[u8]) -> bool {
        let mut rest = datagram;
        while let Some((&[kind, _, _, 0, epoch, ..], _)) = rest.split_first_chunk::<HEADER>() {
            let cid = if kind == ContentType::Cid as u8 { self.issued_length() } else { 0 };
            let Some((front, behind)) = rest.split_at_checked(HEADER + cid) else { return false };
            let length = front.last_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
            let Some((content, next)) = behind.split_at_checked(length) else { return false };
            if kind == ContentType::Handshake as u8 && epoch == 0 {
                let hello = Fragments::new(content)
                    .flatten()
                    .find(|(header, _)| header.kind == HandshakeType::CLIENT_HELLO && header.is_whole());
                if let Some((_, body)) = hello {
                    return self.is_cookie_valid(now, from, body);
                }
            }
            rest = next;
        }
        false
    }

    fn is_cookie_valid(&mut self, now: Now, from: &Address, body: &[u8]) -> bool {
        let (Ok(hello), Some(around)) = (ClientHello::parse(body), ClientHello::around_cookie(body)) else {
            return false;
        };
        self.cookies.check(now.mono, &mut self.rng, from, around, hello.cookie).is_ok()
    }

    /// Has this very message, with its cookie, been here before? Else an unfinished handshake makes room for the new one.
    fn is_repeated(
        &mut self,
        now: Now,
        route: Route,
        hello: &ClientHello<'_>,
        header: &HandshakeHeader,
    ) -> bool {
        let late = |open: &crate::dtls::session::Open| hello.random.starts_with(&open.hello);
        if self.sessions.open_at(route).and_then(|key| self.sessions.open(key)).is_some_and(late) {
            return true;
        }
        let Some(key) = self.sessions.half_at(route) else { return false };
        let Some(handshake) = self.sessions.handshake_mut(key) else { return false };
        match handshake.side() {
            // We are about to connect there ourselves.
            Side::Client => true,
            Side::Server if handshake.began_with(hello, header) => {
                self.repeat(now, key);
                true
            }
            Side::Server => {
                self.end(key, Closed::Replaced);
                false
            }
        }
    }

    /// Makes room for a handshake: first among those from the same place, so that one host takes nobody else's.
    fn displace(&mut self, source: u64) {
        let limits = &self.config.limits;
        let (per_source, total) = (limits.handshakes_per_source.max(1), limits.handshakes.max(1));
        let stalest: Option<Key> = if self.sessions.from(source) >= per_source {
            self.sessions.stalest(Some(source))
        } else if self.sessions.begun_by_peers() >= total {
            self.sessions.stalest(None)
        } else {
            None
        };
        if let Some(key) = stalest {
            self.counters.handshakes_displaced += 1;
            self.end(key, Closed::Replaced);
        }
    }

    /// Where a peer is, roughly: its IPv4 address, or its IPv6 network.
    fn source(&self, from: &Address) -> u64 {
        let hasher = FixedState::with_seed(self.source_seed);
        match from {
            Address::Ip(address) => match address.ip().to_canonical() {
                IpAddr::V4(ip) => hasher.hash_one(ip),
                IpAddr::V6(ip) => hasher.hash_one(ip.to_bits() >> 64),
            },
            Address::Msisdn(name) | Address::NonIp(name) => hasher.hash_one(name),
        }
    }

    /// Shorter than what it answers, so that it amplifies nothing.
    fn send_verify_request(&mut self, route: Route, number: RecordNumber, sequence: u16, cookie: &[u8]) {
        // Which version a server says here means nothing, and some clients expect the older. [RFC 6347 §4.2.1]
        let version = ProtocolVersion::DTLS_1_0;
        let header = Header { content_type: ContentType::Handshake, version, number };
        let request = HelloVerifyRequest { version, cookie };
        self.arena.reserve(2 * (HEADER + cookie.len() + 32));
        encode_handshake(&mut self.arena, HandshakeType::HELLO_VERIFY_REQUEST, sequence, |out| {
            request.encode(out);
        });
        let message = self.arena.split();
        put_plain(&mut self.arena, header, &[&message]);
        let frame = self.arena.split().freeze();
        self.out.push_back(Output::Transmit { route, frame });
    }

    fn refuse_hello(&mut self, route: Route, number: RecordNumber, refusal: Refusal) {
        self.counters.refused += 1;
        put_alert(&mut self.arena, Some(number), Alert::fatal(refusal.alert).to_octets());
        let frame = self.arena.split().freeze();
        self.out.push_back(Output::Transmit { route, frame });
    }
}
