//! Observations: what clients tell of their own accord once asked. [Core 1.2 §6.4] [RFC 7641]

use std::time::Duration;

use lwm2m_core::{
    Attributes, EndpointName, Now, Path, Rejection, Tree, Version,
    coap::{self, Delivery, ExchangeId},
    codec::{ContentFormat, Timed},
    ops::{Downlink, DownlinkAnswer, Target, Verb},
};
use slab::Slab;

use super::{
    Answered, Ask, Event, NewRequest, ObservationId, Owner, ServerMachine,
    keep::Arrived,
    registration::{List, NONE},
};
use crate::{
    EndReason, RequestError,
    store::{Change, StoredObservation},
};

/// Nobody reads it.
pub(super) const DETACHED: u64 = u64::MAX;

/// Observations of all clients. Those of one client are chained.
#[derive(Debug, Default)]
pub(crate) struct Observations {
    slab: Slab<Observation>,
    turn: u32,
}

#[derive(Debug)]
struct Observation {
    registration: u32,
    before: u32,
    after: u32,
    /// Distinguishes observations that use the same slot one after the other.
    turn: u32,
    exchange: ExchangeId,
    /// The number of the request that began it, for its reader.
    reader: u64,
    path: Path,
    /// That it was asked for in: the cancel must name the same.
    format: Option<ContentFormat>,
    /// Of one that is more than a place in the default tree.
    more: Option<Box<More>>,
}

/// What few observations have.
#[derive(Debug, Default)]
struct More {
    tree: Tree,
    /// It was asked for with these: the cancel must name the same.
    attributes: Attributes,
    /// Of a composite one, whose path is the root.
    places: Option<Box<[Path]>>,
}

/// What an observation is of.
pub(super) struct Begun {
    /// The number of the request that asked for it.
    pub(super) reader: u64,
    pub(super) target: Target,
    pub(super) format: Option<ContentFormat>,
    pub(super) attributes: Option<Box<Attributes>>,
    pub(super) places: Option<Box<[Path]>>,
}

impl Observation {
    fn stored(&self) -> StoredObservation {
        let Target { tree, path, .. } = self.target();
        let places = self.places().unwrap_or_default().to_vec();
        StoredObservation { tree, path, places, format: self.format, attributes: self.attributes() }
    }

    fn attributes(&self) -> Attributes {
        self.more.as_ref().map(|more| more.attributes).unwrap_or_default()
    }

    fn places(&self) -> Option<&[Path]> {
        self.more.as_ref()?.places.as_deref()
    }

    /// What its notifications answer.
    fn target(&self) -> Target {
        let tree = self.more.as_ref().map(|more| more.tree.clone()).unwrap_or_default();
        let verb = if self.places().is_some() { Verb::ObserveComposite } else { Verb::Observe };
        Target { verb, tree, path: self.path }
    }
}

impl Observations {
    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn exchange(&self, key: u32) -> Option<ExchangeId> {
        self.get(key).map(|observation| observation.exchange)
    }

    fn get(&self, key: u32) -> Option<&Observation> {
        self.slab.get(key as usize)
    }

    fn get_mut(&mut self, key: u32) -> Option<&mut Observation> {
        self.slab.get_mut(key as usize)
    }

    fn push(&mut self, list: &mut List, observation: Observation) -> u32 {
        let key =
            u32::try_from(self.slab.insert(Observation { before: list.last, after: NONE, ..observation }));
        let key = key.unwrap_or(NONE);
        match self.get_mut(list.last) {
            Some(last) => last.after = key,
            None => list.first = key,
        }
        list.last = key;
        list.len = list.len.saturating_add(1);
        key
    }

    fn remove(&mut self, list: &mut List, key: u32) -> Option<Observation> {
        let observation = self.slab.try_remove(key as usize)?;
        match self.get_mut(observation.before) {
            Some(before) => before.after = observation.after,
            None => list.first = observation.after,
        }
        match self.get_mut(observation.after) {
            Some(after) => after.before = observation.before,
            None => list.last = observation.before,
        }
        list.len = list.len.saturating_sub(1);
        Some(observation)
    }
}

