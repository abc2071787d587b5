//! Where measurements go before devices hear that we have them.

use std::time::Duration;

use async_trait::async_trait;
use lwm2m_core::{EndpointName, StoreError, UnixTime, codec::Timed};

use crate::{RegistrationId, machine::ObservationId};

/// Keeps what devices tell. A Send is answered, and a confirmable notification acknowledged, only after
/// [`DataSink::accept`] returned `Ok`: a device that has its acknowledgement may forget the value.
///
/// Without a sink, notifications are acknowledged as they come, and whoever observes gets each at most once.
#[async_trait]
pub trait DataSink: Send + Sync + 'static {
    /// Keeps all of the batch, or nothing of it that matters: after an `Err` a Send is answered 5.03, and the devices
    /// send their confirmable notifications again. What is sent again may have been kept the first time, if the acknowledgement got lost.
    ///
    /// One batch at a time per shard; data of one device come in the order in which they arrived.
    ///
    /// # Errors
    /// See [`SinkError`].
    async fn accept(&self, batch: &[Data]) -> Result<(), SinkError>;
}

/// What a device told at once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Data {
    /// The device.
    pub endpoint: EndpointName,
    /// Its registration.
    pub registration: RegistrationId,
    /// What made it tell.
    pub source: DataSource,
    /// When it arrived.
    pub received: UnixTime,
    /// The values.
    pub values: Vec<Timed>,
}

impl Data {
    /// For tests of sinks.
    #[must_use]
    pub const fn new(
        endpoint: EndpointName,
        registration: RegistrationId,
        source: DataSource,
        received: UnixTime,
        values: Vec<Timed>,
    ) -> Self {
        Self { endpoint, registration, source, received, values }
    }
}

/// What made a device tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataSource {
    /// An observation.
    Notification(ObservationId),
    /// Nothing: the device sent it of its own accord. It is answered when the sink has it. [Core 1.2 §6.4.6]
    Send,
}

/// The sink has not kept a batch.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// Too much at the moment. Until then what arrives is not acknowledged, and not offered.
    #[error("busy for {retry_after:?}")]
    Busy {
        /// When to offer again.
        retry_after: Duration,
    },
    /// The sink does not work.
    #[error(transparent)]
    Store(#[from] StoreError),
}
