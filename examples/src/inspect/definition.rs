//! Definitions of objects, for people and for scripts.

use std::fmt::Write as _;

use lwm2m_core::{Interval, ObjectDef, ResourceDef};
use serde_json::{Value as Json, json};

/// A table: the object in the first line, then a line for each resource.
#[must_use]
pub fn table(def: &ObjectDef) -> String {
    let how = |multiple, mandatory| {
        (if multiple { "multiple" } else { "single" }, if mandatory { "mandatory" } else { "optional" })
    };
    let (often, must) = how(def.is_multiple(), def.is_mandatory());
    let mut text = format!(
        "{} {}, version {}, {often}, {must}, {}\n",
        def.id(),
        def.name(),
        def.object_version(),
        def.urn()
    );
    let widest = def.resources().iter().map(|resource| resource.name().chars().count()).max().unwrap_or(0);
    for resource in def.resources() {
        let (often, must) = how(resource.is_multiple(), resource.is_mandatory());
        let (name, pad) = (resource.name(), widest - resource.name().chars().count());
        let line = format!(
            "  {:5} {name}{:pad$}  {:2} {often:8} {must:9} {:16} {}",
            resource.id().0,
            "",
            resource.ops().to_string(),
            resource.kind().to_string(),
            limits(resource)
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// `0 to 100 %`, `16, 32, 48 octets`
fn limits(def: &ResourceDef) -> String {
    let mut text = def.bounds().iter().map(Interval::to_string).collect::<Vec<_>>().join(", ");
    if !text.is_empty() && is_length(def) {
        text.push_str(" octets");
    }
    if let Some(unit) = def.unit_name() {
        let _ = write!(text, "{}{unit}", if text.is_empty() { "" } else { " " });
    }
    text
}

fn is_length(def: &ResourceDef) -> bool {
    use lwm2m_core::Kind;
    matches!(def.kind(), Kind::String | Kind::Corelnk | Kind::Opaque)
}

/// The same as JSON.
#[must_use]
pub fn json(def: &ObjectDef) -> Json {
    let interval = |interval: &Interval| match *interval {
        Interval::Integer(least, greatest) => json!([least, greatest]),
        Interval::Unsigned(least, greatest) => json!([least, greatest]),
        Interval::Float(least, greatest) => json!([least, greatest]),
    };
    let resource = |def: &ResourceDef| {
        json!({
            "id": def.id().0,
            "name": def.name(),
            "operations": if def.ops() == lwm2m_core::Ops::None { String::new() } else { def.ops().to_string() },
            "type": def.kind().to_string(),
            "multiple": def.is_multiple(),
            "mandatory": def.is_mandatory(),
            (if is_length(def) { "lengths" } else { "ranges" }): def.bounds().iter().map(interval).collect::<Vec<_>>(),
            "unit": def.unit_name(),
        })
    };
    json!({
        "id": def.id().0,
        "name": def.name(),
        "version": def.object_version().to_string(),
        "urn": def.urn(),
        "multiple": def.is_multiple(),
        "mandatory": def.is_mandatory(),
        "resources": def.resources().iter().map(resource).collect::<Vec<_>>(),
    })
}
