//! LwM2M CBOR (11544): maps within maps, whose keys are ids. [Core 1.2 §7.4]
//!
//! A key holds one to four ids; the keys on the way to a value are its path. `{[3, 0]: {9: 100, 6: {0: 1, 1: 5}}}`.
//! There are no times, and no empty maps: what is empty is an empty payload.

mod read;
mod write;

pub(super) use self::{
    read::{decode_create, decode_many, decode_patch, read},
    write::{encode, encode_create, encode_many, encode_patch},
};
