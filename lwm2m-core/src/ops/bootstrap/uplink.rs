//! Bootstrap-Request and Bootstrap-Pack-Request. [Core 1.2 §6.1.7]

use super::{Uplink, UplinkAnswer};
use crate::{
    Code, EndpointName, Links, Path, Rejection,
    coap::{OptionNumber, Request, Response},
    codec::{self, ContentFormat, Context, DecodeError, EncodeError, Timed},
    ops::register::{MAX_PARAMETER, endpoint, once},
};

/// Where a bootstrap begins and ends.
pub(super) const BOOTSTRAP: &str = "bs";
/// Where packs are.
const PACK: &str = "bspack";

/// The formats that a device may prefer (`pct`), the best first. [Core 1.2 §6.1.7.1]
pub const PREFERRED: &[ContentFormat] =
    &[ContentFormat::LWM2M_CBOR, ContentFormat::SENML_CBOR, ContentFormat::SENML_JSON, ContentFormat::TLV];

/// The formats of a pack, the best first. [Core 1.2 §6.1.7.7]
const PACKS: &[ContentFormat] =
    &[ContentFormat::LWM2M_CBOR, ContentFormat::SENML_CBOR, ContentFormat::SENML_JSON];

impl Uplink {
    /// Is the request addressed to where these operations live?
    #[must_use]
    pub fn is_addressed(request: &Request) -> bool {
        matches!(request.options.uri_path().next(), Some(BOOTSTRAP | PACK))
    }

    /// The request.
    ///
    /// # Errors
    /// A parameter is longer than an option can hold.
    pub fn to_coap(&self) -> Result<Request, EncodeError> {
        let (method, segment, name) = match self {
            Self::Request { endpoint, .. } => (Code::POST, BOOTSTRAP, endpoint),
            Self::Pack { endpoint, .. } => (Code::GET, PACK, endpoint),
        };
        let mut request = Request::new(method);
        request.options.push(OptionNumber::URI_PATH, segment.as_bytes());
        let mut query = |name: &'static str, value: &str| {
            let parameter = format!("{name}={value}");
            if parameter.len() > MAX_PARAMETER {
                return Err(EncodeError::Parameter(name));
            }
            request.options.push(OptionNumber::URI_QUERY, parameter.as_bytes());
            Ok(())
        };
        if let Some(name) = name {
            query("ep", name)?;
        }
        match self {
            Self::Request { preferred: Some(format), .. } => query("pct", &format.to_string())?,
            Self::Pack { accounts, accept, .. } => {
                if !accounts.is_empty() {
                    let links: Vec<_> = accounts.iter().map(|path| format!("<{path}>")).collect();
                    query("acc", &links.join(","))?;
                }
                if let Some(format) = accept {
                    request.options.push_uint(OptionNumber::ACCEPT, u64::from(format.0));
                }
            }
            Self::Request { .. } => {}
        }
        Ok(request)
    }

    /// Reads a request.
    ///
    /// # Errors
    /// What the request is to be answered with. 4.04: it is not addressed to where these operations live. 4.05:
    /// another method. 4.00: a parameter is unknown, or cannot be understood. 4.15: `pct` is no format for this.
    /// 4.06: a pack cannot be had in what is accepted.
    pub fn from_coap(request: &Request) -> Result<Self, Rejection> {
        let mut path = request.options.uri_path();
        let segment = path.next();
        if path.any(|segment| !segment.is_empty()) {
            return Err(Rejection::not_found());
        }
        match (segment, request.method) {
            (Some(BOOTSTRAP), Code::POST) => bootstrap(request),
            (Some(PACK), Code::GET) => pack(request),
            (Some(BOOTSTRAP | PACK), _) => Err(Rejection::method_not_allowed()),
            _ => Err(Rejection::not_found()),
        }
    }
}

fn bootstrap(request: &Request) -> Result<Uplink, Rejection> {
    let (mut name, mut preferred) = (None, None);
    for (parameter, value) in parameters(request)? {
        match parameter {
            "ep" => once(&mut name, endpoint(value)?, parameter)?,
            "pct" => once(&mut preferred, format(value)?, parameter)?,
            _ => return Err(unknown(parameter)),
        }
    }
    Ok(Uplink::Request { endpoint: name, preferred })
}

