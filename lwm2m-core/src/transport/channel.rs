//! A transport whose other end is an ordinary task: an SMS modem, a non-IP bearer, a test.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use slab::Slab;
use tokio::sync::mpsc;

use super::{Remote, Target, Transport, TransportCounters, TransportError, TransportEvent, Uri};
use crate::{Address, Binding, Endpoints, Identity, Link, LinkId, Now};

/// Frames that wait, each way. Then the side that sends waits.
const WAITING: usize = 64;
/// Peers at a time; a carrier hands over whatever source its network names.
const MAX_LINKS: usize = 65_536;

type Reserve = Pin<Box<dyn Future<Output = Option<mpsc::OwnedPermit<Outgoing>>> + Send>>;

/// A transport, and the end of it that carries the frames. Links come up with the first frame of a peer, or when the
/// machine connects to `tel:+4915112345678` (SMS), to a name (non-IP), or to an address.
#[must_use]
pub fn channel(binding: Binding, info: Link) -> (Channel, Carrier) {
    let (out, outgoing) = mpsc::channel(WAITING);
    let (incoming, news) = mpsc::channel(WAITING);
    let channel = Channel {
        binding,
        info,
        out,
        news,
        room: None,
        reserve: None,
        slots: Slab::new(),
        generation: 0,
        by_address: HashMap::new(),
        events: VecDeque::new(),
        counters: Arc::default(),
    };
    (channel, Carrier { outgoing, incoming })
}

/// A frame to carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub to: Address,
    /// The whole frame.
    pub frame: Bytes,
}

enum News {
    Frame(Address, Bytes),
    Unreachable(Address, TransportError),
}

/// The end of a [`channel`] that carries the frames.
#[derive(Debug)]
pub struct Carrier {
    outgoing: mpsc::Receiver<Outgoing>,
    incoming: mpsc::Sender<News>,
}

impl Carrier {
    /// The next frame to carry. `None`: the transport is gone.
    pub async fn next(&mut self) -> Option<Outgoing> {
        self.outgoing.recv().await
    }

    /// Hands over a frame that came from there; waits while 64 others wait.
    ///
    /// # Errors
    /// [`TransportError::Closed`]: the transport is gone.
    pub async fn deliver(&self, from: Address, frame: Bytes) -> Result<(), TransportError> {
        self.tell(News::Frame(from, frame)).await
    }

    /// Says that a peer cannot be reached: its link goes down.
    ///
    /// # Errors
    /// [`TransportError::Closed`]: the transport is gone.
    pub async fn unreachable(&self, peer: Address, why: TransportError) -> Result<(), TransportError> {
        self.tell(News::Unreachable(peer, why)).await
    }

    async fn tell(&self, news: News) -> Result<(), TransportError> {
        self.incoming.send(news).await.map_err(|_| TransportError::Closed)
    }
}

impl std::fmt::Debug for News {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Frame(from, frame) => write!(f, "Frame({from}, {} octets)", frame.len()),
            Self::Unreachable(peer, why) => write!(f, "Unreachable({peer}, {why})"),
        }
    }
}

/// The transport end of a [`channel`].
pub struct Channel {
    binding: Binding,
    info: Link,
    out: mpsc::Sender<Outgoing>,
    news: mpsc::Receiver<News>,
    /// Room for one frame, reserved while links waited.
    room: Option<mpsc::OwnedPermit<Outgoing>>,
    reserve: Option<Reserve>,
    slots: Slab<Slot>,
    /// Counts up over all slots: no name is used twice in 2³² links.
    generation: u32,
    by_address: HashMap<Address, LinkId>,
    events: VecDeque<TransportEvent>,
    counters: Arc<TransportCounters>,
}

struct Slot {
    generation: u32,
    address: Address,
}

impl Channel {
    fn link_to(&mut self, address: Address) -> Option<LinkId> {
        if let Some(link) = self.by_address.get(&address) {
            return Some(*link);
        }
        if self.slots.len() >= MAX_LINKS {
            return None;
        }
        self.generation = self.generation.wrapping_add(1);
        let slot = Slot { generation: self.generation, address: address.clone() };
        let index = u32::try_from(self.slots.insert(slot)).ok()?;
        let link = LinkId { index, generation: self.generation };
        self.by_address.insert(address.clone(), link);
        let remote = Remote { address, identity: Identity::Unsecured, endpoints: Endpoints::Any };
        self.events.push_back(TransportEvent::Up { link, info: self.info, remote });
        Some(link)
    }

