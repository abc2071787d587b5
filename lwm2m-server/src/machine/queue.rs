//! What waits for clients that sleep: kept in order, sent one after the other when they are heard. [Core 1.2 §6.5]
//!
//! A queued request is a value with an expiry by the wall clock, chained to its registration like every other request
//! (`request`). It is encoded when it is sent: what the client speaks may have changed by then.

use lwm2m_core::{
    EndpointName, Node, Now, Output, Path, ResourceId, UnixTime, Value,
    ops::{Body, Downlink, DownlinkAnswer, Target},
};

use super::{
    Answered, Ask, Event, ServerMachine,
    observation::DETACHED,
    pending::{Effect, Pending, Post, Posted, Wait},
    registration::NONE,
    types::Queued,
};
use crate::{EndReason, RequestError, store::Change};

/// Disable, and its timeout. [Core 1.2 §E.2]
const DISABLE: u16 = 4;
const DISABLE_TIMEOUT: u16 = 5;
pub(super) const SERVER: u16 = 1;

/// Requests on their way to another registration of the same client, and what is known of those that were posted.
#[derive(Debug, Default)]
pub(crate) struct Mail(Vec<(Pending, Option<Posted>)>);

impl Mail {
    /// The numbers of the requests.
    #[cfg(feature = "tokio")]
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().map(|(pending, _)| pending.request)
    }
}

impl ServerMachine {
    /// The time of day; on a machine that does not know it, that since the start.
    pub(super) fn wall(now: Now) -> UnixTime {
        now.wall.unwrap_or(UnixTime(i64::try_from(now.mono.0).unwrap_or(i64::MAX)))
    }

    /// A request that no longer waits.
    pub(super) fn expire_request(&mut self, now: Now) -> bool {
        let Some(key) = self.requests.pop_expired(Self::wall(now)) else { return false };
        self.expire(key);
        true
    }

    pub(super) fn expire(&mut self, key: u32) {
        self.counters.requests_expired += 1;
        let left = self.requests.has_left(key);
        if let Some((_, request)) = self.forget_request(key) {
            let error = if left { RequestError::TimedOut { sent: true } } else { RequestError::Expired };
            self.emit_finished(request, Err(error));
        }
    }

    /// Those that wait hear that they do, so that nobody counts them as on their way.
    pub(super) fn park_waiting(&mut self, slot: u32) {
        let Some(list) = self.registrations.get(slot).map(|entry| entry.requests) else { return };
        for key in self.requests.unsent(list) {
            if let Some(pending) = self.requests.get(key).filter(|pending| pending.wait.is_some()) {
                self.out.push_back(Output::Event(Event::Queued { request: pending.request }));
            }
        }
    }

    /// Those that do not wait for a sleeping client.
    pub(super) fn fail_impatient(&mut self, slot: u32) {
        let Some(entry) = self.registrations.get(slot) else { return };
        let (list, name) = (entry.requests, entry.name.clone());
        for key in self.requests.unsent(list) {
            if self.requests.waits(key) {
                continue;
            }
            if let Some((_, request)) = self.forget_request(key) {
                self.emit_finished(request, Err(RequestError::Asleep(name.clone())));
            }
        }
    }

    /// A request that was sent, and whose outcome is unknown: it waits again if it may be done twice.
    pub(super) fn keep_for_later(&mut self, key: u32) -> bool {
        if !self.requests.may_repeat(key) {
            return false;
        }
        let kept = self.unsend(key, true);
        self.counters.requests_repeated += u64::from(kept);
        kept
    }

    /// What was not sent for this place yet gives way to a newer request.
    pub(super) fn supersede(&mut self, slot: u32, by: &Target) {
        let Some(list) = self.registrations.get(slot).map(|entry| entry.requests) else { return };
        for key in self.requests.unsent(list) {
            if self.requests.target(key) == Some(by)
                && let Some((_, request)) = self.forget_request(key)
            {
                self.emit_finished(request, Err(RequestError::Superseded));
            }
        }
    }

