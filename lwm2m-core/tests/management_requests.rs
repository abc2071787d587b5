//! Requests of a server as operations: what tells them apart, what is refused with which code, and that every
//! operation and answer comes back as it was sent.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Attribute, AttributeEdit, Attributes, Bytes, Code, InstanceId, Kind, Node, ObjectDef, ObjectId,
    ObjectLink, Ops, Path, Rejection, ResourceDef, ResourceId, Tree, Value, Version,
    coap::{Observe, OptionNumber, Options, Payload, Request, Response},
    codec::{ContentFormat, Context, DecodeError, EncodeError, Stamp, Timed},
    ops::{Body, Downlink, DownlinkAnswer, Target, Verb, WriteMode},
};

static OBJECT: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "Package", Kind::Opaque, Ops::W),
            ResourceDef::new(1, "Name", Kind::String, Ops::RW),
            ResourceDef::new(2, "Sources", Kind::Integer, Ops::RW).multiple(),
            ResourceDef::new(3, "Reset", Kind::Executable, Ops::E),
        ]
    };
    ObjectDef::new(9, "Object", RESOURCES).multiple()
};

const TEXT: Option<u16> = Some(0);
const TLV: Option<u16> = Some(11542);

fn cx(tree: &Tree) -> Context<'_> {
    static MODEL: std::sync::LazyLock<Vec<&'static ObjectDef>> = std::sync::LazyLock::new(|| vec![&OBJECT]);
    Context { model: &*MODEL, version: Version::V1_1, tree }
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

/// `PUT /9/0/1?a=b`, with a Content-Format and a payload.
fn request(line: &str, format: Option<u16>, payload: &'static [u8]) -> Request {
    let (method, uri) = line.split_once(' ').unwrap();
    let (segments, query) = uri.split_once('?').unwrap_or((uri, ""));
    let mut options = Options::new().with_path(segments.split('/').skip(1));
    format.into_iter().for_each(|format| options.push_uint(OptionNumber::CONTENT_FORMAT, u64::from(format)));
    query
        .split('&')
        .filter(|p| !p.is_empty())
        .for_each(|p| options.push(OptionNumber::URI_QUERY, p.as_bytes()));
    let codes = [Code::GET, Code::POST, Code::PUT, Code::DELETE, Code::FETCH, Code::IPATCH, Code(0x1f)];
    let method = codes.into_iter().find(|code| code.to_string() == method).unwrap();
    Request::new(method).with_options(options).with_payload(payload)
}

fn read(request: &Request) -> Result<Downlink, Rejection> {
    Downlink::from_coap(request, None, &cx(&Tree::DEFAULT))
}

fn verb(line: &str, format: Option<u16>, payload: &'static [u8]) -> Result<Verb, Code> {
    read(&request(line, format, payload)).map(|downlink| downlink.target().verb).map_err(|error| error.code)
}

