//! Nodes as trees of names.

use std::fmt::Write as _;

use lwm2m_core::{Model, Node, ObjectDef, ObjectId, Path, ResourceDef, ResourceId, Value};

use crate::show::{self, Units};

fn resource(model: &dyn Model, object: Option<ObjectId>, id: u16) -> Option<&ResourceDef> {
    model.resource(object?, ResourceId(id))
}

/// A node below its place, a line each, indented.
#[must_use]
pub fn tree(model: &dyn Model, at: Path, node: &Node) -> String {
    let mut tree = Tree { model, units: Units::of(at, node), text: String::new() };
    if let Node::Value(value) = node {
        tree.leaf(at, value, 0);
    } else {
        let _ = writeln!(tree.text, "{at} {}", show::place(model, at));
        tree.branch(at, node, 1);
    }
    tree.text
}

struct Tree<'a> {
    model: &'a dyn Model,
    units: Units,
    text: String,
}

impl Tree<'_> {
    fn branch(&mut self, at: Path, node: &Node, depth: usize) {
        match node {
            Node::Value(value) => self.leaf(at, value, depth),
            Node::Multiple(items) => {
                for (id, value) in items {
                    if let Ok(path) = at.push(*id) {
                        self.leaf(path, value, depth);
                    }
                }
            }
            Node::Instance(children) => {
                children.iter().for_each(|(id, child)| self.below(at, id.0, child, depth));
            }
            Node::Object(children) => {
                children.iter().for_each(|(id, child)| self.below(at, id.0, child, depth));
            }
            Node::Root(children) => {
                children.iter().for_each(|(id, child)| self.below(at, id.0, child, depth));
            }
            _ => {}
        }
    }

    fn below(&mut self, at: Path, id: u16, child: &Node, depth: usize) {
        let Ok(path) = at.push(id) else { return };
        if let Node::Value(value) = child {
            self.leaf(path, value, depth);
        } else {
            let line = format!("{:indent$}{path} {}", "", label(self.model, path), indent = depth * 2);
            let _ = writeln!(self.text, "{}", line.trim_end());
            self.branch(path, child, depth + 1);
        }
    }

    fn leaf(&mut self, at: Path, value: &Value, depth: usize) {
        let name = if depth == 0 { show::place(self.model, at) } else { label(self.model, at) };
        let space = if name.is_empty() { "" } else { " " };
        let shown = show::value(self.model, &self.units, at, value);
        let indent = depth * 2;
        let _ = writeln!(self.text, "{:indent$}{at}{space}{name} = {shown} ({})", "", value.kind());
    }
}

/// The name of what stands at a place, without what is above it.
fn label(model: &dyn Model, path: Path) -> String {
    match path.depth() {
        1 => path
            .object_id()
            .and_then(|id| model.object(id))
            .map(ObjectDef::name)
            .unwrap_or_default()
            .to_owned(),
        2 => String::new(),
        _ => path
            .resource_id()
            .and_then(|id| resource(model, path.object_id(), id.0))
            .map(ResourceDef::name)
            .unwrap_or_default()
            .to_owned(),
    }
}
