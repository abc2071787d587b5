//! What a bootstrap server does with a device. [Core 1.2 §6.1.7]

use std::str;

use bytes::Bytes;

use super::{Downlink, DownlinkAnswer, Target, Verb, uplink::BOOTSTRAP};
use crate::{
    Code, Links, Path, Rejection, Tree,
    coap::{OptionNumber, Payload, Request, Response},
    codec::{self, ContentFormat, Context, DecodeError, EncodeError, negotiate},
    ops::target::push_path,
};

/// The objects that a bootstrap server may read. [Core 1.2 §6.1.7.6]
const READABLE: [u16; 2] = [1, 2];

impl Verb {
    /// May it address this path?
    fn addresses(self, path: Path) -> bool {
        match self {
            Self::Discover => path.depth() <= 1,
            Self::Read => {
                (1..=2).contains(&path.depth()) && path.ids().first().is_some_and(|id| READABLE.contains(id))
            }
            Self::Write => (1..=3).contains(&path.depth()),
            Self::Delete => path.depth() <= 2,
            Self::Finish => path.is_root(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Discover => "Bootstrap-Discover",
            Self::Read => "Bootstrap-Read",
            Self::Write => "Bootstrap-Write",
            Self::Delete => "Bootstrap-Delete",
            Self::Finish => "Bootstrap-Finish",
        }
    }
}

impl Downlink {
    /// The request. `format`: of what is written, or that a Read is wanted in; without one TLV, which every device
    /// has.
    ///
    /// # Errors
    /// The operation is not defined for the path, or the format cannot carry the value.
    pub fn to_coap(&self, cx: &Context<'_>, format: Option<ContentFormat>) -> Result<Request, EncodeError> {
        let Target { verb, path } = self.target();
        if !verb.addresses(path) {
            return Err(EncodeError::Place(verb.name(), path));
        }
        let to = |method| {
            let mut request = Request::new(method);
            push_path(&mut request.options, OptionNumber::URI_PATH, &Tree::DEFAULT, path);
            request
        };
        Ok(match self {
            Self::Discover(_) => accepting(to(Code::GET), ContentFormat::LINK),
            Self::Read(_) => accepting(to(Code::GET), format.unwrap_or(ContentFormat::TLV)),
            Self::Delete(_) => to(Code::DELETE),
            Self::Write(_, node) => {
                let format = format.unwrap_or(ContentFormat::TLV);
                let mut payload = Vec::new();
                codec::encode(format, cx, path, node, &mut payload)?;
                let mut request = to(Code::PUT);
                request.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
                request.with_payload(payload)
            }
            Self::Finish => {
                let mut request = Request::new(Code::POST);
                request.options.push(OptionNumber::URI_PATH, BOOTSTRAP.as_bytes());
                request
            }
        })
    }

