//! Opening a UDP socket.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use quinn_udp::UdpSocketState;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::Link;

/// How a UDP socket is opened and used.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UdpOptions {
    /// Most links at a time. A flood of forged sources ends here: 32 octets a link and its share of an index.
    /// Default 65,536; 4,000,000 for servers.
    pub max_links: usize,
    /// Wanted size of the system's receive buffer in octets; the system may grant less. Default: the system's.
    /// Servers: 4 MiB.
    pub receive_buffer: Option<usize>,
    /// Wanted size of the system's send buffer in octets. Default: the system's.
    pub send_buffer: Option<usize>,
    /// Size in octets of the chunks of memory that received frames are packed into and are slices of; a frame that is
    /// held keeps its chunk. With chunks, several datagrams are taken from the system at once, through 1 MiB of
    /// scratch. 0: one at a time, and each frame has memory of its own. Default 0; servers: 64 KiB.
    pub chunk: usize,
    /// Several sockets, one a shard, on one port. Default no.
    pub reuse_port: bool,
    /// What links are told to be. Default [`Link::default`].
    pub link: Link,
}

impl Default for UdpOptions {
    /// For clients.
    fn default() -> Self {
        Self {
            max_links: 65_536,
            receive_buffer: None,
            send_buffer: None,
            chunk: 0,
            reuse_port: false,
            link: Link::default(),
        }
    }
}

impl UdpOptions {
    /// For servers: many peers, bursts.
    #[must_use]
    pub fn server() -> Self {
        Self { max_links: 4_000_000, receive_buffer: Some(4 << 20), chunk: 64 << 10, ..Self::default() }
    }
}

/// The address that a text names: with or without `coap://` or `coaps://`, with this port unless it says another.
pub(crate) async fn address(at: &str, port: u16) -> io::Result<SocketAddr> {
    let bare = at.strip_prefix("coap://").or_else(|| at.strip_prefix("coaps://")).unwrap_or(at);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    if let Ok(address) = bare.parse() {
        return Ok(address);
    }
    let ip = bare.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = ip.parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    let Some((host, port)) = bare.rsplit_once(':') else {
        return Err(error(at, io::ErrorKind::InvalidInput, "neither an address with port nor a URI"));
    };
    let Ok(port) = port.parse::<u16>() else {
        return Err(error(at, io::ErrorKind::InvalidInput, "the port is not a number up to 65535"));
    };
    let mut found = tokio::net::lookup_host((host, port)).await.map_err(|e| explain(at, &e))?;
    found.next().ok_or_else(|| error(at, io::ErrorKind::NotFound, "the name has no address"))
}

pub(super) fn socket(at: SocketAddr, options: &UdpOptions) -> io::Result<(UdpSocket, UdpSocketState)> {
    match bind(at, options) {
        // No IPv6 here: "everywhere" is then IPv4.
        Err(e) if at.is_ipv6() && at.ip().is_unspecified() && no_family(&e) => {
            let v4 = SocketAddr::from((Ipv4Addr::UNSPECIFIED, at.port()));
            tracing::info!(target: "lwm2m::transport", "no IPv6: listening on {v4} instead of {at}");
            bind(v4, options).map_err(|e| explain(v4, &e))
        }
        bound => bound.map_err(|e| explain(at, &e)),
    }
}

/// Fails if somebody else, a shard of another process included, has the port.
pub(crate) fn claim(at: SocketAddr) -> io::Result<()> {
    let options = UdpOptions { reuse_port: false, ..UdpOptions::default() };
    socket(at, &options).map(drop)
}

fn bind(at: SocketAddr, options: &UdpOptions) -> io::Result<(UdpSocket, UdpSocketState)> {
    let socket = Socket::new(Domain::for_address(at), Type::DGRAM, Some(Protocol::UDP))?;
    if at.is_ipv6() {
        socket.set_only_v6(!at.ip().is_unspecified())?;
    }
    #[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos"))))]
    socket.set_reuse_port(options.reuse_port)?;
    // Wishes: the system grants what its limits allow.
    if let Some(size) = options.receive_buffer {
        socket.set_recv_buffer_size(size).ok();
    }
    if let Some(size) = options.send_buffer {
        socket.set_send_buffer_size(size).ok();
    }
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    let socket = UdpSocket::from_std(socket.into())?;
    let state = UdpSocketState::new((&socket).into())?;
    Ok((socket, state))
}

fn no_family(error: &io::Error) -> bool {
    // EAFNOSUPPORT and EADDRNOTAVAIL on Linux, by kind elsewhere.
    error.raw_os_error() == Some(97) || error.kind() == io::ErrorKind::AddrNotAvailable
}

fn explain(at: impl std::fmt::Display, cause: &io::Error) -> io::Error {
    let why = match cause.kind() {
        io::ErrorKind::AddrInUse => "address in use",
        io::ErrorKind::AddrNotAvailable => "not an address of this host",
        io::ErrorKind::PermissionDenied => "not permitted",
        kind => return error(at, kind, &cause.to_string()),
    };
    error(at, cause.kind(), why)
}

fn error(at: impl std::fmt::Display, kind: io::ErrorKind, why: &str) -> io::Error {
    io::Error::new(kind, format!("udp {at}: {why}"))
}
