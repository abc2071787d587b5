//! One value of a payload and its place, on the way into a tree or a list.

use crate::{Kind, Path, Tree, Value, ValueError};

use super::{Context, DecodeError, scalar::Scalar, target::leaf_kind};

/// What a decoder found: a value and its place.
pub(super) struct Leaf<'a> {
    /// The place.
    pub(super) path: Path,
    /// Is the instance not the one that the path says, but "none"?
    pub(super) nameless: bool,
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
    pub(super) fn kind(&self, cx: &Context<'_>) -> Result<Option<Kind>, LeafError> {
        match *self.path.ids() {
            [object, _, resource] => leaf_kind(cx, object, resource, false).map_err(LeafError::Value),
            [object, _, resource, _] => leaf_kind(cx, object, resource, true).map_err(LeafError::Value),
            _ => Err(LeafError::Place),
        }
    }

    /// The value. `None`: null, for a resource that has no value or no definition.
    #[inline]
    pub(super) fn read(self, cx: &Context<'_>) -> Result<Option<Value>, DecodeError> {
        let (path, offset, named) = (self.path, self.offset, self.named);
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

#[cold]
pub(super) fn no_leaf(path: Path, named: usize) -> DecodeError {
    DecodeError::malformed(named, format!("{path} has no value of its own: it is no resource"))
}
