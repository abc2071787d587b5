//! What a bootstrap server makes of the objects, before any of it takes effect. [Core 1.2 §6.1]
//!
//! Every operation works on this copy; Bootstrap-Finish turns the differences into changes of the objects, all of them
//! or none. A bootstrap that breaks off leaves nothing behind.

mod card;

use std::collections::BTreeMap;

pub(in crate::machine) use self::card::Touched;
use super::super::{batch::Batches, table::object_link};
use crate::{Change, object::Definition};
use lwm2m_core::{
    Code, InstanceId, Links, Node, ObjectId, ObjectLink, ObjectType, Path, Rejection, ResourceChange,
    ResourceDef, ResourceId, Value, Values, Version,
};

/// Instances of all objects together. A bootstrap server, or who speaks in its name, must not fill the device.
const MAX_INSTANCES: usize = 1024;
/// Octets that are written in one bootstrap.
const MAX_WRITTEN: usize = 512 * 1024;

/// An object as it was when the bootstrap began.
#[derive(Debug)]
pub struct Shot {
    pub(crate) def: Definition,
    /// Bootstrap may make and delete instances.
    pub(crate) free: bool,
    /// With their values, where bootstrap must know them.
    pub(crate) instances: Vec<(InstanceId, Values)>,
    /// What the program gave, where bootstrap may make and delete instances.
    pub(crate) given: Vec<(InstanceId, Values)>,
}

/// All objects, as the bootstrap server sees them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stage {
    objects: BTreeMap<ObjectId, Staged>,
    written: usize,
}

#[derive(Clone, Debug)]
struct Staged {
    def: Definition,
    free: bool,
    instances: BTreeMap<InstanceId, Instance>,
    given: BTreeMap<InstanceId, BTreeMap<ResourceId, Node>>,
}

#[derive(Clone, Debug, Default)]
struct Instance {
    existed: bool,
    gone: bool,
    /// A whole instance was written.
    replaced: bool,
    values: BTreeMap<ResourceId, Node>,
    /// Single resources that were written.
    set: BTreeMap<ResourceId, Node>,
}

pub(super) const SECURITY: ObjectId = ObjectId(0);
pub(super) const SERVER: ObjectId = ObjectId(1);
pub(super) const ACCESS: ObjectId = ObjectId(2);
const DEVICE: ObjectId = ObjectId(3);
const OSCORE: ObjectId = ObjectId(21);

impl Stage {
    pub(crate) fn new(shots: Vec<Shot>) -> Self {
        let object = |shot: Shot| {
            let instances = shot.instances.into_iter().map(|(id, values)| {
                let values = values.into_iter().collect();
                (id, Instance { existed: true, values, ..Instance::default() })
            });
            let given = shot.given.into_iter().map(|(id, values)| (id, values.into_iter().collect()));
            let (free, instances, given) = (shot.free, instances.collect(), given.collect());
            (shot.def.id(), Staged { free, instances, given, def: shot.def })
        };
        Self { objects: shots.into_iter().map(object).collect(), written: 0 }
    }

    fn object(&self, id: ObjectId) -> Result<&Staged, Rejection> {
        self.objects.get(&id).ok_or_else(|| missing(format!("object {id} is not known")))
    }

    /// Is there an instance, at this moment?
    pub(super) fn has(&self, object: ObjectId, instance: InstanceId) -> bool {
        let found = self.objects.get(&object).and_then(|staged| staged.instances.get(&instance));
        found.is_some_and(|instance| !instance.gone)
    }

    pub(super) fn has_object(&self, object: ObjectId) -> bool {
        self.objects.contains_key(&object)
    }

    fn live(&self, object: ObjectId) -> impl Iterator<Item = (InstanceId, &Instance)> {
        let instances = self.objects.get(&object).into_iter().flat_map(|staged| &staged.instances);
        instances.filter(|(_, instance)| !instance.gone).map(|(id, instance)| (*id, instance))
    }

    /// The instances of a typed object, each as it is or what it lacks.
    pub(super) fn typed<T: ObjectType>(&self) -> Vec<(InstanceId, Result<T, lwm2m_core::ValueError>)> {
        let read = |(id, instance): (InstanceId, &Instance)| {
            let mut values = instance.values.clone();
            if T::DEF.id() == SECURITY {
                without_keys(&mut values);
            }
            (id, T::from_node(Node::Instance(values)))
        };
        self.live(T::DEF.id()).map(read).collect()
    }

