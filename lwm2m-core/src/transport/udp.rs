//! CoAP over UDP. [RFC 7252 §3] [Transport 1.2 §6.2]
//!
//! One socket, any number of peers. A link is a remote address and the address of ours that it uses, so that answers
//! leave from where the request came to.

mod client;
mod open;
mod resolve;

use std::{
    array,
    cell::RefCell,
    collections::VecDeque,
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use quinn_udp::{RecvMeta, Transmit, UdpSocketState};
use tokio::{io::Interest, net::UdpSocket};

pub(super) use self::open::{address, claim};
use self::resolve::{Resolved, Resolver};
pub use self::{client::UdpClient, open::UdpOptions};
use super::{
    Links, Remote, Scheme, ShardId, Stray, Target, Transport, TransportCounters, TransportError,
    TransportEvent, Uri, Way, links::Arrival,
};
use crate::{Address, Binding, Endpoints, Identity, Link, LinkId, Mono, Now};

/// Largest datagram, and largest run of datagrams that the system hands over at once.
const LARGEST: usize = 65536;
/// Datagrams that a server takes from the system at once.
const BATCH: usize = 16;
/// How long receiving rests after an error of the operating system.
const REST: Duration = Duration::from_millis(100);
/// Frame sizes to fall back to: MTU 576, two and one frames of a constrained network.
const MTU_STEPS: [usize; 3] = [548, 256, 128];

thread_local! {
    /// Sockets with little traffic share it, so that thousands of them fit in a process.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A UDP socket as transport.
pub struct Udp {
    socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    options: UdpOptions,
    /// Bound to no address in particular: frames say which one they came to.
    wildcard: bool,
    links: Links,
    batch: Vec<u8>,
    chunk: BytesMut,
    events: VecDeque<TransportEvent>,
    resolver: Resolver,
    stalled: bool,
    resting: Option<Mono>,
    counters: Arc<TransportCounters>,
}

impl Udp {
    /// Opens a socket for few peers: `"[::]:0"`, `"192.0.2.1:5683"`, `"coap://[::]:5683"`, `"localhost:5683"`.
    ///
    /// `[::]` stands for IPv6 and IPv4, or for IPv4 alone on a system without IPv6.
    ///
    /// # Errors
    /// The address cannot be parsed, looked up or bound; the text says which and why.
    pub async fn bind(at: &str) -> io::Result<Self> {
        Self::bind_with(at, UdpOptions::default()).await
    }

    /// Opens a socket with these options.
    ///
    /// # Errors
    /// As [`Udp::bind`].
    pub async fn bind_with(at: &str, options: UdpOptions) -> io::Result<Self> {
        Self::open(address(at, 5683).await?, options)
    }

    pub(crate) fn open(at: SocketAddr, options: UdpOptions) -> io::Result<Self> {
        let (socket, state) = open::socket(at, &options)?;
        let local = socket.local_addr()?;
        Ok(Self {
            wildcard: local.ip().is_unspecified(),
            links: Links::new(options.max_links),
            batch: Vec::new(),
            chunk: BytesMut::new(),
            events: VecDeque::new(),
            resolver: Resolver::new(family(local)),
            stalled: false,
            resting: None,
            counters: Arc::default(),
            socket,
            state,
            local,
            options,
        })
    }

    /// The address it is bound to, with the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    fn on_datagram(&mut self, way: Way, frame: Bytes) {
        if !is_host(way.remote) || way.local.is_some_and(is_group) {
            return self.counters.bad_sources.add(1);
        }
        let arrival = self.links.arrival(way);
        self.on_arrival(arrival, way, frame, 0);
    }

    fn on_arrival(&mut self, arrival: Arrival, way: Way, frame: Bytes, hops: u8) {
        let link = match arrival {
            Arrival::Known(link) => {
                self.resolver.heard(link);
                link
            }
            Arrival::New(link) => {
                self.come_up(link, way.remote);
                link
            }
            Arrival::Redirected(shard) => {
                let stray = stray(way, frame, hops.saturating_add(1));
                return self.events.push_back(TransportEvent::Stray { shard, stray });
            }
            Arrival::Refused => return self.counters.refused_links.add(1),
        };
        self.counters.frames_in.add(1);
        self.events.push_back(TransportEvent::Frame { link, frame });
    }

    fn come_up(&mut self, link: LinkId, remote: SocketAddr) {
        let remote =
            Remote { address: Address::Ip(remote), identity: Identity::Unsecured, endpoints: Endpoints::Any };
        self.events.push_back(TransportEvent::Up { link, info: self.options.link, remote });
    }

    /// A connection of ours has its address: what stood there before makes room.
    fn connected(&mut self, link: LinkId, remote: SocketAddr) {
        if let Some(link) = self.links.opened(link, remote) {
            self.events.push_back(TransportEvent::Down { link, error: TransportError::Closed });
        }
        self.come_up(link, remote);
        self.events.push_back(TransportEvent::Writable { link: Some(link) });
    }

    fn take_lookups(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Resolved { link, address }) = self.resolver.poll(cx) {
            match address {
                _ if !self.links.is_opening(link) => {}
                Ok(address) => self.connected(link, address),
                Err(error) => {
                    self.links.remove(link);
                    self.events.push_back(TransportEvent::Down { link, error });
                }
            }
        }
    }

    /// Receives once and queues what came.
    fn receive(&mut self) -> io::Result<()> {
        if self.options.chunk == 0 { self.receive_shared() } else { self.receive_batch() }
    }

    /// Into the thread's scratch, and copied.
    fn receive_shared(&mut self) -> io::Result<()> {
        SCRATCH.with_borrow_mut(|scratch| {
            let scratch = self::scratch(scratch);
            let meta = recv(&self.socket, &self.state, scratch)?;
            let way = self.way_of(&meta);
            for frame in scratch.get(..meta.len).unwrap_or_default().chunks(meta.stride.max(1)) {
                self.on_datagram(way, Bytes::copy_from_slice(frame));
            }
            Ok(())
        })
    }

    /// Several at once, then packed into a chunk of our own that is cut without further copies.
    fn receive_batch(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            // Pages that no frame reaches are never touched.
            self.batch = vec![0; BATCH * LARGEST];
        }
        let mut meta = [RecvMeta::default(); BATCH];
        let mut slots = self.batch.chunks_exact_mut(LARGEST);
        let mut buffers: [_; BATCH] = array::from_fn(|_| IoSliceMut::new(slots.next().unwrap_or_default()));
        let (socket, state) = (&self.socket, &self.state);
        let count =
            socket.try_io(Interest::READABLE, || state.recv(socket.into(), &mut buffers, &mut meta))?;
        let batch = std::mem::take(&mut self.batch);
        for (meta, datagrams) in meta.iter().take(count).zip(batch.chunks_exact(LARGEST)) {
            let way = self.way_of(meta);
            for datagram in datagrams.get(..meta.len).unwrap_or_default().chunks(meta.stride.max(1)) {
                if self.chunk.capacity() < datagram.len() {
                    // Takes the old chunk again if nobody holds a slice of it.
                    self.chunk.reserve(self.options.chunk.max(datagram.len()));
                }
                self.chunk.extend_from_slice(datagram);
                let frame = self.chunk.split().freeze();
                self.on_datagram(way, frame);
            }
        }
        self.batch = batch;
        Ok(())
    }

    fn way_of(&self, meta: &RecvMeta) -> Way {
        if meta.len == 0 {
            self.counters.bad_sources.add(1);
        }
        let remote = SocketAddr::new(meta.addr.ip().to_canonical(), meta.addr.port());
        let remote = match meta.addr {
            SocketAddr::V6(v6) if remote.is_ipv6() && v6.scope_id() != 0 => meta.addr,
            _ => remote,
        };
        let local = if self.wildcard { meta.dst_ip.map(|ip| ip.to_canonical()) } else { None };
        Way { remote, local }
    }

    fn try_send(&self, way: Way, frame: &[u8]) -> io::Result<()> {
        let mapped = self.local.is_ipv6();
        let transmit = Transmit {
            destination: if mapped { map(way.remote) } else { way.remote },
            ecn: None,
            contents: frame,
            segment_size: None,
            src_ip: way.local.map(|ip| if mapped { map_ip(ip) } else { ip }),
        };
        self.socket.try_io(Interest::WRITABLE, || self.state.try_send((&self.socket).into(), &transmit))
    }

    fn too_large(&mut self, link: LinkId, size: usize) -> TransportError {
        if let Some(mtu) = smaller_mtu(self.links.mtu(link), size) {
            self.links.set_mtu(link, u16::try_from(mtu).unwrap_or(u16::MAX));
            let info = Link { mtu, ..self.options.link };
            self.events.push_back(TransportEvent::Changed { link, info });
        }
        TransportError::TooLarge { size }
    }
}

