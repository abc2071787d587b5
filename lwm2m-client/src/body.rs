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
        self.pipe.want();
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

/// What the machine hands to the driver: parts go in here, wishes for more come out.
pub(crate) struct Pipe(Mutex<State>);

#[derive(Default)]
struct State {
    parts: VecDeque<Bytes>,
    end: Option<End>,
    wanted: bool,
    reader: Option<Waker>,
    feeder: Option<Waker>,
}

#[derive(Clone, Copy)]
enum End {
    Complete,
    Broken,
}

/// A reader and the pipe that feeds it.
pub(crate) fn pipe(format: Option<ContentFormat>, size: Option<u64>) -> (Arc<Pipe>, BodyReader) {
    let pipe = Arc::new(Pipe(Mutex::default()));
    (pipe.clone(), BodyReader { pipe, format, size })
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn want(&self) {
        let mut state = self.lock();
        state.wanted = true;
        if let Some(waker) = state.feeder.take() {
            waker.wake();
        }
    }

    /// Ends when the reader asks for more.
    pub(crate) async fn wanted(&self) {
        poll_fn(|cx| {
            let mut state = self.lock();
            if std::mem::take(&mut state.wanted) {
                return Poll::Ready(());
            }
            state.feeder = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    pub(crate) fn push(&self, bytes: Bytes, last: bool) {
        let mut state = self.lock();
        state.parts.push_back(bytes);
        if last {
            state.end = Some(End::Complete);
        }
        wake(&mut state);
    }

    pub(crate) fn broken(&self) {
        let mut state = self.lock();
        state.end.get_or_insert(End::Broken);
        wake(&mut state);
    }
}

fn wake(state: &mut State) {
    if let Some(waker) = state.reader.take() {
        waker.wake();
    }
}
