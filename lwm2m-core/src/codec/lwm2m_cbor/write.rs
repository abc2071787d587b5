//! Writes maps of values: one key for the path of the request, then a map for each level below.

use minicbor::Encoder;

use crate::{Node, ObjectId, Path, RESERVED_ID, Tree, Value};

use crate::codec::{
    ContentFormat, Context, EncodeError, NewInstance, Patch, Timed,
    cbor::{self, Out, Written},
    leaf_write::count,
    overlapping,
    target::{Target, fit},
};

const FORMAT: ContentFormat = ContentFormat::LWM2M_CBOR;

/// What is empty is an empty payload.
pub(in crate::codec) fn encode(
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    check(at, node)?;
    if count(node) == 0 {
        return Ok(());
    }
    let writer = &mut Writer { cx, out: Encoder::new(out) };
    if at.is_root() {
        return writer.node(at, node);
    }
    sure(at, writer.out.map(1).map(drop))?;
    writer.key(None, at.ids(), at)?;
    writer.node(at, node)
}

pub(in crate::codec) fn encode_many(
    cx: &Context<'_>,
    (): (),
    values: &[Timed],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if let Some(timed) = values.iter().find(|value| value.at.is_some()) {
        return Err(EncodeError::Timed(FORMAT, timed.path));
    }
    if let Some(path) = overlapping(values) {
        return Err(EncodeError::Twice(path));
    }
    let entries = values.iter().map(|value| (&value.tree, value.path, &value.node));
    Writer { cx, out: Encoder::new(out) }.entries(entries.filter(|(.., node)| count(node) > 0))
}

pub(in crate::codec) fn encode_patch(
    cx: &Context<'_>,
    (): (),
    patch: &[Patch],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut entries = Vec::with_capacity(patch.len());
    for patch in patch {
        match patch {
            Patch::Set(path, node) => entries.push((cx.tree, *path, node)),
            Patch::Remove(path) => return Err(EncodeError::Unsupported(FORMAT, *path)),
        }
    }
    let mut paths: Vec<Path> = entries.iter().map(|(_, path, _)| *path).collect();
    paths.sort_unstable();
    if let Some([_, path]) = paths.windows(2).find(|pair| matches!(pair, [a, b] if a.contains(b))) {
        return Err(EncodeError::Twice(*path));
    }
    Writer { cx, out: Encoder::new(out) }.entries(entries.into_iter().filter(|(.., node)| count(node) > 0))
}

