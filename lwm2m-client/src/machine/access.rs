//! Access control: which server may do what with which instance. [Core 1.2 §8, §E.3]
//!
//! In force where the client has object 2, and either several servers or an instance of it. What object 2 says is
//! mirrored here in two ordered maps: a decision costs a look-up, however many instances there are.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use lwm2m_core::{
    InstanceId, Node, Now, ObjectId, Path, RESERVED_ID, ResourceId, Selection, Value, Values, ops::Verb,
};
use lwm2m_objects::oma::AccessControl;

use super::{
    ClientMachine,
    batch::Batches,
    call::Call,
    operation::{Operation, Stage, Work},
    snapshot::{Found, Wanted},
    table::ACCESS_CONTROL,
};
use crate::{
    Caller, Change,
    state_store::layout::{Fate, Kept},
};

const READ: u8 = AccessControl::READ as u8;
const WRITE: u8 = AccessControl::WRITE as u8;
const EXECUTE: u8 = AccessControl::EXECUTE as u8;
const DELETE: u8 = AccessControl::DELETE as u8;
const CREATE: u8 = AccessControl::CREATE as u8;
/// What the owner of an instance may.
const EVERYTHING: u8 = READ | WRITE | EXECUTE | DELETE;

/// What object 2 says.
#[derive(Default)]
pub(super) struct Access {
    entries: BTreeMap<InstanceId, Rules>,
    /// By what they are about. Of two about the same, the lower number counts.
    about: BTreeSet<(ObjectId, InstanceId, InstanceId)>,
    /// The program has changed these instances: they must be read again.
    stale: BTreeSet<InstanceId>,
    /// Of the commit that is on its way, and its operation.
    committing: Option<(usize, Vec<Kept>)>,
}

/// One instance of object 2.
struct Rules {
    object: ObjectId,
    instance: InstanceId,
    /// By short server ID; 0: servers that are not listed.
    acl: BTreeMap<u16, u8>,
    owner: u16,
}

/// What a caller may do.
#[derive(Clone, Copy)]
pub(super) enum Rights<'a> {
    /// The client itself, or access control is not in force.
    All,
    /// The server with this short server ID.
    Of(&'a Access, u16),
}

impl Rules {
    fn of(values: &Values) -> Option<Self> {
        let node = |id: u16| values.iter().find(|(found, _)| *found == ResourceId(id)).map(|(_, node)| node);
        let number = |id| match node(id)? {
            Node::Value(value) => integer(value),
            _ => None,
        };
        let acl = match node(2) {
            Some(Node::Multiple(items)) => {
                items.iter().map(|(server, rights)| (*server, bits(rights))).collect()
            }
            _ => BTreeMap::new(),
        };
        let (object, instance) = (ObjectId(number(0)?), InstanceId(number(1)?));
        Some(Self { object, instance, acl, owner: number(3)? })
    }

    /// [Core 1.2 §8]
    fn rights(&self, server: u16) -> u8 {
        match self.acl.get(&server) {
            Some(rights) => *rights,
            None if self.owner == server => EVERYTHING,
            None => self.acl.get(&0).copied().unwrap_or(0),
        }
    }
}

fn integer(value: &Value) -> Option<u16> {
    match value {
        Value::Integer(number) => u16::try_from(*number).ok(),
        Value::Unsigned(number) => u16::try_from(*number).ok(),
        _ => None,
    }
}

fn bits(value: &Value) -> u8 {
    integer(value).and_then(|rights| u8::try_from(rights).ok()).unwrap_or(0)
}

impl Access {
    /// `None`: the instance is gone, or says nothing that can be used.
    fn set(&mut self, entry: InstanceId, values: Option<&Values>) {
        if let Some(old) = self.entries.remove(&entry) {
            self.about.remove(&(old.object, old.instance, entry));
        }
        if let Some(rules) = values.and_then(Rules::of) {
            self.about.insert((rules.object, rules.instance, entry));
            self.entries.insert(entry, rules);
        }
    }

    /// The instance of object 2 that is about this instance.
    fn entry(&self, object: ObjectId, instance: InstanceId) -> Option<InstanceId> {
        let first = (object, instance, InstanceId(0));
        let last = (object, instance, InstanceId(RESERVED_ID));
        self.about.range(first..=last).next().map(|(_, _, entry)| *entry)
    }

    fn rules(&self, object: ObjectId, instance: InstanceId) -> Option<&Rules> {
        self.entries.get(&self.entry(object, instance)?)
    }

