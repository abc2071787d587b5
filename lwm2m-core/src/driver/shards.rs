//! A server of one or several shards: listeners opened, a driver for each, and the handles to them all.

use std::{
    fmt, io,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::Notify;

use super::{Driver, Handle, Strays, seed};
use crate::{
    Address, Binding,
    machine::{Machine, Perform},
    security::CredentialStore,
    transport::{Listen, ShardId, Transport, TransportCounters},
};

/// Why the drivers of a server do not run.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Nowhere to listen was given.
    #[error("nowhere to listen")]
    Nowhere,
    /// Listening failed.
    #[error("cannot listen on {at}: {error}")]
    Listen {
        /// Where.
        at: String,
        /// Why.
        error: Arc<io::Error>,
    },
    /// The operating system has no random numbers.
    #[error("no random numbers: {0}")]
    Seed(Arc<io::Error>),
}

/// Where drivers run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Runtime {
    /// Each a task of the tokio runtime that is there.
    Tokio,
    /// On a host of a simulated network.
    #[cfg(feature = "test-util")]
    Simulated(crate::sim::Host),
}

impl Runtime {
    fn seed(&self) -> io::Result<[u8; 32]> {
        match self {
            Self::Tokio => seed(),
            #[cfg(feature = "test-util")]
            Self::Simulated(host) => Ok(host.net().seed()),
        }
    }
}

/// The transports of each shard, open.
pub type Opened = Vec<Vec<Box<dyn Transport>>>;

/// Opens the listeners of a server, shard 0 first.
///
/// # Errors
/// There is none, or one cannot be opened.
pub async fn open(
    listen: &[Listen],
    shards: u8,
    keys: &Arc<dyn CredentialStore>,
) -> Result<Opened, OpenError> {
    if listen.is_empty() {
        return Err(OpenError::Nowhere);
    }
    let mut all = Vec::new();
    for shard in (0..shards.max(1)).map(ShardId) {
        let mut transports = Vec::new();
        for place in listen {
            let opened = place.open(shard, shards, keys.clone()).await;
            let wrong = |error| OpenError::Listen { at: format!("{place:?}"), error: Arc::new(error) };
            transports.push(opened.map_err(wrong)?);
        }
        all.push(transports);
    }
    Ok(all)
}

/// What the machine of one shard is made of.
pub struct Seat {
    /// Which shard.
    pub shard: ShardId,
    /// The binding of each transport.
    pub bindings: Vec<Binding>,
    /// Secret, and another one for each machine.
    pub seed: [u8; 32],
}

/// The seed is a secret.
impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shard, bindings, seed: _ } = self;
        f.debug_struct("Seat").field("shard", shard).field("bindings", bindings).finish_non_exhaustive()
    }
}

/// The drivers of a server, one a shard, as its handles see them. They end when this is stopped or dropped.
pub struct Shards<C> {
    /// `None`: stopped.
    machines: RwLock<Option<Vec<Handle<C>>>>,
    addresses: Vec<Address>,
}

impl<C: Send + 'static> Shards<C> {
    /// Makes the machine of each shard and runs it. None runs before `made` has had the handles of all.
    ///
    /// # Errors
    /// There are no random numbers.
    pub fn start<M: Machine<Command = C>, P: Perform<M>>(
        runtime: &Runtime,
        opened: Opened,
        mut make: impl FnMut(Seat) -> (M, P),
        mut made: impl FnMut(ShardId, &Handle<C>),
    ) -> Result<Self, OpenError> {
        let mut strays = Strays::mesh(u8::try_from(opened.len()).unwrap_or(u8::MAX)).into_iter();
        let addresses = opened.first().into_iter().flatten();
        let addresses = addresses.filter_map(|transport| transport.local_address()).collect();
        let (mut machines, mut drivers) = (Vec::new(), Vec::new());
        for (shard, transports) in (0..).map(ShardId).zip(opened) {
            let bindings = transports.iter().map(|transport| transport.binding()).collect();
            let seed = runtime.seed().map_err(|error| OpenError::Seed(Arc::new(error)))?;
            let (machine, perform) = make(Seat { shard, bindings, seed });
            let strays = strays.next().unwrap_or_else(Strays::alone);
            let handle = match runtime {
                Runtime::Tokio => {
                    let (driver, handle) = Driver::of_shard(machine, perform, transports, strays);
                    drivers.push(driver);
                    handle
                }
                #[cfg(feature = "test-util")]
                Runtime::Simulated(host) => host.spawn_shard(machine, perform, transports, strays),
            };
            made(shard, &handle);
            machines.push(handle);
        }
        for driver in drivers {
            #[allow(clippy::disallowed_methods, reason = "a driver is a task")]
            tokio::spawn(driver);
        }
        Ok(Self { machines: RwLock::new(Some(machines)), addresses })
    }

    /// The way to a shard. `None`: stopped, or there is no such shard.
    #[must_use]
    pub fn handle(&self, shard: ShardId) -> Option<Handle<C>> {
        let machines = self.machines.read().unwrap_or_else(PoisonError::into_inner);
        machines.as_ref()?.get(usize::from(shard.0)).cloned()
    }

    /// Where the server listens, with the ports that the system chose.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// What the transports of all shards count.
    #[must_use]
    pub fn transport_counters(&self) -> Vec<Arc<TransportCounters>> {
        let machines = self.machines.read().unwrap_or_else(PoisonError::into_inner);
        machines.iter().flatten().flat_map(|machine| machine.transport_counters()).cloned().collect()
    }

    /// Lets the drivers end.
    pub fn stop(&self) {
        self.machines.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl<C> fmt::Debug for Shards<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shards").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// How many drivers of a server still run; for what they share.
#[derive(Debug)]
pub struct Running {
    shards: AtomicUsize,
    ended: Notify,
}

impl Running {
    /// As many run.
    #[must_use]
    pub fn new(shards: u8) -> Self {
        Self { shards: AtomicUsize::new(usize::from(shards)), ended: Notify::new() }
    }

    /// One has ended; `last` is done if it was the last one.
    pub fn end_one(&self, last: impl FnOnce()) {
        if self.shards.fetch_sub(1, Ordering::AcqRel) == 1 {
            last();
        }
        self.ended.notify_waiters();
    }

    /// Waits until none runs.
    pub async fn ended(&self) {
        loop {
            let ended = self.ended.notified();
            if self.shards.load(Ordering::Acquire) == 0 {
                return;
            }
            ended.await;
        }
    }
}
