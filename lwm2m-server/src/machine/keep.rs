//! What the data sink must have before it is acknowledged.

use std::{collections::VecDeque, sync::Arc};

use lwm2m_core::{
    Mono, Now, UnixTime,
    coap::{Delivery, ExchangeId},
    codec::Timed,
};

use super::{Call, Event, Job, ObservationId, ServerMachine, observation::DETACHED};
use crate::{Data, DataSource, RegistrationId, SinkError};

/// Notifications that wait for the sink. One batch is with it at a time, so that order is kept; the next collects
/// meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Unkept {
    waiting: VecDeque<(Arrived, Data)>,
    /// A batch is with the sink.
    open: bool,
    /// The sink wants nothing before.
    rests_until: Mono,
}

impl Unkept {
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}

/// How a notification came, and who reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    pub(crate) exchange: ExchangeId,
    pub(crate) seen: u32,
    pub(crate) how: Delivery,
    pub(crate) observation: ObservationId,
    pub(crate) reader: u64,
}

/// A batch that is with the sink.
#[derive(Debug)]
pub(crate) struct Batch {
    arrived: Vec<Arrived>,
    data: Arc<[Data]>,
}

impl ServerMachine {
    /// Puts a notification before the sink.
    pub(super) fn keep(&mut self, now: Now, slot: u32, arrived: Arrived, values: Vec<Timed>) {
        let (limits, rests) = (&self.config.limits, now.mono < self.unkept.rests_until);
        let full = self.unkept.waiting.len() >= limits.unkept;
        let id = self.registrations.id(slot);
        let Some((entry, registration)) = self.registrations.get_mut(slot).zip(id) else {
            return self.refuse(now, arrived);
        };
        let over_share = entry.unkept >= limits.unkept_per_client;
        if full || rests || over_share {
            self.counters.over_share += u64::from(over_share);
            return self.refuse(now, arrived);
        }
        entry.unkept = entry.unkept.saturating_add(1);
        let data = Data {
            endpoint: entry.name.clone(),
            registration,
            source: DataSource::Notification(arrived.observation),
            received: now.wall.unwrap_or(UnixTime(0)),
            values,
        };
        self.unkept.waiting.push_back((arrived, data));
    }

    /// Hands the next batch to the sink. `true`: there was one.
    pub(super) fn offer(&mut self, now: Now) -> bool {
        if self.unkept.open || self.unkept.waiting.is_empty() {
            return false;
        }
        let size = self.unkept.waiting.len().min(self.config.limits.batch.max(1));
        let (arrived, data): (Vec<Arrived>, Vec<Data>) = self.unkept.waiting.drain(..size).unzip();
        for Data { registration, .. } in &data {
            self.count_offered(*registration);
        }
        let data: Arc<[Data]> = data.into();
        self.unkept.open = true;
        let job = Job::Accept(Batch { arrived, data: data.clone() });
        if let Err(job) = self.call(now, job, Call::Accept(data)) {
            self.on_lost(now, job);
        }
        true
    }

    /// One notification less of this client's waits.
    fn count_offered(&mut self, registration: RegistrationId) {
        let slot = self.registrations.by_id(registration);
        if let Some(entry) = slot.and_then(|slot| self.registrations.get_mut(slot)) {
            entry.unkept = entry.unkept.saturating_sub(1);
        }
    }

    pub(super) fn on_accepted(&mut self, now: Now, batch: &Batch, result: Result<(), SinkError>) {
        self.unkept.open = false;
        match result {
            Ok(()) => {
                self.counters.kept += u64::try_from(batch.arrived.len()).unwrap_or(u64::MAX);
                for (arrived, data) in batch.arrived.iter().zip(batch.data.iter()) {
                    self.settle(now, arrived, true);
                    self.tell(*arrived, data.values.clone());
                }
            }
            Err(error) => {
                tracing::warn!(target: "lwm2m::server", %error, notifications = batch.arrived.len(), "not kept");
                if let SinkError::Busy { retry_after } = error {
                    self.unkept.rests_until = now.mono.after(retry_after);
                }
                for arrived in &batch.arrived {
                    self.refuse(now, *arrived);
                }
            }
        }
    }

    /// It stays unacknowledged: the device sends it again, if it sent it confirmably.
    fn refuse(&mut self, now: Now, arrived: Arrived) {
        self.counters.unkept += 1;
        self.settle(now, &arrived, false);
    }

    pub(super) fn settle(&mut self, now: Now, arrived: &Arrived, kept: bool) {
        if self.config.sink && arrived.how == Delivery::Confirmable {
            self.endpoint.settle(now, arrived.exchange, arrived.seen, kept);
        }
    }

    /// Values for a reader, if there is one.
    pub(super) fn tell(&mut self, arrived: Arrived, values: Vec<Timed>) {
        if arrived.reader != DETACHED {
            let Arrived { reader, observation, .. } = arrived;
            self.emit(Event::Notified { reader, observation, result: Ok(values) });
        }
    }
}
