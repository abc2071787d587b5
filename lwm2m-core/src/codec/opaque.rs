//! Opaque (42): one value of kind Opaque, as it is. [Core 1.2 §7.4]

use bytes::Bytes;

use crate::{Node, Path, Value};

use super::{ContentFormat, Context, DecodeError, EncodeError, store::Store};

pub(super) fn encode(_cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match node {
        Node::Value(Value::Opaque(octets)) => {
            out.extend_from_slice(octets);
            Ok(())
        }
        _ => Err(EncodeError::Unsupported(ContentFormat::OPAQUE, at)),
    }
}

pub(super) fn read<S: Store>(
    _cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    store.only(at, Ok(Value::Opaque(Bytes::copy_from_slice(bytes))))
}
