//! Who waits for what of one shard: the machine knows numbers, not futures.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lwm2m_core::codec::Timed;
use tokio::sync::oneshot;

use crate::{RequestError, body::Feed, inbox::Inbox, machine::Answered};

pub(crate) type Outcome = Result<Answered, RequestError>;
pub(crate) type Readings = Inbox<Result<Vec<Timed>, RequestError>>;
pub(crate) type Parked = Box<dyn FnOnce() + Send>;
pub(crate) type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A caller.
pub(crate) struct Waiter {
    pub(crate) answer: oneshot::Sender<Outcome>,
    pub(crate) progress: Option<Progress>,
    pub(crate) body: Option<Arc<tokio::sync::Mutex<Feed>>>,
    /// Told once when the request has to wait for its client.
    pub(crate) parked: Option<Parked>,
}

/// The callers and readers of one shard.
#[derive(Default)]
pub(crate) struct Waiting {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    callers: HashMap<u64, Waiter>,
    readers: HashMap<u64, Arc<Readings>>,
    closed: bool,
}

impl Waiting {
    /// `false`: the shard has ended.
    pub(crate) fn wait(&self, number: u64, waiter: Waiter) -> bool {
        let mut state = self.lock();
        if !state.closed {
            state.callers.insert(number, waiter);
        }
        !state.closed
    }

    pub(crate) fn read(&self, number: u64, readings: Arc<Readings>) {
        let mut state = self.lock();
        if state.closed {
            return readings.close();
        }
        state.readers.insert(number, readings);
    }

    /// A caller whose request goes on elsewhere.
    pub(crate) fn take(&self, number: u64) -> Option<Waiter> {
        self.lock().callers.remove(&number)
    }

    pub(crate) fn take_reader(&self, number: u64) -> Option<Arc<Readings>> {
        self.lock().readers.remove(&number)
    }

    /// The request waits for its client.
    pub(crate) fn queued(&self, number: u64) {
        let parked = self.lock().callers.get_mut(&number).and_then(|waiter| waiter.parked.take());
        if let Some(parked) = parked {
            parked();
        }
    }

    /// `true`: the answer had not come yet.
    pub(crate) fn forget_caller(&self, number: u64) -> bool {
        self.lock().callers.remove(&number).is_some()
    }

    pub(crate) fn forget_reader(&self, number: u64) {
        self.lock().readers.remove(&number);
    }

    /// `false`: nobody waits any more.
    pub(crate) fn finish(&self, number: u64, outcome: Outcome) -> bool {
        let waiter = self.lock().callers.remove(&number);
        waiter.is_some_and(|waiter| waiter.answer.send(outcome).is_ok())
    }

    pub(crate) fn progress(&self, number: u64, sent: u64, total: Option<u64>) {
        // The caller's closure runs without the lock.
        let progress = self.lock().callers.get_mut(&number).and_then(|waiter| waiter.progress.take());
        let Some(mut progress) = progress else { return };
        progress(sent, total);
        if let Some(waiter) = self.lock().callers.get_mut(&number) {
            waiter.progress = Some(progress);
        }
    }

    pub(crate) fn body(&self, number: u64) -> Option<Arc<tokio::sync::Mutex<Feed>>> {
        self.lock().callers.get(&number).and_then(|waiter| waiter.body.clone())
    }

    /// `false`: nobody reads any more.
    pub(crate) fn notify(&self, reader: u64, reading: Result<Vec<Timed>, RequestError>) -> bool {
        let readings = self.lock().readers.get(&reader).cloned();
        let Some(readings) = readings else { return false };
        readings.push(reading);
        true
    }

    pub(crate) fn end_reader(&self, reader: u64, error: RequestError) {
        let readings = self.lock().readers.remove(&reader);
        if let Some(readings) = readings {
            readings.push(Err(error));
            readings.close();
        }
    }

    /// The shard has ended: nobody waits in vain.
    pub(crate) fn close(&self) {
        let state = std::mem::replace(&mut *self.lock(), State { closed: true, ..State::default() });
        state.readers.values().for_each(|readings| readings.close());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let (callers, readers) = (state.callers.len(), state.readers.len());
        f.debug_struct("Waiting")
            .field("callers", &callers)
            .field("readers", &readers)
            .finish_non_exhaustive()
    }
}
