//! Telling those who hold sessions that keys changed.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
};

use futures_core::Stream;

use crate::Identity;

/// So many changes wait for a reader; then they become one that concerns everybody. A reader that stalls must not
/// make a store grow.
const MAX_WAITING: usize = 1024;

type Test = dyn Fn(&Identity) -> bool + Send + Sync;

/// Keys changed or went: the sessions of those whom it concerns end.
#[derive(Clone)]
pub struct Change(Option<Arc<Test>>);

impl Change {
    /// Concerns those for whom `concerns` holds.
    #[must_use]
    pub fn of(concerns: impl Fn(&Identity) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(concerns)))
    }

    /// Concerns everybody.
    #[must_use]
    pub const fn of_all() -> Self {
        Self(None)
    }

    /// Does it concern the sessions of this peer?
    #[must_use]
    pub fn concerns(&self, identity: &Identity) -> bool {
        self.0.as_ref().is_none_or(|concerns| concerns(identity))
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Change(of some)" } else { "Change(of all)" })
    }
}

/// A stream of changes. Ends when the store is gone.
#[derive(Debug, Default)]
pub struct Changes(Option<Arc<Mutex<Queue>>>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Change>,
    reader: Option<Waker>,
    ended: bool,
}

impl Changes {
    /// Ends at once, without any.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }
}

impl Stream for Changes {
    type Item = Change;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Change>> {
        let Some(queue) = &self.0 else { return Poll::Ready(None) };
        let mut queue = lock(queue);
        match queue.waiting.pop_front() {
            Some(change) => Poll::Ready(Some(change)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// The store's end: any number of [`Changes`] read what it sends.
#[derive(Debug, Default)]
pub struct Publisher(Mutex<Vec<Weak<Mutex<Queue>>>>);

impl Publisher {
    /// Reads what is sent from now on.
    pub fn subscribe(&self) -> Changes {
        let queue = Arc::default();
        let mut readers = lock(&self.0);
        readers.retain(|reader| reader.strong_count() > 0);
        readers.push(Arc::downgrade(&queue));
        Changes(Some(queue))
    }

    /// Tells all readers. Never waits.
    pub fn send(&self, change: &Change) {
        for queue in lock(&self.0).iter().filter_map(Weak::upgrade) {
            let mut queue = lock(&queue);
            if queue.waiting.len() >= MAX_WAITING {
                queue.waiting.clear();
                queue.waiting.push_back(Change::of_all());
            } else {
                queue.waiting.push_back(change.clone());
            }
            if let Some(reader) = queue.reader.take() {
                reader.wake();
            }
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        for queue in lock(&self.0).iter().filter_map(Weak::upgrade) {
            let mut queue = lock(&queue);
            queue.ended = true;
            if let Some(reader) = queue.reader.take() {
                reader.wake();
            }
        }
    }
}

/// Nothing that panics runs under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn next(changes: &mut Changes) -> Poll<Option<Change>> {
        Pin::new(changes).poll_next(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn readers_are_told_and_never_make_the_store_grow() {
        let publisher = Publisher::default();
        let mut changes = publisher.subscribe();
        assert!(next(&mut changes).is_pending());
        let peer = Identity::Psk(Bytes::from_static(b"thermo"));
        let of_peer = peer.clone();
        publisher.send(&Change::of(move |identity| *identity == of_peer));
        let Poll::Ready(Some(change)) = next(&mut changes) else { panic!() };
        assert!(change.concerns(&peer) && !change.concerns(&Identity::Unsecured));
        for _ in 0..10 * MAX_WAITING {
            publisher.send(&Change::of(|_| false));
        }
        let Poll::Ready(Some(change)) = next(&mut changes) else { panic!() };
        assert!(change.concerns(&peer), "what did not fit concerns everybody");
        assert!(lock(changes.0.as_ref().unwrap()).waiting.len() <= MAX_WAITING);
        drop(publisher);
        while let Poll::Ready(Some(_)) = next(&mut changes) {}
        assert!(matches!(next(&mut changes), Poll::Ready(None)));
        assert!(matches!(next(&mut Changes::never()), Poll::Ready(None)));
    }
}
