//! A relay between devices and a server that keeps a copy of every datagram: what others on the path see.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::net::UdpSocket;

/// Largest datagram.
const LARGEST: usize = 65_536;

/// A relay. It lives until the program ends.
#[derive(Clone, Debug)]
pub struct Relay {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Relay {
    /// Opens a relay to a server.
    ///
    /// # Errors
    /// A socket cannot be opened.
    pub async fn to(server: SocketAddr) -> io::Result<Self> {
        let front = Arc::new(socket().await?);
        let relay = Self { address: front.local_addr()?, seen: Arc::default() };
        spawn(relay.clone().forth(front, server));
        Ok(relay)
    }

    /// Where devices reach the server through it.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has passed so far, in both directions.
    #[must_use]
    pub fn datagrams(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, datagram: &[u8]) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(datagram.to_vec());
    }

    async fn forth(self, front: Arc<UdpSocket>, server: SocketAddr) -> io::Result<()> {
        let mut ways: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
        let mut buffer = vec![0; LARGEST];
        loop {
            let (length, device) = front.recv_from(&mut buffer).await?;
            let datagram = buffer.get(..length).unwrap_or_default();
            self.keep(datagram);
            let way = match ways.get(&device) {
                Some(way) => Arc::clone(way),
                None => {
                    let way = Arc::new(socket().await?);
                    way.connect(server).await?;
                    ways.insert(device, Arc::clone(&way));
                    spawn(self.clone().back(Arc::clone(&way), Arc::clone(&front), device));
                    way
                }
            };
            way.send(datagram).await.ok();
        }
    }

    async fn back(self, way: Arc<UdpSocket>, front: Arc<UdpSocket>, device: SocketAddr) -> io::Result<()> {
        let mut buffer = vec![0; LARGEST];
        loop {
            let length = way.recv(&mut buffer).await?;
            let datagram = buffer.get(..length).unwrap_or_default();
            self.keep(datagram);
            front.send_to(datagram, device).await?;
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "a program")]
fn spawn(task: impl Future<Output = io::Result<()>> + Send + 'static) {
    tokio::spawn(task);
}

#[allow(clippy::disallowed_methods, reason = "it stands between transports")]
async fn socket() -> io::Result<UdpSocket> {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await
}
