//! The life of a registration: connect, Register, Update in time, begin anew when it is lost. [Core 1.2 §6.2]

use std::time::Duration;

use lwm2m_core::{
    Code, Links, Mono, Now, Rejection, Version,
    coap::{Delivery, ExchangeError, ExchangeId, Response},
    codec::{ContentFormat, Context},
    ops::{self, Location, Uplink, UplinkAnswer, UplinkVerb},
    transport::TransportError,
};

use super::{
    ClientMachine, Progress,
    account::{Account, Phase, Registered, Said},
    call::Reply,
};
use crate::{Attempt, ClientError, ClientEvent, Unreachable};

/// Formats beside those that a version makes mandatory. [Core 1.2 §6.2.1]
const OPTIONAL_FORMATS: &[ContentFormat] = &[ContentFormat::TLV];

/// From the last answer of a server to the Update that a reset notification brings about. A server may end every
/// observation with a reset, and must not get an Update for each.
const UPDATE_AFTER_RESET: Duration = Duration::from_secs(60);

/// A server that asks for no pause at all (Max-Age 0) is still not asked again at once, or it is asked for ever.
const LEAST_PAUSE: Duration = Duration::from_secs(1);

/// Why there is no registration.
pub(super) enum Failure {
    Unreachable(Unreachable),
    Refused(Rejection),
}

impl ClientMachine {
    pub(super) fn drive_accounts(&mut self, now: Now) -> bool {
        let mut progress = false;
        for position in 0..self.accounts.len() {
            progress |= self.drive_account(now, position);
        }
        self.drive_stopping(now);
        progress
    }

    fn drive_account(&mut self, now: Now, position: usize) -> bool {
        // What servers hear is complete and coalesced: nothing while the list of objects is being read.
        let settled = self.may_speak();
        let stopping = self.stopping.is_some();
        self.drive_gone(now, position);
        if !stopping && let Some(progress) = self.drive_disabled(now, position) {
            return progress;
        }
        let Some(account) = self.accounts.get(position) else { return false };
        match &account.phase {
            Phase::Idle | Phase::Updating(..) if account.expires().is_some_and(|at| at <= now.mono) => {
                self.lapse(now, position);
            }
            Phase::Waiting(_) if !account.begun && settled && !stopping => {
                return self.take_turn(now, position);
            }
            Phase::Waiting(at) if *at <= now.mono && settled && !stopping => match account.peer {
                None => self.connect(now, position),
                Some(_) => self.enter(position, Phase::Idle),
            },
            Phase::Waiting(_) if stopping => {
                let known = account.registered.is_some() && account.peer.is_some();
                self.enter(position, if known { Phase::Idle } else { Phase::Left });
            }
            Phase::Opening(until) if *until <= now.mono => {
                let error = TransportError::Handshake("no link was made in time".to_owned());
                self.hang_up(now, position);
                self.failed(now, position, Failure::Unreachable(error.into()));
            }
            Phase::Idle if stopping => self.leave(now, position),
            Phase::Idle if settled => return self.keep(now, position),
            _ => return false,
        }
        true
    }

    /// Is all known that a Register or an Update says?
    pub(super) fn may_speak(&self) -> bool {
        self.is_settled()
            && !self.settings_stale
            && !self.operations.reads_settings()
            && self.is_access_known()
            && !self.boot.card.is_due()
            && !self.is_resetting()
    }

    /// Registered or about to be, and nothing is on its way.
    fn keep(&mut self, now: Now, position: usize) -> bool {
        let fingerprint = self.fingerprint;
        let Some(account) = self.accounts.get_mut(position) else { return false };
        let Some(registered) = &account.registered else {
            self.register(now, position);
            return true;
        };
        let due = registered.update_at.is_some_and(|at| at <= now.mono);
        let known = account.is_known(&registered.said) && registered.said.fingerprint == fingerprint;
        let wanted = std::mem::take(&mut account.update_wanted);
        if due || wanted || !known {
            self.update(now, position);
            return true;
        }
        false
    }

    /// The lifetime is over: the server has forgotten us, whatever it may still answer.
    fn lapse(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.registered = None;
        account.trouble_told = false;
        let server = account.server();
        self.publish(ClientEvent::Lapsed { server });
        let Some(Account { phase: Phase::Updating(exchange, _), .. }) = self.accounts.get(position) else {
            return;
        };
        self.endpoint.cancel(now, *exchange);
        if self.stopping.is_some() {
            return self.enter(position, Phase::Left);
        }
        self.register_anew(now, position);
    }

