//! What the machine takes for a fleet: memory per registration and per observation, time per message.
//!
//! `cargo bench -p lwm2m-server --bench machine [-- DEVICES]`, by default 100,000. The machine alone, without sockets:
//! memory leaves out what a transport keeps per link, time what the kernel takes.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a program that measures"
)]

use std::{
    alloc::System,
    hint::black_box,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use lwm2m_server::{
    Address, Code, Identity, Path, Tree, UnixTime,
    coap::{self, Message, MessageId, MessageType, OptionNumber, Options, Token},
    lwm2m_core::{
        Attributes, Endpoints, Link, LinkId, Mono, Now, Output,
        machine::Machine,
        ops::Downlink,
        transport::{Remote, TransportEvent},
    },
    machine::{Ask, Command, Config, NewRequest, ServerMachine},
    objects::Registry,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const LINKS: &[u8] =
    b"</>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542\",</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>,</3303/0>";

fn main() {
    let devices = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100_000_u32);
    println!("{devices} devices");
    let mut fleet = Fleet::new(devices as usize);
    let before = Before { allocated: Region::new(ALLOCATOR), resident: resident() };
    fleet.measure("registration", devices, Fleet::register);
    fleet.settle();
    report("registration", &before, devices);
    fleet.measure("update", devices, Fleet::update);
    fleet.measure("update again", devices, Fleet::update);
    fleet.settle();
    let before = Before { allocated: Region::new(ALLOCATOR), resident: resident() };
    fleet.measure("observe", devices, Fleet::observe);
    fleet.settle();
    report("observation", &before, devices);
    fleet.measure("NON notification", devices, |fleet, n| fleet.notify(n, MessageType::NonConfirmable));
    fleet.measure("CON notification", devices, |fleet, n| fleet.notify(n, MessageType::Confirmable));
    fleet.measure("read", devices, Fleet::read);
}

struct Before<'a> {
    allocated: Region<'a, System>,
    resident: usize,
}

/// Allocated octets per device since `before`.
fn report(what: &str, before: &Before<'_>, devices: u32) {
    let change = before.allocated.change();
    let octets = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    println!(
        "{what:>20}: {} octets, {} resident",
        octets / devices as usize,
        resident().saturating_sub(before.resident) / devices as usize
    );
}

/// Time that this thread has had a processor; where the system does not say, time that has passed.
fn cpu_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = said.and_then(|line| line.split(' ').next()?.parse().ok()).map(Duration::from_nanos);
    nanos.unwrap_or_else(|| BEGAN.get_or_init(Instant::now).elapsed())
}

/// Octets of memory that are in use, as the system counts; 0 where it does not say.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|line| line.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

struct Fleet {
    machine: ServerMachine,
    now: Now,
    frames: BytesMut,
    /// Answers of the server, latest first taken.
    sent: Vec<Bytes>,
    locations: Vec<[u8; 12]>,
    tokens: Vec<Token>,
    id: u16,
    sequence: u64,
}

impl Fleet {
    /// Room for what the bench itself remembers is made before anything is measured.
    fn new(devices: usize) -> Self {
        let config = Config::new(Arc::new(coap::Config::default()), Arc::new(Registry));
        Self {
            machine: ServerMachine::new(Arc::new(config), [7; 32]),
            now: Now { mono: Mono(0), wall: Some(UnixTime::from_secs(1_790_000_000)) },
            frames: BytesMut::with_capacity(1 << 16),
            sent: Vec::new(),
            locations: Vec::with_capacity(devices),
            tokens: Vec::with_capacity(devices),
            id: 0,
            sequence: 1,
        }
    }

    fn measure(&mut self, what: &str, devices: u32, each: impl Fn(&mut Self, u32)) {
        let (began, allocated) = (cpu_time(), Region::new(ALLOCATOR));
        for n in 0..devices {
            // As if they came at 10,000 a second.
            self.now.mono = self.now.mono.after(Duration::from_micros(100));
            each(self, n);
        }
        let (time, allocations) = (cpu_time().saturating_sub(began), allocated.change().allocations);
        let (time, allocations) = (time.as_secs_f64() * 1e6, allocations as f64);
        let devices = f64::from(devices);
        println!("{what:>20}: {:.2} µs, {:.2} allocations", time / devices, allocations / devices);
    }

    /// Lets what is remembered to recognise repetitions run out.
    fn settle(&mut self) {
        for _ in 0..60 {
            self.now.mono = self.now.mono.after(Duration::from_secs(5));
            self.machine.handle_timeout(self.now);
            self.drain();
        }
    }

    fn link(n: u32) -> LinkId {
        LinkId { index: n, generation: 0 }
    }

