//! Values that came without a definition.

use super::{text, tlv};
use crate::{FromNode, Kind, Node, ObjectDef, Value, ValueError};

/// Takes a `T` out of a node of which nobody may have known the definition when it was decoded.
///
/// TLV and text carry no types: the value of an unknown resource is octets or a text then. Its reader knows what it
/// is; so `read::<f64>` of an unknown object works as that of a known one, and so does that of a struct.
///
/// # Errors
/// As [`FromNode::from_node`].
pub fn take<T: FromNode>(node: Node) -> Result<T, ValueError> {
    T::from_node(match (T::KIND, T::OBJECT) {
        (Some(kind), _) => resource(kind, node),
        (None, Some(def)) => instances(def, node),
        (None, None) => node,
    })
}

fn instances(def: &ObjectDef, node: Node) -> Node {
    match node {
        Node::Object(all) => {
            Node::Object(all.into_iter().map(|(id, instance)| (id, instances(def, instance))).collect())
        }
        Node::Instance(resources) => {
            let typed = resources.into_iter().map(|(id, node)| match def.resource(id) {
                Some(known) => (id, resource(known.kind(), node)),
                None => (id, node),
            });
            Node::Instance(typed.collect())
        }
        other => other,
    }
}

fn resource(kind: Kind, node: Node) -> Node {
    match node {
        Node::Value(value) => Node::Value(read(kind, value)),
        Node::Multiple(items) => {
            Node::Multiple(items.into_iter().map(|(id, value)| (id, read(kind, value))).collect())
        }
        other => other,
    }
}

/// The value as one of `kind`, where it is an untyped one of that form; else as it is.
fn read(kind: Kind, value: Value) -> Value {
    let typed = match &value {
        _ if value.kind() == kind => return value,
        Value::Opaque(octets) => tlv::value(Some(kind), octets),
        Value::String(characters) => text::value(kind, characters.as_bytes()),
        _ => return value,
    };
    typed.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;

    use super::*;

    fn octets(octets: &'static [u8]) -> Node {
        Node::Value(Value::Opaque(Bytes::from_static(octets)))
    }

    #[test]
    fn octets_and_texts_are_what_their_reader_takes_them_for() {
        assert_eq!(take::<f64>(octets(&[0x40, 0x35, 0x80, 0, 0, 0, 0, 0])), Ok(21.5));
        assert_eq!(take::<i64>(octets(&[0xff])), Ok(-1));
        assert_eq!(take::<u64>(octets(&[0xff])), Ok(255));
        assert_eq!(take::<bool>(octets(&[1])), Ok(true));
        assert_eq!(take::<String>(octets(b"on")), Ok("on".to_owned()));
        assert_eq!(take::<Bytes>(octets(b"on")), Ok(Bytes::from_static(b"on")));
        assert_eq!(take::<f64>(Node::Value(Value::String("21.5".to_owned()))), Ok(21.5));
        let items = Node::Multiple(BTreeMap::from([(3, Value::Opaque(Bytes::from_static(&[7])))]));
        assert_eq!(take::<BTreeMap<u16, i64>>(items), Ok(BTreeMap::from([(3, 7)])));
    }

    #[test]
    fn what_has_not_the_form_is_an_error_of_its_kind() {
        let error = Err(ValueError::Kind { expected: Kind::Float, found: Kind::Opaque });
        assert_eq!(take::<f64>(octets(&[1, 2, 3])), error);
        assert!(take::<bool>(Node::Value(Value::Integer(1))).is_err());
    }
}
