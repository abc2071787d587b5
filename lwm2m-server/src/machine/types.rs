//! What goes into a [`ServerMachine`](super::ServerMachine) and comes out of it.

use std::{fmt, io, sync::Arc, time::Duration};

use bytes::Bytes;
use lwm2m_core::{
    EndpointName, Entry, Hint, Path, StoreError, UnixTime, coap,
    codec::{ContentFormat, Timed},
    ops::{Downlink, DownlinkAnswer, Verb},
    transport::{Remote, ShardId},
};

use super::queue::Mail;
use crate::{
    Asked, Data, Presence, Registration, RegistrationId, RequestError, ServerEvent, SinkError, Verdict,
    store::{Change, Outcome, Stored, StoredObservation},
};

/// What a handle wants.
#[derive(Debug)]
#[non_exhaustive]
pub enum Command {
    /// Ask a client. Answered with [`Event::Finished`], also when it fails.
    Request(Box<NewRequest>),
    /// Nobody waits for the answer any more.
    Cancel {
        /// Which.
        request: u64,
    },
    /// Ends an observation and tells the client. [Core 1.2 §6.4.3] Answered with [`Event::Finished`].
    CancelObservation {
        /// For the answer.
        request: u64,
        /// Which.
        observation: ObservationId,
        /// How long the client may take.
        timeout: Duration,
    },
    /// Nobody reads the observation any more: the next notification is reset. [RFC 7641 §3.6]
    EndObservation {
        /// Which.
        observation: ObservationId,
    },
    /// Nobody reads the observation, but it stays, for the data sink.
    Detach {
        /// Which.
        observation: ObservationId,
    },
    /// A registration that was stored before the server began.
    Restore(Box<Stored>),
    /// The registration of an endpoint.
    Registration {
        /// For the answer.
        request: u64,
        /// Whose.
        endpoint: EndpointName,
    },
    /// Some registrations, in no order.
    List {
        /// For the answer.
        request: u64,
        /// The first slot.
        from: u32,
        /// How many at most.
        max: usize,
    },
    /// The endpoint has registered with another shard: this registration is over.
    Evict {
        /// For the answer.
        request: u64,
        /// Which.
        id: RegistrationId,
    },
    /// Another client's registration may stand in the store where that of this endpoint should be: keep it again.
    StoreAgain {
        /// Whose.
        endpoint: EndpointName,
    },
    /// A registration that did not come about may stand in the store: nobody has its endpoint, so it goes.
    Unstore {
        /// Which.
        id: RegistrationId,
    },
    /// Whether a client can be reached.
    Presence {
        /// For the answer.
        request: u64,
        /// Whose.
        endpoint: EndpointName,
    },
    /// What waits for a client.
    Queue {
        /// For the answer.
        request: u64,
        /// Whose.
        endpoint: EndpointName,
    },
    /// Takes a request out of the queue; its caller gets `Cancelled`. One that has been sent stays.
    Withdraw {
        /// For the answer.
        request: u64,
        /// Whose.
        endpoint: EndpointName,
        /// Which: its [`Queued::number`].
        number: u64,
    },
    /// What this shard holds.
    Stats {
        /// For the answer.
        request: u64,
    },
}

/// A request to a client.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewRequest {
    /// Comes back in [`Event::Finished`]; the caller waits for it there.
    pub request: u64,
    /// Whom.
    pub to: EndpointName,
    /// What.
    pub ask: Ask,
    /// The format of the body, or of the answer. `None`: chosen by what the client registered.
    pub format: Option<ContentFormat>,
    /// How long it may take from now; progress of a block transfer lets it begin anew.
    pub timeout: Duration,
    /// Report [`Event::Progress`].
    pub progress: bool,
    /// How long it may wait for a client that sleeps or cannot be reached, by the wall clock; then `timeout` begins when
    /// it is sent. `None`: it does not wait for a sleeping client, and `timeout` begins now.
    pub expires: Option<Duration>,
    /// The highest goes first; equals in the order they came.
    pub priority: u8,
    /// It may be done twice: where its outcome is unknown, it waits to be sent again instead of failing.
    pub repeat: bool,
    /// It takes the place of requests for the same operation on the same place that were not sent yet.
    pub replace: bool,
    /// Nobody waits for the answer: the request is answered with [`Answered::Posted`] when it is in the queue, and what
    /// its client says is [`ServerEvent::Posted`].
    pub post: bool,
}

impl NewRequest {
    /// A request that does not wait for a sleeping client.
    #[must_use]
    pub const fn new(request: u64, to: EndpointName, ask: Ask, timeout: Duration) -> Self {
        Self {
            request,
            to,
            ask,
            format: None,
            timeout,
            progress: false,
            expires: None,
            priority: 0,
            repeat: false,
            replace: false,
            post: false,
        }
    }
}

