//! A refusal with a mark under the octet that is wrong.

use std::fmt::Write as _;

use lwm2m_core::codec::{ContentFormat, DecodeError};

/// Octets of a line of hexadecimal digits.
const PER_LINE: usize = 16;
/// Letters of text before and after the mark.
const AROUND: usize = 30;

/// What is wrong, and below it the place, if there is one.
#[must_use]
pub fn explain(what: &str, offset: Option<usize>, octets: &[u8], is_text: bool) -> String {
    let Some(offset) = offset else { return what.to_owned() };
    let mut text = format!("{what}\n");
    match str::from_utf8(octets) {
        Ok(letters) if is_text && !letters.contains(|c: char| c.is_control() && c != '\n') => {
            in_text(&mut text, letters, offset);
        }
        _ => in_octets(&mut text, octets, offset),
    }
    text
}

/// Of a payload.
#[must_use]
pub fn of_payload(error: &DecodeError, format: ContentFormat, payload: &[u8]) -> String {
    let text = [
        ContentFormat::TEXT,
        ContentFormat::LINK,
        ContentFormat::SENML_JSON,
        ContentFormat::SENML_ETCH_JSON,
        ContentFormat::JSON,
    ];
    explain(&error.to_string(), error.offset(), payload, text.contains(&format))
}

/// The line of the offset and the one before.
fn in_octets(text: &mut String, octets: &[u8], offset: usize) {
    let line = offset / PER_LINE;
    for number in line.saturating_sub(1)..=line {
        let from = number * PER_LINE;
        let here = octets.get(from..).unwrap_or_default();
        let here = here.get(..here.len().min(PER_LINE)).unwrap_or_default();
        let digits: Vec<String> = here.iter().map(|octet| format!("{octet:02x}")).collect();
        let _ = writeln!(text, "  {from:6}  {}", digits.join(" "));
    }
    let _ = write!(text, "  {:6}  {}^^", "", " ".repeat(offset % PER_LINE * 3));
    if offset >= octets.len() {
        text.push_str(" the end");
    }
}

fn in_text(text: &mut String, letters: &str, offset: usize) {
    let before: Vec<char> =
        letters.char_indices().take_while(|(at, _)| *at < offset).map(|(_, c)| c).collect();
    let after = letters.char_indices().skip_while(|(at, _)| *at < offset).map(|(_, c)| c);
    let start = before.len().saturating_sub(AROUND);
    let plain = |c: char| if c == '\n' { ' ' } else { c };
    let left: String = before.iter().skip(start).copied().map(plain).collect();
    let right: String = after.take(AROUND).map(plain).collect();
    let cut = if start > 0 { ".." } else { "" };
    let _ = writeln!(text, "  {cut}{left}{right}");
    let _ = write!(text, "  {}^", " ".repeat(cut.len() + left.chars().count()));
    if right.is_empty() {
        text.push_str(" the end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_below_the_octet() {
        let octets: Vec<u8> = (0..20).collect();
        assert_eq!(
            explain("byte 17: odd", Some(17), &octets, false),
            "byte 17: odd\n       0  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n      16  10 11 12 13\n             ^^"
        );
        assert_eq!(
            explain("short", Some(2), &[1, 2], false),
            "short\n       0  01 02\n                ^^ the end"
        );
        assert_eq!(explain("no place", None, &octets, false), "no place");
    }

    #[test]
    fn the_mark_stands_below_the_letter() {
        assert_eq!(explain("odd", Some(3), "äb9".as_bytes(), true), "odd\n  äb9\n    ^");
        let long = "x".repeat(40) + "y" + &"z".repeat(40);
        let told = explain("odd", Some(40), long.as_bytes(), true);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[1].find('y'), lines[2].find('^'));
        assert!(lines[1].len() < 70);
    }
}
