//! The server as a machine without I/O: registrations, requests, observations, above one [`coap::Endpoint`].
//!
//! One machine per shard. It takes what transports, handles and answered calls say, with the time as an argument, and
//! gives back frames, calls, events and the next deadline. Programs use [`Server`](crate::Server), which runs it;
//! this module is for those who bring their own runtime.
//!
//! Where to look: a frame enters in `handle_link`, becomes an event of the CoAP endpoint, and a Register, Update or
//! De-register goes through `uplink` into `life` (what begins and ends a registration). A [`Command`] enters in
//! `handle_command` and goes through `request` and `observation`.

mod authorize;
mod config;
mod exchanges;
mod keep;
mod life;
mod links;
mod model;
mod observation;
mod peer;
mod pending;
mod persist;
mod post;
mod presence;
mod queue;
mod reach;
mod registration;
mod request;
mod send;
mod shard;
mod types;
mod uplink;

use std::{collections::VecDeque, hash::RandomState, sync::Arc};

use lwm2m_core::{
    Binding, CallId, Hint, Mono, Now, Output, PeerId, Route, StoreError,
    coap::{self, ExchangeId, InboundId, Response},
    machine::{self, AboveCoap, Answer as CallAnswer, Call as CallTo, Calls, FORGOTTEN, Machine},
    transport::TransportEvent,
};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;

use crate::{RegistrationId, store::Change};

#[cfg(feature = "tokio")]
pub(crate) use self::shard::home;
pub use self::{
    config::{Config, Interest, Limits},
    types::{
        Answer, Answered, Ask, BodyPart, Call, Claim, Command, Counters, Event, Heritage, NewRequest,
        ObservationId, Queued, Stats,
    },
};
use self::{
    exchanges::{Exchanges, Owner},
    links::LinkSets,
    observation::Observations,
    peer::Peers,
    pending::Requests,
    presence::Presences,
    reach::Reaching,
    registration::Registrations,
};

/// What is to be done when a call is answered.
#[derive(Debug)]
enum Job {
    /// It is the CoAP endpoint's call.
    Endpoint(CallId),
    /// The directory knows whether somebody proved to be the endpoint: have the store keep the registration.
    MayClaim(uplink::Claimed),
    /// The directory knows where the endpoint was registered: finish the Register.
    Claim(uplink::Claimed),
    /// The program has decided over a request.
    Authorize(Box<authorize::Held>),
    /// The program has decided over a notification.
    AuthorizeValues(Box<authorize::HeldValues>),
    /// A resource of the program has the answer.
    Resource(InboundId),
    /// The sink keeps a batch.
    Accept(keep::Batch),
    /// The store keeps a batch.
    Apply(persist::StoreBatch),
    /// A link is being opened to a client that was not heard yet.
    Connect(RegistrationId),
    /// The next part of a streamed body.
    Body { exchange: ExchangeId, offset: u64 },
}

/// The server of one shard.
///
/// `handle_*`: what the network, the clock, answered calls and handles say. After each, drain
/// [`Machine::poll_output`] until it says [`Output::Timeout`].
#[derive(Debug)]
pub struct ServerMachine {
    config: Arc<Config>,
    endpoint: coap::Endpoint,
    peers: Peers,
    registrations: Registrations,
    links: LinkSets,
    requests: Requests,
    observations: Observations,
    exchanges: Exchanges,
    undecided: authorize::Undecided,
    unkept: keep::Unkept,
    unstored: persist::Unstored,
    reaching: Reaching,
    presences: Presences,
    calls: Calls<Job>,
    /// Leaves after what the endpoint has to send: events come after the answers they tell of.
    out: VecDeque<Output<CallTo<Call>, Event>>,
    rng: ChaCha8Rng,
    counters: Counters,
    /// Time-outs are left over for the next turn.
    behind: bool,
}

/// What one turn of `handle_timeout` ends at most; the rest follows after the network had its turn.
const ENDS_PER_TURN: usize = 1_000;

