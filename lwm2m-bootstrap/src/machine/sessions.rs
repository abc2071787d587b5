//! The sessions that are open.

use std::{
    collections::{HashMap, VecDeque},
    hash::RandomState,
};

use foldhash::fast::FixedState;
use lwm2m_core::{
    EndpointName, Mono, Now, PeerId, Rejection,
    coap::{ExchangeId, InboundId},
    codec::ContentFormat,
    machine::Deadlines,
    ops::bootstrap::{Downlink, Target},
};
use slab::Slab;

use super::place::Known;
use crate::{Otherwise, Session, Step};

/// Which session; a later one in the same slot is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SlotId {
    slot: u32,
    turn: u32,
}

/// One device that is being bootstrapped.
#[derive(Debug)]
pub(super) struct Entry {
    turn: u32,
    pub(super) peer: PeerId,
    /// It proved who it is: who does not cannot take its place.
    pub(super) secure: bool,
    /// What the source sees. Away while the source is asked.
    pub(super) view: Option<Box<Session>>,
    /// For what the source must not change: name and format.
    pub(super) endpoint: EndpointName,
    pub(super) preferred: Option<ContentFormat>,
    /// Waits for the answer to its request, until the source has a plan.
    pub(super) asked: Option<Asked>,
    pub(super) steps: VecDeque<Todo>,
    pub(super) running: Option<Running>,
    pub(super) known: Known,
    /// The source is asked again when the steps are done.
    pub(super) again: bool,
    /// Octets of its answers that are kept.
    held: usize,
    /// Why the device has refused the last Bootstrap-Finish.
    pub(super) not_finished: Option<Rejection>,
    pub(super) rounds: u32,
    pub(super) operations: u32,
    /// When it has taken too long.
    pub(super) ends: Mono,
}

/// A request of the device that is not answered yet.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) inbound: InboundId,
    /// A pack, with the instances of the bootstrap server's account.
    pub(super) pack: Option<(Vec<lwm2m_core::Path>, Option<ContentFormat>)>,
}

/// What is still to be done.
#[derive(Debug)]
pub(super) enum Todo {
    /// A step of the plan.
    Step(Step),
    /// One operation that comes of a step.
    Operation(Operation),
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) downlink: Downlink,
    pub(super) otherwise: Otherwise,
    pub(super) purpose: Purpose,
    pub(super) tries: u8,
}

/// Why an operation is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It is a step of the plan: its answer is for the source.
    Step,
    /// It comes of a step.
    Part,
    /// Where a step goes depends on the answer; a device that does not know the object or the operation has nothing there.
    Question,
    /// Whatever the device answers: it is where it says it is.
    Proof,
}

impl Operation {
    pub(super) const fn new(downlink: Downlink, otherwise: Otherwise, purpose: Purpose) -> Self {
        Self { downlink, otherwise, purpose, tries: 0 }
    }
}

/// What a session waits for.
#[derive(Debug)]
pub(super) enum Running {
    /// An answer of the device, until then.
    Sent(ExchangeId, Operation, Mono),
    /// To try again.
    Resting(Mono, Operation),
}

impl Running {
    pub(super) const fn target(&self) -> Target {
        match self {
            Self::Sent(_, operation, _) | Self::Resting(_, operation) => operation.downlink.target(),
        }
    }

    const fn until(&self) -> Mono {
        match self {
            Self::Sent(_, _, until) | Self::Resting(until, _) => *until,
        }
    }
}

#[derive(Debug)]
pub(super) struct Sessions {
    slab: Slab<Entry>,
    /// Names are chosen by peers: a keyed hash.
    names: HashMap<EndpointName, u32, RandomState>,
    exchanges: HashMap<ExchangeId, u32, FixedState>,
    deadlines: Deadlines<Mono>,
    turn: u32,
    max: usize,
    /// Octets of answers that are kept, and how many may be.
    held: usize,
    max_held: usize,
}

