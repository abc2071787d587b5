//! What happens to registrations.

use std::sync::Arc;
#[cfg(feature = "tokio")]
use std::{
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use lwm2m_core::{EndpointName, codec::Timed, ops::DownlinkAnswer, transport::TransportError};

use crate::{Registration, RequestError};
#[cfg(feature = "tokio")]
use crate::{inbox::Inbox, machine::Interest};

/// Something happened to a registration. The device has its answer already.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ServerEvent {
    /// A client registered.
    Registered {
        /// The new registration.
        registration: Arc<Registration>,
        /// The one that it replaces: the client was registered, and registered anew. Its observations are gone.
        replaced: Option<Arc<Registration>>,
    },
    /// A client updated its registration, or has a new address.
    Updated(Updated),
    /// A client de-registered.
    Deregistered(Arc<Registration>),
    /// A lifetime passed without an Update.
    Expired(Arc<Registration>),
    /// A client sent values of its own accord; it has been told that they arrived, and the data sink has them.
    Sent(Sent),
    /// A request that was [posted](crate::Request::post) is over.
    Posted(PostOutcome),
    /// A client woke up, fell asleep, was disabled, or did not come back in time after that: `before` and `after` differ in
    /// their [`Registration::presence`]. The beginning and the end of a registration are the other events alone.
    Presence(Updated),
    /// The security session of a client that is registered is over: closed, unused for long, or its keys were withdrawn.
    /// It stays registered, and nothing reaches it before it comes back and proves again who it is.
    SessionEnded {
        /// Its registration.
        registration: Arc<Registration>,
        /// Why.
        error: TransportError,
    },
    /// The reader was too slow: this many events are lost.
    Missed(u64),
}

/// What a client sent of its own accord. [Core 1.2 §6.4.6]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sent {
    /// Whose.
    pub registration: Arc<Registration>,
    /// The values, each with its place and, where the client said so, its time.
    pub values: Arc<[Timed]>,
}

/// How a request ended that nobody waits for.
#[derive(Clone, Debug)]
pub struct PostOutcome {
    /// The client.
    pub endpoint: EndpointName,
    /// What [`Request::post`](crate::Request::post) gave.
    pub number: u64,
    /// What the client answered, or why there is no answer.
    pub result: Result<DownlinkAnswer, RequestError>,
}

/// A registration before and after a change.
#[derive(Clone, Debug)]
pub struct Updated {
    /// As it was.
    pub before: Arc<Registration>,
    /// As it is.
    pub after: Arc<Registration>,
}

/// What happens to registrations, from now on. Bounded: a reader that lags loses the oldest and gets
/// [`ServerEvent::Missed`].
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub struct Events {
    inbox: Arc<Inbox<ServerEvent>>,
    /// Read after the count of lost events.
    held: Option<ServerEvent>,
    interest: Arc<Interest>,
}

#[cfg(feature = "tokio")]
impl Events {
    /// The next event. `None`: the server has been shut down.
    pub async fn next(&mut self) -> Option<ServerEvent> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The next event, for those who poll.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<ServerEvent>> {
        if let Some(event) = self.held.take() {
            return Poll::Ready(Some(event));
        }
        self.inbox.poll_next(cx).map(|next| {
            let (event, missed) = next?;
            if missed == 0 {
                return Some(event);
            }
            self.held = Some(event);
            Some(ServerEvent::Missed(missed))
        })
    }
}

#[cfg(feature = "tokio")]
impl futures_core::Stream for Events {
    type Item = ServerEvent;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ServerEvent>> {
        self.get_mut().poll_next(cx)
    }
}

#[cfg(feature = "tokio")]
impl Drop for Events {
    fn drop(&mut self) {
        self.interest.remove();
        self.inbox.close();
    }
}

/// Hands every event to every reader.
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub(crate) struct Hub {
    readers: Mutex<Vec<Arc<Inbox<ServerEvent>>>>,
    interest: Arc<Interest>,
    room: usize,
}

#[cfg(feature = "tokio")]
impl Hub {
    /// `room`: events that wait for one reader.
    pub(crate) fn new(interest: Arc<Interest>, room: usize) -> Self {
        Self { readers: Mutex::default(), interest, room }
    }

    pub(crate) fn subscribe(&self) -> Events {
        let inbox = Arc::new(Inbox::new(self.room));
        self.lock().push(inbox.clone());
        self.interest.add();
        Events { inbox, held: None, interest: self.interest.clone() }
    }

    pub(crate) fn publish(&self, event: &ServerEvent) {
        let mut readers = self.lock();
        // The reader of an inbox that only we hold has gone.
        readers.retain(|reader| Arc::strong_count(reader) > 1);
        for reader in readers.iter() {
            reader.push(event.clone());
        }
    }

    pub(crate) fn close(&self) {
        for reader in self.lock().drain(..) {
            reader.close();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Inbox<ServerEvent>>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
