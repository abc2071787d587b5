use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use lwm2m_core::{Bytes, StoreError, async_trait};

use super::{Edit, Record, StateStore};

/// Keeps records in memory: for tests, and for what need not outlive the process. Clones share the records.
#[derive(Clone, Debug, Default)]
pub struct MemoryState {
    records: Arc<Mutex<Records>>,
}

#[async_trait]
impl StateStore for MemoryState {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        Ok(self.records.lock().unwrap_or_else(PoisonError::into_inner).list())
    }

    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).apply(changes);
        Ok(())
    }
}

/// Records by key.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Records(pub(super) BTreeMap<Vec<u8>, Bytes>);

impl Records {
    pub(super) fn list(&self) -> Vec<Record> {
        self.0.iter().map(|(key, value)| Record { key: key.clone(), value: value.clone() }).collect()
    }

    pub(super) fn apply(&mut self, changes: &[Edit]) {
        for change in changes {
            match change {
                Edit::Put(record) => self.0.insert(record.key.clone(), record.value.clone()),
                Edit::Delete { key } => self.0.remove(key),
            };
        }
    }
}

/// The values may be keys of the device: their number is enough.
impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} records", self.0.len())
    }
}
