//! Where a node stands in the data model: `/object/instance/resource/resource-instance`. [Core 1.2 §6]

use std::{fmt, marker::PhantomData, str::FromStr, sync::Arc};

use crate::{Executable, ObjectType};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        pub struct $name(pub u16);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<u16> for $name {
            fn from(id: u16) -> Self {
                Self(id)
            }
        }
    };
}

id! {
    /// Number of an object. May hold 65535 (object 2 uses it); a [`Path`] never does.
    ObjectId
}
id! {
    /// Number of an object instance. May hold 65535 ("none" in a Create); a [`Path`] never does.
    InstanceId
}
id! {
    /// Number of a resource.
    ResourceId
}

/// The reserved identifier 65535. [Core 1.2 §7.2.1]
pub const RESERVED_ID: u16 = u16::MAX;

/// `/`, `/3303`, `/3303/0`, `/3303/0/5700` or `/3303/0/5700/0`. Ten bytes; an id of 65535 cannot be built.
///
/// ```
/// use lwm2m_core::Path;
/// let path: Path = "/3303/0/5700".parse()?;
/// assert_eq!(path, Path::new(&[3303, 0, 5700])?);
/// assert!(Path::new(&[3303])?.contains(&path));
/// assert_eq!(path.to_string(), "/3303/0/5700");
/// # Ok::<(), lwm2m_core::PathError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Path {
    len: u8,
    ids: [u16; 4],
}

impl Path {
    /// The root `/`.
    pub const ROOT: Self = Self { len: 0, ids: [0; 4] };

    /// A path of up to four ids.
    ///
    /// # Errors
    /// More than four ids, or one of them is 65535.
    pub const fn new(ids: &[u16]) -> Result<Self, PathError> {
        let mut path = Self::ROOT;
        let mut rest = ids;
        while let [id, tail @ ..] = rest {
            path = match path.push(*id) {
                Ok(longer) => longer,
                Err(error) => return Err(error),
            };
            rest = tail;
        }
        Ok(path)
    }

    /// The path of an object.
    ///
    /// # Errors
    /// The id is 65535.
    pub const fn object(object: ObjectId) -> Result<Self, PathError> {
        Self::ROOT.push(object.0)
    }

    /// The node `id` directly below this one.
    ///
    /// # Errors
    /// This is a resource instance, or `id` is 65535.
    pub const fn push(self, id: u16) -> Result<Self, PathError> {
        if id == RESERVED_ID {
            return Err(PathError { segment: self.len, why: "65535 is reserved" });
        }
        let [a, b, c, _] = self.ids;
        let ids = match self.len {
            0 => [id, 0, 0, 0],
            1 => [a, id, 0, 0],
            2 => [a, b, id, 0],
            3 => [a, b, c, id],
            _ => return Err(PathError { segment: 4, why: "a path has at most four ids" }),
        };
        Ok(Self { len: self.len + 1, ids })
    }

    /// As [`Path::push`], in place: a decoder goes down many times.
    ///
    /// All ids are written at once: a processor that has written a part waits before it reads the whole.
    #[inline]
    pub(crate) fn go(&mut self, id: u16) -> Result<(), PathError> {
        if id == RESERVED_ID {
            return Err(PathError { segment: self.len, why: "65535 is reserved" });
        }
        if self.len > 3 {
            return Err(PathError { segment: 4, why: "a path has at most four ids" });
        }
        let [a, b, c, d] = self.ids;
        let all = a as u64 | (b as u64) << 16 | (c as u64) << 32 | (d as u64) << 48;
        // ids that are not there are 0
        let all = all | (u64::from(id) << ((u32::from(self.len) & 3) * 16));
        self.ids = [all as u16, (all >> 16) as u16, (all >> 32) as u16, (all >> 48) as u16];
        self.len = self.len.saturating_add(1);
        Ok(())
    }

    /// The ids, from the object down.
    #[must_use]
    #[inline]
    pub fn ids(&self) -> &[u16] {
        self.ids.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// How many ids: 0 for the root, 4 for a resource instance.
    #[must_use]
    pub const fn depth(&self) -> u8 {
        self.len
    }

    /// Is this `/`?
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.len == 0
    }

