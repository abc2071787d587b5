//! Which format a payload takes. [Core 1.2 §7.4] [Transport 1.2 §6.4.1]

use crate::{Code, Kind, Path, Rejection, Version};

use super::{ContentFormat, Context, formats::Format, target::Target};

/// One value: an Opaque one as it is, others as text; in a format for trees only where nothing else carries it.
const SINGLE: &[ContentFormat] = &[ContentFormat::OPAQUE, ContentFormat::TEXT, ContentFormat::TLV];

/// Several values: what each version prefers, best first. TLV stands last where it is legacy.
const fn many(version: Version) -> &'static [ContentFormat] {
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
/// as the last resort.
const fn assumed(version: Version) -> &'static [ContentFormat] {
    match version {
        Version::V1_0 => &[ContentFormat::TLV],
        Version::V1_1 | Version::V1_2 => &[ContentFormat::TEXT, ContentFormat::OPAQUE, ContentFormat::TLV],
    }
}

/// The format of an answer: what the request accepts, else the best that the version knows for this place. The number
/// of an old peer is kept: it would not know the present one.
///
/// # Errors
/// 4.06: what is accepted is unknown, too new for the version, or cannot carry what stands at the path.
pub fn answer(cx: &Context<'_>, at: Path, accept: Option<ContentFormat>) -> Result<ContentFormat, Rejection> {
    let found = match accept {
        Some(accepted) => Some(accepted).filter(|accepted| fits(cx, at, *accepted)),
        None => preferred(cx, at).find(|format| fits(cx, at, *format)),
    };
    found.ok_or_else(|| match accept {
        Some(accepted) => {
            Rejection::new(Code::NOT_ACCEPTABLE, format!("content format {accepted} cannot carry {at}"))
        }
        None => Rejection::new(Code::NOT_ACCEPTABLE, format!("no content format can carry {at}")),
    })
}

/// The format that a server asks for or writes with: the best that the client has. `announced` is the `ct` of its
/// Register.
///
/// `None`: no format that both ends have carries what stands at the path.
#[must_use]
pub fn ask(cx: &Context<'_>, at: Path, announced: &[ContentFormat]) -> Option<ContentFormat> {
    let has = |format: &ContentFormat| announced.contains(format) || assumed(cx.version).contains(format);
    preferred(cx, at).find(|format| has(format) && fits(cx, at, *format))
}

/// The formats for a place, best first, implemented or not.
fn preferred(cx: &Context<'_>, at: Path) -> impl Iterator<Item = ContentFormat> {
    let list = match Target::of(cx, at) {
        Target::Single(_) => SINGLE,
        _ => many(cx.version),
    };
    // without a definition an Opaque answer would be a guess
    let known = Target::of(cx, at).kind() == Some(Kind::Opaque);
    list.iter().copied().filter(move |format| known || *format != ContentFormat::OPAQUE)
}

fn fits(cx: &Context<'_>, at: Path, number: ContentFormat) -> bool {
    Format::of(number).is_some_and(|format| format.since <= cx.version && format.carries(Target::of(cx, at)))
}
