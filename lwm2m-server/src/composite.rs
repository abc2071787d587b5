//! Several places at once: what was asked for, and what came back.

use std::collections::BTreeMap;

use lwm2m_core::{
    AsPath, FromNode, IntoNode, Location, Node, Path, PathError, Value, ValueError,
    codec::{self, Patch, Timed},
};

use crate::RequestError;

/// What a composite read or observation gave, asked place by place. What the client does not have, or does not let this
/// server read, is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Composite(Node);

#[allow(clippy::needless_pass_by_value, reason = "places are small, and given as literals")]
impl Composite {
    pub(crate) fn of(values: &[Timed]) -> Self {
        Self(codec::node_at(Path::ROOT, values).unwrap_or_else(nothing))
    }

    /// The value at a place. `None`: it is not there.
    ///
    /// # Errors
    /// The place is none, or has a value of another kind.
    pub fn get<T: FromNode>(&self, at: impl Location<T>) -> Result<Option<T>, RequestError> {
        let Some(node) = self.node(at.as_path()?) else { return Ok(None) };
        Ok(Some(codec::take(node)?))
    }

    /// The node at a place, with all below it that came.
    #[must_use]
    pub fn node(&self, at: Path) -> Option<Node> {
        let mut node = &self.0;
        for id in at.ids() {
            node = match node {
                Node::Root(objects) => objects.get(&(*id).into())?,
                Node::Object(instances) => instances.get(&(*id).into())?,
                Node::Instance(resources) => resources.get(&(*id).into())?,
                Node::Multiple(items) => return items.get(id).cloned().map(Node::Value),
                _ => return None,
            };
        }
        Some(node.clone())
    }

    /// Every value, with its place, in order.
    #[must_use]
    pub fn values(&self) -> Vec<(Path, &Value)> {
        self.0.leaves(Path::ROOT)
    }

    /// Is nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }
}

impl FromNode for Composite {
    fn from_node(node: Node) -> Result<Self, ValueError> {
        Ok(Self(node))
    }
}

/// No value at all.
pub(crate) const fn nothing() -> Node {
    Node::Root(BTreeMap::new())
}

/// What a Write-Composite sets and removes, in this order: all of it or nothing.
///
/// ```
/// use lwm2m_server::{Batch, objects::{Device, Server}};
/// let batch = Batch::new()
///     .set(Server::LIFETIME.at(0), 600)
///     .set(Device::UTC_OFFSET.at(0), "+02:00".to_owned())
///     .set("/16/0/0/3", "lamp")
///     .remove("/16/0/0/1");
/// # let _ = batch;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "it is to be given to `ClientHandle::write_composite`"]
pub struct Batch {
    patch: Vec<Patch>,
    /// The first place that is none.
    wrong: Option<PathError>,
}

impl Batch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A resource or a resource instance gets this value. Instances of a multiple resource that are not named stay.
    #[allow(clippy::needless_pass_by_value, reason = "places are small, and given as literals")]
    pub fn set<T: IntoNode>(mut self, at: impl Location<T>, value: T) -> Self {
        match at.as_path() {
            Ok(path) => self.patch.push(Patch::Set(path, value.into_node())),
            Err(error) => drop(self.wrong.get_or_insert(error)),
        }
        self
    }

    /// A resource instance goes. Since LwM2M 1.2.
    #[allow(clippy::needless_pass_by_value, reason = "as `set`")]
    pub fn remove(mut self, at: impl AsPath) -> Self {
        match at.as_path() {
            Ok(path) => self.patch.push(Patch::Remove(path)),
            Err(error) => drop(self.wrong.get_or_insert(error)),
        }
        self
    }

    pub(crate) fn into_patch(self) -> Result<Vec<Patch>, PathError> {
        match self.wrong {
            Some(error) => Err(error),
            None => Ok(self.patch),
        }
    }
}
