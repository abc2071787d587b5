//! Histories of two endpoints: octets say what the applications, the wire and the clock do, in any order. Used by
//! the test `coap_history` and by the fuzz target `endpoint`.
//!
//! What must hold: no panic; an exchange ends once and is silent thereafter; a delivery is told once; without forged
//! frames a request reaches the application at most once; when both links are down nothing is left.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    Bytes, Code, Link, LinkId, Mono, Now, Output, PeerId, Route, Transmission,
    coap::{
        BodyId, Config, Delivery, DeliveryId, Endpoint, Event, ExchangeId, InboundId, OptionNumber, Options,
        Payload, Request, Response, Segment,
    },
};

/// Takes the octets of a history one by one; zero when there are no more.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn next(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn take(&mut self, octets: usize) -> Vec<u8> {
        (0..octets.min(self.0.len())).map(|_| self.next()).collect()
    }

    fn is_over(&self) -> bool {
        self.0.is_empty()
    }
}

struct Side {
    endpoint: Endpoint,
    peer: PeerId,
    route: Route,
    /// Frames on their way to this side, and until when they can arrive. [RFC 7252 §4.8.2]
    arriving: VecDeque<(Mono, Bytes)>,
    exchanges: Vec<ExchangeId>,
    /// Exchanges that have not ended, and whether they observe.
    open: HashMap<ExchangeId, bool>,
    cancelled: HashSet<ExchangeId>,
    /// How many observations an Observe of 1 may have ended.
    deregistered: usize,
    inbound: Vec<InboundId>,
    deliveries: HashSet<DeliveryId>,
    seen: Vec<(ExchangeId, u32)>,
    bodies: Vec<(BodyId, u64, usize)>,
    /// What the requests said that reached the application.
    applied: HashSet<Vec<u8>>,
    deadline: Option<Mono>,
    sent_at: Mono,
}

/// Plays a history to its end.
pub fn play(octets: &[u8]) {
    let mut script = Script(octets);
    let mut history = History::new(&mut script);
    while !script.is_over() {
        history.act(&mut script);
        history.drain();
    }
    history.finish();
}

struct History {
    now: Now,
    sides: [Side; 2],
    forged: bool,
    count: u32,
}

impl History {
    fn new(script: &mut Script<'_>) -> Self {
        let mut config = Config::default();
        let shape = script.next();
        config.settle_notifications = shape & 1 == 1;
        config.largest_block = shape >> 1 & 7;
        config.limits.transfers_per_peer = usize::from(shape >> 4 & 3);
        config.limits.body_bytes = 20_000;
        config.limits.dedup_bytes = 3000;
        // What is forgotten early may be applied twice; that is not what is looked for here.
        (config.limits.dedup_per_peer, config.limits.dedup_per_unregistered) = (1000, 1000);
        config.limits.observers_per_peer = 3;
        config.limits.exchanges_per_peer = 12;
        let nstart = shape >> 6;
        let link = Link {
            transmission: Transmission { nstart, ..Transmission::default() },
            max_body: 8000,
            ..Link::default()
        };
        let config = Arc::new(config);
        let now = Now { mono: Mono(1), wall: None };
        let side = |n: u8| {
            let mut endpoint = Endpoint::new(config.clone(), [n; 32]);
            endpoint.stream_route(&[Segment::Exact("s".into()), Segment::Any]);
            let route = Route { transport: 0, link: LinkId { index: 0, generation: 0 } };
            let peer = endpoint.handle_up(now, route, link);
            Side {
                endpoint,
                peer,
                route,
                arriving: VecDeque::new(),
                exchanges: Vec::new(),
                open: HashMap::new(),
                cancelled: HashSet::new(),
                deregistered: 0,
                inbound: Vec::new(),
                deliveries: HashSet::new(),
                seen: Vec::new(),
                bodies: Vec::new(),
                applied: HashSet::new(),
                deadline: None,
                sent_at: Mono(0),
            }
        };
        Self { now, sides: [side(1), side(2)], forged: false, count: 0 }
    }

