//! The sans-IO part of the client: registration, operations of servers and notifications, above one CoAP endpoint.
//!
//! Time, frames, answers and commands are arguments; frames, calls, events and the next deadline are outputs. What
//! needs a handler is a [`Call`]; whoever drives the machine turns it into a future, see `lwm2m_core::driver`.

mod access;
mod account;
mod attach;
mod awake;
mod backlog;
mod batch;
mod bootstrap;
mod call;
mod check;
mod composite;
mod disable;
mod downlink;
mod keep;
mod leave;
mod link;
mod observe;
mod operation;
mod order;
mod registration;
pub mod report;
mod reset;
mod send;
mod settings;
mod snapshot;
mod status;
mod storing;
mod stream;
mod structure;
mod table;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::Arc,
    time::Duration,
};

use lwm2m_core::{
    Binding, Bytes, CallId, Done, EndpointName, InstanceId, Mono, Now, ObjectId, Output, Rejection,
    ResourceId, Route, StoreError, Tree,
    coap::{self, BodyId, DeliveryId, Endpoint, ExchangeError, ExchangeId, Response},
    machine::{self, Machine},
    transport::{TransportError, TransportEvent},
};

use lwm2m_objects::Security;

pub use self::bootstrap::stage::Shot;
pub use self::call::{Answer, Call, Command, Event, NewSend, Reply, Status, What};
use self::{
    access::Access,
    account::Account,
    call::{Calls, Purpose},
    observe::Observation,
    operation::Operations,
    report::Reports,
    stream::Stream,
    structure::Describing,
    table::Table,
};
pub(crate) use self::{
    batch::Batches,
    snapshot::{FoundMany, WantedMany, present},
};
use crate::{Backlog, BootstrapAccount, CardError, ClientEvent, Policy, ServerAccount};
pub use crate::{
    body::BodyFeed,
    object::{Changed, Definition, Described},
    state::{Accounts, Loaded},
};

/// How long a handler may take. Then the server hears 5.03 and the handler's future is dropped: a handler that hangs
/// must not hold requests, and the memory they take, for ever.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What is the same for the whole client.
pub(crate) struct Config {
    pub(crate) endpoint: EndpointName,
    pub(crate) tree: Tree,
    pub(crate) policy: Option<Arc<dyn Policy>>,
    pub(crate) coap: Arc<coap::Config>,
    /// What the program says of servers, by short server ID; where they are, the Security instances say.
    pub(crate) accounts: Vec<ServerAccount>,
    /// What it says of the bootstrap server.
    pub(crate) bootstrap: Option<BootstrapAccount>,
    /// In their order, and whether they are secure.
    pub(crate) transports: Vec<(Binding, bool)>,
    /// Certificates of authorities that the device trusts.
    pub(crate) authorities: Vec<Bytes>,
    /// There is a place for a smartcard.
    pub(crate) card: bool,
    /// There is a store: a change by a server is answered once it holds it.
    pub(crate) keeps: bool,
    /// When what waits for servers is written there.
    pub(crate) backlog: Backlog,
}

type Out = Output<machine::Call<Call>, Event>;

/// A client without time, sockets and tasks.
///
/// As every machine: `handle_*` say what network, clock and answered calls bring and what handles want; after any of
/// them drain [`Machine::poll_output`] until [`Output::Timeout`].
pub struct ClientMachine {
    config: Arc<Config>,
    endpoint: Endpoint,
    accounts: Vec<Account>,
    /// The account of the bootstrap server, if there is one.
    bootstrap: Option<Box<(InstanceId, Security)>>,
    table: Table,
    /// What Access Control says.
    access: Access,
    /// Of `table`, for Updates.
    fingerprint: u64,
    calls: Calls,
    operations: Operations,
    reports: Reports<Observation>,
    boot: bootstrap::Bootstrap,
    /// A Factory Reset is on its way.
    reset: Option<reset::Reset>,
    streams: Vec<Stream>,
    /// Paths below which bodies are streamed, as far as the endpoint has been told.
    streamed: Vec<(ObjectId, ResourceId)>,
    /// What runs when an answer has arrived.
    after: Vec<(DeliveryId, Done)>,
    outputs: VecDeque<Out>,
    jitter: Jitter,
    describing: Vec<Describing>,
    progress: Progress,
    /// The Server instances must be read again.
    settings_stale: bool,
    stopping: Option<Stopping>,
    /// What the program sends, and has no result yet.
    batches: Vec<send::Batch>,
    /// Notifications that are on their way.
    deliveries: BTreeMap<DeliveryId, report::Key>,
    /// Some observation is given up then, unless its server observes again.
    observed_again_by: Option<Mono>,
    /// Values that were not told for want of room.
    displaced: u64,
    last_batch: u64,
    backlog: backlog::Ledger,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// The store is asked at this moment.
    Created(Mono),
    /// The store is being asked.
    Loading,
    /// It is known what was before; the objects are being looked at.
    Started,
    /// The objects are known for the first time: servers may hear of us.
    Ready,
}

