//! Sessions that are stored and restored.

use rand_core::Rng as _;

use super::Endpoint;
use crate::{
    Now, Output, Route,
    dtls::{
        Closed, Event, SessionId,
        export::{self, Export, Kept, NotASession},
        session::{Keeping, Open},
    },
};

/// Sessions outside of memory.
impl Endpoint {
    /// A copy of a session, which may use `ahead` more record numbers once that copy is stored; tell
    /// [`Endpoint::stored`] then. [`Event::Reserve`] says when it is time for the next. `None`: there is no such session.
    ///
    /// The first copy bounds the session at once: beyond what it reserves, only later copies let it send.
    pub fn export(&mut self, session: SessionId, ahead: u64) -> Option<Export> {
        let open = self.sessions.open_mut(session.0)?;
        let up_to = open.channel.next_sent().saturating_add(ahead.max(1));
        if open.kept.is_none() {
            open.channel.reserve(up_to);
        }
        open.kept = Some(Keeping { ahead, up_to, told: true });
        Some(copy(open, up_to))
    }

    /// A copy is where it will be found after a crash: the session may use what it reserves.
    pub fn stored(&mut self, session: SessionId, reserved: u64) {
        let Some(open) = self.sessions.open_mut(session.0) else { return };
        if let Some(kept) = &mut open.kept {
            open.channel.reserve(reserved.min(kept.up_to).max(open.channel.reserved()));
            kept.told = false;
        }
    }

    /// Takes a session out of memory without a word to the peer: a device goes to sleep. The copy is exact.
    pub fn suspend(&mut self, session: SessionId) -> Option<Export> {
        let open = self.sessions.open_mut(session.0)?;
        let export = copy(open, open.channel.next_sent());
        self.remove(session.0);
        Some(export)
    }

    /// Goes on with a stored session. The peer need not be where it was if it finds the session by a connection ID.
    ///
    /// The session sends nothing before the copy that is returned is stored, and [`Endpoint::stored`] says so. No event
    /// follows; what the session was is read from [`Endpoint::peer`]. One that is still there under the same connection ID
    /// ends in [`Event::Closed`].
    ///
    /// # Errors
    /// It is not a copy of a session.
    pub fn import(
        &mut self,
        now: Now,
        route: Route,
        state: &[u8],
        ahead: u64,
    ) -> Result<(SessionId, Export), NotASession> {
        let Kept { side, suite, channel, peer, resumption } = export::read(state, self.rng.next_u64())?;
        let up_to = channel.next_sent().saturating_add(ahead.max(1));
        if let Some(same) = self.sessions.by_cid(channel.own_cid()) {
            self.end(same, Closed::Replaced);
        }
        // Nothing else leads to the one that is there.
        if let Some(there) = self.sessions.open_at(route)
            && self.sessions.open(there).is_some_and(|open| open.channel.own_cid().is_empty())
        {
            self.end(there, Closed::Replaced);
        }
        let open = Open {
            channel,
            peer,
            suite,
            used: now.mono,
            hello: [0; 8],
            last: None,
            resumption: resumption.map(Box::new),
            side,
            kept: Some(Keeping { ahead, up_to, told: true }),
        };
        let export = copy(&open, up_to);
        let key = self.sessions.restore(route, Box::new(open));
        self.watch_idle(now.mono);
        self.make_room();
        Ok((SessionId(key), export))
    }

    /// The peer of a restored session has answered something that was sent since: what it had sent before is not taken any
    /// more, even if it was never received. [RFC 6347 §4.1.2.6]
    pub fn fresh(&mut self, session: SessionId) {
        if let Some(open) = self.sessions.open_mut(session.0) {
            open.channel.forget_old();
        }
    }

    /// Tells the owner of a session that few reserved numbers are left, once.
    pub(super) fn watch_reserve(&mut self, session: SessionId) {
        let Some(open) = self.sessions.open_mut(session.0) else { return };
        if let Some(kept) = &mut open.kept
            && !kept.told
            && open.channel.is_nearly_used(kept.ahead)
        {
            kept.told = true;
            self.out.push_back(Output::Event(Event::Reserve { session }));
        }
    }
}

fn copy(open: &Open, next: u64) -> Export {
    let Open { side, suite, channel, peer, resumption, .. } = open;
    let state = export::write(*side, *suite, channel, peer, resumption.as_deref(), next);
    Export { state, reserved: next }
}
