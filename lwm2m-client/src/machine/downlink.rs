//! Requests of servers, from their arrival to their answer. [Core 1.2 §6.3, §6.4]

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Arguments, Node, Now, ObjectId, Path, PeerId, Rejection, ResourceId, StoreError, Version,
    coap::{self, InboundId, Observe, Request},
    codec::{Context, Timed, negotiate},
    ops::{Downlink, DownlinkAnswer, Target, Verb},
};

use super::{
    ClientMachine,
    account::{Held, Phase},
    batch::{self, Batches},
    bootstrap,
    call::{Answer, Call, Purpose},
    check::{check, explained},
    keep,
    operation::{Operation, Serve, Stage, Work},
    reset, snapshot,
    table::{ACCESS_CONTROL, SERVER},
};
use crate::{Caller, Change, ClientEvent, Cx, Prepared};

/// Requests that may wait for the answer to our Register, of one server. It can overtake the answer; nobody who is not
/// our server may make the client collect requests.
const MAX_HELD: usize = 4;
/// When a server that we are not registered with may ask again.
pub(super) const NOT_YET: Duration = Duration::from_secs(5);
/// Executable resources of the Server object that concern the registration itself. [Core 1.2 §E.2]
const DISABLE: ResourceId = ResourceId(4);
const UPDATE_TRIGGER: ResourceId = ResourceId(8);
const BOOTSTRAP_TRIGGER: ResourceId = ResourceId(9);

impl ClientMachine {
    pub(super) fn on_request(
        &mut self,
        now: Now,
        id: InboundId,
        peer: PeerId,
        request: Request,
        observe: Option<Observe>,
    ) {
        if self.is_bootstrap_peer(peer) {
            return self.on_bootstrap_request(now, id, &request);
        }
        let Some(position) = self.accounts.iter().position(|account| account.peer == Some(peer)) else {
            let stranger = Rejection::unauthorized("not a server of this client");
            self.endpoint.respond(now, id, (&stranger).into());
            return;
        };
        let occupied = self.is_bootstrapping().then(bootstrap::occupied);
        let occupied = occupied.or_else(|| self.is_resetting().then(reset::occupied));
        let Some(account) = self.accounts.get_mut(position) else { return };
        let registering = matches!(account.phase, Phase::Registering(..));
        if account.registered.is_none() && registering && account.held.len() < MAX_HELD {
            account.held.push(Held { id, request, observe });
        } else if let Some(occupied) = occupied {
            self.endpoint.respond(now, id, (&occupied).into());
        } else if account.registered.is_none() || self.stopping.is_some() || account.is_gone() {
            let not_yet = Rejection::unavailable("not registered", NOT_YET);
            self.endpoint.respond(now, id, (&not_yet).into());
        } else {
            self.serve(now, position, &Held { id, request, observe });
        }
    }

    /// Requests that came before the answer to our Register: now the server may ask.
    pub(super) fn serve_held(&mut self, now: Now, account: usize) {
        if self.is_resetting() {
            return self.refuse_held(now, account);
        }
        let held = self.accounts.get_mut(account).map(|account| std::mem::take(&mut account.held));
        for held in held.into_iter().flatten() {
            self.serve(now, account, &held);
        }
    }

    /// The same when there will be no registration.
    pub(super) fn refuse_held(&mut self, now: Now, account: usize) {
        let held = self.accounts.get_mut(account).map(|account| std::mem::take(&mut account.held));
        for held in held.into_iter().flatten() {
            let not_yet = Rejection::unavailable("not registered", NOT_YET);
            self.endpoint.respond(now, held.id, (&not_yet).into());
        }
    }

    fn serve(&mut self, now: Now, account: usize, held: &Held) {
        match self.admit(now, account, held) {
            Ok((_, serve)) if serve.target.verb.is_composite() => self.serve_composite(now, serve),
            Ok((object, serve)) if self.concerns_access(serve.target.verb) => {
                self.operations.serve_many(now, &[object, ACCESS_CONTROL], serve);
            }
            Ok((object, serve)) => self.operations.serve(now, object, serve),
            Err(rejection) => {
                let uri = held.request.options.uri_path().fold(String::new(), |uri, part| uri + "/" + part);
                let rejection = explained(rejection, uri);
                tracing::debug!(endpoint = %self.config.endpoint, %rejection, "refused");
                self.endpoint.respond(now, held.id, (&rejection).into());
            }
        }
    }

