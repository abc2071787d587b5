//! What decoding costs in memory: little for what devices send, a bounded multiple of the payload for what attackers do.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::alloc::System;

use lwm2m_core::{
    Links, NoModel, Path, Tree, Version,
    codec::{self, ContentFormat, Context},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REGISTER: &str = "</>;ct=\"110 112\",</1/0>,</1/1>,</3/0>,</4/0>,</5/0>,</6>,</3303>;ver=1.1,</3303/0>,</3303/1>,</3311/0>";

/// One test: the counters are of the whole process.
#[test]
fn decoding_allocates_in_proportion() {
    let (count, _) = cost(|| Links::parse(REGISTER).unwrap().objects.len());
    assert_eq!(count, 2, "the list of links and the list of formats");

    for links in ["</1>,".repeat(9_999) + "</1>", "<".repeat(1 << 16), "</1>;ct=1;".repeat(1 << 12)] {
        let (_, bytes) = cost(|| Links::parse(&links).is_ok());
        assert!(bytes <= 64 * links.len(), "{bytes} for {} bytes of links", links.len());
    }

    let cx = Context { model: &NoModel, version: Version::V1_1, tree: &Tree::DEFAULT };
    let decode = |at: &[u16], payload: &[u8]| {
        let at = Path::new(at).unwrap();
        cost(|| codec::decode(ContentFormat::TLV, &cx, at, payload).is_ok()).1
    };
    // as many nodes as fit: resources without a value, each alone in its instance, or in one multiple resource
    let resources: Vec<u8> = (0..21_000_u16).flat_map(|id| [0xe0, (id >> 8) as u8, id as u8]).collect();
    let instances: Vec<u8> =
        (0..10_000_u16).flat_map(|id| [0x22, (id >> 8) as u8, id as u8, 0xc0, 0]).collect();
    let items: Vec<u8> = (0..21_000_u16).flat_map(|id| [0x60, (id >> 8) as u8, id as u8]).collect();
    for (at, payload) in [(&[9, 0][..], resources), (&[9], instances), (&[9, 0, 0], items)] {
        let bytes = decode(at, &payload);
        assert!(bytes <= 200 * payload.len(), "{bytes} for {} bytes at {at:?}", payload.len());
    }
}

/// Allocations of `act`, and the bytes they took together.
fn cost<T>(act: impl FnOnce() -> T) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let kept = act();
    let change = region.change();
    drop(kept);
    (change.allocations + change.reallocations, change.bytes_allocated)
}
