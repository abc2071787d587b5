//! Whether an operation may go ahead, in the order in which refusals take precedence. [Core 1.2 §6.3]
//!
//! Path, secret object (4.01), object and instance (4.04), access right (4.01), resource
//! (4.04), operation (4.05), formats (4.15, 4.06), payload (4.00). The last two come later, in `batch` and when an
//! answer is encoded.

use lwm2m_core::{
    Code, Path, Rejection, ResourceDef, Version,
    ops::{Verb, WriteMode},
};

use super::{
    access::Rights,
    table::{Table, is_fixed, is_secret},
};

/// Checks what a request addresses, after its path and before its formats and payload.
pub(super) fn check(
    verb: Verb,
    path: Path,
    table: &Table,
    version: Version,
    rights: Rights<'_>,
) -> Result<(), Rejection> {
    let resource = target(verb, path, table, rights)?;
    let fixed = path.object_id().is_some_and(is_fixed);
    let item = path.depth() == 4;
    let readable = resource.is_none_or(|def| def.ops().can_read());
    let writable = resource.is_none_or(|def| def.ops().can_write());
    let single_item = item && resource.is_some_and(|def| !def.is_multiple());
    let several = path.depth() == 2 || resource.is_some_and(ResourceDef::is_multiple) && !item;
    let allowed = match verb {
        Verb::Read | Verb::Observe | Verb::CancelObserve => readable,
        Verb::WriteAttributes if item => readable && version >= Version::V1_1,
        Verb::WriteAttributes => readable,
        Verb::Discover => true,
        Verb::Write(WriteMode::Replace) => writable,
        Verb::Write(WriteMode::Partial) => writable && several,
        Verb::Execute => resource.is_some_and(|def| def.ops().can_execute()),
        Verb::Create => !fixed,
        Verb::Delete if item => writable && version >= Version::V1_2,
        Verb::Delete => !fixed,
        _ => false,
    };
    if allowed && !single_item { Ok(()) } else { Err(not_allowed(path, reason(verb, single_item))) }
}

const fn reason(verb: Verb, single_item: bool) -> &'static str {
    match verb {
        _ if single_item => "the resource has no resource instances",
        Verb::Read | Verb::Observe | Verb::CancelObserve => "not readable",
        Verb::Write(WriteMode::Replace) => "not writable",
        Verb::Write(WriteMode::Partial) => "not writable in parts",
        Verb::Execute => "not executable",
        Verb::Create => "servers do not create instances of this object",
        Verb::Delete => "servers do not delete this",
        _ => NOT_SUPPORTED,
    }
}

const NOT_SUPPORTED: &str = "the client does not do this here";

/// 4.04 in words.
pub(crate) fn missing(path: Path, what: &str) -> Rejection {
    Rejection::new(Code::NOT_FOUND, format!("{path}: no such {what}"))
}

/// 4.05 in words.
pub(crate) fn not_allowed(path: Path, why: &str) -> Rejection {
    Rejection::new(Code::METHOD_NOT_ALLOWED, format!("{path}: {why}"))
}

/// A 4.04 or 4.05 that says nothing gets words: where, and why.
pub(crate) fn explained(mut rejection: Rejection, place: impl std::fmt::Display) -> Rejection {
    let why = match rejection.code {
        Code::NOT_FOUND => "not found",
        Code::METHOD_NOT_ALLOWED => NOT_SUPPORTED,
        _ => return rejection,
    };
    if rejection.detail.is_empty() {
        rejection.detail = format!("{place}: {why}").into();
    }
    rejection
}

/// Secret objects, then the existence of object and instance, the right, and the resource's definition.
fn target<'a>(
    verb: Verb,
    path: Path,
    table: &'a Table,
    rights: Rights<'_>,
) -> Result<Option<&'a ResourceDef>, Rejection> {
    let Some(object) = path.object_id() else { return Ok(None) };
    if is_secret(object) {
        return Err(Rejection::unauthorized(""));
    }
    let known = table.get(object).ok_or_else(|| missing(path, "object"))?;
    if path.instance_id().is_some_and(|instance| !table.has_instance(object, instance)) {
        return Err(missing(path, "instance"));
    }
    if !rights.allow(verb, path) {
        return Err(Rejection::unauthorized(format!("{path}: no right")));
    }
    let Some(resource) = path.resource_id() else { return Ok(None) };
    known.def.resource(resource).map(Some).ok_or_else(|| missing(path, "resource"))
}

#[cfg(test)]
mod tests {
    use lwm2m_core::Code;

