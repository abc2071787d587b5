//! Two endpoints and a wire between them, in virtual time.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "every test file uses a part of it"
)]

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    Bytes, Code, Link, LinkId, Mono, Now, Output, PeerId, Route, UnixTime,
    coap::{
        Config, Delivery, DeliveryId, Endpoint, Event, ExchangeError, ExchangeId, InboundId, Message,
        OptionNumber, Options, Request, Response,
    },
};

pub const ROUTE: Route = Route { transport: 0, link: LinkId { index: 0, generation: 0 } };

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    A,
    B,
}
pub use Side::{A, B};

impl Side {
    pub fn other(self) -> Self {
        if self == A { B } else { A }
    }
}

/// An end, what it reported, and what it sent.
pub struct End {
    pub endpoint: Endpoint,
    pub peer: PeerId,
    pub events: VecDeque<Event>,
    pub sent: Vec<Bytes>,
    deadline: Option<Mono>,
    drop_next: u32,
}

/// What the wire does to a frame, in per cent; delays in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    pub loss: u64,
    pub duplicate: u64,
    pub delay: u64,
    pub jitter: u64,
}

pub struct Pair {
    pub now: Now,
    pub a: End,
    pub b: End,
    pub wire: Wire,
    flight: BTreeMap<(Mono, u64), (Side, Bytes)>,
    count: u64,
    random: u64,
}

impl Pair {
    pub fn new() -> Self {
        Self::with(1, Link::default(), Config::default())
    }

    pub fn seeded(seed: u64) -> Self {
        Self::with(seed, Link::default(), Config::default())
    }

    /// Each has proven to the other that its address is its own.
    pub fn with(seed: u64, link: Link, config: Config) -> Self {
        let mut pair = Self::strangers(seed, link, config);
        for end in [&mut pair.a, &mut pair.b] {
            end.endpoint.set_proven(end.peer);
        }
        pair
    }

    pub fn strangers(seed: u64, link: Link, config: Config) -> Self {
        let config = Arc::new(config);
        let now = Now { mono: Mono(0), wall: Some(UnixTime::from_secs(1_700_000_000)) };
        let end = |n: u8| {
            let mut bytes = [n; 32];
            bytes[..8].copy_from_slice(&seed.to_be_bytes());
            let mut endpoint = Endpoint::new(config.clone(), bytes);
            let peer = endpoint.handle_up(now, ROUTE, link);
            End { endpoint, peer, events: VecDeque::new(), sent: Vec::new(), deadline: None, drop_next: 0 }
        };
        let wire = Wire { loss: 0, duplicate: 0, delay: 50_000, jitter: 0 };
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { now, a: end(1), b: end(2), wire, flight: BTreeMap::new(), count: 0, random }
    }

    pub fn end(&mut self, side: Side) -> &mut End {
        match side {
            A => &mut self.a,
            B => &mut self.b,
        }
    }

    /// Loses the next frames that this side sends.
    pub fn drop_next(&mut self, side: Side, frames: u32) {
        self.end(side).drop_next = frames;
    }

    pub fn request(&mut self, from: Side, request: Request) -> ExchangeId {
        self.request_as(from, request, Delivery::Confirmable)
    }

    pub fn request_as(&mut self, from: Side, request: Request, how: Delivery) -> ExchangeId {
        let now = self.now;
        let end = self.end(from);
        let id = end.endpoint.request(now, end.peer, request, how);
        self.drain();
        id
    }

    pub fn respond(&mut self, from: Side, id: InboundId, response: Response) {
        let now = self.now;
        self.end(from).endpoint.respond(now, id, response);
        self.drain();
    }

    /// Hands a frame to one side as if it came from the other.
    pub fn inject(&mut self, to: Side, frame: &[u8]) {
        let now = self.now;
        self.end(to).endpoint.handle_frame(now, ROUTE, Bytes::copy_from_slice(frame));
        self.drain();
    }

    /// Takes all outputs, puts frames on the wire.
    pub fn drain(&mut self) {
        for side in [A, B] {
            loop {
                let now = self.now;
                match self.end(side).endpoint.poll_output(now) {
                    Output::Transmit { frame, .. } => self.put(side, frame),
                    Output::Event(event) => self.end(side).events.push_back(event),
                    Output::Call { .. } => panic!("nothing is asked without protection"),
                    Output::Timeout(at) => {
                        self.end(side).deadline = at;
                        break;
                    }
                }
            }
        }
    }

    fn put(&mut self, from: Side, frame: Bytes) {
        let end = self.end(from);
        end.sent.push(frame.clone());
        if end.drop_next > 0 {
            end.drop_next -= 1;
            return;
        }
        if self.chance() < self.wire.loss {
            return;
        }
        let copies = if self.chance() < self.wire.duplicate { 2 } else { 1 };
        for _ in 0..copies {
            let jitter = if self.wire.jitter > 0 { self.random() % self.wire.jitter } else { 0 };
            let at = Mono(self.now.mono.0 + self.wire.delay + jitter);
            self.count += 1;
            self.flight.insert((at, self.count), (from.other(), frame.clone()));
        }
    }

    fn chance(&mut self) -> u64 {
        self.random() % 100
    }