    /// The ids as one number, and how many: paths compare as these do.
    const fn key(&self) -> (u64, u8) {
        let [a, b, c, d] = self.ids;
        ((a as u64) << 48 | (b as u64) << 32 | (c as u64) << 16 | d as u64, self.len)
    }

    fn id(&self, level: usize) -> Option<u16> {
        self.ids().get(level).copied()
    }

    /// The object, unless this is the root.
    #[must_use]
    pub fn object_id(&self) -> Option<ObjectId> {
        self.id(0).map(ObjectId)
    }

    /// The object instance, where the path goes that deep.
    #[must_use]
    pub fn instance_id(&self) -> Option<InstanceId> {
        self.id(1).map(InstanceId)
    }

    /// The resource, where the path goes that deep.
    #[must_use]
    pub fn resource_id(&self) -> Option<ResourceId> {
        self.id(2).map(ResourceId)
    }

    /// The resource instance, where the path goes that deep.
    #[must_use]
    pub fn resource_instance_id(&self) -> Option<u16> {
        self.id(3)
    }

    /// The node above; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let len = self.len.checked_sub(1)?;
        let mut ids = self.ids;
        if let Some(last) = ids.get_mut(usize::from(len)) {
            *last = 0;
        }
        Some(Self { len, ids })
    }

    /// Is `other` this node or below it?
    #[must_use]
    #[inline]
    pub fn contains(&self, other: &Self) -> bool {
        // without a loop, and id by id: decoders ask this for every value
        match (self.ids(), other.ids()) {
            ([], _) => true,
            ([a], [e, ..]) => a == e,
            ([a, b], [e, f, ..]) => a == e && b == f,
            ([a, b, c], [e, f, g, ..]) => a == e && b == f && c == g,
            (all, others) => all == others,
        }
    }
}

/// Breadth before depth would tear instances apart: paths sort as a walk through the tree, parents first.
impl Ord for Path {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Path {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        self.key() < other.key()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str("/");
        }
        self.ids().iter().try_for_each(|id| write!(f, "/{id}"))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Strict: a leading slash, decimal ids without leading zeros, no trailing slash.
impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(PathError { segment: 0, why: "a path begins with a slash" });
        };
        if rest.is_empty() {
            return Ok(Self::ROOT);
        }
        rest.split('/').try_fold(Self::ROOT, |path, segment| path.push(parse_id(segment, path.len)?))
    }
}

impl Path {
    /// From text segments, as the Uri-Path options of a request carry them.
    ///
    /// # Errors
    /// A segment is no decimal id, or there are more than four.
    pub fn from_segments<'a>(segments: impl IntoIterator<Item = &'a str>) -> Result<Self, PathError> {
        segments.into_iter().try_fold(Self::ROOT, |path, segment| path.push(parse_id(segment, path.len)?))
    }
}

fn parse_id(segment: &str, position: u8) -> Result<u16, PathError> {
    let error = |why| Err(PathError { segment: position, why });
    if segment.is_empty() {
        return error("an id is missing");
    }
    if !segment.bytes().all(|b| b.is_ascii_digit()) {
        return error("an id is a decimal number");
    }
    if segment.len() > 1 && segment.starts_with('0') {
        return error("an id has no leading zero");
    }
    segment.parse().or_else(|_| error("an id is at most 65534"))
}

/// Why something is not a [`Path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path segment {}: {why}", .segment + 1)]
pub struct PathError {
    segment: u8,
    why: &'static str,
}

impl PathError {
    /// Which segment is wrong, counted from 0.
    #[must_use]
    pub const fn segment(&self) -> u8 {
        self.segment
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        self.why
    }
}

/// Octets of a Uri-Path option. [RFC 7252 §5.10]
const MAX_SEGMENT: usize = 255;

/// Which tree a path belongs to: the default one, or one below an alternate path such as `/lwm2m`.
///
/// Equal trees of a shard share one text. [Core 1.2 §6.4.1]
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tree(Option<Arc<str>>);

impl Tree {
    /// The tree at `/`.
    pub const DEFAULT: Self = Self(None);

    /// Longest prefix, in octets: it goes into every request. Attack: registrations that each keep a mebibyte of it.
    pub const MAX_PREFIX: usize = 512;

