//! All definitions of this crate as a model.

use lwm2m_core::{Model, ObjectDef, ObjectId, ObjectVersion};

#[cfg(feature = "cellular")]
mod cellular;
#[cfg(feature = "ipso")]
mod ipso;
#[cfg(feature = "oma")]
mod oma;
#[cfg(feature = "onem2m")]
mod onem2m;
#[cfg(feature = "openais")]
mod openais;
#[cfg(feature = "registered")]
mod registered;
#[cfg(feature = "ucifi")]
mod ucifi;
#[cfg(feature = "vendor")]
mod vendor;

/// The families that are switched on, by id; their parts by id and version.
const FAMILIES: &[&[&[ObjectDef]]] = &[
    #[cfg(feature = "oma")]
    oma::PARTS,
    #[cfg(feature = "onem2m")]
    onem2m::PARTS,
    #[cfg(feature = "ipso")]
    ipso::PARTS,
    #[cfg(feature = "cellular")]
    cellular::PARTS,
    #[cfg(feature = "openais")]
    openais::PARTS,
    #[cfg(feature = "ucifi")]
    ucifi::PARTS,
    #[cfg(feature = "registered")]
    registered::PARTS,
    #[cfg(feature = "vendor")]
    vendor::PARTS,
];

static ALL: [&ObjectDef; count(false)] = collect(false);
static NEWEST: [&ObjectDef; count(true)] = collect(true);

/// The model of the registered objects, of every family that is switched on, in all versions known here.
///
/// ```
/// use lwm2m_core::{Model as _, ObjectId, ObjectVersion};
/// use lwm2m_objects::Registry;
///
/// let temperature = Registry.object(ObjectId(3303)).map(|def| (def.name(), def.object_version()));
/// # #[cfg(feature = "ipso")]
/// assert_eq!(temperature, Some(("Temperature", ObjectVersion(1, 1))));
/// # #[cfg(feature = "ipso")]
/// assert_eq!(Registry::named("light control").map(|def| def.id()), Some(ObjectId(3311)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registry;

impl Registry {
    /// The newest definition of every object, by id.
    #[must_use]
    pub fn objects() -> &'static [&'static ObjectDef] {
        &NEWEST
    }

    /// All definitions, by id and version.
    #[must_use]
    pub fn all() -> &'static [&'static ObjectDef] {
        &ALL
    }

    /// The definitions of one object, oldest first.
    #[must_use]
    pub fn versions(id: ObjectId) -> &'static [&'static ObjectDef] {
        let from = ALL.partition_point(|def| def.id() < id);
        let after = ALL.get(from..).unwrap_or_default();
        after.get(..after.partition_point(|def| def.id() == id)).unwrap_or_default()
    }

    /// The newest definition of the object with this name; case, spaces and punctuation do not count. Of two with the
    /// same name, as Location (6 and 3336), the one with the lower id.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static ObjectDef> {
        NEWEST.iter().copied().find(|def| def.is_named(name))
    }
}

/// A program's definitions, and the registry's for all other objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithRegistry<M>(pub M);

impl<M: Model> Model for WithRegistry<M> {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.0.object(id).or_else(|| Registry.object(id))
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        self.0.object_in(id, version).or_else(|| Registry.object_in(id, version))
    }
}

/// The newest version, unless one is asked for.
impl Model for Registry {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        let position = NEWEST.binary_search_by_key(&id, |def| def.id()).ok()?;
        NEWEST.get(position).copied()
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        ObjectDef::in_version(Self::versions(id).iter().copied(), version)
    }
}

/// How many definitions there are, of all versions or of the newest.
const fn count(newest: bool) -> usize {
    visit(newest, &mut [])
}

const fn collect<const N: usize>(newest: bool) -> [&'static ObjectDef; N] {
    const NONE: &ObjectDef = &ObjectDef::new(0, "", &[]);
    let mut defs = [NONE; N];
    visit(newest, &mut defs);
    defs
}

