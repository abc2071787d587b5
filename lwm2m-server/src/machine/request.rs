//! Requests to clients: each waits its turn, is sent, and ends within its time. [Core 1.2 §6.3]

use std::{io, sync::Arc, time::Duration};

use super::{
    Answered, Ask, Call, Event, Job, NewRequest, Owner, ServerMachine,
    observation::{Begun, DETACHED},
    pending::{Pending, Post, Posted, Wait},
    post::can_be_posted,
    queue::{SERVER, effect_of},
    registration::Entry,
    types::BodyPart,
};
use crate::{EndReason, PostOutcome, RequestError, ServerEvent, store::Change};
use lwm2m_core::{
    Now, Path, PeerId, Tree,
    coap::{self, BodyId, Delivery, ExchangeError, ExchangeId},
    codec::{ContentFormat, Context},
    ops::{Body, Downlink, DownlinkAnswer, Target},
};

/// A body that is read once cannot be sent again.
fn is_streamed(ask: &Ask) -> bool {
    matches!(ask, Ask::Operation(Downlink::Write { body: Body::Streamed { .. }, .. }))
}

/// How long a posted request waits where it does not say.
const POSTED: Duration = Duration::from_secs(86_400);
/// How long a client may take to show that it is there.
const PROOF: Duration = Duration::from_secs(60);

impl ServerMachine {
    pub(super) fn on_new_request(&mut self, now: Now, new: NewRequest) {
        let request = new.request;
        if let Err(error) = self.admit(now, new) {
            self.counters.requests += 1;
            self.counters.queue_full += u64::from(matches!(error, RequestError::QueueFull));
            self.emit(Event::Finished { request, result: Err(error) });
        }
    }

    pub(super) fn admit(&mut self, now: Now, new: NewRequest) -> Result<(), RequestError> {
        let Some(slot) = self.registrations.by_name(&new.to) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        let expires = self.patience(slot, &new)?;
        let (observed, places) = match &new.ask {
            Ask::Operation(Downlink::Observe { attributes, .. }) => (Some(*attributes), None),
            Ask::Operation(Downlink::ObserveComposite { attributes, paths, .. }) => {
                (Some(*attributes), Some(paths.as_slice().into()))
            }
            _ => (None, None),
        };
        let format = new.format.or_else(|| self.usual_format(slot, &new.ask));
        let (message, target) = self.encode(slot, &new.ask, format)?;
        // A composite operation has its places in the body: which are the same, is not looked for.
        let place = target.as_ref().filter(|target| new.replace && target.path != Path::ROOT);
        if let Some(target) = place {
            self.supersede(slot, target);
        }
        // Whatever waits, waits until the client is heard.
        let gone = self.registrations.get(slot).is_some_and(|entry| entry.asleep);
        let gone = gone || (expires.is_some() && self.disabled_until(slot).is_some());
        let limits = &self.config.limits;
        let most = if gone { limits.queued_per_client } else { limits.requests_per_client };
        if self.registrations.get(slot).is_none_or(|entry| entry.requests.len >= most) {
            return Err(RequestError::QueueFull);
        }
        let effect = effect_of(&new.ask);
        let post = match (new.post, self.config.store) {
            (false, _) => Post::No,
            (true, false) => Post::Leaves,
            (true, true) => Post::Keeping,
        };
        let wait = expires.map(|wait| {
            let (repeat, expires) = (new.repeat && !is_streamed(&new.ask), Self::wall(now).after(wait));
            Box::new(Wait { ask: new.ask, format: new.format, expires, repeat, post })
        });
        let pending = Pending {
            message: Some(message).filter(|_| !gone),
            format,
            attributes: observed.filter(|attributes| !attributes.is_empty()).map(Box::new),
            places,
            progress: new.progress,
            priority: new.priority,
            effect,
            wait,
            ..Pending::new(new.request, slot, target, new.timeout)
        };
        let Some(entry) = self.registrations.get_mut(slot) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        let key = self.requests.push(now.mono, &mut entry.requests, pending);
        let key = key.ok_or(RequestError::QueueFull)?;
        if new.post {
            self.post(key, new.request, new.to)?;
        }
        self.send_waiting(now, slot);
        if self.requests.waits(key) && (gone || self.requests.is_held(key)) {
            self.emit(Event::Queued { request: new.request });
        }
        Ok(())
    }

