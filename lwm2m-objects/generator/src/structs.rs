//! `ipso.rs` and `ipso/NAME.rs`: a struct for each object from 3200 to 3442.

use std::{collections::BTreeMap, fmt::Write as _};

use lwm2m_core::{Interval, Kind, ObjectDef, ObjectVersion, Ops, ResourceDef};

use crate::{
    definitions::{Files, MADE},
    family::{FAMILIES, Family},
    names::{capital, fields, module_name, type_name},
};

/// Objects whose structs are written by hand.
const BY_HAND: [u16; 2] = [3303, 3311];

const LAST: u16 = 3442;

pub(crate) fn files(objects: &[ObjectDef]) -> Result<Files, String> {
    let mut files = Files::new();
    let mut modules: BTreeMap<String, (String, &Family, u16)> = BTreeMap::new();
    for family in FAMILIES.iter().filter(|family| family.typed) {
        for def in newest(family.of(objects)).into_iter().filter(|def| def.id().0 <= LAST) {
            let id = def.id().0;
            let name = type_name(id, def.name());
            let module = module_name(&name);
            if !BY_HAND.contains(&id) {
                files.insert(format!("ipso/{module}.rs").into(), structure(def, &name)?);
            }
            if let Some((_, _, other)) = modules.insert(module, (name, family, id)) {
                return Err(format!("objects {other} and {id} have the same name"));
            }
        }
    }
    files.insert("ipso.rs".into(), index(&modules));
    Ok(files)
}

fn newest(defs: Vec<&ObjectDef>) -> Vec<&ObjectDef> {
    let mut newest: Vec<&ObjectDef> = Vec::new();
    for def in defs {
        match newest.last_mut() {
            Some(last) if last.id() == def.id() => *last = def,
            _ => newest.push(def),
        }
    }
    newest
}

fn index(modules: &BTreeMap<String, (String, &Family, u16)>) -> String {
    let mut text = format!(
        "//! Structs of the registered objects from 3200 to {LAST}: sensors, actuators, meters, lighting, modems.\n//!\n\
         //! With the feature `types` those of every family that is switched on; [`Temperature`] and [`LightControl`] always.\n\
         {MADE}\n"
    );
    let gate = |family: &Family, id: u16| {
        if BY_HAND.contains(&id) {
            String::new()
        } else {
            format!("#[cfg(all(feature = \"types\", feature = {:?}))]\n", family.name)
        }
    };
    for (module, (_, family, id)) in modules {
        let _ = writeln!(text, "{}mod {module};", gate(family, *id));
    }
    text.push('\n');
    for (module, (name, family, id)) in modules {
        let _ = writeln!(text, "{}pub use self::{module}::{name};", gate(family, *id));
    }
    text.push_str("\n#[cfg(test)]\npub(crate) const DEFS: &[&lwm2m_core::ObjectDef] = &[\n");
    for (name, family, id) in modules.values() {
        let _ = writeln!(text, "{}<{name} as lwm2m_core::ObjectType>::DEF,", gate(family, *id));
    }
    text.push_str("];\n");
    text
}

fn structure(def: &ObjectDef, name: &str) -> Result<String, String> {
    let names: Vec<_> = def.resources().iter().map(|resource| (resource.id().0, resource.name())).collect();
    let mut types = Vec::new();
    let mut body = String::new();
    for (resource, field) in def.resources().iter().zip(fields(&names)) {
        body.push_str(&field_text(def, resource, &field, &mut types)?);
    }
    types.push("Object");
    types.sort_unstable();
    types.dedup();
    let maps = if body.contains("BTreeMap") { "use std::collections::BTreeMap;\n\n" } else { "" };
    let version = def.object_version();
    let mut said = format!("id = {}", def.id());
    if version != ObjectVersion::default() {
        let _ = write!(said, ", version = \"{version}\"");
    }
    let _ = write!(said, ", name = {:?}", def.name());
    said.push_str(if def.is_multiple() { ", multiple" } else { "" });
    said.push_str(if def.is_mandatory() { ", mandatory" } else { "" });
    said.push_str(", serde");
    let title = format!("{} ({})", def.name(), def.id());
    Ok(format!(
        "//! {title}, version {version}.\n{MADE}\n{maps}use lwm2m_core::{{{}}};\n\n/// {title}.\n\
         #[derive(Object, Clone, Debug, Default, PartialEq)]\n#[object({said})]\npub struct {name} {{\n{body}}}\n",
        types.join(", ")
    ))
}

