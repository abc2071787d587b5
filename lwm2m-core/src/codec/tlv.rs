//! OMA TLV (11542): what a request addresses and everything below it. [Core 1.2 §7.4.5]
//!
//! | addressed | written | read as well |
//! |---|---|---|
//! | object | an Object Instance entry per instance | bare resources, where the object has one instance only |
//! | instance | its resources | the same in an Object Instance entry |
//! | resource | a Resource or Multiple Resource entry | bare Resource Instance entries; an Object Instance entry around |
//! | resource instance | a Resource Instance entry | a Multiple Resource or Object Instance entry around it |

mod entry;
mod read;
mod write;

pub(super) use self::{
    read::{decode_create, read, value},
    write::{encode, encode_create},
};