    /// What goes on with another registration of this client, here or `elsewhere`.
    pub(super) fn take_mail(&mut self, now: Now, slot: u32, elsewhere: bool) -> Mail {
        let mut mail = Vec::new();
        let Some(mut list) = self.registrations.get(slot).map(|entry| entry.requests) else {
            return Mail(mail);
        };
        for key in self.requests.all(list) {
            // What the store is about to answer for here cannot leave.
            let stays = elsewhere && matches!(self.requests.post(key), Post::Keeping | Post::Leaving);
            if stays || !self.goes_on(now, key) {
                continue;
            }
            let Some(pending) = self.requests.remove(&mut list, key) else { continue };
            let posted = self.requests.posted.remove(&pending.request);
            mail.push((pending, posted));
        }
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.requests = list;
        }
        Mail(mail)
    }

    /// Does it wait on when its registration ends? Then it is not on its way any more.
    fn goes_on(&mut self, now: Now, key: u32) -> bool {
        let unsent = self.requests.exchange(key).is_none();
        // Observations without a reader are inherited as such, with what they need.
        let detached = self.requests.get(key).is_some_and(|pending| pending.request == DETACHED);
        let waits = self.requests.waits(key) && !detached;
        if !waits || !(unsent || self.requests.may_repeat(key)) {
            return false;
        }
        if !unsent {
            self.cancel_exchange(now, key);
            self.keep_for_later(key);
        }
        true
    }

    /// The client leaves, and is to come back: what can wait for it waits.
    pub(super) fn end_what_does_not_wait(&mut self, now: Now, slot: u32, reason: EndReason) {
        let Some(list) = self.registrations.get(slot).map(|entry| entry.requests) else { return };
        for key in self.requests.all(list) {
            if !self.goes_on(now, key) {
                self.end_request(now, key, reason);
            }
        }
        self.park_waiting(slot);
    }

    /// Puts what an older registration of this client had before all others.
    pub(super) fn put_mail(&mut self, slot: u32, Mail(mail): Mail) {
        for (pending, posted) in mail {
            let (request, sent) = (pending.request, pending.left);
            if let Some(posted) = posted {
                self.requests.posted.insert(request, posted);
            }
            let entry = self.registrations.get_mut(slot);
            let put = entry.and_then(|entry| self.requests.push_again(&mut entry.requests, slot, pending));
            if put.is_none() {
                let error = RequestError::Ended { reason: EndReason::Replaced, sent };
                self.emit_finished(request, Err(error));
            }
        }
    }

    /// The registration that it was for does not come about: whoever waits hears that.
    pub(super) fn return_mail(&mut self, mail: Mail) {
        self.put_mail(NONE, mail);
    }

    pub(super) fn on_queue(&mut self, request: u64, endpoint: &str) {
        let list = self.registrations.by_name(endpoint).and_then(|slot| self.registrations.get(slot));
        let list = list.map(|entry| entry.requests).unwrap_or_default();
        // Re-observations are the server's own.
        let queued = self.requests.all(list).into_iter().filter_map(|key| self.requests.queued(key));
        let queued: Vec<Queued> = queued.filter(|queued| queued.number != DETACHED).collect();
        self.emit(Event::Finished { request, result: Ok(Answered::Queue(queued)) });
    }

    pub(super) fn on_withdraw(&mut self, request: u64, endpoint: &EndpointName, number: u64) {
        let list = self.registrations.by_name(endpoint).and_then(|slot| self.registrations.get(slot));
        let unsent = self.requests.unsent(list.map(|entry| entry.requests).unwrap_or_default());
        let key = self.requests.by_number(number).filter(|key| unsent.contains(key));
        if let Some((_, caller)) = key.and_then(|key| self.forget_request(key)) {
            self.emit_finished(caller, Err(RequestError::Cancelled));
        }
        self.emit(Event::Finished { request, result: Ok(Answered::Withdrawn(key.is_some())) });
    }

    /// What a request does to the state of its client when it succeeds.
    pub(super) fn apply_effect(&mut self, now: Now, slot: u32, effect: Effect, answer: &DownlinkAnswer) {
        match effect {
            Effect::None => {}
            Effect::Disable => self.on_disabled(now, slot),
            Effect::DisableTimeout(seconds) => self.set_disable_timeout(now, slot, seconds),
            Effect::ReadDisableTimeout => {
                if let DownlinkAnswer::Values(values) = answer
                    && let Some(seconds) = values.last().and_then(|last| seconds_in(last.path, &last.node))
                {
                    self.set_disable_timeout(now, slot, seconds);
                }
            }
        }
    }

    fn set_disable_timeout(&mut self, now: Now, slot: u32, seconds: u32) {
        let Some(entry) = self.registrations.get_mut(slot) else { return };
        let before = entry.extra.get_or_insert_default().disable_timeout.replace(seconds);
        // A server that is started before the Disable is to know for how long it is.
        if before != Some(seconds)
            && let Some(view) = self.view_for_store(now, slot)
        {
            self.store_behind(Change::Update(view));
        }
    }
}

/// What an operation will have done to its client.
pub(super) fn effect_of(ask: &Ask) -> Effect {
    let Ask::Operation(operation) = ask else { return Effect::None };
    match operation {
        Downlink::Execute { path, .. } if is_server(*path, DISABLE) => Effect::Disable,
        Downlink::Write { path, body: Body::Node(node), .. } => {
            seconds_in(*path, node).map_or(Effect::None, Effect::DisableTimeout)
        }
        Downlink::Read { path, .. } if is_server(*path, DISABLE_TIMEOUT) => Effect::ReadDisableTimeout,
        _ => Effect::None,
    }
}

fn is_server(path: Path, resource: u16) -> bool {
    matches!(path.ids(), [SERVER, _, id] if *id == resource)
}

/// The disable timeout in what is written to, or read from, this place.
fn seconds_in(path: Path, node: &Node) -> Option<u32> {
    let value = match (path.ids(), node) {
        ([SERVER, _, DISABLE_TIMEOUT], Node::Value(value)) => value,
        ([SERVER, _], Node::Instance(values)) => match values.get(&ResourceId(DISABLE_TIMEOUT))? {
            Node::Value(value) => value,
            _ => return None,
        },
        _ => return None,
    };
    match value {
        Value::Integer(seconds) => u32::try_from(*seconds).ok(),
        Value::Unsigned(seconds) => u32::try_from(*seconds).ok(),
        _ => None,
    }
}

impl Wait {
    /// As those see it who list the queue.
    pub(super) fn queued(pending: &Pending) -> Queued {
        Queued {
            number: pending.request,
            operation: pending.target.as_ref().map(|target| (target.verb, target.path)),
            priority: pending.priority,
            expires: pending.wait.as_ref().map(|wait| wait.expires),
            sent: pending.exchange.is_some(),
        }
    }
}
