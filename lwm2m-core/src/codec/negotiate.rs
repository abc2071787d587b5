//! Which format a payload takes. [Core 1.2 §7.4] [Transport 1.2 §6.4.1]
//!
//! [`permits`] says what a version allows for a [`Content`], [`preferred`] in which order it is chosen. An answer takes
//! what the request accepts; a request takes what the client has announced.

use crate::{Code, Kind, Node, Path, Rejection, Version};

use super::{ContentFormat, Context, formats::Format, target::Target};

/// What a payload is to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The node at a path.
    Node(Path),
    /// Values of several places, or of one place at several times: composite answers, Send, a history.
    Many {
        /// Have they times?
        timed: bool,
    },
    /// Places: the body of a Read-Composite or an Observe-Composite.
    Paths,
    /// The body of a Write-Composite.
    Patch {
        /// Does it remove something?
        removes: bool,
    },
    /// New instances.
    Create,
}

/// One value: an Opaque one as it is, others as text; in a format for trees only where nothing else carries it.
const SINGLE: &[ContentFormat] = &[ContentFormat::OPAQUE, ContentFormat::TEXT, ContentFormat::TLV];

/// The bodies of composite requests. Clients of 1.2 that have them know SenML-ETCH, and all know SenML.
const COMPOSITE: &[ContentFormat] = &[
    ContentFormat::SENML_CBOR,
    ContentFormat::SENML_JSON,
    ContentFormat::SENML_ETCH_CBOR,
    ContentFormat::SENML_ETCH_JSON,
    ContentFormat::LWM2M_CBOR,
];

/// Several values: what each version prefers, best first. TLV stands last where it is legacy.
const fn several(version: Version) -> &'static [ContentFormat] {
    match version {
        Version::V1_0 => &[ContentFormat::TLV, ContentFormat::JSON],
        Version::V1_1 => &[ContentFormat::SENML_CBOR, ContentFormat::SENML_JSON, ContentFormat::TLV],
        Version::V1_2 => &[
            ContentFormat::LWM2M_CBOR,
            ContentFormat::SENML_CBOR,
            ContentFormat::SENML_JSON,
            ContentFormat::TLV,
        ],
    }
}

/// What a client is taken to have beside what it announces: text and Opaque are optional in 1.0. TLV is expected of all,
/// as the last resort; where it does not serve, SenML in CBOR.
const fn assumed(version: Version, content: Content) -> &'static [ContentFormat] {
    match (content, version) {
        (Content::Many { .. } | Content::Paths | Content::Patch { removes: false }, _) => {
            &[ContentFormat::SENML_CBOR]
        }
        (Content::Patch { removes: true }, _) => &[ContentFormat::SENML_ETCH_CBOR],
        (_, Version::V1_0) => &[ContentFormat::TLV],
        (_, Version::V1_1 | Version::V1_2) => {
            &[ContentFormat::TEXT, ContentFormat::OPAQUE, ContentFormat::TLV]
        }
    }
}

/// The formats for a content, best first, as far as the version permits them.
pub fn preferred(cx: &Context<'_>, content: Content) -> impl Iterator<Item = ContentFormat> {
    let (target, list) = match content {
        Content::Node(at) => match Target::of(cx, at) {
            single @ Target::Single(_) => (Some(single), SINGLE),
            other => (Some(other), several(cx.version)),
        },
        Content::Many { .. } | Content::Create => (None, several(cx.version)),
        Content::Paths | Content::Patch { .. } => (None, COMPOSITE),
    };
    // without a definition an Opaque answer would be a guess
    let opaque = target.and_then(Target::kind) == Some(Kind::Opaque);
    let list = list.iter().copied().filter(move |format| opaque || *format != ContentFormat::OPAQUE);
    list.filter(move |format| permits(cx, content, *format))
}

/// Is the format known to the version, and has it a form for the content?
#[must_use]
pub fn permits(cx: &Context<'_>, content: Content, format: ContentFormat) -> bool {
    let Some(format) = Format::of(format) else { return false };
    let known = format.since <= cx.version && format.until.is_none_or(|until| cx.version <= until);
    known
        && match content {
            // the root is read and written by composite operations alone
            Content::Node(at) if at.is_root() => cx.version >= Version::V1_1 && format.carries(Target::Root),
            Content::Node(at) => format.carries(Target::of(cx, at)),
            Content::Many { timed } => format.many.is_some() && (!timed || format.timed.is_some()),
            Content::Paths => format.paths.is_some(),
            Content::Patch { removes } => format.patch.is_some() && (!removes || format.removes),
            Content::Create => format.create.is_some(),
        }
}