    fn rights(&self, server: u16, object: ObjectId, instance: InstanceId) -> u8 {
        self.rules(object, instance).map_or(0, |rules| rules.rights(server))
    }

    /// Only the server's own entry counts. [Core 1.2 §8]
    fn may_create(&self, server: u16, object: ObjectId) -> bool {
        let rules = self.rules(object, InstanceId(RESERVED_ID));
        rules.and_then(|rules| rules.acl.get(&server)).is_some_and(|rights| rights & CREATE != 0)
    }

    /// Of object 2 itself: whoever is registered reads it, the owner of an instance writes it.
    fn may_manage(&self, server: u16, verb: Verb, entry: Option<InstanceId>) -> bool {
        let owner = entry.and_then(|entry| self.entries.get(&entry)).map(|rules| rules.owner);
        !matches!(verb, Verb::Write(_)) || owner == Some(server)
    }
}

impl Rights<'_> {
    /// May this be done at this place? What no server can do there is for the definition to say.
    pub(super) fn allow(self, verb: Verb, path: Path) -> bool {
        let (Self::Of(access, server), Some(object)) = (self, path.object_id()) else { return true };
        if object == ACCESS_CONTROL {
            return access.may_manage(server, verb, path.instance_id());
        }
        let needed = match verb {
            Verb::Create => return access.may_create(server, object),
            Verb::Read | Verb::Observe | Verb::CancelObserve | Verb::WriteAttributes => READ,
            Verb::Write(_) => WRITE,
            Verb::Execute => EXECUTE,
            Verb::Delete if path.depth() == 4 => WRITE,
            Verb::Delete => DELETE,
            _ => 0,
        };
        // Of a whole object, what can be read is left: see `keep_readable`.
        let Some(instance) = path.instance_id() else { return true };
        access.rights(server, object, instance) & needed == needed
    }

    pub(super) fn may_read(self, object: ObjectId, instance: InstanceId) -> bool {
        match self {
            Self::All => true,
            Self::Of(..) if object == ACCESS_CONTROL => true,
            Self::Of(access, server) => access.rights(server, object, instance) & READ != 0,
        }
    }

    /// Of a whole object a server gets the instances that it may read.
    pub(super) fn keep_readable(self, object: ObjectId, wanted: &mut Wanted) {
        wanted.retain(|(instance, _)| self.may_read(object, *instance));
    }
}

