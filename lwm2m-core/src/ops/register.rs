//! The registration interface. [Core 1.2 §6.2] [Transport 1.2 §6.4.3]

use std::{str, time::Duration};

use super::{Location, Register, Update, Uplink, UplinkAnswer, UplinkVerb, send};
use crate::{
    Binding, Code, EndpointName, Links, Rejection, Version,
    coap::{OptionNumber, Options, Request, Response},
    codec::{ContentFormat, Context, DecodeError, EncodeError},
};

/// Where registrations live.
const REGISTRATIONS: &str = "rd";

/// Longest lifetime, some 136 years: a longer one overflows deadlines. Zero stands for one without end.
pub const MAX_LIFETIME: Duration = Duration::from_secs(u32::MAX as u64);

/// Longest value of a Uri-Query option. [RFC 7252 §5.10]
pub(super) const MAX_PARAMETER: usize = 255;

impl Uplink {
    /// Which one it is.
    #[must_use]
    pub const fn verb(&self) -> UplinkVerb {
        match self {
            Self::Register(_) => UplinkVerb::Register,
            Self::Update { .. } => UplinkVerb::Update,
            Self::Deregister { .. } => UplinkVerb::Deregister,
            Self::Send { .. } => UplinkVerb::Send,
        }
    }

    /// Is the request addressed to where these operations live? Any other is for the program's own resources.
    #[must_use]
    pub fn is_addressed(request: &Request) -> bool {
        request.options.uri_path().next() == Some(REGISTRATIONS) || send::is_addressed(request)
    }

    /// The request.
    ///
    /// # Errors
    /// A parameter is longer than an option can hold.
    pub fn to_coap(&self, cx: &Context<'_>) -> Result<Request, EncodeError> {
        match self {
            Self::Register(register) => register.to_coap(),
            Self::Update { location, change } => change.to_coap(location, cx.version),
            Self::Deregister { location } => Ok(at(Code::DELETE, location)),
            Self::Send { values, format } => send::to_coap(values, *format, cx),
        }
    }

    /// Reads a request. `cx` is that of the registration, where it is known: its version says what the absence of a Q
    /// in the `b` of an Update means, its definitions what the values of a Send are.
    ///
    /// # Errors
    /// What the request is to be answered with. 4.04: it is not addressed to where these operations live. 4.05: no
    /// operation has this method. 4.12: the version is not known. 4.15: the payload is no list of links by its
    /// Content-Format. 4.00: a parameter or the list cannot be understood.
    pub fn from_coap(request: &Request, cx: &Context<'_>) -> Result<Self, Rejection> {
        if !Self::is_addressed(request) {
            return Err(Rejection::not_found());
        }
        if send::is_addressed(request) {
            return send::from_coap(request, cx);
        }
        let at_location = request.options.uri_path().nth(1).is_some_and(|segment| !segment.is_empty());
        let location = Location::from_segments(request.options.uri_path()).filter(|_| at_location);
        match (request.method, location) {
            (Code::POST, None) => Register::from_coap(request).map(Self::Register),
            (Code::POST, Some(location)) => {
                Ok(Self::Update { location, change: Update::from_coap(request, cx.version)? })
            }
            (Code::DELETE, Some(location)) => Ok(Self::Deregister { location }),
            _ => Err(Rejection::method_not_allowed()),
        }
    }
}

impl UplinkAnswer {
    /// The response.
    #[must_use]
    pub fn to_coap(&self, to: UplinkVerb) -> Response {
        match self {
            Self::Done if to == UplinkVerb::Deregister => Response::new(Code::DELETED),
            Self::Done => Response::new(Code::CHANGED),
            Self::Registered { location } => {
                let mut response = Response::new(Code::CREATED);
                for segment in location.segments() {
                    response.options.push(OptionNumber::LOCATION_PATH, segment.as_bytes());
                }
                response
            }
            Self::Refused(rejection) => rejection.into(),
        }
    }

