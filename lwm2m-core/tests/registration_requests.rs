//! Register, Update and De-register as requests: what sloppy devices send is understood, what loses meaning is
//! refused with its reason.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::Duration;

use lwm2m_core::{
    Binding, Code, EndpointName, Links, NoModel, ObjectLink, Rejection, Tree, Version,
    coap::{OptionNumber, Options, Request, Response},
    codec::{ContentFormat, Context, DecodeError, EncodeError},
    ops::{Location, Register, Update, Uplink, UplinkAnswer, UplinkVerb},
};

fn cx(version: Version) -> Context<'static> {
    static TREE: Tree = Tree::DEFAULT;
    Context { model: &NoModel, version, tree: &TREE }
}

fn post(path: &[&str], query: &[&str], payload: &'static str) -> Request {
    let mut options = Options::new().with_path(path.iter().copied());
    for parameter in query {
        options = options.with_query(parameter);
    }
    Request::new(Code::POST).with_options(options).with_payload(payload.as_bytes())
}

fn register(query: &[&str]) -> Result<Register, Rejection> {
    match Uplink::from_coap(&post(&["rd"], query, "</1/0>,</3/0>"), &cx(Version::V1_1))? {
        Uplink::Register(register) => Ok(register),
        other => panic!("{other:?}"),
    }
}

