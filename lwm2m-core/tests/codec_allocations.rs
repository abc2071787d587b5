//! What decoding costs in memory: little for what devices send, a bounded multiple of the payload for what attackers do.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::alloc::System;

use lwm2m_core::{
    Links, NoModel, Node, ObjectId, Path, Tree, Value, Version,
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

    everyday();
    for (format, at, payload) in hostile() {
        let cx = Context { model: &NoModel, version: Version::V1_2, tree: &Tree::DEFAULT };
        let at = Path::new(at).unwrap();
        let most = 200 * payload.len().max(64);
        for (what, bytes) in [
            ("a node", cost(|| codec::decode(format, &cx, at, &payload).is_ok()).1),
            ("values", cost(|| codec::decode_into(format, &cx, at, &payload, &mut Vec::new()).is_ok()).1),
            ("times", cost(|| codec::decode_timed(format, &cx, at, &payload).is_ok()).1),
            ("a list", cost(|| codec::decode_many(format, &cx, &payload).is_ok()).1),
            ("places", cost(|| codec::decode_paths(format, &cx, &payload).is_ok()).1),
            ("a patch", cost(|| codec::decode_patch(format, &cx, &payload).is_ok()).1),
            ("instances", cost(|| codec::decode_create(format, &cx, ObjectId(9), &payload).is_ok()).1),
        ] {
            assert!(bytes <= most, "{format}: {bytes} bytes for {what} of {} bytes at {at}", payload.len());
        }
    }
}

/// One value: what it is kept in, if anything.
fn everyday() {
    let cx = Context { model: &NoModel, version: Version::V1_2, tree: &Tree::DEFAULT };
    let at = Path::new(&[3303, 0, 5700]).unwrap();
    let node = Node::Value(Value::Float(21.5));
    for format in [0, 60, 110, 112, 11542, 11543, 11544].map(ContentFormat) {
        let mut out = Vec::with_capacity(64);
        let (written, _) = cost(|| codec::encode(format, &cx, at, &node, &mut out).unwrap());
        assert_eq!(written, 0, "writing {format}");
        let (read, _) = cost(|| codec::decode(format, &cx, at, &out).unwrap());
        // the octets of an unknown kind, and the text of one; legacy JSON passes over its list before it reads it
        let kept = usize::from(matches!(format.0, 0 | 11542 | 11543));
        assert_eq!(read, kept, "reading {format}");
    }
}

/// As many nodes as fit, as many times, and lengths and depths that are not there.
fn hostile() -> Vec<(ContentFormat, &'static [u16], Vec<u8>)> {
    use ContentFormat as F;
    let each = |count: u16, item: &dyn Fn(u16) -> Vec<u8>| (0..count).flat_map(item).collect::<Vec<u8>>();
    let wide = |id: u16| [0x19, (id >> 8) as u8, id as u8];
    let json = |text: String| text.into_bytes();
    let list = |count: u16, item: &dyn Fn(u16) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
    let in_pack =
        |records: Vec<u8>| [&[0x9f, 0xa1, 0x21, 0x63, b'/', b'9', b'/'][..], &records, &[0xff]].concat();
    let name = |id: u16| {
        let text = format!("{id}/0");
        [&[0x00, 0x60 + text.len() as u8], text.as_bytes(), &[0x02, 0x00]].concat()
    };
    let instance = |id| [&[0xa2][..], &name(id)].concat();
    let time = |id| [&[0xa3][..], &name(0), &[0x06], &wide(id)].concat();
    vec![
        (F::TLV, &[9, 0], each(21_000, &|id| vec![0xe0, (id >> 8) as u8, id as u8])),
        (F::TLV, &[9], each(10_000, &|id| vec![0x22, (id >> 8) as u8, id as u8, 0xc0, 0])),
        (F::TLV, &[9, 0, 0], each(21_000, &|id| vec![0x60, (id >> 8) as u8, id as u8])),
        (F::SENML_CBOR, &[9], in_pack(each(10_000, &|id| instance(id % 60_000)))),
        (F::SENML_CBOR, &[9, 0, 0], in_pack(each(10_000, &time))),
        (F::SENML_CBOR, &[9, 0], vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (F::SENML_CBOR, &[9, 0], vec![0x81, 0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (F::SENML_CBOR, &[9, 0], [&[0x81, 0xa2, 0x09][..], &[0x81; 60_000]].concat()),
        (F::SENML_CBOR, &[9, 0], [&[0x81, 0xa2, 0x09][..], &[0x9f; 60_000]].concat()),
        (F::SENML_ETCH_CBOR, &[9], [&[0x9f][..], &[0xa1, 0x00, 0x61, b'/'].repeat(10_000), &[0xff]].concat()),
        (
            F::LWM2M_CBOR,
            &[9],
            [&[0xbf][..], &each(10_000, &|id| [&[0x82, 9][..], &wide(id), &[0xa1, 0, 0]].concat()), &[0xff]]
                .concat(),
        ),
        (F::LWM2M_CBOR, &[9, 0], vec![0xa1; 60_000]),
        (F::LWM2M_CBOR, &[9, 0], [&[0xa1, 0x9f][..], &[0; 60_000]].concat()),
        (F::CBOR, &[9, 0, 0], vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (F::CBOR, &[9, 0, 0], [&[0x5f][..], &[0x41, 0].repeat(30_000), &[0xff]].concat()),
        (F::CBOR, &[9, 0, 0], vec![0xc4; 60_000]),
        (
            F::SENML_JSON,
            &[9],
            json(format!("[{}]", list(10_000, &|id| format!("{{\"n\":\"/9/{id}/0\",\"v\":0}}")))),
        ),
        (
            F::SENML_JSON,
            &[9, 0, 0],
            json(format!("[{}]", list(10_000, &|id| format!("{{\"n\":\"/9/0/0\",\"t\":{id},\"v\":0}}")))),
        ),
        (F::SENML_JSON, &[9], json(format!("[{{\"x\":{}", "[".repeat(60_000)))),
        (F::SENML_JSON, &[9], "[".repeat(60_000).into_bytes()),
        (
            F::SENML_JSON,
            &[9],
            json(format!(
                "[{{\"bn\":\"/{}/\"}},{}]",
                "a".repeat(500),
                list(10_000, &|_| "{\"n\":\"9\",\"v\":0}".to_owned())
            )),
        ),
        (
            F::JSON,
            &[9],
            json(format!("{{\"e\":[{}]}}", list(10_000, &|id| format!("{{\"n\":\"{id}/0\",\"v\":0}}")))),
        ),
    ]
}

/// Allocations of `act`, and the bytes they took together.
fn cost<T>(act: impl FnOnce() -> T) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let kept = act();
    let change = region.change();
    drop(kept);
    (change.allocations + change.reallocations, change.bytes_allocated)
}
