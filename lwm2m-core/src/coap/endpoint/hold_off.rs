//! Requests that a peer asked us not to repeat for a while. [RFC 8516] [RFC 7252 §5.9.3.4]

use std::{collections::HashMap, time::Duration};

use foldhash::quality::FixedState;

use super::{Endpoint, answer::Received, block::Target};
use crate::{
    Code, Mono, Now,
    coap::{OptionNumber, Request},
};

/// Max-Age where a 4.29 has none. [RFC 7252 §5.10.5]
const DEFAULT_MAX_AGE: u32 = 60;

/// Until when, by peer and target.
#[derive(Debug)]
pub(super) struct HoldOffs(HashMap<(u32, Target), Mono, FixedState>);

impl HoldOffs {
    pub(super) fn new(seed: u64) -> Self {
        Self(HashMap::with_hasher(FixedState::with_seed(seed)))
    }

    pub(super) fn forget_peer(&mut self, peer: u32) {
        if !self.0.is_empty() {
            self.0.retain(|(of, _), _| *of != peer);
        }
    }

    fn insert(&mut self, now: Mono, limit: usize, key: (u32, Target), until: Mono) {
        if self.0.len() >= limit && !self.0.contains_key(&key) {
            self.0.retain(|_, until| *until > now);
        }
        if self.0.len() >= limit
            && let Some(first) = self.0.iter().map(|(key, until)| (*until, *key)).min()
        {
            self.0.remove(&first.1);
        }
        if limit > 0 {
            self.0.insert(key, until);
        }
    }
}

impl Endpoint {
    /// How long this request has still to wait.
    pub(super) fn held_off(&self, now: Now, peer: u32, request: &Request) -> Option<Duration> {
        if self.hold_offs.0.is_empty() {
            return None;
        }
        let target = self.resource_of(request.method, request.options.view());
        let until = self.hold_offs.0.get(&(peer, target))?;
        Some(until.since(now.mono)).filter(|left| !left.is_zero())
    }

    /// 4.29, and 5.03 where it says how long.
    pub(super) fn note_hold_off(&mut self, now: Now, received: &Received<'_>) {
        let max_age = received.message.options.max_age();
        let wait = match (received.message.code, max_age) {
            (Code::TOO_MANY_REQUESTS, max_age) => max_age.unwrap_or(DEFAULT_MAX_AGE),
            (Code::SERVICE_UNAVAILABLE, Some(max_age)) => max_age,
            _ => return,
        };
        let Some(exchange) = self.exchanges.get(received.key) else { return };
        let key = (exchange.peer, self.resource_of(exchange.method, exchange.options.view()));
        let limits = &self.config.limits;
        let wait = Duration::from_secs(wait.into()).min(limits.longest_hold_off);
        self.hold_offs.insert(now.mono, limits.hold_offs, key, now.mono.after(wait));
    }
}

/// Options that name the resource.
pub(super) fn names_resource(number: OptionNumber) -> bool {
    use OptionNumber as N;
    matches!(number, N::URI_HOST | N::URI_PORT | N::URI_PATH | N::URI_QUERY)
}