/// The instance without an id has the reserved one.
pub(in crate::codec) fn encode_create(
    cx: &Context<'_>,
    object: ObjectId,
    new: &[NewInstance],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let at = Path::object(object).map_err(|_| EncodeError::Unsupported(FORMAT, Path::ROOT))?;
    if let [(None, values)] = new
        && values.is_empty()
    {
        return Ok(());
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut instances = Vec::with_capacity(new.len());
    for (id, values) in new {
        let path =
            id.map_or(at.push(0), |id| at.push(id.0)).map_err(|_| EncodeError::Unsupported(FORMAT, at))?;
        let node = Node::Instance(values.iter().cloned().collect());
        // without values an instance would not be seen
        if count(&node) == 0 {
            return Err(EncodeError::Unsupported(FORMAT, path));
        }
        let id = id.map_or(RESERVED_ID, |id| id.0);
        if !seen.insert(id) || matches!(&node, Node::Instance(distinct) if distinct.len() != values.len()) {
            return Err(EncodeError::Twice(path));
        }
        instances.push((id, path, node));
    }
    let writer = &mut Writer { cx, out: Encoder::new(out) };
    sure(at, writer.out.map(instances.len() as u64).map(drop))?;
    for (id, path, node) in instances {
        writer.key(None, &[object.0, id], at)?;
        writer.node(path, &node)?;
    }
    Ok(())
}

/// Does the node belong to its path?
fn check(at: Path, node: &Node) -> Result<(), EncodeError> {
    match (at.depth(), node) {
        (0, Node::Root(_))
        | (1, Node::Object(_))
        | (2, Node::Instance(_))
        | (3, Node::Value(_) | Node::Multiple(_))
        | (4, Node::Value(_)) => Ok(()),
        _ => Err(EncodeError::Unsupported(FORMAT, at)),
    }
}

/// A Vec takes everything.
fn sure(at: Path, written: Written) -> Result<(), EncodeError> {
    written.map_err(|_| EncodeError::TooLong(at))
}

struct Writer<'c, 'o> {
    cx: &'c Context<'c>,
    out: Out<'o>,
}

impl Writer<'_, '_> {
    fn entries<'n>(
        &mut self,
        entries: impl Iterator<Item = (&'n Tree, Path, &'n Node)> + Clone,
    ) -> Result<(), EncodeError> {
        let found = entries.clone().count();
        if found == 0 {
            return Ok(());
        }
        sure(Path::ROOT, self.out.map(found as u64).map(drop))?;
        for (tree, path, node) in entries {
            check(path, node)?;
            let prefix = self.prefix(tree).ok_or(EncodeError::Unsupported(FORMAT, path))?;
            self.key(prefix, path.ids(), path)?;
            self.node(path, node)?;
        }
        Ok(())
    }

    /// What the key has to say of the tree: nothing of that of the context, one segment of one below it.
    fn prefix<'t>(&self, tree: &'t Tree) -> Option<Option<&'t str>> {
        if tree == self.cx.tree {
            return Some(None);
        }
        let segment = tree.prefix().strip_prefix(self.cx.tree.prefix())?.strip_prefix('/')?;
        Some(Some(segment).filter(|segment| !segment.contains('/'))).filter(Option::is_some)
    }

    fn key(&mut self, prefix: Option<&str>, ids: &[u16], at: Path) -> Result<(), EncodeError> {
        let written = (|| {
            match (prefix, ids) {
                (None, [id]) => {
                    self.out.u16(*id)?;
                    return Ok(());
                }
                (None, _) => self.out.array(ids.len() as u64)?,
                (Some(prefix), _) => self.out.array(ids.len() as u64 + 1)?.str(prefix)?,
            };
            ids.iter().try_for_each(|id| self.out.u16(*id).map(drop))
        })();
        sure(at, written)
    }

    fn node(&mut self, at: Path, node: &Node) -> Result<(), EncodeError> {
        match node {
            Node::Root(children) => self.map(at, children.iter().map(|(id, node)| (id.0, node))),
            Node::Object(children) => self.map(at, children.iter().map(|(id, node)| (id.0, node))),
            Node::Instance(children) => self.map(at, children.iter().map(|(id, node)| (id.0, node))),
            Node::Value(value) => {
                let wrong = |error| EncodeError::Value { path: at, error };
                let target = Target::of(self.cx, at);
                let kind = target.single().map_err(wrong)?;
                self.value(at, value, kind)
            }
            Node::Multiple(items) => {
                let wrong = |error| EncodeError::Value { path: at, error };
                let kind = Target::of(self.cx, at).multiple().map_err(wrong)?;
                sure(at, self.out.map(items.len() as u64).map(drop))?;
                items.iter().try_for_each(|(id, value)| {
                    sure(at, self.out.u16(*id).map(drop))?;
                    self.value(at.push(*id).map_err(|_| EncodeError::Unsupported(FORMAT, at))?, value, kind)
                })
            }
        }
    }

    /// Those children that are not empty.
    fn map<'n>(
        &mut self,
        at: Path,
        children: impl Iterator<Item = (u16, &'n Node)> + Clone,
    ) -> Result<(), EncodeError> {
        let children = children.filter(|(_, node)| count(node) > 0);
        sure(at, self.out.map(children.clone().count() as u64).map(drop))?;
        for (id, node) in children {
            let path = at.push(id).map_err(|_| EncodeError::Unsupported(FORMAT, at))?;
            check(path, node)?;
            sure(at, self.out.u16(id).map(drop))?;
            self.node(path, node)?;
        }
        Ok(())
    }

    fn value(&mut self, at: Path, value: &Value, kind: Option<crate::Kind>) -> Result<(), EncodeError> {
        let value = fit(value, kind).map_err(|error| EncodeError::Value { path: at, error })?;
        sure(at, cbor::put(&mut self.out, &value))
    }
}
