//! Definitions of objects and resources. [Core 1.2 §7.2, Appendix D]

use std::fmt;

use crate::{ObjectId, ObjectVersion, ResourceId};

#[cfg(feature = "ddf")]
pub mod ddf;
mod definitions;
mod interval;
mod object;
mod resource;

pub use self::{definitions::Definitions, interval::Interval, object::ObjectDef, resource::ResourceDef};

/// What may be done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Ops {
    /// Bootstrap interface only.
    None,
    /// Read.
    R,
    /// Write.
    W,
    /// Read and Write.
    RW,
    /// Execute.
    E,
}

impl Ops {
    /// Read, Observe and Discover its value?
    #[must_use]
    pub const fn can_read(self) -> bool {
        matches!(self, Self::R | Self::RW)
    }

    /// Write?
    #[must_use]
    pub const fn can_write(self) -> bool {
        matches!(self, Self::W | Self::RW)
    }

    /// Execute?
    #[must_use]
    pub const fn can_execute(self) -> bool {
        matches!(self, Self::E)
    }
}

impl fmt::Display for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "-",
            Self::R => "R",
            Self::W => "W",
            Self::RW => "RW",
            Self::E => "E",
        })
    }
}

/// Where definitions are looked up. Object versions differ per client, so a model is asked for, never global.
pub trait Model: Send + Sync + 'static {
    /// The definition of an object, if it is known.
    fn object(&self, id: ObjectId) -> Option<&ObjectDef>;

    /// The definition of an object in one version. When that version is unknown, the newest of the same major
    /// version that is known; the answer of [`Model::object`] unless overridden.
    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        let _ = version;
        self.object(id)
    }

    /// The definition of a resource, if it is known.
    fn resource(&self, object: ObjectId, resource: ResourceId) -> Option<&ResourceDef> {
        self.object(object)?.resource(resource)
    }
}

/// Knows no object: every value is taken as its wire form suggests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModel;

impl Model for NoModel {
    fn object(&self, _id: ObjectId) -> Option<&ObjectDef> {
        None
    }
}

/// A list of definitions; the first with the id is taken.
impl Model for Vec<&'static ObjectDef> {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.iter().copied().find(|def| def.id() == id)
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        ObjectDef::in_version(self.iter().copied().filter(|def| def.id() == id), version)
    }
}
