//! Carriers of CoAP frames.

#[cfg(feature = "tokio")]
mod channel;
mod counters;
#[cfg(all(feature = "tokio", feature = "dtls"))]
mod dtls;
#[cfg(feature = "tokio")]
mod links;
#[cfg(feature = "tokio")]
mod listen;
#[cfg(feature = "tokio")]
mod udp;
mod uri;

#[cfg(all(feature = "tokio", feature = "dtls"))]
pub use self::dtls::Dtls;
#[cfg(feature = "test-util")]
pub(crate) use self::links::Arrival;
#[cfg(feature = "tokio")]
pub use self::{
    channel::{Carrier, Channel, Outgoing, channel},
    listen::Listen,
    udp::{Udp, UdpClient, UdpOptions},
};
#[cfg(feature = "tokio")]
pub(crate) use self::{
    counters::Count,
    links::{Links, Way},
};
pub use self::{
    counters::TransportCounters,
    uri::{Host, Scheme, Uri},
};

use std::{
    io,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use crate::{
    Address, Binding, Credentials, Endpoints, Identity, Link, LinkId, Mono, Now, Secret,
    security::SessionStore,
};

/// Carries whole CoAP frames. Dyn-compatible, polled by one driver, cancel-safe, without a future per frame.
pub trait Transport: Send + 'static {
    /// Which binding this is.
    fn binding(&self) -> Binding;

    /// Does it serve `coaps` targets?
    fn is_secure(&self) -> bool {
        false
    }

    /// The next event. Frames from port 0, broadcast and multicast sources are dropped in here.
    fn poll_event(&mut self, now: Now, cx: &mut Context<'_>) -> Poll<TransportEvent>;

    /// Sends one frame. `Pending` and errors concern this link alone; after `Pending`, try again when
    /// [`TransportEvent::Writable`] names it.
    fn poll_send(
        &mut self,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        frame: &Bytes,
    ) -> Poll<Result<(), TransportError>>;

    /// When [`Transport::poll_event`] must be called even if nothing arrives.
    fn deadline(&self) -> Option<Mono> {
        None
    }

    /// Starts a connection; `Up` or `Down` follows.
    ///
    /// # Errors
    /// The target cannot be of this transport, or there is no room for another link.
    fn connect(&mut self, target: &Target) -> Result<LinkId, TransportError>;

    /// Closes a link. No event follows.
    fn disconnect(&mut self, link: LinkId);

    /// From now on, sessions of connections that are begun here are kept over a restart, where the transport has any.
    fn keep_sessions(&mut self, store: Arc<dyn SessionStore>) {
        let _ = store;
    }

    /// The peer of a [restored](TransportEvent::Restored) link has answered something that was sent since: what it had sent
    /// before is not taken any more.
    fn fresh(&mut self, link: LinkId) {
        let _ = link;
    }

    /// Takes a datagram that reached another shard's socket, as if it had come to this one.
    fn adopt(&mut self, stray: Stray) {
        let _ = stray;
    }

    /// This frame belongs to another shard. From now on the datagrams of that link become
    /// [`TransportEvent::Stray`], until the transport forgets about it. `None`: this transport cannot.
    fn redirect(&mut self, link: LinkId, shard: ShardId, frame: Bytes) -> Option<Stray> {
        let _ = (link, shard, frame);
        None
    }

    /// This frame, which has just come by that link, belongs to another shard; others of that link need not. `None`:
    /// this transport cannot.
    fn hand_over(&mut self, link: LinkId, frame: Bytes) -> Option<Stray> {
        let _ = (link, frame);
        None
    }

    /// Where it listens, with the port that the operating system chose.
    fn local_address(&self) -> Option<Address> {
        None
    }

    /// What it counts.
    fn counters(&self) -> Option<Arc<TransportCounters>> {
        None
    }
}

/// What a transport reports.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportEvent {
    /// A link is usable: a peer has appeared, or a connection of ours is made.
    Up {
        /// Its name.
        link: LinkId,
        /// Its parameters.
        info: Link,
        /// Who is there.
        remote: Remote,
    },
    /// A link that has just come up goes on with a session of before a restart. What arrives may have been received once
    /// already: it is to be trusted when the peer has answered something new, see [`Transport::fresh`].
    Restored {
        /// The link.
        link: LinkId,
    },
    /// A frame arrived.
    Frame {
        /// By this link.
        link: LinkId,
        /// The whole frame. It may be a slice of a receive buffer of 64 KiB and more: copy what is kept for long.
        frame: Bytes,
    },
    /// MTU, timers or limits have changed.
    Changed {
        /// Of this link.
        link: LinkId,
        /// The new ones.
        info: Link,
    },
    /// The peer has a new address.
    Moved {
        /// The link; it stays.
        link: LinkId,
        /// The new address.
        address: Address,
    },
    /// Sending may be tried again.
    Writable {
        /// `None`: every link of a shared socket.
        link: Option<LinkId>,
    },
    /// A frame could not be sent, or the system was told that nobody took one. The link stays: on the network anybody
    /// can forge such a message, and a server that restarts comes back.
    Failed {
        /// The link.
        link: LinkId,
        /// What the system says.
        error: TransportError,
    },
    /// A link is gone.
    Down {
        /// Its name; it will not come back.
        link: LinkId,
        /// Why.
        error: TransportError,
    },
    /// A datagram for another shard.
    Stray {
        /// Which.
        shard: ShardId,
        /// The datagram.
        stray: Stray,
    },
    /// Nothing follows. Only this can end a driver.
    Closed {
        /// Why.
        error: TransportError,
    },
}

