//! What the code of `#[derive(Object)]` calls, one function for each shape of field. Not for direct use.

use std::collections::BTreeMap;

use crate::{
    Code, FromNode as _, Interval, Kind, Node, ObjectDef, Ops, Rejection, ResourceChange, ResourceDef,
    ResourceId, Selection, Value, ValueError, ValueType, Values,
};

/// Resource instances of one resource of a typed object. Against a server that adds one after the other until
/// memory is gone.
pub const MAX_RESOURCE_INSTANCES: usize = 1024;

type Resources = BTreeMap<ResourceId, Node>;
type Change = (ResourceId, Option<u16>);

/// How much of a resource a selection wants.
enum Wanted<'a> {
    Nothing,
    All,
    Items(&'a [Change]),
}

fn wanted(select: &Selection, id: ResourceId, ops: Ops) -> Wanted<'_> {
    match select {
        Selection::All if ops.can_read() => Wanted::All,
        Selection::All => Wanted::Nothing,
        Selection::Only(list) if list.contains(&(id, None)) => Wanted::All,
        Selection::Only(list) if list.iter().any(|(wanted, _)| *wanted == id) => Wanted::Items(list),
        Selection::Only(_) => Wanted::Nothing,
    }
}

/// Can a `T` be every number, or have every length, from `least` to `greatest`?
#[must_use]
pub const fn holds<T: ValueType>(least: i128, greatest: i128) -> bool {
    let (mut from, mut to) = match T::KIND {
        Kind::Integer | Kind::Time => (i64::MIN as i128, i64::MAX as i128),
        Kind::Float => (i128::MIN, i128::MAX),
        _ => (0, u64::MAX as i128),
    };
    let mut bounds = T::BOUNDS;
    if !bounds.is_empty() {
        (from, to) = (to, from);
    }
    while let [first, rest @ ..] = bounds {
        let (a, b) = match *first {
            Interval::Integer(a, b) => (a as i128, b as i128),
            Interval::Unsigned(a, b) => (a as i128, b as i128),
            Interval::Float(..) => (i128::MIN, i128::MAX),
        };
        from = if a < from { a } else { from };
        to = if b > to { b } else { to };
        bounds = rest;
    }
    from <= least && greatest <= to
}

pub fn read_single<T: ValueType>(field: &T, id: u16, ops: Ops, select: &Selection, out: &mut Values) {
    let id = ResourceId(id);
    if matches!(wanted(select, id, ops), Wanted::All) {
        out.push((id, Node::Value(field.clone().into_value())));
    }
}

pub fn read_optional<T: ValueType>(
    field: &Option<T>,
    id: u16,
    ops: Ops,
    select: &Selection,
    out: &mut Values,
) {
    if let Some(value) = field {
        read_single(value, id, ops, select, out);
    }
}

pub fn read_multiple<T: ValueType>(
    field: &BTreeMap<u16, T>,
    id: u16,
    ops: Ops,
    mandatory: bool,
    select: &Selection,
    out: &mut Values,
) {
    let id = ResourceId(id);
    let value = |(item, value): (&u16, &T)| (*item, value.clone().into_value());
    let items = match wanted(select, id, ops) {
        Wanted::All if field.is_empty() && !mandatory => return,
        Wanted::All => field.iter().map(value).collect(),
        Wanted::Items(list) => {
            let named = list.iter().filter(|(wanted, _)| *wanted == id).filter_map(|(_, item)| *item);
            let items: BTreeMap<_, _> =
                named.filter_map(|item| field.get_key_value(&item)).map(value).collect();
            if items.is_empty() {
                return;
            }
            items
        }
        Wanted::Nothing => return,
    };
    out.push((id, Node::Multiple(items)));
}

pub fn write_single<T: ValueType>(
    field: &mut T,
    def: &ResourceDef,
    change: ResourceChange,
) -> Result<(), Rejection> {
    match change {
        ResourceChange::Set(_, node) => *field = single(def, node)?,
        ResourceChange::Remove(_) => return Err(def.refused("is mandatory and cannot be removed")),
        ResourceChange::SetItem(..) | ResourceChange::RemoveItem(..) => return Err(no_items(def)),
    }
    Ok(())
}

pub fn write_optional<T: ValueType>(
    field: &mut Option<T>,
    def: &ResourceDef,
    change: ResourceChange,
) -> Result<(), Rejection> {
    *field = match change {
        ResourceChange::Set(_, node) => Some(single(def, node)?),
        ResourceChange::Remove(_) => None,
        ResourceChange::SetItem(..) | ResourceChange::RemoveItem(..) => return Err(no_items(def)),
    };
    Ok(())
}

pub fn write_multiple<T: ValueType>(
    field: &mut BTreeMap<u16, T>,
    def: &ResourceDef,
    change: ResourceChange,
) -> Result<(), Rejection> {
    match change {
        ResourceChange::Set(_, node) => *field = multiple(def, node)?,
        ResourceChange::SetItem(_, id, value) => {
            if id == crate::RESERVED_ID {
                return Err(def.refused("has no resource instance 65535"));
            }
            if field.len() >= MAX_RESOURCE_INSTANCES && !field.contains_key(&id) {
                return Err(too_many(def));
            }
            field.insert(id, checked(def, value)?);
        }
        ResourceChange::Remove(_) if def.is_mandatory() => {
            return Err(def.refused("is mandatory and cannot be removed"));
        }
        ResourceChange::Remove(_) => field.clear(),
        ResourceChange::RemoveItem(_, id) => {
            if !field.contains_key(&id) {
                return Err(Rejection::not_found());
            }
            if def.is_mandatory() && field.len() == 1 {
                let why = format!("{} ({}) is mandatory and keeps one instance", def.name(), def.id());
                return Err(Rejection::new(Code::METHOD_NOT_ALLOWED, why));
            }
            field.remove(&id);
        }
    }
    Ok(())
}

