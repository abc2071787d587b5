//! Content formats: pure functions between values and bytes. [Core 1.2 §7.4]
//!
//! | what | written by | read by |
//! |---|---|---|
//! | the node at a path: Read, Write, a notification | [`encode`] | [`decode`]; with times [`decode_timed`], without a tree [`decode_into`] |
//! | values of many places and times: composite answers, Send, histories | [`encode_many`] | [`decode_many`] |
//! | places: the body of a Read-Composite or Observe-Composite | [`encode_paths`] | [`decode_paths`] |
//! | new instances: Create | [`encode_create`] | [`decode_create`] |
//! | what to set and to remove: Write-Composite | [`encode_patch`] | [`decode_patch`] |
//! | values of SenML that know no LwM2M | | [`decode_senml`] |
//!
//! Every function but the last takes the format, a [`Context`] (definitions, version, tree) and the path that the payload
//! belongs to. No function allocates more than a small multiple of its input, and a refusal names the place.
//! Which format a payload takes is in [`negotiate`].

use std::fmt;

use std::collections::BTreeMap;

use crate::{InstanceId, Model, Node, ObjectId, Path, Tree, UnixTime, Value, Values, Version};

mod cbor;
mod date;
mod decimal;
mod error;
mod everyday;
mod formats;
mod gather;
mod json;
mod leaf;
mod leaf_write;
mod lookup;
mod lwm2m_cbor;
pub mod negotiate;
mod opaque;
mod scalar;
mod senml;
mod senml_cbor;
mod senml_json;
mod store;
mod target;
mod text;
mod tlv;
mod untyped;

pub use self::{
    error::{DecodeError, EncodeError},
    untyped::take,
};

use self::{
    formats::Format,
    store::{Growing, List},
    target::Target,
};

/// Number of a content format. A number, not an enum: unknown formats survive and are refused by whoever needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ContentFormat(pub u16);

impl ContentFormat {
    /// `text/plain`: one value.
    pub const TEXT: Self = Self(0);
    /// `application/link-format`: Register and Discover.
    pub const LINK: Self = Self(40);
    /// `application/octet-stream`: one opaque value.
    pub const OPAQUE: Self = Self(42);
    /// `application/cbor`: one value.
    pub const CBOR: Self = Self(60);
    /// `application/senml+json`.
    pub const SENML_JSON: Self = Self(110);
    /// `application/senml+cbor`.
    pub const SENML_CBOR: Self = Self(112);
    /// `application/senml-etch+json`.
    pub const SENML_ETCH_JSON: Self = Self(320);
    /// `application/senml-etch+cbor`.
    pub const SENML_ETCH_CBOR: Self = Self(322);
    /// `application/vnd.oma.lwm2m+tlv`.
    pub const TLV: Self = Self(11542);
    /// `application/vnd.oma.lwm2m+json`: LwM2M 1.0.
    pub const JSON: Self = Self(11543);
    /// `application/vnd.oma.lwm2m+cbor`: LwM2M 1.2.
    pub const LWM2M_CBOR: Self = Self(11544);

    /// The number in use today for a number that devices used before registration (1541 to 1544).
    #[must_use]
    pub const fn current(self) -> Self {
        match self.0 {
            1541 => Self::TEXT,
            1542 => Self::TLV,
            1543 => Self::JSON,
            1544 => Self::OPAQUE,
            _ => self,
        }
    }
}

impl fmt::Display for ContentFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a payload is read or written with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Definitions: kinds of values, and what is multiple.
    pub model: &'a dyn Model,
    /// Version of the enabler that the peer speaks.
    pub version: Version,
    /// The tree that paths inside the payload stand in.
    pub tree: &'a Tree,
}

/// When a value was measured. A device without a clock can only say how long ago. [RFC 8428 §4.5.3]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Stamp {
    /// At this moment.
    At(UnixTime),
    /// This many microseconds before the message was made.
    Ago(u64),
}

/// A node with its place and, where the sender said so, its time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Timed {
    /// When it was measured.
    pub at: Option<Stamp>,
    /// The tree.
    pub tree: Tree,
    /// The place in the tree.
    pub path: Path,
    /// The value, or everything below the place.
    pub node: Node,
}

/// A value of SenML under any name, as sensors give it that know nothing of LwM2M.
#[derive(Clone, Debug, PartialEq)]
pub struct SenmlRecord {
    /// The base name and the name.
    pub name: String,
    /// When it was measured.
    pub at: Option<Stamp>,
    /// The value, as it looks like.
    pub value: Value,
}

/// One part of a Write-Composite. The tree is that of the context.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    /// This place gets this value.
    Set(Path, Node),
    /// This resource instance goes.
    Remove(Path),
}

/// An instance to create: with the id that the server chose, or none.
pub type NewInstance = (Option<InstanceId>, Values);

