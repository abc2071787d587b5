//! A machine with all that surrounds it, polled with the time as argument: the same for sockets and in simulation.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    COMMANDS, Handle,
    calls::{Calls, Outcome},
    counters::Shared,
    port::{Port, Sent},
    strays::Strays,
};
use crate::{
    CallId, LinkId, Mono, Now, Output, Route,
    coap::Summary,
    machine::{Answer, Call, Machine, Perform},
    transport::{Target, Transport, TransportError, TransportEvent},
};

/// Of each source and round, so that none starves the others.
const PER_ROUND: usize = 64;
/// How long frames may still leave, and calls end, after the last handle is gone.
const GRACE: Duration = Duration::from_secs(1);

pub(crate) struct Shard<M: Machine, P> {
    machine: M,
    perform: P,
    /// `None` once it said `Closed`.
    ports: Vec<Option<Port>>,
    calls: Calls<M::Answer>,
    commands: mpsc::Receiver<M::Command>,
    strays: Strays,
    /// When the machine wants to hear of the time.
    deadline: Option<Mono>,
    /// When a shard without handles ends.
    ending: Option<Mono>,
    pub(super) counters: Arc<Shared>,
}

/// What a round came to.
#[derive(Debug)]
pub(crate) enum Turn {
    /// There may be more to do.
    Again,
    /// Every source has said `Pending` and holds the waker.
    Wait(Option<Mono>),
    Ended(Ended),
}

/// Why a driver ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ended {
    /// The last handle is gone.
    Stopped,
    /// No transport is left; the error is that of the last one.
    Closed(TransportError),
}

impl<M: Machine, P: Perform<M>> Shard<M, P> {
    pub(crate) fn new(
        machine: M,
        perform: P,
        transports: Vec<Box<dyn Transport>>,
        strays: Strays,
    ) -> (Self, Handle<M::Command>) {
        let (sender, commands) = mpsc::channel(COMMANDS);
        let counters = Arc::<Shared>::default();
        let handle = Handle {
            commands: sender,
            counters: Arc::clone(&counters),
            transports: transports.iter().filter_map(|t| t.counters()).collect(),
        };
        let shard = Self {
            machine,
            perform,
            ports: transports.into_iter().map(|t| Some(Port::new(t))).collect(),
            calls: Calls::new(),
            commands,
            strays,
            deadline: None,
            ending: None,
            counters,
        };
        (shard, handle)
    }

    /// One round: some of every source, then what the machine wants.
    pub(crate) fn turn(&mut self, now: Now, cx: &mut Context<'_>) -> Turn {
        let mut work = self.take_commands(now, cx) + self.take_answers(now, cx) + self.take_strays(cx);
        match self.take_events(now, cx) {
            Ok(events) => work += events,
            Err(error) => return Turn::Ended(Ended::Closed(error)),
        }
        if self.deadline.is_some_and(|at| at <= now.mono) {
            work += 1;
            self.machine.handle_timeout(now);
        }
        work += self.drain(now, cx) + self.flush(now, cx);
        if work > 0 {
            return Turn::Again;
        }
        if let Some(end) = self.ending {
            let flushed = self.ports.iter().flatten().all(Port::is_flushed) && self.calls.is_empty();
            if flushed || end <= now.mono {
                return Turn::Ended(Ended::Stopped);
            }
        }
        let transports = self.ports.iter().flatten().filter_map(Port::deadline);
        Turn::Wait(transports.chain(self.deadline).chain(self.ending).min())
    }

    fn take_commands(&mut self, now: Now, cx: &mut Context<'_>) -> usize {
        if self.ending.is_some() {
            return 0;
        }
        for done in 0..PER_ROUND {
            match self.commands.poll_recv(cx) {
                Poll::Ready(Some(command)) => self.machine.handle_command(now, command),
                Poll::Ready(None) => {
                    self.ending = Some(now.mono.after(GRACE));
                    return done + 1;
                }
                Poll::Pending => return done,
            }
        }
        PER_ROUND
    }

    fn take_answers(&mut self, now: Now, cx: &mut Context<'_>) -> usize {
        for done in 0..PER_ROUND {
            let Poll::Ready((id, outcome)) = self.calls.poll(cx) else { return done };
            self.settle(now, id, outcome);
        }
        PER_ROUND
    }

    fn settle(&mut self, now: Now, id: CallId, outcome: Outcome<M::Answer>) {
        let answer = match outcome {
            Outcome::Answered(answer) => Answer::Role(answer),
            Outcome::Abandoned => return,
            Outcome::Panicked => {
                self.counters.panics.add(1);
                tracing::error!(target: "lwm2m::driver", call = id.0, "a call panicked");
                Answer::Lost
            }
        };
        self.machine.handle_result(now, id, answer);
    }

    fn take_strays(&mut self, cx: &mut Context<'_>) -> usize {
        for done in 0..PER_ROUND {
            let Poll::Ready((transport, stray)) = self.strays.poll(cx) else { return done };
            self.counters.strays_in.add(1);
            if let Some(port) = self.port(transport) {
                port.transport().adopt(stray);
            }
        }
        PER_ROUND
    }

    /// One event of each transport in turn. Fails when the last transport has closed.
    fn take_events(&mut self, now: Now, cx: &mut Context<'_>) -> Result<usize, TransportError> {
        let (mut done, mut idle) = (0, 0);
        let count = self.ports.len();
        for position in (0..count).cycle() {
            if done >= PER_ROUND || idle >= count {
                break;
            }
            let port = self.ports.get_mut(position).and_then(Option::as_mut);
            let event = port.map_or(Poll::Pending, |port| port.poll_event(now, cx));
            let Poll::Ready(event) = event else {
                idle += 1;
                continue;
            };
            (idle, done) = (0, done + 1);
            self.on_event(position, event, now)?;
        }
        Ok(done)
    }

