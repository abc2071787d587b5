//! serde for the data types (feature `serde`); keys and passwords have none.
//!
//! Paths, links and versions are texts as everywhere (`"/3303/0/5700"`, `"66:0"`, `"1.1"`). A [`Value`] is tagged with
//! its kind (`{"Float": 21.5}`), so that what comes back is what went. In formats for people, octets are Base64 and
//! numbers that JSON has no form for are `"NaN"`, `"inf"` and `"-inf"`.

use std::{collections::BTreeMap, fmt, str::FromStr};

use ::serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor},
};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;

use crate::{Kind, Node, ObjectVersion, Objlnk, Path, Tree, Value, Version};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Types that are written as they print.
macro_rules! text {
    ($($type:ty: $parse:expr, $expected:literal;)+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        $parse(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )+};
}

text! {
    Path: Path::from_str, "a path such as /3303/0/5700";
    Objlnk: Objlnk::from_str, "an object link such as 66:0";
    Version: Version::from_str, "a version such as 1.1";
    ObjectVersion: ObjectVersion::from_str, "a version such as 1.1";
    Tree: Tree::below, "a path such as /lwm2m";
}

/// A node without the kinds of its values: whoever reads it knows them.
pub(crate) enum Plain<'a> {
    Value(&'a Value),
    Multiple(&'a BTreeMap<u16, Value>),
}

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => plain(value, serializer),
            Self::Multiple(items) => {
                serializer.collect_map(items.iter().map(|(id, value)| (id, Self::Value(value))))
            }
        }
    }
}

fn plain<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    let for_people = serializer.is_human_readable();
    match value {
        Value::String(text) | Value::Corelnk(text) => serializer.serialize_str(text),
        Value::Integer(number) | Value::Time(number) => serializer.serialize_i64(*number),
        Value::Unsigned(number) => serializer.serialize_u64(*number),
        Value::Float(number) if for_people && !number.is_finite() => serializer.collect_str(number),
        Value::Float(number) => serializer.serialize_f64(*number),
        Value::Boolean(yes) => serializer.serialize_bool(*yes),
        Value::Opaque(octets) if for_people => serializer.serialize_str(&BASE64.encode(octets)),
        Value::Opaque(octets) => serializer.serialize_bytes(octets),
        Value::Objlnk(link) => link.serialize(serializer),
    }
}

/// Reads a value of a known kind, or resource instances of it.
#[derive(Clone, Copy)]
pub(crate) struct OfKind {
    pub(crate) kind: Kind,
    pub(crate) multiple: bool,
}

impl<'de> DeserializeSeed<'de> for OfKind {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.multiple {
            deserializer.deserialize_map(Items(self.kind))
        } else {
            value(self.kind, deserializer).map(Node::Value)
        }
    }
}

struct Items(Kind);

impl<'de> Visitor<'de> for Items {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("resource instances by their number")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut items = BTreeMap::new();
        while let Some(id) = map.next_key::<u16>()? {
            if id == crate::RESERVED_ID {
                return Err(A::Error::custom("there is no resource instance 65535"));
            }
            let Node::Value(value) = map.next_value_seed(OfKind { kind: self.0, multiple: false })? else {
                continue;
            };
            items.insert(id, value);
        }
        Ok(Node::Multiple(items))
    }
}

fn value<'de, D: Deserializer<'de>>(kind: Kind, deserializer: D) -> Result<Value, D::Error> {
    let for_people = deserializer.is_human_readable();
    match kind {
        Kind::String => String::deserialize(deserializer).map(Value::String),
        Kind::Corelnk => String::deserialize(deserializer).map(Value::Corelnk),
        Kind::Integer => i64::deserialize(deserializer).map(Value::Integer),
        Kind::Time => i64::deserialize(deserializer).map(Value::Time),
        Kind::Unsigned => u64::deserialize(deserializer).map(Value::Unsigned),
        Kind::Boolean => bool::deserialize(deserializer).map(Value::Boolean),
        Kind::Objlnk => Objlnk::deserialize(deserializer).map(Value::Objlnk),
        Kind::Float if for_people => deserializer.deserialize_any(Real).map(Value::Float),
        Kind::Float => deserializer.deserialize_f64(Real).map(Value::Float),
        Kind::Opaque if for_people => deserializer.deserialize_str(Octets).map(Value::Opaque),
        Kind::Opaque => deserializer.deserialize_byte_buf(Octets).map(Value::Opaque),
        Kind::Executable | Kind::Multiple => Err(D::Error::custom("there is no value of this kind")),
    }
}

struct Real;

impl Visitor<'_> for Real {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"inf\" or \"-inf\"")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        match text {
            "NaN" => Ok(f64::NAN),
            "inf" => Ok(f64::INFINITY),
            "-inf" => Ok(f64::NEG_INFINITY),
            _ => Err(E::invalid_value(::serde::de::Unexpected::Str(text), &self)),
        }
    }
}

struct Octets;

impl<'de> Visitor<'de> for Octets {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("octets, where text is read in Base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        BASE64.decode(text).map(Bytes::from).map_err(|_| E::custom("octets are written in Base64"))
    }

    fn visit_bytes<E: Error>(self, octets: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes::copy_from_slice(octets))
    }

    fn visit_byte_buf<E: Error>(self, octets: Vec<u8>) -> Result<Bytes, E> {
        Ok(octets.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Bytes, A::Error> {
        let mut octets = Vec::new();
        while let Some(octet) = items.next_element()? {
            octets.push(octet);
        }
        Ok(octets.into())
    }
}

/// The variants of [`Value`], in order.
#[derive(Deserialize)]
#[serde(variant_identifier)]
enum Tag {
    String,
    Integer,
    Unsigned,
    Float,
    Boolean,
    Opaque,
    Time,
    Objlnk,
    Corelnk,
}

const TAGS: [&str; 9] =
    ["String", "Integer", "Unsigned", "Float", "Boolean", "Opaque", "Time", "Objlnk", "Corelnk"];

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self {
            Self::String(_) => (0, "String"),
            Self::Integer(_) => (1, "Integer"),
            Self::Unsigned(_) => (2, "Unsigned"),
            Self::Float(_) => (3, "Float"),
            Self::Boolean(_) => (4, "Boolean"),
            Self::Opaque(_) => (5, "Opaque"),
            Self::Time(_) => (6, "Time"),
            Self::Objlnk(_) => (7, "Objlnk"),
            Self::Corelnk(_) => (8, "Corelnk"),
        };
        serializer.serialize_newtype_variant("Value", index, name, &Plain::Value(self))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tagged;
        impl<'de> Visitor<'de> for Tagged {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its kind, such as {\"Float\": 21.5}")
            }
            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
                let (tag, content) = data.variant()?;
                let kind = match tag {
                    Tag::String => Kind::String,
                    Tag::Integer => Kind::Integer,
                    Tag::Unsigned => Kind::Unsigned,
                    Tag::Float => Kind::Float,
                    Tag::Boolean => Kind::Boolean,
                    Tag::Opaque => Kind::Opaque,
                    Tag::Time => Kind::Time,
                    Tag::Objlnk => Kind::Objlnk,
                    Tag::Corelnk => Kind::Corelnk,
                };
                match content.newtype_variant_seed(OfKind { kind, multiple: false })? {
                    Node::Value(value) => Ok(value),
                    _ => Err(A::Error::custom("one value is expected")),
                }
            }
        }
        deserializer.deserialize_enum("Value", &TAGS, Tagged)
    }
}
