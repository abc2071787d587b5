//! Certificates and keys one behind the other, in PEM or DER.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

/// A SEQUENCE, as every certificate and key is. [X.690 §8.9]
const SEQUENCE: u8 = 0x30;

/// All blocks of PEM, or all values of DER one behind the other. `None`: it is neither, or there are none.
#[must_use]
pub fn blocks(octets: &[u8]) -> Option<Vec<Bytes>> {
    let found = if octets.first() == Some(&SEQUENCE) { of_der(octets) } else { of_pem(octets) };
    found.filter(|found| !found.is_empty())
}

fn of_pem(octets: &[u8]) -> Option<Vec<Bytes>> {
    let block = |rest: &str| {
        let (_, body) = rest.split_once("-----\n").or_else(|| rest.split_once("-----\r\n"))?;
        let (body, _) = body.split_once("-----END")?;
        let digits: String = body.chars().filter(|char| !char.is_ascii_whitespace()).collect();
        STANDARD.decode(digits).ok().map(Bytes::from)
    };
    std::str::from_utf8(octets).ok()?.split("-----BEGIN ").skip(1).map(block).collect()
}

fn of_der(mut octets: &[u8]) -> Option<Vec<Bytes>> {
    let mut found = Vec::new();
    while !octets.is_empty() {
        let (block, rest) = octets.split_at_checked(length(octets)?)?;
        found.push(Bytes::copy_from_slice(block));
        octets = rest;
    }
    Some(found)
}

/// Octets of the first value, with its header. [X.690 §8.1.3]
fn length(octets: &[u8]) -> Option<usize> {
    let (tag, first) = (*octets.first()?, usize::from(*octets.get(1)?));
    if tag != SEQUENCE {
        return None;
    }
    if first < 0x80 {
        return Some(first + 2);
    }
    let count = first - 0x80;
    let length = octets.get(2..2 + count).filter(|length| (1..=3).contains(&length.len()))?;
    Some(length.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)) + 2 + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_one_behind_the_other_are_told_apart() {
        let (one, two) = (&b"\x30\x01\x07"[..], &b"\x30\x82\x00\x02\x01\x02"[..]);
        let found = blocks(&[one, two].concat()).unwrap();
        assert_eq!(found, [one, two]);
        let pem = format!(
            "-----BEGIN A-----\n{}\n-----END A-----\n-----BEGIN B-----\r\n{}\r\n-----END B-----\r\n",
            STANDARD.encode(one),
            STANDARD.encode(two)
        );
        assert_eq!(blocks(pem.as_bytes()).unwrap(), found);
    }

    #[test]
    fn what_is_cut_or_empty_is_nothing() {
        let cut = [
            &b""[..],
            b"\x30",
            b"\x30\x05\x01",
            b"\x30\x80",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x31\x00",
            b"\x30\x00\x30",
            b"-----BEGIN A-----\n",
        ];
        for octets in cut {
            assert_eq!(blocks(octets), None, "{octets:02x?}");
        }
    }
}
