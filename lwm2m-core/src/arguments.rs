//! Arguments of Execute: `0,2='10.3'`. [Core 1.2 §6.3.5]

use std::{fmt, str::FromStr};

/// Arguments of an Execute: numbers 0 to 9, each at most once, each with or without a text.
///
/// ```
/// let arguments: lwm2m_core::Arguments = "5,2='10.3'".parse()?;
/// assert_eq!(arguments.get(2), Some(Some("10.3")));
/// assert_eq!(arguments.get(5), Some(None));
/// assert_eq!(arguments.to_string(), "5,2='10.3'");
/// # Ok::<(), lwm2m_core::ArgumentsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(u8, Option<String>)>);

impl Arguments {
    /// No arguments.
    pub const NONE: Self = Self(Vec::new());

    /// Adds argument `digit`, with its text if it has one.
    ///
    /// # Errors
    /// The number is above 9 or there already, or the text has a character that cannot be carried:
    /// anything but printable ASCII, a space, `"`, `'` or `\`.
    pub fn with(mut self, digit: u8, text: Option<&str>) -> Result<Self, ArgumentsError> {
        let error = |why| Err(ArgumentsError { position: 0, why });
        if digit > 9 {
            return error("an argument's number is one digit");
        }
        if self.get(digit).is_some() {
            return error("an argument is given twice");
        }
        if text.is_some_and(|text| !text.bytes().all(is_char)) {
            return error("a text holds a character that is not allowed");
        }
        self.0.push((digit, text.map(str::to_owned)));
        Ok(self)
    }

    /// `None`: not given. `Some(None)`: given without a text.
    #[must_use]
    pub fn get(&self, digit: u8) -> Option<Option<&str>> {
        self.0.iter().find(|(number, _)| *number == digit).map(|(_, text)| text.as_deref())
    }

    /// The arguments in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = (u8, Option<&str>)> {
        self.0.iter().map(|(number, text)| (*number, text.as_deref()))
    }

    /// Were none given?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// CHAR of the grammar: printable ASCII without space, `"`, `'` and `\`.
const fn is_char(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x26 | 0x28..=0x5b | 0x5d..=0x7e)
}

impl FromStr for Arguments {
    type Err = ArgumentsError;

    fn from_str(text: &str) -> Result<Self, ArgumentsError> {
        let bytes = text.as_bytes();
        let mut arguments = Self::NONE;
        let mut at = 0;
        while at < bytes.len() {
            if !arguments.is_empty() {
                at = expect(bytes, at, b',', "a comma must follow")?;
            }
            at = argument(text, at, &mut arguments)?;
        }
        Ok(arguments)
    }
}

/// Reads one argument at `at`; gives the position after it.
fn argument(text: &str, at: usize, arguments: &mut Arguments) -> Result<usize, ArgumentsError> {
    let bytes = text.as_bytes();
    let fail = |position, why| Err(ArgumentsError { position, why });
    let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0') else {
        return fail(at, "an argument begins with a digit");
    };
    if arguments.get(digit).is_some() {
        return fail(at, "an argument is given twice");
    }
    if bytes.get(at + 1) != Some(&b'=') {
        arguments.0.push((digit, None));
        return Ok(at + 1);
    }
    let start = expect(bytes, at + 2, b'\'', "a text begins with '")?;
    let rest = bytes.get(start..).unwrap_or(&[]);
    let length = rest.iter().position(|byte| !is_char(*byte)).unwrap_or(rest.len());
    let end = expect(bytes, start + length, b'\'', "a text is printable ASCII up to '")?;
    let value = text.get(start..start + length).unwrap_or_default();
    arguments.0.push((digit, Some(value.to_owned())));
    Ok(end)
}

fn expect(bytes: &[u8], at: usize, wanted: u8, why: &'static str) -> Result<usize, ArgumentsError> {
    if bytes.get(at) == Some(&wanted) { Ok(at + 1) } else { Err(ArgumentsError { position: at, why }) }
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (number, text)) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            match text {
                Some(text) => write!(f, "{number}='{text}'")?,
                None => write!(f, "{number}")?,
            }
        }
        Ok(())
    }
}

/// Why a text is no argument list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {position}: {why}")]
pub struct ArgumentsError {
    position: usize,
    why: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_round_trip() {
        for text in ["", "5", "2='10.3'", "7,0='https://x'", "0,1,2", "1=''"] {
            assert_eq!(text.parse::<Arguments>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn wrong_lists_name_the_byte() {
        for (text, position) in [
            ("10", 1),
            ("1=2", 2),
            ("1,", 2),
            ("1='a b'", 4),
            ("1='a", 4),
            ("1,1", 2),
            ("a", 0),
            ("1='ä'", 3),
        ] {
            let outcome = text.parse::<Arguments>();
            if text == "1," {
                assert_eq!(outcome.unwrap_err().position, 2);
            } else {
                assert_eq!(outcome.unwrap_err().position, position, "{text}");
            }
        }
    }

    #[test]
    fn what_cannot_be_carried_is_refused_when_built() {
        assert!(Arguments::NONE.with(10, None).is_err());
        assert!(Arguments::NONE.with(1, Some("a b")).is_err());
        assert!(Arguments::NONE.with(1, None).unwrap().with(1, None).is_err());
    }
}
