//! Every struct says what the registry says of its object, in the newest version.

#[path = "every/mod.rs"]
mod every;

use std::collections::BTreeSet;

use every::every;
use lwm2m_core::{Model as _, ObjectDef, ObjectType, ResourceDef};
use lwm2m_objects::Registry;

/// The structs written by hand.
const BY_HAND: std::ops::RangeInclusive<u16> = 0..=28;

macro_rules! definitions {
    ($($name:ident: $object:ty,)+) => {
        fn structs() -> Vec<&'static ObjectDef> {
            vec![$(<$object>::DEF),+]
        }
    };
}
every!(definitions);

/// Notes `what` where two things that should be the same are not.
macro_rules! compare {
    ($found:ident, $ours:expr, $theirs:expr, $($what:ident)+) => {$(
        if $ours.$what() != $theirs.$what() {
            let what = stringify!($what);
            $found.push((what, format!("{:?}, in the registry {:?}", $ours.$what(), $theirs.$what())));
        }
    )+};
}

fn object_differences(ours: &ObjectDef, theirs: &ObjectDef) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    compare!(found, ours, theirs, name object_version is_multiple is_mandatory);
    found
}

fn resource_differences(
    ours: Option<&ResourceDef>,
    theirs: Option<&ResourceDef>,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            compare!(found, ours, theirs, name kind ops is_multiple is_mandatory bounds unit_name);
        }
        (Some(ours), None) => found.push(("presence", format!("{} is not in the registry", ours.name()))),
        (None, Some(theirs)) => found.push(("presence", format!("{} is missing", theirs.name()))),
        (None, None) => {}
    }
    found
}

fn differences(ours: &ObjectDef) -> Vec<String> {
    let Some(theirs) = Registry.object(ours.id()) else {
        return vec![format!("{} is not in the registry", ours.id())];
    };
    let ids: BTreeSet<_> = ours.resources().iter().chain(theirs.resources()).map(ResourceDef::id).collect();
    let object = object_differences(ours, theirs).into_iter().map(|found| (ours.id().to_string(), found));
    let resources = ids.into_iter().flat_map(|id| {
        let found = resource_differences(ours.resource(id), theirs.resource(id));
        found.into_iter().map(move |found| (format!("{}/{id}", ours.id()), found))
    });
    object.chain(resources).map(|(place, (what, how))| format!("{place} {what}: {how}")).collect()
}

/// Where the structs know better. Leshan's bootstrap server writes 0/7 and 0/8 empty where there is no SMS.
const KNOWN_BETTER: [&str; 2] =
    ["0/7 bounds: [Unsigned(0, 0), Unsigned(6, 6)]", "0/8 bounds: [Unsigned(0, 0), "];

#[test]
fn structs_say_what_the_registry_says() {
    let found: Vec<String> = structs().into_iter().flat_map(differences).collect();
    let known = found.iter().zip(KNOWN_BETTER).filter(|(found, known)| found.starts_with(known)).count();
    assert_eq!(known, KNOWN_BETTER.len(), "the known differences come first:\n{}", found.join("\n"));
    let other = found.get(known..).unwrap_or_default();
    assert!(other.is_empty(), "{} differences:\n{}", other.len(), other.join("\n"));
}

#[test]
fn every_object_of_the_enabler_has_a_struct() {
    let ours: Vec<u16> = structs().iter().map(|def| def.id().0).filter(|id| BY_HAND.contains(id)).collect();
    let theirs = Registry::objects().iter().map(|def| def.id().0).filter(|id| BY_HAND.contains(id));
    assert_eq!(ours, theirs.collect::<Vec<_>>());
}
