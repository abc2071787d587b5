//! Values as octets of a record: their kinds are in it, so that no definition is needed to read them.

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, InstanceId, Mono, Node, Now, ObjectId, Objlnk, Path, ResourceId, UnixTime, Value, codec::Stamp,
};

/// What is before this by the clock on the wall comes of a clock that nobody has set: SenML takes such times for
/// relative ones. [RFC 8428 §4.5.3]
const FIRST: UnixTime = UnixTime::from_secs(1 << 28);

/// When a value was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Taken {
    /// In an earlier life, at this time of day.
    At(UnixTime),
    /// By the monotonic clock of this life, in microseconds. Negative: before it began, at least so long ago.
    Mono(i64),
}

impl Taken {
    pub(crate) fn now(now: Now) -> Self {
        Self::Mono(signed(now.mono))
    }

    /// How long ago that is, in microseconds. Nobody knows where the time of day is not known: very long, then.
    pub(crate) fn age(self, now: Now) -> u64 {
        match self {
            Self::At(at) => {
                clock(now).map_or(u64::MAX, |wall| (wall.0.saturating_sub(at.0)).max(0).unsigned_abs())
            }
            Self::Mono(at) => signed(now.mono).saturating_sub(at).max(0).unsigned_abs(),
        }
    }

    /// By the clock on the wall if there is one by now, else by how long ago it was.
    pub(crate) fn stamp(self, now: Now) -> Stamp {
        match (self, clock(now)) {
            (Self::At(at), _) => Stamp::At(at),
            (Self::Mono(_), Some(wall)) => match i64::try_from(self.age(now)) {
                Ok(age) => Stamp::At(UnixTime(wall.0.saturating_sub(age)).max(FIRST)),
                Err(_) => Stamp::Ago(self.age(now)),
            },
            (Self::Mono(_), None) => Stamp::Ago(self.age(now)),
        }
    }

    pub(crate) fn put(self, now: Now, out: &mut Vec<u8>) {
        put_stamp(self.stamp(now), out);
    }

    pub(crate) fn read(now: Now, reader: &mut Reader<'_>) -> Option<Self> {
        Some(match stamp(reader)? {
            Stamp::At(at) => Self::At(at),
            Stamp::Ago(ago) => {
                Self::Mono(signed(now.mono).saturating_sub(i64::try_from(ago).unwrap_or(i64::MAX)))
            }
        })
    }
}

fn signed(mono: Mono) -> i64 {
    i64::try_from(mono.0).unwrap_or(i64::MAX)
}

/// The time of day, if somebody has set the clock.
fn clock(now: Now) -> Option<UnixTime> {
    now.wall.filter(|wall| *wall >= FIRST)
}

pub(crate) fn put_stamp(stamp: Stamp, out: &mut Vec<u8>) {
    match stamp {
        Stamp::At(at) => {
            out.push(0);
            out.extend(at.0.to_be_bytes());
        }
        Stamp::Ago(ago) => {
            out.push(1);
            out.extend(ago.to_be_bytes());
        }
    }
}

pub(crate) fn stamp(reader: &mut Reader<'_>) -> Option<Stamp> {
    let kind = reader.u8()?;
    let number = reader.array()?;
    match kind {
        0 => Some(Stamp::At(UnixTime(i64::from_be_bytes(number)))),
        1 => Some(Stamp::Ago(u64::from_be_bytes(number))),
        _ => None,
    }
}

/// Takes octets from the front; `None` where there are too few.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[octet]| octet)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn octets(&mut self) -> Option<&'a [u8]> {
        let count = self.u32()?;
        self.take(usize::try_from(count).ok()?)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.octets()?.to_vec()).ok()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn put_octets(octets: &[u8], out: &mut Vec<u8>) {
    put_count(octets.len(), out);
    out.extend(octets);
}

pub(crate) fn put_text(text: &str, out: &mut Vec<u8>) {
    put_octets(text.as_bytes(), out);
}

/// Nothing that is kept has 2³² parts.
pub(crate) fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
}

pub(crate) fn put_path(path: Path, out: &mut Vec<u8>) {
    out.push(path.depth());
    path.ids().iter().for_each(|id| out.extend(id.to_be_bytes()));
}

