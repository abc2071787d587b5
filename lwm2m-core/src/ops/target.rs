//! What a request of a server addresses, before its body is read. [Core 1.2 §6.3, §6.4] [Transport 1.2 §6.4]

use smallvec::SmallVec;

use super::WriteMode;
use crate::{
    Code, Path, PathError, Rejection, Tree, Version,
    coap::{Observe, OptionNumber, Options, Request},
    codec::{ContentFormat, Context, negotiate},
};

/// Which [`Downlink`](super::Downlink) a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Read.
    Read,
    /// Discover.
    Discover,
    /// Write.
    Write(WriteMode),
    /// Write-Attributes.
    WriteAttributes,
    /// Execute.
    Execute,
    /// Create.
    Create,
    /// Delete.
    Delete,
    /// Observe.
    Observe,
    /// Cancel of an observation.
    CancelObserve,
    /// Read-Composite.
    ReadComposite,
    /// Write-Composite.
    WriteComposite,
    /// Observe-Composite.
    ObserveComposite,
    /// Cancel of a composite observation.
    CancelObserveComposite,
}

/// Operation and place. Enough to check path, existence and rights before the body, as the order of errors wants it,
/// and all that an answer needs to know of its request.
///
/// ```
/// # use lwm2m_core::{NoModel, Tree, Version, coap::{Options, Request}, codec::Context, ops::{Target, Verb}, Code};
/// let cx = Context { model: &NoModel, version: Version::V1_1, tree: &Tree::DEFAULT };
/// let request = Request::new(Code::GET).with_options(Options::new().with_path(["3303", "0", "5700"]));
/// let target = Target::from_coap(&request, None, &cx)?;
/// assert_eq!((target.verb, target.path.to_string()), (Verb::Read, "/3303/0/5700".to_owned()));
/// # Ok::<(), lwm2m_core::Rejection>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The operation.
    pub verb: Verb,
    /// The tree; `cx.tree`, the default one, or a stranger.
    pub tree: Tree,
    /// The place in it, of a depth that the operation can have. Composite operations name their places in the body and
    /// have the root here.
    pub path: Path,
}

impl Target {
    /// Reads method, path and the options that tell the operations apart. `observe` stands beside the request, as in
    /// [`coap::Event::Request`](crate::coap::Event::Request).
    ///
    /// # Errors
    /// 4.04: a segment is no id. 4.05: no operation has this method, or none with this method has a path of this
    /// depth. 4.00: a Write without Content-Format, or with parameters.
    pub fn from_coap(
        request: &Request,
        observe: Option<Observe>,
        cx: &Context<'_>,
    ) -> Result<Self, Rejection> {
        let (tree, path) = place(&request.options, cx.tree)?;
        let verb = verb(request, observe, path)?;
        if verb.is_composite() && cx.version < Version::V1_1 {
            return Err(Rejection::new(
                Code::METHOD_NOT_ALLOWED,
                "composite operations are known since LwM2M 1.1",
            ));
        }
        match verb.refuses(path) {
            Some(name) => {
                Err(Rejection::new(Code::METHOD_NOT_ALLOWED, format!("{name} cannot address {path}")))
            }
            None => Ok(Self { verb, tree, path }),
        }
    }

    /// A request with this method and place.
    pub(super) fn request(&self, method: Code) -> Request {
        let mut request = Request::new(method);
        let observe = match self.verb {
            Verb::Observe | Verb::ObserveComposite => Some(0),
            Verb::CancelObserve | Verb::CancelObserveComposite => Some(1),
            _ => None,
        };
        if let Some(observe) = observe {
            request.options.push_uint(OptionNumber::OBSERVE, observe);
        }
        push_path(&mut request.options, OptionNumber::URI_PATH, &self.tree, self.path);
        request
    }
}

impl Verb {
    /// Does it name several places, in its body?
    #[must_use]
    pub const fn is_composite(self) -> bool {
        matches!(
            self,
            Self::ReadComposite
                | Self::WriteComposite
                | Self::ObserveComposite
                | Self::CancelObserveComposite
        )
    }

    /// Does it begin an observation?
    #[must_use]
    pub const fn observes(self) -> bool {
        matches!(self, Self::Observe | Self::ObserveComposite)
    }

    /// The name of the operation where it cannot address this path.
    pub(super) fn refuses(self, path: Path) -> Option<&'static str> {
        let (depths, name) = match self {
            Self::Read => (1..=4, "a Read"),
            Self::Discover => (1..=3, "a Discover"),
            Self::Write(_) => (2..=4, "a Write"),
            Self::WriteAttributes => (1..=4, "Write-Attributes"),
            Self::Execute => (3..=3, "an Execute"),
            Self::Create => (1..=1, "a Create"),
            // Of a resource instance since 1.2; a resource cannot go.
            Self::Delete if path.depth() == 3 => (2..=2, "a Delete"),
            Self::Delete => (2..=4, "a Delete"),
            Self::Observe | Self::CancelObserve => (1..=4, "an Observe"),
            Self::ReadComposite => (0..=0, "a Read-Composite"),
            Self::WriteComposite => (0..=0, "a Write-Composite"),
            Self::ObserveComposite | Self::CancelObserveComposite => (0..=0, "an Observe-Composite"),
        };
        (!depths.contains(&path.depth())).then_some(name)
    }
}