    fn remove(&mut self, link: LinkId) {
        let index = link.index as usize;
        if self.slots.get(index).is_some_and(|slot| slot.generation == link.generation) {
            let slot = self.slots.remove(index);
            self.by_address.remove(&slot.address);
        }
    }

    fn on_news(&mut self, news: News) {
        match news {
            News::Frame(from, frame) => match self.link_to(from) {
                Some(link) => {
                    self.counters.frames_in.add(1);
                    self.events.push_back(TransportEvent::Frame { link, frame });
                }
                None => self.counters.refused_links.add(1),
            },
            News::Unreachable(peer, error) => {
                if let Some(link) = self.by_address.get(&peer).copied() {
                    self.remove(link);
                    self.events.push_back(TransportEvent::Down { link, error });
                }
            }
        }
    }

    fn address(&self, target: &Target) -> Result<Address, TransportError> {
        let uri = target.uri.as_str();
        let bad = |why| TransportError::BadTarget { uri: uri.to_owned(), why };
        match self.binding {
            Binding::Sms => {
                let number = uri.strip_prefix("tel:").or_else(|| uri.strip_prefix("sms:"));
                let number =
                    number.ok_or_else(|| bad("a telephone number such as tel:+4915112345678 is expected"))?;
                let digits = number.strip_prefix('+').unwrap_or(number);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(bad("the telephone number has something else than digits"));
                }
                Ok(Address::Msisdn(number.to_owned()))
            }
            Binding::NonIp if uri.is_empty() => Err(bad("the name is empty")),
            Binding::NonIp => Ok(Address::NonIp(uri.to_owned())),
            Binding::Udp | Binding::Tcp => {
                let address: Option<SocketAddr> = Uri::parse(uri)?.socket_addr();
                address.map(Address::Ip).ok_or_else(|| bad("names are not looked up here"))
            }
        }
    }

    /// Room for one frame.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Option<mpsc::OwnedPermit<Outgoing>>> {
        if let Some(room) = self.room.take() {
            return Poll::Ready(Some(room));
        }
        if self.reserve.is_none() {
            match self.out.clone().try_reserve_owned() {
                Ok(room) => return Poll::Ready(Some(room)),
                Err(mpsc::error::TrySendError::Closed(_)) => return Poll::Ready(None),
                Err(mpsc::error::TrySendError::Full(out)) => {
                    self.reserve = Some(Box::pin(async move { out.reserve_owned().await.ok() }));
                }
            }
        }
        let room = self.reserve.as_mut().map_or(Poll::Ready(None), |reserve| reserve.as_mut().poll(cx));
        if room.is_ready() {
            self.reserve = None;
        }
        room
    }
}

impl Transport for Channel {
    fn binding(&self) -> Binding {
        self.binding
    }

    fn poll_event(&mut self, _now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent> {
        if self.reserve.is_some()
            && let Poll::Ready(Some(room)) = self.poll_room(cx)
        {
            self.room = Some(room);
            self.events.push_back(TransportEvent::Writable { link: None });
        }
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            match self.news.poll_recv(cx) {
                Poll::Ready(Some(news)) => self.on_news(news),
                Poll::Ready(None) => {
                    return Poll::Ready(TransportEvent::Closed { error: TransportError::Closed });
                }
                Poll::Pending => return Poll::Pending,
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
        let slot = self.slots.get(link.index as usize).filter(|slot| slot.generation == link.generation);
        let Some(to) = slot.map(|slot| slot.address.clone()) else {
            return Poll::Ready(Err(TransportError::Closed));
        };
        self.poll_room(cx).map(|room| match room {
            Some(room) => {
                room.send(Outgoing { to, frame: frame.clone() });
                Ok(())
            }
            None => Err(TransportError::Closed),
        })
    }

    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError> {
        let address = self.address(target)?;
        if let Some(link) = self.by_address.get(&address).copied() {
            self.remove(link);
            self.events.push_back(TransportEvent::Down { link, error: TransportError::Closed });
        }
        self.link_to(address).ok_or(TransportError::Overflow)
    }

    fn disconnect(&mut self, link: LinkId) {
        self.remove(link);
    }

    fn counters(&self) -> Option<Arc<TransportCounters>> {
        Some(Arc::clone(&self.counters))
    }
}
