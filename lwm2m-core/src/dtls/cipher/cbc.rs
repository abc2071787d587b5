//! AES-128-CBC with HMAC-SHA-256, in both orders. [RFC 5246 §6.2.3.2, RFC 7366 §3]

use std::ops::Range;

use aes::{Aes128Dec, Aes128Enc};
use cbc::{
    Decryptor, Encryptor,
    cipher::{Block, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

use super::{AdditionalData, CbcKeys, Header};

pub(super) const BLOCK: usize = 16;
pub(super) const MAC: usize = 32;
/// Padding and the octet that tells its length: at most so many. [RFC 5246 §6.2.3.2]
const MAX_PADDING: usize = 256;

impl CbcKeys {
    /// Octets of the fragment that protects `content` octets.
    pub(super) const fn sealed(&self, content: usize) -> usize {
        let inside = if self.encrypt_then_mac { content } else { content + MAC };
        let outside = if self.encrypt_then_mac { MAC } else { 0 };
        BLOCK + (inside / BLOCK + 1) * BLOCK + outside
    }

    fn hmac(&self) -> Option<Hmac<Sha256>> {
        Hmac::new_from_slice(&self.mac).ok()
    }
}

/// The fragment holds IV and `content` octets; behind them is room for the rest.
pub(super) fn seal(
    keys: &CbcKeys,
    header: &Header,
    cid: &[u8],
    content: usize,
    fragment: &mut [u8],
) -> Option<()> {
    if keys.encrypt_then_mac {
        let (text, place) = fragment.split_last_chunk_mut::<MAC>()?;
        pad(text, BLOCK.checked_add(content)?)?;
        encrypt(keys, text)?;
        *place = mac_of_encrypted(keys, header, cid, text)?.finalize().into_bytes().into();
        return Some(());
    }
    let end = BLOCK.checked_add(content)?;
    let mut mac = keys.hmac()?;
    mac.update(AdditionalData::new(header, cid, content)?.as_slice());
    mac.update(fragment.get(BLOCK..end)?);
    let mac = mac.finalize().into_bytes();
    fragment.get_mut(end..end.checked_add(MAC)?)?.copy_from_slice(&mac);
    pad(fragment, end.checked_add(MAC)?)?;
    encrypt(keys, fragment)
}

/// Fills up from `end`, every octet telling the length of the padding before the last.
fn pad(text: &mut [u8], end: usize) -> Option<()> {
    let padding = text.get_mut(end..)?;
    let length = u8::try_from(padding.len().checked_sub(1)?).ok()?;
    padding.fill(length);
    Some(())
}

fn encrypt(keys: &CbcKeys, text: &mut [u8]) -> Option<()> {
    let (iv, text) = text.split_first_chunk_mut::<BLOCK>()?;
    let (blocks, rest) = Block::<Aes128Enc>::slice_as_chunks_mut(text);
    if !rest.is_empty() {
        return None;
    }
    Encryptor::<Aes128Enc>::new(&keys.key.into(), &(*iv).into()).encrypt_blocks(blocks);
    Some(())
}

fn decrypt(keys: &CbcKeys, text: &mut [u8]) -> Option<()> {
    let (iv, text) = text.split_first_chunk_mut::<BLOCK>()?;
    let (blocks, rest) = Block::<Aes128Dec>::slice_as_chunks_mut(text);
    if !rest.is_empty() || blocks.is_empty() {
        return None;
    }
    Decryptor::<Aes128Dec>::new(&keys.key.into(), &(*iv).into()).decrypt_blocks(blocks);
    Some(())
}

fn mac_of_encrypted(keys: &CbcKeys, header: &Header, cid: &[u8], text: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = keys.hmac()?;
    mac.update(AdditionalData::new(header, cid, text.len())?.as_slice());
    mac.update(text);
    Some(mac)
}

pub(super) fn open(keys: &CbcKeys, header: &Header, cid: &[u8], fragment: &mut [u8]) -> Option<Range<usize>> {
    if keys.encrypt_then_mac {
        let (text, received) = fragment.split_last_chunk_mut::<MAC>()?;
        mac_of_encrypted(keys, header, cid, text)?.verify_slice(received).ok()?;
        decrypt(keys, text)?;
        let (_, text) = text.split_at_checked(BLOCK)?;
        let (content, good) = unpad(text, 0)?;
        return bool::from(good).then_some(BLOCK..BLOCK.checked_add(content)?);
    }
    if fragment.len() < BLOCK + MAC + 1 {
        return None;
    }
    decrypt(keys, fragment)?;
    let text = fragment.get(BLOCK..)?;
    let (content, good) = unpad(text, MAC)?;
    let authentic = verify_inside(keys, header, cid, text, content)?;
    bool::from(good & authentic).then_some(BLOCK..BLOCK.checked_add(content)?)
}

/// Where the content ends, if the padding is right; else where it would end if there were none.
///
/// Neither time nor memory accesses depend on the text. `after` octets stand between content and padding.
fn unpad(text: &[u8], after: usize) -> Option<(usize, Choice)> {
    let most = text.len().checked_sub(after)?.checked_sub(1)?;
    let claimed = *text.last()?;
    let mut good = Choice::from(1);
    let window = text.len().min(MAX_PADDING);
    for (octet, age) in text.iter().rev().take(window).zip(0_u8..=255) {
        let inside = !less(claimed, age);
        good &= !inside | octet.ct_eq(&claimed);
    }
    // `most` is known to everybody, and so is whether it limits the padding.
    let limit = u8::try_from(most).unwrap_or(u8::MAX);
    good &= !less(limit, claimed);
    let length = u8::conditional_select(&0, &claimed, good);
    Some((most.checked_sub(usize::from(length))?, good))
}

/// `a < b`
fn less(a: u8, b: u8) -> Choice {
    Choice::from(((u16::from(a).wrapping_sub(u16::from(b)) >> 8) & 1) as u8)
}

/// Is there, `content` octets into the text, their MAC?
///
/// The MAC is computed of every content that the padding may leave, so that neither time nor memory accesses tell
/// which one counted.
fn verify_inside(keys: &CbcKeys, header: &Header, cid: &[u8], text: &[u8], content: usize) -> Option<Choice> {
    let most = text.len().checked_sub(MAC + 1)?;
    let least = most.saturating_sub(MAX_PADDING - 1);
    let mut mac = keys.hmac()?;
    mac.update(AdditionalData::new(header, cid, content)?.as_slice());
    mac.update(text.get(..least)?);
    let mut authentic = Choice::from(0);
    for length in least..=most {
        let (_, received) = text.get(..length.checked_add(MAC)?)?.split_last_chunk::<MAC>()?;
        let computed = mac.clone().finalize().into_bytes();
        let counts = (length as u64).ct_eq(&(content as u64));
        authentic |= counts & computed.as_slice().ct_eq(received);
        mac.update(text.get(length..=length)?);
    }
    Some(authentic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtls::record::{ContentType, ProtocolVersion, RecordNumber};

    const KEYS: CbcKeys = CbcKeys { key: [5; 16], mac: [3; 32], encrypt_then_mac: false };

    fn header() -> Header {
        Header {
            content_type: ContentType::ApplicationData,
            version: ProtocolVersion::DTLS_1_2,
            number: RecordNumber::new(1, 9).unwrap(),
        }
    }

    /// MAC, then whatever padding, then encryption.
    fn sealed(content: &[u8], padding: &[u8]) -> Vec<u8> {
        let mut mac = KEYS.hmac().unwrap();
        mac.update(AdditionalData::new(&header(), b"", content.len()).unwrap().as_slice());
        mac.update(content);
        let mut text = [&[9; BLOCK], content, &mac.finalize().into_bytes()[..], padding].concat();
        encrypt(&KEYS, &mut text).unwrap();
        text
    }

    fn opened(mut text: Vec<u8>) -> Option<Vec<u8>> {
        let range = open(&KEYS, &header(), b"", &mut text)?;
        Some(text[range].to_vec())
    }

    #[test]
    fn every_length_of_padding_is_taken_and_every_wrong_octet_of_it_refused() {
        for length in 0..=255_u8 {
            let octets = usize::from(length) + 1;
            // As much content as fills the last block.
            let content = vec![1; (BLOCK - (MAC + octets) % BLOCK) % BLOCK + 16];
            let padding = vec![length; octets];
            assert_eq!(opened(sealed(&content, &padding)), Some(content.clone()), "{length}");
            for wrong in [0, octets / 2, octets - 1] {
                let mut padding = padding.clone();
                padding[wrong] ^= 0x40;
                assert_eq!(opened(sealed(&content, &padding)), None, "{length} at {wrong}");
            }
        }
    }

    #[test]
    fn padding_that_reaches_into_the_mac_is_refused() {
        // 15 octets of content, 32 of MAC, one of padding that claims to be longer than all.
        for claimed in [1, 15, 16, 47, 48, 200, 255] {
            assert_eq!(opened(sealed(&[1; 15], &[claimed])), None, "{claimed}");
        }
        assert_eq!(opened(sealed(&[1; 15], &[0])), Some(vec![1; 15]));
        assert_eq!(opened(sealed(b"", &[15; 16])), Some(vec![]));
    }

    #[test]
    fn less_is_less() {
        for a in 0..=255 {
            for b in 0..=255 {
                assert_eq!(bool::from(less(a, b)), a < b);
            }
        }
    }
}
