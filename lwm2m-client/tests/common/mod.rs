//! A server that says exactly what a test wants, on a host of the simulated network.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

pub mod bench;
pub mod faulty;
pub mod gadget;

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use lwm2m_client::{
    Client, ClientBuilder, Instance, ServerAccount, Version,
    lwm2m_core::{
        Bytes, Code,
        coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
        sim::{Host, Net, RawUdp},
    },
    objects::Temperature,
    transport::Target,
};

/// How long a test waits for a frame that must come.
pub const PATIENCE: Duration = Duration::from_secs(3 * 86_400);

/// A message that the client sent.
#[derive(Clone, Debug)]
pub struct Frame {
    pub from: SocketAddr,
    pub kind: MessageType,
    pub code: Code,
    pub id: MessageId,
    pub token: Token,
    pub options: Options,
    pub payload: Bytes,
}

impl Frame {
    pub fn path(&self) -> String {
        self.options.uri_path().map(|segment| format!("/{segment}")).collect()
    }

    /// Sorted.
    pub fn query(&self) -> Vec<String> {
        let mut query: Vec<_> = self.options.uri_query().map(String::from).collect();
        query.sort();
        query
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).into_owned()
    }

    pub fn is_confirmable(&self) -> bool {
        self.kind == MessageType::Confirmable
    }
}

pub struct Script {
    pub net: Net,
    pub host: Host,
    socket: RawUdp,
    inbox: VecDeque<Frame>,
    /// Answers that came before they were asked for.
    answers: Vec<Frame>,
    next_id: u16,
    pub client: Option<SocketAddr>,
}

/// A network, a scripted server on it, and the host of a client.
pub fn scene() -> (Net, Script, Host) {
    scene_seeded(7)
}

pub fn scene_seeded(seed: u64) -> (Net, Script, Host) {
    let net = Net::seeded(seed);
    let device = net.host("device");
    let script = second(&net, "server", &device);
    (net, script, device)
}

/// A further scripted server.
pub fn second(net: &Net, name: &str, device: &Host) -> Script {
    let server = net.host(name);
    let _ = net.between(&server, device);
    let socket = server.raw(5683);
    Script {
        net: net.clone(),
        host: server,
        socket,
        inbox: VecDeque::new(),
        answers: Vec::new(),
        next_id: 1000,
        client: None,
    }
}

/// Of LwM2M 1.1, unless a test says otherwise.
pub fn account() -> ServerAccount {
    ServerAccount::new(1, Target::new("coap://server:5683"))
        .lifetime(Duration::from_secs(300))
        .versions(Version::V1_0, Version::V1_1)
}

pub fn builder(device: &Host) -> ClientBuilder {
    Client::builder("device").transport(device.udp(0)).seed([7; 32])
}

impl Script {
    /// The next message that is not an acknowledgement or a reset.
    pub async fn next(&mut self) -> Frame {
        match self.inbox.pop_front() {
            Some(frame) => frame,
            None => loop {
                let frame = self.receive(PATIENCE).await.expect("the client sends something");
                if !matches!(frame.kind, MessageType::Acknowledgement | MessageType::Reset) {
                    return frame;
                }
            },
        }
    }

    /// The next message, if there is one within this time.
    pub async fn next_within(&mut self, time: Duration) -> Option<Frame> {
        match self.inbox.pop_front() {
            Some(frame) => Some(frame),
            None => self.receive(time).await,
        }
    }

    async fn receive(&mut self, time: Duration) -> Option<Frame> {
        let (from, bytes) = self.net.timeout(time, self.socket.recv()).await.ok()?;
        let message = Message::parse(&bytes).expect("the client sends messages");
        self.client = Some(from);
        Some(Frame {
            from,
            kind: message.kind,
            code: message.code,
            id: message.id,
            token: message.token,
            options: message.to_options(&bytes),
            payload: message.to_payload(&bytes),
        })
    }

    pub fn send(
        &mut self,
        kind: MessageType,
        id: MessageId,
        token: Token,
        code: Code,
        options: &Options,
        payload: &[u8],
    ) {
        let message = Message { kind, code, id, token, options: options.view(), payload };
        let mut frame = Default::default();
        Message::encode(&message, &mut frame);
        let to = self.client.expect("the client has been heard of");
        self.socket.send(to, frame.freeze());
    }

    /// Sends octets as they are.
    pub fn raw(&mut self, to: SocketAddr, frame: Bytes) {
        self.socket.send(to, frame);
    }

    pub fn answer(&mut self, to: &Frame, code: Code, options: &Options, payload: &[u8]) {
        self.send(MessageType::Acknowledgement, to.id, to.token, code, options, payload);
    }

    pub fn reset(&mut self, frame: &Frame) {
        self.send(MessageType::Reset, frame.id, Token::EMPTY, Code::EMPTY, &Options::new(), &[]);
    }

    pub fn acknowledge(&mut self, frame: &Frame) {
        self.send(MessageType::Acknowledgement, frame.id, Token::EMPTY, Code::EMPTY, &Options::new(), &[]);
    }

