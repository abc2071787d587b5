//! One end of a DTLS session over a UDP socket, to try the engine against other stacks.
//!
//! ```text
//! dtls_peer server 127.0.0.1:5684 --psk node1:000102030405060708090a0b0c0d0e0f
//! dtls_peer client 127.0.0.1:5684 --psk node1:000102030405060708090a0b0c0d0e0f --say hello
//! ```
//!
//! A server sends back what it receives. A client says something, waits for an answer, prints it, and closes. With
//! `--coap`, the server answers requests with 2.05 and a text, and the client asks for `/`.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a program of its own, with a socket and a clock"
)]

use std::{
    fs,
    net::{SocketAddr, UdpSocket},
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lwm2m_core::{
    Address, Bytes, Credentials, Endpoints, Entry, Hint, LinkId, Matching, Mono, Now, Output, Route, Secret,
    StoreError, UnixTime,
    dtls::{
        Config, Connect, ConnectionIds, Endpoint, Event, SessionId, key::PrivateKey,
        message::MaxFragmentLength, suite::Suite,
    },
};

const USAGE: &str = "dtls_peer client|server ADDRESS [--psk IDENTITY:HEX] [--rpk KEY PEER_SPKI] \
    [--x509 CHAIN KEY CA] [--host NAME] [--suite NUMBER]... [--no-cid] [--mtu OCTETS] [--mfl] \
    [--say TEXT] [--coap] [--rebind] [--resume] [--seconds N]";

#[derive(Default)]
struct Options {
    credentials: Option<Arc<Credentials>>,
    host: Option<String>,
    suites: Vec<Suite>,
    no_cid: bool,
    datagram: Option<usize>,
    short_records: bool,
    say: String,
    coap: bool,
    rebind: bool,
    resume: bool,
    seconds: u64,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (role, address) = (arguments.next().expect(USAGE), arguments.next().expect(USAGE));
    let address: SocketAddr = address.parse().expect("IP:PORT");
    let options = options(arguments);
    match &*role {
        "client" => client(address, &options),
        "server" => server(address, &options),
        _ => panic!("{USAGE}"),
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Options {
    let mut options = Options { say: "hello".into(), seconds: 20, ..Options::default() };
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().expect(USAGE);
        match &*name {
            "--psk" => {
                let value = value();
                let (identity, key) = value.split_once(':').expect("IDENTITY:HEX");
                let identity = Bytes::copy_from_slice(identity.as_bytes());
                options.credentials =
                    Some(Arc::new(Credentials::Psk { identity, key: Secret::new(hex(key)) }));
            }
            "--rpk" => {
                let (key, peer) = (read(&value()), der(&value()).remove(0));
                options.credentials = Some(Arc::new(Credentials::RawPublicKey {
                    key: Secret::new(key),
                    peer,
                    matching: Matching::Exact,
                }));
            }
            "--x509" => {
                let (chain, key, trust) = (der(&value()), read(&value()), der(&value()));
                let key = Secret::new(key);
                options.credentials =
                    Some(Arc::new(Credentials::Certificate { chain, key, trust, peer: None }));
            }
            "--host" => options.host = Some(value()),
            "--suite" => {
                let id = u16::from_str_radix(&value(), 16).expect("a number in hex");
                options.suites.push(Suite::from_id(id).expect("a suite that is known"));
            }
            "--no-cid" => options.no_cid = true,
            "--mtu" => options.datagram = value().parse().ok(),
            "--mfl" => options.short_records = true,
            "--say" => options.say = value(),
            "--coap" => options.coap = true,
            "--rebind" => options.rebind = true,
            "--resume" => options.resume = true,
            "--seconds" => options.seconds = value().parse().unwrap(),
            _ => panic!("{name}? {USAGE}"),
        }
    }
    options
}

fn config(options: &Options, mut config: Config) -> Arc<Config> {
    config.suites = if options.suites.is_empty() { Suite::ALL.to_vec() } else { options.suites.clone() };
    if options.no_cid {
        config.connection_id = ConnectionIds::Off;
    }
    config.datagram = options.datagram.unwrap_or(config.datagram);
    config.max_fragment_length = options.short_records.then_some(MaxFragmentLength::OCTETS_512);
    Arc::new(config)
}

/// A socket, the engine, and the clock.
struct Peer {
    endpoint: Endpoint,
    socket: UdpSocket,
    /// Whom each route leads to.
    peers: Vec<SocketAddr>,
    began: Instant,
    end: Instant,
}

impl Peer {
    fn new(at: SocketAddr, options: &Options, config: Arc<Config>) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let began = Instant::now();
        Self {
            endpoint: Endpoint::new(config, seed),
            socket: UdpSocket::bind(at).unwrap(),
            peers: Vec::new(),
            began,
            end: began + Duration::from_secs(options.seconds),
        }
    }

    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Now {
            mono: Mono(self.began.elapsed().as_micros() as u64),
            wall: Some(UnixTime(wall.as_micros() as i64)),
        }
    }

    fn route(&mut self, address: SocketAddr) -> Route {
        let index = self.peers.iter().position(|known| *known == address).unwrap_or_else(|| {
            self.peers.push(address);
            self.peers.len() - 1
        });
        Route { transport: 0, link: LinkId { index: index as u32, generation: 0 } }
    }

    /// The next event; `None` when the time is over.
    fn next(&mut self, keys: Option<&Credentials>) -> Option<Event> {
        let mut buffer = vec![0; 65536];
        loop {
            let deadline = match self.endpoint.poll_output() {
                Output::Transmit { route, frame } => {
                    let to = self.peers[route.link.index as usize];
                    let _ = self.socket.send_to(&frame, to);
                    continue;
                }
                Output::Call { id, what } => {
                    let answer = lookup(keys, &what);
                    let now = self.now();
                    self.endpoint.handle_result(now, id, &answer);
                    continue;
                }
                Output::Event(event) => return Some(event),
                Output::Timeout(deadline) => deadline,
            };
            let end = self.end.checked_duration_since(Instant::now())?;
            let wait = deadline.map_or(end, |deadline| deadline.since(self.now().mono).min(end));
            self.socket.set_read_timeout(Some(wait.max(Duration::from_millis(1)))).unwrap();
            let received = self.socket.recv_from(&mut buffer);
            let now = self.now();
            if let Ok((length, from)) = received {
                let route = self.route(from);
                self.endpoint.handle_datagram(now, route, &Address::Ip(from), &buffer[..length]);
            }
            self.endpoint.handle_timeout(now);
        }
    }
}