impl ServerMachine {
    /// A machine without any registration. `seed` must be secret and different at every start: tokens and location
    /// ids come from it.
    #[must_use]
    pub fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        let limits = &config.limits;
        let mut rng = ChaCha8Rng::from_seed(seed);
        let mut endpoint_seed = [0; 32];
        rand_core::Rng::fill_bytes(&mut rng, &mut endpoint_seed);
        Self {
            endpoint: coap::Endpoint::new(config.coap.clone(), endpoint_seed),
            peers: Peers::default(),
            registrations: Registrations::new(config.shard, RandomState::new(), limits.registrations),
            links: LinkSets::new(config.model.clone(), RandomState::new(), limits.all_links),
            requests: Requests::new(limits.requests),
            observations: Observations::default(),
            exchanges: Exchanges::default(),
            undecided: authorize::Undecided::default(),
            unkept: keep::Unkept::default(),
            unstored: persist::Unstored::default(),
            reaching: Reaching::default(),
            presences: Presences::default(),
            calls: Calls::new(limits.calls, limits.call_timeout),
            out: VecDeque::new(),
            rng,
            counters: Counters::default(),
            behind: false,
            config,
        }
    }

    /// What this shard holds, and has done since it began.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            registrations: self.registrations.len(),
            link_sets: self.links.len(),
            link_octets: self.links.octets(),
            observations: self.observations.len(),
            requests: self.requests.len(),
            queued: self.requests.queued_len(),
            asleep: self.presences.asleep(),
            disabled: self.registrations.away(),
            unkept: self.unkept.len(),
            unstored: self.unstored.len(),
            calls: self.calls.len(),
            counters: self.counters,
            coap: *self.endpoint.counters(),
            #[cfg(feature = "tokio")]
            driver: lwm2m_core::driver::Counters::default(),
        }
    }

    /// What an exchange belongs to, if that still wants it.
    fn owner(&self, id: ExchangeId) -> Option<Owner> {
        self.exchanges.get(id).filter(|owner| match owner {
            Owner::Request(key) => self.requests.exchange(*key) == Some(id),
            Owner::Observation(key) => self.observations.exchange(*key) == Some(id),
        })
    }

    fn emit(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    /// Asks the outside. `Err` gives the job back: too many calls are open.
    fn call(&mut self, now: Now, job: Job, what: Call) -> Result<(), Job> {
        let id = self.calls.open(now.mono, job).inspect_err(|_| self.counters.calls_refused += 1)?;
        self.out.push_back(Output::Call { id, what: CallTo::Role(what) });
        Ok(())
    }

    fn respond(&mut self, now: Now, to: InboundId, response: Response) {
        self.endpoint.respond(now, to, response);
    }

    fn disconnect(&mut self, route: Route) {
        self.out.push_back(Output::Call { id: FORGOTTEN, what: CallTo::Disconnect(route) });
    }

    fn on_down(&mut self, now: Now, route: Route) {
        if let Some(peer) = self.endpoint.peer_at(route) {
            self.detach_peer(peer);
        }
        self.endpoint.handle_down(now, route);
    }

    /// The peer goes. Its registration stays, and is reached again when the client is heard again.
    fn detach_peer(&mut self, peer: PeerId) {
        if let (Some(slot), Some(address)) = (self.peers.registration(peer), self.peers.address(peer))
            && let Some(entry) = self.registrations.get_mut(slot)
        {
            let transport = self.peers.transport(peer).unwrap_or(0);
            entry.extra.get_or_insert_default().heard = Some((transport, address));
        }
        self.peers.remove(peer);
    }

    fn on_overdue(&mut self, now: Now) -> bool {
        let Some((id, job)) = self.calls.pop_overdue(now.mono) else { return false };
        self.counters.calls_overdue += 1;
        self.out.push_back(Output::Call { id: FORGOTTEN, what: CallTo::Abandon(id) });
        self.on_lost(now, job);
        true
    }

    /// There will be no answer.
    fn on_lost(&mut self, now: Now, job: Job) {
        match job {
            Job::Endpoint(id) => self.endpoint.handle_result(now, id, Err(late())),
            Job::MayClaim(claimed) => self.not_claimed(now, &claimed, &uplink::busy()),
            Job::Claim(claimed) => {
                self.on_claimed(now, &claimed, Claim::Granted(None, Heritage::default()));
            }
            Job::Authorize(held) => self.on_verdict(now, &held, Err(late())),
            Job::AuthorizeValues(held) => self.on_values_verdict(now, *held, Err(late())),
            Job::Resource(inbound) => {
                let response = uplink::refusal(&uplink::busy());
                self.respond(now, inbound, response);
            }
            Job::Apply(batch) => self.on_applied(now, batch, None),
            Job::Connect(id) => self.not_opened(id),
            Job::Accept(batch) => self.on_accepted(now, &batch, Err(late().into())),
            Job::Body { exchange, .. } => {
                let error =
                    std::io::Error::new(std::io::ErrorKind::TimedOut, "the body did not go on in time");
                self.on_body_failed(now, exchange, Arc::new(error));
            }
        }
    }

    /// Nobody waits for the answer any more; but what it brings must not be lost.
    fn on_too_late(&mut self, answer: CallAnswer<Answer>) {
        if let CallAnswer::Role(Answer::Claimed(claim)) = answer
            && let Some(mail) = claim.into_mail()
        {
            self.return_mail(mail);
        }
    }

    fn deadline(&self, now: Now, endpoint: Option<Mono>) -> Option<Mono> {
        let expiry = self.requests.expiry().map(|at| now.mono.after(at.since(Self::wall(now))));
        let own = [
            endpoint,
            self.registrations.deadline(),
            self.requests.deadline(),
            expiry,
            self.presences.deadline(),
            self.calls.deadline(),
            self.unstored.deadline(),
            self.behind.then_some(Mono(0)),
        ];
        own.into_iter().flatten().min()
    }
}

