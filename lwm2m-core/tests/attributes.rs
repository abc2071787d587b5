//! Attributes of notifications: queries and vectors, what is refused and how the refusal reads, inheritance.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::collections::BTreeSet;

use lwm2m_core::{
    Attribute, AttributeEdit, AttributeTree, Attributes, Code, Kind, ObjectDef, Ops, Path, Rejection,
    ResourceDef, Tree, Version,
    coap::{Observe, OptionNumber, Options, Request},
    codec::Context,
    ops::Downlink,
};
use proptest::prelude::*;
use serde_json::Value as Json;

static OBJECT: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(0, "Name", Kind::String, Ops::RW),
            ResourceDef::new(1, "Level", Kind::Integer, Ops::R),
            ResourceDef::new(2, "Count", Kind::Unsigned, Ops::R),
            ResourceDef::new(3, "Value", Kind::Float, Ops::R),
            ResourceDef::new(4, "On", Kind::Boolean, Ops::RW),
            ResourceDef::new(5, "Volts", Kind::Integer, Ops::R).multiple(),
            ResourceDef::new(6, "Since", Kind::Time, Ops::R),
            ResourceDef::new(7, "Key", Kind::Opaque, Ops::R),
        ]
    };
    ObjectDef::new(9, "Object", RESOURCES).multiple()
};

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn parse(query: &str) -> Result<AttributeEdit, Rejection> {
    AttributeEdit::parse(query.split('&'))
}

fn request(method: Code, uri: &str) -> Request {
    let (segments, query) = uri.split_once('?').unwrap();
    let mut options = Options::new().with_path(segments.split('/').skip(1));
    query.split('&').for_each(|part| options.push(OptionNumber::URI_QUERY, part.as_bytes()));
    Request::new(method).with_options(options)
}

/// What a client of this version makes of a request, or the text of its refusal.
fn told(method: Code, uri: &str, version: Version) -> Result<Downlink, String> {
    let model = vec![&OBJECT];
    let cx = Context { model: &model, version, tree: &Tree::DEFAULT };
    let observe = (method == Code::GET).then_some(Observe::Register);
    Downlink::from_coap(&request(method, uri), observe, &cx).map_err(|rejection| rejection.to_string())
}

#[test]
fn vectors_of_attribute_queries() {
    let file: Json = serde_json::from_str(include_str!("vectors/vectors.json")).unwrap();
    let mut seen = 0;
    for vector in file["extras"].as_array().unwrap().iter().filter(|vector| vector["kind"] == "attr-query") {
        let (id, text) = (&vector["id"], vector["text"].as_str().unwrap());
        let outcome = parse(text);
        seen += 1;
        if vector["valid"] == false {
            let code = outcome.expect_err(text).code.to_string();
            assert!(code.starts_with(vector["coap_error"].as_str().unwrap()), "{id}: {code}");
            continue;
        }
        let edit = outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
        let expected = vector["attrs"].as_object().unwrap().iter().map(|(name, value)| match value {
            Json::Null => name.clone(),
            value => format!("{name}={value}"),
        });
        assert_eq!(edit.parameters().collect::<BTreeSet<_>>(), expected.collect(), "{id}");
    }
    assert!(seen >= 15, "the vectors are gone");
}

#[test]
fn a_refused_parameter_is_named_with_the_reason() {
    for (query, reason) in [
        ("speed=1", "speed=1: this is no attribute that can be set"),
        ("dim=2", "dim=2: this is no attribute that can be set"),
        ("ver", "ver: this is no attribute that can be set"),
        ("PMIN=2", "PMIN=2: this is no attribute that can be set"),
        ("", ": this is no attribute that can be set"),
        ("pmin=", "pmin=: a whole number from 0 to 4294967295 is expected"),
        ("pmin=1.5", "pmin=1.5: a whole number from 0 to 4294967295 is expected"),
        ("pmax=+1", "pmax=+1: a whole number from 0 to 4294967295 is expected"),
        ("epmin=4294967296", "epmin=4294967296: a whole number from 0 to 4294967295 is expected"),
        ("hqmax=-1", "hqmax=-1: a whole number from 0 to 4294967295 is expected"),
        ("gt=", "gt=: a decimal number is expected"),
        ("gt=1,5", "gt=1,5: a decimal number is expected"),
        ("lt=NaN", "lt=NaN: a decimal number is expected"),
        ("lt=1e999", "lt=1e999: a decimal number is expected"),
        ("st=-0.5", "st=-0.5: a step is not negative"),
        ("edge=true", "edge=true: 0 or 1 is expected"),
        ("con=", "con=: 0 or 1 is expected"),
        ("pmin=1&pmin=1", "pmin=1: the attribute is named twice"),
        ("pmin&pmin=1", "pmin=1: the attribute is named twice"),
        ("gt=5&lt=5", "lt + 2·st must stay below gt"),
        ("gt=5&lt=4.5&st=0.25", "lt + 2·st must stay below gt"),
        ("gt=1&lt=0&st=1e308", "lt + 2·st must stay below gt"),
        ("epmin=5&epmax=5", "epmin must stay below epmax"),
    ] {
        let rejection = parse(query).expect_err(query);
        assert_eq!((rejection.code, &*rejection.detail), (Code::BAD_REQUEST, reason), "{query}");
    }
    for query in
        ["gt=5&lt=4.5&st=0.2", "gt=5&st=9", "lt=5&st=9", "pmin=60&pmax=10", "st=0", "lt=-1.5e-3", "gt=5&lt"]
    {
        assert!(parse(query).is_ok(), "{query}");
    }
}

