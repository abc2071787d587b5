//! The bootstrap server as a machine without I/O, above one [`coap::Endpoint`].
//!
//! It takes what transports, handles and answered calls say, with the time as an argument, and gives back frames, calls,
//! events and the next deadline. Programs use [`BootstrapServer`](crate::BootstrapServer), which runs it; this module is
//! for those who bring their own runtime.
//!
//! A Bootstrap-Request enters in `uplink` and becomes a session; `round` takes the source's plan, `step` carries its
//! steps out one after the other, `place` chooses instance ids by what the device has.

mod config;
mod pack;
mod place;
mod round;
mod sessions;
mod step;
mod uplink;

use std::{collections::VecDeque, sync::Arc};

use lwm2m_core::{
    Binding, Entry, Hint, Mono, Now, Output, PeerId, Route, StoreError, coap,
    machine::{self, AboveCoap, Answer as CallAnswer, Call as CallTo, CallId, Calls, FORGOTTEN, Machine},
    transport::{Remote, TransportEvent},
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

pub use self::config::{Config, Counters, Limits, Stats};
use self::sessions::{Sessions, SlotId};
use crate::{BootstrapEvent, Plan, Session};

/// What the machine asks the outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Call {
    /// What is to become of this device?
    Plan(Box<Session>),
    /// The keys that the endpoint needs.
    Credentials(Hint),
}

/// What the outside answers.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// To [`Call::Plan`].
    Plan(Result<Option<Plan>, StoreError>),
    /// To [`Call::Credentials`].
    Credentials(Result<Option<Entry>, StoreError>),
}

/// What a handle wants.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Command {
    /// What does it hold, and what has it done?
    Stats {
        /// For the answer.
        request: u64,
    },
}

/// What the machine tells the outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// For the program.
    Public(BootstrapEvent),
    /// The answer to [`Command::Stats`].
    Stats {
        /// Of the command.
        request: u64,
        /// The answer.
        stats: Box<Stats>,
    },
}

/// What is to be done when a call is answered.
#[derive(Clone, Copy, Debug)]
enum Job {
    Endpoint(CallId),
    Plan(SlotId),
}

/// The bootstrap server.
///
/// `handle_*`: what the network, the clock, answered calls and handles say. After each, drain
/// [`Machine::poll_output`] until it says [`Output::Timeout`].
#[derive(Debug)]
pub struct BootstrapMachine {
    config: Arc<Config>,
    endpoint: coap::Endpoint,
    /// Who is at the other end; by the index of the peer, which the endpoint keeps dense.
    peers: Vec<Option<(PeerId, Remote)>>,
    sessions: Sessions,
    calls: Calls<Job>,
    /// Leaves after what the endpoint has to send: events come after the answers they tell of.
    out: VecDeque<Output<CallTo<Call>, Event>>,
    counters: Counters,
}

/// What one turn of `handle_timeout` ends at most; the rest follows after the network had its turn.
const ENDS_PER_TURN: usize = 1_000;

impl BootstrapMachine {
    /// A machine without any session. `seed` must be secret and different at every start: tokens come from it.
    #[must_use]
    pub fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        let mut rng = ChaCha8Rng::from_seed(seed);
        let mut endpoint_seed = [0; 32];
        rng.fill_bytes(&mut endpoint_seed);
        Self {
            endpoint: coap::Endpoint::new(config.coap.clone(), endpoint_seed),
            peers: Vec::new(),
            sessions: Sessions::new(config.limits.sessions, config.limits.answers),
            calls: Calls::new(config.limits.calls, config.limits.call_timeout),
            out: VecDeque::new(),
            counters: Counters::default(),
            config,
        }
    }

    /// What it holds, and has done since it began.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            sessions: self.sessions.len(),
            calls: self.calls.len(),
            counters: self.counters,
            coap: *self.endpoint.counters(),
        }
    }

    fn emit(&mut self, event: BootstrapEvent) {
        self.out.push_back(Output::Event(Event::Public(event)));
    }

    /// Asks the outside. `Err` gives the job back: too many calls are open.
    fn call(&mut self, now: Now, job: Job, what: Call) -> Result<(), Job> {
        let id = self.calls.open(now.mono, job).inspect_err(|_| self.counters.calls_refused += 1)?;
        self.out.push_back(Output::Call { id, what: CallTo::Role(what) });
        Ok(())
    }

    fn remote(&self, peer: PeerId) -> Option<&Remote> {
        let (known, remote) = self.peers.get(peer.index as usize)?.as_ref()?;
        (*known == peer).then_some(remote)
    }

    fn set_remote(&mut self, peer: PeerId, remote: Remote) {
        let index = peer.index as usize;
        if index >= self.peers.len() {
            self.peers.resize_with(index.saturating_add(1), || None);
        }
        if let Some(place) = self.peers.get_mut(index) {
            *place = Some((peer, remote));
        }
    }

    /// Unless another peer has its place already.
    fn forget_remote(&mut self, peer: PeerId) {
        if let Some(place) = self.peers.get_mut(peer.index as usize)
            && place.as_ref().is_some_and(|(known, _)| *known == peer)
        {
            *place = None;
        }
    }

    fn on_lost(&mut self, now: Now, job: Job) {
        let error = || StoreError::new(std::io::Error::other("no answer in time"));
        match job {
            Job::Endpoint(id) => self.endpoint.handle_result(now, id, Err(error())),
            Job::Plan(slot) => self.on_plan(now, slot, Err(error())),
        }
    }

    fn on_overdue(&mut self, now: Now) -> bool {
        let Some((id, job)) = self.calls.pop_overdue(now.mono) else { return false };
        self.out.push_back(Output::Call { id: FORGOTTEN, what: CallTo::Abandon(id) });
        self.on_lost(now, job);
        true
    }

    fn on_down(&mut self, now: Now, route: Route) {
        let peer = self.endpoint.peer_at(route);
        // First the exchanges of the peer fail, and with them its session.
        self.endpoint.handle_down(now, route);
        if let Some(peer) = peer {
            self.forget_remote(peer);
        }
    }

    fn deadline(&self, endpoint: Option<Mono>) -> Option<Mono> {
        [endpoint, self.sessions.deadline(), self.calls.deadline()].into_iter().flatten().min()
    }
}

