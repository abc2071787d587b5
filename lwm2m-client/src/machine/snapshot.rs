//! What a handler is asked for a read, and what its answer becomes.

use std::collections::{BTreeMap, btree_map::Entry};

use lwm2m_core::{
    InstanceId, Node, ObjectDef, ObjectId, ObjectLink, Path, Rejection, ResourceId, Selection, Values,
    Version,
};

use super::{
    check::missing,
    table::{Table, object_link},
};

/// Instances and what is wanted of each.
pub(crate) type Wanted = Vec<(InstanceId, Selection)>;
/// The handler's answer.
pub(crate) type Found = Vec<(InstanceId, Values)>;
/// A resource that is there; the numbers of its instances if it is multiple.
pub(crate) type Present = (ResourceId, Option<Vec<u16>>);
/// What the instances have.
pub(crate) type Listed = Vec<(InstanceId, Vec<Present>)>;

/// What of which instances of several objects; each instance once.
pub(crate) type WantedMany = Vec<(ObjectId, InstanceId, Selection)>;
/// The handlers' answers.
pub(crate) type FoundMany = Vec<(ObjectId, InstanceId, Result<Values, Rejection>)>;

/// What must be read to answer for all these places: one snapshot of each instance.
pub(crate) fn wanted_many(table: &Table, paths: &[Path]) -> WantedMany {
    let mut all: BTreeMap<(ObjectId, InstanceId), Selection> = BTreeMap::new();
    for path in paths {
        let objects = match path.object_id() {
            Some(object) => vec![object],
            None => table.visible().collect(),
        };
        for object in objects {
            let place = if path.is_root() { Path::object(object).unwrap_or_default() } else { *path };
            for (instance, selection) in wanted(table, place) {
                match all.entry((object, instance)) {
                    Entry::Vacant(free) => drop(free.insert(selection)),
                    Entry::Occupied(mut earlier) => merge(earlier.get_mut(), selection),
                }
            }
        }
    }
    all.into_iter().map(|((object, instance), selection)| (object, instance, selection)).collect()
}

/// A resource of which several instances are wanted is wanted whole.
fn merge(earlier: &mut Selection, more: Selection) {
    let Selection::Only(known) = earlier else { return };
    let Selection::Only(more) = more else {
        *earlier = Selection::All;
        return;
    };
    for (resource, item) in more {
        match known.iter_mut().find(|(other, _)| *other == resource) {
            Some((_, known)) if *known != item => *known = None,
            Some(_) => {}
            None => known.push((resource, item)),
        }
    }
}

/// The node at a place, out of what was read for several. `None`: nothing there can be read.
pub(crate) fn node_among(table: &Table, path: Path, found: &FoundMany) -> Option<Node> {
    let of = |object: ObjectId| {
        let known = found.iter().filter(move |(other, _, _)| *other == object);
        known.filter_map(|(_, instance, values)| Some((*instance, values.as_ref().ok()?.clone())))
    };
    let Some(object) = path.object_id() else {
        let objects = table.visible().filter_map(|object| {
            Some((
                object,
                node(&table.get(object)?.def, Path::object(object).ok()?, of(object).collect()).ok()?,
            ))
        });
        return Some(Node::Root(objects.collect()));
    };
    let def = &table.get(object)?.def;
    let of_path = of(object).filter(|(instance, _)| path.instance_id().is_none_or(|id| id == *instance));
    let of_path: Found = of_path.collect();
    if path.depth() > 1 && of_path.is_empty() {
        return None;
    }
    node(def, path, of_path).ok()
}

/// What must be read to answer for `path`.
pub(crate) fn wanted(table: &Table, path: Path) -> Wanted {
    let Some(instance) = path.instance_id() else {
        let known = path.object_id().and_then(|object| table.get(object));
        return known.map_or_else(Vec::new, |known| {
            known.instances.iter().map(|instance| (*instance, Selection::All)).collect()
        });
    };
    let selection = path
        .resource_id()
        .map_or(Selection::All, |resource| Selection::Only(vec![(resource, path.resource_instance_id())]));
    vec![(instance, selection)]
}

