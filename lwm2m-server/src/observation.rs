//! Values that a client tells of its own accord.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use lwm2m_core::{
    BoxFuture, FromNode, Node, Path, Tree,
    codec::{self, ContentFormat, Stamp, Timed},
    transport::ShardId,
};

use crate::{
    ClientHandle, EndReason, Events, RequestError, ServerEvent, composite,
    machine::{Ask, Command, ObservationId},
    op,
    waiting::Readings,
};

/// How long an Observe that follows its client waits for it, once it is registered.
const KEEP_OBSERVING: Duration = Duration::from_secs(86_400);
/// How long a client may take to confirm a cancel.
const CANCEL: Duration = Duration::from_secs(60);

/// One value that a client told.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Notification<T> {
    /// The value.
    pub value: T,
    /// When the client measured it, where it says so.
    pub at: Option<Stamp>,
    /// How many notifications before this one the reader was too slow for.
    pub missed: u64,
}

/// The values of one place as the client tells them; the first is the one that answered the request.
///
/// When the address of the client has changed, it is asked for anew: a value may come twice.
///
/// It ends when the registration does (the last item says why; see [`Request::follow`]), or when the client ends it.
/// Dropping it cancels: the
/// next notification is answered with a reset. [`Observation::cancel`] tells the client at once; [`Observation::detach`]
/// lets it go on for the data sink.
///
/// [`Request::follow`]: crate::Request::follow
#[must_use = "dropping it cancels the observation"]
pub struct Observation<T> {
    source: Source,
    id: Option<ObservationId>,
    /// The next one, on its way.
    next: Option<BoxFuture<'static, Result<Self, RequestError>>>,
    /// Arrived together.
    ready: VecDeque<Notification<Timed>>,
    of: PhantomData<fn() -> T>,
}

/// Where an observation reads.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) client: ClientHandle,
    pub(crate) shard: ShardId,
    pub(crate) number: u64,
    pub(crate) readings: Arc<Readings>,
    pub(crate) path: Path,
    /// What to ask for when the client has registered anew.
    pub(crate) follow: Option<Box<Follow>>,
}

/// An Observe that follows its client over its registrations.
#[derive(Clone, Debug)]
pub(crate) struct Follow {
    pub(crate) ask: Ask,
    pub(crate) format: Option<ContentFormat>,
    pub(crate) timeout: Duration,
}

impl Follow {
    /// Observes anew, once the client is registered.
    async fn again<T: FromNode>(
        self,
        client: ClientHandle,
        path: Path,
    ) -> Result<Observation<T>, RequestError> {
        let mut events = client.server.shared.events.subscribe();
        loop {
            while client.registration().await?.is_none() {
                wait_for(&client, &mut events).await?;
            }
            let request = client.request::<op::Observe<T>>(Ok(self.ask.clone())).place(path);
            // It may fall asleep before its turn, and an Observe may be done twice.
            let request = request.timeout(self.timeout).expires(KEEP_OBSERVING).repeat().follow();
            let observation = match self.format {
                Some(format) => request.format(format).await,
                None => request.await,
            };
            match observation {
                Err(error) if has_gone(&error) => {}
                other => return other,
            }
        }
    }
}

/// Is it only that the registration is over?
const fn has_gone(error: &RequestError) -> bool {
    matches!(
        error,
        RequestError::NotRegistered(_)
            | RequestError::Disabled(_)
            | RequestError::Ended {
                reason: EndReason::Replaced | EndReason::Deregistered | EndReason::Expired,
                ..
            }
    )
}

