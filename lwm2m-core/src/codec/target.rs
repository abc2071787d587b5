//! What stands at a path, as far as the definitions say, and how values are made to fit it.

use std::borrow::Cow;

use crate::{Corelnk, Kind, Path, Time, Value, ValueError, ValueType};

use super::Context;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Everything.
    Root,
    /// An object or an instance.
    Tree,
    /// A multiple resource; the kind of its values, where they have one.
    Multiple(Option<Kind>),
    /// One value, its kind where it is known.
    Single(Option<Kind>),
    /// A resource without a definition: one value or several.
    Undefined,
}

impl Target {
    /// Looks a path up.
    pub(super) fn of(cx: &Context<'_>, at: Path) -> Self {
        let (object, resource) = match (at.object_id(), at.resource_id()) {
            (None, _) => return Self::Root,
            (Some(_), None) => return Self::Tree,
            (Some(object), Some(resource)) => (object, resource),
        };
        let definition = cx.model.resource(object, resource);
        // an executable resource has no value: what a peer sends there is kept untyped, for its owner to refuse
        let kind = definition.map(crate::ResourceDef::kind).filter(|kind| *kind != Kind::Executable);
        match definition {
            _ if at.resource_instance_id().is_some() => Self::Single(kind),
            Some(definition) if definition.is_multiple() => Self::Multiple(kind),
            Some(_) => Self::Single(kind),
            None => Self::Undefined,
        }
    }

    /// The kind of the values, if it is known.
    pub(super) const fn kind(self) -> Option<Kind> {
        match self {
            Self::Multiple(kind) | Self::Single(kind) => kind,
            _ => None,
        }
    }

    /// Refuses one value where several are defined.
    pub(super) fn single(self) -> Result<Option<Kind>, ValueError> {
        match self {
            Self::Multiple(kind) => {
                Err(ValueError::Kind { expected: Kind::Multiple, found: kind.unwrap_or(Kind::Opaque) })
            }
            other => Ok(other.kind()),
        }
    }

    /// Refuses several values where one is defined.
    pub(super) fn multiple(self) -> Result<Option<Kind>, ValueError> {
        match self {
            Self::Single(kind) => {
                Err(ValueError::Kind { expected: kind.unwrap_or(Kind::Opaque), found: Kind::Multiple })
            }
            other => Ok(other.kind()),
        }
    }
}

/// The value as one of `kind`. Numbers convert where nothing is lost: an Integer that a handler gives for a Float
/// would otherwise be written as octets that no peer reads.
pub(super) fn fit(value: &Value, kind: Option<Kind>) -> Result<Cow<'_, Value>, ValueError> {
    fn converted<'a, T: ValueType>(value: &Value) -> Result<Cow<'a, Value>, ValueError> {
        T::from_value(value.clone()).map(|fitting| Cow::Owned(fitting.into_value()))
    }
    let found = value.kind();
    match kind {
        None => Ok(Cow::Borrowed(value)),
        Some(kind) if kind == found => Ok(Cow::Borrowed(value)),
        Some(Kind::Float) => converted::<f64>(value),
        Some(Kind::Integer) => converted::<i64>(value),
        Some(Kind::Unsigned) => converted::<u64>(value),
        Some(Kind::Time) => converted::<Time>(value),
        Some(Kind::String) => converted::<String>(value),
        Some(Kind::Corelnk) => converted::<Corelnk>(value),
        Some(expected) => Err(ValueError::Kind { expected, found }),
    }
}

/// Octets as text of a kind.
pub(super) fn utf8(octets: &[u8], expected: Kind) -> Result<&str, ValueError> {
    std::str::from_utf8(octets).map_err(|_| ValueError::Form { expected, why: "which is UTF-8" })
}
