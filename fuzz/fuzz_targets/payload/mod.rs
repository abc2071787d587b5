//! Payloads of one format. The first byte says what is addressed; what is read is written, and read as the same.

use lwm2m_core::{
    Model, NoModel, ObjectId, Path, Tree, Version,
    codec::{self, ContentFormat, Context, DecodeError},
};

use crate::kinds;

/// The bits of the first byte: no model; an alternate path; three for the depth; and as many for the resource.
pub fn run(format: ContentFormat, data: &[u8]) {
    let Some((what, payload)) = data.split_first() else { return };
    let model: &dyn Model = if what & 0x80 == 0 { &kinds::Objects } else { &NoModel };
    let tree = if what & 0x40 == 0 { Tree::DEFAULT } else { Tree::below("/lwm2m").expect("a word") };
    let cx = Context { model, version: Version::V1_2, tree: &tree };
    let ids = [3, 0, u16::from(what & 7), 0];
    let depth = usize::from(what >> 3 & 7).min(ids.len());
    let at = Path::new(&ids[..depth]).expect("no id is reserved");

    check(
        payload,
        |payload| codec::decode(format, &cx, at, payload),
        |node, out| codec::encode(format, &cx, at, node, out),
    );
    check(
        payload,
        |payload| codec::decode_many(format, &cx, payload),
        |list, out| codec::encode_many(format, &cx, list, out),
    );
    check(
        payload,
        |payload| codec::decode_paths(format, &cx, payload),
        |list, out| codec::encode_paths(format, &cx, list, out),
    );
    check(
        payload,
        |payload| codec::decode_patch(format, &cx, payload),
        |list, out| codec::encode_patch(format, &cx, list, out),
    );
    let object = ObjectId(3);
    check(
        payload,
        |payload| codec::decode_create(format, &cx, object, payload),
        |new, out| codec::encode_create(format, &cx, object, new, out),
    );
    // a history; one value of now has no form of its own in a list
    let timed = |payload: &[u8]| codec::decode_timed(format, &cx, at, payload);
    if timed(payload).is_ok_and(|values| values.iter().any(|value| value.at.is_some())) {
        check(payload, timed, |list, out| codec::encode_many(format, &cx, list, out));
    }
    let node = codec::decode(format, &cx, at, payload);
    if what & 0x80 == 0 {
        let asked = Context { model: &kinds::Resources, ..cx };
        assert_eq!(node, codec::decode(format, &asked, at, payload));
    }
    let mut list = Vec::new();
    match (node, codec::decode_into(format, &cx, at, payload, &mut list)) {
        (Ok(node), Ok(())) => {
            codec::encode(format, &cx, at, &node, &mut Vec::new())
                .expect("a node that was read can be written");
            list.sort_by_key(|(path, _)| *path);
            assert!(node.leaves(at).into_iter().eq(list.iter().map(|(path, value)| (*path, value))));
        }
        (Err(of_node), Err(of_list)) => assert!(of_node == of_list && list.is_empty()),
        (node, list) => panic!("{node:?} and {list:?}"),
    }
}

/// What is read is written, read again and written as the same. A refusal is of a place in the payload.
///
/// What has no form to be written in is left alone: old times, removals.
fn check<T, E>(
    payload: &[u8],
    read: impl Fn(&[u8]) -> Result<T, DecodeError>,
    write: impl Fn(&T, &mut Vec<u8>) -> Result<(), E>,
) {
    let found = match read(payload) {
        Ok(found) => found,
        Err(error) => {
            return assert!(error.offset().is_none_or(|offset| offset <= payload.len()), "{error:?}");
        }
    };
    let mut first = Vec::new();
    if write(&found, &mut first).is_err() {
        return;
    }
    let again = read(&first).unwrap_or_else(|error| panic!("{error}: {first:02x?}"));
    let mut second = Vec::new();
    assert!(write(&again, &mut second).is_ok(), "{first:02x?}");
    assert_eq!(first, second);
}
