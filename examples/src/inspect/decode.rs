//! Payloads: what they mean, by name.

use lwm2m_core::{
    Links, Model, Node, ObjectId, Path,
    codec::{self, ContentFormat, Context, NewInstances},
};
use serde_json::{Value as Json, json};

use crate::{
    inspect::{json, refusal, tree},
    show,
    text::Mistake,
};

/// What the payload belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// The answer to a Read, a notification, the body of a Write
    #[default]
    Value,
    /// The body of a Create
    Create,
}

/// What a payload means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// Values at a place.
    Node(Path, Node),
    /// Instances to create.
    New(ObjectId, NewInstances),
    /// What a client registers, or what a Discover answers.
    Links(Box<Links>),
}

/// Reads a payload.
///
/// # Errors
/// Why it is refused, and below that the place.
pub fn payload(
    cx: &Context<'_>,
    format: ContentFormat,
    at: Path,
    mode: Mode,
    octets: &[u8],
) -> Result<Meaning, Mistake> {
    let refused = |error: &codec::DecodeError| Mistake::new(refusal::of_payload(error, format, octets));
    if format == ContentFormat::LINK {
        return links(cx, octets);
    }
    match mode {
        Mode::Value => {
            codec::decode(format, cx, at, octets).map(|node| Meaning::Node(at, node)).map_err(|e| refused(&e))
        }
        Mode::Create => {
            let object = at.object_id().ok_or_else(|| Mistake::new("a Create has the path of an object"))?;
            let new = codec::decode_create(format, cx, object, octets).map_err(|error| refused(&error))?;
            Ok(Meaning::New(object, new))
        }
    }
}

fn links(cx: &Context<'_>, octets: &[u8]) -> Result<Meaning, Mistake> {
    let text = str::from_utf8(octets).map_err(|error| {
        Mistake::new(refusal::explain("not UTF-8", Some(error.valid_up_to()), octets, false))
    })?;
    let parsed =
        if cx.tree.is_default() { Links::parse(text) } else { Links::parse_in(cx.tree.clone(), text) };
    parsed.map(|links| Meaning::Links(Box::new(links))).map_err(|error| {
        Mistake::new(refusal::explain(&error.to_string(), offset(&error.to_string()), octets, true))
    })
}

/// Errors of links begin with `byte 7:`.
fn offset(error: &str) -> Option<usize> {
    error.strip_prefix("byte ")?.split(':').next()?.parse().ok()
}

impl Meaning {
    /// A tree of names.
    #[must_use]
    pub fn tree(&self, model: &dyn Model) -> String {
        match self {
            Self::Node(at, node) => tree::tree(model, *at, node),
            Self::New(object, new) => {
                let instance = |(id, node): (String, Node)| {
                    let head = format!("new instance of /{object} {id}\n");
                    let at = Path::new(&[object.0, 0]).unwrap_or(Path::ROOT);
                    let lines = node.leaves(at).into_iter().map(|(path, value)| {
                        let resource = path.ids().get(2..).unwrap_or_default();
                        let ids: Vec<_> = resource.iter().map(ToString::to_string).collect();
                        let name = tree::name(model, path);
                        let name = name.splitn(3, '/').nth(2).unwrap_or_default();
                        format!(
                            "  {} {name} = {} ({})\n",
                            ids.join("/"),
                            show::value(model, path, value),
                            value.kind()
                        )
                    });
                    head + &lines.collect::<String>()
                };
                instances(new).map(instance).collect()
            }
            Self::Links(links) => {
                let mut text = String::new();
                if !links.tree.is_default() {
                    text = format!("tree {}\n", links.tree);
                }
                let formats: Vec<_> = links.formats.iter().map(|f| crate::text::format_name(*f)).collect();
                if !formats.is_empty() {
                    text += &format!("formats {}\n", formats.join(" "));
                }
                if let Some(version) = links.version {
                    text += &format!("LwM2M {version}\n");
                }
                text + &links.objects.iter().map(|link| show::link(model, link) + "\n").collect::<String>()
            }
        }
    }

    /// The same for scripts.
    #[must_use]
    pub fn json(&self, model: &dyn Model) -> Json {
        match self {
            Self::Node(at, node) => json::values(model, *at, node),
            Self::New(object, new) => {
                let at = Path::new(&[object.0, 0]).unwrap_or(Path::ROOT);
                let instance = |(id, node): (String, Node)| json!({"instance": id, "values": json::values(model, at, &node)});
                instances(new).map(instance).collect()
            }
            Self::Links(links) => links
                .objects
                .iter()
                .map(|link| json!({"path": link.path.to_string(), "name": tree::name(model, link.path), "link": show::link(model, link)}))
                .collect(),
        }
    }
}

fn instances(new: &NewInstances) -> impl Iterator<Item = (String, Node)> {
    new.iter().map(|(id, values)| {
        let id = id.map_or_else(|| "without an id".to_owned(), |id| format!("with id {id}"));
        (id, Node::Instance(values.iter().cloned().collect()))
    })
}
