//! Operations of the server on the data model. [Core 1.2 §6.3, §6.4] [Transport 1.2 §6.4]

use std::{borrow::Cow, str};

use bytes::Bytes;

use super::{
    Body, Downlink, DownlinkAnswer, Target, Verb, WriteMode, composite,
    target::{created, push_path},
};
use crate::{
    Arguments, AttributeEdit, AttributeError, Attributes, Code, InstanceId, Links, ObjectId, ObjectLink,
    Path, Rejection, Version,
    coap::{Observe, OptionNumber, Payload, Request, Response},
    codec::{
        self, ContentFormat, Context, DecodeError, EncodeError, Timed,
        negotiate::{self, Content},
    },
};

impl Downlink {
    /// Operation and place.
    #[must_use]
    pub fn target(&self) -> Target {
        let (verb, tree, path) = match self {
            Self::Read { tree, path } => (Verb::Read, tree, *path),
            Self::Discover { tree, path, .. } => (Verb::Discover, tree, *path),
            Self::Write { tree, path, mode, .. } => (Verb::Write(*mode), tree, *path),
            Self::WriteAttributes { tree, path, .. } => (Verb::WriteAttributes, tree, *path),
            Self::Execute { tree, path, .. } => (Verb::Execute, tree, *path),
            Self::Create { tree, object, .. } => {
                (Verb::Create, tree, Path::object(*object).unwrap_or_default())
            }
            Self::Delete { tree, path } => (Verb::Delete, tree, *path),
            Self::Observe { tree, path, .. } => (Verb::Observe, tree, *path),
            Self::CancelObserve { tree, path, .. } => (Verb::CancelObserve, tree, *path),
            Self::ReadComposite { tree, .. } => (Verb::ReadComposite, tree, Path::ROOT),
            Self::WriteComposite { tree, .. } => (Verb::WriteComposite, tree, Path::ROOT),
            Self::ObserveComposite { tree, .. } => (Verb::ObserveComposite, tree, Path::ROOT),
            Self::CancelObserveComposite { tree, .. } => (Verb::CancelObserveComposite, tree, Path::ROOT),
        };
        Target { verb, tree: tree.clone(), path }
    }

    /// The request. `format`: of its body, or which one the answer is wanted in; without one a body is in a format
    /// that every client has, and the client chooses the format of its answer.
    ///
    /// # Errors
    /// The operation is not defined for the path, or the format cannot carry the body.
    pub fn to_coap(&self, cx: &Context<'_>, format: Option<ContentFormat>) -> Result<Request, EncodeError> {
        let target = self.target();
        if let Some(name) = target.verb.refuses(target.path) {
            return Err(EncodeError::Place(name, target.path));
        }
        let cx = Context { tree: &target.tree, ..*cx };
        match self {
            Self::Read { .. } => target.get(format),
            Self::Observe { attributes, .. } | Self::CancelObserve { attributes, .. } => {
                observe(&target, attributes, cx.version, format)
            }
            Self::WriteAttributes { edit, .. } => write_attributes(&target, edit, cx.version),
            Self::Discover { depth, .. } => Ok(discover(&target, *depth)),
            Self::Write { mode, body, .. } => {
                let format = format.or_else(|| self.usual_format(&cx, &[])).unwrap_or(ContentFormat::TLV);
                write(&target, *mode, body, &cx, format)
            }
            Self::Execute { arguments, .. } => Ok(execute(&target, arguments)),
            Self::Create { object, new, .. } => {
                let format = format.or_else(|| self.usual_format(&cx, &[])).unwrap_or(ContentFormat::TLV);
                let mut payload = Vec::new();
                codec::encode_create(format, &cx, *object, new, &mut payload)?;
                Ok(target.carrying(Code::POST, format, payload))
            }
            Self::Delete { .. } => Ok(target.request(Code::DELETE)),
            Self::ReadComposite { paths, .. } => composite::fetch(&target, paths, None, &cx, format),
            Self::ObserveComposite { paths, attributes, .. }
            | Self::CancelObserveComposite { paths, attributes, .. } => {
                composite::fetch(&target, paths, Some(attributes), &cx, format)
            }
            Self::WriteComposite { patch, .. } => composite::patch(&target, patch, &cx, format),
        }
    }

