//! Values on their way into nodes, lists, new instances and patches.

use std::collections::BTreeMap;

use crate::{InstanceId, Node, ObjectId, Path, RESERVED_ID, ResourceId, Value};

use super::{
    Context, DecodeError, MAX_VALUES, NewInstances, Patch, Stamp, Timed,
    leaf::{Leaf, LeafError, Sink, no_leaf},
    scalar::Scalar,
    target::Target,
};

/// Values that may still come.
struct Left(usize);

impl Left {
    const ALL: Self = Self(MAX_VALUES);

    #[inline]
    fn take(&mut self) -> Result<(), DecodeError> {
        self.0 = self.0.checked_sub(1).ok_or(DecodeError::TooLarge("values"))?;
        Ok(())
    }
}

/// A node that grows by values below it.
struct Growing {
    depth: usize,
    /// `None`: one value, or what has no definition.
    node: Option<Node>,
}

impl Growing {
    fn new(target: Target, at: Path) -> Self {
        let node = match target {
            Target::Root => Some(Node::Root(BTreeMap::new())),
            Target::Tree if at.depth() == 1 => Some(Node::Object(BTreeMap::new())),
            Target::Tree => Some(Node::Instance(BTreeMap::new())),
            Target::Multiple(_) => Some(Node::Multiple(BTreeMap::new())),
            Target::Single(_) | Target::Undefined => None,
        };
        Self { depth: usize::from(at.depth()), node }
    }

    /// `false`: there is one already.
    #[inline]
    fn add(&mut self, ids: &[u16], value: Value) -> bool {
        let below = ids.get(self.depth..).unwrap_or(&[]);
        match (&mut self.node, below) {
            (Some(node), _) => grow(node, below, value),
            (none, []) => {
                *none = Some(Node::Value(value));
                true
            }
            (none, [id, ..]) => {
                *none = Some(Node::Multiple(BTreeMap::from([(*id, value)])));
                true
            }
        }
    }
}

/// `false`: there is one already, or several where one is to be.
fn grow(node: &mut Node, below: &[u16], value: Value) -> bool {
    use std::collections::btree_map::Entry;
    match (node, below) {
        (Node::Multiple(items), [id]) => items.insert(*id, value).is_none(),
        (Node::Instance(resources), [id]) => match resources.entry(ResourceId(*id)) {
            Entry::Vacant(place) => {
                place.insert(Node::Value(value));
                true
            }
            Entry::Occupied(_) => false,
        },
        (Node::Instance(resources), [id, rest @ ..]) => {
            let items = resources.entry(ResourceId(*id)).or_insert_with(|| Node::Multiple(BTreeMap::new()));
            grow(items, rest, value)
        }
        (Node::Object(instances), [id, rest @ ..]) => {
            let instance =
                instances.entry(InstanceId(*id)).or_insert_with(|| Node::Instance(BTreeMap::new()));
            grow(instance, rest, value)
        }
        (Node::Root(objects), [id, rest @ ..]) => {
            let object = objects.entry(ObjectId(*id)).or_insert_with(|| Node::Object(BTreeMap::new()));
            grow(object, rest, value)
        }
        _ => false,
    }
}

#[cold]
fn twice(path: Path, named: usize) -> DecodeError {
    DecodeError::malformed(named, format!("{path} stands here twice"))
}

/// One node; times do not count.
pub(super) struct One<'c> {
    cx: &'c Context<'c>,
    at: Path,
    left: Left,
    node: Growing,
}

impl<'c> One<'c> {
    pub(super) fn new(cx: &'c Context<'c>, at: Path) -> Self {
        Self { cx, at, left: Left::ALL, node: Growing::new(Target::of(cx, at), at) }
    }

    /// The node, of a payload that ended at this byte.
    pub(super) fn node(self, end: usize) -> Result<Node, DecodeError> {
        match (self.node.node, Target::of(self.cx, self.at)) {
            (Some(node), _) => Ok(node),
            (None, Target::Undefined) => Ok(Node::Multiple(BTreeMap::new())),
            (None, _) => Err(DecodeError::malformed(end, "a value is expected here")),
        }
    }
}