    pub fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// To the next frame or deadline, but not beyond `limit`. False if nothing is due until then.
    pub fn step(&mut self, limit: Mono) -> bool {
        self.drain();
        let arrival = self.flight.first_key_value().map(|((at, _), _)| *at);
        let deadline = [self.a.deadline, self.b.deadline].into_iter().flatten().min();
        let next = [arrival, deadline].into_iter().flatten().min();
        let Some(next) = next.filter(|at| *at <= limit) else {
            self.advance_to(limit);
            return false;
        };
        self.advance_to(next);
        let now = self.now;
        if arrival == Some(next) {
            if let Some((_, (to, frame))) = self.flight.pop_first() {
                self.end(to).endpoint.handle_frame(now, ROUTE, frame);
            }
        } else {
            for side in [A, B] {
                if self.end(side).deadline.is_some_and(|at| at <= now.mono) {
                    self.end(side).endpoint.handle_timeout(now);
                }
            }
        }
        self.drain();
        true
    }

    fn advance_to(&mut self, at: Mono) {
        let passed = at.since(self.now.mono);
        self.now.mono = Mono(at.0.max(self.now.mono.0));
        self.now.wall = self.now.wall.map(|wall| wall.after(passed));
    }

    pub fn run(&mut self, time: Duration) {
        let limit = self.now.mono.after(time);
        while self.step(limit) {}
    }

    /// The next event of a side, within ten minutes.
    pub fn event(&mut self, side: Side) -> Event {
        self.try_event(side, Duration::from_secs(600)).expect("an event")
    }

    pub fn try_event(&mut self, side: Side, within: Duration) -> Option<Event> {
        let limit = self.now.mono.after(within);
        loop {
            self.drain();
            if let Some(event) = self.end(side).events.pop_front() {
                return Some(event);
            }
            if !self.step(limit) {
                return self.end(side).events.pop_front();
            }
        }
    }

    /// The next event must be a request.
    pub fn asked(&mut self, side: Side) -> (InboundId, Request) {
        match self.event(side) {
            Event::Request { id, request, .. } => (id, request),
            other => panic!("a request was expected, not {other:?}"),
        }
    }

    /// The answer; what is told of transfers before it is skipped.
    pub fn answer(&mut self, side: Side) -> Response {
        loop {
            match self.event(side) {
                Event::Response { response, .. } => return response,
                Event::Progress { .. } | Event::Delivered { .. } => {}
                other => panic!("a response was expected, not {other:?}"),
            }
        }
    }

    /// The next event must be an answer.
    pub fn answered(&mut self, side: Side) -> (ExchangeId, Response) {
        match self.event(side) {
            Event::Response { id, response, .. } => (id, response),
            other => panic!("a response was expected, not {other:?}"),
        }
    }

    /// Parses what a side sent, from its `n`th frame on.
    pub fn sent(&self, side: Side, from: usize) -> Vec<Message<'_>> {
        let sent = if side == A { &self.a.sent } else { &self.b.sent };
        sent.iter().skip(from).map(|frame| Message::parse(frame).unwrap()).collect()
    }
}

pub fn get<'a>(path: impl IntoIterator<Item = &'a str>) -> Request {
    Request::new(Code::GET).with_options(Options::new().with_path(path))
}

pub fn post<'a>(path: impl IntoIterator<Item = &'a str>, body: &'static [u8]) -> Request {
    Request::new(Code::POST).with_options(Options::new().with_path(path)).with_payload(body)
}

pub fn content(body: &'static [u8]) -> Response {
    Response::new(Code::CONTENT).with_payload(body)
}

/// A body of several blocks.
pub fn large(octets: usize, seed: u8) -> Bytes {
    (0..octets).map(|n| (n as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A request to observe.
pub fn observe<'a>(path: impl IntoIterator<Item = &'a str>, value: u64) -> Request {
    let options = Options::new().with_uint(OptionNumber::OBSERVE, value).with_path(path);
    Request::new(Code::GET).with_options(options)
}

/// An answer that begins a relation.
pub fn observed(body: &'static [u8]) -> Response {
    content(body).with_options(Options::new().with_uint(OptionNumber::OBSERVE, 0))
}

impl Pair {
    /// A observes B. Gives the exchange of A and the relation of B.
    pub fn observing(&mut self) -> (ExchangeId, InboundId) {
        let id = self.request(A, observe(["3", "0", "9"], 0));
        let (relation, _) = self.asked(B);
        self.respond(B, relation, observed(b"100"));
        match self.event(A) {
            Event::Response { observing: true, .. } => {}
            other => panic!("{other:?}"),
        }
        assert!(matches!(self.event(B), Event::Delivered { .. }));
        (id, relation)
    }

    pub fn notify(&mut self, id: InboundId, body: &'static [u8], how: Delivery) -> DeliveryId {
        let now = self.now;
        let delivery = self.b.endpoint.notify(now, id, content(body), how);
        self.drain();
        delivery
    }

    /// The next event must be a notification.
    pub fn notified(&mut self, side: Side) -> (ExchangeId, u32, Response) {
        match self.event(side) {
            Event::Notification { id, seen, response, .. } => (id, seen, response),
            other => panic!("a notification was expected, not {other:?}"),
        }
    }

    /// The next event must be of this delivery.
    pub fn delivered(&mut self, side: Side, wanted: DeliveryId) {
        match self.event(side) {
            Event::Delivered { id } if id == wanted => {}
            other => panic!("{wanted:?} should be delivered, not {other:?}"),
        }
    }

    /// The next event must be of this delivery.
    pub fn undelivered(&mut self, side: Side, wanted: DeliveryId) -> ExchangeError {
        match self.event(side) {
            Event::Undelivered { id, error } if id == wanted => error,
            other => panic!("{wanted:?} should be undelivered, not {other:?}"),
        }
    }

    /// Runs until a side has sent so many frames.
    pub fn until_sent(&mut self, side: Side, frames: usize) {
        let limit = self.now.mono.after(secs(600));
        while self.end(side).sent.len() < frames && self.step(limit) {}
        assert_eq!(self.end(side).sent.len(), frames);
    }
}
