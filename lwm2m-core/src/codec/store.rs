//! Where the values of a payload go: into a tree, or into a list.

use std::collections::{
    BTreeMap, BTreeSet,
    btree_map::{Entry, VacantEntry},
};

use crate::{InstanceId, Kind, Node, ObjectId, Path, ResourceId, Value, ValueError};

use super::{
    DecodeError, Timed,
    everyday::{Everyday, Place},
    target::Target,
};

/// What a place holds until its value is written there. Values are made where they stay: to hand them on costs more
/// than to read them.
pub(super) const EMPTY: Value = Value::Boolean(false);

/// What holds the values of a payload, each at another place.
pub(super) trait Store {
    type Room<'s>: Room
    where
        Self: 's;

    /// So many values are announced, in a payload that has so many octets left: it may lie.
    fn expect(&mut self, _values: u64, _octets: usize) {}

    /// The place of a value. `None`: there is one already, or one where several are to be.
    fn place(&mut self, path: &Path) -> Option<&mut Value>;

    /// Where resources of an instance go. `None`: they need a closer look.
    fn room(&mut self, instance: &Path) -> Option<Self::Room<'_>>;

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

/// Where single resources of an instance go.
pub(super) trait Room {
    /// Adds a resource and returns what follows it. `None`: it is there already, or has not the usual form; nothing was
    /// added.
    fn add<'b, F: Everyday<'b>>(&mut self, id: u16, kind: Kind, found: F::Found) -> Option<&'b [u8]>;
}

impl Room for &mut BTreeMap<ResourceId, Node> {
    #[inline]
    fn add<'b, F: Everyday<'b>>(&mut self, id: u16, kind: Kind, found: F::Found) -> Option<&'b [u8]> {
        let Entry::Vacant(place) = self.entry(ResourceId(id)) else { return None };
        F::value(kind, found, place)
    }
}

impl Place for VacantEntry<'_, ResourceId, Node> {
    #[inline(always)]
    fn put(self, value: Value) {
        self.insert(Node::Value(value));
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
    type Room<'s> = &'s mut BTreeMap<ResourceId, Node>;

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
    fn room(&mut self, instance: &Path) -> Option<Self::Room<'_>> {
        let mut node = self.node.as_mut()?;
        for id in instance.ids().get(self.depth..)? {
            node = match node {
                Node::Root(objects) => objects.get_mut(&ObjectId(*id))?,
                Node::Object(instances) => instances.get_mut(&InstanceId(*id))?,
                _ => return None,
            };
        }
        match node {
            Node::Instance(resources) => Some(resources),
            _ => None,
        }
    }

    fn open(&mut self, path: &Path) {
        if let Some(node) = &mut self.node {
            open(node, path.ids().get(self.depth..).unwrap_or(&[]));
        } else {
            self.node = Some(Node::Multiple(BTreeMap::new()));
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
    values: Vec<(Path, Value)>,
    /// Those before are of others.
    from: usize,
    /// Every place, once they are not in order.
    index: Option<BTreeSet<Path>>,
}

impl List {
    /// After these values.
    pub(super) fn after(values: Vec<(Path, Value)>) -> Self {
        Self { from: values.len(), values, index: None }
    }

    /// The list, and that added to.
    pub(super) fn into_values(self) -> Vec<(Path, Value)> {
        self.values
    }

    /// Refuses the lack of a value where there has to be one, in a payload that ended at this byte.
    pub(super) fn check(&self, target: Target, end: usize) -> Result<(), DecodeError> {
        let lacks = self.values.len() == self.from && matches!(target, Target::Single(_));
        if lacks { Err(missing(end)) } else { Ok(()) }
    }

    /// The places so far.
    fn known(&self) -> &[(Path, Value)] {
        self.values.get(self.from..).unwrap_or(&[])
    }

    #[inline]
    fn last(&self) -> Path {
        self.known().last().map_or(Path::ROOT, |(path, _)| *path)
    }

    #[cold]
    fn is_new(&mut self, path: &Path) -> bool {
        let known = self.values.get(self.from..).unwrap_or(&[]);
        let index = self.index.get_or_insert_with(|| known.iter().map(|(path, _)| *path).collect());
        let whole = path.parent().is_some_and(|above| index.contains(&above));
        let part = index.range(path..).next().is_some_and(|next| path.contains(next));
        !whole && !part && index.insert(*path)
    }
}

impl Store for List {
    type Room<'s> = RoomInList<'s>;

    #[inline]
    fn expect(&mut self, values: u64, octets: usize) {
        self.values.reserve(usize::try_from(values).unwrap_or(octets).min(octets / 2));
    }

    #[inline]
    fn place(&mut self, path: &Path) -> Option<&mut Value> {
        let last = self.last();
        let ascends = self.index.is_none() && last < *path;
        let is_new = ascends && !(last.depth() == 3 && last.contains(path));
        if !is_new && !self.is_new(path) {
            return None;
        }
        self.values.push((*path, EMPTY));
        self.values.last_mut().map(|(_, value)| value)
    }

    #[inline]
    fn room(&mut self, instance: &Path) -> Option<Self::Room<'_>> {
        if self.index.is_some() {
            return None;
        }
        Some(RoomInList { instance: *instance, last: self.last(), values: &mut self.values })
    }

    fn open(&mut self, _path: &Path) {}
}

/// The end of a list whose places ascend.
pub(super) struct RoomInList<'s> {
    instance: Path,
    last: Path,
    values: &'s mut Vec<(Path, Value)>,
}

impl Room for RoomInList<'_> {
    #[inline]
    fn add<'b, F: Everyday<'b>>(&mut self, id: u16, kind: Kind, found: F::Found) -> Option<&'b [u8]> {
        let mut path = self.instance;
        path.go(id).ok()?;
        // resources of instances: none of them is a part of another
        if path <= self.last {
            return None;
        }
        let left = F::value(kind, found, End { values: self.values, path })?;
        self.last = path;
        Some(left)
    }
}

/// The place of the next value of a list.
struct End<'s> {
    values: &'s mut Vec<(Path, Value)>,
    path: Path,
}

impl Place for End<'_> {
    #[inline(always)]
    fn put(self, value: Value) {
        self.values.push((self.path, value));
    }
}
