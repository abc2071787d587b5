//! What a server holds and has done, for monitoring (feature `metrics`).
//!
//! The machines count in plain numbers; nothing is recorded while messages are handled. [`Server::record_metrics`]
//! hands the sums over all shards to the recorder that the program has installed for the `metrics` facade: call it now
//! and then, or before each scrape. All names are in [`METRICS`].
//!
//! [`Server::record_metrics`]: crate::Server::record_metrics

use crate::machine::Stats;

/// Which way a metric goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Since the start, only upwards.
    Counter,
    /// As it is now.
    Gauge,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Which way it goes.
    pub kind: Kind,
    /// What it says.
    pub help: &'static str,
    /// Of one shard.
    value: fn(&Stats) -> u64,
}

macro_rules! table {
    ($($kind:ident $name:literal $help:literal |$stats:ident| $value:expr;)*) => {
        &[$(Metric { name: $name, kind: Kind::$kind, help: $help, value: |$stats| $value },)*]
    };
}

/// Every metric of a server.
#[rustfmt::skip]
pub const METRICS: &[Metric] = table! {
    Gauge "lwm2m_server_registrations" "Registered clients" |s| wide(s.registrations);
    Gauge "lwm2m_server_asleep" "Registered clients in queue mode that sleep" |s| wide(s.asleep);
    Gauge "lwm2m_server_disabled" "Clients that are gone because they were disabled" |s| wide(s.disabled);
    Gauge "lwm2m_server_observations" "Observations" |s| wide(s.observations);
    Gauge "lwm2m_server_requests" "Requests to clients that wait or are on their way" |s| wide(s.requests);
    Gauge "lwm2m_server_queued" "Requests that wait for a sleeping client, or for their turn" |s| wide(s.queued);
    Gauge "lwm2m_server_calls" "Open questions to stores, sinks, resources and the authorizer" |s| wide(s.calls);
    Gauge "lwm2m_server_unkept" "Values that wait for the data sink" |s| wide(s.unkept);
    Gauge "lwm2m_server_unstored" "Changes that wait for the store" |s| wide(s.unstored);
    Gauge "lwm2m_server_link_sets" "Different object lists" |s| wide(s.link_sets);
    Gauge "lwm2m_server_link_octets" "Octets that the object lists take" |s| wide(s.link_octets);
    Counter "lwm2m_server_registered_total" "Registrations made, replacements among them" |s| s.counters.registered;
    Counter "lwm2m_server_replaced_total" "Registrations that replaced one of the same endpoint" |s| s.counters.replaced;
    Counter "lwm2m_server_updated_total" "Updates" |s| s.counters.updated;
    Counter "lwm2m_server_deregistered_total" "De-registrations" |s| s.counters.deregistered;
    Counter "lwm2m_server_expired_total" "Registrations that ended with their lifetime" |s| s.counters.expired;
    Counter "lwm2m_server_refused_total" "Registers, Updates and De-registers that were refused" |s| s.counters.refused;
    Counter "lwm2m_server_unauthorized_total" "What the authorizer did not allow" |s| s.counters.unauthorized;
    Counter "lwm2m_server_fell_asleep_total" "Times that a client fell asleep" |s| s.counters.fell_asleep;
    Counter "lwm2m_server_requests_total" "Requests to clients that ended, in whatever way" |s| s.counters.requests;
    Counter "lwm2m_server_requests_timed_out_total" "Requests that had no answer in time" |s| s.counters.timed_out;
    Counter "lwm2m_server_requests_expired_total" "Requests whose client was not heard in time" |s| s.counters.requests_expired;
    Counter "lwm2m_server_requests_repeated_total" "Requests of unknown outcome that were to be sent again" |s| s.counters.requests_repeated;
    Counter "lwm2m_server_queue_full_total" "Requests that were refused because too many wait" |s| s.counters.queue_full;
    Counter "lwm2m_server_notifications_total" "Notifications of observations that are known" |s| s.counters.notifications;
    Counter "lwm2m_server_sends_total" "Sends" |s| s.counters.sends;
    Counter "lwm2m_server_undecodable_total" "Notifications that were not understood" |s| s.counters.undecodable;
    Counter "lwm2m_server_kept_total" "Values that the data sink has" |s| s.counters.kept;
    Counter "lwm2m_server_unkept_total" "Values that the data sink did not take" |s| s.counters.unkept;
    Counter "lwm2m_server_redirected_total" "Frames handed to another shard" |s| s.counters.redirected;
    Counter "lwm2m_server_calls_refused_total" "Questions that were not asked because too many were open" |s| s.counters.calls_refused;
    Counter "lwm2m_server_calls_overdue_total" "Questions that were not answered in time" |s| s.counters.calls_overdue;
    Counter "lwm2m_server_coap_frames_in_total" "Frames that came in" |s| s.coap.frames_in;
    Counter "lwm2m_server_coap_frames_out_total" "Frames that went out, repetitions among them" |s| s.coap.frames_out;
    Counter "lwm2m_server_coap_retransmissions_total" "Messages sent again" |s| s.coap.retransmissions;
    Counter "lwm2m_server_coap_timeouts_total" "Messages given up after the last repetition" |s| s.coap.timeouts;
    Counter "lwm2m_server_coap_duplicates_total" "Repeated messages recognised" |s| s.coap.duplicates;
    Counter "lwm2m_server_coap_malformed_total" "Frames that are no CoAP message" |s| s.coap.malformed;
    Counter "lwm2m_server_coap_over_rate_total" "Frames over the rate of their peer" |s| s.coap.over_rate;
    Counter "lwm2m_server_coap_overload_total" "Requests refused for too many unanswered ones" |s| s.coap.overload;
    Counter "lwm2m_server_coap_resets_total" "Resets that came" |s| s.coap.resets;
};

/// Tells the recorder what the metrics mean. Once, after it is installed.
pub fn describe() {
    for Metric { name, kind, help, .. } in METRICS {
        match kind {
            Kind::Counter => ::metrics::describe_counter!(*name, *help),
            Kind::Gauge => ::metrics::describe_gauge!(*name, *help),
        }
    }
}

/// Hands the sums to the recorder.
pub fn record(shards: &[Stats]) {
    for Metric { name, kind, value, .. } in METRICS {
        let sum = shards.iter().map(value).fold(0_u64, u64::saturating_add);
        match kind {
            Kind::Counter => ::metrics::counter!(*name).absolute(sum),
            // Far from the numbers that an f64 does not have.
            Kind::Gauge => ::metrics::gauge!(*name).set(sum as f64),
        }
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