impl ServerMachine {
    /// The client has taken up an observation.
    pub(super) fn begin_observation(
        &mut self,
        slot: u32,
        exchange: ExchangeId,
        begun: Begun,
    ) -> ObservationId {
        let Begun { reader, target, format, attributes, places } = begun;
        let turn = self.observations.turn;
        self.observations.turn = turn.wrapping_add(1);
        let attributes = attributes.map(|attributes| *attributes).unwrap_or_default();
        let plain = target.tree.is_default() && attributes.is_empty() && places.is_none();
        let more = (!plain).then(|| Box::new(More { tree: target.tree, attributes, places }));
        let observation = Observation {
            registration: slot,
            before: NONE,
            after: NONE,
            turn,
            exchange,
            reader,
            path: target.path,
            format,
            more,
        };
        let mut list = self.registrations.get(slot).map(|entry| entry.observations).unwrap_or_default();
        let key = self.observations.push(&mut list, observation);
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.observations = list;
        }
        self.exchanges.set(exchange, Owner::Observation(key));
        if reader == DETACHED {
            self.store_observation(key);
        }
        ObservationId { shard: self.config.shard, slot: key, turn }
    }

    pub(super) fn on_notification(
        &mut self,
        now: Now,
        id: ExchangeId,
        seen: u32,
        response: &coap::Response,
        how: Delivery,
    ) {
        let Some(Owner::Observation(key)) = self.owner(id) else {
            return self.endpoint.cancel(now, id); // its cancel could not be sent
        };
        self.counters.notifications += 1;
        if let Some(slot) = self.observations.get(key).map(|observation| observation.registration) {
            self.heard_by_data(now, slot);
        }
        let Some(observation) = self.observations.get(key) else { return };
        let (slot, reader) = (observation.registration, observation.reader);
        let name = ObservationId { shard: self.config.shard, slot: key, turn: observation.turn };
        let arrived = Arrived { exchange: id, seen, how, observation: name, reader };
        if reader == DETACHED && !self.config.sink {
            return;
        }
        let answer = self.decode(slot, response, &observation.target());
        match answer {
            Ok(DownlinkAnswer::Values(values)) => self.authorize_values(now, slot, arrived, values),
            Ok(_) => self.not_understood(now, &arrived, RequestError::WrongAnswer),
            Err(error @ RequestError::Refused(_)) => {
                self.settle(now, &arrived, true);
                self.observation_failed(key, error);
            }
            Err(error) => self.not_understood(now, &arrived, error),
        }
    }

    /// To the sink, or to their reader.
    pub(super) fn pass_values(&mut self, now: Now, slot: u32, arrived: Arrived, values: Vec<Timed>) {
        if self.config.sink {
            self.keep_notification(now, slot, arrived, values);
        } else {
            self.tell(arrived, values);
        }
    }

    /// What an observation is of.
    pub(super) fn observed(&self, id: ObservationId) -> Path {
        let observation = self.observations.get(id.slot).filter(|observation| observation.turn == id.turn);
        observation.map_or(Path::ROOT, |observation| observation.path)
    }

    /// The program does not want its values.
    pub(super) fn refuse_observation(&mut self, id: ObservationId, why: Rejection) {
        if self.observations.get(id.slot).is_some_and(|observation| observation.turn == id.turn) {
            self.observation_failed(id.slot, RequestError::Refused(why));
        }
    }

    /// What goes on with the next registration of this client: what nobody reads but the sink.
    pub(super) fn take_observations(&mut self, slot: u32) -> Vec<StoredObservation> {
        if !self.config.reobserve {
            return Vec::new();
        }
        let all = self.detached_observations(slot);
        if let Some(extra) = self.registrations.get_mut(slot).and_then(|entry| entry.extra.as_mut()) {
            extra.restored.clear();
        }
        all
    }

    /// What nobody reads but the sink.
    pub(super) fn detached_observations(&self, slot: u32) -> Vec<StoredObservation> {
        let Some(entry) = self.registrations.get(slot) else { return Vec::new() };
        let (mut next, requests) = (entry.observations.first, entry.requests);
        let restored = entry.extra.iter().flat_map(|extra| &extra.restored);
        let mut all: Vec<StoredObservation> = restored.cloned().collect();
        while let Some(observation) = self.observations.get(next) {
            if observation.reader == DETACHED {
                all.push(observation.stored());
            }
            next = observation.after;
        }
        all.extend(self.requests.all(requests).into_iter().filter_map(|key| self.requests.detached(key)));
        all
    }

    /// What a new registration is observed for: what the one before it was, and what the rules say.
    pub(super) fn inherit(&mut self, slot: u32, mut observations: Vec<StoredObservation>) {
        let Some(entry) = self.registrations.get_mut(slot) else { return };
        let version = entry.version;
        if let Some(links) = self.links.links(entry.links) {
            let has = |rule: &&StoredObservation| {
                let object = rule.path.object_id();
                links.objects.iter().any(|link| link.path.object_id() == object)
            };
            for rule in self.config.rules.iter().filter(has).map(|rule| rule.for_version(version)) {
                // The format is what the client was asked for last.
                if !observations
                    .iter()
                    .any(|other| StoredObservation { format: None, ..other.clone() } == rule)
                {
                    observations.push(rule);
                }
            }
        }
        if !observations.is_empty() {
            entry.extra.get_or_insert_default().restored = observations.into();
        }
    }

    /// What a rule wants attached to a place that this client cannot be told with the Observe.
    pub(super) fn attach_first(&self, version: Version, observed: &StoredObservation) -> Option<Ask> {
        let wants = |rule: &&StoredObservation| {
            let asked = rule.for_version(version);
            asked != **rule && StoredObservation { format: None, ..observed.clone() } == asked
        };
        let StoredObservation { tree, path, attributes, .. } = self.config.rules.iter().find(wants)?.clone();
        Some(Ask::Operation(Downlink::WriteAttributes { tree, path, edit: attributes.into() }))
    }

    /// Sent again it would not be understood either: it is acknowledged, and its reader told.
    fn not_understood(&mut self, now: Now, arrived: &Arrived, error: RequestError) {
        self.counters.undecodable += 1;
        self.settle(now, arrived, true);
        if arrived.reader != DETACHED {
            let Arrived { reader, observation, .. } = *arrived;
            self.emit(Event::Notified { reader, observation, result: Err(error) });
        }
    }

    /// Its reader has gone, and it is to go on.
    pub(super) fn detach(&mut self, id: ObservationId) {
        let Some(observation) = self.observations.get_mut(id.slot).filter(|o| o.turn == id.turn) else {
            return;
        };
        observation.reader = DETACHED;
        self.store_observation(id.slot);
    }

    /// It goes on without a reader: the store has it.
    fn store_observation(&mut self, key: u32) {
        let Some(observation) = self.observations.get(key).filter(|_| self.config.store) else { return };
        if let Some(id) = self.registrations.id(observation.registration) {
            self.store_behind(Change::Observe { id, observation: observation.stored() });
        }
    }

    /// An observation without a reader was not taken up: the store may have it from the registration before.
    pub(super) fn forget_refused(&mut self, slot: u32, key: u32, error: &RequestError) {
        if matches!(error, RequestError::Refused(_))
            && !error.is_temporary()
            && let (Some(id), Some(observation)) = (self.registrations.id(slot), self.requests.detached(key))
        {
            self.store_behind(Change::Forget { id, observation });
        }
    }

    /// Its reader wants it to end, and the client to know. [Core 1.2 §6.4.3]
    pub(super) fn cancel_observation(
        &mut self,
        now: Now,
        request: u64,
        id: ObservationId,
        timeout: Duration,
    ) {
        let known = self.observations.get(id.slot).is_some_and(|observation| observation.turn == id.turn);
        let Some(observation) = (if known { self.forget_observation(id.slot) } else { None }) else {
            return self.emit_finished(request, Ok(Answered::Operation(DownlinkAnswer::Done)));
        };
        let Target { tree, path, .. } = observation.target();
        let to = self.registrations.get(observation.registration).map(|entry| entry.name.clone());
        let attributes = observation.attributes();
        let ask = Ask::Operation(match observation.places() {
            Some(paths) => Downlink::CancelObserveComposite { tree, paths: paths.to_vec(), attributes },
            None => Downlink::CancelObserve { tree, path, attributes },
        });
        let to = to.unwrap_or_else(|| EndpointName::from(""));
        let mut new = NewRequest::new(request, to, ask, timeout);
        new.format = observation.format;
        if let Err(error) = self.admit(now, new) {
            self.endpoint.cancel(now, observation.exchange);
            // Who sleeps learns it from the reset of its next notification.
            let asleep = matches!(error, RequestError::Asleep(_));
            let result = if asleep { Ok(Answered::Operation(DownlinkAnswer::Done)) } else { Err(error) };
            self.emit_finished(request, result);
        }
    }

    /// The client has moved. What it sent from its new address before its Update, nobody knew: it was reset, and may
    /// have made the client forget. Asked anew, client and server agree again, and what was lost is told.
    pub(super) fn observe_anew(&mut self, now: Now, slot: u32) {
        let mut next = self.registrations.get(slot).map_or(NONE, |entry| entry.observations.first);
        while let Some(observation) = self.observations.get(next) {
            self.endpoint.observe_again(now, observation.exchange);
            next = observation.after;
        }
    }

    /// Its reader has gone: the next notification is reset.
    pub(super) fn end_observation(&mut self, now: Now, id: ObservationId) {
        let known = self.observations.get(id.slot).is_some_and(|observation| observation.turn == id.turn);
        if known && let Some(observation) = self.forget_observation(id.slot) {
            self.endpoint.cancel(now, observation.exchange);
        }
    }

    /// The client, or the network, has ended it.
    pub(super) fn observation_failed(&mut self, key: u32, error: RequestError) {
        let Some(observation) = self.forget_observation(key) else { return };
        if observation.reader == DETACHED
            && let Some(id) = self.registrations.id(observation.registration)
        {
            self.store_behind(Change::Forget { id, observation: observation.stored() });
        }
        self.tell_reader(observation.reader, error);
    }

    /// The registration ends: so do its observations.
    pub(super) fn end_observations(&mut self, now: Now, slot: u32, reason: EndReason) {
        while let Some(key) = self.registrations.get(slot).map(|entry| entry.observations.first) {
            let Some(observation) = self.forget_observation(key) else { return };
            self.endpoint.cancel(now, observation.exchange);
            self.tell_reader(observation.reader, RequestError::Ended { reason, sent: true });
        }
    }

    fn tell_reader(&mut self, reader: u64, error: RequestError) {
        if reader != DETACHED {
            self.emit(Event::ObservationEnded { reader, error });
        }
    }

    fn forget_observation(&mut self, key: u32) -> Option<Observation> {
        let slot = self.observations.get(key)?.registration;
        let entry = self.registrations.get_mut(slot)?;
        let observation = self.observations.remove(&mut entry.observations, key)?;
        self.exchanges.remove(observation.exchange);
        Some(observation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_is_small() {
        assert!(size_of::<Observation>() <= 64, "{}", size_of::<Observation>());
    }
}
