//! A body that is handed to a handler block by block.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use lwm2m_core::{Bytes, codec::ContentFormat};

/// A body block by block; asking for the next one acknowledges the last.
pub struct BodyReader {
    pipe: Arc<Pipe>,
    format: Option<ContentFormat>,
    size: Option<u64>,
    /// Asking again acknowledges.
    given: bool,
}

impl BodyReader {
    /// Size of the whole body in octets, where the server said it.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// Format of the body.
    #[must_use]
    pub const fn format(&self) -> Option<ContentFormat> {
        self.format
    }

    /// The next part; `None` after the last. Asking says that the part before is kept, and lets the server send on.
    ///
    /// # Errors
    /// The transfer broke off.
    pub async fn next(&mut self) -> Option<Result<Bytes, BodyError>> {
        if std::mem::replace(&mut self.given, true) {
            let mut state = self.pipe.lock();
            state.wanted = true;
            wake(&mut state.feeder);
        }
        poll_fn(|cx| {
            let mut state = self.pipe.lock();
            if let Some(bytes) = state.parts.pop_front() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            match state.end {
                Some(End::Complete) => Poll::Ready(None),
                Some(End::Broken) => Poll::Ready(Some(Err(BodyError))),
                None => {
                    state.reader = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader").field("format", &self.format).field("size", &self.size).finish()
    }
}

/// The transfer of a body broke off before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the transfer broke off before the end of the body")]
pub struct BodyError;

/// Nobody reads on.
impl Drop for BodyReader {
    fn drop(&mut self) {
        let mut state = self.pipe.lock();
        state.end.get_or_insert(End::Broken);
        state.parts.clear();
        wake(&mut state.feeder);
    }
}

/// The other end of a [`BodyReader`]: parts go in, wishes for more come out.
#[derive(Clone)]
pub struct BodyFeed(Arc<Pipe>);

impl fmt::Debug for BodyFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyFeed")
    }
}

struct Pipe(Mutex<State>);

#[derive(Default)]
struct State {
    /// At most one: the next comes when it is wanted.
    parts: VecDeque<Bytes>,
    end: Option<End>,
    wanted: bool,
    reader: Option<Waker>,
    feeder: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Complete,
    Broken,
}

/// A reader and what feeds it.
pub(crate) fn pipe(format: Option<ContentFormat>, size: Option<u64>) -> (BodyFeed, BodyReader) {
    let pipe = Arc::new(Pipe(Mutex::default()));
    (BodyFeed(pipe.clone()), BodyReader { pipe, format, size, given: false })
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BodyFeed {
    /// Ends when the reader asks for more, or will never again.
    pub(crate) async fn wanted(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock();
            if std::mem::take(&mut state.wanted) || state.end.is_some() {
                return Poll::Ready(());
            }
            state.feeder = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Nothing more is to come, or nobody reads on.
    pub(crate) fn is_ended(&self) -> bool {
        self.0.lock().end.is_some()
    }

    pub(crate) fn push(&self, bytes: Bytes, last: bool) {
        let mut state = self.0.lock();
        if state.end.is_none() {
            state.parts.push_back(bytes);
        }
        if last {
            state.end.get_or_insert(End::Complete);
            wake(&mut state.feeder);
        }
        wake(&mut state.reader);
    }

    pub(crate) fn broken(&self) {
        let mut state = self.0.lock();
        state.end.get_or_insert(End::Broken);
        wake(&mut state.reader);
        wake(&mut state.feeder);
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}
