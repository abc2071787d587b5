//! A bootstrap server on a simulated network, and devices that say what the test says.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

#[cfg(feature = "file")]
pub mod plans;

use std::{net::SocketAddr, time::Duration};

use bytes::{Bytes, BytesMut};
use lwm2m_bootstrap::{
    BootstrapEvent, BootstrapServer, Code, Events, Node, Path, PlanSource, Tree, Version,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
    codec::{self, ContentFormat, Context},
    lwm2m_core::sim::{Host, Net, RawUdp},
    machine::Limits,
    objects::Registry,
};

/// A bootstrap server, and what it tells.
pub struct Scene {
    pub net: Net,
    pub host: Host,
    pub server: BootstrapServer,
    pub events: Events,
}

impl Scene {
    pub async fn new(net: &Net, plans: impl PlanSource) -> Self {
        Self::with_limits(net, plans, Limits::default()).await
    }

    pub async fn with_limits(net: &Net, plans: impl PlanSource, limits: Limits) -> Self {
        let host = net.host("bootstrap");
        let server = BootstrapServer::builder().plans(plans).limits(limits).start_in(&host).await.unwrap();
        Self { net: net.clone(), events: server.events(), server, host }
    }

    pub fn device(&self, name: &str) -> Device {
        let host = self.net.host(name);
        Device { net: self.net.clone(), socket: host.raw(5683), server: self.host.at(5683), next: 1, host }
    }

    pub async fn event(&mut self) -> BootstrapEvent {
        let next = self.net.timeout(Duration::from_secs(1000), self.events.next()).await;
        next.expect("an event").expect("the server runs")
    }
}

/// Runs a scenario.
pub fn run<F: Future<Output = ()>>(scenario: impl FnOnce(Net) -> F) {
    let net = Net::seeded(7);
    net.run(scenario(net.clone()));
}

pub struct Device {
    pub net: Net,
    pub host: Host,
    pub socket: RawUdp,
    pub server: SocketAddr,
    next: u16,
}

/// A message, taken out of its frame.
#[derive(Clone, Debug)]
pub struct Received {
    pub kind: MessageType,
    pub code: Code,
    pub id: MessageId,
    pub token: Token,
    pub options: Options,
    pub payload: Bytes,
}

impl Received {
    /// `PUT /0/1`.
    pub fn line(&self) -> String {
        let path: String = self.options.uri_path().map(|segment| format!("/{segment}")).collect();
        let method = match self.code {
            Code::GET if self.options.accept() == Some(ContentFormat::LINK) => "DISCOVER",
            Code::GET => "GET",
            Code::PUT => "PUT",
            Code::POST => "POST",
            Code::DELETE => "DELETE",
            _ => "?",
        };
        format!("{method} {}", if path.is_empty() { "/" } else { &path })
    }

    /// The value that is written.
    pub fn node(&self) -> Node {
        let cx = Context { model: &Registry, version: Version::V1_2, tree: &Tree::DEFAULT };
        let path = Path::from_segments(self.options.uri_path()).unwrap();
        codec::decode(self.options.content_format().unwrap(), &cx, path, &self.payload).unwrap()
    }
}

impl Device {
    pub async fn receive(&mut self) -> Received {
        let frame = self.net.timeout(Duration::from_secs(900), self.socket.recv()).await.expect("a frame").1;
        let message = Message::parse(&frame).unwrap();
        Received {
            kind: message.kind,
            code: message.code,
            id: message.id,
            token: message.token,
            options: message.options.to_options(&frame),
            payload: Bytes::copy_from_slice(message.payload),
        }
    }

    pub fn send(
        &self,
        kind: MessageType,
        code: Code,
        (id, token): (MessageId, Token),
        options: &Options,
        payload: &[u8],
    ) {
        let mut out = BytesMut::new();
        Message { kind, code, id, token, options: options.view(), payload }.encode(&mut out);
        self.socket.send(self.server, out.freeze());
    }

    /// Asks, and gives the code of the answer and its payload.
    pub async fn ask(&mut self, method: Code, options: Options) -> Received {
        self.next += 1;
        let token = Token::new(&self.next.to_be_bytes()).unwrap();
        self.send(MessageType::Confirmable, method, (MessageId(self.next), token), &options, b"");
        loop {
            let answer = self.receive().await;
            if answer.token == token {
                return answer;
            }
        }
    }

    /// Bootstrap-Request.
    pub async fn bootstrap(&mut self, query: &[&str]) -> Received {
        let mut options = Options::new().with_path(["bs"]);
        for parameter in query {
            options = options.with_query(parameter);
        }
        self.ask(Code::POST, options).await
    }

    /// Answers a request of the server.
    pub fn answer(&self, to: &Received, code: Code, options: &Options, payload: &[u8]) {
        self.send(MessageType::Acknowledgement, code, (to.id, to.token), options, payload);
    }

    /// Answers with a list of links.
    pub fn links(&self, to: &Received, links: &str) {
        let options = Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 40);
        self.answer(to, Code::CONTENT, &options, links.as_bytes());
    }

    /// Does what every device does, until something else is asked: what was asked, in order.
    pub async fn obey(&mut self, links: &str) -> Vec<Received> {
        let mut seen = Vec::new();
        loop {
            let request = self.receive().await;
            let line = request.line();
            match request.code {
                Code::GET if line.starts_with("DISCOVER") => self.links(&request, links),
                Code::PUT => self.answer(&request, Code::CHANGED, &Options::new(), b""),
                Code::DELETE => self.answer(&request, Code::DELETED, &Options::new(), b""),
                Code::POST => self.answer(&request, Code::CHANGED, &Options::new(), b""),
                _ => self.answer(&request, Code::NOT_FOUND, &Options::new(), b""),
            }
            seen.push(request);
            if line == "POST /bs" {
                return seen;
            }
        }
    }
}

pub fn lines(requests: &[Received]) -> Vec<String> {
    requests.iter().map(Received::line).collect()
}
