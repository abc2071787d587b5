//! Octets as people have them: hexadecimal, Base64, in a file, or on standard input.

use std::{
    fs,
    io::{self, Read as _},
};

use base64::{Engine as _, engine::DecodePaddingMode, engine::GeneralPurpose, engine::GeneralPurposeConfig};

use crate::text::Mistake;

/// Most octets of a file or of standard input: no message or payload is larger.
const MAX_INPUT: u64 = 64 << 20;

/// How octets are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Hexadecimal digits if there is nothing else, then Base64; a file and standard input as text of these, or else as
    /// they are
    #[default]
    Auto,
    /// Hexadecimal digits; spaces, colons, commas and 0x do not count
    Hex,
    /// Base64 or base64url, with or without padding
    Base64,
    /// The text itself
    Text,
    /// The octets of a file or of standard input as they are
    Raw,
}

/// The octets that were given: `-` is standard input, `@FILE` a file.
///
/// # Errors
/// The file cannot be read, or the text is not of the form.
pub fn octets(given: &str, form: Form) -> Result<Vec<u8>, Mistake> {
    let read = match (given, given.strip_prefix('@')) {
        ("-", _) => limited(io::stdin(), "standard input")?,
        (_, Some(file)) => limited(fs::File::open(file).map_err(|error| cannot(file, &error))?, file)?,
        _ => return of_text(given, form),
    };
    match (form, String::from_utf8(read)) {
        (Form::Raw, Ok(text)) => Ok(text.into_bytes()),
        (Form::Raw | Form::Auto, Err(octets)) => Ok(octets.into_bytes()),
        (Form::Auto, Ok(text)) => Ok(of_text(text.trim(), form).unwrap_or_else(|_| text.into_bytes())),
        (Form::Text, Ok(text)) => Ok(text.into_bytes()),
        (_, Ok(text)) => of_text(text.trim(), form),
        (_, Err(_)) => Err(Mistake::new("the input is not text: say --as raw")),
    }
}

fn limited(from: impl io::Read, name: &str) -> Result<Vec<u8>, Mistake> {
    let mut octets = Vec::new();
    from.take(MAX_INPUT + 1).read_to_end(&mut octets).map_err(|error| cannot(name, &error))?;
    if octets.len() as u64 > MAX_INPUT {
        return Err(Mistake::new(format!("{name} has more than {MAX_INPUT} octets")));
    }
    Ok(octets)
}

/// A file that cannot be read.
pub(crate) fn cannot(file: &str, error: &io::Error) -> Mistake {
    Mistake::new(format!("{file}: {error}"))
}

fn of_text(text: &str, form: Form) -> Result<Vec<u8>, Mistake> {
    match form {
        Form::Hex => hex(text),
        Form::Base64 => base64(text),
        Form::Text | Form::Raw => Ok(text.as_bytes().to_vec()),
        Form::Auto => hex(text).or_else(|not_hex| {
            let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
            if digits {
                return Err(not_hex);
            }
            base64(text).map_err(|_| {
                Mistake::new("the input is neither hexadecimal nor Base64; for plain text say --as text, for a file @FILE")
            })
        }),
    }
}

fn hex(text: &str) -> Result<Vec<u8>, Mistake> {
    let text = text.replace("0x", "").replace("0X", "");
    let mut digits = Vec::new();
    for letter in text.chars().filter(|letter| !letter.is_whitespace() && ![':', ',', '-'].contains(letter)) {
        let digit = letter.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digits.push(digit.ok_or_else(|| Mistake::new(format!("`{letter}` is no hexadecimal digit")))?);
    }
    let (pairs, rest) = digits.as_chunks::<2>();
    if rest.is_empty() {
        Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
    } else {
        Err(Mistake::new(format!("{} hexadecimal digits are no whole octets", digits.len())))
    }
}

fn base64(text: &str) -> Result<Vec<u8>, Mistake> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    let letters: String = text.split_whitespace().collect::<String>().replace('-', "+").replace('_', "/");
    engine.decode(letters).map_err(|error| Mistake::new(format!("not Base64: {error}")))
}

/// As octets are shown.
#[must_use]
pub fn to_hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// As Base64 with padding.
#[must_use]
pub fn to_base64(octets: &[u8]) -> String {
    base64::prelude::BASE64_STANDARD.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_and_base64_are_told_apart() {
        let read = |text| octets(text, Form::Auto);
        for text in ["82a3", "82 A3", "0x82,0xa3", "82:a3", "82-a3\n", "gqM=", "gqM"] {
            assert_eq!(read(text), Ok(vec![0x82, 0xa3]), "{text}");
        }
        assert_eq!(octets("-_8", Form::Base64), Ok(vec![0xfb, 0xff]), "of URLs");
        assert_eq!(octets("21.5", Form::Text), Ok(b"21.5".to_vec()));
        assert_eq!(read("82a"), Err(Mistake::new("3 hexadecimal digits are no whole octets")));
        assert!(read("21.5").unwrap_err().0.starts_with("the input is neither"));
        assert_eq!(to_base64(&[0x82, 0xa3]), "gqM=");
    }
}
