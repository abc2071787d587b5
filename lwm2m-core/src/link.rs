//! CoRE Link Format: the payloads of Register and Discover. [RFC 6690] [Core 1.2 §6.2.1, §6.3.2]

use std::fmt::{self, Write as _};

use crate::{Attributes, ObjectId, ObjectVersion, Path, Tree, Version, codec::ContentFormat};

mod parse;

/// Most links of a payload. A minimal link takes three bytes on the wire and some two hundred in memory, so that
/// without a limit one large Register fills a server.
pub const MAX_LINKS: usize = 10_000;

/// Longest payload, in bytes: parsing takes time in proportion.
pub const MAX_LINK_PAYLOAD: usize = 1 << 20;

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

    /// Prints links in the tree they stand in: the payload of a Discover, which has no root link.
    pub fn list<'a>(tree: &'a Tree, links: &'a [Self]) -> impl fmt::Display + 'a {
        List { tree, links }
    }
}

/// A parsed payload: the links, and what the root link said.
///
/// ```
/// use lwm2m_core::Links;
/// let links = Links::parse("</>;ct=\"110 112\",</1/0>, </3/0/>,</3303>;ver=1.1,</3303/0>")?;
/// assert_eq!(links.objects.len(), 4);
/// assert_eq!(links.to_string(), "</>;ct=\"110 112\",</1/0>,</3/0>,</3303>;ver=1.1,</3303/0>");
/// # Ok::<(), lwm2m_core::LinkError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Links {
    /// The tree that the links stand in (`rt="oma.lwm2m"`).
    pub tree: Tree,
    /// `ct` of the root link: formats the client supports beside the mandatory ones.
    pub formats: Vec<ContentFormat>,
    /// `lwm2m` of the root link, in a Bootstrap-Discover. `None` also for a version that is not known here.
    pub version: Option<Version>,
    /// The links below the root, in order, as often as they are listed.
    pub objects: Vec<ObjectLink>,
}

/// Why a payload is no list of links.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {position}: {why}")]
pub struct LinkError {
    /// Where, counted from 0.
    pub position: usize,
    /// What is wrong.
    pub why: &'static str,
}

impl Links {
    /// Parses a payload. Lenient where devices are sloppy (spaces after commas, trailing slashes, a repeated
    /// attribute, quoted and unquoted values), strict where meaning would be lost.
    ///
    /// Unknown attributes, links outside the tree and links that name no node are passed over. An empty payload has
    /// no links.
    ///
    /// # Errors
    /// The first byte that cannot be understood, or where a limit is passed.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        parse::announced(text)
    }

    /// Parses a payload whose tree is known before: of a Discover, which does not announce it.
    ///
    /// # Errors
    /// As [`Links::parse`].
    pub fn parse_in(tree: Tree, text: &str) -> Result<Self, LinkError> {
        parse::below(tree, text)
    }

    /// Version of an object: `ver` at the object or at one of its instances, else what the enabler implies.
    /// [Core 1.2 §7.2.2]
    #[must_use]
    pub fn object_version(&self, object: ObjectId, enabler: Version) -> ObjectVersion {
        let said = |link: &ObjectLink| link.version.filter(|_| link.path.object_id() == Some(object));
        self.objects.iter().find_map(said).unwrap_or_else(|| enabler.implied_object_version(object))
    }
}

/// Formats links in the shape of a Register or Bootstrap-Discover payload: root link first when it says anything. For
/// a client of LwM2M 1.0 its version stands bare before the links.
impl fmt::Display for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        if self.version == Some(Version::V1_0) {
            f.write_str("lwm2m=\"1.0\"")?;
            comma = ",";
        }
        let version = self.version.filter(|version| *version != Version::V1_0);
        if version.is_some() || !self.tree.is_default() || !self.formats.is_empty() {
            write!(f, "{comma}<{}>", self.tree)?;
            self.root_attributes(version, f)?;
            comma = ",";
        }
        if !self.objects.is_empty() {
            f.write_str(comma)?;
        }
        ObjectLink::list(&self.tree, &self.objects).fmt(f)
    }
}

impl Links {
    fn root_attributes(&self, version: Option<Version>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(version) = version {
            write!(f, ";lwm2m={version}")?;
        }
        if !self.tree.is_default() {
            write!(f, ";rt=\"{ROOT_TYPE}\"")?;
        }
        match self.formats.as_slice() {
            [] => Ok(()),
            [only] => write!(f, ";ct={only}"),
            [first, rest @ ..] => {
                write!(f, ";ct=\"{first}")?;
                rest.iter().try_for_each(|format| write!(f, " {format}"))?;
                f.write_str("\"")
            }
        }
    }
}

/// Resource type of the root of the tree. [Core 1.2 §6.2.1]
const ROOT_TYPE: &str = "oma.lwm2m";

struct List<'a> {
    tree: &'a Tree,
    links: &'a [ObjectLink],
}

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.links.iter().enumerate().try_for_each(|(index, link)| {
            f.write_str(if index == 0 { "<" } else { ",<" })?;
            write!(f, "{}{}>{}", self.tree.prefix(), link.path, Properties(link))
        })
    }
}

/// The attributes of a link, in the order of the specification's examples.
struct Properties<'a>(&'a ObjectLink);

impl fmt::Display for Properties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = self.0;
        if let Some(version) = link.version {
            write!(f, ";ver={version}")?;
        }
        if let Some(dimension) = link.dimension {
            write!(f, ";dim={dimension}")?;
        }
        if let Some(id) = link.short_server_id {
            write!(f, ";ssid={id}")?;
        }
        if let Some(uri) = &link.uri {
            f.write_str(";uri=\"")?;
            for character in uri.chars() {
                if matches!(character, '"' | '\\') {
                    f.write_char('\\')?;
                }
                f.write_char(character)?;
            }
            f.write_str("\"")?;
        }
        link.attributes.fmt(f)
    }
}