/// A datagram on its way from the shard whose socket received it to the shard whose peer sent it.
#[derive(Clone, Debug)]
pub struct Stray {
    /// Where it came from.
    pub from: Address,
    /// The address it was sent to, where the transport knows: the answer leaves from there.
    pub to: Option<Address>,
    /// The datagram.
    pub frame: Bytes,
    /// How many transports have passed it on because of a redirect. 0: a machine has just said whose it is.
    pub hops: u8,
}

/// The other end of a link.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Where it is.
    pub address: Address,
    /// Who it proved to be.
    pub identity: Identity,
    /// The endpoint names it may use.
    pub endpoints: Endpoints,
}

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// `coap://host[:port]`, or `coaps://host[:port]` with keys.
    pub uri: String,
    /// Keys, for secure transports.
    pub credentials: Option<Arc<Credentials>>,
    /// The name that is told to the server and looked for in its certificate. Default: the host of the URI.
    pub server_name: Option<String>,
    /// Cipher suites to offer, the most wanted first, by their numbers of the IANA. Default: those of the transport.
    pub suites: Vec<u16>,
}

impl Target {
    /// A target without keys.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), credentials: None, server_name: None, suites: Vec::new() }
    }

    /// A target that both ends have a pre-shared key for. The identity is sent in the clear.
    pub fn psk(uri: impl Into<String>, identity: impl Into<Bytes>, key: impl Into<Vec<u8>>) -> Self {
        let key = Secret::new(key.into());
        Self::new(uri).credentials(Credentials::Psk { identity: identity.into(), key })
    }

    /// With these keys.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }
}

/// Position of a shard in its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardId(pub u8);

/// Why a link or transport failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The URI is not one of this transport, or cannot be parsed.
    #[error("{uri}: {why}")]
    BadTarget {
        /// The URI.
        uri: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The name has no address.
    #[error("{0} has no address")]
    Unresolved(String),
    /// The security handshake failed.
    #[error("handshake: {0}")]
    Handshake(String),
    /// Security: a handshake was refused, or a session is over.
    #[error("{why}")]
    Security {
        /// Why.
        why: String,
        /// The alert that was sent or received, by its number.
        alert: Option<u8>,
    },
    /// The link or transport is closed.
    #[error("closed")]
    Closed,
    /// Too many frames wait for this link, or too many links.
    #[error("overflow")]
    Overflow,
    /// The frame does not fit the path.
    #[error("a frame of {size} bytes is too large for the path")]
    TooLarge {
        /// Its size in octets.
        size: usize,
    },
    /// The operating system refused.
    #[error("{0}")]
    Io(Arc<io::Error>),
}

impl From<io::Error> for TransportError {
    fn from(error: io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}