struct Stopping {
    /// Emptied once all have left.
    replies: Vec<u64>,
    /// Nobody waits longer for the answers to our De-registers.
    until: Mono,
}

impl ClientMachine {
    pub(crate) fn new(config: Arc<Config>, seed: [u8; 32]) -> Self {
        let boot = bootstrap::Bootstrap::new(config.card);
        Self {
            endpoint: Endpoint::new(config.coap.clone(), seed),
            config,
            accounts: Vec::new(),
            bootstrap: None,
            table: Table::default(),
            access: Access::default(),
            fingerprint: 0,
            calls: Calls::default(),
            operations: Operations::default(),
            reports: Reports::default(),
            boot,
            reset: None,
            streams: Vec::new(),
            streamed: Vec::new(),
            after: Vec::new(),
            outputs: VecDeque::new(),
            jitter: Jitter::new(&seed),
            describing: Vec::new(),
            progress: Progress::Created(Mono(0)),
            settings_stale: true,
            stopping: None,
            batches: Vec::new(),
            deliveries: BTreeMap::new(),
            observed_again_by: None,
            displaced: 0,
            last_batch: 0,
            backlog: backlog::Ledger::default(),
        }
    }

    /// What the CoAP endpoint refused, dropped or repeated.
    #[must_use]
    pub fn coap_counters(&self) -> &coap::Counters {
        self.endpoint.counters()
    }

    fn publish(&mut self, event: ClientEvent) {
        self.outputs.push_back(Output::Event(Event::Public(event)));
    }

    fn reply(&mut self, reply: u64, what: Reply) {
        self.outputs.push_back(Output::Event(Event::Reply { reply, what }));
    }

    fn call(&mut self, what_for: Purpose, deadline: Option<Mono>, what: Call) -> CallId {
        let id = self.calls.begin(what_for, deadline);
        self.outputs.push_back(Output::Call { id, what: machine::Call::Role(what) });
        id
    }

    fn disconnect(&mut self, now: Now, route: Route) {
        self.endpoint.handle_down(now, route);
        let id = self.calls.begin(Purpose::Disconnect, None);
        self.outputs.push_back(Output::Call { id, what: machine::Call::Disconnect(route) });
    }

    /// What follows from all that has happened in this turn, once. Says whether there is something new to drain.
    fn turn(&mut self, now: Now) -> bool {
        let outputs = self.outputs.len();
        self.start(now);
        self.abandon_overdue(now);
        self.describe_again(now);
        let accounts = self.drive_accounts(now);
        let bootstrap = self.drive_bootstrap(now);
        let reset = self.drive_reset(now);
        self.doze(now);
        self.refresh_settings();
        self.refresh_access();
        let observations = self.drive_observations(now);
        let operations = self.drive_operations(now);
        let sends = self.drive_sends(now);
        let backlog = self.drive_backlog(now);
        accounts
            || bootstrap
            || reset
            || observations
            || operations
            || sends
            || backlog
            || self.outputs.len() > outputs
    }

    fn start(&mut self, now: Now) {
        if matches!(self.progress, Progress::Created(at) if at <= now.mono) {
            self.load(now);
        }
    }

    fn abandon_overdue(&mut self, now: Now) {
        while let Some((id, what_for)) = self.calls.overdue(now.mono) {
            if !matches!(what_for, Purpose::Commit(_)) {
                self.outputs.push_back(Output::Call { id: CallId(0), what: machine::Call::Abandon(id) });
            }
            self.unanswered(now, id, what_for);
        }
        self.refuse_overdue(now);
    }

