//! What records mean: names and times are completed by the base. [RFC 8428 §4.6]

use std::borrow::Cow;

use crate::{Path, Tree, codec::Context};

use super::{
    name::{After, Why, whole},
    record::{Label, Record},
};
use crate::codec::{
    DecodeError,
    leaf::{Leaf, Sink},
    scalar::Scalar,
};

/// Longest name and base name, in octets. Paths take up to 24, the rest is for trees. A base name of another tree is
/// put before every name that follows: a long one would cost more than its length.
const MAX_NAME: usize = 512;

/// What a pack is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::codec) enum Purpose {
    /// Values, each with its name.
    Values,
    /// Values, whose names need not be paths.
    Names,
    /// Names without values.
    Fetch,
    /// Values to set; null for what is to go.
    Patch,
}

/// A pack, as far as it was read.
pub(in crate::codec) struct Pack<'c, 'a> {
    cx: &'c Context<'c>,
    purpose: Purpose,
    /// Is it SenML-ETCH, which is stricter with a fetch pack and more lenient with a patch?
    etch: bool,
    base_name: Cow<'a, str>,
    /// The base name without the tree of the context; `None` where it does not end within a path of that tree.
    base: Option<(Path, After)>,
    pub(in crate::codec) base_time: Option<i64>,
    /// What names are below of that do not begin with a slash, as long as there is no base name.
    below: Option<Path>,
    /// The last other tree that a name was of.
    other: Option<Tree>,
}

impl<'c, 'a> Pack<'c, 'a> {
    pub(in crate::codec) const fn new(cx: &'c Context<'c>, purpose: Purpose, etch: bool) -> Self {
        let base = Some((Path::ROOT, After::Nothing));
        Self {
            cx,
            purpose,
            etch,
            base_name: Cow::Borrowed(""),
            base,
            base_time: None,
            below: None,
            other: None,
        }
    }

    /// Takes a record in and gives what it means to `sink`.
    #[inline]
    pub(in crate::codec) fn record<S: Sink>(
        &mut self,
        record: &mut Record<'a>,
        sink: &mut S,
    ) -> Result<(), DecodeError> {
        self.permitted(record)?;
        if let Some(base) = record.take_base_name() {
            self.set_base(base);
        }
        self.base_time = record.base_time().or(self.base_time);
        if self.purpose != Purpose::Fetch && record.value().is_none() {
            return Ok(()); // permitted: a base alone
        }
        let (name, named) = record.name();
        if self.purpose == Purpose::Names {
            let (name, time) = (format!("{}{name}", self.base_name), self.time(record)?);
            let offset = record.value().map_or(record.offset, |value| value.offset);
            return sink.record(name, time, record.scalar(), offset);
        }
        let mut leaf = Leaf {
            path: Path::ROOT,
            inside: false,
            nameless: false,
            tree: None,
            time: None,
            named,
            offset: 0,
        };
        let other = self.resolve(name, &mut leaf.path).map_err(|why| self.no_path(name, named, why))?;
        leaf.time = self.time(record)?;
        leaf.tree = if other { self.other.as_ref() } else { None };
        leaf.offset = record.value().map_or(record.offset, |value| value.offset);
        sink.leaf(&leaf, record.scalar())
    }

    /// Microseconds.
    #[inline]
    fn time(&self, record: &Record<'_>) -> Result<Option<i64>, DecodeError> {
        match (self.base_time, record.time()) {
            (None, time) => Ok(time),
            (Some(base), None) => Ok(Some(base)),
            (Some(base), Some(time)) => match base.checked_add(time) {
                Some(time) => Ok(Some(time)),
                None => Err(DecodeError::malformed(record.offset, "the time is out of range")),
            },
        }
    }

    #[cold]
    fn no_path(&self, name: &str, named: usize, why: Why) -> DecodeError {
        let shown: String = self.base_name.chars().chain(name.chars()).take(80).collect();
        DecodeError::malformed(named, format!("{shown:?} is no path: {why}"))
    }

