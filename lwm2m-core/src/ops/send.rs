//! What a client tells without being asked. [Core 1.2 §6.4.6] [Transport 1.2 §6.4.5]

use super::{
    Uplink,
    manage::{collected, content_format},
};
use crate::{
    Code, Rejection, Version,
    coap::{OptionNumber, Request},
    codec::{
        self, ContentFormat, Context, EncodeError, Timed,
        negotiate::{self, Content},
    },
};

/// Where it goes.
const DATA: &str = "dp";

pub(super) fn is_addressed(request: &Request) -> bool {
    let mut path = request.options.uri_path();
    path.next() == Some(DATA) && path.next().is_none()
}

pub(super) fn to_coap(
    values: &[Timed],
    format: ContentFormat,
    cx: &Context<'_>,
) -> Result<Request, EncodeError> {
    if cx.version < Version::V1_1 {
        return Err(EncodeError::Place("a Send before LwM2M 1.1", crate::Path::ROOT));
    }
    let mut payload = Vec::new();
    codec::encode_many(format, cx, values, &mut payload)?;
    let mut request = Request::new(Code::POST);
    request.options.push(OptionNumber::URI_PATH, DATA.as_bytes());
    request.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
    Ok(request.with_payload(payload))
}

pub(super) fn from_coap(request: &Request, cx: &Context<'_>) -> Result<Uplink, Rejection> {
    if request.method != Code::POST {
        return Err(Rejection::method_not_allowed());
    }
    if let Some(parameter) = request.options.uri_query().next() {
        return Err(Rejection::bad_request(format!("parameter {parameter} is not known here")));
    }
    let format = content_format(request)?;
    let carried = Content::Many { timed: false };
    if !negotiate::permits(cx, carried, format) {
        let why = format!("content format {format} does not carry a Send");
        return Err(Rejection::new(Code::UNSUPPORTED_CONTENT_FORMAT, why));
    }
    let values = codec::decode_many(format, cx, collected(request)?)?;
    if values.is_empty() {
        return Err(Rejection::bad_request("a Send without values"));
    }
    Ok(Uplink::Send { values, format })
}
