//! The futures of calls.

use std::{
    collections::HashMap,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use futures_util::{
    future::{AbortHandle, Abortable},
    stream::{FuturesUnordered, Stream},
};

use crate::{BoxFuture, CallId};

/// What became of a call.
pub(crate) enum Outcome<A> {
    Answered(A),
    Panicked,
    Abandoned,
}

/// Calls in progress. How many there may be is the machine's business.
pub(crate) struct Calls<A> {
    running: FuturesUnordered<Running<A>>,
    /// Looked up, never iterated.
    handles: HashMap<CallId, AbortHandle>,
}

struct Running<A> {
    id: CallId,
    future: Abortable<BoxFuture<'static, A>>,
}

impl<A: Send + 'static> Calls<A> {
    pub(crate) fn new() -> Self {
        Self { running: FuturesUnordered::new(), handles: HashMap::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Polls it once; what is ready at once needs no place among the others.
    pub(crate) fn start(
        &mut self,
        id: CallId,
        call: impl FnOnce() -> BoxFuture<'static, A>,
    ) -> Option<Outcome<A>> {
        let Ok(mut future) = catch_unwind(AssertUnwindSafe(call)) else { return Some(Outcome::Panicked) };
        let mut nobody = Context::from_waker(Waker::noop());
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut nobody))) {
            Err(_) => Some(Outcome::Panicked),
            Ok(Poll::Ready(answer)) => Some(Outcome::Answered(answer)),
            Ok(Poll::Pending) => {
                let (handle, registration) = AbortHandle::new_pair();
                self.handles.insert(id, handle);
                self.running.push(Running { id, future: Abortable::new(future, registration) });
                None
            }
        }
    }

    /// Its future is dropped at the next poll. `false`: it has ended already.
    pub(crate) fn abandon(&mut self, id: CallId) -> bool {
        let Some(handle) = self.handles.remove(&id) else { return false };
        handle.abort();
        true
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(CallId, Outcome<A>)> {
        match Pin::new(&mut self.running).poll_next(cx) {
            Poll::Ready(Some((id, outcome))) => {
                if !matches!(outcome, Outcome::Abandoned) {
                    self.handles.remove(&id);
                }
                Poll::Ready((id, outcome))
            }
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

impl<A> Future for Running<A> {
    type Output = (CallId, Outcome<A>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let id = self.id;
        let future = &mut self.future;
        match catch_unwind(AssertUnwindSafe(|| Pin::new(future).poll(cx))) {
            Err(_) => Poll::Ready((id, Outcome::Panicked)),
            Ok(Poll::Ready(Ok(answer))) => Poll::Ready((id, Outcome::Answered(answer))),
            Ok(Poll::Ready(Err(_))) => Poll::Ready((id, Outcome::Abandoned)),
            Ok(Poll::Pending) => Poll::Pending,
        }
    }
}