async fn wait_for(client: &ClientHandle, events: &mut Events) -> Result<(), RequestError> {
    loop {
        match events.next().await.ok_or(RequestError::Stopped)? {
            ServerEvent::Registered { registration, .. } if registration.endpoint == *client.endpoint() => {
                return Ok(());
            }
            ServerEvent::Missed(_) => return Ok(()),
            _ => {}
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Some(side) = self.client.shard_side(self.shard) {
            side.waiting.forget_reader(self.number);
        }
    }
}

impl<T> Observation<T> {
    pub(crate) fn new(mut source: Source, id: Option<ObservationId>, first: Vec<Timed>) -> Self {
        if let Some(id) = id {
            source.shard = id.shard; // the client may have come there since it was asked
        } else {
            source.readings.push(Err(RequestError::Ended { reason: EndReason::NotObserved, sent: true }));
            source.readings.close();
        }
        let ready = queue(first, 0, source.path);
        Self { source, id, next: None, ready, of: PhantomData }
    }

    /// Its name, as the data sink sees it. `None`: the client gave one value and does not observe.
    #[must_use]
    pub const fn id(&self) -> Option<ObservationId> {
        self.id
    }

    /// What is observed.
    #[must_use]
    pub const fn path(&self) -> Path {
        self.source.path
    }

    /// The observation goes on without a reader, for the data sink.
    pub fn detach(mut self) {
        let Some(observation) = self.id.take() else { return };
        if let Some(side) = self.source.client.shard_side(self.source.shard) {
            side.try_send(Command::Detach { observation });
        }
    }

    /// Ends the observation and tells the client: Observe with value 1. [Core 1.2 §6.4.3]
    ///
    /// # Errors
    /// The client has not confirmed. The observation has ended on this side all the same.
    pub async fn cancel(mut self) -> Result<(), RequestError> {
        let Some(observation) = self.id.take() else { return Ok(()) };
        let cancel = |request| Command::CancelObservation { request, observation, timeout: CANCEL };
        self.source.client.server.shared.ask(self.source.shard, cancel).await.map(|_| ())
    }

    fn end(&mut self) {
        let Some(observation) = self.id.take() else { return };
        if let Some(side) = self.source.client.shard_side(self.source.shard) {
            side.try_send(Command::EndObservation { observation });
        }
    }
}

impl<T: FromNode> Observation<T> {
    /// The next value. `Err` is one notification that was not understood, or the last item: why it ended. `None`: it
    /// has ended.
    pub async fn next(&mut self) -> Option<Result<Notification<T>, RequestError>> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The next value, for those who poll.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Notification<T>, RequestError>>> {
        loop {
            if let Some(mut next) = self.next.take() {
                match next.as_mut().poll(cx) {
                    Poll::Pending => {
                        self.next = Some(next);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(next)) => *self = next,
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                }
            }
            if let Some(Notification { value, at, missed }) = self.ready.pop_front() {
                let value = codec::take::<T>(value.node).map_err(RequestError::from);
                return Poll::Ready(Some(value.map(|value| Notification { value, at, missed })));
            }
            match self.source.readings.poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some((Err(error), _))) if self.source.follow.is_some() && has_gone(&error) => {
                    let Some(follow) = self.source.follow.take() else { continue };
                    self.next = Some(Box::pin(follow.again(self.source.client.clone(), self.source.path)));
                }
                Poll::Ready(Some((Err(error), _))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some((Ok(values), missed))) => {
                    self.ready = queue(values, missed, self.source.path);
                }
            }
        }
    }
}

impl<T: FromNode> futures_core::Stream for Observation<T> {
    type Item = Result<Notification<T>, RequestError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_next(cx)
    }
}

impl<T> fmt::Debug for Observation<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation")
            .field("source", &self.source)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Observation<T> {
    fn drop(&mut self) {
        self.end();
    }
}

/// A notification may bring a history, oldest first; of an object without instances it brings nothing.
fn queue(mut values: Vec<Timed>, missed: u64, path: Path) -> VecDeque<Notification<Timed>> {
    if path.is_root() {
        values = moments(values);
    }
    if values.is_empty() && path.ids().len() == 1 {
        values.push(Timed { at: None, tree: Tree::DEFAULT, path, node: Node::Object(BTreeMap::new()) });
    }
    let count_first = |position| if position == 0 { missed } else { 0 };
    let notification = |(position, value): (usize, Timed)| {
        let at = value.at;
        Notification { value, at, missed: count_first(position) }
    };
    values.into_iter().enumerate().map(notification).collect()
}

/// What a composite observation told, moment by moment: the oldest first, what has no time is of now and comes last.
fn moments(mut values: Vec<Timed>) -> Vec<Timed> {
    values.sort_by_key(|value| order(value.at));
    let mut moments: Vec<Timed> = Vec::new();
    for of_moment in values.chunk_by(|one, other| one.at == other.at) {
        let node = codec::node_at(Path::ROOT, of_moment).unwrap_or_else(composite::nothing);
        let at = of_moment.first().and_then(|value| value.at);
        moments.push(Timed { at, tree: Tree::DEFAULT, path: Path::ROOT, node });
    }
    if moments.is_empty() {
        moments.push(Timed { at: None, tree: Tree::DEFAULT, path: Path::ROOT, node: composite::nothing() });
    }
    moments
}

const fn order(at: Option<Stamp>) -> (u8, i128) {
    match at {
        Some(Stamp::At(time)) => (0, time.0 as i128),
        Some(Stamp::Ago(time)) => (1, -(time as i128)),
        None => (2, 0),
    }
}