impl Sink for One<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        let (path, named) = (leaf.path, leaf.named);
        addressed(self.at, &leaf)?;
        let Some(value) = leaf.read(self.cx)? else { return Ok(()) };
        if self.node.add(path.ids(), value) { Ok(()) } else { Err(twice(path, named)) }
    }
}

#[inline]
fn addressed(at: Path, leaf: &Leaf<'_>) -> Result<(), DecodeError> {
    leaf.of_this_tree()?;
    leaf.named()?;
    if at.contains(&leaf.path) { Ok(()) } else { Err(outside(leaf)) }
}

#[cold]
fn outside(leaf: &Leaf<'_>) -> DecodeError {
    DecodeError::OutsidePath { path: leaf.path, offset: leaf.named }
}

/// A node of each time.
pub(super) struct OfTimes<'c> {
    cx: &'c Context<'c>,
    at: Path,
    left: Left,
    nodes: Vec<(Option<i64>, Growing)>,
    index: BTreeMap<Option<i64>, usize>,
}

impl<'c> OfTimes<'c> {
    pub(super) const fn new(cx: &'c Context<'c>, at: Path) -> Self {
        Self { cx, at, left: Left::ALL, nodes: Vec::new(), index: BTreeMap::new() }
    }

    /// The nodes, oldest first. Without any values one that is empty.
    pub(super) fn nodes(self, end: usize) -> Result<Vec<Timed>, DecodeError> {
        if self.nodes.is_empty() {
            let node = One::new(self.cx, self.at).node(end)?;
            return Ok(vec![Timed { at: None, tree: self.cx.tree.clone(), path: self.at, node }]);
        }
        let mut nodes = self.nodes;
        nodes.sort_by_key(|(time, _)| chronological(*time));
        let nodes = nodes.into_iter().filter_map(|(time, growing)| {
            let (tree, path) = (self.cx.tree.clone(), self.at);
            growing.node.map(|node| Timed { at: time.map(stamp), tree, path, node })
        });
        Ok(nodes.collect())
    }

    /// The node of a time: most often that of the value before.
    fn of(&mut self, time: Option<i64>) -> Option<&mut Growing> {
        if self.nodes.last().is_none_or(|(last, _)| *last != time) {
            let next = self.nodes.len();
            let position = *self.index.entry(time).or_insert(next);
            if position < next {
                return self.nodes.get_mut(position).map(|(_, node)| node);
            }
            self.nodes.push((time, Growing::new(Target::of(self.cx, self.at), self.at)));
        }
        self.nodes.last_mut().map(|(_, node)| node)
    }
}

impl Sink for OfTimes<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        let (path, named, time) = (leaf.path, leaf.named, leaf.time);
        addressed(self.at, &leaf)?;
        let Some(value) = leaf.read(self.cx)? else { return Ok(()) };
        if self.of(time).is_some_and(|node| node.add(path.ids(), value)) {
            Ok(())
        } else {
            Err(twice(path, named))
        }
    }
}

/// Moments, then how long ago, then now.
const fn chronological(time: Option<i64>) -> (u8, i64) {
    match time {
        Some(time) if time > 0 => (0, time),
        Some(time) => (1, time),
        None => (2, 0),
    }
}

const fn stamp(time: i64) -> Stamp {
    if time > 0 { Stamp::At(crate::UnixTime(time)) } else { Stamp::Ago(time.unsigned_abs()) }
}

/// A list of values with their places and times, in order.
pub(super) struct Listed<'c> {
    cx: &'c Context<'c>,
    left: Left,
    found: Vec<Timed>,
}

impl<'c> Listed<'c> {
    pub(super) const fn new(cx: &'c Context<'c>) -> Self {
        Self { cx, left: Left::ALL, found: Vec::new() }
    }

