//! The attributes that can be written: names, versions, and where they may stand.

use std::fmt;

use crate::Version;

/// An attribute of the `<NOTIFICATION>` class. [Core 1.2 §5.1.2]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Attribute {
    /// Minimum Period.
    Pmin,
    /// Maximum Period.
    Pmax,
    /// Greater Than.
    Gt,
    /// Less Than.
    Lt,
    /// Step.
    St,
    /// Minimum Evaluation Period.
    Epmin,
    /// Maximum Evaluation Period.
    Epmax,
    /// Edge.
    Edge,
    /// Confirmable Notification.
    Con,
    /// Maximum Historical Queue.
    Hqmax,
}

impl Attribute {
    /// All of them, in the order in which they print.
    pub const ALL: [Self; 10] = [
        Self::Pmin,
        Self::Pmax,
        Self::Gt,
        Self::Lt,
        Self::St,
        Self::Epmin,
        Self::Epmax,
        Self::Edge,
        Self::Con,
        Self::Hqmax,
    ];

    /// As queries and links carry it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pmin => "pmin",
            Self::Pmax => "pmax",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::St => "st",
            Self::Epmin => "epmin",
            Self::Epmax => "epmax",
            Self::Edge => "edge",
            Self::Con => "con",
            Self::Hqmax => "hqmax",
        }
    }

    /// The attribute of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }

    /// The first version that has it.
    #[must_use]
    pub const fn since(self) -> Version {
        match self {
            Self::Epmin | Self::Epmax => Version::V1_1,
            Self::Edge | Self::Con | Self::Hqmax => Version::V1_2,
            _ => Version::V1_0,
        }
    }

    /// Does it look at the value, and so stand at a resource or resource instance alone?
    #[must_use]
    pub const fn is_condition(self) -> bool {
        matches!(self, Self::Gt | Self::Lt | Self::St | Self::Edge)
    }

    /// May it stand at a node of this depth? 0: as parameter of an operation on several nodes.
    #[must_use]
    pub const fn fits(self, depth: u8) -> bool {
        match self {
            Self::Gt | Self::Lt | Self::St | Self::Edge => depth >= 3,
            Self::Hqmax => depth >= 1,
            _ => true,
        }
    }

    pub(super) const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