    fn act(&mut self, script: &mut Script<'_>) {
        let what = script.next();
        let side = usize::from(what >> 7);
        match what & 0x1f {
            0..=3 => self.request(side, script),
            4..=6 => self.respond(side, script),
            7 | 8 => self.notify(side, script),
            9..=15 => self.deliver(side, script),
            16..=18 => self.pass(Duration::from_millis(1 << (script.next() % 20))),
            19 => self.raw(side, script),
            20 => self.relink(side, script),
            21 => self.settle(side, script),
            22 => self.cancel(side, script),
            23..=26 => self.stream(side, script),
            _ => self.other(side, script),
        }
    }

    fn request(&mut self, side: usize, script: &mut Script<'_>) {
        let (shape, size) = (script.next(), script.next());
        let method = [Code::GET, Code::POST, Code::PUT, Code::FETCH][usize::from(shape & 3)];
        let mut options = Options::new();
        if shape & 4 != 0 {
            options.push_uint(OptionNumber::OBSERVE, u64::from(shape >> 3 & 1));
        }
        options = options.with_path(if shape & 16 != 0 { ["s", "1"] } else { ["x", "y"] });
        self.count += 1;
        // Every body is another one, so that what is applied twice shows.
        let mut body = self.count.to_be_bytes().to_vec();
        body.resize(4 + usize::from(size) * 12, side as u8);
        let mut request = Request::new(method).with_options(options);
        if method != Code::GET {
            request.payload = Payload::Whole(body.into());
        }
        if shape & 0xe0 == 0xe0 {
            request.payload = Payload::Streamed { size: Some(u64::from(size) * 12) };
        }
        let how = if shape & 32 != 0 { Delivery::NonConfirmable } else { Delivery::Confirmable };
        let now = self.now;
        let end = &mut self.sides[side];
        end.deregistered += usize::from(request.options.observe() == Some(1));
        let id = end.endpoint.request(now, end.peer, request, how);
        if shape & 64 != 0 {
            end.endpoint.stream_answer(id);
        }
        end.exchanges.push(id);
        assert!(end.open.insert(id, false).is_none(), "a new id");
    }

    fn respond(&mut self, side: usize, script: &mut Script<'_>) {
        let (which, shape, size) = (script.next(), script.next(), script.next());
        let now = self.now;
        let end = &mut self.sides[side];
        let Some(id) = pick(&end.inbound, which) else { return };
        if shape >> 4 == 1 {
            // It comes again with the Echo, and what of it is under way may meet a peer that has restarted.
            self.forged = true;
        }
        let delivery = end.endpoint.respond(now, id, response(shape, size));
        assert!(end.deliveries.insert(delivery));
    }

    fn notify(&mut self, side: usize, script: &mut Script<'_>) {
        let (which, shape, size) = (script.next(), script.next(), script.next());
        let now = self.now;
        let end = &mut self.sides[side];
        let Some(id) = pick(&end.inbound, which) else { return };
        let how = if shape & 1 != 0 { Delivery::Confirmable } else { Delivery::NonConfirmable };
        let mut response = response(shape & 0x7f, size);
        if shape & 0x70 != 0 {
            response.code = Code::CONTENT;
        }
        let delivery = end.endpoint.notify(now, id, response, how);
        assert!(end.deliveries.insert(delivery));
    }

    fn deliver(&mut self, side: usize, script: &mut Script<'_>) {
        let shape = script.next();
        let now = self.now;
        let end = &mut self.sides[side];
        if end.arriving.is_empty() {
            return;
        }
        let at = if shape & 8 != 0 { usize::from(shape >> 4) % end.arriving.len() } else { 0 };
        let Some((until, frame)) = end.arriving.remove(at).filter(|(until, _)| *until >= now.mono) else {
            return;
        };
        match shape & 7 {
            0 => return,
            1 => end.arriving.push_back((until, frame.clone())),
            2 if shape & 0xf0 == 0xf0 => {
                // An octet turns over on the way.
                self.forged = true;
                let mut octets = frame.to_vec();
                let at = usize::from(script.next()) % octets.len().max(1);
                octets[at] ^= script.next() | 1;
                let route = end.route;
                return end.endpoint.handle_frame(now, route, octets.into());
            }
            _ => {}
        }
        end.endpoint.handle_frame(now, end.route, frame);
    }

    fn pass(&mut self, time: Duration) {
        self.now.mono = self.now.mono.after(time);
        for end in &mut self.sides {
            if end.deadline.is_some_and(|at| at <= self.now.mono) {
                end.endpoint.handle_timeout(self.now);
            }
        }
    }

