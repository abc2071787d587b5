//! A bounded queue to one reader that may lag: it loses the oldest and is told how many.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

#[derive(Debug)]
pub(crate) struct Inbox<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    queue: VecDeque<T>,
    room: usize,
    missed: u64,
    closed: bool,
    waker: Option<Waker>,
}

impl<T> Inbox<T> {
    /// Holds at most `room` items, at least one.
    pub(crate) fn new(room: usize) -> Self {
        let (queue, room) = (VecDeque::new(), room.max(1));
        Self { state: Mutex::new(State { queue, room, missed: 0, closed: false, waker: None }) }
    }

    /// Never waits: where there is no room, the oldest goes.
    pub(crate) fn push(&self, item: T) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        if state.queue.len() >= state.room {
            state.queue.pop_front();
            state.missed = state.missed.saturating_add(1);
        }
        state.queue.push_back(item);
        wake(state);
    }

    /// What is in it can still be read; nothing more comes.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        wake(state);
    }

    /// The next item, and how many were lost before it. `None`: closed and empty.
    pub(crate) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<(T, u64)>> {
        let mut state = self.lock();
        if let Some(item) = state.queue.pop_front() {
            return Poll::Ready(Some((item, std::mem::take(&mut state.missed))));
        }
        if state.closed {
            return Poll::Ready(None);
        }
        if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            state.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    /// A panic elsewhere leaves the queue in a valid state.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake<T>(mut state: MutexGuard<'_, State<T>>) {
    let waker = state.waker.take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next<T>(inbox: &Inbox<T>) -> Poll<Option<(T, u64)>> {
        inbox.poll_next(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_slow_reader_loses_the_oldest_and_hears_how_many() {
        let inbox = Inbox::new(2);
        for item in 1..=5 {
            inbox.push(item);
        }
        assert_eq!(next(&inbox), Poll::Ready(Some((4, 3))));
        assert_eq!(next(&inbox), Poll::Ready(Some((5, 0))));
        assert_eq!(next(&inbox), Poll::Pending);
    }

    #[test]
    fn what_came_before_the_end_is_read() {
        let inbox = Inbox::new(2);
        inbox.push(1);
        inbox.close();
        inbox.push(2);
        assert_eq!(next(&inbox), Poll::Ready(Some((1, 0))));
        assert_eq!(next(&inbox), Poll::Ready(None));
    }
}
