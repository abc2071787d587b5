//! CBOR (60): one value. [Core 1.2 §7.4, Appendix C]

mod read;
mod typed;
mod write;

use minicbor::{Decoder, Encoder};

use crate::{Node, Path};

pub(super) use self::{
    read::{any_text, broken, end, first, go_on, head_of, items, map, rest, scalar, skip, take_head},
    typed::typed,
    write::{Out, Written, put, seconds},
};

use super::{
    ContentFormat, Context, DecodeError, EncodeError,
    scalar::Scalar,
    store::Store,
    target::{Target, fit},
};

pub(super) fn encode(cx: &Context<'_>, at: Path, node: &Node, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Node::Value(value) = node else { return Err(EncodeError::Unsupported(ContentFormat::CBOR, at)) };
    let wrong = |error| EncodeError::Value { path: at, error };
    let value = fit(value, Target::of(cx, at).kind()).map_err(wrong)?;
    put(&mut Encoder::new(out), &value).map_err(|_| EncodeError::TooLong(at)) // a Vec takes everything
}

pub(super) fn read<S: Store>(
    cx: &Context<'_>,
    at: Path,
    bytes: &[u8],
    store: &mut S,
) -> Result<(), DecodeError> {
    let mut decoder = Decoder::new(bytes);
    let mut found = Scalar::Null;
    scalar(&mut decoder, &mut found)?;
    if matches!(found, Scalar::Null) {
        return Err(DecodeError::malformed(0, "null is no value"));
    }
    end(&decoder)?;
    store.only(at, found.into_value(Target::of(cx, at).kind()))
}
