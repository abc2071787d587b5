//! Whatever applications command and networks do: every request ends once, every delivery is reported once, and a link
//! that goes leaves nothing behind.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod pair;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lwm2m_core::{
    Bytes, Code, Link, Mono, Output,
    coap::{
        BodyId, Config, Delivery, DeliveryId, Event, ExchangeId, InboundId, OptionNumber, Options, Payload,
        Request, Response, Segment,
    },
};
use pair::{A, B, Pair, ROUTE, Side, Wire};

/// What one application has going on.
#[derive(Default)]
struct App {
    requests: BTreeSet<ExchangeId>,
    observing: BTreeSet<ExchangeId>,
    asked: Vec<InboundId>,
    relations: Vec<InboundId>,
    parts: Vec<(BodyId, u64, usize)>,
    taken: Vec<BodyId>,
    unsettled: Vec<(ExchangeId, u32)>,
    deliveries: BTreeMap<DeliveryId, bool>,
}

struct History {
    pair: Pair,
    apps: [App; 2],
    random: u64,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut config = Config::default();
        config.settle_notifications = seed.is_multiple_of(2);
        config.largest_block = (seed % 4) as u8;
        config.limits.queued_per_peer = 6;
        config.limits.exchanges_per_peer = 12;
        config.limits.body_bytes = 40_000;
        let link = Link { mtu: 100 + (seed as usize * 37) % 500, max_body: 20_000, ..Link::default() };
        let mut pair = Pair::with(seed, link, config);
        pair.wire = Wire { loss: seed % 25, duplicate: seed % 31, delay: 30_000, jitter: 90_000 };
        for side in [A, B] {
            pair.end(side).endpoint.stream_route(&[Segment::Exact("s".into())]);
        }
        Self { pair, apps: Default::default(), random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % end
    }

    fn app(&mut self, side: Side) -> &mut App {
        &mut self.apps[usize::from(side == B)]
    }

    fn pick<T: Copy>(&mut self, side: Side, of: fn(&mut App) -> &mut Vec<T>) -> Option<T> {
        let len = of(self.app(side)).len();
        let at = if len > 0 { self.below(len as u64) as usize } else { return None };
        Some(of(self.app(side)).swap_remove(at))
    }

    fn body(&mut self) -> Bytes {
        let largest = [1, 20, 400, 6_000, 30_000][self.below(5) as usize];
        let octets = self.below(largest);
        (0..octets).map(|n| n as u8).collect()
    }

    fn how(&mut self) -> Delivery {
        if self.below(3) == 0 { Delivery::NonConfirmable } else { Delivery::Confirmable }
    }

    /// Takes what both endpoints have reported.
    fn listen(&mut self) {
        self.pair.drain();
        for side in [A, B] {
            while let Some(event) = self.pair.end(side).events.pop_front() {
                self.heard(side, event);
            }
        }
    }

    fn end(&mut self, side: Side, id: ExchangeId) {
        let app = self.app(side);
        assert!(app.requests.remove(&id) | app.observing.remove(&id), "{id:?} ended twice, or was cancelled");
    }

    #[allow(clippy::needless_pass_by_value, reason = "nothing is left of it")]
    fn heard(&mut self, side: Side, event: Event) {
        let app = self.app(side);
        match event {
            Event::Response { id, observing, .. } => {
                self.end(side, id);
                if observing {
                    self.app(side).observing.insert(id);
                }
            }
            Event::Failed { id, .. } | Event::Pong { id } => self.end(side, id),
            Event::Notification { id, seen, ref response, .. } => {
                assert!(app.observing.contains(&id), "{event:?}");
                app.unsettled.push((id, seen));
                if !response.code.is_success() {
                    self.end(side, id);
                }
            }
            Event::Request { id, .. } | Event::RequestHead { id, .. } => app.asked.push(id),
            Event::Body { body, last, .. } => match body {
                BodyId::Ours(id) if last => self.end(side, id),
                _ => app.taken.push(body),
            },
            Event::NeedBody { body, offset, max } => app.parts.push((body, offset, max)),
            Event::Delivered { id } | Event::Undelivered { id, .. } => {
                assert!(app.deliveries.insert(id, true) != Some(true), "{id:?} reported twice");
            }
            Event::ObserverGone { id, .. } => app.relations.retain(|relation| *relation != id),
            _ => {}
        }
    }