fn field_text(
    object: &ObjectDef,
    def: &ResourceDef,
    field: &str,
    types: &mut Vec<&'static str>,
) -> Result<String, String> {
    let of = rust_type(object, def);
    types.extend(of.starts_with(|c: char| c.is_ascii_uppercase()).then_some(of).filter(|of| *of != "String"));
    let holds = match (def.is_multiple(), def.is_mandatory()) {
        (true, _) if def.kind() != Kind::Executable => format!("BTreeMap<u16, {of}>"),
        (_, true) => of.to_owned(),
        _ => format!("Option<{of}>"),
    };
    let mut said = format!("id = {}", def.id());
    said.push_str(match def.ops() {
        Ops::R => ", ops = \"r\"",
        Ops::W => ", ops = \"w\"",
        Ops::RW => ", ops = \"rw\"",
        Ops::None => ", ops = \"none\"",
        Ops::E => ", execute",
    });
    if in_words(field) != def.name() {
        let _ = write!(said, ", name = {:?}", def.name());
    }
    if def.is_mandatory() {
        said.push_str(", mandatory");
    }
    said.push_str(
        &limits(def).ok_or_else(|| format!("/{}/{}: no attribute says its bounds", object.id(), def.id()))?,
    );
    let mut doc = def.name().to_owned();
    if let Some(unit) = def.unit_name() {
        let _ = write!(said, ", unit = {unit:?}");
        let _ = write!(doc, ", in {unit}");
    }
    Ok(format!("/// {}.\n#[resource({said})]\npub {field}: {holds},\n", doc.trim_end_matches('.')))
}

/// The name that the derive gives to a field.
fn in_words(field: &str) -> String {
    let words = field.trim_start_matches("r#").split('_').map(capital);
    words.collect::<Vec<_>>().join(" ")
}

/// Keys, by object and resource: nobody may see them.
const SECRETS: [(u16, u16); 2] = [(3405, 5), (3412, 9)];

fn rust_type(object: &ObjectDef, def: &ResourceDef) -> &'static str {
    let secret = SECRETS.contains(&(object.id().0, def.id().0));
    match def.kind() {
        Kind::Opaque if secret => "Secret",
        Kind::String if secret => "SecretText",
        Kind::Integer => "i64",
        Kind::Unsigned => "u64",
        Kind::Float => "f64",
        Kind::Boolean => "bool",
        Kind::Opaque => "Bytes",
        Kind::Time => "Time",
        Kind::Objlnk => "Objlnk",
        Kind::Corelnk => "Corelnk",
        Kind::Executable => "Executable",
        _ => "String",
    }
}

fn limits(def: &ResourceDef) -> Option<String> {
    let one = |interval: &Interval| match interval {
        Interval::Integer(least, greatest) if least == greatest => Some(least.to_string()),
        Interval::Unsigned(least, greatest) if least == greatest => Some(least.to_string()),
        _ => None,
    };
    match def.bounds() {
        [] => Some(String::new()),
        [Interval::Integer(least, greatest)] => Some(format!(", range({least}, {greatest})")),
        [Interval::Unsigned(least, greatest)] => Some(format!(", range({least}, {greatest})")),
        [Interval::Float(least, greatest)] => Some(format!(", range({least}, {greatest})")),
        several => {
            let several: Vec<_> = several.iter().map(one).collect::<Option<_>>()?;
            Some(format!(", enumeration({})", several.join(", ")))
        }
    }
}
