//! Every struct behaves as its definition says: generated instances and changes.

#[path = "every/mod.rs"]
mod every;

use std::collections::{BTreeMap, BTreeSet};

use every::{Resources, any_value, every, instance, node, value};
use lwm2m_core::{
    Code, IntoNode, Kind, Node, ObjectType, ResourceChange, ResourceDef, ResourceId, Selection, Value,
};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

/// Kinds that no other converts to.
const KINDS: [Kind; 3] = [Kind::Boolean, Kind::Opaque, Kind::Objlnk];

/// A change to a resource: most are allowed.
fn change(def: &'static ResourceDef) -> BoxedStrategy<ResourceChange> {
    let id = def.id();
    if def.kind() == Kind::Executable {
        return Just(ResourceChange::Remove(id)).boxed();
    }
    let kind = def.kind();
    prop_oneof![
        8 => node(def).prop_map(move |node| ResourceChange::Set(id, node)),
        8 => (0_u16..4, value(def)).prop_map(move |(item, value)| ResourceChange::SetItem(id, item, value)),
        4 => Just(ResourceChange::Remove(id)),
        4 => (0_u16..4).prop_map(move |item| ResourceChange::RemoveItem(id, item)),
        1 => any_value(kind).prop_map(move |value| ResourceChange::Set(id, Node::Value(value))),
        1 => any_value(kind).prop_map(move |value| ResourceChange::SetItem(id, 0, value)),
        1 => proptest::sample::select(&KINDS[..]).prop_flat_map(any_value)
            .prop_map(move |value| ResourceChange::Set(id, Node::Value(value))),
        1 => Just(ResourceChange::Set(id, Node::Multiple(BTreeMap::new()))),
    ]
    .boxed()
}

/// What the definition makes of a change to the resources of an instance.
fn expected(resources: &mut Resources, def: &ResourceDef, change: &ResourceChange) -> Result<(), Code> {
    let fits = |value: &Value| {
        if value.kind() == def.kind() && def.check(value).is_ok() { Ok(()) } else { Err(Code::BAD_REQUEST) }
    };
    let id = def.id();
    if def.kind() == Kind::Executable {
        return Err(Code::METHOD_NOT_ALLOWED);
    }
    match change {
        ResourceChange::Set(_, node @ Node::Value(value)) if !def.is_multiple() => {
            fits(value)?;
            resources.insert(id, node.clone());
        }
        ResourceChange::Set(_, Node::Multiple(items)) if def.is_multiple() => {
            items.values().try_for_each(fits)?;
            match items.len() {
                0 if def.is_mandatory() => return Err(Code::BAD_REQUEST),
                0 => resources.remove(&id),
                _ => resources.insert(id, Node::Multiple(items.clone())),
            };
        }
        ResourceChange::Remove(_) if !def.is_mandatory() => {
            resources.remove(&id);
        }
        ResourceChange::Set(..) | ResourceChange::Remove(_) => return Err(Code::BAD_REQUEST),
        ResourceChange::SetItem(..) | ResourceChange::RemoveItem(..) if !def.is_multiple() => {
            return Err(Code::NOT_FOUND);
        }
        ResourceChange::SetItem(_, item, value) => {
            fits(value)?;
            let node = resources.entry(id).or_insert_with(|| Node::Multiple(BTreeMap::new()));
            let Node::Multiple(items) = node else { panic!("a multiple resource") };
            items.insert(*item, value.clone());
        }
        ResourceChange::RemoveItem(_, item) => {
            let Some(Node::Multiple(items)) = resources.get_mut(&id) else { return Err(Code::NOT_FOUND) };
            if !items.contains_key(item) {
                return Err(Code::NOT_FOUND);
            }
            if def.is_mandatory() && items.len() == 1 {
                return Err(Code::METHOD_NOT_ALLOWED);
            }
            items.remove(item);
            if items.is_empty() {
                resources.remove(&id);
            }
        }
        _ => panic!("{change:?}"),
    }
    Ok(())
}

/// Resources that differ; of multiple ones, the resource instances.
fn difference(after: &Resources, before: &Resources) -> BTreeSet<(ResourceId, Option<u16>)> {
    let none = BTreeMap::new();
    let items = |node: Option<&Node>| match node {
        Some(Node::Multiple(items)) => items.clone(),
        _ => none.clone(),
    };
    let mut found = BTreeSet::new();
    for id in after.keys().chain(before.keys()) {
        let (new, old) = (after.get(id), before.get(id));
        if matches!(new.or(old), Some(Node::Multiple(_))) {
            let (new, old) = (items(new), items(old));
            let differs = new.keys().chain(old.keys()).filter(|item| new.get(item) != old.get(item));
            found.extend(differs.map(|item| (*id, Some(*item))));
        } else if new != old {
            found.insert((*id, None));
        }
    }
    found
}

fn resources(value: impl IntoNode) -> Resources {
    match value.into_node() {
        Node::Instance(resources) => resources,
        other => panic!("no instance: {other:?}"),
    }
}

fn behaves<T: ObjectType>() {
    let changes: Vec<_> = T::DEF.resources().iter().map(change).collect();
    let changes = proptest::collection::vec((any::<Index>(), changes), 1..12);
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&(instance(T::DEF), changes), |(start, changes)| {
        let mut value =
            T::from_node(Node::Instance(start.clone())).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&resources(value.clone()), &start, "there and back");
        let mut state = start;
        for (which, changes) in changes {
            let change = which.get(&changes);
            let def = T::DEF.resource(change.resource()).expect("a change to a resource of the object");
            let (before, old) = (value.clone(), state.clone());
            let expected = expected(&mut state, def, change);
            let written = value.write(change.clone()).map_err(|rejection| rejection.code);
            prop_assert_eq!(written, expected, "{:?}", change);
            prop_assert_eq!(&resources(value.clone()), &state, "{:?}", change);
            let changed = value.changed(&before);
            let told: BTreeSet<_> = changed.iter().copied().collect();
            prop_assert_eq!(told.len(), changed.len(), "each once");
            prop_assert_eq!(told, difference(&state, &old), "{:?}", change);
            agrees(&value, &state)?;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{}: {failure}", T::DEF.name()));
}

/// What is there, and what a server may read of it.
fn agrees<T: ObjectType>(value: &T, state: &Resources) -> Result<(), TestCaseError> {
    let readable = |id: &ResourceId| T::DEF.resource(*id).is_some_and(|def| def.ops().can_read());
    let read: Resources = value.read(&Selection::All).into_iter().collect();
    let expected: Resources =
        state.iter().filter(|(id, _)| readable(id)).map(|(id, node)| (*id, node.clone())).collect();
    prop_assert_eq!(read, expected);
    for def in T::DEF.resources().iter().filter(|def| def.kind() != Kind::Executable) {
        prop_assert_eq!(value.has(def.id()), state.contains_key(&def.id()), "{}", def.name());
    }
    Ok(())
}

macro_rules! tests {
    ($($name:ident: $object:ty,)+) => {$(
        #[test]
        fn $name() {
            behaves::<$object>();
        }
    )+};
}
every!(tests);
