//! Where to listen.

use std::{
    fmt,
    future::Future,
    io,
    net::SocketAddr,
    str::FromStr,
    sync::{Arc, OnceLock},
};

use super::{
    Scheme, ShardId, Transport, TransportError, Uri,
    udp::{Udp, UdpOptions, address, claim},
};
#[cfg(feature = "dtls")]
use crate::dtls::ConnectionIds;
use crate::{BoxFuture, security::CredentialStore};

type Opened = BoxFuture<'static, io::Result<Box<dyn Transport>>>;
type Open = dyn Fn(Seat) -> Opened + Send + Sync;

/// Describes where to listen; every shard opens its own.
#[derive(Clone)]
pub struct Listen {
    name: String,
    open: Arc<Open>,
}

struct Seat {
    shard: ShardId,
    shards: u8,
    keys: Arc<dyn CredentialStore>,
}

impl Listen {
    /// CoAP over UDP, on an address such as `"[::]:5683"`. `[::]` stands for IPv6 and IPv4.
    #[must_use]
    pub fn udp(at: &str) -> Self {
        Self::udp_with(at, UdpOptions::server())
    }

    /// CoAP over UDP with these options.
    #[must_use]
    pub fn udp_with(at: &str, options: UdpOptions) -> Self {
        let at = at.to_owned();
        // The first shard chooses the port, and the family where the system has one only.
        let chosen = Arc::new(OnceLock::new());
        Self {
            name: format!("udp {at}"),
            open: Arc::new(move |seat| {
                let (at, options, chosen) = (at.clone(), options.clone(), Arc::clone(&chosen));
                Box::pin(async move {
                    let udp = open_udp(&at, 5683, options, &chosen, seat.shards > 1).await?;
                    Ok(Box::new(udp) as Box<dyn Transport>)
                })
            }),
        }
    }

    /// CoAP over DTLS over UDP, on an address such as `"[::]:5684"`, with the keys of the server.
    ///
    /// Connection IDs name their shard, so that a device with a new address is found again. Sessions to resume are
    /// remembered by shard: a device without connection ID that comes to another one has a full handshake.
    #[cfg(feature = "dtls")]
    #[must_use]
    pub fn dtls(at: &str) -> Self {
        Self::dtls_with(at, UdpOptions::server(), crate::dtls::Config::server(0))
    }

    /// CoAP over DTLS with these options. Connection IDs, if they are issued, name the shard whatever `config` says.
    #[cfg(feature = "dtls")]
    #[must_use]
    pub fn dtls_with(at: &str, options: UdpOptions, config: crate::dtls::Config) -> Self {
        let at = at.to_owned();
        let chosen = Arc::new(OnceLock::new());
        Self {
            name: format!("dtls {at}"),
            open: Arc::new(move |seat| {
                let (at, options, chosen) = (at.clone(), options.clone(), Arc::clone(&chosen));
                let mut config = config.clone();
                if let ConnectionIds::Issue { shard } = &mut config.connection_id {
                    *shard = seat.shard.0;
                }
                Box::pin(async move {
                    let udp = open_udp(&at, 5684, options, &chosen, seat.shards > 1).await?;
                    let dtls = super::Dtls::over(udp, seat.keys, config).shards(seat.shards);
                    Ok(Box::new(dtls) as Box<dyn Transport>)
                })
            }),
        }
    }

    /// A transport of your own: called once a shard.
    #[must_use]
    pub fn with<F>(open: impl Fn(ShardId, Arc<dyn CredentialStore>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<Box<dyn Transport>>> + Send + 'static,
    {
        Self {
            name: "a transport of the application".to_owned(),
            open: Arc::new(move |seat| Box::pin(open(seat.shard, seat.keys))),
        }
    }

    /// Opens it for one shard of several. Shards are opened one after the other, 0 first.
    ///
    /// # Errors
    /// The text names the address and what is wrong with it.
    pub async fn open(
        &self,
        shard: ShardId,
        shards: u8,
        keys: Arc<dyn CredentialStore>,
    ) -> io::Result<Box<dyn Transport>> {
        (self.open)(Seat { shard, shards, keys }).await
    }
}

impl FromStr for Listen {
    type Err = TransportError;

    /// `coap://[::]:5683` or `coaps://[::]:5684`. The port may be 0: the system chooses.
    fn from_str(uri: &str) -> Result<Self, TransportError> {
        let bad = |why| TransportError::BadTarget { uri: uri.to_owned(), why };
        let (checked, any_port) = match uri.trim_end_matches('/').strip_suffix(":0") {
            Some(rest) => (rest.to_owned(), true),
            None => (uri.to_owned(), false),
        };
        let Uri { scheme, host, port, .. } = Uri::parse(&checked)
            .map_err(|e| if let TransportError::BadTarget { why, .. } = e { bad(why) } else { e })?;
        let port = if any_port { 0 } else { port };
        match scheme {
            Scheme::Coap => Ok(Self::udp(&format!("{host}:{port}"))),
            #[cfg(feature = "dtls")]
            Scheme::Coaps => Ok(Self::dtls(&format!("{host}:{port}"))),
            #[cfg(feature = "dtls")]
            _ => Err(bad("only coap:// and coaps:// can be listened on")),
            #[cfg(not(feature = "dtls"))]
            _ => Err(bad("only coap:// can be listened on")),
        }
    }
}

impl fmt::Debug for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listen({})", self.name)
    }
}

async fn open_udp(
    at: &str,
    port: u16,
    options: UdpOptions,
    chosen: &OnceLock<SocketAddr>,
    shared: bool,
) -> io::Result<Udp> {
    let options = UdpOptions { reuse_port: options.reuse_port || shared, ..options };
    if let Some(at) = chosen.get() {
        return Udp::open(*at, options);
    }
    let at = address(at, port).await?;
    if shared && at.port() != 0 {
        // With SO_REUSEPORT alone a second server would silently take a share of our peers.
        claim(at)?;
    }
    let udp = Udp::open(at, options)?;
    chosen.set(udp.local_addr()).ok();
    Ok(udp)
}
