//! Nodes as trees of names.

use std::fmt::Write as _;

use lwm2m_core::{Model, Node, ObjectDef, ObjectId, Path, ResourceDef, ResourceId, Value};

use crate::show;

/// What a place is called: `Temperature/0/Sensor Value`; numbers where there is no name.
#[must_use]
pub fn name(model: &dyn Model, path: Path) -> String {
    let object = path.object_id();
    let mut text = match object {
        None => return "/".to_owned(),
        Some(id) => model.object(id).map_or_else(|| id.to_string(), |def| def.name().to_owned()),
    };
    for (level, id) in path.ids().iter().enumerate().skip(1) {
        let resource = (level == 2).then(|| resource(model, object, *id)).flatten();
        let _ = match resource {
            Some(def) => write!(text, "/{}", def.name()),
            None => write!(text, "/{id}"),
        };
    }
    text
}

fn resource(model: &dyn Model, object: Option<ObjectId>, id: u16) -> Option<&ResourceDef> {
    model.resource(object?, ResourceId(id))
}

/// A node below its place, a line each, indented.
#[must_use]
pub fn tree(model: &dyn Model, at: Path, node: &Node) -> String {
    let mut text = String::new();
    let depth = match node {
        Node::Value(_) => 0,
        _ => {
            let _ = writeln!(text, "{at} {}", name(model, at));
            1
        }
    };
    branch(&mut text, model, at, node, depth);
    text
}

fn branch(text: &mut String, model: &dyn Model, at: Path, node: &Node, depth: usize) {
    let mut below = |id: u16, child: &Node| {
        let Ok(path) = at.push(id) else { return };
        if !matches!(child, Node::Value(_)) {
            let line = format!("{:indent$}{path} {}", "", label(model, path), indent = depth * 2);
            let _ = writeln!(text, "{}", line.trim_end());
        }
        branch(text, model, path, child, depth + 1 - usize::from(matches!(child, Node::Value(_))));
    };
    match node {
        Node::Value(value) => leaf(text, model, at, value, depth),
        Node::Multiple(items) => {
            for (id, value) in items {
                if let Ok(path) = at.push(*id) {
                    leaf(text, model, path, value, depth);
                }
            }
        }
        Node::Instance(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
        Node::Object(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
        Node::Root(children) => children.iter().for_each(|(id, child)| below(id.0, child)),
        _ => {}
    }
}

fn leaf(text: &mut String, model: &dyn Model, at: Path, value: &Value, depth: usize) {
    let name = if depth == 0 { name(model, at) } else { label(model, at) };
    let space = if name.is_empty() { "" } else { " " };
    let (shown, kind) = (show::value(model, at, value), value.kind());
    let _ = writeln!(text, "{:indent$}{at}{space}{name} = {shown} ({kind})", "", indent = depth * 2);
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
