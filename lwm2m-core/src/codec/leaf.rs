//! One value of a payload and its place, on the way into a tree or a list.

use crate::{Kind, Path, Tree, Value, ValueError};

use super::{Context, DecodeError, scalar::Scalar, target::leaf_kind};

/// What a decoder found: a value and its place.
pub(super) struct Leaf<'a> {
    /// The place. Its second id may be the reserved one, for "none".
    pub(super) ids: &'a [u16],
    /// The tree that the payload names, if it is another than that of the context.
    pub(super) tree: Option<&'a Tree>,
    /// Microseconds, as the payload says them: since 1970 or, up to zero, before now.
    pub(super) time: Option<i64>,
    /// The value. Null is none: it asks for removal, or stands for an executable resource.
    pub(super) scalar: Scalar<'a>,
    /// Where the payload names the place.
    pub(super) named: usize,
    /// Where the value stands.
    pub(super) offset: usize,
}

/// What takes the values of a payload, one after the other.
pub(super) trait Sink {
    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<(), DecodeError>;
}

impl Leaf<'_> {
    pub(super) fn path(&self) -> Result<Path, DecodeError> {
        Path::new(self.ids).map_err(|error| {
            DecodeError::malformed(self.named, format!("{} is no path: {error}", Ids(self.ids)))
        })
    }

    /// Refuses another tree.
    pub(super) fn of_this_tree(&self) -> Result<(), DecodeError> {
        match self.tree {
            None => Ok(()),
            Some(tree) => Err(DecodeError::malformed(self.named, format!("{tree} is another tree"))),
        }
    }

    /// The kind of the value that is defined there.
    pub(super) fn kind(&self, cx: &Context<'_>) -> Result<Option<Kind>, LeafError> {
        match *self.ids {
            [object, _, resource] => leaf_kind(cx, object, resource, false).map_err(LeafError::Value),
            [object, _, resource, _] => leaf_kind(cx, object, resource, true).map_err(LeafError::Value),
            _ => Err(LeafError::Place),
        }
    }

    /// The value and its path. `None`: null, for a resource that has no value or no definition.
    pub(super) fn read(self, cx: &Context<'_>, path: Path) -> Result<Option<Value>, DecodeError> {
        let (offset, named) = (self.offset, self.named);
        let refused = |error: LeafError| match error {
            LeafError::Value(error) => DecodeError::Value { path, error, offset },
            LeafError::Place => no_leaf(path, named),
        };
        let kind = self.kind(cx).map_err(refused)?;
        if matches!(self.scalar, Scalar::Null) && kind.is_none() {
            return Ok(None);
        }
        self.scalar.into_value(kind).map(Some).map_err(|error| DecodeError::Value { path, error, offset })
    }
}

/// Why a leaf has no kind.
pub(super) enum LeafError {
    /// Values stand at resources and their instances.
    Place,
    Value(ValueError),
}

pub(super) fn no_leaf(path: Path, named: usize) -> DecodeError {
    DecodeError::malformed(named, format!("{path} has no value of its own: it is no resource"))
}

/// For errors: ids that may be no path.
struct Ids<'a>(&'a [u16]);

impl std::fmt::Display for Ids<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|id| write!(f, "/{id}"))
    }
}
