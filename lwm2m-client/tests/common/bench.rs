//! A client without a driver: the test itself opens links, delivers frames and says what time it is.

use std::{
    task::{Context, Poll, Waker},
    time::Duration,
};

use lwm2m_client::{
    ClientBuilder, Dispatch,
    lwm2m_core::{
        Address, BoxFuture, Bytes, CallId, Endpoints, Identity, Link, LinkId, Mono, Now, Output, Route,
        machine::{Answer, Call, Machine as _, Perform as _},
        sim::Net,
        transport::{Remote, TransportError, TransportEvent},
    },
    machine::{self, ClientMachine, Command, Event, Reply},
};

type Running = (CallId, BoxFuture<'static, machine::Answer>);

pub struct Bench {
    pub now: Now,
    machine: ClientMachine,
    dispatch: Dispatch,
    running: Vec<Running>,
    /// Links that the client wants, and that nobody has answered yet.
    pub connects: Vec<CallId>,
    pub closed: Vec<Route>,
    pub sent: Vec<(Route, Bytes)>,
    pub replies: Vec<u64>,
    pub deadline: Option<Mono>,
}

pub const fn route(index: u32) -> Route {
    Route { transport: 0, link: LinkId { index, generation: 0 } }
}

impl Bench {
    pub fn new(builder: ClientBuilder) -> Self {
        let (machine, dispatch, _) = builder.into_machine().expect("the accounts can be served");
        let now = Now { mono: Mono(0), wall: None };
        let (running, connects, closed, sent, replies) = Default::default();
        let mut bench =
            Self { now, machine, dispatch, running, connects, closed, sent, replies, deadline: None };
        bench.drain();
        bench
    }

    /// Until there is nothing to do before the next deadline.
    fn drain(&mut self) {
        loop {
            match self.machine.poll_output(self.now) {
                Output::Transmit { route, frame } => self.sent.push((route, frame)),
                Output::Call { id, what } => self.call(id, what),
                Output::Event(event) => {
                    if let Event::Reply { reply, what: Reply::Done(_) } = &event {
                        self.replies.push(*reply);
                    }
                    self.dispatch.publish(event);
                }
                Output::Timeout(at) => {
                    self.deadline = at;
                    if !self.answer_calls() {
                        return;
                    }
                }
            }
        }
    }

    fn call(&mut self, id: CallId, what: Call<machine::Call>) {
        match what {
            Call::Role(call) => self.running.push((id, self.dispatch.perform(call))),
            Call::Connect { .. } => self.connects.push(id),
            Call::Disconnect(route) => {
                self.closed.push(route);
                self.machine.handle_result(self.now, id, Answer::Link(Ok(route)));
            }
            Call::Abandon(id) => self.running.retain(|(running, _)| *running != id),
            Call::Redirect { .. } => panic!("clients have no shards"),
            Call::Fresh(_) => panic!("no link is restored"),
        }
    }

    fn answer_calls(&mut self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        for position in 0..self.running.len() {
            let Some((_, future)) = self.running.get_mut(position) else { return false };
            if let Poll::Ready(answer) = future.as_mut().poll(&mut cx) {
                let (id, _) = self.running.remove(position);
                self.machine.handle_result(self.now, id, Answer::Role(answer));
                return true;
            }
        }
        false
    }

    /// Time passes, and the client is woken when it wants to be.
    pub fn pass(&mut self, time: Duration) {
        let until = self.now.mono.after(time);
        while let Some(at) = self.deadline.filter(|at| *at <= until) {
            self.now.mono = at.max(self.now.mono);
            self.machine.handle_timeout(self.now);
            let before = self.deadline;
            self.drain();
            assert!(self.deadline != before || before > Some(self.now.mono), "it would be woken for ever");
        }
        self.now.mono = until;
    }

    pub fn connected(&mut self, id: CallId, link: Result<Route, TransportError>) {
        self.connects.retain(|known| *known != id);
        self.machine.handle_result(self.now, id, Answer::Link(link));
        self.drain();
    }

    /// The future of a connect has panicked.
    pub fn connect_broke(&mut self, id: CallId) {
        self.connects.retain(|known| *known != id);
        self.machine.handle_result(self.now, id, Answer::Lost);
        self.drain();
    }

    pub fn up(&mut self, route: Route) {
        let address = Address::Ip("192.0.2.1:5683".parse().expect("an address"));
        let remote = Remote { address, identity: Identity::Unsecured, endpoints: Endpoints::Any };
        let event = TransportEvent::Up { link: route.link, info: Link::default(), remote };
        self.machine.handle_link(self.now, route.transport, event);
        self.drain();
    }

    pub fn frame(&mut self, route: Route, frame: Bytes) {
        let event = TransportEvent::Frame { link: route.link, frame };
        self.machine.handle_link(self.now, route.transport, event);
        self.drain();
    }

    /// Something outside has changed.
    pub fn wake(&mut self) {
        self.drain();
    }

    pub fn command(&mut self, command: Command) {
        self.machine.handle_command(self.now, command);
        self.drain();
    }
}

/// A transport that only says what it could carry.
pub fn builder() -> ClientBuilder {
    let net = Net::seeded(7);
    super::builder(&net.host("device")).server(super::account())
}
