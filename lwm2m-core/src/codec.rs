//! Content formats: pure functions between nodes and bytes. [Core 1.2 §7.4]
//!
//! Every function takes the format, a [`Context`] (definitions, version, tree) and the path that the payload
//! belongs to. No function allocates more than a small multiple of its input, and a refusal names the place.

use std::fmt;

use crate::{InstanceId, Model, Node, ObjectId, Path, Tree, UnixTime, Values, Version};

mod error;
mod formats;
pub mod negotiate;
mod opaque;
mod target;
mod text;
mod tlv;
mod untyped;

pub use self::{
    error::{DecodeError, EncodeError},
    untyped::take,
};

use self::{formats::Format, target::Target};

/// Number of a content format. A number, not an enum: unknown formats survive and are refused by whoever needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// At this moment.
    At(UnixTime),
    /// This many microseconds before the message was made.
    Ago(u64),
}

/// A node with its place and, where the sender said so, its time.
#[derive(Clone, Debug, PartialEq)]
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
/// Without a definition a value is a String in plain text and Opaque elsewhere; it is never refused for that.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode(format: ContentFormat, cx: &Context<'_>, at: Path, bytes: &[u8]) -> Result<Node, DecodeError> {
    let codec = Format::of(format)
        .filter(|codec| codec.carries(Target::of(cx, at)))
        .ok_or(DecodeError::Unsupported(format, at))?;
    (codec.decode)(cx, at, bytes)
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

fn object_path(object: ObjectId) -> Path {
    Path::object(object).unwrap_or(Path::ROOT)
}