pub(crate) fn path(reader: &mut Reader<'_>) -> Option<Path> {
    let depth = reader.u8().filter(|depth| *depth <= 4)?;
    let ids: Option<Vec<u16>> = (0..depth).map(|_| reader.u16()).collect();
    Path::new(&ids?).ok()
}

pub(crate) fn put_node(node: &Node, out: &mut Vec<u8>) {
    match node {
        Node::Value(value) => put_value(value, out),
        Node::Multiple(items) => {
            out.push(b'M');
            put_count(items.len(), out);
            for (id, value) in items {
                out.extend(id.to_be_bytes());
                put_value(value, out);
            }
        }
        Node::Instance(children) => put_children(b'I', children.iter().map(|(id, node)| (id.0, node)), out),
        Node::Object(children) => put_children(b'O', children.iter().map(|(id, node)| (id.0, node)), out),
        Node::Root(children) => put_children(b'R', children.iter().map(|(id, node)| (id.0, node)), out),
        // Of a later version of the data model: as if it were not there.
        _ => put_children(b'I', std::iter::empty(), out),
    }
}

fn put_children<'a>(letter: u8, children: impl ExactSizeIterator<Item = (u16, &'a Node)>, out: &mut Vec<u8>) {
    out.push(letter);
    put_count(children.len(), out);
    for (id, node) in children {
        out.extend(id.to_be_bytes());
        put_node(node, out);
    }
}

fn put_value(value: &Value, out: &mut Vec<u8>) {
    let mut fixed = |letter: u8, octets: &[u8]| {
        out.push(letter);
        out.extend(octets);
    };
    match value {
        Value::Integer(number) => fixed(b'i', &number.to_be_bytes()),
        Value::Unsigned(number) => fixed(b'u', &number.to_be_bytes()),
        Value::Float(number) => fixed(b'f', &number.to_bits().to_be_bytes()),
        Value::Time(seconds) => fixed(b't', &seconds.to_be_bytes()),
        Value::Boolean(said) => fixed(b'b', &[u8::from(*said)]),
        Value::Objlnk(link) => {
            fixed(b'l', &link.object.0.to_be_bytes());
            out.extend(link.instance.0.to_be_bytes());
        }
        Value::String(text) => {
            out.push(b's');
            put_text(text, out);
        }
        Value::Corelnk(text) => {
            out.push(b'c');
            put_text(text, out);
        }
        Value::Opaque(octets) => {
            out.push(b'o');
            put_octets(octets, out);
        }
        _ => {
            out.push(b'o');
            put_octets(&[], out);
        }
    }
}

pub(crate) fn node(reader: &mut Reader<'_>) -> Option<Node> {
    below(reader, 0)
}

/// `depth`: how deep it is in the tree; no record makes it deeper than that.
fn below(reader: &mut Reader<'_>, depth: u8) -> Option<Node> {
    let letter = *reader.0.first()?;
    if !matches!(letter, b'M' | b'I' | b'O' | b'R') {
        return value(reader).map(Node::Value);
    }
    reader.u8()?;
    let count = reader.u32()?;
    if letter == b'M' {
        let items: Option<BTreeMap<u16, Value>> =
            (0..count).map(|_| Some((reader.u16()?, value(reader)?))).collect();
        return items.map(Node::Multiple);
    }
    let deeper = depth.checked_add(1).filter(|depth| *depth <= 3)?;
    let mut children = Vec::new();
    for _ in 0..count {
        children.push((reader.u16()?, below(reader, deeper)?));
    }
    let children = children.into_iter();
    Some(match letter {
        b'I' => Node::Instance(children.map(|(id, node)| (ResourceId(id), node)).collect()),
        b'O' => Node::Object(children.map(|(id, node)| (InstanceId(id), node)).collect()),
        _ => Node::Root(children.map(|(id, node)| (ObjectId(id), node)).collect()),
    })
}

