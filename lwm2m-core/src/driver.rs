//! The only place where clock, sockets, calls and a machine meet; one driver a shard.
//!
//! A [`Driver`] is a future and nothing else: a server spawns one a shard, a simulated fleet polls thousands in a few
//! tasks. It takes commands, answers of calls, events of transports and datagrams of other shards, hands them to the
//! machine with the time, and drains the machine. Every queue is bounded; nothing a peer sends ends it.

pub(crate) mod calls;
mod counters;
mod port;
mod shard;
mod shards;
mod strays;

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{
    sync::mpsc,
    time::{Instant, Sleep},
};

pub(crate) use self::shard::{Shard, Turn};
pub use self::{
    counters::Counters,
    shard::Ended,
    shards::{OpenError, Opened, Running, Runtime, Seat, Shards, open},
    strays::Strays,
};
use crate::{
    Mono, Now, UnixTime,
    machine::{Machine, Perform},
    transport::{Transport, TransportCounters},
};

/// Rounds a wake-up; then other tasks get their turn.
const ROUNDS: usize = 4;
/// Commands that wait for a driver; more make their senders wait.
const COMMANDS: usize = 256;

/// A seed for a machine, from the operating system.
///
/// # Errors
/// The operating system has no source of random numbers.
pub fn seed() -> io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    Ok(seed)
}

/// Runs one machine over its transports until the last [`Handle`] is gone.
pub struct Driver<M: Machine, P> {
    shard: Shard<M, P>,
    epoch: Instant,
    timer: Pin<Box<Sleep>>,
    /// When the timer fires. It is never postponed, only armed anew after it fired: that spares the timer wheel two
    /// visits a message.
    armed: Option<Mono>,
}

impl<M: Machine, P: Perform<M>> Driver<M, P> {
    /// A driver and the first handle to it. Needs the context of a tokio runtime.
    pub fn new(machine: M, perform: P, transports: Vec<Box<dyn Transport>>) -> (Self, Handle<M::Command>) {
        Self::of_shard(machine, perform, transports, Strays::alone())
    }

    /// The driver of one shard of several, see [`Strays::mesh`].
    pub fn of_shard(
        machine: M,
        perform: P,
        transports: Vec<Box<dyn Transport>>,
        strays: Strays,
    ) -> (Self, Handle<M::Command>) {
        let (shard, handle) = Shard::new(machine, perform, transports, strays);
        #[allow(clippy::disallowed_methods, reason = "here time comes in")]
        let epoch = Instant::now();
        let timer = Box::pin(tokio::time::sleep_until(epoch));
        (Self { shard, epoch, timer, armed: None }, handle)
    }

    fn now(&self) -> Now {
        #[allow(clippy::disallowed_methods, reason = "here time comes in")]
        let (mono, wall) = (Instant::now() - self.epoch, SystemTime::now());
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let wall = match wall.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, i64::wrapping_neg),
        };
        Now { mono: Mono(micros(mono)), wall: Some(UnixTime(wall)) }
    }

    /// Is there something to do already?
    fn due(&mut self, deadline: Option<Mono>, cx: &mut Context<'_>) -> bool {
        let Some(deadline) = deadline else { return false };
        if self.armed.is_none_or(|armed| armed > deadline) {
            // A deadline that cannot be represented is one in the far future.
            let far = || self.epoch.checked_add(Duration::from_secs(3600 * 24 * 365));
            let at = self.epoch.checked_add(Duration::from_micros(deadline.0)).or_else(far);
            self.timer.as_mut().reset(at.unwrap_or(self.epoch));
            self.armed = Some(deadline);
        }
        if self.timer.as_mut().poll(cx).is_pending() {
            return false;
        }
        self.armed = None;
        true
    }
}

impl<M: Machine, P: Perform<M>> Future for Driver<M, P> {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended> {
        let this = self.get_mut();
        for _ in 0..ROUNDS {
            let now = this.now();
            match this.shard.turn(now, cx) {
                Turn::Ended(why) => return Poll::Ready(why),
                Turn::Again => {}
                Turn::Wait(deadline) if this.due(deadline, cx) => {}
                Turn::Wait(_) => return Poll::Pending,
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<M: Machine, P> fmt::Debug for Driver<M, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("counters", &self.shard.counters.read()).finish_non_exhaustive()
    }
}

/// Sends commands to a driver. When the last clone is dropped, the driver lets its last frames leave and ends.
pub struct Handle<C> {
    commands: mpsc::Sender<C>,
    counters: Arc<counters::Shared>,
    transports: Arc<[Arc<TransportCounters>]>,
}

impl<C> Handle<C> {
    /// Hands over a command; waits while 256 others wait.
    ///
    /// # Errors
    /// The driver has ended.
    pub async fn send(&self, command: C) -> Result<(), Stopped> {
        self.commands.send(command).await.map_err(|_| Stopped)
    }

    /// Hands over a command if there is room.
    ///
    /// # Errors
    /// There is no room, or the driver has ended; the command comes back.
    pub fn try_send(&self, command: C) -> Result<(), TrySendError<C>> {
        self.commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(command) => TrySendError::Full(command),
            mpsc::error::TrySendError::Closed(command) => TrySendError::Stopped(command),
        })
    }

    /// Has the driver ended?
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.commands.is_closed()
    }

    /// Waits until the driver has ended.
    pub async fn stopped(&self) {
        self.commands.closed().await;
    }

    /// A handle that does not keep the driver alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakHandle<C> {
        WeakHandle {
            commands: self.commands.downgrade(),
            counters: Arc::clone(&self.counters),
            transports: Arc::clone(&self.transports),
        }
    }

    /// What the driver has counted so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters.read()
    }

    /// What its transports have counted, those that count.
    #[must_use]
    pub fn transport_counters(&self) -> &[Arc<TransportCounters>] {
        &self.transports
    }
}

impl<C> Clone for Handle<C> {
    fn clone(&self) -> Self {
        Self {
            commands: self.commands.clone(),
            counters: Arc::clone(&self.counters),
            transports: Arc::clone(&self.transports),
        }
    }
}

impl<C> fmt::Debug for Handle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}

/// A [`Handle`] that does not keep its driver alive.
pub struct WeakHandle<C> {
    commands: mpsc::WeakSender<C>,
    counters: Arc<counters::Shared>,
    transports: Arc<[Arc<TransportCounters>]>,
}

impl<C> WeakHandle<C> {
    /// The handle, while another one lives.
    #[must_use]
    pub fn upgrade(&self) -> Option<Handle<C>> {
        Some(Handle {
            commands: self.commands.upgrade()?,
            counters: Arc::clone(&self.counters),
            transports: Arc::clone(&self.transports),
        })
    }
}

impl<C> Clone for WeakHandle<C> {
    fn clone(&self) -> Self {
        Self {
            commands: self.commands.clone(),
            counters: Arc::clone(&self.counters),
            transports: Arc::clone(&self.transports),
        }
    }
}

impl<C> fmt::Debug for WeakHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakHandle").finish_non_exhaustive()
    }
}

/// The driver has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// A command that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrySendError<C> {
    /// 256 commands wait already.
    #[error("too many commands wait")]
    Full(C),
    /// The driver has ended.
    #[error("stopped")]
    Stopped(C),
}
