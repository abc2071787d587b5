//! A round: the source says what is to be done, its steps are carried out, then Finish or the next round.

use lwm2m_core::{
    Now, Rejection, StoreError, Tree, Version,
    codec::Context,
    ops::bootstrap::{Downlink, UplinkAnswer},
};

use super::{
    BootstrapMachine, Call, Job, SlotId, pack,
    sessions::{Operation, Purpose, Todo},
};
use crate::{BootstrapError, BootstrapEvent, Otherwise, Plan};

/// What payloads are read and written with. Everything that a plan may hold is known since 1.2; the format says more of
/// a device than its version.
pub(super) const VERSION: Version = Version::V1_2;

impl BootstrapMachine {
    /// Asks the source what comes next.
    pub(super) fn ask(&mut self, now: Now, id: SlotId) {
        let rounds = self.config.limits.rounds;
        let Some(entry) = self.sessions.get_mut(id) else { return };
        if entry.rounds >= rounds {
            return self.fail(now, id, BootstrapError::Rounds);
        }
        let Some(mut view) = entry.view.take() else { return };
        view.round = entry.rounds;
        entry.rounds = entry.rounds.saturating_add(1);
        // The answers go to the source and are gone; the next round begins with none.
        let next = crate::Session::new(view.endpoint.clone(), view.identity.clone(), view.address.clone());
        let next = crate::Session { preferred: view.preferred, pack: view.pack, ..next };
        entry.view = Some(Box::new(next));
        if self.call(now, Job::Plan(id), Call::Plan(view)).is_err() {
            let error = StoreError::new(std::io::Error::other("too many questions are open"));
            self.fail(now, id, error.into());
        }
    }

    pub(super) fn on_plan(&mut self, now: Now, id: SlotId, plan: Result<Option<Plan>, StoreError>) {
        let plan = match plan {
            Ok(Some(plan)) => plan,
            Ok(None) => return self.nothing_more(now, id),
            Err(error) => {
                let endpoint = self.sessions.get(id).map(|entry| entry.endpoint.as_str());
                tracing::warn!(target: "lwm2m::bootstrap", endpoint, %error, "no plan");
                return self.fail(now, id, error.into());
            }
        };
        if let Err(error) = plan.check(&*self.config.model) {
            let endpoint = self.sessions.get(id).map(|entry| entry.endpoint.as_str());
            tracing::warn!(target: "lwm2m::bootstrap", endpoint, %error, "a plan is wrong");
            return self.fail(now, id, error.into());
        }
        let Some(entry) = self.sessions.get_mut(id) else { return };
        entry.again = plan.asks_again();
        let asked = entry.asked.take();
        if let Some(asked) = &asked
            && let Some((accounts, accept)) = &asked.pack
        {
            return self.give_pack(now, id, asked.inbound, &plan, (accounts.as_slice(), *accept));
        }
        entry.steps = plan.into_steps().into_iter().map(Todo::Step).collect();
        let (endpoint, peer) = (entry.endpoint.clone(), entry.peer);
        if let Some(asked) = asked {
            let identity = self.remote(peer).map(|remote| remote.identity.clone()).unwrap_or_default();
            self.accept(now, asked.inbound, &UplinkAnswer::Accepted);
            self.emit(BootstrapEvent::Started { endpoint, identity });
        }
        self.go_on(now, id);
    }

    /// The source has no plan: for the device at all, or to mend what the device did not finish with.
    fn nothing_more(&mut self, now: Now, id: SlotId) {
        let refused = self.sessions.get_mut(id).and_then(|entry| entry.not_finished.take());
        let error = refused.map_or(BootstrapError::NoPlan, BootstrapError::NotFinished);
        self.fail(now, id, error);
    }

    fn accept(&mut self, now: Now, inbound: lwm2m_core::coap::InboundId, answer: &UplinkAnswer) {
        let cx = Context { model: &*self.config.model, version: VERSION, tree: &Tree::DEFAULT };
        let response = answer
            .to_coap(&cx, None)
            .unwrap_or_else(|error| (&Rejection::internal(error.to_string())).into());
        self.endpoint.respond(now, inbound, response);
    }

    /// Everything in one answer; nothing follows.
    fn give_pack(
        &mut self,
        now: Now,
        id: SlotId,
        inbound: lwm2m_core::coap::InboundId,
        plan: &Plan,
        wanted: (&[lwm2m_core::Path], Option<lwm2m_core::codec::ContentFormat>),
    ) {
        let (accounts, accept) = wanted;
        let Some(entry) = self.sessions.end(id) else { return };
        self.end(entry.peer);
        let cx = Context { model: &*self.config.model, version: VERSION, tree: &Tree::DEFAULT };
        let response = pack::pack(plan, accounts).and_then(|values| {
            let answer = UplinkAnswer::Pack(values);
            answer.to_coap(&cx, accept).map_err(|error| Rejection::internal(error.to_string()))
        });
        match response {
            Ok(response) => {
                self.endpoint.respond(now, inbound, response);
                self.counters.packs += 1;
                self.counters.finished += 1;
                self.emit(BootstrapEvent::PackGiven { endpoint: entry.endpoint });
            }
            Err(rejection) => self.refuse(now, inbound, Some(entry.endpoint), rejection),
        }
    }

    /// All steps are done.
    pub(super) fn finish_round(&mut self, now: Now, id: SlotId) {
        if self.sessions.get(id).is_some_and(|entry| entry.again) {
            return self.ask(now, id);
        }
        self.send(now, id, Operation::new(Downlink::Finish, Otherwise::Fail, Purpose::Part));
    }

    /// The device has taken what it has now.
    pub(super) fn finished(&mut self, id: SlotId) {
        let Some(entry) = self.sessions.end(id) else { return };
        self.end(entry.peer);
        self.counters.finished += 1;
        let (endpoint, rounds, operations) = (entry.endpoint, entry.rounds, entry.operations);
        self.emit(BootstrapEvent::Finished { endpoint, rounds, operations });
    }

    /// What the device has is not consistent: the source may mend it. [Core 1.2 §6.1.7.2]
    pub(super) fn not_finished(&mut self, now: Now, id: SlotId, rejection: Rejection) {
        let limit = self.config.limits.rounds;
        let Some(entry) = self.sessions.get_mut(id) else { return };
        let endpoint = entry.endpoint.clone();
        if entry.rounds >= limit {
            return self.fail(now, id, BootstrapError::Rounds);
        }
        if let Some(view) = &mut entry.view {
            view.not_finished = Some(rejection.clone());
        }
        entry.not_finished = Some(rejection.clone());
        self.emit(BootstrapEvent::StepRefused {
            endpoint,
            step: Downlink::Finish.target(),
            error: std::sync::Arc::new(BootstrapError::Refused(rejection)),
            again: true,
        });
        self.ask(now, id);
    }
}
