//! A model that is put together while the program runs.

use crate::{Model, ObjectDef, ObjectId, ObjectVersion};

/// Definitions that a program has collected: its own, or those of OMA's XML (`ddf`, with the feature of that name).
/// Several versions of an object stand side by side.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "Vec<ObjectDef>", into = "Vec<ObjectDef>")
)]
pub struct Definitions {
    /// By id and version.
    objects: Vec<ObjectDef>,
}

impl Definitions {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self { objects: Vec::new() }
    }

    /// Adds a definition; one of the same object and version goes, and is returned.
    pub fn add(&mut self, def: ObjectDef) -> Option<ObjectDef> {
        match self.objects.binary_search_by_key(&key(&def), key) {
            Ok(at) => self.objects.get_mut(at).map(|old| std::mem::replace(old, def)),
            Err(at) => {
                self.objects.insert(at, def);
                None
            }
        }
    }

    /// All, by id and version.
    #[must_use]
    pub fn objects(&self) -> &[ObjectDef] {
        &self.objects
    }

    /// The newest definition of the object with this name, read as by [`ObjectDef::is_named`].
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&ObjectDef> {
        self.objects.iter().rev().find(|def| def.is_named(name))
    }

    fn versions(&self, id: ObjectId) -> &[ObjectDef] {
        let from = self.objects.partition_point(|def| def.id() < id);
        let to = self.objects.partition_point(|def| def.id() <= id);
        self.objects.get(from..to).unwrap_or_default()
    }
}

fn key(def: &ObjectDef) -> (ObjectId, ObjectVersion) {
    (def.id(), def.object_version())
}

impl Extend<ObjectDef> for Definitions {
    fn extend<T: IntoIterator<Item = ObjectDef>>(&mut self, defs: T) {
        for def in defs {
            self.add(def);
        }
    }
}

impl FromIterator<ObjectDef> for Definitions {
    fn from_iter<T: IntoIterator<Item = ObjectDef>>(defs: T) -> Self {
        let mut all = Self::new();
        all.extend(defs);
        all
    }
}

impl From<Vec<ObjectDef>> for Definitions {
    fn from(defs: Vec<ObjectDef>) -> Self {
        defs.into_iter().collect()
    }
}

impl From<Definitions> for Vec<ObjectDef> {
    fn from(defs: Definitions) -> Self {
        defs.objects
    }
}

/// The newest version, unless one is asked for.
impl Model for Definitions {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.versions(id).last()
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        ObjectDef::in_version(self.versions(id), version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_side_by_side_and_the_newest_comes_first() {
        let def = |id, name: &str, minor| ObjectDef::owned(id, name.to_owned(), Vec::new()).version(1, minor);
        let mut all: Definitions =
            [def(9, "Nine", 1), def(3, "Three", 2), def(9, "Nine", 0)].into_iter().collect();
        assert_eq!(all.object(ObjectId(9)), Some(&def(9, "Nine", 1)));
        assert_eq!(all.object_in(ObjectId(9), ObjectVersion(1, 0)), Some(&def(9, "Nine", 0)));
        assert_eq!(all.object(ObjectId(4)), None);
        assert_eq!(all.add(def(9, "Neuf", 0)), Some(def(9, "Nine", 0)));
        assert_eq!(all.named("neuf"), Some(&def(9, "Neuf", 0)));
        assert_eq!(all.objects().len(), 3);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn definitions_are_kept_as_data() {
        use crate::{Interval, Kind, Ops, ResourceDef};
        let resource = |id, kind| ResourceDef::owned(id, "A".to_owned(), kind, Ops::RW).mandatory();
        let resources = vec![
            resource(0, Kind::Unsigned).unsigned_range(1, u64::MAX),
            resource(1, Kind::Opaque).any_of_owned(vec![Interval::Unsigned(6, 6), Interval::Unsigned(9, 9)]),
            resource(2, Kind::Executable).multiple().unit_owned("s".to_owned()),
        ];
        let all: Definitions =
            [ObjectDef::owned(9, "Nine".to_owned(), resources).version(1, 2)].into_iter().collect();
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Definitions>(&text).unwrap(), all, "{text}");
    }
}
