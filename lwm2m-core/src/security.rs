//! Where keys are looked up, and whose they are.

mod changes;
#[cfg(feature = "dtls")]
mod credential;
mod der;
#[cfg(feature = "dtls")]
mod file;
#[cfg(feature = "dtls")]
mod line;
#[cfg(feature = "dtls")]
mod memory;
#[cfg(feature = "dtls")]
pub mod rule;
mod session;

use async_trait::async_trait;

pub use self::{
    changes::{Change, Changes, Publisher},
    der::blocks,
    session::SessionStore,
};
#[cfg(feature = "dtls")]
pub use self::{
    credential::{Credential, CredentialId, InvalidCredential, MAX_KEY},
    file::{FileError, FileKeys},
    line::LineError,
    memory::MemoryKeys,
};
use crate::{Entry, Hint, StoreError};

/// A store of keys. Implemented by the user, or one of those that come with the SDK.
#[async_trait]
pub trait CredentialStore: Send + Sync + 'static {
    /// The keys that go with a hint.
    ///
    /// What a hint says is not proved yet: endpoint names that are read from a certificate count only once that has
    /// been verified with the entry's authorities.
    ///
    /// `Ok(None)`: there are none, which the peer is told and takes for final.
    ///
    /// # Errors
    /// The store could not answer: the peer hears nothing and tries again.
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError>;

    /// Tells whose keys changed or went: their sessions end. Default: never.
    fn changes(&self) -> Changes {
        Changes::never()
    }
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
