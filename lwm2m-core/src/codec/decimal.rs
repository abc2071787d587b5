//! Numbers in decimal: exact, where a float would round.

/// `mantissa` times ten to the power of `exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    pub(super) const fn new(mantissa: i128, exponent: i32) -> Self {
        Self { mantissa, exponent }
    }

    /// A number of JSON. `None`: it has more digits than any value needs.
    pub(super) fn parse(number: &str) -> Option<Self> {
        let (negative, unsigned) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut mantissa = 0_i128;
        for digit in whole.bytes().chain(fraction.trim_end_matches('0').bytes()) {
            let digit = i128::from(digit.checked_sub(b'0')?);
            mantissa = mantissa.checked_mul(10)?.checked_add(digit)?;
        }
        let places = i32::try_from(fraction.trim_end_matches('0').len()).ok()?;
        let exponent = exponent.parse::<i32>().ok()?.checked_sub(places)?;
        Some(Self { mantissa: if negative { mantissa.checked_neg()? } else { mantissa }, exponent })
    }

    /// Times ten to the power of `shift`. `None`: not a whole number, or out of range.
    pub(super) fn whole(self, shift: i32) -> Option<i128> {
        match self.split(shift)? {
            (whole, 0, _) => Some(whole),
            _ => None,
        }
    }

    /// Times ten to the power of `shift`, to the nearest whole number. `None`: out of range.
    pub(super) fn rounded(self, shift: i32) -> Option<i128> {
        let (whole, rest, divisor) = self.split(shift)?;
        let up = rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) && rest != 0;
        if up { whole.checked_add(self.mantissa.signum()) } else { Some(whole) }
    }

    /// The whole number, the rest, and what of.
    fn split(self, shift: i32) -> Option<(i128, i128, i128)> {
        if self.mantissa == 0 {
            return Some((0, 0, 1));
        }
        let exponent = self.exponent.checked_add(shift)?;
        let power = 10_i128.checked_pow(exponent.unsigned_abs());
        match (exponent >= 0, power) {
            (true, power) => Some((self.mantissa.checked_mul(power?)?, 0, 1)),
            (false, Some(power)) => {
                Some((self.mantissa.checked_div(power)?, self.mantissa.checked_rem(power)?, power))
            }
            // smaller than anything that counts
            (false, None) => Some((0, 1, i128::MAX)),
        }
    }

    /// The nearest float. `None`: out of range.
    pub(super) fn to_f64(self) -> Option<f64> {
        let number: f64 = format!("{}e{}", self.mantissa, self.exponent).parse().ok()?;
        Some(number).filter(|number| number.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_however_they_are_written() {
        let whole = |text| Decimal::parse(text).and_then(|decimal| decimal.whole(0));
        assert_eq!(whole("18446744073709551615"), Some(18_446_744_073_709_551_615));
        assert_eq!(whole("9007199254740993.0"), Some(9_007_199_254_740_993));
        assert_eq!(whole("-1.5e1"), Some(-15));
        assert_eq!(whole("1200E-2"), Some(12));
        assert_eq!(whole("0e99999"), Some(0));
        for none in ["1.5", "1e-1", "1e99", "9007199254740991.4", "1e99999999999"] {
            assert_eq!(whole(none), None, "{none}");
        }
    }

    #[test]
    fn times_are_rounded_to_the_microsecond() {
        let micros = |text| Decimal::parse(text).and_then(|decimal| decimal.rounded(6));
        assert_eq!(micros("1690000000.25"), Some(1_690_000_000_250_000));
        assert_eq!(micros("-0.0000015"), Some(-2));
        assert_eq!(micros("0.0000014"), Some(1));
        assert_eq!(micros("1e-99"), Some(0));
        assert_eq!(Decimal::new(45, -1).to_f64(), Some(4.5));
        assert_eq!(Decimal::new(1, 999).to_f64(), None);
    }
}
