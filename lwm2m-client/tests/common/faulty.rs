//! A store that fails or stops at a given commit.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use lwm2m_client::{
    MemoryState, StateStore, StoreError, async_trait,
    state_store::{Edit, Record},
};

/// What happens at the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused; the next one works again.
    Refuses,
    /// It never returns, and nothing is written.
    StopsBefore,
    /// It never returns, but all is written.
    StopsAfter,
}

#[derive(Clone)]
pub struct Faulty {
    pub inner: MemoryState,
    commits: Arc<AtomicUsize>,
    at: usize,
    fault: Fault,
}

impl Faulty {
    /// `at`: counted from 1; 0: never.
    pub fn new(inner: MemoryState, at: usize, fault: Fault) -> Self {
        Self { inner, commits: Arc::default(), at, fault }
    }

    pub fn commits(&self) -> usize {
        self.commits.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl StateStore for Faulty {
    async fn load_all(&self) -> Result<Vec<Record>, StoreError> {
        self.inner.load_all().await
    }

    async fn commit(&self, changes: &[Edit]) -> Result<(), StoreError> {
        if self.commits.fetch_add(1, Ordering::Relaxed) + 1 != self.at {
            return self.inner.commit(changes).await;
        }
        match self.fault {
            Fault::Refuses => Err(StoreError::new("the medium is worn out")),
            Fault::StopsBefore => pending().await,
            Fault::StopsAfter => {
                self.inner.commit(changes).await?;
                pending().await
            }
        }
    }
}
