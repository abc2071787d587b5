//! DTLS of one raw device.

use std::{
    net::UdpSocket,
    sync::{Arc, LazyLock},
    time::Instant,
};

use lwm2m_core::{
    Address, Bytes, Credentials, Endpoints, Entry, Hint, LinkId, Mono, Now, Output, Route, Secret,
    StoreError, async_trait,
    dtls::{Config, Connect, Endpoint, Event, SessionId},
    security::CredentialStore,
};

use crate::Outcome;

/// Of all devices: nothing here is secret.
const KEY: [u8; 16] = *b"the key of loads";
const ROUTE: Route = Route { transport: 0, link: LinkId { index: 0, generation: 0 } };

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
static CONFIG: LazyLock<Arc<Config>> = LazyLock::new(Arc::default);

/// Knows every device.
pub(crate) struct AnyDevice;

#[async_trait]
impl CredentialStore for AnyDevice {
    async fn lookup(&self, hint: &Hint) -> Result<Option<Entry>, StoreError> {
        let Hint::Psk { identity } = hint else { return Ok(None) };
        let name = String::from_utf8_lossy(identity);
        let endpoints = Endpoints::Only(vec![(&*name).into()]);
        Ok(Some(Entry { credentials: credentials(identity.clone()), endpoints }))
    }
}

fn credentials(identity: Bytes) -> Arc<Credentials> {
    Arc::new(Credentials::Psk { identity, key: Secret::new(KEY.to_vec()) })
}

fn now() -> Now {
    Now { mono: Mono(u64::try_from(BEGAN.elapsed().as_micros()).unwrap_or(u64::MAX)), wall: None }
}

/// A session with the server.
pub(crate) struct Session {
    engine: Endpoint,
    id: SessionId,
    server: Address,
}

impl Session {
    /// A whole handshake.
    pub(crate) fn with(socket: &UdpSocket, name: &str) -> Outcome<Self> {
        let mut engine = Endpoint::new(CONFIG.clone(), lwm2m_core::driver::seed()?);
        let identity = Bytes::copy_from_slice(name.as_bytes());
        let id = engine.connect(now(), ROUTE, Connect::new(credentials(identity)))?;
        let mut session = Self { engine, id, server: Address::Ip(socket.peer_addr()?) };
        let mut buffer = [0; 1500];
        for _ in 0..100 {
            match session.drain(socket)? {
                Some(Event::Established { .. }) => return Ok(session),
                Some(event) => return Err(format!("no session: {event:?}").into()),
                None => {}
            }
            match socket.recv(&mut buffer) {
                Ok(length) => {
                    let datagram = buffer.get(..length).unwrap_or_default();
                    session.engine.handle_datagram(now(), ROUTE, &session.server, datagram);
                }
                Err(_) => session.engine.handle_timeout(now()),
            }
        }
        Err("no session".into())
    }

    pub(crate) fn send(&mut self, socket: &UdpSocket, frame: &[u8]) -> Outcome<()> {
        self.engine.send(now(), self.id, frame)?;
        self.drain(socket).map(drop)
    }

    /// Puts what a datagram protects in its place; gives its length, 0 if there is nothing.
    pub(crate) fn open(&mut self, buffer: &mut [u8], length: usize) -> usize {
        let datagram = buffer.get(..length).unwrap_or_default();
        self.engine.handle_datagram(now(), ROUTE, &self.server, datagram);
        while let Output::Event(event) = self.engine.poll_output() {
            if let Event::Received { data, .. } = event
                && let Some(place) = buffer.get_mut(..data.len())
            {
                place.copy_from_slice(&data);
                return data.len();
            }
        }
        0
    }

    fn drain(&mut self, socket: &UdpSocket) -> Outcome<Option<Event>> {
        loop {
            match self.engine.poll_output() {
                Output::Transmit { frame, .. } => drop(socket.send(&frame)?),
                Output::Event(event) => return Ok(Some(event)),
                Output::Call { .. } => {}
                Output::Timeout(_) => return Ok(None),
            }
        }
    }
}
