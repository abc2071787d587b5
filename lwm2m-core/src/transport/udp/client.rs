//! UDP for those that only connect: a socket of its own for every link.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{io::Interest, net::UdpSocket};

use super::{Family, Resolved, Resolver, SCRATCH, family, scratch, smaller_mtu};
use crate::{
    Address, Binding, BoxFuture, Endpoints, Identity, Link, LinkId, Now,
    transport::{Remote, Scheme, Target, Transport, TransportCounters, TransportError, TransportEvent, Uri},
};

/// Links at a time: the application opens each.
const MAX_LINKS: usize = 1024;

/// CoAP over UDP for clients: every link is a connected socket, opened when the machine connects.
///
/// The system drops what comes from anywhere else, says at once when nobody listens at an address that has never
/// answered (then the link goes down and the next address of the name is tried; where somebody has answered before, it
/// stays and [`TransportEvent::Failed`] tells), and a link that is opened anew uses the network that is there now. Use [`Udp`](super::Udp) for one fixed port, or to be found by unknown peers.
pub struct UdpClient {
    from: Option<SocketAddr>,
    info: Link,
    connections: Vec<Option<Connection>>,
    /// Counts up over all slots: no name is used twice in 2³² links.
    generation: u32,
    /// Who is asked first next time.
    turn: usize,
    resolver: Resolver,
    events: VecDeque<TransportEvent>,
    counters: Arc<TransportCounters>,
}

struct Connection {
    generation: u32,
    /// `None` while its name is looked up.
    socket: Option<Arc<UdpSocket>>,
    /// Waits for an ICMP error, until something was heard: readiness for reading does not tell it.
    watch: Option<BoxFuture<'static, ()>>,
    heard: bool,
    /// What the system said of an earlier frame, to be told.
    refused: Option<io::Error>,
    stalled: bool,
    mtu: usize,
}

impl Default for UdpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl UdpClient {
    /// From whatever address and port the system chooses.
    #[must_use]
    pub fn new() -> Self {
        Self {
            from: None,
            info: Link::default(),
            connections: Vec::new(),
            generation: 0,
            turn: 0,
            resolver: Resolver::new(Family::Both),
            events: VecDeque::new(),
            counters: Arc::default(),
        }
    }

    /// From this address; port 0: one that the system chooses.
    #[must_use]
    pub fn local(mut self, local: SocketAddr) -> Self {
        self.from = Some(local);
        let any = local.ip().is_unspecified();
        self.resolver = Resolver::new(if any { Family::Both } else { family(local) });
        self
    }

    /// What its links are told to be, e.g. with the timers of NB-IoT.
    #[must_use]
    pub fn link(mut self, info: Link) -> Self {
        self.info = info;
        self
    }

    fn open(&mut self) -> Option<LinkId> {
        let vacant = self.connections.iter().position(Option::is_none);
        let position = vacant.unwrap_or(self.connections.len());
        if position >= MAX_LINKS {
            return None;
        }
        self.generation = self.generation.wrapping_add(1);
        let generation = self.generation;
        let connection = Connection {
            generation,
            socket: None,
            watch: None,
            heard: false,
            refused: None,
            stalled: false,
            mtu: self.info.mtu,
        };
        match self.connections.get_mut(position) {
            Some(place) => *place = Some(connection),
            None => self.connections.push(Some(connection)),
        }
        Some(LinkId { index: u32::try_from(position).ok()?, generation })
    }

    fn connection(&mut self, link: LinkId) -> Option<&mut Connection> {
        let place = self.connections.get_mut(link.index as usize)?;
        place.as_mut().filter(|connection| connection.generation == link.generation)
    }

    fn remove(&mut self, link: LinkId) {
        if self.connection(link).is_some()
            && let Some(place) = self.connections.get_mut(link.index as usize)
        {
            *place = None;
        }
        self.resolver.stop(link);
    }

    fn down(&mut self, link: LinkId, error: TransportError) {
        self.remove(link);
        self.events.push_back(TransportEvent::Down { link, error });
    }

    fn connected(&mut self, link: LinkId, remote: SocketAddr) {
        let (from, info) = (self.from, self.info);
        let Some(connection) = self.connection(link) else { return };
        match socket(from, remote) {
            Ok(socket) => connection.start(Arc::new(socket)),
            Err(error) => return self.down(link, error.into()),
        }
        let remote =
            Remote { address: Address::Ip(remote), identity: Identity::Unsecured, endpoints: Endpoints::Any };
        self.events.push_back(TransportEvent::Up { link, info, remote });
        self.events.push_back(TransportEvent::Writable { link: Some(link) });
    }

