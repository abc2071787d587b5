//! Values on their way into nodes, lists, new instances and patches.

use std::collections::BTreeMap;

use crate::{Node, ObjectId, Path};

use super::{
    Context, DecodeError, MAX_VALUES, NewInstances, Patch, SenmlRecord, Stamp, Timed,
    everyday::{self, Everyday, Run},
    leaf::{Leaf, LeafError, Sink, no_leaf},
    lookup::Lookup,
    scalar::Scalar,
    store::{EMPTY, Growing, Store},
    target::Target,
};

/// Values that may still come.
pub(super) struct Left(usize);

impl Left {
    pub(super) const ALL: Self = Self(MAX_VALUES);

    /// So many of them, or fewer.
    pub(super) const fn at_most(&self, values: u64) -> u64 {
        if values < self.0 as u64 { values } else { self.0 as u64 }
    }

    /// Takes some that were granted.
    pub(super) const fn took(&mut self, values: u64) {
        self.0 = self.0.saturating_sub(values as usize);
    }

    #[inline]
    pub(super) fn take(&mut self) -> Result<(), DecodeError> {
        self.0 = self.0.checked_sub(1).ok_or(DecodeError::TooLarge("values"))?;
        Ok(())
    }
}

/// One node, or the list of its values; times do not count.
pub(super) struct One<'c, 's, S: Store> {
    at: Path,
    left: Left,
    lookup: Lookup<'c>,
    store: &'s mut S,
}

impl<'c, 's, S: Store> One<'c, 's, S> {
    pub(super) const fn new(cx: &'c Context<'c>, at: Path, store: &'s mut S) -> Self {
        Self { at, left: Left::ALL, lookup: Lookup::new(cx.model), store }
    }
}

impl<S: Store> Sink for One<'_, '_, S> {
    fn covers(&self, path: &Path) -> bool {
        self.at.contains(path)
    }

    fn expect(&mut self, values: u64, octets: usize) {
        self.store.expect(values, octets);
    }

    #[inline]
    fn everyday<'b, F: Everyday<'b>>(&mut self, run: &mut Run<'_>, rest: &'b [u8]) -> (&'b [u8], u64) {
        everyday::read::<F, S>(run, rest, &mut self.lookup, &mut self.left, self.store)
    }

    #[inline]
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        addressed(self.at, leaf)?;
        let Some(kind) = leaf.kind_of(&mut self.lookup, scalar)? else { return Ok(()) };
        let place = self.store.place(&leaf.path).ok_or_else(|| leaf.twice())?;
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
    lookup: Lookup<'c>,
    nodes: Vec<(Option<i64>, Growing)>,
    index: BTreeMap<Option<i64>, usize>,
}

impl<'c> OfTimes<'c> {
    pub(super) const fn new(cx: &'c Context<'c>, at: Path) -> Self {
        let lookup = Lookup::new(cx.model);
        Self { cx, at, left: Left::ALL, lookup, nodes: Vec::new(), index: BTreeMap::new() }
    }

    /// The nodes, oldest first. Without any values one that is empty.
    pub(super) fn nodes(mut self, end: usize) -> Result<Vec<Timed>, DecodeError> {
        if self.nodes.is_empty() {
            self.nodes.push((None, Growing::new(Target::of(self.cx, self.at), self.at)));
        }
        self.nodes.sort_by_key(|(time, _)| chronological(*time));
        let timed = |(time, node): (Option<i64>, Growing)| {
            let (tree, path) = (self.cx.tree.clone(), self.at);
            Ok(Timed { at: time.map(stamp), tree, path, node: node.node(end)? })
        };
        self.nodes.into_iter().map(timed).collect()
    }

    /// The values of a time: most often that of the value before.
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
        let Some(kind) = leaf.kind_of(&mut self.lookup, scalar)? else { return Ok(()) };
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
    lookup: Lookup<'c>,
    found: Vec<Timed>,
}

