//! The CoAP codec alone: `cargo bench -p lwm2m-core --bench message`.
//!
//! `encode` appends a message whose options are ready, `compose` makes the options first. That none of them
//! allocates is a test (`tests/message_allocations.rs`), not a measurement.

use std::hint::black_box;

use bytes::{Bytes, BytesMut};
use divan::Bencher;
use lwm2m_core::coap::Message;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() {
    divan::main();
}

#[divan::bench(args = ["register", "notification"], sample_size = 1000)]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let frame = samples::frame(name);
    bencher.bench_local(|| Message::parse(black_box(&frame)).map(|message| message.payload.len()));
}

/// Into a request or response that shares the frame, as the endpoint hands it on.
#[divan::bench(args = ["register", "notification"], sample_size = 1000)]
fn parse_owned(bencher: Bencher<'_, '_>, name: &str) {
    let frame = Bytes::from(samples::frame(name));
    bencher.bench_local(|| Message::parse(black_box(&frame)).map(|message| message.to_response(&frame)));
}

/// Every option looked at once, as a role does.
#[divan::bench(args = ["register", "notification"], sample_size = 1000)]
fn walk(bencher: Bencher<'_, '_>, name: &str) {
    let frame = samples::frame(name);
    let message = Message::parse(&frame).ok();
    bencher.bench_local(|| {
        black_box(message).map(|message| message.options.iter().map(|(_, value)| value.len()).sum::<usize>())
    });
}

#[divan::bench(args = ["register", "notification"], sample_size = 1000)]
fn encode(bencher: Bencher<'_, '_>, name: &str) {
    let frame = samples::frame(name);
    let mut out = BytesMut::with_capacity(256);
    let message = Message::parse(&frame).ok();
    bencher.bench_local(|| {
        out.clear();
        if let Some(message) = black_box(message) {
            message.encode(&mut out);
        }
        out.len()
    });
}

#[divan::bench(sample_size = 1000)]
fn compose_register(bencher: Bencher<'_, '_>) {
    let mut out = BytesMut::with_capacity(256);
    bencher.bench_local(|| {
        out.clear();
        samples::register(black_box(samples::ENDPOINT), &mut out);
        out.len()
    });
}

#[divan::bench(sample_size = 1000)]
fn compose_notification(bencher: Bencher<'_, '_>) {
    let mut out = BytesMut::with_capacity(256);
    bencher.bench_local(|| {
        out.clear();
        samples::notification(black_box(0x01_0203), &mut out);
        out.len()
    });
}