    fn take_lookups(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Resolved { link, address }) = self.resolver.poll(cx) {
            match address {
                Ok(remote) => self.connected(link, remote),
                Err(error) => self.down(link, error),
            }
        }
    }

    /// Every connection in turn, until one has something to say.
    fn poll_connections(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let count = self.connections.len();
        for _ in 0..count {
            self.turn = (self.turn + 1) % count.max(1);
            let Some(Some(connection)) = self.connections.get_mut(self.turn) else { continue };
            let Ok(index) = u32::try_from(self.turn) else { continue };
            let link = LinkId { index, generation: connection.generation };
            if let Poll::Ready(event) = connection.poll(cx, link) {
                match event {
                    Ok(event) => {
                        if matches!(event, TransportEvent::Frame { .. }) {
                            self.counters.frames_in.add(1);
                            self.resolver.heard(link);
                        }
                        self.events.push_back(event);
                    }
                    Err(error) => self.on_error(link, error),
                }
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }

    /// Where somebody has answered before, an error may be a restart of the server, or forged: messages are sent
    /// again, and time-outs decide. Elsewhere it is the answer.
    fn on_error(&mut self, link: LinkId, error: io::Error) {
        self.counters.receive_errors.add(1);
        self.failed(link, error.into());
    }

    fn failed(&mut self, link: LinkId, error: TransportError) {
        match self.connection(link).map(|connection| connection.heard) {
            Some(true) => self.events.push_back(TransportEvent::Failed { link, error }),
            Some(false) => self.down(link, error),
            None => {}
        }
    }
}

impl Connection {
    fn start(&mut self, socket: Arc<UdpSocket>) {
        let watched = Arc::clone(&socket);
        self.watch = Some(Box::pin(async move {
            watched.ready(Interest::ERROR).await.ok();
        }));
        self.socket = Some(socket);
    }

    fn poll(&mut self, cx: &mut Context<'_>, link: LinkId) -> Poll<io::Result<TransportEvent>> {
        let Some(socket) = &self.socket else { return Poll::Pending };
        if let Some(watch) = &mut self.watch
            && watch.as_mut().poll(cx).is_ready()
        {
            self.watch = None;
            if let Some(error) = socket.take_error()? {
                return Poll::Ready(Err(error));
            }
        }
        if self.stalled && socket.poll_send_ready(cx).is_ready() {
            self.stalled = false;
            return Poll::Ready(Ok(TransportEvent::Writable { link: Some(link) }));
        }
        loop {
            let received = SCRATCH.with_borrow_mut(|buffer| {
                let buffer = scratch(buffer);
                let len = socket.try_recv(buffer)?;
                Ok(Bytes::copy_from_slice(buffer.get(..len).unwrap_or_default()))
            });
            match received {
                Ok(frame) if frame.is_empty() => {}
                Ok(frame) => {
                    self.heard = true;
                    self.watch = None;
                    return Poll::Ready(Ok(TransportEvent::Frame { link, frame }));
                }
                Err(error) if would_block(&error) => match socket.poll_recv_ready(cx) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => return Poll::Pending,
                },
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_send(&mut self, cx: &mut Context<'_>, frame: &[u8]) -> Poll<io::Result<()>> {
        let Some(socket) = &self.socket else { return Poll::Pending };
        let mut again = self.heard;
        loop {
            match socket.try_send(frame) {
                Ok(_) => return Poll::Ready(Ok(())),
                Err(error) if would_block(&error) => {
                    if socket.poll_send_ready(cx)?.is_pending() {
                        self.stalled = true;
                        return Poll::Pending;
                    }
                }
                // The error of an earlier frame, told now: this one has not been sent yet.
                Err(error) if again && error.kind() == io::ErrorKind::ConnectionRefused => {
                    (again, self.refused) = (false, Some(error));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl Transport for UdpClient {
    fn binding(&self) -> Binding {
        Binding::Udp
    }

    fn poll_event(&mut self, _now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        self.take_lookups(cx);
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            if self.poll_connections(cx).is_pending() {
                return Poll::Pending;
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
        let Some(connection) = self.connection(link) else {
            return Poll::Ready(Err(TransportError::Closed));
        };
        let mtu = connection.mtu;
        let sent = connection.poll_send(cx, frame);
        if let Some(error) = connection.refused.take() {
            self.on_error(link, error);
        }
        let Poll::Ready(sent) = sent else { return Poll::Pending };
        Poll::Ready(match sent {
            Ok(()) => Ok(()),
            Err(error) if quinn_udp::is_msg_size_err(&error) => {
                if let (Some(mtu), Some(connection)) = (smaller_mtu(mtu, frame.len()), self.connection(link))
                {
                    connection.mtu = mtu;
                    let info = Link { mtu, ..self.info };
                    self.events.push_back(TransportEvent::Changed { link, info });
                }
                Err(TransportError::TooLarge { size: frame.len() })
            }
            Err(error) => {
                let error = TransportError::from(error);
                self.failed(link, error.clone());
                Err(error)
            }
        })
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        let uri = Uri::parse(&target.uri)?;
        let bad = |why| TransportError::BadTarget { uri: target.uri.clone(), why };
        if uri.scheme != Scheme::Coap && uri.scheme != Scheme::Coaps {
            return Err(bad("the scheme is not one of UDP"));
        }
        let address =
            uri.socket_addr().map(|address| self.resolver.usable(address).map_err(bad)).transpose()?;
        let link = self.open().ok_or(TransportError::Overflow)?;
        match address {
            Some(address) => self.connected(link, address),
            None => {
                if let Err(error) = self.resolver.start(link, &uri) {
                    self.remove(link);
                    return Err(error);
                }
            }
        }
        Ok(link)
    }

    fn disconnect(&mut self, link: LinkId) {
        self.remove(link);
    }

    fn counters(&self) -> Option<Arc<TransportCounters>> {
        Some(Arc::clone(&self.counters))
    }
}

fn socket(from: Option<SocketAddr>, to: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(to), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if let Some(from) = from {
        socket.bind(&same_family(from, to).into())?;
    }
    socket.connect(&to.into())?;
    UdpSocket::from_std(socket.into())
}

/// "Any address" of IPv6 stands for that of IPv4 too.
fn same_family(from: SocketAddr, to: SocketAddr) -> SocketAddr {
    if from.ip().is_unspecified() && from.is_ipv4() != to.is_ipv4() {
        let any: IpAddr = if to.is_ipv4() { [0, 0, 0, 0].into() } else { [0; 16].into() };
        return SocketAddr::new(any, from.port());
    }
    from
}

fn would_block(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}
