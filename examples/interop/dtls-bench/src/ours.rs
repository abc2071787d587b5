//! Our engine.

use std::sync::Arc;

use lwm2m_core::{
    Address, Bytes, Credentials, Endpoints, Entry, Hint, LinkId, Mono, Now, Output, Route, Secret,
    dtls::{Config, Connect, Endpoint, Event, SessionId, suite::Suite},
};

use crate::{IDENTITY, KEY, RECORD, Stack};

pub(crate) struct Both {
    client: Endpoint,
    server: Endpoint,
    micros: u64,
    session: Option<SessionId>,
    next: u32,
    received: u64,
}

fn credentials(identity: &str) -> Arc<Credentials> {
    let identity = Bytes::copy_from_slice(identity.as_bytes());
    Arc::new(Credentials::Psk { identity, key: Secret::new(KEY.to_vec()) })
}

impl Both {
    pub(crate) fn new() -> Self {
        let mut client = Config::default();
        client.suites = vec![Suite::PskCcm8];
        Self {
            client: Endpoint::new(Arc::new(client), [1; 32]),
            server: Endpoint::new(Arc::new(Config::server(0)), [2; 32]),
            micros: 0,
            session: None,
            next: 0,
            received: 0,
        }
    }

    fn now(&self) -> Now {
        Now { mono: Mono(self.micros), wall: None }
    }

    /// Carries datagrams until there are none.
    fn run(&mut self) {
        let now = self.now();
        loop {
            let mut idle = true;
            loop {
                match self.client.poll_output() {
                    Output::Transmit { route, frame } => {
                        let from = Address::Ip((route.link.index.to_be_bytes(), 5683).into());
                        self.server.handle_datagram(now, route, &from, &frame);
                    }
                    Output::Timeout(_) => break,
                    _ => (),
                }
                idle = false;
            }
            loop {
                match self.server.poll_output() {
                    Output::Transmit { route, frame } => {
                        self.client.handle_datagram(
                            now,
                            route,
                            &Address::Ip(([127, 0, 0, 1], 5684).into()),
                            &frame,
                        );
                    }
                    Output::Call { id, what: Hint::Psk { identity } } => {
                        let name = std::str::from_utf8(&identity).expect("text");
                        let endpoints = Endpoints::Only(vec![name.into()]);
                        let entry = Entry { credentials: credentials(name), endpoints };
                        self.server.handle_result(now, id, &Ok(Some(entry)));
                    }
                    Output::Event(Event::Received { data, .. }) => self.received += data.len() as u64,
                    Output::Timeout(_) => break,
                    _ => (),
                }
                idle = false;
            }
            if idle {
                return;
            }
        }
    }

    fn begin(&mut self, identity: &str) -> SessionId {
        self.micros += 1000;
        self.next += 1;
        let route = Route { transport: 0, link: LinkId { index: self.next, generation: 0 } };
        let connect = Connect::new(credentials(identity));
        let session = self.client.connect(self.now(), route, connect).expect("a suite");
        self.run();
        assert!(self.client.peer(session).is_some(), "established");
        session
    }
}

impl Stack for Both {
    fn handshake(&mut self) {
        let session = self.begin(IDENTITY);
        self.client.close(session);
        self.run();
    }

    fn connect(&mut self) {
        self.session = Some(self.begin(IDENTITY));
    }

    fn record(&mut self, data: &[u8; RECORD]) {
        let before = self.received;
        let now = self.now();
        self.client.send(now, self.session.expect("connected"), data).expect("sent");
        self.run();
        assert_eq!(self.received - before, RECORD as u64);
    }
}

/// A server with so many idle sessions; the clients have gone to sleep.
pub(crate) fn hold(count: u32) -> Endpoint {
    let mut both = Both::new();
    for n in 0..count {
        let session = both.begin(&format!("urn:imei:{n:015}"));
        both.client.suspend(session);
        both.run();
    }
    assert_eq!(both.server.usage().sessions, count as usize);
    both.server
}
