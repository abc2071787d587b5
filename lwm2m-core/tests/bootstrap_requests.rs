//! The operations of the bootstrap interface on the wire. [Core 1.2 §6.1.7] [Transport 1.2 §6.4.2]

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use lwm2m_core::{
    Code, InstanceId, Kind, Links, Node, ObjectDef, Ops, Path, ResourceDef, ResourceId, Tree, Value, Version,
    coap::{Message, OptionNumber, Options, Request, Response},
    codec::{ContentFormat, Context, Timed},
    ops::bootstrap::{Downlink, DownlinkAnswer, Target, Uplink, UplinkAnswer, Verb},
};

static SECURITY: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "URI", Kind::String, Ops::None),
            ResourceDef::new(1, "Bootstrap-Server", Kind::Boolean, Ops::None),
            ResourceDef::new(2, "Mode", Kind::Integer, Ops::None),
            ResourceDef::new(3, "Identity", Kind::Opaque, Ops::None),
            ResourceDef::new(4, "Server Key", Kind::Opaque, Ops::None),
            ResourceDef::new(5, "Key", Kind::Opaque, Ops::None),
            ResourceDef::new(10, "SSID", Kind::Integer, Ops::None),
        ]
    };
    ObjectDef::new(0, "Security", RESOURCES).multiple()
};
static SERVER: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "SSID", Kind::Integer, Ops::R),
            ResourceDef::new(1, "Lifetime", Kind::Integer, Ops::RW),
            ResourceDef::new(6, "Storing", Kind::Boolean, Ops::RW),
            ResourceDef::new(7, "Binding", Kind::String, Ops::RW),
        ]
    };
    ObjectDef::new(1, "Server", RESOURCES).multiple()
};

fn with_cx<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    let model: Vec<&'static ObjectDef> = vec![&SECURITY, &SERVER];
    run(&Context { model: &model, version: Version::V1_2, tree: &Tree::DEFAULT })
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn octets(hex: &str) -> Bytes {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap())
        .collect()
}

fn integer(number: i64) -> Node {
    Node::Value(Value::Integer(number))
}

fn text(text: &str) -> Node {
    Node::Value(Value::String(text.to_owned()))
}

fn instance<const N: usize>(resources: [(u16, Node); N]) -> Node {
    Node::Instance(resources.into_iter().map(|(id, node)| (ResourceId(id), node)).collect())
}

/// A datagram is read as a request, and `written` makes the same datagram.
fn same(hex: &str, read: impl FnOnce(&Request), written: &Request) {
    let frame = octets(hex);
    let message = Message::parse(&frame).unwrap();
    let payload = Bytes::copy_from_slice(message.payload);
    read(&Request::new(message.code).with_options(message.options.to_options(&frame)).with_payload(payload));
    let mut out = BytesMut::new();
    let ours = Message {
        code: written.method,
        options: written.options.view(),
        payload: written.payload.bytes(),
        ..message
    };
    ours.encode(&mut out);
    assert_eq!(out, frame, "{hex}");
}

/// A bootstrap of LwM2M 1.1 in TLV, octet by octet.
#[test]
fn a_session_is_written_and_read_as_it_stands_in_the_vectors() {
    let ask = Uplink::Request { endpoint: Some("node1".into()), preferred: Some(ContentFormat::TLV) };
    let hex = "41020101b1b262734865703d6e6f646531097063743d3131353432";
    same(hex, |request| assert_eq!(Uplink::from_coap(request).unwrap(), ask), &ask.to_coap().unwrap());
    let security = instance([
        (0, text("coap://[2001:db8::1]")),
        (1, Node::Value(Value::Boolean(false))),
        (2, integer(3)),
        (3, Node::Value(Value::Opaque(Bytes::new()))),
        (4, Node::Value(Value::Opaque(Bytes::new()))),
        (5, Node::Value(Value::Opaque(Bytes::new()))),
        (10, integer(101)),
    ]);
    let server = instance([
        (0, integer(101)),
        (1, integer(300)),
        (6, Node::Value(Value::Boolean(true))),
        (7, text("U")),
    ]);
    with_cx(|cx| {
        for (hex, downlink) in [
            ("41012001c1d10428", Downlink::Discover(Path::ROOT)),
            ("41042002c2", Downlink::Delete(Path::ROOT)),
            (
                "41032003c3b1300131122d16ffc80014636f61703a2f2f5b323030313a6462383a3a315dc10100c10203c003c004c005c10a65",
                Downlink::Write(path("/0/1"), security),
            ),
            ("41032004c4b1310130122d16ffc10065c201012cc10601c10755", Downlink::Write(path("/1/0"), server)),
            ("41022005c5b26273", Downlink::Finish),
        ] {
            let written = downlink.to_coap(cx, None).unwrap();
            same(hex, |request| assert!(Downlink::from_coap(request, cx).unwrap() == downlink), &written);
        }
    });
}