    /// The best format for its body, or to ask its answer in. `announced` is the `ct` of the client's Register.
    ///
    /// `None`: it has neither, or no format that both ends have serves.
    #[must_use]
    pub fn usual_format(&self, cx: &Context<'_>, announced: &[ContentFormat]) -> Option<ContentFormat> {
        match self {
            Self::Read { path, .. } | Self::Observe { path, .. } => negotiate::ask(cx, *path, announced),
            Self::Write { body: Body::Streamed { format, .. }, .. } => Some(*format),
            // Only what has a form for several values.
            Self::Write { path, mode: WriteMode::Partial, .. } => {
                let usual = negotiate::ask(cx, *path, announced);
                usual.filter(|format| negotiate::is_structured(*format)).or(Some(ContentFormat::TLV))
            }
            Self::Write { path, body: Body::Node(node), .. } => negotiate::write(cx, *path, node, announced),
            // TLV alone has a form for an instance that the client is to number, or that has no values.
            Self::Create { new, .. } if new.iter().any(|(id, values)| id.is_none() || values.is_empty()) => {
                Some(ContentFormat::TLV)
            }
            Self::Create { .. } => negotiate::ask_for(cx, Content::Create, announced),
            Self::ReadComposite { .. } => negotiate::ask_for(cx, Content::Many { timed: false }, announced),
            // What it tells after a time offline has times.
            Self::ObserveComposite { .. } => negotiate::ask_for(cx, Content::Many { timed: true }, announced),
            Self::WriteComposite { patch, .. } => {
                negotiate::ask_for(cx, composite::content(patch), announced)
            }
            _ => None,
        }
    }

    /// Reads a request. `observe` stands beside it, as in [`coap::Event::Request`](crate::coap::Event::Request).
    ///
    /// # Errors
    /// What the request is to be answered with: see [`Target::from_coap`] and [`Target::complete`].
    pub fn from_coap(
        request: &Request,
        observe: Option<Observe>,
        cx: &Context<'_>,
    ) -> Result<Self, Rejection> {
        Target::from_coap(request, observe, cx)?.complete(request, cx)
    }
}

impl Target {
    /// Reads the rest of the request that this is the target of: parameters and body.
    ///
    /// # Errors
    /// 4.15: the Content-Format is not supported or not for this operation. 4.00: the body is not of its format or
    /// does not fit the definition of the object, or a parameter is unknown or wrong.
    pub fn complete(&self, request: &Request, cx: &Context<'_>) -> Result<Downlink, Rejection> {
        let (tree, path) = (self.tree.clone(), self.path);
        let cx = Context { tree: &self.tree, ..*cx };
        if let Some(parameter) = request.options.uri_query().find(|_| !self.has_parameters(cx.version)) {
            return Err(Rejection::bad_request(format!("parameter {parameter} is not known here")));
        }
        Ok(match self.verb {
            Verb::Read => Downlink::Read { tree, path },
            Verb::Discover => Downlink::Discover { tree, path, depth: depth(request)? },
            Verb::Write(mode) => Downlink::Write { tree, path, mode, body: self.body(request, mode, &cx)? },
            Verb::WriteAttributes => Downlink::WriteAttributes { tree, path, edit: self.edit(request, &cx)? },
            Verb::Execute => Downlink::Execute { tree, path, arguments: arguments(request)? },
            Verb::Create => {
                let object = path.object_id().unwrap_or(ObjectId(crate::RESERVED_ID));
                Downlink::Create { tree, object, new: new_instances(request, object, &cx)? }
            }
            Verb::Delete => Downlink::Delete { tree, path },
            Verb::Observe => {
                let attributes = self.edit(request, &cx)?.into_attributes()?;
                Downlink::Observe { tree, path, attributes }
            }
            // All options are those of the Observe. [RFC 7641 §3.6]
            Verb::CancelObserve => {
                let attributes = self.edit(request, &cx)?.into_attributes()?;
                Downlink::CancelObserve { tree, path, attributes }
            }
            Verb::ReadComposite => Downlink::ReadComposite { tree, paths: self.paths(request, &cx)? },
            Verb::WriteComposite => Downlink::WriteComposite { tree, patch: self.patch(request, &cx)? },
            Verb::ObserveComposite => {
                let attributes = self.edit(request, &cx)?.into_attributes()?;
                Downlink::ObserveComposite { tree, paths: self.paths(request, &cx)?, attributes }
            }
            Verb::CancelObserveComposite => {
                let attributes = self.edit(request, &cx)?.into_attributes()?;
                Downlink::CancelObserveComposite { tree, paths: self.paths(request, &cx)?, attributes }
            }
        })
    }