#[test]
fn attributes_stand_where_their_level_and_kind_allow() {
    let good = Ok(());
    let level =
        |name: &str| Err(format!("4.00 Bad Request: {name} stands at a resource or a resource instance"));
    let kind = |text: &str| Err(format!("4.00 Bad Request: {text}"));
    for (uri, expected) in [
        ("/9?pmin=1&pmax=2&epmin=1&epmax=2&con=1&hqmax=3", good.clone()),
        ("/9/0?pmin=1&pmax=2&epmin=1&epmax=2&con=0&hqmax=3", good.clone()),
        ("/9/0/1?gt=2&lt=1&st=0.1", good.clone()),
        ("/9/0/2?gt=2", good.clone()),
        ("/9/0/3?lt=2", good.clone()),
        ("/9/0/6?st=3600", good.clone()),
        ("/9/0/5?gt=3", good.clone()),
        ("/9/0/5/1?gt=3&pmin=1", good.clone()),
        ("/9/0/4?edge=1&hqmax=0", good.clone()),
        ("/9/0/0?pmin=1", good.clone()),
        ("/9/0/77?gt=1", good), // a resource without definition: its kind shows when it is read
        ("/9?gt=1", level("gt")),
        ("/9/0?st=1", level("st")),
        ("/9/0?lt", level("lt")),
        ("/9?edge=1", level("edge")),
        ("/9/0/0?gt=1", kind("gt needs a numeric resource, this one is String")),
        ("/9/0/7?st=1", kind("st needs a numeric resource, this one is Opaque")),
        ("/9/0/4?lt=1", kind("lt needs a numeric resource, this one is Boolean")),
        ("/9/0/1?edge=1", kind("edge needs a Boolean resource, this one is Integer")),
    ] {
        for method in [Code::PUT, Code::GET] {
            // an Observe takes nothing away
            if method == Code::PUT || uri.contains('=') {
                assert_eq!(told(method, uri, Version::V1_2).map(|_| ()), expected, "{method} {uri}");
            }
        }
    }
}

#[test]
fn each_version_has_its_attributes() {
    let refusal = |name: &str, since| Err(format!("4.00 Bad Request: {name} is known since LwM2M {since}"));
    for (name, since) in
        [("pmin", "1.0"), ("epmin", "1.1"), ("epmax", "1.1"), ("con", "1.2"), ("hqmax", "1.2")]
    {
        for version in Version::ALL {
            let expected = if version.as_str() >= since { Ok(()) } else { refusal(name, since) };
            let uri = format!("/9/0/4?{name}=1");
            assert_eq!(told(Code::PUT, &uri, version).map(|_| ()), expected, "{name} {version}");
        }
    }
    // as parameters of an Observe since 1.2
    let unknown = Err("4.00 Bad Request: parameter pmin=1 is not known here".to_owned());
    assert_eq!(told(Code::GET, "/9/0/4?pmin=1", Version::V1_1), unknown);
    let refused = told(Code::GET, "/9/0/4?pmin", Version::V1_2);
    assert_eq!(refused, Err("4.00 Bad Request: pmin: a value is missing".to_owned()));
    let Ok(Downlink::Observe { attributes, .. }) = told(Code::GET, "/9/0/4?pmin=1&edge=0", Version::V1_2)
    else {
        panic!("an Observe")
    };
    assert_eq!(attributes, Attributes::default().pmin(1).edge(false));
}

