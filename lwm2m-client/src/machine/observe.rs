//! Observations: what is told, when, and how. [Core 1.2 §6.4] [RFC 7641]
//!
//! [`report`](super::report) says which places are to be read and who is to be told; here the places are read, one read
//! for all observations that are due together, and notifications are sent.

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Attributes, Node, Now, Path, Rejection,
    coap::{Delivery, DeliveryId, ExchangeError, InboundId},
    codec::{ContentFormat, Context},
    ops::{Downlink, DownlinkAnswer, Target, Verb},
};
use smallvec::SmallVec;

use super::{
    ClientMachine,
    account::Account,
    composite::{self, ABSENT},
    operation::{Operation, Serve, Work},
    report::{Conditions, Key, Step, Ticket},
    table::SERVER,
};
use crate::ClientEvent;

/// Observations of one server. More are answered but not kept: a server must not grow the client without bound.
const MAX_OBSERVATIONS: usize = 256;
/// The places of all of them: a composite observation has several.
const MAX_PLACES: usize = 1024;
/// After a handler had no value for a moment.
const READ_AGAIN: Duration = Duration::from_secs(10);

pub(super) struct Observation {
    /// The request that began it.
    inbound: InboundId,
    /// The account's position.
    account: usize,
    paths: SmallVec<[Path; 1]>,
    /// Its notifications have all the places, whichever changed.
    composite: bool,
    /// Every notification has the format of the first answer. [RFC 7641 §4.2]
    format: Option<ContentFormat>,
    /// Of the Observe: they count instead of what is attached. [Core 1.2 §6.4.1]
    parameters: Attributes,
    /// The last notification that can still fail to arrive.
    delivery: Option<DeliveryId>,
}

impl Observation {
    /// What its request addressed: the root if it named several places.
    fn path(&self) -> Path {
        if self.composite { Path::ROOT } else { self.paths.first().copied().unwrap_or(Path::ROOT) }
    }
}

impl Account {
    /// What an observation of this server is judged by: its parameters or what is attached, and then the defaults of
    /// the Server instance. [Core 1.2 §5.1.2]
    fn conditions(&self, path: Path, parameters: &Attributes) -> Conditions {
        let attached = || {
            let mut attached = self.attributes.effective(path);
            attached.con = self.attributes.confirmable(path);
            attached
        };
        let said = if parameters.is_empty() { attached() } else { *parameters };
        Conditions::of(&said.or(&self.settings.periods()))
    }
}

impl ClientMachine {
    /// A place has a new value, or what is below it.
    pub(super) fn mark(&mut self, path: Path) {
        self.reports.changed(path);
    }

    /// The first answer to an Observe begins the relation.
    pub(super) fn observe(&mut self, now: Now, key: usize, places: Vec<(Path, Arc<Node>)>) {
        let Some(Operation { work: Work::Serve(mut serve), .. }) = self.operations.remove(key) else {
            return;
        };
        let of_server = self.reports.iter().filter(|(_, known)| known.account == serve.account);
        let of_server: Vec<usize> = of_server.map(|(_, known)| known.paths.len()).collect();
        let watched = of_server.iter().sum::<usize>().saturating_add(places.len());
        let full = of_server.len() >= MAX_OBSERVATIONS || watched > MAX_PLACES;
        // The link may have gone while the value was read, and with it the relation.
        let there = self.accounts.get(serve.account).and_then(|account| account.peer) == serve.peer;
        if full || !there {
            serve.target.verb = plain(serve.target.verb); // answers without the Observe option: no relation [RFC 7641 §4.1]
        }
        let told: Vec<_> = places.iter().map(|(path, node)| (*path, &**node)).collect();
        let answer = DownlinkAnswer::Values(composite::values(&serve.target.tree, &told));
        let response = self.encode(&serve, &answer);
        let begins = serve.target.verb.observes() && response.code.is_success();
        self.endpoint.respond(now, serve.inbound, response);
        if begins {
            self.begin_observation(now, &serve, places);
        }
    }

    fn begin_observation(&mut self, now: Now, serve: &Serve, places: Vec<(Path, Arc<Node>)>) {
        let Some(account) = self.accounts.get(serve.account) else { return };
        let server = account.server();
        let parameters = match &serve.downlink {
            Downlink::Observe { attributes, .. } | Downlink::ObserveComposite { attributes, .. } => {
                *attributes
            }
            _ => Attributes::default(),
        };
        let observation = Observation {
            inbound: serve.inbound,
            account: serve.account,
            paths: places.iter().map(|(path, _)| *path).collect(),
            composite: serve.target.verb.is_composite(),
            format: serve.format,
            parameters,
            delivery: None,
        };
        let places =
            places.into_iter().map(|(path, node)| (path, account.conditions(path, &parameters), node));
        let told = observation.paths.clone();
        self.reports.begin(now.mono, observation, places.collect::<Vec<_>>());
        for path in told {
            self.publish(ClientEvent::Observed { server, path });
        }
    }

    /// What the server has attached, or the defaults of its Server instance, are not what they were: at a place, or
    /// everywhere. It counts at once for observations that go on.
    pub(super) fn judge_anew(&mut self, account: usize, around: Option<Path>) {
        let Some(known) = self.accounts.get(account) else { return };
        let keys: Vec<Key> = match around {
            Some(path) => self.reports.around(path).into_iter().collect(),
            None => self.reports.iter().map(|(key, _)| key).collect(),
        };
        for key in keys {
            if self.reports.get(key).is_some_and(|observation| observation.account == account) {
                self.reports.steer(key, |path, observation| known.conditions(path, &observation.parameters));
            }
        }
    }