/// What a client is asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ask {
    /// An operation.
    Operation(Downlink),
    /// A CoAP request as it is.
    Raw(coap::Request),
}

/// What the machine asks the outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Call {
    /// Note in the directory that the endpoint is here now. If another shard has it, that shard ends its
    /// registration first.
    Claim {
        /// Who.
        endpoint: EndpointName,
        /// Its registration here.
        id: RegistrationId,
        /// The client has proved who it is.
        secure: bool,
    },
    /// May a client that proved nothing have this name? Asked before the store hears of its registration. Answered as
    /// [`Call::Claim`], but nothing changes.
    MayClaim {
        /// Who it says it is.
        endpoint: EndpointName,
    },
    /// Answer a request to a resource of the program.
    Resource {
        /// Position in [`Config::resources`](super::Config::resources).
        resource: usize,
        /// The request.
        request: coap::Request,
        /// Who asks.
        from: Remote,
    },
    /// The next part of a body that is being sent.
    NextBody {
        /// Of this request.
        request: u64,
        /// How many octets at most. Fewer only at the end.
        max: usize,
    },
    /// Keep these changes; answered before clients hear of them.
    Apply(Arc<[Change]>),
    /// Keep what devices told; answered before they hear of it.
    Accept(Arc<[Data]>),
    /// Decide over what a client does.
    Authorize(Box<Asked>),
    /// Keys that the CoAP endpoint needs.
    Credentials(Hint),
}

/// What the outside answers.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// To [`Call::Claim`] and [`Call::MayClaim`].
    Claimed(Claim),
    /// To [`Call::Resource`].
    Resource(coap::Response),
    /// To [`Call::Apply`].
    Applied(Result<Vec<Outcome>, StoreError>),
    /// To [`Call::Accept`].
    Accepted(Result<(), SinkError>),
    /// To [`Call::NextBody`].
    Body(io::Result<BodyPart>),
    /// To [`Call::Authorize`].
    Authorized(Result<Verdict, StoreError>),
    /// To [`Call::Credentials`].
    Credentials(Result<Option<Entry>, StoreError>),
}

/// What the directory says to a new registration.
#[derive(Debug)]
#[non_exhaustive]
pub enum Claim {
    /// The endpoint is here now; the registration that ended for that on another shard.
    Granted(Option<Arc<Registration>>, Heritage),
    /// A client that proved who it is has the endpoint, and this one did not prove anything.
    Refused,
}

impl Claim {
    pub(crate) fn into_mail(self) -> Option<Mail> {
        match self {
            Self::Granted(_, heritage) => Some(heritage.mail),
            Self::Refused => None,
        }
    }
}

/// A part of a body that is being sent.
#[derive(Clone, Debug)]
pub struct BodyPart {
    /// Its octets.
    pub bytes: Bytes,
    /// Nothing follows.
    pub last: bool,
}

/// What the machine tells the outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A command that has a `request` is done.
    Finished {
        /// Which.
        request: u64,
        /// With what.
        result: Result<Answered, RequestError>,
    },
    /// A request waits for its client to be heard.
    Queued {
        /// Which.
        request: u64,
    },
    /// A block transfer advanced.
    Progress {
        /// Of this request.
        request: u64,
        /// Octets of its body that the client confirmed.
        sent: u64,
        /// Size of the body, if known.
        total: Option<u64>,
    },
    /// A notification for a reader.
    Notified {
        /// The `request` that began the observation.
        reader: u64,
        /// Which observation.
        observation: ObservationId,
        /// The values; or why they were not understood, which does not end the observation.
        result: Result<Vec<Timed>, RequestError>,
    },
    /// An observation ended, but not by its reader.
    ObservationEnded {
        /// The `request` that began the observation.
        reader: u64,
        /// Why.
        error: RequestError,
    },
    /// A registration of this shard is gone.
    Gone {
        /// Whose.
        endpoint: EndpointName,
        /// Which.
        id: RegistrationId,
    },
    /// A registration has not come about, and may stand in the store where another of this endpoint should be. The shard
    /// that has the endpoint is to hear [`Command::StoreAgain`]; if there is none, this one [`Command::Unstore`].
    NotRegistered {
        /// Whose.
        endpoint: EndpointName,
        /// Which.
        id: RegistrationId,
    },
    /// For whoever reads events.
    Public(ServerEvent),
}