/// The node at `path`: what can be read of what was found. [Core 1.2 §6.3.1]
pub(crate) fn node(def: &ObjectDef, path: Path, found: Found) -> Result<Node, Rejection> {
    if path.depth() == 1 {
        let instances = found.into_iter().map(|(id, values)| (id, Node::Instance(readable(def, values))));
        return Ok(Node::Object(instances.collect()));
    }
    let values = found.into_iter().next().map(|(_, values)| values).unwrap_or_default();
    let mut resources = readable(def, values);
    let Some(resource) = path.resource_id() else { return Ok(Node::Instance(resources)) };
    let what = if path.depth() == 4 { "resource instance" } else { "resource" };
    let node = resources.remove(&resource).ok_or_else(|| missing(path, what))?;
    match (path.resource_instance_id(), node) {
        (None, node) => Ok(node),
        (Some(item), Node::Multiple(mut items)) => {
            items.remove(&item).map(Node::Value).ok_or_else(|| missing(path, what))
        }
        (Some(_), node) => Ok(node),
    }
}

fn readable(def: &ObjectDef, values: Values) -> BTreeMap<ResourceId, Node> {
    let can_read = |id: &ResourceId| def.resource(*id).is_some_and(|known| known.ops().can_read());
    values.into_iter().filter(|(id, _)| can_read(id)).collect()
}

/// Links of a Discover, down to `depth` levels below `path`. [Core 1.2 §6.3.2]
pub(crate) fn links(
    def: &ObjectDef,
    path: Path,
    depth: Option<u8>,
    version: Version,
    found: &Listed,
) -> Result<Vec<ObjectLink>, Rejection> {
    let depth = depth.unwrap_or(if path.depth() == 1 { 2 } else { 1 });
    let deepest = path.depth().saturating_add(depth);
    let mut links = Vec::new();
    if path.depth() == 1 {
        links.extend(object_link(def, version));
    }
    let object = Path::object(def.id()).map_err(|error| Rejection::internal(error.to_string()))?;
    for (instance, resources) in found {
        let Ok(at) = object.push(instance.0) else { continue };
        if at.contains(&path) || path.contains(&at) {
            instance_links(at, path, deepest, resources, &mut links);
        }
    }
    // A resource that the instance does not have.
    if links.is_empty() { Err(missing(path, "resource")) } else { Ok(links) }
}

fn instance_links(at: Path, target: Path, deepest: u8, resources: &[Present], links: &mut Vec<ObjectLink>) {
    if target.contains(&at) && deepest >= 2 {
        links.push(ObjectLink::new(at));
    }
    if deepest < 3 {
        return;
    }
    for (resource, items) in resources {
        let Some(path) = at.push(resource.0).ok().filter(|path| target.contains(path)) else { continue };
        let mut link = ObjectLink::new(path);
        link.dimension = items.as_ref().map(|items| u16::try_from(items.len()).unwrap_or(u16::MAX));
        links.push(link);
        if deepest >= 4 {
            let items = items.iter().flatten().filter_map(|item| path.push(*item).ok());
            links.extend(items.map(ObjectLink::new));
        }
    }
}

