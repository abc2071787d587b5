//! What a smartcard makes of the objects. [Core 1.2 §6.1.6.2, §G.3.3]

use std::collections::{BTreeMap, BTreeSet};

use lwm2m_core::{
    InstanceId, Model, Node, ObjectId, Path, Rejection, ResourceId, Tree, Value, Version,
    codec::{self, ContentFormat, Context},
};

use super::{Instance, OSCORE, SECURITY, Stage, is_bootstrap};
use crate::smartcard::{CardError, CardObject, Found};

/// Instances that a card has made, changed or taken away.
pub(in crate::machine) type Touched = BTreeSet<(ObjectId, InstanceId)>;

impl Stage {
    /// What an earlier card has made goes; what the program gave is there again. The account of the bootstrap server had
    /// perhaps to make room: then it stays where it is.
    pub(crate) fn return_to_given(&mut self, touched: &Touched) {
        touched.iter().for_each(|(object, id)| self.remove(*object, *id));
        for (object, id) in touched {
            let given = self.objects.get(object).and_then(|staged| staged.given.get(id)).cloned();
            let Some(values) = given else { continue };
            let is_there = self.live(SECURITY).any(|(_, account)| is_bootstrap(account));
            let is_another = *object == SECURITY && is_true(&values);
            if !(is_there && is_another) {
                let _ = self.replace(*object, *id, values);
            }
        }
    }

    /// Objects whose instances come and go have those of the card and no other; of the others single resources are
    /// written. What is on the card for other devices is passed over. Says what it has touched.
    pub(crate) fn take_card(&mut self, model: &dyn Model, found: &Found) -> Result<Touched, CardError> {
        let mut touched = Touched::new();
        for object in &found.data.objects {
            let refuse = |offset: usize, why: String| {
                let offset = object.offset.saturating_add(offset);
                CardError::Malformed { file: found.file.clone(), offset, why }
            };
            let Some(staged) = self.objects.get(&object.object) else {
                tracing::info!(object = %object.object, "the card has an object that is not known here");
                continue;
            };
            let free = staged.free;
            if let Some(version) = object.version
                && version.0 != staged.def.object_version().0
            {
                let why = format!("/{}: version {}.{} is not known", object.object, version.0, version.1);
                return Err(refuse(0, why));
            }
            let node = decode(model, object).map_err(|(offset, why)| refuse(offset, why))?;
            let taken = if free { self.take_object(object, node) } else { self.take_resources(object, node) };
            let ids = taken.map_err(|rejection| refuse(0, rejection.to_string()))?;
            touched.extend(ids.into_iter().map(|id| (object.object, id)));
        }
        Ok(touched)
    }

    fn take_object(&mut self, taken: &CardObject, node: Node) -> Result<Vec<InstanceId>, Rejection> {
        let object = taken.object;
        let Node::Object(new) = node else { return Err(Rejection::bad_request("instances are expected")) };
        let brings_bootstrap = object == SECURITY && new.values().any(is_bootstrap_node);
        let before: Vec<_> = self.live(object).map(|(id, _)| id).collect();
        let (stays, goes): (Vec<_>, Vec<_>) =
            before.iter().copied().partition(|id| !brings_bootstrap && self.is_protected(object, *id));
        let ids: Vec<_> = goes.iter().copied().chain(new.keys().copied()).collect();
        if brings_bootstrap {
            self.remove_context_of_bootstrap();
        }
        goes.iter().for_each(|id| self.remove(object, *id));
        // The account of the bootstrap server, where the card wants its place for a server.
        for id in stays.into_iter().filter(|id| new.contains_key(id)) {
            let known = self.objects.get(&object).and_then(|staged| staged.instances.get(&id));
            let values = known.map(|known| known.values.clone()).unwrap_or_default();
            let free = (0..lwm2m_core::RESERVED_ID).map(InstanceId);
            let mut free = free.filter(|id| !new.contains_key(id) && !self.has(object, *id));
            let Some(place) = free.next() else { return Err(Rejection::bad_request("too many instances")) };
            self.replace(object, place, values)?;
            self.remove(object, id);
        }
        let path = Path::object(object).map_err(|error| Rejection::bad_request(error.to_string()))?;
        self.write(path, Node::Object(new), taken.tlv.len())?;
        Ok(ids)
    }

    fn take_resources(&mut self, taken: &CardObject, node: Node) -> Result<Vec<InstanceId>, Rejection> {
        let Node::Object(instances) = node else {
            return Err(Rejection::bad_request("instances are expected"));
        };
        for (instance, node) in instances {
            let Node::Instance(resources) = node else { continue };
            for (resource, node) in resources {
                let known = self.objects.get(&taken.object).and_then(|staged| staged.def.resource(resource));
                if known.is_none_or(|def| def.ops().can_execute()) {
                    continue;
                }
                let path = Path::new(&[taken.object.0, instance.0, resource.0]);
                let path = path.map_err(|error| Rejection::bad_request(error.to_string()))?;
                self.write(path, node, 0)?;
            }
        }
        // Its values are not taken back: they may be anybody's by then.
        Ok(Vec::new())
    }

    /// The context of OSCORE that the account of the bootstrap server has to itself.
    fn remove_context_of_bootstrap(&mut self) {
        let accounts = self.live(SECURITY).filter(|(_, account)| is_bootstrap(account));
        let linked = accounts.filter_map(|(_, account)| linked(account)).collect::<Vec<_>>();
        linked.into_iter().for_each(|id| self.remove(OSCORE, id));
    }
}

fn linked(account: &Instance) -> Option<InstanceId> {
    match account.values.get(&ResourceId(17)) {
        Some(Node::Value(Value::Objlnk(link))) if link.object == OSCORE => Some(link.instance),
        _ => None,
    }
}

fn is_bootstrap_node(node: &Node) -> bool {
    matches!(node, Node::Instance(values) if is_true(values))
}

/// Bootstrap-Server.
fn is_true(values: &BTreeMap<ResourceId, Node>) -> bool {
    values.get(&ResourceId(1)) == Some(&Node::Value(Value::Boolean(true)))
}

fn decode(model: &dyn Model, object: &CardObject) -> Result<Node, (usize, String)> {
    let cx = Context { model, version: Version::V1_2, tree: &Tree::DEFAULT };
    let path = Path::object(object.object).map_err(|error| (0, error.to_string()))?;
    let node = codec::decode(ContentFormat::TLV, &cx, path, &object.tlv);
    node.map_err(|error| (error.offset().unwrap_or(0), error.to_string()))
}