    /// A call that will never be answered.
    fn unanswered(&mut self, now: Now, id: CallId, what_for: Purpose) {
        match what_for {
            Purpose::Operation(key) => self.operation_overdue(now, key),
            Purpose::Commit(key) => self.commit_overdue(now, key),
            Purpose::Describe(object) => self.not_described(now, object),
            Purpose::Changes => self.watch(now),
            Purpose::Connect(account) => {
                let error = TransportError::Handshake("no link was made".to_owned());
                self.on_connected(now, account, id, Err(error));
            }
            Purpose::ConnectBootstrap => {
                let error = TransportError::Handshake("no link was made".to_owned());
                self.bootstrap_connected(now, id, Err(error));
            }
            Purpose::Shoot => self.on_shots(now, Err(Rejection::internal("a handler did not answer"))),
            Purpose::PrepareBootstrap => {
                self.on_bootstrap_prepared(now, Err(Rejection::internal("a handler did not answer")));
            }
            Purpose::Provision => {
                self.on_provisioned(now, Err(StoreError::new("the store did not answer")));
            }
            Purpose::Reset => self.reset_lost(now),
            Purpose::Sweep => self.begin_anew(),
            Purpose::Card => self.on_card(now, Err(CardError::Failed("it did not answer".to_owned()))),
            Purpose::Load => {
                self.on_loaded(now, Err(StoreError::new("the store did not answer")));
            }
            Purpose::Backlog => {
                self.on_backlog_written(now, Err(StoreError::new("the store did not answer")));
            }
            Purpose::Fresh | Purpose::Disconnect | Purpose::After | Purpose::Body(_) | Purpose::Keep => {}
        }
    }

    fn on_coap(&mut self, now: Now, event: coap::Event) {
        match event {
            coap::Event::Request { id, peer, request, observe } => {
                self.on_request(now, id, peer, request, observe);
            }
            coap::Event::RequestHead { id, peer, head } => self.on_request_head(now, id, peer, &head),
            coap::Event::Body { body: BodyId::Inbound(id), bytes, last, .. } => {
                self.on_body(now, id, bytes, last);
            }
            coap::Event::BodyGone { id } => self.on_body_gone(now, id),
            coap::Event::Response { id, response, .. } => self.on_answered(now, id, Ok(response)),
            coap::Event::Failed { id, error } => self.on_answered(now, id, Err(error)),
            coap::Event::ObserverGone { id, peer, reset } => self.observer_gone(now, id, peer, reset),
            coap::Event::Delivered { id } => self.on_delivery(now, id, None),
            coap::Event::Undelivered { id, error } => self.on_delivery(now, id, Some(error)),
            coap::Event::Fresh { peer } => {
                if let Some(route) = self.endpoint.route_of(peer) {
                    let id = self.calls.begin(Purpose::Fresh, None);
                    self.outputs.push_back(Output::Call { id, what: machine::Call::Fresh(route) });
                }
            }
            coap::Event::Displaced { route, .. } => self.disconnect(now, route),
            _ => {}
        }
    }

    fn on_answered(&mut self, now: Now, id: ExchangeId, result: Result<Response, ExchangeError>) {
        if let Some(result) = self.on_sent(now, id, result) {
            self.on_response(now, id, result);
        }
    }

    fn deadline(&self) -> Option<Mono> {
        let calls = self.calls.deadline();
        let accounts = self.accounts_deadline();
        let observations = self.reports.deadline();
        let operations = self.operations.deadline();
        let objects = self.describing_deadline();
        let start = match self.progress {
            Progress::Created(at) => Some(at),
            _ => None,
        };
        let awake = self.awake_deadline();
        let calls = calls
            .into_iter()
            .chain(start)
            .chain(self.bootstrap_deadline())
            .chain(self.reset_deadline())
            .chain(self.sends_deadline())
            .chain(self.backlog_deadline())
            .chain(self.observed_again_by);
        calls.chain(accounts).chain(observations).chain(operations).chain(objects).chain(awake).min()
    }
}

impl Machine for ClientMachine {
    type Command = Command;
    type Call = Call;
    type Answer = Answer;
    type Event = Event;

    fn handle_link(&mut self, now: Now, transport: u8, event: TransportEvent) {
        let route = |link| Route { transport, link };
        match event {
            TransportEvent::Frame { link, frame } => {
                self.on_traffic(now, route(link));
                self.endpoint.handle_frame(now, route(link), frame);
            }
            TransportEvent::Up { link, info, .. } => self.on_up(now, route(link), info),
            TransportEvent::Changed { link, info } => self.endpoint.handle_change(now, route(link), info),
            TransportEvent::Restored { link } => {
                if let Some(peer) = self.endpoint.peer_at(route(link)) {
                    self.endpoint.set_doubted(peer, true);
                }
            }
            TransportEvent::Failed { link, error } => self.on_not_sent(now, route(link), error),
            TransportEvent::Down { link, error } => self.on_down(now, route(link), error),
            _ => {}
        }
    }

    fn handle_timeout(&mut self, now: Now) {
        self.endpoint.handle_timeout(now);
    }

