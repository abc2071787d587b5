//! Which content format answers a request, and which one a server asks for.

use lwm2m_core::{
    Code, IntoNode, Kind, NoModel, Node, ObjectDef, Ops, Path, Rejection, ResourceDef, Tree, Value, Version,
    codec::{
        ContentFormat, Context, DecodeError, EncodeError,
        negotiate::{self, Content},
    },
};

static OBJECT: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "Package", Kind::Opaque, Ops::W),
            ResourceDef::new(1, "Name", Kind::String, Ops::RW),
            ResourceDef::new(2, "Sources", Kind::Integer, Ops::R).multiple(),
        ]
    };
    ObjectDef::new(9, "Object", RESOURCES)
};

const TEXT: ContentFormat = ContentFormat::TEXT;
const OPAQUE: ContentFormat = ContentFormat::OPAQUE;
const TLV: ContentFormat = ContentFormat::TLV;

fn path(text: &str) -> Path {
    text.parse().expect(text)
}

fn answer(version: Version, at: &str, accept: Option<u16>) -> Result<ContentFormat, Code> {
    let model = vec![&OBJECT];
    let cx = Context { model: &model, version, tree: &Tree::DEFAULT };
    negotiate::answer(&cx, path(at), accept.map(ContentFormat)).map_err(|rejection| rejection.code)
}

#[test]
fn an_answer_takes_what_is_accepted_or_4_06() {
    let refused = Err(Code::NOT_ACCEPTABLE);
    for (at, accept, expected) in [
        ("/9/0/1", 0, Ok(TEXT)),
        ("/9/0/1", 11542, Ok(TLV)),
        ("/9/0/1", 42, refused), // only Opaque values
        ("/9/0/0", 42, Ok(OPAQUE)),
        ("/9/0/0", 0, Ok(TEXT)),
        ("/9/0/2", 0, refused), // several values
        ("/9/0/2", 11542, Ok(TLV)),
        ("/9/0/2/0", 0, Ok(TEXT)),
        ("/9/0", 0, refused),
        ("/9", 11542, Ok(TLV)),
        ("/", 11542, refused),
        ("/9/0/1", 1541, Ok(ContentFormat(1541))), // an old peer gets the number it knows
        ("/9/0", 1542, Ok(ContentFormat(1542))),
        ("/9/0", 12345, refused),
        ("/9/0", 40, refused),
        ("/9/0", 320, refused), // for requests alone
    ] {
        for version in Version::ALL {
            assert_eq!(answer(version, at, Some(accept)), expected, "{at} accepting {accept}");
        }
    }
}

#[test]
fn a_format_is_of_the_versions_that_have_it() {
    for (accept, at, has) in [
        (60, "/9/0/1", [false, true, true]),
        (60, "/9/0", [false; 3]),
        (110, "/9/0", [false, true, true]),
        (112, "/9/0/1", [false, true, true]),
        (112, "/", [false, true, true]),
        (11543, "/9/0", [true, false, false]),
        (11544, "/9/0/2", [false, false, true]),
    ] {
        for (version, has) in Version::ALL.into_iter().zip(has) {
            assert_eq!(answer(version, at, Some(accept)).is_ok(), has, "{accept} for {at} in {version}");
        }
    }
}

#[test]
fn an_answer_without_accept_takes_the_default_of_its_place() {
    for (version, several) in VERSIONS {
        for (at, expected) in
            [("/9", several), ("/9/0", several), ("/9/0/0", OPAQUE), ("/9/0/1", TEXT), ("/9/0/2", several)]
        {
            assert_eq!(answer(version, at, None), Ok(expected), "{version} {at}");
        }
    }
    assert_eq!(answer(Version::V1_0, "/", None), Err(Code::NOT_ACCEPTABLE));
    assert_eq!(answer(Version::V1_1, "/", None), Ok(SENML_CBOR));
}

const SENML_CBOR: ContentFormat = ContentFormat::SENML_CBOR;

const VERSIONS: [(Version, ContentFormat); 3] =
    [(Version::V1_0, TLV), (Version::V1_1, SENML_CBOR), (Version::V1_2, ContentFormat::LWM2M_CBOR)];

#[test]
fn a_server_asks_for_what_the_client_has() {
    let model = vec![&OBJECT];
    let ask = |version, at, announced: &[ContentFormat]| {
        negotiate::ask(&Context { model: &model, version, tree: &Tree::DEFAULT }, path(at), announced)
    };
    // text and opaque are optional for a 1.0 client
    assert_eq!(ask(Version::V1_0, "/9/0/1", &[]), Some(TLV));
    assert_eq!(ask(Version::V1_0, "/9/0/1", &[TEXT]), Some(TEXT));
    assert_eq!(ask(Version::V1_0, "/9/0", &[ContentFormat::JSON]), Some(TLV));
    assert_eq!(ask(Version::V1_1, "/9/0/1", &[]), Some(TEXT));
    assert_eq!(ask(Version::V1_1, "/9/0/0", &[]), Some(OPAQUE));
    assert_eq!(ask(Version::V1_1, "/9/0", &[ContentFormat::SENML_JSON]), Some(ContentFormat::SENML_JSON));
    assert_eq!(ask(Version::V1_2, "/9/0", &[ContentFormat(60000)]), Some(TLV));
    assert_eq!(ask(Version::V1_2, "/9/0", &[ContentFormat::LWM2M_CBOR]), Some(ContentFormat::LWM2M_CBOR));
    assert_eq!(ask(Version::V1_2, "/", &[]), None);
    assert_eq!(ask(Version::V1_2, "/", &[SENML_CBOR]), Some(SENML_CBOR));
}

