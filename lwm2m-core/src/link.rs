//! CoRE Link Format: the payloads of Register and Discover. [RFC 6690] [Core 1.2 §6.2.1, §6.3.2]

use crate::{Attributes, ObjectVersion, Path, Tree, Version, codec::ContentFormat};

/// One link of a Register or Discover payload.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ObjectLink {
    /// The object, instance, resource or resource instance.
    pub path: Path,
    /// `ver`: version of the object.
    pub version: Option<ObjectVersion>,
    /// `dim`: number of resource instances.
    pub dimension: Option<u16>,
    /// `ssid`: short server ID, in a Bootstrap-Discover.
    pub short_server_id: Option<u16>,
    /// `uri`: server URI, in a Bootstrap-Discover.
    pub uri: Option<String>,
    /// Attributes attached to this node.
    pub attributes: Attributes,
}

impl ObjectLink {
    /// A link without attributes.
    #[must_use]
    pub fn new(path: Path) -> Self {
        Self { path, ..Self::default() }
    }
}

/// A parsed payload: the links, and what the root link said.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Links {
    /// The tree that the links stand in (`rt="oma.lwm2m"`).
    pub tree: Tree,
    /// `ct` of the root link: formats the client supports beside the mandatory ones.
    pub formats: Vec<ContentFormat>,
    /// `lwm2m` of the root link, in a Bootstrap-Discover.
    pub version: Option<Version>,
    /// The links below the root, in order.
    pub objects: Vec<ObjectLink>,
}

/// Why a payload is no list of links.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {position}: {why}")]
pub struct LinkError {
    /// Where.
    pub position: usize,
    /// What is wrong.
    pub why: &'static str,
}

impl Links {
    /// Parses a payload. Lenient where devices are sloppy (spaces after commas, trailing slashes, a repeated
    /// attribute, quoted and unquoted values), strict where meaning would be lost.
    ///
    /// # Errors
    /// The first byte that cannot be understood.
    pub fn parse(_text: &str) -> Result<Self, LinkError> {
        todo!()
    }
}

/// Formats links in the shape of a Register payload: root link first when it says anything.
impl std::fmt::Display for Links {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}
