//! From the value of a request to what the handler is asked to change, checked against the definition.

use std::collections::BTreeMap;

use lwm2m_core::{
    InstanceId, Node, ObjectDef, ObjectId, Objlnk, Path, Rejection, ResourceChange, ResourceDef, ResourceId,
    Value, Values,
    codec::{NewInstances, Patch},
    ops::{Body, Downlink, WriteMode},
};

use super::{
    account::bindings,
    check::not_allowed,
    table::{SERVER, Table},
};
use crate::Change;

/// Changes by object. Those of one object are in the order in which they were asked for.
pub(crate) type Batches = Vec<(ObjectId, Vec<Change>)>;

/// What a Write-Composite asks to change: what it does not name stays. [Core 1.2 §6.3.9]
pub(crate) fn batches(table: &Table, patch: Vec<Patch>) -> Result<Batches, Rejection> {
    let mut batches = Batches::new();
    for part in patch {
        let path = match &part {
            Patch::Set(path, _) | Patch::Remove(path) => *path,
        };
        let object = path.object_id().ok_or_else(Rejection::method_not_allowed)?;
        let known = table.get(object).ok_or_else(Rejection::not_found)?;
        let changes = match part {
            Patch::Set(_, node) => write(table, &known.def, path, WriteMode::Partial, node)?,
            Patch::Remove(_) => delete(path)?,
        };
        server(&known.def, &changes)?;
        match batches.iter_mut().find(|(other, _)| *other == object) {
            Some((_, earlier)) => earlier.extend(changes),
            None => batches.push((object, changes)),
        }
    }
    Ok(batches)
}

/// Instances of an object, with those that a server wants to make. Attack: a server that creates for ever, and fills
/// memory and the store of the client.
const MAX_INSTANCES: usize = 1024;

/// What an operation asks to change.
pub(crate) fn batch(table: &Table, def: &ObjectDef, downlink: Downlink) -> Result<Vec<Change>, Rejection> {
    match downlink {
        Downlink::Write { path, mode, body: Body::Node(node), .. } => {
            let changes = write(table, def, path, mode, node)?;
            server(def, &changes)?;
            Ok(changes)
        }
        Downlink::Create { new, .. } => create(table, def, new),
        Downlink::Delete { path, .. } => delete(path),
        _ => Err(Rejection::method_not_allowed()),
    }
}

fn delete(path: Path) -> Result<Vec<Change>, Rejection> {
    let instance = path.instance_id().ok_or_else(Rejection::method_not_allowed)?;
    Ok(vec![match (path.resource_id(), path.resource_instance_id()) {
        (Some(resource), Some(item)) => {
            Change::Resource { instance, change: ResourceChange::RemoveItem(resource, item) }
        }
        _ => Change::Delete { instance },
    }])
}

/// What the Server object does not say in its definition: a lifetime is no negative number, a binding one that is known.
fn server(def: &ObjectDef, changes: &[Change]) -> Result<(), Rejection> {
    if def.id() != SERVER {
        return Ok(());
    }
    let written = changes.iter().flat_map(|change| match change {
        Change::Replace { values, .. } => values.iter().map(|(id, node)| (*id, node)).collect(),
        Change::Resource { change: ResourceChange::Set(id, node), .. } => vec![(*id, node)],
        _ => Vec::new(),
    });
    for (resource, node) in written {
        let wrong = match (resource.0, node) {
            (1..=3 | 5, Node::Value(Value::Integer(number))) => u32::try_from(*number).is_err(),
            (7, Node::Value(Value::String(text))) => bindings(text).is_none(),
            _ => false,
        };
        if wrong {
            return Err(Rejection::bad_request(format!("resource {resource} cannot have this value")));
        }
    }
    Ok(())
}

/// Changes of a Write. [Core 1.2 §6.3.3]
pub(crate) fn write(
    table: &Table,
    def: &ObjectDef,
    path: Path,
    mode: WriteMode,
    node: Node,
) -> Result<Vec<Change>, Rejection> {
    let Some(instance) = path.instance_id() else { return Err(Rejection::method_not_allowed()) };
    let Some(resource) = path.resource_id() else {
        return write_instance(table, def, path, instance, mode, node);
    };
    let def = def.resource(resource).ok_or_else(Rejection::not_found)?;
    let check = Check { table, at: path };
    let changes = match (path.resource_instance_id(), mode) {
        (Some(item), _) => {
            let Node::Value(value) = node else { return Err(check.refuse("one value is expected")) };
            check.value(def, &value)?;
            vec![ResourceChange::SetItem(resource, item, value)]
        }
        (None, WriteMode::Replace) => {
            check.node(def, &node)?;
            vec![ResourceChange::Set(resource, node)]
        }
        (None, WriteMode::Partial) => {
            check.node(def, &node)?;
            merge(resource, node)
        }
    };
    Ok(changes.into_iter().map(|change| Change::Resource { instance, change }).collect())
}

