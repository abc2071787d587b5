//! Writes packs. Names are relative to their instance, times to the first one.

use crate::{Node, Path, Tree, Value};

use super::name::NameText;
use crate::codec::{
    ContentFormat, Context, EncodeError, Patch, Stamp, Timed,
    leaf_write::{count, each},
    overlapping,
};

/// The least time that readers take for one since 1970, in microseconds: what is smaller is relative.
/// [RFC 8428 §4.5.3]
const LEAST_ABSOLUTE: i64 = (1 << 28) * 1_000_000;

/// What a record says.
pub(in crate::codec) struct Line<'a> {
    pub(in crate::codec) base_name: Option<NameText<'a>>,
    /// Microseconds.
    pub(in crate::codec) base_time: Option<i64>,
    pub(in crate::codec) name: Option<NameText<'a>>,
    pub(in crate::codec) time: Option<i64>,
    pub(in crate::codec) value: Given<'a>,
}

/// The value of a record.
#[derive(Clone, Copy)]
pub(in crate::codec) enum Given<'a> {
    Nothing,
    Null,
    Value(&'a Value),
}

/// How the records of a pack are written.
pub(in crate::codec) trait Writer {
    const FORMAT: ContentFormat;
    /// Can a patch remove something?
    const REMOVES: bool;
    /// Can a record set a base? Else there is one for all.
    const BASES: bool;