    const fn has_parameters(&self, version: Version) -> bool {
        match self.verb {
            Verb::Discover | Verb::WriteAttributes => true,
            Verb::Observe | Verb::CancelObserve | Verb::ObserveComposite | Verb::CancelObserveComposite => {
                matches!(version, Version::V1_2)
            }
            _ => false,
        }
    }

    /// The attributes of the parameters, where they may stand at this place.
    fn edit(&self, request: &Request, cx: &Context<'_>) -> Result<AttributeEdit, Rejection> {
        let edit = AttributeEdit::parse(request.options.uri_query())?;
        let place = self.path.object_id().zip(self.path.resource_id());
        let resource = place.and_then(|(object, resource)| cx.model.resource(object, resource));
        edit.check_place(self.path, resource, cx.version)
            .map_err(|error| Rejection::bad_request(error.to_string()))?;
        Ok(edit)
    }

    fn body(&self, request: &Request, mode: WriteMode, cx: &Context<'_>) -> Result<Body, Rejection> {
        let format = content_format(request)?;
        if mode == WriteMode::Partial && !negotiate::is_structured(format) {
            return Err(DecodeError::Unsupported(format, self.path).into());
        }
        Ok(match &request.payload {
            Payload::Streamed { size } => Body::Streamed { format, size: *size },
            Payload::Whole(bytes) => Body::Node(codec::decode(format, cx, self.path, bytes)?),
        })
    }

    fn get(&self, accept: Option<ContentFormat>) -> Result<Request, EncodeError> {
        let mut request = self.request(Code::GET);
        // A GET of links would be a Discover.
        if accept == Some(ContentFormat::LINK) {
            return Err(EncodeError::Unsupported(ContentFormat::LINK, self.path));
        }
        if let Some(format) = accept {
            request.options.push_uint(OptionNumber::ACCEPT, u64::from(format.0));
        }
        Ok(request)
    }

    pub(super) fn carrying(&self, method: Code, format: ContentFormat, payload: impl Into<Bytes>) -> Request {
        let mut request = self.request(method);
        request.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
        request.with_payload(payload)
    }
}

fn discover(target: &Target, depth: Option<u8>) -> Request {
    let mut request = target.request(Code::GET);
    if let Some(depth) = depth {
        request.options.push(OptionNumber::URI_QUERY, format!("depth={depth}").as_bytes());
    }
    request.options.push_uint(OptionNumber::ACCEPT, u64::from(ContentFormat::LINK.0));
    request
}

/// Attributes as parameters are unknown before 1.2: the client would refuse them.
fn observe(
    target: &Target,
    attributes: &Attributes,
    version: Version,
    format: Option<ContentFormat>,
) -> Result<Request, EncodeError> {
    let mut request = target.get(format)?;
    if !attributes.is_empty() && version < Version::V1_2 {
        return Err(EncodeError::Place("an Observe with attributes before LwM2M 1.2", target.path));
    }
    push_attributes(&mut request, target, &(*attributes).into(), version)?;
    Ok(request)
}

fn write_attributes(target: &Target, edit: &AttributeEdit, version: Version) -> Result<Request, EncodeError> {
    if edit.is_empty() {
        return Err(AttributeError::None.into());
    }
    let mut request = target.request(Code::PUT);
    push_attributes(&mut request, target, edit, version)?;
    Ok(request)
}

pub(super) fn push_attributes(
    request: &mut Request,
    target: &Target,
    edit: &AttributeEdit,
    version: Version,
) -> Result<(), EncodeError> {
    edit.attributes().check()?;
    edit.check_place(target.path, None, version)?;
    for parameter in edit.parameters() {
        request.options.push(OptionNumber::URI_QUERY, parameter.as_bytes());
    }
    Ok(())
}

fn write(
    target: &Target,
    mode: WriteMode,
    body: &Body,
    cx: &Context<'_>,
    format: ContentFormat,
) -> Result<Request, EncodeError> {
    let method = if mode == WriteMode::Replace { Code::PUT } else { Code::POST };
    let format = match body {
        Body::Streamed { format, .. } => *format,
        Body::Node(_) => format,
    };
    // A POST to a resource would be an Execute.
    if mode == WriteMode::Partial && !negotiate::is_structured(format) {
        return Err(EncodeError::Unsupported(format, target.path));
    }
    let mut request = target.carrying(method, format, Bytes::new());
    request.payload = match body {
        Body::Streamed { size, .. } => Payload::Streamed { size: *size },
        Body::Node(node) => {
            let mut payload = Vec::new();
            codec::encode(format, cx, target.path, node, &mut payload)?;
            Payload::Whole(payload.into())
        }
    };
    Ok(request)
}

