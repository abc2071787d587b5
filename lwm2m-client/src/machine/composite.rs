//! Operations on several places at once. [Core 1.2 §6.3.8, §6.3.9, §6.4.4]
//!
//! A composite read gives what there is and can be read, and leaves out the rest. A composite write is checked place by
//! place before any handler is asked; then all handlers prepare, and only if all of them agree, all commit.

use std::{sync::Arc, time::Duration};

use lwm2m_core::{
    Code, Node, Now, ObjectId, Path, Rejection, Tree,
    codec::{
        Context, Patch, Timed,
        negotiate::{self, Content},
    },
    ops::{Body, Downlink, DownlinkAnswer, Target, Verb, WriteMode},
};

use super::{
    ClientMachine,
    account::Held,
    batch::{Batches, batches},
    call::Call,
    check::{check, missing},
    operation::{Operation, Serve, Stage, Work},
    snapshot::{self, FoundMany},
    table::SERVER,
};
use crate::Caller;

/// Places of one request. Attack: a small request that has much read, or much watched.
const MAX_PLACES: usize = 256;

/// What stands at a place of a composite observation where there is nothing.
pub(super) const ABSENT: Node = Node::Root(std::collections::BTreeMap::new());

impl ClientMachine {
    /// Whatever can be told without asking a handler.
    pub(super) fn admit_composite(
        &self,
        now: Now,
        account: usize,
        held: &Held,
        target: Target,
    ) -> Result<(ObjectId, Serve), Rejection> {
        let Some(known) = self.accounts.get(account) else { return Err(Rejection::not_found()) };
        let cx = Context { model: &self.table, version: known.version, tree: &self.config.tree };
        let format = match target.verb {
            Verb::WriteComposite => None,
            _ => {
                let accept = held.request.options.accept();
                Some(negotiate::answer_with(&cx, Content::Many { timed: false }, accept)?)
            }
        };
        let downlink = target.complete(&held.request, &cx)?;
        let patch = match &downlink {
            Downlink::WriteComposite { patch, .. } => &patch[..],
            _ => &[],
        };
        if patch.len().max(paths(&downlink).len()) > MAX_PLACES {
            let why = format!("a request names at most {MAX_PLACES} places");
            return Err(Rejection::new(Code::REQUEST_ENTITY_TOO_LARGE, why));
        }
        patch.iter().try_for_each(|part| self.may_patch(now, account, &target.tree, part))?;
        if self.operations.is_full() {
            return Err(Rejection::unavailable("too many requests", Duration::from_secs(1)));
        }
        let (inbound, peer) = (held.id, known.peer);
        let (batches, numbered_here) = (Batches::new(), false);
        Ok((SERVER, Serve { inbound, account, peer, target, downlink, format, batches, numbered_here }))
    }

    /// Every object that it is about.
    pub(super) fn serve_composite(&mut self, now: Now, serve: Serve) {
        let mut objects: Vec<ObjectId> = match &serve.downlink {
            Downlink::WriteComposite { patch, .. } => {
                patch.iter().filter_map(|part| place(part).object_id()).collect()
            }
            other if paths(other).iter().any(Path::is_root) => self.table.visible().collect(),
            other => paths(other).iter().filter_map(Path::object_id).collect(),
        };
        objects.sort_unstable();
        objects.dedup();
        self.operations.serve_many(now, &objects, serve);
    }