    fn raw(&mut self, side: usize, script: &mut Script<'_>) {
        self.forged = true;
        let length = usize::from(script.next() % 48);
        let mut frame = script.take(length);
        // Mostly something that is a message.
        if let Some(first) = frame.first_mut()
            && *first & 0x40 == 0
        {
            *first = 0x40 | *first & 0x34;
        }
        let now = self.now;
        let end = &mut self.sides[side];
        end.endpoint.handle_frame(now, end.route, frame.into());
    }

    fn relink(&mut self, side: usize, script: &mut Script<'_>) {
        let shape = script.next();
        let now = self.now;
        let end = &mut self.sides[side];
        let mtu = [1152, 64, 20, 0, 300, 1500, 128, 600][usize::from(shape & 7)];
        let link = Link { mtu, max_body: 8000, ..Link::default() };
        if shape >> 3 & 3 < 2 {
            // Another association does not know what came by the one before.
            end.applied.clear();
        }
        match shape >> 3 & 3 {
            0 => {
                end.endpoint.handle_down(now, end.route);
                end.peer = end.endpoint.handle_up(now, end.route, link);
            }
            1 => {
                end.route.link.generation += 1;
                end.peer = end.endpoint.handle_up(now, end.route, link);
            }
            _ => {
                // What has just left is taken for refused by a path that takes less; here it was not.
                self.pass(Duration::from_millis(60));
                self.drain();
                let now = self.now;
                let end = &mut self.sides[side];
                if end.sent_at < now.mono {
                    end.endpoint.handle_change(now, end.route, link);
                }
            }
        }
    }

    fn settle(&mut self, side: usize, script: &mut Script<'_>) {
        let (which, kept) = (script.next(), script.next() & 1 == 0);
        let now = self.now;
        let end = &mut self.sides[side];
        if let Some((id, seen)) = pick(&end.seen, which) {
            end.endpoint.settle(now, id, seen, kept);
        }
    }

    fn cancel(&mut self, side: usize, script: &mut Script<'_>) {
        let which = script.next();
        let now = self.now;
        let end = &mut self.sides[side];
        if let Some(id) = pick(&end.exchanges, which) {
            end.endpoint.cancel(now, id);
            if end.open.remove(&id).is_some() {
                end.cancelled.insert(id);
            }
        }
    }

    fn stream(&mut self, side: usize, script: &mut Script<'_>) {
        let (which, shape) = (script.next(), script.next());
        let now = self.now;
        self.count += 1;
        let end = &mut self.sides[side];
        let Some((body, offset, max)) = pick(&end.bodies, which) else { return };
        if max == 0 {
            return end.endpoint.accept_more(now, body);
        }
        let octets = if shape & 1 == 0 { max } else { usize::from(shape) * 8 };
        let part = self.count.to_be_bytes().repeat(octets.div_ceil(4)).into_iter().take(octets).collect();
        end.endpoint.provide(now, body, offset, part, shape & 6 == 0);
    }

    fn other(&mut self, side: usize, script: &mut Script<'_>) {
        let (what, which) = (script.next(), script.next());
        let now = self.now;
        let end = &mut self.sides[side];
        match what % 5 {
            0 => {
                let id = end.endpoint.ping(now, end.peer);
                end.exchanges.push(id);
                end.open.insert(id, false);
            }
            1 => end.endpoint.set_registered(end.peer, which & 1 == 0),
            2 => {
                if let Some(id) = pick(&end.inbound, which) {
                    end.endpoint.end_observation(now, id);
                }
            }
            3 => {
                if let Some(id) = pick(&end.exchanges, which) {
                    end.endpoint.observe_again(now, id);
                }
            }
            _ => end.endpoint.handle_timeout(now),
        }
    }

    fn drain(&mut self) {
        for side in 0..2 {
            loop {
                let end = &mut self.sides[side];
                match end.endpoint.poll_output(self.now) {
                    Output::Transmit { frame, .. } => {
                        end.sent_at = self.now.mono;
                        let other = &mut self.sides[1 - side];
                        if other.arriving.len() < 64 {
                            let until = self.now.mono.after(Transmission::MAX_LATENCY);
                            other.arriving.push_back((until, frame));
                        }
                    }
                    Output::Event(event) => end.event(event, self.forged),
                    Output::Call { .. } => panic!("nothing is asked without protection"),
                    Output::Timeout(at) => {
                        end.deadline = at;
                        break;
                    }
                }
            }
        }
    }

