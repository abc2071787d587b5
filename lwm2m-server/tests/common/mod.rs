//! Scripted devices on a simulated network.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

pub mod store;

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use bytes::{Bytes, BytesMut};
use lwm2m_server::{
    Code, Events, Observation, PostOutcome, Presence, Server, ServerBuilder, ServerEvent,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
    lwm2m_core::sim::{Host, Net, RawUdp},
};

/// Shards that scenarios run with.
pub const SHARDS: [u8; 2] = [1, 3];

pub const HOUR: Duration = Duration::from_secs(3600);

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A network, a server on it, and what it tells.
pub struct Scene {
    pub net: Net,
    pub host: Host,
    pub server: Server,
    pub events: Events,
}

impl Scene {
    pub async fn new(net: &Net, builder: ServerBuilder) -> Self {
        let host = net.host("server");
        let server = builder.start_in(&host).await.unwrap();
        Self { net: net.clone(), events: server.events(), server, host }
    }

    /// The same with a device that is registered as `a`.
    pub async fn registered(net: &Net, builder: ServerBuilder) -> (Self, Device) {
        let scene = Self::new(net, builder).await;
        let mut device = scene.device("device");
        device.register_as("a").await;
        (scene, device)
    }

    /// The same with one that was sent away for so long, and has left.
    pub async fn sent_away(net: &Net, builder: ServerBuilder, time: u32) -> (Self, Device) {
        let (scene, mut device) = Self::registered(net, builder).await;
        scene.sends_away(&mut device, time).await;
        (scene, device)
    }

    /// The same with one in queue mode that sleeps.
    pub async fn asleep(net: &Net, builder: ServerBuilder) -> (Self, Device) {
        let scene = Self::new(net, builder).await;
        let mut device = scene.device("device");
        device.register_as_sleeper("a").await;
        net.sleep(seconds(100)).await;
        assert_eq!(scene.server.client("a").presence().await.unwrap(), Presence::Asleep);
        (scene, device)
    }

    /// A device on a host of its own.
    pub fn device(&self, name: &str) -> Device {
        Device::new(&self.net.host(name), self.host.at(5683))
    }

    /// The program reads 42 from the device.
    pub async fn reads(&self, name: &str, device: &mut Device) {
        let reading = self.server.client(name).read::<i64>("/3/0/9").into_future();
        let script = async {
            let request = device.request().await;
            device.answer(&request, Code::CONTENT, &text(), b"42");
        };
        let (read, ()) = tokio::join!(reading, script);
        assert_eq!(read.unwrap(), 42);
    }

    /// The program observes `/3303/0/5700`, and the device takes it up with 20.5.
    pub async fn observes(&self, name: &str, device: &mut Device) -> (Observation<f64>, Received) {
        let observing = self.server.client(name).observe::<f64>("/3303/0/5700").into_future();
        let (observation, observe) = tokio::join!(observing, device.take_up("20.5"));
        let mut observation = observation.unwrap();
        assert_eq!(observation.next().await.unwrap().unwrap().value, 20.5);
        (observation, observe)
    }

    /// The program sends the device away for so long: it writes the timeout, executes Disable, and the device leaves.
    pub async fn sends_away(&self, device: &mut Device, time: u32) {
        let client = self.server.client("a");
        let write = client.write("/1/0/5", i64::from(time)).into_future();
        let (done, ()) = tokio::join!(write, device.obeys("/1/0/5"));
        done.unwrap();
        self.disables(device).await;
        assert_eq!(device.ask(Code::DELETE, device.at_location(), b"").await.code, Code::DELETED);
    }

    /// The program executes Disable, and the device agrees.
    pub async fn disables(&self, device: &mut Device) {
        let execute = self.server.client("a").execute("/1/0/4").into_future();
        let (done, ()) = tokio::join!(execute, device.obeys("/1/0/4"));
        done.unwrap();
    }