#[test]
fn composite_bodies_have_formats_of_their_own() {
    use Content::{Create, Many, Patch, Paths};
    use ContentFormat as F;
    let chosen = |version, content, announced: &[F]| {
        negotiate::ask_for(&Context { model: &NoModel, version, tree: &Tree::DEFAULT }, content, announced)
    };
    let (many, history) = (Many { timed: false }, Many { timed: true });
    let (set, remove) = (Patch { removes: false }, Patch { removes: true });
    for (version, content, announced, expected) in [
        (Version::V1_0, Paths, &[][..], None),
        (Version::V1_0, set, &[], None),
        (Version::V1_1, many, &[], Some(F::SENML_CBOR)),
        (Version::V1_1, Paths, &[F::SENML_JSON], Some(F::SENML_JSON)),
        (Version::V1_1, set, &[], Some(F::SENML_CBOR)),
        (Version::V1_1, remove, &[], None),
        (Version::V1_2, many, &[F::LWM2M_CBOR, F::SENML_CBOR], Some(F::LWM2M_CBOR)),
        (Version::V1_2, history, &[F::LWM2M_CBOR, F::SENML_CBOR], Some(F::SENML_CBOR)),
        (Version::V1_2, Paths, &[F::SENML_ETCH_JSON, F::LWM2M_CBOR], Some(F::SENML_ETCH_JSON)),
        (Version::V1_2, remove, &[F::SENML_JSON], Some(F::SENML_ETCH_CBOR)),
        (Version::V1_2, remove, &[F::SENML_ETCH_JSON], Some(F::SENML_ETCH_JSON)),
        (Version::V1_2, Create, &[], Some(TLV)),
        (Version::V1_1, Create, &[F::SENML_CBOR], Some(F::SENML_CBOR)),
    ] {
        assert_eq!(chosen(version, content, announced), expected, "{version} {content:?} {announced:?}");
    }
}

#[test]
fn without_a_definition_a_resource_is_asked_for_in_a_format_that_says_what_it_is() {
    let cx = Context { model: &NoModel, version: Version::V1_1, tree: &Tree::DEFAULT };
    assert_eq!(negotiate::ask(&cx, path("/9/0/1"), &[]), Some(TLV));
}

#[test]
fn refusals_become_response_codes() {
    let at = path("/9/0/1");
    let code = |error: DecodeError| Rejection::from(error).code;
    assert_eq!(code(DecodeError::Unsupported(TEXT, at)), Code::UNSUPPORTED_CONTENT_FORMAT);
    assert_eq!(code(DecodeError::OutsidePath { path: at, offset: 0 }), Code::BAD_REQUEST);
    assert_eq!(Rejection::from(EncodeError::Unsupported(TEXT, at)).code, Code::NOT_ACCEPTABLE);
    let rejection = Rejection::from(EncodeError::TooLong(at));
    assert_eq!(rejection.to_string(), "5.00 Internal Server Error: /9/0/1 is too long for the format");
}

/// A value that nobody has defined goes in a form that a client can refuse.
#[test]
fn what_is_written_without_a_definition_says_its_kind() {
    let write = |version, at: &str, node: Node, announced: &[ContentFormat]| {
        let model = vec![&OBJECT];
        let cx = Context { model: &model, version, tree: &Tree::DEFAULT };
        negotiate::write(&cx, path(at), &node, announced)
    };
    let octets = || Node::Value(Value::Opaque(vec![1, 2].into()));
    for version in Version::ALL {
        assert_eq!(write(version, "/10/0/1", "ABCD".into_node(), &[]), Some(TEXT));
        assert_eq!(write(version, "/10/0/1", octets(), &[]), Some(OPAQUE));
        assert_eq!(write(version, "/10/0", Node::Instance(Default::default()), &[]), Some(TLV));
        assert_eq!(write(version, "/9/0/0", octets(), &[OPAQUE]), Some(OPAQUE));
    }
    let senml = ContentFormat::SENML_CBOR;
    assert_eq!(write(Version::V1_1, "/10/0/1", "ABCD".into_node(), &[senml]), Some(senml));
    assert_eq!(write(Version::V1_0, "/10/0/1", "ABCD".into_node(), &[TLV]), Some(TLV), "it has nothing else");
}
