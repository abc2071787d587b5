//! Observations: what is told, when, and how. [Core 1.2 §6.4] [RFC 7641]
//!
//! [`report`](super::report) says which places are to be read and who is to be told; here the places are read, one read
//! for all observations that are due together. How they are told is in [`storing`](super::storing).

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Attributes, Mono, Node, Now, Path, Rejection,
    coap::{Delivery, InboundId},
    codec::ContentFormat,
    ops::{Downlink, DownlinkAnswer, Target, Verb},
};
use smallvec::SmallVec;

use super::{
    ClientMachine,
    account::Account,
    composite::{self, ABSENT},
    operation::{Operation, Serve, Work},
    report::{Conditions, Key, Step, Ticket},
    storing::Stored,
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
    /// The request that began it; `None`: its server is away, and has to observe again.
    pub(super) inbound: Option<InboundId>,
    /// The account's position.
    pub(super) account: usize,
    pub(super) paths: SmallVec<[Path; 1]>,
    /// Its notifications have all the places, whichever changed.
    pub(super) composite: bool,
    /// Every notification has the format of the first answer. [RFC 7641 §4.2]
    pub(super) format: Option<ContentFormat>,
    /// Of the Observe: they count instead of what is attached. [Core 1.2 §6.4.1]
    pub(super) parameters: Attributes,
    /// What it has yet to tell.
    pub(super) stored: Stored,
    /// By when its server is to have observed again, once it can.
    pub(super) until: Option<Mono>,
}

impl Observation {
    /// What its request addressed: the root if it named several places.
    pub(super) fn path(&self) -> Path {
        if self.composite { Path::ROOT } else { self.paths.first().copied().unwrap_or(Path::ROOT) }
    }
}

impl Account {
    /// What an observation of this server is judged by: its parameters or what is attached, and then the defaults of
    /// the Server instance. [Core 1.2 §5.1.2]
    pub(super) fn conditions(&self, path: Path, parameters: &Attributes) -> Conditions {
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
        let is_live = |known: &Observation| known.account == serve.account && known.inbound.is_some();
        let of_server = self.reports.iter().filter(|(_, known)| is_live(known));
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
        let mut observation = Observation {
            inbound: Some(serve.inbound),
            account: serve.account,
            paths: places.iter().map(|(path, _)| *path).collect(),
            composite: serve.target.verb.is_composite(),
            format: serve.format,
            parameters,
            stored: Stored::default(),
            until: None,
        };
        observation.stored = self.resume(&observation);
        let Some(account) = self.accounts.get(serve.account) else { return };
        let places =
            places.into_iter().map(|(path, node)| (path, account.conditions(path, &parameters), node));
        let told = observation.paths.clone();
        let key = self.reports.begin(now.mono, observation, places.collect::<Vec<_>>());
        self.flush(now, key);
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
        self.forget_unwanted(now);
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

    /// A place could not be read: for a moment, or because it is gone.
    pub(super) fn not_found(&mut self, now: Now, path: Path, ticket: Ticket, rejection: &Rejection) {
        if rejection.code.class() == 5 {
            return self.reports.not_read(now.mono, path, ticket, READ_AGAIN);
        }
        // A composite observation goes on without what is gone.
        let is_single = |key: &Key| self.reports.get(*key).is_some_and(|observation| !observation.composite);
        let gone: Vec<Key> = self.reports.waiting(path, ticket).filter(is_single).collect();
        self.reports.read(now.mono, path, ticket, &Arc::new(ABSENT));
        for observation in gone.into_iter().filter_map(|key| self.end_report(key)).collect::<Vec<_>>() {
            if let Some(inbound) = observation.inbound {
                self.endpoint.notify(now, inbound, rejection.into(), Delivery::NonConfirmable);
            }
            self.unobserved(&observation);
        }
    }

    fn end_where(&mut self, is_it: impl Fn(&Observation) -> bool) -> Vec<Observation> {
        let gone: Vec<Key> =
            self.reports.iter().filter(|(_, known)| is_it(known)).map(|(key, _)| key).collect();
        gone.into_iter().filter_map(|key| self.end_report(key)).collect()
    }

    /// It is evaluated no more, and the store need not hold what it has kept.
    pub(super) fn end_report(&mut self, key: Key) -> Option<Observation> {
        let observation = self.reports.end(key)?;
        if observation.stored.record.is_some() {
            self.backlog.changes();
        }
        Some(observation)
    }

    pub(super) fn unobserved(&mut self, observation: &Observation) {
        let server = self.server_of(observation.account);
        if observation.inbound.is_none() {
            return; // that was told when its server went away
        }
        for path in &observation.paths {
            self.publish(ClientEvent::Unobserved { server, path: *path });
        }
    }

    /// All of a server, with what they have kept.
    pub(super) fn end_observations(&mut self, now: Now, account: usize) {
        for observation in self.end_where(|known| known.account == account) {
            if let Some(inbound) = observation.inbound {
                self.endpoint.end_observation(now, inbound);
            }
            self.unobserved(&observation);
        }
    }
}

/// The same without an observation.
const fn plain(verb: Verb) -> Verb {
    if verb.is_composite() { Verb::ReadComposite } else { Verb::Read }
}
