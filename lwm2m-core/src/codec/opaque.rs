//! Opaque (42): one value of kind Opaque, as it is. [Core 1.2 §7.4]

use bytes::Bytes;

use crate::{Node, Path, Value};

use super::{ContentFormat, Context, DecodeError, EncodeError};

pub(super) fn encode(_cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match node {
        Node::Value(Value::Opaque(octets)) => {
            out.extend_from_slice(octets);
            Ok(())
        }
        _ => Err(EncodeError::Unsupported(ContentFormat::OPAQUE, at)),
    }
}

pub(super) fn decode(_cx: &Context<'_>, _at: Path, bytes: &[u8]) -> Result<Node, DecodeError> {
    Ok(Node::Value(Value::Opaque(Bytes::copy_from_slice(bytes))))
}