fn pack(request: &Request) -> Result<Uplink, Rejection> {
    let (mut name, mut accounts) = (None, Vec::new());
    for (parameter, value) in parameters(request)? {
        match parameter {
            "ep" => once(&mut name, endpoint(value)?, parameter)?,
            "acc" => accounts = instances(value)?,
            _ => return Err(unknown(parameter)),
        }
    }
    let accept = request.options.accept();
    if let Some(format) = accept.filter(|format| !PACKS.contains(format)) {
        let why = format!("a pack is not to be had in content format {format}");
        return Err(Rejection::new(Code::NOT_ACCEPTABLE, why));
    }
    Ok(Uplink::Pack { endpoint: name, accounts, accept })
}

fn parameters(request: &Request) -> Result<Vec<(&str, &str)>, Rejection> {
    let all = request.options.uri_query().filter(|parameter| !parameter.is_empty());
    all.map(|parameter| parameter.split_once('=').ok_or_else(|| unknown(parameter))).collect()
}

fn unknown(parameter: &str) -> Rejection {
    Rejection::bad_request(format!("parameter {parameter} is not known here"))
}

fn format(value: &str) -> Result<ContentFormat, Rejection> {
    let number = value.parse().map(|number| ContentFormat(number).current());
    let number = number.map_err(|_| Rejection::bad_request("pct is not the number of a content format"))?;
    if PREFERRED.contains(&number) {
        return Ok(number);
    }
    let why = format!("content format {number} is not one to bootstrap in");
    Err(Rejection::new(Code::UNSUPPORTED_CONTENT_FORMAT, why))
}

fn instances(value: &str) -> Result<Vec<Path>, Rejection> {
    let links = Links::parse(value);
    let links = links.map_err(|error| Rejection::bad_request(format!("acc, {error}")))?;
    Ok(links.objects.into_iter().map(|link| link.path).collect())
}

impl UplinkAnswer {
    /// The response. `accept`: what the pack is wanted in; without it SenML in CBOR.
    ///
    /// # Errors
    /// The format cannot carry the pack.
    pub fn to_coap(&self, cx: &Context<'_>, accept: Option<ContentFormat>) -> Result<Response, EncodeError> {
        match self {
            Self::Accepted => Ok(Response::new(Code::CHANGED)),
            Self::Refused(rejection) => Ok(rejection.into()),
            Self::Pack(values) => {
                let format = accept.unwrap_or(ContentFormat::SENML_CBOR);
                let mut payload = Vec::new();
                codec::encode_many(format, cx, values, &mut payload)?;
                let mut response = Response::new(Code::CONTENT);
                response.options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format.0));
                Ok(response.with_payload(payload))
            }
        }
    }

    /// Reads a response.
    ///
    /// # Errors
    /// The code is no answer to the request, or the pack cannot be read.
    pub fn from_coap(response: &Response, to: &Uplink, cx: &Context<'_>) -> Result<Self, DecodeError> {
        if let Some(rejection) = Rejection::from_response(response) {
            return Ok(Self::Refused(rejection));
        }
        match (to, response.code) {
            (Uplink::Request { .. }, code) if code.is_success() => Ok(Self::Accepted),
            (Uplink::Pack { .. }, Code::CONTENT) => {
                let format = response.options.content_format().unwrap_or(ContentFormat::SENML_CBOR);
                Ok(Self::Pack(read_pack(format, cx, response)?))
            }
            (_, code) => Err(DecodeError::Answer(code)),
        }
    }
}

fn read_pack(
    format: ContentFormat,
    cx: &Context<'_>,
    response: &Response,
) -> Result<Vec<Timed>, DecodeError> {
    if !PACKS.contains(&format) {
        return Err(DecodeError::Unsupported(format, Path::ROOT));
    }
    codec::decode_many(format, cx, response.payload.bytes())
}

impl Uplink {
    /// The endpoint name, if it says one.
    #[must_use]
    pub const fn endpoint(&self) -> Option<&EndpointName> {
        match self {
            Self::Request { endpoint, .. } | Self::Pack { endpoint, .. } => endpoint.as_ref(),
        }
    }
}