    fn handle_result(&mut self, now: Now, id: CallId, answer: machine::Answer<Answer>) {
        let Some(what_for) = self.calls.end(id) else { return };
        match (what_for, answer) {
            (Purpose::Connect(account), machine::Answer::Link(result)) => {
                self.on_connected(now, account, id, result);
            }
            (Purpose::ConnectBootstrap, machine::Answer::Link(result)) => {
                self.bootstrap_connected(now, id, result);
            }
            // From here on, what could be played back does not come through.
            (Purpose::Fresh, machine::Answer::Link(Ok(route))) => {
                if let Some(peer) = self.endpoint.peer_at(route) {
                    self.endpoint.set_doubted(peer, false);
                }
            }
            (Purpose::Shoot, machine::Answer::Role(Answer::Shots(shots))) => self.on_shots(now, shots),
            (Purpose::PrepareBootstrap, machine::Answer::Role(Answer::Prepared(prepared))) => {
                self.on_bootstrap_prepared(now, prepared);
            }
            (Purpose::Provision, machine::Answer::Role(Answer::Provisioned(result))) => {
                self.on_provisioned(now, result);
            }
            (Purpose::Reset, machine::Answer::Role(Answer::Reset(result))) => self.on_reset(now, result),
            (Purpose::Sweep, _) => self.begin_anew(),
            (Purpose::Card, machine::Answer::Role(Answer::Smartcard(found))) => self.on_card(now, found),
            (Purpose::Load, machine::Answer::Role(Answer::Loaded(loaded))) => self.on_loaded(now, loaded),
            (Purpose::Keep, machine::Answer::Role(Answer::Committed(Err(error)))) => {
                tracing::warn!(%error, "the state could not be written");
            }
            (Purpose::Backlog, machine::Answer::Role(Answer::Committed(result))) => {
                self.on_backlog_written(now, result);
            }
            (Purpose::Changes, machine::Answer::Role(Answer::Changed(changed))) => {
                self.on_changed(now, changed);
            }
            (Purpose::Describe(object), machine::Answer::Role(Answer::Described(described))) => {
                self.on_described(now, object, described);
            }
            (Purpose::Body(id), _) => self.on_body_wanted(now, id),
            (Purpose::Operation(key), machine::Answer::Role(answer)) => self.on_answer(now, key, answer),
            (Purpose::Commit(key), machine::Answer::Role(Answer::Committed(result))) => {
                self.on_committed(now, key, result);
            }
            (Purpose::Commit(key), machine::Answer::Lost) => self.commit_broke(now, key),
            (Purpose::Operation(key), machine::Answer::Lost) => {
                self.refuse(now, key, Rejection::internal("the handler broke"));
            }
            (what_for, machine::Answer::Lost) => self.unanswered(now, id, what_for),
            _ => {}
        }
    }

    fn handle_command(&mut self, now: Now, command: Command) {
        match command {
            Command::Update { server, reply } => self.update_wanted(server, reply),
            Command::Send(new) => self.on_send(now, *new),
            Command::Bootstrap { reply } => self.on_bootstrap_wanted(now, reply),
            Command::NetworkChanged => self.network_changed(now),
            Command::FactoryReset { reply } => self.reset_wanted(now, reply),
            Command::SmartcardChanged => self.look_at_card(now),
            Command::Status { reply } => {
                let status = self.status(now);
                self.reply(reply, Reply::Status(Box::new(status)));
            }
            Command::Shutdown { reply } => self.shut_down(now, reply),
        }
    }

    fn poll_output(&mut self, now: Now) -> Out {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                return output;
            }
            match self.endpoint.poll_output(now) {
                Output::Transmit { route, frame } => {
                    self.on_traffic(now, route);
                    return Output::Transmit { route, frame };
                }
                Output::Event(event) => self.on_coap(now, event),
                // Only a protection above the transports asks for keys; none is in place.
                Output::Call { .. } => {}
                Output::Timeout(at) => {
                    if !self.turn(now) {
                        return Output::Timeout(at.into_iter().chain(self.deadline()).min());
                    }
                }
            }
        }
    }
}

impl fmt::Debug for ClientMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientMachine")
            .field("endpoint", &self.config.endpoint)
            .field("accounts", &self.accounts.len())
            .field("observations", &self.reports.len())
            .finish_non_exhaustive()
    }
}

/// Spreads retries, so that a fleet does not return in one moment. SplitMix64: nothing depends on its being secret.
struct Jitter(u64);

impl Jitter {
    fn new(seed: &[u8; 32]) -> Self {
        Self(seed.iter().fold(0, |state: u64, octet| state.rotate_left(8) ^ u64::from(*octet)))
    }

    /// `wait`, lengthened by up to a quarter.
    fn lengthen(&mut self, wait: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let part = u32::try_from((mixed ^ (mixed >> 31)) >> 48).unwrap_or(0);
        wait.saturating_add((wait / 4).saturating_mul(part) / (1 << 16))
    }
}
