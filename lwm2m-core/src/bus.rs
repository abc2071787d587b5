//! One writer, many readers, each with a bounded queue. A reader that lags loses the oldest and is told how many.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, Waker},
};

/// What one reader may leave unread, unless said otherwise. A reader that stops reading must not grow the process
/// without bound.
pub const UNREAD: usize = 256;

/// The writing end.
pub struct Bus<T> {
    readers: Mutex<Vec<Weak<Queue<T>>>>,
    room: usize,
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
    #[must_use]
    pub const fn new(missed: fn(u64) -> T) -> Self {
        Self::with_room(UNREAD, missed)
    }

    /// The same, for this many unread items a reader.
    #[must_use]
    pub const fn with_room(room: usize, missed: fn(u64) -> T) -> Self {
        Self { readers: Mutex::new(Vec::new()), room, missed }
    }

    /// A reader, of what is published from now on.
    pub fn subscribe(&self) -> Reader<T> {
        let state = State { unread: VecDeque::new(), missed: 0, closed: false, waker: None };
        let queue = Arc::new(Queue { state: Mutex::new(state), missed: self.missed });
        let mut readers = lock(&self.readers);
        readers.retain(|reader| reader.strong_count() > 0);
        readers.push(Arc::downgrade(&queue));
        Reader(queue)
    }

    /// Hands a copy to every reader. Never waits.
    pub fn publish(&self, item: &T) {
        let room = self.room.max(1);
        self.each(|state| {
            if state.unread.len() >= room {
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
    pub fn close(&self) {
        self.each(|state| state.closed = true);
    }
}

impl<T> Drop for Bus<T> {
    fn drop(&mut self) {
        self.close();
    }
}

/// The reading end.
pub struct Reader<T>(Arc<Queue<T>>);

impl<T> fmt::Debug for Bus<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("room", &self.room).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl<T> Reader<T> {
    /// The next item; `None` after the last, when the writer has gone.
    pub fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<T>> {
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

    /// The next item; `None` after the last, when the writer has gone.
    pub async fn next(&self) -> Option<T> {
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