impl ClientMachine {
    /// Of the server of an account; `None`: of the client itself.
    pub(super) fn rights(&self, account: Option<usize>) -> Rights<'_> {
        let server = account.and_then(|account| self.accounts.get(account)).map(|account| account.server());
        match server {
            Some(server) if self.controls_access() => Rights::Of(&self.access, server),
            _ => Rights::All,
        }
    }

    fn controls_access(&self) -> bool {
        let servers = self.accounts.iter().filter(|account| !account.is_gone()).count();
        self.table.get(ACCESS_CONTROL).is_some_and(|known| !known.instances.is_empty() || servers > 1)
    }

    /// What of a value a server may see.
    pub(super) fn visible<'a>(&self, account: usize, path: Path, node: &'a Node) -> Option<Cow<'a, Node>> {
        let rights = self.rights(Some(account));
        let object = |object: ObjectId, node: &Node| match node {
            Node::Object(instances) => {
                let seen = instances.iter().filter(|(instance, _)| rights.may_read(object, **instance));
                Node::Object(seen.map(|(instance, node)| (*instance, node.clone())).collect())
            }
            other => other.clone(),
        };
        match (rights, path.object_id(), path.instance_id()) {
            (Rights::All, ..) => Some(Cow::Borrowed(node)),
            (_, Some(of), Some(instance)) => rights.may_read(of, instance).then_some(Cow::Borrowed(node)),
            (_, Some(of), None) => Some(Cow::Owned(object(of, node))),
            (_, None, _) => match node {
                Node::Root(objects) => Some(Cow::Owned(Node::Root(
                    objects.iter().map(|(id, node)| (*id, object(*id, node))).collect(),
                ))),
                other => Some(Cow::Borrowed(other)),
            },
        }
    }

    /// A new instance belongs to the server that makes it; what is about an instance goes with it. [Core 1.2 §8]
    pub(super) fn add_access_changes(&self, account: usize, batches: &mut Batches) {
        if !self.controls_access() {
            return;
        }
        let server = self.accounts.get(account).map_or(0, |account| account.server());
        let mut taken = Vec::new();
        let mut changes = Vec::new();
        for (object, change) in batches.iter().flat_map(|(object, all)| all.iter().map(|c| (*object, c))) {
            match change {
                Change::Create { instance, .. } => {
                    let Some(entry) = self.table.free_instance(ACCESS_CONTROL, &taken) else { continue };
                    taken.push(entry);
                    changes
                        .push(Change::Create { instance: entry, values: owned(object, *instance, server) });
                }
                Change::Delete { instance } => {
                    let entry = self.access.entry(object, *instance);
                    changes.extend(entry.map(|instance| Change::Delete { instance }));
                }
                _ => {}
            }
        }
        if !changes.is_empty() {
            batches.push((ACCESS_CONTROL, changes));
        }
    }

    /// A commit begins: what it makes of object 2 counts when it has ended.
    pub(super) fn access_committing<'a>(&mut self, key: usize, kept: impl Iterator<Item = &'a Kept>) {
        let kept: Vec<Kept> = kept.filter(|kept| kept.object == ACCESS_CONTROL).cloned().collect();
        self.access.committing = (!kept.is_empty()).then_some((key, kept));
    }

    pub(super) fn access_committed(&mut self, key: usize) {
        let Some((_, kept)) = self.access.committing.take_if(|(of, _)| *of == key) else { return };
        for kept in kept {
            match &kept.fate {
                Fate::Is(values) | Fate::Given(values) => self.access.set(kept.instance, Some(values)),
                Fate::Gone | Fate::Forgotten => self.access.set(kept.instance, None),
            }
        }
    }

    /// The program has changed object 2, or an instance of it.
    pub(super) fn access_changed(&mut self, path: Path) {
        if path.object_id() != Some(ACCESS_CONTROL) {
            return;
        }
        match path.instance_id() {
            Some(instance) => self.access.stale.extend([instance]),
            None => {
                let known = self.table.get(ACCESS_CONTROL).map_or(&[][..], |known| &known.instances);
                self.access.stale.extend(known.iter().copied());
            }
        }
    }

    /// Instances of object 2 have come or gone.
    pub(super) fn access_described(&mut self) {
        let known = self.table.get(ACCESS_CONTROL).map_or(&[][..], |known| &known.instances);
        let access = &mut self.access;
        let gone = access.entries.keys().filter(|entry| known.binary_search(entry).is_err());
        for entry in gone.copied().collect::<Vec<_>>() {
            access.set(entry, None);
        }
        access.stale.retain(|entry| known.binary_search(entry).is_ok());
        let new = known.iter().filter(|entry| !access.entries.contains_key(entry));
        access.stale.extend(new.copied());
    }

    pub(super) fn is_access_known(&self) -> bool {
        self.access.stale.is_empty() && !self.operations.reads_access()
    }

    /// Once the list of objects is known.
    pub(super) fn refresh_access(&mut self) {
        if !self.access.stale.is_empty() && self.is_settled() && !self.operations.reads_access() {
            self.operations.push(ACCESS_CONTROL, Work::Access, None);
        }
    }

    pub(super) fn begin_access(&mut self, now: Now, key: usize) {
        let stale = std::mem::take(&mut self.access.stale);
        let there = stale.into_iter().filter(|entry| self.table.has_instance(ACCESS_CONTROL, *entry));
        let wanted = there.map(|entry| (entry, Selection::All)).collect();
        let cx = self.cx(now, Caller::Local);
        self.ask(now, key, Stage::Running, Call::Read { cx, object: ACCESS_CONTROL, wanted });
    }

    pub(super) fn on_access(&mut self, key: usize, found: &Found) {
        self.operations.remove(key);
        for (entry, values) in found {
            self.access.set(*entry, Some(values));
        }
    }

    /// What a change of a server is about beside its own object.
    pub(super) fn concerns_access(&self, verb: Verb) -> bool {
        matches!(verb, Verb::Create | Verb::Delete) && self.controls_access()
    }

    /// Everything that an operation may change, with what follows from it for object 2.
    pub(super) fn complete_batches(&mut self, key: usize) {
        let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) else { return };
        let (account, mut batches) = (serve.account, std::mem::take(&mut serve.batches));
        self.add_access_changes(account, &mut batches);
        if let Some(Operation { work: Work::Serve(serve), .. }) = self.operations.get_mut(key) {
            serve.batches = batches;
        }
    }
}

