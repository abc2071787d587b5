//! Replies of the machine, handed to whoever waits for them.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use crate::machine::Reply;

/// Who waits for which reply. Shared by the handles and the driver.
#[derive(Clone, Default)]
pub(crate) struct Replies(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    last: u64,
    waiting: Vec<Waiting>,
    ended: bool,
}

struct Waiting {
    reply: u64,
    what: Option<Reply>,
    waker: Option<Waker>,
}

impl Replies {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a command, and whoever waits for its reply.
    pub(crate) fn expect(&self) -> Expected {
        let mut state = self.lock();
        state.last = state.last.wrapping_add(1);
        let reply = state.last;
        state.waiting.push(Waiting { reply, what: None, waker: None });
        Expected { replies: self.clone(), reply }
    }

    pub(crate) fn reply(&self, reply: u64, what: Reply) {
        let mut state = self.lock();
        let Some(waiting) = state.waiting.iter_mut().find(|waiting| waiting.reply == reply) else { return };
        waiting.what = Some(what);
        if let Some(waker) = waiting.waker.take() {
            waker.wake();
        }
    }

    /// Nobody will reply any more.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        for waker in state.waiting.iter_mut().filter_map(|waiting| waiting.waker.take()) {
            waker.wake();
        }
    }
}

/// A reply that is expected. Dropped, it is forgotten.
pub(crate) struct Expected {
    replies: Replies,
    pub(crate) reply: u64,
}

impl Expected {
    /// The reply; `None` when there will be none.
    pub(crate) async fn wait(self) -> Option<Reply> {
        poll_fn(|cx| {
            let mut state = self.replies.lock();
            let ended = state.ended;
            let Some(waiting) = state.waiting.iter_mut().find(|waiting| waiting.reply == self.reply) else {
                return Poll::Ready(None);
            };
            if waiting.what.is_some() || ended {
                return Poll::Ready(waiting.what.take());
            }
            waiting.waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.replies.lock().waiting.retain(|waiting| waiting.reply != self.reply);
    }
}