    /// What became of the next request without a caller.
    pub async fn outcome(&mut self) -> PostOutcome {
        loop {
            if let ServerEvent::Posted(outcome) = self.events.next().await.expect("the server runs") {
                return outcome;
            }
        }
    }

    pub async fn event(&mut self) -> ServerEvent {
        let next = self.net.timeout(Duration::from_secs(1), self.events.next()).await;
        next.expect("an event within a second").expect("the server runs")
    }
}

/// Runs a scenario with one shard and with several.
pub fn with_shards<F: Future<Output = ()>>(scenario: impl Fn(Net, ServerBuilder) -> F) {
    for shards in SHARDS {
        let net = Net::seeded(7);
        net.run(scenario(net.clone(), Server::builder().shards(shards)));
    }
}

/// The same for a scenario that starts several servers, one after the other.
pub fn with_shard_counts<F: Future<Output = ()>>(scenario: impl Fn(Net, u8) -> F) {
    for shards in SHARDS {
        let net = Net::seeded(3);
        net.run(scenario(net.clone(), shards));
    }
}

/// A device that says what the test says, over a socket of its own.
pub struct Device {
    pub net: Net,
    pub host: Host,
    pub socket: RawUdp,
    pub server: SocketAddr,
    pub next: u16,
    pub location: Vec<String>,
    requests: VecDeque<Received>,
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
    pub fn parse(frame: &Bytes) -> Self {
        let message = Message::parse(frame).unwrap();
        Self {
            kind: message.kind,
            code: message.code,
            id: message.id,
            token: message.token,
            options: message.options.to_options(frame),
            payload: Bytes::copy_from_slice(message.payload),
        }
    }

    pub fn path(&self) -> String {
        self.options.uri_path().map(|segment| format!("/{segment}")).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).into_owned()
    }
}

pub fn frame(
    kind: MessageType,
    code: Code,
    id: u16,
    token: Token,
    options: &Options,
    payload: &[u8],
) -> Bytes {
    let mut frame = BytesMut::new();
    Message { kind, code, id: MessageId(id), token, options: options.view(), payload }.encode(&mut frame);
    frame.freeze()
}

/// Options of a body in plain text.
pub fn text() -> Options {
    Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 0)
}

/// Options of a body in plain text that is the `n`th notification.
pub fn notification(n: u64) -> Options {
    text().with_uint(OptionNumber::OBSERVE, n)
}

impl Device {
    pub fn new(host: &Host, server: SocketAddr) -> Self {
        let (net, socket) = (host.net().clone(), host.raw(0));
        let (location, requests) = (Vec::new(), VecDeque::new());
        Self { net, host: host.clone(), socket, server, next: 1, location, requests }
    }

    /// Goes on from another port, as behind a NAT that forgot it.
    pub fn rebind(&mut self) {
        self.socket = self.host.raw(0);
    }

    pub fn send(
        &self,
        kind: MessageType,
        code: Code,
        id: u16,
        token: Token,
        options: &Options,
        payload: &[u8],
    ) {
        self.socket.send(self.server, frame(kind, code, id, token, options, payload));
    }

    /// The next frame, within two minutes.
    pub async fn receive(&self) -> Received {
        let next = self.net.timeout(Duration::from_secs(120), self.socket.recv()).await;
        Received::parse(&next.expect("a frame within two minutes").1)
    }

    /// Sends a confirmable request and gives its answer, piggybacked or separate. Requests that come meanwhile wait.
    pub async fn ask(&mut self, code: Code, options: Options, payload: &[u8]) -> Received {
        let id = self.next;
        self.next += 1;
        self.send(MessageType::Confirmable, code, id, Token::EMPTY, &options, payload);
        loop {
            let received = self.receive().await;
            if received.id == MessageId(id) && received.kind == MessageType::Acknowledgement {
                if received.code != Code::EMPTY {
                    return received;
                }
            } else if received.token == Token::EMPTY && received.code.class() >= 2 {
                let acknowledge = MessageType::Acknowledgement;
                self.send(acknowledge, Code::EMPTY, received.id.0, Token::EMPTY, &Options::new(), b"");
                return received;
            } else {
                self.requests.push_back(received);
            }
        }
    }

