//! Frames that reached the wrong shard.
//!
//! The kernel spreads clients over the sockets by their address. A client whose address changed may come to another
//! shard than the one that has its registration; over plain UDP only the location in its next Update or De-register
//! tells whose it is. From then on the transport hands all frames of that address over.

use lwm2m_core::{
    Binding, Bytes, Now, Output, Route,
    coap::{Message, OptionNumber},
    machine::{Call as CallTo, FORGOTTEN},
    transport::ShardId,
};

use super::{ServerMachine, uplink};
use crate::RegistrationId;

impl ServerMachine {
    /// Gives the frame back if it is for this shard.
    pub(super) fn keep_or_redirect(&mut self, now: Now, route: Route, frame: Bytes) -> Option<Bytes> {
        if self.config.shards <= 1 {
            return Some(frame);
        }
        let Some(shard) = self.owner_of(route, &frame) else { return Some(frame) };
        self.counters.redirected += 1;
        self.on_down(now, route);
        self.out.push_back(Output::Call { id: FORGOTTEN, what: CallTo::Redirect { route, shard, frame } });
        None
    }

    /// The other shard that a frame belongs to.
    fn owner_of(&self, route: Route, frame: &Bytes) -> Option<ShardId> {
        let binding = self.config.bindings.get(usize::from(route.transport));
        let peer = self.endpoint.peer_at(route)?;
        // A registered client belongs here, and what arrived in a session of this shard cannot go on elsewhere.
        let fixed = self.peers.registration(peer).is_some() || self.peers.identity(peer).is_secure();
        if fixed || binding != Some(&Binding::Udp) {
            return None;
        }
        let message = Message::parse(frame).ok().filter(|message| message.code.is_request())?;
        let id = uplink::path_id(message.options.texts(OptionNumber::URI_PATH))?;
        Some(home(id, self.config.shards)).filter(|shard| *shard != self.config.shard)
    }
}

/// The shard that holds a registration. It may have been made when there were more of them.
pub(crate) const fn home(id: RegistrationId, shards: u8) -> ShardId {
    match id.shard().0.checked_rem(shards) {
        Some(shard) => ShardId(shard),
        None => ShardId(0),
    }
}
