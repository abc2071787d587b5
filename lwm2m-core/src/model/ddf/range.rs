//! `RangeEnumeration`: the forms that a program can read. Everything else is for people.

use crate::{Interval, Kind};

/// The intervals that the text of a `RangeEnumeration` names for values of this kind; none when it is empty, nothing when
/// it is not written for programs. What could be read in two ways is not read.
///
/// - `0..100`, `0...100`, and with whole ends `0-100`
/// - a list: `5, 10, 15`, `0; 3.8..20.5`, `0..3, 99`
/// - one number a line with its meaning: `0: off`
/// - for String, Corelnk and Opaque lengths, perhaps followed by `bytes`; one length alone only for Opaque: for text it
///   is sometimes the length and sometimes the greatest length
#[must_use]
pub fn range(kind: Kind, text: &str) -> Option<Vec<Interval>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    if text.contains(':') {
        return labelled(kind, text);
    }
    let text = if is_length(kind) { without_octets(text) } else { text };
    if ambiguous_commas(kind, text) {
        return None;
    }
    let parts: Vec<Interval> =
        text.split([',', ';']).map(|part| interval(kind, part.trim())).collect::<Option<_>>()?;
    match parts[..] {
        [only] if is_one(only) && kind != Kind::Opaque => None,
        _ => Some(parts),
    }
}

const fn is_length(kind: Kind) -> bool {
    matches!(kind, Kind::String | Kind::Corelnk | Kind::Opaque)
}

fn without_octets(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let word = ["bytes", "byte", "octets", "octet"].into_iter().find(|word| lower.ends_with(word));
    let rest = word.and_then(|word| text.get(..text.len() - word.len()));
    rest.map_or(text, str::trim_end)
}

/// A comma may also be a decimal or a thousands separator: `0,5..1,5`, `0..65,535`.
fn ambiguous_commas(kind: Kind, text: &str) -> bool {
    let mut pieces = text.split(',');
    let _before_the_first = pieces.next();
    pieces.any(|piece| {
        let tight = piece.starts_with(|c: char| c.is_ascii_digit());
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        tight && (kind == Kind::Float || digits == 3)
    })
}

