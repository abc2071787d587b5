//! What the machine asks and tells the outside, and what it is asked.

use std::time::Duration;

use lwm2m_core::{
    Arguments, CallId, Done, InstanceId, Mono, ObjectId, Path, Rejection, StoreError, Values,
    coap::{self, InboundId},
    codec::{ContentFormat, Timed},
};

use super::{
    batch::Batches,
    bootstrap::stage::Shot,
    snapshot::{FoundMany, Listed, Wanted, WantedMany},
};
use crate::{
    BodyReader, CardError, ClientError, ClientEvent, Cx, Prepared, SendError,
    body::BodyFeed,
    object::{Changed, Described},
    smartcard::Found,
    state::{Accounts, Loaded},
    state_store::Edit,
};

/// What the machine asks the outside; answered by the handlers of the objects.
#[derive(Debug)]
#[non_exhaustive]
pub enum Call {
    /// What does the client begin with? Before anything else.
    Load,
    /// What is on the smartcard?
    Smartcard,
    /// Empty the store, and make the objects what the program gave.
    Reset {
        /// Who asks.
        cx: Cx,
    },
    /// Empty the store once more; answered with [`Answer::Ended`].
    Sweep,
    /// What a bootstrap begins with: objects, their instances, and the values that are wanted.
    Shoot {
        /// Who asks.
        cx: Cx,
        /// What of which objects.
        objects: Vec<(ObjectId, Wanted)>,
    },
    /// What a bootstrap has made is to be kept, and then to be true.
    Provision {
        /// What the store must hold.
        edits: Vec<Edit>,
        /// What takes effect then.
        prepared: Vec<Prepared>,
    },
    /// Wait until something has changed by itself. One is always out.
    Changes,
    /// What is there of an object?
    Describe {
        /// The object.
        object: ObjectId,
    },
    /// One snapshot.
    Read {
        /// Who asks.
        cx: Cx,
        /// The object.
        object: ObjectId,
        /// What of which instances.
        wanted: Wanted,
    },
    /// The same of several objects.
    ReadMany {
        /// Who asks.
        cx: Cx,
        /// What of which instances.
        wanted: WantedMany,
    },
    /// Which resources are there?
    List {
        /// Who asks.
        cx: Cx,
        /// The object.
        object: ObjectId,
        /// Of which instances.
        instances: Vec<InstanceId>,
    },
    /// Check and reserve: all of it, or nothing.
    Prepare {
        /// Who asks.
        cx: Cx,
        /// The changes of each object.
        batches: Batches,
    },
    /// Everything is prepared: let it take effect, once the store has it.
    Commit {
        /// What the store is to hold.
        edits: Vec<Edit>,
        /// What handlers have prepared; dropped if the store refuses.
        prepared: Vec<Prepared>,
    },
    /// Run an executable resource.
    Execute {
        /// Who asks.
        cx: Cx,
        /// The resource.
        path: Path,
        /// Its arguments.
        arguments: Arguments,
    },
    /// Take a value block by block.
    WriteStream {
        /// Who asks.
        cx: Cx,
        /// The resource.
        path: Path,
        /// The value.
        body: BodyReader,
    },
    /// Wait until the reader of a body wants more.
    BodyWanted(BodyFeed),
    /// The answer to an Execute has arrived: run what was to follow.
    After(Done),
}

/// Answers to [`Call`], in the same order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// What is known from the last time.
    Loaded(Result<Loaded, StoreError>),
    /// What is on it; `None`: nothing for us.
    Smartcard(Result<Option<Found>, CardError>),
    /// The accounts that the program gives, or why nothing has changed.
    Reset(Result<Accounts, Rejection>),
    /// The objects.
    Shots(Result<Vec<Shot>, Rejection>),
    /// The accounts that there are now.
    Provisioned(Result<Accounts, StoreError>),
    /// What has changed.
    Changed(Changed),
    /// `None`: there is no such object.
    Described(Option<Described>),
    /// The snapshot.
    Read(Result<Vec<(InstanceId, Values)>, Rejection>),
    /// The snapshots.
    ReadMany(FoundMany),
    /// The resources.
    Listed(Result<Listed, Rejection>),
    /// It can be committed.
    Prepared(Result<Vec<Prepared>, Rejection>),
    /// It has taken effect, or nothing has.
    Committed(Result<(), StoreError>),
    /// It ran.
    Executed(Result<Done, Rejection>),
    /// The last octet is kept.
    Written(Result<(), Rejection>),
    /// It wants more, or has ended.
    BodyWanted,
    /// It ran.
    Ended,
}

/// What a handle wants of the machine. `reply` comes back in [`Event::Reply`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Command {
    /// Send an Update now.
    Update {
        /// The short server ID.
        server: u16,
        /// For the reply.
        reply: u64,
    },
    /// Turn to the bootstrap server.
    Bootstrap {
        /// For the reply.
        reply: u64,
    },
    /// Addresses or routes of this device have changed.
    NetworkChanged,
    /// A smartcard was put in, taken out or rewritten.
    SmartcardChanged,
    /// Back to the state of delivery.
    FactoryReset {
        /// For the reply.
        reply: u64,
    },
    /// Tell servers something. The reply is [`Reply::Sent`].
    Send(Box<NewSend>),
    /// How are things?
    Status {
        /// For the reply.
        reply: u64,
    },
    /// De-register everywhere and stop.
    Shutdown {
        /// For the reply.
        reply: u64,
    },
}