#[test]
fn methods_options_and_depth_tell_operations_apart() {
    const REPLACE: Verb = Verb::Write(WriteMode::Replace);
    const PARTIAL: Verb = Verb::Write(WriteMode::Partial);
    const REFUSED: Result<Verb, Code> = Err(Code::METHOD_NOT_ALLOWED);
    const WRONG: Result<Verb, Code> = Err(Code::BAD_REQUEST);
    const FORMAT: Result<Verb, Code> = Err(Code::UNSUPPORTED_CONTENT_FORMAT);
    for (line, format, payload, wanted) in [
        ("GET /9", None, &b""[..], Ok(Verb::Read)),
        ("GET /9/0/2/1", None, b"", Ok(Verb::Read)),
        ("GET /", None, b"", REFUSED),
        ("GET /9/0?a=b", None, b"", WRONG),
        ("PUT /9/0/1", TEXT, b"x", Ok(REPLACE)),
        ("PUT /9/0/1", TEXT, b"", Ok(REPLACE)), // an empty text
        ("PUT /9/0/2/1", TEXT, b"1", Ok(REPLACE)),
        ("PUT /9/0", TLV, &[0xc1, 1, b'x'], Ok(REPLACE)),
        ("PUT /9/0", TEXT, b"x", FORMAT),
        ("PUT /9/0/1", Some(50), b"x", FORMAT),
        ("PUT /9/0/2", TLV, &[0xff], WRONG),
        ("PUT /9", TLV, b"", REFUSED),
        ("PUT /9/0/1", None, b"x", WRONG),
        ("PUT /9/0/1?pmin=1", TEXT, b"x", WRONG),
        ("PUT /9/0/1?pmin=1", None, b"", Ok(Verb::WriteAttributes)),
        ("POST /9/0", TLV, &[0xc1, 1, b'x'], Ok(PARTIAL)),
        ("POST /9/0", TEXT, b"x", FORMAT),
        ("POST /9/0", None, b"x", WRONG),
        ("POST /9/0", None, b"", REFUSED), // an Execute of an instance
        ("POST /9/0/2", TLV, &[0x41, 0, 1], Ok(PARTIAL)),
        ("POST /9/0/3", None, b"", Ok(Verb::Execute)),
        ("POST /9/0/3", TEXT, b"0='U'", Ok(Verb::Execute)),
        ("POST /9/0/3", None, b"1", Ok(Verb::Execute)),
        ("POST /9/0/3", TEXT, b"10", WRONG),
        ("POST /9/0/3", Some(42), b"", FORMAT),
        ("POST /9/0/3/0", None, b"", REFUSED),
        ("POST /", None, b"", REFUSED),
        ("POST /9", TLV, &[0xc1, 1, b'x'], Ok(Verb::Create)),
        ("POST /9", None, b"", Ok(Verb::Create)),
        ("POST /9", None, b"x", WRONG),
        ("POST /9", TEXT, b"x", FORMAT),
        ("DELETE /9/0", None, b"", Ok(Verb::Delete)),
        ("DELETE /9/0/2/1", None, b"", Ok(Verb::Delete)),
        ("DELETE /9/0/2", None, b"", REFUSED),
        ("DELETE /9", None, b"", REFUSED),
        ("DELETE /", None, b"", REFUSED),
        ("FETCH /", None, b"", WRONG),
        ("iPATCH /", None, b"", WRONG),
        ("0.31 /9/0", None, b"", REFUSED),
    ] {
        assert_eq!(verb(line, format, payload), wanted, "{line} {format:?} {payload:?}");
    }
}

#[test]
fn paths_that_name_nothing_are_not_found_and_deep_ones_not_allowed() {
    for (line, code, detail) in [
        ("GET /9/a", Code::NOT_FOUND, "path segment 2: an id is a decimal number"),
        ("GET /9/00", Code::NOT_FOUND, "path segment 2: an id has no leading zero"),
        ("GET /9/65535", Code::NOT_FOUND, "path segment 2: 65535 is reserved"),
        ("GET /9//1", Code::NOT_FOUND, "path segment 2: an id is missing"),
        ("GET /foo", Code::NOT_FOUND, ""),
        ("GET /.well-known/core", Code::NOT_FOUND, ""),
        ("GET /9/0/2/1/5", Code::METHOD_NOT_ALLOWED, "path segment 5: a path has at most four ids"),
        ("PUT /9", Code::BAD_REQUEST, "a Write needs a Content-Format, Write-Attributes parameters"),
        ("DELETE /9", Code::METHOD_NOT_ALLOWED, "a Delete cannot address /9"),
    ] {
        assert_eq!(read(&request(line, None, b"")), Err(Rejection::new(code, detail)), "{line}");
    }
    assert_eq!(verb("GET /9/0/", None, b""), Ok(Verb::Read));
}