/// Writes as many as there is room for. In constants there are neither iterators nor `get`.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler alone")]
const fn visit(newest: bool, defs: &mut [&'static ObjectDef]) -> usize {
    let (mut found, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut part = 0;
        while part < FAMILIES[family].len() {
            let here = FAMILIES[family][part];
            let mut index = 0;
            while index < here.len() {
                // The versions of an object are in one part.
                let last = index + 1 == here.len() || here[index + 1].id().0 != here[index].id().0;
                if last || !newest {
                    if found < defs.len() {
                        defs[found] = &here[index];
                    }
                    found += 1;
                }
                index += 1;
            }
            part += 1;
        }
        family += 1;
    }
    found
}

#[cfg(test)]
#[cfg(feature = "all")]
mod tests {
    use lwm2m_core::{Interval, Kind, Ops, ResourceDef, ResourceId};

    use super::*;

    fn resource(object: u16, id: u16) -> &'static ResourceDef {
        let newest = Registry::versions(ObjectId(object)).last();
        newest.and_then(|def| def.resource(ResourceId(id))).expect("it is in the registry")
    }

    #[test]
    fn every_object_is_found_and_no_other() {
        assert_eq!((Registry::objects().len(), Registry::all().len()), (327, 339));
        assert!(Registry::all().is_sorted_by_key(|def| (def.id(), def.object_version())));
        for def in Registry::objects() {
            assert_eq!(Registry.object(def.id()), Some(*def));
            assert!(def.resources().is_sorted_by_key(|resource| resource.id()));
        }
        for def in Registry::all() {
            assert_eq!(Registry.object_in(def.id(), def.object_version()), Some(*def));
        }
        for unknown in [17, 18, 3307, 65535] {
            assert_eq!(Registry.object(ObjectId(unknown)), None);
        }
    }

    #[test]
    fn versions_are_told_apart() {
        let versions =
            |id| Registry::versions(ObjectId(id)).iter().map(|def| def.object_version().to_string());
        assert_eq!(versions(4).collect::<Vec<_>>(), ["1.0", "1.1", "1.2", "1.3"]);
        let in_version = |id, major, minor| {
            let def = Registry.object_in(ObjectId(id), ObjectVersion(major, minor));
            def.map(|def| (def.object_version().to_string(), def.resources().len()))
        };
        assert_eq!(in_version(1, 1, 0), Some(("1.0".to_owned(), 9)), "resources 0 to 8");
        assert_eq!(
            in_version(3303, 1, 0),
            Some(("1.1".to_owned(), 12)),
            "the newest of the same major version"
        );
        assert_eq!(in_version(3336, 1, 0), None, "another major version is another object");
    }

    #[test]
    fn resources_are_known_as_the_registry_has_them() {
        let battery = resource(3, 9);
        assert_eq!((battery.name(), battery.kind(), battery.ops()), ("Battery Level", Kind::Integer, Ops::R));
        assert_eq!((battery.bounds(), battery.unit_name()), (&[Interval::Integer(0, 100)][..], Some("/100")));
        assert_eq!((resource(1, 8).ops(), resource(1, 8).is_mandatory()), (Ops::E, true));
        assert_eq!((resource(0, 5).ops(), resource(0, 5).kind()), (Ops::None, Kind::Opaque));
        assert!(resource(3, 11).is_multiple() && resource(3, 11).is_mandatory());
        assert_eq!(resource(3311, 5850).name(), "On/Off");
        let bounds = |object, id| {
            let intervals = resource(object, id).bounds().iter();
            intervals.map(Interval::to_string).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(bounds(3388, 910), "0 to 18446744073709551615");
        assert_eq!(bounds(10334, 7), "0 to 9223372036854775807");
        assert_eq!(bounds(3395, 202), "0 | 1 | 2 | 3 | 255");
        assert_eq!(bounds(10308, 7), "", "what is written for people is left open");
        assert_eq!(resource(10482, 5).kind(), Kind::String, "readable without a type");
    }

    #[test]
    fn names_are_found_in_any_case() {
        let id = |name| Registry::named(name).map(|def| def.id().0);
        assert_eq!(
            (id("temperature"), id("ON/OFF SWITCH"), id("onoffswitch")),
            (Some(3303), Some(3342), Some(3342))
        );
        assert_eq!((id("location"), id("no such object")), (Some(6), None));
    }

    #[test]
    fn made_structs_say_what_the_registry_says() {
        assert!(crate::ipso::DEFS.len() > 130);
        for def in crate::ipso::DEFS {
            let registered = Registry.object_in(def.id(), def.object_version()).unwrap();
            for (ours, theirs) in def.resources().iter().zip(registered.resources()) {
                assert_eq!(ours, theirs, "/{}", def.id());
            }
            assert_eq!(*def, registered);
        }
    }
}