    /// The account of the bootstrap server, and what it consists of: nobody deletes that. [Core 1.2 §6.1.7.5]
    fn is_protected(&self, object: ObjectId, instance: InstanceId) -> bool {
        let accounts = || self.live(SECURITY).filter(|(_, account)| is_bootstrap(account));
        match object {
            SECURITY => accounts().any(|(id, _)| id == instance),
            OSCORE => accounts().any(|(_, account)| {
                let linked = account.values.get(&ResourceId(17));
                matches!(linked, Some(Node::Value(Value::Objlnk(link))) if link.instance == instance)
            }),
            _ => false,
        }
    }

    /// Bootstrap-Delete. [Core 1.2 §6.1.7.5]
    pub(crate) fn delete(&mut self, path: Path) -> Result<(), Rejection> {
        let (object, instance) = (path.object_id(), path.instance_id());
        if let (Some(object), Some(instance)) = (object, instance) {
            if self.is_protected(object, instance) {
                return Err(Rejection::bad_request("the account of the bootstrap server stays"));
            }
            if !self.has(object, instance) {
                return Err(Rejection::bad_request("it does not exist"));
            }
        }
        if let Some(object) = object
            && !self.object(object).map_err(|_| Rejection::bad_request("the object is not known"))?.free
        {
            return Err(Rejection::bad_request("the instances of this object are part of the device"));
        }
        let wanted = |staged: &Staged| staged.free && object.is_none_or(|id| id == staged.def.id());
        let here: Vec<_> =
            self.objects.values().filter(|staged| wanted(staged)).map(|s| s.def.id()).collect();
        for object in here {
            let ids: Vec<_> = self.live(object).map(|(id, _)| id).collect();
            let ids = ids.into_iter().filter(|id| instance.is_none_or(|wanted| wanted == *id));
            for id in ids.filter(|id| !self.is_protected(object, *id)).collect::<Vec<_>>() {
                self.remove(object, id);
            }
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, object: ObjectId, instance: InstanceId) {
        let Some(staged) = self.objects.get_mut(&object) else { return };
        match staged.instances.get_mut(&instance) {
            Some(known) if known.existed => {
                *known = Instance { existed: true, gone: true, ..Instance::default() };
            }
            Some(_) => drop(staged.instances.remove(&instance)),
            None => {}
        }
    }

    /// Bootstrap-Write. `size`: octets of the payload. Resources that are not known are passed over. [Core 1.2 §6.1.7.4]
    pub(crate) fn write(&mut self, path: Path, node: Node, size: usize) -> Result<(), Rejection> {
        self.written = self.written.saturating_add(size);
        if self.written > MAX_WRITTEN {
            return Err(Rejection::new(
                Code::REQUEST_ENTITY_TOO_LARGE,
                "this is more than the device can hold",
            ));
        }
        let object = path.object_id().ok_or_else(|| Rejection::bad_request("/ is not written"))?;
        let instances: usize = self.objects.values().map(|staged| staged.instances.len()).sum();
        let def = self.object(object)?.def.clone();
        match (path.instance_id(), path.resource_id(), node) {
            (None, _, Node::Object(new)) => {
                if instances.saturating_add(new.len()) > MAX_INSTANCES {
                    return Err(Rejection::bad_request("too many instances"));
                }
                let checked: Result<Vec<_>, Rejection> = new
                    .into_iter()
                    .map(|(id, node)| Ok((id, checked(&def, path.push(id.0).unwrap_or(path), node)?)))
                    .collect();
                for (id, values) in checked? {
                    self.replace(object, id, values)?;
                }
                Ok(())
            }
            (Some(id), None, node) => {
                if instances >= MAX_INSTANCES && !self.has(object, id) {
                    return Err(Rejection::bad_request("too many instances"));
                }
                self.replace(object, id, checked(&def, path, node)?)
            }
            (Some(id), Some(resource), node) => {
                let Some(known) = def.resource(resource) else {
                    return Err(missing(format!("{path} is not known")));
                };
                fits(path, known, &node)?;
                let instance = self.instance(object, id)?;
                if !instance.replaced {
                    instance.set.insert(resource, node.clone());
                }
                instance.values.insert(resource, node);
                Ok(())
            }
            _ => Err(Rejection::bad_request(format!("{path}: instances are expected"))),
        }
    }

    fn replace(
        &mut self,
        object: ObjectId,
        id: InstanceId,
        values: BTreeMap<ResourceId, Node>,
    ) -> Result<(), Rejection> {
        let instance = self.instance(object, id)?;
        (instance.values, instance.replaced) = (values, true);
        instance.set.clear();
        Ok(())
    }

    /// An instance that is there, or comes into being.
    fn instance(&mut self, object: ObjectId, id: InstanceId) -> Result<&mut Instance, Rejection> {
        let unknown = || missing(format!("object {object} is not known"));
        let staged = self.objects.get_mut(&object).ok_or_else(unknown)?;
        let there = staged.instances.get(&id).is_some_and(|known| known.existed);
        if !there && !staged.free {
            return Err(Rejection::bad_request(format!("/{object}/{id}: the object is part of the device")));
        }
        if !staged.def.is_multiple() && id.0 != 0 {
            return Err(Rejection::bad_request(format!("/{object} has a single instance, number 0")));
        }
        let instance = staged.instances.entry(id).or_default();
        if std::mem::take(&mut instance.gone) {
            instance.replaced = true;
        }
        Ok(instance)
    }

    /// What is said of the Device is set, the rest of it stays.
    fn update_device(&mut self, path: Path, node: Node, mut size: usize) -> Result<(), Rejection> {
        let Node::Object(instances) = node else {
            return Err(Rejection::bad_request(format!("{path}: instances are expected")));
        };
        for (id, node) in instances {
            let at = path.push(id.0).map_err(|error| Rejection::bad_request(error.to_string()))?;
            let def = self.object(DEVICE)?.def.clone();
            for (resource, node) in checked(&def, at, node)? {
                let at = at.push(resource.0).map_err(|error| Rejection::bad_request(error.to_string()))?;
                self.write(at, node, std::mem::take(&mut size))?;
            }
        }
        Ok(())
    }

    /// Every object that a pack holds has the instances of the pack and no other, but for the Device, which stays.
    /// [Core 1.2 §6.1.7.7]
    pub(crate) fn take_pack(&mut self, root: Node, size: usize) -> Result<(), Rejection> {
        let Node::Root(objects) = root else { return Err(Rejection::bad_request("the pack is empty")) };
        for (object, node) in objects {
            let path = Path::object(object).map_err(|error| Rejection::bad_request(error.to_string()))?;
            if object == DEVICE {
                self.update_device(path, node, size)?;
                continue;
            }
            if self.object(object)?.free {
                self.delete(path)?;
            }
            self.write(path, node, size)?;
        }
        Ok(())
    }

    /// What there is, of everything or of one object. [Core 1.2 §6.1.7.3]
    pub(crate) fn discover(&self, path: Path, version: Version) -> Result<Links, Rejection> {
        let mut links = Links::default();
        links.version = Some(version);
        if let Some(object) = path.object_id() {
            self.object(object)?;
        }
        for staged in
            self.objects.values().filter(|staged| path.object_id().is_none_or(|id| id == staged.def.id()))
        {
            let Some(object) = object_link(&staged.def, version) else { continue };
            let live: Vec<_> = self.live(staged.def.id()).collect();
            let at = object.path;
            if object.version.is_some() || live.is_empty() {
                links.objects.push(object);
            }
            for (id, instance) in live {
                let Ok(path) = at.push(id.0) else { continue };
                links.objects.push(described(path, instance));
            }
        }
        Ok(links)
    }

    /// The values at a place. [Core 1.2 §6.1.7.6]
    pub(crate) fn read(&self, path: Path) -> Result<Node, Rejection> {
        let object = path.object_id().ok_or_else(Rejection::method_not_allowed)?;
        self.object(object)?;
        let mut instances = self.live(object).map(|(id, known)| (id, Node::Instance(known.values.clone())));
        match path.instance_id() {
            None => Ok(Node::Object(instances.collect())),
            Some(wanted) => {
                let found = instances.find(|(id, _)| *id == wanted).map(|(_, node)| node);
                found.ok_or_else(|| missing(format!("{path} does not exist")))
            }
        }
    }

    /// Changes one resource.
    pub(super) fn set(&mut self, object: ObjectId, id: InstanceId, resource: ResourceId, node: Node) {
        if let Ok(instance) = self.instance(object, id) {
            if !instance.replaced {
                instance.set.insert(resource, node.clone());
            }
            instance.values.insert(resource, node);
        }
    }

    /// Was this instance there before, and has nobody written it?
    pub(super) fn is_untouched(&self, object: ObjectId, id: InstanceId) -> bool {
        let found = self.objects.get(&object).and_then(|staged| staged.instances.get(&id));
        found.is_some_and(|known| known.existed && !known.replaced && known.set.is_empty() && !known.gone)
    }

    pub(super) fn is_free(&self, object: ObjectId) -> bool {
        self.objects.get(&object).is_some_and(|staged| staged.free)
    }

    /// What must change, object by object.
    pub(crate) fn changes(&self) -> Batches {
        let all = self.objects.iter().map(|(object, staged)| {
            let batch = staged.instances.iter().flat_map(|(id, instance)| instance.changes(*id));
            (*object, batch.collect::<Vec<_>>())
        });
        all.filter(|(_, batch)| !batch.is_empty()).collect()
    }
}

impl Instance {
    fn changes(&self, instance: InstanceId) -> Vec<Change> {
        let values = || -> Values { self.values.clone().into_iter().collect() };
        match (self.existed, self.gone) {
            (true, true) => vec![Change::Delete { instance }],
            (false, _) => vec![Change::Create { instance, values: values() }],
            (true, false) if self.replaced => vec![Change::Replace { instance, values: values() }],
            (true, false) => {
                let set = |(id, node): (&ResourceId, &Node)| Change::Resource {
                    instance,
                    change: ResourceChange::Set(*id, node.clone()),
                };
                self.set.iter().map(set).collect()
            }
        }
    }
}

fn is_bootstrap(account: &Instance) -> bool {
    account.values.get(&ResourceId(1)) == Some(&Node::Value(Value::Boolean(true)))
}

/// Many leave out what an account without protection has no use for.
fn without_keys(values: &mut BTreeMap<ResourceId, Node>) {
    for id in [3, 4, 5] {
        values.entry(ResourceId(id)).or_insert(Node::Value(Value::Opaque(lwm2m_core::Bytes::new())));
    }
}

/// `ssid` and `uri` of a server's account. [Core 1.2 §6.1.7.3]
fn described(path: Path, instance: &Instance) -> ObjectLink {
    let mut link = ObjectLink::new(path);
    let number = |id| match instance.values.get(&ResourceId(id)) {
        Some(Node::Value(Value::Integer(number))) => u16::try_from(*number).ok(),
        Some(Node::Value(Value::Unsigned(number))) => u16::try_from(*number).ok(),
        _ => None,
    };
    match path.object_id() {
        Some(SECURITY) if !is_bootstrap(instance) => {
            link.short_server_id = number(10);
            if let Some(Node::Value(Value::String(uri))) = instance.values.get(&ResourceId(0)) {
                link.uri = Some(uri.clone()).filter(|uri| !uri.is_empty());
            }
        }
        Some(SERVER) => link.short_server_id = number(0),
        _ => {}
    }
    link
}

/// The resources of an instance that are known, each of the right type and in its range.
fn checked(def: &Definition, path: Path, node: Node) -> Result<BTreeMap<ResourceId, Node>, Rejection> {
    let Node::Instance(resources) = node else {
        return Err(Rejection::bad_request(format!("{path}: resources are expected")));
    };
    let mut values = BTreeMap::new();
    for (id, node) in resources {
        let Some(known) = def.resource(id).filter(|known| !known.ops().can_execute()) else { continue };
        fits(path.push(id.0).unwrap_or(path), known, &node)?;
        values.insert(id, node);
    }
    Ok(values)
}

fn fits(path: Path, def: &ResourceDef, node: &Node) -> Result<(), Rejection> {
    let refuse = |why: String| Err(Rejection::bad_request(format!("{path}: {why}")));
    let one = |value: &Value| match def.check(value) {
        _ if !def.kind().takes(value) => refuse(format!("expected {}, found {}", def.kind(), value.kind())),
        Err(rejection) => refuse(rejection.detail.into_owned()),
        Ok(()) => Ok(()),
    };
    match (def.is_multiple(), node) {
        _ if def.ops().can_execute() => refuse("it is executed".to_owned()),
        (true, Node::Multiple(items)) => items.values().try_for_each(one),
        (false, Node::Value(value)) => one(value),
        (true, _) => refuse("resource instances are expected".to_owned()),
        (false, _) => refuse("one value is expected".to_owned()),
    }
}

fn missing(why: String) -> Rejection {
    Rejection::new(Code::NOT_FOUND, why)
}
