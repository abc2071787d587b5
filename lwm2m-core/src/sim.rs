//! A simulated network: hosts, lossy wires and one virtual clock, all from one seed (feature `test-util`).
//!
//! Machines run in it as they do in a driver, over [`SimUdp`] instead of sockets. Nothing waits: when all is idle the
//! clock jumps to the next deadline or arrival. The same seed gives the same run, frame by frame, as long as nothing
//! in it depends on threads or on another clock.
//!
//! ```
//! use std::time::Duration;
//! use lwm2m_core::sim::Net;
//!
//! let net = Net::seeded(7);
//! let (server, device) = (net.host("server"), net.host("device"));
//! net.between(&server, &device).loss(0.1).delay(Duration::from_millis(20)..Duration::from_millis(80));
//! let later = net.clone().run(async move {
//!     let (there, here) = (server.raw(5683), device.raw(0));
//!     for n in 0..20 {
//!         here.send(there.address(), vec![n]);
//!     }
//!     net.sleep(Duration::from_secs(3600)).await;
//!     there.received()
//! });
//! assert!(later < 20, "some were lost, and no hour has passed");
//! ```

mod agenda;
mod host;
mod run;
mod sockets;
mod task;
mod trace;
mod wire;
mod world;

use std::{
    future::{Future, poll_fn},
    net::IpAddr,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use self::{agenda::Item, task::Ready, world::World};
pub use self::{
    host::Host,
    sockets::{RawUdp, SimUdp},
    trace::Seen,
    wire::Wire,
};
use crate::{Mono, Now};

/// A simulated network. Clones are the same network.
#[derive(Clone)]
pub struct Net(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    ready: Arc<Ready>,
}

/// The time ran out before the future was ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not within {0:?}")]
pub struct Elapsed(pub Duration);

impl Net {
    /// A network in which chance follows from the seed. Its time begins in 2026.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Inner { world: Mutex::new(World::new(seed)), ready: Arc::default() }))
    }

    /// The host of that name: added if there is none. Names serve as host names in URIs.
    #[must_use]
    pub fn host(&self, name: &str) -> Host {
        let index = self.world().host(name);
        Host::new(self.clone(), index)
    }

    /// The path between two hosts, both ways. What passes on it is recorded from now on, for [`Wire::frames`].
    #[must_use]
    pub fn between(&self, a: &Host, b: &Host) -> Wire {
        let pair = self.world().traced(a.index(), b.index());
        Wire::new(self.clone(), pair)
    }

    /// Time since the network began, and the time of day of hosts whose clock has not jumped.
    #[must_use]
    pub fn now(&self) -> Now {
        self.world().now()
    }

    /// Different at every call, the same in every run.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.world().seed()
    }

    /// Waits that long, in virtual time.
    pub async fn sleep(&self, time: Duration) {
        let until = self.now().mono.after(time);
        self.sleep_until(until).await;
    }

    /// Waits until then, in virtual time since the network began.
    pub async fn sleep_until(&self, until: Mono) {
        poll_fn(|cx| {
            let mut world = self.world();
            if world.now().mono >= until {
                return Poll::Ready(());
            }
            world.agenda.add(until, Item::Wake(cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// Waits for a future, so long at most.
    ///
    /// # Errors
    /// The time ran out.
    pub async fn timeout<T>(&self, time: Duration, future: impl Future<Output = T>) -> Result<T, Elapsed> {
        let (mut future, mut sleep) = (pin!(future), pin!(self.sleep(time)));
        poll_fn(|cx| {
            if let Poll::Ready(value) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(value));
            }
            sleep.as_mut().poll(cx).map(|()| Err(Elapsed(time)))
        })
        .await
    }

    /// The wall clock of one host jumps by so many microseconds; deadlines in [`Mono`] must not.
    pub fn jump_wall(&self, host: &Host, microseconds: i64) {
        self.world().jump_wall(host.index(), microseconds);
    }

    /// This host does not know the time of day.
    pub fn no_wall(&self, host: &Host) {
        self.world().no_wall(host.index());
    }

    /// How many frames were sent, and how many of them were lost.
    #[must_use]
    pub fn totals(&self) -> (u64, u64) {
        self.world().totals()
    }

    /// Name and address of every host, for messages.
    #[must_use]
    pub fn hosts(&self) -> Vec<(String, IpAddr)> {
        self.world().host_names()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A panic of a test must not hide behind a second one.
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
