use async_trait::async_trait;

use crate::{Secret, StoreError};

/// Keeps sessions with servers over a restart, for [`Transport::keep_sessions`](crate::transport::Transport::keep_sessions).
///
/// What is kept is as secret as the keys of the device: whoever reads it can read and forge what the sessions carry.
#[async_trait]
pub trait SessionStore: Send + Sync + 'static {
    /// All that is kept, by name. Called once, before the first connection.
    ///
    /// # Errors
    /// The store could not answer: connections begin with a handshake.
    async fn load(&self) -> Result<Vec<(String, Secret)>, StoreError>;

    /// Keeps a session, in place of the one of this name. It is on the medium when this returns: the session does not use
    /// what it reserves before. One change is made at a time.
    ///
    /// # Errors
    /// The store could not answer, and is asked again; nothing was changed.
    async fn save(&self, name: &str, session: &Secret) -> Result<(), StoreError>;

    /// Forgets a session. One that is not there is no error.
    ///
    /// # Errors
    /// The store could not answer, and is asked again; nothing was changed.
    async fn remove(&self, name: &str) -> Result<(), StoreError>;
}
