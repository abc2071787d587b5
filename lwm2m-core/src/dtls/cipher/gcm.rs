//! AES-128-GCM. [RFC 5288]

use std::ops::Range;

use aes::Aes128Enc;
use aes_gcm::{AeadInOut as _, AesGcm, KeyInit as _, aes::cipher::consts::U12};

use super::{AdditionalData, AeadKeys, EXPLICIT_NONCE, Header, aead_parts};

pub(super) const TAG: usize = 16;

type Aes128Gcm = AesGcm<Aes128Enc, U12>;

pub(super) fn seal(keys: &AeadKeys, header: &Header, cid: &[u8], fragment: &mut [u8]) -> Option<()> {
    let (explicit, text, tag) = aead_parts::<TAG>(fragment)?;
    let data = AdditionalData::new(header, cid, text.len())?;
    let nonce = keys.nonce(explicit);
    let computed = Aes128Gcm::new(&keys.key.into())
        .encrypt_inout_detached(&nonce.into(), data.as_slice(), text.into())
        .ok()?;
    tag.copy_from_slice(&computed);
    Some(())
}

pub(super) fn open(
    keys: &AeadKeys,
    header: &Header,
    cid: &[u8],
    fragment: &mut [u8],
) -> Option<Range<usize>> {
    let (explicit, text, tag) = aead_parts::<TAG>(fragment)?;
    let data = AdditionalData::new(header, cid, text.len())?;
    let nonce = keys.nonce(explicit);
    let length = text.len();
    Aes128Gcm::new(&keys.key.into())
        .decrypt_inout_detached(&nonce.into(), data.as_slice(), text.into(), &(*tag).into())
        .ok()?;
    Some(EXPLICIT_NONCE..EXPLICIT_NONCE + length)
}
