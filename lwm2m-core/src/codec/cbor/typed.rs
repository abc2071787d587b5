//! Reads values whose kind is known in their usual form: most of those that devices send.

use bytes::Bytes;

use super::read::{definite, head};
use crate::{Kind, Value};

/// Writes the next item to its place as a value of this kind, and returns what follows it. `None`: it has another form,
/// which may be right as well, and nothing was written.
#[inline]
pub(in crate::codec) fn typed<'b>(kind: Kind, rest: &'b [u8], place: &mut Value) -> Option<&'b [u8]> {
    let (first, after) = rest.split_first()?;
    let left;
    match (kind, *first >> 5) {
        (Kind::Integer, 0 | 1) => {
            let number;
            (number, left) = whole(rest)?;
            *place = Value::Integer(number);
        }
        (Kind::Time, 0 | 1) => {
            let number;
            (number, left) = whole(rest)?;
            *place = Value::Time(number);
        }
        (Kind::Unsigned, 0) => {
            let number;
            (number, left) = head(rest)?;
            *place = Value::Unsigned(number);
        }
        (Kind::String, 3) => {
            let octets;
            (octets, left) = definite(rest)?;
            *place = Value::String(str::from_utf8(octets).ok()?.to_owned());
        }
        (Kind::Opaque, 2) => {
            let octets;
            (octets, left) = definite(rest)?;
            *place = Value::Opaque(Bytes::copy_from_slice(octets));
        }
        (Kind::Float, 7) if *first == 0xfb => {
            let bits;
            (bits, left) = after.split_first_chunk()?;
            *place = Value::Float(f64::from_be_bytes(*bits));
        }
        (Kind::Float, 7) if *first == 0xfa => {
            let bits;
            (bits, left) = after.split_first_chunk()?;
            *place = Value::Float(f32::from_be_bytes(*bits).into());
        }
        (Kind::Boolean, 7) if matches!(first, 0xf4 | 0xf5) => {
            left = after;
            *place = Value::Boolean(*first == 0xf5);
        }
        _ => return None,
    }
    Some(left)
}

/// A whole number of either sign. `None`: it is beyond 64 bits.
#[inline]
fn whole(rest: &[u8]) -> Option<(i64, &[u8])> {
    let (number, left) = head(rest)?;
    let number = i64::try_from(number).ok()?;
    let is_negative = rest.first().is_some_and(|first| first >> 5 == 1);
    Some((if is_negative { !number } else { number }, left))
}
