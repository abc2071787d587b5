//! `registry/FAMILY.rs` and `registry/FAMILY/from_ID.rs`: constant definitions.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use lwm2m_core::{Interval, ObjectDef, ObjectVersion, ResourceDef};

use crate::family::{FAMILIES, Family};

/// Path below `src`, and text.
pub(crate) type Files = BTreeMap<PathBuf, String>;

pub(crate) const MADE: &str = "// Made by lwm2m-objects-generator from the OMA LwM2M registry (see LICENSE-OMA): change the generator, not this.\n";

/// A part ends when it has so many lines.
const LINES: usize = 200;

pub(crate) fn files(objects: &[ObjectDef]) -> Files {
    let mut files = Files::new();
    for family in &FAMILIES {
        let defs = family.of(objects);
        let parts = parts(&defs);
        files.insert(format!("registry/{}.rs", family.name).into(), index(family, &parts));
        for part in parts {
            files.insert(format!("registry/{}/{}.rs", family.name, module(part)).into(), definitions(part));
        }
    }
    files
}

/// Runs of definitions; versions of one object stay together.
fn parts<'a>(defs: &'a [&'a ObjectDef]) -> Vec<&'a [&'a ObjectDef]> {
    let mut parts = Vec::new();
    let (mut begin, mut lines) = (0, 0);
    for (index, def) in defs.iter().enumerate() {
        let another =
            index.checked_sub(1).and_then(|before| defs.get(before)).is_some_and(|b| b.id() != def.id());
        let here = def.resources().len() + 7;
        if another && lines + here > LINES {
            parts.extend(defs.get(begin..index));
            (begin, lines) = (index, 0);
        }
        lines += here;
    }
    parts.extend(defs.get(begin..));
    parts
}

fn module(part: &[&ObjectDef]) -> String {
    format!("from_{}", part.first().map_or(0, |def| def.id().0))
}

fn index(family: &Family, parts: &[&[&ObjectDef]]) -> String {
    let (first, last) = (parts.first().and_then(|p| p.first()), parts.last().and_then(|p| p.last()));
    let id = |def: Option<&&ObjectDef>| def.map_or(0, |def| def.id().0);
    let mut text = format!("//! {} to {}: {}.\n{MADE}\n", id(first), id(last), family.title);
    text.push_str("use lwm2m_core::ObjectDef;\n\n");
    for part in parts {
        let _ = writeln!(text, "mod {};", module(part));
    }
    let _ = writeln!(text, "\npub(super) const PARTS: &[&[ObjectDef]] = &[");
    for part in parts {
        let _ = writeln!(text, "{}::OBJECTS,", module(part));
    }
    text.push_str("];\n");
    text
}

fn definitions(part: &[&ObjectDef]) -> String {
    let id = |def: Option<&&ObjectDef>| def.map_or(0, |def| def.id().0);
    let mut text = format!("//! Objects {} to {}.\n{MADE}\n", id(part.first()), id(part.last()));
    let body: String = part.iter().map(|def| object(def)).collect();
    let intervals = if body.contains("Interval::") { "Interval, " } else { "" };
    let of = if body.contains("R::new") { "Kind::*, ObjectDef, Ops, ResourceDef as R" } else { "ObjectDef" };
    let _ = writeln!(text, "use lwm2m_core::{{{intervals}{of}}};\n");
    let _ = writeln!(text, "pub(super) static OBJECTS: &[ObjectDef] = &[{body}];");
    text
}

fn object(def: &ObjectDef) -> String {
    let resources: String = def.resources().iter().map(resource).collect();
    let mut text = format!("ObjectDef::new({}, {:?}, const {{ &[{resources}] }})", def.id(), def.name());
    let version = def.object_version();
    if version != ObjectVersion::default() {
        let _ = write!(text, ".version({}, {})", version.0, version.1);
    }
    text.push_str(if def.is_multiple() { ".multiple()" } else { "" });
    text.push_str(if def.is_mandatory() { ".mandatory()" } else { "" });
    text.push_str(",\n");
    text
}

fn resource(def: &ResourceDef) -> String {
    let mut text = format!("R::new({}, {:?}, {:?}, Ops::{:?})", def.id(), def.name(), def.kind(), def.ops());
    text.push_str(if def.is_multiple() { ".multiple()" } else { "" });
    text.push_str(if def.is_mandatory() { ".mandatory()" } else { "" });
    text.push_str(&bounds(def));
    if let Some(unit) = def.unit_name() {
        let _ = write!(text, ".unit({unit:?})");
    }
    text.push_str(",\n");
    text
}

fn bounds(def: &ResourceDef) -> String {
    match def.bounds() {
        [] => String::new(),
        [Interval::Integer(least, greatest)] => format!(".range({least}, {greatest})"),
        [Interval::Unsigned(least, greatest)] if i64::try_from(*greatest).is_ok() => {
            format!(".range({least}, {greatest})")
        }
        [Interval::Unsigned(least, greatest)] => format!(".unsigned_range({least}, {greatest})"),
        [Interval::Float(least, greatest)] => format!(".float_range({least:?}, {greatest:?})"),
        several => {
            let several: Vec<_> = several.iter().map(|interval| format!("Interval::{interval:?}")).collect();
            format!(".any_of(&[{}])", several.join(", "))
        }
    }
}
