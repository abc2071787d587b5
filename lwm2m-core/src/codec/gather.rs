//! Values on their way into nodes, lists, new instances and patches.

use std::collections::{BTreeMap, btree_map::Entry};

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

/// What a place holds until its value is written there. Values are made where they stay: to hand them on costs more
/// than to read them.
pub(super) const EMPTY: Value = Value::Boolean(false);

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

    /// The place of a value. `None`: there is one already, or one where several are to be.
    #[inline]
    fn place(&mut self, path: &Path) -> Option<&mut Value> {
        let below = path.ids().get(self.depth..).unwrap_or(&[]);
        match (&mut self.node, below) {
            (Some(node), _) => grow(node, below),
            (none, []) => value_in(none.insert(Node::Value(EMPTY))),
            (none, _) => grow(none.insert(Node::Multiple(BTreeMap::new())), below),
        }
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
    fn covers(&self, path: &Path) -> bool {
        self.at.contains(path)
    }

    #[inline]
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        addressed(self.at, leaf)?;
        let Some(kind) = leaf.kind_of(self.cx, scalar)? else { return Ok(()) };
        let place = self.node.place(&leaf.path).ok_or_else(|| leaf.twice())?;
        scalar.put(kind, place).map_err(|error| leaf.wrong(error))
    }
}

#[inline]
fn addressed(at: Path, leaf: &Leaf<'_>) -> Result<(), DecodeError> {
    leaf.of_this_tree()?;
    leaf.named()?;
    if leaf.inside || at.contains(&leaf.path) { Ok(()) } else { Err(outside(leaf)) }
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
            // one time needs no index
            if let [(first, _)] = self.nodes.as_slice() {
                self.index.insert(*first, 0);
            }
            let next = self.nodes.len();
            let position = if next == 0 { next } else { *self.index.entry(time).or_insert(next) };
            if position < next {
                return self.nodes.get_mut(position).map(|(_, node)| node);
            }
            self.nodes.reserve_exact(if next == 0 { 1 } else { next });
            self.nodes.push((time, Growing::new(Target::of(self.cx, self.at), self.at)));
        }
        self.nodes.last_mut().map(|(_, node)| node)
    }
}

impl Sink for OfTimes<'_> {
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        addressed(self.at, leaf)?;
        let Some(kind) = leaf.kind_of(self.cx, scalar)? else { return Ok(()) };
        let place = self.of(leaf.time).and_then(|node| node.place(&leaf.path));
        scalar.put(kind, place.ok_or_else(|| leaf.twice())?).map_err(|error| leaf.wrong(error))
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
            Some(path) => Err(DecodeError::malformed(0, format!("{path} stands here twice"))),
            None => Ok(self.found),
        }
    }
}

impl Sink for Listed<'_> {
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.named()?;
        let Some(kind) = leaf.kind_of(self.cx, scalar)? else { return Ok(()) };
        let mut value = EMPTY;
        scalar.put(kind, &mut value).map_err(|error| leaf.wrong(error))?;
        let tree = leaf.tree.unwrap_or(self.cx.tree).clone();
        let (at, node) = (leaf.time.map(stamp), Node::Value(value));
        self.found.push(Timed { at, tree, path: leaf.path, node });
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
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        let [object, instance, below @ ..] = leaf.path.ids() else { return Err(outside(leaf)) };
        if *object != self.object.0 {
            return Err(outside(leaf));
        }
        let (object, resource) = (self.object, leaf.path.resource_id().unwrap_or_default());
        let nameless = |error| match error {
            DecodeError::Value { error, offset, .. } if leaf.nameless => {
                DecodeError::NewValue { object, resource, error, offset }
            }
            other => other,
        };
        let Some(kind) = leaf.kind_of(self.cx, scalar).map_err(nameless)? else { return Ok(()) };
        let instance = if leaf.nameless { RESERVED_ID } else { *instance };
        let instance = self.found.entry(instance).or_insert_with(|| Node::Instance(BTreeMap::new()));
        let place = grow(instance, below).ok_or_else(|| leaf.twice())?;
        scalar.put(kind, place).map_err(|error| nameless(leaf.wrong(error)))
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
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        leaf.named()?;
        if matches!(scalar, Scalar::Null) {
            if let Err(LeafError::Place) = leaf.kind(self.cx) {
                return Err(no_leaf(leaf.path, leaf.named));
            }
            self.found.push(Patch::Remove(leaf.path));
        } else if let Some(kind) = leaf.kind_of(self.cx, scalar)? {
            let mut value = EMPTY;
            scalar.put(kind, &mut value).map_err(|error| leaf.wrong(error))?;
            self.found.push(Patch::Set(leaf.path, Node::Value(value)));
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
    fn leaf(&mut self, leaf: &Leaf<'_>, _scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        self.found.push(leaf.path);
        Ok(())
    }
}