    pub(super) fn begin_composite(&mut self, now: Now, key: usize) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let account = serve.account;
        let Downlink::WriteComposite { patch, .. } = &serve.downlink else {
            let (paths, tree) = (paths(&serve.downlink).to_vec(), serve.target.tree.clone());
            let named = paths.len();
            let rights = self.rights(Some(account));
            let is_refused = |path: &Path| !rights.allow(Verb::Read, *path);
            let refused = paths.iter().filter(|path| is_refused(path)).count();
            // Nothing is left, and the lack of rights is the only reason.
            if refused > 0 && refused == named {
                return self.refuse(now, key, Rejection::unauthorized("no right to read any of it"));
            }
            // Of everything, what may be read of it: object by object.
            let each = |path: Path| match path.is_root() {
                true => self.table.visible().filter_map(|object| Path::object(object).ok()).collect(),
                false => vec![path],
            };
            let paths = paths.into_iter().flat_map(each);
            let paths: Vec<Path> = paths.filter(|path| self.may_read(now, account, &tree, *path)).collect();
            return self.read_many(now, key, &paths);
        };
        let (patch, tree) = (patch.clone(), serve.target.tree.clone());
        // What stood there when the request came may be gone by now.
        let checked = patch.iter().try_for_each(|part| self.may_patch(now, account, &tree, part));
        if let Err(rejection) = checked {
            return self.refuse(now, key, rejection);
        }
        let removed = removed(&patch);
        if removed.is_empty() { self.begin_patch(now, key) } else { self.read_many(now, key, &removed) }
    }

    /// Reads these places for an operation.
    pub(super) fn read_many(&mut self, now: Now, key: usize, paths: &[Path]) {
        let account = match self.operations.get_mut(key).map(|operation| &operation.work) {
            Some(Work::Serve(serve)) => Some(serve.account),
            _ => None,
        };
        let caller = account.map_or(Caller::Local, |account| Caller::Server(self.server_of(account)));
        let rights = self.rights(account);
        let mut wanted = snapshot::wanted_many(&self.table, paths);
        wanted.retain(|(object, instance, _)| rights.may_read(*object, *instance));
        let cx = self.cx(now, caller);
        self.ask(now, key, Stage::Running, Call::ReadMany { cx, wanted });
    }

    pub(super) fn on_read_many(&mut self, now: Now, key: usize, found: &FoundMany) {
        // What cannot be read for a moment is not absent.
        let failed = found.iter().find_map(|(_, _, values)| match values {
            Err(rejection) if rejection.code.class() == 5 => Some(rejection.clone()),
            _ => None,
        });
        if let Some(rejection) = failed {
            return self.refuse(now, key, rejection);
        }
        let Some(operation) = self.operations.get_mut(key) else { return };
        let serve = match &operation.work {
            Work::Serve(serve) => serve,
            Work::Notify(target, ticket) => {
                let (path, ticket) = (target.path, *ticket);
                self.operations.remove(key);
                let node = snapshot::node_among(&self.table, path, found).unwrap_or(ABSENT);
                return self.found(now, path, ticket, node);
            }
            Work::Gather(_) => return self.gathered(now, key, found),
            Work::Settings | Work::Access => return,
        };
        if let Downlink::WriteComposite { patch, .. } = &serve.downlink {
            let gone = removed(patch)
                .into_iter()
                .find(|path| snapshot::node_among(&self.table, *path, found).is_none());
            return match gone {
                Some(path) => self.refuse(now, key, missing(path, "resource instance")),
                None => self.begin_patch(now, key),
            };
        }
        let (account, tree, verb) = (serve.account, serve.target.tree.clone(), serve.target.verb);
        let paths = paths(&serve.downlink).to_vec();
        let places = paths.into_iter().map(|path| {
            let node = snapshot::node_among(&self.table, path, found).map(Arc::new);
            let may = |path| self.may_read(now, account, &tree, path);
            let seen = node.and_then(|node| part(path, &node, may));
            (path, seen.unwrap_or_else(|| Arc::new(ABSENT)))
        });
        let places: Vec<_> = places.collect();
        if verb == Verb::ObserveComposite {
            return self.observe(now, key, places);
        }
        let said: Vec<_> = places.iter().map(|(path, node)| (*path, &**node)).collect();
        let values = values(&tree, &said);
        self.respond(now, key, &DownlinkAnswer::Values(values));
    }

    fn begin_patch(&mut self, now: Now, key: usize) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let Downlink::WriteComposite { patch, .. } = &mut serve.downlink else { return };
        let patch = std::mem::take(patch);
        match batches(&self.table, patch) {
            Ok(batches) => {
                serve.batches = batches;
                self.prepare(now, key);
            }
            Err(rejection) => self.refuse(now, key, rejection),
        }
    }

    /// As a Read of the place alone.
    fn may_read(&self, now: Now, account: usize, tree: &Tree, path: Path) -> bool {
        check(Verb::Read, path, &self.table, self.version(account), self.rights(Some(account))).is_ok()
            && self.is_read_permitted(now, account, tree, path)
    }

    /// As far as the program's policy goes.
    pub(super) fn is_read_permitted(&self, now: Now, account: usize, tree: &Tree, path: Path) -> bool {
        let plain = || Downlink::Read { tree: tree.clone(), path };
        self.config.policy.is_none() || self.is_permitted(now, account, &plain()).is_ok()
    }

    /// As a Write or a Delete of the place alone; one write may make a resource instance.
    fn may_patch(&self, now: Now, account: usize, tree: &Tree, part: &Patch) -> Result<(), Rejection> {
        let (path, tree) = (place(part), tree.clone());
        if path.depth() < 3 {
            return Err(Rejection::bad_request(format!("{path}: a resource is expected")));
        }
        let (verb, plain) = match part {
            Patch::Set(_, node) => {
                let body = Body::Node(node.clone());
                let mode = WriteMode::Replace;
                (Verb::Write(mode), Downlink::Write { tree, path, mode, body })
            }
            Patch::Remove(_) => (Verb::Delete, Downlink::Delete { tree, path }),
        };
        if verb == Verb::Delete && path.depth() != 4 {
            return Err(Rejection::method_not_allowed());
        }
        check(verb, path, &self.table, self.version(account), self.rights(Some(account)))?;
        self.is_permitted(now, account, &plain)
    }

    /// What the program's policy says to an operation of a server.
    pub(super) fn is_permitted(&self, now: Now, account: usize, plain: &Downlink) -> Result<(), Rejection> {
        let Some(policy) = &self.config.policy else { return Ok(()) };
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        policy.permit(&self.cx(now, Caller::Server(server)), plain)
    }
}

