//! What the data sink must have before it is acknowledged or answered.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    Code, EndpointName, Mono, Now, Rejection, UnixTime,
    coap::{Delivery, ExchangeId, InboundId, Response},
    codec::Timed,
};

use super::{Call, Event, Job, ObservationId, ServerMachine, observation::DETACHED, uplink::RETRY_AFTER};
use crate::{Data, DataSource, SinkError};

/// Notifications and Sends that wait for the sink. One batch is with it at a time, so that order is kept; the next collects
/// meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Unkept {
    waiting: VecDeque<(Origin, Data)>,
    /// How many of them each client has, also where it has registered anew since. Names are chosen by peers, so the hasher
    /// has its own random keys.
    shares: HashMap<EndpointName, u16>,
    /// A batch is with the sink.
    open: bool,
    /// The sink wants nothing before.
    rests_until: Mono,
}

impl Unkept {
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// One less of this client's waits.
    fn count_offered(&mut self, endpoint: &str) {
        match self.shares.get_mut(endpoint) {
            Some(share) if *share > 1 => *share = share.saturating_sub(1),
            _ => drop(self.shares.remove(endpoint)),
        }
    }
}

/// What is to be answered when the sink has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    Notification(Arrived),
    Send(InboundId),
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
    arrived: Vec<Origin>,
    data: Arc<[Data]>,
}

impl ServerMachine {
    /// Puts a notification before the sink.
    pub(super) fn keep_notification(&mut self, now: Now, slot: u32, arrived: Arrived, values: Vec<Timed>) {
        let name = self.registrations.get(slot).map(|entry| entry.name.clone());
        let Some((endpoint, registration)) = name.zip(self.registrations.id(slot)) else {
            return self.refuse(now, Origin::Notification(arrived), RETRY_AFTER);
        };
        let source = DataSource::Notification(arrived.observation);
        let received = now.wall.unwrap_or(UnixTime(0));
        let data = Data { endpoint, registration, source, received, values };
        self.keep(now, Origin::Notification(arrived), data);
    }

    /// Puts data of a registration before the sink.
    pub(super) fn keep(&mut self, now: Now, origin: Origin, data: Data) {
        let (limits, until) = (&self.config.limits, self.unkept.rests_until);
        let full = self.unkept.waiting.len() >= limits.unkept;
        let rest = until.since(now.mono);
        let share = self.unkept.shares.get(&data.endpoint).copied().unwrap_or(0);
        let over_share = share >= limits.unkept_per_client;
        if full || now.mono < until || over_share {
            self.counters.over_share += u64::from(over_share);
            return self.refuse(now, origin, if now.mono < until { rest } else { RETRY_AFTER });
        }
        self.unkept.shares.insert(data.endpoint.clone(), share.saturating_add(1));
        self.unkept.waiting.push_back((origin, data));
    }

    /// Hands the next batch to the sink. `true`: there was one.
    pub(super) fn offer(&mut self, now: Now) -> bool {
        if self.unkept.open || self.unkept.waiting.is_empty() {
            return false;
        }
        let size = self.unkept.waiting.len().min(self.config.limits.batch.max(1));
        let (arrived, data): (Vec<Origin>, Vec<Data>) = self.unkept.waiting.drain(..size).unzip();
        data.iter().for_each(|data| self.unkept.count_offered(&data.endpoint));
        let data: Arc<[Data]> = data.into();
        self.unkept.open = true;
        let job = Job::Accept(Batch { arrived, data: data.clone() });
        if let Err(job) = self.call(now, job, Call::Accept(data)) {
            self.on_lost(now, job);
        }
        true
    }

    pub(super) fn on_accepted(&mut self, now: Now, batch: &Batch, result: Result<(), SinkError>) {
        self.unkept.open = false;
        match result {
            Ok(()) => {
                self.counters.kept += u64::try_from(batch.arrived.len()).unwrap_or(u64::MAX);
                for (origin, data) in batch.arrived.iter().zip(batch.data.iter()) {
                    self.kept(now, origin, data);
                }
            }
            Err(error) => {
                tracing::warn!(target: "lwm2m::server", %error, batch = batch.arrived.len(), "not kept");
                let mut wait = RETRY_AFTER;
                if let SinkError::Busy { retry_after } = error {
                    self.unkept.rests_until = now.mono.after(retry_after);
                    wait = retry_after;
                }
                for origin in &batch.arrived {
                    self.refuse(now, *origin, wait);
                }
            }
        }
    }

    fn kept(&mut self, now: Now, origin: &Origin, data: &Data) {
        match origin {
            Origin::Notification(arrived) => {
                self.settle(now, arrived, true);
                self.tell(*arrived, data.values.clone());
            }
            Origin::Send(inbound) => {
                self.respond(now, *inbound, Response::new(Code::CHANGED));
                if let Some(slot) = self.registrations.by_id(data.registration) {
                    self.tell_sent(now, slot, || data.values.as_slice().into());
                }
            }
        }
    }

    /// A notification stays unacknowledged: the device sends it again, if it sent it confirmably. A Send is to come
    /// again after this time.
    fn refuse(&mut self, now: Now, origin: Origin, again: Duration) {
        self.counters.unkept += 1;
        match origin {
            Origin::Notification(arrived) => self.settle(now, &arrived, false),
            Origin::Send(inbound) => {
                let busy = Rejection::unavailable("the data cannot be kept now", again);
                self.respond(now, inbound, (&busy).into());
            }
        }
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
