//! The formats that are implemented, as a table: dispatch and negotiation read it, a new format is a new row.

use crate::{Kind, Node, ObjectId, Path, Version};

use super::{
    ContentFormat, Context, DecodeError, EncodeError, NewInstance, NewInstances, opaque, target::Target,
    text, tlv,
};

/// Writes a `T` that belongs to `At`.
pub(super) type Encode<At, T> = fn(&Context<'_>, At, &T, &mut Vec<u8>) -> Result<(), EncodeError>;
/// Reads a `T` that belongs to `At`.
pub(super) type Decode<At, T> = fn(&Context<'_>, At, &[u8]) -> Result<T, DecodeError>;

/// One format.
pub(super) struct Format {
    pub(super) number: ContentFormat,
    /// The first version of the enabler that knows it.
    pub(super) since: Version,
    /// Which single values it carries.
    pub(super) single: Single,
    /// Does it carry objects, instances and multiple resources?
    pub(super) tree: bool,
    /// Does it carry several paths at once?
    pub(super) root: bool,
    pub(super) encode: Encode<Path, Node>,
    pub(super) decode: Decode<Path, Node>,
    /// The payload of a Create, where the format has one.
    pub(super) create: Option<Create>,
}

/// Which single values a format carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    Any,
    Opaque,
}

/// How a format writes and reads the payload of a Create.
pub(super) struct Create {
    pub(super) encode: Encode<ObjectId, [NewInstance]>,
    pub(super) decode: Decode<ObjectId, NewInstances>,
}

/// Every implemented format. [Core 1.2 §7.4]
static FORMATS: [Format; 3] = [
    Format {
        number: ContentFormat::TEXT,
        since: Version::V1_0,
        single: Single::Any,
        tree: false,
        root: false,
        encode: text::encode,
        decode: text::decode,
        create: None,
    },
    Format {
        number: ContentFormat::OPAQUE,
        since: Version::V1_0,
        single: Single::Opaque,
        tree: false,
        root: false,
        encode: opaque::encode,
        decode: opaque::decode,
        create: None,
    },
    Format {
        number: ContentFormat::TLV,
        since: Version::V1_0,
        single: Single::Any,
        tree: true,
        root: false,
        encode: tlv::encode,
        decode: tlv::decode,
        create: Some(Create { encode: tlv::encode_create, decode: tlv::decode_create }),
    },
];

impl Format {
    /// The implementation of a number, also of one from before registration.
    pub(super) fn of(number: ContentFormat) -> Option<&'static Self> {
        let number = number.current();
        FORMATS.iter().find(|format| format.number == number)
    }

    /// Can it carry what stands there?
    pub(super) fn carries(&self, target: Target) -> bool {
        match target {
            Target::Root => self.root,
            Target::Tree | Target::Multiple(_) => self.tree,
            Target::Single(kind) => {
                self.single == Single::Any || kind.is_none_or(|kind| kind == Kind::Opaque)
            }
            Target::Undefined => true,
        }
    }
}
