//! Where accounts, rights and new instances go: what the device has stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use lwm2m_core::{
    FromNode, InstanceId, IntoNode as _, Links, Node, ObjectId, Objlnk, Path, RESERVED_ID,
    ops::bootstrap::Downlink,
};
use lwm2m_objects::oma::AccessControl;

use super::sessions::{Entry, Operation, Purpose, Todo};
use crate::{Account, BootstrapError, Otherwise, Step, What};

/// What is known of the device.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// `None`: must be asked.
    pub(super) links: Option<Links>,
    /// Access-control instances; likewise.
    pub(super) access: Option<BTreeMap<InstanceId, AccessControl>>,
}

impl Known {
    /// This instance is there now.
    pub(super) fn wrote(&mut self, path: Path) {
        let instance = path.instance_id().filter(|_| path.depth() == 2);
        if instance.is_none() && path.depth() == 1 {
            (self.links, self.access) = (None, None);
        }
        let (Some(links), Some(_)) = (&mut self.links, instance) else { return };
        if !links.objects.iter().any(|link| link.path == path) {
            links.objects.push(lwm2m_core::ObjectLink::new(path));
        }
    }

    fn instances(&self, object: u16) -> BTreeSet<u16> {
        let links = self.links.iter().flat_map(|links| &links.objects);
        links
            .filter_map(|link| match link.path.ids() {
                [id, instance] if *id == object => Some(*instance),
                _ => None,
            })
            .collect()
    }

    /// The instance that says this short server ID.
    fn of_server(&self, object: u16, server: Option<u16>) -> Option<u16> {
        let mut links = self.links.iter().flat_map(|links| &links.objects);
        links.find_map(|link| match link.path.ids() {
            [id, instance] if *id == object && link.short_server_id == server => Some(*instance),
            _ => None,
        })
    }
}

/// Puts the operations of a step before what is still to be done; or, where they depend on what is there, the question.
pub(super) fn expand(entry: &mut Entry, step: Step) -> Result<(), BootstrapError> {
    let otherwise = step.otherwise;
    let fixed = matches!(&step.what, What::Account(account) if is_fixed(account));
    if entry.known.links.is_none() && !fixed {
        ask(entry, Downlink::Discover(Path::ROOT), step);
        return Ok(());
    }
    let writes = match step.what {
        What::Account(account) => place_account(&entry.known, *account)?,
        What::Add(object, node) => {
            let instance = free(&entry.known.instances(object.0), object.0)?;
            vec![(path(object.0, instance)?, node)]
        }
        What::Access(access) => {
            if entry.known.access.is_none() {
                let step = Step { what: What::Access(access), otherwise };
                ask(entry, Downlink::Read(OBJECT_2), step);
                return Ok(());
            }
            vec![place_access(&mut entry.known, *access)?]
        }
        _ => Vec::new(),
    };
    for (path, node) in writes.into_iter().rev() {
        let write = Operation::new(Downlink::Write(path, node), otherwise, Purpose::Part);
        entry.steps.push_front(Todo::Operation(write));
    }
    Ok(())
}

const OBJECT_2: Path = match Path::object(ObjectId(2)) {
    Ok(path) => path,
    Err(_) => Path::ROOT,
};

/// Does it fit wherever it goes?
fn is_fixed(account: &Account) -> bool {
    account.at.is_some() && account.oscore.is_none() && account.apn.is_none()
}

/// First the question, then the step again.
fn ask(entry: &mut Entry, downlink: Downlink, step: Step) {
    let otherwise = step.otherwise;
    // What has no access control needs none; without the list of instances nothing can be placed.
    let purpose = if matches!(downlink, Downlink::Read(_)) { Purpose::Question } else { Purpose::Part };
    entry.steps.push_front(Todo::Step(step));
    let otherwise = if otherwise == Otherwise::Continue { Otherwise::Fail } else { otherwise };
    entry.steps.push_front(Todo::Operation(Operation::new(downlink, otherwise, purpose)));
}

/// The instances of an account. What it links to comes first, and Security before Server.
pub(super) fn place_account(known: &Known, account: Account) -> Result<Vec<(Path, Node)>, BootstrapError> {
    let server = account.short_server_id();
    let mut security = account.security;
    let mut writes = Vec::new();
    if let Some(oscore) = account.oscore {
        let linked = known.of_server(21, server).filter(|_| server.is_some());
        let instance = linked.map_or_else(|| free(&known.instances(21), 21), Ok)?;
        writes.push((path(21, instance)?, oscore.into_node()));
        security.oscore_security_mode = Some(link(21, instance));
    }
    let apn = match account.apn {
        Some(apn) => {
            let instance = free(&known.instances(11), 11)?;
            writes.push((path(11, instance)?, (*apn).into_node()));
            Some(link(11, instance))
        }
        None => None,
    };
    let place = |object: u16| -> Result<u16, BootstrapError> {
        match account.at {
            Some((security, _)) if object == 0 => Ok(security),
            Some((_, server)) => Ok(server),
            None => {
                let same = known.of_server(object, server);
                same.map_or_else(|| free(&known.instances(object), object), Ok)
            }
        }
    };
    writes.push((path(0, place(0)?)?, security.into_node()));
    if let Some(mut server) = account.server {
        server.apn_link = apn.or(server.apn_link);
        writes.push((path(1, place(1)?)?, server.into_node()));
    }
    Ok(writes)
}

/// Changes the instance about the same place, if there is one.
fn place_access(known: &mut Known, mut access: AccessControl) -> Result<(Path, Node), BootstrapError> {
    let there = known.access.get_or_insert_default();
    let same = there.iter().find(|(_, other)| {
        other.object_id == access.object_id && other.object_instance_id == access.object_instance_id
    });
    let instance = match same {
        Some((instance, other)) => {
            for (server, rights) in &other.acl {
                access.acl.entry(*server).or_insert(*rights);
            }
            *instance
        }
        None => InstanceId(free(&there.keys().map(|id| id.0).collect(), 2)?),
    };
    there.insert(instance, access.clone());
    Ok((path(2, instance.0)?, access.into_node()))
}

/// The access-control instances that were read.
pub(super) fn access_of(node: &Node) -> BTreeMap<InstanceId, AccessControl> {
    let Node::Object(instances) = node else { return BTreeMap::new() };
    let read = |(id, node): (&InstanceId, &Node)| Some((*id, AccessControl::from_node(node.clone()).ok()?));
    instances.iter().filter_map(read).collect()
}

fn link(object: u16, instance: u16) -> Objlnk {
    Objlnk { object: ObjectId(object), instance: InstanceId(instance) }
}

fn path(object: u16, instance: u16) -> Result<Path, BootstrapError> {
    Path::new(&[object, instance]).map_err(|_| BootstrapError::Full(object))
}

fn free(taken: &BTreeSet<u16>, object: u16) -> Result<u16, BootstrapError> {
    (0..RESERVED_ID).find(|id| !taken.contains(id)).ok_or(BootstrapError::Full(object))
}