    fn frame(&mut self, n: u32, frame: Bytes) {
        self.machine.handle_link(self.now, 0, TransportEvent::Frame { link: Self::link(n), frame });
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.machine.poll_output(self.now) {
                Output::Timeout(_) => return,
                Output::Transmit { frame, .. } => self.sent.push(frame),
                other => drop(black_box(other)),
            }
        }
    }

    fn message(
        &mut self,
        kind: MessageType,
        code: Code,
        token: Token,
        options: &Options,
        payload: &[u8],
    ) -> Bytes {
        self.id = self.id.wrapping_add(1);
        self.message_with(kind, code, MessageId(self.id), token, options, payload)
    }

    fn message_with(
        &mut self,
        kind: MessageType,
        code: Code,
        id: MessageId,
        token: Token,
        options: &Options,
        payload: &[u8],
    ) -> Bytes {
        Message { kind, code, id, token, options: options.view(), payload }.encode(&mut self.frames);
        self.frames.split().freeze()
    }

    fn register(&mut self, n: u32) {
        let [_, a, b, c] = n.to_be_bytes();
        let remote = Remote {
            address: Address::Ip(SocketAddr::from((Ipv4Addr::new(10, a, b, c), 5683))),
            identity: Identity::Unsecured,
            endpoints: Endpoints::Any,
        };
        self.machine.handle_link(
            self.now,
            0,
            TransportEvent::Up { link: Self::link(n), info: Link::default(), remote },
        );
        let options = Options::new()
            .with_path(["rd"])
            .with_uint(OptionNumber::CONTENT_FORMAT, 40)
            .with_query(&format!("ep=urn:dev:ops:32473-a-{n:08}"))
            .with_query("lt=86400")
            .with_query("lwm2m=1.1")
            .with_query("b=U");
        let frame = self.message(MessageType::Confirmable, Code::POST, Token::EMPTY, &options, LINKS);
        self.frame(n, frame);
        let answer = self.sent.pop().unwrap();
        let message = Message::parse(&answer).unwrap();
        assert_eq!(message.code, Code::CREATED);
        let location = message.options.texts(OptionNumber::LOCATION_PATH).nth(1).unwrap();
        self.locations.push(location.as_bytes().try_into().unwrap());
    }

    fn update(&mut self, n: u32) {
        let location = self.locations[n as usize];
        let options = Options::new().with_path(["rd", std::str::from_utf8(&location).unwrap()]);
        let frame = self.message(MessageType::Confirmable, Code::POST, Token::EMPTY, &options, b"");
        self.frame(n, frame);
        let answer = self.sent.pop().unwrap();
        assert_eq!(Message::parse(&answer).unwrap().code, Code::CHANGED);
    }

    /// Sends a request to the device, which answers with a value.
    fn ask(&mut self, n: u32, operation: Downlink, options: &Options) -> Token {
        let to = format!("urn:dev:ops:32473-a-{n:08}").into();
        let new = NewRequest::new(u64::from(n), to, Ask::Operation(operation), Duration::from_secs(60));
        self.machine.handle_command(self.now, Command::Request(Box::new(new)));
        self.drain();
        let request = self.sent.pop().unwrap();
        let (id, token) = Message::parse(&request).map(|message| (message.id, message.token)).unwrap();
        let answer =
            self.message_with(MessageType::Acknowledgement, Code::CONTENT, id, token, options, b"20.5");
        self.frame(n, answer);
        token
    }

    fn observe(&mut self, n: u32) {
        let options =
            Options::new().with_uint(OptionNumber::OBSERVE, 1).with_uint(OptionNumber::CONTENT_FORMAT, 0);
        let path = Path::new(&[3303, 0, 5700]).unwrap();
        let token = self.ask(
            n,
            Downlink::Observe { tree: Tree::DEFAULT, path, attributes: Attributes::default() },
            &options,
        );
        self.tokens.push(token);
    }

    fn notify(&mut self, n: u32, kind: MessageType) {
        self.sequence += 1;
        let options = Options::new()
            .with_uint(OptionNumber::OBSERVE, self.sequence)
            .with_uint(OptionNumber::CONTENT_FORMAT, 0);
        let frame = self.message(kind, Code::CONTENT, self.tokens[n as usize], &options, b"21.5");
        self.frame(n, frame);
        self.sent.clear();
    }

    fn read(&mut self, n: u32) {
        let path = Path::new(&[3303, 0, 5700]).unwrap();
        let options = Options::new().with_uint(OptionNumber::CONTENT_FORMAT, 0);
        self.ask(n, Downlink::Read { tree: Tree::DEFAULT, path }, &options);
        self.sent.clear();
    }
}