fn update(query: &[&str], version: Version) -> Update {
    match Uplink::from_coap(&post(&["rd", "5a"], query, ""), &cx(version)).unwrap() {
        Uplink::Update { location, change } => {
            assert_eq!(location, Location::new("rd/5a"));
            change
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_parameter_is_read_in_any_order() {
    let found =
        register(&["pid=6:1a", "Q", "x=1", "b=SU", "lwm2m=1.2", "flag", "sms=49170", "lt=300", "ep=node=1"]);
    let mut wanted = Register::new(Version::V1_2);
    wanted.endpoint = Some(EndpointName::from("node=1"));
    wanted.lifetime = Some(Duration::from_secs(300));
    wanted.bindings = vec![Binding::Sms, Binding::Udp];
    wanted.queue_mode = true;
    wanted.sms = Some("49170".to_owned());
    wanted.profile = Some("6:1a".to_owned());
    wanted.extra = vec![("x".to_owned(), Some("1".to_owned())), ("flag".to_owned(), None)];
    wanted.objects = ["/1/0", "/3/0"].map(|path| ObjectLink::new(path.parse().unwrap())).to_vec();
    assert_eq!(found, Ok(wanted));
}

#[test]
fn defaults_are_those_of_the_specification() {
    let found = register(&["lwm2m=1.0"]).unwrap();
    assert_eq!((found.endpoint, found.lifetime), (None, None));
    assert_eq!((found.bindings, found.queue_mode), (vec![Binding::Udp], false));
}

#[test]
fn sloppy_devices_are_understood() {
    for (query, bindings, queue_mode) in [
        (&["lwm2m=1.0", "b=UQ"][..], &[Binding::Udp][..], true),
        (&["lwm2m=1.0", "b=UQS"], &[Binding::Udp, Binding::Sms], true),
        (&["lwm2m=1.0", "b=SQ"], &[Binding::Sms], true),
        (&["lwm2m=\"1.0\"", "b=\"U\"", "lt=\"60\""], &[Binding::Udp], false),
        (&["lwm2m=1.1", "b=", "Q=1", ""], &[Binding::Udp], true),
        (&["lwm2m=1.2", "b=MUT", "Q=0"], &[Binding::Udp, Binding::Tcp], false),
        (&["lwm2m=1.1", "lwm2m=1.1", "b=UU"], &[Binding::Udp], false),
        (&["lwm2m=1.0", "b=UQ", "b=U"], &[Binding::Udp], true),
    ] {
        let found = register(query).unwrap();
        assert_eq!((&found.bindings[..], found.queue_mode), (bindings, queue_mode), "{query:?}");
    }
    assert_eq!(register(&["lwm2m=1.1", "sms=+49170"]).unwrap().sms.as_deref(), Some("49170"));
    assert_eq!(register(&["lwm2m=1.2", "pid=6:1a", "pid=v:b"]).unwrap().profile.as_deref(), Some("6:1a,v:b"));
}

#[test]
fn what_loses_meaning_is_refused_with_its_reason() {
    for (query, code, detail) in [
        (&["ep=a"][..], Code::BAD_REQUEST, "lwm2m is missing"),
        (&["lwm2m=1.1", "lt=abc"], Code::BAD_REQUEST, "lt=abc is not a number of seconds"),
        (&["lwm2m=1.1", "lt="], Code::BAD_REQUEST, "lt= is not a number of seconds"),
        (&["lwm2m=1.1", "lt=-1"], Code::BAD_REQUEST, "lt=-1 is not a number of seconds"),
        (
            &["lwm2m=1.1", "lt=4294967296"],
            Code::BAD_REQUEST,
            "lt=4294967296 is longer than 4294967295 seconds",
        ),
        (
            &["lwm2m=1.1", "lt=99999999999999999999999"],
            Code::BAD_REQUEST,
            "lt=99999999999999999999999 is longer than 4294967295 seconds",
        ),
        (&["lwm2m=1.1", "lt=1", "lt=2"], Code::BAD_REQUEST, "lt is given twice with different values"),
        (&["lwm2m=1.1", "ep="], Code::BAD_REQUEST, "ep is empty"),
        (&["lwm2m=1.1", "ep=a\u{1b}[2J"], Code::BAD_REQUEST, "ep has a control character"),
        (&["lwm2m=1.1", "b=UX"], Code::BAD_REQUEST, "b=UX: X is no binding"),
        (&["lwm2m=1.1", "b=M"], Code::BAD_REQUEST, "b=M has no binding that is supported"),
        (&["lwm2m=1.1", "Q=2"], Code::BAD_REQUEST, "Q=2 is no flag"),
        (&["lwm2m=2.0"], Code::PRECONDITION_FAILED, "lwm2m=2.0 is not supported, 1.0, 1.1, 1.2 are"),
    ] {
        assert_eq!(register(query), Err(Rejection::new(code, detail)), "{query:?}");
    }
}

#[test]
fn the_list_of_objects_is_links_or_refused() {
    let read = |format: Option<u64>, payload| {
        let mut request = post(&["rd"], &["lwm2m=1.1"], payload);
        format.into_iter().for_each(|format| request.options.push_uint(OptionNumber::CONTENT_FORMAT, format));
        Uplink::from_coap(&request, &cx(Version::V1_1))
    };
    let count = |outcome| match outcome {
        Ok(Uplink::Register(register)) => register.objects.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(count(read(Some(40), "</3/0>")), 1);
    assert_eq!(count(read(None, "</3/0>")), 1);
    assert_eq!(count(read(None, "")), 0);
    let wrong = read(Some(0), "</3/0>").unwrap_err();
    assert_eq!(wrong.code, Code::UNSUPPORTED_CONTENT_FORMAT);
    assert_eq!(wrong.detail, "the list of objects is in content format 40, not 0");
    let broken = read(Some(40), "</3/0>,<").unwrap_err();
    assert_eq!(broken.code, Code::BAD_REQUEST);
    assert!(broken.detail.starts_with("list of objects, byte "), "{}", broken.detail);
}

#[test]
fn an_update_says_only_what_changed() {
    assert_eq!(update(&[], Version::V1_1), Update::default());
    let mut wanted = Update::default();
    wanted.lifetime = Some(Duration::from_secs(60));
    wanted.extra = vec![("ep".to_owned(), Some("a".to_owned()))];
    assert_eq!(update(&["lt=60", "ep=a"], Version::V1_1), wanted);
}

#[test]
fn an_update_to_no_objects_at_all_is_said() {
    let mut change = Update::default();
    change.links = Some(Links::default());
    let uplink = Uplink::Update { location: Location::new("rd/5a"), change };
    let request = uplink.to_coap(&cx(Version::V1_1)).unwrap();
    assert_eq!(request.payload.bytes(), "</>");
    assert_eq!(Uplink::from_coap(&request, &cx(Version::V1_1)), Ok(uplink));
}

#[test]
fn an_update_that_ends_queue_mode_says_so() {
    for version in Version::ALL {
        for bindings in [None, Some(vec![Binding::Udp])] {
            for mode in [None, Some(false), Some(true)] {
                if version == Version::V1_0 && bindings.is_some() && mode.is_none() {
                    continue; // its mode string says one of the two
                }
                let mut change = Update::default();
                (change.bindings, change.queue_mode) = (bindings.clone(), mode);
                let uplink = Uplink::Update { location: Location::new("rd/5a"), change };
                let request = uplink.to_coap(&cx(version)).unwrap();
                assert_eq!(Uplink::from_coap(&request, &cx(version)), Ok(uplink), "{version}");
            }
        }
    }
}

#[test]
fn the_mode_string_of_1_0_speaks_for_the_queue_too() {
    assert_eq!(update(&["b=U"], Version::V1_0).queue_mode, Some(false));
    assert_eq!(update(&["b=UQ"], Version::V1_0).queue_mode, Some(true));
    assert_eq!(update(&["b=U"], Version::V1_1).queue_mode, None);
    assert_eq!(update(&["b=U", "Q"], Version::V1_1).queue_mode, Some(true));
}

#[test]
fn requests_to_other_places_are_told_apart() {
    let read = |method, path: &[&str]| {
        let mut request = post(path, &["lwm2m=1.1"], "");
        request.method = method;
        Uplink::from_coap(&request, &cx(Version::V1_1))
            .map(|uplink| uplink.verb())
            .map_err(|error| error.code)
    };
    assert_eq!(read(Code::POST, &["rd"]), Ok(UplinkVerb::Register));
    assert_eq!(read(Code::POST, &["rd", ""]), Ok(UplinkVerb::Register));
    assert_eq!(read(Code::POST, &["rd", "5a"]), Ok(UplinkVerb::Update));
    assert_eq!(read(Code::DELETE, &["rd", "5a"]), Ok(UplinkVerb::Deregister));
    assert_eq!(read(Code::DELETE, &["rd"]), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(read(Code::GET, &["rd"]), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(read(Code::POST, &["rdx"]), Err(Code::NOT_FOUND));
    assert!(Uplink::is_addressed(&post(&["rd", "5a"], &[], "")));
    assert!(!Uplink::is_addressed(&post(&[], &[], "")));
}

#[test]
fn requests_round_trip_in_every_version() {
    for version in Version::ALL {
        let mut register = Register::new(version);
        register.endpoint = Some(EndpointName::from("urn:dev:ops:32473-thermo-7"));
        register.lifetime = Some(Duration::from_secs(300));
        register.bindings = vec![Binding::Udp, Binding::Sms];
        register.queue_mode = true;
        register.sms = Some("49170".to_owned());
        register.extra = vec![("rack".to_owned(), Some("7=a".to_owned())), ("spare".to_owned(), None)];
        register.tree = Tree::below("/lwm2m").unwrap();
        register.formats = vec![ContentFormat::SENML_CBOR];
        register.objects = vec![ObjectLink::new("/3/0".parse().unwrap())];
        let mut change = Update::default();
        change.bindings = Some(vec![Binding::Udp]);
        change.queue_mode = if version == Version::V1_0 { Some(false) } else { None };
        change.links = Some(Links::parse("</3/0>,</3303>").unwrap());
        let location = Location::new("rd/5a3f");
        for uplink in [
            Uplink::Register(register),
            Uplink::Update { location: location.clone(), change },
            Uplink::Deregister { location },
        ] {
            let request = uplink.to_coap(&cx(version)).unwrap();
            assert_eq!(Uplink::from_coap(&request, &cx(version)), Ok(uplink));
        }
    }
}

#[test]
fn the_mode_string_has_the_order_of_its_version() {
    let query = |version| {
        let mut register = Register::new(version);
        register.bindings = vec![Binding::Udp, Binding::Sms];
        register.queue_mode = true;
        let request = Uplink::Register(register).to_coap(&cx(version)).unwrap();
        request.options.uri_query().collect::<Vec<_>>().join("&")
    };
    assert_eq!(query(Version::V1_0), "lwm2m=1.0&b=UQS");
    assert_eq!(query(Version::V1_1), "lwm2m=1.1&b=US&Q");
}

#[test]
fn what_no_option_can_hold_is_not_sent() {
    let mut register = Register::new(Version::V1_1);
    register.endpoint = Some(EndpointName::from("e".repeat(253)));
    assert_eq!(
        Uplink::Register(register.clone()).to_coap(&cx(Version::V1_1)),
        Err(EncodeError::Parameter("ep"))
    );
    register.endpoint = Some(EndpointName::from("e".repeat(252)));
    assert!(Uplink::Register(register).to_coap(&cx(Version::V1_1)).is_ok());
}

#[test]
fn answers_round_trip() {
    let location = Location::new("rd/5a3f");
    for (answer, to) in [
        (UplinkAnswer::Registered { location }, UplinkVerb::Register),
        (UplinkAnswer::Done, UplinkVerb::Update),
        (UplinkAnswer::Done, UplinkVerb::Deregister),
        (UplinkAnswer::Refused(Rejection::bad_request("lwm2m is missing")), UplinkVerb::Register),
    ] {
        assert_eq!(UplinkAnswer::from_coap(&answer.to_coap(to), to), Ok(answer));
    }
    assert_eq!(UplinkAnswer::Done.to_coap(UplinkVerb::Deregister).code, Code::DELETED);
}

#[test]
fn a_registration_without_a_location_is_none() {
    let answer = |code| UplinkAnswer::from_coap(&Response::new(code), UplinkVerb::Register);
    assert!(matches!(answer(Code::CREATED), Err(DecodeError::Malformed { .. })));
    assert_eq!(answer(Code::GET), Err(DecodeError::Answer(Code::GET)));
}
