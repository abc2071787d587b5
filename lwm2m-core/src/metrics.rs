//! Counters and gauges for the recorder that a program has installed for the `metrics` facade (feature `metrics`).
//!
//! The machines count in plain numbers; nothing is recorded while messages are handled. A table says what is read from
//! them when somebody wants to know. Those of servers and clients are in their crates, what both have is here.

use crate::coap;
#[cfg(feature = "tokio")]
use crate::{driver, transport::TransportCounters};

/// Which way a metric goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Since the start, only upwards.
    Counter,
    /// As it is now.
    Gauge,
}

/// One metric, read from an `S`.
#[derive(Debug)]
pub struct Metric<S: 'static> {
    /// Its name.
    pub name: &'static str,
    /// Which way it goes.
    pub kind: Kind,
    /// What it says.
    pub help: &'static str,
    value: fn(&S) -> u64,
}

impl<S> Metric<S> {
    /// One that only goes upwards.
    #[must_use]
    pub const fn counter(name: &'static str, help: &'static str, value: fn(&S) -> u64) -> Self {
        Self { name, kind: Kind::Counter, help, value }
    }

    /// One that says how things are now.
    #[must_use]
    pub const fn gauge(name: &'static str, help: &'static str, value: fn(&S) -> u64) -> Self {
        Self { name, kind: Kind::Gauge, help, value }
    }
}

/// What a CoAP endpoint counts.
#[rustfmt::skip]
pub const COAP: &[Metric<coap::Counters>] = &[
    Metric::counter("lwm2m_coap_frames_in_total", "Frames that came in", |c| c.frames_in),
    Metric::counter("lwm2m_coap_frames_out_total", "Frames that went out, repetitions among them", |c| c.frames_out),
    Metric::counter("lwm2m_coap_retransmissions_total", "Messages sent again", |c| c.retransmissions),
    Metric::counter("lwm2m_coap_timeouts_total", "Messages given up after the last repetition", |c| c.timeouts),
    Metric::counter("lwm2m_coap_duplicates_total", "Repeated messages recognised", |c| c.duplicates),
    Metric::counter("lwm2m_coap_malformed_total", "Frames that are no CoAP message", |c| c.malformed),
    Metric::counter("lwm2m_coap_over_rate_total", "Frames over the rate of their peer", |c| c.over_rate),
    Metric::counter("lwm2m_coap_overload_total", "Requests refused for too many unanswered ones", |c| c.overload),
    Metric::counter("lwm2m_coap_unanswered_total", "Requests that the program has not answered in time", |c| c.unanswered),
    Metric::counter("lwm2m_coap_observers_refused_total", "Observations not taken up because the peer holds too many", |c| c.observers_refused),
    Metric::counter("lwm2m_coap_transfers_dropped_total", "Bodies dropped or refused for a limit or a pause", |c| c.transfers_dropped),
    Metric::counter("lwm2m_coap_displaced_total", "Peers displaced for want of room", |c| c.displaced),
    Metric::counter("lwm2m_coap_resets_total", "Resets that came", |c| c.resets),
    Metric::counter("lwm2m_coap_pings_total", "Pings answered", |c| c.pings),
    Metric::counter("lwm2m_coap_unmatched_total", "Responses that match no request", |c| c.unmatched),
    Metric::counter("lwm2m_coap_stale_total", "Notifications older than one seen before", |c| c.stale),
    Metric::counter("lwm2m_coap_confirmed_total", "Non-confirmable notifications that went confirmable for the pace, or because the peer was silent", |c| c.confirmed),
    Metric::counter("lwm2m_coap_held_off_total", "Requests held back because the peer asked to wait", |c| c.held_off),
    Metric::counter("lwm2m_coap_misplaced_total", "Messages of a type and code that do not go together, or of a reserved code", |c| c.misplaced),
    Metric::counter("lwm2m_coap_bad_option_total", "Requests refused or dropped for an option", |c| c.bad_option),
    Metric::counter("lwm2m_coap_unproven_total", "Answers cut smaller because the address of the peer is not proven", |c| c.unproven),
    Metric::counter("lwm2m_coap_doubted_total", "Requests dropped that may have been played back", |c| c.doubted),
    Metric::counter("lwm2m_coap_unprotected_total", "Frames that could not be verified", |c| c.unprotected),
    Metric::counter("lwm2m_coap_locked_refused_total", "Frames dropped because too many wait for keys", |c| c.locked_refused),
    Metric::counter("lwm2m_coap_unknown_link_total", "Frames by a link that is not known", |c| c.unknown_link),
    Metric::counter("lwm2m_coap_dedup_evicted_total", "Message IDs or replies forgotten early for a limit", |c| c.dedup_evicted),
];

