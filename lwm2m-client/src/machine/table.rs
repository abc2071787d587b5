//! What the machine knows of the objects: definitions and lists of instances.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use lwm2m_core::{InstanceId, Model, ObjectDef, ObjectId, ObjectLink, Objlnk, Path, RESERVED_ID, Version};

use crate::object::Described;

/// Security: its keys are nobody's business. [Core 1.2 §6.3]
pub(crate) const SECURITY: ObjectId = ObjectId(0);
/// Server: lifetime, binding, default periods, Update trigger.
pub(crate) const SERVER: ObjectId = ObjectId(1);
/// Access control.
pub(crate) const ACCESS_CONTROL: ObjectId = ObjectId(2);
/// Device.
const DEVICE: ObjectId = ObjectId(3);
const OSCORE: ObjectId = ObjectId(21);
const COSE: ObjectId = ObjectId(23);

/// Objects with secrets: servers neither see nor touch them. [Core 1.2 §6.3]
pub(crate) const fn is_secret(object: ObjectId) -> bool {
    matches!(object, SECURITY | OSCORE | COSE)
}

/// Objects whose instances come and go by bootstrap alone, or never.
pub(crate) const fn is_fixed(object: ObjectId) -> bool {
    matches!(object, SERVER | ACCESS_CONTROL | DEVICE)
}

/// Ordered by object id; a client has a handful.
#[derive(Default)]
pub(crate) struct Table {
    objects: Vec<Described>,
}

impl Table {
    pub(crate) fn get(&self, object: ObjectId) -> Option<&Described> {
        let position = self.objects.binary_search_by_key(&object, |known| known.def.id()).ok()?;
        self.objects.get(position)
    }

    pub(crate) fn has_instance(&self, object: ObjectId, instance: InstanceId) -> bool {
        self.get(object).is_some_and(|known| known.instances.binary_search(&instance).is_ok())
    }

    /// Replaces what is known of an object; `None`: it is gone.
    pub(crate) fn set(&mut self, object: ObjectId, described: Option<Described>) {
        let position = self.objects.binary_search_by_key(&object, |known| known.def.id());
        match (position, described) {
            (Ok(position), None) => drop(self.objects.remove(position)),
            (Err(position), Some(new)) => self.objects.insert(position, new),
            (Ok(position), Some(new)) => {
                if let Some(known) = self.objects.get_mut(position) {
                    *known = new;
                }
            }
            (Err(_), None) => {}
        }
    }

    pub(crate) fn add_instance(&mut self, object: ObjectId, instance: InstanceId) {
        if let Some(known) = self.get_mut(object)
            && let Err(position) = known.instances.binary_search(&instance)
        {
            known.instances.insert(position, instance);
        }
    }

    pub(crate) fn remove_instance(&mut self, object: ObjectId, instance: InstanceId) {
        if let Some(known) = self.get_mut(object) {
            known.instances.retain(|known| *known != instance);
        }
    }

    /// All that is known.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Described> {
        self.objects.iter()
    }

    /// Objects that servers may see.
    pub(crate) fn visible(&self) -> impl Iterator<Item = ObjectId> {
        self.objects.iter().map(|known| known.def.id()).filter(|object| !is_secret(*object))
    }

    /// The lowest number that no instance has.
    pub(crate) fn free_instance(&self, object: ObjectId, taken: &[InstanceId]) -> Option<InstanceId> {
        let known = self.get(object).map_or(&[][..], |known| &known.instances);
        (0..RESERVED_ID).map(InstanceId).find(|id| known.binary_search(id).is_err() && !taken.contains(id))
    }

    /// May a resource link there? [Core 1.2 Appendix C]
    pub(crate) fn links_to(&self, target: Objlnk) -> bool {
        let whole_object = target.instance.0 == RESERVED_ID;
        target == Objlnk::NULL
            || (whole_object && self.get(target.object).is_some())
            || self.has_instance(target.object, target.instance)
    }

    /// The links of a Register: every object and instance except those with secrets. [Core 1.2 §6.2.1]
    pub(crate) fn links(&self, version: Version) -> Vec<ObjectLink> {
        let visible = self.objects.iter().filter(|known| !is_secret(known.def.id()));
        visible.flat_map(|known| object_links(known, version)).collect()
    }

    /// Equal for equal lists of objects, versions and instances.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for known in self.objects.iter().filter(|known| !is_secret(known.def.id())) {
            (known.def.id(), known.def.object_version(), &known.instances).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn get_mut(&mut self, object: ObjectId) -> Option<&mut Described> {
        let position = self.objects.binary_search_by_key(&object, |known| known.def.id()).ok()?;
        self.objects.get_mut(position)
    }
}

