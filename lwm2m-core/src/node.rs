//! Nodes of the data model, and how Rust values become nodes and back.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{
    Corelnk, InstanceId, Interval, Kind, ObjectDef, ObjectId, ObjectType, Objlnk, ResourceId, Secret,
    SecretText, Time, Value,
};

/// A node of the data model with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
    /// An object was asked for.
    #[error("expected an object, found {0}")]
    NotAnObject(Kind),
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
    note = "values are i64, u64 and smaller integers, f64, bool, String, Bytes, Time, Objlnk, Corelnk, an enum with #[derive(Enumeration)], BTreeMap<u16, _> of these, Node, a struct with #[derive(Object)], or BTreeMap<InstanceId, _> of such structs"
)]
pub trait FromNode: Sized + Send + 'static {
    /// The kind of value it is made of, where there is one: what a codec takes a value for that nobody has defined.
    const KIND: Option<Kind> = None;

    /// The object whose instances it is made of, where it is: what a codec takes their resources for.
    const OBJECT: Option<&'static ObjectDef> = None;

    /// Takes the value out of the node.
    ///
    /// # Errors
    /// The node is of another kind, a mandatory resource is missing or a number does not fit.
    fn from_node(node: Node) -> Result<Self, ValueError>;
}

/// A Rust value that can become a node.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no LwM2M kind",
    note = "values are i64, u64 and smaller integers, f64, bool, String, Bytes, Time, Objlnk, Corelnk, an enum with #[derive(Enumeration)], BTreeMap<u16, _> of these, Node, a struct with #[derive(Object)], or BTreeMap<InstanceId, _> of such structs"
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
    note = "values are i64, u64 and smaller integers, f64, bool, String, Bytes, Time, Objlnk, Corelnk, Secret and SecretText",
    note = "an enum of whole numbers becomes a value by #[derive(Enumeration)]"
)]
pub trait ValueType: Clone + Send + Sync + 'static {
    /// The kind it holds.
    const KIND: Kind;
    /// Which numbers it holds, where it does not hold all of the kind.
    const BOUNDS: &'static [Interval] = &[];
    /// Is it for nobody's eyes?
    const SECRET: bool = false;
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