    /// Reads a response.
    ///
    /// # Errors
    /// The code is no answer, or a Register was answered without a location.
    pub fn from_coap(response: &Response, to: UplinkVerb) -> Result<Self, DecodeError> {
        if let Some(rejection) = Rejection::from_response(response) {
            return Ok(Self::Refused(rejection));
        }
        if !response.code.is_success() {
            return Err(DecodeError::Answer(response.code));
        }
        if to != UplinkVerb::Register {
            return Ok(Self::Done);
        }
        Location::from_segments(response.options.location_path())
            .map(|location| Self::Registered { location })
            .ok_or(DecodeError::Malformed { what: "a registration without Location-Path".into(), offset: 0 })
    }
}

impl Register {
    fn to_coap(&self) -> Result<Request, EncodeError> {
        let links = Links {
            tree: self.tree.clone(),
            formats: self.formats.clone(),
            version: None,
            objects: self.objects.clone(),
        };
        let mut request = Request::new(Code::POST);
        request.options.push(OptionNumber::URI_PATH, REGISTRATIONS.as_bytes());
        let payload = links.to_string();
        let mut parameters = Query::after_links(&mut request.options, !payload.is_empty());
        if let Some(endpoint) = &self.endpoint {
            parameters.push("ep", endpoint)?;
        }
        parameters.lifetime(self.lifetime)?;
        parameters.push("lwm2m", self.version.as_str())?;
        parameters.bindings(&self.bindings, self.queue_mode, self.version)?;
        parameters.optional("sms", self.sms.as_deref())?;
        parameters.optional("pid", self.profile.as_deref())?;
        parameters.extra(&self.extra)?;
        Ok(request.with_payload(payload))
    }

    fn from_coap(request: &Request) -> Result<Self, Rejection> {
        let seen = Parameters::read(request.options.uri_query(), true)?;
        let version = seen.version.ok_or(Rejection::bad_request("lwm2m is missing"))?;
        let links = links(request)?.unwrap_or_default();
        Ok(Self {
            endpoint: seen.endpoint,
            lifetime: seen.lifetime,
            version,
            bindings: seen.bindings.unwrap_or_else(|| vec![Binding::Udp]),
            queue_mode: seen.queue_mode.unwrap_or(false),
            sms: seen.sms,
            profile: seen.profile,
            extra: seen.extra,
            tree: links.tree,
            formats: links.formats,
            objects: links.objects,
        })
    }
}

impl Update {
    fn to_coap(&self, location: &Location, version: Version) -> Result<Request, EncodeError> {
        let mut request = at(Code::POST, location);
        let payload = match self.links.as_ref().map(ToString::to_string) {
            // Without a payload the list would stay as it was.
            Some(text) if text.is_empty() => "</>".to_owned(),
            Some(text) => text,
            None => String::new(),
        };
        let mut parameters = Query::after_links(&mut request.options, !payload.is_empty());
        parameters.lifetime(self.lifetime)?;
        match (&self.bindings, self.queue_mode) {
            (Some(bindings), mode) => parameters.bindings(bindings, mode == Some(true), version)?,
            (None, Some(true)) => parameters.flag("Q"),
            (None, _) => {}
        }
        // Where a mode string does not say it, silence would leave the mode as it was.
        if self.queue_mode == Some(false) && !(version == Version::V1_0 && self.bindings.is_some()) {
            parameters.flag("Q=0");
        }
        parameters.optional("sms", self.sms.as_deref())?;
        parameters.extra(&self.extra)?;
        Ok(request.with_payload(payload))
    }

    fn from_coap(request: &Request, version: Version) -> Result<Self, Rejection> {
        let seen = Parameters::read(request.options.uri_query(), false)?;
        // The mode string of 1.0 says both; later the flag alone speaks.
        let silent = (version == Version::V1_0 && seen.bindings.is_some()).then_some(false);
        Ok(Self {
            lifetime: seen.lifetime,
            queue_mode: seen.queue_mode.or(silent),
            bindings: seen.bindings,
            sms: seen.sms,
            extra: seen.extra,
            links: links(request)?,
        })
    }
}

/// A request to a registration.
fn at(method: Code, location: &Location) -> Request {
    let mut request = Request::new(method);
    for segment in location.segments() {
        request.options.push(OptionNumber::URI_PATH, segment.as_bytes());
    }
    request
}

