//! Objects and resources of a file.

use std::collections::HashSet;

use roxmltree::Node;

use super::{
    Ddf, Refused, Rule,
    element::{Report, lines, text},
    range,
};
use crate::{Interval, Kind, ObjectDef, ObjectVersion, Ops, RESERVED_ID, ResourceDef};

pub(super) fn file(name: &str, xml: &str) -> Result<Ddf, Refused> {
    let mut report = Report::new(name);
    let mut objects = Vec::new();
    if let Some(document) = report.document(xml) {
        let root = document.root_element();
        if root.has_tag_name("LWM2M") {
            read(&mut report, root, &mut objects);
        } else {
            report.error(root, Rule::Root(root.tag_name().name().to_owned()));
        }
    }
    let Report { errors, notes, .. } = report;
    if errors.is_empty() { Ok(Ddf { objects, notes }) } else { Err(Refused(errors)) }
}

fn read(report: &mut Report<'_>, root: Node<'_, '_>, objects: &mut Vec<ObjectDef>) {
    let (mut none, mut seen) = (true, HashSet::new());
    for element in root.children().filter(|child| child.has_tag_name("Object")) {
        none = false;
        let Some(def) = object(report, element) else { continue };
        if !seen.insert((def.id(), def.object_version())) {
            report.error(element, Rule::SameObject(def.id().0));
        }
        objects.push(def);
    }
    if none {
        report.error(root, Rule::Empty);
    }
}

fn object(report: &mut Report<'_>, element: Node<'_, '_>) -> Option<ObjectDef> {
    let name = report.child(element, "Name").map(text);
    let id = report.child(element, "ObjectID").and_then(|at| report.id(at, "ObjectID", &text(at)));
    let said = report.optional(element, "ObjectVersion");
    let version = version(report, said, "ObjectVersion");
    let enabler = report.optional(element, "LWM2MVersion");
    self::version(report, enabler, "LWM2MVersion");
    let multiple = multiple(report, element);
    let mandatory = mandatory(report, element);
    let resources = report.child(element, "Resources").map(|list| resources(report, list));
    let mut def = ObjectDef::owned(id?, name?, resources?).version(version?.0, version?.1);
    if multiple? {
        def = def.multiple();
    }
    if mandatory? {
        def = def.mandatory();
    }
    urn(report, element, &def);
    Some(def)
}

/// 1.0 unless it is said.
fn version(
    report: &mut Report<'_>,
    element: Option<Node<'_, '_>>,
    name: &'static str,
) -> Option<ObjectVersion> {
    let Some(element) = element else { return Some(ObjectVersion::default()) };
    let text = text(element);
    if text.is_empty() {
        return Some(ObjectVersion::default());
    }
    let version = text.parse().ok();
    if version.is_none() {
        report.error(element, Rule::Version(name, text));
    }
    version
}

fn multiple(report: &mut Report<'_>, element: Node<'_, '_>) -> Option<bool> {
    let words = [("Multiple", true), ("Single", false)];
    report.word(element, "MultipleInstances", "Multiple or Single", &words)
}

fn mandatory(report: &mut Report<'_>, element: Node<'_, '_>) -> Option<bool> {
    let words = [("Mandatory", true), ("Optional", false)];
    report.word(element, "Mandatory", "Mandatory or Optional", &words)
}

fn urn(report: &mut Report<'_>, element: Node<'_, '_>, def: &ObjectDef) {
    let Some(urn) = report.child(element, "ObjectURN") else { return };
    let (said, follows) = (text(urn), def.urn());
    if said != follows && said != format!("{follows}:1.0") {
        report.note(urn, Rule::Urn(said, follows));
    }
}

/// By id.
fn resources(report: &mut Report<'_>, list: Node<'_, '_>) -> Vec<ResourceDef> {
    let mut defs: Vec<ResourceDef> = Vec::new();
    let mut seen = HashSet::new();
    for item in list.children().filter(|child| child.has_tag_name("Item")) {
        let id = item.attribute("ID").unwrap_or_default().trim();
        let id = report.id(item, "ID of an Item", id);
        if let Some(id) = id
            && !seen.insert(id)
        {
            report.error(item, Rule::SameResource(id));
        }
        defs.extend(resource(report, item, id));
    }
    defs.sort_by_key(ResourceDef::id);
    defs
}

const OPERATIONS: [(&str, Ops); 6] =
    [("R", Ops::R), ("W", Ops::W), ("RW", Ops::RW), ("E", Ops::E), ("", Ops::None), ("WR", Ops::RW)];

const TYPES: [(&str, Option<Kind>); 10] = [
    ("String", Some(Kind::String)),
    ("Integer", Some(Kind::Integer)),
    ("Unsigned Integer", Some(Kind::Unsigned)),
    ("Float", Some(Kind::Float)),
    ("Boolean", Some(Kind::Boolean)),
    ("Opaque", Some(Kind::Opaque)),
    ("Time", Some(Kind::Time)),
    ("Objlnk", Some(Kind::Objlnk)),
    ("Corelnk", Some(Kind::Corelnk)),
    ("", None),
];

/// A resource whose id is wrong is still read, for whatever else is wrong.
fn resource(report: &mut Report<'_>, item: Node<'_, '_>, id: Option<u16>) -> Option<ResourceDef> {
    let number = id.unwrap_or(RESERVED_ID);
    let name = report.child(item, "Name").map(text);
    let ops = report.word(item, "Operations", "R, W, RW, E or nothing", &OPERATIONS);
    let multiple = multiple(report, item);
    let mandatory = mandatory(report, item);
    let types = "String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk, Corelnk or nothing";
    let of = report.word(item, "Type", types, &TYPES);
    let kind = match (ops?, of?) {
        (Ops::E, None) => Kind::Executable,
        (Ops::E, Some(_)) => {
            report.error(item, Rule::ExecutableType(number));
            return None;
        }
        (_, Some(kind)) => kind,
        (_, None) => {
            report.note(item, Rule::NoType(number));
            Kind::String
        }
    };
    let mut def = ResourceDef::owned(id?, name?, kind, ops?);
    if multiple? {
        def = def.multiple();
    }
    if mandatory? {
        def = def.mandatory();
    }
    let units = report.optional(item, "Units").map(text).filter(|unit| !unit.is_empty());
    if let Some(unit) = units {
        def = def.unit_owned(unit);
    }
    Some(limits(report, item, def))
}

fn limits(report: &mut Report<'_>, item: Node<'_, '_>, def: ResourceDef) -> ResourceDef {
    let Some(element) = report.optional(item, "RangeEnumeration") else { return def };
    let intervals = range(def.kind(), &lines(element));
    if intervals.is_none() {
        report.note(element, Rule::Range(def.id().0, text(element)));
    }
    match intervals.as_deref() {
        None | Some([]) => def,
        Some(&[Interval::Integer(least, greatest)]) => def.range(least, greatest),
        Some(&[Interval::Unsigned(least, greatest)]) => def.unsigned_range(least, greatest),
        Some(&[Interval::Float(least, greatest)]) => def.float_range(least, greatest),
        Some(several) => def.any_of_owned(several.to_vec()),
    }
}
