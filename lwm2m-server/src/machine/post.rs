//! Requests without a caller: the store has them before the program hears that it has posted them, and before they
//! leave. What their client says is an event.

use lwm2m_core::{
    EndpointName, Now,
    ops::{Body, Downlink},
};

use super::{
    Answered, Ask, Event, ServerMachine,
    pending::{Pending, Post, Posted, Wait},
    persist::Then,
    queue::effect_of,
};
use crate::{
    RequestError,
    store::{Change, Outcome, StoredRequest},
};

/// Only what is a value, and has one answer.
pub(super) fn can_be_posted(ask: &Ask) -> bool {
    !matches!(
        ask,
        Ask::Raw(_)
            | Ask::Operation(
                Downlink::Write { body: Body::Streamed { .. }, .. }
                    | Downlink::Observe { .. }
                    | Downlink::ObserveComposite { .. }
            )
    )
}

impl ServerMachine {
    /// A request is in the queue, and nobody waits for its answer.
    pub(super) fn post(&mut self, key: u32, number: u64, to: EndpointName) -> Result<(), RequestError> {
        self.requests.posted.insert(number, Posted { to: to.clone(), told: !self.config.store });
        let Some(request) = self.requests.stored(key, false).filter(|_| self.config.store) else {
            self.emit(Event::Finished { request: number, result: Ok(Answered::Posted) });
            return Ok(());
        };
        self.store(Change::Enqueue { endpoint: to, request }, Then::Posted(number)).map_err(|_| {
            self.requests.posted.remove(&number);
            self.forget_request(key);
            RequestError::QueueFull
        })
    }

    /// The store has it, or not.
    pub(super) fn on_posted(&mut self, now: Now, number: u64, outcome: Outcome) {
        let key = self.requests.by_number(number);
        if outcome == Outcome::NotFound {
            return self.not_posted(number);
        }
        if let Some(posted) = self.requests.posted.get_mut(&number) {
            posted.told = true;
        }
        if let Some(key) = key {
            self.requests.set_post(key, Post::Kept);
        }
        self.emit(Event::Finished { request: number, result: Ok(Answered::Posted) });
        if let Some(slot) = key.and_then(|key| self.requests.get(key)).map(|pending| pending.registration) {
            self.send_waiting(now, slot);
        }
    }

    /// The store does not keep it: it is not posted. It may have it all the same, if only its answer got lost.
    pub(super) fn not_posted(&mut self, number: u64) {
        if let Some(Posted { to: endpoint, .. }) = self.requests.posted.remove(&number) {
            self.store_behind(Change::Dequeue { endpoint, number });
        }
        if let Some(key) = self.requests.by_number(number) {
            self.forget_request(key);
        }
        self.emit(Event::Finished { request: number, result: Err(RequestError::NotStored) });
    }

    /// Its turn has come: the store hears that it leaves, so that no server sends it a second time.
    pub(super) fn leaves(&mut self, key: u32) {
        let Some(request) = self.requests.stored(key, true) else { return };
        let number = request.number;
        let Some(endpoint) = self.requests.posted.get(&number).map(|posted| posted.to.clone()) else {
            return;
        };
        if self.store(Change::Enqueue { endpoint, request }, Then::Leaves(number)).is_ok() {
            self.requests.set_post(key, Post::Leaving);
        }
    }

    /// The store knows that it leaves.
    pub(super) fn on_leaves(&mut self, now: Now, number: u64) {
        let Some(key) = self.requests.by_number(number) else { return };
        self.requests.set_post(key, Post::Leaves);
        if let Some(slot) = self.requests.get(key).map(|pending| pending.registration) {
            self.send_waiting(now, slot);
        }
    }

    /// It may have left before this server was started.
    pub(super) fn end_unknown(&mut self, key: u32) {
        if let Some((_, request)) = self.forget_request(key) {
            self.emit_finished(request, Err(RequestError::TimedOut { sent: true }));
        }
    }

    /// What the store had waiting for a client.
    pub(super) fn restore_queue(&mut self, now: Now, slot: u32, queue: Vec<StoredRequest>) {
        for stored in queue {
            let Some(entry) = self.registrations.get(slot) else { return };
            let (name, number) = (entry.name.clone(), stored.number);
            if self.requests.by_number(number).is_some() {
                continue;
            }
            let unknown = stored.sent && !stored.repeat;
            let ask = Ask::Operation(stored.operation);
            let target = match self.encode(slot, &ask, stored.format) {
                Ok((_, target)) => target,
                // What cannot be written is told when the client is heard.
                Err(_) => None,
            };
            let effect = effect_of(&ask);
            let post = if unknown { Post::Unknown } else { Post::Kept };
            let wait =
                Wait { ask, format: stored.format, expires: stored.expires, repeat: stored.repeat, post };
            let pending = Pending {
                format: stored.format,
                priority: stored.priority,
                // The program that is to hear of it may not listen yet.
                held: unknown,
                left: stored.sent,
                effect,
                wait: Some(Box::new(wait)),
                ..Pending::new(number, slot, target, stored.timeout)
            };
            let Some(entry) = self.registrations.get_mut(slot) else { return };
            if self.requests.push(now.mono, &mut entry.requests, pending).is_none() {
                tracing::warn!(target: "lwm2m::server", endpoint = %name, number, "no room: it stays in the store");
                continue;
            }
            self.requests.posted.insert(number, Posted { to: name, told: true });
        }
        self.send_waiting(now, slot);
    }
}