/// What a driver counts.
#[cfg(feature = "tokio")]
#[rustfmt::skip]
pub const DRIVER: &[Metric<driver::Counters>] = &[
    Metric::counter("lwm2m_driver_send_errors_total", "Frames that a transport could not send", |c| c.send_errors),
    Metric::counter("lwm2m_driver_dropped_total", "Frames dropped because too many waited for a stalled link, or it was gone", |c| c.dropped),
    Metric::counter("lwm2m_driver_strays_dropped_total", "Frames for another shard dropped", |c| c.strays_dropped),
    Metric::counter("lwm2m_driver_panics_total", "Questions to the program whose code panicked", |c| c.panics),
];

/// What transports count.
#[cfg(feature = "tokio")]
#[rustfmt::skip]
pub const TRANSPORT: &[Metric<TransportCounters>] = &[
    Metric::gauge("lwm2m_transport_sessions", "Security sessions", TransportCounters::sessions),
    Metric::counter("lwm2m_transport_frames_in_total", "Frames received", TransportCounters::frames_in),
    Metric::counter("lwm2m_transport_established_total", "Security handshakes that have succeeded, resumed ones among them", TransportCounters::established),
    Metric::counter("lwm2m_transport_resumed_total", "Security handshakes that have resumed a session", TransportCounters::resumed),
    Metric::counter("lwm2m_transport_handshakes_refused_total", "Security handshakes that ended in an alert of ours", TransportCounters::handshakes_refused),
    Metric::counter("lwm2m_transport_handshakes_given_up_total", "Security handshakes given up: no answer, too long, or they made room for others", TransportCounters::handshakes_given_up),
    Metric::counter("lwm2m_transport_displaced_total", "Security sessions that made room for others", TransportCounters::displaced),
    Metric::counter("lwm2m_transport_moved_total", "Times that a peer with a security session has moved to another address", TransportCounters::moved),
    Metric::counter("lwm2m_transport_handshakes_dropped_total", "Frames of handshakes dropped because too many waited", TransportCounters::handshakes_dropped),
    Metric::counter("lwm2m_transport_records_dropped_total", "Records that were not authentic, came twice, could not be read or had no session", TransportCounters::records_dropped),
    Metric::counter("lwm2m_transport_unprotected_total", "Frames without protection that came to a secure port", TransportCounters::unprotected),
    Metric::counter("lwm2m_transport_dates_unchecked_total", "Handshakes in which a certificate may have expired, because the time of day was not known", TransportCounters::dates_unchecked),
    Metric::counter("lwm2m_transport_refused_links_total", "Frames dropped because there was no room for another peer", TransportCounters::refused_links),
    Metric::counter("lwm2m_transport_bad_sources_total", "Frames dropped because nobody can be behind their source", TransportCounters::bad_sources),
    Metric::counter("lwm2m_transport_receive_errors_total", "Errors of the operating system when receiving", TransportCounters::receive_errors),
];

/// Tells the recorder what metrics mean. Once, after it is installed.
pub fn describe<S>(metrics: &[Metric<S>]) {
    for Metric { name, kind, help, .. } in metrics {
        match kind {
            Kind::Counter => ::metrics::describe_counter!(*name, *help),
            Kind::Gauge => ::metrics::describe_gauge!(*name, *help),
        }
    }
}

/// Hands metrics to the recorder with these labels: each as the sum over all of `of`.
pub fn record<'a, S: 'a>(
    metrics: &[Metric<S>],
    labels: &[(&'static str, String)],
    of: impl IntoIterator<Item = &'a S>,
) {
    let of: Vec<&S> = of.into_iter().collect();
    for Metric { name, kind, value, .. } in metrics {
        let sum = of.iter().map(|of| value(of)).fold(0_u64, u64::saturating_add);
        match kind {
            Kind::Counter => ::metrics::counter!(*name, labels).absolute(sum),
            // Far from the numbers that an f64 does not have.
            Kind::Gauge => ::metrics::gauge!(*name, labels).set(sum as f64),
        }
    }
}
