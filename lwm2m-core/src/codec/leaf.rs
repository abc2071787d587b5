//! One value of a payload and its place, on the way into a tree or a list.

use crate::{Kind, Path, Tree, ValueError};

use super::{
    DecodeError,
    everyday::{Everyday, Run},
    lookup::Lookup,
    scalar::Scalar,
};

/// The place of a value that a decoder found.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    /// The place.
    pub(super) path: Path,
    /// Is it known to be within what is read?
    pub(super) inside: bool,
    /// Is the instance not the one that the path says, but "none"?
    pub(super) nameless: bool,
    /// The tree that the payload names, if it is another than that of the context.
    pub(super) tree: Option<&'a Tree>,
    /// Microseconds, as the payload says them: since 1970 or, up to zero, before now.
    pub(super) time: Option<i64>,
    /// Where the payload names the place.
    pub(super) named: usize,
    /// Where the value stands.
    pub(super) offset: usize,
}

/// What takes the values of a payload, one after the other.
pub(super) trait Sink {
    /// Is all at and below this place within what is read?
    fn covers(&self, _path: &Path) -> bool {
        false
    }

    /// So many values are announced, in a payload that has so many octets left: it may lie.
    fn expect(&mut self, _values: u64, _octets: usize) {}

    /// Takes single resources of an instance that is covered, as long as all is as it is defined. What is left, and how
    /// many were taken.
    fn everyday<'b, F: Everyday<'b>>(&mut self, _run: &mut Run<'_>, rest: &'b [u8]) -> (&'b [u8], u64) {
        (rest, 0)
    }

    /// Takes a record whose name is no path.
    fn record(
        &mut self,
        _name: String,
        _time: Option<i64>,
        _value: &mut Scalar<'_>,
        _offset: usize,
    ) -> Result<(), DecodeError> {
        Ok(())
    }

    /// Takes a value. Null is none: it asks for removal, or stands for an executable resource.
    fn leaf(&mut self, leaf: &Leaf<'_>, scalar: &mut Scalar<'_>) -> Result<(), DecodeError>;
}

impl Leaf<'_> {
    /// Refuses another tree.
    #[inline]
    pub(super) fn of_this_tree(&self) -> Result<(), DecodeError> {
        match self.tree {
            None => Ok(()),
            Some(tree) => Err(DecodeError::malformed(self.named, format!("{tree} is another tree"))),
        }
    }

    /// Refuses an instance without an id.
    #[inline]
    pub(super) fn named(&self) -> Result<(), DecodeError> {
        if self.nameless {
            Err(DecodeError::malformed(self.named, "65535 is no instance here"))
        } else {
            Ok(())
        }
    }

    /// The kind of the value that is defined there.
    #[inline]
    pub(super) fn kind(&self, lookup: &mut Lookup<'_>) -> Result<Option<Kind>, LeafError> {
        match *self.path.ids() {
            [object, _, resource] => lookup.kind(object, resource, false).map_err(LeafError::Value),
            [object, _, resource, _] => lookup.kind(object, resource, true).map_err(LeafError::Value),
            _ => Err(LeafError::Place),
        }
    }

    /// The kind of the value. `None`: null, for a resource that has no value or no definition.
    #[inline]
    pub(super) fn kind_of(
        &self,
        lookup: &mut Lookup<'_>,
        scalar: &Scalar<'_>,
    ) -> Result<Option<Option<Kind>>, DecodeError> {
        let kind = self.kind(lookup).map_err(|error| match error {
            LeafError::Value(error) => self.wrong(error),
            LeafError::Place => no_leaf(self.path, self.named),
        })?;
        Ok(Some(kind).filter(|kind| kind.is_some() || !matches!(scalar, Scalar::Null)))
    }

    /// The value is not what it should be.
    #[cold]
    pub(super) fn wrong(&self, error: ValueError) -> DecodeError {
        DecodeError::Value { path: self.path, error, offset: self.offset }
    }

    /// The place has a value already.
    #[cold]
    pub(super) fn twice(&self) -> DecodeError {
        DecodeError::malformed(self.named, format!("{} stands here twice", self.path))
    }
}

/// Why a leaf has no kind.
pub(super) enum LeafError {
    /// Values stand at resources and their instances.
    Place,
    Value(ValueError),
}

#[cold]
pub(super) fn no_leaf(path: Path, named: usize) -> DecodeError {
    DecodeError::malformed(named, format!("{path} has no value of its own: it is no resource"))
}
