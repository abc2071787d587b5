//! Simulated UDP sockets: for machines, and for tests that speak themselves.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use super::{
    Inner, Net,
    world::{Got, Sent, SocketKey},
};
use crate::{
    Address, Binding, Endpoints, Identity, Link, LinkId, Now,
    transport::{
        Arrival, Host as UriHost, Links, Remote, Scheme, ShardId, Stray, Target, Transport, TransportError,
        TransportEvent, Uri, Way,
    },
};

/// Links of one simulated socket.
const MAX_LINKS: usize = 4_000_000;

/// What sockets have in common.
struct Socket {
    /// Not the network itself: sockets stand inside of it.
    net: Weak<Inner>,
    key: SocketKey,
    local: SocketAddr,
}

impl Socket {
    fn open(net: &Net, host: u32, port: u16) -> Self {
        let (key, local) = net.world().open(host, port);
        Self { net: Arc::downgrade(&net.0), key, local }
    }

    fn net(&self) -> Option<Net> {
        self.net.upgrade().map(Net)
    }

    fn send(&self, to: SocketAddr, frame: &Bytes) -> Sent {
        self.net().map_or(Sent::Closed, |net| net.world().send(self.key, to, frame))
    }

    fn receive(&self, waker: &Waker) -> Got {
        self.net().map_or(Got::Closed, |net| net.world().receive(self.key, waker))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Some(net) = self.net() {
            net.world().close(self.key);
        }
    }
}

/// A simulated UDP socket as transport.
pub struct SimUdp {
    socket: Socket,
    info: Link,
    links: Links,
    events: VecDeque<TransportEvent>,
    /// Links whose wire took no frame.
    stalled: Vec<LinkId>,
}

impl SimUdp {
    pub(super) fn new(net: &Net, host: u32, port: u16) -> Self {
        Self {
            socket: Socket::open(net, host, port),
            info: Link::default(),
            links: Links::new(MAX_LINKS),
            events: VecDeque::new(),
            stalled: Vec::new(),
        }
    }

    /// What its links are told to be.
    #[must_use]
    pub fn link(mut self, info: Link) -> Self {
        self.info = info;
        self
    }

    /// Where it can be reached, unless behind a NAT.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.socket.local
    }

    fn on_frame(&mut self, arrival: Arrival, way: Way, frame: Bytes, hops: u8) {
        let link = match arrival {
            Arrival::Known(link) => link,
            Arrival::New(link) => {
                self.come_up(link, way.remote);
                link
            }
            Arrival::Redirected(shard) => {
                let hops = hops.saturating_add(1);
                let stray = Stray { from: Address::Ip(way.remote), to: None, frame, hops };
                return self.events.push_back(TransportEvent::Stray { shard, stray });
            }
            Arrival::Refused => return,
        };
        self.events.push_back(TransportEvent::Frame { link, frame });
    }

    fn come_up(&mut self, link: LinkId, remote: SocketAddr) {
        let remote =
            Remote { address: Address::Ip(remote), identity: Identity::Unsecured, endpoints: Endpoints::Any };
        self.events.push_back(TransportEvent::Up { link, info: self.info, remote });
    }

    fn resolve(&self, target: &Target) -> Result<SocketAddr, TransportError> {
        let uri = Uri::parse(&target.uri)?;
        let bad = |why| TransportError::BadTarget { uri: target.uri.clone(), why };
        if !matches!(uri.scheme, Scheme::Coap | Scheme::Coaps) {
            return Err(bad("the scheme is not one of UDP"));
        }
        let ip = match &uri.host {
            UriHost::Ip(ip @ IpAddr::V4(_)) => *ip,
            UriHost::Ip(_) | UriHost::Zoned(..) => return Err(bad("the simulated network has IPv4 only")),
            UriHost::Name(name) => {
                let found = self.socket.net().and_then(|net| net.world().lookup(name));
                found.ok_or_else(|| TransportError::Unresolved(name.clone()))?
            }
        };
        Ok(SocketAddr::new(ip, uri.port))
    }
}

impl Transport for SimUdp {
    fn binding(&self) -> Binding {
        Binding::Udp
    }

    fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        self.links.pass_time(now.mono);
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            match self.socket.receive(cx.waker()) {
                Got::Frame(remote, frame) => {
                    let way = Way { remote, local: None };
                    let arrival = self.links.arrival(way);
                    self.on_frame(arrival, way, frame, 0);
                }
                Got::Unstalled => {
                    let writable = |link| TransportEvent::Writable { link: Some(link) };
                    self.events.extend(self.stalled.drain(..).map(writable));
                }
                Got::Nothing => return Poll::Pending,
                Got::Closed => return Poll::Ready(TransportEvent::Closed { error: TransportError::Closed }),
            }
        }
    }

    fn poll_send(
        &mut self,
        _now: Now,
        _cx: &mut Context<'_>,
        link: LinkId,
        frame: &Bytes,
    ) -> Poll<Result<(), TransportError>> {
        let Some(way) = self.links.way(link) else { return Poll::Ready(Err(TransportError::Closed)) };
        match self.socket.send(way.remote, frame) {
            Sent::Done => Poll::Ready(Ok(())),
            Sent::Closed => Poll::Ready(Err(TransportError::Closed)),
            Sent::Failed => {
                let error = TransportError::from(io::Error::other("this wire fails"));
                self.events.push_back(TransportEvent::Failed { link, error: error.clone() });
                Poll::Ready(Err(error))
            }
            Sent::TooLarge(mtu) => {
                let info = Link { mtu: mtu.min(self.info.mtu), ..self.info };
                self.events.push_back(TransportEvent::Changed { link, info });
                Poll::Ready(Err(TransportError::TooLarge { size: frame.len() }))
            }
            Sent::Stalled => {
                if !self.stalled.contains(&link) {
                    self.stalled.push(link);
                }
                Poll::Pending
            }
        }
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        let resolved = self.resolve(target);
        if let Err(error @ TransportError::BadTarget { .. }) = resolved {
            return Err(error);
        }
        let link = self.links.open().ok_or(TransportError::Overflow)?;
        match resolved {
            Ok(remote) => {
                if let Some(link) = self.links.opened(link, remote) {
                    self.events.push_back(TransportEvent::Down { link, error: TransportError::Closed });
                }
                self.come_up(link, remote);
            }
            // As over real sockets: looked up after this has returned.
            Err(error) => {
                self.links.remove(link);
                self.events.push_back(TransportEvent::Down { link, error });
            }
        }
        Ok(link)
    }

    fn disconnect(&mut self, link: LinkId) {
        self.links.remove(link);
        self.stalled.retain(|stalled| *stalled != link);
    }

    fn adopt(&mut self, stray: Stray) {
        let Address::Ip(remote) = stray.from else { return };
        let way = Way { remote, local: None };
        let arrival = self.links.adoption(way, stray.hops);
        self.on_frame(arrival, way, stray.frame, stray.hops);
    }

    fn redirect(&mut self, link: LinkId, shard: ShardId, frame: Bytes) -> Option<Stray> {
        let way = self.links.redirect(link, shard)?;
        Some(Stray { from: Address::Ip(way.remote), to: None, frame, hops: 0 })
    }

    fn hand_over(&mut self, link: LinkId, frame: Bytes) -> Option<Stray> {
        let way = self.links.way(link)?;
        Some(Stray { from: Address::Ip(way.remote), to: None, frame, hops: 0 })
    }

    fn local_address(&self) -> Option<Address> {
        Some(Address::Ip(self.socket.local))
    }
}

/// A simulated UDP socket for a test that speaks itself: a scripted peer, a prober of bad input.
pub struct RawUdp {
    socket: Socket,
    received: AtomicUsize,
}

impl RawUdp {
    pub(super) fn new(net: &Net, host: u32, port: u16) -> Self {
        Self { socket: Socket::open(net, host, port), received: AtomicUsize::new(0) }
    }

    /// Where it can be reached, unless behind a NAT.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.socket.local
    }

    /// Sends a datagram. Stalled and failing wires lose it.
    pub fn send(&self, to: SocketAddr, frame: impl Into<Bytes>) {
        self.socket.send(to, &frame.into());
    }

    /// The next datagram and its source. Waits for ever after a crash of the host.
    pub async fn recv(&self) -> (SocketAddr, Bytes) {
        poll_fn(|cx| self.take(cx.waker()).map_or(Poll::Pending, Poll::Ready)).await
    }

    /// The next datagram and its source, if one waits.
    pub fn try_recv(&self) -> Option<(SocketAddr, Bytes)> {
        self.take(Waker::noop())
    }

    /// How many have come, those included that wait.
    #[must_use]
    pub fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
            + self.socket.net().map_or(0, |net| net.world().waiting(self.socket.key))
    }

    fn take(&self, waker: &Waker) -> Option<(SocketAddr, Bytes)> {
        loop {
            match self.socket.receive(waker) {
                Got::Frame(from, frame) => {
                    self.received.fetch_add(1, Ordering::Relaxed);
                    return Some((from, frame));
                }
                Got::Unstalled => {}
                Got::Nothing | Got::Closed => return None,
            }
        }
    }
}
