//! Bootstrap by a bootstrap server: when it begins, the request, and what becomes of it. [Core 1.2 §6.1]
//!
//! What the bootstrap server does, it does to a copy ([`stage`]); Bootstrap-Finish makes it true (`finish`).

mod card;
mod consistency;
mod finish;
mod serve;
pub(crate) mod stage;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lwm2m_core::{
    CallId, Code, Mono, Now, ObjectId, Output, PeerId, Rejection, Route, Selection, StoreError, Version,
    coap::{Delivery, ExchangeError, ExchangeId, InboundId, Response},
    codec::{Context, node_at},
    machine,
    ops::bootstrap::{Uplink, UplinkAnswer},
    transport::TransportError,
};
use lwm2m_objects::Security;

use self::{
    card::Card,
    consistency::Before,
    stage::{Shot, Stage},
};
use super::{
    CALL_TIMEOUT, ClientMachine, Progress,
    batch::Batches,
    call::{Call, Purpose},
};
use crate::{
    BootstrapCause, BootstrapFailure, ClientError, ClientEvent, Unreachable, bootstrap::WAITS,
    builder::transport_for, state,
};

/// How long a bootstrap server may be silent: EXCHANGE_LIFETIME with the default timing. [Core 1.2 §6.1.7.2]
const SILENCE: Duration = Duration::from_secs(247);
/// How long a link may take to be made, a handshake included.
const OPENING: Duration = Duration::from_secs(450);
/// When what the device cannot do at this moment may be asked of it again.
const SOON: Duration = Duration::from_secs(1);
/// Our last answer may be asked for again: the link stays for two spans of repetitions.
const LINGER: Duration = Duration::from_secs(90);
/// Objects whose values bootstrap must know: accounts, servers, rights, contexts.
const KNOWN: [u16; 4] = [0, 1, 2, 21];

/// How far the client is with its bootstrap server.
#[derive(Default)]
pub(super) struct Bootstrap {
    phase: Phase,
    route: Option<Route>,
    peer: Option<PeerId>,
    failures: u32,
    /// The bootstrap server has asked not to be asked before.
    rests_until: Mono,
    /// Present while a bootstrap is going on.
    stage: Option<Stage>,
    before: Option<Before>,
    /// A pack has been refused or was wrong: step by step, then.
    no_pack: bool,
    /// Why it has begun.
    cause: Option<BootstrapCause>,
    /// What each account was made of.
    pub(super) securities: BTreeMap<u16, Security>,
    /// When the account of the bootstrap server goes. [Core 1.2 §E.1, resource 12]
    pub(super) purge_at: Option<Mono>,
    /// How long it stays after the bootstrap that is being finished.
    purge_after: Option<Duration>,
    pub(super) card: Card,
    /// Short server IDs of the servers that this bootstrap takes away.
    gone: BTreeSet<u16>,
    /// What it changes.
    changes: Batches,
}

#[derive(Default)]
enum Phase {
    #[default]
    Off,
    /// To begin at this moment.
    Waiting(Mono),
    Connecting(CallId),
    /// The link is being made; given up at this moment.
    Opening(Mono),
    /// The link is there; changes by servers end first.
    Up,
    /// The objects are being read.
    Reading,
    Requesting(ExchangeId, Uplink),
    /// The bootstrap server works; it has until then for the next operation.
    Open(Mono),
    /// What it made is being taken over. `None`: it was a pack.
    Finishing(Option<InboundId>),
    /// Done; the link stays a little longer.
    Done(Mono),
    /// The account of the bootstrap server is being deleted.
    Purging,
}

impl Bootstrap {
    /// `card`: the device has a place for a smartcard.
    pub(super) fn new(card: bool) -> Self {
        Self { card: Card::new(card), ..Self::default() }
    }
}

impl ClientMachine {
    /// A device without a server account turns to its bootstrap server, after the hold-off time. [Core 1.2 §6.1.1]
    fn needs_bootstrap(&self) -> bool {
        let may = self.progress == Progress::Ready && self.is_settled() && self.stopping.is_none();
        let may = may && !self.boot.card.is_due();
        may && self.bootstrap.is_some() && self.accounts.iter().all(super::Account::is_gone)
    }

