//! Random definitions and values: what a format writes it reads again, and damaged payloads are refused or read as
//! something else, never more.
//!
//! What is empty below an object or an instance has no form but in TLV: it is not written.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, InstanceId, Kind, Model, NoModel, Node, ObjectDef, ObjectId, Objlnk, Ops, Path, ResourceDef,
    ResourceId, Tree, UnixTime, Value, Version,
    codec::{self, ContentFormat, Context, Patch, Stamp, Timed},
};
use proptest::{collection, prelude::*, sample::Index};

/// The formats that carry whole trees.
const TREES: [ContentFormat; 5] = [
    ContentFormat::TLV,
    ContentFormat::SENML_JSON,
    ContentFormat::SENML_CBOR,
    ContentFormat::JSON,
    ContentFormat::LWM2M_CBOR,
];

/// The formats of packs, and whether they have times, and trees beside that of the context.
const PACKS: [(ContentFormat, bool, bool); 4] = [
    (ContentFormat::SENML_JSON, true, true),
    (ContentFormat::SENML_CBOR, true, true),
    (ContentFormat::JSON, true, false),
    (ContentFormat::LWM2M_CBOR, false, true),
];

/// Every object has these resources, some of them multiple.
#[derive(Clone, Debug)]
struct Definitions {
    object: ObjectDef,
    /// Is the object told as a whole? Decoders read in one go what is as it is defined there; without it they ask for
    /// each resource, and it comes to the same.
    told: bool,
}

