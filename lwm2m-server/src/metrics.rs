//! What a server holds and has done, for monitoring (feature `metrics`).
//!
//! [`Server::record_metrics`] hands the sums over all shards to the recorder that the program has installed for the
//! `metrics` facade: call it now and then, or before each scrape. Names are in [`METRICS`] and, with the label `role`,
//! in [`lwm2m_core::metrics`].
//!
//! [`Server::record_metrics`]: crate::Server::record_metrics

#[cfg(feature = "tokio")]
use std::sync::Arc;

use lwm2m_core::metrics::{self as core, Metric};
#[cfg(feature = "tokio")]
use lwm2m_core::transport::TransportCounters;

use crate::machine::Stats;

/// Every metric that servers alone have.
#[rustfmt::skip]
pub const METRICS: &[Metric<Stats>] = &[
    Metric::gauge("lwm2m_server_registrations", "Registered clients", |s| s.registrations as u64),
    Metric::gauge("lwm2m_server_asleep", "Registered clients in queue mode that sleep", |s| s.asleep as u64),
    Metric::gauge("lwm2m_server_disabled", "Clients that are gone because they were disabled", |s| s.disabled as u64),
    Metric::gauge("lwm2m_server_observations", "Observations", |s| s.observations as u64),
    Metric::gauge("lwm2m_server_requests", "Requests to clients that wait or are on their way", |s| s.requests as u64),
    Metric::gauge("lwm2m_server_queued", "Requests that wait for a sleeping client, or for their turn", |s| s.queued as u64),
    Metric::gauge("lwm2m_server_calls", "Open questions to stores, sinks, resources and the authorizer", |s| s.calls as u64),
    Metric::gauge("lwm2m_server_unkept", "Values that wait for the data sink", |s| s.unkept as u64),
    Metric::gauge("lwm2m_server_unstored", "Changes that wait for the store", |s| s.unstored as u64),
    Metric::gauge("lwm2m_server_link_sets", "Different object lists", |s| s.link_sets as u64),
    Metric::gauge("lwm2m_server_link_octets", "Octets that the object lists take", |s| s.link_octets as u64),
    Metric::counter("lwm2m_server_registered_total", "Registrations made, replacements among them", |s| s.counters.registered),
    Metric::counter("lwm2m_server_replaced_total", "Registrations that replaced one of the same endpoint", |s| s.counters.replaced),
    Metric::counter("lwm2m_server_updated_total", "Updates", |s| s.counters.updated),
    Metric::counter("lwm2m_server_deregistered_total", "De-registrations", |s| s.counters.deregistered),
    Metric::counter("lwm2m_server_expired_total", "Registrations that ended with their lifetime", |s| s.counters.expired),
    Metric::counter("lwm2m_server_refused_total", "Registers, Updates and De-registers that were refused", |s| s.counters.refused),
    Metric::counter("lwm2m_server_unauthorized_total", "What the authorizer did not allow", |s| s.counters.unauthorized),
    Metric::counter("lwm2m_server_fell_asleep_total", "Times that a client fell asleep", |s| s.counters.fell_asleep),
    Metric::counter("lwm2m_server_requests_total", "Requests to clients that ended, in whatever way", |s| s.counters.requests),
    Metric::counter("lwm2m_server_requests_timed_out_total", "Requests that had no answer in time", |s| s.counters.timed_out),
    Metric::counter("lwm2m_server_requests_expired_total", "Requests whose client was not heard in time", |s| s.counters.requests_expired),
    Metric::counter("lwm2m_server_requests_repeated_total", "Requests of unknown outcome that were to be sent again", |s| s.counters.requests_repeated),
    Metric::counter("lwm2m_server_queue_full_total", "Requests that were refused because too many wait", |s| s.counters.queue_full),
    Metric::counter("lwm2m_server_notifications_total", "Notifications of observations that are known", |s| s.counters.notifications),
    Metric::counter("lwm2m_server_sends_total", "Sends", |s| s.counters.sends),
    Metric::counter("lwm2m_server_undecodable_total", "Notifications that were not understood", |s| s.counters.undecodable),
    Metric::counter("lwm2m_server_kept_total", "Values that the data sink has", |s| s.counters.kept),
    Metric::counter("lwm2m_server_unkept_total", "Values that the data sink did not take", |s| s.counters.unkept),
    Metric::counter("lwm2m_server_over_share_total", "Those of them that were over the share of their client", |s| s.counters.over_share),
    Metric::counter("lwm2m_server_redirected_total", "Frames handed to another shard", |s| s.counters.redirected),
    Metric::counter("lwm2m_server_calls_refused_total", "Questions that were not asked because too many were open", |s| s.counters.calls_refused),
    Metric::counter("lwm2m_server_calls_overdue_total", "Questions that were not answered in time", |s| s.counters.calls_overdue),
];

/// Tells the recorder what the metrics mean. Once, after it is installed.
pub fn describe() {
    core::describe(METRICS);
    core::describe(core::COAP);
    #[cfg(feature = "tokio")]
    {
        core::describe(core::DRIVER);
        core::describe(core::TRANSPORT);
    }
}

/// Hands the sums over these shards to the recorder.
pub fn record(shards: &[Stats]) {
    core::record(METRICS, &[], shards);
    core::record(core::COAP, &role(), shards.iter().map(|stats| &stats.coap));
    #[cfg(feature = "tokio")]
    core::record(core::DRIVER, &role(), shards.iter().map(|stats| &stats.driver));
}

/// The same of their transports.
#[cfg(feature = "tokio")]
pub(crate) fn record_transports(transports: &[Arc<TransportCounters>]) {
    core::record(core::TRANSPORT, &role(), transports.iter().map(|counters| &**counters));
}

fn role() -> [(&'static str, String); 1] {
    [("role", "server".to_owned())]
}
