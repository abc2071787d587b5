//! What `#[derive(Object)]` implements: a struct as an object instance.

use std::{fmt, future::Future, pin::Pin};

#[doc(hidden)]
pub mod field;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod serde;

/// What `#[object(.., serde)]` writes is there with the feature `serde`.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_serde {
    ($($item:item)*) => { $($item)* };
}
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_serde {
    ($($item:item)*) => {};
}

pub use field::MAX_RESOURCE_INSTANCES;

use crate::{Arguments, FromNode, IntoNode, Node, ObjectDef, Rejection, ResourceId, Value};

/// A boxed future that can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Resources of one instance, by id.
pub type Values = Vec<(ResourceId, Node)>;

/// What is wanted of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything that can be read.
    All,
    /// These resources; `Some` names one resource instance of a multiple resource.
    Only(Vec<(ResourceId, Option<u16>)>),
}

impl Selection {
    /// Is this resource, or a part of it, wanted?
    #[must_use]
    pub fn wants(&self, resource: ResourceId) -> bool {
        match self {
            Self::All => true,
            Self::Only(wanted) => wanted.iter().any(|(id, _)| *id == resource),
        }
    }
}

/// A change to one resource of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceChange {
    /// The whole resource.
    Set(ResourceId, Node),
    /// One resource instance.
    SetItem(ResourceId, u16, Value),
    /// The resource goes.
    Remove(ResourceId),
    /// One resource instance goes.
    RemoveItem(ResourceId, u16),
}

impl ResourceChange {
    /// The resource that changes.
    #[must_use]
    pub const fn resource(&self) -> ResourceId {
        match self {
            Self::Set(id, _) | Self::SetItem(id, _, _) | Self::Remove(id) | Self::RemoveItem(id, _) => *id,
        }
    }
}

/// A struct that is an object instance. Implemented by `#[derive(Object)]`.
///
/// Rights and operations are checked against [`ObjectType::DEF`] by the caller, not here.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no LwM2M object",
    note = "add #[derive(Object)] and #[object(id = ..)] to the struct"
)]
pub trait ObjectType: FromNode + IntoNode + Clone + Send + Sync + 'static {
    /// The definition.
    const DEF: &'static ObjectDef;

    /// What `select` names and the instance has. [`Selection::All`] leaves out what cannot be read; what is named
    /// is given even so.
    fn read(&self, select: &Selection) -> Values;

    /// Applies one change.
    ///
    /// # Errors
    /// 4.00: the value is of another kind or out of range, or a mandatory resource would go. 4.04: no such
    /// resource or resource instance. 4.05: it has no value, or its last mandatory instance would go.
    fn write(&mut self, change: ResourceChange) -> Result<(), Rejection>;

    /// Runs an executable resource.
    ///
    /// # Errors
    /// The resource is not executable, or its function refuses.
    fn execute(&mut self, resource: ResourceId, arguments: &Arguments) -> Result<Done, Rejection>;

    /// Is this resource there in this instance? Says so of executable resources too.
    fn has(&self, resource: ResourceId) -> bool;

    /// What differs from `before`: resources, or single resource instances. Floats compare by bits.
    fn changed(&self, before: &Self) -> Vec<(ResourceId, Option<u16>)>;
}

/// The marker of an executable resource in a typed object. It is no [`FromNode`]: reading it does not compile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Executable;

/// An Execute succeeded.
#[must_use = "an action that is dropped does not run"]
#[derive(Default)]
pub struct Done(Option<BoxFuture<'static, ()>>);

impl Done {
    /// Nothing follows.
    pub const DONE: Self = Self(None);

    /// `after` runs once the response has been acknowledged: Reboot, Factory Reset, Disable.
    pub fn then(after: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Some(Box::pin(after)))
    }

    /// What is to run after the response, if anything.
    #[must_use]
    pub fn into_after(self) -> Option<BoxFuture<'static, ()>> {
        self.0
    }
}

impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Done, then .." } else { "Done" })
    }
}