/// Writes Uri-Query options.
struct Query<'a>(&'a mut Options);

impl<'a> Query<'a> {
    fn after_links(options: &'a mut Options, has_links: bool) -> Self {
        if has_links {
            options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(ContentFormat::LINK.0));
        }
        Self(options)
    }

    fn flag(&mut self, name: &str) {
        self.0.push(OptionNumber::URI_QUERY, name.as_bytes());
    }

    fn push(&mut self, name: &'static str, value: &str) -> Result<(), EncodeError> {
        let parameter = format!("{name}={value}");
        if parameter.len() > MAX_PARAMETER {
            return Err(EncodeError::Parameter(name));
        }
        self.flag(&parameter);
        Ok(())
    }

    fn optional(&mut self, name: &'static str, value: Option<&str>) -> Result<(), EncodeError> {
        value.map_or(Ok(()), |value| self.push(name, value))
    }

    fn lifetime(&mut self, lifetime: Option<Duration>) -> Result<(), EncodeError> {
        let seconds = lifetime.map(|lifetime| lifetime.as_secs().to_string());
        self.optional("lt", seconds.as_deref())
    }

    /// `b=UQS` for 1.0, where the Q follows the first letter; later `b=US` and `Q`. [Core 1.0 §5.3.1.1]
    fn bindings(&mut self, bindings: &[Binding], queue: bool, version: Version) -> Result<(), EncodeError> {
        let mut letters: String = bindings.iter().map(|binding| binding.letter()).collect();
        let in_letters = queue && version == Version::V1_0;
        if in_letters {
            letters.insert(letters.len().min(1), 'Q');
        }
        self.push("b", &letters)?;
        if queue && !in_letters {
            self.flag("Q");
        }
        Ok(())
    }

    fn extra(&mut self, extra: &[(String, Option<String>)]) -> Result<(), EncodeError> {
        for (name, value) in extra {
            let parameter = value.as_ref().map_or(name.clone(), |value| format!("{name}={value}"));
            if parameter.len() > MAX_PARAMETER {
                return Err(EncodeError::Parameter("an extra parameter"));
            }
            self.flag(&parameter);
        }
        Ok(())
    }
}

/// The list of a Register or Update; `None` without a payload. One whose Content-Format is left out is understood.
fn links(request: &Request) -> Result<Option<Links>, Rejection> {
    if let Some(format) = request.options.content_format().filter(|format| *format != ContentFormat::LINK) {
        let why = format!("the list of objects is in content format {}, not {format}", ContentFormat::LINK);
        return Err(Rejection::new(Code::UNSUPPORTED_CONTENT_FORMAT, why));
    }
    let bytes = request.payload.bytes();
    if bytes.is_empty() {
        return Ok(None);
    }
    let wrong =
        |offset: usize, why: &str| Rejection::bad_request(format!("list of objects, byte {offset}: {why}"));
    let text = str::from_utf8(bytes).map_err(|error| wrong(error.valid_up_to(), "not UTF-8"))?;
    Links::parse(text).map(Some).map_err(|error| wrong(error.position, error.why))
}

/// The parameters of a Register or Update, as they came.
#[derive(Default)]
struct Parameters {
    endpoint: Option<EndpointName>,
    lifetime: Option<Duration>,
    version: Option<Version>,
    bindings: Option<Vec<Binding>>,
    queue_mode: Option<bool>,
    sms: Option<String>,
    profile: Option<String>,
    extra: Vec<(String, Option<String>)>,
}

