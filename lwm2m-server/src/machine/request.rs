//! Requests to clients: each waits its turn, is sent, and ends within its time. [Core 1.2 §6.3]

use std::{io, sync::Arc, time::Duration};

use lwm2m_core::{
    Attributes, Mono, Now, Path, Tree, UnixTime,
    coap::{self, BodyId, Delivery, ExchangeError, ExchangeId},
    codec::{ContentFormat, Context},
    machine::Deadlines,
    ops::{Body, Downlink, DownlinkAnswer, Target},
};
use slab::Slab;

use super::{
    Answered, Ask, Call, Event, Job, NewRequest, Owner, ServerMachine,
    observation::{Begun, DETACHED},
    queue::effect_of,
    registration::{List, NONE},
    types::{BodyPart, Queued},
};
use crate::{EndReason, RequestError, store::StoredObservation};

/// Requests of all clients. Those of one client are chained in the order they came.
#[derive(Debug)]
pub(crate) struct Requests {
    slab: Slab<Pending>,
    deadlines: Deadlines<Mono>,
    /// Of those that may wait for a sleeping client, while they wait.
    expiries: Deadlines<UnixTime>,
    /// By the caller's number.
    numbers: std::collections::HashMap<u64, u32, foldhash::fast::FixedState>,
    max: usize,
}

/// A request that waits or is on its way.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(super) request: u64,
    registration: u32,
    before: u32,
    after: u32,
    /// Taken when it is sent. `None` before: it is made from what waits.
    message: Option<coap::Request>,
    pub(super) exchange: Option<ExchangeId>,
    /// `None`: a raw request.
    pub(super) target: Option<Target>,
    format: Option<ContentFormat>,
    /// Of an Observe, if it has any.
    attributes: Option<Box<Attributes>>,
    /// Of an Observe-Composite.
    places: Option<Box<[Path]>>,
    timeout: Duration,
    progress: bool,
    pub(super) priority: u8,
    /// Not before the client is heard again.
    held: bool,
    effect: Effect,
    /// Of a request that may wait for a sleeping client.
    pub(super) wait: Option<Box<Wait>>,
}

/// What a request consists of that may wait for a sleeping client.
#[derive(Debug)]
pub(crate) struct Wait {
    ask: Ask,
    /// What the caller wants, not what this client gets.
    format: Option<ContentFormat>,
    pub(super) expires: UnixTime,
    /// It may be done twice.
    repeat: bool,
}

/// What the success of a request says of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// It was disabled.
    Disable,
    /// It has this disable timeout.
    DisableTimeout(u32),
    /// The answer says its disable timeout.
    ReadDisableTimeout,
}