/// The format of an answer with the node at a path; see [`answer_with`].
///
/// # Errors
/// 4.06: what is accepted is unknown, not of the version, or cannot carry what stands at the path.
pub fn answer(cx: &Context<'_>, at: Path, accept: Option<ContentFormat>) -> Result<ContentFormat, Rejection> {
    answer_with(cx, Content::Node(at), accept)
}

/// The format of an answer: what the request accepts, else the best that the version knows for this content. The number
/// of an old peer is kept: it would not know the present one.
///
/// # Errors
/// 4.06: what is accepted is unknown, not of the version, or cannot carry the content.
pub fn answer_with(
    cx: &Context<'_>,
    content: Content,
    accept: Option<ContentFormat>,
) -> Result<ContentFormat, Rejection> {
    let found = match accept {
        Some(accepted) => Some(accepted).filter(|accepted| permits(cx, content, *accepted)),
        None => preferred(cx, content).next(),
    };
    found.ok_or_else(|| {
        let what = match content {
            Content::Node(at) => at.to_string(),
            Content::Many { timed: true } => "values with times".to_owned(),
            Content::Many { timed: false } => "values of several places".to_owned(),
            Content::Paths | Content::Patch { .. } | Content::Create => "this".to_owned(),
        };
        Rejection::new(
            Code::NOT_ACCEPTABLE,
            match accept {
                Some(accepted) => format!("content format {accepted} cannot carry {what}"),
                None => format!("no content format can carry {what}"),
            },
        )
    })
}

/// The format that a server asks for or writes with at a path; see [`ask_for`].
#[must_use]
pub fn ask(cx: &Context<'_>, at: Path, announced: &[ContentFormat]) -> Option<ContentFormat> {
    ask_for(cx, Content::Node(at), announced)
}

/// The format that a server writes a node in: as [`ask`]; but one value of a resource that nobody has defined, and that
/// would go as octets without a kind, goes as text, or an Opaque one as it is. So the client, which knows what it has,
/// can refuse another kind: four letters would do for an Integer in TLV.
#[must_use]
pub fn write(cx: &Context<'_>, at: Path, node: &Node, announced: &[ContentFormat]) -> Option<ContentFormat> {
    let usual = ask(cx, at, announced);
    let kindless = matches!(usual, Some(ContentFormat::TLV | ContentFormat::TEXT));
    let Node::Value(value) = node else { return usual };
    if !kindless || Target::of(cx, at).kind().is_some() {
        return usual;
    }
    let plain = match value.kind() {
        Kind::Opaque => ContentFormat::OPAQUE,
        _ => ContentFormat::TEXT,
    };
    // optional in 1.0, but most have them: a refusal is better than a wrong value
    if announced.is_empty() || announced.contains(&plain) || cx.version >= Version::V1_1 {
        Some(plain)
    } else {
        usual
    }
}

/// Has the format a form for several values: for a Create or a partial Write?
#[must_use]
pub fn is_structured(format: ContentFormat) -> bool {
    Format::of(format).is_some_and(|format| format.tree)
}

/// The format that a server asks for or writes with: the best that the client has. `announced` is the `ct` of its
/// Register.
///
/// `None`: no format that both ends have carries the content.
#[must_use]
pub fn ask_for(cx: &Context<'_>, content: Content, announced: &[ContentFormat]) -> Option<ContentFormat> {
    let announced = |format: &ContentFormat| announced.contains(format);
    // the only formats for several places are announced or guessed: a guess is worse
    let guess = matches!(content, Content::Many { .. } | Content::Paths | Content::Patch { .. });
    let assumed = |format: &ContentFormat| assumed(cx.version, content).contains(format);
    if guess {
        let mut all = preferred(cx, content);
        return all.find(announced).or_else(|| preferred(cx, content).find(assumed));
    }
    preferred(cx, content).find(|format| announced(format) || assumed(format))
}