#[test]
fn the_tree_ends_where_the_numbers_begin() {
    let own = Tree::below("/lwm2m").unwrap();
    let tree = |line| Target::from_coap(&request(line, None, b""), None, &cx(&own)).map(|target| target.tree);
    assert_eq!(tree("GET /lwm2m/9/0"), Ok(own.clone()));
    assert_eq!(tree("GET /9/0"), Ok(Tree::DEFAULT));
    assert_eq!(tree("GET /d01/3a/9/0"), Ok(Tree::below("/d01/3a").unwrap()));
    assert_eq!(tree("GET /lwm2m").unwrap_err().code, Code::METHOD_NOT_ALLOWED);
    assert_eq!(tree("GET /other").unwrap_err().code, Code::NOT_FOUND);
}

#[test]
fn a_target_is_known_before_its_body_is_read() {
    let broken = request("PUT /9/0/2", Some(50), b"\xff");
    let target = Target::from_coap(&broken, None, &cx(&Tree::DEFAULT)).unwrap();
    assert_eq!((target.verb, target.path), (Verb::Write(WriteMode::Replace), path("/9/0/2")));
    let refused = target.complete(&broken, &cx(&Tree::DEFAULT)).unwrap_err();
    assert_eq!(refused.code, Code::UNSUPPORTED_CONTENT_FORMAT);
}

#[test]
fn discover_and_observe_are_gets() {
    let mut discover = request("GET /9/0?depth=2", None, b"");
    discover.options.push_uint(OptionNumber::ACCEPT, 40);
    let wanted = Downlink::Discover { tree: Tree::DEFAULT, path: path("/9/0"), depth: Some(2) };
    assert_eq!(read(&discover), Ok(wanted));
    for wrong in ["depth=4", "depth=", "pmin=1"] {
        discover.options.remove(OptionNumber::URI_QUERY);
        discover.options.push(OptionNumber::URI_QUERY, wrong.as_bytes());
        assert_eq!(read(&discover).unwrap_err().code, Code::BAD_REQUEST, "{wrong}");
    }
    let observe = |observe, line| {
        let outcome = Downlink::from_coap(&request(line, None, b""), Some(observe), &cx(&Tree::DEFAULT));
        outcome.map(|downlink| downlink.target().verb).map_err(|rejection| rejection.code)
    };
    assert_eq!(observe(Observe::Register, "GET /9/0/1"), Ok(Verb::Observe));
    assert_eq!(observe(Observe::Deregister, "GET /9/0/1"), Ok(Verb::CancelObserve));
    assert_eq!(observe(Observe::Register, "GET /9/0/1?pmin=1"), Err(Code::BAD_REQUEST));
    assert_eq!(observe(Observe::Register, "GET /"), Err(Code::METHOD_NOT_ALLOWED));
}

#[test]
fn numbers_from_before_registration_are_understood() {
    assert_eq!(verb("PUT /9/0/1", Some(1541), b"x"), Ok(Verb::Write(WriteMode::Replace)));
    assert_eq!(verb("POST /9/0/2", Some(1542), &[0x41, 0, 1]), Ok(Verb::Write(WriteMode::Partial)));
}

#[test]
fn a_streamed_body_is_no_value() {
    let mut inbound = request("PUT /9/0/0", Some(42), b"");
    inbound.payload = Payload::Streamed { size: Some(1 << 20) };
    let wanted = Downlink::Write {
        tree: Tree::DEFAULT,
        path: path("/9/0/0"),
        mode: WriteMode::Replace,
        body: Body::Streamed { format: ContentFormat::OPAQUE, size: Some(1 << 20) },
    };
    assert_eq!(read(&inbound), Ok(wanted.clone()));
    assert_eq!(wanted.to_coap(&cx(&Tree::DEFAULT), None), Ok(inbound));
    let mut execute = request("POST /9/0/3", None, b"");
    execute.payload = Payload::Streamed { size: None };
    assert_eq!(read(&execute).unwrap_err().code, Code::REQUEST_ENTITY_TOO_LARGE);
}

fn sources() -> Node {
    Node::Multiple(BTreeMap::from([(0, Value::Integer(1)), (3, Value::Integer(5))]))
}

