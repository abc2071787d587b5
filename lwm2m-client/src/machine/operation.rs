//! Operations that wait for handlers: in which order they run, and what becomes of them.
//!
//! Changing operations of a client run one after the other, in the order they came. A read runs beside others, but
//! not beside a change of the same object: it sees what was before or what is after. [Core 1.2 §6.3]

use std::time::Duration;

use lwm2m_core::{
    Mono, Now, ObjectId, Path, PeerId, Rejection,
    coap::InboundId,
    codec::ContentFormat,
    ops::{Body, Downlink, Target},
};
use slab::Slab;

use super::{
    CALL_TIMEOUT, ClientMachine,
    batch::Batches,
    call::{Call, Purpose},
    report::Ticket,
    send::Gather,
    table::SERVER,
};

/// Requests that are being served. More are told to come later: a server, or whoever speaks in its name, must not
/// grow the client by asking faster than handlers answer.
const MAX_REQUESTS: usize = 32;

/// How long a request may wait for those before it. A commit that hangs holds up all changes, and those that wait take
/// the room of reads: they must not wait for ever, nor be carried out when nobody expects it any more.
const MAX_WAIT: Duration = Duration::from_secs(45);

/// In order of arrival.
#[derive(Default)]
pub(super) struct Operations {
    slab: Slab<Operation>,
    order: Vec<usize>,
}

pub(super) struct Operation {
    pub(super) work: Work,
    /// That it is about; of several the first.
    pub(super) object: ObjectId,
    /// The others.
    pub(super) others: Vec<ObjectId>,
    pub(super) stage: Stage,
    /// Given up unless it has begun by then.
    until: Option<Mono>,
}

pub(super) enum Work {
    /// For a server.
    Serve(Serve),
    /// Read for the observations of this place that hold this ticket.
    Notify(Target, Ticket),
    /// Read for a Send.
    Gather(Gather),
    /// Read the Server instances.
    Settings,
    /// Read instances of Access Control.
    Access,
}

pub(super) struct Serve {
    pub(super) inbound: InboundId,
    /// The account's position.
    pub(super) account: usize,
    /// Where it came from.
    pub(super) peer: Option<PeerId>,
    pub(super) target: Target,
    pub(super) downlink: Downlink,
    /// Of the answer.
    pub(super) format: Option<ContentFormat>,
    /// What is being changed.
    pub(super) batches: Batches,
    /// A Create that leaves the number of an instance to us.
    pub(super) numbered_here: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    Waiting,
    /// Reading, listing, executing, or looking whether a resource instance is there.
    Running,
    Preparing,
    Committing,
    /// The server has been told that it took too long, but the change cannot be taken back.
    Late,
}

impl Operation {
    const fn changes(&self) -> bool {
        match &self.work {
            Work::Serve(serve) => matches!(
                serve.downlink,
                Downlink::Write { .. }
                    | Downlink::WriteAttributes { .. }
                    | Downlink::Execute { .. }
                    | Downlink::Create { .. }
                    | Downlink::Delete { .. }
                    | Downlink::WriteComposite { .. }
            ),
            Work::Notify(..) | Work::Gather(_) | Work::Settings | Work::Access => false,
        }
    }

    /// Takes as long as its body does: the handler itself sees to what may happen meanwhile.
    fn streams(&self) -> bool {
        matches!(&self.work, Work::Serve(serve) if is_streamed(&serve.downlink))
    }

    fn excludes(&self, other: &Self) -> bool {
        if self.streams() || other.streams() {
            return false;
        }
        let (one, two) = (self.changes(), other.changes());
        (one && two) || ((one || two) && self.objects().any(|object| other.objects().any(|o| o == object)))
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = ObjectId> {
        std::iter::once(self.object).chain(self.others.iter().copied())
    }
}

impl Operations {
    pub(super) fn get_mut(&mut self, key: usize) -> Option<&mut Operation> {
        self.slab.get_mut(key)
    }

    /// A request of a server, which may wait for others.
    pub(super) fn serve(&mut self, now: Now, object: ObjectId, serve: Serve) {
        self.push(object, Work::Serve(serve), Some(now.mono.after(MAX_WAIT)));
    }

    /// The same of several objects.
    pub(super) fn serve_many(&mut self, now: Now, objects: &[ObjectId], serve: Serve) {
        let (first, others) = objects.split_first().map_or((SERVER, &[][..]), |(first, all)| (*first, all));
        let key = self.push(first, Work::Serve(serve), Some(now.mono.after(MAX_WAIT)));
        if let Some(operation) = self.slab.get_mut(key) {
            operation.others = others.to_vec();
        }
    }

    /// `until`: when it has waited for too long.
    pub(super) fn push(&mut self, object: ObjectId, work: Work, until: Option<Mono>) -> usize {
        let others = Vec::new();
        let key = self.slab.insert(Operation { work, object, others, stage: Stage::Waiting, until });
        self.order.push(key);
        key
    }

