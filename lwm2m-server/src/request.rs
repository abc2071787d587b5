//! One operation on one client, on its way to be awaited.

use std::{fmt, future::IntoFuture, marker::PhantomData, sync::Arc, time::Duration};

use lwm2m_core::{
    Arguments, Attributes, BoxFuture, FromNode, InstanceId, Path,
    codec::ContentFormat,
    ops::{Downlink, WriteMode},
    transport::ShardId,
};
use tokio::sync::oneshot;

use crate::{
    Body, ClientHandle, RequestError,
    body::Feed,
    inbox::Inbox,
    machine::{Ask, Command, NewRequest},
    observation::{Follow, Source},
    op::{self, Finished, Op},
    waiting::{Outcome, Parked, Progress, Waiter},
};

/// How long a request may take unless it says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Notifications that wait for the reader of an observation.
const READINGS: usize = 64;

/// One operation on one client. It does nothing until it is awaited, and can be spawned: it borrows nothing.
///
/// Dropping the future takes back a request that has not been sent; one that has been may be done all the same.
#[must_use = "nothing is sent until it is awaited"]
pub struct Request<O> {
    to: ClientHandle,
    ask: Result<Ask, RequestError>,
    place: Path,
    format: Option<ContentFormat>,
    timeout: Duration,
    expires: Option<Duration>,
    priority: u8,
    repeat: bool,
    replace: bool,
    follow: bool,
    parked: Option<Parked>,
    progress: Option<Progress>,
    body: Option<Box<dyn Body>>,
    instance: Option<InstanceId>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Op> Request<O> {
    pub(crate) fn new(to: ClientHandle, ask: Result<Ask, RequestError>) -> Self {
        let (place, operation) = (Path::ROOT, PhantomData);
        Self {
            to,
            ask,
            place,
            format: None,
            timeout: TIMEOUT,
            expires: None,
            priority: 0,
            repeat: false,
            replace: false,
            follow: false,
            parked: None,
            progress: None,
            body: None,
            instance: None,
            operation,
        }
    }

    pub(crate) fn place(self, place: Path) -> Self {
        Self { place, ..self }
    }

    pub(crate) fn body(self, body: Box<dyn Body>) -> Self {
        Self { body: Some(body), ..self }
    }

    pub(crate) fn instance(self, instance: Option<InstanceId>) -> Self {
        Self { instance, ..self }
    }

    /// How long to wait for the answer; a block transfer that goes on has this time anew with each block. For a request
    /// that [expires](Self::expires) it begins when the request is sent. Default 60 s.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// How long the request may wait for a client that sleeps or cannot be reached now, by the wall clock: it is sent
    /// when the client is heard, after those that wait already. When the time is over it ends with
    /// [`RequestError::Expired`]; a message that has left by then still has its `timeout`. Default: as
    /// [`ServerBuilder::queue`] says, else it does not wait, and ends with [`RequestError::Asleep`].
    ///
    /// [`ServerBuilder::queue`]: crate::ServerBuilder::queue
    pub fn expires(self, after: Duration) -> Self {
        Self { expires: Some(after), ..self }
    }

    /// Requests of a higher priority go before others that wait for the same client; equals go in their order. Default
    /// 0.
    pub fn priority(self, priority: u8) -> Self {
        Self { priority, ..self }
    }

    /// The client may do it twice: where no answer comes in time, so that nobody knows whether it was done, the request
    /// goes on waiting to be sent again, as long as it [may wait](Self::expires). Default: it ends with
    /// [`RequestError::TimedOut`]. Streamed bodies are not repeated.
    pub fn repeat(self) -> Self {
        Self { repeat: true, ..self }
    }

    /// Takes the place of requests for the same operation on the same place that wait for this client: they end with
    /// [`RequestError::Superseded`]. For values of which only the newest counts.
    pub fn replace(self) -> Self {
        Self { replace: true, ..self }
    }

    /// Posts the request instead of waiting for it: it is in the queue of its client, and in the
    /// [store](crate::ServerBuilder::store), when this returns its number. What the client answers is
    /// [`ServerEvent::Posted`]; [`ClientHandle::withdraw`] takes it back while it waits. It outlives its caller, further
    /// registrations of the client, and with a store the server: a request that may have left before the server was
    /// started anew is not sent again, unless it may be [repeated](Self::repeat), but reported as timed out. Waits a day
    /// where it does not say [how long](Self::expires).
    ///
    /// [`ServerEvent::Posted`]: crate::ServerEvent::Posted
    ///
    /// # Errors
    /// It is not in the queue: the client is not registered, too much waits, or the store does not keep it.
    pub async fn post(self) -> Result<u64, RequestError> {
        let ask = self.ask?;
        let shared = &self.to.server.shared;
        let shard = shared.shard_of(self.to.endpoint());
        let shard = shard.ok_or_else(|| RequestError::NotRegistered(self.to.endpoint().clone()))?;
        let (to, mut posted) = (self.to.endpoint().clone(), 0);
        let command = |number| {
            posted = number;
            let mut new = NewRequest::new(number, to, ask, self.timeout);
            (new.format, new.expires, new.priority) = (self.format, self.expires, self.priority);
            (new.repeat, new.replace, new.post) = (self.repeat, self.replace, true);
            Command::Request(Box::new(new))
        };
        shared.ask(shard, command).await.map(|_| posted)
    }

    /// Is told once when the request has to wait for its client.
    pub(crate) fn parked(self, parked: Parked) -> Self {
        Self { parked: Some(parked), ..self }
    }

    /// The format of the body, or the one that the answer is wanted in. Default: what the client has, best first.
    pub fn format(self, format: ContentFormat) -> Self {
        Self { format: Some(format), ..self }
    }

    /// Is told how many octets of the body the client has confirmed, and of how many, block by block. It must not
    /// wait.
    pub fn progress(self, each: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        Self { progress: Some(Box::new(each)), ..self }
    }

    fn change(mut self, change: impl FnOnce(&mut Downlink)) -> Self {
        if let Ok(Ask::Operation(operation)) = &mut self.ask {
            change(operation);
        }
        self
    }

    async fn run(self) -> Result<O::Output, RequestError> {
        let ask = self.ask?;
        let shard = self.to.server.shared.shard_of(self.to.endpoint());
        let shard = shard.ok_or_else(|| RequestError::NotRegistered(self.to.endpoint().clone()))?;
        let machine = self.to.server.handle(shard).ok_or(RequestError::Stopped)?;
        let number = self.to.server.shared.number();
        let mut source = source(&self.to, &ask, shard, number);
        if let Some(source) = source.as_mut().filter(|_| self.follow) {
            let (ask, format, timeout) = (ask.clone(), self.format, self.timeout);
            source.follow = Some(Box::new(Follow { ask, format, timeout }));
        }
        let (answer, outcome) = oneshot::channel();
        let body = self.body.map(|body| Arc::new(tokio::sync::Mutex::new(Feed::new(body))));
        let new = NewRequest {
            request: number,
            to: self.to.endpoint().clone(),
            ask,
            format: self.format,
            timeout: self.timeout,
            progress: self.progress.is_some(),
            expires: self.expires,
            priority: self.priority,
            repeat: self.repeat,
            replace: self.replace,
            post: false,
        };
        let guard = Guard { to: &self.to, number };
        let side = self.to.shard_side(shard).ok_or(RequestError::Stopped)?;
        if !side.waiting.wait(number, Waiter { answer, progress: self.progress, body, parked: self.parked }) {
            return Err(RequestError::Stopped);
        }
        machine.send(Command::Request(Box::new(new))).await.map_err(|_| RequestError::Stopped)?;
        drop(machine);
        let answered: Outcome = outcome.await.unwrap_or(Err(RequestError::Stopped));
        drop(guard);
        O::finish(Finished { answered: answered?, path: self.place, instance: self.instance, source })
    }
}

/// What an Observe reads from. Made before it is sent: a notification may follow the answer at once.
fn source(to: &ClientHandle, ask: &Ask, shard: ShardId, number: u64) -> Option<Source> {
    let path = match ask {
        Ask::Operation(Downlink::Observe { path, .. }) => *path,
        Ask::Operation(Downlink::ObserveComposite { .. }) => Path::ROOT,
        _ => return None,
    };
    let readings = Arc::new(Inbox::new(READINGS));
    to.shard_side(shard)?.waiting.read(number, readings.clone());
    Some(Source { client: to.clone(), shard, number, readings, path, follow: None })
}

/// Takes the request back when nobody waits for it any more.
struct Guard<'a> {
    to: &'a ClientHandle,
    number: u64,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.to.server.shared.cancel(self.number);
    }
}

