//! What runs on hosts: machines and plain futures.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake},
};

use crate::{
    BoxFuture, Mono, Now,
    driver::{Shard, Turn},
    machine::{Machine, Perform},
};

/// Rounds of one machine without an end are a machine that does not settle.
const MAX_TURNS: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TaskKey {
    pub(super) index: usize,
    pub(super) generation: u64,
}

impl TaskKey {
    /// The future of the test itself.
    pub(super) const TEST: Self = Self { index: usize::MAX, generation: 0 };
}

pub(super) enum Step {
    Done,
    Wait(Option<Mono>),
}

/// Something that a host runs; its time begins when it is started.
pub(super) trait Task: Send {
    fn step(&mut self, now: Now, cx: &mut Context<'_>) -> Step;
}

impl<M: Machine, P: Perform<M>> Task for Shard<M, P> {
    fn step(&mut self, now: Now, cx: &mut Context<'_>) -> Step {
        for _ in 0..MAX_TURNS {
            match self.turn(now, cx) {
                Turn::Again => {}
                Turn::Wait(deadline) => return Step::Wait(deadline),
                Turn::Ended(_) => return Step::Done,
            }
        }
        panic!("a machine has had something to do {MAX_TURNS} times in a row while no time passed");
    }
}

impl Task for BoxFuture<'static, ()> {
    fn step(&mut self, _now: Now, cx: &mut Context<'_>) -> Step {
        match self.as_mut().poll(cx) {
            Poll::Ready(()) => Step::Done,
            Poll::Pending => Step::Wait(None),
        }
    }
}

/// Tasks that were woken, in that order.
#[derive(Default)]
pub(super) struct Ready(Mutex<VecDeque<Arc<TaskWaker>>>);

impl Ready {
    pub(super) fn take(&self) -> Option<TaskKey> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        next.queued.store(false, Ordering::Release);
        Some(next.key)
    }
}

pub(super) struct TaskWaker {
    key: TaskKey,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl TaskWaker {
    pub(super) fn new(key: TaskKey, ready: &Arc<Ready>) -> Arc<Self> {
        Arc::new(Self { key, queued: AtomicBool::new(false), ready: Arc::clone(ready) })
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            let ready = Arc::clone(&self.ready);
            ready.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(self);
        }
    }
}
