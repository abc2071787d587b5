//! A fleet in queue mode: devices wake up when they like, some die over a request, and every operation is carried out
//! once and in its order, or its caller hears that it expired, or that nobody knows. HLF-018.
//!
//! Five hundred devices; `SLEEPERS=10000` for the long form, of 100,000 operations.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail so")]

use std::{
    cell::RefCell,
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::BytesMut;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use lwm2m_core::{
    Code,
    coap::MessageId,
    coap::{Message, MessageType, OptionNumber, Options, Token},
    sim::{Host, Net, RawUdp},
};
use lwm2m_server::{RequestError, Server, machine::Limits};

/// Operations for each device.
const EACH: u32 = 10;
/// A host has some thousand ports.
const PER_HOST: usize = 1000;

fn sleepers() -> usize {
    std::env::var("SLEEPERS").ok().and_then(|count| count.parse().ok()).unwrap_or(500)
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What a device carried out, in order.
type Done = Arc<Mutex<Vec<u32>>>;

struct Device {
    net: Net,
    socket: RawUdp,
    server: SocketAddr,
    location: Vec<String>,
    next: u16,
    dice: Dice,
    /// Message IDs that were carried out.
    seen: HashSet<u16>,
    done: Done,
}

impl Device {
    fn send(&self, kind: MessageType, code: Code, id: MessageId, token: Token, options: &Options) {
        let mut frame = BytesMut::new();
        Message { kind, code, id, token, options: options.view(), payload: b"" }.encode(&mut frame);
        self.socket.send(self.server, frame.freeze());
    }

    /// Sends an Update or a Register; what comes back is read with everything else.
    fn speak(&mut self, options: &Options) {
        self.next = self.next.wrapping_add(1);
        self.send(MessageType::Confirmable, Code::POST, MessageId(self.next), Token::EMPTY, options);
    }

    /// Listens until nothing has come for the awake window, or until it dies over a request.
    async fn listen(&mut self) {
        while let Ok((_, frame)) = self.net.timeout(seconds(93), self.socket.recv()).await {
            let message = Message::parse(&frame).unwrap();
            if message.code == Code::CREATED {
                let options = message.options.to_options(&frame);
                self.location = options.location_path().map(str::to_owned).collect();
            }
            if message.code != Code::PUT {
                continue;
            }
            let fate = self.dice.roll(40);
            if fate == 0 {
                return; // dead before it is carried out
            }
            if self.seen.insert(message.id.0) {
                let number = std::str::from_utf8(message.payload).unwrap().parse().unwrap();
                self.done.lock().unwrap().push(number);
            }
            if fate == 1 {
                return; // dead before the answer
            }
            let (id, token) = (message.id, message.token);
            self.send(MessageType::Acknowledgement, Code::CHANGED, id, token, &Options::new());
        }
    }

    async fn live(mut self, name: String) {
        let register = Options::new()
            .with_path(["rd"])
            .with_uint(OptionNumber::CONTENT_FORMAT, 40)
            .with_query(&format!("ep={name}"))
            .with_query("lt=86400")
            .with_query("lwm2m=1.1")
            .with_query("Q");
        let register = |device: &mut Self| device.speak(&register);
        self.net.sleep(Duration::from_millis(self.dice.roll(60_000))).await;
        register(&mut self);
        loop {
            self.listen().await;
            self.net.sleep(seconds(100 + self.dice.roll(1200))).await;
            while self.socket.try_recv().is_some() {} // it was off
            if self.dice.roll(10) == 0 {
                register(&mut self); // it has forgotten that it was registered
            } else {
                let update = Options::new().with_path(self.location.iter().map(String::as_str));
                self.speak(&update);
            }
        }
    }
}

fn fleet(net: &Net, server: &Host, count: usize) -> Vec<Done> {
    let hosts: Vec<Host> = (0..count.div_ceil(PER_HOST)).map(|n| net.host(&format!("site-{n}"))).collect();
    (0..count)
        .map(|n| {
            let (host, done) = (&hosts[n / PER_HOST], Done::default());
            net.between(server, host).untraced();
            let device = Device {
                net: net.clone(),
                socket: host.raw(0),
                server: server.at(5683),
                location: Vec::new(),
                next: 0,
                dice: Dice(n as u64),
                seen: HashSet::new(),
                done: done.clone(),
            };
            host.task(device.live(format!("sleeper-{n}")));
            done
        })
        .collect()
}

#[derive(Debug, Default)]
struct Tally {
    done: usize,
    expired: usize,
    unknown: usize,
}

#[test]
fn every_operation_is_done_once_in_order_or_accounted_for() {
    let count = sleepers();
    let net = Net::seeded(108);
    let tally = RefCell::new(Tally::default());
    net.run_for(seconds(86_400), async {
        let host = net.host("server");
        let mut limits = Limits::default();
        limits.requests = 200_000;
        let server = Server::builder().shards(2).limits(limits).start_in(&host).await.unwrap();
        let done = fleet(&net, &host, count);
        net.sleep(seconds(300)).await;

        let (mut dice, mut waiting) = (Dice(7), FuturesUnordered::new());
        for number in 0..EACH {
            for n in 0..count {
                let client = server.client(format!("sleeper-{n}"));
                let expires = seconds(60 + dice.roll(7200));
                let write = client.write("/3/0/14", number.to_string()).expires(expires).timeout(seconds(20));
                waiting.push(async move { (n, number, write.await) });
            }
            // Whatever ends meanwhile is read later.
            let _ = net.timeout(seconds(dice.roll(300)), std::future::pending::<()>()).await;
        }
        let mut succeeded = vec![Vec::new(); count];
        while let Some((n, number, result)) = waiting.next().await {
            let carried_out = done[n].lock().unwrap().iter().filter(|done| **done == number).count();
            let mut tally = tally.borrow_mut();
            match result {
                Ok(()) => {
                    assert_eq!(carried_out, 1, "device {n}, operation {number}");
                    tally.done += 1;
                    succeeded[n].push(number);
                }
                Err(RequestError::Expired) => {
                    assert_eq!(carried_out, 0, "device {n}, operation {number}");
                    tally.expired += 1;
                }
                Err(error) => {
                    let unknown = error.may_have_been_applied() && error.is_temporary();
                    assert!(unknown && carried_out <= 1, "device {n}, operation {number}: {error:?}");
                    tally.unknown += 1;
                }
            }
        }
        for (done, succeeded) in done.iter().zip(&succeeded) {
            let mut done = done.lock().unwrap().clone();
            assert!(done.is_sorted(), "out of order: {done:?}");
            done.retain(|number| succeeded.contains(number));
            assert_eq!(done.len(), succeeded.len());
        }
        let held: usize = server.stats().await.unwrap().iter().map(|stats| stats.requests).sum();
        assert_eq!(held, 0);
    });
    let Tally { done, expired, unknown } = tally.into_inner();
    assert_eq!(done + expired + unknown, count * EACH as usize);
    // Each fate is common enough to have been tested.
    assert!(done > count && expired > count / 10 && unknown > count / 10, "{done} {expired} {unknown}");
}