/// A question to the outside that was not answered.
fn late() -> StoreError {
    StoreError::new(std::io::Error::other("no answer in time"))
}

impl Machine for ServerMachine {
    type Command = Command;
    type Call = Call;
    type Answer = Answer;
    type Event = Event;

    fn handle_link(&mut self, now: Now, transport: u8, event: TransportEvent) {
        let route = |link| Route { transport, link };
        match event {
            TransportEvent::Up { link, info, remote } => {
                let peer = self.endpoint.handle_up(now, route(link), info);
                let address = remote.address.clone();
                let plain = self.config.bindings.get(usize::from(transport)) == Some(&Binding::Udp);
                if remote.identity.is_secure() || !plain {
                    self.endpoint.set_proven(peer);
                }
                self.peers.set(peer, transport, remote);
                self.on_up(now, route(link), &address);
            }
            TransportEvent::Frame { link, frame } => {
                if let Some(frame) = self.keep_or_redirect(now, route(link), frame) {
                    self.endpoint.handle_frame(now, route(link), frame);
                }
            }
            TransportEvent::Changed { link, info } => self.endpoint.handle_change(now, route(link), info),
            TransportEvent::Moved { link, address } => {
                if let Some(peer) = self.endpoint.peer_at(route(link)) {
                    self.on_moved(now, peer, address);
                }
            }
            TransportEvent::Down { link, error } => {
                self.on_not_opened(route(link));
                self.session_ended(now, route(link), error);
                self.on_down(now, route(link));
            }
            _ => {}
        }
    }

    fn handle_timeout(&mut self, now: Now) {
        self.endpoint.handle_timeout(now);
        for _ in 0..ENDS_PER_TURN {
            let done = self.expire_one(now)
                | self.time_out_one(now)
                | self.expire_request(now)
                | self.doze_one(now)
                | self.on_overdue(now);
            self.behind = done;
            if !done {
                return;
            }
        }
    }