impl Machine for BootstrapMachine {
    type Command = Command;
    type Call = Call;
    type Answer = Answer;
    type Event = Event;

    fn handle_link(&mut self, now: Now, transport: u8, event: TransportEvent) {
        let route = |link| Route { transport, link };
        match event {
            TransportEvent::Up { link, info, remote } => {
                let peer = self.endpoint.handle_up(now, route(link), info);
                let plain = self.config.bindings.get(usize::from(transport)) == Some(&Binding::Udp);
                if remote.identity.is_secure() || !plain {
                    self.endpoint.set_proven(peer);
                }
                self.set_remote(peer, remote);
            }
            TransportEvent::Frame { link, frame } => self.endpoint.handle_frame(now, route(link), frame),
            TransportEvent::Changed { link, info } => self.endpoint.handle_change(now, route(link), info),
            TransportEvent::Moved { link, address } => {
                let peer = self.endpoint.peer_at(route(link));
                let known = peer.and_then(|peer| self.peers.get_mut(peer.index as usize)?.as_mut());
                if let Some((_, remote)) = known {
                    remote.address = address;
                }
            }
            TransportEvent::Down { link, .. } => self.on_down(now, route(link)),
            _ => {}
        }
    }

    fn handle_timeout(&mut self, now: Now) {
        self.endpoint.handle_timeout(now);
        for _ in 0..ENDS_PER_TURN {
            if !(self.time_out_one(now) | self.on_overdue(now)) {
                return;
            }
        }
    }

    fn handle_result(&mut self, now: Now, id: CallId, answer: CallAnswer<Answer>) {
        let Some(job) = self.calls.close(id) else { return };
        match (job, answer) {
            (Job::Endpoint(id), CallAnswer::Role(Answer::Credentials(entry))) => {
                self.endpoint.handle_result(now, id, entry);
            }
            (Job::Plan(slot), CallAnswer::Role(Answer::Plan(plan))) => self.on_plan(now, slot, plan),
            (job, _) => self.on_lost(now, job),
        }
    }

    fn handle_command(&mut self, _now: Now, command: Command) {
        match command {
            Command::Stats { request } => {
                let stats = Box::new(self.stats());
                self.out.push_back(Output::Event(Event::Stats { request, stats }));
            }
        }
    }

    fn poll_output(&mut self, now: Now) -> Output<CallTo<Call>, Event> {
        machine::poll_output(self, now)
    }
}

impl AboveCoap for BootstrapMachine {
    fn endpoint(&mut self) -> &mut coap::Endpoint {
        &mut self.endpoint
    }

    fn on_event(&mut self, now: Now, event: coap::Event) {
        match event {
            coap::Event::Request { id, peer, request, .. } => self.on_request(now, id, peer, &request),
            coap::Event::Response { id, response, .. } => self.on_response(now, id, Ok(&response)),
            coap::Event::Failed { id, error } => self.on_response(now, id, Err(error)),
            // A body that goes on has its time anew.
            coap::Event::Progress { id, .. } => self.on_progress(now, id),
            coap::Event::Displaced { peer, route } => {
                self.forget_remote(peer);
                self.out.push_back(Output::Call { id: FORGOTTEN, what: CallTo::Disconnect(route) });
            }
            _ => {}
        }
    }

    fn on_credentials(&mut self, now: Now, id: CallId, hint: Hint) {
        if let Err(job) = self.call(now, Job::Endpoint(id), Call::Credentials(hint)) {
            self.on_lost(now, job);
        }
    }

    fn own_output(&mut self, _now: Now, endpoint: Option<Mono>) -> Option<Output<CallTo<Call>, Event>> {
        Some(self.out.pop_front().unwrap_or_else(|| Output::Timeout(self.deadline(endpoint))))
    }
}
