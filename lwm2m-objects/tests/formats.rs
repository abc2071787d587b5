//! Every object of the registry, in every version, and every struct goes through every content format and comes back.

#![allow(clippy::indexing_slicing, reason = "a test that panics has failed")]

#[path = "every/mod.rs"]
mod every;

use std::collections::BTreeMap;

use every::{Resources, every, instance};
use lwm2m_core::{
    InstanceId, Kind, Node, ObjectDef, ObjectType, Path, Tree, Version,
    codec::{self, ContentFormat, Context},
};
use lwm2m_objects::Registry;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

const TREES: [ContentFormat; 5] = [
    ContentFormat::TLV,
    ContentFormat::SENML_JSON,
    ContentFormat::SENML_CBOR,
    ContentFormat::JSON,
    ContentFormat::LWM2M_CBOR,
];

#[test]
fn every_object_goes_through_every_format() {
    let config = Config { cases: 4, failure_persistence: None, ..Config::default() };
    for def in Registry::all() {
        let mut runner = TestRunner::new(config.clone());
        let instances = (instance(def), instance(def));
        let outcome = runner.run(&instances, |(first, second)| through_trees(def, &first, second));
        outcome.unwrap_or_else(|error| panic!("{} {}: {error}", def.id(), def.object_version()));
    }
    assert!(Registry::all().len() > 300, "the registry has grown small");
}

fn through_trees(def: &'static ObjectDef, first: &Resources, second: Resources) -> Result<(), TestCaseError> {
    let model = vec![def];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let object = Path::object(def.id()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let whole = [(0, first.clone()), (7, second)].into_iter().filter(|(_, resources)| !resources.is_empty());
    let whole = whole.map(|(id, resources)| (InstanceId(id), Node::Instance(resources)));
    let below = |path: Path, id| path.push(id).map_err(|error| TestCaseError::fail(error.to_string()));
    for format in TREES {
        there_and_back(format, &cx, object, &Node::Object(whole.clone().collect::<BTreeMap<_, _>>()))?;
        let at = below(object, 0)?;
        there_and_back(format, &cx, at, &Node::Instance(first.clone()))?;
        for (id, node) in first {
            there_and_back(format, &cx, below(at, id.0)?, node)?;
        }
    }
    for (id, node) in first {
        let at = below(below(object, 0)?, id.0)?;
        if let Node::Value(value) = node {
            there_and_back(ContentFormat::TEXT, &cx, at, node)?;
            there_and_back(ContentFormat::CBOR, &cx, at, node)?;
            if value.kind() == Kind::Opaque {
                there_and_back(ContentFormat::OPAQUE, &cx, at, node)?;
            }
        }
    }
    Ok(())
}

fn there_and_back(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    node: &Node,
) -> Result<(), TestCaseError> {
    let write = |node: &Node| {
        let mut bytes = Vec::new();
        let written = codec::encode(format, cx, at, node, &mut bytes);
        written.map(|()| bytes).map_err(|error| TestCaseError::fail(format!("{format} at {at}: {error}")))
    };
    let bytes = write(node)?;
    let read = codec::decode(format, cx, at, &bytes);
    prop_assert_eq!(read.as_ref(), Ok(node), "{} at {}", format, at);
    if let Ok(read) = read {
        prop_assert_eq!(write(&read)?, bytes, "{} at {}", format, at);
    }
    Ok(())
}

/// A struct is what its payload says, in every format; and what is cut off or damaged is refused or read, never more.
fn typed<T: ObjectType>() {
    let model = vec![T::DEF];
    let cx = Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let at = Path::new(&[T::DEF.id().0, 0]).expect("a path");
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let damage = (any::<proptest::sample::Index>(), any::<u8>());
    let outcome = TestRunner::new(config).run(&(instance(T::DEF), damage), |(resources, (place, flip))| {
        let fail = |error: String| TestCaseError::fail(error);
        let value =
            T::from_node(Node::Instance(resources.clone())).map_err(|error| fail(error.to_string()))?;
        for format in TREES {
            let mut bytes = Vec::new();
            codec::encode(format, &cx, at, &value.clone().into_node(), &mut bytes)
                .map_err(|error| fail(format!("{format}: {error}")))?;
            let read = codec::decode(format, &cx, at, &bytes).map_err(|error| fail(error.to_string()))?;
            prop_assert_eq!(&read, &Node::Instance(resources.clone()), "{}", format);
            let back = T::from_node(read).map_err(|error| fail(error.to_string()))?;
            prop_assert!(back.changed(&value).is_empty(), "{}", format);
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                if let Ok(Ok(value)) = codec::decode(format, &cx, at, &bytes[..place]).map(T::from_node) {
                    drop(value.into_node());
                }
                bytes[place] ^= flip;
                if let Ok(Ok(value)) = codec::decode(format, &cx, at, &bytes).map(T::from_node) {
                    drop(value.into_node());
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{}: {failure}", T::DEF.name()));
}

macro_rules! tests {
    ($($name:ident: $object:ty,)+) => {$(
        #[test]
        fn $name() {
            typed::<$object>();
        }
    )+};
}
every!(tests);
