//! What a driver needs of a bootstrap server: answers to the machine's calls, and readers for its events.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lwm2m_core::{BoxFuture, bus::Bus, driver::Running, machine::Perform, security::CredentialStore};
use tokio::sync::oneshot;

use crate::{
    BootstrapEvent, PlanSource,
    machine::{Answer, BootstrapMachine, Call, Event, Stats},
};

/// What the handles of a bootstrap server share with its driver.
pub(crate) struct Shared {
    pub(crate) events: Bus<BootstrapEvent>,
    pub(crate) keys: Arc<dyn CredentialStore>,
    pub(crate) plans: Arc<dyn PlanSource>,
    waiting: Mutex<Waiting>,
    pub(crate) running: Running,
}

#[derive(Default)]
struct Waiting {
    numbers: u64,
    stats: HashMap<u64, oneshot::Sender<Stats>>,
    ended: bool,
}

impl Shared {
    pub(crate) fn new(room: usize, keys: Arc<dyn CredentialStore>, plans: Arc<dyn PlanSource>) -> Self {
        let events = Bus::with_room(room, BootstrapEvent::Missed);
        Self { events, keys, plans, waiting: Mutex::default(), running: Running::new(1) }
    }

    /// A number for a question, and its answer.
    pub(crate) fn expect(&self) -> (u64, oneshot::Receiver<Stats>) {
        let (answer, receiver) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.numbers = waiting.numbers.wrapping_add(1);
        let number = waiting.numbers;
        if !waiting.ended {
            waiting.stats.retain(|_, waiter| !waiter.is_closed());
            waiting.stats.insert(number, answer);
        }
        (number, receiver)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct Performer(pub(crate) Arc<Shared>);

impl Perform<BootstrapMachine> for Performer {
    fn perform(&mut self, call: Call) -> BoxFuture<'static, Answer> {
        let shared = self.0.clone();
        Box::pin(async move {
            match call {
                Call::Plan(session) => Answer::Plan(shared.plans.plan(&session).await),
                Call::Credentials(hint) => Answer::Credentials(shared.keys.lookup(&hint).await),
            }
        })
    }

    fn publish(&mut self, event: Event) {
        match event {
            Event::Public(event) => self.0.events.publish(&event),
            Event::Stats { request, stats } => {
                if let Some(waiter) = self.0.lock().stats.remove(&request) {
                    let _ = waiter.send(*stats);
                }
            }
        }
    }
}

impl Drop for Performer {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.ended = true;
        waiting.stats.clear();
        drop(waiting);
        self.0.running.end_one(|| self.0.events.close());
    }
}
