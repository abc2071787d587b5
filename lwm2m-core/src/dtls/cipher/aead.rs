//! AES-128-CCM with a tag of 8 octets, and AES-128-GCM. [RFC 6655, RFC 5288]

use std::ops::Range;

use aes::Aes128Enc;
use aes_gcm::AesGcm;
use ccm::{
    Ccm,
    aead::{AeadCore, AeadInOut, KeyInit, KeySizeUser, Tag},
    consts::{U8, U12, U16},
};

use super::{AdditionalData, AeadKeys, EXPLICIT_NONCE, Header};

/// Octets of the tag of [`Ccm8`].
pub(super) const CCM8_TAG: usize = 8;
/// Octets of the tag of [`Gcm`].
pub(super) const GCM_TAG: usize = 16;

pub(super) type Ccm8 = Ccm<Aes128Enc, U8, U12>;
pub(super) type Gcm = AesGcm<Aes128Enc, U12>;

/// One of the two.
pub(super) trait Suite:
    AeadInOut + AeadCore<NonceSize = U12> + KeyInit + KeySizeUser<KeySize = U16>
{
}

impl Suite for Ccm8 {}
impl Suite for Gcm {}

pub(super) fn seal<S: Suite>(
    keys: &AeadKeys,
    header: &Header,
    cid: &[u8],
    fragment: &mut [u8],
) -> Option<()> {
    let (explicit, text, tag) = parts::<S>(fragment)?;
    let data = AdditionalData::new(header, cid, text.len())?;
    let nonce = keys.nonce(explicit);
    let computed =
        S::new(&keys.key.into()).encrypt_inout_detached(&nonce.into(), data.as_slice(), text.into()).ok()?;
    *tag = computed;
    Some(())
}

pub(super) fn open<S: Suite>(
    keys: &AeadKeys,
    header: &Header,
    cid: &[u8],
    fragment: &mut [u8],
) -> Option<Range<usize>> {
    let (explicit, text, tag) = parts::<S>(fragment)?;
    let data = AdditionalData::new(header, cid, text.len())?;
    let nonce = keys.nonce(explicit);
    let length = text.len();
    S::new(&keys.key.into()).decrypt_inout_detached(&nonce.into(), data.as_slice(), text.into(), tag).ok()?;
    Some(EXPLICIT_NONCE..EXPLICIT_NONCE.checked_add(length)?)
}

/// The parts of a fragment: explicit nonce, text, tag.
fn parts<S: Suite>(fragment: &mut [u8]) -> Option<(&[u8; EXPLICIT_NONCE], &mut [u8], &mut Tag<S>)> {
    let (nonce, rest) = fragment.split_first_chunk_mut()?;
    let (text, tag) = rest.split_at_mut_checked(rest.len().checked_sub(size_of::<Tag<S>>())?)?;
    Some((nonce, text, tag.try_into().ok()?))
}