fn write_instance(
    table: &Table,
    def: &ObjectDef,
    path: Path,
    instance: InstanceId,
    mode: WriteMode,
    node: Node,
) -> Result<Vec<Change>, Rejection> {
    let Node::Instance(resources) = node else {
        return Err(Rejection::bad_request(format!("{path}: resources are expected")));
    };
    let mut values = Values::new();
    for (resource, node) in resources {
        // What is not known here is passed over: the server may speak of a later version of the object.
        let Some(known) = def.resource(resource) else { continue };
        if !known.ops().can_write() {
            return Err(Rejection::new(
                lwm2m_core::Code::METHOD_NOT_ALLOWED,
                format!("{path}/{resource} is not writable"),
            ));
        }
        Check { table, at: below(path, resource) }.node(known, &node)?;
        values.push((resource, node));
    }
    if mode == WriteMode::Partial {
        let changes = values.into_iter().flat_map(|(resource, node)| merge(resource, node));
        return Ok(changes.map(|change| Change::Resource { instance, change }).collect());
    }
    complete(def, path, &values)?;
    Ok(vec![Change::Replace { instance, values }])
}

/// Changes of a Create, with every instance numbered. [Core 1.2 §6.3.6]
pub(crate) fn create(table: &Table, def: &ObjectDef, new: NewInstances) -> Result<Vec<Change>, Rejection> {
    let object = def.id();
    let there = table.get(object).map_or(0, |known| known.instances.len());
    if def.is_multiple() && there.saturating_add(new.len()) > MAX_INSTANCES {
        return Err(Rejection::internal(format!("/{object}: no more than {MAX_INSTANCES} instances")));
    }
    let mut taken: Vec<InstanceId> = new.iter().filter_map(|(id, _)| *id).collect();
    let mut changes = Vec::with_capacity(new.len());
    for (id, values) in new {
        let instance = match id {
            Some(id) => id,
            None => {
                let free = table.free_instance(object, &taken);
                let free = free.ok_or_else(|| Rejection::bad_request("no free number"))?;
                taken.push(free);
                free
            }
        };
        let path =
            Path::new(&[object.0, instance.0]).map_err(|error| Rejection::bad_request(error.to_string()))?;
        if !def.is_multiple() && table.get(object).is_some_and(|known| !known.instances.is_empty()) {
            return Err(not_allowed(path, "the object has its only instance already"));
        }
        if !def.is_multiple() && instance.0 != 0 {
            return Err(Rejection::bad_request(format!(
                "{path}: the object has a single instance, number 0"
            )));
        }
        let twice = taken.iter().filter(|taken| **taken == instance).count() > 1;
        if twice || table.has_instance(object, instance) {
            return Err(Rejection::bad_request(format!("{path} exists")));
        }
        changes.push(Change::Create { instance, values: created(table, def, path, values)? });
    }
    Ok(changes)
}

/// Values of resources that servers may not write, and unknown ones, are passed over.
fn created(table: &Table, def: &ObjectDef, path: Path, values: Values) -> Result<Values, Rejection> {
    let mut kept = Values::new();
    for (resource, node) in values {
        let Some(known) = def.resource(resource).filter(|known| known.ops().can_write()) else { continue };
        Check { table, at: below(path, resource) }.node(known, &node)?;
        kept.push((resource, node));
    }
    complete(def, path, &kept)?;
    Ok(kept)
}

/// Every mandatory resource that a server can write must be given.
fn complete(def: &ObjectDef, path: Path, values: &Values) -> Result<(), Rejection> {
    let needed = def.resources().iter().filter(|known| known.is_mandatory() && known.ops().can_write());
    let missing = needed.map(ResourceDef::id).find(|id| !values.iter().any(|(given, _)| given == id));
    missing.map_or(Ok(()), |id| Err(Rejection::bad_request(format!("{path}/{id} is mandatory and missing"))))
}