/// `0: off`, a line each.
fn labelled(kind: Kind, text: &str) -> Option<Vec<Interval>> {
    if !matches!(kind, Kind::Integer | Kind::Unsigned) {
        return None;
    }
    let line = |line: &str| {
        let (number, meaning) = line.split_once(':')?;
        let meaning = meaning.trim();
        if meaning.is_empty() || meaning.contains(':') { None } else { interval(kind, number.trim()) }
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// `a`, `a..b` or `a-b`.
fn interval(kind: Kind, text: &str) -> Option<Interval> {
    let (least, greatest) = if let Some((least, greatest)) = text.split_once("..") {
        (least, greatest.strip_prefix('.').unwrap_or(greatest))
    } else if let Some((least, greatest)) = text.split_once('-')
        && !least.is_empty()
    {
        // Minus signs beside a dash are not for programs.
        if [least, greatest].iter().any(|end| !end.trim().bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        (least, greatest)
    } else {
        (text, text)
    };
    let (least, greatest) = (least.trim(), greatest.trim());
    let interval = match kind {
        Kind::Integer | Kind::Time => Interval::Integer(whole(least)?, whole(greatest)?),
        Kind::Float => Interval::Float(decimal(least)?, decimal(greatest)?),
        Kind::Unsigned | Kind::String | Kind::Corelnk | Kind::Opaque => {
            Interval::Unsigned(whole(least)?, whole(greatest)?)
        }
        _ => return None,
    };
    in_order(interval).then_some(interval)
}

fn in_order(interval: Interval) -> bool {
    match interval {
        Interval::Integer(least, greatest) => least <= greatest,
        Interval::Unsigned(least, greatest) => least <= greatest,
        Interval::Float(least, greatest) => least <= greatest,
    }
}

fn is_one(interval: Interval) -> bool {
    match interval {
        Interval::Integer(least, greatest) => least == greatest,
        Interval::Unsigned(least, greatest) => least == greatest,
        Interval::Float(least, greatest) => least == greatest,
    }
}

/// Decimal, or hexadecimal after `0x`.
fn whole<T: TryFrom<i128>>(text: &str) -> Option<T> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    T::try_from(if minus { number.checked_neg()? } else { number }).ok()
}

fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The intervals as they print, `open` when the text is not read.
    fn read(kind: Kind, text: &str) -> String {
        match range(kind, text) {
            None => "open".to_owned(),
            Some(intervals) => intervals.iter().map(Interval::to_string).collect::<Vec<_>>().join(" | "),
        }
    }

    #[test]
    fn forms_of_the_registry() {
        for (kind, text, expected) in [
            (Kind::Integer, "0..100", "0 to 100"),
            (Kind::Integer, " -140..-44 ", "-140 to -44"),
            (Kind::Integer, "0..9223372036854775807", "0 to 9223372036854775807"),
            (Kind::Unsigned, "0..18446744073709551615", "0 to 18446744073709551615"),
            (Kind::Integer, "1...15", "1 to 15"),
            (Kind::Integer, "0-255", "0 to 255"),
            (Kind::Integer, "0..247, 255", "0 to 247 | 255"),
            (Kind::Integer, "5, 10, 15, 20", "5 | 10 | 15 | 20"),
            (Kind::Integer, "0: disabled\n\t\t1: normal\n\t\t255: non_responsive", "0 | 1 | 255"),
            (Kind::Unsigned, "0: RELEASED\r\n1: PRESSED", "0 | 1"),
            (Kind::Float, "0.000001..1.0", "0.000001 to 1"),
            (Kind::Float, "-1..1", "-1 to 1"),
            (Kind::Float, "0; 3.8..20.5", "0 | 3.8 to 20.5"),
            (Kind::String, "0..255 bytes", "0 to 255"),
            (Kind::String, "1..64 Bytes", "1 to 64"),
            (Kind::String, "10,26", "10 | 26"),
            (Kind::Opaque, "16,32,48", "16 | 32 | 48"),
            (Kind::Opaque, "6 bytes", "6"),
            (Kind::Unsigned, "0x00..0xFF", "0 to 255"),
            (Kind::Time, "", ""),
        ] {
            assert_eq!(read(kind, text), expected, "{kind} {text}");
        }
    }

    #[test]
    fn what_is_written_for_people_is_left_open() {
        for (kind, text) in [
            (Kind::Integer, "255"),
            (Kind::String, "64"),
            (Kind::String, "32 bytes"),
            (Kind::Integer, "-30..-120"),
            (Kind::Integer, "<7 to >12.5"),
            (Kind::Integer, "2 Instances"),
            (Kind::Integer, "8-Bits"),
            (Kind::Integer, "16-bit"),
            (Kind::Integer, "2 bytes"),
            (Kind::Opaque, "16-32-48 bytes"),
            (Kind::Float, "ON;OFF"),
            (Kind::Boolean, "0..65535"),
            (Kind::String, "The possible values are those listed in the LwM2M Core Specification"),
            (Kind::Integer, "0..65,535"),
            (Kind::Float, "0,5..1,5"),
            (Kind::Integer, "0: off 1: on"),
            (Kind::Unsigned, "-1..5"),
            (Kind::Integer, "0.5..2"),
            (Kind::Integer, "0..99999999999999999999"),
            (Kind::Integer, "5--1"),
            (Kind::Integer, "--1..5"),
            (Kind::Integer, "0..100 %"),
            (Kind::Float, "0..inf"),
            (Kind::Float, "1e3..2e3"),
            (Kind::Integer, "1,,2"),
        ] {
            assert_eq!(read(kind, text), "open", "{kind} {text}");
        }
    }
}
