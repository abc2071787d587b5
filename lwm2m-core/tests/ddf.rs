//! OMA's XML at run time: what is read, and that every refusal names file, line and rule.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use lwm2m_core::{
    Definitions, Interval, Kind, Model as _, ObjectDef, ObjectId, ObjectVersion, Ops, ResourceId,
    ddf::{self, Rule},
};

/// The parts of an object that have a line of their own here.
const HEAD: &str = "<LWM2M>
<Object ObjectType=\"MODefinition\">
<Name>Tank</Name>
<ObjectID>32800</ObjectID>
<ObjectURN>urn:oma:lwm2m:x:32800:1.2</ObjectURN>
<LWM2MVersion>1.1</LWM2MVersion>
<ObjectVersion>1.2</ObjectVersion>
<MultipleInstances>Multiple</MultipleInstances>
<Mandatory>Optional</Mandatory>
<Resources>
";
const TAIL: &str = "</Resources></Object></LWM2M>";

fn item(id: &str, operations: &str, of: &str, range: &str) -> String {
    format!(
        "<Item ID=\"{id}\"><Name> Fill \n level</Name><Operations>{operations}</Operations>\
         <MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory><Type>{of}</Type>\
         <RangeEnumeration>{range}</RangeEnumeration><Units>%</Units></Item>\n"
    )
}

fn file(items: &str) -> String {
    format!("{HEAD}{items}{TAIL}")
}

fn problems(xml: &str) -> Vec<String> {
    ddf::parse("tank.xml", xml).unwrap_err().0.iter().map(ToString::to_string).collect()
}

#[test]
fn an_object_is_read_with_everything_that_a_program_can_use() {
    let xml = file(&(item("7", "RW", "Integer", "0..100") + &item("3", "E", "", "")));
    let read = ddf::parse("tank.xml", &format!("\u{feff}<?xml version=\"1.0\"?>{xml}")).unwrap();
    assert_eq!(read.notes, []);
    let model: Definitions = read.objects.into_iter().collect();
    let tank = model.object(ObjectId(32800)).unwrap();
    assert_eq!((tank.name(), tank.object_version()), ("Tank", ObjectVersion(1, 2)));
    assert!(tank.is_multiple() && !tank.is_mandatory());
    let level = tank.resource(ResourceId(7)).unwrap();
    assert_eq!((level.name(), level.kind(), level.ops()), ("Fill level", Kind::Integer, Ops::RW));
    assert_eq!((level.bounds(), level.unit_name()), (&[Interval::Integer(0, 100)][..], Some("%")));
    assert!(level.is_mandatory() && !level.is_multiple());
    assert_eq!(tank.resource(ResourceId(3)).unwrap().kind(), Kind::Executable);
    let ids: Vec<_> = tank.resources().iter().map(|def| def.id().0).collect();
    assert_eq!(ids, [3, 7], "by id");
}

#[test]
fn every_broken_rule_is_told_with_its_line() {
    let items =
        item("1", "RX", "Integer", "") + &item("70000", "R", "Number", "") + &item("2", "E", "Float", "");
    assert_eq!(
        problems(&file(&items).replace("<ObjectVersion>1.2<", "<ObjectVersion>1<")),
        [
            "tank.xml:7: ObjectVersion is written major.minor, for example 1.1, not `1`",
            "tank.xml:12: Operations is one of R, W, RW, E or nothing, not `RX`",
            "tank.xml:13: ID of an Item is a number from 0 to 65534, not `70000`",
            "tank.xml:14: Type is one of String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk, \
             Corelnk or nothing, not `Number`",
            "tank.xml:15: resource 2 is executable and has a Type",
        ]
    );
}

#[test]
fn elements_are_there_once_and_ids_are_unique() {
    let two = file(&(item("1", "R", "Float", "") + &item("1", "R", "Float", "")));
    assert_eq!(problems(&two), ["tank.xml:13: resource 1 is defined twice"]);
    let gone = file("").replace("<Mandatory>Optional</Mandatory>\n", "");
    assert_eq!(problems(&gone), ["tank.xml:2: Mandatory is missing in Object"]);
    let again = file("").replace("<Name>Tank</Name>", "<Name>Tank</Name><Name>Vat</Name>");
    assert_eq!(problems(&again), ["tank.xml:3: Name stands twice in Object"]);
    let reserved = file("").replace("<ObjectID>32800", "<ObjectID>65535");
    assert_eq!(problems(&reserved), ["tank.xml:4: ObjectID is a number from 0 to 65534, not `65535`"]);
}

#[test]
fn what_is_no_definition_is_refused() {
    assert_eq!(problems("<DDFList/>"), ["tank.xml:1: the root element is LWM2M, not DDFList"]);
    assert_eq!(problems("<LWM2M>\n</LWM2M>"), ["tank.xml:1: there is no Object in it"]);
    let open = ddf::parse("a", "<LWM2M>\n<Object>\n</LWM2M>").unwrap_err();
    assert!(matches!(&open.0[..], [problem] if problem.line == 3 && matches!(problem.rule, Rule::Xml(_))));
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>\n<LWM2M>&c;</LWM2M>";
    assert!(
        matches!(&ddf::parse("a", bomb).unwrap_err().0[..], [problem] if matches!(problem.rule, Rule::Xml(_)))
    );
    let huge = " ".repeat(ddf::MAX_FILE + 1);
    assert_eq!(ddf::parse("a", &huge).unwrap_err().0[0].rule, Rule::TooLarge);
}

#[test]
fn a_file_of_nothing_but_mistakes_is_refused_in_good_time() {
    let objects = "<Object/>".repeat(300_000);
    assert_eq!(problems(&format!("<LWM2M>{objects}</LWM2M>")).len(), ddf::MAX_PROBLEMS);
    let deep = format!("<LWM2M>{}{}</LWM2M>", "<a>".repeat(300_000), "</a>".repeat(300_000));
    assert_eq!(problems(&deep), ["tank.xml:1: there is no Object in it"]);
}

#[test]
fn oddities_that_do_no_harm_are_notes() {
    let xml = file(&(item("1", "R", "Integer", "<![CDATA[<7]]> to 12") + &item("2", "RW", "", "")));
    let read = ddf::parse("tank.xml", &xml.replace(":32800:1.2", ":32800:1.1")).unwrap();
    let notes: Vec<_> = read.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "tank.xml:12: the range of resource 1 is left open: `<7 to 12`",
            "tank.xml:13: resource 2 has no Type; it is taken for String",
            "tank.xml:5: ObjectURN is `urn:oma:lwm2m:x:32800:1.1`, and from ObjectID and ObjectVersion follows \
             `urn:oma:lwm2m:x:32800:1.2`",
        ]
    );
    let kinds: Vec<_> = read.objects.iter().flat_map(ObjectDef::resources).map(|def| def.kind()).collect();
    assert_eq!(kinds, [Kind::Integer, Kind::String]);
    assert!(read.objects[0].resources()[0].bounds().is_empty());
}