/// Something to tell servers. [Core 1.2 §6.4.6]
#[derive(Clone, Debug)]
pub struct NewSend {
    /// For the reply.
    pub reply: u64,
    /// What.
    pub what: What,
    /// The short server ID; `None`: every server that takes it.
    pub to: Option<u16>,
    /// The format; `None`: the best there is.
    pub format: Option<ContentFormat>,
    /// The reply comes once it is in the store, and not with the answers of the servers.
    pub stored: bool,
}

/// What servers are told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum What {
    /// The present values of these places.
    Places(Vec<Path>),
    /// These values.
    Values(Vec<Timed>),
}

/// What the machine tells the outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// For the program.
    Public(ClientEvent),
    /// The reply to a [`Command`].
    Reply {
        /// Of the command.
        reply: u64,
        /// The reply.
        what: Reply,
    },
}

/// The reply to a [`Command`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// Done, or why not.
    Done(Result<(), ClientError>),
    /// Every server that was to hear of it has, or why one has not.
    Sent(Result<(), SendError>),
    /// How things are.
    Status(Box<Status>),
}

/// How a client stands. Durations are measured from the moment of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// When the client must run again by itself: a device may sleep until then. `None`: not by itself.
    pub next_deadline: Option<Duration>,
    /// Is something on its way, or waiting to be sent or answered?
    pub has_unsent: bool,
    /// How long the device should still listen: until its awake window with every server is over that knows, by queue
    /// mode, that it sleeps. `None`: it may sleep until `next_deadline`, if all its servers know.
    pub awake: Option<Duration>,
    /// When the first registration ends unless it is updated. `None`: there is none, or it is without end.
    pub registration_expires: Option<Duration>,
    /// The short server IDs of the servers that we are registered with.
    pub registered: Vec<u16>,
    /// Live observations.
    pub observations: usize,
    /// Notifications that are on their way, or kept for servers that are disabled or away.
    pub kept: usize,
    /// Values that servers were not told, for want of room to keep them, since the start.
    pub displaced: u64,
    /// What the CoAP endpoint has done since the start.
    pub coap: coap::Counters,
}

/// Calls that are out.
#[derive(Default)]
pub(crate) struct Calls {
    /// A handful.
    out: Vec<Pending>,
    last: u64,
}

struct Pending {
    id: CallId,
    what_for: Purpose,
    /// `None`: it may take as long as it wants.
    deadline: Option<Mono>,
}

/// What an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Load,
    ConnectBootstrap,
    /// The smartcard is being read.
    Card,
    /// The store is being emptied.
    Reset,
    /// And once more, when the links are gone.
    Sweep,
    /// The objects are being read for a bootstrap.
    Shoot,
    /// The handlers look at what a bootstrap has made.
    PrepareBootstrap,
    /// It is being kept, and becomes true.
    Provision,
    /// Written to the store beside any request.
    Keep,
    /// What waits for servers is being written.
    Backlog,
    Changes,
    Describe(ObjectId),
    /// The account's position.
    Connect(usize),
    Disconnect,
    /// The peer of a restored session is there.
    Fresh,
    /// The operation's key.
    Operation(usize),
    /// Likewise; what is being committed cannot be taken back.
    Commit(usize),
    After,
    /// More of the body of this request is wanted.
    Body(InboundId),
}

impl Calls {
    pub(crate) fn begin(&mut self, what_for: Purpose, deadline: Option<Mono>) -> CallId {
        self.last = self.last.wrapping_add(1);
        let id = CallId(self.last);
        self.out.push(Pending { id, what_for, deadline });
        id
    }

    /// `None`: the machine has given up on it.
    pub(crate) fn end(&mut self, id: CallId) -> Option<Purpose> {
        let position = self.out.iter().position(|pending| pending.id == id)?;
        Some(self.out.swap_remove(position).what_for)
    }

    /// A call whose answer would come too late. It is forgotten, except a commit.
    pub(crate) fn overdue(&mut self, now: Mono) -> Option<(CallId, Purpose)> {
        let is_over = |pending: &Pending| pending.deadline.is_some_and(|deadline| deadline <= now);
        let position = self.out.iter().position(is_over)?;
        let pending = self.out.get_mut(position)?;
        let late = (pending.id, pending.what_for);
        if matches!(late.1, Purpose::Commit(_)) {
            pending.deadline = None;
        } else {
            self.out.swap_remove(position);
        }
        Some(late)
    }

    /// Is one out?
    pub(crate) fn is_out(&self, what_for: Purpose) -> bool {
        self.out.iter().any(|pending| pending.what_for == what_for)
    }

    /// A call gets another deadline, or none.
    pub(crate) fn postpone(&mut self, what_for: Purpose, deadline: Option<Mono>) {
        for pending in self.out.iter_mut().filter(|pending| pending.what_for == what_for) {
            pending.deadline = deadline;
        }
    }

    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.out.iter().filter_map(|pending| pending.deadline).min()
    }
}
