//! Writes data items of CBOR, each in its shortest form. [RFC 8949 §4.2.1]

use std::convert::Infallible;

use minicbor::{Encoder, data::IanaTag, encode::Error};

use crate::Value;

/// Where items are written to.
pub(in crate::codec) type Out<'o> = Encoder<&'o mut Vec<u8>>;
/// That a `Vec` takes everything.
pub(in crate::codec) type Written = Result<(), Error<Infallible>>;

/// A value.
pub(in crate::codec) fn put(out: &mut Out<'_>, value: &Value) -> Written {
    match value {
        Value::String(text) | Value::Corelnk(text) => out.str(text)?,
        Value::Opaque(octets) => out.bytes(octets)?,
        Value::Boolean(yes) => out.bool(*yes)?,
        Value::Integer(number) | Value::Time(number) => out.i64(*number)?,
        Value::Unsigned(number) => out.u64(*number)?,
        Value::Float(number) => return float(out, *number),
        Value::Objlnk(link) => out.str(&link.to_string())?,
    };
    Ok(())
}

/// The shortest of three widths that holds every bit of the number.
fn float(out: &mut Out<'_>, number: f64) -> Written {
    let short = number as f32;
    if f64::from(short).to_bits() != number.to_bits() {
        out.f64(number)?;
    } else if is_half(short) {
        out.f16(short)?;
    } else {
        out.f32(short)?;
    }
    Ok(())
}

/// Can 16 bits hold it?
const fn is_half(number: f32) -> bool {
    let bits = number.to_bits();
    let (exponent, mantissa) = ((bits >> 23) & 0xff, bits & 0x7f_ffff);
    match exponent {
        // zero; what is smaller is far below the smallest of 16 bits
        0 => mantissa == 0,
        // infinity; a NaN would keep only some of its bits
        0xff => mantissa == 0 || mantissa == 0x40_0000,
        // normal: from 2^-14 to 2^15, ten bits of mantissa
        113..=142 => mantissa & 0x1fff == 0,
        // subnormal: down to 2^-24, a bit less for each power
        103..=112 => mantissa & ((1 << (126 - exponent)) - 1) == 0,
        _ => false,
    }
}

/// Microseconds, as seconds: a whole number, a float that says them exactly, or a decimal fraction.
pub(in crate::codec) fn seconds(out: &mut Out<'_>, micros: i64) -> Written {
    if micros % 1_000_000 == 0 {
        out.i64(micros / 1_000_000)?;
        return Ok(());
    }
    const BEYOND: f64 = i64::MAX as f64;
    let seconds = micros as f64 / 1e6;
    let read = (seconds * 1e6).round();
    if read < BEYOND && read as i64 == micros {
        return float(out, seconds);
    }
    out.tag(IanaTag::Decimal)?.array(2)?.i8(-6)?.i64(micros)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_used_where_it_is_exact_and_only_there() {
        for number in [
            1.5_f32,
            -0.0,
            65504.0,
            2f32.powi(-24),
            2f32.powi(-14),
            1.5 * 2f32.powi(-23),
            f32::INFINITY,
            f32::NAN,
        ] {
            let mut bytes = Vec::new();
            Encoder::new(&mut bytes).f16(number).unwrap();
            let read = minicbor::Decoder::new(&bytes).f32().unwrap();
            assert_eq!(read.to_bits(), number.to_bits(), "{number}");
            assert!(is_half(number), "{number}");
        }
        for number in [65536.0_f32, 65505.0, 2f32.powi(-25), 1.5 * 2f32.powi(-24), 1.0009, f32::MIN_POSITIVE]
        {
            assert!(!is_half(number), "{number}");
        }
    }
}