macro_rules! value_type {
    ($type:ty, $kind:ident, $same:expr, $into:expr, $from:expr $(, $constant:ident: $of:ty = $is:expr)?) => {
        impl ValueType for $type {
            const KIND: Kind = Kind::$kind;
            $(const $constant: $of = $is;)?
            fn from_value(value: Value) -> Result<Self, ValueError> {
                let from: fn(Value) -> Result<Self, ValueError> = $from;
                from(value)
            }
            fn into_value(self) -> Value {
                let into: fn(Self) -> Value = $into;
                into(self)
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

macro_rules! whole_number {
    ($type:ty, $kind:ident $(, $least:expr, $greatest:expr)?) => {
        value_type!(
            $type,
            $kind,
            PartialEq::eq,
            |number| Value::$kind(number.into()),
            |value| whole(Kind::$kind, &value)
            $(, BOUNDS: &'static [Interval] = &[Interval::$kind($least, $greatest)])?
        );
    };
}

whole_number!(i64, Integer);
whole_number!(i32, Integer, i32::MIN as i64, i32::MAX as i64);
whole_number!(i16, Integer, i16::MIN as i64, i16::MAX as i64);
whole_number!(i8, Integer, i8::MIN as i64, i8::MAX as i64);
whole_number!(u64, Unsigned);
whole_number!(u32, Unsigned, 0, u32::MAX as u64);
whole_number!(u16, Unsigned, 0, u16::MAX as u64);
whole_number!(u8, Unsigned, 0, u8::MAX as u64);
value_type!(f64, Float, |a, b| a.to_bits() == b.to_bits(), Value::Float, float);
value_type!(bool, Boolean, PartialEq::eq, Value::Boolean, |value| match value {
    Value::Boolean(yes) => Ok(yes),
    other => Err(wrong(Kind::Boolean, &other)),
});
value_type!(Time, Time, PartialEq::eq, |time| Value::Time(time.0), |value| {
    whole(Kind::Time, &value).map(Self)
});
value_type!(String, String, PartialEq::eq, Value::String, |value| text(Kind::String, value));
value_type!(Corelnk, Corelnk, PartialEq::eq, |links| Value::Corelnk(links.0), |value| {
    text(Kind::Corelnk, value).map(Self)
});
value_type!(
    SecretText,
    String,
    PartialEq::eq,
    |secret| Value::String(secret.expose().to_owned()),
    |value| text(Kind::String, value).map(Self::new),
    SECRET: bool = true
);
value_type!(Bytes, Opaque, PartialEq::eq, Value::Opaque, octets);
value_type!(
    Secret,
    Opaque,
    PartialEq::eq,
    |secret| Value::Opaque(Bytes::copy_from_slice(secret.expose())),
    |value| octets(value).map(|octets| Self::new(octets.to_vec())),
    SECRET: bool = true
);
value_type!(Objlnk, Objlnk, PartialEq::eq, Value::Objlnk, |value| match value {
    Value::Objlnk(link) => Ok(link),
    other => Err(wrong(Kind::Objlnk, &other)),
});

const fn wrong(expected: Kind, found: &Value) -> ValueError {
    ValueError::Kind { expected, found: found.kind() }
}

/// A whole number, whatever kind it came as: untyped formats write 5 and 5.0 for the same.
fn whole<T: TryFrom<i128>>(expected: Kind, value: &Value) -> Result<T, ValueError> {
    const BEYOND: f64 = u64::MAX as f64;
    let number = match *value {
        Value::Integer(number) | Value::Time(number) => number.into(),
        Value::Unsigned(number) => number.into(),
        Value::Float(number) if number.fract() != 0.0 => return Err(wrong(expected, value)), // NaN and infinities too
        Value::Float(number) if number.abs() > BEYOND => return Err(ValueError::Range),
        Value::Float(number) => number as i128,
        _ => return Err(wrong(expected, value)),
    };
    T::try_from(number).map_err(|_| ValueError::Range)
}

/// A number as a float, where that loses nothing.
fn float(value: Value) -> Result<f64, ValueError> {
    let number = match value {
        Value::Float(number) => return Ok(number),
        Value::Integer(number) => i128::from(number),
        Value::Unsigned(number) => i128::from(number),
        other => return Err(wrong(Kind::Float, &other)),
    };
    let float = number as f64;
    if float as i128 == number { Ok(float) } else { Err(ValueError::Range) }
}

fn text(expected: Kind, value: Value) -> Result<String, ValueError> {
    match value {
        Value::String(text) | Value::Corelnk(text) => Ok(text),
        other => Err(wrong(expected, &other)),
    }
}

fn octets(value: Value) -> Result<Bytes, ValueError> {
    match value {
        Value::Opaque(octets) => Ok(octets),
        other => Err(wrong(Kind::Opaque, &other)),
    }
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

/// All instances of an object.
impl<T: ObjectType> FromNode for BTreeMap<InstanceId, T> {
    const OBJECT: Option<&'static ObjectDef> = Some(T::DEF);
    fn from_node(node: Node) -> Result<Self, ValueError> {
        match node {
            Node::Object(instances) => {
                instances.into_iter().map(|(id, node)| Ok((id, T::from_node(node)?))).collect()
            }
            other => Err(ValueError::NotAnObject(other.kind())),
        }
    }
}

impl<T: ObjectType> IntoNode for BTreeMap<InstanceId, T> {
    fn into_node(self) -> Node {
        Node::Object(self.into_iter().map(|(id, value)| (id, value.into_node())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take<T: FromNode>(value: Value) -> Result<T, ValueError> {
        T::from_node(Node::Value(value))
    }

    #[test]
    fn numbers_convert_only_without_loss() {
        assert_eq!(take(Value::Integer(21)), Ok(21.0));
        assert_eq!(take(Value::Unsigned(1 << 63)), Ok(9_223_372_036_854_775_808.0));
        assert_eq!(take::<f64>(Value::Integer((1 << 53) + 1)), Err(ValueError::Range));
        assert_eq!(take::<f64>(Value::Unsigned(u64::MAX)), Err(ValueError::Range));
        assert_eq!(take::<u64>(Value::Integer(-1)), Err(ValueError::Range));
        assert_eq!(take::<i64>(Value::Unsigned(u64::MAX)), Err(ValueError::Range));
        assert_eq!(take(Value::Float(-5.0)), Ok(-5_i64));
        assert_eq!(take::<u64>(Value::Float(-5.0)), Err(ValueError::Range));
        assert_eq!(take::<u64>(Value::Float(1e300)), Err(ValueError::Range));
        assert_eq!(take(Value::Unsigned(1_700_000_000)), Ok(Time(1_700_000_000)));
        let kind = |expected, found| Err(ValueError::Kind { expected, found });
        for no_whole in [0.5, f64::NAN, f64::INFINITY] {
            assert_eq!(take::<i64>(Value::Float(no_whole)), kind(Kind::Integer, Kind::Float).map(|()| 0));
        }
        assert_eq!(take::<bool>(Value::Integer(1)), kind(Kind::Boolean, Kind::Integer).map(|()| true));
    }

    #[test]
    fn small_integers_take_what_fits() {
        assert_eq!(take(Value::Integer(-128)), Ok(-128_i8));
        assert_eq!(take::<i8>(Value::Integer(128)), Err(ValueError::Range));
        assert_eq!(take::<u16>(Value::Integer(-1)), Err(ValueError::Range));
        assert_eq!(take(Value::Unsigned(65_535)), Ok(u16::MAX));
        assert_eq!(take::<i32>(Value::Unsigned(1 << 31)), Err(ValueError::Range));
        assert_eq!(7_u8.into_node(), Node::Value(Value::Unsigned(7)));
        assert_eq!((-7_i16).into_node(), Node::Value(Value::Integer(-7)));
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