    /// Takes a Register and accepts it.
    pub async fn register(&mut self) -> Frame {
        let register = self.next().await;
        assert_eq!((register.code, register.path().as_str()), (Code::POST, "/rd"), "a Register is due");
        let location = Options::new()
            .with(OptionNumber::LOCATION_PATH, b"rd")
            .with(OptionNumber::LOCATION_PATH, b"5a3f");
        self.answer(&register, Code::CREATED, &location, &[]);
        register
    }

    /// Takes an Update and accepts it.
    pub async fn update(&mut self) -> Frame {
        let update = self.next().await;
        assert_eq!((update.code, update.path().as_str()), (Code::POST, "/rd/5a3f"), "an Update is due");
        self.answer(&update, Code::CHANGED, &Options::new(), &[]);
        update
    }

    /// Starts a client, and accepts its Register.
    pub async fn start(&mut self, device: &Host, builder: ClientBuilder) -> Client {
        let client = builder.start_in(device).await.expect("the client starts");
        self.register().await;
        client.registered().await.expect("the client runs");
        client
    }

    /// Cuts the power of a device and starts it again. What its last life has sent is not answered.
    pub async fn restart(&mut self, device: &Host, builder: impl FnOnce() -> ClientBuilder) -> Client {
        device.crash();
        let client = builder().start_in(device).await.expect("the client starts");
        self.register_anew().await;
        client.registered().await.expect("the client runs");
        client
    }

    /// Takes the next Register, whatever comes before it.
    pub async fn register_anew(&mut self) -> Frame {
        loop {
            let frame = self.next().await;
            if frame.path() == "/rd" {
                self.inbox.push_front(frame);
                return self.register().await;
            }
        }
    }

    /// The same with a thermometer on the client.
    pub async fn thermometer(
        &mut self,
        device: &Host,
        account: ServerAccount,
    ) -> (Client, Instance<Temperature>) {
        let builder = builder(device).server(account);
        let sensor = builder.objects().add(0, Temperature::default()).expect("nothing is there yet");
        (self.start(device, builder).await, sensor)
    }

    fn next_message(&mut self) -> (MessageId, Token) {
        self.next_id = self.next_id.wrapping_add(1);
        (MessageId(self.next_id), Token::new(&self.next_id.to_be_bytes()).expect("two octets"))
    }

    /// Sends a request and waits for its answer; what else comes in between waits in its turn.
    pub async fn ask(&mut self, method: Code, uri: &str, options: Options, payload: &[u8]) -> Frame {
        let token = self.begin(method, uri, options, payload);
        self.response(token).await
    }

    /// Sends a request.
    pub fn begin(&mut self, method: Code, uri: &str, options: Options, payload: &[u8]) -> Token {
        let (id, token) = self.next_message();
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let mut all = options.with_path(path.split('/').filter(|segment| !segment.is_empty()));
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            all = all.with_query(parameter);
        }
        self.send(MessageType::Confirmable, id, token, method, &all, payload);
        token
    }

    /// The answer with this token.
    pub async fn response(&mut self, token: Token) -> Frame {
        if let Some(position) = self.answers.iter().position(|answer| answer.token == token) {
            return self.answers.swap_remove(position);
        }
        loop {
            let frame = self.receive(PATIENCE).await.expect("the client answers");
            if frame.kind == MessageType::Confirmable && frame.code.is_response() {
                self.acknowledge(&frame);
            }
            match frame.kind {
                _ if frame.token == token && frame.code.is_response() => return frame,
                MessageType::Acknowledgement | MessageType::Reset if !frame.code.is_response() => {}
                _ if frame.code.is_response() && frame.options.observe().is_none() => {
                    self.answers.push(frame);
                }
                _ => self.inbox.push_back(frame),
            }
        }
    }

    pub async fn read(&mut self, uri: &str) -> Frame {
        self.ask(Code::GET, uri, Options::new(), &[]).await
    }

    pub async fn write_text(&mut self, uri: &str, text: &str) -> Code {
        self.ask(Code::PUT, uri, format(0), text.as_bytes()).await.code
    }

    pub async fn discover(&mut self, uri: &str) -> String {
        let answer = self.ask(Code::GET, uri, Options::new().with_uint(OptionNumber::ACCEPT, 40), &[]).await;
        assert_eq!(answer.code, Code::CONTENT);
        answer.text()
    }

    /// Begins an observation; the first answer, whose token is that of the notifications.
    pub async fn observe(&mut self, uri: &str) -> Frame {
        let options = Options::new().with_uint(OptionNumber::OBSERVE, 0);
        let first = self.ask(Code::GET, uri, options, &[]).await;
        assert_eq!(first.code, Code::CONTENT, "{uri}: {}", first.text());
        assert!(first.options.observe().is_some(), "an observation begins");
        first
    }
}

/// Options with this Content-Format.
pub fn format(format: u64) -> Options {
    Options::new().with_uint(OptionNumber::CONTENT_FORMAT, format)
}

pub const TLV: u64 = 11542;
