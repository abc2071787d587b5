//! What is wrong with an attribute.

use std::fmt;

use super::{Attribute, tree::MAX_NODES};
use crate::Kind;

/// Why an attribute was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeError {
    /// The name is no attribute that can be set.
    Unknown,
    /// A period or a count is something else.
    Count,
    /// A threshold is something else.
    Number,
    /// The step is negative.
    Step,
    /// `edge` or `con` is something else.
    Flag,
    /// The thresholds exclude each other.
    Thresholds,
    /// The evaluation periods exclude each other.
    Evaluation,
    /// One attribute is named twice.
    Twice,
    /// A value is missing where none can be taken away.
    Missing,
    /// No attribute is named.
    None,
    /// The version does not have it.
    Version(Attribute),
    /// It cannot stand at this level.
    Level(Attribute),
    /// It needs another kind of value than the resource has.
    Kind(Attribute, Kind),
    /// No further node can have attributes.
    Full,
}

impl AttributeError {
    /// What is wrong, for people, where the name of the attribute stands beside it.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Unknown => "this is no attribute that can be set",
            Self::Count => "a whole number from 0 to 4294967295 is expected",
            Self::Number => "a decimal number is expected",
            Self::Step => "a step is not negative",
            Self::Flag => "0 or 1 is expected",
            Self::Thresholds => "lt + 2·st must stay below gt",
            Self::Evaluation => "epmin must stay below epmax",
            Self::Twice => "the attribute is named twice",
            Self::Missing => "a value is missing",
            Self::None => "no attribute is named",
            Self::Version(_) => "this version does not have the attribute",
            Self::Level(_) => "the attribute cannot stand at this level",
            Self::Kind(..) => "the attribute does not fit the kind of the resource",
            Self::Full => "too many nodes have attributes",
        }
    }
}

impl fmt::Display for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(attribute) => write!(f, "{attribute} is known since LwM2M {}", attribute.since()),
            Self::Level(attribute) if attribute.is_condition() => {
                write!(f, "{attribute} stands at a resource or a resource instance")
            }
            Self::Level(attribute) => write!(f, "{attribute} cannot stand here"),
            Self::Kind(Attribute::Edge, kind) => {
                write!(f, "edge needs a Boolean resource, this one is {kind}")
            }
            Self::Kind(attribute, kind) => {
                write!(f, "{attribute} needs a numeric resource, this one is {kind}")
            }
            Self::Full => write!(f, "at most {MAX_NODES} nodes can have attributes"),
            other => f.write_str(other.why()),
        }
    }
}

impl std::error::Error for AttributeError {}
