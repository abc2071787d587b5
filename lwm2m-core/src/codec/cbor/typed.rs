//! Reads values whose kind is known in their usual form: most of those that devices send.

use bytes::Bytes;

use super::read::{definite, head};
use crate::{Kind, Value, codec::everyday::Place};

/// Makes a value of this kind of the next item, and returns what follows it. `None`: it has another form, which may
/// be right as well.
#[inline]
pub(in crate::codec) fn typed(kind: Kind, rest: &[u8], place: impl Place) -> Option<&[u8]> {
    let (first, after) = rest.split_first()?;
    Some(match (kind, *first >> 5) {
        (Kind::Integer, 0 | 1) => {
            let (number, left) = whole(rest)?;
            place.put(Value::Integer(number));
            left
        }
        (Kind::Time, 0 | 1) => {
            let (number, left) = whole(rest)?;
            place.put(Value::Time(number));
            left
        }
        (Kind::Unsigned, 0) => {
            let (number, left) = head(rest)?;
            place.put(Value::Unsigned(number));
            left
        }
        (Kind::String, 3) => {
            let (octets, left) = definite(rest)?;
            place.put(Value::String(str::from_utf8(octets).ok()?.to_owned()));
            left
        }
        (Kind::Opaque, 2) => {
            let (octets, left) = definite(rest)?;
            place.put(Value::Opaque(Bytes::copy_from_slice(octets)));
            left
        }
        (Kind::Float, 7) if *first == 0xfb => {
            let (bits, left) = after.split_first_chunk()?;
            place.put(Value::Float(f64::from_be_bytes(*bits)));
            left
        }
        (Kind::Float, 7) if *first == 0xfa => {
            let (bits, left) = after.split_first_chunk()?;
            place.put(Value::Float(f32::from_be_bytes(*bits).into()));
            left
        }
        (Kind::Boolean, 7) if matches!(first, 0xf4 | 0xf5) => {
            place.put(Value::Boolean(*first == 0xf5));
            after
        }
        _ => return None,
    })
}

/// A whole number of either sign. `None`: it is beyond 64 bits.
#[inline]
fn whole(rest: &[u8]) -> Option<(i64, &[u8])> {
    let (number, left) = head(rest)?;
    let number = i64::try_from(number).ok()?;
    let is_negative = rest.first().is_some_and(|first| first >> 5 == 1);
    Some((if is_negative { !number } else { number }, left))
}
