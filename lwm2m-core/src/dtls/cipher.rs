//! Protection of records, in place. [RFC 5246 §6.2.3, RFC 6655, RFC 5288, RFC 7366, RFC 9146 §5]

mod aead;
mod cbc;

use std::{fmt, ops::Range};

use bytes::{BufMut as _, BytesMut};
use zeroize::ZeroizeOnDrop;

use super::{
    prf::DirectionKeys,
    record::{self, ContentType, Header, MAX_PLAINTEXT, ProtocolVersion, RecordNumber},
    suite::Cipher,
};

/// Octets of the nonce that a record with an AEAD suite carries.
const EXPLICIT_NONCE: usize = 8;

/// What one direction of an epoch is protected with. Zeroed on drop.
///
/// Keeps the keys as they are; their schedule is expanded for every record. See `DESIGN.md`.
#[derive(Clone)]
pub struct RecordKeys(Kind);

#[derive(Clone)]
enum Kind {
    Ccm8(AeadKeys),
    Gcm(AeadKeys),
    Cbc(CbcKeys),
}

#[derive(Clone, ZeroizeOnDrop)]
struct AeadKeys {
    key: [u8; 16],
    iv: [u8; 4],
    /// The explicit half of the next nonce. `None`: the record's number.
    explicit: Option<[u8; EXPLICIT_NONCE]>,
}

#[derive(Clone, ZeroizeOnDrop)]
struct CbcKeys {
    key: [u8; 16],
    mac: [u8; 32],
    #[zeroize(skip)]
    encrypt_then_mac: bool,
}

/// A record cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record holds at most 16384 octets")]
pub struct TooLong;

/// A record is not authentic, or not what it should be. Dropped, counted, never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record is not authentic")]
pub struct NotAuthentic;

impl RecordKeys {
    /// Of one direction. `encrypt_then_mac` says whether that was negotiated; it concerns CBC suites only.
    #[must_use]
    pub fn new(cipher: Cipher, encrypt_then_mac: bool, keys: &DirectionKeys) -> Self {
        Self(match cipher {
            Cipher::Ccm8 => Kind::Ccm8(AeadKeys { key: keys.key, iv: keys.iv, explicit: None }),
            Cipher::Gcm => Kind::Gcm(AeadKeys { key: keys.key, iv: keys.iv, explicit: None }),
            Cipher::CbcSha256 => Kind::Cbc(CbcKeys { key: keys.key, mac: keys.mac, encrypt_then_mac }),
        })
    }

    /// The keys themselves, and whether a CBC suite encrypts before it authenticates. To store a session.
    #[must_use]
    pub fn expose(&self) -> (DirectionKeys, bool) {
        match &self.0 {
            Kind::Ccm8(keys) | Kind::Gcm(keys) => {
                (DirectionKeys { mac: [0; 32], key: keys.key, iv: keys.iv }, false)
            }
            Kind::Cbc(keys) => {
                (DirectionKeys { mac: keys.mac, key: keys.key, iv: [0; 4] }, keys.encrypt_then_mac)
            }
        }
    }

    /// What the next record makes its nonce of, instead of its number: never the same twice with the same keys. For
    /// sessions that are restored, whose numbers may come again. CBC suites have no nonce.
    pub const fn use_nonce(&mut self, nonce: u64) {
        if let Kind::Ccm8(keys) | Kind::Gcm(keys) = &mut self.0 {
            keys.explicit = Some(nonce.to_be_bytes());
        }
    }

    /// Octets that protection adds at most, header and connection ID not counted.
    #[must_use]
    pub const fn overhead(&self) -> usize {
        match &self.0 {
            Kind::Ccm8(_) => EXPLICIT_NONCE + aead::CCM8_TAG,
            Kind::Gcm(_) => EXPLICIT_NONCE + aead::GCM_TAG,
            Kind::Cbc(_) => cbc::BLOCK + cbc::BLOCK + cbc::MAC,
        }
    }