/// Instances to create.
pub type NewInstances = Vec<NewInstance>;

/// Most values of a payload. The smallest takes two bytes on the wire and some hundred in memory.
pub const MAX_VALUES: usize = 65_536;

/// Writes a node. `at` is the path it belongs to. A number is written as the kind that the definition says, where that
/// loses nothing.
///
/// # Errors
/// The format cannot carry this node, or a value is not what the definition says; `out` is as it was.
pub fn encode(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let codec = Format::of(format)
        .filter(|codec| codec.carries(Target::of(cx, at)))
        .ok_or(EncodeError::Unsupported(format, at))?;
    let before = out.len();
    (codec.encode)(cx, at, node, out).inspect_err(|_| out.truncate(before))
}

/// Reads a node that belongs to `at`.
///
/// Without a definition a value is what it looks like: a String in plain text, Opaque in TLV, and of the type that the
/// payload names elsewhere. It is never refused for that. Times do not count.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode(format: ContentFormat, cx: &Context<'_>, at: Path, bytes: &[u8]) -> Result<Node, DecodeError> {
    let (codec, target) = reader(format, cx, at)?;
    let mut node = Growing::new(target, at);
    (codec.node)(cx, at, bytes, &mut node)?;
    node.node(bytes.len())
}

/// As [`decode`], without the tree: adds to `out` one value per resource or resource instance, in the order of the
/// payload. What is empty has none.
///
/// # Errors
/// As [`decode`]; `out` is as it was.
pub fn decode_into(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    out: &mut Vec<(Path, Value)>,
) -> Result<(), DecodeError> {
    let (codec, target) = reader(format, cx, at)?;
    let before = out.len();
    let mut list = List::after(std::mem::take(out));
    let read = (codec.list)(cx, at, bytes, &mut list);
    let read = read.and_then(|()| list.check(target, bytes.len()));
    *out = list.into_values();
    read.inspect_err(|_| out.truncate(before))
}

/// The format, if it carries what stands at a path.
fn reader(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
) -> Result<(&'static Format, Target), DecodeError> {
    let target = Target::of(cx, at);
    let codec = Format::of(format).filter(|codec| codec.carries(target));
    codec.map(|codec| (codec, target)).ok_or(DecodeError::Unsupported(format, at))
}

/// Writes the payload of a Create. It holds one instance without an id, or any number with ids.
///
/// # Errors
/// The format cannot carry it, or a value is not what the definition says; `out` is as it was.
pub fn encode_create(
    format: ContentFormat,
    cx: &Context<'_>,
    object: ObjectId,
    new: &[NewInstance],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let create = Format::of(format).and_then(|codec| codec.create.as_ref());
    let create = create.ok_or_else(|| EncodeError::Unsupported(format, object_path(object)))?;
    let before = out.len();
    (create.encode)(cx, object, new, out).inspect_err(|_| out.truncate(before))
}

/// Reads the payload of a Create. An empty one creates an instance without values and without an id.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_create(
    format: ContentFormat,
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let create = Format::of(format).and_then(|codec| codec.create.as_ref());
    let create = create.ok_or_else(|| DecodeError::Unsupported(format, object_path(object)))?;
    (create.decode)(cx, object, bytes)
}

/// Reads what answers a Read or an Observe of `at`: its node, with the time that it is of. Several times are a history:
/// the oldest comes first, what has no time is of now and comes last.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_timed(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
) -> Result<Vec<Timed>, DecodeError> {
    match reader(format, cx, at)?.0.timed {
        Some(decode) => decode(cx, at, bytes),
        None => {
            let node = decode(format, cx, at, bytes)?;
            Ok(vec![Timed { at: None, tree: cx.tree.clone(), path: at, node }])
        }
    }
}

/// Writes values of many places and times: the answer to a composite operation, a Send, a history. Each names its tree.
///
/// # Errors
/// The format cannot carry them, or not their times; a place is there twice; a value is not what the definition says.
/// `out` is as it was.
pub fn encode_many(
    format: ContentFormat,
    cx: &Context<'_>,
    values: &[Timed],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let many = Format::of(format).and_then(|codec| codec.many.as_ref());
    let many = many.ok_or(EncodeError::Unsupported(format, Path::ROOT))?;
    let before = out.len();
    (many.encode)(cx, (), values, out).inspect_err(|_| out.truncate(before))
}

/// Reads values of many places and times: one item per resource or resource instance, in the order of the payload.
/// [`node_at`] puts them together.
///
/// An item of another tree than that of the context names it: a gateway speaks for the devices behind it.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_many(format: ContentFormat, cx: &Context<'_>, bytes: &[u8]) -> Result<Vec<Timed>, DecodeError> {
    let many = Format::of(format).and_then(|codec| codec.many.as_ref());
    let many = many.ok_or(DecodeError::Unsupported(format, Path::ROOT))?;
    (many.decode)(cx, (), bytes)
}

