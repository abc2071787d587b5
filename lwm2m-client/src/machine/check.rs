//! Whether an operation may go ahead, in the order in which refusals take precedence. [Core 1.2 §6.3]
//!
//! Path, secret object (4.01), object and instance (4.04), access right (4.01; object 2 is not evaluated), resource
//! (4.04), operation (4.05), formats (4.15, 4.06), payload (4.00). The last two come later, in `batch` and when an
//! answer is encoded.

use lwm2m_core::{Path, Rejection, ResourceDef, Version, codec::ContentFormat};

use super::{
    head::{Head, Verb},
    table::{Table, is_fixed, is_secret},
};

/// An operation that may go ahead, as far as its head tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Read,
    Discover(Option<u8>),
    Observe,
    Cancel,
    Replace,
    Partial,
    Execute,
    Create,
    Delete,
    /// Of a resource instance.
    DeleteItem,
}

pub(crate) fn check(head: &Head, table: &Table, version: Version) -> Result<Operation, Rejection> {
    let resource = target(head.path, table)?;
    let refused = Err(Rejection::method_not_allowed());
    let readable = resource.is_none_or(|def| def.ops().can_read());
    let writable = resource.is_some_and(|def| def.ops().can_write());
    let item = head.path.depth() == 4;
    let single_item = item && resource.is_some_and(|def| !def.is_multiple());
    if single_item || head.path.is_root() {
        return refused;
    }
    match head.verb {
        Verb::Read if readable => Ok(Operation::Read),
        Verb::Observe if readable => Ok(Operation::Observe),
        Verb::Cancel if readable => Ok(Operation::Cancel),
        Verb::Discover(depth) if !item => Ok(Operation::Discover(depth)),
        Verb::Replace if writable || head.path.depth() == 2 => Ok(Operation::Replace),
        Verb::Partial => Ok(Operation::Partial),
        Verb::ExecuteOrPartial => post_to_resource(head, resource),
        Verb::Create if !head.path.object_id().is_some_and(is_fixed) => Ok(Operation::Create),
        Verb::Delete if item && writable && version >= Version::V1_2 => Ok(Operation::DeleteItem),
        Verb::Delete if head.path.depth() == 2 && !head.path.object_id().is_some_and(is_fixed) => {
            Ok(Operation::Delete)
        }
        _ => refused,
    }
}

/// Execute, unless the payload is of a format for several values and the resource takes that. [Core 1.2 §6.3.3]
fn post_to_resource(head: &Head, resource: Option<&ResourceDef>) -> Result<Operation, Rejection> {
    let several = matches!(
        head.format,
        Some(
            ContentFormat::TLV
                | ContentFormat::SENML_JSON
                | ContentFormat::SENML_CBOR
                | ContentFormat::LWM2M_CBOR
        )
    );
    match resource {
        Some(def) if several && def.is_multiple() && def.ops().can_write() => Ok(Operation::Partial),
        Some(def) if def.ops().can_execute() => Ok(Operation::Execute),
        _ => Err(Rejection::method_not_allowed()),
    }
}

/// Secret objects, then the existence of object, instance and resource definition.
fn target(path: Path, table: &Table) -> Result<Option<&ResourceDef>, Rejection> {
    let Some(object) = path.object_id() else { return Ok(None) };
    if is_secret(object) {
        return Err(Rejection::unauthorized(""));
    }
    let known = table.get(object).ok_or_else(Rejection::not_found)?;
    if path.instance_id().is_some_and(|instance| !table.has_instance(object, instance)) {
        return Err(Rejection::not_found());
    }
    let Some(resource) = path.resource_id() else { return Ok(None) };
    known.def.resource(resource).map(Some).ok_or_else(Rejection::not_found)
}

#[cfg(test)]
mod tests {
    use lwm2m_core::Code;

    use super::{super::table::tests::table, *};

    fn decide(verb: Verb, path: &str, version: Version) -> Result<Operation, Code> {
        let head = Head { verb, path: path.parse().unwrap(), format: None, accept: None };
        check(&head, &table(), version).map_err(|rejection| rejection.code)
    }