impl Request<op::Write> {
    /// Keeps what the value does not have, instead of replacing everything. [Core 1.2 §6.3.3]
    pub fn partial(self) -> Self {
        self.change(|operation| {
            if let Downlink::Write { mode, .. } = operation {
                *mode = WriteMode::Partial;
            }
        })
    }
}

impl Request<op::Execute> {
    /// Arguments for the resource. [Core 1.2 §6.3.5]
    pub fn arguments(self, given: Arguments) -> Self {
        self.change(|operation| {
            if let Downlink::Execute { arguments, .. } = operation {
                *arguments = given;
            }
        })
    }
}

impl<T: FromNode> Request<op::Observe<T>> {
    /// The observation follows the client: whenever it is registered anew, at once or after it was gone, it is observed
    /// anew, and its reader goes on with the value that it has then. Default: the end of the registration ends the
    /// observation.
    pub fn follow(self) -> Self {
        Self { follow: true, ..self }
    }

    /// Attributes for this observation alone, instead of those that are attached to the place. Since LwM2M 1.2.
    /// [Core 1.2 §6.4.1]
    pub fn attributes(self, given: Attributes) -> Self {
        self.change(|operation| {
            if let Downlink::Observe { attributes, .. } = operation {
                *attributes = given;
            }
        })
    }
}

impl Request<op::ObserveComposite> {
    /// The observation follows the client over its registrations, as one of a single place does.
    pub fn follow(self) -> Self {
        Self { follow: true, ..self }
    }

    /// Attributes for this observation alone, instead of those that are attached to the places: periods, and whether
    /// notifications are confirmable. Since LwM2M 1.2. [Core 1.2 §6.4.4]
    pub fn attributes(self, given: Attributes) -> Self {
        self.change(|operation| {
            if let Downlink::ObserveComposite { attributes, .. } = operation {
                *attributes = given;
            }
        })
    }
}

impl Request<op::Discover> {
    /// How deep, 0 to 3. Since LwM2M 1.2. Default: as the client does.
    pub fn depth(self, levels: u8) -> Self {
        self.change(|operation| {
            if let Downlink::Discover { depth, .. } = operation {
                *depth = Some(levels);
            }
        })
    }
}

impl<O: Op> IntoFuture for Request<O> {
    type Output = Result<O::Output, RequestError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<O> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("to", &self.to).field("ask", &self.ask).finish_non_exhaustive()
    }
}
