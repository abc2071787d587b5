//! What a request asks, before its payload is looked at. [Core 1.2 §6.3, §6.4] [Transport 1.2 §6.4]

use lwm2m_core::{
    Code, Path, Rejection, Tree,
    coap::{Observe, Options, Request},
    codec::ContentFormat,
};

/// What a request asks, as far as method, path and options tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) verb: Verb,
    pub(crate) path: Path,
    /// Format of the payload.
    pub(crate) format: Option<ContentFormat>,
    /// Format that the answer is wanted in.
    pub(crate) accept: Option<ContentFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Read,
    Discover(Option<u8>),
    Observe,
    Cancel,
    Replace,
    /// POST to an instance.
    Partial,
    /// POST to a resource: Execute, or Partial where the resource takes that.
    ExecuteOrPartial,
    Create,
    Delete,
    WriteAttributes,
    /// A method or a level that has no operation.
    Unsupported,
}

impl Head {
    /// The first step of the decision order: the path.
    pub(crate) fn parse(request: &Request, observe: Option<Observe>, tree: &Tree) -> Result<Self, Rejection> {
        let options = &request.options;
        let path = path(options, tree)?;
        let format = options.content_format().map(ContentFormat::current);
        let accept = options.accept().map(ContentFormat::current);
        let verb = match request.method {
            Code::GET => get(options, observe, accept),
            Code::PUT => put(options, format),
            Code::POST => post(path),
            Code::DELETE => Ok(Verb::Delete),
            _ => Ok(Verb::Unsupported),
        };
        Ok(Self { verb: verb?, path, format, accept })
    }
}

fn get(
    options: &Options,
    observe: Option<Observe>,
    accept: Option<ContentFormat>,
) -> Result<Verb, Rejection> {
    match observe {
        // Attributes in an Observe change what is told; ignoring them would mislead. [Core 1.2 §6.4.1]
        Some(Observe::Register) => options.uri_query().next().map_or(Ok(Verb::Observe), |parameter| {
            Err(Rejection::bad_request(format!("attribute {parameter:?} of an Observe is not supported")))
        }),
        Some(Observe::Deregister) => Ok(Verb::Cancel),
        None if accept == Some(ContentFormat::LINK) => Ok(Verb::Discover(depth(options)?)),
        None => Ok(Verb::Read),
    }
}

fn depth(options: &Options) -> Result<Option<u8>, Rejection> {
    let Some(parameter) = options.uri_query().next() else { return Ok(None) };
    match parameter.strip_prefix("depth=").map(str::as_bytes) {
        Some([digit @ b'0'..=b'3']) => Ok(Some(digit - b'0')),
        _ => Err(Rejection::bad_request(format!("{parameter:?} is not depth=0 to depth=3"))),
    }
}

/// Told apart by options, never by the presence of a payload: the reset of a firmware image writes an empty one.
fn put(options: &Options, format: Option<ContentFormat>) -> Result<Verb, Rejection> {
    match (format.is_some(), options.uri_query().next().is_some()) {
        (true, false) => Ok(Verb::Replace),
        (false, true) => Ok(Verb::WriteAttributes),
        (true, true) => Err(Rejection::bad_request("both a value and attributes")),
        (false, false) => Err(Rejection::bad_request("neither a Content-Format nor attributes")),
    }
}

fn post(path: Path) -> Result<Verb, Rejection> {
    Ok(match path.depth() {
        1 => Verb::Create,
        2 => Verb::Partial,
        3 => Verb::ExecuteOrPartial,
        _ => Verb::Unsupported,
    })
}

fn path(options: &Options, tree: &Tree) -> Result<Path, Rejection> {
    let mut segments = options.uri_path();
    for expected in tree.segments() {
        if segments.next() != Some(expected) {
            return Err(Rejection::not_found());
        }
    }
    let mut ids = segments.collect::<smallvec::SmallVec<[&str; 6]>>();
    if ids.last() == Some(&"") {
        ids.pop(); // a trailing slash
    }
    if ids.len() > 4 {
        return Err(Rejection::method_not_allowed());
    }
    Path::from_segments(ids).map_err(|error| Rejection::new(Code::NOT_FOUND, error.to_string()))
}

#[cfg(test)]
mod tests {
    use lwm2m_core::coap::OptionNumber;

