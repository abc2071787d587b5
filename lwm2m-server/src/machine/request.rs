//! Requests to clients: each waits its turn, is sent, and ends within its time. [Core 1.2 §6.3]

use std::{io, sync::Arc, time::Duration};

use lwm2m_core::{
    Attributes, Mono, Now, Path, Tree,
    coap::{self, BodyId, Delivery, ExchangeError, ExchangeId},
    codec::{ContentFormat, Context},
    machine::Deadlines,
    ops::{Downlink, DownlinkAnswer, Target},
};
use slab::Slab;

use super::{
    Answered, Ask, Call, Event, Job, NewRequest, Owner, ServerMachine,
    observation::{Begun, DETACHED},
    registration::{List, NONE},
    types::BodyPart,
};
use crate::{EndReason, RequestError};

/// Requests of all clients. Those of one client are chained in the order they came.
#[derive(Debug)]
pub(crate) struct Requests {
    slab: Slab<Pending>,
    deadlines: Deadlines<Mono>,
    /// By the caller's number.
    numbers: std::collections::HashMap<u64, u32, foldhash::fast::FixedState>,
    max: usize,
}

/// A request that waits or is on its way.
#[derive(Debug)]
pub(crate) struct Pending {
    request: u64,
    registration: u32,
    before: u32,
    after: u32,
    /// Taken when it is sent.
    message: Option<coap::Request>,
    exchange: Option<ExchangeId>,
    /// `None`: a raw request.
    target: Option<Target>,
    format: Option<ContentFormat>,
    /// Of an Observe, if it has any.
    attributes: Option<Box<Attributes>>,
    /// Of an Observe-Composite.
    places: Option<Box<[Path]>>,
    timeout: Duration,
    progress: bool,
}

impl Requests {
    pub(crate) fn new(max: usize) -> Self {
        Self {
            slab: Slab::new(),
            deadlines: Deadlines::new(),
            numbers: std::collections::HashMap::default(),
            max,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.deadlines.next()
    }

    pub(crate) fn exchange(&self, key: u32) -> Option<ExchangeId> {
        self.get(key).and_then(|pending| pending.exchange)
    }

    fn get(&self, key: u32) -> Option<&Pending> {
        self.slab.get(key as usize)
    }

    fn get_mut(&mut self, key: u32) -> Option<&mut Pending> {
        self.slab.get_mut(key as usize)
    }

    /// Appends to the list of its client. `None`: there is no room.
    fn push(&mut self, now: Mono, list: &mut List, pending: Pending) -> Option<u32> {
        let key = u32::try_from(self.slab.vacant_key()).ok().filter(|_| self.slab.len() < self.max)?;
        self.deadlines.set(key, now.after(pending.timeout));
        self.numbers.insert(pending.request, key);
        self.slab.insert(Pending { before: list.last, after: NONE, ..pending });
        match self.get_mut(list.last) {
            Some(last) => last.after = key,
            None => list.first = key,
        }
        list.last = key;
        list.len = list.len.saturating_add(1);
        Some(key)
    }

    fn remove(&mut self, list: &mut List, key: u32) -> Option<Pending> {
        let pending = self.slab.try_remove(key as usize)?;
        self.deadlines.remove(key);
        self.numbers.remove(&pending.request);
        match self.get_mut(pending.before) {
            Some(before) => before.after = pending.after,
            None => list.first = pending.after,
        }
        match self.get_mut(pending.after) {
            Some(after) => after.before = pending.before,
            None => list.last = pending.before,
        }
        list.len = list.len.saturating_sub(1);
        Some(pending)
    }

    /// The first of a list that is not on its way.
    fn first_waiting(&self, list: List) -> Option<u32> {
        let mut key = list.first;
        loop {
            let pending = self.get(key)?;
            if pending.exchange.is_none() {
                return Some(key);
            }
            key = pending.after;
        }
    }
}

impl ServerMachine {
    pub(super) fn on_new_request(&mut self, now: Now, new: NewRequest) {
        let request = new.request;
        if let Err(error) = self.admit(now, new) {
            self.counters.requests += 1;
            self.emit(Event::Finished { request, result: Err(error) });
        }
    }