    pub(super) fn accounts_deadline(&self) -> Option<Mono> {
        let stopping = self.stopping.as_ref().filter(|stopping| !stopping.replies.is_empty());
        let stopping = stopping.map(|stopping| stopping.until);
        // What waits for more than time has no deadline: one in the past would make the driver spin.
        let settled = self.may_speak();
        let disabled = (0..self.accounts.len()).filter_map(|position| self.disabled_deadline(position));
        let accounts = self.accounts.iter().filter_map(|account| match &account.phase {
            Phase::Waiting(at) if settled && account.begun => Some(*at),
            Phase::Opening(until) => Some(*until),
            Phase::Updating(..) => account.expires(),
            Phase::Idle => {
                let update_at = account.registered.as_ref().and_then(|registered| registered.update_at);
                update_at.filter(|_| settled).into_iter().chain(account.expires()).min()
            }
            _ => None,
        });
        accounts.chain(disabled).chain(stopping).min()
    }

    fn links(&self, version: Version) -> Links {
        let mut links = Links::default();
        links.tree = self.config.tree.clone();
        if version > Version::V1_0 {
            links.formats = OPTIONAL_FORMATS.to_vec();
        }
        links.objects = self.table.links(version);
        links
    }

    fn register(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get(position) else { return };
        let said = account.to_say(self.fingerprint);
        let links = self.links(account.version);
        let mut register = ops::Register::new(account.version);
        register.endpoint = Some(self.config.endpoint.clone());
        register.lifetime = Some(said.lifetime);
        register.bindings.clone_from(&said.bindings);
        register.queue_mode = said.queue_mode;
        register.tree = links.tree;
        register.formats = links.formats;
        register.objects = links.objects;
        match self.send(now, position, &Uplink::Register(register)) {
            Ok(exchange) => self.enter(position, Phase::Registering(exchange, said)),
            Err(failure) => self.failed(now, position, failure),
        }
    }

    /// Says what changed and nothing else. [Core 1.2 §6.2.2]
    fn update(&mut self, now: Now, position: usize) {
        let Some(account) = self.accounts.get(position) else { return };
        let Some(registered) = &account.registered else { return };
        let said = account.to_say(self.fingerprint);
        let before = &registered.said;
        let mut change = ops::Update::default();
        let binding_changed = before.bindings != said.bindings || before.queue_mode != said.queue_mode;
        change.lifetime = (before.lifetime != said.lifetime).then_some(said.lifetime);
        change.bindings = binding_changed.then(|| said.bindings.clone());
        // Off is said only where it was on, or where the mode string says it anyway.
        let said_off = |on: &bool| *on || before.queue_mode || account.version == Version::V1_0;
        change.queue_mode = binding_changed.then_some(said.queue_mode).filter(said_off);
        change.links = (before.fingerprint != said.fingerprint).then(|| self.links(account.version));
        let location = registered.location.clone();
        match self.send(now, position, &Uplink::Update { location, change }) {
            Ok(exchange) => self.enter(position, Phase::Updating(exchange, said)),
            Err(failure) => self.failed(now, position, failure),
        }
    }

    pub(super) fn enter(&mut self, position: usize, phase: Phase) {
        if let Some(account) = self.accounts.get_mut(position) {
            account.phase = phase;
        }
    }

    pub(super) fn send(&mut self, now: Now, position: usize, uplink: &Uplink) -> Result<ExchangeId, Failure> {
        let gone = || Failure::Unreachable(TransportError::Closed.into());
        let account = self.accounts.get(position).ok_or_else(gone)?;
        let peer = account.peer.ok_or_else(gone)?;
        let cx = Context { model: &self.table, version: account.version, tree: &self.config.tree };
        let request = uplink.to_coap(&cx).map_err(|error| Failure::Refused(error.into()))?;
        Ok(self.endpoint.request(now, peer, request, Delivery::Confirmable))
    }

