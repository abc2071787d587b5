//! All definitions of this crate as a model.

use lwm2m_core::{Model, ObjectDef, ObjectId, ObjectType as _};

use crate::{Device, LightControl, Security, Server, Temperature};

/// By id.
static OBJECTS: [&ObjectDef; 5] =
    [Security::DEF, Server::DEF, Device::DEF, Temperature::DEF, LightControl::DEF];

/// The model of all objects that this crate defines, each in its newest version.
///
/// ```
/// use lwm2m_core::{Model as _, ObjectId};
/// use lwm2m_objects::Registry;
///
/// assert_eq!(Registry.object(ObjectId(3303)).map(|def| def.name()), Some("Temperature"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registry;

impl Registry {
    /// All definitions, by id.
    #[must_use]
    pub fn objects() -> &'static [&'static ObjectDef] {
        &OBJECTS
    }
}

impl Model for Registry {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        let position = OBJECTS.binary_search_by_key(&id, |def| def.id()).ok()?;
        OBJECTS.get(position).copied()
    }
}

#[cfg(test)]
mod tests {
    use lwm2m_core::{Interval, Kind, Ops, ResourceId};

    use super::*;

    #[test]
    fn every_object_is_found_and_no_other() {
        for def in Registry::objects() {
            assert_eq!(Registry.object(def.id()), Some(*def));
        }
        for unknown in [2, 4, 3304, 65535] {
            assert_eq!(Registry.object(ObjectId(unknown)), None);
        }
    }

    #[test]
    fn resources_are_known_as_the_registry_has_them() {
        let resource = |object, id| Registry.resource(ObjectId(object), ResourceId(id)).unwrap();
        let battery = resource(3, 9);
        assert_eq!((battery.name(), battery.kind(), battery.ops()), ("Battery Level", Kind::Integer, Ops::R));
        assert_eq!((battery.bounds(), battery.unit_name()), (&[Interval::Integer(0, 100)][..], Some("/100")));
        assert_eq!((resource(1, 8).ops(), resource(1, 8).is_mandatory()), (Ops::E, true));
        assert_eq!((resource(0, 5).ops(), resource(0, 5).kind()), (Ops::None, Kind::Opaque));
        assert!(resource(3, 11).is_multiple() && resource(3, 11).is_mandatory());
        assert_eq!(resource(3311, 5850).name(), "On/Off");
    }

    #[test]
    fn only_device_has_a_single_instance() {
        let single: Vec<_> = OBJECTS.iter().filter(|def| !def.is_multiple()).map(|def| def.id().0).collect();
        assert_eq!(single, [3]);
    }
}
