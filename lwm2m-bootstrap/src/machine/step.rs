//! Steps, one after the other: sent, answered, tried again.

use std::{collections::BTreeMap, sync::Arc};

use lwm2m_core::{
    Code, Links, Mono, Node, Now, Path, Rejection, Tree,
    coap::{Delivery, ExchangeError, ExchangeId, Response},
    codec::{self, Context},
    ops::bootstrap::{Downlink, DownlinkAnswer, Verb},
};

use super::{
    BootstrapMachine, SlotId,
    round::VERSION,
    sessions::{Operation, Purpose, Running, Todo},
};
use crate::{BootstrapError, BootstrapEvent, Otherwise, Reply, What};

impl BootstrapMachine {
    /// Does what comes next.
    pub(super) fn go_on(&mut self, now: Now, id: SlotId) {
        loop {
            let Some(entry) = self.sessions.get_mut(id) else { return };
            let step = match entry.steps.pop_front() {
                None => return self.finish_round(now, id),
                Some(Todo::Operation(operation)) => return self.send(now, id, operation),
                Some(Todo::Step(step)) => step,
            };
            let otherwise = step.otherwise;
            let operation = |downlink| Todo::Operation(Operation::new(downlink, otherwise, Purpose::Step));
            match step.what {
                What::Discover(path) => entry.steps.push_front(operation(Downlink::Discover(path))),
                What::Read(path) => entry.steps.push_front(operation(Downlink::Read(path))),
                What::Delete(path) => entry.steps.push_front(operation(Downlink::Delete(path))),
                What::Write(path, node) => entry.steps.push_front(operation(Downlink::Write(path, node))),
                // Where it goes depends on what is there.
                _ => {
                    if let Err(error) = super::place::expand(entry, step) {
                        return self.fail(now, id, error);
                    }
                }
            }
        }
    }

    pub(super) fn send(&mut self, now: Now, id: SlotId, operation: Operation) {
        let Some(entry) = self.sessions.get(id) else { return };
        let (peer, preferred) = (entry.peer, entry.preferred);
        let cx = Context { model: &*self.config.model, version: VERSION, tree: &Tree::DEFAULT };
        let request = match operation.downlink.to_coap(&cx, preferred) {
            Ok(request) => request,
            Err(error) => return self.fail(now, id, error.into()),
        };
        // An account with a pre-shared key is not too much: nearly all plans go as they stand.
        let too_much = self.endpoint.is_too_much_for(peer, &request);
        let Some(entry) = self.sessions.get_mut(id) else { return };
        if too_much {
            entry.steps.push_front(Todo::Operation(operation));
            let proof = Operation::new(Downlink::Discover(Path::ROOT), Otherwise::Fail, Purpose::Proof);
            return self.send(now, id, proof);
        }
        entry.operations = entry.operations.saturating_add(1);
        let until = now.mono.after(self.config.limits.step_time);
        let exchange = self.endpoint.request(now, peer, request, Delivery::Confirmable);
        self.sessions.wait(id, Running::Sent(exchange, operation, until));
    }

    pub(super) fn on_progress(&mut self, now: Now, exchange: ExchangeId) {
        let Some(id) = self.sessions.by_exchange(exchange) else { return };
        let until = now.mono.after(self.config.limits.step_time);
        if let Some(Running::Sent(exchange, operation, _)) = self.sessions.take_running(id) {
            self.sessions.wait(id, Running::Sent(exchange, operation, until));
        }
    }

    pub(super) fn on_response(
        &mut self,
        now: Now,
        exchange: ExchangeId,
        response: Result<&Response, ExchangeError>,
    ) {
        let Some(id) = self.sessions.by_exchange(exchange) else { return };
        let Some(Running::Sent(_, operation, _)) = self.sessions.take_running(id) else { return };
        let target = operation.downlink.target();
        let cx = Context { model: &*self.config.model, version: VERSION, tree: &Tree::DEFAULT };
        let kept = response.as_ref().map_or(0, |response| response.payload.bytes().len());
        let answer = response.map_err(BootstrapError::from).and_then(|response| {
            DownlinkAnswer::from_coap(response, target, &cx).map_err(BootstrapError::from)
        });
        match answer {
            Ok(DownlinkAnswer::Refused(rejection)) if target.verb == Verb::Finish => {
                if rejection.code == Code::NOT_ACCEPTABLE {
                    return self.not_finished(now, id, rejection);
                }
                self.failed(now, id, operation, BootstrapError::Refused(rejection));
            }
            Ok(_) if target.verb == Verb::Finish => self.finished(id),
            Ok(DownlinkAnswer::Refused(_)) | Err(BootstrapError::Decode(_))
                if operation.purpose == Purpose::Proof =>
            {
                self.go_on(now, id);
            }
            Ok(DownlinkAnswer::Refused(rejection))
                if operation.purpose == Purpose::Question && means_nothing(&rejection) =>
            {
                self.learn(id, &operation.downlink, &Reply::Refused(rejection));
                self.go_on(now, id);
            }
            Ok(DownlinkAnswer::Refused(rejection)) => {
                self.failed(now, id, operation, BootstrapError::Refused(rejection));
            }
            Ok(answer) => {
                if self.sessions.hold(id, kept) {
                    self.succeeded(now, id, &operation, answer);
                } else {
                    self.failed(now, id, operation, BootstrapError::NoRoom);
                }
            }
            Err(error) => self.failed(now, id, operation, error),
        }
    }