    pub(super) fn on_response(&mut self, now: Now, id: ExchangeId, result: Result<Response, ExchangeError>) {
        if self.on_bootstrap_response(now, id, &result) {
            return;
        }
        let is_mine = |account: &Account| match account.phase {
            Phase::Registering(exchange, _) | Phase::Updating(exchange, _) | Phase::Leaving(exchange) => {
                exchange == id
            }
            _ => false,
        };
        let Some(position) = self.accounts.iter().position(is_mine) else { return };
        let Some(account) = self.accounts.get_mut(position) else { return };
        let verb = match &account.phase {
            Phase::Registering(..) => UplinkVerb::Register,
            Phase::Updating(..) => UplinkVerb::Update,
            _ => UplinkVerb::Deregister,
        };
        let answer = match result {
            Ok(response) => UplinkAnswer::from_coap(&response, verb).map_err(|_| {
                Failure::Unreachable(ExchangeError::BadAnswer("no answer to this operation").into())
            }),
            Err(error) => Err(Failure::Unreachable(error.into())),
        };
        match (std::mem::replace(&mut account.phase, Phase::Idle), answer) {
            (Phase::Leaving(_), _) if self.is_disabled(position) => self.go_silent(now, position),
            (Phase::Leaving(_), _) => self.left(position),
            (Phase::Registering(_, said), Ok(UplinkAnswer::Registered { location })) => {
                self.registered(now, position, location, said);
            }
            (Phase::Updating(_, said), Ok(UplinkAnswer::Done)) => self.updated(now, position, said),
            (Phase::Registering(..), Ok(UplinkAnswer::Refused(rejection))) => {
                self.register_refused(now, position, rejection);
            }
            (Phase::Updating(..), Ok(UplinkAnswer::Refused(rejection))) => {
                self.update_refused(now, position, &rejection);
            }
            // Nothing was sent: the server had asked for a pause.
            (
                Phase::Updating(..),
                Err(Failure::Unreachable(Unreachable::Exchange(ExchangeError::HoldOff(pause)))),
            ) => {
                self.update_refused(now, position, &Rejection::unavailable("", pause));
            }
            // The server or the way to it is gone: a new link, and all from the beginning. [Core 1.2 §6.2.2]
            (Phase::Updating(..), Err(failure)) => self.update_failed(now, position, failure),
            (_, Err(failure)) => {
                self.hang_up(now, position);
                self.failed(now, position, failure);
            }
            (_, Ok(_)) => {
                let error = ExchangeError::BadAnswer("no answer to this operation");
                self.failed(now, position, Failure::Unreachable(error.into()));
            }
        }
    }

    fn registered(&mut self, now: Now, position: usize, location: Location, said: Said) {
        self.suspend_observations(now, position);
        let update_at = self.update_at(now, position, said.lifetime);
        let Some(account) = self.accounts.get_mut(position) else { return };
        (account.failures, account.trouble_told, account.succeeded) = (0, false, true);
        account.registered = Some(Registered { location, since: now.mono, said, update_at });
        let server = account.server();
        self.publish(ClientEvent::Registered { server });
        self.bootstrap_not_needed();
        self.look_at_card(now);
        self.serve_held(now, position);
    }

    fn updated(&mut self, now: Now, position: usize, said: Said) {
        let update_at = self.update_at(now, position, said.lifetime);
        let Some(account) = self.accounts.get_mut(position) else { return };
        account.trouble_told = false;
        let server = account.server();
        if let Some(registered) = &mut account.registered {
            (registered.since, registered.said, registered.update_at) = (now.mono, said, update_at);
        }
        self.publish(ClientEvent::Updated { server });
        self.look_at_card(now);
    }

    /// Early enough that an Update with all its repetitions ends before the lifetime does. [Core 1.2 §6.2.2]
    fn update_at(&self, now: Now, position: usize, lifetime: Duration) -> Option<Mono> {
        if lifetime.is_zero() {
            return None;
        }
        let link = self.accounts.get(position).and_then(|account| self.endpoint.link_of(account.peer?));
        let wait = link.copied().unwrap_or_default().transmission.max_transmit_wait();
        Some(now.mono.after(lifetime.saturating_sub(wait.min(lifetime / 2))))
    }

