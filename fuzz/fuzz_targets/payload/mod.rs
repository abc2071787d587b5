//! Payloads of one format. The first byte says what is addressed; what is read is written, and read as the same.

use std::sync::LazyLock;

use lwm2m_core::{
    Kind, Model, NoModel, ObjectDef, ObjectId, Ops, Path, ResourceDef, ResourceId, Tree, Version,
    codec::{self, ContentFormat, Context, DecodeError},
};

const KINDS: [Kind; 10] = [
    Kind::String,
    Kind::Integer,
    Kind::Unsigned,
    Kind::Float,
    Kind::Boolean,
    Kind::Opaque,
    Kind::Time,
    Kind::Objlnk,
    Kind::Corelnk,
    Kind::Executable,
];

/// Every kind by the resource's id, single and multiple; ids from 20 on have no definition.
struct Kinds(Vec<ResourceDef>);

static MODEL: LazyLock<Kinds> = LazyLock::new(|| {
    let single = KINDS.map(|kind| ResourceDef::new(0, "", kind, Ops::RW));
    let multiple = single.clone().map(ResourceDef::multiple);
    Kinds(single.into_iter().chain(multiple).collect())
});

impl Model for Kinds {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }

    fn resource(&self, _object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.0.get(usize::from(resource.0))
    }
}

/// The bits of the first byte: no model; an alternate path; three for the depth; and as many for the resource.
pub fn run(format: ContentFormat, data: &[u8]) {
    let Some((what, payload)) = data.split_first() else { return };
    let model: &dyn Model = if what & 0x80 == 0 { &*MODEL } else { &NoModel };
    let tree = if what & 0x40 == 0 { Tree::DEFAULT } else { Tree::below("/lwm2m").expect("a word") };
    let cx = Context { model, version: Version::V1_2, tree: &tree };
    let ids = [3, 0, u16::from(what & 7), 0];
    let depth = usize::from(what >> 3 & 7).min(ids.len());
    let at = Path::new(&ids[..depth]).expect("no id is reserved");

    if let Some(node) = place(payload, codec::decode(format, &cx, at, payload)) {
        let again = written(|out| codec::encode(format, &cx, at, &node, out)).expect("what was read can be written");
        assert_eq!(codec::decode(format, &cx, at, &again), Ok(node));
    }
    if let Some(timed) = place(payload, codec::decode_timed(format, &cx, at, payload))
        && let Some(again) = written(|out| codec::encode_many(format, &cx, &timed, out))
        && timed.iter().any(|value| value.at.is_some())
    {
        assert_eq!(codec::decode_timed(format, &cx, at, &again), Ok(timed));
    }
    if let Some(list) = place(payload, codec::decode_many(format, &cx, payload))
        && let Some(again) = written(|out| codec::encode_many(format, &cx, &list, out))
    {
        assert_eq!(codec::decode_many(format, &cx, &again), Ok(list));
    }
    if let Some(paths) = place(payload, codec::decode_paths(format, &cx, payload)) {
        let again = written(|out| codec::encode_paths(format, &cx, &paths, out)).expect("a path can be written");
        assert_eq!(codec::decode_paths(format, &cx, &again), Ok(paths));
    }
    if let Some(patch) = place(payload, codec::decode_patch(format, &cx, payload))
        && let Some(again) = written(|out| codec::encode_patch(format, &cx, &patch, out))
    {
        assert_eq!(codec::decode_patch(format, &cx, &again), Ok(patch));
    }
    if let Some(new) = place(payload, codec::decode_create(format, &cx, ObjectId(3), payload))
        && let Some(again) = written(|out| codec::encode_create(format, &cx, ObjectId(3), &new, out))
    {
        assert_eq!(codec::decode_create(format, &cx, ObjectId(3), &again), Ok(new));
    }
}

/// A refusal is of a place in the payload.
fn place<T>(payload: &[u8], read: Result<T, DecodeError>) -> Option<T> {
    read.map_err(|error| assert!(error.offset().is_none_or(|offset| offset <= payload.len()), "{error:?}")).ok()
}

fn written<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write(&mut out).is_ok().then_some(out)
}
