//! A plan as one payload. [Core 1.2 §6.1.7.7]

use lwm2m_core::{Code, Links, Node, ObjectLink, ObjectType as _, Path, Rejection, Tree, codec::Timed};
use lwm2m_objects::Device;

use super::place::{Known, place_account};
use crate::{Plan, What};

/// The values of a plan. `accounts`: the instances of the bootstrap server's account, which keep their place.
///
/// # Errors
/// 4.05: the plan reads, asks again, deletes what a pack leaves alone, or leaves alone what a pack replaces. The device
/// then asks for a bootstrap step by step.
pub(super) fn pack(plan: &Plan, accounts: &[Path]) -> Result<Vec<Timed>, Rejection> {
    let not_so = |why: String| Rejection::new(Code::METHOD_NOT_ALLOWED, why);
    if plan.asks_again() {
        return Err(not_so("what is to become of this device depends on what it has".to_owned()));
    }
    let mut links = Links::default();
    links.objects = accounts.iter().copied().map(ObjectLink::new).collect();
    let mut known = Known { links: Some(links), access: None };
    let mut values = Vec::new();
    let mut deleted = Vec::new();
    let mut access = 0_u16;
    for step in plan.steps() {
        let writes = match &step.what {
            What::Delete(path) => {
                deleted.push(*path);
                Vec::new()
            }
            What::Write(path, node) => vec![(*path, node.clone())],
            What::Account(account) => {
                if account.at.is_none() && accounts.is_empty() {
                    return Err(not_so(
                        "the device does not say which account is the bootstrap server's".to_owned(),
                    ));
                }
                if account.server.is_none() {
                    return Err(not_so("a pack leaves the account of the bootstrap server alone".to_owned()));
                }
                place_account(&known, (**account).clone()).map_err(|error| not_so(error.to_string()))?
            }
            What::Access(rights) => {
                let at = Path::new(&[2, access]).map_err(|error| not_so(error.to_string()))?;
                access = access.saturating_add(1);
                vec![(at, lwm2m_core::IntoNode::into_node((**rights).clone()))]
            }
            other => return Err(not_so(format!("{other} depends on what the device has"))),
        };
        for (path, node) in writes {
            known.wrote(path);
            values.push(Timed { at: None, tree: Tree::DEFAULT, path, node });
        }
    }
    // A pack replaces the objects that it holds, but for the Device, and no other.
    let is_deleted = |path: &Path| {
        deleted.iter().any(|deleted| deleted.depth() == 1 && deleted.object_id() == path.object_id())
    };
    let stays = |path: &Path| path.object_id() != Some(Device::DEF.id()) && !is_deleted(path);
    if let Some(value) = values.iter().find(|value| stays(&value.path)) {
        return Err(not_so(format!("what else the device has of the object of {} is to stay", value.path)));
    }
    let holds = |path: &Path| values.iter().any(|value| value.path.object_id() == path.object_id());
    if let Some(path) = deleted.iter().find(|path| path.depth() != 1 || !holds(path)) {
        return Err(not_so(format!("Delete {path} does not go into a pack")));
    }
    Ok(flat(values))
}

/// An object becomes its instances, so that no place stands in another.
fn flat(values: Vec<Timed>) -> Vec<Timed> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        match value.node {
            Node::Object(instances) => all.extend(instances.into_iter().filter_map(|(id, node)| {
                let path = value.path.push(id.0).ok()?;
                Some(Timed { at: None, tree: Tree::DEFAULT, path, node })
            })),
            node => all.push(Timed { node, ..value }),
        }
    }
    all
}
