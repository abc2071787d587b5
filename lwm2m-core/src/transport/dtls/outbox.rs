//! Records on their way to inner links that take none at the moment.
//!
//! A record has its number once it is made, so it waits here. Frames of the driver wait unprotected, in the driver.

use std::{
    collections::{HashMap, VecDeque},
    task::{Context, Poll},
};

use bytes::Bytes;
use foldhash::fast::FixedState;

use crate::{
    LinkId, Now,
    transport::{Transport, TransportError},
};

/// Records that wait for one inner link: the flights of a handshake.
const OF_ONE: usize = 32;
/// Records that wait for all, so that a stalled socket does not fill memory. Handshakes repeat what was dropped.
const OF_ALL: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Outbox {
    stalled: HashMap<LinkId, Stalled, FixedState>,
    waiting: usize,
}

#[derive(Debug, Default)]
struct Stalled {
    records: VecDeque<Bytes>,
    /// Links of ours whose senders were told to wait.
    told: Vec<LinkId>,
}

impl Outbox {
    /// Sends a record, or keeps it until the inner link takes it.
    pub(super) fn send(
        &mut self,
        inner: &mut dyn Transport,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
        record: Bytes,
    ) -> Result<(), TransportError> {
        if !self.stalled.contains_key(&link) {
            match inner.poll_send(now, cx, link, &record) {
                Poll::Ready(sent) => return sent,
                Poll::Pending => (),
            }
        }
        let stalled = self.stalled.entry(link).or_default();
        if stalled.records.len() >= OF_ONE || self.waiting >= OF_ALL {
            return Err(TransportError::Overflow);
        }
        stalled.records.push_back(record);
        self.waiting += 1;
        Ok(())
    }

    /// Must `upper` wait before it sends by that inner link? Then it will be told.
    pub(super) fn is_stalled(&mut self, link: LinkId, upper: LinkId) -> bool {
        if self.stalled.is_empty() {
            return false;
        }
        let Some(stalled) = self.stalled.get_mut(&link) else { return false };
        if !stalled.told.contains(&upper) {
            stalled.told.push(upper);
        }
        true
    }

    /// An inner link takes records again, or all of them do. Gives those of ours that may go on.
    pub(super) fn flush(
        &mut self,
        inner: &mut dyn Transport,
        now: Now,
        cx: &mut Context<'_>,
        link: Option<LinkId>,
    ) -> Vec<LinkId> {
        let links = match link {
            Some(link) => vec![link],
            None => {
                let mut all: Vec<_> = self.stalled.keys().copied().collect();
                all.sort_unstable();
                all
            }
        };
        links.into_iter().flat_map(|link| self.flush_one(inner, now, cx, link)).collect()
    }

    fn flush_one(
        &mut self,
        inner: &mut dyn Transport,
        now: Now,
        cx: &mut Context<'_>,
        link: LinkId,
    ) -> Vec<LinkId> {
        let Some(stalled) = self.stalled.get_mut(&link) else { return Vec::new() };
        while let Some(record) = stalled.records.front() {
            if inner.poll_send(now, cx, link, record).is_pending() {
                return Vec::new();
            }
            stalled.records.pop_front();
            self.waiting = self.waiting.saturating_sub(1);
        }
        self.stalled.remove(&link).map(|stalled| stalled.told).unwrap_or_default()
    }

    /// An inner link is gone. Gives those of ours that were told to wait for it: they may have another by now.
    pub(super) fn forget(&mut self, link: LinkId) -> Vec<LinkId> {
        let Some(stalled) = self.stalled.remove(&link) else { return Vec::new() };
        self.waiting = self.waiting.saturating_sub(stalled.records.len());
        stalled.told
    }
}