impl Parameters {
    /// `registering`: `ep`, `lwm2m` and `pid` are parameters of a Register alone.
    fn read<'a>(query: impl Iterator<Item = &'a str>, registering: bool) -> Result<Self, Rejection> {
        let mut seen = Self::default();
        let mut in_mode_string = false;
        for parameter in query.filter(|parameter| !parameter.is_empty()) {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (parameter, None),
            };
            match (name, value) {
                ("ep", Some(value)) if registering => once(&mut seen.endpoint, endpoint(value)?, name)?,
                ("lt", Some(value)) => once(&mut seen.lifetime, lifetime(unquoted(value))?, name)?,
                ("lwm2m", Some(value)) if registering => {
                    once(&mut seen.version, version(unquoted(value))?, name)?;
                }
                ("b", Some(value)) => {
                    let (bindings, queue_mode) = mode(unquoted(value))?;
                    in_mode_string |= queue_mode;
                    once(&mut seen.bindings, bindings, name)?;
                }
                ("Q", value) => once(&mut seen.queue_mode, queue_flag(value)?, name)?,
                ("sms", Some(value)) => once(&mut seen.sms, number(unquoted(value)), name)?,
                ("pid", Some(value)) if registering => seen.add_profile(unquoted(value)),
                _ => seen.extra.push((name.to_owned(), value.map(str::to_owned))),
            }
        }
        if in_mode_string {
            seen.queue_mode = Some(true);
        }
        Ok(seen)
    }

    /// Several profiles may come in one parameter or in several.
    fn add_profile(&mut self, profile: &str) {
        match &mut self.profile {
            Some(before) => {
                before.push(',');
                before.push_str(profile);
            }
            None => self.profile = Some(profile.to_owned()),
        }
    }
}

/// Refuses a second, other value: nobody can tell which one is meant.
pub(super) fn once<T: PartialEq>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), Rejection> {
    match slot {
        Some(before) if *before != value => {
            Err(Rejection::bad_request(format!("{name} is given twice with different values")))
        }
        _ => {
            *slot = Some(value);
            Ok(())
        }
    }
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

pub(super) fn endpoint(value: &str) -> Result<EndpointName, Rejection> {
    let name = EndpointName::from(value);
    match name.check() {
        Ok(()) => Ok(name),
        Err(invalid) => Err(Rejection::bad_request(format!("ep {invalid}"))),
    }
}

fn lifetime(value: &str) -> Result<Duration, Rejection> {
    if value.is_empty() || !value.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(Rejection::bad_request(format!("lt={value} is not a number of seconds")));
    }
    let seconds = value.parse().map(Duration::from_secs).ok().filter(|lifetime| *lifetime <= MAX_LIFETIME);
    seconds.ok_or_else(|| {
        Rejection::bad_request(format!("lt={value} is longer than {} seconds", MAX_LIFETIME.as_secs()))
    })
}

fn version(value: &str) -> Result<Version, Rejection> {
    value.parse().map_err(|_| {
        let known = Version::ALL.map(Version::as_str).join(", ");
        Rejection::new(Code::PRECONDITION_FAILED, format!("lwm2m={value} is not supported, {known} are"))
    })
}

/// The bindings in a `b`, and whether a Q is among them. MQTT and HTTP are known and passed over.
fn mode(value: &str) -> Result<(Vec<Binding>, bool), Rejection> {
    let mut bindings = Vec::new();
    let mut queue_mode = false;
    for letter in value.chars() {
        match (letter, Binding::from_letter(letter)) {
            (_, Some(binding)) if bindings.contains(&binding) => {}
            (_, Some(binding)) => bindings.push(binding),
            ('Q', _) => queue_mode = true,
            ('M' | 'H', _) => {}
            _ => return Err(Rejection::bad_request(format!("b={value}: {letter} is no binding"))),
        }
    }
    match (bindings.is_empty(), value.contains(['M', 'H'])) {
        (true, true) => Err(Rejection::bad_request(format!("b={value} has no binding that is supported"))),
        (true, false) => Ok((vec![Binding::Udp], queue_mode)),
        (false, _) => Ok((bindings, queue_mode)),
    }
}

fn queue_flag(value: Option<&str>) -> Result<bool, Rejection> {
    match value.map(unquoted) {
        None | Some("" | "1" | "true") => Ok(true),
        Some("0" | "false") => Ok(false),
        Some(value) => Err(Rejection::bad_request(format!("Q={value} is no flag"))),
    }
}

/// An MSISDN without its plus sign. [Core 1.2 §6.2.1]
fn number(value: &str) -> String {
    value.strip_prefix('+').unwrap_or(value).to_owned()
}