    /// Reads and tells what is due.
    pub(super) fn drive_observations(&mut self, now: Now) -> bool {
        let mut progress = false;
        while let Some(step) = self.reports.poll(now.mono) {
            progress = true;
            match step {
                Step::Notify(key) => self.notify(now, key),
                Step::Read { ticket, path } => {
                    let object = path.object_id().unwrap_or(SERVER);
                    let target = Target { verb: Verb::Observe, tree: self.config.tree.clone(), path };
                    let everything = path.is_root().then(|| self.table.visible().collect());
                    let key = self.operations.push(object, Work::Notify(target, ticket), None);
                    if let (Some(all), Some(operation)) = (everything, self.operations.get_mut(key)) {
                        operation.others = all;
                    }
                }
            }
        }
        progress
    }

    /// A place has been read for its observations.
    pub(super) fn found(&mut self, now: Now, path: Path, ticket: Ticket, node: Node) {
        self.reports.read(now.mono, path, ticket, &Arc::new(node));
    }

    fn notify(&mut self, now: Now, key: Key) {
        let Some(observation) = self.reports.get(key) else { return };
        let (inbound, path, format) = (observation.inbound, observation.path(), observation.format);
        let verb = if observation.composite { Verb::ObserveComposite } else { Verb::Observe };
        // Without a registration nobody expects it. [Core 1.2 §6.4.2]
        let account = self.accounts.get(observation.account).filter(|account| account.registered.is_some());
        let Some(account) = account else { return };
        let policy = self.config.policy.as_ref();
        let may =
            |path| policy.is_none_or(|policy| policy.may_notify(account.server(), &self.config.tree, path));
        let told = self.reports.values(key).filter(|told| may(told.path));
        // A right may have been taken since the server began to observe. [Core 1.2 §6.1.3]
        let seen = told
            .filter_map(|told| Some((told.path, self.visible(observation.account, told.path, told.node)?)));
        let seen: Vec<_> = seen.collect();
        if seen.is_empty() {
            return;
        }
        let told: Vec<_> = seen.iter().map(|(path, node)| (*path, &**node)).collect();
        let by_default = account.config.confirmable || account.settings.confirmable;
        let confirmable = self.reports.confirmable(key).unwrap_or(by_default);
        let how = if confirmable { Delivery::Confirmable } else { Delivery::NonConfirmable };
        let cx = Context { model: &self.table, version: account.version, tree: &self.config.tree };
        let target = Target { verb, tree: self.config.tree.clone(), path };
        let answer = DownlinkAnswer::Values(composite::values(&target.tree, &told));
        let response = answer.to_coap(&target, &cx, format);
        let response = response.unwrap_or_else(|error| (&Rejection::from(error)).into());
        let delivery = self.endpoint.notify(now, inbound, response, how);
        if let Some(observation) = self.reports.get_mut(key) {
            observation.delivery = Some(delivery);
        }
    }

    /// A place could not be read: for a moment, or because it is gone.
    pub(super) fn not_found(&mut self, now: Now, path: Path, ticket: Ticket, rejection: &Rejection) {
        if rejection.code.class() == 5 {
            return self.reports.not_read(now.mono, path, ticket, READ_AGAIN);
        }
        // A composite observation goes on without what is gone.
        let is_single = |key: &Key| self.reports.get(*key).is_some_and(|observation| !observation.composite);
        let gone: Vec<Key> = self.reports.waiting(path, ticket).filter(is_single).collect();
        self.reports.read(now.mono, path, ticket, &Arc::new(ABSENT));
        for observation in gone.into_iter().filter_map(|key| self.reports.end(key)).collect::<Vec<_>>() {
            self.endpoint.notify(now, observation.inbound, rejection.into(), Delivery::NonConfirmable);
            self.unobserved(&observation);
        }
    }

    /// The server has cancelled, or cannot be reached.
    pub(super) fn observer_gone(&mut self, now: Now, id: InboundId, reset: bool) {
        for observation in self.end_where(|known| known.inbound == id) {
            self.unobserved(&observation);
            if reset {
                self.update_after_reset(now, observation.account);
            }
        }
    }

    fn end_where(&mut self, is_it: impl Fn(&Observation) -> bool) -> Vec<Observation> {
        let gone: Vec<Key> =
            self.reports.iter().filter(|(_, known)| is_it(known)).map(|(key, _)| key).collect();
        gone.into_iter().filter_map(|key| self.reports.end(key)).collect()
    }

    fn unobserved(&mut self, observation: &Observation) {
        let server = self.accounts.get(observation.account).map_or(0, |account| account.server());
        for path in &observation.paths {
            self.publish(ClientEvent::Unobserved { server, path: *path });
        }
    }

    /// A new registration knows nothing of earlier observations. [Core 1.2 §6.2.1]
    pub(super) fn end_observations(&mut self, now: Now, account: usize) {
        for observation in self.end_where(|known| known.account == account) {
            self.endpoint.end_observation(now, observation.inbound);
            self.unobserved(&observation);
        }
    }

    /// A notification that was not acknowledged ends its observation. The server does not know: it learns from a new
    /// Register, and observes again.
    pub(super) fn not_delivered(&mut self, now: Now, id: DeliveryId, error: &ExchangeError) {
        let found = self.reports.iter().map(|(_, known)| known).find(|known| known.delivery == Some(id));
        let Some(observation) = found.filter(|_| matches!(error, ExchangeError::TimedOut { .. })) else {
            return;
        };
        let (account, paths) = (observation.account, observation.paths.clone());
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        for path in paths {
            self.publish(ClientEvent::Undelivered { server, path });
        }
        self.register_anew(now, account);
    }
}

/// The same without an observation.
const fn plain(verb: Verb) -> Verb {
    if verb.is_composite() { Verb::ReadComposite } else { Verb::Read }
}
