//! SenML packs: what JSON and CBOR have in common. [RFC 8428] [RFC 8790] [Core 1.2 §7.4]
//!
//! A pack is a list of records. Names and times are relative to a base that an earlier record set. A record holds one
//! value; several times of one name are its history.
//!
//! | pack | records | read as |
//! |---|---|---|
//! | values | a name and a value, perhaps a time | a node, or a list |
//! | fetch | a name | the paths of a composite read |
//! | patch | a name and a value, or null | what a composite write sets and removes |

mod name;
mod record;
mod resolve;
mod write;

pub(super) use self::{
    name::{NameText, id},
    record::{Label, Record},
    resolve::{Pack, Purpose},
    write::{Given, Line, Writer, many as write_many, node as write_node},
};

use crate::{NoModel, Node, ObjectId, Path, Tree, Version};

use super::{
    Context, DecodeError, EncodeError, NewInstance, NewInstances, Patch, SenmlRecord, Timed,
    gather::{Created, Listed, Named, OfTimes, One, Patched, Records},
    leaf::Sink,
    store::Store,
};

/// How packs are written in JSON or in CBOR.
pub(super) trait Syntax: Writer {
    /// Reads the records of a pack and gives what they mean to `sink`.
    fn read<S: Sink>(
        cx: &Context<'_>,
        bytes: &[u8],
        purpose: Purpose,
        sink: &mut S,
    ) -> Result<(), DecodeError>;
}

pub(super) fn encode<W: Syntax>(
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    write::node::<W>(cx, at, node, out)
}

pub(super) fn read<S: Syntax, Values: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut Values,
) -> Result<(), DecodeError> {
    S::read(cx, bytes, Purpose::Values, &mut One::new(cx, at, store))
}

pub(super) fn decode_timed<S: Syntax>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
) -> Result<Vec<Timed>, DecodeError> {
    let mut times = OfTimes::new(cx, at);
    S::read(cx, bytes, Purpose::Values, &mut times)?;
    times.nodes(bytes.len())
}

pub(super) fn encode_many<W: Syntax>(
    cx: &Context<'_>,
    (): (),
    values: &[Timed],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    write::many::<W>(cx, values, out)
}

pub(super) fn decode_many<S: Syntax>(
    cx: &Context<'_>,
    (): (),
    bytes: &[u8],
) -> Result<Vec<Timed>, DecodeError> {
    let mut listed = Listed::new(cx);
    S::read(cx, bytes, Purpose::Values, &mut listed)?;
    listed.list()
}

pub(super) fn encode_paths<W: Syntax>(
    cx: &Context<'_>,
    (): (),
    paths: &[Path],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    write::paths::<W>(cx, paths, out)
}

pub(super) fn decode_paths<S: Syntax>(
    cx: &Context<'_>,
    (): (),
    bytes: &[u8],
) -> Result<Vec<Path>, DecodeError> {
    let mut named = Named::new();
    S::read(cx, bytes, Purpose::Fetch, &mut named)?;
    let paths = named.list();
    // a fetch pack has a record [RFC 8790]
    if paths.is_empty() { Err(DecodeError::malformed(0, "at least one path is expected")) } else { Ok(paths) }
}

pub(super) fn encode_patch<W: Syntax>(
    cx: &Context<'_>,
    (): (),
    patch: &[Patch],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    write::patch::<W>(cx, patch, out)
}

pub(super) fn decode_patch<S: Syntax>(
    cx: &Context<'_>,
    (): (),
    bytes: &[u8],
) -> Result<Vec<Patch>, DecodeError> {
    let mut patched = Patched::new(cx);
    S::read(cx, bytes, Purpose::Patch, &mut patched)?;
    Ok(patched.list())
}

/// One instance without an id and without values is an empty payload; else every instance needs an id.
pub(super) fn encode_create<W: Syntax>(
    cx: &Context<'_>,
    object: ObjectId,
    new: &[NewInstance],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if let [(None, values)] = new
        && values.is_empty()
    {
        return Ok(());
    }
    let at = Path::object(object).map_err(|_| EncodeError::Unsupported(W::FORMAT, Path::ROOT))?;
    let instances = super::numbered(W::FORMAT, at, new)?;
    // an instance without values would not be seen
    if let Some((id, _)) = instances.iter().find(|(_, node)| super::leaf_write::count(node) == 0) {
        return Err(EncodeError::Unsupported(W::FORMAT, at.push(id.0).unwrap_or(at)));
    }
    write::node::<W>(cx, at, &Node::Object(instances), out)
}

pub(super) fn decode_create<S: Syntax>(
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let mut created = Created::new(cx, object);
    if !bytes.is_empty() {
        S::read(cx, bytes, Purpose::Values, &mut created)?;
    }
    created.instances(bytes.len())
}

pub(super) fn decode_records<S: Syntax>(bytes: &[u8]) -> Result<Vec<SenmlRecord>, DecodeError> {
    let cx = Context { model: &NoModel, version: Version::V1_1, tree: &Tree::DEFAULT };
    let mut records = Records::new();
    S::read(&cx, bytes, Purpose::Names, &mut records)?;
    Ok(records.list())
}