/// One set of keys, for whoever asks.
fn lookup(keys: Option<&Credentials>, hint: &Hint) -> Result<Option<Entry>, StoreError> {
    let fits = match (hint, keys) {
        (Hint::Psk { identity: asked }, Some(Credentials::Psk { identity, .. })) => asked == identity,
        (Hint::Own { raw_public_key: true, .. }, Some(Credentials::RawPublicKey { .. })) => true,
        (Hint::RawPublicKey(_), Some(Credentials::RawPublicKey { .. })) => true,
        (Hint::Own { certificate: true, .. }, Some(Credentials::Certificate { .. })) => true,
        (Hint::Certificate(_), Some(Credentials::Certificate { .. })) => true,
        _ => false,
    };
    let entry = |keys: &Credentials| Entry { credentials: Arc::new(keys.clone()), endpoints: Endpoints::Any };
    Ok(keys.filter(|_| fits).map(entry))
}

fn server(at: SocketAddr, options: &Options) {
    let mut peer = Peer::new(at, options, config(options, Config::server(1)));
    println!("listening {at}");
    while let Some(event) = peer.next(options.credentials.as_deref()) {
        report(&event);
        if let Event::Received { session, data } = event {
            let now = peer.now();
            let answer = if options.coap { content(&data) } else { Some(data.to_vec()) };
            if let Some(answer) = answer {
                let _ = peer.endpoint.send(now, session, &answer);
            }
        }
    }
    println!("{:?}", peer.endpoint.counters());
}

