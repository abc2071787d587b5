//! Composite operations and Send on the wire. [Transport 1.2 §6.4.4, §6.4.5]

use lwm2m_core::{
    Attributes, Code, NoModel, Node, Path, Tree, UnixTime, Value, Version,
    coap::{Observe, OptionNumber, Options, Request},
    codec::{ContentFormat, Context, Patch, Stamp, Timed},
    ops::{Downlink, DownlinkAnswer, Target, Uplink, Verb},
};

fn context(version: Version) -> Context<'static> {
    Context { model: &NoModel, version, tree: &Tree::DEFAULT }
}

fn path(text: &str) -> Path {
    text.parse().expect("a path")
}

fn number(number: i64) -> Node {
    Node::Value(Value::Integer(number))
}

fn code(request: &Request, observe: Option<Observe>, version: Version) -> Option<Code> {
    Downlink::from_coap(request, observe, &context(version)).err().map(|rejection| rejection.code)
}

fn with_format(method: Code, segments: &[&str], format: u64, payload: &[u8]) -> Request {
    let options = Options::new().with_path(segments.iter().copied());
    let options = options.with_uint(OptionNumber::CONTENT_FORMAT, format);
    Request::new(method).with_options(options).with_payload(payload.to_vec())
}

#[test]
fn a_read_composite_names_its_places_in_the_body() {
    let cx = context(Version::V1_1);
    let paths = vec![path("/3/0/0"), path("/1")];
    let read = Downlink::ReadComposite { tree: Tree::DEFAULT, paths };
    let request = read.to_coap(&cx, Some(ContentFormat::SENML_JSON)).unwrap();
    assert_eq!((request.method, request.options.uri_path().count()), (Code::FETCH, 0));
    assert_eq!(request.options.content_format(), Some(ContentFormat::SENML_JSON));
    assert_eq!(request.options.accept(), Some(ContentFormat::SENML_JSON));
    assert_eq!(&request.payload.bytes()[..], br#"[{"n":"/3/0/0"},{"n":"/1"}]"#);
    assert_eq!(Downlink::from_coap(&request, None, &cx), Ok(read));
}

#[test]
fn an_observe_composite_and_its_cancel_have_the_same_body() {
    let cx = context(Version::V1_2);
    let (tree, paths) = (Tree::DEFAULT, vec![path("/3303/0/5700")]);
    let attributes = Attributes::default().pmin(5).con(true);
    let observe = Downlink::ObserveComposite { tree: tree.clone(), paths: paths.clone(), attributes };
    let cancel = Downlink::CancelObserveComposite { tree, paths, attributes };
    let [one, two] = [&observe, &cancel].map(|op| op.to_coap(&cx, None).unwrap());
    assert_eq!((one.options.observe(), two.options.observe()), (Some(0), Some(1)));
    assert_eq!(one.payload, two.payload);
    assert_eq!(one.options.uri_query().collect::<Vec<_>>(), ["pmin=5", "con=1"]);
    assert_eq!(Downlink::from_coap(&one, Some(Observe::Register), &cx), Ok(observe.clone()));
    assert_eq!(Downlink::from_coap(&two, Some(Observe::Deregister), &cx), Ok(cancel));
    assert!(observe.to_coap(&context(Version::V1_1), None).is_err(), "attributes are of 1.2");
}

#[test]
fn attributes_that_look_at_a_value_have_no_place_in_it() {
    for (query, expected) in
        [("pmax=9", None), ("gt=4", Some(Code::BAD_REQUEST)), ("hqmax=4", Some(Code::BAD_REQUEST))]
    {
        let mut request = with_format(Code::FETCH, &[], 110, br#"[{"n":"/3/0/9"}]"#);
        request.options.push(OptionNumber::URI_QUERY, query.as_bytes());
        assert_eq!(code(&request, Some(Observe::Register), Version::V1_2), expected, "{query}");
        assert_eq!(code(&request, Some(Observe::Register), Version::V1_1), Some(Code::BAD_REQUEST));
    }
}

#[test]
fn refusals_have_the_codes_of_the_specification() {
    let places = br#"[{"n":"/3/0/9"}]"#;
    let no_format = Request::new(Code::FETCH).with_payload(&places[..]);
    for (request, version, expected) in [
        (with_format(Code::FETCH, &[], 110, places), Version::V1_0, Code::METHOD_NOT_ALLOWED),
        (with_format(Code::IPATCH, &[], 110, places), Version::V1_0, Code::METHOD_NOT_ALLOWED),
        (with_format(Code::FETCH, &["3"], 110, places), Version::V1_1, Code::METHOD_NOT_ALLOWED),
        (with_format(Code::IPATCH, &["3", "0"], 110, places), Version::V1_1, Code::METHOD_NOT_ALLOWED),
        (no_format, Version::V1_1, Code::BAD_REQUEST),
        (with_format(Code::FETCH, &[], 11542, places), Version::V1_1, Code::UNSUPPORTED_CONTENT_FORMAT),
        (with_format(Code::IPATCH, &[], 11542, places), Version::V1_1, Code::UNSUPPORTED_CONTENT_FORMAT),
        (with_format(Code::FETCH, &[], 110, b"[{\"n\":"), Version::V1_1, Code::BAD_REQUEST),
        (with_format(Code::IPATCH, &[], 110, places), Version::V1_1, Code::BAD_REQUEST),
    ] {
        assert_eq!(code(&request, None, version), Some(expected), "{request:?}");
    }
}

#[test]
fn a_write_composite_that_removes_is_in_senml_etch() {
    let cx = context(Version::V1_2);
    let patch = vec![Patch::Set(path("/1/0/1"), number(60)), Patch::Remove(path("/16/0/0/1"))];
    let write = Downlink::WriteComposite { tree: Tree::DEFAULT, patch };
    assert_eq!(write.usual_format(&cx, &[]), Some(ContentFormat::SENML_ETCH_CBOR));
    let request = write.to_coap(&cx, None).unwrap();
    assert_eq!(request.method, Code::IPATCH);
    assert_eq!(Downlink::from_coap(&request, None, &cx), Ok(write.clone()));
    assert!(write.to_coap(&cx, Some(ContentFormat::LWM2M_CBOR)).is_err());
}

#[test]
fn an_answer_without_values_is_an_empty_pack() {
    let to = Target { verb: Verb::ReadComposite, tree: Tree::DEFAULT, path: Path::ROOT };
    for (format, octets) in [
        (ContentFormat::SENML_JSON, &b"[]"[..]),
        (ContentFormat::SENML_CBOR, &[0x80]),
        (ContentFormat::LWM2M_CBOR, &[]),
    ] {
        let cx = context(Version::V1_2);
        let answer = DownlinkAnswer::Values(Vec::new());
        let response = answer.to_coap(&to, &cx, Some(format)).unwrap();
        assert_eq!((response.code, &response.payload.bytes()[..]), (Code::CONTENT, octets));
        assert_eq!(DownlinkAnswer::from_coap(&response, &to, &cx), Ok(answer));
    }
}

#[test]
fn a_send_says_what_and_when() {
    let cx = context(Version::V1_1);
    let value =
        |at, path_text: &str, value| Timed { at, tree: Tree::DEFAULT, path: path(path_text), node: value };
    let values = vec![
        value(Some(Stamp::At(UnixTime(1_700_000_000_000_000))), "/3303/0/5700", number(20)),
        value(Some(Stamp::At(UnixTime(1_700_000_060_000_000))), "/3303/0/5700", number(21)),
    ];
    for format in [ContentFormat::SENML_JSON, ContentFormat::SENML_CBOR] {
        let send = Uplink::Send { values: values.clone(), format };
        let request = send.to_coap(&cx).unwrap();
        assert_eq!(request.options.uri_path().collect::<Vec<_>>(), ["dp"]);
        assert!(Uplink::is_addressed(&request));
        assert_eq!(Uplink::from_coap(&request, &cx), Ok(send));
    }
    let send = Uplink::Send { values, format: ContentFormat::LWM2M_CBOR };
    assert!(send.to_coap(&context(Version::V1_2)).is_err(), "the format has no times");
    let refused = |request: Request| Uplink::from_coap(&request, &cx).unwrap_err().code;
    assert_eq!(refused(with_format(Code::GET, &["dp"], 110, b"[]")), Code::METHOD_NOT_ALLOWED);
    assert_eq!(refused(with_format(Code::POST, &["dp"], 110, b"[]")), Code::BAD_REQUEST);
    assert_eq!(refused(with_format(Code::POST, &["dp"], 0, b"1")), Code::UNSUPPORTED_CONTENT_FORMAT);
    assert_eq!(refused(with_format(Code::POST, &["dp", "x"], 110, b"[]")), Code::NOT_FOUND);
}