#[test]
fn requests_of_a_device_are_refused_for_what_is_wrong_with_them() {
    let ask = |method, segment: &str, query: &[&str]| {
        let mut options = Options::new().with_path([segment]);
        for parameter in query {
            options = options.with_query(parameter);
        }
        Uplink::from_coap(&Request::new(method).with_options(options)).map_err(|rejection| rejection.code)
    };
    assert!(ask(Code::POST, "bs", &[]).is_ok(), "the security layer may say the name");
    assert_eq!(ask(Code::POST, "bs", &["ep=a", "lt=3"]), Err(Code::BAD_REQUEST));
    assert_eq!(ask(Code::POST, "bs", &["ep=a", "ep=b"]), Err(Code::BAD_REQUEST));
    assert_eq!(ask(Code::POST, "bs", &["ep=a", "pct=x"]), Err(Code::BAD_REQUEST));
    assert_eq!(ask(Code::POST, "bs", &["ep=a", "pct=50"]), Err(Code::UNSUPPORTED_CONTENT_FORMAT));
    assert_eq!(ask(Code::GET, "bs", &["ep=a"]), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(ask(Code::POST, "bspack", &["ep=a"]), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(ask(Code::POST, "rd", &["ep=a"]), Err(Code::NOT_FOUND));
    let accounts = vec![path("/0/0"), path("/21/0")];
    let pack = Uplink::Pack { endpoint: Some("a".into()), accounts, accept: None };
    assert_eq!(ask(Code::GET, "bspack", &["ep=a", "acc=</0/0>,</21/0>"]), Ok(pack));
    let accept = Options::new().with_path(["bspack"]).with_uint(OptionNumber::ACCEPT, 11_542);
    let refused = Uplink::from_coap(&Request::new(Code::GET).with_options(accept));
    assert_eq!(refused.unwrap_err().code, Code::NOT_ACCEPTABLE);
}

#[test]
fn requests_of_a_server_reach_only_what_the_interface_has() {
    let target = |method, segments: &[&str], accept: Option<u64>| {
        let mut options = Options::new().with_path(segments.iter().copied());
        if let Some(format) = accept {
            options = options.with_uint(OptionNumber::ACCEPT, format);
        }
        let target = Target::from_coap(&Request::new(method).with_options(options));
        target.map(|target| (target.verb, target.path.to_string())).map_err(|rejection| rejection.code)
    };
    assert_eq!(target(Code::GET, &["1"], Some(40)), Ok((Verb::Discover, "/1".to_owned())));
    assert_eq!(target(Code::GET, &["1"], Some(11_542)), Ok((Verb::Read, "/1".to_owned())));
    assert_eq!(target(Code::GET, &["0"], Some(11_542)), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(target(Code::GET, &["1", "0", "0"], None), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(target(Code::PUT, &[], None), Err(Code::BAD_REQUEST));
    assert_eq!(target(Code::PUT, &["1", "0", "0", "0"], None), Err(Code::BAD_REQUEST));
    assert_eq!(target(Code::DELETE, &["1", "0", "0"], None), Err(Code::BAD_REQUEST));
    assert_eq!(target(Code::DELETE, &["lwm2m", "1"], None), Err(Code::BAD_REQUEST));
    assert_eq!(target(Code::POST, &["1", "0", "4"], None), Err(Code::METHOD_NOT_ALLOWED));
}

#[test]
fn answers_of_both_ends_are_understood_at_the_other() {
    let links =
        Links::parse("</>;lwm2m=1.1,</0/0>;ssid=1;uri=\"coaps://s\",</0/1>,</1/0>;ssid=1,</3/0>").unwrap();
    let found = Timed {
        at: None,
        tree: Tree::DEFAULT,
        path: path("/1"),
        node: Node::Object(BTreeMap::from([(InstanceId(0), instance([(0, integer(1)), (7, text("U"))]))])),
    };
    with_cx(|cx| {
        let to = |verb, at: &str| Target { verb, path: path(at) };
        for (to, answer) in [
            (to(Verb::Discover, "/"), DownlinkAnswer::Links(links)),
            (to(Verb::Read, "/1"), DownlinkAnswer::Values(vec![found])),
            (to(Verb::Delete, "/"), DownlinkAnswer::Done),
            (to(Verb::Finish, "/"), DownlinkAnswer::Done),
        ] {
            let response = answer.to_coap(to, cx, None).unwrap();
            assert_eq!(DownlinkAnswer::from_coap(&response, to, cx).unwrap(), answer);
        }
        let nothing = DownlinkAnswer::Values(Vec::new()).to_coap(to(Verb::Read, "/2"), cx, None).unwrap();
        assert_eq!(nothing.code, Code::CONTENT, "an object without instances can be read");
        let value = |at: &str, node| Timed { at: None, tree: Tree::DEFAULT, path: path(at), node };
        let pack = UplinkAnswer::Pack(vec![value("/0/1/10", integer(5)), value("/1/0/7", text("U"))]);
        assert_eq!(format!("{pack:?}"), "Pack(2 values)", "some may be keys");
        let ask = Uplink::Pack { endpoint: None, accounts: Vec::new(), accept: None };
        let response = pack.to_coap(cx, Some(ContentFormat::LWM2M_CBOR)).unwrap();
        assert_eq!(UplinkAnswer::from_coap(&response, &ask, cx).unwrap(), pack);
        let bare = Response::new(Code::CHANGED);
        assert!(UplinkAnswer::from_coap(&bare, &ask, cx).is_err(), "2.04 is no pack");
    });
}
