//! Nodes of the data model, and how Rust values become nodes and back.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{Corelnk, InstanceId, Kind, ObjectId, Objlnk, ResourceId, Secret, Time, Value};

/// A node of the data model with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Node {
    /// A single resource, or one resource instance.
    Value(Value),
    /// A multiple resource: its instances.
    Multiple(BTreeMap<u16, Value>),
    /// An object instance: its resources.
    Instance(BTreeMap<ResourceId, Node>),
    /// An object: its instances.
    Object(BTreeMap<InstanceId, Node>),
    /// Everything.
    Root(BTreeMap<ObjectId, Node>),
}

impl Node {
    /// What this node is, where an error has to say so.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Value(value) => value.kind(),
            _ => Kind::Multiple,
        }
    }

    /// Every value at or below this node, with its path below `at`, in order.
    pub fn leaves(&self, at: crate::Path) -> Vec<(crate::Path, &Value)> {
        let mut found = Vec::new();
        collect(self, at, &mut found);
        found
    }
}

fn collect<'a>(node: &'a Node, at: crate::Path, found: &mut Vec<(crate::Path, &'a Value)>) {
    let mut below = |id: u16, child: &'a Node| {
        if let Ok(path) = at.push(id) {
            collect(child, path, found);
        }
    };
    match node {
        Node::Value(value) => found.push((at, value)),
        Node::Multiple(items) => {
            found.extend(items.iter().filter_map(|(id, value)| Some((at.push(*id).ok()?, value))));
        }
        Node::Instance(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
        Node::Object(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
        Node::Root(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
    }
}

/// Why a node is not the Rust value that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// Another data type than expected.
    #[error("expected {expected}, found {found}")]
    Kind {
        /// What was asked for.
        expected: Kind,
        /// What is there.
        found: Kind,
    },
    /// A mandatory resource is absent.
    #[error("mandatory resource {0} is missing")]
    Missing(ResourceId),
    /// The number does not fit.
    #[error("the number is out of range")]
    Range,
    /// An object instance was asked for.
    #[error("expected an object instance, found {0}")]
    NotAnInstance(Kind),
    /// What is wrong with one resource of an instance.
    #[error("resource {0}: {1}")]
    In(ResourceId, Box<Self>),
    /// The text or the octets are no value of the kind.
    #[error("expected {expected}, {why}")]
    Form {
        /// What was asked for.
        expected: Kind,
        /// What such a value looks like.
        why: &'static str,
    },
}

/// A Rust value that can be made from a node.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an LwM2M node",
    note = "values are i64, u64, f64, bool, String, Bytes, Time, Objlnk, Corelnk, BTreeMap<u16, _> of these, Node, or a struct with #[derive(Object)]"
)]
pub trait FromNode: Sized + Send + 'static {
    /// The kind of value it is made of, where there is one: what a codec takes a value for that nobody has defined.
    const KIND: Option<Kind> = None;

    /// Takes the value out of the node.
    ///
    /// # Errors
    /// The node is of another kind, a mandatory resource is missing or a number does not fit.
    fn from_node(node: Node) -> Result<Self, ValueError>;
}

/// A Rust value that can become a node.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no LwM2M kind",
    note = "values are i64, u64, f64, bool, String, Bytes, Time, Objlnk, Corelnk, BTreeMap<u16, _> of these, Node, or a struct with #[derive(Object)]"
)]
pub trait IntoNode: Send + 'static {
    /// Makes the node.
    fn into_node(self) -> Node;
}

impl FromNode for Node {
    fn from_node(node: Node) -> Result<Self, ValueError> {
        Ok(node)
    }
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoNode for Value {
    fn into_node(self) -> Node {
        Node::Value(self)
    }
}

impl FromNode for Value {
    fn from_node(node: Node) -> Result<Self, ValueError> {
        match node {
            Node::Value(value) => Ok(value),
            other => Err(ValueError::Kind { expected: Kind::String, found: other.kind() }),
        }
    }
}

impl IntoNode for &'static str {
    fn into_node(self) -> Node {
        Node::Value(Value::String(self.to_owned()))
    }
}

/// A Rust type that holds one value of one kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no LwM2M kind",
    label = "no LwM2M kind",
    note = "values are i64, u64, f64, bool, String, Bytes, Time, Objlnk, Corelnk and Secret"
)]
pub trait ValueType: Clone + Send + Sync + 'static {
    /// The kind it holds.
    const KIND: Kind;
    /// Takes the value. Numbers convert where nothing is lost.
    ///
    /// # Errors
    /// Another kind, or a number that does not fit.
    fn from_value(value: Value) -> Result<Self, ValueError>;
    /// Makes the value.
    fn into_value(self) -> Value;
    /// Are they the same value? Floats compare by bits.
    fn same(&self, other: &Self) -> bool;
}

fn wrong<T: ValueType>(found: &Value) -> ValueError {
    ValueError::Kind { expected: T::KIND, found: found.kind() }
}

