//! Operations on several places at once: FETCH and iPATCH of the root, with the places in the body. [Core 1.2 §6.3.8,
//! §6.3.9, §6.4.4] [Transport 1.2 §6.4.4]

use super::{
    DownlinkAnswer, Target,
    manage::{NO_FORMAT, collected, content_format, push_attributes, whole},
};
use crate::{
    Attributes, Code, Path, Rejection, Version,
    coap::{OptionNumber, Request, Response},
    codec::{
        self, ContentFormat, Context, DecodeError, EncodeError, Patch,
        negotiate::{self, Content},
    },
};

/// What the body of a Write-Composite is to a format.
pub(super) fn content(patch: &[Patch]) -> Content {
    Content::Patch { removes: patch.iter().any(|part| matches!(part, Patch::Remove(_))) }
}

/// A request with places in its body. `accept`: the format of the answer.
pub(super) fn fetch(
    target: &Target,
    paths: &[Path],
    attributes: Option<&Attributes>,
    cx: &Context<'_>,
    accept: Option<ContentFormat>,
) -> Result<Request, EncodeError> {
    since_1_1(target, cx)?;
    let format = body_format(cx, accept);
    let mut payload = Vec::new();
    codec::encode_paths(format, cx, paths, &mut payload)?;
    let mut request = target.carrying(Code::FETCH, format, payload);
    if let Some(accept) = accept {
        request.options.push_uint(OptionNumber::ACCEPT, u64::from(accept.0));
    }
    if let Some(attributes) = attributes {
        if !attributes.is_empty() && cx.version < Version::V1_2 {
            return Err(EncodeError::Place("an Observe with attributes before LwM2M 1.2", target.path));
        }
        push_attributes(&mut request, target, &(*attributes).into(), cx.version)?;
    }
    Ok(request)
}

/// Places have no form in every format that values have: JSON goes with JSON, everything else with CBOR.
fn body_format(cx: &Context<'_>, accept: Option<ContentFormat>) -> ContentFormat {
    match accept {
        Some(format) if negotiate::permits(cx, Content::Paths, format) => format,
        Some(ContentFormat::JSON) => ContentFormat::SENML_JSON,
        _ => ContentFormat::SENML_CBOR,
    }
}

/// A Write-Composite.
pub(super) fn patch(
    target: &Target,
    patch: &[Patch],
    cx: &Context<'_>,
    format: Option<ContentFormat>,
) -> Result<Request, EncodeError> {
    since_1_1(target, cx)?;
    let format = format.or_else(|| negotiate::ask_for(cx, content(patch), &[]));
    let format = format.unwrap_or(ContentFormat::SENML_CBOR);
    let mut payload = Vec::new();
    codec::encode_patch(format, cx, patch, &mut payload)?;
    Ok(target.carrying(Code::IPATCH, format, payload))
}

fn since_1_1(target: &Target, cx: &Context<'_>) -> Result<(), EncodeError> {
    match cx.version {
        Version::V1_0 => Err(EncodeError::Place("a composite operation before LwM2M 1.1", target.path)),
        _ => Ok(()),
    }
}

impl Target {
    /// The places in the body.
    pub(super) fn paths(&self, request: &Request, cx: &Context<'_>) -> Result<Vec<Path>, Rejection> {
        let format = content_format(request)?;
        Ok(codec::decode_paths(format, cx, collected(request)?)?)
    }

    /// What the body sets and removes.
    pub(super) fn patch(&self, request: &Request, cx: &Context<'_>) -> Result<Vec<Patch>, Rejection> {
        let format = content_format(request)?;
        Ok(codec::decode_patch(format, cx, collected(request)?)?)
    }
}

/// The answer to a composite read: one item per value.
pub(super) fn values(response: &Response, cx: &Context<'_>) -> Result<DownlinkAnswer, DecodeError> {
    let bytes = whole(response)?;
    if bytes.is_empty() {
        return Ok(DownlinkAnswer::Values(Vec::new()));
    }
    let format = response.options.content_format().ok_or(NO_FORMAT)?;
    codec::decode_many(format.current(), cx, bytes).map(DownlinkAnswer::Values)
}