impl Transport for Udp {
    fn binding(&self) -> Binding {
        Binding::Udp
    }

    fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        self.take_lookups(cx);
        self.links.pass_time(now.mono);
        if self.stalled && self.socket.poll_send_ready(cx).is_ready() {
            self.stalled = false;
            self.events.push_back(TransportEvent::Writable { link: None });
        }
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            if self.resting.is_some_and(|until| now.mono < until) {
                return Poll::Pending;
            }
            self.resting = None;
            let received = match self.receive() {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => ready!(self.socket.poll_recv_ready(cx)),
                received => received,
            };
            if let Err(error) = received {
                self.counters.receive_errors.add(1);
                if is_of_one_peer(&error) {
                    continue;
                }
                tracing::warn!(target: "lwm2m::transport", local = %self.local, %error, "receiving failed");
                self.resting = Some(now.mono.after(REST));
            }
        }
    }

    fn poll_send(
        &mut self,
        _now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        frame: &Bytes,
    ) -> Poll<Result<(), TransportError>> {
        let Some(way) = self.links.way(link) else {
            let opening = self.links.is_opening(link);
            return if opening { Poll::Pending } else { Poll::Ready(Err(TransportError::Closed)) };
        };
        loop {
            match self.try_send(way, frame) {
                Ok(()) => return Poll::Ready(Ok(())),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    if self.socket.poll_send_ready(cx)?.is_pending() {
                        self.stalled = true;
                        return Poll::Pending;
                    }
                }
                Err(e) if quinn_udp::is_msg_size_err(&e) => {
                    return Poll::Ready(Err(self.too_large(link, frame.len())));
                }
                Err(e) => return Poll::Ready(Err(e.into())),
            }
        }
    }

    fn deadline(&self) -> Option<Mono> {
        self.resting
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        let uri = Uri::parse(&target.uri)?;
        let bad = |why| TransportError::BadTarget { uri: target.uri.clone(), why };
        if uri.scheme != Scheme::Coap && uri.scheme != Scheme::Coaps {
            return Err(bad("the scheme is not one of UDP"));
        }
        match uri.socket_addr() {
            Some(address) => {
                let address = self.resolver.usable(address).map_err(bad)?;
                let link = self.links.open().ok_or(TransportError::Overflow)?;
                self.connected(link, address);
                Ok(link)
            }
            None => {
                let link = self.links.open().ok_or(TransportError::Overflow)?;
                if let Err(error) = self.resolver.start(link, &uri) {
                    self.links.remove(link);
                    return Err(error);
                }
                Ok(link)
            }
        }
    }

    fn disconnect(&mut self, link: LinkId) {
        self.links.remove(link);
        self.resolver.stop(link);
    }

    fn adopt(&mut self, stray: Stray) {
        let Address::Ip(remote) = stray.from else { return };
        let local = match stray.to {
            Some(Address::Ip(local)) if self.wildcard => Some(local.ip()),
            _ => None,
        };
        let way = Way { remote, local };
        let arrival = self.links.adoption(way, stray.hops);
        self.on_arrival(arrival, way, stray.frame, stray.hops);
    }

    fn redirect(&mut self, link: LinkId, shard: ShardId, frame: Bytes) -> Option<Stray> {
        self.links.redirect(link, shard).map(|way| stray(way, frame, 0))
    }

    fn hand_over(&mut self, link: LinkId, frame: Bytes) -> Option<Stray> {
        self.links.way(link).map(|way| stray(way, frame, 0))
    }

    fn local_address(&self) -> Option<Address> {
        Some(Address::Ip(self.local))
    }

    fn counters(&self) -> Option<Arc<TransportCounters>> {
        Some(Arc::clone(&self.counters))
    }
}

