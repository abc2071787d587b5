//! The CoAP endpoint alone, without sockets: `cargo bench -p lwm2m-core --bench endpoint`.
//!
//! One call of each is one message in and, where there is an answer, one message out, among 10,000 peers.

#![allow(clippy::indexing_slicing, reason = "frames of known length")]

use std::{hint::black_box, sync::Arc};

use bytes::Bytes;
use divan::Bencher;
use lwm2m_core::{
    Code, Link, LinkId, Mono, Now, Output, PeerId, Route,
    coap::{Config, Delivery, Endpoint, Event, OptionNumber, Options, Request, Response},
};

const PEERS: u32 = 10_000;

fn main() {
    divan::main();
}

fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

fn at(micros: u64) -> Now {
    Now { mono: Mono(micros), wall: None }
}

fn endpoint() -> (Endpoint, Vec<PeerId>) {
    let mut endpoint = Endpoint::new(Arc::new(Config::default()), [7; 32]);
    let peers = (0..PEERS)
        .map(|n| {
            let peer = endpoint.handle_up(at(0), route(n), Link::default());
            endpoint.set_registered(peer, true);
            peer
        })
        .collect();
    (endpoint, peers)
}

/// The frames of an Update, `POST /rd/5a3f`, confirmable or not, under ever new message IDs.
fn update(kind: u8, id: u16) -> Bytes {
    let [high, low] = id.to_be_bytes();
    let mut frame = vec![0x42 | kind << 4, 2, high, low, high, low];
    frame.extend(*b"\xb2rd\x045a3f");
    frame.into()
}

/// A confirmable request that is answered at once. A peer asks every ten seconds of virtual time.
#[divan::bench(sample_size = 1000)]
fn confirmable_request_and_answer(bencher: Bencher<'_, '_>) {
    let (mut endpoint, _) = endpoint();
    let frames: Vec<Bytes> = (0..=u16::MAX).map(|id| update(0, id)).collect();
    let mut n = 0_usize;
    bencher.bench_local(|| {
        n += 1;
        let now = at(n as u64 * 1000);
        let frame = frames[(n / PEERS as usize) % frames.len()].clone();
        endpoint.handle_frame(now, route(n as u32 % PEERS), frame);
        loop {
            match endpoint.poll_output(now) {
                Output::Event(Event::Request { id, .. }) => {
                    endpoint.respond(now, id, Response::new(Code::CHANGED));
                }
                Output::Transmit { frame, .. } => drop(black_box(frame)),
                Output::Timeout(_) => break,
                _ => {}
            }
        }
        if n.is_multiple_of(1000) {
            endpoint.handle_timeout(now);
        }
    });
}

/// A non-confirmable notification of an observation of ours.
#[divan::bench(sample_size = 1000)]
fn notification(bencher: Bencher<'_, '_>) {
    let (mut endpoint, peers) = endpoint();
    let now = at(1);
    let mut tokens = Vec::new();
    for (n, peer) in (0..).zip(&peers) {
        let options = Options::new().with_uint(OptionNumber::OBSERVE, 0).with_path(["3303", "0", "5700"]);
        endpoint.request(now, *peer, Request::new(Code::GET).with_options(options), Delivery::Confirmable);
        while let Output::Transmit { frame, .. } = endpoint.poll_output(now) {
            let mut answer = vec![0x64, 0x45, frame[2], frame[3]];
            answer.extend(&frame[4..8]);
            answer.extend([0x61, 1, 0xff, b'1']);
            tokens.push([frame[4], frame[5], frame[6], frame[7]]);
            endpoint.handle_frame(now, route(n), answer.into());
        }
        while !matches!(endpoint.poll_output(now), Output::Timeout(_)) {}
    }
    let mut n = 0_u32;
    bencher.bench_local(|| {
        n += 1;
        let now = at(u64::from(n) * 100);
        let of = n % PEERS;
        let [_, s1, s2, s3] = (n / PEERS + 2).to_be_bytes();
        let [t0, t1, t2, t3] = tokens[of as usize];
        let frame = [0x54, 0x45, s2, s3, t0, t1, t2, t3, 0x63, s1, s2, s3, 0x60, 0xff, b'2', b'1'];
        endpoint.handle_frame(now, route(of), Bytes::copy_from_slice(&frame));
        let mut notified = 0;
        loop {
            match endpoint.poll_output(now) {
                Output::Event(Event::Notification { .. }) => notified += 1,
                Output::Timeout(_) => break,
                _ => {}
            }
        }
        assert_eq!(notified, 1);
    });
}

/// A request of ours and its answer.
#[divan::bench(sample_size = 1000)]
fn own_request_and_answer(bencher: Bencher<'_, '_>) {
    let (mut endpoint, peers) = endpoint();
    let options = Options::new().with_path(["3303", "0", "5700"]);
    let request = Request::new(Code::GET).with_options(options);
    let mut n = 0_usize;
    bencher.bench_local(|| {
        n += 1;
        let now = at(n as u64 * 1000);
        let of = n % peers.len();
        endpoint.request(now, peers[of], request.clone(), Delivery::Confirmable);
        loop {
            match endpoint.poll_output(now) {
                Output::Transmit { frame, .. } => {
                    let answer =
                        [0x64, 0x45, frame[2], frame[3], frame[4], frame[5], frame[6], frame[7], 0xff, b'2'];
                    endpoint.handle_frame(now, route(of as u32), Bytes::copy_from_slice(&answer));
                }
                Output::Timeout(_) => break,
                _ => {}
            }
        }
    });
}
