//! Reading and writing a message allocates nothing: a server does both for every device, every minute.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod samples;

use std::alloc::System;

use bytes::{Bytes, BytesMut};
use lwm2m_core::coap::Message;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One test: the counters are of the whole process.
#[test]
fn nothing_is_allocated() {
    let mut out = BytesMut::with_capacity(256);
    samples::register(samples::ENDPOINT, &mut out);
    assert_eq!(out.len(), 120);
    let register = out.split().freeze();
    samples::notification(7, &mut out);
    let notification = out.split().freeze();
    out.reserve(256);
    // The first clone of such a buffer makes its reference count.
    drop((register.clone(), notification.clone()));
    for frame in [&register, &notification] {
        assert_eq!(allocations(|| Message::parse(frame).unwrap().encode(&mut out)), 0, "read and written");
        assert_eq!(allocations(|| owned(frame)), 0, "made a request that shares the frame");
    }
    assert_eq!(allocations(|| samples::notification(8, &mut out)), 0, "made from nothing");
}

fn owned(frame: &Bytes) {
    let request = Message::parse(frame).unwrap().to_request(frame);
    assert!(!request.options.is_empty() && !request.payload.is_empty());
}

fn allocations(act: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    act();
    let change = region.change();
    change.allocations + change.reallocations
}
