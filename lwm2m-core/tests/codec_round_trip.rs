//! Random definitions and values: what a format writes it reads again, and damaged payloads are refused or read as
//! something else, never more.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, InstanceId, Kind, Model, Node, ObjectDef, ObjectId, Objlnk, Ops, Path, ResourceDef, ResourceId,
    Tree, Value, Version,
    codec::{self, ContentFormat, Context},
};
use proptest::{collection, prelude::*, sample::Index};

const KINDS: [Kind; 9] = [
    Kind::String,
    Kind::Integer,
    Kind::Unsigned,
    Kind::Float,
    Kind::Boolean,
    Kind::Opaque,
    Kind::Time,
    Kind::Objlnk,
    Kind::Corelnk,
];

/// Object 1: each resource id has a kind; every third is multiple.
#[derive(Debug)]
struct Definitions(BTreeMap<ResourceId, ResourceDef>);

impl Model for Definitions {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }

    fn resource(&self, _object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.0.get(&resource)
    }
}

fn cx(model: &dyn Model) -> Context<'_> {
    Context { model, version: Version::V1_1, tree: &Tree::DEFAULT }
}

fn id() -> impl Strategy<Value = u16> {
    prop_oneof![0..4_u16, 250..260_u16, 0..65535_u16]
}

fn value(kind: Kind, finite: bool) -> BoxedStrategy<Value> {
    let whole = prop_oneof![any::<i64>(), any::<i8>().prop_map(i64::from), any::<i32>().prop_map(i64::from)];
    match kind {
        Kind::Integer => whole.prop_map(Value::Integer).boxed(),
        Kind::Time => whole.prop_map(Value::Time).boxed(),
        Kind::Unsigned => prop_oneof![any::<u64>(), 0..300_u64].prop_map(Value::Unsigned).boxed(),
        Kind::Float => {
            let all = any::<u64>()
                .prop_map(f64::from_bits)
                .prop_filter("finite", move |f| !finite || f.is_finite());
            prop_oneof![all, any::<i16>().prop_map(|n| f64::from(n) / 8.0)].prop_map(Value::Float).boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Opaque => {
            collection::vec(any::<u8>(), 0..300).prop_map(|o| Value::Opaque(Bytes::from(o))).boxed()
        }
        Kind::Objlnk => any::<(u16, u16)>()
            .prop_map(|(o, i)| Value::Objlnk(Objlnk { object: ObjectId(o), instance: InstanceId(i) }))
            .boxed(),
        Kind::Corelnk => ".{0,20}".prop_map(Value::Corelnk).boxed(),
        _ => ".{0,80}".prop_map(Value::String).boxed(),
    }
}

fn resource(kind: Kind, multiple: bool) -> BoxedStrategy<Node> {
    if multiple {
        collection::btree_map(id(), value(kind, false), 0..5).prop_map(Node::Multiple).boxed()
    } else {
        value(kind, false).prop_map(Node::Value).boxed()
    }
}

fn definitions() -> impl Strategy<Value = BTreeMap<u16, (Kind, bool)>> {
    collection::btree_map(id(), (proptest::sample::select(&KINDS), proptest::bool::weighted(0.3)), 1..8)
}

fn model_of(definitions: &BTreeMap<u16, (Kind, bool)>) -> Definitions {
    let define = |(id, (kind, multiple)): (&u16, &(Kind, bool))| {
        let def = ResourceDef::new(*id, "", *kind, Ops::RW);
        (ResourceId(*id), if *multiple { def.multiple() } else { def })
    };
    Definitions(definitions.iter().map(define).collect())
}

fn instance(definitions: &BTreeMap<u16, (Kind, bool)>) -> BoxedStrategy<BTreeMap<ResourceId, Node>> {
    let mut all = Just(BTreeMap::new()).boxed();
    for (id, (kind, multiple)) in definitions {
        let id = ResourceId(*id);
        all = (all, proptest::option::weighted(0.8, resource(*kind, *multiple)))
            .prop_map(move |(mut map, node)| {
                map.extend(node.map(|node| (id, node)));
                map
            })
            .boxed();
    }
    all
}

/// A model, a path and a node that belongs there: an object, an instance, a resource or a resource instance.
fn addressed() -> impl Strategy<Value = (Definitions, Path, Node)> {
    (definitions(), id(), any::<Index>(), 1..=4_usize).prop_flat_map(|(definitions, object, index, depth)| {
        let instances = collection::btree_map(id(), instance(&definitions), 0..4);
        (Just(definitions), instances).prop_map(move |(definitions, instances)| {
            let mut node = Node::Object(
                instances
                    .into_iter()
                    .map(|(id, resources)| (InstanceId(id), Node::Instance(resources)))
                    .collect(),
            );
            let mut path = Path::new(&[object]).unwrap();
            while usize::from(path.depth()) < depth {
                let Some((id, child)) = child(&node, &index) else { break };
                (path, node) = (path.push(id).unwrap(), child);
            }
            (model_of(&definitions), path, node)
        })
    })
}

fn child(node: &Node, index: &Index) -> Option<(u16, Node)> {
    let children: Vec<(u16, Node)> = match node {
        Node::Object(map) => map.iter().map(|(id, node)| (id.0, node.clone())).collect(),
        Node::Instance(map) => map.iter().map(|(id, node)| (id.0, node.clone())).collect(),
        Node::Multiple(map) => map.iter().map(|(id, value)| (*id, Node::Value(value.clone()))).collect(),
        _ => Vec::new(),
    };
    (!children.is_empty()).then(|| children[index.index(children.len())].clone())
}

fn written(format: ContentFormat, model: &dyn Model, at: Path, node: &Node) -> Vec<u8> {
    let mut out = Vec::new();
    codec::encode(format, &cx(model), at, node, &mut out).unwrap();
    out
}

proptest! {
    #[test]
    fn tlv_is_read_as_it_was_written((model, at, node) in addressed()) {
        let bytes = written(ContentFormat::TLV, &model, at, &node);
        let read = codec::decode(ContentFormat::TLV, &cx(&model), at, &bytes);
        prop_assert_eq!(read.as_ref(), Ok(&node));
        prop_assert_eq!(written(ContentFormat::TLV, &model, at, &read.unwrap()), bytes);
    }

    #[test]
    fn tlv_without_definitions_keeps_every_byte((model, at, node) in addressed()) {
        let none = lwm2m_core::NoModel;
        let bytes = written(ContentFormat::TLV, &model, at, &node);
        let untyped = codec::decode(ContentFormat::TLV, &cx(&none), at, &bytes).unwrap();
        prop_assert_eq!(written(ContentFormat::TLV, &none, at, &untyped), bytes);
    }

    #[test]
    fn a_create_is_read_as_it_was_written(
        (definitions, id, values) in definitions().prop_flat_map(|d| {
            let values = instance(&d);
            (Just(d), proptest::option::of(id()), values)
        }),
    ) {
        let model = model_of(&definitions);
        let new = vec![(id.map(InstanceId), values.into_iter().collect())];
        let mut out = Vec::new();
        codec::encode_create(ContentFormat::TLV, &cx(&model), ObjectId(5), &new, &mut out).unwrap();
        prop_assert_eq!(codec::decode_create(ContentFormat::TLV, &cx(&model), ObjectId(5), &out), Ok(new));
    }

    #[test]
    fn text_is_read_as_it_was_written(
        (kind, value) in proptest::sample::select(&KINDS).prop_flat_map(|kind| (Just(kind), value(kind, true))),
    ) {
        let model = model_of(&BTreeMap::from([(7, (kind, false))]));
        let (at, node) = (Path::new(&[1, 0, 7]).unwrap(), Node::Value(value));
        let bytes = written(ContentFormat::TEXT, &model, at, &node);
        if kind == Kind::Float {
            prop_assert!(bytes.iter().all(|b| matches!(b, b'0'..=b'9' | b'-' | b'.')));
        }
        prop_assert_eq!(codec::decode(ContentFormat::TEXT, &cx(&model), at, &bytes), Ok(node));
    }

    #[test]
    fn opaque_is_read_as_it_was_written(octets in collection::vec(any::<u8>(), 0..2000)) {
        let model = model_of(&BTreeMap::from([(0, (Kind::Opaque, false))]));
        let (at, node) = (Path::new(&[5, 0, 0]).unwrap(), Node::Value(Value::Opaque(octets.clone().into())));
        prop_assert_eq!(written(ContentFormat::OPAQUE, &model, at, &node), &octets[..]);
        prop_assert_eq!(codec::decode(ContentFormat::OPAQUE, &cx(&model), at, &octets), Ok(node));
    }

    #[test]
    fn damaged_tlv_does_not_panic_and_what_is_read_is_stable(
        (model, at, node) in addressed(),
        (place, flip, cut) in (any::<Index>(), 1..=255_u8, any::<Index>()),
    ) {
        let mut bytes = written(ContentFormat::TLV, &model, at, &node);
        if !bytes.is_empty() {
            let place = place.index(bytes.len());
            bytes[place] ^= flip;
            bytes.truncate(cut.index(bytes.len() * 2).max(place + 1));
        }
        let _ = codec::decode_create(ContentFormat::TLV, &cx(&model), ObjectId(1), &bytes);
        if let Ok(read) = codec::decode(ContentFormat::TLV, &cx(&model), at, &bytes) {
            let again = written(ContentFormat::TLV, &model, at, &read);
            prop_assert!(again.len() <= bytes.len() + 10);
            prop_assert_eq!(codec::decode(ContentFormat::TLV, &cx(&model), at, &again), Ok(read));
        }
    }

    #[test]
    fn any_octets_are_text_or_an_error(
        kind in proptest::sample::select(&KINDS),
        bytes in prop_oneof!["[-+0-9.eE:=/A-Za-z]{0,24}".prop_map(String::into_bytes), collection::vec(any::<u8>(), 0..24)],
    ) {
        let model = model_of(&BTreeMap::from([(7, (kind, false))]));
        let at = Path::new(&[1, 0, 7]).unwrap();
        if let Ok(read) = codec::decode(ContentFormat::TEXT, &cx(&model), at, &bytes) {
            let again = written(ContentFormat::TEXT, &model, at, &read);
            prop_assert_eq!(codec::decode(ContentFormat::TEXT, &cx(&model), at, &again), Ok(read));
        }
    }
}
