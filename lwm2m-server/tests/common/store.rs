//! A store as databases are: it takes its time, and can be down.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lwm2m_server::{
    async_trait,
    lwm2m_core::{StoreError, sim::Net},
    store::{Change, Memory, Outcome, ServerStore, Stored},
};

#[derive(Clone)]
pub struct Slow {
    net: Net,
    pub memory: Memory,
    down: Arc<AtomicBool>,
    mute: Arc<AtomicBool>,
}

impl Slow {
    pub fn new(net: &Net) -> Self {
        Self { net: net.clone(), memory: Memory::new(), down: Arc::default(), mute: Arc::default() }
    }

    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    /// It keeps what it is told, but its answers get lost.
    pub fn set_mute(&self, mute: bool) {
        self.mute.store(mute, Ordering::Relaxed);
    }

    /// How many clients it keeps.
    pub async fn kept(&self) -> usize {
        self.memory.list(None, 10).await.unwrap().len()
    }

    /// The numbers of the requests that it keeps, and which may have left.
    pub async fn queued(&self) -> Vec<(u64, bool)> {
        let stored = self.memory.list(None, 10).await.unwrap();
        let queue = stored.iter().flat_map(|stored| &stored.queue);
        queue.map(|request| (request.number, request.sent)).collect()
    }
}

#[async_trait]
impl ServerStore for Slow {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        self.net.sleep(Duration::from_millis(300)).await;
        if self.down.load(Ordering::Relaxed) {
            return Err(StoreError::new(io::Error::other("no connection")));
        }
        let outcomes = self.memory.apply(changes).await;
        if self.mute.load(Ordering::Relaxed) {
            return Err(StoreError::new(io::Error::other("no answer")));
        }
        outcomes
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        self.memory.list(after, max).await
    }
}