fn instance() -> Node {
    Node::Instance(BTreeMap::from([
        (ResourceId(1), Node::Value(Value::String("x".to_owned()))),
        (ResourceId(2), sources()),
    ]))
}

fn operations(tree: &Tree) -> Vec<Downlink> {
    let write = |at: &str, mode, node| Downlink::Write {
        tree: tree.clone(),
        path: path(at),
        mode,
        body: Body::Node(node),
    };
    let text = || Node::Value(Value::String("on".to_owned()));
    let package = || Node::Value(Value::Opaque(Bytes::from_static(&[0])));
    let values = vec![(ResourceId(1), text()), (ResourceId(2), sources())];
    let create = |new| Downlink::Create { tree: tree.clone(), object: ObjectId(9), new };
    let mut all = vec![
        Downlink::Discover { tree: tree.clone(), path: path("/9"), depth: None },
        Downlink::Discover { tree: tree.clone(), path: path("/9/0/2"), depth: Some(1) },
        write("/9/0/0", WriteMode::Replace, package()),
        write("/9/0/1", WriteMode::Replace, text()),
        write("/9/0/2", WriteMode::Replace, sources()),
        write("/9/0/2/3", WriteMode::Replace, Node::Value(Value::Integer(-7))),
        write("/9/0", WriteMode::Replace, instance()),
        write("/9/0", WriteMode::Partial, instance()),
        write("/9/0/2", WriteMode::Partial, sources()),
        Downlink::Execute { tree: tree.clone(), path: path("/9/0/3"), arguments: "".parse().unwrap() },
        Downlink::Execute { tree: tree.clone(), path: path("/9/0/3"), arguments: "0,2='x'".parse().unwrap() },
        create(vec![(None, values.clone())]),
        create(vec![(Some(InstanceId(3)), values)]),
        Downlink::Delete { tree: tree.clone(), path: path("/9/0") },
        Downlink::Delete { tree: tree.clone(), path: path("/9/0/2/3") },
    ];
    for at in ["/9", "/9/65534", "/9/0/1", "/9/0/2/3"].map(path) {
        all.push(Downlink::Read { tree: tree.clone(), path: at });
        all.push(Downlink::Observe { tree: tree.clone(), path: at, attributes: Attributes::default() });
        let edit = AttributeEdit::from(Attributes::default().pmin(10).epmax(60)).unset(Attribute::Pmax);
        all.push(Downlink::WriteAttributes { tree: tree.clone(), path: at, edit });
        all.push(Downlink::CancelObserve { tree: tree.clone(), path: at, attributes: Attributes::default() });
    }
    all
}

#[test]
fn operations_round_trip_in_every_tree() {
    for tree in [Tree::DEFAULT, Tree::below("/lwm2m").unwrap(), Tree::below("/a/d01").unwrap()] {
        for operation in operations(&tree) {
            let request = operation.to_coap(&cx(&Tree::DEFAULT), None).unwrap();
            let observe = match request.options.observe() {
                Some(0) => Some(Observe::Register),
                Some(_) => Some(Observe::Deregister),
                None => None,
            };
            let target = Target::from_coap(&request, observe, &cx(&tree)).unwrap();
            assert_eq!(target, operation.target());
            assert_eq!(target.complete(&request, &cx(&tree)), Ok(operation));
        }
    }
}