/// Tells the operations of one method apart. PUT goes by its options, never by whether there is a payload.
fn verb(request: &Request, observe: Option<Observe>, path: Path) -> Result<Verb, Rejection> {
    let format = request.options.content_format().map(ContentFormat::current);
    match request.method {
        Code::GET if request.options.accept() == Some(ContentFormat::LINK) => Ok(Verb::Discover),
        Code::GET => Ok(match observe {
            None => Verb::Read,
            Some(Observe::Register) => Verb::Observe,
            Some(Observe::Deregister) => Verb::CancelObserve,
        }),
        Code::PUT => put(format, request.options.uri_query().next().is_some()),
        Code::POST => match (path.depth(), format) {
            (1, _) => Ok(Verb::Create),
            (3, format) if format.is_none_or(|format| !negotiate::is_structured(format)) => Ok(Verb::Execute),
            (2, None) if request.payload.is_empty() => Ok(Verb::Execute),
            (0 | 4, _) => Ok(Verb::Execute),
            _ => Ok(Verb::Write(WriteMode::Partial)),
        },
        Code::DELETE => Ok(Verb::Delete),
        Code::FETCH => Ok(match observe {
            None => Verb::ReadComposite,
            Some(Observe::Register) => Verb::ObserveComposite,
            Some(Observe::Deregister) => Verb::CancelObserveComposite,
        }),
        Code::IPATCH => Ok(Verb::WriteComposite),
        method => Err(Rejection::new(Code::METHOD_NOT_ALLOWED, format!("{method} is not supported"))),
    }
}

fn put(format: Option<ContentFormat>, has_query: bool) -> Result<Verb, Rejection> {
    match (format, has_query) {
        (Some(_), false) => Ok(Verb::Write(WriteMode::Replace)),
        (Some(_), true) => {
            Err(Rejection::bad_request("a Write has no parameters, Write-Attributes no Content-Format"))
        }
        (None, true) => Ok(Verb::WriteAttributes),
        (None, false) => {
            Err(Rejection::bad_request("a Write needs a Content-Format, Write-Attributes parameters"))
        }
    }
}

/// Splits Uri-Path into tree and path: the tree ends where the first numeric segment stands.
fn place(options: &Options, own: &Tree) -> Result<(Tree, Path), Rejection> {
    let mut segments: SmallVec<[&str; 8]> = options.uri_path().collect();
    // A slash at the end of an URI is an empty segment.
    if segments.last().is_some_and(|segment| segment.is_empty()) {
        segments.pop();
    }
    let is_id = |segment: &&str| !segment.is_empty() && segment.bytes().all(|octet| octet.is_ascii_digit());
    let (prefix, ids) = segments.split_at(segments.iter().position(is_id).unwrap_or(segments.len()));
    let path = Path::from_segments(ids.iter().copied()).map_err(wrong_path)?;
    let tree = if prefix.is_empty() {
        Tree::DEFAULT
    } else if own.segments().eq(prefix.iter().copied()) {
        own.clone()
    } else if ids.is_empty() {
        return Err(Rejection::not_found());
    } else {
        Tree::below(&format!("/{}", prefix.join("/"))).map_err(wrong_path)?
    };
    Ok((tree, path))
}

/// 4.05 where the path is too deep, 4.04 where it can name nothing. [Transport 1.2 §6.4]
fn wrong_path(error: PathError) -> Rejection {
    let too_deep = usize::from(error.segment()) >= 4;
    Rejection::new(if too_deep { Code::METHOD_NOT_ALLOWED } else { Code::NOT_FOUND }, error.to_string())
}

/// Appends the segments of a place.
pub(super) fn push_path(options: &mut Options, number: OptionNumber, tree: &Tree, path: Path) {
    for segment in tree.segments() {
        options.push(number, segment.as_bytes());
    }
    for id in path.ids() {
        push_decimal(options, number, *id);
    }
}

/// Without a detour over a `String`: servers do this for every request.
fn push_decimal(options: &mut Options, number: OptionNumber, id: u16) {
    let mut digits = [b'0'; 5];
    let mut rest = id;
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    let leading = digits.iter().take(4).take_while(|digit| **digit == b'0').count();
    options.push(number, digits.get(leading..).unwrap_or(&digits));
}

/// The id below the target that Location-Path names. Some stacks put all segments into one option, some leave out the
/// tree.
pub(super) fn created(options: &Options, target: &Target) -> Option<u16> {
    let segments: SmallVec<[&str; 8]> = options
        .location_path()
        .flat_map(|option| option.split('/'))
        .filter(|segment| !segment.is_empty())
        .collect();
    let prefix: SmallVec<[&str; 2]> = target.tree.segments().collect();
    let ids = segments.strip_prefix(prefix.as_slice()).unwrap_or(&segments);
    let path = Path::from_segments(ids.iter().copied()).ok()?;
    if path.parent() == Some(target.path) { path.ids().last().copied() } else { None }
}