fn execute(target: &Target, arguments: &Arguments) -> Request {
    if arguments.is_empty() {
        return target.request(Code::POST);
    }
    target.carrying(Code::POST, ContentFormat::TEXT, arguments.to_string())
}

fn depth(request: &Request) -> Result<Option<u8>, Rejection> {
    let mut depth = None;
    for parameter in request.options.uri_query() {
        depth = Some(match parameter.strip_prefix("depth=") {
            Some("0") => 0,
            Some("1") => 1,
            Some("2") => 2,
            Some("3") => 3,
            Some(_) => return Err(Rejection::bad_request(format!("{parameter} is no depth from 0 to 3"))),
            None => return Err(Rejection::bad_request(format!("parameter {parameter} is not known here"))),
        });
    }
    Ok(depth)
}

/// The Content-Format of a body that must have one.
pub(super) fn content_format(request: &Request) -> Result<ContentFormat, Rejection> {
    let format = request.options.content_format().map(ContentFormat::current);
    format.ok_or(Rejection::bad_request("the Content-Format is missing"))
}

/// Devices that leave out the Content-Format of arguments are understood.
fn arguments(request: &Request) -> Result<Arguments, Rejection> {
    let format = request.options.content_format().map_or(ContentFormat::TEXT, ContentFormat::current);
    if format != ContentFormat::TEXT {
        let why = format!("arguments are in content format {}, not {format}", ContentFormat::TEXT);
        return Err(Rejection::new(Code::UNSUPPORTED_CONTENT_FORMAT, why));
    }
    let text = text(collected(request)?)?;
    text.parse().map_err(|error| Rejection::bad_request(format!("arguments: {error}")))
}

fn new_instances(
    request: &Request,
    object: ObjectId,
    cx: &Context<'_>,
) -> Result<codec::NewInstances, Rejection> {
    if request.payload.is_empty() && request.options.content_format().is_none() {
        return Ok(vec![(None, Vec::new())]);
    }
    let format = content_format(request)?;
    if !negotiate::is_structured(format) {
        return Err(DecodeError::Unsupported(format, Path::object(object).unwrap_or_default()).into());
    }
    Ok(codec::decode_create(format, cx, object, collected(request)?)?)
}