#[test]
fn what_would_be_another_operation_is_not_sent() {
    let cx = cx(&Tree::DEFAULT);
    let execute =
        |at| Downlink::Execute { tree: Tree::DEFAULT, path: path(at), arguments: "".parse().unwrap() };
    // POST /9 would create an instance.
    assert_eq!(execute("/9").to_coap(&cx, None), Err(EncodeError::Place("an Execute", path("/9"))));
    let delete = Downlink::Delete { tree: Tree::DEFAULT, path: Path::ROOT };
    assert_eq!(delete.to_coap(&cx, None), Err(EncodeError::Place("a Delete", Path::ROOT)));
    // GET /9/0 with Accept 40 would be a Discover.
    let read = Downlink::Read { tree: Tree::DEFAULT, path: path("/9/0") };
    let link = ContentFormat::LINK;
    assert_eq!(read.to_coap(&cx, Some(link)), Err(EncodeError::Unsupported(link, path("/9/0"))));
    let write = Downlink::Write {
        tree: Tree::DEFAULT,
        path: path("/9/0/1"),
        mode: WriteMode::Partial,
        body: Body::Node(Node::Value(Value::String("1".to_owned()))),
    };
    // POST /9/0/1 with a text would be an Execute.
    let text = ContentFormat::TEXT;
    assert_eq!(write.to_coap(&cx, Some(text)), Err(EncodeError::Unsupported(text, path("/9/0/1"))));
}

fn target(verb: Verb, at: &str, tree: &Tree) -> Target {
    Target { verb, tree: tree.clone(), path: path(at) }
}

fn value(to: &Target, node: Node) -> DownlinkAnswer {
    DownlinkAnswer::Values(vec![Timed { at: None, tree: to.tree.clone(), path: to.path, node }])
}

#[test]
fn answers_round_trip() {
    for tree in [Tree::DEFAULT, Tree::below("/lwm2m").unwrap()] {
        let name = target(Verb::Read, "/9/0/1", &tree);
        let all = target(Verb::Observe, "/9/0", &tree);
        let links = ["/9/0", "/9/0/1"].map(|at| ObjectLink::new(path(at))).to_vec();
        for (answer, to, code) in [
            (value(&name, Node::Value(Value::String("x".to_owned()))), name.clone(), Code::CONTENT),
            (value(&all, instance()), all, Code::CONTENT),
            (DownlinkAnswer::Links(links), target(Verb::Discover, "/9/0", &tree), Code::CONTENT),
            (DownlinkAnswer::Created(Some(InstanceId(3))), target(Verb::Create, "/9", &tree), Code::CREATED),
            (DownlinkAnswer::Created(None), target(Verb::Create, "/9", &tree), Code::CREATED),
            (DownlinkAnswer::Done, target(Verb::Delete, "/9/0", &tree), Code::DELETED),
            (DownlinkAnswer::Done, target(Verb::Execute, "/9/0/3", &tree), Code::CHANGED),
            (DownlinkAnswer::Done, target(Verb::Write(WriteMode::Partial), "/9/0", &tree), Code::CHANGED),
            (DownlinkAnswer::Refused(Rejection::not_found()), name, Code::NOT_FOUND),
        ] {
            let response = answer.to_coap(&to, &cx(&Tree::DEFAULT), None).unwrap();
            assert_eq!(response.code, code);
            assert_eq!(response.options.observe().is_some(), to.verb == Verb::Observe);
            assert_eq!(DownlinkAnswer::from_coap(&response, &to, &cx(&Tree::DEFAULT)), Ok(answer));
        }
    }
}

#[test]
fn an_answer_is_in_the_format_that_is_accepted() {
    let cx = cx(&Tree::DEFAULT);
    let to = target(Verb::Read, "/9/0/1", &Tree::DEFAULT);
    let answer = value(&to, Node::Value(Value::String("x".to_owned())));
    let format = |accept| answer.to_coap(&to, &cx, accept).map(|response| response.options.content_format());
    assert_eq!(format(Some(ContentFormat::TLV)), Ok(Some(ContentFormat::TLV)));
    // An old peer gets the number that it knows.
    assert_eq!(format(Some(ContentFormat(1542))), Ok(Some(ContentFormat(1542))));
    let refused = format(Some(ContentFormat::OPAQUE)).unwrap_err();
    assert_eq!(refused, EncodeError::Unsupported(ContentFormat::OPAQUE, path("/9/0/1")));
    assert_eq!(Rejection::from(refused).code, Code::NOT_ACCEPTABLE);
}