    fn succeeded(&mut self, now: Now, id: SlotId, operation: &Operation, answer: DownlinkAnswer) {
        let reply = match answer {
            DownlinkAnswer::Links(links) => Reply::Links(links),
            DownlinkAnswer::Values(values) => Reply::Values(values),
            _ => Reply::Done,
        };
        self.learn(id, &operation.downlink, &reply);
        if operation.purpose == Purpose::Step {
            self.tell(id, &operation.downlink, reply);
        }
        self.go_on(now, id);
    }

    /// For the source, if there is another round.
    fn tell(&mut self, id: SlotId, downlink: &Downlink, reply: Reply) {
        let Some(entry) = self.sessions.get_mut(id).filter(|entry| entry.again) else { return };
        let what = match downlink {
            Downlink::Discover(path) => What::Discover(*path),
            Downlink::Read(path) => What::Read(*path),
            Downlink::Delete(path) => What::Delete(*path),
            // What was written the source knows; where is enough.
            Downlink::Write(path, _) => What::Write(*path, Node::Multiple(BTreeMap::new())),
            _ => return,
        };
        if let Some(view) = &mut entry.view {
            view.answers.push((what, reply));
        }
    }

    fn learn(&mut self, id: SlotId, downlink: &Downlink, reply: &Reply) {
        let Some(entry) = self.sessions.get_mut(id) else { return };
        match (downlink, reply) {
            (Downlink::Discover(Path::ROOT), Reply::Links(links)) => entry.known.links = Some(links.clone()),
            (Downlink::Discover(Path::ROOT), Reply::Refused(_)) => entry.known.links = Some(Links::default()),
            (Downlink::Read(path), Reply::Values(values)) if path.ids() == [2] => {
                entry.known.access = Some(
                    codec::node_at(*path, values)
                        .map_or_else(BTreeMap::new, |node| super::place::access_of(&node)),
                );
            }
            (Downlink::Read(path), Reply::Refused(_)) if path.ids() == [2] => {
                entry.known.access = Some(BTreeMap::new());
            }
            // What is there now is not known any more.
            (Downlink::Delete(_), _) => (entry.known.links, entry.known.access) = (None, None),
            (Downlink::Write(path, _), _) => entry.known.wrote(*path),
            _ => {}
        }
    }

    /// The step did not succeed: again, on, or the end.
    fn failed(&mut self, now: Now, id: SlotId, mut operation: Operation, error: BootstrapError) {
        let limits = &self.config.limits;
        let asked = match &error {
            BootstrapError::Refused(rejection) => rejection.retry_after,
            BootstrapError::Exchange(ExchangeError::HoldOff(pause)) => Some(*pause),
            _ => None,
        };
        let step = operation.downlink.target();
        let resting = match operation.otherwise {
            Otherwise::Retry { times, wait } if operation.tries < times => {
                Some(wait.max(asked.unwrap_or_default().min(limits.longest_wait)))
            }
            _ => None,
        };
        let Some(entry) = self.sessions.get(id) else { return };
        let endpoint = entry.endpoint.clone();
        let lost = matches!(&error, BootstrapError::Exchange(ExchangeError::LinkGone { .. }));
        if (resting.is_some() || operation.otherwise == Otherwise::Continue) && !lost {
            let (error, again) = (Arc::new(error), resting.is_some());
            self.emit(BootstrapEvent::StepRefused { endpoint, step, error: error.clone(), again });
            if let Some(wait) = resting {
                operation.tries = operation.tries.saturating_add(1);
                let until = now.mono.after(wait);
                return self.sessions.wait(id, Running::Resting(until, operation));
            }
            if let (Purpose::Step, BootstrapError::Refused(rejection)) = (operation.purpose, &*error) {
                let mut rejection = rejection.clone();
                if !self.sessions.hold(id, rejection.detail.len()) {
                    rejection.detail = "".into();
                }
                self.tell(id, &operation.downlink, Reply::Refused(rejection));
            }
            return self.go_on(now, id);
        }
        // So that the event names the step.
        self.sessions.wait(id, Running::Resting(Mono(u64::MAX), operation));
        self.fail(now, id, error);
    }

    pub(super) fn time_out_one(&mut self, now: Now) -> bool {
        let Some(id) = self.sessions.pop_due(now.mono) else { return false };
        if self.sessions.get(id).is_some_and(|entry| entry.ends <= now.mono) {
            self.fail(now, id, BootstrapError::TimedOut);
            return true;
        }
        match self.sessions.take_running(id) {
            Some(Running::Resting(_, operation)) => self.send(now, id, operation),
            Some(Running::Sent(exchange, operation, _)) => {
                self.endpoint.cancel(now, exchange);
                self.failed(now, id, operation, ExchangeError::TimedOut { attempts: 1 }.into());
            }
            None => {}
        }
        true
    }
}

/// Does the device say that there is nothing, or that it has no such operation?
const fn means_nothing(rejection: &Rejection) -> bool {
    matches!(
        rejection.code,
        Code::NOT_FOUND | Code::METHOD_NOT_ALLOWED | Code::BAD_REQUEST | Code::NOT_IMPLEMENTED
    )
}
