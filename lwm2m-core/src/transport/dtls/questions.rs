//! Futures of stores, polled in here: each has so much time.

use std::{
    collections::VecDeque,
    task::{Context, Poll},
    time::Duration,
};

use crate::{
    BoxFuture, CallId, Mono, Now, StoreError,
    driver::calls::{Calls, Outcome},
};

/// How long a store has for an answer. Peers repeat themselves sooner.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) type Answer<T> = Result<T, StoreError>;

pub(super) struct Questions<T> {
    calls: Calls<Answer<T>>,
    /// In the order in which they were asked.
    overdue: VecDeque<(Mono, CallId)>,
}

impl<T: Send + 'static> Questions<T> {
    pub(super) fn new() -> Self {
        Self { calls: Calls::new(), overdue: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.overdue.len()
    }

    /// Asks. Gives the answer if the store has it at once.
    pub(super) fn start(
        &mut self,
        now: Now,
        id: CallId,
        question: impl FnOnce() -> BoxFuture<'static, Answer<T>>,
    ) -> Option<Answer<T>> {
        let asked = self.calls.start(id, question);
        if asked.is_none() {
            self.overdue.push_back((now.mono.after(PATIENCE), id));
        }
        asked.map(answer)
    }

    /// The next answer, of those that were not there at once.
    pub(super) fn poll(&mut self, now: Now, cx: &mut Context<'_>) -> Option<(CallId, Answer<T>)> {
        // What was given up is dropped in here.
        if self.calls.is_empty() {
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
}

fn answer<T>(outcome: Outcome<Answer<T>>) -> Answer<T> {
    match outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Panicked | Outcome::Abandoned => {
            tracing::error!(target: "lwm2m::security", "a store of keys or sessions broke");
            Err(StoreError::new("it broke"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_question_without_an_answer_ends_and_leaves_nothing_behind() {
        let mut questions = Questions::<()>::new();
        let (held, cx) = (Arc::new(()), &mut Context::from_waker(std::task::Waker::noop()));
        let at = |seconds: u64| Now { mono: Mono(seconds * 1_000_000), wall: None };
        let holds = Arc::clone(&held);
        let asked = questions.start(at(0), CallId(1), || {
            Box::pin(async move {
                std::future::pending::<()>().await;
                drop(holds);
                Ok(())
            })
        });
        assert!(asked.is_none() && questions.poll(at(9), cx).is_none());
        assert!(matches!(questions.poll(at(10), cx), Some((CallId(1), Err(_)))));
        assert!(questions.poll(at(10), cx).is_none());
        assert_eq!((Arc::strong_count(&held), questions.deadline()), (1, None));
    }
}
