//! What a client holds and has done, for monitoring (feature `metrics`).
//!
//! The machine counts in plain numbers; nothing is recorded while messages are handled. [`Client::record_metrics`] hands
//! them to the recorder that the program has installed for the `metrics` facade, with the endpoint name as label
//! `endpoint`. All names are in [`METRICS`].
//!
//! [`Client::record_metrics`]: crate::Client::record_metrics

use crate::machine::Status;

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
    value: fn(&Status) -> u64,
}

macro_rules! table {
    ($($kind:ident $name:literal $help:literal |$status:ident| $value:expr;)*) => {
        &[$(Metric { name: $name, kind: Kind::$kind, help: $help, value: |$status| $value },)*]
    };
}

/// Every metric of a client.
#[rustfmt::skip]
pub const METRICS: &[Metric] = table! {
    Gauge "lwm2m_client_registered" "Servers that the client is registered with" |s| wide(s.registered.len());
    Gauge "lwm2m_client_observations" "Live observations" |s| wide(s.observations);
    Gauge "lwm2m_client_unsent" "1 while something is on its way" |s| u64::from(s.has_unsent);
    Gauge "lwm2m_client_awake_seconds" "How long the device should still listen, in queue mode" |s| s.awake.map_or(0, |left| left.as_secs());
    Counter "lwm2m_client_coap_frames_in_total" "Frames that came in" |s| s.coap.frames_in;
    Counter "lwm2m_client_coap_frames_out_total" "Frames that went out, repetitions among them" |s| s.coap.frames_out;
    Counter "lwm2m_client_coap_retransmissions_total" "Messages sent again" |s| s.coap.retransmissions;
    Counter "lwm2m_client_coap_timeouts_total" "Messages given up after the last repetition" |s| s.coap.timeouts;
    Counter "lwm2m_client_coap_duplicates_total" "Repeated messages recognised" |s| s.coap.duplicates;
    Counter "lwm2m_client_coap_malformed_total" "Frames that are no CoAP message" |s| s.coap.malformed;
    Counter "lwm2m_client_coap_overload_total" "Requests refused for too many unanswered ones" |s| s.coap.overload;
    Counter "lwm2m_client_coap_resets_total" "Resets that came" |s| s.coap.resets;
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

/// Hands the numbers of the client with this endpoint name to the recorder.
pub fn record(endpoint: &str, status: &Status) {
    for Metric { name, kind, value, .. } in METRICS {
        let (value, endpoint) = (value(status), endpoint.to_owned());
        match kind {
            Kind::Counter => ::metrics::counter!(*name, "endpoint" => endpoint).absolute(value),
            // Far from the numbers that an f64 does not have.
            Kind::Gauge => ::metrics::gauge!(*name, "endpoint" => endpoint).set(value as f64),
        }
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
