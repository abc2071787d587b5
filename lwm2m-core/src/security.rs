//! Where keys are looked up.

use async_trait::async_trait;

use crate::{Entry, Hint, StoreError};

/// A store of keys. Implemented by the user, or one of those that come with the SDK.
#[async_trait]
pub trait CredentialStore: Send + Sync + 'static {
    /// The keys that go with a hint.
    ///
    /// `Ok(None)`: there are none, which the peer is told and takes for final.
    ///
    /// # Errors
    /// The store could not answer: the peer hears nothing and tries again.
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError>;
}

/// Knows no key: for servers that listen without protection.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKeys;

#[async_trait]
impl CredentialStore for NoKeys {
    async fn lookup(&self, _hint: &Hint) -> Result<Option<Entry>, StoreError> {
        Ok(None)
    }
}