pub(super) fn collected(request: &Request) -> Result<&Bytes, Rejection> {
    match &request.payload {
        Payload::Whole(bytes) => Ok(bytes),
        Payload::Streamed { .. } => {
            Err(Rejection::new(Code::REQUEST_ENTITY_TOO_LARGE, "only a Write is streamed"))
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, DecodeError> {
    str::from_utf8(bytes).map_err(|error| DecodeError::Malformed {
        what: "the text is not UTF-8".into(),
        offset: error.valid_up_to(),
    })
}

impl DownlinkAnswer {
    /// The response to `to`. `accept`: what the request accepts; without it values go in the format that the version
    /// prefers.
    ///
    /// Values that answer an Observe carry the Observe option, which begins the relation; the same as a notification
    /// need not.
    ///
    /// # Errors
    /// The format cannot carry the values: 4.06, see [`Rejection`].
    pub fn to_coap(
        &self,
        to: &Target,
        cx: &Context<'_>,
        accept: Option<ContentFormat>,
    ) -> Result<Response, EncodeError> {
        let cx = Context { tree: &to.tree, ..*cx };
        match (self, to.verb) {
            (Self::Refused(rejection), _) => Ok(rejection.into()),
            (Self::Done, Verb::Delete) => Ok(Response::new(Code::DELETED)),
            (Self::Done, Verb::Write(_) | Verb::WriteAttributes | Verb::Execute | Verb::WriteComposite) => {
                Ok(Response::new(Code::CHANGED))
            }
            (Self::Created(instance), Verb::Create) => Ok(created_at(to, *instance)),
            (Self::Links(links), Verb::Discover) => {
                Ok(content(ContentFormat::LINK, ObjectLink::list(&to.tree, links).to_string()))
            }
            (
                Self::Values(found),
                Verb::Read
                | Verb::Observe
                | Verb::CancelObserve
                | Verb::ReadComposite
                | Verb::ObserveComposite
                | Verb::CancelObserveComposite,
            ) => {
                let mut response = values(found, to, &cx, accept)?;
                if to.verb.observes() {
                    response.options.push_uint(OptionNumber::OBSERVE, 0);
                }
                Ok(response)
            }
            _ => Ok((&Rejection::internal("the answer does not belong to the operation")).into()),
        }
    }

    /// Reads the response to `to`.
    ///
    /// # Errors
    /// The code is no answer to the operation, or the payload is not what it should be.
    pub fn from_coap(response: &Response, to: &Target, cx: &Context<'_>) -> Result<Self, DecodeError> {
        if let Some(rejection) = Rejection::from_response(response) {
            return Ok(Self::Refused(rejection));
        }
        let cx = Context { tree: &to.tree, ..*cx };
        match to.verb {
            _ if !response.code.is_success() => Err(DecodeError::Answer(response.code)),
            Verb::Write(_) | Verb::WriteAttributes | Verb::Execute | Verb::Delete | Verb::WriteComposite => {
                Ok(Self::Done)
            }
            Verb::Create => Ok(Self::Created(created(&response.options, to).map(InstanceId))),
            _ if response.code != Code::CONTENT => Err(DecodeError::Answer(response.code)),
            Verb::Discover => links(response, to),
            Verb::Read | Verb::Observe | Verb::CancelObserve => read(response, to, &cx),
            Verb::ReadComposite | Verb::ObserveComposite | Verb::CancelObserveComposite => {
                composite::values(response, &cx)
            }
        }
    }
}

fn created_at(to: &Target, instance: Option<InstanceId>) -> Response {
    let mut response = Response::new(Code::CREATED);
    if let Some(path) = instance.and_then(|instance| to.path.push(instance.0).ok()) {
        push_path(&mut response.options, OptionNumber::LOCATION_PATH, &to.tree, path);
    }
    response
}

fn content(format: ContentFormat, payload: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Code::CONTENT);
    response.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
    response.with_payload(payload)
}

fn values(
    found: &[Timed],
    to: &Target,
    cx: &Context<'_>,
    accept: Option<ContentFormat>,
) -> Result<Response, EncodeError> {
    let unsupported = || EncodeError::Unsupported(accept.unwrap_or(ContentFormat::TLV), to.path);
    let carried = match found {
        [] if to.verb.is_composite() => Content::Many { timed: false },
        [] => Content::Node(to.path),
        [Timed { at: None, path, .. }] if *path == to.path && !to.verb.is_composite() => {
            Content::Node(to.path)
        }
        _ => Content::Many { timed: found.iter().any(|value| value.at.is_some()) },
    };
    let format = negotiate::answer_with(cx, carried, accept).map_err(|_| unsupported())?;
    let mut payload = Vec::new();
    match found {
        // a pack without records; in other formats nothing at all
        [] => drop(codec::encode_many(format, cx, &[], &mut payload)),
        [Timed { at: None, node, path, .. }] if *path == to.path && !to.verb.is_composite() => {
            codec::encode(format, cx, to.path, node, &mut payload)?;
        }
        // Several places or times.
        _ => codec::encode_many(format, cx, found, &mut payload)?,
    }
    Ok(content(format, payload))
}

fn read(response: &Response, to: &Target, cx: &Context<'_>) -> Result<DownlinkAnswer, DecodeError> {
    let bytes = whole(response)?;
    let Some(format) = response.options.content_format() else {
        // An object without instances.
        return if bytes.is_empty() { Ok(DownlinkAnswer::Values(Vec::new())) } else { Err(NO_FORMAT) };
    };
    codec::decode_timed(format.current(), cx, to.path, bytes).map(DownlinkAnswer::Values)
}

fn links(response: &Response, to: &Target) -> Result<DownlinkAnswer, DecodeError> {
    let format = response.options.content_format().unwrap_or(ContentFormat::LINK);
    if format != ContentFormat::LINK {
        return Err(DecodeError::Unsupported(format, to.path));
    }
    let links = Links::parse_in(to.tree.clone(), text(whole(response)?)?)
        .map_err(|error| DecodeError::Malformed { what: error.why.into(), offset: error.position })?;
    Ok(DownlinkAnswer::Links(links.objects))
}

pub(super) const NO_FORMAT: DecodeError =
    DecodeError::Malformed { what: Cow::Borrowed("a payload without Content-Format"), offset: 0 };

pub(super) fn whole(response: &Response) -> Result<&Bytes, DecodeError> {
    match &response.payload {
        Payload::Whole(bytes) => Ok(bytes),
        Payload::Streamed { .. } => {
            Err(DecodeError::Malformed { what: "a streamed payload".into(), offset: 0 })
        }
    }
}