    fn handle_result(&mut self, now: Now, id: CallId, answer: CallAnswer<Answer>) {
        let Some(job) = self.calls.close(id) else { return self.on_too_late(answer) };
        let (job, answer) = match (job, answer) {
            (Job::Connect(id), CallAnswer::Link(link)) => return self.on_opening(now, id, &link),
            other => other,
        };
        let CallAnswer::Role(answer) = answer else { return self.on_lost(now, job) };
        match (job, answer) {
            (Job::Endpoint(id), Answer::Credentials(entry)) => self.endpoint.handle_result(now, id, entry),
            (Job::MayClaim(claimed), Answer::Claimed(claim)) => self.on_may_claim(now, &claimed, &claim),
            (Job::Claim(claimed), Answer::Claimed(before)) => self.on_claimed(now, &claimed, before),
            (Job::Authorize(held), Answer::Authorized(verdict)) => self.on_verdict(now, &held, verdict),
            (Job::AuthorizeValues(held), Answer::Authorized(verdict)) => {
                self.on_values_verdict(now, *held, verdict);
            }
            (Job::Resource(inbound), Answer::Resource(response)) => self.respond(now, inbound, response),
            (Job::Apply(batch), Answer::Applied(outcomes)) => {
                let outcomes = outcomes.inspect_err(|error| {
                    tracing::warn!(target: "lwm2m::server", %error, "the store has not kept a batch");
                });
                self.on_applied(now, batch, outcomes.ok());
            }
            (Job::Accept(batch), Answer::Accepted(result)) => self.on_accepted(now, &batch, result),
            (Job::Body { exchange, offset }, Answer::Body(part)) => self.on_body(now, exchange, offset, part),
            (job, _) => self.on_lost(now, job),
        }
    }

    fn handle_command(&mut self, now: Now, command: Command) {
        match command {
            Command::Request(request) => self.on_new_request(now, *request),
            Command::Cancel { request } => self.on_cancel(now, request),
            Command::CancelObservation { request, observation, timeout } => {
                self.cancel_observation(now, request, observation, timeout);
            }
            Command::EndObservation { observation } => self.end_observation(now, observation),
            Command::Detach { observation } => self.detach(observation),
            Command::Restore(stored) => self.restore(now, *stored),
            Command::Registration { request, endpoint } => {
                let slot = self.registrations.by_name(&endpoint);
                let slot = slot.filter(|slot| !self.registrations.is_away(*slot));
                let view = slot.and_then(|slot| self.view(now, slot));
                self.emit(Event::Finished { request, result: Ok(Answered::Registration(view)) });
            }
            Command::List { request, from, max } => self.on_list(now, request, from, max),
            Command::Evict { request, id } => self.on_evict(now, request, id),
            Command::StoreAgain { endpoint } => self.store_again(now, &endpoint),
            Command::Unstore { id } => self.store_behind(Change::Deregister(id)),
            Command::Presence { request, endpoint } => self.on_presence(request, &endpoint),
            Command::Queue { request, endpoint } => self.on_queue(request, &endpoint),
            Command::Withdraw { request, endpoint, number } => self.on_withdraw(request, &endpoint, number),
            Command::Stats { request } => {
                let stats = Box::new(self.stats());
                self.emit(Event::Finished { request, result: Ok(Answered::Stats(stats)) });
            }
        }
    }

    fn poll_output(&mut self, now: Now) -> Output<CallTo<Call>, Event> {
        machine::poll_output(self, now)
    }
}

impl AboveCoap for ServerMachine {
    fn endpoint(&mut self) -> &mut coap::Endpoint {
        &mut self.endpoint
    }

    fn on_event(&mut self, now: Now, event: coap::Event) {
        match event {
            coap::Event::Request { id, peer, request, .. } => self.on_request(now, id, peer, &request),
            coap::Event::Response { id, response, observing } => {
                self.on_response(now, id, &response, observing);
            }
            coap::Event::Notification { id, seen, response, how } => {
                self.on_notification(now, id, seen, &response, how);
            }
            coap::Event::Failed { id, error } => self.on_failed(now, id, error),
            coap::Event::Progress { id, sent, total, .. } => self.on_progress(now, id, sent, total),
            coap::Event::NeedBody { body, offset, max } => self.on_need_body(now, body, offset, max),
            coap::Event::Displaced { peer, route } => {
                self.detach_peer(peer);
                self.disconnect(route);
            }
            // Answers of ours that did not arrive: the device repeats its request, or registers anew.
            _ => {}
        }
    }

    fn on_credentials(&mut self, now: Now, id: CallId, hint: Hint) {
        if let Err(job) = self.call(now, Job::Endpoint(id), Call::Credentials(hint)) {
            self.on_lost(now, job);
        }
    }

    fn own_output(&mut self, now: Now, endpoint: Option<Mono>) -> Option<Output<CallTo<Call>, Event>> {
        match self.out.pop_front() {
            None if self.offer(now) | self.flush(now) => None,
            None => Some(Output::Timeout(self.deadline(now, endpoint))),
            output => output,
        }
    }
}
