//! The values of a node on the way into a payload.

use crate::{Kind, Node, Path, Value};

use super::{
    ContentFormat, Context, EncodeError,
    target::{Target, fit},
};

/// How many values a node has.
pub(super) fn count(node: &Node) -> usize {
    match node {
        Node::Value(_) => 1,
        Node::Multiple(items) => items.len(),
        Node::Instance(children) => children.values().map(count).sum(),
        Node::Object(children) => children.values().map(count).sum(),
        Node::Root(children) => children.values().map(count).sum(),
    }
}

/// What is done with each value, of the kind that is defined, and with its path.
pub(super) type Each<'f> = dyn FnMut(Path, &Value) -> Result<(), EncodeError> + 'f;

/// Every value of a node that stands at `at`, in order.
pub(super) fn each(
    format: ContentFormat,
    cx: &Context<'_>,
    at: Path,
    node: &Node,
    act: &mut Each<'_>,
) -> Result<(), EncodeError> {
    let unsupported = |_| EncodeError::Unsupported(format, at);
    match (at.depth(), node) {
        (0, Node::Root(objects)) => objects
            .iter()
            .try_for_each(|(id, node)| each(format, cx, at.push(id.0).map_err(unsupported)?, node, act)),
        (1, Node::Object(instances)) => instances
            .iter()
            .try_for_each(|(id, node)| each(format, cx, at.push(id.0).map_err(unsupported)?, node, act)),
        (2, Node::Instance(resources)) => resources
            .iter()
            .try_for_each(|(id, node)| each(format, cx, at.push(id.0).map_err(unsupported)?, node, act)),
        (3, Node::Value(value)) => {
            let kind = Target::of(cx, at).single().map_err(|error| EncodeError::Value { path: at, error })?;
            one(at, value, kind, act)
        }
        (3, Node::Multiple(items)) => {
            let kind =
                Target::of(cx, at).multiple().map_err(|error| EncodeError::Value { path: at, error })?;
            items.iter().try_for_each(|(id, value)| one(at.push(*id).map_err(unsupported)?, value, kind, act))
        }
        (4, Node::Value(value)) => one(at, value, Target::of(cx, at).kind(), act),
        _ => Err(EncodeError::Unsupported(format, at)),
    }
}

fn one(path: Path, value: &Value, kind: Option<Kind>, act: &mut Each<'_>) -> Result<(), EncodeError> {
    let value = fit(value, kind).map_err(|error| EncodeError::Value { path, error })?;
    act(path, &value)
}
