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
///
/// Pre-shared keys in a directory of the program, whose identities are endpoint names:
///
/// ```
/// use std::{collections::HashMap, sync::{Arc, Mutex}};
/// use lwm2m_core::{
///     Credentials, EndpointName, Endpoints, Entry, Hint, Identity, Secret, StoreError, async_trait,
///     security::{Change, Changes, CredentialStore, Publisher},
/// };
///
/// #[derive(Clone, Default)]
/// struct Directory {
///     keys: Arc<Mutex<HashMap<String, Vec<u8>>>>,
///     changes: Arc<Publisher>,
/// }
///
/// impl Directory {
///     fn withdraw(&self, name: &str) {
///         self.keys.lock().unwrap().remove(name);
///         let name = name.to_owned();
///         self.changes.send(&Change::of(move |who| matches!(who, Identity::Psk(id) if id[..] == *name.as_bytes())));
///     }
/// }
///
/// #[async_trait]
/// impl CredentialStore for Directory {
///     async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
///         let Hint::Psk { identity } = hint else { return Ok(None) };
///         let Ok(name) = std::str::from_utf8(identity) else { return Ok(None) };
///         let Some(key) = self.keys.lock().unwrap().get(name).cloned() else { return Ok(None) };
///         Ok(Some(Entry {
///             credentials: Arc::new(Credentials::Psk { identity: identity.clone(), key: Secret::new(key) }),
///             endpoints: Endpoints::Only(vec![EndpointName::from(name)].into()),
///         }))
///     }
///
///     fn changes(&self) -> Changes {
///         self.changes.subscribe()
///     }
/// }
/// ```
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