    fn hold_off(&self) -> Duration {
        let hold_off = self.bootstrap.as_deref().and_then(|(_, account)| account.client_hold_off_time);
        Duration::from_secs(hold_off.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0))
    }

    pub(super) fn enter_bootstrap(&mut self, now: Now, cause: BootstrapCause) {
        // Asked for by name: now, though another attempt may be waiting for its time.
        let by_name = matches!(cause, BootstrapCause::Triggered { .. } | BootstrapCause::Program);
        let is_free = match self.boot.phase {
            Phase::Off | Phase::Done(_) => true,
            Phase::Waiting(_) => by_name,
            _ => false,
        };
        if !is_free || self.stopping.is_some() {
            return;
        }
        self.end_bootstrap_link(now);
        let wait = if by_name { Duration::ZERO } else { self.hold_off() };
        (self.boot.failures, self.boot.no_pack) = (0, false);
        self.boot.cause = Some(cause);
        self.boot.phase = Phase::Waiting(now.mono.after(wait).max(self.boot.rests_until));
    }

    /// A server takes us after all: nobody needs to bootstrap any more.
    pub(super) fn bootstrap_not_needed(&mut self) {
        let waits = matches!(self.boot.phase, Phase::Waiting(_));
        if waits && matches!(self.boot.cause, Some(BootstrapCause::RegistrationFailed { .. })) {
            self.boot.phase = Phase::Off;
        }
    }

    pub(super) fn drive_bootstrap(&mut self, now: Now) -> bool {
        if self.stopping.is_some() && !matches!(self.boot.phase, Phase::Off | Phase::Finishing(_)) {
            self.end_bootstrap_link(now);
            self.boot.phase = Phase::Off;
            return true;
        }
        if self.is_resetting() {
            return false;
        }
        if self.drive_card(now) {
            return true;
        }
        match &self.boot.phase {
            Phase::Off | Phase::Done(_) if self.needs_bootstrap() => {
                self.enter_bootstrap(now, BootstrapCause::NoServer);
            }
            Phase::Off if self.is_settled() && self.boot.purge_at.is_some_and(|at| at <= now.mono) => {
                self.purge(now);
            }
            Phase::Waiting(at) if *at <= now.mono && self.is_settled() => self.connect_bootstrap(now),
            Phase::Opening(until) if *until <= now.mono => {
                let error = TransportError::Handshake("no link was made".to_owned());
                self.bootstrap_failed(now, BootstrapFailure::Unreachable(error.into()));
            }
            Phase::Up if self.operations.is_empty() && self.is_settled() => self.read_objects(now),
            Phase::Open(until) if *until <= now.mono => self.bootstrap_failed(now, BootstrapFailure::Silent),
            Phase::Done(until) if *until <= now.mono => {
                self.end_bootstrap_link(now);
                self.boot.phase = Phase::Off;
            }
            _ => return false,
        }
        true
    }

    pub(super) fn bootstrap_deadline(&self) -> Option<Mono> {
        if self.is_resetting() {
            return None;
        }
        let card = self.boot.card.deadline().filter(|_| self.is_settled() && self.stopping.is_none());
        self.phase_deadline().into_iter().chain(card).min()
    }

    fn phase_deadline(&self) -> Option<Mono> {
        match &self.boot.phase {
            Phase::Waiting(at) if self.is_settled() => Some(*at),
            Phase::Opening(until) | Phase::Open(until) | Phase::Done(until) => Some(*until),
            Phase::Off => self.boot.purge_at.filter(|_| self.is_settled()),
            _ => None,
        }
    }

    /// May servers change anything? What a bootstrap begins with must stay until its end.
    pub(super) fn is_bootstrapping(&self) -> bool {
        matches!(
            self.boot.phase,
            Phase::Up | Phase::Reading | Phase::Requesting(..) | Phase::Open(_) | Phase::Finishing(_)
        )
    }

    fn connect_bootstrap(&mut self, now: Now) {
        let Some((_, account)) = self.bootstrap.as_deref() else {
            self.boot.phase = Phase::Off;
            return;
        };
        let known = self.config.bootstrap.as_ref().map(|known| &known.target);
        let target = state::target(account, known, &self.config.authorities)
            .and_then(|target| Ok((transport_for(&target, &self.config.transports)?, target)));
        let (transport, target) = match target {
            Ok(found) => found,
            Err(error) => return self.bootstrap_failed(now, BootstrapFailure::Account(error.to_string())),
        };
        let id = self.calls.begin(Purpose::ConnectBootstrap, Some(now.mono.after(OPENING)));
        self.boot.phase = Phase::Connecting(id);
        self.outputs.push_back(Output::Call { id, what: machine::Call::Connect { transport, target } });
    }

    pub(super) fn bootstrap_connected(
        &mut self,
        now: Now,
        id: CallId,
        result: Result<Route, TransportError>,
    ) {
        if !matches!(self.boot.phase, Phase::Connecting(wanted) if wanted == id) {
            if let Ok(route) = result {
                self.disconnect(now, route);
            }
            return;
        }
        match result {
            Ok(route) => {
                self.boot.route = Some(route);
                self.boot.phase = Phase::Opening(now.mono.after(OPENING));
            }
            Err(error) => self.bootstrap_failed(now, BootstrapFailure::Unreachable(error.into())),
        }
    }

    /// The link of the bootstrap server? `false`: another's.
    pub(super) fn bootstrap_up(&mut self, now: Now, route: Route, link: lwm2m_core::Link) -> bool {
        if self.boot.route != Some(route) {
            return false;
        }
        let peer = self.endpoint.handle_up(now, route, link);
        self.endpoint.set_registered(peer, true);
        self.boot.peer = Some(peer);
        self.boot.phase = Phase::Up;
        true
    }

    pub(super) fn bootstrap_down(&mut self, now: Now, route: Route, error: &TransportError) -> bool {
        if self.boot.route != Some(route) {
            return false;
        }
        (self.boot.route, self.boot.peer) = (None, None);
        match self.boot.phase {
            Phase::Done(_) => self.boot.phase = Phase::Off,
            // What is being taken over is; only the answer has nobody to go to.
            Phase::Finishing(_) => {}
            _ => self.bootstrap_failed(now, BootstrapFailure::Unreachable(error.clone().into())),
        }
        true
    }

    pub(super) fn end_bootstrap_link(&mut self, now: Now) {
        self.boot.peer = None;
        (self.boot.stage, self.boot.before) = (None, None);
        if let Some(route) = self.boot.route.take() {
            self.disconnect(now, route);
        }
    }

    /// Nothing has changed. It is tried again, after a wait that grows.
    fn bootstrap_failed(&mut self, now: Now, error: BootstrapFailure) {
        self.end_bootstrap_link(now);
        let doublings = self.boot.failures.min(20);
        self.boot.failures = self.boot.failures.saturating_add(1);
        let asked = match &error {
            BootstrapFailure::Refused(rejection) => rejection.retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        self.boot.rests_until = now.mono.after(asked);
        let (least, longest) = self.config.bootstrap.as_ref().map_or(WAITS, |account| account.waits);
        let wait = self.hold_off().max(least).saturating_mul(1 << doublings).min(longest).max(asked);
        let wait = self.jitter.lengthen(wait);
        self.boot.phase = Phase::Waiting(now.mono.after(wait));
        tracing::info!(endpoint = %self.config.endpoint, %error, "no bootstrap");
        self.publish(ClientEvent::BootstrapFailed { error, retry_in: wait });
    }

    /// The copy that the bootstrap server works on.
    fn read_objects(&mut self, now: Now) {
        let objects: Vec<_> = self
            .table
            .all()
            .map(|known| {
                let id = known.def.id();
                let every = known.def.resources().iter().filter(|def| !def.ops().can_execute());
                let every = every.map(|def| (def.id(), None)).collect();
                let selection =
                    if KNOWN.contains(&id.0) { Selection::Only(every) } else { Selection::Only(Vec::new()) };
                (id, known.instances.iter().map(|instance| (*instance, selection.clone())).collect())
            })
            .collect();
        self.boot.phase = Phase::Reading;
        let cx = self.cx(now, crate::Caller::Bootstrap);
        self.call(Purpose::Shoot, Some(now.mono.after(CALL_TIMEOUT)), Call::Shoot { cx, objects });
    }

    pub(super) fn on_shots(&mut self, now: Now, shots: Result<Vec<Shot>, Rejection>) {
        if !matches!(self.boot.phase, Phase::Reading) {
            return;
        }
        let shots = match shots {
            Ok(shots) => shots,
            Err(rejection) => {
                let why = format!("the objects cannot be read: {rejection}");
                if self.boot.card.at_work {
                    return self.card_not_kept(now, &StoreError::new(why));
                }
                return self.bootstrap_failed(now, BootstrapFailure::Account(why));
            }
        };
        let stage = Stage::new(shots);
        if self.boot.card.at_work {
            return self.take_card(now, stage);
        }
        self.boot.before = Some(Before::of(&stage));
        self.boot.stage = Some(stage);
        self.request_bootstrap(now);
    }

    fn bootstrap_version(&self) -> Version {
        self.config.bootstrap.as_ref().map_or(Version::V1_1, |account| account.version)
    }

    fn request_bootstrap(&mut self, now: Now) {
        let Some(peer) = self.boot.peer else {
            let error = TransportError::Closed;
            return self.bootstrap_failed(now, BootstrapFailure::Unreachable(error.into()));
        };
        let endpoint = Some(self.config.endpoint.clone());
        let version = self.bootstrap_version();
        let preferred = self.config.bootstrap.as_ref().and_then(|account| account.preferred);
        let usual = (version >= Version::V1_1).then_some(lwm2m_core::codec::ContentFormat::SENML_CBOR);
        let preferred = preferred.or(usual);
        let uplink = if version >= Version::V1_2 && !self.boot.no_pack {
            Uplink::Pack { endpoint, accounts: self.bootstrap_account_paths(), accept: preferred }
        } else {
            Uplink::Request { endpoint, preferred }
        };
        let request = match uplink.to_coap() {
            Ok(request) => request,
            Err(error) => return self.bootstrap_failed(now, BootstrapFailure::Account(error.to_string())),
        };
        let exchange = self.endpoint.request(now, peer, request, Delivery::Confirmable);
        self.boot.phase = Phase::Requesting(exchange, uplink);
    }

    fn bootstrap_account_paths(&self) -> Vec<lwm2m_core::Path> {
        let Some((instance, account)) = self.bootstrap.as_deref() else { return Vec::new() };
        let own = lwm2m_core::Path::new(&[0, instance.0]).ok();
        let linked = account.oscore_security_mode.filter(|link| *link != lwm2m_core::Objlnk::NULL);
        let linked = linked.and_then(|link| lwm2m_core::Path::new(&[link.object.0, link.instance.0]).ok());
        own.into_iter().chain(linked).collect()
    }

    /// An answer to our request? `false`: another's.
    pub(super) fn on_bootstrap_response(
        &mut self,
        now: Now,
        id: ExchangeId,
        result: &Result<Response, ExchangeError>,
    ) -> bool {
        let Phase::Requesting(exchange, uplink) = &self.boot.phase else { return false };
        if *exchange != id {
            return false;
        }
        let cx = Context { model: &self.table, version: Version::V1_2, tree: &lwm2m_core::Tree::DEFAULT };
        let is_pack = matches!(uplink, Uplink::Pack { .. });
        let answer = match result {
            Ok(response) => UplinkAnswer::from_coap(response, uplink, &cx).map_err(|_| {
                let bad = ExchangeError::BadAnswer("no answer to this operation");
                BootstrapFailure::Unreachable(Unreachable::from(bad))
            }),
            Err(error) => Err(BootstrapFailure::Unreachable(error.clone().into())),
        };
        match answer {
            Ok(UplinkAnswer::Accepted) => self.boot.phase = Phase::Open(now.mono.after(SILENCE)),
            Ok(UplinkAnswer::Pack(values)) => {
                let size = result.as_ref().map_or(0, |response| response.payload.bytes().len());
                let root = node_at(lwm2m_core::Path::ROOT, &values);
                self.on_pack(now, root, size);
            }
            // After any error: step by step. [Core 1.2 §6.1.7.7]
            Ok(UplinkAnswer::Refused(_)) | Err(_) if is_pack && result.is_ok() => {
                self.boot.no_pack = true;
                self.request_bootstrap(now);
            }
            Ok(UplinkAnswer::Refused(rejection)) => {
                self.bootstrap_failed(now, BootstrapFailure::Refused(rejection));
            }
            Ok(_) => {}
            Err(failure) => self.bootstrap_failed(now, failure),
        }
        true
    }

    fn on_pack(&mut self, now: Now, root: Option<lwm2m_core::Node>, size: usize) {
        let taken = match (&mut self.boot.stage, root) {
            (Some(stage), Some(root)) => {
                let mut packed = stage.clone();
                packed.take_pack(root, size).map(|()| packed)
            }
            _ => Err(Rejection::bad_request("the pack is empty")),
        };
        match taken {
            Ok(packed) => {
                self.boot.stage = Some(packed);
                self.begin_finish(now, None);
            }
            Err(rejection) => self.pack_unfit(&rejection.to_string()),
        }
    }

    /// The objects are as they were; the bootstrap server is asked to go step by step.
    fn pack_unfit(&mut self, why: &str) {
        tracing::warn!(endpoint = %self.config.endpoint, why, "a pack cannot be taken");
        self.boot.no_pack = true;
        (self.boot.stage, self.boot.before) = (None, None);
        self.boot.phase = Phase::Up;
    }

    pub(super) fn on_bootstrap_wanted(&mut self, now: Now, reply: u64) {
        let result = match &self.bootstrap {
            Some(_) => {
                self.enter_bootstrap(now, BootstrapCause::Program);
                Ok(())
            }
            None => Err(ClientError::NoBootstrapServer),
        };
        self.reply(reply, super::call::Reply::Done(result));
    }

    /// The bootstrap server whose link this is.
    pub(super) fn is_bootstrap_peer(&self, peer: PeerId) -> bool {
        self.boot.peer == Some(peer)
    }
}

/// What is said to servers meanwhile.
pub(super) fn occupied() -> Rejection {
    Rejection::unavailable("the device is being bootstrapped", Duration::from_secs(10))
}

/// The object of accounts.
pub(super) const SECURITY: ObjectId = ObjectId(0);

/// What no operation of the interface is answered with by itself.
pub(super) const REFUSED: Code = Code::UNAUTHORIZED;