/// Reads a pack of SenML, in JSON or CBOR, whose names need not be paths: what a gateway is told by others. Units are
/// passed over; sums and base values are refused. [RFC 8428]
///
/// # Errors
/// The first thing that is wrong, and where; or the format is another.
pub fn decode_senml(format: ContentFormat, bytes: &[u8]) -> Result<Vec<SenmlRecord>, DecodeError> {
    match format {
        ContentFormat::SENML_JSON => senml::decode_records::<senml_json::Json>(bytes),
        ContentFormat::SENML_CBOR => senml::decode_records::<senml_cbor::Cbor>(bytes),
        other => Err(DecodeError::Unsupported(other, Path::ROOT)),
    }
}

/// Writes places: the body of a composite read. There is at least one.
///
/// # Errors
/// The format cannot carry them; `out` is as it was.
pub fn encode_paths(
    format: ContentFormat,
    cx: &Context<'_>,
    paths: &[Path],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let codec = Format::of(format).and_then(|codec| codec.paths.as_ref());
    let codec = codec.ok_or(EncodeError::Unsupported(format, Path::ROOT))?;
    let before = out.len();
    (codec.encode)(cx, (), paths, out).inspect_err(|_| out.truncate(before))
}

/// Reads places, in the order of the payload. One may be there twice, or be a part of another.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_paths(format: ContentFormat, cx: &Context<'_>, bytes: &[u8]) -> Result<Vec<Path>, DecodeError> {
    let codec = Format::of(format).and_then(|codec| codec.paths.as_ref());
    let codec = codec.ok_or(DecodeError::Unsupported(format, Path::ROOT))?;
    (codec.decode)(cx, (), bytes)
}

/// Writes what to set and what to remove: the body of a Write-Composite. Only SenML-ETCH can remove.
///
/// # Errors
/// The format cannot carry it, or a value is not what the definition says; `out` is as it was.
pub fn encode_patch(
    format: ContentFormat,
    cx: &Context<'_>,
    patch: &[Patch],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let codec = Format::of(format).and_then(|codec| codec.patch.as_ref());
    let codec = codec.ok_or(EncodeError::Unsupported(format, Path::ROOT))?;
    let before = out.len();
    (codec.encode)(cx, (), patch, out).inspect_err(|_| out.truncate(before))
}

/// Reads what to set and what to remove, one resource or resource instance each, in the order of the payload.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_patch(
    format: ContentFormat,
    cx: &Context<'_>,
    bytes: &[u8],
) -> Result<Vec<Patch>, DecodeError> {
    let codec = Format::of(format).and_then(|codec| codec.patch.as_ref());
    let codec = codec.ok_or(DecodeError::Unsupported(format, Path::ROOT))?;
    (codec.decode)(cx, (), bytes)
}

/// The node at a path, of values that are at it or below it, whatever their times; the first of each place counts.
/// `None`: there are none.
#[must_use]
pub fn node_at<'a>(at: Path, values: impl IntoIterator<Item = &'a Timed>) -> Option<Node> {
    store::node_at(at, values)
}

/// A place that is there twice, or as a part of another, in the same tree and of the same time.
fn overlapping(values: &[Timed]) -> Option<Path> {
    let clash = |pair: &[&Timed]| match pair {
        [a, b] if a.tree == b.tree && a.at == b.at && a.path.contains(&b.path) => Some(b.path),
        _ => None,
    };
    // most often they are in order already
    let in_order =
        |a: &Timed, b: &Timed| (&a.tree, a.at, a.path) < (&b.tree, b.at, b.path) && !a.path.contains(&b.path);
    if values.is_sorted_by(in_order) {
        return None;
    }
    let mut sorted: Vec<&Timed> = values.iter().collect();
    sorted.sort_unstable_by(|a, b| (&a.tree, a.at, a.path).cmp(&(&b.tree, b.at, b.path)));
    sorted.windows(2).find_map(clash)
}

/// New instances as an object: each needs an id.
fn numbered(
    format: ContentFormat,
    at: Path,
    new: &[NewInstance],
) -> Result<BTreeMap<InstanceId, Node>, EncodeError> {
    let mut instances = BTreeMap::new();
    for (id, values) in new {
        let id = id.ok_or(EncodeError::Unsupported(format, at))?;
        let path = at.push(id.0).map_err(|_| EncodeError::Unsupported(format, at))?;
        let resources: BTreeMap<_, _> = values.iter().cloned().collect();
        if resources.len() != values.len() || instances.insert(id, Node::Instance(resources)).is_some() {
            return Err(EncodeError::Twice(path));
        }
    }
    Ok(instances)
}

fn object_path(object: ObjectId) -> Path {
    Path::object(object).unwrap_or(Path::ROOT)
}
