//! Definition of an object.

use std::borrow::Cow;

use crate::{ObjectId, ObjectVersion, ResourceDef, ResourceId};

/// Definition of an object. Const-constructible, so that a generated object needs no XML at run time; or made while the
/// program runs, with [`ObjectDef::owned`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectDef {
    id: ObjectId,
    version: ObjectVersion,
    name: Cow<'static, str>,
    multiple: bool,
    mandatory: bool,
    resources: Cow<'static, [ResourceDef]>,
}

impl ObjectDef {
    /// A single, optional object of version 1.0.
    #[must_use]
    pub const fn new(id: u16, name: &'static str, resources: &'static [ResourceDef]) -> Self {
        Self {
            id: ObjectId(id),
            version: ObjectVersion(1, 0),
            name: Cow::Borrowed(name),
            multiple: false,
            mandatory: false,
            resources: Cow::Borrowed(resources),
        }
    }

    /// As [`ObjectDef::new`], of what is known only while the program runs.
    ///
    /// ```
    /// use lwm2m_core::{Definitions, Kind, Model, ObjectDef, ObjectId, Ops, ResourceDef};
    ///
    /// let level = ResourceDef::owned(0, "Level".to_owned(), Kind::Integer, Ops::RW).range(0, 100).mandatory();
    /// let tank = ObjectDef::owned(32800, "Tank".to_owned(), vec![level]).multiple();
    /// let model: Definitions = [tank].into_iter().collect();
    /// assert_eq!(model.object(ObjectId(32800)).map(ObjectDef::name), Some("Tank"));
    /// ```
    #[must_use]
    pub const fn owned(id: u16, name: String, resources: Vec<ResourceDef>) -> Self {
        Self {
            id: ObjectId(id),
            version: ObjectVersion(1, 0),
            name: Cow::Owned(name),
            multiple: false,
            mandatory: false,
            resources: Cow::Owned(resources),
        }
    }

    /// Sets the version of the object.
    #[must_use]
    pub const fn version(mut self, major: u8, minor: u8) -> Self {
        self.version = ObjectVersion(major, minor);
        self
    }

    /// The object may have several instances.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Every client has this object.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// The object's number.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        self.id
    }

    /// The version that this definition describes.
    #[must_use]
    pub const fn object_version(&self) -> ObjectVersion {
        self.version
    }

    /// The object's name in the registry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// May it have several instances?
    #[must_use]
    pub const fn is_multiple(&self) -> bool {
        self.multiple
    }

    /// Must every client have it?
    #[must_use]
    pub const fn is_mandatory(&self) -> bool {
        self.mandatory
    }

    /// The definitions of its resources.
    #[must_use]
    pub fn resources(&self) -> &[ResourceDef] {
        &self.resources
    }

    /// The definition of one resource.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> Option<&ResourceDef> {
        self.resources.iter().find(|resource| resource.id() == id)
    }

    /// Is this its name? Case, spaces and punctuation do not count: `light control` and `LightControl` are
    /// `Light Control`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        same_name(&self.name, name)
    }

    /// The definition of the resource with this name, read as by [`ObjectDef::is_named`].
    #[must_use]
    pub fn resource_named(&self, name: &str) -> Option<&ResourceDef> {
        self.resources.iter().find(|resource| same_name(resource.name(), name))
    }

    /// As the registry names it: `urn:oma:lwm2m:ext:3303:1.1`. The class follows from the number. [Core 1.2 §7.2.2]
    #[must_use]
    pub fn urn(&self) -> String {
        let class = match self.id.0 {
            0..=2047 => "oma",
            2048..=10240 => "ext",
            _ => "x",
        };
        let version =
            if self.version == ObjectVersion(1, 0) { String::new() } else { format!(":{}", self.version) };
        format!("urn:oma:lwm2m:{class}:{}{version}", self.id)
    }

    /// Of one object's definitions the one of this version, else the newest of the same major version.
    /// Another major version is another object as far as values go. [Core 1.2 §7.2.2]
    pub fn in_version<'a>(
        defs: impl IntoIterator<Item = &'a Self>,
        version: ObjectVersion,
    ) -> Option<&'a Self> {
        let same_major = defs.into_iter().filter(|def| def.version.0 == version.0);
        same_major.max_by_key(|def| (def.version == version, def.version))
    }
}

fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(one).eq(letters(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_version_is_read_as_the_newest_of_its_major_version() {
        let versions =
            [(1, 0), (1, 3), (1, 1), (2, 0)].map(|(a, b)| ObjectDef::new(9, "", &[]).version(a, b));
        for (asked, found) in
            [((1, 0), Some((1, 0))), ((1, 2), Some((1, 3))), ((2, 4), Some((2, 0))), ((3, 0), None)]
        {
            let def = ObjectDef::in_version(&versions, ObjectVersion(asked.0, asked.1));
            assert_eq!(def.map(|def| (def.version.0, def.version.1)), found, "{asked:?}");
        }
    }

    #[test]
    fn names_are_found_however_they_are_typed() {
        let switch = ObjectDef::new(3342, "On/Off switch", &[]);
        assert!(["on/off switch", "OnOffSwitch", "on-off_switch"].iter().all(|name| switch.is_named(name)));
        assert!(!switch.is_named("On/Off") && !switch.is_named(""));
    }

    #[test]
    fn urns_say_the_class_and_a_version_other_than_the_first() {
        for (id, (major, minor), urn) in [
            (6, (1, 0), "urn:oma:lwm2m:oma:6"),
            (3303, (1, 1), "urn:oma:lwm2m:ext:3303:1.1"),
            (10241, (2, 0), "urn:oma:lwm2m:x:10241:2.0"),
        ] {
            assert_eq!(ObjectDef::new(id, "", &[]).version(major, minor).urn(), urn);
        }
    }
}
