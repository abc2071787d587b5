//! Credentials as lines of text.
//!
//! ```text
//! # Lines that begin with # and empty lines say nothing.
//! psk             IDENTITY KEY [ENDPOINT...]          key in hexadecimal
//! public-key      KEY      [ENDPOINT...]              SubjectPublicKeyInfo, or sha256:HEX of it
//! certificate     CERT     [ENDPOINT...]              one certificate, or sha256:HEX of it; no endpoint: withdrawn
//! authority       CERT
//! own-key         HOST KEY                            HOST is * for every other
//! own-certificate HOST KEY CERTS                      leaf first
//! ```
//!
//! Identity, endpoints and host are percent-encoded where they hold white space, `%` or what is not ASCII. Keys and
//! certificates are `file:PATH`, of PEM or DER and relative to the file that names them, or `der:BASE64`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use zeroize::Zeroizing;

use super::{Credential, InvalidCredential, blocks};
use crate::{EndpointName, Secret, dtls::certificate::fingerprint};

/// A line that cannot be read. Says nothing of what is secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// Something is wrong with one of its words.
    #[error("{0}")]
    Word(&'static str),
    /// A file that it names cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// What it says cannot be used.
    #[error(transparent)]
    Invalid(#[from] InvalidCredential),
}

/// `None`: the line says nothing.
pub(super) fn parse(line: &str, directory: &Path) -> Result<Option<Credential>, LineError> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let mut words = line.split_ascii_whitespace();
    let kind = words.next().unwrap_or_default();
    let mut word = |what| words.next().ok_or(LineError::Word(what));
    let credential = match kind {
        "psk" => {
            let identity = text(word("the identity is missing")?)?.into();
            let key =
                hex(word("the key is missing")?).ok_or(LineError::Word("the key is not hexadecimal"))?;
            Credential::Psk { identity, key: Secret::new(key), endpoints: endpoints(words)? }
        }
        "public-key" => {
            let sha256 = hash(word("the key is missing")?, directory)?;
            Credential::PublicKey { sha256, endpoints: endpoints(words)? }
        }
        "certificate" => {
            let sha256 = hash(word("the certificate is missing")?, directory)?;
            Credential::Certificate { sha256, endpoints: endpoints(words)? }
        }
        "authority" => {
            let certificate = data(word("the certificate is missing")?, directory)?;
            no_more(words)?;
            Credential::Authority(one(&certificate)?)
        }
        "own-key" => {
            let host = host(word("the host is missing")?)?;
            let key = Secret::new(data(word("the key is missing")?, directory)?.to_vec());
            no_more(words)?;
            Credential::OwnKey { key, host }
        }
        "own-certificate" => {
            let host = host(word("the host is missing")?)?;
            let key = Secret::new(data(word("the key is missing")?, directory)?.to_vec());
            let chain = all(&data(word("the certificates are missing")?, directory)?)?;
            no_more(words)?;
            Credential::OwnCertificate { chain, key, host }
        }
        _ => return Err(LineError::Word("no such kind of credential")),
    };
    credential.check()?;
    Ok(Some(credential))
}

/// As a line without its end.
pub(super) fn format(credential: &Credential) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::new());
    let host =
        |host: &Option<String>| host.as_deref().map_or("*".to_owned(), |host| encoded(host.as_bytes()));
    let written = match credential {
        Credential::Psk { identity, key, .. } => {
            write!(line, "psk {} {}", encoded(identity), *to_hex(key.expose()))
        }
        Credential::PublicKey { sha256, .. } => write!(line, "public-key sha256:{}", *to_hex(sha256)),
        Credential::Certificate { sha256, .. } => write!(line, "certificate sha256:{}", *to_hex(sha256)),
        Credential::Authority(der) => write!(line, "authority der:{}", STANDARD.encode(der)),
        Credential::OwnKey { key, host: of } => {
            write!(line, "own-key {} der:{}", host(of), *Zeroizing::new(STANDARD.encode(key.expose())))
        }
        Credential::OwnCertificate { chain, key, host: of } => {
            let key = Zeroizing::new(STANDARD.encode(key.expose()));
            let chain: Vec<u8> = chain.iter().flatten().copied().collect();
            write!(line, "own-certificate {} der:{} der:{}", host(of), *key, STANDARD.encode(chain))
        }
    };
    debug_assert!(written.is_ok());
    for endpoint in credential.endpoints() {
        line.push(' ');
        line.push_str(&encoded(endpoint.as_bytes()));
    }
    line
}