fn recv(socket: &UdpSocket, state: &UdpSocketState, into: &mut [u8]) -> io::Result<RecvMeta> {
    let mut meta = [RecvMeta::default()];
    socket
        .try_io(Interest::READABLE, || state.recv(socket.into(), &mut [IoSliceMut::new(into)], &mut meta))?;
    let [meta] = meta;
    Ok(meta)
}

/// Windows tells on receiving that an earlier frame reached nobody. No reason to rest: anyone can cause it.
fn is_of_one_peer(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused)
}

/// The thread's scratch, made when it is needed first.
fn scratch(buffer: &mut Vec<u8>) -> &mut [u8] {
    if buffer.is_empty() {
        buffer.resize(LARGEST, 0);
    }
    buffer
}

/// The next smaller frame size, after a frame of this size did not fit.
fn smaller_mtu(known: usize, size: usize) -> Option<usize> {
    MTU_STEPS.into_iter().find(|step| *step < known.min(size))
}

fn stray(way: Way, frame: Bytes, hops: u8) -> Stray {
    let to = way.local.map(|ip| Address::Ip(SocketAddr::new(ip, 0)));
    Stray { from: Address::Ip(way.remote), to, frame, hops }
}

/// Can a single host answer there?
fn is_host(address: SocketAddr) -> bool {
    address.port() != 0 && !address.ip().is_unspecified() && !is_group(address.ip())
}

fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || matches!(ip, IpAddr::V4(v4) if v4.is_broadcast())
}

fn map(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) => SocketAddr::from((v4.ip().to_ipv6_mapped(), v4.port())),
        SocketAddr::V6(_) => address,
    }
}

fn map_ip(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(v4) => IpAddr::V6(v4.to_ipv6_mapped()),
        IpAddr::V6(_) => ip,
    }
}

/// Which addresses a socket can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    V4,
    V6,
    Both,
}

fn family(local: SocketAddr) -> Family {
    match local {
        SocketAddr::V4(_) => Family::V4,
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => Family::Both,
        SocketAddr::V6(_) => Family::V6,
    }
}