    fn register_refused(&mut self, now: Now, position: usize, rejection: Rejection) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let older = account.version.older().filter(|older| *older >= account.config.versions.0);
        match older {
            // Idle and not registered: the next turn registers with the older version.
            Some(older) if rejection.code == Code::PRECONDITION_FAILED => account.version = older,
            _ => self.failed(now, position, Failure::Refused(rejection)),
        }
    }

    fn update_refused(&mut self, now: Now, position: usize, rejection: &Rejection) {
        let Some(account) = self.accounts.get_mut(position) else { return };
        let expires = account.expires();
        let again = rejection.retry_after.filter(|_| rejection.is_temporary());
        let again = again
            .map(|wait| now.mono.after(wait.max(LEAST_PAUSE)))
            .filter(|at| expires.is_none_or(|e| *at < e));
        match (again, &mut account.registered) {
            // Later, and then with whatever is to be said by then.
            (Some(at), Some(registered)) => {
                registered.update_at = Some(at);
                account.phase = Phase::Waiting(at);
            }
            _ => account.registered = None,
        }
    }

    fn update_failed(&mut self, now: Now, position: usize, failure: Failure) {
        if let (Failure::Unreachable(error), Some(account)) = (failure, self.accounts.get_mut(position)) {
            account.trouble_told = false;
            let (server, retry_in) = (account.server(), Some(Duration::ZERO));
            self.publish(ClientEvent::Unreachable { server, error, next: Attempt::Register, retry_in });
        }
        self.register_anew(now, position);
    }

    /// There is no registration: tries again later, as the account says.
    pub(super) fn failed(&mut self, now: Now, position: usize, failure: Failure) {
        self.refuse_held(now, position);
        let Some(account) = self.accounts.get_mut(position) else { return };
        if matches!(account.phase, Phase::Leaving(_) | Phase::Left) {
            return self.left(position);
        }
        let retry = account.retry();
        let before = account.failures;
        account.registered = None;
        // Nothing here changes by itself; the next sequence may find another configuration.
        let is_final = match &failure {
            Failure::Refused(rejection) => is_final(rejection),
            // The first may be forged: alerts of handshakes are not authentic.
            Failure::Unreachable(error) => before > 0 && is_final_alert(error),
        };
        account.failures = if is_final { retry.end_of_sequence(before) } else { before.saturating_add(1) };
        let exhausted = before < retry.attempts() && account.failures >= retry.attempts();
        account.trouble_told = false;
        let asked = match &failure {
            Failure::Refused(rejection) => rejection.retry_after,
            Failure::Unreachable(_) => None,
        };
        let wait = retry.wait(account.failures);
        let wait = wait.map(|wait| self.jitter.lengthen(wait.max(asked.unwrap_or_default())));
        account.phase = wait.map_or(Phase::GivenUp, |wait| Phase::Waiting(now.mono.after(wait)));
        let (server, retry_in) = (account.server(), wait);
        self.publish(match failure {
            Failure::Unreachable(error) => {
                ClientEvent::Unreachable { server, error, next: Attempt::Register, retry_in }
            }
            Failure::Refused(rejection) => ClientEvent::Refused { server, rejection, retry_in },
        });
        if exhausted {
            self.exhausted(now, position);
        }
    }

    fn is_disabled(&self, position: usize) -> bool {
        self.stopping.is_none() && self.accounts.get(position).is_some_and(|known| known.disabled.is_some())
    }

    /// A server that resets a notification wants no more of them, or does not know that it is ours: our address may
    /// have changed on the way. An Update tells it, and it observes again what it still wants.
    pub(super) fn update_after_reset(&mut self, now: Now, position: usize) {
        let account = self.accounts.get_mut(position);
        let Some(registered) = account.and_then(|account| account.registered.as_mut()) else { return };
        let at = registered.since.after(UPDATE_AFTER_RESET).max(now.mono);
        registered.update_at = Some(registered.update_at.map_or(at, |earlier| earlier.min(at)));
    }

    pub(super) fn update_wanted(&mut self, server: u16, reply: u64) {
        let account = self.account_with(server).and_then(|position| self.accounts.get_mut(position));
        let result = account.map(|account| {
            account.update_wanted = true;
            if matches!(account.phase, Phase::GivenUp) {
                account.phase = Phase::Waiting(Mono(0));
            }
        });
        // Before the store has answered, nothing is known but what the program has said.
        let known = self.config.accounts.iter().any(|account| account.short_server_id == server);
        let early = known && !matches!(self.progress, Progress::Ready | Progress::Started);
        let result = result.or(early.then_some(())).ok_or(ClientError::UnknownServer(server));
        self.reply(reply, Reply::Done(result));
    }
}

/// The server will say the same to the same request. [Core 1.2 §6.2.1]
const fn is_final(rejection: &Rejection) -> bool {
    matches!(rejection.code, Code::BAD_REQUEST | Code::FORBIDDEN | Code::PRECONDITION_FAILED)
}

/// The security layer will end the same way with the same keys. Everything else is worth another attempt.
/// [Core 1.1 §6.2.4]
const fn is_final_alert(error: &Unreachable) -> bool {
    matches!(
        error,
        Unreachable::Transport(TransportError::Security {
            alert: Some(42..=46 | 48 | 49 | 112..=115), ..
        })
    )
}
