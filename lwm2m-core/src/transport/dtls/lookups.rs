//! Questions to the credential store, and what it tells by itself.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;

use super::questions::{Answer, Questions};
use crate::{
    CallId, Entry, Hint, Mono, Now, StoreError,
    security::{Change, Changes, CredentialStore},
};

/// Questions at a time. Attack: handshakes by the thousand while the store is slow. More are not asked: their peers
/// repeat themselves.
const AT_ONCE: usize = 1024;
/// Changes that are applied in one pass over all sessions.
const CHANGES: usize = 64;

pub(super) struct Lookups {
    keys: Arc<dyn CredentialStore>,
    questions: Questions<Option<Entry>>,
    /// `None` once the store said that there will be no more.
    changes: Option<Changes>,
}

impl Lookups {
    pub(super) fn new(keys: Arc<dyn CredentialStore>) -> Self {
        let changes = Some(keys.changes());
        Self { keys, questions: Questions::new(), changes }
    }

    /// Asks. Gives the answer if the store has it at once.
    pub(super) fn start(&mut self, now: Now, id: CallId, hint: Hint) -> Option<Answer<Option<Entry>>> {
        if self.questions.len() >= AT_ONCE {
            return Some(Err(StoreError::new("too many questions wait")));
        }
        let keys = Arc::clone(&self.keys);
        self.questions.start(now, id, || Box::pin(async move { keys.lookup(&hint).await }))
    }

    /// The next answer, of those that were not there at once.
    pub(super) fn poll(&mut self, now: Now, cx: &mut Context<'_>) -> Option<(CallId, Answer<Option<Entry>>)> {
        self.questions.poll(now, cx)
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.questions.deadline()
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
