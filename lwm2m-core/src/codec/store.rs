//! Where the values of a payload go: into a tree, or into a list.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use crate::{InstanceId, Node, ObjectId, Path, ResourceId, Value, ValueError};

use super::{DecodeError, Timed, target::Target};

/// What a place holds until its value is written there. Values are made where they stay: to hand them on costs more
/// than to read them.
pub(super) const EMPTY: Value = Value::Boolean(false);

/// What holds the values of a payload, each at another place.
pub(super) trait Store {
    /// So many values are announced, in a payload that has so many octets left: it may lie.
    fn expect(&mut self, _values: u64, _octets: usize) {}

    /// The place of a value. `None`: there is one already, or one where several are to be.
    fn place(&mut self, path: &Path) -> Option<&mut Value>;

    /// Adds a value that `write` writes. `None`: it has no place of its own, or nothing was written; nothing was added.
    fn add<T>(&mut self, path: &Path, write: impl FnOnce(&mut Value) -> Option<T>) -> Option<T>;

    /// Adds an instance or a multiple resource, perhaps without values.
    fn open(&mut self, path: &Path);

    /// Adds the one value of a payload that holds no more.
    fn only(&mut self, at: Path, value: Result<Value, ValueError>) -> Result<(), DecodeError> {
        let value = value.map_err(|error| DecodeError::Value { path: at, error, offset: 0 })?;
        if let Some(place) = self.place(&at) {
            *place = value;
        }
        Ok(())
    }
}

/// A node that grows by values at its place and below.
pub(super) struct Growing {
    depth: usize,
    target: Target,
    /// `None`: one value, or what has no definition.
    node: Option<Node>,
}

impl Growing {
    pub(super) fn new(target: Target, at: Path) -> Self {
        let node = match target {
            Target::Root => Some(Node::Root(BTreeMap::new())),
            Target::Tree if at.depth() == 1 => Some(Node::Object(BTreeMap::new())),
            Target::Tree => Some(Node::Instance(BTreeMap::new())),
            Target::Multiple(_) => Some(Node::Multiple(BTreeMap::new())),
            Target::Single(_) | Target::Undefined => None,
        };
        Self { depth: usize::from(at.depth()), target, node }
    }

    /// The node, of a payload that ended at this byte.
    pub(super) fn node(self, end: usize) -> Result<Node, DecodeError> {
        match (self.node, self.target) {
            (Some(node), _) => Ok(node),
            (None, Target::Undefined) => Ok(Node::Multiple(BTreeMap::new())),
            (None, _) => Err(missing(end)),
        }
    }
}

impl Store for Growing {
    #[inline]
    fn place(&mut self, path: &Path) -> Option<&mut Value> {
        let below = path.ids().get(self.depth..).unwrap_or(&[]);
        match (&mut self.node, below) {
            (Some(node), _) => grow(node, below),
            (none, []) => value_in(none.insert(Node::Value(EMPTY))),
            (none, _) => grow(none.insert(Node::Multiple(BTreeMap::new())), below),
        }
    }

    #[inline]
    fn add<T>(&mut self, path: &Path, write: impl FnOnce(&mut Value) -> Option<T>) -> Option<T> {
        let written = write(self.place(path)?);
        if written.is_none() {
            self.remove(path);
        }
        written
    }

    fn open(&mut self, path: &Path) {
        if let Some(node) = &mut self.node {
            open(node, path.ids().get(self.depth..).unwrap_or(&[]));
        } else {
            self.node = Some(Node::Multiple(BTreeMap::new()));
        }
    }
}

impl Growing {
    /// Takes a resource of an instance back.
    #[cold]
    fn remove(&mut self, path: &Path) {
        let mut node = self.node.as_mut();
        for id in path.ids().iter().skip(self.depth) {
            node = match node {
                Some(Node::Root(objects)) => objects.get_mut(&ObjectId(*id)),
                Some(Node::Object(instances)) => instances.get_mut(&InstanceId(*id)),
                Some(Node::Instance(resources)) => {
                    resources.remove(&ResourceId(*id));
                    return;
                }
                _ => return,
            };
        }
        self.node = None;
    }
}

fn value_in(node: &mut Node) -> Option<&mut Value> {
    match node {
        Node::Value(value) => Some(value),
        _ => None,
    }
}

/// The place of a value. `None`: there is one already, or one where several are to be.
fn grow<'n>(node: &'n mut Node, below: &[u16]) -> Option<&'n mut Value> {
    match (node, below) {
        (Node::Multiple(items), [id]) => match items.entry(*id) {
            Entry::Vacant(place) => Some(place.insert(EMPTY)),
            Entry::Occupied(_) => None,
        },
        (Node::Instance(resources), [id]) => match resources.entry(ResourceId(*id)) {
            Entry::Vacant(place) => value_in(place.insert(Node::Value(EMPTY))),
            Entry::Occupied(_) => None,
        },
        (Node::Instance(resources), [id, rest @ ..]) => {
            grow(resources.entry(ResourceId(*id)).or_insert_with(|| Node::Multiple(BTreeMap::new())), rest)
        }
        (Node::Object(instances), [id, rest @ ..]) => {
            grow(instances.entry(InstanceId(*id)).or_insert_with(|| Node::Instance(BTreeMap::new())), rest)
        }
        (Node::Root(objects), [id, rest @ ..]) => {
            grow(objects.entry(ObjectId(*id)).or_insert_with(|| Node::Object(BTreeMap::new())), rest)
        }
        _ => None,
    }
}