fn value(reader: &mut Reader<'_>) -> Option<Value> {
    Some(match reader.u8()? {
        b'i' => Value::Integer(i64::from_be_bytes(reader.array()?)),
        b'u' => Value::Unsigned(u64::from_be_bytes(reader.array()?)),
        b'f' => Value::Float(f64::from_bits(u64::from_be_bytes(reader.array()?))),
        b't' => Value::Time(i64::from_be_bytes(reader.array()?)),
        b'b' => Value::Boolean(reader.u8()? != 0),
        b'l' => {
            let (object, instance) = (ObjectId(reader.u16()?), InstanceId(reader.u16()?));
            Value::Objlnk(Objlnk { object, instance })
        }
        b's' => Value::String(reader.text()?),
        b'c' => Value::Corelnk(reader.text()?),
        b'o' => Value::Opaque(Bytes::copy_from_slice(reader.octets()?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<String>().prop_map(Value::String),
            any::<String>().prop_map(Value::Corelnk),
            any::<i64>().prop_map(Value::Integer),
            any::<u64>().prop_map(Value::Unsigned),
            any::<u64>().prop_map(|bits| Value::Float(f64::from_bits(bits))),
            any::<i64>().prop_map(Value::Time),
            any::<bool>().prop_map(Value::Boolean),
            any::<Vec<u8>>().prop_map(|octets| Value::Opaque(octets.into())),
            any::<(u16, u16)>().prop_map(|(object, instance)| Value::Objlnk(Objlnk {
                object: ObjectId(object),
                instance: InstanceId(instance)
            })),
        ]
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let map = |size| prop::collection::btree_map(any::<u16>(), any_value(), 0..size);
        let resource = prop_oneof![any_value().prop_map(Node::Value), map(4).prop_map(Node::Multiple)];
        let instance = prop::collection::btree_map(any::<u16>().prop_map(ResourceId), resource.clone(), 0..4);
        let instance = instance.prop_map(Node::Instance);
        let object = prop::collection::btree_map(any::<u16>().prop_map(InstanceId), instance.clone(), 0..3)
            .prop_map(Node::Object);
        let root = prop::collection::btree_map(any::<u16>().prop_map(ObjectId), object.clone(), 0..3);
        prop_oneof![resource, instance, object, root.prop_map(Node::Root)]
    }

    proptest! {
        #[test]
        fn every_node_is_read_back(node in any_node()) {
            let mut octets = Vec::new();
            put_node(&node, &mut octets);
            let mut reader = Reader(&octets);
            prop_assert_eq!(super::node(&mut reader), Some(node));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn damaged_octets_are_no_node_or_another_one(octets: Vec<u8>) {
            let _ = node(&mut Reader(&octets));
        }
    }

    fn at(mono: u64, wall: Option<i64>) -> Now {
        Now { mono: Mono(mono), wall: wall.map(|seconds| UnixTime(seconds * 1_000_000)) }
    }

    fn kept(taken: Taken, then: Now, later: Now) -> Taken {
        let mut octets = Vec::new();
        taken.put(then, &mut octets);
        Taken::read(later, &mut Reader(&octets)).unwrap()
    }

    #[test]
    fn with_a_clock_a_moment_outlives_the_process() {
        let taken = Taken::now(at(5_000_000, Some(1_700_000_000)));
        let next = kept(taken, at(65_000_000, Some(1_700_000_060)), at(0, Some(1_700_003_600)));
        assert_eq!(next, Taken::At(UnixTime(1_700_000_000_000_000)));
        assert_eq!(next.age(at(0, Some(1_700_003_600))), 3_600_000_000);
        assert_eq!(next.stamp(at(7, None)), Stamp::At(UnixTime(1_700_000_000_000_000)));
    }

    #[test]
    fn without_one_it_counts_on_from_what_it_was() {
        let taken = Taken::now(at(5_000_000, None));
        let next = kept(taken, at(65_000_000, Some(3)), at(1_000_000, None));
        assert_eq!(next.age(at(1_000_000, None)), 60_000_000);
        assert_eq!(next.stamp(at(11_000_000, None)), Stamp::Ago(70_000_000));
        assert!(next < Taken::now(at(0, None)) && Taken::At(UnixTime(9)) < next);
    }
}