    /// The decision order, as far as the machine can tell without asking a handler.
    pub(super) fn admit(
        &self,
        now: Now,
        account: usize,
        held: &Held,
    ) -> Result<(ObjectId, Serve), Rejection> {
        let Some(known) = self.accounts.get(account) else { return Err(Rejection::not_found()) };
        let cx = Context { model: &self.table, version: known.version, tree: &self.config.tree };
        let target = Target::from_coap(&held.request, held.observe, &cx)?;
        if target.tree != self.config.tree {
            return Err(Rejection::not_found());
        }
        if target.verb.is_composite() {
            return self.admit_composite(now, account, held, target);
        }
        check(target.verb, target.path, &self.table, known.version, self.rights(Some(account)))?;
        let accept = held.request.options.accept();
        let format = match target.verb {
            Verb::Read | Verb::Observe | Verb::CancelObserve => {
                Some(negotiate::answer(&cx, target.path, accept)?)
            }
            _ => None,
        };
        let downlink = target.complete(&held.request, &cx)?;
        if let Some(policy) = &self.config.policy {
            policy.permit(&self.cx(now, Caller::Server(known.server())), &downlink)?;
        }
        if self.operations.is_full() {
            return Err(Rejection::unavailable("too many requests", Duration::from_secs(1)));
        }
        let object = target.path.object_id().ok_or_else(Rejection::method_not_allowed)?;
        let numbered_here =
            matches!(&downlink, Downlink::Create { new, .. } if new.iter().any(|(id, _)| id.is_none()));
        let (inbound, peer) = (held.id, known.peer);
        Ok((
            object,
            Serve {
                inbound,
                account,
                peer,
                target,
                downlink,
                format,
                batches: Batches::new(),
                numbered_here,
            },
        ))
    }

    pub(super) fn cx(&self, now: Now, caller: Caller) -> Cx {
        Cx::new(caller, self.config.tree.clone(), now)
    }

    /// The version that an account speaks.
    pub(super) fn version(&self, account: usize) -> Version {
        self.accounts.get(account).map_or_else(Version::default, |account| account.version)
    }