    /// Begins the pack; `base` is that of all names, where records cannot set one.
    fn begin(out: &mut Vec<u8>, base: Option<&NameText<'_>>, records: usize);
    /// A record; `path` is for errors.
    fn line(out: &mut Vec<u8>, line: &Line<'_>, path: Path) -> Result<(), EncodeError>;
    fn end(out: &mut Vec<u8>);
}

/// What names are relative to.
enum Base<'t> {
    /// Nothing: one record needs no base.
    None,
    /// The instance that the record before was of.
    Instance(Option<(&'t Tree, Path)>),
    /// This place, for all.
    Place(&'t Tree, Path),
}

/// Writes records and remembers the base.
struct Lines<'o, 't, W: Writer> {
    out: &'o mut Vec<u8>,
    base: Base<'t>,
    writer: std::marker::PhantomData<W>,
}

impl<'o, 't, W: Writer> Lines<'o, 't, W> {
    /// Begins a pack of so many values, all of them at the place, or below it.
    fn begin(out: &'o mut Vec<u8>, (tree, at): (&'t Tree, Path), is_value: bool, values: usize) -> Self {
        let base = match values {
            _ if !W::BASES => Base::Place(tree, at),
            1 => Base::None,
            _ => Base::Instance(None),
        };
        let name = if is_value { NameText::whole } else { NameText::base };
        let name = (!W::BASES).then(|| name(tree.prefix(), at));
        W::begin(out, name.as_ref(), values);
        Self { out, base, writer: std::marker::PhantomData }
    }

    fn line(
        &mut self,
        (tree, path): (&'t Tree, Path),
        (base_time, time): (Option<i64>, Option<i64>),
        value: Given<'_>,
    ) -> Result<(), EncodeError> {
        let below = |depth| NameText::rest(path.ids().get(depth..).unwrap_or(&[]));
        let whole = || NameText::whole(tree.prefix(), path);
        let (base_name, name) = match &mut self.base {
            Base::None => (None, whole()),
            Base::Instance(last) => match path.ids().get(..2).and_then(|ids| Path::new(ids).ok()) {
                Some(instance) => {
                    let new = *last != Some((tree, instance));
                    *last = Some((tree, instance));
                    (new.then(|| NameText::base(tree.prefix(), instance)), below(2))
                }
                None => (None, whole()),
            },
            Base::Place(of, at) if *of == tree => (None, below(usize::from(at.depth()))),
            Base::Place(..) => return Err(EncodeError::Unsupported(W::FORMAT, path)),
        };
        let line = Line { base_name, base_time, name: Some(name), time, value };
        W::line(self.out, &line, path)
    }

    fn end(self) {
        W::end(self.out);
    }
}

pub(in crate::codec) fn node<W: Writer>(
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut lines = Lines::<W>::begin(out, (cx.tree, at), matches!(node, Node::Value(_)), count(node));
    each(W::FORMAT, cx, at, node, &mut |path, value| {
        lines.line((cx.tree, path), (None, None), Given::Value(value))
    })?;
    lines.end();
    Ok(())
}

pub(in crate::codec) fn many<W: Writer>(
    cx: &Context<'_>,
    values: &[Timed],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if let Some(path) = overlapping(values) {
        return Err(EncodeError::Twice(path));
    }
    let base_time = base_time::<W>(values)?;
    let mut lines = Lines::<W>::begin(
        out,
        (cx.tree, Path::ROOT),
        false,
        values.iter().map(|value| count(&value.node)).sum(),
    );
    let mut base_said = None;
    for Timed { at, tree, path, node } in values {
        let time = at.map(|at| micros::<W>(at, *path)).transpose()?;
        each(W::FORMAT, cx, *path, node, &mut |path, value| {
            let base = base_time.filter(|_| base_said.is_none());
            base_said = base_said.or(base);
            let time = match (base_time, time) {
                (Some(base), Some(time)) => Some(time.saturating_sub(base)).filter(|since| *since != 0),
                (_, time) => time,
            };
            lines.line((tree, path), (base, time), Given::Value(value))
        })?;
    }
    lines.end();
    Ok(())
}

/// The time of the first value, where all have one since 1970 and it saves something.
fn base_time<W: Writer>(values: &[Timed]) -> Result<Option<i64>, EncodeError> {
    let several = values.len() > 1 || values.first().is_some_and(|value| count(&value.node) > 1);
    if !W::BASES || !several {
        return Ok(None);
    }
    let mut times = values.iter().map(|value| match value.at {
        Some(at @ Stamp::At(_)) => micros::<W>(at, value.path).map(Some),
        _ => Ok(None),
    });
    let first = times.next().transpose()?.flatten();
    let all = times.all(|time| matches!(time, Ok(Some(_))));
    Ok(first.filter(|_| all))
}

/// The time as SenML says it.
fn micros<W: Writer>(at: Stamp, path: Path) -> Result<i64, EncodeError> {
    let time = match at {
        Stamp::At(time) => Some(time.0).filter(|time| *time >= LEAST_ABSOLUTE),
        Stamp::Ago(time) => i64::try_from(time).ok().map(|time| -time),
    };
    time.ok_or(EncodeError::Timed(W::FORMAT, path))
}

pub(super) fn paths<W: Writer>(
    cx: &Context<'_>,
    paths: &[Path],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if paths.is_empty() {
        return Err(EncodeError::Unsupported(W::FORMAT, Path::ROOT));
    }
    W::begin(out, None, paths.len());
    for path in paths {
        let name = Some(NameText::whole(cx.tree.prefix(), *path));
        let line = Line { base_name: None, base_time: None, name, time: None, value: Given::Nothing };
        W::line(out, &line, *path)?;
    }
    W::end(out);
    Ok(())
}

pub(super) fn patch<W: Writer>(
    cx: &Context<'_>,
    patch: &[Patch],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let records = patch.iter().map(|patch| match patch {
        Patch::Set(_, node) => count(node),
        Patch::Remove(_) => 1,
    });
    let mut lines = Lines::<W>::begin(out, (cx.tree, Path::ROOT), false, records.sum());
    for patch in patch {
        match patch {
            Patch::Set(path, node) => each(W::FORMAT, cx, *path, node, &mut |path, value| {
                lines.line((cx.tree, path), (None, None), Given::Value(value))
            })?,
            Patch::Remove(path) if W::REMOVES && path.depth() > 2 => {
                lines.line((cx.tree, *path), (None, None), Given::Null)?;
            }
            Patch::Remove(path) => return Err(EncodeError::Unsupported(W::FORMAT, *path)),
        }
    }
    lines.end();
    Ok(())
}
