//! A check of the device's own, before any handler is asked.

use lwm2m_core::{Path, Rejection, Tree, ops::Downlink};

use crate::Cx;

/// Runs after the checks of the definition and before the handler: per-resource authorisation, the lock of object 8.
///
/// Synchronous and inside the machine: it looks at what it is given and at atomics, and never waits.
pub trait Policy: Send + Sync + 'static {
    /// May the caller do this?
    ///
    /// A composite operation is asked about place by place, as Read, Write or Delete of each, and where it names the root
    /// object by object. Places that may not be read are left out of its answer and its notifications.
    ///
    /// # Errors
    /// Becomes the answer to the request.
    fn permit(&self, cx: &Cx, operation: &Downlink) -> Result<(), Rejection>;

    /// May a change at `path` be told to this server? Asked before each notification.
    fn may_notify(&self, server: u16, tree: &Tree, path: Path) -> bool {
        let _ = (server, tree, path);
        true
    }
}