    #[test]
    fn refusals_come_in_their_order() {
        const UNAUTHORIZED: Result<Operation, Code> = Err(Code::UNAUTHORIZED);
        const NOT_FOUND: Result<Operation, Code> = Err(Code::NOT_FOUND);
        const NOT_ALLOWED: Result<Operation, Code> = Err(Code::METHOD_NOT_ALLOWED);
        for (verb, path, expected) in [
            (Verb::Read, "/0", UNAUTHORIZED),
            (Verb::Discover(None), "/0/0", UNAUTHORIZED),
            (Verb::Replace, "/0/9/9", UNAUTHORIZED),
            (Verb::Delete, "/21/0", UNAUTHORIZED),
            (Verb::Read, "/4", NOT_FOUND),
            (Verb::Replace, "/4", NOT_FOUND),
            (Verb::Read, "/32800/1", NOT_FOUND),
            (Verb::Delete, "/32800/1", NOT_FOUND),
            (Verb::Read, "/32800/0/99", NOT_FOUND),
            (Verb::ExecuteOrPartial, "/32800/1/3", NOT_FOUND),
            (Verb::Read, "/", NOT_ALLOWED),
            (Verb::Read, "/32800/0/3", NOT_ALLOWED),
            (Verb::Read, "/32800/0/6", NOT_ALLOWED),
            (Verb::Observe, "/32800/0/6", NOT_ALLOWED),
            (Verb::Replace, "/32800/0/2", NOT_ALLOWED),
            (Verb::Replace, "/32800", NOT_ALLOWED),
            (Verb::ExecuteOrPartial, "/32800/0/0", NOT_ALLOWED),
            (Verb::Unsupported, "/32800/0/4/0", NOT_ALLOWED),
            (Verb::Read, "/32800/0/0/0", NOT_ALLOWED),
            (Verb::Discover(None), "/32800/0/4/0", NOT_ALLOWED),
            (Verb::Delete, "/32800", NOT_ALLOWED),
            (Verb::Delete, "/32800/0/4", NOT_ALLOWED),
            (Verb::Delete, "/3/0", NOT_ALLOWED),
            (Verb::Delete, "/1/0", NOT_ALLOWED),
            (Verb::Create, "/3", NOT_ALLOWED),
            (Verb::WriteAttributes, "/3/0", NOT_ALLOWED),
            (Verb::Read, "/32800", Ok(Operation::Read)),
            (Verb::Read, "/32801", Ok(Operation::Read)),
            (Verb::Replace, "/32800/0/6", Ok(Operation::Replace)),
            (Verb::Replace, "/32800/0", Ok(Operation::Replace)),
            (Verb::Partial, "/32800/0", Ok(Operation::Partial)),
            (Verb::ExecuteOrPartial, "/32800/0/3", Ok(Operation::Execute)),
            (Verb::Create, "/32800", Ok(Operation::Create)),
            (Verb::Delete, "/32800/2", Ok(Operation::Delete)),
        ] {
            assert_eq!(decide(verb, path, Version::V1_1), expected, "{verb:?} {path}");
        }
    }

    #[test]
    fn a_resource_instance_is_deleted_since_1_2() {
        assert_eq!(decide(Verb::Delete, "/32800/0/4/1", Version::V1_1), Err(Code::METHOD_NOT_ALLOWED));
        assert_eq!(decide(Verb::Delete, "/32800/0/4/1", Version::V1_2), Ok(Operation::DeleteItem));
    }

    #[test]
    fn a_post_of_several_values_to_a_multiple_resource_is_a_write() {
        let post = |path: &str, format| {
            let head =
                Head { verb: Verb::ExecuteOrPartial, path: path.parse().unwrap(), format, accept: None };
            check(&head, &table(), Version::V1_2).map_err(|rejection| rejection.code)
        };
        assert_eq!(post("/32800/0/4", Some(ContentFormat::TLV)), Ok(Operation::Partial));
        assert_eq!(post("/32800/0/4", Some(ContentFormat::TEXT)), Err(Code::METHOD_NOT_ALLOWED));
        assert_eq!(post("/32800/0/3", Some(ContentFormat::TEXT)), Ok(Operation::Execute));
    }
}
