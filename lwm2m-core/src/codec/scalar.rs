//! One value as a payload holds it, before its definition says what it is.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;

use crate::{Kind, Value, ValueError};

use super::{decimal::Decimal, text::BASE64};

/// For addresses: written without padding.
pub(super) const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What stands in a payload. Text is of one of several variants, by what else it may be.
#[derive(Clone, Debug)]
pub(super) enum Scalar<'a> {
    /// A whole number of CBOR.
    Unsigned(u64),
    /// One below zero.
    Negative(i64),
    /// A number of JSON, as it is written there.
    Number(&'a str),
    Float(f64),
    /// `mantissa` times ten to the power of `exponent`.
    Decimal {
        mantissa: i64,
        exponent: i32,
    },
    Boolean(bool),
    /// Text and nothing else.
    Text(Cow<'a, str>),
    /// Text, or an object link: CBOR has no other form for it.
    TextOrLink(Cow<'a, str>),
    /// Text, or octets: legacy JSON has no other form for them.
    TextOrBase64(Cow<'a, str>),
    Link(Cow<'a, str>),
    Base64(Cow<'a, str>),
    Octets(Cow<'a, [u8]>),
    /// Whole seconds since 1970, marked as such.
    Moment(i64),
    Null,
}

impl Scalar<'_> {
    /// Writes it to its place as a value of `kind`; without one as what it looks like. [Core 1.2 Appendix C]
    #[inline]
    pub(super) fn put(&mut self, kind: Option<Kind>, place: &mut Value) -> Result<(), ValueError> {
        // the everyday first, each made in its place
        match (kind, &*self) {
            (Some(Kind::Integer), Self::Unsigned(number)) if *number <= i64::MAX.unsigned_abs() => {
                *place = Value::Integer(number.cast_signed());
            }
            (Some(Kind::Time), Self::Unsigned(number)) if *number <= i64::MAX.unsigned_abs() => {
                *place = Value::Time(number.cast_signed());
            }
            (Some(Kind::Integer), Self::Negative(number)) => *place = Value::Integer(*number),
            (Some(Kind::Unsigned), Self::Unsigned(number)) => *place = Value::Unsigned(*number),
            (Some(Kind::Float), Self::Float(number)) => *place = Value::Float(*number),
            (Some(Kind::Boolean), Self::Boolean(yes)) => *place = Value::Boolean(*yes),
            (
                Some(Kind::String),
                Self::Text(Cow::Borrowed(text))
                | Self::TextOrLink(Cow::Borrowed(text))
                | Self::TextOrBase64(Cow::Borrowed(text)),
            ) => *place = Value::String((*text).to_owned()),
            _ => *place = std::mem::replace(self, Self::Null).into_value(kind)?,
        }
        Ok(())
    }

    /// As a value of `kind`; without one as what it looks like.
    pub(super) fn into_value(self, kind: Option<Kind>) -> Result<Value, ValueError> {
        let Some(kind) = kind else { return self.untyped() };
        match kind {
            Kind::Integer => self.signed(kind).map(Value::Integer),
            Kind::Unsigned => match self {
                Self::Unsigned(number) => Ok(Value::Unsigned(number)),
                other => other.whole(kind).and_then(fitting).map(Value::Unsigned),
            },
            Kind::Float => self.float(kind).map(Value::Float),
            Kind::Time => match self {
                Self::Moment(seconds) => Ok(Value::Time(seconds)),
                other => other.signed(kind).map(Value::Time),
            },
            Kind::Boolean => match self {
                Self::Boolean(yes) => Ok(Value::Boolean(yes)),
                other => Err(other.mismatch(kind)),
            },
            Kind::Opaque => self.octets(kind).map(Value::Opaque),
            Kind::Objlnk => match self {
                Self::Link(text) | Self::TextOrLink(text) => link(&text),
                other => Err(other.mismatch(kind)),
            },
            Kind::Corelnk => self.text(kind).map(Value::Corelnk),
            _ => self.text(Kind::String).map(Value::String),
        }
    }

    fn untyped(self) -> Result<Value, ValueError> {
        match self {
            Self::Unsigned(number) => {
                Ok(i64::try_from(number).map_or(Value::Unsigned(number), Value::Integer))
            }
            Self::Negative(number) => Ok(Value::Integer(number)),
            Self::Number(text) if is_whole(text) => {
                let whole = self.whole(Kind::Integer)?;
                let integer = fitting(whole).map(Value::Integer);
                integer.or_else(|_| fitting(whole).map(Value::Unsigned))
            }
            Self::Number(_) | Self::Float(_) | Self::Decimal { .. } => {
                self.float(Kind::Float).map(Value::Float)
            }
            Self::Boolean(yes) => Ok(Value::Boolean(yes)),
            Self::Text(text) | Self::TextOrLink(text) | Self::TextOrBase64(text) => {
                Ok(Value::String(text.into_owned()))
            }
            Self::Link(text) => link(&text),
            Self::Base64(_) | Self::Octets(_) => self.octets(Kind::Opaque).map(Value::Opaque),
            Self::Moment(seconds) => Ok(Value::Time(seconds)),
            Self::Null => Err(self.mismatch(Kind::String)),
        }
    }

    fn signed(self, kind: Kind) -> Result<i64, ValueError> {
        match self {
            Self::Unsigned(number) => i64::try_from(number).map_err(|_| ValueError::Range),
            Self::Negative(number) => Ok(number),
            other => other.whole(kind).and_then(fitting),
        }
    }

    /// A whole number, also one that is written with a fraction of nothing.
    fn whole(self, kind: Kind) -> Result<i128, ValueError> {
        let fraction = ValueError::Form { expected: kind, why: "which has no fraction" };
        match self {
            Self::Unsigned(number) => Ok(i128::from(number)),
            Self::Negative(number) => Ok(i128::from(number)),
            Self::Float(number) if !number.is_finite() => Err(ValueError::Range),
            Self::Float(number) if number.fract() != 0.0 => Err(fraction),
            Self::Float(number) => Ok(number as i128), // saturates, far beyond any integer
            Self::Decimal { mantissa, exponent } => {
                Decimal::new(mantissa.into(), exponent).whole(0).ok_or(fraction)
            }
            Self::Number(text) => Decimal::parse(text).ok_or(ValueError::Range)?.whole(0).ok_or(fraction),
            other => Err(other.mismatch(kind)),
        }
    }

    fn float(self, kind: Kind) -> Result<f64, ValueError> {
        match self {
            Self::Float(number) => Ok(number),
            Self::Unsigned(number) => Ok(number as f64),
            Self::Negative(number) => Ok(number as f64),
            Self::Decimal { mantissa, exponent } => {
                Decimal::new(mantissa.into(), exponent).to_f64().ok_or(ValueError::Range)
            }
            Self::Number(text) => {
                text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(ValueError::Range)
            }
            other => Err(other.mismatch(kind)),
        }
    }

    fn octets(self, kind: Kind) -> Result<Bytes, ValueError> {
        match self {
            Self::Octets(Cow::Borrowed(octets)) => Ok(Bytes::copy_from_slice(octets)),
            Self::Octets(Cow::Owned(octets)) => Ok(octets.into()),
            Self::Base64(text) | Self::TextOrBase64(text) => {
                let engine = if text.contains(['+', '/']) { &BASE64 } else { &BASE64_URL };
                // padding may be left out, not a part of it
                let whole = !text.ends_with('=') || text.len().is_multiple_of(4);
                let octets = engine.decode(&*text).ok().filter(|_| whole);
                let wrong = ValueError::Form { expected: kind, why: "which is Base64 here" };
                octets.map(Bytes::from).ok_or(wrong)
            }
            other => Err(other.mismatch(kind)),
        }
    }

    fn text(self, kind: Kind) -> Result<String, ValueError> {
        match self {
            Self::Text(text) | Self::TextOrLink(text) | Self::TextOrBase64(text) => Ok(text.into_owned()),
            other => Err(other.mismatch(kind)),
        }
    }

    fn mismatch(&self, expected: Kind) -> ValueError {
        let found = match self {
            Self::Unsigned(_) | Self::Negative(_) => Kind::Integer,
            Self::Number(text) if text.contains(['.', 'e', 'E']) => Kind::Float,
            Self::Number(_) => Kind::Integer,
            Self::Float(_) | Self::Decimal { .. } => Kind::Float,
            Self::Boolean(_) => Kind::Boolean,
            Self::Text(_) | Self::TextOrLink(_) | Self::TextOrBase64(_) => Kind::String,
            Self::Link(_) => Kind::Objlnk,
            Self::Base64(_) | Self::Octets(_) => Kind::Opaque,
            Self::Moment(_) => Kind::Time,
            Self::Null => return ValueError::Form { expected, why: "and null is none" },
        };
        ValueError::Kind { expected, found }
    }

    /// A time in seconds, as microseconds, rounded. `None`: no number, or out of range.
    pub(super) fn micros(&self) -> Option<i64> {
        let whole = match self {
            Self::Unsigned(seconds) => i128::from(*seconds).checked_mul(1_000_000)?,
            Self::Negative(seconds) => i128::from(*seconds).checked_mul(1_000_000)?,
            Self::Float(seconds) => {
                let micros = (seconds * 1e6).round();
                if !micros.is_finite() {
                    return None;
                }
                micros as i128
            }
            Self::Decimal { mantissa, exponent } => Decimal::new((*mantissa).into(), *exponent).rounded(6)?,
            Self::Number(text) => Decimal::parse(text)?.rounded(6)?,
            _ => return None,
        };
        // as far in the past as in the future: the negative of every time is a time
        i64::try_from(whole).ok().filter(|micros| *micros != i64::MIN)
    }
}

/// Neither a fraction nor the negative zero, which only a float has.
fn is_whole(number: &str) -> bool {
    number != "-0" && number.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn fitting<T: TryFrom<i128>>(number: i128) -> Result<T, ValueError> {
    T::try_from(number).map_err(|_| ValueError::Range)
}

fn link(text: &str) -> Result<Value, ValueError> {
    let wrong = ValueError::Form { expected: Kind::Objlnk, why: "which is written object:instance" };
    text.parse().map(Value::Objlnk).map_err(|_| wrong)
}