#[test]
fn a_server_does_not_send_what_the_client_would_refuse() {
    let model = vec![&OBJECT];
    let cx = |version| Context { model: &model, version, tree: &Tree::DEFAULT };
    let observe = |attributes| Downlink::Observe { tree: Tree::DEFAULT, path: path("/9/0/1"), attributes };
    let write = |at, edit| Downlink::WriteAttributes { tree: Tree::DEFAULT, path: path(at), edit };
    let pmin = Attributes::default().pmin(5);
    assert!(observe(pmin).to_coap(&cx(Version::V1_2), None).is_ok());
    for (downlink, version) in [
        (observe(pmin), Version::V1_1),
        (write("/9", Attributes::default().gt(1.0).into()), Version::V1_2),
        (write("/9/0/1", Attributes::default().gt(f64::NAN).into()), Version::V1_2),
        (write("/9/0/1", Attributes::default().gt(1.0).lt(2.0).into()), Version::V1_2),
        (write("/9/0/1", Attributes::default().epmin(1).into()), Version::V1_0),
        (write("/9/0/1", AttributeEdit::default()), Version::V1_2),
    ] {
        assert!(downlink.to_coap(&cx(version), None).is_err(), "{downlink:?} {version}");
    }
}

#[test]
fn several_at_once_are_set_and_taken_away_together_or_not_at_all() {
    let mut tree = AttributeTree::default();
    let at = path("/9/0/1");
    let mut write = |query: &str| {
        let outcome = tree.write(at, &parse(query).unwrap()).map_err(|error| error.to_string());
        (outcome, tree.at(at).to_string())
    };
    let refused = Err("lt + 2·st must stay below gt".to_owned());
    assert_eq!(write("gt=50&lt=40&pmin=5"), (Ok(()), ";pmin=5;gt=50;lt=40".to_owned()));
    assert_eq!(write("pmin=9&st=5"), (refused.clone(), ";pmin=5;gt=50;lt=40".to_owned()));
    assert_eq!(write("lt=50"), (refused, ";pmin=5;gt=50;lt=40".to_owned()));
    assert_eq!(write("st=5&lt"), (Ok(()), ";pmin=5;gt=50;st=5".to_owned()));
    assert_eq!(write("epmin=5&epmax"), (Ok(()), ";pmin=5;gt=50;st=5;epmin=5".to_owned()));
    assert_eq!(write("epmax=5").0, Err("epmin must stay below epmax".to_owned()));
    assert_eq!(write("pmin&gt&st&epmin&hqmax"), (Ok(()), String::new()));
    assert!(tree.is_empty());
}

#[test]
fn the_nearest_node_counts_each_attribute_for_itself() {
    let mut tree = AttributeTree::default();
    for (at, query) in [
        ("/9", "pmin=1&pmax=100&con=1"),
        ("/9/0", "pmin=2&epmin=3"),
        ("/9/0/5", "pmax=0&gt=10&st=2"),
        ("/9/0/5/1", "st=1&con=0"),
        ("/9/1", "pmin=7"),
        ("/90/0", "pmin=8"),
    ] {
        tree.write(path(at), &parse(query).unwrap()).unwrap();
    }
    for (at, expected) in [
        ("/9", ";pmin=1;pmax=100;con=1"),
        ("/9/0", ";pmin=2;pmax=100;epmin=3;con=1"),
        ("/9/0/1", ";pmin=2;pmax=100;epmin=3;con=1"),
        ("/9/0/5", ";pmin=2;pmax=0;gt=10;st=2;epmin=3;con=1"),
        ("/9/0/5/1", ";pmin=2;pmax=0;gt=10;st=1;epmin=3;con=0"),
        ("/9/1/5", ";pmin=7;pmax=100;con=1"),
        ("/90/0/5", ";pmin=8"),
        ("/3", ""),
        ("/", ""),
    ] {
        assert_eq!(tree.effective(path(at)).to_string(), expected, "{at}");
    }
    tree.remove(path("/9/0"));
    let left: Vec<_> = tree.iter().map(|(at, _)| at.to_string()).collect();
    assert_eq!(left, ["/9", "/9/1", "/90/0"]);
}

