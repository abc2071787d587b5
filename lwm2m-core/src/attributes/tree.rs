//! Everything that one server has attached. [Core 1.2 §5.1.2]

use std::collections::BTreeMap;

use super::{AttributeEdit, AttributeError, Attributes};
use crate::Path;

/// Nodes of one server that can have attributes. A server must not grow a device by attaching to more and more nodes.
pub(super) const MAX_NODES: usize = 1024;

/// The attributes that one server has attached to objects, instances, resources and resource instances. Servers do not
/// see each other's.
///
/// ```
/// use lwm2m_core::{AttributeTree, Attributes};
/// let mut tree = AttributeTree::default();
/// tree.write("/3".parse()?, &Attributes::default().pmin(10).pmax(60).into())?;
/// tree.write("/3/0/7".parse()?, &Attributes::default().pmax(30).gt(50.0).into())?;
/// assert_eq!(tree.effective("/3/0/7/1".parse()?).to_string(), ";pmin=10;pmax=30;gt=50");
/// assert_eq!(tree.effective("/3/0".parse()?).to_string(), ";pmin=10;pmax=60");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeTree {
    /// Never one without an attribute.
    nodes: BTreeMap<Path, Attributes>,
}

impl AttributeTree {
    /// Changes what is attached to one node.
    ///
    /// # Errors
    /// What would be attached excludes itself, or too many nodes have attributes; nothing is changed.
    pub fn write(&mut self, path: Path, edit: &AttributeEdit) -> Result<(), AttributeError> {
        let known = self.nodes.get(&path);
        let result = edit.apply(&known.copied().unwrap_or_default())?;
        if result.is_empty() {
            self.nodes.remove(&path);
        } else if known.is_some() || self.nodes.len() < MAX_NODES {
            self.nodes.insert(path, result);
        } else {
            return Err(AttributeError::Full);
        }
        Ok(())
    }

    /// What is attached to this very node.
    #[must_use]
    pub fn at(&self, path: Path) -> Attributes {
        self.nodes.get(&path).copied().unwrap_or_default()
    }

    /// What this node has, of its own and inherited: the nearer one counts, each attribute for itself.
    #[must_use]
    pub fn effective(&self, path: Path) -> Attributes {
        let mut effective = Attributes::default();
        let mut at = Some(path).filter(|_| !self.nodes.is_empty());
        while let Some(path) = at {
            if let Some(attached) = self.nodes.get(&path) {
                effective = effective.or(attached);
            }
            at = path.parent();
        }
        effective
    }

    /// Nodes below this one that have attributes, in the order of the tree.
    pub fn below(&self, path: Path) -> impl Iterator<Item = (Path, &Attributes)> {
        let inside = self.nodes.range(path..).take_while(move |(at, _)| path.contains(at));
        inside.filter(move |(at, _)| **at != path).map(|(at, attributes)| (*at, attributes))
    }

    /// Is a notification of this node confirmable? `Some(true)` where any node that it tells of asks for it.
    #[must_use]
    pub fn confirmable(&self, path: Path) -> Option<bool> {
        let asked_below = self.below(path).any(|(_, attributes)| attributes.con == Some(true));
        if asked_below { Some(true) } else { self.effective(path).con }
    }

    /// All nodes that have attributes, in the order of the tree.
    pub fn iter(&self) -> impl Iterator<Item = (Path, &Attributes)> {
        self.nodes.iter().map(|(path, attributes)| (*path, attributes))
    }

    /// Does no node have attributes?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node is gone, with everything below it.
    pub fn remove(&mut self, path: Path) {
        while let Some(at) = self.nodes.range(path..).next().map(|(at, _)| *at).filter(|at| path.contains(at))
        {
            self.nodes.remove(&at);
        }
    }
}
