//! Link payloads: the vectors, what sloppy devices send, what is refused, and that printing and parsing are inverse.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use lwm2m_core::{
    Attributes, Links, MAX_LINKS, ObjectId, ObjectLink, ObjectVersion, Path, Tree, Version,
    codec::ContentFormat,
};
use proptest::prelude::*;
use serde_json::Value as Json;

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn paths(links: &Links) -> Vec<String> {
    links.objects.iter().map(|link| link.path.to_string()).collect()
}

fn refusal(text: &str) -> String {
    Links::parse(text).expect_err(text).to_string()
}

#[test]
fn vectors() {
    let file: Json = serde_json::from_str(include_str!("vectors/vectors.json")).unwrap();
    let of_links = |vector: &&Json| vector["kind"] == "link";
    let mut seen = 0;
    for vector in file["extras"].as_array().unwrap().iter().filter(of_links) {
        let (id, text) = (&vector["id"], vector["text"].as_str().unwrap());
        let parsed = Links::parse(text);
        seen += 1;
        if vector["valid"] == false {
            assert!(parsed.is_err(), "{id}: {} but got {parsed:?}", vector["reject_reason"]);
            continue;
        }
        let links = parsed.unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut objects = links.objects.iter();
        for expected in vector["links"].as_array().unwrap() {
            let target = expected["target"].as_str().unwrap();
            if target == "/" || expected["rt"] == "oma.lwm2m" {
                check_root(&links, expected);
            } else {
                check_link(&links.tree, objects.next().unwrap(), expected);
            }
        }
        assert_eq!(objects.next(), None, "{id}");
    }
    assert!(seen >= 10, "the vectors are gone");
}

fn check_root(links: &Links, expected: &Json) {
    let tree = if expected["rt"] == "oma.lwm2m" { expected["target"].as_str().unwrap() } else { "/" };
    assert_eq!(links.tree, Tree::below(tree).unwrap());
    assert_eq!(links.version.map(Version::as_str), expected["lwm2m"].as_str());
    let formats = expected["ct"].as_array().map_or(&[][..], |list| list);
    assert!(formats.iter().map(|n| n.as_u64()).eq(links.formats.iter().map(|f| Some(u64::from(f.0)))));
}

fn check_link(tree: &Tree, link: &ObjectLink, expected: &Json) {
    assert_eq!(format!("{}{}", tree.prefix(), link.path), expected["target"].as_str().unwrap());
    assert_eq!(link.version.map(|version| version.to_string()).as_deref(), expected["ver"].as_str());
    assert_eq!(link.dimension.map(u64::from), expected["dim"].as_u64());
    assert_eq!(link.short_server_id.map(u64::from), expected["ssid"].as_u64());
    assert_eq!(link.uri.as_deref(), expected["uri"].as_str());
    assert_eq!(link.attributes.pmin.map(u64::from), expected["pmin"].as_u64());
    assert_eq!(link.attributes.pmax.map(u64::from), expected["pmax"].as_u64());
    assert_eq!(link.attributes.gt, expected["gt"].as_f64());
    assert_eq!(link.attributes.lt, expected["lt"].as_f64());
}