    /// Reads a request.
    ///
    /// # Errors
    /// What the request is to be answered with: see [`Target::from_coap`]. 4.15: the Content-Format is not known or
    /// has no form for this place. 4.00: a Write without Content-Format, or a body that is not of its format or does
    /// not fit the definition.
    pub fn from_coap(request: &Request, cx: &Context<'_>) -> Result<Self, Rejection> {
        let Target { verb, path } = Target::from_coap(request)?;
        Ok(match verb {
            Verb::Discover => Self::Discover(path),
            Verb::Read => Self::Read(path),
            Verb::Delete => Self::Delete(path),
            Verb::Finish => Self::Finish,
            Verb::Write => {
                let format = request.options.content_format().map(ContentFormat::current);
                let format =
                    format.ok_or(Rejection::bad_request("a Bootstrap-Write needs a Content-Format"))?;
                Self::Write(path, codec::decode(format, cx, path, body(request)?)?)
            }
        })
    }
}

impl Target {
    /// Reads method and path. A GET of an object that can be read is a Read, unless it accepts links.
    ///
    /// # Errors
    /// What the request is to be answered with. 4.00: a segment is no id, or a Discover, Write or Delete cannot address
    /// this path. 4.05: no operation has this method, or the object is not one to be read.
    pub fn from_coap(request: &Request) -> Result<Self, Rejection> {
        let segments: Vec<&str> = request.options.uri_path().filter(|segment| !segment.is_empty()).collect();
        if segments == [BOOTSTRAP] {
            return match request.method {
                Code::POST => Ok(Self { verb: Verb::Finish, path: Path::ROOT }),
                _ => Err(Rejection::method_not_allowed()),
            };
        }
        let path =
            Path::from_segments(segments).map_err(|error| Rejection::bad_request(error.to_string()))?;
        let links = path.is_root() || request.options.accept() == Some(ContentFormat::LINK);
        let verb = match request.method {
            Code::GET if links => Verb::Discover,
            Code::GET => Verb::Read,
            Code::PUT => Verb::Write,
            Code::DELETE => Verb::Delete,
            method => {
                let why = format!("{method} is no operation of a bootstrap server here");
                return Err(Rejection::new(Code::METHOD_NOT_ALLOWED, why));
            }
        };
        if verb.addresses(path) {
            return Ok(Self { verb, path });
        }
        let code = if verb == Verb::Read { Code::METHOD_NOT_ALLOWED } else { Code::BAD_REQUEST };
        Err(Rejection::new(code, format!("{} cannot address {path}", verb.name())))
    }
}

fn accepting(mut request: Request, format: ContentFormat) -> Request {
    request.options.push_uint(OptionNumber::ACCEPT, u64::from(format.0));
    request
}

fn body(request: &Request) -> Result<&Bytes, Rejection> {
    match &request.payload {
        Payload::Whole(bytes) => Ok(bytes),
        Payload::Streamed { .. } => {
            Err(Rejection::new(Code::REQUEST_ENTITY_TOO_LARGE, "a Bootstrap-Write is not streamed"))
        }
    }
}

impl DownlinkAnswer {
    /// The response to `to`. `accept`: what the request accepts; without it values go in the format that the version
    /// prefers.
    ///
    /// # Errors
    /// The format cannot carry the values.
    pub fn to_coap(
        &self,
        to: Target,
        cx: &Context<'_>,
        accept: Option<ContentFormat>,
    ) -> Result<Response, EncodeError> {
        let content = |format: ContentFormat, payload: Vec<u8>| {
            let mut response = Response::new(Code::CONTENT);
            response.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
            response.with_payload(payload)
        };
        match self {
            Self::Refused(rejection) => Ok(rejection.into()),
            Self::Done if to.verb == Verb::Delete => Ok(Response::new(Code::DELETED)),
            Self::Done => Ok(Response::new(Code::CHANGED)),
            Self::Links(links) => Ok(content(ContentFormat::LINK, links.to_string().into_bytes())),
            Self::Values(found) => {
                let format = negotiate::answer(cx, to.path, accept);
                let format = format
                    .map_err(|_| EncodeError::Unsupported(accept.unwrap_or(ContentFormat::TLV), to.path))?;
                let mut payload = Vec::new();
                let node = codec::node_at(to.path, found);
                let node = node.unwrap_or(crate::Node::Object(std::collections::BTreeMap::new()));
                codec::encode(format, cx, to.path, &node, &mut payload)?;
                Ok(content(format, payload))
            }
        }
    }

    /// Reads the response to `to`.
    ///
    /// # Errors
    /// The code is no answer to the operation, or the payload is not what it should be.
    pub fn from_coap(response: &Response, to: Target, cx: &Context<'_>) -> Result<Self, DecodeError> {
        if let Some(rejection) = Rejection::from_response(response) {
            return Ok(Self::Refused(rejection));
        }
        match to.verb {
            _ if !response.code.is_success() => Err(DecodeError::Answer(response.code)),
            Verb::Write | Verb::Delete | Verb::Finish => Ok(Self::Done),
            Verb::Discover | Verb::Read if response.code != Code::CONTENT => {
                Err(DecodeError::Answer(response.code))
            }
            Verb::Discover => links(response.payload.bytes()),
            Verb::Read => read(response, to.path, cx),
        }
    }
}

fn links(bytes: &[u8]) -> Result<DownlinkAnswer, DecodeError> {
    let malformed = |offset, what: &'static str| DecodeError::Malformed { what: what.into(), offset };
    let text =
        str::from_utf8(bytes).map_err(|error| malformed(error.valid_up_to(), "the text is not UTF-8"))?;
    let links = Links::parse(text).map_err(|error| malformed(error.position, error.why))?;
    Ok(DownlinkAnswer::Links(links))
}

fn read(response: &Response, path: Path, cx: &Context<'_>) -> Result<DownlinkAnswer, DecodeError> {
    let bytes = response.payload.bytes();
    match response.options.content_format() {
        Some(format) => codec::decode_timed(format.current(), cx, path, bytes).map(DownlinkAnswer::Values),
        None if bytes.is_empty() => Ok(DownlinkAnswer::Values(Vec::new())),
        None => Err(DecodeError::Malformed { what: "a payload without Content-Format".into(), offset: 0 }),
    }
}
