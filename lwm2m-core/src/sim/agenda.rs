//! What happens when.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    net::SocketAddr,
    task::Waker,
};

use bytes::Bytes;

use super::task::TaskKey;
use crate::Mono;

/// A datagram on its way.
pub(super) struct Datagram {
    pub(super) from: SocketAddr,
    /// As the receiving host knows itself.
    pub(super) to: SocketAddr,
    pub(super) host: u32,
    pub(super) frame: Bytes,
}

pub(super) enum Item {
    Arrive(Box<Datagram>),
    Wake(Waker),
    Task(TaskKey),
}

/// By time, then in the order of adding.
#[derive(Default)]
pub(super) struct Agenda {
    entries: BinaryHeap<Reverse<Entry>>,
    added: u64,
}

struct Entry {
    at: Mono,
    order: u64,
    item: Item,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Mono, item: Item) {
        self.added += 1;
        self.entries.push(Reverse(Entry { at, order: self.added, item }));
    }

    pub(super) fn next(&self) -> Option<Mono> {
        self.entries.peek().map(|Reverse(entry)| entry.at)
    }

    pub(super) fn take(&mut self) -> Option<(Mono, Item)> {
        self.entries.pop().map(|Reverse(entry)| (entry.at, entry.item))
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}