    use super::{super::table::tests::table, *};

    fn decide(verb: Verb, path: &str, version: Version) -> Result<(), Code> {
        let refused = check(verb, path.parse().unwrap(), &table(), version, Rights::All);
        refused.map_err(|rejection| rejection.code)
    }

    const REPLACE: Verb = Verb::Write(WriteMode::Replace);
    const PARTIAL: Verb = Verb::Write(WriteMode::Partial);

    #[test]
    fn refusals_come_in_their_order() {
        const UNAUTHORIZED: Result<(), Code> = Err(Code::UNAUTHORIZED);
        const NOT_FOUND: Result<(), Code> = Err(Code::NOT_FOUND);
        const NOT_ALLOWED: Result<(), Code> = Err(Code::METHOD_NOT_ALLOWED);
        for (verb, path, expected) in [
            (Verb::Read, "/0", UNAUTHORIZED),
            (Verb::Discover, "/0/0", UNAUTHORIZED),
            (REPLACE, "/0/9/9", UNAUTHORIZED),
            (Verb::Delete, "/21/0", UNAUTHORIZED),
            (Verb::Read, "/4", NOT_FOUND),
            (REPLACE, "/4/0", NOT_FOUND),
            (Verb::Create, "/4", NOT_FOUND),
            (Verb::Read, "/32800/1", NOT_FOUND),
            (Verb::Delete, "/32800/1", NOT_FOUND),
            (Verb::Read, "/32800/0/99", NOT_FOUND),
            (Verb::Execute, "/32800/1/3", NOT_FOUND),
            (Verb::Read, "/32800/0/3", NOT_ALLOWED),
            (Verb::Read, "/32800/0/6", NOT_ALLOWED),
            (Verb::Observe, "/32800/0/6", NOT_ALLOWED),
            (REPLACE, "/32800/0/2", NOT_ALLOWED),
            (Verb::Execute, "/32800/0/0", NOT_ALLOWED),
            (PARTIAL, "/32800/0/0", NOT_ALLOWED),
            (Verb::Read, "/32800/0/0/0", NOT_ALLOWED),
            (Verb::Delete, "/3/0", NOT_ALLOWED),
            (Verb::Delete, "/1/0", NOT_ALLOWED),
            (Verb::Create, "/3", NOT_ALLOWED),
            (Verb::Read, "/32800", Ok(())),
            (Verb::Read, "/32801", Ok(())),
            (Verb::Read, "/32800/0/4/7", Ok(())),
            (REPLACE, "/32800/0/6", Ok(())),
            (REPLACE, "/32800/0", Ok(())),
            (PARTIAL, "/32800/0", Ok(())),
            (PARTIAL, "/32800/0/4", Ok(())),
            (Verb::Execute, "/32800/0/3", Ok(())),
            (Verb::Create, "/32800", Ok(())),
            (Verb::Delete, "/32800/2", Ok(())),
        ] {
            assert_eq!(decide(verb, path, Version::V1_1), expected, "{verb:?} {path}");
        }
    }

    #[test]
    fn attributes_stand_at_what_can_be_read_and_at_resource_instances_since_1_1() {
        const REFUSED: Result<(), Code> = Err(Code::METHOD_NOT_ALLOWED);
        for (path, expected) in [
            ("/0", Err(Code::UNAUTHORIZED)),
            ("/4", Err(Code::NOT_FOUND)),
            ("/32800", Ok(())),
            ("/32800/1", Err(Code::NOT_FOUND)),
            ("/32800/0", Ok(())),
            ("/32800/0/99", Err(Code::NOT_FOUND)),
            ("/32800/0/2", Ok(())),
            ("/32800/0/3", REFUSED),
            ("/32800/0/6", REFUSED),
            ("/32800/0/0/0", REFUSED),
            ("/32800/0/4/7", Ok(())),
        ] {
            assert_eq!(decide(Verb::WriteAttributes, path, Version::V1_1), expected, "{path}");
        }
        assert_eq!(decide(Verb::WriteAttributes, "/32800/0/4/7", Version::V1_0), REFUSED);
        assert_eq!(decide(Verb::WriteAttributes, "/32800/0/4", Version::V1_0), Ok(()));
    }

    #[test]
    fn a_resource_instance_is_deleted_since_1_2() {
        assert_eq!(decide(Verb::Delete, "/32800/0/4/1", Version::V1_1), Err(Code::METHOD_NOT_ALLOWED));
        assert_eq!(decide(Verb::Delete, "/32800/0/4/1", Version::V1_2), Ok(()));
    }
}