    pub(super) fn admit(&mut self, now: Now, new: NewRequest) -> Result<(), RequestError> {
        let Some(slot) = self.registrations.by_name(&new.to) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        let limits = &self.config.limits;
        let Some(entry) = self.registrations.get(slot) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        let observed = match &new.ask {
            Ask::Operation(
                Downlink::Observe { attributes, .. } | Downlink::ObserveComposite { attributes, .. },
            ) => Some(*attributes),
            _ => None,
        };
        let places = match &new.ask {
            Ask::Operation(Downlink::ObserveComposite { paths, .. }) => Some(paths.as_slice().into()),
            _ => None,
        };
        if entry.requests.len >= limits.requests_per_client
            || (observed.is_some() && entry.observations.len >= limits.observations_per_client)
        {
            return Err(RequestError::QueueFull);
        }
        let format = new.format.or_else(|| self.usual_format(slot, &new.ask));
        let (message, target) = self.encode(slot, new.ask, format)?;
        let pending = Pending {
            request: new.request,
            registration: slot,
            before: NONE,
            after: NONE,
            message: Some(message),
            exchange: None,
            target,
            format,
            attributes: observed.filter(|attributes| !attributes.is_empty()).map(Box::new),
            places,
            timeout: new.timeout,
            progress: new.progress,
        };
        let Some(entry) = self.registrations.get_mut(slot) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        self.requests.push(now.mono, &mut entry.requests, pending).ok_or(RequestError::QueueFull)?;
        self.send_waiting(now, slot);
        Ok(())
    }

    fn encode(
        &self,
        slot: u32,
        ask: Ask,
        format: Option<ContentFormat>,
    ) -> Result<(coap::Request, Option<Target>), RequestError> {
        match ask {
            Ask::Raw(request) => Ok((request, None)),
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
        while let Some(entry) = self.registrations.get_mut(slot)
            && entry.in_flight < self.config.limits.in_flight_per_client
            && let Some(key) = self.requests.first_waiting(entry.requests)
        {
            if self.endpoint.route_of(entry.peer).is_none() {
                if self.open_link(now, slot) {
                    return;
                }
                self.finish(now, key, Err(ExchangeError::LinkGone { sent: false }.into()));
                continue;
            }
            let (peer, pending) = (entry.peer, self.requests.get_mut(key));
            let Some((pending, message)) = pending.and_then(|p| p.message.take().map(|message| (p, message)))
            else {
                return;
            };
            entry.in_flight = entry.in_flight.saturating_add(1);
            let exchange = self.endpoint.request(now, peer, message, Delivery::Confirmable);
            pending.exchange = Some(exchange);
            self.exchanges.set(exchange, Owner::Request(key));
        }
    }

    /// Those that wait cannot be sent.
    pub(super) fn fail_waiting(&mut self, slot: u32, error: &ExchangeError) {
        while let Some(entry) = self.registrations.get(slot)
            && let Some(key) = self.requests.first_waiting(entry.requests)
            && let Some((_, request)) = self.forget_request(key)
        {
            self.emit_finished(request, Err(error.clone().into()));
        }
    }

    /// Ends a request, and lets the next one of the client go.
    fn finish(&mut self, now: Now, key: u32, result: Result<Answered, RequestError>) {
        let Some(slot) = self.forget_request(key) else { return };
        self.emit_finished(slot.1, result);
        self.send_waiting(now, slot.0);
    }

    pub(super) fn emit_finished(&mut self, request: u64, result: Result<Answered, RequestError>) {
        self.counters.requests += 1;
        if request != DETACHED {
            self.emit(Event::Finished { request, result });
        }
    }

    /// Gives the slot of its client and the caller's number.
    fn forget_request(&mut self, key: u32) -> Option<(u32, u64)> {
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
        let Some(target) = pending.target.clone() else {
            return self.finish(now, key, Ok(Answered::Raw(response.clone())));
        };
        let answer = self.decode(slot, response, &target);
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
                return self.send_waiting(now, slot);
            }
            Ok(other) => Ok(Answered::Operation(other)),
            Err(error) => Err(error),
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
            Some(Owner::Request(key)) => self.finish(now, key, Err(error.into())),
            Some(Owner::Observation(key)) => self.observation_failed(key, error.into()),
            None => {}
        }
    }

    /// A transfer that goes on has its time anew.
    pub(super) fn on_progress(&mut self, now: Now, id: ExchangeId, sent: u64, total: Option<u64>) {
        let Some(Owner::Request(key)) = self.owner(id) else { return };
        let Some(pending) = self.requests.get(key) else { return };
        let (request, wanted) = (pending.request, pending.progress);
        self.requests.deadlines.set(key, now.mono.after(pending.timeout));
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
    fn cancel_exchange(&mut self, now: Now, key: u32) -> bool {
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
        self.finish(now, key, Err(RequestError::TimedOut { sent }));
        true
    }

    /// The registration ends: so do its requests.
    pub(super) fn end_requests(&mut self, now: Now, slot: u32, reason: EndReason) {
        while let Some(key) = self.registrations.get(slot).map(|entry| entry.requests.first) {
            let sent = self.cancel_exchange(now, key);
            let Some((_, request)) = self.forget_request(key) else { return };
            self.emit_finished(request, Err(RequestError::Ended { reason, sent }));
        }
    }
}