#[test]
fn a_notification_is_confirmable_when_anything_it_tells_of_asks_for_it() {
    let mut tree = AttributeTree::default();
    assert_eq!(tree.confirmable(path("/9")), None);
    for (at, query) in [("/9/0/5/1", "con=1"), ("/9/1", "con=0"), ("/9/2/1", "con=0")] {
        tree.write(path(at), &parse(query).unwrap()).unwrap();
    }
    for (at, expected) in [
        ("/9", Some(true)),
        ("/9/0", Some(true)),
        ("/9/0/5", Some(true)),
        ("/9/0/5/1", Some(true)),
        ("/9/0/5/2", None),
        ("/9/1/5", Some(false)),
        ("/9/2", None),
    ] {
        assert_eq!(tree.confirmable(path(at)), expected, "{at}");
    }
}

#[test]
fn conditions_that_meet_by_inheritance_and_exclude_each_other_have_no_effect() {
    let near = Attributes::default().lt(5.0).pmin(1).epmax(10);
    let both = near.or(&Attributes::default().gt(5.0).st(1.0).epmin(10).pmax(3).lt(9.0));
    assert_eq!(both.in_force(), Attributes::default().pmin(1).pmax(3));
    let fine = near.or(&Attributes::default().gt(5.5).epmin(9));
    assert_eq!(fine.in_force(), fine);
}

#[test]
fn the_number_of_nodes_with_attributes_is_limited() {
    let mut tree = AttributeTree::default();
    let pmin = Attributes::default().pmin(1).into();
    let refused = (0..2000).find(|id| tree.write(Path::new(&[9, *id]).unwrap(), &pmin).is_err());
    assert_eq!(refused, Some(1024));
    assert_eq!(tree.write(path("/9/3"), &Attributes::default().pmax(1).into()), Ok(()), "one that is there");
    tree.write(path("/9/4"), &AttributeEdit::default().unset(Attribute::Pmin)).unwrap();
    assert_eq!(tree.write(path("/9/2000"), &pmin), Ok(()));
}

#[test]
fn one_attribute_after_the_other() {
    let mut attributes = Attributes::default();
    for (name, value) in [("pmin", Some("10")), ("gt", Some("-5e-1")), ("lt", Some("-2")), ("pmin", None)] {
        attributes.assign(name, value).unwrap();
    }
    assert_eq!(attributes.to_string(), ";gt=-0.5;lt=-2");
    assert!(attributes.assign("ver", Some("1.0")).is_err());
    attributes.assign("gt", Some("1e300")).unwrap();
    assert!(!attributes.to_string().contains('e'), "no exponent: {attributes}");
}

fn some_edit() -> impl Strategy<Value = AttributeEdit> {
    let count = || proptest::option::of(any::<u32>());
    let flag = || proptest::option::of(any::<bool>());
    let number = || proptest::option::of(any::<f64>().prop_filter("finite", |number| number.is_finite()));
    let set = (count(), count(), number(), number(), number(), count(), count(), flag(), flag(), count());
    (set, any::<u16>()).prop_map(|((pmin, pmax, gt, lt, st, epmin, epmax, edge, con, hqmax), unset)| {
        let mut set = Attributes::default();
        (set.pmin, set.pmax, set.gt, set.lt, set.st) = (pmin, pmax, gt, lt, st.map(f64::abs));
        (set.epmin, set.epmax, set.edge, set.con, set.hqmax) = (epmin, epmax, edge, con, hqmax);
        let taken = Attribute::ALL.into_iter().enumerate().filter(|(i, _)| unset & (1 << i) != 0);
        taken.fold(AttributeEdit::from(set), |edit, (_, attribute)| edit.unset(attribute))
    })
}

proptest! {
    #[test]
    fn an_edit_and_its_parameters_are_the_same(edit in some_edit()) {
        let parameters: Vec<_> = edit.parameters().collect();
        let parsed = AttributeEdit::parse(parameters.iter().map(String::as_str));
        match edit.attributes().check() {
            Ok(()) => prop_assert_eq!(parsed, Ok(edit)),
            Err(_) => prop_assert!(parsed.is_err()),
        }
    }

    #[test]
    fn whatever_is_accepted_goes_together(edits in proptest::collection::vec(some_edit(), 1..8)) {
        let mut tree = AttributeTree::default();
        for edit in edits {
            let before = tree.clone();
            if tree.write(Path::ROOT, &edit).is_err() {
                prop_assert_eq!(&tree, &before);
            }
            prop_assert_eq!(tree.at(Path::ROOT).check(), Ok(()));
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "[a-z=0-9.&+-]{0,40}") {
        let _ = parse(&text);
    }
}