    /// How long it may wait for its client. `Err`: it cannot be asked now.
    fn patience(&self, slot: u32, new: &NewRequest) -> Result<Option<Duration>, RequestError> {
        let Some(entry) = self.registrations.get(slot) else {
            return Err(RequestError::NotRegistered(new.to.clone()));
        };
        if new.post && !can_be_posted(&new.ask) {
            return Err(RequestError::NotPostable);
        }
        let expires = new.expires.or(self.config.queue).or_else(|| new.post.then_some(POSTED));
        let away = self.registrations.is_away(slot);
        if away && self.disabled_until(slot).is_none() {
            return Err(RequestError::NotRegistered(new.to.clone()));
        }
        if away && expires.is_none() {
            return Err(RequestError::Disabled(new.to.clone()));
        }
        if entry.asleep && expires.is_none() {
            return Err(RequestError::Asleep(new.to.clone()));
        }
        let observes =
            matches!(new.ask, Ask::Operation(Downlink::Observe { .. } | Downlink::ObserveComposite { .. }));
        if observes && entry.observations.len >= self.config.limits.observations_per_client {
            return Err(RequestError::QueueFull);
        }
        Ok(expires)
    }

    pub(super) fn encode(
        &self,
        slot: u32,
        ask: &Ask,
        format: Option<ContentFormat>,
    ) -> Result<(coap::Request, Option<Target>), RequestError> {
        match ask {
            Ask::Raw(request) => Ok((request.clone(), None)),
            Ask::Operation(operation) => {
                let cx = self.context(slot).ok_or(RequestError::WrongAnswer)?;
                Ok((operation.to_coap(&cx, format)?, Some(operation.target())))
            }
        }
    }