/// What of the value of a place may be said: of everything, the objects of which it may.
pub(super) fn part(path: Path, node: &Arc<Node>, may: impl Fn(Path) -> bool) -> Option<Arc<Node>> {
    let Node::Root(objects) = &**node else { return may(path).then(|| Arc::clone(node)) };
    let said = objects.iter().filter(|(object, _)| Path::object(**object).is_ok_and(&may));
    Some(Arc::new(Node::Root(said.map(|(object, node)| (*object, node.clone())).collect())))
}

fn paths(downlink: &Downlink) -> &[Path] {
    match downlink {
        Downlink::ReadComposite { paths, .. }
        | Downlink::ObserveComposite { paths, .. }
        | Downlink::CancelObserveComposite { paths, .. } => paths,
        _ => &[],
    }
}

const fn place(part: &Patch) -> Path {
    match part {
        Patch::Set(path, _) | Patch::Remove(path) => *path,
    }
}

/// Resource instances that must be there: those that are removed and that the request itself has not set before.
fn removed(patch: &[Patch]) -> Vec<Path> {
    let parts = patch.iter().enumerate().filter_map(|(position, part)| match part {
        Patch::Remove(path) => Some((position, *path)),
        Patch::Set(..) => None,
    });
    let set_before = |position: usize, path: Path| {
        patch.iter().take(position).any(|part| matches!(part, Patch::Set(set, _) if *set == path))
    };
    parts.filter(|(position, path)| !set_before(*position, *path)).map(|(_, path)| path).collect()
}

/// What an answer or a notification says: every place once, though it may be named twice, or be a part of another.
pub(super) fn values(tree: &Tree, places: &[(Path, &Node)]) -> Vec<Timed> {
    let is_said = |position: usize, path: Path| {
        let other = |(other, (at, _)): (usize, &(Path, &Node))| {
            at.contains(&path) && (*at != path || other < position)
        };
        places.iter().enumerate().any(other)
    };
    let said = places.iter().enumerate().filter(|(position, (path, _))| !is_said(*position, *path));
    said.flat_map(|(_, (path, node))| timed(tree, *path, node)).collect()
}

/// The root is said object by object; nothing is said of what is not there.
fn timed(tree: &Tree, path: Path, node: &Node) -> Vec<Timed> {
    let item = |path, node| Timed { at: None, tree: tree.clone(), path, node };
    match node {
        Node::Root(objects) => {
            let objects =
                objects.iter().filter_map(|(id, node)| Some((Path::object(*id).ok()?, node.clone())));
            objects.map(|(path, node)| item(path, node)).collect()
        }
        node => vec![item(path, node.clone())],
    }
}