impl Sessions {
    pub(super) fn new(max: usize, max_held: usize) -> Self {
        Self {
            slab: Slab::new(),
            names: HashMap::default(),
            exchanges: HashMap::default(),
            deadlines: Deadlines::new(),
            turn: 0,
            max,
            held: 0,
            max_held,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slab.len()
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.deadlines.next()
    }

    pub(super) fn by_name(&self, name: &str) -> Option<SlotId> {
        let slot = *self.names.get(name)?;
        Some(SlotId { slot, turn: self.slab.get(slot as usize)?.turn })
    }

    pub(super) fn by_exchange(&self, id: ExchangeId) -> Option<SlotId> {
        let slot = *self.exchanges.get(&id)?;
        Some(SlotId { slot, turn: self.slab.get(slot as usize)?.turn })
    }

    pub(super) fn get(&self, id: SlotId) -> Option<&Entry> {
        self.slab.get(id.slot as usize).filter(|entry| entry.turn == id.turn)
    }

    pub(super) fn get_mut(&mut self, id: SlotId) -> Option<&mut Entry> {
        self.slab.get_mut(id.slot as usize).filter(|entry| entry.turn == id.turn)
    }

    /// `None`: there is no room.
    pub(super) fn begin(&mut self, mut entry: Entry) -> Option<SlotId> {
        let slot = u32::try_from(self.slab.vacant_key()).ok().filter(|_| self.slab.len() < self.max)?;
        self.turn = self.turn.wrapping_add(1);
        entry.turn = self.turn;
        self.deadlines.set(slot, entry.ends);
        self.names.insert(entry.endpoint.clone(), slot);
        self.slab.insert(entry);
        Some(SlotId { slot, turn: self.turn })
    }

    pub(super) fn end(&mut self, id: SlotId) -> Option<Entry> {
        self.get(id)?;
        let entry = self.slab.try_remove(id.slot as usize)?;
        self.deadlines.remove(id.slot);
        self.names.remove(&entry.endpoint);
        self.held = self.held.saturating_sub(entry.held);
        if let Some(Running::Sent(exchange, ..)) = &entry.running {
            self.exchanges.remove(exchange);
        }
        Some(entry)
    }

    /// An answer of this length is kept until the session ends. `false`: there is no room.
    pub(super) fn hold(&mut self, id: SlotId, octets: usize) -> bool {
        let all = self.held.saturating_add(octets);
        let entry = self.slab.get_mut(id.slot as usize).filter(|entry| entry.turn == id.turn);
        let Some(entry) = entry.filter(|_| all <= self.max_held) else { return false };
        entry.held = entry.held.saturating_add(octets);
        self.held = all;
        true
    }

    /// What the session waits for from now on.
    pub(super) fn wait(&mut self, id: SlotId, running: Running) {
        let Some(entry) = self.slab.get_mut(id.slot as usize).filter(|entry| entry.turn == id.turn) else {
            return;
        };
        if let Running::Sent(exchange, ..) = &running {
            self.exchanges.insert(*exchange, id.slot);
        }
        self.deadlines.set(id.slot, running.until().min(entry.ends));
        entry.running = Some(running);
    }

    /// It waits no more.
    pub(super) fn take_running(&mut self, id: SlotId) -> Option<Running> {
        let entry = self.slab.get_mut(id.slot as usize).filter(|entry| entry.turn == id.turn)?;
        let running = entry.running.take()?;
        if let Running::Sent(exchange, ..) = &running {
            self.exchanges.remove(exchange);
        }
        self.deadlines.set(id.slot, entry.ends);
        Some(running)
    }

    /// A session whose moment has come.
    pub(super) fn pop_due(&mut self, now: Mono) -> Option<SlotId> {
        let slot = self.deadlines.pop_due(now)?;
        Some(SlotId { slot, turn: self.slab.get(slot as usize)?.turn })
    }
}

impl Entry {
    pub(super) fn new(now: Now, peer: PeerId, view: Session, asked: Asked, limits: &super::Limits) -> Self {
        Self {
            turn: 0,
            peer,
            secure: view.identity.is_secure(),
            endpoint: view.endpoint.clone(),
            preferred: view.preferred,
            view: Some(Box::new(view)),
            asked: Some(asked),
            steps: VecDeque::new(),
            running: None,
            known: Known::default(),
            again: false,
            held: 0,
            not_finished: None,
            rounds: 0,
            operations: 0,
            ends: now.mono.after(limits.session_time),
        }
    }
}