    /// Refuses what may not stand in such a pack.
    fn permitted(&self, record: &Record<'_>) -> Result<(), DecodeError> {
        let wrong = |offset, what: &'static str| Err(DecodeError::malformed(offset, what));
        if let Some(offset) = record.sum {
            return wrong(offset, "sums and base values are not used in LwM2M");
        }
        let (name, named) = record.name();
        if name.len() > MAX_NAME {
            return wrong(named, "the name is too long");
        }
        if let Some(base) = record.base_name().filter(|base| base.is.len() > MAX_NAME) {
            return wrong(base.offset, "the name is too long");
        }
        if self.purpose == Purpose::Fetch {
            let foreign = record.other.or(record.value().map(|value| value.offset));
            return match foreign {
                Some(offset) => wrong(offset, "a path has no such field"),
                None if !record.has(Label::Name) && !record.has(Label::BaseName) => {
                    wrong(record.offset, "the name is missing")
                }
                None if self.etch && (record.has(Label::BaseVersion) || record.has(Label::UpdateTime)) => {
                    wrong(record.offset, "a path has neither version nor update time")
                }
                None => Ok(()),
            };
        }
        match (record.must, record.value()) {
            (Some(offset), _) if !(self.etch && self.purpose == Purpose::Patch) => {
                wrong(offset, "this field must be understood, and is not")
            }
            (_, Some(value)) if matches!(value.is, Scalar::Null) && self.purpose != Purpose::Patch => {
                wrong(value.offset, "null is no value")
            }
            (_, None) if self.etch || !record.is_base_alone() => {
                wrong(record.offset, "the record has no value")
            }
            _ => Ok(()),
        }
    }

    pub(in crate::codec) fn set_base(&mut self, name: Cow<'a, str>) {
        let mut path = Path::ROOT;
        let after = self.within(&name).and_then(|rest| After::Nothing.then(rest, &mut path).ok());
        self.base = after.map(|after| (path, after));
        self.base_name = name;
    }

    /// The instance that names are relative to, if they are.
    #[inline]
    pub(in crate::codec) fn instance(&self) -> Option<Path> {
        match self.base {
            Some((path, After::Slash)) if path.depth() == 2 => Some(path),
            _ => None,
        }
    }

    /// The part of a name after the tree of the context; the name itself where it begins with a number, as devices
    /// write it that leave the tree out. `None`: of another tree, or too short to say.
    fn within<'n>(&self, name: &'n str) -> Option<&'n str> {
        match name.strip_prefix(self.cx.tree.prefix()) {
            Some(rest) if self.cx.tree.is_default() || rest.starts_with('/') => Some(rest),
            _ if name.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => Some(name),
            _ => None,
        }
    }

    /// The path that a name stands for, and whether it is of another tree.
    #[inline]
    fn resolve(&mut self, name: &str, path: &mut Path) -> Result<bool, Why> {
        if self.base_name.is_empty() {
            return match self.below {
                Some(below) if !name.starts_with('/') => {
                    *path = below_of(below, name)?;
                    Ok(false)
                }
                _ => self.resolve_whole(name, path),
            };
        }
        if let Some((base, after)) = &self.base {
            *path = *base;
            return match after.then(name, path).and_then(|after| after.end(path)) {
                Ok(()) => Ok(false),
                // the base may have been the beginning of another tree
                Err(why) => {
                    self.resolve_other(&format!("{}{name}", self.base_name), path).then_some(true).ok_or(why)
                }
            };
        }
        let whole = format!("{}{name}", self.base_name);
        self.resolve_whole(&whole, path)
    }

    fn resolve_whole(&mut self, name: &str, path: &mut Path) -> Result<bool, Why> {
        let tree = self.cx.tree.prefix();
        let rest = match name.strip_prefix(tree) {
            Some("") if !self.cx.tree.is_default() => return Ok(false),
            Some(rest) if !self.cx.tree.is_default() && rest.starts_with('/') => rest,
            _ => name,
        };
        match After::Nothing.then(rest, path).and_then(|after| after.end(path)) {
            Ok(()) => Ok(false),
            Err(why) => self.resolve_other(name, path).then_some(true).ok_or(why),
        }
    }

    /// A name of another tree: its first segments are no numbers.
    fn resolve_other(&mut self, name: &str, path: &mut Path) -> bool {
        let Some(segments) = name.strip_prefix('/') else { return false };
        let is_word = |segment: &&str| !segment.is_empty() && !segment.bytes().all(|b| b.is_ascii_digit());
        let words = segments.split('/').take_while(is_word);
        let length: usize = words.map(|word| word.len().saturating_add(1)).sum();
        let Some((prefix, rest)) = name.split_at_checked(length) else { return false };
        let found = if rest.is_empty() { Ok(Path::ROOT) } else { whole(rest) };
        let (Ok(found), false) = (found, prefix.is_empty()) else { return false };
        *path = found;
        if self.other.as_ref().is_none_or(|tree| tree.prefix() != prefix) {
            let Ok(tree) = Tree::below(prefix) else { return false };
            self.other = Some(tree);
        }
        true
    }

    /// Names are relative to this place from here on.
    pub(in crate::codec) fn begin_below(&mut self, path: Path) {
        self.below = Some(path);
    }
}

/// A name of legacy JSON without a base: it is relative to the path of the request.
fn below_of(below: Path, name: &str) -> Result<Path, Why> {
    let base = if below.is_root() { String::new() } else { below.to_string() };
    let slash = if name.is_empty() { "" } else { "/" };
    whole(&format!("{base}{slash}{name}"))
}