    use super::*;

    fn parse(method: Code, uri: &str, format: Option<u64>, observe: Option<Observe>) -> Result<Head, Code> {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let mut options = Options::new().with_path(path.split('/').skip(1).filter(|s| !s.is_empty()));
        if let Some(format) = format {
            options = options.with_uint(OptionNumber::CONTENT_FORMAT, format);
        }
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            options = options.with_query(parameter);
        }
        let request = Request::new(method).with_options(options);
        Head::parse(&request, observe, &Tree::DEFAULT).map_err(|rejection| rejection.code)
    }

    #[test]
    fn method_path_and_options_say_what_is_asked() {
        let verb = |method, uri, format, observe| parse(method, uri, format, observe).map(|head| head.verb);
        for (method, uri, format, observe, expected) in [
            (Code::GET, "/3/0", None, None, Ok(Verb::Read)),
            (Code::GET, "/3/0/9", None, Some(Observe::Register), Ok(Verb::Observe)),
            (Code::GET, "/3/0/9", None, Some(Observe::Deregister), Ok(Verb::Cancel)),
            (Code::GET, "/3/0/9?pmin=10", None, Some(Observe::Register), Err(Code::BAD_REQUEST)),
            (Code::PUT, "/3/0/14", Some(0), None, Ok(Verb::Replace)),
            (Code::PUT, "/3/0/9?pmin=10", None, None, Ok(Verb::WriteAttributes)),
            (Code::PUT, "/3/0/9?pmin=10", Some(0), None, Err(Code::BAD_REQUEST)),
            (Code::PUT, "/3/0/9", None, None, Err(Code::BAD_REQUEST)),
            (Code::POST, "/3303", Some(11542), None, Ok(Verb::Create)),
            (Code::POST, "/3/0", Some(11542), None, Ok(Verb::Partial)),
            (Code::POST, "/3/0/4", None, None, Ok(Verb::ExecuteOrPartial)),
            (Code::POST, "/3/0/6/0", None, None, Ok(Verb::Unsupported)),
            (Code::DELETE, "/3303/0", None, None, Ok(Verb::Delete)),
            (Code::FETCH, "/", Some(112), None, Ok(Verb::Unsupported)),
            (Code::GET, "/rd", None, None, Err(Code::NOT_FOUND)),
            (Code::GET, "/3/00", None, None, Err(Code::NOT_FOUND)),
            (Code::GET, "/1/2/3/4/5", None, None, Err(Code::METHOD_NOT_ALLOWED)),
        ] {
            assert_eq!(verb(method, uri, format, observe), expected, "{method} {uri}");
        }
    }

    #[test]
    fn discover_is_a_get_for_links() {
        let discover = |uri: &str| {
            let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
            let mut options =
                Options::new().with_path(path.split('/').skip(1)).with_uint(OptionNumber::ACCEPT, 40);
            if !query.is_empty() {
                options = options.with_query(query);
            }
            let request = Request::new(Code::GET).with_options(options);
            Head::parse(&request, None, &Tree::DEFAULT).map(|head| head.verb).map_err(|r| r.code)
        };
        assert_eq!(discover("/3"), Ok(Verb::Discover(None)));
        assert_eq!(discover("/3?depth=3"), Ok(Verb::Discover(Some(3))));
        assert_eq!(discover("/3?depth=4"), Err(Code::BAD_REQUEST));
        assert_eq!(discover("/3?x"), Err(Code::BAD_REQUEST));
    }

    #[test]
    fn an_alternate_path_stands_before_every_path() {
        let tree = Tree::below("/lwm2m/a").unwrap();
        let parse = |segments: &[&str]| {
            let options = Options::new().with_path(segments.iter().copied());
            let request = Request::new(Code::GET).with_options(options);
            Head::parse(&request, None, &tree).map(|head| head.path.to_string()).map_err(|r| r.code)
        };
        assert_eq!(parse(&["lwm2m", "a", "3", "0"]), Ok("/3/0".to_owned()));
        assert_eq!(parse(&["lwm2m", "a", "3", "0", ""]), Ok("/3/0".to_owned()));
        assert_eq!(parse(&["3", "0"]), Err(Code::NOT_FOUND));
        assert_eq!(parse(&["lwm2m", "3"]), Err(Code::NOT_FOUND));
    }
}
