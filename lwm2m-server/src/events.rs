//! What happens to registrations.

use std::sync::Arc;

use crate::Registration;

/// Something happened to a registration. The device has its answer already.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ServerEvent {
    /// A client registered.
    Registered {
        /// The new registration.
        registration: Arc<Registration>,
        /// The one that it replaces: the client was registered, and registered anew. Its observations are gone.
        replaced: Option<Arc<Registration>>,
    },
    /// A client updated its registration, or has a new address.
    Updated(Updated),
    /// A client de-registered.
    Deregistered(Arc<Registration>),
    /// A lifetime passed without an Update.
    Expired(Arc<Registration>),
    /// The reader was too slow: this many events are lost.
    Missed(u64),
}

/// A registration before and after a change.
#[derive(Clone, Debug)]
pub struct Updated {
    /// As it was.
    pub before: Arc<Registration>,
    /// As it is.
    pub after: Arc<Registration>,
}
