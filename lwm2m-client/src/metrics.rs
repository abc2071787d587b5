//! What a client holds and has done, for monitoring (feature `metrics`).
//!
//! [`Client::record_metrics`] hands the numbers to the recorder that the program has installed for the `metrics` facade,
//! with the endpoint name as label `endpoint`. Names are in [`METRICS`] and, with the label `role`, in
//! [`lwm2m_core::metrics`].
//!
//! [`Client::record_metrics`]: crate::Client::record_metrics

use std::{iter, slice};

use lwm2m_core::metrics::{self as core, Metric};

use crate::machine::Status;

/// Every metric that clients alone have.
#[rustfmt::skip]
pub const METRICS: &[Metric<Status>] = &[
    Metric::gauge("lwm2m_client_registered", "Servers that the client is registered with", |s| s.registered.len() as u64),
    Metric::gauge("lwm2m_client_observations", "Live observations", |s| s.observations as u64),
    Metric::gauge("lwm2m_client_unsent", "1 while something is on its way", |s| u64::from(s.has_unsent)),
    Metric::gauge("lwm2m_client_kept", "Notifications on their way, or kept for servers that are disabled or away", |s| s.kept as u64),
    Metric::gauge("lwm2m_client_awake_seconds", "How long the device should still listen, in queue mode", |s| s.awake.map_or(0, |left| left.as_secs())),
    Metric::counter("lwm2m_client_displaced_total", "Values that servers were not told, for want of room to keep them", |s| s.displaced),
];

/// Tells the recorder what the metrics mean. Once, after it is installed.
pub fn describe() {
    core::describe(METRICS);
    core::describe(core::COAP);
}

/// Hands the numbers of the client with this endpoint name to the recorder.
pub fn record(endpoint: &str, status: &Status) {
    let [endpoint, role] = [("endpoint", endpoint.to_owned()), ("role", "client".to_owned())];
    core::record(METRICS, slice::from_ref(&endpoint), iter::once(status));
    core::record(core::COAP, &[endpoint, role], iter::once(&status.coap));
}