macro_rules! value_type {
    ($type:ty, $kind:ident, $same:expr, $into:expr, { $($pattern:pat => $from:expr),+ $(,)? }) => {
        impl ValueType for $type {
            const KIND: Kind = Kind::$kind;
            fn from_value(value: Value) -> Result<Self, ValueError> {
                match value {
                    $($pattern => $from,)+
                    other => Err(wrong::<Self>(&other)),
                }
            }
            fn into_value(self) -> Value {
                $into(self)
            }
            fn same(&self, other: &Self) -> bool {
                let same: fn(&Self, &Self) -> bool = $same;
                same(self, other)
            }
        }
        impl FromNode for $type {
            const KIND: Option<Kind> = Some(Kind::$kind);
            fn from_node(node: Node) -> Result<Self, ValueError> {
                match node {
                    Node::Value(value) => Self::from_value(value),
                    other => Err(ValueError::Kind { expected: Kind::$kind, found: other.kind() }),
                }
            }
        }
        impl IntoNode for $type {
            fn into_node(self) -> Node {
                Node::Value(self.into_value())
            }
        }
    };
}

value_type!(String, String, PartialEq::eq, Value::String, { Value::String(text) => Ok(text), Value::Corelnk(text) => Ok(text) });
value_type!(bool, Boolean, PartialEq::eq, Value::Boolean, { Value::Boolean(yes) => Ok(yes) });
value_type!(Bytes, Opaque, PartialEq::eq, Value::Opaque, { Value::Opaque(octets) => Ok(octets) });
value_type!(Secret, Opaque, |a, b| a.expose() == b.expose(), |secret: Self| Value::Opaque(Bytes::copy_from_slice(secret.expose())), {
    Value::Opaque(octets) => Ok(Self::new(octets.to_vec())),
});
value_type!(Objlnk, Objlnk, PartialEq::eq, Value::Objlnk, { Value::Objlnk(link) => Ok(link) });
value_type!(Corelnk, Corelnk, PartialEq::eq, |links: Self| Value::Corelnk(links.0), {
    Value::Corelnk(text) | Value::String(text) => Ok(Self(text)),
});
value_type!(Time, Time, PartialEq::eq, |time: Self| Value::Time(time.0), {
    Value::Time(seconds) | Value::Integer(seconds) => Ok(Self(seconds)),
});
value_type!(i64, Integer, PartialEq::eq, Value::Integer, {
    Value::Integer(number) | Value::Time(number) => Ok(number),
    Value::Unsigned(number) => Self::try_from(number).map_err(|_| ValueError::Range),
});
value_type!(u64, Unsigned, PartialEq::eq, Value::Unsigned, {
    Value::Unsigned(number) => Ok(number),
    Value::Integer(number) => Self::try_from(number).map_err(|_| ValueError::Range),
});
value_type!(f64, Float, |a, b| a.to_bits() == b.to_bits(), Value::Float, {
    Value::Float(number) => Ok(number),
    Value::Integer(number) => exact_float(number),
});

/// An integer as a float, where that loses nothing.
fn exact_float(number: i64) -> Result<f64, ValueError> {
    const EXACT: i64 = 1 << 53;
    if (-EXACT..=EXACT).contains(&number) { Ok(number as f64) } else { Err(ValueError::Range) }
}

impl<T: ValueType> FromNode for BTreeMap<u16, T> {
    const KIND: Option<Kind> = Some(T::KIND);
    fn from_node(node: Node) -> Result<Self, ValueError> {
        match node {
            Node::Multiple(items) => {
                items.into_iter().map(|(id, value)| Ok((id, T::from_value(value)?))).collect()
            }
            other => Err(ValueError::Kind { expected: Kind::Multiple, found: other.kind() }),
        }
    }
}

impl<T: ValueType> IntoNode for BTreeMap<u16, T> {
    fn into_node(self) -> Node {
        Node::Multiple(self.into_iter().map(|(id, value)| (id, value.into_value())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_convert_only_without_loss() {
        assert_eq!(f64::from_node(Node::Value(Value::Integer(21))), Ok(21.0));
        assert_eq!(f64::from_node(Node::Value(Value::Integer((1 << 53) + 1))), Err(ValueError::Range));
        assert_eq!(u64::from_node(Node::Value(Value::Integer(-1))), Err(ValueError::Range));
        assert_eq!(i64::from_node(Node::Value(Value::Unsigned(u64::MAX))), Err(ValueError::Range));
        assert_eq!(
            bool::from_node(Node::Value(Value::Integer(1))),
            Err(ValueError::Kind { expected: Kind::Boolean, found: Kind::Integer })
        );
    }

    #[test]
    fn leaves_come_in_tree_order_with_full_paths() {
        let node = Node::Instance(BTreeMap::from([
            (ResourceId(9), Node::Value(Value::Integer(95))),
            (ResourceId(6), Node::Multiple(BTreeMap::from([(1, Value::Integer(5)), (0, Value::Integer(1))]))),
        ]));
        let at = "/3/0".parse().unwrap();
        let paths: Vec<_> = node.leaves(at).iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["/3/0/6/0", "/3/0/6/1", "/3/0/9"]);
    }
}