    fn on_event(&mut self, position: usize, event: TransportEvent, now: Now) -> Result<(), TransportError> {
        let Some(place) = self.ports.get_mut(position) else { return Ok(()) };
        let Some(port) = place else { return Ok(()) };
        let transport = u8::try_from(position).unwrap_or(u8::MAX);
        let mut last = None;
        match event {
            TransportEvent::Writable { link } => {
                port.writable(link);
                return Ok(());
            }
            TransportEvent::Stray { shard, stray } => {
                let handed = self.strays.hand_over(shard, transport, stray);
                let counter = if handed { &self.counters.strays_out } else { &self.counters.strays_dropped };
                counter.add(1);
                return Ok(());
            }
            TransportEvent::Frame { link, ref frame } => trace_frame("received", transport, link, frame),
            TransportEvent::Down { link, .. } => port.forget(link, &self.counters),
            TransportEvent::Closed { ref error } => {
                tracing::error!(target: "lwm2m::driver", transport, %error, "a transport closed");
                last = Some(error.clone());
                *place = None;
            }
            _ => {}
        }
        self.machine.handle_link(now, transport, event);
        match last {
            Some(error) if self.ports.iter().all(Option::is_none) => Err(error),
            _ => Ok(()),
        }
    }

    /// Drains the machine: its output is bounded by the input it was given.
    fn drain(&mut self, now: Now, cx: &mut Context<'_>) -> usize {
        let mut work = 0;
        loop {
            match self.machine.poll_output(now) {
                Output::Transmit { route, frame } => work += self.send(now, cx, route, frame),
                Output::Call { id, what } => {
                    work += 1;
                    self.start(now, id, what);
                }
                Output::Event(event) => self.perform.publish(event),
                Output::Timeout(at) => {
                    self.deadline = at;
                    return work;
                }
            }
        }
    }

    fn send(&mut self, now: Now, cx: &mut Context<'_>, route: Route, frame: Bytes) -> usize {
        let counters = Arc::clone(&self.counters);
        let Some(port) = self.port(route.transport) else {
            counters.dropped.add(1);
            return 0;
        };
        trace_frame("sent", route.transport, route.link, &frame);
        let sent = port.send(now, cx, route.link, frame, &counters);
        self.after_send(now, route, sent)
    }

    fn after_send(&mut self, now: Now, route: Route, sent: Sent) -> usize {
        match sent {
            Sent::Done => 0,
            Sent::Look => 1,
            Sent::Cut(error) => {
                self.close(route);
                let down = TransportEvent::Down { link: route.link, error };
                self.machine.handle_link(now, route.transport, down);
                1
            }
        }
    }

    fn start(&mut self, now: Now, id: CallId, what: Call<M::Call>) {
        match what {
            Call::Role(call) => {
                self.counters.calls.add(1);
                let perform = &mut self.perform;
                if let Some(outcome) = self.calls.start(id, || perform.perform(call)) {
                    self.settle(now, id, outcome);
                }
            }
            Call::Abandon(id) => self.counters.abandoned.add(u64::from(self.calls.abandon(id))),
            Call::Connect { transport, target } => {
                let link = self.connect(transport, &target);
                let route = link.map(|link| Route { transport, link });
                self.machine.handle_result(now, id, Answer::Link(route));
            }
            Call::Disconnect(route) => {
                self.close(route);
                self.machine.handle_result(now, id, Answer::Link(Ok(route)));
            }
            Call::Fresh(route) => {
                if let Some(port) = self.port(route.transport) {
                    port.transport().fresh(route.link);
                }
                self.machine.handle_result(now, id, Answer::Link(Ok(route)));
            }
            Call::Redirect { route, shard, frame } => {
                let stray = self
                    .port(route.transport)
                    .and_then(|port| port.transport().redirect(route.link, shard, frame));
                let handed = stray.is_some_and(|stray| self.strays.hand_over(shard, route.transport, stray));
                let counter = if handed { &self.counters.strays_out } else { &self.counters.strays_dropped };
                counter.add(1);
            }
        }
    }

    fn connect(&mut self, transport: u8, target: &Target) -> Result<LinkId, TransportError> {
        self.port(transport).ok_or(TransportError::Closed)?.transport().connect(target)
    }

    fn close(&mut self, route: Route) {
        let counters = Arc::clone(&self.counters);
        if let Some(port) = self.port(route.transport) {
            port.forget(route.link, &counters);
            port.transport().disconnect(route.link);
        }
    }

    /// Frames that waited, of links that may be tried again.
    fn flush(&mut self, now: Now, cx: &mut Context<'_>) -> usize {
        let counters = Arc::clone(&self.counters);
        let mut done = 0;
        for position in 0..self.ports.len() {
            for _ in 0..PER_ROUND {
                let Some(port) = self.ports.get_mut(position).and_then(Option::as_mut) else { break };
                let Some((link, sent)) = port.flush_one(now, cx, &counters) else { break };
                done += 1;
                let transport = u8::try_from(position).unwrap_or(u8::MAX);
                self.after_send(now, Route { transport, link }, sent);
            }
        }
        done
    }

    fn port(&mut self, transport: u8) -> Option<&mut Port> {
        self.ports.get_mut(usize::from(transport)).and_then(Option::as_mut)
    }
}

/// The message trace of the programs. Payloads are not in it.
fn trace_frame(what: &'static str, transport: u8, link: LinkId, frame: &[u8]) {
    tracing::trace!(target: "lwm2m::message", transport, link = link.index, "{what} {}", Summary(frame));
}