impl Model for Table {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.get(id).map(|known| &*known.def)
    }
}

/// `ver` where the enabler does not imply it, at the link of the object. [Core 1.2 §7.2.2]
pub(crate) fn object_link(def: &ObjectDef, enabler: Version) -> Option<ObjectLink> {
    let mut link = ObjectLink::new(Path::object(def.id()).ok()?);
    let implied = enabler.implied_object_version(def.id());
    link.version = Some(def.object_version()).filter(|version| *version != implied);
    Some(link)
}

fn object_links(known: &Described, version: Version) -> Vec<ObjectLink> {
    let Some(object) = object_link(&known.def, version) else { return Vec::new() };
    let path = object.path;
    let instances = known.instances.iter().filter_map(|instance| path.push(instance.0).ok());
    let said = object.version.is_some() || known.instances.is_empty();
    Some(object).filter(|_| said).into_iter().chain(instances.map(ObjectLink::new)).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use lwm2m_core::{Interval, Kind, Ops, ResourceDef};

    use super::*;
    use crate::object::Definition;

    const RESOURCES: &[ResourceDef] = &[
        ResourceDef::new(0, "Level", Kind::Integer, Ops::RW).mandatory().range(0, 100),
        ResourceDef::new(1, "Label", Kind::String, Ops::RW).range(0, 8),
        ResourceDef::new(2, "Value", Kind::Float, Ops::R).mandatory(),
        ResourceDef::new(3, "Run", Kind::Executable, Ops::E),
        ResourceDef::new(4, "Slots", Kind::Integer, Ops::RW).multiple().range(0, 1000),
        ResourceDef::new(5, "Target", Kind::Objlnk, Ops::RW),
        ResourceDef::new(6, "Key", Kind::Opaque, Ops::W),
        ResourceDef::new(7, "Mode", Kind::Integer, Ops::RW)
            .any_of(&[Interval::Integer(1, 1), Interval::Integer(3, 3)]),
    ];

    /// 0, 1 and 3 with one instance, the multiple object 32800 with instances 0 and 2.
    pub(crate) fn table() -> Table {
        let mut table = Table::default();
        let mut add = |def: ObjectDef, instances: &[u16]| {
            let described = Described {
                instances: instances.iter().copied().map(InstanceId).collect(),
                streamed: Vec::new(),
                reports: false,
                keeps: false,
                def: Definition::Shared(Arc::new(def)),
            };
            table.set(described.def.id(), Some(described));
        };
        add(ObjectDef::new(0, "Security", RESOURCES).version(1, 2).multiple(), &[0]);
        add(ObjectDef::new(1, "Server", RESOURCES).version(1, 2).multiple(), &[0]);
        add(ObjectDef::new(3, "Device", RESOURCES).version(1, 1), &[0]);
        add(ObjectDef::new(32800, "Test", RESOURCES).multiple(), &[0, 2]);
        add(ObjectDef::new(32801, "Single", RESOURCES), &[]);
        table
    }

    #[test]
    fn links_carry_versions_only_where_the_release_does_not_imply_them() {
        let text = |version| {
            let links = table().links(version);
            ObjectLink::list(&lwm2m_core::Tree::DEFAULT, &links).to_string()
        };
        assert_eq!(text(Version::V1_1), "</1>;ver=1.2,</1/0>,</3/0>,</32800/0>,</32800/2>,</32801>");
        assert_eq!(text(Version::V1_2), "</1/0>,</3>;ver=1.1,</3/0>,</32800/0>,</32800/2>,</32801>");
    }

    #[test]
    fn the_lowest_free_number_is_taken() {
        let table = table();
        assert_eq!(table.free_instance(ObjectId(32800), &[]), Some(InstanceId(1)));
        assert_eq!(table.free_instance(ObjectId(32800), &[InstanceId(1)]), Some(InstanceId(3)));
        assert_eq!(table.free_instance(ObjectId(32801), &[]), Some(InstanceId(0)));
    }

    #[test]
    fn the_fingerprint_follows_the_list_and_nothing_else() {
        let (mut one, other) = (table(), table());
        assert_eq!(one.fingerprint(), other.fingerprint());
        one.add_instance(ObjectId(32800), InstanceId(1));
        assert_ne!(one.fingerprint(), other.fingerprint());
        one.remove_instance(ObjectId(32800), InstanceId(1));
        assert_eq!(one.fingerprint(), other.fingerprint());
        one.add_instance(ObjectId(0), InstanceId(1));
        assert_eq!(one.fingerprint(), other.fingerprint(), "object 0 is never announced");
    }
}
