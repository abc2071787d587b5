//! Content formats: pure functions between nodes and bytes. [Core 1.2 §7.4]
//!
//! Every function takes the format, a [`Context`] (definitions, version, tree) and the path that the payload
//! belongs to. No function allocates more than a small multiple of its input, and a refusal names the place.

use std::fmt;

use crate::{Code, InstanceId, Model, Node, ObjectId, Path, Tree, UnixTime, ValueError, Values, Version};

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

/// Instances to create: with the id that the server chose, or none.
pub type NewInstances = Vec<(Option<InstanceId>, Values)>;

/// Writes a node. `at` is the path it belongs to.
///
/// # Errors
/// The format cannot carry this node.
pub fn encode(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let _ = (cx, node, out);
    Err(EncodeError::Unsupported(format, at))
}

/// Reads a node that belongs to `at`.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode(format: ContentFormat, cx: &Context<'_>, at: Path, bytes: &[u8]) -> Result<Node, DecodeError> {
    let _ = (cx, bytes);
    Err(DecodeError::Unsupported(format, at))
}

/// Writes the payload of a Create.
///
/// # Errors
/// The format cannot carry it.
pub fn encode_create(
    format: ContentFormat,
    cx: &Context<'_>,
    object: ObjectId,
    new: &[(Option<InstanceId>, Values)],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let _ = (cx, object, new, out);
    Err(EncodeError::Unsupported(format, Path::ROOT))
}

/// Reads the payload of a Create.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn decode_create(
    format: ContentFormat,
    cx: &Context<'_>,
    object: ObjectId,
    bytes: &[u8],
) -> Result<NewInstances, DecodeError> {
    let _ = (cx, object, bytes);
    Err(DecodeError::Unsupported(format, Path::ROOT))
}

/// Why a payload was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The format is unknown, or cannot carry what stands at the path.
    #[error("content format {0} cannot carry {1}")]
    Unsupported(ContentFormat, Path),
    /// The bytes are not of the format.
    #[error("byte {offset}: {what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// Where, counted from 0.
        offset: usize,
    },
    /// The payload speaks of a place that its request does not address.
    #[error("{0} is outside the path of the request")]
    OutsidePath(Path),
    /// A value is not what the definition says.
    #[error("{path}: {error}")]
    Value {
        /// Of which node.
        path: Path,
        /// What is wrong.
        error: ValueError,
    },
    /// A response whose code is no answer to the operation.
    #[error("{0} is no answer to the operation")]
    Answer(Code),
    /// More than the decoder is ready to hold.
    #[error("the payload has too many {0}")]
    TooLarge(&'static str),
}

/// Why a node was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The format is unknown, or cannot carry what stands at the path.
    #[error("content format {0} cannot carry {1}")]
    Unsupported(ContentFormat, Path),
    /// A part is longer than the format can say.
    #[error("{0} is too long for the format")]
    TooLong(Path),
    /// A parameter is longer than an option can hold. [RFC 7252 §5.10]
    #[error("{0} is too long for an option")]
    Parameter(&'static str),
    /// The operation is not defined for this place.
    #[error("{0} cannot address {1}")]
    Place(&'static str, Path),
}
