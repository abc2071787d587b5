//! A device over real UDP on loopback: registers, is read and observed, updates and leaves.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed"
)]

use std::{net::SocketAddr, time::Duration};

use lwm2m_server::{
    Address, Code, Server, ServerEvent,
    coap::{Message, MessageId, MessageType, OptionNumber, Options, Token},
    transport::Listen,
};
use tokio::net::UdpSocket;

struct Device {
    socket: UdpSocket,
    next: u16,
}

/// A message, taken out of its frame.
#[derive(Debug)]
struct Received {
    kind: MessageType,
    code: Code,
    id: MessageId,
    token: Token,
    options: Options,
}

impl Device {
    async fn new(server: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(server).await.unwrap();
        Self { socket, next: 1 }
    }

    async fn send(
        &self,
        kind: MessageType,
        code: Code,
        id: MessageId,
        token: Token,
        options: &Options,
        payload: &[u8],
    ) {
        let mut frame = bytes::BytesMut::new();
        Message { kind, code, id, token, options: options.view(), payload }.encode(&mut frame);
        self.socket.send(&frame).await.unwrap();
    }

    async fn receive(&self) -> Received {
        let mut frame = vec![0; 2048];
        let got = tokio::time::timeout(Duration::from_secs(10), self.socket.recv(&mut frame)).await;
        frame.truncate(got.expect("a frame in time").unwrap());
        let frame = bytes::Bytes::from(frame);
        let message = Message::parse(&frame).unwrap();
        Received {
            kind: message.kind,
            code: message.code,
            id: message.id,
            token: message.token,
            options: message.options.to_options(&frame),
        }
    }

    async fn ask(&mut self, code: Code, options: Options, payload: &[u8]) -> Received {
        let id = MessageId(self.next);
        self.next += 1;
        self.send(MessageType::Confirmable, code, id, Token::EMPTY, &options, payload).await;
        let answer = self.receive().await;
        assert_eq!((answer.kind, answer.id), (MessageType::Acknowledgement, id));
        answer
    }

    async fn answer(&self, request: &Received, options: Options, payload: &[u8]) {
        let (id, token) = (request.id, request.token);
        self.send(MessageType::Acknowledgement, Code::CONTENT, id, token, &options, payload).await;
    }
}

fn text() -> Options {
    Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 0)
}

#[tokio::test]
async fn a_device_registers_is_read_and_observed_updates_and_leaves() {
    let server = Server::builder().listen(Listen::udp("127.0.0.1:0")).start().await.unwrap();
    let Some(Address::Ip(at)) = server.addresses().first().cloned() else { panic!("it listens on UDP") };
    let mut events = server.events();
    let mut device = Device::new(at).await;

    let register =
        Options::new().with_path(["rd"]).with_query("ep=thermo").with_query("lt=300").with_query("lwm2m=1.1");
    let answer = device.ask(Code::POST, register, b"</1/0>,</3/0>,</3303/0>").await;
    assert_eq!(answer.code, Code::CREATED, "{answer:?}");
    let location: Vec<String> = answer.options.location_path().map(str::to_owned).collect();
    let location = || Options::new().with_path(location.iter().map(String::as_str));
    let Some(ServerEvent::Registered { registration, replaced: None }) = events.next().await else {
        panic!("no event");
    };
    assert_eq!((&*registration.endpoint, registration.objects().len()), ("thermo", 3));

    let client = server.client("thermo");
    let reading = tokio::spawn(async move { client.read::<f64>("/3303/0/5700").await });
    let request = device.receive().await;
    assert_eq!(request.options.uri_path().collect::<Vec<_>>(), ["3303", "0", "5700"]);
    device.answer(&request, text(), b"20.5").await;
    assert_eq!(reading.await.unwrap().unwrap(), 20.5);

    let client = server.client("thermo");
    let observing = tokio::spawn(async move { client.observe::<f64>("/3303/0/5700").await });
    let request = device.receive().await;
    assert_eq!(request.options.observe(), Some(0));
    device.answer(&request, text().with_uint(OptionNumber::OBSERVE, 1), b"20.5").await;
    let mut observation = observing.await.unwrap().unwrap();
    assert_eq!(observation.next().await.unwrap().unwrap().value, 20.5);
    let notification = text().with_uint(OptionNumber::OBSERVE, 2);
    let (id, token) = (MessageId(500), request.token);
    device.send(MessageType::NonConfirmable, Code::CONTENT, id, token, &notification, b"21.5").await;
    assert_eq!(observation.next().await.unwrap().unwrap().value, 21.5);

    let answer = device.ask(Code::POST, location().with_query("lt=600"), b"").await;
    assert_eq!(answer.code, Code::CHANGED);
    let Some(ServerEvent::Updated(updated)) = events.next().await else { panic!("no event") };
    assert_eq!((updated.before.lifetime.as_secs(), updated.after.lifetime.as_secs()), (300, 600));

    assert_eq!(device.ask(Code::DELETE, location(), b"").await.code, Code::DELETED);
    assert!(matches!(events.next().await, Some(ServerEvent::Deregistered(_))));
    assert!(observation.next().await.unwrap().is_err(), "it says why it ends");
    assert!(observation.next().await.is_none());
    assert_eq!(device.ask(Code::POST, location(), b"").await.code, Code::NOT_FOUND);
    server.shutdown().await;
    assert!(events.next().await.is_none());
}
