//! The definitions that a vector implies.

use std::collections::BTreeMap;

use lwm2m_core::{Definitions, Kind, Model, ObjectDef, ObjectId, Ops, ResourceDef};
use serde_json::Value as Json;

use crate::{
    field::Fields,
    value::{ids, kind},
};

/// A path of four ids is of a multiple resource.
pub(crate) struct Implied(Definitions);

impl Implied {
    /// Of the types of the items, and of `types`.
    pub(crate) fn by(vector: &Fields<'_>) -> Result<Self, String> {
        let mut said: Vec<(&str, &str)> = Vec::new();
        if vector.0.get("items").is_some() {
            for item in vector.list("items")? {
                said.push((item.text("path")?, item.text("type")?));
            }
        }
        for (path, of) in vector.0.get("types").and_then(Json::as_object).into_iter().flatten() {
            said.push((path, of.as_str().ok_or("`types` holds something else than texts")?));
        }
        let (mut found, mut mixed) = (BTreeMap::<_, ResourceDef>::new(), Vec::new());
        for (path, of) in said.into_iter().filter(|(_, of)| !matches!(*of, "path" | "delete")) {
            let (ids, kind) = (ids(path)?, kind(of)?);
            // Some of the paths that have to be refused are none.
            let [object, _, resource, ..] = ids[..] else { continue };
            let (Ok(object), Ok(resource)) = (u16::try_from(object), u16::try_from(resource)) else {
                continue;
            };
            let ops = if kind == Kind::Executable { Ops::E } else { Ops::RW };
            let def = ResourceDef::new(resource, "", kind, ops);
            let def = if ids.len() == 4 { def.multiple() } else { def };
            let place = (object, resource);
            if found.insert(place, def).is_some_and(|other| other.kind() != kind) {
                mixed.push(place);
            }
        }
        // Several kinds in one resource: no definition has them.
        found.retain(|place, _| !mixed.contains(place));
        let mut objects = BTreeMap::<_, Vec<_>>::new();
        for ((object, _), def) in found {
            objects.entry(object).or_default().push(def);
        }
        // that an object has one instance only, no vector says
        let object = |(id, resources)| ObjectDef::owned(id, String::new(), resources).multiple();
        Ok(Self(objects.into_iter().map(object).collect()))
    }
}

impl Model for Implied {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        self.0.object(id)
    }
}