/// Makes an instance or a multiple resource, where there is none.
fn open(node: &mut Node, below: &[u16]) {
    match (node, below) {
        (Node::Instance(resources), [id]) => {
            resources.entry(ResourceId(*id)).or_insert_with(|| Node::Multiple(BTreeMap::new()));
        }
        (Node::Object(instances), [id, rest @ ..]) => {
            open(instances.entry(InstanceId(*id)).or_insert_with(|| Node::Instance(BTreeMap::new())), rest);
        }
        _ => {}
    }
}

/// See [`super::node_at`].
pub(super) fn node_at<'a>(at: Path, values: impl IntoIterator<Item = &'a Timed>) -> Option<Node> {
    let mut found: Option<Node> = None;
    for value in values {
        if value.path == at {
            found.get_or_insert_with(|| value.node.clone());
        } else if at.contains(&value.path) {
            let mut each = |path: Path, value: &Value| {
                let node = found.get_or_insert_with(|| match at.depth() {
                    0 => Node::Root(BTreeMap::new()),
                    1 => Node::Object(BTreeMap::new()),
                    2 => Node::Instance(BTreeMap::new()),
                    _ => Node::Multiple(BTreeMap::new()),
                });
                if let Some(place) = grow(node, path.ids().get(usize::from(at.depth())..).unwrap_or(&[])) {
                    *place = value.clone();
                }
            };
            match &value.node {
                Node::Value(one) => each(value.path, one),
                node => node.leaves(value.path).into_iter().for_each(|(path, value)| each(path, value)),
            }
        }
    }
    found
}

#[cold]
fn missing(end: usize) -> DecodeError {
    DecodeError::malformed(end, "a value is expected here")
}

/// Values and their places, in the order of the payload.
#[derive(Default)]
pub(super) struct List {
    /// With places to come: to push a value costs as much as to read one.
    values: Vec<(Path, Value)>,
    /// Those before are of others.
    from: usize,
    /// Those from here on are to come.
    len: usize,
    last: Path,
    /// Every place, once they are not in order.
    index: Option<BTreeSet<Path>>,
}

impl List {
    /// After these values.
    pub(super) fn after(values: Vec<(Path, Value)>) -> Self {
        Self { from: values.len(), len: values.len(), values, ..Self::default() }
    }

    /// The list, and that added to.
    pub(super) fn into_values(self) -> Vec<(Path, Value)> {
        let mut values = self.values;
        values.truncate(self.len);
        values
    }

    /// Refuses the lack of a value where there has to be one, in a payload that ended at this byte.
    pub(super) fn check(&self, target: Target, end: usize) -> Result<(), DecodeError> {
        let lacks = self.len == self.from && matches!(target, Target::Single(_));
        if lacks { Err(missing(end)) } else { Ok(()) }
    }

    /// Makes places for so many more.
    #[cold]
    fn grow(&mut self, more: usize) {
        let len = self.len.saturating_add(more);
        if len > self.values.len() {
            self.values.resize_with(len, || (Path::ROOT, EMPTY));
        }
    }

    /// Makes some places, without an allocation where there is room.
    #[cold]
    fn grow_by_itself(&mut self) {
        let room = self.values.capacity().saturating_sub(self.values.len());
        self.grow(if room > 0 { room.min(16) } else { self.len.saturating_sub(self.from).max(4) });
    }

    #[cold]
    fn is_new(&mut self, path: &Path) -> bool {
        let known = self.values.get(self.from..self.len).unwrap_or(&[]);
        let index = self.index.get_or_insert_with(|| known.iter().map(|(path, _)| *path).collect());
        let whole = path.parent().is_some_and(|above| index.contains(&above));
        let part = index.range(path..).next().is_some_and(|next| path.contains(next));
        !whole && !part && index.insert(*path)
    }
}

impl Store for List {
    #[inline]
    fn expect(&mut self, values: u64, octets: usize) {
        self.grow(usize::try_from(values).unwrap_or(octets).min(octets / 2));
    }

    #[inline]
    fn place(&mut self, path: &Path) -> Option<&mut Value> {
        let ascends = self.index.is_none() && self.last < *path;
        let is_new = ascends && !(self.last.depth() == 3 && self.last.contains(path));
        if !is_new && !self.is_new(path) {
            return None;
        }
        if self.len == self.values.len() {
            self.grow_by_itself();
        }
        let (place, value) = self.values.get_mut(self.len)?;
        (*place, self.last) = (*path, *path);
        self.len = self.len.saturating_add(1);
        Some(value)
    }

    #[inline]
    fn add<T>(&mut self, path: &Path, write: impl FnOnce(&mut Value) -> Option<T>) -> Option<T> {
        // resources of instances: none of them is a part of another
        if self.index.is_some() || *path <= self.last {
            return None;
        }
        if self.len == self.values.len() {
            self.grow_by_itself();
        }
        let (place, value) = self.values.get_mut(self.len)?;
        let written = write(value)?;
        (*place, self.last) = (*path, *path);
        self.len = self.len.saturating_add(1);
        Some(written)
    }

    fn open(&mut self, _path: &Path) {}
}
