//! Who stands behind each peer of the CoAP endpoint, and which registration is theirs.

use std::net::SocketAddr;

use lwm2m_core::{Address, Endpoints, Identity, PeerId, transport::Remote};

use super::registration::NONE;

/// By the index of the peer; the endpoint keeps indices dense.
#[derive(Debug, Default)]
pub(crate) struct Peers(Vec<State>);

#[derive(Debug)]
struct State {
    generation: u32,
    registration: u32,
    transport: u8,
    far: Far,
}

impl State {
    fn leave(&mut self) -> (u8, Far) {
        (self.transport, std::mem::replace(&mut self.far, Far::Nobody))
    }
}

/// Nearly all peers are an IP address and nothing else.
#[derive(Debug)]
enum Far {
    Nobody,
    Unsecured(SocketAddr),
    Other(Box<Remote>),
}

impl Peers {
    /// A peer has come up, or its link again.
    pub(crate) fn set(&mut self, peer: PeerId, transport: u8, remote: Remote) {
        let index = peer.index as usize;
        while self.0.len() <= index {
            self.0.push(State { generation: 0, registration: NONE, transport: 0, far: Far::Nobody });
        }
        let Some(state) = self.0.get_mut(index) else { return };
        if state.generation != peer.generation || matches!(state.far, Far::Nobody) {
            state.registration = NONE;
        }
        state.generation = peer.generation;
        state.transport = transport;
        state.far = match remote {
            Remote {
                address: Address::Ip(address),
                identity: Identity::Unsecured,
                endpoints: Endpoints::Any,
            } => Far::Unsecured(address),
            other => Far::Other(Box::new(other)),
        };
    }

    /// The peer has a new address.
    pub(crate) fn set_address(&mut self, peer: PeerId, address: Address) {
        let Some(state) = self.state_mut(peer) else { return };
        match (&mut state.far, address) {
            (Far::Unsecured(old), Address::Ip(new)) => *old = new,
            (Far::Other(remote), address) => remote.address = address,
            _ => {}
        }
    }

    /// Each is where the other was.
    pub(crate) fn swap(&mut self, a: PeerId, b: PeerId) {
        let Some(of_a) = self.state_mut(a).map(State::leave) else { return };
        let Some(of_b) = self.state_mut(b).map(State::leave) else { return };
        for (peer, (transport, far)) in [(a, of_b), (b, of_a)] {
            if let Some(state) = self.state_mut(peer) {
                (state.transport, state.far) = (transport, far);
            }
        }
    }

    pub(crate) fn remove(&mut self, peer: PeerId) {
        if let Some(state) = self.state_mut(peer) {
            *state =
                State { generation: state.generation, registration: NONE, transport: 0, far: Far::Nobody };
        }
    }

    pub(crate) fn remote(&self, peer: PeerId) -> Option<Remote> {
        match &self.state(peer)?.far {
            Far::Nobody => None,
            Far::Unsecured(address) => Some(Remote {
                address: Address::Ip(*address),
                identity: Identity::Unsecured,
                endpoints: Endpoints::Any,
            }),
            Far::Other(remote) => Some((**remote).clone()),
        }
    }

    pub(crate) fn address(&self, peer: PeerId) -> Option<Address> {
        match &self.state(peer)?.far {
            Far::Nobody => None,
            Far::Unsecured(address) => Some(Address::Ip(*address)),
            Far::Other(remote) => Some(remote.address.clone()),
        }
    }

    pub(crate) fn identity(&self, peer: PeerId) -> &Identity {
        match self.state(peer).map(|state| &state.far) {
            Some(Far::Other(remote)) => &remote.identity,
            _ => &Identity::Unsecured,
        }
    }

    pub(crate) fn endpoints(&self, peer: PeerId) -> &Endpoints {
        match self.state(peer).map(|state| &state.far) {
            Some(Far::Other(remote)) => &remote.endpoints,
            _ => &Endpoints::Any,
        }
    }

    pub(crate) fn transport(&self, peer: PeerId) -> Option<u8> {
        self.state(peer).map(|state| state.transport)
    }

    /// The slot of the peer's registration.
    pub(crate) fn registration(&self, peer: PeerId) -> Option<u32> {
        self.state(peer).map(|state| state.registration).filter(|slot| *slot != NONE)
    }

    pub(crate) fn set_registration(&mut self, peer: PeerId, slot: Option<u32>) {
        if let Some(state) = self.state_mut(peer) {
            state.registration = slot.unwrap_or(NONE);
        }
    }

    fn state(&self, peer: PeerId) -> Option<&State> {
        self.0.get(peer.index as usize).filter(|state| state.generation == peer.generation)
    }

    fn state_mut(&mut self, peer: PeerId) -> Option<&mut State> {
        self.0.get_mut(peer.index as usize).filter(|state| state.generation == peer.generation)
    }
}
