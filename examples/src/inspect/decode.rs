//! Payloads: what they mean, by name.

use lwm2m_core::{
    Links, Model, Node, ObjectId, ObjectLink, Path, Value,
    codec::{self, ContentFormat, Context, DecodeError, NewInstances, Patch, Stamp, Timed},
};
use serde_json::{Value as Json, json};

use crate::{
    inspect::{json, refusal, tree},
    show::{self, Units},
    text::{Mistake, format_name},
};

/// What the payload belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// The answer to a Read, a notification, the body of a Write
    #[default]
    Value,
    /// The body of a Create
    Create,
    /// Values of many places and times: a Send, the answer to a composite read
    Many,
    /// Places: the body of a Read-Composite or Observe-Composite
    Paths,
    /// What to set and what to remove: the body of a Write-Composite
    Patch,
}

/// What a payload means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// Values at a place, or at several, perhaps with their times.
    Values(Vec<Timed>),
    /// Instances to create.
    New(ObjectId, NewInstances),
    /// Places.
    Paths(Vec<Path>),
    /// What to set and what to remove.
    Patch(Vec<Patch>),
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
    if format == ContentFormat::LINK {
        return links(cx, octets);
    }
    match mode {
        Mode::Value => codec::decode_timed(format, cx, at, octets).map(Meaning::Values),
        Mode::Many => codec::decode_many(format, cx, octets).map(Meaning::Values),
        Mode::Paths => codec::decode_paths(format, cx, octets).map(Meaning::Paths),
        Mode::Patch => codec::decode_patch(format, cx, octets).map(Meaning::Patch),
        Mode::Create => {
            let object = at.object_id().ok_or_else(|| Mistake::new("a Create has the path of an object"))?;
            codec::decode_create(format, cx, object, octets).map(|new| Meaning::New(object, new))
        }
    }
    .map_err(|error| match (&error, mode) {
        (DecodeError::Unsupported(..), Mode::Many) => Mistake::new(format!(
            "{} does not say where its values belong: say --path, for example --path /3303/0",
            format_name(format)
        )),
        (DecodeError::Unsupported(..), _) => {
            Mistake::new(format!("{} is no format for {mode:?} at {at}", format_name(format)).to_lowercase())
        }
        _ => Mistake::new(refusal::of_payload(&error, format, octets)),
    })
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
            Self::Values(values) => values.iter().map(|timed| timed_tree(model, timed)).collect(),
            Self::New(object, new) => {
                instances(new).map(|(id, node)| new_tree(model, *object, &id, &node)).collect()
            }
            Self::Paths(paths) => {
                paths.iter().map(|path| format!("{path} {}\n", show::place(model, *path))).collect()
            }
            Self::Patch(patch) => patch.iter().map(|part| patch_tree(model, part)).collect(),
            Self::Links(links) => links_tree(model, links),
        }
    }

    /// The same for scripts.
    #[must_use]
    pub fn json(&self, model: &dyn Model) -> Json {
        let place = |path: &Path| json!({"path": path.to_string(), "name": show::place(model, *path)});
        match self {
            Self::Values(values) => values
                .iter()
                .flat_map(|timed| json::values(model, timed.path, &timed.node, timed.at))
                .collect(),
            Self::New(object, new) => {
                let at = Path::new(&[object.0, 0]).unwrap_or(Path::ROOT);
                let values = |node: &Node| Json::Array(json::values(model, at, node, None));
                instances(new).map(|(id, node)| json!({"instance": id, "values": values(&node)})).collect()
            }
            Self::Paths(paths) => paths.iter().map(place).collect(),
            Self::Patch(patch) => {
                let part = |part: &Patch| match part {
                    Patch::Set(path, node) => json::values(model, *path, node, None),
                    Patch::Remove(path) => {
                        vec![json!({"remove": path.to_string(), "name": show::place(model, *path)})]
                    }
                };
                patch.iter().flat_map(part).collect()
            }
            Self::Links(links) => {
                let link = |link: &ObjectLink| {
                    json!({
                        "path": link.path.to_string(),
                        "name": show::place(model, link.path),
                        "link": show::link(model, link),
                    })
                };
                links.objects.iter().map(link).collect()
            }
        }
    }
}

/// With the time before, if there is one, and the tree unless it is the usual one.
fn timed_tree(model: &dyn Model, timed: &Timed) -> String {
    let mut text = match timed.at {
        Some(Stamp::At(time)) => {
            let micros = time.0.rem_euclid(1_000_000);
            let fraction = if micros == 0 { String::new() } else { format!(" and {micros} us") };
            format!("at {}{fraction}: ", show::date(time.0.div_euclid(1_000_000)))
        }
        Some(Stamp::Ago(micros)) => format!("{} s before: ", micros as f64 / 1e6),
        None => String::new(),
    };
    if !timed.tree.is_default() {
        text += &format!("in {}: ", timed.tree);
    }
    let values = tree::tree(model, timed.path, &timed.node);
    if !text.is_empty() && values.lines().count() > 1 {
        text = text.trim_end().to_owned() + "\n";
    }
    text + &values
}

fn new_tree(model: &dyn Model, object: ObjectId, id: &str, node: &Node) -> String {
    let at = Path::new(&[object.0, 0]).unwrap_or(Path::ROOT);
    let name = show::place(model, at);
    let name = name.trim_end_matches("/0");
    let units = Units::of(at, node);
    let resource = |(path, value): (Path, &Value)| {
        let ids: Vec<_> = path.ids().iter().skip(2).map(ToString::to_string).collect();
        let full = show::place(model, path);
        let name = full.strip_prefix(name).and_then(|rest| rest.strip_prefix("/0/")).unwrap_or_default();
        format!(
            "  {} {name} = {} ({})\n",
            ids.join("/"),
            show::value(model, &units, path, value),
            value.kind()
        )
    };
    let head = format!("new instance of /{object} {name} {id}\n");
    head + &node.leaves(at).into_iter().map(resource).collect::<String>()
}

fn patch_tree(model: &dyn Model, patch: &Patch) -> String {
    match patch {
        Patch::Set(path, node) => tree::tree(model, *path, node),
        Patch::Remove(path) => format!("remove {path} {}\n", show::place(model, *path)),
    }
}

fn links_tree(model: &dyn Model, links: &Links) -> String {
    let mut text = String::new();
    if !links.tree.is_default() {
        text += &format!("tree {}\n", links.tree);
    }
    let formats: Vec<_> = links.formats.iter().map(|format| format_name(*format)).collect();
    if !formats.is_empty() {
        text += &format!("formats {}\n", formats.join(" "));
    }
    if let Some(version) = links.version {
        text += &format!("LwM2M {version}\n");
    }
    text + &links.objects.iter().map(|link| show::link(model, link) + "\n").collect::<String>()
}

fn instances(new: &NewInstances) -> impl Iterator<Item = (String, Node)> {
    new.iter().map(|(id, values)| {
        let id = id.map_or_else(|| "without an id".to_owned(), |id| format!("with id {id}"));
        (id, Node::Instance(values.iter().cloned().collect()))
    })
}
