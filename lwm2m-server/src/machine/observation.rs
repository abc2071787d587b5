//! Observations: what clients tell of their own accord once asked. [Core 1.2 §6.4] [RFC 7641]

use lwm2m_core::{
    Now, Rejection,
    coap::{self, Delivery, ExchangeId},
    ops::{DownlinkAnswer, Target},
};
use slab::Slab;

use super::{
    Event, ObservationId, Owner, ServerMachine,
    registration::{List, NONE},
};
use crate::{EndReason, RequestError};

/// Nobody reads it.
const DETACHED: u64 = u64::MAX;

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
    target: Target,
}

impl Observations {
    pub(crate) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(crate) fn detach(&mut self, id: ObservationId) {
        if let Some(observation) = self.slab.get_mut(id.slot as usize).filter(|o| o.turn == id.turn) {
            observation.reader = DETACHED;
        }
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
    /// The client has taken up the observation that request `reader` asked for.
    pub(super) fn begin_observation(
        &mut self,
        slot: u32,
        exchange: ExchangeId,
        reader: u64,
        target: Target,
    ) -> ObservationId {
        let turn = self.observations.turn;
        self.observations.turn = turn.wrapping_add(1);
        let observation =
            Observation { registration: slot, before: NONE, after: NONE, turn, exchange, reader, target };
        let mut list = self.registrations.get(slot).map(|entry| entry.observations).unwrap_or_default();
        let key = self.observations.push(&mut list, observation);
        if let Some(entry) = self.registrations.get_mut(slot) {
            entry.observations = list;
        }
        self.exchanges.insert(exchange, Owner::Observation(key));
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
        let Some(&Owner::Observation(key)) = self.exchanges.get(&id) else { return };
        self.counters.notifications += 1;
        if let Some(rejection) = Rejection::from_response(response) {
            self.settle(now, id, seen, how);
            return self.observation_failed(key, RequestError::Refused(rejection));
        }
        let Some(observation) = self.observations.get(key) else { return };
        let reader = observation.reader;
        if reader != DETACHED {
            let values = self.decode(observation.registration, response, &observation.target);
            let result = values.and_then(|answer| match answer {
                DownlinkAnswer::Values(values) => Ok(values),
                _ => Err(RequestError::WrongAnswer),
            });
            self.counters.undecodable += u64::from(result.is_err());
            let observation = ObservationId { shard: self.config.shard, slot: key, turn: observation.turn };
            self.emit(Event::Notified { reader, observation, result });
        }
        self.settle(now, id, seen, how);
    }

    fn settle(&mut self, now: Now, id: ExchangeId, seen: u32, how: Delivery) {
        if self.config.sink && how == Delivery::Confirmable {
            self.endpoint.settle(now, id, seen, true);
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
        if let Some(observation) = self.forget_observation(key) {
            self.tell_reader(observation.reader, error);
        }
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
        self.exchanges.remove(&observation.exchange);
        Some(observation)
    }
}
