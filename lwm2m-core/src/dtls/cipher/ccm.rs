//! AES-128-CCM with a tag of 8 octets. [RFC 6655]

use std::ops::Range;

use aes::Aes128Enc;
use ccm::{
    AeadInOut as _, Ccm, KeyInit as _,
    consts::{U8, U12},
};

use super::{AdditionalData, AeadKeys, EXPLICIT_NONCE, Header, aead_parts};

pub(super) const TAG: usize = 8;

type Aes128Ccm8 = Ccm<Aes128Enc, U8, U12>;

pub(super) fn seal(keys: &AeadKeys, header: &Header, cid: &[u8], fragment: &mut [u8]) -> Option<()> {
    let (explicit, text, tag) = aead_parts::<TAG>(fragment)?;
    let data = AdditionalData::new(header, cid, text.len())?;
    let nonce = keys.nonce(explicit);
    let computed = Aes128Ccm8::new(&keys.key.into())
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
    Aes128Ccm8::new(&keys.key.into())
        .decrypt_inout_detached(&nonce.into(), data.as_slice(), text.into(), &(*tag).into())
        .ok()?;
    Some(EXPLICIT_NONCE..EXPLICIT_NONCE + length)
}