    /// Appends a protected record to `out`.
    ///
    /// `cid` is what the peer issued; if not empty, the record has type 25 and its real type inside. `iv` is asked for
    /// 16 unpredictable octets by CBC suites only.
    ///
    /// # Errors
    /// The content has more than 2^14 octets; `out` is as before.
    pub fn seal(
        &self,
        out: &mut BytesMut,
        content_type: ContentType,
        number: RecordNumber,
        cid: &[u8],
        parts: &[&[u8]],
        iv: impl FnOnce() -> [u8; 16],
    ) -> Result<(), TooLong> {
        let content = parts.iter().map(|part| part.len()).sum::<usize>();
        // A length on the wire is an octet; longer connection IDs were never negotiated.
        if content > MAX_PLAINTEXT || cid.len() > usize::from(u8::MAX) {
            return Err(TooLong);
        }
        let outer = if cid.is_empty() { content_type } else { ContentType::Cid };
        let inner = content + usize::from(!cid.is_empty());
        let header = Header { content_type: outer, version: ProtocolVersion::DTLS_1_2, number };
        let fragment = match &self.0 {
            Kind::Ccm8(_) => EXPLICIT_NONCE + inner + aead::CCM8_TAG,
            Kind::Gcm(_) => EXPLICIT_NONCE + inner + aead::GCM_TAG,
            Kind::Cbc(keys) => keys.sealed(inner),
        };
        record::put_header(out, header, cid, fragment);
        let start = out.len();
        match &self.0 {
            Kind::Ccm8(keys) | Kind::Gcm(keys) => {
                out.extend_from_slice(&keys.explicit.unwrap_or(number.to_octets()));
            }
            Kind::Cbc(_) => out.extend_from_slice(&iv()),
        }
        parts.iter().for_each(|part| out.extend_from_slice(part));
        if !cid.is_empty() {
            out.put_u8(content_type as u8);
        }
        out.put_bytes(0, fragment.saturating_sub(out.len().saturating_sub(start)));
        let place = out.get_mut(start..).unwrap_or_default();
        match &self.0 {
            Kind::Ccm8(keys) => aead::seal::<aead::Ccm8>(keys, &header, cid, place),
            Kind::Gcm(keys) => aead::seal::<aead::Gcm>(keys, &header, cid, place),
            Kind::Cbc(keys) => cbc::seal(keys, &header, cid, inner, place),
        }
        .ok_or(TooLong)
    }

    /// Decrypts a fragment in place. Gives the real content type, and where in the fragment the content is.
    ///
    /// Ask the replay window before, tell it after.
    ///
    /// # Errors
    /// It is not authentic. What the fragment then holds means nothing.
    pub fn open(
        &self,
        header: &Header,
        cid: &[u8],
        fragment: &mut [u8],
    ) -> Result<(ContentType, Range<usize>), NotAuthentic> {
        let range = match &self.0 {
            Kind::Ccm8(keys) => aead::open::<aead::Ccm8>(keys, header, cid, fragment),
            Kind::Gcm(keys) => aead::open::<aead::Gcm>(keys, header, cid, fragment),
            Kind::Cbc(keys) => cbc::open(keys, header, cid, fragment),
        }
        .ok_or(NotAuthentic)?;
        let (content_type, range) = if header.content_type == ContentType::Cid {
            unwrap_inner(fragment, range).ok_or(NotAuthentic)?
        } else {
            (header.content_type, range)
        };
        if range.len() > MAX_PLAINTEXT {
            return Err(NotAuthentic);
        }
        Ok((content_type, range))
    }
}

impl fmt::Debug for RecordKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKeys(..)")
    }
}

/// Strips zeros and the real type from the end. Records inside records, and types that are not known, are refused.
fn unwrap_inner(fragment: &[u8], range: Range<usize>) -> Option<(ContentType, Range<usize>)> {
    let inner = fragment.get(range.clone())?;
    let last = inner.iter().rposition(|octet| *octet != 0)?;
    let content_type =
        ContentType::from_octet(*inner.get(last)?).filter(|inner| *inner != ContentType::Cid)?;
    Some((content_type, range.start..range.start.checked_add(last)?))
}

/// What is authenticated beside the content; `length` is of what is authenticated with it. [RFC 9146 §5]
struct AdditionalData {
    octets: [u8; Self::CID + 255],
    length: usize,
}

impl AdditionalData {
    /// Octets of that of a record with a connection ID, without that.
    const CID: usize = 23;

    fn new(header: &Header, cid: &[u8], length: usize) -> Option<Self> {
        let mut data = Self { octets: [0; Self::CID + 255], length: 0 };
        if header.content_type == ContentType::Cid {
            data.put(&[0xFF; 8])?;
            data.put(&[ContentType::Cid as u8, u8::try_from(cid.len()).ok()?, ContentType::Cid as u8])?;
            data.put(&header.version.0.to_be_bytes())?;
            data.put(&header.number.to_octets())?;
            data.put(cid)?;
        } else {
            data.put(&header.number.to_octets())?;
            data.put(&[header.content_type as u8])?;
            data.put(&header.version.0.to_be_bytes())?;
        }
        data.put(&u16::try_from(length).ok()?.to_be_bytes())?;
        Some(data)
    }

    fn put(&mut self, part: &[u8]) -> Option<()> {
        let end = self.length.checked_add(part.len())?;
        self.octets.get_mut(self.length..end)?.copy_from_slice(part);
        self.length = end;
        Some(())
    }

    fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.length).unwrap_or_default()
    }
}

impl AeadKeys {
    /// [RFC 5288 §3]
    fn nonce(&self, explicit: &[u8; EXPLICIT_NONCE]) -> [u8; 12] {
        let [a, b, c, d] = self.iv;
        let [e, f, g, h, i, j, k, l] = *explicit;
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }
}

#[cfg(test)]
mod tests;
