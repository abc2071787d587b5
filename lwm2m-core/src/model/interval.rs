//! Which values a definition allows.

use std::fmt;

use crate::{Kind, Value};

/// Least and greatest value that is allowed, both included: of numbers, or of lengths in octets. Exact for every integer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Interval {
    /// Of Integer and Time.
    Integer(i64, i64),
    /// Of Unsigned Integer; of the length of String, Corelnk and Opaque.
    Unsigned(u64, u64),
    /// Of Float.
    Float(f64, f64),
}

impl Interval {
    /// Whole ends, as values of this kind are counted.
    #[must_use]
    pub const fn of(kind: Kind, least: i64, greatest: i64) -> Self {
        const fn length(end: i64) -> u64 {
            if end < 0 { 0 } else { end.cast_unsigned() }
        }
        match kind {
            Kind::Float => Self::Float(least as f64, greatest as f64),
            Kind::Unsigned | Kind::String | Kind::Corelnk | Kind::Opaque => {
                Self::Unsigned(length(least), length(greatest))
            }
            _ => Self::Integer(least, greatest),
        }
    }

    /// Is the value, or its length, inside? What has neither order nor length always is.
    #[must_use]
    pub fn contains(self, value: &Value) -> bool {
        match value {
            Value::Integer(number) | Value::Time(number) => self.has(i128::from(*number)),
            Value::Unsigned(number) => self.has(i128::from(*number)),
            Value::Float(number) => self.has_float(*number),
            Value::String(text) | Value::Corelnk(text) => self.has(text.len() as i128),
            Value::Opaque(octets) => self.has(octets.len() as i128),
            Value::Boolean(_) | Value::Objlnk(_) => true,
        }
    }

    fn has(self, number: i128) -> bool {
        match self {
            Self::Integer(least, greatest) => (i128::from(least)..=i128::from(greatest)).contains(&number),
            Self::Unsigned(least, greatest) => (i128::from(least)..=i128::from(greatest)).contains(&number),
            Self::Float(least, greatest) => (least..=greatest).contains(&(number as f64)),
        }
    }

    fn has_float(self, number: f64) -> bool {
        let (least, greatest) = match self {
            Self::Integer(least, greatest) => (least as f64, greatest as f64),
            Self::Unsigned(least, greatest) => (least as f64, greatest as f64),
            Self::Float(least, greatest) => (least, greatest),
        };
        (least..=greatest).contains(&number)
    }
}

/// `0 to 100`, or `7`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn ends<T: Copy + PartialEq + fmt::Display>(
            f: &mut fmt::Formatter<'_>,
            least: T,
            greatest: T,
        ) -> fmt::Result {
            if least == greatest { least.fmt(f) } else { write!(f, "{least} to {greatest}") }
        }
        match *self {
            Self::Integer(least, greatest) => ends(f, least, greatest),
            Self::Unsigned(least, greatest) => ends(f, least, greatest),
            Self::Float(least, greatest) => ends(f, least, greatest),
        }
    }
}
