//! The links that the driver sees: security associations.

use std::sync::Arc;

use super::keep::Restored;
use crate::{
    Credentials, LinkId,
    dtls::{Connect, Peer, Resumption, SessionId},
    table::{Key, List, Table},
};

/// Sessions with servers that are kept for the next connection. The application opens each.
const SAVED: usize = 64;

/// A link.
#[derive(Debug)]
pub(super) struct Upper {
    pub(super) state: State,
    pub(super) peer: Option<Arc<Peer>>,
    /// Of a connection of ours.
    pub(super) dialled: Option<Box<Dialled>>,
    /// Its session is of an earlier life, and has not been answered.
    pub(super) restored: Option<Restored>,
}

#[derive(Debug)]
pub(super) enum State {
    /// The inner link is not up yet.
    Opening {
        below: LinkId,
        connect: Box<Connect>,
    },
    Handshake(SessionId),
    /// The first copy of a restored session is being stored.
    Restoring(SessionId),
    Open(SessionId),
}

/// What a connection of ours was made with.
#[derive(Clone, Debug)]
pub(super) struct Dialled {
    pub(super) uri: String,
    pub(super) credentials: Arc<Credentials>,
    /// A hash of both.
    pub(super) binding: [u8; 16],
}

/// All links, and which session is whose.
#[derive(Debug)]
pub(super) struct Links {
    table: Table<Upper>,
    accepted: List,
    dialled: List,
    /// Our slot, by the slot of the session.
    by_session: Vec<u32>,
}

impl Default for Links {
    fn default() -> Self {
        Self { table: Table::default(), accepted: List::EMPTY, dialled: List::EMPTY, by_session: Vec::new() }
    }
}

impl Links {
    /// A connection of ours that begins.
    pub(super) fn open(&mut self, below: LinkId, connect: Connect, dialled: Dialled) -> LinkId {
        let state = State::Opening { below, connect: Box::new(connect) };
        self.insert(Upper { state, peer: None, dialled: Some(Box::new(dialled)), restored: None })
    }

    /// A peer that came to us.
    pub(super) fn accept(&mut self, session: SessionId, peer: Arc<Peer>) -> LinkId {
        let state = State::Open(session);
        let link = self.insert(Upper { state, peer: Some(peer), dialled: None, restored: None });
        self.bind(link, session);
        link
    }

    fn insert(&mut self, upper: Upper) -> LinkId {
        let list = if upper.dialled.is_some() { &mut self.dialled } else { &mut self.accepted };
        let Key { index, serial } = self.table.insert(list, upper);
        LinkId { index, generation: serial }
    }

    pub(super) fn get(&self, link: LinkId) -> Option<&Upper> {
        self.table.get(key(link))
    }

    pub(super) fn get_mut(&mut self, link: LinkId) -> Option<&mut Upper> {
        self.table.get_mut(key(link))
    }

    /// From now on this session is that of the link.
    pub(super) fn bind(&mut self, link: LinkId, session: SessionId) {
        let at = session.index() as usize;
        if self.by_session.len() <= at {
            self.by_session.resize(at.saturating_add(1), crate::table::NONE);
        }
        if let Some(place) = self.by_session.get_mut(at) {
            *place = link.index;
        }
    }

    /// The link of a session.
    pub(super) fn of(&self, session: SessionId) -> Option<LinkId> {
        let at = *self.by_session.get(session.index() as usize)?;
        let (key, upper) = self.table.at(at)?;
        match upper.state {
            State::Handshake(held) | State::Restoring(held) | State::Open(held) if held == session => {
                Some(LinkId { index: key.index, generation: key.serial })
            }
            _ => None,
        }
    }

    pub(super) fn remove(&mut self, link: LinkId) -> Option<Upper> {
        let dialled = self.get(link)?.dialled.is_some();
        let list = if dialled { &mut self.dialled } else { &mut self.accepted };
        self.table.remove(list, key(link))
    }

    /// The session of a connection of ours to this target.
    pub(super) fn to(&self, uri: &str) -> Option<SessionId> {
        self.table.list(self.dialled).find_map(|(_, upper)| match upper.state {
            State::Restoring(session) | State::Open(session) => {
                upper.dialled.as_ref().is_some_and(|dialled| dialled.uri == uri).then_some(session)
            }
            State::Opening { .. } | State::Handshake(_) => None,
        })
    }

    /// Sessions of connections of ours; without those that are `kept`.
    pub(super) fn dialled(&self, kept: bool) -> Vec<SessionId> {
        let session = |upper: &Upper| match upper.state {
            State::Open(_) if kept => None,
            State::Handshake(session) | State::Open(session) => Some(session),
            State::Opening { .. } | State::Restoring(_) => None,
        };
        self.table.list(self.dialled).filter_map(|(_, upper)| session(upper)).collect()
    }
}

const fn key(link: LinkId) -> Key {
    Key { index: link.index, serial: link.generation }
}

/// Sessions with servers that the next connection resumes.
#[derive(Debug, Default)]
pub(super) struct Saved(Vec<(Dialled, Resumption)>);

impl Saved {
    /// Only for the very keys it was made with. It is put back when the session is established.
    pub(super) fn take(&mut self, uri: &str, credentials: &Arc<Credentials>) -> Option<Resumption> {
        let at = self.0.iter().position(|(dialled, _)| dialled.is(uri, credentials))?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn put(&mut self, dialled: &Dialled, resumption: Resumption) {
        self.forget(dialled);
        if self.0.len() >= SAVED {
            self.0.remove(0);
        }
        self.0.push((dialled.clone(), resumption));
    }

    pub(super) fn forget(&mut self, dialled: &Dialled) {
        self.0.retain(|(saved, _)| !saved.is(&dialled.uri, &dialled.credentials));
    }
}

impl Dialled {
    fn is(&self, uri: &str, credentials: &Arc<Credentials>) -> bool {
        self.uri == uri && Arc::ptr_eq(&self.credentials, credentials)
    }
}