#[test]
fn canonical_payloads_print_as_they_were() {
    for text in [
        "",
        "</5>",
        "</>;ct=112,</1/0>,</3/0>",
        "</>;ct=\"110 112 60\",</1/0>,</1/1>,</3/0>,</5>",
        "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/1/0>,</lwm2m/3/0>",
        "</lwm2m>;rt=\"oma.lwm2m\";ct=\"110 112\",</lwm2m/1/0>",
        "</1>;ver=1.0,</1/0>,</1/1>,</3/0>",
        "</>;lwm2m=1.1,</0/0>;ssid=101;uri=\"coaps://server_1.example.com\",</0/1>,</1/0>;ssid=101,</3/0>",
        "lwm2m=\"1.0\",</0/0>;ssid=101,</0/1>,</1/0>;ssid=101,</3/0>",
        "</3>;pmin=10,</3/0>;pmax=60,</3/0/1>,</3/0/6>;dim=2,</3/0/7>;dim=2;gt=50;lt=42.2",
        "</3/0/7>;dim=2;pmin=10;pmax=60;gt=50;lt=42.2,</3/0/7/0>,</3/0/7/1>;lt=45",
        "</3303/0/5700>;lt=-10;st=0.5;epmin=1;epmax=20;con=1;hqmax=5,</3342/0/5500>;edge=0",
    ] {
        assert_eq!(Links::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn sloppy_payloads_mean_what_they_seem_to() {
    let same = |sloppy: &str, clean: &str| {
        assert_eq!(Links::parse(sloppy), Links::parse(clean), "{sloppy}");
    };
    same("</1/0>, </3/0>,\r\n</5>  ", "</1/0>,</3/0>,</5>");
    same("</1/0/>,</3/>", "</1/0>,</3>");
    same("</> ; rt=\"oma.lwm2m\" ; ct = 110 , </1/0>", "</>;ct=110,</1/0>");
    same("</>;ct=110;ct=\"112 110\",</1/0>", "</>;ct=\"110 112\",</1/0>");
    same("</>;ct=\"11543\";hb,</1/0>;if=\"a,b;c\";obs", "</>;ct=11543,</1/0>");
    same("</44/0>;ver=\"2.2\"", "</44/0>;ver=2.2");
    same("</1/0>;ssid=\"101\"", "</1/0>;ssid=101");
    same("lwm2m=1.0,</0/0>", "lwm2m=\"1.0\",</0/0>");
    same("</sensors/temp>;rt=\"x\",</1/0>,</3/a>,</65535>,</1/2/3/4/5>,<coap://h/3>", "</1/0>");
    same("</3/0>;pmin", "</3/0>");
    same("</3/0>;if=\"\" ,<>", "</3/0>");
    assert_eq!(Links::parse(" ").unwrap(), Links::default());
}

#[test]
fn an_alternate_path_is_stripped_wherever_it_is_announced() {
    let clean = "</lwm2m>;rt=\"oma.lwm2m\";ct=110,</lwm2m/1/0>,</lwm2m/3/0>";
    for text in [
        "</lwm2m/1/0>,</lwm2m/>;ct=110;rt=\"oma.lwm2m\",</lwm2m/3/0>",
        "</lwm2m>;rt=\"x oma.lwm2m\";ct=110,</7>,</lwm2m/1/0>,</lwm2max/5/0>,</lwm2m/3/0/>",
    ] {
        let links = Links::parse(text).unwrap();
        assert_eq!(links.tree, Tree::below("/lwm2m").unwrap());
        assert_eq!(paths(&links), ["/1/0", "/3/0"]);
        assert_eq!(links.to_string(), clean);
    }
    // the first announcement counts
    let links = Links::parse("</a>;rt=\"oma.lwm2m\",</a/3>,</b>;rt=\"oma.lwm2m\",</b/5>").unwrap();
    assert_eq!((links.tree.prefix(), paths(&links)), ("/a", vec!["/3".to_owned()]));
    assert_eq!(refusal("</a/3>;rt=\"oma.lwm2m\""), "byte 0: an alternate path has no numeric segment");
}

#[test]
fn a_discover_is_read_in_the_tree_of_its_request() {
    let tree = Tree::below("/lwm2m").unwrap();
    let text = "</lwm2m/3/0>;pmin=10,</lwm2m/3/0/9>";
    let links = Links::parse_in(tree.clone(), text).unwrap();
    assert_eq!(paths(&links), ["/3/0", "/3/0/9"]);
    assert_eq!(ObjectLink::list(&tree, &links.objects).to_string(), text);
}

#[test]
fn the_version_of_an_object_may_stand_at_its_instance() {
    let links = Links::parse("</44/0>;ver=2.2,</3/0>,</55>;ver=\"1.9\",</55/0>,</55/1>").unwrap();
    let version = |object| links.object_version(ObjectId(object), Version::V1_1);
    assert_eq!(version(44), ObjectVersion(2, 2));
    assert_eq!(version(55), ObjectVersion(1, 9));
    assert_eq!(version(3), ObjectVersion(1, 1)); // of the enabler
    assert_eq!(version(3303), ObjectVersion(1, 0));
}

#[test]
fn errors_name_the_byte() {
    for (text, expected) in [
        ("</1/0,</3/0>", "byte 0: this < has no >"),
        ("</1/0>,</3", "byte 7: this < has no >"),
        ("</0/0>;uri=\"x", "byte 11: this quote does not end"),
        ("</0/0>;uri=\"x\\\"", "byte 11: this quote does not end"),
        ("</1/0>;=3", "byte 7: an attribute has no name"),
        ("</1/0>;", "byte 7: an attribute has no name"),
        ("</1/0>;;ver=1.1", "byte 7: an attribute has no name"),
        ("</1/0>; ,</3/0>", "byte 8: an attribute has no name"),
        ("</1/0>;rt=", "byte 10: a value is missing; an empty one is written \"\""),
        ("</>;ct=,</3/0>", "byte 7: a value is missing; an empty one is written \"\""),
        ("</>;ct=110 112", "byte 10: what has a space in it is written in quotes"),
        ("</1/0>;r t=x", "byte 8: what has a space in it is written in quotes"),
        ("</1/0>,", "byte 7: a link begins with <"),
        ("</1/0>,,</3/0>", "byte 7: a link begins with <"),
        ("/1/0,/3/0", "byte 0: a link begins with <"),
        ("</1/0></3/0>", "byte 6: a ; or a comma is missing"),
        ("</1>;ver=1.1</1/0>", "byte 12: a comma or a quote is missing before this"),
        ("</1>;ver=\"1.1\"</1/0>", "byte 14: a ; or a comma is missing"),
        ("</1>;ver=1", "byte 9: a version is written major.minor, for example 1.1"),
        ("</>;lwm2m=new", "byte 10: a version is written major.minor, for example 1.1"),
        ("</3>;pmin=abc", "byte 10: a whole number from 0 to 4294967295 is expected"),
        ("</3>;pmin=-1", "byte 10: a whole number from 0 to 4294967295 is expected"),
        ("</3/0/9>;gt=\"warm\"", "byte 12: a decimal number is expected"),
        ("</3/0/9>;st=-1", "byte 12: a step is not negative"),
        ("</3/0/6>;dim=70000", "byte 13: a whole number from 0 to 65535 is expected"),
        ("</>;ct=\"110 json\"", "byte 7: a whole number from 0 to 65535 is expected"),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn the_number_of_links_is_limited() {
    let payload = |links: usize| vec!["</1>"; links].join(",");
    assert_eq!(Links::parse(&payload(MAX_LINKS)).unwrap().objects.len(), MAX_LINKS);
    assert!(refusal(&payload(MAX_LINKS + 1)).ends_with("there are too many links"));
    // links that are passed over count as well, so that the time is bounded
    assert!(refusal(&vec!["</x>"; MAX_LINKS + 1].join(",")).ends_with("there are too many links"));
    assert!(refusal(&" ".repeat(2 << 20)).ends_with("the payload is too long"));
}

fn some_attributes() -> impl Strategy<Value = Attributes> {
    let float = || {
        proptest::option::of(prop_oneof![
            -1e6..1e6_f64,
            any::<f64>().prop_filter("finite", |f| f.is_finite())
        ])
    };
    let count = || proptest::option::of(any::<u32>());
    let flag = || proptest::option::of(any::<bool>());
    (count(), count(), float(), float(), float(), count(), count(), flag(), flag(), count()).prop_map(
        |(pmin, pmax, gt, lt, st, epmin, epmax, edge, con, hqmax)| {
            let mut attributes = Attributes::default();
            (attributes.pmin, attributes.pmax, attributes.gt, attributes.lt) = (pmin, pmax, gt, lt);
            (attributes.st, attributes.epmin, attributes.epmax) = (st.map(f64::abs), epmin, epmax);
            (attributes.edge, attributes.con, attributes.hqmax) = (edge, con, hqmax);
            attributes
        },
    )
}

fn some_link() -> impl Strategy<Value = ObjectLink> {
    let id = 0..65535_u16;
    let version = proptest::option::of((any::<u8>(), any::<u8>()));
    let ids = proptest::collection::vec(id, 1..=4);
    let words = (proptest::option::of(any::<u16>()), proptest::option::of(any::<u16>()));
    (ids, version, words, proptest::option::of(".{0,12}"), some_attributes()).prop_map(
        |(ids, version, (dimension, short_server_id), uri, attributes)| {
            let mut link = ObjectLink::new(Path::new(&ids).unwrap());
            link.version = version.map(|(major, minor)| ObjectVersion(major, minor));
            (link.dimension, link.short_server_id, link.uri) = (dimension, short_server_id, uri);
            link.attributes = attributes;
            link
        },
    )
}

fn some_links() -> impl Strategy<Value = Links> {
    let tree = prop_oneof![Just("/"), Just("/lwm2m"), Just("/a/b")];
    let formats = proptest::collection::hash_set(any::<u16>(), 0..4);
    let version = prop_oneof![Just(None), Just(Some(Version::V1_0)), Just(Some(Version::V1_2))];
    (tree, formats, version, proptest::collection::vec(some_link(), 0..6)).prop_map(
        |(tree, formats, version, objects)| {
            let mut links = Links::default();
            links.tree = Tree::below(tree).unwrap();
            links.formats = formats.into_iter().map(ContentFormat).collect();
            (links.version, links.objects) = (version, objects);
            links
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed_again(links in some_links()) {
        prop_assert_eq!(Links::parse(&links.to_string()), Ok(links));
    }

    #[test]
    fn any_text_gives_links_or_an_error_within_it(text in "[<>/;,=\" \\\\a-c0-9é]{0,60}|\\PC{0,40}") {
        match Links::parse(&text) {
            Ok(links) => prop_assert_eq!(Links::parse(&links.to_string()), Ok(links)),
            Err(error) => prop_assert!(error.position <= text.len()),
        }
    }

    #[test]
    fn a_cut_payload_does_not_panic(links in some_links(), cut in any::<proptest::sample::Index>()) {
        let text = links.to_string();
        let cut = (0..=cut.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let _ = Links::parse(&text[..cut]);
    }
}

#[test]
fn the_path_of_a_new_link_is_all_it_says() {
    assert_eq!(ObjectLink::list(&Tree::DEFAULT, &[ObjectLink::new(path("/3/0"))]).to_string(), "</3/0>");
}