    /// Time passes, then both links go: nothing may be left.
    fn finish(mut self) {
        for _ in 0..2000 {
            let Some(at) = self.sides.iter().filter_map(|end| end.deadline).min() else { break };
            self.pass(at.since(self.now.mono));
            self.drain();
        }
        let now = self.now;
        for end in &mut self.sides {
            assert_eq!(end.deadline, None, "all that waits ends by itself");
            end.endpoint.handle_down(now, end.route);
        }
        self.drain();
        for end in &self.sides {
            let silent = end.open.values().filter(|observing| **observing).count();
            assert!(end.open.len() == silent && silent <= end.deregistered, "{:?} never ended", end.open);
            assert!(end.deliveries.is_empty(), "{:?} were never told", end.deliveries);
            assert_eq!(end.endpoint.usage(), Default::default());
            assert_eq!(end.deadline, None);
        }
    }
}

impl Side {
    fn event(&mut self, event: Event, forged: bool) {
        match event {
            Event::Request { id, request, .. } => {
                let body = request.payload.bytes();
                let again = !body.is_empty() && !self.applied.insert(body.to_vec());
                // A FETCH may come again for later blocks, a PUT when the path takes less; both are idempotent.
                assert!(!again || forged || request.method != Code::POST, "applied twice");
                self.inbound.push(id);
            }
            Event::RequestHead { id, .. } => {
                self.inbound.push(id);
                self.bodies.push((BodyId::Inbound(id), 0, 0));
            }
            Event::ResponseHead { id, .. } => self.bodies.push((BodyId::Ours(id), 0, 0)),
            Event::Body { body: BodyId::Ours(id), last: true, .. } => self.ended(id),
            Event::NeedBody { body, offset, max } => {
                assert!(max > 0);
                self.bodies.push((body, offset, max));
            }
            Event::Response { id, observing: true, .. } => {
                assert_eq!(self.open.insert(id, true), Some(false), "one first answer");
            }
            Event::Notification { id, seen, response, .. } => {
                assert_eq!(self.open.get(&id), Some(&true), "a notification of what is observed");
                self.seen.push((id, seen));
                if !response.code.is_success() {
                    self.ended(id);
                }
            }
            Event::Response { id, .. } | Event::Failed { id, .. } | Event::Pong { id } => self.ended(id),
            Event::Delivered { id } | Event::Undelivered { id, .. } => {
                assert!(self.deliveries.remove(&id), "told once");
            }
            Event::Progress { id, .. } => assert!(self.open.contains_key(&id)),
            _ => {}
        }
    }

    fn ended(&mut self, id: ExchangeId) {
        assert!(!self.cancelled.contains(&id), "nothing comes after cancel");
        assert!(self.open.remove(&id).is_some(), "an exchange ends once");
    }
}

fn response(shape: u8, size: u8) -> Response {
    let code = match shape >> 4 {
        0 => Code::NOT_FOUND,
        1 => Code::UNAUTHORIZED,
        2 => Code::TOO_MANY_REQUESTS,
        3 => Code::CONTINUE,
        _ => Code::CONTENT,
    };
    let mut options = Options::new();
    if shape & 4 != 0 {
        options.push_uint(OptionNumber::OBSERVE, 0);
    }
    if code == Code::UNAUTHORIZED {
        options.push(OptionNumber::ECHO, b"echo");
    }
    if shape & 8 != 0 {
        options.push_uint(OptionNumber::MAX_AGE, 3);
    }
    let mut response = Response::new(code).with_options(options);
    response.payload = match shape & 0x83 {
        0x83 => Payload::Streamed { size: None },
        _ => Payload::Whole(vec![size; usize::from(size) * 12].into()),
    };
    response
}

fn pick<T: Copy>(from: &[T], which: u8) -> Option<T> {
    // The latest are the most interesting.
    let back = usize::from(which) % from.len().max(1);
    from.iter().rev().nth(back % 8).copied()
}