    /// The tree below `prefix`, for example `/lwm2m`. `/` is the default tree.
    ///
    /// # Errors
    /// The prefix does not begin with a slash, ends with one, is longer than [`Self::MAX_PREFIX`], or has a segment that
    /// is empty, numeric, longer than 255 octets, or holds a control character: it stands in logs and on terminals.
    pub fn below(prefix: &str) -> Result<Self, PathError> {
        let Some(rest) = prefix.strip_prefix('/') else {
            return Err(PathError { segment: 0, why: "a path begins with a slash" });
        };
        if rest.is_empty() {
            return Ok(Self::DEFAULT);
        }
        if prefix.len() > Self::MAX_PREFIX {
            return Err(PathError { segment: 0, why: "an alternate path is not longer than 512 octets" });
        }
        for (position, segment) in rest.split('/').enumerate() {
            let why = if segment.is_empty() {
                "a segment is empty"
            } else if segment.len() > MAX_SEGMENT {
                "a segment is not longer than 255 octets"
            } else if segment.bytes().all(|b| b.is_ascii_digit()) {
                "an alternate path has no numeric segment"
            } else if segment.contains(char::is_control) {
                "a segment has no control character"
            } else {
                continue;
            };
            return Err(PathError { segment: u8::try_from(position).unwrap_or(u8::MAX), why });
        }
        Ok(Self(Some(Arc::from(prefix))))
    }

    /// The prefix with its leading slash, or an empty text for the default tree.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.as_deref().unwrap_or("")
    }

    /// The segments of the prefix.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.prefix().split('/').filter(|segment| !segment.is_empty())
    }

    /// Is this the tree at `/`?
    #[must_use]
    pub const fn is_default(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_default() { "/" } else { self.prefix() })
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names a node, for the verbs that need no value type: a text, a [`Path`] or a [`Typed`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a node of the data model",
    note = "use a text such as \"/3303/0/5700\", a `Path`, or a key such as `Temperature::SENSOR_VALUE.at(0)`"
)]
pub trait AsPath: Send + Sync {
    /// The path.
    ///
    /// # Errors
    /// The text or ids are no path.
    fn as_path(&self) -> Result<Path, PathError>;
}

/// Names a node that holds a `T`. A key fixes `T`; text and [`Path`] leave it to the caller.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a node that holds `{T}`",
    note = "a typed key fixes the type of its value; texts and `Path`s take any"
)]
pub trait Location<T>: AsPath {}

impl AsPath for &str {
    fn as_path(&self) -> Result<Path, PathError> {
        self.parse()
    }
}
impl<T> Location<T> for &str {}

impl AsPath for String {
    fn as_path(&self) -> Result<Path, PathError> {
        self.parse()
    }
}
impl<T> Location<T> for String {}

impl AsPath for Path {
    fn as_path(&self) -> Result<Path, PathError> {
        Ok(*self)
    }
}
impl<T> Location<T> for Path {}

/// So that places of several types stand in one list.
impl AsPath for &dyn AsPath {
    fn as_path(&self) -> Result<Path, PathError> {
        (**self).as_path()
    }
}

/// A place that holds a `T`: `Temperature::SENSOR_VALUE.at(0)`. The ids are checked when it becomes a [`Path`].
pub struct Typed<T> {
    len: u8,
    ids: [u16; 4],
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Typed<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Typed<T> {}

impl<T> fmt::Debug for Typed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ids.iter().take(usize::from(self.len)).try_for_each(|id| write!(f, "/{id}"))
    }
}

impl<T> Typed<T> {
    /// A whole instance of an object. The derive macro offers it as `Temperature::instance(0)`.
    #[must_use]
    pub const fn instance(object: ObjectId, instance: u16) -> Self {
        Self { len: 2, ids: [object.0, instance, 0, 0], of: PhantomData }
    }
}

impl<T> Typed<std::collections::BTreeMap<InstanceId, T>> {
    /// All instances of an object. The derive macro offers it as `Temperature::instances()`.
    #[must_use]
    pub const fn instances(object: ObjectId) -> Self {
        Self { len: 1, ids: [object.0, 0, 0, 0], of: PhantomData }
    }
}

impl<T> AsPath for Typed<T> {
    fn as_path(&self) -> Result<Path, PathError> {
        Path::new(self.ids.get(..usize::from(self.len)).unwrap_or(&[]))
    }
}
impl<T> Location<T> for Typed<T> {}

