//! The loop: everything that is ready, in order; then the clock jumps.

use std::{
    fmt::Write,
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use super::{
    Net,
    agenda::Item,
    task::{Step, TaskKey, TaskWaker},
    world::World,
};
use crate::Mono;

/// Virtual time that one [`Net::run`] may take: a scenario that waits longer waits for what never comes.
const MAX_TIME: Duration = Duration::from_secs(3600 * 24 * 400);
/// Polls at one moment, per task and at least: more is a loop without progress.
const MAX_POLLS: usize = 100_000;
/// Frames shown when a run fails.
const SHOWN: usize = 30;

impl Net {
    /// Runs a test to its end: polls it, all machines, and their calls. Whenever everything waits, the clock jumps to
    /// the next deadline or arrival. What was started goes on in the next run.
    ///
    /// # Panics
    /// When everything waits and nothing is to come, when things go on without time passing, and after 400 days.
    pub fn run<T>(&self, test: impl Future<Output = T>) -> T {
        self.run_for(MAX_TIME, test)
    }

    /// The same with another bound of virtual time.
    ///
    /// # Panics
    /// As [`Net::run`].
    pub fn run_for<T>(&self, limit: Duration, test: impl Future<Output = T>) -> T {
        let mut test = pin!(test);
        let test_waker = TaskWaker::new(TaskKey::TEST, &self.0.ready);
        let waker = Waker::from(Arc::clone(&test_waker));
        let end = self.now().mono.after(limit);
        test_waker.wake();
        let mut polls = 0;
        loop {
            while let Some(key) = self.0.ready.take() {
                polls += 1;
                if polls > MAX_POLLS && polls > MAX_POLLS.saturating_add(100 * self.world().tasks.len()) {
                    self.fail("things go on while no time passes");
                }
                if key == TaskKey::TEST {
                    if let Poll::Ready(value) = test.as_mut().poll(&mut Context::from_waker(&waker)) {
                        return value;
                    }
                } else {
                    self.step(key);
                }
            }
            let before = self.now().mono;
            match self.advance() {
                None => self.fail("the test waits, and nothing is to come that could wake it"),
                Some(now) if now > end => self.fail("the test still waits after the time it was given"),
                Some(now) if now > before => polls = 0,
                Some(_) => {}
            }
        }
    }

    /// Everything of the next moment on the agenda.
    fn advance(&self) -> Option<Mono> {
        let at = self.world().agenda.next()?;
        loop {
            let woken = self.world().advance();
            if let Some(Some(waker)) = woken {
                waker.wake();
            }
            if self.world().agenda.next().is_none_or(|next| next > at) {
                return Some(self.now().mono);
            }
        }
    }

    fn step(&self, key: TaskKey) {
        let taken = {
            let mut world = self.world();
            let World { tasks, .. } = &mut *world;
            let running = tasks.get_mut(key.index).filter(|running| running.generation == key.generation);
            running.and_then(|r| Some((r.task.take()?, r.host, r.epoch, Arc::clone(&r.waker))))
        };
        let Some((mut task, host, epoch, waker)) = taken else { return };
        let now = self.world().now_at(host, epoch);
        let step = task.step(now, &mut Context::from_waker(&waker.into()));
        let mut world = self.world();
        let now = world.now().mono;
        let World { tasks, agenda, .. } = &mut *world;
        // Its host may have crashed meanwhile.
        let running = tasks.get_mut(key.index).filter(|running| running.generation == key.generation);
        match (step, running) {
            (Step::Wait(deadline), Some(running)) => {
                running.task = Some(task);
                let Some(deadline) = deadline else { return };
                let at = epoch.after(deadline.since(Mono(0))).max(now);
                if running.wakes.first().is_none_or(|first| at < *first) {
                    running.wakes.insert(0, at);
                    agenda.add(at, Item::Task(key));
                }
            }
            (Step::Done, Some(_)) => {
                let running = tasks.remove(key.index);
                drop(world);
                drop((running, task));
            }
            (_, None) => {
                drop(world);
                drop(task);
            }
        }
    }

    fn fail(&self, why: &str) -> ! {
        let report = self.report();
        panic!("{why}\n{report}");
    }

    /// State of the network and its last frames, for messages of failed tests.
    #[must_use]
    pub fn report(&self) -> String {
        let world = self.world();
        let (sent, lost) = world.totals();
        let mut text = format!(
            "at {:?} since the beginning: {} tasks run, {} entries on the agenda, {sent} frames sent, {lost} of them lost\n",
            world.now().mono.since(Mono(0)),
            world.tasks.len(),
            world.agenda.len(),
        );
        for seen in world.trace.last(SHOWN) {
            writeln!(text, "{seen}").ok();
        }
        text
    }
}
