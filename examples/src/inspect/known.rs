//! The definitions that `inspect` looks things up in: those of files, then the registry's.

use std::fs;

use lwm2m_core::{Definitions, Model, ObjectDef, ObjectId, ObjectVersion, ddf};
use lwm2m_objects::Registry;

use crate::{inspect::input::cannot, text::Mistake};

/// Definitions of files before those of the registry; some objects in a version that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    own: Definitions,
    versions: Vec<(ObjectId, ObjectVersion)>,
}

impl Known {
    /// Those of the files, and versions as `3:1.0`.
    ///
    /// # Errors
    /// A file is no DDF, or a version is written otherwise.
    pub fn new(files: &[String], versions: &[String]) -> Result<Self, Mistake> {
        let mut own = Definitions::new();
        for file in files {
            own.extend(read(file)?.objects);
        }
        let versions = versions.iter().map(|text| version(text)).collect::<Result<_, _>>()?;
        Ok(Self { own, versions })
    }

    /// By number, or by name.
    #[must_use]
    pub fn find(&self, what: &str) -> Option<&ObjectDef> {
        match what.trim_start_matches('/').parse() {
            Ok(id) => self.object(ObjectId(id)),
            Err(_) => self.own.named(what).or_else(|| Registry::named(what)),
        }
    }
}

/// The definitions of a file.
///
/// # Errors
/// It cannot be read, or breaks a rule: one line each.
pub fn read(file: &str) -> Result<ddf::Ddf, Mistake> {
    let xml = fs::read_to_string(file).map_err(|error| cannot(file, &error))?;
    ddf::parse(file, &xml).map_err(|refused| Mistake::new(refused.to_string()))
}

fn version(text: &str) -> Result<(ObjectId, ObjectVersion), Mistake> {
    let parsed = text
        .split_once(':')
        .and_then(|(id, version)| Some((ObjectId(id.parse().ok()?), version.parse().ok()?)));
    parsed.ok_or_else(|| Mistake::new(format!("`{text}`: the version of an object is written 3:1.0")))
}

impl Model for Known {
    fn object(&self, id: ObjectId) -> Option<&ObjectDef> {
        match self.versions.iter().find(|(object, _)| *object == id) {
            Some((_, version)) => self.object_in(id, *version),
            None => self.own.object(id).or_else(|| Registry::versions(id).last().copied()),
        }
    }

    fn object_in(&self, id: ObjectId, version: ObjectVersion) -> Option<&ObjectDef> {
        let registered = || ObjectDef::in_version(Registry::versions(id).iter().copied(), version);
        self.own.object_in(id, version).or_else(registered)
    }
}