    /// The next request of the server goes there, and is done.
    pub async fn obeys(&mut self, path: &str) {
        let request = self.request().await;
        assert_eq!(request.path(), path);
        self.answer(&request, Code::CHANGED, &Options::new(), b"");
    }

    /// The next request of the server has this text, and is done.
    pub async fn carries_out(&mut self, text: &str) {
        let request = self.request().await;
        assert_eq!(request.text(), text);
        self.answer(&request, Code::CHANGED, &Options::new(), b"");
    }

    /// What is in the socket already goes unread.
    pub fn drain(&mut self) {
        self.requests.clear();
        while self.socket.try_recv().is_some() {}
    }

    /// The next frame acknowledges a message.
    pub async fn is_acknowledged(&self, id: u16) {
        let received = self.receive().await;
        assert_eq!((received.kind, received.id), (MessageType::Acknowledgement, MessageId(id)));
    }

    /// The next request of the server.
    pub async fn request(&mut self) -> Received {
        loop {
            let received = match self.requests.pop_front() {
                Some(received) => received,
                None => self.receive().await,
            };
            if received.code.is_request() {
                return received;
            }
        }
    }

    /// Nothing comes for so long.
    pub async fn hears_nothing(&self, time: Duration) {
        let heard = self.net.timeout(time, self.socket.recv()).await;
        if let Ok((_, frame)) = heard {
            panic!("heard {:?}", Received::parse(&frame));
        }
    }

    pub fn answer(&self, request: &Received, code: Code, options: &Options, payload: &[u8]) {
        self.send(MessageType::Acknowledgement, code, request.id.0, request.token, options, payload);
    }

    /// Registers with these parameters and objects 1, 3 and 3303; keeps the location.
    pub async fn register(&mut self, parameters: &[&str]) -> Received {
        self.register_with(parameters, b"</1/0>,</3/0>,</3303/0>").await
    }

    pub async fn register_with(&mut self, parameters: &[&str], links: &[u8]) -> Received {
        let mut options = Options::new().with_path(["rd"]).with_uint(OptionNumber::CONTENT_FORMAT, 40);
        for parameter in parameters {
            options = options.with_query(parameter);
        }
        let answer = self.ask(Code::POST, options, links).await;
        if answer.code == Code::CREATED {
            self.location = answer.options.location_path().map(str::to_owned).collect();
        }
        answer
    }

    pub async fn register_as(&mut self, name: &str) {
        let answer = self.register(&[&format!("ep={name}"), "lt=300", "lwm2m=1.1"]).await;
        assert_eq!(answer.code, Code::CREATED, "{answer:?}");
    }

    /// The same in queue mode.
    pub async fn register_as_sleeper(&mut self, name: &str) {
        let answer = self.register(&[&format!("ep={name}"), "lt=2000", "lwm2m=1.1", "Q"]).await;
        assert_eq!(answer.code, Code::CREATED, "{answer:?}");
    }

    pub fn at_location(&self) -> Options {
        Options::new().with_path(self.location.iter().map(String::as_str))
    }

    pub async fn update(&mut self) -> Code {
        self.ask(Code::POST, self.at_location(), b"").await.code
    }

    /// Answers an Observe of the server with a first value.
    pub async fn take_up(&mut self, value: &str) -> Received {
        let request = self.request().await;
        assert_eq!(request.options.observe(), Some(0), "{request:?}");
        self.answer(&request, Code::CONTENT, &notification(1), value.as_bytes());
        request
    }

    pub fn notify(&mut self, kind: MessageType, of: &Received, n: u64, value: &str) -> u16 {
        let id = self.next;
        self.next += 1;
        self.send(kind, Code::CONTENT, id, of.token, &notification(n), value.as_bytes());
        id
    }
}