    /// The one that has waited longest for its turn, and until when it may.
    fn longest_waiting(&self) -> Option<(Mono, usize)> {
        let waiting = self.slab.iter().filter(|(_, operation)| operation.stage == Stage::Waiting);
        waiting.filter_map(|(key, operation)| Some((operation.until?, key))).min()
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.longest_waiting().map(|(until, _)| until)
    }

    pub(super) fn remove(&mut self, key: usize) -> Option<Operation> {
        self.order.retain(|known| *known != key);
        self.slab.try_remove(key)
    }

    pub(super) fn of_inbound(&self, id: InboundId) -> Option<usize> {
        let is_it = |work: &Work| matches!(work, Work::Serve(serve) if serve.inbound == id);
        self.slab.iter().find_map(|(key, operation)| is_it(&operation.work).then_some(key))
    }

    pub(super) fn is_full(&self) -> bool {
        let serving = self.slab.iter().filter(|(_, operation)| matches!(operation.work, Work::Serve(_)));
        serving.count() >= MAX_REQUESTS
    }

    /// Has another begun than this one?
    pub(super) fn runs_beside(&self, ours: Option<usize>) -> bool {
        self.slab.iter().any(|(key, operation)| Some(key) != ours && operation.stage != Stage::Waiting)
    }

    /// Requests of servers that wait for their turn.
    pub(super) fn waiting_requests(&self) -> Vec<usize> {
        let waits = |operation: &Operation| {
            operation.stage == Stage::Waiting && matches!(operation.work, Work::Serve(_))
        };
        self.slab.iter().filter(|(_, operation)| waits(operation)).map(|(key, _)| key).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }

    /// Is the Server object being read?
    pub(super) fn reads_settings(&self) -> bool {
        self.slab.iter().any(|(_, operation)| matches!(operation.work, Work::Settings))
    }

    /// Is Access Control being read?
    pub(super) fn reads_access(&self) -> bool {
        self.slab.iter().any(|(_, operation)| matches!(operation.work, Work::Access))
    }

    /// The first that waits and that nothing before it excludes.
    fn next(&self) -> Option<usize> {
        self.order.iter().enumerate().find_map(|(position, key)| {
            let operation = self.slab.get(*key)?;
            let waits = operation.stage == Stage::Waiting;
            // Registrations wait for it: it must not stand behind a change that waits for a handler that hangs.
            let overtakes = matches!(operation.work, Work::Settings | Work::Access);
            let mut others =
                self.order.iter().enumerate().filter_map(|(i, key)| Some((i, self.slab.get(*key)?)));
            let excluded = waits
                && others.any(|(i, other)| {
                    i != position
                        && (i < position && !overtakes || other.stage != Stage::Waiting)
                        && other.excludes(operation)
                });
            (waits && !excluded).then_some(*key)
        })
    }
}

impl ClientMachine {
    /// Starts what can run.
    pub(super) fn drive_operations(&mut self, now: Now) -> bool {
        let mut started = false;
        while let Some(key) = self.operations.next() {
            started = true;
            if let Some(operation) = self.operations.get_mut(key) {
                operation.stage = Stage::Running;
            }
            self.begin(now, key);
        }
        started
    }

    /// Asks a handler on behalf of an operation.
    pub(super) fn ask(&mut self, now: Now, key: usize, stage: Stage, call: Call) {
        if let Some(operation) = self.operations.get_mut(key) {
            operation.stage = stage;
        }
        self.call(Purpose::Operation(key), Some(now.mono.after(CALL_TIMEOUT)), call);
    }

    /// A handler did not answer in time.
    pub(super) fn operation_overdue(&mut self, now: Now, key: usize) {
        let late = Rejection::unavailable("the device did not answer in time", CALL_TIMEOUT);
        self.refuse(now, key, late);
    }

    /// Requests that have waited for too long.
    pub(super) fn refuse_overdue(&mut self, now: Now) {
        while let Some((_, key)) = self.operations.longest_waiting().filter(|(until, _)| *until <= now.mono) {
            let busy = Rejection::unavailable("the device is at work for another request", CALL_TIMEOUT);
            self.refuse(now, key, busy);
        }
    }

    /// The server is told; the change runs on, and what it excludes goes on waiting for it.
    pub(super) fn commit_overdue(&mut self, now: Now, key: usize) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        operation.stage = Stage::Late;
        if let Work::Serve(serve) = &operation.work {
            let late = Rejection::unavailable("the device is still at work", CALL_TIMEOUT);
            self.endpoint.respond(now, serve.inbound, (&late).into());
        }
    }

    /// What has been changed before it broke, nobody knows: the object is looked at anew.
    pub(super) fn commit_broke(&mut self, now: Now, key: usize) {
        let objects: Vec<_> =
            self.operations.get_mut(key).into_iter().flat_map(|operation| operation.objects()).collect();
        self.refuse(now, key, Rejection::internal("the handler broke"));
        for object in objects {
            self.describe(now, object);
            if let Ok(path) = Path::object(object) {
                self.mark(path);
            }
        }
    }
}

/// Is its value written block by block?
pub(super) const fn is_streamed(downlink: &Downlink) -> bool {
    matches!(downlink, Downlink::Write { body: Body::Streamed { .. }, .. })
}
