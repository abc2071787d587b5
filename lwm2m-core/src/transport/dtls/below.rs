//! The links of the inner transport, as far as somebody is behind them.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::{Address, Link, LinkId, Route};

/// The engine's name of an inner link.
pub(super) const fn route(link: LinkId) -> Route {
    Route { transport: 0, link }
}

/// An inner link.
#[derive(Debug)]
pub(super) struct Lower {
    pub(super) address: Address,
    pub(super) info: Link,
    /// The link of ours whose session is there, the newest if there are several.
    pub(super) upper: Option<LinkId>,
}

/// All of them. The inner transport chooses their names, not the peers.
#[derive(Debug, Default)]
pub(super) struct Below {
    up: HashMap<LinkId, Lower, FixedState>,
    /// Those that we opened and that are not up yet, and whose they will be.
    awaited: Vec<(LinkId, LinkId)>,
}

impl Below {
    pub(super) fn has(&self, link: LinkId) -> bool {
        self.up.contains_key(&link)
    }

    pub(super) fn get(&self, link: LinkId) -> Option<&Lower> {
        self.up.get(&link)
    }

    pub(super) fn get_mut(&mut self, link: LinkId) -> Option<&mut Lower> {
        self.up.get_mut(&link)
    }

    pub(super) fn add(&mut self, link: LinkId, address: Address, info: Link) {
        let upper = self.up.get(&link).and_then(|before| before.upper);
        self.up.insert(link, Lower { address, info, upper });
    }

    pub(super) fn remove(&mut self, link: LinkId) -> bool {
        self.up.remove(&link).is_some()
    }

    pub(super) fn await_up(&mut self, link: LinkId, upper: LinkId) {
        self.awaited.push((link, upper));
    }

    pub(super) fn is_awaited(&self, link: LinkId) -> bool {
        self.awaited.iter().any(|(below, _)| *below == link)
    }

    /// It is up, or never will be: whose it is.
    pub(super) fn forget_awaited(&mut self, link: LinkId) -> Option<LinkId> {
        let at = self.awaited.iter().position(|(below, _)| *below == link)?;
        Some(self.awaited.swap_remove(at).1)
    }
}