    fn step(&mut self) {
        let side = if self.below(2) == 0 { A } else { B };
        match self.below(20) {
            0..5 => self.request(side),
            5..8 => self.respond(side),
            8 | 9 => self.notify(side),
            10 => self.cancel(side),
            11 | 12 => self.provide(side),
            13 | 14 => {
                if let Some(body) = self.pick(side, |app| &mut app.taken) {
                    let now = self.pair.now;
                    self.pair.end(side).endpoint.accept_more(now, body);
                }
            }
            15 => self.settle(side),
            16 => self.forge(side),
            17 => {
                let mtu = 60 + self.below(600) as usize;
                let (now, link) = (self.pair.now, Link { mtu, max_body: 20_000, ..Link::default() });
                self.pair.end(side).endpoint.handle_change(now, ROUTE, link);
            }
            18 => match self.below(8) {
                0 => self.relink(side),
                n => {
                    let end = self.pair.end(side);
                    end.endpoint.set_registered(end.peer, n.is_multiple_of(2));
                }
            },
            _ => {
                let longest = [1_000, 100_000, 3_000_000, 100_000_000][self.below(4) as usize];
                let time = Duration::from_micros(self.below(longest));
                self.pair.run(time);
            }
        }
        self.listen();
    }

    fn request(&mut self, side: Side) {
        let path = ["a", "b", "s"][self.below(3) as usize];
        let mut options = Options::new().with_path([path]);
        let body = self.body();
        let (method, payload) = match self.below(6) {
            0 => (Code::GET, Payload::EMPTY),
            1 | 2 => {
                options = options.with_uint(OptionNumber::OBSERVE, self.below(5) / 4);
                let fetch = self.below(3) == 0;
                if fetch { (Code::FETCH, Payload::Whole(body)) } else { (Code::GET, Payload::EMPTY) }
            }
            3 => (Code::PUT, Payload::Streamed { size: None }),
            4 => (Code::POST, Payload::Whole(body)),
            _ => (Code::EMPTY, Payload::EMPTY),
        };
        if method == Code::EMPTY {
            options = Options::new();
        }
        let mut request = Request::new(method).with_options(options);
        request.payload = payload;
        self.end_observations(side, &request);
        let (how, streamed, now) = (self.how(), self.below(3) == 0, self.pair.now);
        let end = self.pair.end(side);
        let id = match method {
            Code::EMPTY => end.endpoint.ping(now, end.peer),
            _ => end.endpoint.request(now, end.peer, request, how),
        };
        if streamed {
            end.endpoint.stream_answer(id);
        }
        self.app(side).requests.insert(id);
    }

    /// An Observe of 1 ends an observation of ours without an event, and does not say which.
    fn end_observations(&mut self, side: Side, request: &Request) {
        if request.options.observe() != Some(1) {
            return;
        }
        let app = self.app(side);
        let (requests, observing) = (std::mem::take(&mut app.requests), std::mem::take(&mut app.observing));
        for id in requests.into_iter().chain(observing) {
            let now = self.pair.now;
            self.pair.end(side).endpoint.cancel(now, id);
        }
    }

    fn respond(&mut self, side: Side) {
        let Some(id) = self.pick(side, |app| &mut app.asked) else { return };
        let mut response = Response::new(Code::CONTENT).with_payload(self.body());
        match self.below(5) {
            0 => response.payload = Payload::Streamed { size: None },
            1 => response.code = Code::NOT_FOUND,
            2 | 3 => response.options.push_uint(OptionNumber::OBSERVE, 0),
            _ => {}
        }
        let now = self.pair.now;
        let begins = response.options.observe().is_some();
        let delivery = self.pair.end(side).endpoint.respond(now, id, response);
        self.app(side).deliveries.entry(delivery).or_insert(false);
        if begins {
            self.app(side).relations.push(id);
        }
        if self.below(8) == 0 {
            self.app(side).asked.push(id); // answers twice
        }
    }

    fn notify(&mut self, side: Side) {
        let Some(id) = self.pick(side, |app| &mut app.relations) else { return };
        let (mut response, how) = (Response::new(Code::CONTENT).with_payload(self.body()), self.how());
        if self.below(12) == 0 {
            response.code = Code::NOT_FOUND;
        }
        let now = self.pair.now;
        let delivery = self.pair.end(side).endpoint.notify(now, id, response, how);
        self.app(side).deliveries.entry(delivery).or_insert(false);
        self.app(side).relations.push(id);
    }

