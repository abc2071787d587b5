//! Payloads of the codecs. The first byte says what is addressed; what is accepted is written and read to the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lwm2m_core::{
    Model, NoModel, ObjectId, Path, Tree, Version,
    codec::{ContentFormat, Context, decode, decode_create, decode_into, encode, encode_create},
};

mod kinds;

fuzz_target!(|data: &[u8]| {
    let Some((what, payload)) = data.split_first() else { return };
    let model: &dyn Model = if what & 0x80 == 0 { &kinds::Objects } else { &NoModel };
    let cx = Context { model, version: Version::V1_1, tree: &Tree::DEFAULT };
    let ids = [3, 0, u16::from(what & 0x1f), 0];
    match what >> 5 & 3 {
        0 => create(&cx, payload),
        depth => {
            for more in 0..2 {
                let path = Path::new(&ids[..usize::from(depth) + more]).expect("no id is reserved");
                for format in [ContentFormat::TLV, ContentFormat::TEXT, ContentFormat::OPAQUE] {
                    round_trip(format, &cx, path, payload);
                }
            }
        }
    }
});

fn round_trip(format: ContentFormat, cx: &Context<'_>, path: Path, payload: &[u8]) {
    let (read, mut list) = (decode(format, cx, path, payload), Vec::new());
    if cx.model.object(ObjectId(3)).is_some() {
        assert_eq!(read, decode(format, &Context { model: &kinds::Resources, ..*cx }, path, payload));
    }
    assert_eq!(
        decode_into(format, cx, path, payload, &mut list),
        read.as_ref().map(|_| ()).map_err(Clone::clone)
    );
    let Ok(node) = read else { return };
    list.sort_by_key(|(path, _)| *path);
    assert!(node.leaves(path).into_iter().eq(list.iter().map(|(path, value)| (*path, value))));
    let mut again = Vec::new();
    encode(format, cx, path, &node, &mut again).expect("what was read can be written");
    assert_eq!(decode(format, cx, path, &again), Ok(node));
}

fn create(cx: &Context<'_>, payload: &[u8]) {
    let Ok(new) = decode_create(ContentFormat::TLV, cx, ObjectId(3), payload) else { return };
    let mut again = Vec::new();
    encode_create(ContentFormat::TLV, cx, ObjectId(3), &new, &mut again)
        .expect("what was read can be written");
    assert_eq!(decode_create(ContentFormat::TLV, cx, ObjectId(3), &again), Ok(new));
}