/// 2.05 for a request, piggybacked if it is confirmable. [RFC 7252 §3]
fn content(request: &[u8]) -> Option<Vec<u8>> {
    let [first, 1..=31, id0, id1, ..] = *request else { return None };
    let token = request.get(4..4 + usize::from(first & 15))?;
    let kind = if first & 0x30 == 0 { 0x60 } else { 0x50 };
    Some([&[kind | first & 15, 0x45, id0, id1], token, b"\xFFhello from lwm2m"].concat())
}

fn client(to: SocketAddr, options: &Options) {
    let at = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let mut peer = Peer::new(at.parse().unwrap(), options, config(options, Config::default()));
    let mut connect = Connect::new(options.credentials.clone().expect("keys"));
    connect.host.clone_from(&options.host);
    let session = establish(&mut peer, to, connect.clone());
    if options.coap {
        say(&mut peer, session, &[0x40, 0x01, 0x12, 0x34]);
    } else {
        say(&mut peer, session, format!("{}\n", options.say).as_bytes());
    }
    if options.rebind {
        peer.socket = UdpSocket::bind(at).unwrap();
        say(&mut peer, session, b"from another port\n");
    }
    if options.resume {
        connect.resume = peer.endpoint.resumption(session);
        assert!(connect.resume.is_some(), "the server offers no resumption");
        peer.endpoint.close(session);
        let session = establish(&mut peer, to, connect);
        say(&mut peer, session, b"resumed\n");
        peer.endpoint.close(session);
    } else {
        peer.endpoint.close(session);
    }
    peer.end = Instant::now() + Duration::from_millis(100);
    while peer.next(None).is_some() {}
    println!("done");
}

fn establish(peer: &mut Peer, to: SocketAddr, connect: Connect) -> SessionId {
    let (now, route) = (peer.now(), peer.route(to));
    let wanted = peer.endpoint.connect(now, route, connect).unwrap();
    while let Some(event) = peer.next(None) {
        report(&event);
        match event {
            Event::Established { session, .. } if session == wanted => return session,
            Event::Closed { session, .. } if session == wanted => break,
            _ => (),
        }
    }
    println!("not established");
    std::process::exit(1);
}

fn say(peer: &mut Peer, session: SessionId, data: &[u8]) {
    let now = peer.now();
    peer.endpoint.send(now, session, data).unwrap();
    while let Some(event) = peer.next(None) {
        report(&event);
        match event {
            Event::Received { .. } => return,
            Event::Closed { .. } => break,
            _ => (),
        }
    }
    println!("no answer");
    std::process::exit(2);
}

fn report(event: &Event) {
    match event {
        Event::Established { peer, suite, resumed, .. } => {
            println!("established {} {} resumed={resumed}", suite.name(), peer.identity);
        }
        Event::Received { data, .. } => println!("received {:?}", String::from_utf8_lossy(data)),
        Event::Moved { .. } => println!("moved"),
        Event::Closed { why, .. } => println!("closed: {why}"),
        other => println!("{other:?}"),
    }
}

fn read(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The DER in a file of PEM or DER; the public half of a private key.
fn der(path: &str) -> Vec<Bytes> {
    let octets = read(path);
    if let Ok(key) = PrivateKey::from_octets(&octets) {
        return vec![Bytes::copy_from_slice(&key.public().spki())];
    }
    let Ok(text) = std::str::from_utf8(&octets) else { return vec![octets.into()] };
    let mut blocks = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let (_, body) = block.split_once("-----\n").expect("PEM");
        let (body, _) = body.split_once("-----END").expect("PEM");
        let body: String = body.split_whitespace().collect();
        blocks.push(BASE64_STANDARD.decode(body).expect("base64").into());
    }
    blocks
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(digit).collect()
}