    fn cancel(&mut self, side: Side) {
        if self.below(4) == 0
            && let Some(relation) = self.pick(side, |app| &mut app.relations)
        {
            let now = self.pair.now;
            return self.pair.end(side).endpoint.end_observation(now, relation);
        }
        let count = self.app(side).requests.len() + self.app(side).observing.len();
        if count == 0 {
            return;
        }
        let at = self.below(count as u64) as usize;
        let app = self.app(side);
        let id = app.requests.iter().chain(&app.observing).nth(at).copied().unwrap();
        app.requests.remove(&id);
        app.observing.remove(&id);
        let now = self.pair.now;
        self.pair.end(side).endpoint.cancel(now, id);
    }

    fn provide(&mut self, side: Side) {
        let Some((body, offset, max)) = self.pick(side, |app| &mut app.parts) else { return };
        let octets = if self.below(4) == 0 { self.below(max as u64 + 9) as usize } else { max };
        let (last, now) = (self.below(6) == 0, self.pair.now);
        self.pair.end(side).endpoint.provide(now, body, offset, Bytes::from(vec![7; octets]), last);
    }

    fn settle(&mut self, side: Side) {
        let Some((id, seen)) = self.pick(side, |app| &mut app.unsettled) else { return };
        let (kept, now) = (self.below(3) > 0, self.pair.now);
        self.pair.end(side).endpoint.settle(now, id, seen, kept);
    }

    /// A frame of the other side, late, or with an octet changed.
    fn forge(&mut self, side: Side) {
        let sent = self.pair.end(side.other()).sent.len() as u64;
        if sent == 0 {
            return;
        }
        let at = sent - 1 - self.below(sent.min(12));
        let mut frame = self.pair.end(side.other()).sent[at as usize].to_vec();
        for _ in 0..self.below(3) {
            let position = self.below(frame.len().min(30) as u64) as usize;
            frame[position] ^= 1 << self.below(8);
        }
        self.pair.inject(side, &frame);
    }

    fn relink(&mut self, side: Side) {
        let (now, link) = (self.pair.now, Link { max_body: 20_000, ..Link::default() });
        let end = self.pair.end(side);
        end.endpoint.handle_down(now, ROUTE);
        end.peer = end.endpoint.handle_up(now, ROUTE, link);
        self.listen();
        self.nothing_left(side);
    }

    /// Every request and every delivery has been reported.
    fn nothing_left(&mut self, side: Side) {
        let app = self.app(side);
        assert!(
            app.requests.is_empty() && app.observing.is_empty(),
            "{:?} {:?}",
            app.requests,
            app.observing
        );
        // Between the blocks of a body an answer of ours ends with the link.
        let open: Vec<_> = app.deliveries.iter().filter(|(_, told)| !**told).collect();
        assert!(open.is_empty(), "{open:?} never reported");
        app.deliveries.clear();
        (app.asked, app.relations, app.parts, app.taken, app.unsettled) = Default::default();
    }

    fn finish(&mut self) {
        // The applications fall silent: all that is not an observation ends by itself.
        for _ in 0..40 {
            self.pair.run(Duration::from_secs(100));
            self.listen();
        }
        for side in [A, B] {
            let app = self.app(side);
            assert!(app.requests.is_empty(), "{:?} never end", app.requests);
            let open: Vec<_> = app.deliveries.iter().filter(|(_, told)| !**told).collect();
            assert!(open.is_empty(), "{open:?} never reported");
        }
        let now = self.pair.now;
        for side in [A, B] {
            self.pair.end(side).endpoint.handle_down(now, ROUTE);
        }
        self.listen();
        let mut later = now;
        later.mono = Mono(now.mono.0 + 1_000_000_000_000);
        for side in [A, B] {
            self.nothing_left(side);
            let endpoint = &mut self.pair.end(side).endpoint;
            endpoint.handle_timeout(later);
            let left = endpoint.poll_output(later);
            assert!(matches!(left, Output::Timeout(None)), "left behind: {left:?}");
            assert_eq!(endpoint.usage(), Default::default());
        }
    }
}

#[test]
fn every_request_ends_and_every_delivery_is_reported() {
    for seed in 1..300 {
        let run = std::panic::catch_unwind(|| {
            let mut history = History::new(seed);
            for _ in 0..150 {
                history.step();
            }
            history.finish();
        });
        assert!(run.is_ok(), "history {seed}");
    }
}