fn single<T: ValueType>(def: &ResourceDef, node: Node) -> Result<T, Rejection> {
    match node {
        Node::Value(value) => checked(def, value),
        _ => Err(def.refused("takes one value")),
    }
}

fn multiple<T: ValueType>(def: &ResourceDef, node: Node) -> Result<BTreeMap<u16, T>, Rejection> {
    let Node::Multiple(items) = node else { return Err(def.refused("takes resource instances")) };
    if items.len() > MAX_RESOURCE_INSTANCES {
        return Err(too_many(def));
    }
    if items.contains_key(&crate::RESERVED_ID) {
        return Err(def.refused("has no resource instance 65535"));
    }
    if items.is_empty() && def.is_mandatory() {
        return Err(def.refused("is mandatory and needs an instance"));
    }
    items.into_iter().map(|(id, value)| Ok((id, checked(def, value)?))).collect()
}

fn checked<T: ValueType>(def: &ResourceDef, value: Value) -> Result<T, Rejection> {
    let found = value.kind();
    def.check(&value)?;
    T::from_value(value).map_err(|error| match error {
        ValueError::Range => def.refused("is out of range"),
        _ => def.refused(format_args!("takes {}, not {found}", def.kind())),
    })
}

fn no_items(def: &ResourceDef) -> Rejection {
    Rejection::new(Code::NOT_FOUND, format!("{} ({}) has no resource instances", def.name(), def.id()))
}

fn too_many(def: &ResourceDef) -> Rejection {
    let why = format!("{} ({}) has at most {MAX_RESOURCE_INSTANCES} instances", def.name(), def.id());
    Rejection::new(Code::REQUEST_ENTITY_TOO_LARGE, why)
}

#[must_use]
pub fn not_executable(def: &ObjectDef, resource: ResourceId) -> Rejection {
    match def.resource(resource) {
        Some(_) => Rejection::method_not_allowed(),
        None => Rejection::not_found(),
    }
}

pub fn changed_single<T: ValueType>(after: &T, before: &T, id: u16, out: &mut Vec<Change>) {
    if !after.same(before) {
        out.push((ResourceId(id), None));
    }
}

pub fn changed_optional<T: ValueType>(after: &Option<T>, before: &Option<T>, id: u16, out: &mut Vec<Change>) {
    match (after, before) {
        (Some(after), Some(before)) => changed_single(after, before, id, out),
        (None, None) => {}
        _ => out.push((ResourceId(id), None)),
    }
}

pub fn changed_multiple<T: ValueType>(
    after: &BTreeMap<u16, T>,
    before: &BTreeMap<u16, T>,
    id: u16,
    out: &mut Vec<Change>,
) {
    let new_or_other =
        after.iter().filter(|(item, value)| !before.get(item).is_some_and(|was| was.same(value)));
    let gone = before.keys().filter(|item| !after.contains_key(item));
    let items = new_or_other.map(|(item, _)| item).chain(gone);
    out.extend(items.map(|item| (ResourceId(id), Some(*item))));
}

/// The resources of an instance.
///
/// # Errors
/// The node is none.
pub fn resources(node: Node) -> Result<Resources, ValueError> {
    match node {
        Node::Instance(resources) => Ok(resources),
        other => Err(ValueError::NotAnInstance(other.kind())),
    }
}

/// # Errors
/// It is missing, or its value is of another kind.
pub fn take_single<T: ValueType>(resources: &mut Resources, id: u16) -> Result<T, ValueError> {
    take_optional(resources, id)?.ok_or(ValueError::Missing(ResourceId(id)))
}

/// # Errors
/// The value is of another kind.
pub fn take_optional<T: ValueType>(resources: &mut Resources, id: u16) -> Result<Option<T>, ValueError> {
    let id = ResourceId(id);
    let Some(node) = resources.remove(&id) else { return Ok(None) };
    let value = match node {
        Node::Value(value) => T::from_value(value),
        other => Err(ValueError::Kind { expected: T::KIND, found: other.kind() }),
    };
    value.map(Some).map_err(|error| ValueError::In(id, Box::new(error)))
}

/// # Errors
/// It is mandatory and missing, or a value is of another kind.
pub fn take_multiple<T: ValueType>(
    resources: &mut Resources,
    id: u16,
    mandatory: bool,
) -> Result<BTreeMap<u16, T>, ValueError> {
    let id = ResourceId(id);
    match resources.remove(&id) {
        Some(node) => BTreeMap::from_node(node).map_err(|error| ValueError::In(id, Box::new(error))),
        None if mandatory => Err(ValueError::Missing(id)),
        None => Ok(BTreeMap::new()),
    }
}

pub fn put_single<T: ValueType>(field: T, id: u16, resources: &mut Resources) {
    resources.insert(ResourceId(id), Node::Value(field.into_value()));
}

pub fn put_optional<T: ValueType>(field: Option<T>, id: u16, resources: &mut Resources) {
    if let Some(value) = field {
        put_single(value, id, resources);
    }
}

pub fn put_multiple<T: ValueType>(
    field: BTreeMap<u16, T>,
    id: u16,
    mandatory: bool,
    resources: &mut Resources,
) {
    if mandatory || !field.is_empty() {
        let items = field.into_iter().map(|(item, value)| (item, value.into_value()));
        resources.insert(ResourceId(id), Node::Multiple(items.collect()));
    }
}
