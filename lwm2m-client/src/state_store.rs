//! What a client keeps over a restart.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use lwm2m_core::{Bytes, StoreError, async_trait};

/// Keyed records: accounts, created instances, attributes, queues and whatever else must outlive the process.
///
/// The seam is here, the client does not use it yet: what servers wrote is forgotten when the process ends.
#[async_trait]
pub trait StateStore: Send + Sync + 'static {
    /// Everything that is kept. Called once, before anything is sent.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: Vec<u8>,
    /// The value.
    pub value: Bytes,
}

/// Keeps records in memory: for tests, and for what need not outlive the process. Clones share the records.
#[derive(Clone, Debug, Default)]
pub struct MemoryState {
    records: Arc<Mutex<BTreeMap<Vec<u8>, Bytes>>>,
}

#[async_trait]
impl StateStore for MemoryState {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(records.iter().map(|(key, value)| Record { key: key.clone(), value: value.clone() }).collect())
    }

    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            match change {
                Edit::Put(record) => records.insert(record.key.clone(), record.value.clone()),
                Edit::Delete { key } => records.remove(key),
            };
        }
        Ok(())
    }
}
