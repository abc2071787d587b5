//! What a client keeps over a restart.

#[cfg(feature = "test-util")]
pub mod conformance;
#[cfg(feature = "tokio")]
mod file;
pub(crate) mod layout;
mod memory;
mod sessions;
pub(crate) mod values;

use std::fmt;

use lwm2m_core::{Bytes, StoreError, async_trait};

#[cfg(feature = "tokio")]
pub use self::file::FileState;
pub use self::memory::MemoryState;
pub(crate) use self::sessions::Sessions;

/// Keyed records: what servers and bootstrap have written and must outlive the process. Given to a client with
/// [`ClientBuilder::state`](crate::ClientBuilder::state).
///
/// A change by a server is answered only when [`commit`](StateStore::commit) has returned. If it fails, the server hears
/// 5.03 and nothing has changed.
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Everything that is kept. Called before anything is sent, by the client and by its secured transport for sessions; and at
    /// a Factory Reset.
    ///
    /// # Errors
    /// The store could not answer.
    async fn load_all(&self) -> Result<Vec<Record>, StoreError>;

    /// All or nothing, and on the medium when it returns: the answer to the server waits for it.
    ///
    /// # Errors
    /// The store could not answer; nothing was changed.
    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError>;
}

/// One change to a [`StateStore`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Writes a record, replacing that of the same key.
    Put(Record),
    /// Removes a record. One that is not there is no error.
    Delete {
        /// Its key.
        key: Vec<u8>,
    },
}

/// A key and its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: Vec<u8>,
    /// The value.
    pub value: Bytes,
}

/// The value may be a key of the device: its length is enough.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record {{ key: {}, {} octets }}", self.key.escape_ascii(), self.value.len())
    }
}
