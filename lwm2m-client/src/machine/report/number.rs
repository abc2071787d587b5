//! Numeric values against thresholds, exactly: an integer of 64 bits does not fit a float.

use std::cmp::Ordering;

use lwm2m_core::Value;

#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}

impl Number {
    pub(super) const fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) | Value::Time(number) => Some(Self::Integer(*number as i128)),
            Value::Unsigned(number) => Some(Self::Integer(*number as i128)),
            Value::Float(number) => Some(Self::Float(*number)),
            _ => None,
        }
    }

    /// From at or below the threshold to above it, or from at or above it to below. A NaN crosses nothing.
    pub(super) fn crosses(self, to: Self, threshold: f64) -> bool {
        match (self.compare(threshold), to.compare(threshold)) {
            (Some(from), Some(to)) => (from.is_le() && to.is_gt()) || (from.is_ge() && to.is_lt()),
            _ => false,
        }
    }

    /// At least this far from each other? A NaN is not.
    pub(super) fn apart(self, other: Self, step: f64) -> bool {
        if let (Self::Integer(one), Self::Integer(two)) = (self, other) {
            let distance = Self::Integer(one.saturating_sub(two).saturating_abs());
            return distance.compare(step).is_some_and(Ordering::is_ge);
        }
        let (one, two) = (self.as_float(), other.as_float());
        // The difference of two infinities is not a number.
        one == two && step <= 0.0 || (one - two).abs() >= step
    }

    fn compare(self, with: f64) -> Option<Ordering> {
        match self {
            Self::Float(number) => number.partial_cmp(&with),
            // Beyond this every integer of 64 bits is smaller, or greater.
            Self::Integer(_) if with >= 1e30 => Some(Ordering::Less),
            Self::Integer(_) if with <= -1e30 => Some(Ordering::Greater),
            Self::Integer(_) if with.is_nan() => None,
            Self::Integer(number) => {
                let whole = with.floor();
                let fraction = if with > whole { Ordering::Less } else { Ordering::Equal };
                Some(number.cmp(&(whole as i128)).then(fraction))
            }
        }
    }

    const fn as_float(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_compare_exactly_beyond_what_a_float_holds() {
        let big = 1_i128 << 53;
        let threshold = 9_007_199_254_740_992.0; // 2^53
        assert_eq!(Number::Integer(big).compare(threshold), Some(Ordering::Equal));
        assert_eq!(Number::Integer(big + 1).compare(threshold), Some(Ordering::Greater));
        assert!(Number::Integer(big).crosses(Number::Integer(big + 1), threshold));
        assert!(Number::Integer(big + 1).apart(Number::Integer(big), 1.0));
        assert!(!Number::Integer(i128::from(u64::MAX)).apart(Number::Integer(i128::from(u64::MAX) - 1), 1.5));
        assert_eq!(Number::Integer(i128::from(u64::MAX)).compare(f64::INFINITY), Some(Ordering::Less));
        assert_eq!(Number::Integer(i128::from(i64::MIN)).compare(-1e300), Some(Ordering::Greater));
    }

    #[test]
    fn integers_compare_with_fractions_on_both_sides_of_zero() {
        for (number, with, expected) in [
            (2, 2.5, Ordering::Less),
            (3, 2.5, Ordering::Greater),
            (-2, -2.5, Ordering::Greater),
            (-3, -2.5, Ordering::Less),
            (0, -0.0, Ordering::Equal),
        ] {
            assert_eq!(Number::Integer(number).compare(with), Some(expected), "{number} {with}");
        }
    }
}