impl Model for Definitions {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        Some(&self.object).filter(|_| self.told)
    }

    fn resource(&self, _object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.object.resource(resource)
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

fn resource(kind: Kind, multiple: bool, finite: bool) -> BoxedStrategy<Node> {
    if multiple {
        collection::btree_map(id(), value(kind, finite), 0..5).prop_map(Node::Multiple).boxed()
    } else {
        value(kind, finite).prop_map(Node::Value).boxed()
    }
}

fn definitions() -> impl Strategy<Value = BTreeMap<u16, (Kind, bool)>> {
    collection::btree_map(
        id(),
        (proptest::sample::select(&Kind::VALUES), proptest::bool::weighted(0.3)),
        1..8,
    )
}

fn model_of(definitions: &BTreeMap<u16, (Kind, bool)>) -> Definitions {
    let define = |(id, (kind, multiple)): (&u16, &(Kind, bool))| {
        let def = ResourceDef::new(*id, "", *kind, Ops::RW);
        if *multiple { def.multiple() } else { def }
    };
    let resources = definitions.iter().map(define).collect();
    Definitions { object: ObjectDef::owned(1, String::new(), resources).multiple(), told: true }
}

fn instance(
    definitions: &BTreeMap<u16, (Kind, bool)>,
    finite: bool,
) -> BoxedStrategy<BTreeMap<ResourceId, Node>> {
    let mut all = Just(BTreeMap::new()).boxed();
    for (id, (kind, multiple)) in definitions {
        let id = ResourceId(*id);
        all = (all, proptest::option::weighted(0.8, resource(*kind, *multiple, finite)))
            .prop_map(move |(mut map, node)| {
                map.extend(node.map(|node| (id, node)));
                map
            })
            .boxed();
    }
    all
}

/// A model, a path and a node that belongs there: everything, an object, an instance, a resource or a resource instance.
/// Floats are finite: JSON has no others.
fn addressed(depths: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = (Definitions, Path, Node)> {
    (definitions(), id(), any::<Index>(), depths).prop_flat_map(|(definitions, object, index, depth)| {
        let instances = collection::btree_map(id(), instance(&definitions, true), 0..4);
        (Just(definitions), instances).prop_map(move |(definitions, instances)| {
            let instances = instances.into_iter().map(|(id, r)| (InstanceId(id), Node::Instance(r)));
            let object_node = Node::Object(instances.collect());
            let mut node = Node::Root(BTreeMap::from([(ObjectId(object), object_node)]));
            let mut path = Path::ROOT;
            while usize::from(path.depth()) < depth {
                let Some((id, child)) = child(&node, &index) else { break };
                (path, node) = (path.push(id).unwrap(), child);
            }
            (model_of(&definitions), path, node)
        })
    })
}

/// Without what is empty.
fn pruned(node: Node) -> Node {
    fn full(node: &Node) -> bool {
        !node.leaves(Path::ROOT).is_empty() || matches!(node, Node::Value(_))
    }
    match node {
        Node::Root(map) => Node::Root(
            map.into_iter().map(|(id, node)| (id, pruned(node))).filter(|(_, n)| has_values(n)).collect(),
        ),
        Node::Object(map) => Node::Object(
            map.into_iter().map(|(id, node)| (id, pruned(node))).filter(|(_, n)| has_values(n)).collect(),
        ),
        Node::Instance(map) => Node::Instance(map.into_iter().filter(|(_, node)| full(node)).collect()),
        node => node,
    }
}

fn has_values(node: &Node) -> bool {
    match node {
        Node::Value(_) => true,
        Node::Multiple(items) => !items.is_empty(),
        Node::Instance(map) => map.values().any(has_values),
        Node::Object(map) => map.values().any(has_values),
        Node::Root(map) => map.values().any(has_values),
        _ => false,
    }
}

/// Values of random places and times, each place and time once.
fn timed() -> impl Strategy<Value = (Definitions, Vec<Timed>)> {
    let trees = ["/", "/lwm2m", "/lwm2m/d01", "/lwm2m/\"quoted\\"].map(|tree| Tree::below(tree).unwrap());
    definitions().prop_flat_map(move |definitions| {
        let one = proptest::sample::select(definitions.clone().into_iter().collect::<Vec<_>>());
        let one = one.prop_flat_map(|(resource, (kind, multiple))| {
            (Just((resource, multiple)), value(kind, true), (id(), id(), id()))
        });
        let one = (one, proptest::option::of(stamp()), proptest::sample::select(trees.to_vec()));
        (Just(definitions), collection::vec(one, 0..8)).prop_map(|(definitions, all)| {
            let mut distinct = BTreeMap::new();
            for (((resource, multiple), value, (object, instance, item)), at, tree) in all {
                let path = Path::new(&[object, instance, resource]).unwrap();
                let path = if multiple { path.push(item).unwrap() } else { path };
                distinct.insert((tree, at, path), Node::Value(value));
            }
            let list = distinct.into_iter().map(|((tree, at, path), node)| Timed { at, tree, path, node });
            let mut list: Vec<_> = list.collect();
            list.reverse();
            (model_of(&definitions), list)
        })
    })
}

fn stamp() -> impl Strategy<Value = Stamp> {
    const LEAST: i64 = (1 << 28) * 1_000_000;
    prop_oneof![
        (LEAST..=i64::MAX).prop_map(|time| Stamp::At(UnixTime(time))),
        (1_600_000_000..2_000_000_000_i64).prop_map(|time| Stamp::At(UnixTime::from_secs(time))),
        (0..=i64::MAX.unsigned_abs()).prop_map(Stamp::Ago),
        (0..100_000_u64).prop_map(|time| Stamp::Ago(time * 100_000)),
    ]
}

/// Places, of which some are everything, objects and instances.
fn places() -> impl Strategy<Value = Vec<Path>> {
    collection::vec(collection::vec(id(), 0..=4).prop_map(|ids| Path::new(&ids).unwrap()), 1..6)
}

fn child(node: &Node, index: &Index) -> Option<(u16, Node)> {
    let children: Vec<(u16, Node)> = match node {
        Node::Root(map) => map.iter().map(|(id, node)| (id.0, node.clone())).collect(),
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

/// A list of values says what the tree says, and what the list of many places says; a refusal is the same, and adds
/// nothing.
fn lists_agree(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    read: &Result<Node, codec::DecodeError>,
) -> bool {
    let before = (Path::new(&[9]).unwrap(), Value::Boolean(true));
    let mut list = vec![before.clone()];
    let listed = codec::decode_into(format, cx, at, bytes, &mut list);
    let Ok(node) = read else { return listed.as_ref() == read.as_ref().map(|_| &()) && list == [before] };
    list.remove(0);
    let many = codec::decode_many(format, cx, bytes).ok();
    let one = |value: &Timed| match &value.node {
        Node::Value(one) => (value.path, one.clone()),
        other => panic!("{other:?} is no value"),
    };
    let many_agree = many.is_none_or(|many| many.iter().map(one).eq(list.iter().cloned()));
    list.sort_by_key(|(path, _)| *path);
    listed.is_ok()
        && many_agree
        && node.leaves(at).into_iter().eq(list.iter().map(|(path, value)| (*path, value)))
}

proptest! {
    #[test]
    fn trees_are_read_as_they_were_written((model, at, node) in addressed(0..=4)) {
        let asked = Definitions { told: false, ..model.clone() };
        for format in TREES {
            if format == ContentFormat::TLV && at.is_root() {
                continue;
            }
            let bytes = written(format, &model, at, &node);
            let read = codec::decode(format, &cx(&model), at, &bytes);
            prop_assert_eq!(&codec::decode(format, &cx(&asked), at, &bytes), &read, "{}", format);
            prop_assert!(lists_agree(format, &cx(&model), at, &bytes, &read), "{}", format);
            let expected = if format == ContentFormat::TLV { node.clone() } else { pruned(node.clone()) };
            prop_assert_eq!(read.as_ref(), Ok(&expected), "{}", format);
            prop_assert_eq!(written(format, &model, at, &read.unwrap()), bytes, "{}", format);
        }
    }

    #[test]
    fn without_definitions_every_byte_is_kept((model, at, node) in addressed(1..=4)) {
        for format in TREES {
            let bytes = written(format, &model, at, &node);
            let untyped = codec::decode(format, &cx(&NoModel), at, &bytes).unwrap();
            prop_assert_eq!(written(format, &NoModel, at, &untyped), bytes, "{}", format);
        }
    }

    #[test]
    fn what_is_not_finite_is_read_as_it_was_written(bits: u64) {
        let model = model_of(&BTreeMap::from([(7, (Kind::Float, false))]));
        let (at, node) = (Path::new(&[1, 0, 7]).unwrap(), Node::Value(Value::Float(f64::from_bits(bits))));
        use ContentFormat as F;
        for format in [F::CBOR, F::TLV, F::SENML_CBOR, F::LWM2M_CBOR] {
            let bytes = written(format, &model, at, &node);
            let read = codec::decode(format, &cx(&model), at, &bytes);
            prop_assert_eq!(read.as_ref(), Ok(&node), "{}", format);
        }
    }

    #[test]
    fn a_create_is_read_as_it_was_written(
        (definitions, id, values) in definitions().prop_flat_map(|d| {
            let values = instance(&d, true);
            (Just(d), proptest::option::of(id()), values)
        }),
    ) {
        let model = model_of(&definitions);
        for format in [ContentFormat::TLV, ContentFormat::SENML_JSON, ContentFormat::SENML_CBOR, ContentFormat::LWM2M_CBOR] {
            let tlv = format == ContentFormat::TLV;
            let values = if tlv { Node::Instance(values.clone()) } else { pruned(Node::Instance(values.clone())) };
            let Node::Instance(values) = values else { unreachable!() };
            let new = vec![(id.map(InstanceId), values.into_iter().collect::<Vec<_>>())];
            let mut out = Vec::new();
            let encoded = codec::encode_create(format, &cx(&model), ObjectId(5), &new, &mut out);
            let nameless = matches!(format, ContentFormat::SENML_JSON | ContentFormat::SENML_CBOR) && id.is_none();
            if !tlv && new[0].1.is_empty() && id.is_some() || nameless && !new[0].1.is_empty() {
                prop_assert!(encoded.is_err(), "{}", format);
                continue;
            }
            prop_assert_eq!(encoded, Ok(()), "{}", format);
            prop_assert_eq!(codec::decode_create(format, &cx(&model), ObjectId(5), &out), Ok(new), "{}", format);
        }
    }

    #[test]
    fn lists_are_read_as_they_were_written((model, list) in timed()) {
        let tree = Tree::below("/lwm2m").unwrap();
        let cx = Context { tree: &tree, ..cx(&model) };
        for (format, times, trees) in PACKS {
            let mut list: Vec<Timed> = list.clone();
            if !trees {
                list.retain(|value| value.tree == tree);
            } else if format == ContentFormat::LWM2M_CBOR {
                list.retain(|value| !value.tree.is_default());
            }
            if !times {
                list.retain(|value| value.at.is_none());
            }
            let mut bytes = Vec::new();
            prop_assert_eq!(codec::encode_many(format, &cx, &list, &mut bytes), Ok(()), "{}", format);
            // SenML cannot tell the default tree from that of the context: old devices leave it out
            list.iter_mut().filter(|value| value.tree.is_default()).for_each(|value| value.tree = tree.clone());
            let read = codec::decode_many(format, &cx, &bytes);
            match read {
                Ok(read) => prop_assert_eq!(read, list, "{}: {}", format, String::from_utf8_lossy(&bytes)),
                Err(error) => prop_assert!(error.to_string().contains("twice"), "{}: {}", format, error),
            }
        }
    }

    #[test]
    fn a_history_is_read_as_it_was_written_oldest_first(
        (kind, values) in proptest::sample::select(&Kind::VALUES).prop_flat_map(|kind| {
            (Just(kind), collection::btree_map(proptest::option::of(stamp()), value(kind, true), 0..6))
        }),
    ) {
        let model = model_of(&BTreeMap::from([(7, (kind, false))]));
        let path = Path::new(&[1, 0, 7]).unwrap();
        let timed = |(at, value)| Timed { at, tree: Tree::DEFAULT, path, node: Node::Value(value) };
        let list: Vec<_> = values.into_iter().map(timed).collect();
        let chronological = |value: &Timed| match value.at {
            Some(Stamp::At(time)) => (0, i128::from(time.0)),
            Some(Stamp::Ago(time)) => (1, -i128::from(time)),
            None => (2, 0),
        };
        let mut expected = list.clone();
        expected.sort_by_key(chronological);
        for (format, ..) in PACKS.into_iter().filter(|(_, times, _)| *times) {
            let mut bytes = Vec::new();
            prop_assert_eq!(codec::encode_many(format, &cx(&model), &list, &mut bytes), Ok(()), "{}", format);
            match codec::decode_timed(format, &cx(&model), path, &bytes) {
                Ok(read) => prop_assert_eq!(&read, &expected, "{}", format),
                Err(error) => prop_assert!(list.is_empty(), "{}: {}", format, error),
            }
        }
    }

    #[test]
    fn places_are_read_as_they_were_written(places in places(), tree in "(/[a-z\"]{1,5}){0,2}") {
        let tree = if tree.is_empty() { Tree::DEFAULT } else { Tree::below(&tree).unwrap() };
        let cx = Context { tree: &tree, ..cx(&NoModel) };
        use ContentFormat as F;
        for format in [F::SENML_JSON, F::SENML_CBOR, F::SENML_ETCH_JSON, F::SENML_ETCH_CBOR] {
            let mut bytes = Vec::new();
            codec::encode_paths(format, &cx, &places, &mut bytes).unwrap();
            let read = codec::decode_paths(format, &cx, &bytes);
            prop_assert_eq!(read.as_ref(), Ok(&places), "{}", format);
        }
    }

    #[test]
    fn a_patch_is_read_as_it_was_written((model, list) in timed(), removed in places()) {
        let mut patch: BTreeMap<Path, Patch> = BTreeMap::new();
        for Timed { path, node, .. } in list {
            patch.insert(path, Patch::Set(path, node));
        }
        use ContentFormat as F;
        for format in [F::SENML_JSON, F::SENML_CBOR, F::LWM2M_CBOR, F::SENML_ETCH_JSON, F::SENML_ETCH_CBOR] {
            let mut patch: Vec<Patch> = patch.values().cloned().collect();
            if matches!(format, F::SENML_ETCH_JSON | F::SENML_ETCH_CBOR) {
                // values of no definition, so that their kinds agree
                let removed = removed.iter().filter(|path| path.depth() > 2 && model.object.resource(path.resource_id().unwrap()).is_none());
                patch.extend(removed.map(|path| Patch::Remove(*path)));
            }
            let mut bytes = Vec::new();
            prop_assert_eq!(codec::encode_patch(format, &cx(&model), &patch, &mut bytes), Ok(()), "{}", format);
            if !(patch.is_empty() && format == F::LWM2M_CBOR) {
                prop_assert_eq!(codec::decode_patch(format, &cx(&model), &bytes), Ok(patch), "{}", format);
            }
        }
    }

    #[test]
    fn damaged_payloads_do_not_panic_and_what_is_read_is_stable(
        (model, at, node) in addressed(1..=4),
        (place, flip, cut) in (any::<Index>(), 1..=255_u8, any::<Index>()),
    ) {
        for format in TREES {
            let mut bytes = written(format, &model, at, &node);
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] ^= flip;
                bytes.truncate(cut.index(bytes.len() * 2).max(place + 1));
            }
            let cx = cx(&model);
            let _ = codec::decode_create(format, &cx, ObjectId(1), &bytes);
            let _ = codec::decode_paths(format, &cx, &bytes);
            let _ = codec::decode_patch(format, &cx, &bytes);
            let _ = codec::decode_many(format, &cx, &bytes);
            let read = codec::decode(format, &cx, at, &bytes);
            let asked = Definitions { told: false, ..model.clone() };
            let asked = codec::decode(format, &Context { model: &asked, ..cx }, at, &bytes);
            prop_assert_eq!(&asked, &read, "{}", format);
            prop_assert!(lists_agree(format, &cx, at, &bytes, &read), "{} {:?}", format, read);
            match read {
                Ok(read) => {
                    let again = written(format, &model, at, &read);
                    prop_assert_eq!(codec::decode(format, &cx, at, &again), Ok(read), "{}", format);
                }
                Err(error) => prop_assert!(error.offset().is_none_or(|offset| offset <= bytes.len()), "{error:?}"),
            }
        }
    }

    #[test]
    fn a_payload_that_is_cut_off_is_refused((model, at, node) in addressed(1..=4), cut in any::<Index>()) {
        use ContentFormat as F;
        for format in [F::SENML_JSON, F::SENML_CBOR, F::JSON, F::LWM2M_CBOR] {
            let bytes = written(format, &model, at, &node);
            let cut = &bytes[..cut.index(bytes.len().max(1)).min(bytes.len())];
            if !cut.is_empty() {
                prop_assert!(codec::decode(format, &cx(&model), at, cut).is_err(), "{}", format);
            }
        }
    }

    #[test]
    fn cbor_is_read_as_it_was_written(
        (kind, value) in proptest::sample::select(&Kind::VALUES).prop_flat_map(|kind| (Just(kind), value(kind, false))),
    ) {
        let model = model_of(&BTreeMap::from([(7, (kind, false))]));
        let (at, node) = (Path::new(&[1, 0, 7]).unwrap(), Node::Value(value));
        let bytes = written(ContentFormat::CBOR, &model, at, &node);
        prop_assert_eq!(codec::decode(ContentFormat::CBOR, &cx(&model), at, &bytes), Ok(node));
        let untyped = codec::decode(ContentFormat::CBOR, &cx(&NoModel), at, &bytes).unwrap();
        prop_assert_eq!(written(ContentFormat::CBOR, &NoModel, at, &untyped), bytes);
    }

    #[test]
    fn text_is_read_as_it_was_written(
        (kind, value) in proptest::sample::select(&Kind::VALUES).prop_flat_map(|kind| (Just(kind), value(kind, true))),
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
    fn any_octets_are_text_or_cbor_or_an_error(
        kind in proptest::sample::select(&Kind::VALUES),
        bytes in prop_oneof!["[-+0-9.eE:=/A-Za-z]{0,24}".prop_map(String::into_bytes), collection::vec(any::<u8>(), 0..24)],
    ) {
        let model = model_of(&BTreeMap::from([(7, (kind, false))]));
        let at = Path::new(&[1, 0, 7]).unwrap();
        for format in [ContentFormat::TEXT, ContentFormat::CBOR] {
            if let Ok(read) = codec::decode(format, &cx(&model), at, &bytes) {
                let again = written(format, &model, at, &read);
                prop_assert_eq!(codec::decode(format, &cx(&model), at, &again), Ok(read));
            }
        }
    }
}
