//! serde of structs with `#[object(.., serde)]`: a map from the names of fields to their values. Not for direct use.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use ::serde::{
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
    ser::{Error as _, SerializeMap as _},
};
use bytes::Bytes;

use crate::{
    Kind, Node, ObjectType, Ops, ResourceDef, ResourceId, Value,
    serde::{OfKind, Plain},
};

/// A field that is a resource.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub id: u16,
    /// Never written, never read.
    pub secret: bool,
}

type Resources = BTreeMap<ResourceId, Node>;

fn definition<T: ObjectType>(field: &Field) -> Option<&'static ResourceDef> {
    T::DEF.resource(ResourceId(field.id))
}

/// # Errors
/// Those of the format.
pub fn serialize<T: ObjectType, S: Serializer>(
    value: &T,
    fields: &'static [Field],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Node::Instance(resources) = value.clone().into_node() else {
        return Err(S::Error::custom("an object instance is expected"));
    };
    let there = |field: &&Field| !field.secret && value.has(ResourceId(field.id));
    let fields: Vec<&Field> = fields.iter().filter(there).collect();
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    for field in fields {
        match resources.get(&ResourceId(field.id)) {
            Some(Node::Value(value)) => map.serialize_entry(field.name, &Plain::Value(value))?,
            Some(Node::Multiple(items)) => map.serialize_entry(field.name, &Plain::Multiple(items))?,
            _ => map.serialize_entry(field.name, &true)?, // it can be executed
        }
    }
    map.end()
}

/// The value, and the executable resources that were named. Without a name an optional one is not there.
///
/// # Errors
/// Those of the format; a mandatory resource is missing, a secret is there, or a value does not fit.
pub fn deserialize<'de, T: ObjectType, D: Deserializer<'de>>(
    fields: &'static [Field],
    deserializer: D,
) -> Result<(T, Vec<u16>), D::Error> {
    let (mut resources, executable) = deserializer.deserialize_map(Fields::<T>(fields, PhantomData))?;
    for field in fields {
        let Some(def) = definition::<T>(field) else { continue };
        let needed = def.is_mandatory() && !matches!(def.ops(), Ops::W | Ops::E);
        if !needed || resources.contains_key(&def.id()) {
            continue;
        }
        if !field.secret {
            return Err(D::Error::missing_field(field.name));
        }
        resources.insert(def.id(), nothing(def));
    }
    Ok((T::from_node(Node::Instance(resources)).map_err(D::Error::custom)?, executable))
}

/// What stands for a secret until the program sets it.
fn nothing(def: &ResourceDef) -> Node {
    match def.kind() {
        _ if def.is_multiple() => Node::Multiple(BTreeMap::new()),
        Kind::Opaque => Node::Value(Value::Opaque(Bytes::new())),
        _ => Node::Value(Value::String(String::new())),
    }
}

struct Fields<T>(&'static [Field], PhantomData<T>);

impl<'de, T: ObjectType> Visitor<'de> for Fields<T> {
    type Value = (Resources, Vec<u16>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the resources of {} by the names of their fields", T::DEF.name())
    }

    /// What is not known is of a newer version and left out.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut resources, mut executable) = (Resources::new(), Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            let known = self.0.iter().find(|field| field.name == name);
            let Some((field, def)) = known.and_then(|field| Some((field, definition::<T>(field)?))) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if field.secret {
                let why = format_args!("{name} is a secret: set it in the program").to_string();
                return Err(A::Error::custom(why));
            }
            if def.kind() == Kind::Executable {
                if map.next_value()? {
                    executable.push(field.id);
                }
                continue;
            }
            let node = map.next_value_seed(OfKind { kind: def.kind(), multiple: def.is_multiple() })?;
            if resources.insert(def.id(), node).is_some() {
                return Err(A::Error::duplicate_field(field.name));
            }
        }
        Ok((resources, executable))
    }
}