/// What an instance has: each resource once, in the order of the definition. `all` is what a read of everything gave;
/// `has` tells of those that cannot be read.
pub(crate) fn present(def: &ObjectDef, all: &Values, has: impl Fn(ResourceId) -> bool) -> Vec<Present> {
    let resources = def.resources().iter().filter_map(|known| {
        let node = all.iter().find(|(id, _)| *id == known.id()).map(|(_, node)| node);
        match node {
            Some(Node::Multiple(items)) => Some((known.id(), Some(items.keys().copied().collect()))),
            Some(_) => Some((known.id(), None)),
            None if known.ops().can_read() => None,
            None => has(known.id()).then(|| (known.id(), None)),
        }
    });
    resources.collect()
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{Code, Tree, Value};

    use super::{super::table::tests::table, *};

    fn found() -> Found {
        let values = |level| {
            vec![
                (ResourceId(0), Node::Value(Value::Integer(level))),
                (
                    ResourceId(4),
                    Node::Multiple(BTreeMap::from([(0, Value::Integer(7)), (9, Value::Integer(8))])),
                ),
                (ResourceId(6), Node::Value(Value::Opaque(lwm2m_core::Bytes::from_static(b"key")))),
            ]
        };
        vec![(InstanceId(0), values(10)), (InstanceId(2), values(20))]
    }

    fn read(path: &str) -> Result<Vec<String>, Code> {
        let (table, path) = (table(), path.parse::<Path>().unwrap());
        let def = table.get(ObjectId(32800)).unwrap().def.clone();
        let chosen = wanted(&table, path);
        let found = found().into_iter().filter(|(id, _)| chosen.iter().any(|(wanted, _)| wanted == id));
        let node = node(&def, path, found.collect()).map_err(|rejection| rejection.code)?;
        Ok(node.leaves(path).iter().map(|(path, value)| format!("{path}={value}")).collect())
    }

    #[test]
    fn a_read_gives_what_is_readable_and_there() {
        assert_eq!(read("/32800/2/0"), Ok(vec!["/32800/2/0=20".into()]));
        assert_eq!(read("/32800/2/4/9"), Ok(vec!["/32800/2/4/9=8".into()]));
        assert_eq!(read("/32800/2/4/1"), Err(Code::NOT_FOUND));
        assert_eq!(read("/32800/2/1"), Err(Code::NOT_FOUND));
        let whole = [
            "/32800/0/0=10",
            "/32800/0/4/0=7",
            "/32800/0/4/9=8",
            "/32800/2/0=20",
            "/32800/2/4/0=7",
            "/32800/2/4/9=8",
        ];
        assert_eq!(read("/32800"), Ok(whole.map(String::from).to_vec()), "the key is not readable");
    }

    #[test]
    fn discover_goes_as_deep_as_it_is_asked() {
        let discover = |path: &str, depth| {
            let (table, path) = (table(), path.parse::<Path>().unwrap());
            let def = table.get(ObjectId(32800)).unwrap().def.clone();
            let asked = found().into_iter().filter(|(id, _)| path.depth() == 1 || id.0 == 2);
            let listed = asked.map(|(id, values)| (id, present(&def, &values, |id| matches!(id.0, 3 | 6))));
            let links = links(&def, path, depth, Version::V1_1, &listed.collect());
            let links = links.map_err(|rejection| rejection.code)?;
            Ok(ObjectLink::list(&Tree::DEFAULT, &links).to_string())
        };
        let resources =
            |i| format!("</32800/{i}>,</32800/{i}/0>,</32800/{i}/3>,</32800/{i}/4>;dim=2,</32800/{i}/6>");
        assert_eq!(discover("/32800", None), Ok(format!("</32800>,{},{}", resources(0), resources(2))));
        assert_eq!(discover("/32800", Some(0)), Ok("</32800>".into()));
        assert_eq!(discover("/32800", Some(1)), Ok("</32800>,</32800/0>,</32800/2>".into()));
        assert_eq!(discover("/32800/2", None), Ok(resources(2)));
        assert_eq!(discover("/32800/2", Some(0)), Ok("</32800/2>".into()));
        assert_eq!(
            discover("/32800/2/4", None),
            Ok("</32800/2/4>;dim=2,</32800/2/4/0>,</32800/2/4/9>".into())
        );
        assert_eq!(discover("/32800/2/0", None), Ok("</32800/2/0>".into()));
        assert_eq!(discover("/32800/2/1", None), Err(Code::NOT_FOUND));
    }
}
