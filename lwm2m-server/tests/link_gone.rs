//! The link of a client goes while the store is asked: that is as if it went after the answer.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{net::SocketAddr, sync::Arc};

use common::{Received, frame};
use lwm2m_server::{
    Address, Code, Identity, Registration, UnixTime,
    coap::{self, MessageType, Options, Token},
    lwm2m_core::{
        CallId, Endpoints, Link, LinkId, Mono, Now, Output,
        machine::{Answer as CallAnswer, Call as CallTo, Machine},
        transport::{Remote, TransportError, TransportEvent},
    },
    machine::{Answer, Answered, Call, Command, Config, Event, ServerMachine},
    objects::Registry,
    store::Outcome,
};

const NOW: Now = Now { mono: Mono(0), wall: Some(UnixTime::from_secs(1_790_000_000)) };

/// A machine whose store answers when the test says so.
struct Slow {
    machine: ServerMachine,
    asked: Option<(CallId, usize)>,
    sent: Vec<Received>,
    answered: Vec<Answered>,
}

impl Slow {
    fn new() -> Self {
        let mut config = Config::new(Arc::new(coap::Config::default()), Arc::new(Registry));
        config.store = true;
        let machine = ServerMachine::new(Arc::new(config), [7; 32]);
        Self { machine, asked: None, sent: Vec::new(), answered: Vec::new() }
    }

    fn link(index: u32) -> LinkId {
        LinkId { index, generation: 0 }
    }

    fn up(&mut self, index: u32) {
        let address = Address::Ip(SocketAddr::from(([10, 0, 0, 1], 5000 + u16::try_from(index).unwrap())));
        let remote = Remote { address, identity: Identity::Unsecured, endpoints: Endpoints::Any };
        let (link, info) = (Self::link(index), Link::default());
        self.machine.handle_link(NOW, 0, TransportEvent::Up { link, info, remote });
        self.drain();
    }

    fn down(&mut self, index: u32) {
        let (link, error) = (Self::link(index), TransportError::Closed);
        self.machine.handle_link(NOW, 0, TransportEvent::Down { link, error });
        self.drain();
    }

    fn says(&mut self, index: u32, id: u16, options: &Options, payload: &[u8]) {
        let frame = frame(MessageType::Confirmable, Code::POST, id, Token::EMPTY, options, payload);
        self.machine.handle_link(NOW, 0, TransportEvent::Frame { link: Self::link(index), frame });
        self.drain();
    }

    fn stores(&mut self) {
        let (id, changes) = self.asked.take().expect("the store is asked");
        let answer = Answer::Applied(Ok(vec![Outcome::Done; changes]));
        self.machine.handle_result(NOW, id, CallAnswer::Role(answer));
        self.drain();
    }

    fn registration(&mut self) -> Option<Arc<Registration>> {
        let endpoint = "a".into();
        self.machine.handle_command(NOW, Command::Registration { request: 1, endpoint });
        self.drain();
        match self.answered.pop() {
            Some(Answered::Registration(registration)) => registration,
            other => panic!("{other:?}"),
        }
    }

    fn drain(&mut self) {
        loop {
            match self.machine.poll_output(NOW) {
                Output::Timeout(_) => return,
                Output::Transmit { frame, .. } => self.sent.push(Received::parse(&frame)),
                Output::Call { id, what: CallTo::Role(Call::Apply(changes)) } => {
                    self.asked = Some((id, changes.len()));
                }
                Output::Event(Event::Finished { result: Ok(answered), .. }) => self.answered.push(answered),
                _ => {}
            }
        }
    }
}

fn register() -> Options {
    ["ep=a", "lt=300", "lwm2m=1.1"]
        .iter()
        .fold(Options::new().with_path(["rd"]), |options, parameter| options.with_query(parameter))
}

#[test]
fn a_register_that_the_store_has_is_a_registration() {
    let mut server = Slow::new();
    server.up(0);
    server.says(0, 1, &register(), b"</1/0>,</3/0>");
    server.down(0);
    assert!(server.registration().is_none(), "the store does not have it yet");
    server.stores();
    let registration = server.registration().expect("as after a restart");
    assert_eq!(registration.address.to_string(), "10.0.0.1:5000");
    // It has had no answer, and comes again.
    server.up(1);
    server.says(1, 2, &register(), b"</1/0>,</3/0>");
    server.stores();
    assert_eq!(server.sent.last().unwrap().code, Code::CREATED);
    assert_ne!(server.registration().unwrap().id, registration.id);
    assert_eq!(server.machine.stats().registrations, 1);
}

#[test]
fn a_client_that_comes_from_a_link_which_goes_stays_where_it_was() {
    let mut server = Slow::new();
    server.up(0);
    server.says(0, 1, &register(), b"</1/0>,</3/0>");
    server.stores();
    let location: Vec<String> =
        server.sent.last().unwrap().options.location_path().map(str::to_owned).collect();
    server.up(1);
    let update = Options::new().with_path(location.iter().map(String::as_str)).with_query("lt=600");
    server.says(1, 2, &update, b"");
    server.down(1);
    server.stores();
    let registration = server.registration().expect("it is registered");
    assert_eq!(
        (registration.lifetime.as_secs(), registration.address.to_string().as_str()),
        (600, "10.0.0.1:5000")
    );
    server.says(0, 3, &update, b"");
    server.stores();
    assert_eq!(server.sent.last().unwrap().code, Code::CHANGED);
}