    /// What payloads of this client are read and written with.
    pub(super) fn context(&self, slot: u32) -> Option<Context<'_>> {
        let entry = self.registrations.get(slot)?;
        let model = self.links.model(entry.links)?;
        Some(Context { model, version: entry.version, tree: &Tree::DEFAULT })
    }

    /// The format of bodies and answers where the caller names none: the best of what the client has.
    fn usual_format(&self, slot: u32, ask: &Ask) -> Option<ContentFormat> {
        let Ask::Operation(operation) = ask else { return None };
        let entry = self.registrations.get(slot)?;
        operation.usual_format(&self.context(slot)?, &self.links.links(entry.links)?.formats)
    }

    /// Sends what may be on its way to this client.
    pub(super) fn send_waiting(&mut self, now: Now, slot: u32) {
        while let Some(entry) = self.registrations.get(slot)
            && !entry.asleep
            && entry.in_flight < self.most_in_flight(entry)
            && let Some(key) = self.first_to_send(slot)
        {
            let peer = entry.peer;
            if self.requests.is_expired(key, Self::wall(now)) {
                self.expire(key);
                continue;
            }
            match self.requests.post(key) {
                Post::Keeping | Post::Leaving => return, // its turn is not over
                Post::Kept => return self.leaves(key),
                Post::Unknown => {
                    self.end_unknown(key);
                    continue;
                }
                Post::No | Post::Leaves => {}
            }
            if self.endpoint.route_of(peer).is_none() {
                if self.open_link(now, slot) {
                    return;
                }
                self.not_sendable(key, &ExchangeError::LinkGone { sent: false });
                continue;
            }
            let message = match self.message_of(slot, key) {
                Ok(message) => message,
                Err(error) => {
                    if let Some((_, request)) = self.forget_request(key) {
                        self.emit_finished(request, Err(error));
                    }
                    continue;
                }
            };
            if self.endpoint.is_too_much_for(peer, &message) {
                if let Some(pending) = self.requests.get_mut(key) {
                    pending.message = Some(message);
                }
                return self.ask_for_proof(now, slot, peer);
            }
            self.transmit(now, slot, peer, key, message);
        }
    }

    fn transmit(&mut self, now: Now, slot: u32, peer: PeerId, key: u32, message: coap::Request) {
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.in_flight = entry.in_flight.saturating_add(1);
        }
        let exchange = self.endpoint.request(now, peer, message, Delivery::Confirmable);
        if let Some(pending) = self.requests.get_mut(key) {
            pending.exchange = Some(exchange);
        }
        self.requests.sent(now.mono, key);
        self.exchanges.set(exchange, Owner::Request(key));
        self.listens(now, slot);
    }

    /// Whatever the client answers: it is where it says it is. What waits goes on then.
    fn ask_for_proof(&mut self, now: Now, slot: u32, peer: PeerId) {
        let path = Path::new(&[SERVER]).unwrap_or_default();
        let ask = Ask::Operation(Downlink::Discover { tree: Tree::DEFAULT, path, depth: None });
        let Ok((message, target)) = self.encode(slot, &ask, None) else { return };
        let pending = Pending { priority: u8::MAX, ..Pending::new(DETACHED, slot, target, PROOF) };
        let Some(entry) = self.registrations.get_mut(slot) else { return };
        match self.requests.push(now.mono, &mut entry.requests, pending) {
            Some(key) => self.transmit(now, slot, peer, key, message),
            None => self.hold_waiting(slot),
        }
    }

    /// To a client that was sent away only what cannot wait for it, as long as it is there.
    fn first_to_send(&self, slot: u32) -> Option<u32> {
        let impatient = self.disabled_until(slot).is_some();
        let list = self.registrations.get(slot)?.requests;
        self.requests.first_waiting(list, |pending| !impatient || pending.wait.is_none())
    }

    /// A client that sleeps gets one request at a time [Core 1.2 §6.5], and one that may not be there.
    fn most_in_flight(&self, entry: &Entry) -> u16 {
        let one = entry.queue_mode || !self.endpoint.has_proven(entry.peer);
        if one { 1 } else { self.config.limits.in_flight_per_client }
    }

    fn message_of(&mut self, slot: u32, key: u32) -> Result<coap::Request, RequestError> {
        if let Some(message) = self.requests.get_mut(key).and_then(|pending| pending.message.take()) {
            return Ok(message);
        }
        let pending = self.requests.get(key).ok_or(RequestError::WrongAnswer)?;
        let wait = pending.wait.as_ref().ok_or(RequestError::WrongAnswer)?;
        let format = wait.format.or_else(|| self.usual_format(slot, &wait.ask));
        let (message, _) = self.encode(slot, &wait.ask, format)?;
        if let Some(pending) = self.requests.get_mut(key) {
            pending.format = format;
        }
        Ok(message)
    }

    /// There is no way to the client: what may wait for it waits.
    fn not_sendable(&mut self, key: u32, error: &ExchangeError) {
        match self.requests.get_mut(key).filter(|pending| pending.wait.is_some()) {
            Some(pending) => pending.held = true,
            None => {
                if let Some((_, request)) = self.forget_request(key) {
                    self.emit_finished(request, Err(error.clone().into()));
                }
            }
        }
    }

    /// Has the client of this registration never shown that it is there?
    fn is_unproven(&self, slot: u32) -> bool {
        self.registrations.get(slot).is_some_and(|entry| !self.endpoint.has_proven(entry.peer))
    }

    /// Nobody has answered, and perhaps there is nobody: what waits waits until the client is heard, and what cannot is not
    /// sent. Attack: Registers in the name of a victim, which would get all that waits for such a client.
    fn hold_waiting(&mut self, slot: u32) {
        while let Some(entry) = self.registrations.get(slot)
            && let Some(key) = self.requests.first_waiting(entry.requests, |_| true)
        {
            match self.requests.get_mut(key).filter(|pending| pending.wait.is_some()) {
                Some(pending) => pending.held = true,
                None => {
                    if let Some((_, request)) = self.forget_request(key) {
                        self.emit_finished(request, Err(RequestError::TimedOut { sent: false }));
                    }
                }
            }
        }
    }

    /// Those that wait cannot be sent.
    pub(super) fn fail_waiting(&mut self, slot: u32, error: &ExchangeError) {
        while let Some(entry) = self.registrations.get(slot)
            && let Some(key) = self.requests.first_waiting(entry.requests, |_| true)
        {
            self.not_sendable(key, error);
        }
    }

    /// Ends a request, and lets the next one of the client go.
    pub(super) fn finish(&mut self, now: Now, key: u32, result: Result<Answered, RequestError>) {
        let Some((slot, request)) = self.forget_request(key) else { return };
        self.emit_finished(request, result);
        self.go_on_with(now, slot, request);
    }

    /// A request of the client is over: now those have room that could not wait.
    fn go_on_with(&mut self, now: Now, slot: u32, ended: u64) {
        if ended == DETACHED {
            self.observe_again(now, slot);
        }
        self.send_waiting(now, slot);
    }

    pub(super) fn emit_finished(&mut self, request: u64, result: Result<Answered, RequestError>) {
        self.counters.requests += 1;
        if let Some(Posted { to: endpoint, told }) = self.requests.posted.remove(&request) {
            self.store_behind(Change::Dequeue { endpoint: endpoint.clone(), number: request });
            if !told {
                return self.emit(Event::Finished { request, result });
            }
            let result = result.and_then(|answered| match answered {
                Answered::Operation(answer) => Ok(answer),
                _ => Err(RequestError::WrongAnswer),
            });
            let outcome = PostOutcome { endpoint, number: request, result };
            return self.emit(Event::Public(ServerEvent::Posted(outcome)));
        }
        if request != DETACHED {
            self.emit(Event::Finished { request, result });
        }
    }

    /// Gives the slot of its client and the caller's number.
    pub(super) fn forget_request(&mut self, key: u32) -> Option<(u32, u64)> {
        let slot = self.requests.get(key)?.registration;
        let entry = self.registrations.get_mut(slot)?;
        let pending = self.requests.remove(&mut entry.requests, key)?;
        if let Some(exchange) = pending.exchange {
            entry.in_flight = entry.in_flight.saturating_sub(1);
            self.exchanges.remove(exchange);
        }
        Some((slot, pending.request))
    }

    pub(super) fn on_response(
        &mut self,
        now: Now,
        id: ExchangeId,
        response: &coap::Response,
        observing: bool,
    ) {
        let Some(Owner::Request(key)) = self.owner(id) else { return };
        let Some(pending) = self.requests.get_mut(key) else { return };
        let (slot, request, format) = (pending.registration, pending.request, pending.format);
        let (attributes, places) = (pending.attributes.take(), pending.places.take());
        let effect = pending.effect;
        self.listens(now, slot);
        let Some(target) = self.requests.target(key).cloned() else {
            return self.finish(now, key, Ok(Answered::Raw(response.clone())));
        };
        let answer = self.decode(slot, response, &target);
        if let Ok(answer) = &answer {
            self.apply_effect(now, slot, effect, answer);
        }
        if !target.verb.observes() {
            return self.finish(now, key, answer.map(Answered::Operation));
        }
        let result = match answer {
            Ok(DownlinkAnswer::Values(first)) => {
                self.forget_request(key);
                let observation = observing.then(|| {
                    self.begin_observation(
                        slot,
                        id,
                        Begun { reader: request, target, format, attributes, places },
                    )
                });
                self.emit_finished(request, Ok(Answered::Observing { observation, first }));
                return self.go_on_with(now, slot, request);
            }
            Ok(other) => Ok(Answered::Operation(other)),
            Err(error) => {
                self.forget_refused(slot, key, &error);
                Err(error)
            }
        };
        if observing {
            self.endpoint.cancel(now, id);
        }
        self.finish(now, key, result);
    }

    /// Reads an answer with what is known of this client.
    pub(super) fn decode(
        &self,
        slot: u32,
        response: &coap::Response,
        target: &Target,
    ) -> Result<DownlinkAnswer, RequestError> {
        let cx = self.context(slot).ok_or(RequestError::WrongAnswer)?;
        match DownlinkAnswer::from_coap(response, target, &cx)? {
            DownlinkAnswer::Refused(rejection) => Err(RequestError::Refused(rejection)),
            answer => Ok(answer),
        }
    }

    pub(super) fn on_failed(&mut self, now: Now, id: ExchangeId, error: ExchangeError) {
        match self.owner(id) {
            Some(Owner::Request(key)) => self.request_failed(now, key, error),
            Some(Owner::Observation(key)) => self.observation_failed(key, error.into()),
            None => {}
        }
    }

    fn request_failed(&mut self, now: Now, key: u32, error: ExchangeError) {
        let Some(slot) = self.requests.get(key).map(|pending| pending.registration) else { return };
        let unheard = matches!(error, ExchangeError::TimedOut { .. } | ExchangeError::LinkGone { .. });
        if !unheard {
            return self.finish(now, key, Err(error.into()));
        }
        let kept = match error {
            ExchangeError::LinkGone { sent: false } if self.requests.waits(key) => self.unsend(key, false),
            _ => self.keep_for_later(key),
        };
        self.unanswered(now, slot, key, kept, error.into());
    }

    /// A request was sent and not answered; `kept`: it waits again.
    fn unanswered(&mut self, now: Now, slot: u32, key: u32, kept: bool, error: RequestError) {
        self.falls_asleep(now, slot);
        if self.is_unproven(slot) {
            self.hold_waiting(slot);
            if !kept && let Some((_, request)) = self.forget_request(key) {
                self.emit_finished(request, Err(error));
            }
        } else if kept {
            self.send_waiting(now, slot);
        } else {
            self.finish(now, key, Err(error));
        }
    }

    /// It waits, as before; `left`: it may have arrived.
    pub(super) fn unsend(&mut self, key: u32, left: bool) -> bool {
        let Some((slot, exchange)) = self.requests.put_back(key, left) else { return false };
        if let Some(request) = self.requests.get(key).map(|pending| pending.request) {
            self.emit(Event::Queued { request });
        }
        self.exchanges.remove(exchange);
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.in_flight = entry.in_flight.saturating_sub(1);
        }
        true
    }

    /// A transfer that goes on has its time anew.
    pub(super) fn on_progress(&mut self, now: Now, id: ExchangeId, sent: u64, total: Option<u64>) {
        let Some(Owner::Request(key)) = self.owner(id) else { return };
        let Some(pending) = self.requests.get(key) else { return };
        let (request, wanted) = (pending.request, pending.progress);
        let slot = pending.registration;
        self.requests.deadlines.set(key, now.mono.after(pending.timeout));
        self.listens(now, slot);
        if wanted {
            self.emit(Event::Progress { request, sent, total });
        }
    }

    pub(super) fn on_need_body(&mut self, now: Now, body: BodyId, offset: u64, max: usize) {
        let BodyId::Ours(exchange) = body else { return };
        let Some(Owner::Request(key)) = self.owner(exchange) else { return };
        let Some(request) = self.requests.get(key).map(|pending| pending.request) else { return };
        let job = Job::Body { exchange, offset };
        if let Err(job) = self.call(now, job, Call::NextBody { request, max }) {
            self.on_lost(now, job);
        }
    }

    pub(super) fn on_body(
        &mut self,
        now: Now,
        exchange: ExchangeId,
        offset: u64,
        part: io::Result<BodyPart>,
    ) {
        match part {
            Ok(BodyPart { bytes, last }) => {
                self.endpoint.provide(now, BodyId::Ours(exchange), offset, bytes, last);
            }
            Err(error) => self.on_body_failed(now, exchange, Arc::new(error)),
        }
    }

    pub(super) fn on_body_failed(&mut self, now: Now, exchange: ExchangeId, error: Arc<io::Error>) {
        if let Some(Owner::Request(key)) = self.owner(exchange) {
            self.endpoint.cancel(now, exchange);
            self.finish(now, key, Err(RequestError::Body(error)));
        }
    }

    pub(super) fn on_cancel(&mut self, now: Now, request: u64) {
        let Some(key) = self.requests.numbers.get(&request).copied() else { return };
        self.cancel_exchange(now, key);
        if let Some((slot, _)) = self.forget_request(key) {
            self.counters.requests += 1;
            self.send_waiting(now, slot);
        }
    }

    /// Did a message leave?
    pub(super) fn cancel_exchange(&mut self, now: Now, key: u32) -> bool {
        let Some(exchange) = self.requests.get(key).and_then(|pending| pending.exchange) else {
            return false;
        };
        self.endpoint.cancel(now, exchange);
        true
    }

    pub(super) fn time_out_one(&mut self, now: Now) -> bool {
        let Some(key) = self.requests.deadlines.pop_due(now.mono) else { return false };
        let sent = self.cancel_exchange(now, key);
        self.counters.timed_out += 1;
        let Some(slot) = self.requests.get(key).map(|pending| pending.registration) else { return true };
        let error = RequestError::TimedOut { sent };
        if sent {
            let kept = self.keep_for_later(key);
            self.unanswered(now, slot, key, kept, error);
        } else {
            self.finish(now, key, Err(error));
        }
        true
    }

    /// The registration ends: so do its requests.
    pub(super) fn end_requests(&mut self, now: Now, slot: u32, reason: EndReason) {
        while let Some(key) = self.registrations.get(slot).map(|entry| entry.requests.first)
            && self.end_request(now, key, reason)
        {}
    }

    /// `false`: there is none.
    pub(super) fn end_request(&mut self, now: Now, key: u32, reason: EndReason) -> bool {
        let sent = self.cancel_exchange(now, key) || self.requests.has_left(key);
        let Some((_, request)) = self.forget_request(key) else { return false };
        self.emit_finished(request, Err(RequestError::Ended { reason, sent }));
        true
    }
}