/// What is about an instance that a server has made: all rights for it, none for others.
fn owned(object: ObjectId, instance: InstanceId, server: u16) -> Values {
    let value = |number: u16| Node::Value(Value::Integer(number.into()));
    let all = BTreeMap::from([(server, Value::Integer(EVERYTHING.into()))]);
    vec![
        (ResourceId(0), value(object.0)),
        (ResourceId(1), value(instance.0)),
        (ResourceId(2), Node::Multiple(all)),
        (ResourceId(3), value(server)),
    ]
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{ObjectType as _, ops::WriteMode};

    use super::*;

    const WRITES: Verb = Verb::Write(WriteMode::Replace);

    /// Object, instance, owner, and the rights of servers.
    type Line<'a> = (u16, u16, u16, &'a [(u16, u8)]);

    fn access(rules: &[Line<'_>]) -> Access {
        let mut access = Access::default();
        for (entry, (object, instance, owner, acl)) in (0_u16..).zip(rules) {
            let mut rules = AccessControl::new(ObjectId(*object), InstanceId(*instance), *owner);
            rules.acl = acl.iter().map(|(server, rights)| (*server, i64::from(*rights))).collect();
            access.set(InstanceId(entry), Some(&rules.read(&Selection::All)));
        }
        access
    }

    fn allowed(access: &Access, server: u16, path: &str) -> String {
        let path: Path = path.parse().unwrap();
        let verbs = [Verb::Read, WRITES, Verb::Execute, Verb::Delete];
        let letters = verbs.into_iter().zip("RWED".chars());
        letters.filter(|(verb, _)| Rights::Of(access, server).allow(*verb, path)).map(|(_, l)| l).collect()
    }

    #[test]
    fn the_own_entry_counts_then_ownership_then_the_default() {
        let access = access(&[
            (3, 0, 1, &[(0, READ), (2, READ | EXECUTE), (4, 0)]),
            (3303, 0, 1, &[(1, READ)]),
            (3303, 1, 7, &[]),
            (3303, 65535, 65535, &[(0, CREATE), (2, CREATE)]),
        ]);
        for (server, path, expected) in [
            (1, "/3/0", "RWED"), // the owner
            (2, "/3/0/1", "RE"),
            (3, "/3/0", "R"),    // the default
            (4, "/3/0", ""),     // listed with nothing
            (1, "/3303/0", "R"), // the owner has limited itself
            (2, "/3303/0", ""),
            (1, "/3303/1", ""),
            (7, "/3303/1", "RWED"),
            (2, "/3303/2", ""), // nothing is said about it
        ] {
            assert_eq!(allowed(&access, server, path), expected, "server {server} at {path}");
        }
        let creates = |server| Rights::Of(&access, server).allow(Verb::Create, "/3303".parse().unwrap());
        assert!(creates(2));
        assert!(!creates(1), "neither the default nor ownership counts");
        assert!(!Rights::Of(&access, 2).allow(Verb::Create, "/3304".parse().unwrap()));
    }

    #[test]
    fn object_2_is_read_by_all_and_written_by_owners() {
        let access = access(&[(3, 0, 1, &[]), (4, 0, AccessControl::BOOTSTRAP, &[(1, 31)])]);
        let writes = |server, path: &str| Rights::Of(&access, server).allow(WRITES, path.parse().unwrap());
        assert!(writes(1, "/2/0/2"));
        assert!(!writes(2, "/2/0/2"));
        assert!(!writes(1, "/2/1/2"), "rights to an instance are none to what is about it");
        assert!(Rights::Of(&access, 9).allow(Verb::Read, "/2/1".parse().unwrap()));
    }

    #[test]
    fn of_two_about_the_same_the_lower_counts_until_it_is_gone() {
        let mut access = access(&[(3, 0, 9, &[(1, READ)]), (3, 0, 9, &[(1, WRITE)])]);
        assert_eq!(allowed(&access, 1, "/3/0"), "R");
        access.set(InstanceId(0), None);
        assert_eq!(allowed(&access, 1, "/3/0"), "W");
    }

    #[test]
    fn a_resource_instance_is_deleted_by_who_may_write() {
        let access = access(&[(3, 0, 9, &[(1, WRITE), (2, DELETE)])]);
        let path: Path = "/3/0/11/1".parse().unwrap();
        assert!(Rights::Of(&access, 1).allow(Verb::Delete, path));
        assert!(!Rights::Of(&access, 2).allow(Verb::Delete, path));
    }
}