/// What is given is set, instance by instance; nothing goes.
fn merge(resource: ResourceId, node: Node) -> Vec<ResourceChange> {
    match node {
        Node::Multiple(items) => {
            items.into_iter().map(|(item, value)| ResourceChange::SetItem(resource, item, value)).collect()
        }
        other => vec![ResourceChange::Set(resource, other)],
    }
}

fn below(path: Path, resource: ResourceId) -> Path {
    path.push(resource.0).unwrap_or(path)
}

/// Checks values against a definition. [Core 1.2 Appendix C]
struct Check<'a> {
    table: &'a Table,
    at: Path,
}

impl Check<'_> {
    fn refuse(&self, why: impl std::fmt::Display) -> Rejection {
        Rejection::bad_request(format!("{}: {why}", self.at))
    }

    fn node(&self, def: &ResourceDef, node: &Node) -> Result<(), Rejection> {
        match (def.is_multiple(), node) {
            (true, Node::Multiple(items)) => self.items(def, items),
            (false, Node::Value(value)) => self.value(def, value),
            (true, _) => Err(self.refuse("resource instances are expected")),
            (false, _) => Err(self.refuse("one value is expected")),
        }
    }

    fn items(&self, def: &ResourceDef, items: &BTreeMap<u16, Value>) -> Result<(), Rejection> {
        items.values().try_for_each(|value| self.value(def, value))
    }

    fn value(&self, def: &ResourceDef, value: &Value) -> Result<(), Rejection> {
        if !def.kind().takes(value) {
            return Err(self.refuse(format_args!("expected {}, found {}", def.kind(), value.kind())));
        }
        def.check(value).map_err(|rejection| self.refuse(rejection.detail))?;
        match value {
            Value::Objlnk(link) => self.link(*link),
            _ => Ok(()),
        }
    }

    fn link(&self, link: Objlnk) -> Result<(), Rejection> {
        if self.table.links_to(link) {
            Ok(())
        } else {
            Err(self.refuse(format_args!("{link} does not exist")))
        }
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::Code;

    use super::{super::table::tests::table, *};

    fn integer(number: i64) -> Node {
        Node::Value(Value::Integer(number))
    }

    fn text(text: &str) -> Node {
        Node::Value(Value::String(text.to_owned()))
    }

    fn instance<const N: usize>(resources: [(u16, Node); N]) -> Node {
        Node::Instance(resources.into_iter().map(|(id, node)| (ResourceId(id), node)).collect())
    }

    fn try_write(path: &str, mode: WriteMode, node: Node) -> Result<Vec<Change>, Code> {
        let table = table();
        let def = table.get(ObjectId(32800)).unwrap().def.clone();
        write(&table, &def, path.parse().unwrap(), mode, node).map_err(|rejection| rejection.code)
    }

    #[test]
    fn values_are_checked_against_their_definition() {
        let link = |object, instance| {
            Node::Value(Value::Objlnk(Objlnk { object: ObjectId(object), instance: InstanceId(instance) }))
        };
        for (path, node, accepted) in [
            ("/32800/0/0", integer(100), true),
            ("/32800/0/0", integer(101), false),
            ("/32800/0/0", text("5"), false),
            ("/32800/0/0", Node::Value(Value::Unsigned(5)), true),
            ("/32800/0/1", text("12345678"), true),
            ("/32800/0/1", text("1234567ä"), false),
            ("/32800/0/4", integer(1), false),
            ("/32800/0/4", Node::Multiple(BTreeMap::from([(3, Value::Integer(1))])), true),
            ("/32800/0/4/3", integer(1), true),
            ("/32800/0/4/3", integer(1001), false),
            ("/32800/0/4", Node::Multiple(BTreeMap::from([(3, Value::Integer(1001))])), false),
            ("/32800/0/0", Node::Multiple(BTreeMap::new()), false),
            ("/32800/0/5", link(65535, 65535), true),
            ("/32800/0/5", link(3, 65535), true),
            ("/32800/0/5", link(32800, 2), true),
            ("/32800/0/5", link(32800, 1), false),
            ("/32800/0/5", link(9, 65535), false),
            ("/32800/0/7", integer(3), true),
            ("/32800/0/7", integer(2), false),
        ] {
            let outcome = try_write(path, WriteMode::Replace, node.clone());
            let expected = if accepted { None } else { Some(Code::BAD_REQUEST) };
            assert_eq!(outcome.err(), expected, "{path} {node:?}");
        }
    }

    #[test]
    fn replacing_an_instance_needs_all_that_is_mandatory_and_writable() {
        let path = "/32800/0";
        let complete = instance([(0, integer(5)), (99, integer(1))]);
        assert_eq!(
            try_write(path, WriteMode::Replace, complete),
            Ok(vec![Change::Replace { instance: InstanceId(0), values: vec![(ResourceId(0), integer(5))] }]),
            "unknown resources are passed over"
        );
        let lacking = instance([(1, text("x"))]);
        assert_eq!(try_write(path, WriteMode::Replace, lacking.clone()), Err(Code::BAD_REQUEST));
        assert!(try_write(path, WriteMode::Partial, lacking).is_ok());
        let read_only = instance([(0, integer(5)), (2, Node::Value(Value::Float(1.0)))]);
        assert_eq!(try_write(path, WriteMode::Replace, read_only.clone()), Err(Code::METHOD_NOT_ALLOWED));
        assert_eq!(try_write(path, WriteMode::Partial, read_only), Err(Code::METHOD_NOT_ALLOWED));
    }

    #[test]
    fn a_partial_update_merges_resource_instances() {
        let slots = Node::Multiple(BTreeMap::from([(1, Value::Integer(7)), (3, Value::Integer(9))]));
        let set = |item, value| Change::Resource {
            instance: InstanceId(0),
            change: ResourceChange::SetItem(ResourceId(4), item, Value::Integer(value)),
        };
        assert_eq!(
            try_write("/32800/0/4", WriteMode::Partial, slots.clone()),
            Ok(vec![set(1, 7), set(3, 9)])
        );
        let replaced = try_write("/32800/0/4", WriteMode::Replace, slots.clone()).unwrap();
        let whole = ResourceChange::Set(ResourceId(4), slots);
        assert_eq!(replaced, [Change::Resource { instance: InstanceId(0), change: whole }]);
    }

    fn try_create(object: u16, new: NewInstances) -> Result<Vec<u16>, Code> {
        let table = table();
        let def = table.get(ObjectId(object)).unwrap().def.clone();
        let changes = create(&table, &def, new).map_err(|rejection| rejection.code)?;
        Ok(changes.iter().map(|change| change.instance().0).collect())
    }

    #[test]
    fn a_server_does_not_make_instances_without_end() {
        let new =
            |count: u16| (10..count + 10).map(|id| (Some(InstanceId(id)), vec![(ResourceId(0), integer(1))]));
        assert_eq!(
            try_create(32800, new(1022).collect()).map(|made| made.len()),
            Ok(1022),
            "and two are there"
        );
        assert_eq!(try_create(32800, new(1023).collect()), Err(Code::INTERNAL_SERVER_ERROR));
    }

    #[test]
    fn new_instances_get_free_numbers_and_never_an_occupied_one() {
        let values = || vec![(ResourceId(0), integer(1)), (ResourceId(2), Node::Value(Value::Float(9.0)))];
        let with = |id: Option<u16>| (id.map(InstanceId), values());
        assert_eq!(try_create(32800, vec![with(None)]), Ok(vec![1]));
        assert_eq!(try_create(32800, vec![with(Some(1)), with(None)]), Ok(vec![1, 3]));
        assert_eq!(try_create(32800, vec![with(Some(7))]), Ok(vec![7]));
        assert_eq!(try_create(32800, vec![with(Some(2))]), Err(Code::BAD_REQUEST));
        assert_eq!(try_create(32800, vec![with(Some(7)), with(Some(7))]), Err(Code::BAD_REQUEST));
        assert_eq!(try_create(32800, vec![(None, Vec::new())]), Err(Code::BAD_REQUEST));
        assert_eq!(try_create(32800, vec![with(Some(65535))]), Err(Code::BAD_REQUEST));
        assert_eq!(try_create(32801, vec![with(None)]), Ok(vec![0]));
        assert_eq!(try_create(32801, vec![with(Some(1))]), Err(Code::BAD_REQUEST));
        assert_eq!(try_create(3, vec![with(None)]), Err(Code::METHOD_NOT_ALLOWED));
    }
}