fn endpoints<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<EndpointName>, LineError> {
    let name =
        |word| String::from_utf8(text(word)?).map_err(|_| LineError::Word("an endpoint name is UTF-8"));
    words.map(|word| name(word).map(EndpointName::from)).collect()
}

fn no_more<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<(), LineError> {
    words.next().map_or(Ok(()), |_| Err(LineError::Word("a word too many")))
}

fn host(word: &str) -> Result<Option<String>, LineError> {
    if word == "*" {
        return Ok(None);
    }
    let name = String::from_utf8(text(word)?).map_err(|_| LineError::Word("a host name is UTF-8"))?;
    Ok(Some(name.to_ascii_lowercase()))
}

/// SHA-256 of what is named, or as it says.
fn hash(word: &str, directory: &Path) -> Result<[u8; 32], LineError> {
    if let Some(digits) = word.strip_prefix("sha256:") {
        let octets = hex(digits).and_then(|octets| octets.try_into().ok());
        return octets.ok_or(LineError::Word("SHA-256 has 64 hexadecimal digits"));
    }
    Ok(fingerprint(&one(&data(word, directory)?)?))
}

fn data(word: &str, directory: &Path) -> Result<Zeroizing<Vec<u8>>, LineError> {
    if let Some(path) = word.strip_prefix("file:") {
        let path = String::from_utf8(text(path)?).map_err(|_| LineError::Word("a path is UTF-8"))?;
        let path = directory.join(path);
        return std::fs::read(&path).map(Zeroizing::new).map_err(|error| LineError::File(path, error));
    }
    let digits = word.strip_prefix("der:").ok_or(LineError::Word("neither file:PATH nor der:BASE64"))?;
    STANDARD.decode(digits).map(Zeroizing::new).map_err(|_| LineError::Word("not BASE64"))
}

fn all(octets: &[u8]) -> Result<Vec<Bytes>, LineError> {
    blocks(octets).ok_or(LineError::Word("neither PEM nor DER"))
}

/// One block of PEM or DER.
fn one(octets: &[u8]) -> Result<Bytes, LineError> {
    match <[Bytes; 1]>::try_from(all(octets)?) {
        Ok([block]) => Ok(block),
        Err(_) => Err(LineError::Word("not one certificate or key")),
    }
}

fn text(word: &str) -> Result<Vec<u8>, LineError> {
    let mut octets = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((octet, next)) = rest.split_first() {
        rest = next;
        if *octet != b'%' {
            octets.push(*octet);
            continue;
        }
        let escaped = rest.split_at_checked(2).and_then(|(digits, next)| {
            rest = next;
            hex(std::str::from_utf8(digits).ok()?)?.first().copied()
        });
        octets.push(escaped.ok_or(LineError::Word("% without two hexadecimal digits"))?);
    }
    Ok(octets)
}

fn encoded(octets: &[u8]) -> String {
    let mut word = String::with_capacity(octets.len());
    for octet in octets {
        if octet.is_ascii_graphic() && !b"%*#".contains(octet) {
            word.push(char::from(*octet));
        } else {
            let _ = write!(word, "%{octet:02X}");
        }
    }
    word
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    let digit = |digit: u8| char::from(digit).to_digit(16);
    pairs.iter().map(|&[high, low]| u8::try_from(digit(high)? * 16 + digit(low)?).ok()).collect()
}

fn to_hex(octets: &[u8]) -> Zeroizing<String> {
    let mut digits = Zeroizing::new(String::with_capacity(2 * octets.len()));
    for octet in octets {
        let _ = write!(digits, "{octet:02x}");
    }
    digits
}