#[test]
fn a_history_takes_a_format_that_has_times() {
    let to = target(Verb::Read, "/9/0/1", &Tree::DEFAULT);
    let at = Some(Stamp::Ago(1));
    let node = Node::Value(Value::String("x".to_owned()));
    let now = Timed { at: None, tree: Tree::DEFAULT, path: to.path, node: node.clone() };
    let old = DownlinkAnswer::Values(vec![Timed { at, tree: Tree::DEFAULT, path: to.path, node }, now]);
    let response = old.to_coap(&to, &cx(&Tree::DEFAULT), None).unwrap();
    assert_eq!(response.options.content_format(), Some(ContentFormat::SENML_CBOR));
    assert_eq!(DownlinkAnswer::from_coap(&response, &to, &cx(&Tree::DEFAULT)), Ok(old.clone()));
    let in_text = old.to_coap(&to, &cx(&Tree::DEFAULT), Some(ContentFormat::TEXT));
    assert!(matches!(in_text, Err(EncodeError::Unsupported(..))));
}

#[test]
fn answers_of_strange_make_are_understood_or_refused() {
    let cx = cx(&Tree::DEFAULT);
    let read = |verb, at, response: &Response| {
        DownlinkAnswer::from_coap(response, &target(verb, at, &Tree::DEFAULT), &cx)
    };
    assert_eq!(read(Verb::Read, "/9", &Response::new(Code::CONTENT)), Ok(DownlinkAnswer::Values(Vec::new())));
    let bare = Response::new(Code::CONTENT).with_payload("x");
    assert!(matches!(read(Verb::Read, "/9/0/1", &bare), Err(DecodeError::Malformed { .. })));
    let changed = Response::new(Code::CHANGED);
    assert_eq!(read(Verb::Read, "/9/0/1", &changed), Err(DecodeError::Answer(Code::CHANGED)));
    assert_eq!(read(Verb::Execute, "/9/0/3", &Response::new(Code::GET)), Err(DecodeError::Answer(Code::GET)));
    let one_option = Options::new().with(OptionNumber::LOCATION_PATH, b"/9/4");
    let created = Response::new(Code::CREATED).with_options(one_option);
    assert_eq!(read(Verb::Create, "/9", &created), Ok(DownlinkAnswer::Created(Some(InstanceId(4)))));
    let elsewhere =
        Response::new(Code::CREATED).with_options(Options::new().with(OptionNumber::LOCATION_PATH, b"rd"));
    assert_eq!(read(Verb::Create, "/9", &elsewhere), Ok(DownlinkAnswer::Created(None)));
}

#[test]
fn an_answer_of_another_operation_becomes_5_00() {
    let response = DownlinkAnswer::Done
        .to_coap(&target(Verb::Read, "/9/0/1", &Tree::DEFAULT), &cx(&Tree::DEFAULT), None)
        .unwrap();
    assert_eq!(response.code, Code::INTERNAL_SERVER_ERROR);
}

/// Where a client announces formats that cannot say it, a body goes in one that every client has.
#[test]
fn the_usual_format_of_a_body_can_carry_it() {
    let announced = [ContentFormat::SENML_CBOR];
    let node = || Node::Value(Value::String("x".into()));
    let tree = Tree::DEFAULT;
    let create = |id: Option<u16>, values: Vec<(ResourceId, Node)>| Downlink::Create {
        tree: tree.clone(),
        object: ObjectId(9),
        new: vec![(id.map(InstanceId), values)],
    };
    for (operation, wanted) in [
        (create(Some(1), vec![(ResourceId(1), node())]), ContentFormat::SENML_CBOR),
        (create(None, vec![(ResourceId(1), node())]), ContentFormat::TLV),
        (create(Some(1), vec![]), ContentFormat::TLV),
    ] {
        let cx = cx(&Tree::DEFAULT);
        let format = operation.usual_format(&cx, &announced);
        assert_eq!(format, Some(wanted), "{operation:?}");
        operation.to_coap(&cx, format).unwrap();
    }
}
