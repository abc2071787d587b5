//! One writer, many readers, each with a bounded queue. A reader that lags loses the oldest and is told how many.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
};

/// What one reader may leave unread. A reader that stops reading must not grow the client without bound.
const UNREAD: usize = 256;

pub(crate) struct Bus<T> {
    readers: Mutex<Vec<Weak<Queue<T>>>>,
    missed: fn(u64) -> T,
}

struct Queue<T> {
    state: Mutex<State<T>>,
    missed: fn(u64) -> T,
}

struct State<T> {
    unread: VecDeque<T>,
    missed: u64,
    closed: bool,
    waker: Option<Waker>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Clone> Bus<T> {
    /// `missed` makes the item that tells a reader how many it lost.
    pub(crate) const fn new(missed: fn(u64) -> T) -> Self {
        Self { readers: Mutex::new(Vec::new()), missed }
    }

    pub(crate) fn subscribe(&self) -> Reader<T> {
        let state = State { unread: VecDeque::new(), missed: 0, closed: false, waker: None };
        let queue = Arc::new(Queue { state: Mutex::new(state), missed: self.missed });
        let mut readers = lock(&self.readers);
        readers.retain(|reader| reader.strong_count() > 0);
        readers.push(Arc::downgrade(&queue));
        Reader(queue)
    }

    pub(crate) fn publish(&self, item: &T) {
        self.each(|state| {
            if state.unread.len() >= UNREAD {
                state.unread.pop_front();
                state.missed = state.missed.saturating_add(1);
            }
            state.unread.push_back(item.clone());
        });
    }
}

impl<T> Bus<T> {
    fn each(&self, mut f: impl FnMut(&mut State<T>)) {
        for queue in lock(&self.readers).iter().filter_map(Weak::upgrade) {
            let mut state = lock(&queue.state);
            f(&mut state);
            let waker = state.waker.take();
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl<T> Bus<T> {
    /// Readers see the end of the stream.
    pub(crate) fn close(&self) {
        self.each(|state| state.closed = true);
    }
}

impl<T> Drop for Bus<T> {
    fn drop(&mut self) {
        self.close();
    }
}

pub(crate) struct Reader<T>(Arc<Queue<T>>);

impl<T> Reader<T> {
    pub(crate) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = lock(&self.0.state);
        if state.missed > 0 {
            let missed = std::mem::take(&mut state.missed);
            return Poll::Ready(Some((self.0.missed)(missed)));
        }
        if let Some(item) = state.unread.pop_front() {
            return Poll::Ready(Some(item));
        }
        if state.closed {
            return Poll::Ready(None);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    pub(crate) async fn next(&self) -> Option<T> {
        poll_fn(|cx| self.poll_next(cx)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll<T>(reader: &Reader<T>) -> Poll<Option<T>> {
        reader.poll_next(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_slow_reader_loses_the_oldest_and_is_told() {
        let bus = Bus::new(|missed| u64::MAX - missed);
        let (slow, quick) = (bus.subscribe(), bus.subscribe());
        for item in 0..UNREAD as u64 + 3 {
            bus.publish(&item);
            assert_eq!(poll(&quick), Poll::Ready(Some(item)));
        }
        assert_eq!(poll(&slow), Poll::Ready(Some(u64::MAX - 3)));
        assert_eq!(poll(&slow), Poll::Ready(Some(3)));
    }

    #[test]
    fn readers_get_what_is_left_and_then_the_end() {
        let bus = Bus::new(|missed| missed);
        let reader = bus.subscribe();
        bus.publish(&7);
        drop(bus);
        assert_eq!(poll(&reader), Poll::Ready(Some(7)));
        assert_eq!(poll(&reader), Poll::Ready(None));
    }
}
