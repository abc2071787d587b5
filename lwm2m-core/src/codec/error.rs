//! Why a payload or a node was refused, and the response code of each.

use std::borrow::Cow;

use crate::{AttributeError, Code, ObjectId, Path, Rejection, ResourceId, ValueError};

use super::ContentFormat;

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
        what: Cow<'static, str>,
        /// Where, counted from 0.
        offset: usize,
    },
    /// The payload speaks of a place that its request does not address.
    #[error("{path} is outside the path of the request")]
    OutsidePath {
        /// The place.
        path: Path,
        /// Where the payload names it.
        offset: usize,
    },
    /// A value is not what the definition says.
    #[error("{path}: {error}")]
    Value {
        /// Of which node.
        path: Path,
        /// What is wrong.
        error: ValueError,
        /// Where it stands.
        offset: usize,
    },
    /// A value of an instance without an id is not what the definition says.
    #[error("resource {resource} of the new instance of /{object}: {error}")]
    NewValue {
        /// Of which object.
        object: ObjectId,
        /// Of which resource.
        resource: ResourceId,
        /// What is wrong.
        error: ValueError,
        /// Where it stands.
        offset: usize,
    },
    /// A response whose code is no answer to the operation.
    #[error("{0} is no answer to the operation")]
    Answer(Code),
    /// More than the decoder is ready to hold.
    #[error("the payload has too many {0}")]
    TooLarge(&'static str),
}

impl DecodeError {
    /// The byte of the payload that is wrong, counted from 0; `None` where it is no single byte.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self {
            Self::Malformed { offset, .. }
            | Self::OutsidePath { offset, .. }
            | Self::Value { offset, .. }
            | Self::NewValue { offset, .. } => Some(*offset),
            Self::Unsupported(..) | Self::Answer(_) | Self::TooLarge(_) => None,
        }
    }

    pub(super) fn malformed(offset: usize, what: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed { what: what.into(), offset }
    }
}

/// 4.15 where the format is the matter, 4.13 where there is too much, else 4.00. [Core 1.2 §6.1.3]
impl From<DecodeError> for Rejection {
    fn from(error: DecodeError) -> Self {
        let code = match error {
            DecodeError::Unsupported(..) => Code::UNSUPPORTED_CONTENT_FORMAT,
            DecodeError::TooLarge(_) => Code::REQUEST_ENTITY_TOO_LARGE,
            _ => Code::BAD_REQUEST,
        };
        Self::new(code, error.to_string())
    }
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
    /// A value is not what the definition says, or the format has no form for it.
    #[error("{path}: {error}")]
    Value {
        /// Of which node.
        path: Path,
        /// What is wrong.
        error: ValueError,
    },
    /// The format has no times.
    #[error("content format {0} has no time for {1}")]
    Timed(ContentFormat, Path),
    /// The place is there twice, of the same time.
    #[error("{0} is there twice")]
    Twice(Path),
    /// A parameter is longer than an option can hold. [RFC 7252 §5.10]
    #[error("{0} is too long for an option")]
    Parameter(&'static str),
    /// The operation is not defined for this place.
    #[error("{0} cannot address {1}")]
    Place(&'static str, Path),
    /// The attributes are none, exclude each other, or cannot stand at this place.
    #[error(transparent)]
    Attributes(#[from] AttributeError),
}

/// As the answer to a Read: 4.06 where the format is the matter, else 5.00. [Core 1.2 §6.1.3]
impl From<EncodeError> for Rejection {
    fn from(error: EncodeError) -> Self {
        let code = match error {
            EncodeError::Unsupported(..) | EncodeError::Timed(..) => Code::NOT_ACCEPTABLE,
            _ => Code::INTERNAL_SERVER_ERROR,
        };
        Self::new(code, error.to_string())
    }
}