impl<T> Typed<std::collections::BTreeMap<u16, T>> {
    /// One resource instance of a multiple resource.
    #[must_use]
    pub const fn item(self, id: u16) -> Typed<T> {
        let [object, instance, resource, _] = self.ids;
        Typed { len: 4, ids: [object, instance, resource, id], of: PhantomData }
    }
}

/// Resource of object `O` holding a `T`.
///
/// `ResourceKey<O, BTreeMap<u16, T>>` is a multiple one, `ResourceKey<O, Executable>` one that is executed.
pub struct ResourceKey<O, T> {
    id: ResourceId,
    of: PhantomData<fn(O) -> T>,
}

impl<O, T> Clone for ResourceKey<O, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<O, T> Copy for ResourceKey<O, T> {}

impl<O, T> fmt::Debug for ResourceKey<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resource {}", self.id)
    }
}

impl<O, T> ResourceKey<O, T> {
    /// The key of resource `id`. The derive macro makes them.
    #[must_use]
    pub const fn new(id: u16) -> Self {
        Self { id: ResourceId(id), of: PhantomData }
    }

    /// The resource's id.
    #[must_use]
    pub const fn id(&self) -> ResourceId {
        self.id
    }
}

impl<O: ObjectType, T> ResourceKey<O, T> {
    /// This resource in one instance of its object.
    #[must_use]
    pub fn at(&self, instance: u16) -> Typed<T> {
        Typed { len: 3, ids: [O::DEF.id().0, instance, self.id.0, 0], of: PhantomData }
    }
}

/// What can be executed: text, a path, or the key of an executable resource.
pub trait AsExecutable: AsPath {}
impl AsExecutable for &str {}
impl AsExecutable for String {}
impl AsExecutable for Path {}
impl AsExecutable for Typed<Executable> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_round_trip() {
        for text in ["/", "/0", "/3303", "/3303/0", "/3303/0/5700", "/65534/65534/65534/65534"] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn wrong_texts_name_the_segment() {
        for (text, segment, why) in [
            ("3/0", 0, "a path begins with a slash"),
            ("/3/", 1, "an id is missing"),
            ("//3", 0, "an id is missing"),
            ("/3/a", 1, "an id is a decimal number"),
            ("/3/+1", 1, "an id is a decimal number"),
            ("/3/00", 1, "an id has no leading zero"),
            ("/65535", 0, "65535 is reserved"),
            ("/3/65536", 1, "an id is at most 65534"),
            ("/1/2/3/4/5", 4, "a path has at most four ids"),
        ] {
            let error = text.parse::<Path>().unwrap_err();
            assert_eq!((error.segment(), error.why()), (segment, why), "{text}");
        }
    }

    #[test]
    fn containment_and_parents_follow_the_tree() {
        let resource: Path = "/3303/0/5700".parse().unwrap();
        assert!(Path::ROOT.contains(&resource));
        assert!(resource.contains(&resource));
        assert!(!resource.contains(&resource.parent().unwrap()));
        assert!(!Path::new(&[330]).unwrap().contains(&resource));
        assert_eq!(Path::ROOT.parent(), None);
        assert_eq!(resource.parent().unwrap().push(5700).unwrap(), resource);
    }

    #[test]
    fn an_alternate_path_has_no_numbers() {
        assert!(Tree::below("/").unwrap().is_default());
        assert_eq!(Tree::below("/lwm2m").unwrap().segments().collect::<Vec<_>>(), ["lwm2m"]);
        assert!(Tree::below("/a/3").is_err());
        assert!(Tree::below("/a/").is_err());
        assert!(Tree::below("a").is_err());
        assert_eq!(
            Tree::below("/a/b\u{1b}[2J").unwrap_err().to_string(),
            "path segment 2: a segment has no control character"
        );
        let longest = |octets| format!("/{}", "a".repeat(octets));
        assert!(Tree::below(&longest(255)).is_ok() && Tree::below(&longest(256)).is_err());
        assert!(Tree::below(&"/a".repeat(256)).is_ok() && Tree::below(&"/a".repeat(257)).is_err());
    }

    #[test]
    fn a_path_is_ten_bytes() {
        assert_eq!(size_of::<Path>(), 10);
    }
}