impl<'c> Listed<'c> {
    pub(super) const fn new(cx: &'c Context<'c>) -> Self {
        Self { cx, left: Left::ALL, lookup: Lookup::new(cx.model), found: Vec::new() }
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
        let Some(kind) = leaf.kind_of(&mut self.lookup, scalar)? else { return Ok(()) };
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
    object: ObjectId,
    left: Left,
    lookup: Lookup<'c>,
    with_ids: Growing,
    /// The instance without an id; the path has 0 there.
    nameless: Option<Growing>,
}

impl<'c> Created<'c> {
    pub(super) fn new(cx: &'c Context<'c>, object: ObjectId) -> Self {
        let with_ids = Growing::new(Target::Tree, super::object_path(object));
        Self { object, left: Left::ALL, lookup: Lookup::new(cx.model), with_ids, nameless: None }
    }

    /// The instances. Without a single value: one without an id.
    pub(super) fn instances(self, end: usize) -> Result<NewInstances, DecodeError> {
        let resources = |node| match node {
            Node::Instance(resources) => resources.into_iter().collect(),
            _ => Vec::new(),
        };
        let mut found = Vec::new();
        if let Node::Object(instances) = self.with_ids.node(end)? {
            found.extend(instances.into_iter().map(|(id, node)| (Some(id), resources(node))));
        }
        match self.nameless {
            Some(instance) => found.push((None, resources(instance.node(end)?))),
            None if found.is_empty() => found.push((None, Vec::new())),
            None => {}
        }
        Ok(found)
    }
}

impl Sink for Created<'_> {
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        self.left.take()?;
        leaf.of_this_tree()?;
        if leaf.path.depth() < 2 || leaf.path.object_id() != Some(self.object) {
            return Err(outside(leaf));
        }
        let (object, resource) = (self.object, leaf.path.resource_id().unwrap_or_default());
        let nameless = |error| match error {
            DecodeError::Value { error, offset, .. } if leaf.nameless => {
                DecodeError::NewValue { object, resource, error, offset }
            }
            other => other,
        };
        let Some(kind) = leaf.kind_of(&mut self.lookup, scalar).map_err(nameless)? else { return Ok(()) };
        let instances = if leaf.nameless {
            let at = super::object_path(object).push(0).unwrap_or_default();
            self.nameless.get_or_insert_with(|| Growing::new(Target::Tree, at))
        } else {
            &mut self.with_ids
        };
        let place = instances.place(&leaf.path).ok_or_else(|| leaf.twice())?;
        scalar.put(kind, place).map_err(|error| nameless(leaf.wrong(error)))
    }
}

/// What a Write-Composite sets and removes, in order.
pub(super) struct Patched<'c> {
    left: Left,
    lookup: Lookup<'c>,
    found: Vec<Patch>,
}

impl<'c> Patched<'c> {
    pub(super) const fn new(cx: &'c Context<'c>) -> Self {
        Self { left: Left::ALL, lookup: Lookup::new(cx.model), found: Vec::new() }
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
            if let Err(LeafError::Place) = leaf.kind(&mut self.lookup) {
                return Err(no_leaf(leaf.path, leaf.named));
            }
            self.found.push(Patch::Remove(leaf.path));
        } else if let Some(kind) = leaf.kind_of(&mut self.lookup, scalar)? {
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

/// Records whose names need not be paths.
pub(super) struct Records {
    left: Left,
    found: Vec<SenmlRecord>,
}

impl Records {
    pub(super) const fn new() -> Self {
        Self { left: Left::ALL, found: Vec::new() }
    }

    pub(super) fn list(self) -> Vec<SenmlRecord> {
        self.found
    }
}

impl Sink for Records {
    fn record(
        &mut self,
        name: String,
        time: Option<i64>,
        value: &mut Scalar<'_>,
        offset: usize,
    ) -> Result<(), DecodeError> {
        self.left.take()?;
        let mut found = EMPTY;
        value.put(None, &mut found).map_err(|error| DecodeError::malformed(offset, error.to_string()))?;
        self.found.push(SenmlRecord { name, at: time.map(stamp), value: found });
        Ok(())
    }

    fn leaf(&mut self, _leaf: &Leaf<'_>, _scalar: &mut Scalar<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}