impl Requests {
    pub(crate) fn new(max: usize) -> Self {
        Self {
            slab: Slab::new(),
            deadlines: Deadlines::new(),
            expiries: Deadlines::new(),
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

    /// Those that wait for a sleeping client, or for a turn.
    pub(crate) fn queued_len(&self) -> usize {
        self.expiries.len()
    }

    /// When the next one no longer waits.
    pub(crate) fn expiry(&self) -> Option<UnixTime> {
        self.expiries.next()
    }

    pub(super) fn pop_expired(&mut self, wall: UnixTime) -> Option<u32> {
        self.expiries.pop_due(wall)
    }

    /// Its time to wait is over.
    fn is_expired(&self, key: u32, wall: UnixTime) -> bool {
        self.expiries.get(key).is_some_and(|at| at <= wall)
    }

    pub(super) fn by_number(&self, number: u64) -> Option<u32> {
        self.numbers.get(&number).copied()
    }

    pub(super) fn target(&self, key: u32) -> Option<&Target> {
        self.get(key)?.target.as_ref()
    }

    pub(super) fn queued(&self, key: u32) -> Option<Queued> {
        self.get(key).map(Wait::queued)
    }

    /// May it wait for a sleeping client?
    pub(super) fn waits(&self, key: u32) -> bool {
        self.get(key).is_some_and(|pending| pending.wait.is_some())
    }

    /// The observation that it asks for, if nobody reads it.
    pub(super) fn detached(&self, key: u32) -> Option<StoredObservation> {
        let pending = self.get(key).filter(|pending| pending.request == DETACHED)?;
        let wait = pending.wait.as_ref()?;
        let (tree, path, places, attributes) = match &wait.ask {
            Ask::Operation(Downlink::Observe { tree, path, attributes }) => {
                (tree, *path, Vec::new(), *attributes)
            }
            Ask::Operation(Downlink::ObserveComposite { tree, paths, attributes }) => {
                (tree, Path::ROOT, paths.clone(), *attributes)
            }
            _ => return None,
        };
        Some(StoredObservation { tree: tree.clone(), path, places, format: wait.format, attributes })
    }

    /// May it be done twice?
    pub(super) fn may_repeat(&self, key: u32) -> bool {
        self.get(key).and_then(|pending| pending.wait.as_ref()).is_some_and(|wait| wait.repeat)
    }

    /// In their order.
    pub(super) fn all(&self, list: List) -> Vec<u32> {
        let next = |key: &u32| self.get(*key).map(|pending| pending.after);
        std::iter::successors(Some(list.first), next).filter(|key| self.get(*key).is_some()).collect()
    }

    /// Those that are not on their way, in their order.
    pub(super) fn unsent(&self, list: List) -> Vec<u32> {
        let mut keys = self.all(list);
        keys.retain(|key| self.exchange(*key).is_none());
        keys
    }

    /// The client was heard: what was held may go.
    pub(super) fn release(&mut self, list: List) {
        let mut key = list.first;
        while let Some(pending) = self.get_mut(key) {
            pending.held = false;
            key = pending.after;
        }
    }

    /// One that was sent waits again. Gives its client and what it was sent as.
    pub(super) fn put_back(&mut self, key: u32) -> Option<(u32, ExchangeId)> {
        let pending = self.get_mut(key)?;
        let expires = pending.wait.as_ref()?.expires;
        let exchange = pending.exchange.take()?;
        pending.held = true;
        let slot = pending.registration;
        self.deadlines.remove(key);
        self.expiries.set(key, expires);
        Some((slot, exchange))
    }

    fn get(&self, key: u32) -> Option<&Pending> {
        self.slab.get(key as usize)
    }

    fn get_mut(&mut self, key: u32) -> Option<&mut Pending> {
        self.slab.get_mut(key as usize)
    }

    /// Puts it into the list of its client, behind all of its priority. `None`: there is no room.
    fn push(&mut self, now: Mono, list: &mut List, pending: Pending) -> Option<u32> {
        let key = u32::try_from(self.slab.vacant_key()).ok().filter(|_| self.slab.len() < self.max)?;
        match &pending.wait {
            Some(wait) => self.expiries.set(key, wait.expires),
            None => self.deadlines.set(key, now.after(pending.timeout)),
        }
        self.numbers.insert(pending.request, key);
        let (mut before, mut after) = (list.last, NONE);
        while let Some(other) = self.get(before).filter(|other| other.priority < pending.priority) {
            (before, after) = (other.before, before);
        }
        self.slab.insert(Pending { before, after, ..pending });
        match self.get_mut(before) {
            Some(other) => other.after = key,
            None => list.first = key,
        }
        match self.get_mut(after) {
            Some(other) => other.before = key,
            None => list.last = key,
        }
        list.len = list.len.saturating_add(1);
        Some(key)
    }

    /// One that another registration of the same client had.
    pub(super) fn push_again(&mut self, list: &mut List, slot: u32, pending: Pending) -> Option<u32> {
        let again = Pending { registration: slot, message: None, held: false, ..pending };
        again.wait.as_ref()?;
        self.push(Mono(0), list, again)
    }

    pub(super) fn remove(&mut self, list: &mut List, key: u32) -> Option<Pending> {
        let pending = self.slab.try_remove(key as usize)?;
        self.deadlines.remove(key);
        self.expiries.remove(key);
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

    /// It leaves now: from here on its time to be answered counts.
    fn sent(&mut self, now: Mono, key: u32) {
        let Some(pending) = self.slab.get(key as usize).filter(|pending| pending.wait.is_some()) else {
            return;
        };
        self.expiries.remove(key);
        self.deadlines.set(key, now.after(pending.timeout));
    }

    /// The first of a list that may leave.
    fn first_waiting(&self, list: List) -> Option<u32> {
        let mut key = list.first;
        loop {
            let pending = self.get(key)?;
            if pending.exchange.is_none() && !pending.held {
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
            self.counters.queue_full += u64::from(matches!(error, RequestError::QueueFull));
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
        let asleep = entry.asleep;
        let expires = new.expires.or(self.config.queue);
        if asleep && expires.is_none() {
            return Err(RequestError::Asleep(new.to));
        }
        if entry.requests.len >= limits.requests_per_client
            || (observed.is_some() && entry.observations.len >= limits.observations_per_client)
        {
            return Err(RequestError::QueueFull);
        }
        let format = new.format.or_else(|| self.usual_format(slot, &new.ask));
        let (message, target) = self.encode(slot, &new.ask, format)?;
        // A composite operation has its places in the body: which are the same, is not looked for.
        let place = target.as_ref().filter(|target| new.replace && target.path != Path::ROOT);
        if let Some(target) = place {
            self.supersede(slot, target);
        }
        let effect = effect_of(&new.ask);
        let streamed =
            matches!(&new.ask, Ask::Operation(Downlink::Write { body: Body::Streamed { .. }, .. }));
        let wait = expires.map(|wait| {
            let repeat = new.repeat && !streamed;
            Box::new(Wait { ask: new.ask, format: new.format, expires: Self::wall(now).after(wait), repeat })
        });
        let pending = Pending {
            request: new.request,
            registration: slot,
            before: NONE,
            after: NONE,
            message: Some(message).filter(|_| !asleep),
            exchange: None,
            target,
            format,
            attributes: observed.filter(|attributes| !attributes.is_empty()).map(Box::new),
            places,
            timeout: new.timeout,
            progress: new.progress,
            priority: new.priority,
            held: false,
            effect,
            wait,
        };
        let Some(entry) = self.registrations.get_mut(slot) else {
            return Err(RequestError::NotRegistered(new.to));
        };
        let key = self.requests.push(now.mono, &mut entry.requests, pending);
        let key = key.ok_or(RequestError::QueueFull)?;
        self.send_waiting(now, slot);
        if self.requests.waits(key) && self.requests.exchange(key).is_none() {
            self.emit(Event::Queued { request: new.request });
        }
        Ok(())
    }

    fn encode(
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
            && entry.in_flight < self.most_in_flight(entry.queue_mode)
            && let Some(key) = self.requests.first_waiting(entry.requests)
        {
            let peer = entry.peer;
            if self.requests.is_expired(key, Self::wall(now)) {
                self.expire(key);
                continue;
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
    }

    /// A client that sleeps gets one request at a time. [Core 1.2 §6.5]
    fn most_in_flight(&self, queue_mode: bool) -> u16 {
        if queue_mode { 1 } else { self.config.limits.in_flight_per_client }
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

    /// Those that wait cannot be sent.
    pub(super) fn fail_waiting(&mut self, slot: u32, error: &ExchangeError) {
        while let Some(entry) = self.registrations.get(slot)
            && let Some(key) = self.requests.first_waiting(entry.requests)
        {
            self.not_sendable(key, error);
        }
    }

    /// Ends a request, and lets the next one of the client go.
    pub(super) fn finish(&mut self, now: Now, key: u32, result: Result<Answered, RequestError>) {
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
            ExchangeError::LinkGone { sent: false } if self.requests.waits(key) => self.unsend(key),
            _ => self.keep_for_later(key),
        };
        self.falls_asleep(now, slot);
        if kept {
            self.send_waiting(now, slot);
        } else {
            self.finish(now, key, Err(error.into()));
        }
    }

    /// It did not leave: it waits, as before.
    pub(super) fn unsend(&mut self, key: u32) -> bool {
        let Some((slot, exchange)) = self.requests.put_back(key) else { return false };
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
        let kept = sent && self.keep_for_later(key);
        if sent {
            self.falls_asleep(now, slot);
        }
        if kept {
            self.send_waiting(now, slot);
        } else {
            self.finish(now, key, Err(RequestError::TimedOut { sent }));
        }
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