    /// The list, without a value twice of the same time.
    pub(super) fn list(self) -> Result<Vec<Timed>, DecodeError> {
        match super::overlapping(&self.found) {
            Some(path) => Err(twice(path, 0)),
            None => Ok(self.found),
        }
    }
}

impl Sink for Listed<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.named()?;
        let path = leaf.path;
        let tree = leaf.tree.unwrap_or(self.cx.tree).clone();
        let at = leaf.time.map(stamp);
        if let Some(value) = leaf.read(self.cx)? {
            self.found.push(Timed { at, tree, path, node: Node::Value(value) });
        }
        Ok(())
    }
}

/// New instances of an object.
pub(super) struct Created<'c> {
    cx: &'c Context<'c>,
    object: ObjectId,
    left: Left,
    /// By instance; 65535 is the one without an id.
    found: BTreeMap<u16, Node>,
}

impl<'c> Created<'c> {
    pub(super) const fn new(cx: &'c Context<'c>, object: ObjectId) -> Self {
        Self { cx, object, left: Left::ALL, found: BTreeMap::new() }
    }

    /// The instances. Without a single value: one without an id.
    pub(super) fn instances(self) -> NewInstances {
        if self.found.is_empty() {
            return vec![(None, Vec::new())];
        }
        let instances = self.found.into_iter().map(|(id, node)| {
            let Node::Instance(resources) = node else { return (None, Vec::new()) };
            (Some(InstanceId(id)).filter(|id| id.0 != RESERVED_ID), resources.into_iter().collect())
        });
        instances.collect()
    }
}

impl Sink for Created<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        let (path, named, offset, nameless) = (leaf.path, leaf.named, leaf.offset, leaf.nameless);
        let [object, instance, below @ ..] = path.ids() else { return Err(outside(&leaf)) };
        if *object != self.object.0 {
            return Err(outside(&leaf));
        }
        let (object, resource) = (self.object, path.resource_id().unwrap_or_default());
        let read = leaf.read(self.cx).map_err(|error| match error {
            DecodeError::Value { error, .. } if nameless => {
                DecodeError::NewValue { object, resource, error, offset }
            }
            other => other,
        });
        let Some(value) = read? else { return Ok(()) };
        let instance = if nameless { RESERVED_ID } else { *instance };
        let instance = self.found.entry(instance).or_insert_with(|| Node::Instance(BTreeMap::new()));
        if grow(instance, below, value) { Ok(()) } else { Err(twice(path, named)) }
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
                grow(node, path.ids().get(usize::from(at.depth())..).unwrap_or(&[]), value.clone());
            };
            match &value.node {
                Node::Value(one) => each(value.path, one),
                node => node.leaves(value.path).into_iter().for_each(|(path, value)| each(path, value)),
            }
        }
    }
    found
}

/// What a Write-Composite sets and removes, in order.
pub(super) struct Patched<'c> {
    cx: &'c Context<'c>,
    left: Left,
    found: Vec<Patch>,
}

impl<'c> Patched<'c> {
    pub(super) const fn new(cx: &'c Context<'c>) -> Self {
        Self { cx, left: Left::ALL, found: Vec::new() }
    }

    pub(super) fn list(self) -> Vec<Patch> {
        self.found
    }
}

impl Sink for Patched<'_> {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        leaf.named()?;
        let path = leaf.path;
        if matches!(leaf.scalar, Scalar::Null) {
            if let Err(LeafError::Place) = leaf.kind(self.cx) {
                return Err(no_leaf(path, leaf.named));
            }
            self.found.push(Patch::Remove(path));
        } else if let Some(value) = leaf.read(self.cx)? {
            self.found.push(Patch::Set(path, Node::Value(value)));
        }
        Ok(())
    }
}

/// Places without values.
pub(super) struct Named {
    left: Left,
    found: Vec<Path>,
}

impl Named {
    pub(super) const fn new() -> Self {
        Self { left: Left::ALL, found: Vec::new() }
    }

    pub(super) fn list(self) -> Vec<Path> {
        self.found
    }
}

impl Sink for Named {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        self.found.push(leaf.path);
        Ok(())
    }
}