    /// An operation is at its turn.
    pub(super) fn begin(&mut self, now: Now, key: usize) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        let object = operation.object;
        let (target, account) = match &operation.work {
            Work::Settings => return self.begin_settings(now, key),
            Work::Gather(_) => return self.gather(now, key),
            Work::Access => return self.begin_access(now, key),
            Work::Serve(serve) if serve.target.verb.is_composite() => return self.begin_composite(now, key),
            Work::Notify(target, _) if target.path.is_root() => {
                return self.read_many(now, key, &[Path::ROOT]);
            }
            Work::Notify(target, _) => (target.clone(), None),
            Work::Serve(serve) => (serve.target.clone(), Some(serve.account)),
        };
        // What stood there when the request came may be gone by now.
        let version = account.map_or_else(Version::default, |account| self.version(account));
        let checked = check(target.verb, target.path, &self.table, version, self.rights(account));
        if let Err(rejection) = checked {
            return self.refuse(now, key, rejection);
        }
        let server = account.and_then(|account| self.accounts.get(account)).map(|account| account.server());
        let cx = self.cx(now, server.map_or(Caller::Local, Caller::Server));
        let mut wanted = snapshot::wanted(&self.table, target.path);
        if target.verb != Verb::Discover {
            self.rights(account).keep_readable(object, &mut wanted);
        }
        let read = Call::Read { cx: cx.clone(), object, wanted: wanted.clone() };
        let item = target.path.depth() == 4;
        match target.verb {
            Verb::Read | Verb::Observe | Verb::CancelObserve => self.ask(now, key, Stage::Running, read),
            Verb::Discover => {
                let instances = wanted.into_iter().map(|(instance, _)| instance).collect();
                self.ask(now, key, Stage::Running, Call::List { cx, object, instances });
            }
            // That a resource is there, or an instance of it, only its handler knows.
            Verb::WriteAttributes if target.path.depth() < 3 => self.attach(now, key),
            Verb::WriteAttributes => self.ask(now, key, Stage::Running, read),
            Verb::Execute => self.begin_execute(now, key, cx),
            Verb::Write(_) if self.streams(key) => self.begin_stream(now, key, cx),
            // A resource instance that is not there is neither written nor deleted. [Core 1.2 §6.3.3]
            Verb::Write(_) | Verb::Delete if item => self.ask(now, key, Stage::Running, read),
            _ => self.begin_change(now, key),
        }
    }

    fn begin_execute(&mut self, now: Now, key: usize, cx: Cx) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let path = serve.target.path;
        let arguments = match &serve.downlink {
            Downlink::Execute { arguments, .. } => arguments.clone(),
            _ => Arguments::NONE,
        };
        let of_server = path.resource_id().filter(|_| path.object_id() == Some(SERVER));
        let owner = self.accounts.iter().position(|account| Some(account.instance) == path.instance_id());
        match (of_server, owner) {
            (Some(UPDATE_TRIGGER), Some(owner)) => return self.trigger_update(now, key, owner, &arguments),
            (Some(DISABLE), Some(owner)) => return self.begin_disable(now, key, owner),
            (Some(BOOTSTRAP_TRIGGER), Some(owner)) => return self.begin_bootstrap(now, key, owner),
            _ => {}
        }
        self.ask(now, key, Stage::Running, Call::Execute { cx, path, arguments });
    }

    /// Argument 0 may name the binding to be reached by. An account has one address: there is none to change to.
    /// [Core 1.2 §E.2]
    fn trigger_update(&mut self, now: Now, key: usize, owner: usize, arguments: &Arguments) {
        let Some(account) = self.accounts.get_mut(owner) else { return };
        let here = self.config.transports.get(usize::from(account.transport)).map(|(here, _)| here.letter());
        if let Some(wanted) = arguments.get(0) {
            let mut letters = wanted.unwrap_or_default().chars();
            if letters.next() != here || letters.next().is_some() {
                let detail =
                    format!("there is no binding {} to change to", wanted.unwrap_or("without a name"));
                return self.refuse(now, key, Rejection::bad_request(detail));
            }
        }
        account.update_wanted = true;
        self.respond(now, key, &DownlinkAnswer::Done);
    }

    /// Everything has been looked at but the values themselves.
    fn begin_change(&mut self, now: Now, key: usize) {
        let Some(Operation { work: Work::Serve(serve), object, .. }) = self.operations.get_mut(key) else {
            return;
        };
        let (object, path) = (*object, serve.target.path);
        let downlink = std::mem::replace(
            &mut serve.downlink,
            Downlink::Delete { tree: serve.target.tree.clone(), path },
        );
        let batch = match self.table.get(object) {
            Some(known) => batch::batch(&self.table, &known.def, downlink),
            None => Err(Rejection::not_found()),
        };
        let batch = match batch {
            Ok(batch) => batch,
            Err(rejection) => return self.refuse(now, key, rejection),
        };
        if let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) {
            serve.batches = vec![(object, batch)];
        }
        self.complete_batches(key);
        self.prepare(now, key);
    }

    /// What is to change is known: all handlers agree, or nothing is changed.
    pub(super) fn prepare(&mut self, now: Now, key: usize) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let (account, batches) = (serve.account, serve.batches.clone());
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        let cx = self.cx(now, Caller::Server(server));
        self.ask(now, key, Stage::Preparing, Call::Prepare { cx, batches });
    }

    /// A handler has answered.
    pub(super) fn on_answer(&mut self, now: Now, key: usize, answer: Answer) {
        match answer {
            Answer::Read(Ok(found)) => self.on_read(now, key, found),
            Answer::ReadMany(found) => self.on_read_many(now, key, &found),
            Answer::Listed(Ok(listed)) => self.on_listed(now, key, &listed),
            Answer::Prepared(Ok(prepared)) => self.commit(now, key, prepared),
            Answer::Executed(Ok(done)) if self.resets(key) => self.begin_reset(now, key, done),
            Answer::Executed(Ok(done)) => {
                self.mark_executed(key);
                if let Some(delivery) = self.respond(now, key, &DownlinkAnswer::Done) {
                    self.after.push((delivery, done));
                }
            }
            Answer::Written(Ok(())) => self.written(now, key),
            Answer::Read(Err(rejection))
            | Answer::Written(Err(rejection))
            | Answer::Listed(Err(rejection))
            | Answer::Prepared(Err(rejection))
            | Answer::Executed(Err(rejection)) => self.refuse(now, key, rejection),
            _ => self.refuse(now, key, Rejection::internal("the handler answered something else")),
        }
    }

    fn resets(&mut self, key: usize) -> bool {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else {
            return false;
        };
        reset::is_factory_reset(serve.target.path) && self.reset.is_none()
    }

    fn on_read(&mut self, now: Now, key: usize, found: snapshot::Found) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        let target = match &operation.work {
            Work::Settings => return self.on_settings(key, &found),
            Work::Gather(_) => return,
            Work::Access => return self.on_access(key, &found),
            Work::Notify(target, _) => target.clone(),
            Work::Serve(serve) => serve.target.clone(),
        };
        let Some(known) = self.table.get(operation.object) else {
            return self.refuse(now, key, Rejection::not_found());
        };
        let node = match snapshot::node(&known.def, target.path, found) {
            Ok(node) => node,
            Err(rejection) => return self.refuse(now, key, rejection),
        };
        match target.verb {
            Verb::Write(_) | Verb::Delete => self.begin_change(now, key),
            Verb::WriteAttributes => self.attach(now, key),
            _ => self.on_value(now, key, target, node),
        }
    }

    fn on_value(&mut self, now: Now, key: usize, target: Target, node: Node) {
        let Some(operation) = self.operations.get_mut(key) else { return };
        match &operation.work {
            Work::Notify(_, ticket) => {
                let ticket = *ticket;
                self.operations.remove(key);
                self.found(now, target.path, ticket, node);
            }
            Work::Serve(serve) if serve.target.verb == Verb::Observe => {
                self.observe(now, key, vec![(target.path, Arc::new(node))]);
            }
            _ => {
                let values = vec![Timed { at: None, tree: target.tree, path: target.path, node }];
                self.respond(now, key, &DownlinkAnswer::Values(values));
            }
        }
    }

    fn on_listed(&mut self, now: Now, key: usize, listed: &snapshot::Listed) {
        let Some(Operation { work: Work::Serve(serve), object, .. }) = self.operations.get_mut(key) else {
            return;
        };
        let (path, object, account) = (serve.target.path, *object, serve.account);
        let depth = match serve.downlink {
            Downlink::Discover { depth, .. } => depth,
            _ => None,
        };
        let version = self.version(account);
        let links = match self.table.get(object) {
            Some(known) => snapshot::links(&known.def, path, depth, version, listed),
            None => Err(Rejection::not_found()),
        };
        match links {
            Ok(mut links) => {
                self.show_attributes(account, path, &mut links);
                self.respond(now, key, &DownlinkAnswer::Links(links));
            }
            Err(rejection) => self.refuse(now, key, rejection),
        }
    }

    fn commit(&mut self, now: Now, key: usize, prepared: Vec<Prepared>) {
        let edits = match self.edits(&prepared) {
            Ok(edits) => edits,
            Err(rejection) => return self.refuse(now, key, rejection),
        };
        if let Some(operation) = self.operations.get_mut(key) {
            operation.stage = Stage::Committing;
        }
        self.access_committing(key, prepared.iter().flat_map(Prepared::kept));
        let deadline = Some(now.mono.after(super::CALL_TIMEOUT));
        self.call(Purpose::Commit(key), deadline, Call::Commit { edits, prepared });
    }

    pub(super) fn on_committed(&mut self, now: Now, key: usize, result: Result<(), StoreError>) {
        if let Err(error) = result {
            return self.refuse(now, key, keep::not_kept(&error));
        }
        self.access_committed(key);
        let Some(operation) = self.operations.get_mut(key) else { return };
        let late = operation.stage == Stage::Late;
        let Work::Serve(serve) = &mut operation.work else { return };
        if serve.target.verb == Verb::WriteAttributes {
            return self.attached(now, key);
        }
        // Of the executables only Disable is kept.
        if serve.target.verb == Verb::Execute {
            let instance = serve.target.path.instance_id();
            let owner = self.accounts.iter().position(|account| Some(account.instance) == instance);
            return owner.map_or((), |owner| self.disable(now, key, owner));
        }
        let (batches, account) = (std::mem::take(&mut serve.batches), serve.account);
        let created = batches.iter().flat_map(|(_, batch)| batch).find_map(|change| match change {
            Change::Create { instance, .. } => Some(*instance),
            _ => None,
        });
        // The server that chose every number knows them. [Core 1.2 §6.3.6]
        let answer = match serve.target.verb {
            Verb::Create => DownlinkAnswer::Created(created.filter(|_| serve.numbered_here)),
            _ => DownlinkAnswer::Done,
        };
        if let (Verb::Delete, path) = (serve.target.verb, serve.target.path) {
            self.detach(path);
        }
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        for (object, change) in batches.iter().flat_map(|(object, all)| all.iter().map(|c| (*object, c))) {
            self.applied(Some(server), object, change);
        }
        if late {
            self.operations.remove(key);
        } else {
            self.respond(now, key, &answer);
        }
    }

    /// A change of a server has taken effect.
    /// `server`: who made it; bootstrap tells by itself.
    pub(super) fn applied(&mut self, server: Option<u16>, object: ObjectId, change: &Change) {
        let instance = change.instance();
        let Ok(path) = Path::new(&[object.0, instance.0]) else { return };
        match change {
            Change::Create { .. } => {
                self.describe_once_more(object);
                self.table.add_instance(object, instance);
                if let Some(server) = server {
                    self.publish(ClientEvent::Created { server, path });
                }
            }
            Change::Delete { .. } => {
                self.describe_once_more(object);
                self.table.remove_instance(object, instance);
                self.detach(path);
                if let Some(server) = server {
                    self.publish(ClientEvent::Deleted { server, path });
                }
            }
            _ => {}
        }
        self.fingerprint = self.table.fingerprint();
        self.settings_stale |= object == SERVER;
        // A typed object tells its changes itself, and more exactly.
        let reports = self.table.get(object).is_some_and(|known| known.reports);
        match change {
            Change::Resource { change, .. } if !reports => {
                self.mark(path.push(change.resource().0).unwrap_or(path));
            }
            Change::Resource { .. } | Change::Replace { .. } if reports => {}
            _ => self.mark(path),
        }
    }

    /// An Execute may change anything in its instance; a typed object tells what.
    fn mark_executed(&mut self, key: usize) {
        let Some(Operation { work: Work::Serve(serve), object, .. }) = self.operations.get_mut(key) else {
            return;
        };
        let (object, path) = (*object, serve.target.path);
        let reports = self.table.get(object).is_some_and(|known| known.reports);
        if let Some(instance) = path.parent().filter(|_| !reports) {
            self.mark(instance);
        }
    }

    /// Answers and forgets the operation.
    pub(super) fn respond(
        &mut self,
        now: Now,
        key: usize,
        answer: &DownlinkAnswer,
    ) -> Option<coap::DeliveryId> {
        let Work::Serve(serve) = self.operations.remove(key)?.work else { return None };
        let response = self.encode(&serve, answer);
        self.end_stream(serve.inbound);
        Some(self.endpoint.respond(now, serve.inbound, response))
    }

    pub(super) fn encode(&self, serve: &Serve, answer: &DownlinkAnswer) -> coap::Response {
        let version = self.version(serve.account);
        let cx = Context { model: &self.table, version, tree: &self.config.tree };
        answer
            .to_coap(&serve.target, &cx, serve.format)
            .unwrap_or_else(|error| (&Rejection::from(error)).into())
    }

    /// Refuses an operation, whoever it was for.
    pub(super) fn refuse(&mut self, now: Now, key: usize, rejection: Rejection) {
        let Some(operation) = self.operations.remove(key) else { return };
        match operation.work {
            Work::Serve(serve) if operation.stage != Stage::Late => {
                self.end_stream(serve.inbound);
                let rejection = explained(rejection, serve.target.path);
                let response = self.encode(&serve, &DownlinkAnswer::Refused(rejection));
                self.endpoint.respond(now, serve.inbound, response);
            }
            Work::Serve(_) => {}
            Work::Notify(target, ticket) => self.not_found(now, target.path, ticket, &rejection),
            Work::Gather(gather) => self.not_gathered(&gather, rejection),
            Work::Settings => tracing::warn!(%rejection, "the Server object cannot be read"),
            Work::Access => tracing::warn!(%rejection, "access control cannot be read"),
        }
    }

    /// A response or notification has arrived, or not.
    pub(super) fn on_delivery(&mut self, now: Now, id: coap::DeliveryId, error: Option<coap::ExchangeError>) {
        if let Some(position) = self.after.iter().position(|(delivery, _)| *delivery == id) {
            let (_, done) = self.after.swap_remove(position);
            self.call(Purpose::After, None, Call::After(done));
        }
        self.disable_answered(id);
        self.reset_answered(id);
        match error {
            Some(error) => self.not_delivered(now, id, &error),
            None => self.delivered(now, id),
        }
    }
}
