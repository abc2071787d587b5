//! DTLS over any datagram transport. [RFC 6347, RFC 9146]
//!
//! ```text
//!  driver ──frames──► Dtls ──records──► inner transport        one socket, all sessions
//!                      │ link:    a security association; it outlives a new address (with a connection ID) and a new
//!                      │          session of the same peer at the same place
//!                      │ route:   a link of the inner transport; kept while a session or a handshake is there
//!                      ├ lookups: futures of the credential store, polled in here
//!                      └ keep:    sessions with servers that outlive the process, and the futures of their store
//! ```
//!
//! Who has not shown that it is where it says costs nothing that stays: the inner link goes with its datagram. Datagrams
//! of handshakes that may cost public-key operations wait until the sessions have had their turn.

mod below;
mod keep;
mod links;
mod lookups;
mod outbox;
mod outcome;
mod questions;
mod receive;

use std::{
    collections::VecDeque,
    fmt, io,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use self::{
    below::Below,
    keep::Keep,
    links::{Dialled, Links, Saved, State},
    lookups::Lookups,
    outbox::Outbox,
    receive::Hall,
};
use super::{
    Host, Stray, Target, Transport, TransportCounters, TransportError, TransportEvent, Uri,
    udp::{Udp, UdpOptions, address},
};
use crate::{
    Address, Binding, LinkId, Mono, Now, Output, Route, driver,
    dtls::{self, Connect, ConnectionIds, Endpoint, SendError, suite::Suite},
    security::{CredentialStore, NoKeys, SessionStore},
};

/// Events of the inner transport that are taken before the driver gets its turn, where none of them becomes one of ours.
const AT_ONCE: usize = 64;

/// DTLS over a datagram transport. One socket below, all sessions above it.
///
/// ```no_run
/// # async fn f(keys: std::sync::Arc<lwm2m_core::security::MemoryKeys>) -> std::io::Result<()> {
/// use lwm2m_core::{dtls::Config, transport::{Dtls, UdpClient}};
///
/// let client = Dtls::client(UdpClient::new());
/// let server = Dtls::bind("[::]:5684", keys, Config::server(0)).await?;
/// # Ok(()) }
/// ```
pub struct Dtls {
    inner: Box<dyn Transport>,
    engine: Endpoint,
    config: Arc<dtls::Config>,
    /// How many shards there are; a connection ID of another is handed over.
    shards: u8,
    links: Links,
    below: Below,
    outbox: Outbox,
    lookups: Lookups,
    hall: Hall,
    saved: Saved,
    /// Sessions that outlive the process.
    keep: Option<Keep>,
    events: VecDeque<TransportEvent>,
    /// Inner links that nobody is behind, once all is sent that was to be sent there.
    vacant: Vec<LinkId>,
    /// When the engine wants to hear of the time.
    deadline: Option<Mono>,
    now: Now,
    turns: u8,
    counters: Arc<TransportCounters>,
    /// There are no random numbers: nothing can be done.
    broken: Option<TransportError>,
}

impl Dtls {
    /// For those that only connect. The keys are those of the target.
    #[must_use]
    pub fn client(inner: impl Transport) -> Self {
        Self::over(inner, Arc::new(NoKeys), dtls::Config::default())
    }

    /// Over any datagram transport. With [`Config::accept`](dtls::Config::accept), handshakes of peers are answered
    /// with keys of the store.
    #[must_use]
    pub fn over(inner: impl Transport, keys: Arc<dyn CredentialStore>, config: dtls::Config) -> Self {
        Self::boxed(Box::new(inner), keys, config)
    }

    /// Over UDP, at an address such as `"[::]:5684"`. The port is 5684 if none is said.
    ///
    /// # Errors
    /// As [`Udp::bind`].
    pub async fn bind(at: &str, keys: Arc<dyn CredentialStore>, config: dtls::Config) -> io::Result<Self> {
        let options = if config.accept { UdpOptions::server() } else { UdpOptions::default() };
        Ok(Self::over(Udp::open(address(at, 5684).await?, options)?, keys, config))
    }

    pub(super) fn boxed(
        inner: Box<dyn Transport>,
        keys: Arc<dyn CredentialStore>,
        config: dtls::Config,
    ) -> Self {
        let (seed, broken) = match driver::seed() {
            Ok(seed) => (seed, None),
            Err(error) => ([0; 32], Some(error.into())),
        };
        let config = Arc::new(config);
        Self {
            engine: Endpoint::new(Arc::clone(&config), seed),
            shards: 1,
            links: Links::default(),
            below: Below::default(),
            outbox: Outbox::default(),
            lookups: Lookups::new(keys),
            hall: Hall::default(),
            saved: Saved::default(),
            keep: None,
            events: VecDeque::new(),
            vacant: Vec::new(),
            deadline: None,
            now: Now { mono: Mono(0), wall: None },
            turns: 0,
            counters: inner.counters().unwrap_or_default(),
            broken,
            inner,
            config,
        }
    }

    /// Takes chance from here instead of the operating system: the same seed gives the same run. For tests.
    #[must_use]
    pub fn seeded(mut self, seed: [u8; 32]) -> Self {
        self.engine = Endpoint::new(Arc::clone(&self.config), seed);
        self.broken = None;
        self
    }

    /// It is one of so many shards: records with the connection ID of another are handed over. Default 1.
    #[must_use]
    pub fn shards(mut self, shards: u8) -> Self {
        self.shards = shards;
        self
    }

    /// The shard whose connection IDs this one issues.
    fn shard(&self) -> u8 {
        match self.config.connection_id {
            ConnectionIds::Issue { shard } => shard,
            ConnectionIds::Off | ConnectionIds::Use => 0,
        }
    }

    /// Does what the engine wants until it waits. Gives the first error of the inner transport.
    fn drain(&mut self, now: Now, cx: &mut Context<'_>) -> Result<(), TransportError> {
        let mut outcome = Ok(());
        loop {
            match self.engine.poll_output() {
                Output::Transmit { route, frame } => {
                    let sent = self.transmit(now, cx, route, frame);
                    outcome = outcome.and(sent);
                }
                Output::Call { id, what } => {
                    if let Some(answer) = self.lookups.start(now, id, what) {
                        self.engine.handle_result(now, id, &answer);
                    } else {
                        // Its future has not seen this context yet.
                        cx.waker().wake_by_ref();
                    }
                }
                Output::Event(event) => self.on_event(event),
                Output::Timeout(at) => {
                    self.deadline = at;
                    self.count();
                    while let Some(link) = self.vacant.pop() {
                        self.release(link);
                    }
                    return outcome;
                }
            }
        }
    }

    fn transmit(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        route: Route,
        frame: Bytes,
    ) -> Result<(), TransportError> {
        if !self.below.has(route.link) {
            return Err(TransportError::Closed);
        }
        self.outbox.send(&mut *self.inner, now, cx, route.link, frame)
    }

    /// Nobody is there: the inner link can go.
    fn release(&mut self, link: LinkId) {
        if self.engine.knows(below::route(link)) || self.below.is_awaited(link) || self.hall.awaits(link) {
            return;
        }
        if self.below.remove(link) {
            self.unstall(link);
            self.inner.disconnect(link);
        }
    }

    /// An inner link is gone: nobody waits for it any more.
    fn unstall(&mut self, below: LinkId) {
        let told = self.outbox.forget(below).into_iter();
        self.events.extend(told.map(|link| TransportEvent::Writable { link: Some(link) }));
    }

    fn count(&self) {
        let counters = self.engine.counters();
        let dropped = counters.malformed_records + counters.unknown + counters.replayed + counters.forged;
        self.counters.records_dropped.set(dropped);
        self.counters.established.set(counters.established);
        self.counters.resumed.set(counters.resumed);
        self.counters.handshakes_refused.set(counters.refused);
        self.counters
            .handshakes_given_up
            .set(counters.timed_out.saturating_add(counters.handshakes_displaced));
        self.counters.displaced.set(counters.sessions_displaced);
        self.counters.moved.set(counters.moved);
        self.counters.sessions.set(self.engine.usage().sessions as u64);
    }

    /// Whose keys changed or went: their sessions end. `true`: there were any.
    fn take_changes(&mut self, cx: &mut Context<'_>) -> bool {
        let changes = self.lookups.changes(cx);
        if !changes.is_empty() {
            self.engine.forget(|peer| changes.iter().any(|change| change.concerns(&peer.identity)));
        }
        !changes.is_empty()
    }

    fn take_answers(&mut self, now: Now, cx: &mut Context<'_>) {
        while let Some((id, answer)) = self.lookups.poll(now, cx) {
            self.engine.handle_result(now, id, &answer);
        }
    }
}

impl Transport for Dtls {
    fn binding(&self) -> Binding {
        self.inner.binding()
    }

    fn is_secure(&self) -> bool {
        true
    }

    fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        if let Some(error) = self.broken.clone() {
            return Poll::Ready(TransportEvent::Closed { error });
        }
        self.now = now;
        if let Some(event) = self.events.pop_front() {
            return Poll::Ready(event);
        }
        self.turns = self.turns.wrapping_add(1);
        if self.turns == 0 {
            // Where the inner transport always has something.
            self.take_changes(cx);
        }
        if self.deadline.is_some_and(|at| at <= now.mono) {
            self.engine.handle_timeout(now);
        }
        for _ in 0..AT_ONCE {
            self.take_answers(now, cx);
            self.take_kept(now, cx);
            // What could not be sent is sent again by the engine.
            self.drain(now, cx).ok();
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            if self.hall.is_due() {
                self.admit(now);
                continue;
            }
            match self.inner.poll_event(now, cx) {
                Poll::Ready(event) => self.on_inner(now, cx, event),
                Poll::Pending if !self.hall.is_empty() => self.admit(now),
                Poll::Pending if self.take_changes(cx) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_send(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        frame: &Bytes,
    ) -> Poll<Result<(), TransportError>> {
        let session = match self.links.get(link).map(|upper| &upper.state) {
            Some(State::Open(session)) => *session,
            Some(_) => return Poll::Pending,
            None => return Poll::Ready(Err(TransportError::Closed)),
        };
        let Some(route) = self.engine.route(session) else {
            return Poll::Ready(Err(TransportError::Closed));
        };
        if self.outbox.is_stalled(route.link, link) {
            return Poll::Pending;
        }
        let sent = self.engine.send(now, session, frame);
        if sent.is_ok() {
            self.note_sent(now, link);
        }
        let drained = self.drain(now, cx);
        if !self.events.is_empty() {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(match sent {
            Ok(()) => drained,
            Err(SendError::Unreserved) => {
                self.mute(link);
                return Poll::Pending;
            }
            Err(SendError::TooLong) => Err(TransportError::TooLarge { size: frame.len() }),
            Err(error) => Err(TransportError::Security { why: error.to_string(), alert: None }),
        })
    }

    fn deadline(&self) -> Option<Mono> {
        let kept = self.keep.as_ref().and_then(Keep::deadline);
        let all = [self.inner.deadline(), self.deadline, self.lookups.deadline(), kept, self.silent_by()];
        all.into_iter().flatten().min()
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        let bad = |why| TransportError::BadTarget { uri: target.uri.clone(), why };
        let credentials = target.credentials.clone().ok_or_else(|| bad("coaps needs keys"))?;
        let suites = suites(&target.suites).ok_or_else(|| bad("none of its cipher suites is known"))?;
        let host = target.server_name.clone().or_else(|| host(&target.uri));
        let inner = self.inner.connect(target)?;
        let resume = self.saved.take(&target.uri, &credentials);
        let connect = Connect { credentials, host, suites, resume };
        let (uri, credentials) = (target.uri.clone(), Arc::clone(&connect.credentials));
        let dialled = Dialled { uri, credentials, binding: connect.binding() };
        let link = self.links.open(inner, connect, dialled);
        self.below.await_up(inner, link);
        Ok(link)
    }

    fn disconnect(&mut self, link: LinkId) {
        let Some(upper) = self.links.remove(link) else { return };
        match upper.state {
            State::Opening { below, .. } => {
                self.below.forget_awaited(below);
                self.unstall(below);
                self.inner.disconnect(below);
            }
            // What the peer is to hear, and the inner link, go at the next turn.
            State::Handshake(session) => {
                self.detach(link, self.engine.route(session));
                self.engine.close(session);
            }
            State::Restoring(session) | State::Open(session) => {
                let route = self.engine.route(session);
                self.detach(link, route);
                self.engine.close(session);
                // The peer forgets it: nobody goes on with a copy, or with a handshake beside it.
                if let Some(dialled) = upper.dialled {
                    route.into_iter().for_each(|route| self.engine.abandon(route));
                    self.forget_kept(&dialled.uri);
                }
            }
        }
    }

    fn keep_sessions(&mut self, store: Arc<dyn SessionStore>) {
        self.keep = Some(Keep::new(store));
    }

    fn fresh(&mut self, link: LinkId) {
        self.on_fresh(link);
    }

    fn adopt(&mut self, stray: Stray) {
        self.inner.adopt(stray);
    }

    fn local_address(&self) -> Option<Address> {
        self.inner.local_address()
    }

    fn counters(&self) -> Option<Arc<TransportCounters>> {
        Some(Arc::clone(&self.counters))
    }
}

impl Drop for Dtls {
    /// Servers are told that we go, unless their sessions are kept. Peers that came to us are not: they may be many.
    fn drop(&mut self) {
        for session in self.links.dialled(self.keep.is_some()) {
            self.engine.close(session);
        }
        let mut nobody = Context::from_waker(std::task::Waker::noop());
        self.drain(self.now, &mut nobody).ok();
    }
}

impl fmt::Debug for Dtls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dtls").field("usage", &self.engine.usage()).finish_non_exhaustive()
    }
}

/// The host that the certificate is for, without the brackets of an address.
fn host(uri: &str) -> Option<String> {
    Some(match Uri::parse(uri).ok()?.host {
        Host::Ip(ip) => ip.to_string(),
        Host::Zoned(ip, _) => ip.to_string(),
        Host::Name(name) => name,
    })
}

/// `None`: some are wanted, and none of them is known.
fn suites(wanted: &[u16]) -> Option<Vec<Suite>> {
    let known: Vec<Suite> = wanted.iter().filter_map(|number| Suite::from_id(*number)).collect();
    (wanted.is_empty() || !known.is_empty()).then_some(known)
}
