//! What the machine is told when it is made, and what it counts.

use std::{fmt, sync::Arc, time::Duration};

use lwm2m_core::{Binding, Model, coap};

/// How far devices and sources of plans can go.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Sessions at a time. Over NoSec anybody can begin them: beyond, devices are told to come again (5.03). Default
    /// 20,000, of some 2 KiB, their plan and their answers each.
    pub sessions: usize,
    /// How long a session may take as a whole. Default 10 min.
    pub session_time: Duration,
    /// How long a step may take whose body does not go on. Default 120 s.
    pub step_time: Duration,
    /// Answers to Discover and Read that all sessions keep together, in octets of payload; a session beyond that fails. The
    /// reasons of refusals count too; beyond, a source is told the code alone. In memory a link takes some sixteen times as
    /// much. Attack: many sessions that answer with a mebibyte of links each, or a kilobyte of reasons to every step.
    /// Default 8 MiB, enough for 20,000 sessions of 400.
    pub answers: usize,
    /// How often a source is asked in one session. Attack: a device that refuses every Bootstrap-Finish. Default 8.
    pub rounds: u32,
    /// Longest wait that a device may ask for (5.03 with Max-Age) before a step is tried again. Default 60 s.
    pub longest_wait: Duration,
    /// Questions to sources and key stores that may be open. Default 4096.
    pub calls: usize,
    /// How long such a question may take before its answer no longer counts. Default 30 s.
    pub call_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: 20_000,
            session_time: Duration::from_secs(600),
            step_time: Duration::from_secs(120),
            answers: 8 << 20,
            rounds: 8,
            longest_wait: Duration::from_secs(60),
            calls: 4096,
            call_timeout: Duration::from_secs(30),
        }
    }
}

/// Configuration of a machine.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// The CoAP endpoint.
    pub coap: Arc<coap::Config>,
    /// How far devices and sources can go.
    pub limits: Limits,
    /// Object definitions, to check plans and to read answers with.
    pub model: Arc<dyn Model>,
    /// The binding of each transport, in the order of the driver.
    pub bindings: Vec<Binding>,
}

impl Config {
    /// One UDP transport, default limits.
    #[must_use]
    pub fn new(coap: Arc<coap::Config>, model: Arc<dyn Model>) -> Self {
        Self { coap, limits: Limits::default(), model, bindings: vec![Binding::Udp] }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// What a machine has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Sessions begun.
    pub started: u64,
    /// Ended as planned.
    pub finished: u64,
    /// Packs given.
    pub packs: u64,
    /// Ended otherwise; those that were begun anew among them.
    pub failed: u64,
    /// Begun anew by their device.
    pub superseded: u64,
    /// Requests that were refused before a session began.
    pub refused: u64,
    /// Questions that were not asked because too many were open.
    pub calls_refused: u64,
}

/// What a machine holds, and has done.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Sessions now.
    pub sessions: usize,
    /// Open questions now.
    pub calls: usize,
    /// What it has done.
    pub counters: Counters,
    /// What the CoAP endpoint has done.
    pub coap: coap::Counters,
}