/// How a command ended well.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answered {
    /// An operation.
    Operation(DownlinkAnswer),
    /// An Observe.
    Observing {
        /// `None`: the client gave the value but does not observe.
        observation: Option<ObservationId>,
        /// The first notification.
        first: Vec<Timed>,
    },
    /// A raw request.
    Raw(coap::Response),
    /// A request without a caller is in the queue.
    Posted,
    /// [`Command::Registration`]: `None` if there is none.
    Registration(Option<Arc<Registration>>),
    /// [`Command::Evict`]: the registration, if there was one, and what goes on with the new one.
    Evicted(Option<Arc<Registration>>, Heritage),
    /// [`Command::Presence`].
    Presence(Presence),
    /// [`Command::Queue`].
    Queue(Vec<Queued>),
    /// [`Command::Withdraw`]: whether it waited there.
    Withdrawn(bool),
    /// [`Command::List`].
    List {
        /// Some registrations.
        registrations: Vec<Arc<Registration>>,
        /// Where to go on. `None`: these were the last.
        next: Option<u32>,
    },
    /// [`Command::Stats`].
    Stats(Box<Stats>),
}

/// What a new registration takes over from the one that it replaces.
#[derive(Debug, Default)]
pub struct Heritage {
    pub(crate) mail: Mail,
    pub(crate) observations: Vec<StoredObservation>,
    /// It was on another shard.
    pub(crate) evicted: bool,
}

/// A request that waits for its client.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Queued {
    /// Names it, for [`Command::Withdraw`].
    pub number: u64,
    /// The operation and its place. `None`: a raw request.
    pub operation: Option<(Verb, Path)>,
    /// Requests of higher priority go first.
    pub priority: u8,
    /// When it no longer waits. `None`: it waits only for others to be answered.
    pub expires: Option<UnixTime>,
    /// It is on its way.
    pub sent: bool,
}

/// Name of an observation: from its first notification until it ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObservationId {
    pub(crate) shard: ShardId,
    pub(crate) slot: u32,
    pub(crate) turn: u32,
}

impl fmt::Debug for ObservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.shard.0, self.slot, self.turn)
    }
}

/// What a shard holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Registrations.
    pub registrations: usize,
    /// Different link lists among them.
    pub link_sets: usize,
    /// Octets that these take.
    pub link_octets: usize,
    /// Observations.
    pub observations: usize,
    /// Requests that wait or are on their way.
    pub requests: usize,
    /// Those of them that may wait for a sleeping client and were not sent yet.
    pub queued: usize,
    /// Clients in queue mode that sleep.
    pub asleep: usize,
    /// Clients that are gone because they were disabled.
    pub disabled: usize,
    /// Notifications that wait for the data sink.
    pub unkept: usize,
    /// Changes that wait for the store.
    pub unstored: usize,
    /// Open questions to stores, sinks and resources.
    pub calls: usize,
    /// What has been done since the start.
    pub counters: Counters,
    /// What the CoAP endpoint has done since the start.
    pub coap: coap::Counters,
    /// What its driver has done since the start. Filled in by [`Server::stats`](crate::Server::stats).
    #[cfg(feature = "tokio")]
    pub driver: lwm2m_core::driver::Counters,
}

/// What has been done since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Registrations made, replacements among them.
    pub registered: u64,
    /// Registrations that replaced one of the same endpoint.
    pub replaced: u64,
    /// Updates.
    pub updated: u64,
    /// De-registrations.
    pub deregistered: u64,
    /// Registrations that ended with their lifetime.
    pub expired: u64,
    /// Registers, Updates and De-registers that were refused.
    pub refused: u64,
    /// What the authorizer did not allow.
    pub unauthorized: u64,
    /// Requests to clients that ended, in whatever way.
    pub requests: u64,
    /// Requests to clients that had no answer in time.
    pub timed_out: u64,
    /// Requests whose client was not heard before they expired.
    pub requests_expired: u64,
    /// Requests of unknown outcome that were sent again.
    pub requests_repeated: u64,
    /// Requests that were refused because too many wait.
    pub queue_full: u64,
    /// Times that a client fell asleep.
    pub fell_asleep: u64,
    /// Notifications of observations that are known.
    pub notifications: u64,
    /// Notifications that were not understood.
    pub undecodable: u64,
    /// Sends that were understood.
    pub sends: u64,
    /// Notifications and Sends that the data sink has.
    pub kept: u64,
    /// Notifications and Sends that the data sink did not take; Sends and confirmable notifications come again.
    pub unkept: u64,
    /// Those of them that were over the share of their client.
    pub over_share: u64,
    /// Frames handed to another shard.
    pub redirected: u64,
    /// Questions to the outside that were not asked because too many were open.
    pub calls_refused: u64,
    /// Questions to the outside that were not answered in time.
    pub calls_overdue: u64,
}
