//! The same for many clients, so many at a time.

use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    vec,
};

use futures_util::{Stream, StreamExt as _, stream::FuturesUnordered, task::AtomicWaker};
use lwm2m_core::{BoxFuture, EndpointName};

use crate::{ClientHandle, Request, RequestError, op::Op};

/// Requests that are on their way at the same time unless told otherwise.
const AT_ONCE: usize = 64;

/// Many clients that are asked the same. Made by [`Server::group`](crate::Server::group).
///
/// ```no_run
/// # use std::time::Duration;
/// # use lwm2m_server::Server;
/// # async fn example(server: Server) {
/// let street = server.group((1..=40).map(|n| format!("light-{n}"))).at_once(8);
/// let mut switched = street.each(|light| light.write("/3311/0/5850", false).expires(Duration::from_secs(600)));
/// while let Some((light, result)) = switched.next().await {
///     println!("{light}: {result:?}");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Group {
    members: Vec<ClientHandle>,
    at_once: usize,
}

impl Group {
    pub(crate) const fn new(members: Vec<ClientHandle>) -> Self {
        Self { members, at_once: AT_ONCE }
    }

    /// How many requests are on their way at the same time, at least 1. Default 64. Those that wait for a client to be
    /// heard do not count: sleepers do not hold up the others.
    #[must_use]
    pub fn at_once(mut self, requests: usize) -> Self {
        self.at_once = requests.max(1);
        self
    }

    /// Its members.
    #[must_use]
    pub fn members(&self) -> &[ClientHandle] {
        &self.members
    }

    /// Asks every member what `request` makes for it.
    pub fn each<O: Op>(
        &self,
        request: impl Fn(&ClientHandle) -> Request<O> + Send + 'static,
    ) -> GroupRequest<O> {
        GroupRequest {
            members: self.members.clone().into_iter(),
            at_once: self.at_once,
            make: Box::new(request),
            running: FuturesUnordered::new(),
            parked: Arc::default(),
        }
    }
}

type Make<O> = Box<dyn Fn(&ClientHandle) -> Request<O> + Send>;
type Outcome<O> = (EndpointName, Result<<O as Op>::Output, RequestError>);

/// The results of a [`Group`], each with the name of its client, as they come. Nothing is sent unless it is polled;
/// dropping it takes back what has not been sent.
#[must_use = "nothing is sent until it is polled"]
pub struct GroupRequest<O: Op> {
    members: vec::IntoIter<ClientHandle>,
    at_once: usize,
    make: Make<O>,
    running: FuturesUnordered<BoxFuture<'static, Outcome<O>>>,
    parked: Arc<Parked>,
}

/// Requests of a group that wait for their clients.
#[derive(Default)]
struct Parked {
    count: AtomicUsize,
    group: AtomicWaker,
}

impl<O: Op> GroupRequest<O> {
    /// The next result. `None`: all have been given.
    pub async fn next(&mut self) -> Option<Outcome<O>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// All results, in the order in which they came.
    pub async fn all(mut self) -> Vec<Outcome<O>> {
        let mut all = Vec::with_capacity(self.members.len());
        while let Some(outcome) = self.next().await {
            all.push(outcome);
        }
        all
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Outcome<O>>> {
        self.parked.group.register(cx.waker());
        loop {
            let mut begun = false;
            while self.running.len().saturating_sub(self.parked.count.load(Ordering::Acquire)) < self.at_once
                && let Some(member) = self.members.next()
            {
                self.running.push(begin(&member, (self.make)(&member), self.parked.clone()));
                begun = true;
            }
            match self.running.poll_next_unpin(cx) {
                Poll::Pending if begun => {}
                other => return other,
            }
        }
    }
}

fn begin<O: Op>(
    member: &ClientHandle,
    request: Request<O>,
    group: Arc<Parked>,
) -> BoxFuture<'static, Outcome<O>> {
    let endpoint = member.endpoint().clone();
    Box::pin(async move {
        let parked = Arc::new(AtomicBool::new(false));
        let (mine, all) = (parked.clone(), group.clone());
        let request = request.parked(Box::new(move || {
            mine.store(true, Ordering::Release);
            all.count.fetch_add(1, Ordering::AcqRel);
            all.group.wake();
        }));
        let result = request.await;
        if parked.load(Ordering::Acquire) {
            group.count.fetch_sub(1, Ordering::AcqRel);
        }
        (endpoint, result)
    })
}

impl<O: Op> Stream for GroupRequest<O> {
    type Item = Outcome<O>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<O: Op> fmt::Debug for GroupRequest<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupRequest")
            .field("waiting", &self.members.len())
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}
