//! Questions to the credential store, and what it tells by itself.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;

use crate::{
    CallId, Entry, Hint, Mono, Now, StoreError,
    driver::calls::{Calls, Outcome},
    security::{Change, Changes, CredentialStore},
};

/// Questions at a time. Attack: handshakes by the thousand while the store is slow. More are not asked: their peers
/// repeat themselves.
const AT_ONCE: usize = 1024;
/// How long the store has for an answer. Peers repeat themselves sooner.
const PATIENCE: Duration = Duration::from_secs(10);
/// Changes that are applied in one pass over all sessions.
const CHANGES: usize = 64;

type Answer = Result<Option<Entry>, StoreError>;

pub(super) struct Lookups {
    keys: Arc<dyn CredentialStore>,
    calls: Calls<Answer>,
    /// In the order in which they were asked.
    overdue: VecDeque<(Mono, CallId)>,
    /// `None` once the store said that there will be no more.
    changes: Option<Changes>,
}

impl Lookups {
    pub(super) fn new(keys: Arc<dyn CredentialStore>) -> Self {
        let changes = Some(keys.changes());
        Self { keys, calls: Calls::new(), overdue: VecDeque::new(), changes }
    }

    /// Asks. Gives the answer if the store has it at once.
    pub(super) fn start(&mut self, now: Now, id: CallId, hint: Hint) -> Option<Answer> {
        if self.overdue.len() >= AT_ONCE {
            return Some(Err(StoreError::new("too many questions wait")));
        }
        let keys = Arc::clone(&self.keys);
        let asked = self.calls.start(id, || Box::pin(async move { keys.lookup(&hint).await }));
        if asked.is_none() {
            self.overdue.push_back((now.mono.after(PATIENCE), id));
        }
        asked.map(answer)
    }

    /// The next answer, of those that were not there at once.
    pub(super) fn poll(&mut self, now: Now, cx: &mut Context<'_>) -> Option<(CallId, Answer)> {
        if self.overdue.is_empty() {
            return None;
        }
        if let Some((at, id)) = self.overdue.front().copied()
            && at <= now.mono
        {
            self.overdue.pop_front();
            self.calls.abandon(id);
            return Some((id, Err(StoreError::new("no answer in time"))));
        }
        loop {
            let Poll::Ready((id, outcome)) = self.calls.poll(cx) else { return None };
            if !matches!(outcome, Outcome::Abandoned) {
                self.overdue.retain(|(_, asked)| *asked != id);
                return Some((id, answer(outcome)));
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.overdue.front().map(|(at, _)| *at)
    }

    /// What the store tells of changed keys.
    pub(super) fn changes(&mut self, cx: &mut Context<'_>) -> Vec<Change> {
        let mut told = Vec::new();
        let Some(changes) = &mut self.changes else { return told };
        loop {
            match Pin::new(&mut *changes).poll_next(cx) {
                Poll::Ready(Some(change)) => told.push(change),
                Poll::Ready(None) => {
                    self.changes = None;
                    return told;
                }
                Poll::Pending => return told,
            }
            if told.len() >= CHANGES {
                cx.waker().wake_by_ref();
                return told;
            }
        }
    }
}

fn answer(outcome: Outcome<Answer>) -> Answer {
    match outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Panicked | Outcome::Abandoned => {
            tracing::error!(target: "lwm2m::security", "the credential store broke");
            Err(StoreError::new("it broke"))
        }
    }
}
