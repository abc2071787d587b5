//! The formats that are implemented, as a table: dispatch and negotiation read it, a new format is a new row.

use crate::{Kind, Node, ObjectId, Path, Version};

use super::{
    ContentFormat, Context, DecodeError, EncodeError, NewInstance, NewInstances, Patch, Timed, cbor, json,
    lwm2m_cbor, opaque,
    senml::{self, Syntax},
    senml_cbor::{Cbor, EtchCbor},
    senml_json::{EtchJson, Json},
    store::{Growing, List},
    target::Target,
    text, tlv,
};

/// Writes a `T` that belongs to `At`.
pub(super) type Encode<At, T> = fn(&Context<'_>, At, &T, &mut Vec<u8>) -> Result<(), EncodeError>;
/// Reads a `T` that belongs to `At`.
pub(super) type Decode<At, T> = fn(&Context<'_>, At, &[u8]) -> Result<T, DecodeError>;

/// Reads the values that belong to a path into a store.
pub(super) type Read<S> = fn(&Context<'_>, Path, &[u8], &mut S) -> Result<(), DecodeError>;

/// One format.
pub(super) struct Format {
    pub(super) number: ContentFormat,
    /// The first version of the enabler that knows it.
    pub(super) since: Version,
    /// The last version that may use it, where it was withdrawn. It is read from all.
    pub(super) until: Option<Version>,
    /// Which single values it carries.
    pub(super) single: Single,
    /// Does it carry objects, instances and multiple resources?
    pub(super) tree: bool,
    /// Does it carry several paths at once?
    pub(super) root: bool,
    pub(super) encode: Encode<Path, Node>,
    /// A node, and the list of its values.
    pub(super) node: Read<Growing>,
    pub(super) list: Read<List>,
    /// A node with its times, where the format has times.
    pub(super) timed: Option<Decode<Path, Vec<Timed>>>,
    /// The payload of a Create, where the format has one.
    pub(super) create: Option<Pair<ObjectId, [NewInstance], NewInstances>>,
    /// Values of many places and times.
    pub(super) many: Option<Pair<(), [Timed], Vec<Timed>>>,
    /// Places without values.
    pub(super) paths: Option<Pair<(), [Path], Vec<Path>>>,
    /// What to set and to remove.
    pub(super) patch: Option<Pair<(), [Patch], Vec<Patch>>>,
    /// Can a patch remove something?
    pub(super) removes: bool,
}

/// How something is written, and read.
pub(super) struct Pair<At, Given: ?Sized, Found> {
    pub(super) encode: Encode<At, Given>,
    pub(super) decode: Decode<At, Found>,
}

/// Which single values a format carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    Any,
    Opaque,
    None,
}

/// Every implemented format. [Core 1.2 §7.4]
static FORMATS: [Format; 10] = [
    single(ContentFormat::TEXT, Version::V1_0, text::encode, (text::read, text::read)),
    Format {
        single: Single::Opaque,
        ..single(ContentFormat::OPAQUE, Version::V1_0, opaque::encode, (opaque::read, opaque::read))
    },
    single(ContentFormat::CBOR, Version::V1_1, cbor::encode, (cbor::read, cbor::read)),
    senml::<Json>(ContentFormat::SENML_JSON),
    senml::<Cbor>(ContentFormat::SENML_CBOR),
    etch::<EtchJson>(ContentFormat::SENML_ETCH_JSON),
    etch::<EtchCbor>(ContentFormat::SENML_ETCH_CBOR),
    Format {
        tree: true,
        create: Some(Pair { encode: tlv::encode_create, decode: tlv::decode_create }),
        ..single(ContentFormat::TLV, Version::V1_0, tlv::encode, (tlv::read, tlv::read))
    },
    Format {
        until: Some(Version::V1_0),
        tree: true,
        root: true,
        timed: Some(json::decode_timed),
        many: Some(Pair { encode: json::encode_many, decode: json::decode_many }),
        ..single(ContentFormat::JSON, Version::V1_0, json::encode, (json::read, json::read))
    },
    Format {
        tree: true,
        root: true,
        create: Some(Pair { encode: lwm2m_cbor::encode_create, decode: lwm2m_cbor::decode_create }),
        many: Some(Pair { encode: lwm2m_cbor::encode_many, decode: lwm2m_cbor::decode_many }),
        patch: Some(Pair { encode: lwm2m_cbor::encode_patch, decode: lwm2m_cbor::decode_patch }),
        ..single(
            ContentFormat::LWM2M_CBOR,
            Version::V1_2,
            lwm2m_cbor::encode,
            (lwm2m_cbor::read, lwm2m_cbor::read),
        )
    },
];

/// A format of one value.
const fn single(
    number: ContentFormat,
    since: Version,
    encode: Encode<Path, Node>,
    (node, list): (Read<Growing>, Read<List>),
) -> Format {
    Format {
        number,
        since,
        until: None,
        single: Single::Any,
        tree: false,
        root: false,
        encode,
        node,
        list,
        timed: None,
        create: None,
        many: None,
        paths: None,
        patch: None,
        removes: false,
    }
}

const fn senml<S: Syntax>(number: ContentFormat) -> Format {
    Format {
        tree: true,
        root: true,
        timed: Some(senml::decode_timed::<S>),
        create: Some(Pair { encode: senml::encode_create::<S>, decode: senml::decode_create::<S> }),
        many: Some(Pair { encode: senml::encode_many::<S>, decode: senml::decode_many::<S> }),
        ..composite::<S>(number, Version::V1_1, Single::Any)
    }
}

/// The bodies of composite requests.
const fn etch<S: Syntax>(number: ContentFormat) -> Format {
    Format { removes: true, ..composite::<S>(number, Version::V1_2, Single::None) }
}

const fn composite<S: Syntax>(number: ContentFormat, since: Version, single_values: Single) -> Format {
    Format {
        single: single_values,
        paths: Some(Pair { encode: senml::encode_paths::<S>, decode: senml::decode_paths::<S> }),
        patch: Some(Pair { encode: senml::encode_patch::<S>, decode: senml::decode_patch::<S> }),
        ..single(number, since, senml::encode::<S>, (senml::read::<S, _>, senml::read::<S, _>))
    }
}

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
                self.single == Single::Any
                    || self.single == Single::Opaque && kind.is_none_or(|kind| kind == Kind::Opaque)
            }
            Target::Undefined => self.single != Single::None,
        }
    }
}
