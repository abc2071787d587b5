//! TLV beyond the vectors: the forms of each target, errors that name the place, Create, limits, untyped values.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, Code, InstanceId, Kind, Model, NoModel, Node, ObjectDef, ObjectId, Ops, Path, Rejection,
    ResourceDef, ResourceId, Tree, Value, Version,
    codec::{self, ContentFormat, Context, DecodeError},
};

static DEVICE: ObjectDef = {
    const RESOURCES: &[ResourceDef] = &const {
        [
            ResourceDef::new(4, "Reboot", Kind::Executable, Ops::E),
            ResourceDef::new(6, "Available Power Sources", Kind::Integer, Ops::R).multiple(),
            ResourceDef::new(9, "Battery Level", Kind::Integer, Ops::R),
            ResourceDef::new(14, "UTC Offset", Kind::String, Ops::RW),
        ]
    };
    ObjectDef::new(3, "Device", RESOURCES)
};
static TEMPERATURE: ObjectDef = {
    const RESOURCES: &[ResourceDef] =
        &const { [ResourceDef::new(5700, "Sensor Value", Kind::Float, Ops::R)] };
    ObjectDef::new(3303, "Temperature", RESOURCES).multiple()
};

fn model() -> Vec<&'static ObjectDef> {
    vec![&DEVICE, &TEMPERATURE]
}

fn cx(model: &dyn Model) -> Context<'_> {
    Context { model, version: Version::V1_1, tree: &Tree::DEFAULT }
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn decode(at: &str, bytes: &[u8]) -> Result<Node, DecodeError> {
    codec::decode(ContentFormat::TLV, &cx(&model()), path(at), bytes)
}

fn refusal(at: &str, bytes: &[u8]) -> String {
    decode(at, bytes).expect_err(at).to_string()
}

fn integer(number: i64) -> Node {
    Node::Value(Value::Integer(number))
}

fn sources() -> Node {
    Node::Multiple(BTreeMap::from([(0, Value::Integer(1)), (1, Value::Integer(5))]))
}

#[test]
fn each_target_has_its_forms() {
    let battery = Node::Instance(BTreeMap::from([(ResourceId(9), integer(100))]));
    let whole = Node::Object(BTreeMap::from([(InstanceId(0), battery.clone())]));
    for (at, bytes, expected) in [
        ("/3", &[0x03, 0, 0xc1, 9, 100][..], &whole),
        ("/3", &[0xc1, 9, 100], &whole), // bare resources of an object with one instance
        ("/3/0", &[0xc1, 9, 100], &battery),
        ("/3/0", &[0x03, 0, 0xc1, 9, 100], &battery),
        ("/3/0/9", &[0xc1, 9, 100], &integer(100)),
        ("/3/0/9", &[0x03, 0, 0xc1, 9, 100], &integer(100)),
        ("/3/0/6", &[0x86, 6, 0x41, 0, 1, 0x41, 1, 5], &sources()),
        ("/3/0/6", &[0x41, 0, 1, 0x41, 1, 5], &sources()),
        ("/3/0/6", &[0x08, 0, 8, 0x86, 6, 0x41, 0, 1, 0x41, 1, 5], &sources()),
        ("/3/0/6", &[], &Node::Multiple(BTreeMap::new())),
        ("/3/0/6", &[0x80, 6], &Node::Multiple(BTreeMap::new())),
        ("/3/0/6/1", &[0x41, 1, 5], &integer(5)),
        ("/3/0/6/1", &[0x83, 6, 0x41, 1, 5], &integer(5)),
        ("/3/0", &[], &Node::Instance(BTreeMap::new())),
    ] {
        assert_eq!(decode(at, bytes).as_ref(), Ok(expected), "{at} {bytes:x?}");
    }
}

#[test]
fn errors_name_the_place() {
    for (at, bytes, expected) in [
        ("/3/0", &[0xc1, 9, 100, 0xd0, 14, 1, 0x2c][..], "byte 3: length 300 runs past the end"),
        ("/3/0", &[0xc1], "byte 0: the identifier is cut off"),
        ("/3/0", &[0xc1, 9, 100, 0xc8, 14], "byte 3: the length is cut off"),
        ("/3/0", &[0x82, 6, 0x41, 0], "byte 2: length 1 runs past the end"),
        ("/3/0", &[0xe1, 0xff, 0xff, 1], "byte 0: the identifier 65535 is reserved"),
        ("/3/0", &[0xc1, 9, 1, 0xc1, 9, 1], "byte 3: the identifier 9 stands here twice"),
        ("/3/0", &[0x41, 0, 1], "byte 0: a resource is expected here"),
        ("/3/0", &[0x83, 6, 0xc1, 0, 1], "byte 2: a resource instance is expected here"),
        ("/3303", &[0xc1, 0, 1], "byte 0: an object instance is expected here"),
        ("/3/0", &[0x00, 0, 0xc1, 9, 1], "byte 2: nothing more is expected here"),
        ("/3/0", &[0x00, 1], "/3/1 is outside the path of the request"),
        ("/3/0/9", &[0xc1, 10, 1], "/3/0/10 is outside the path of the request"),
        ("/3/0/6/0", &[0x41, 1, 5], "/3/0/6/1 is outside the path of the request"),
        ("/3/0/6/0", &[], "byte 0: a value is expected here"),
        ("/3/0/6/0", &[0x86, 6, 0x41, 0, 1, 0x41, 1, 5], "byte 5: nothing more is expected here"),
        ("/3/0", &[0xc3, 9, 0, 0, 1], "/3/0/9: expected Integer, which has 1, 2, 4 or 8 bytes"),
        ("/3/0", &[0xc1, 14, 0xff], "/3/0/14: expected String, which is UTF-8"),
        ("/3/0", &[0x83, 6, 0x40, 7, 0], "/3/0/6/7: expected Integer, which has 1, 2, 4 or 8 bytes"),
        ("/3/0", &[0x83, 9, 0x41, 0, 1], "/3/0/9: expected Integer, found multiple"),
        ("/3/0", &[0xc1, 6, 1], "/3/0/6: expected multiple, found Integer"),
        ("/3/0/9", &[], "/3/0/9: expected Integer, found multiple"),
        ("/", &[], "content format 11542 cannot carry /"),
    ] {
        assert_eq!(refusal(at, bytes), expected, "{at} {bytes:x?}");
    }
}

#[test]
fn without_a_definition_values_are_opaque_and_the_entry_says_what_is_multiple() {
    let bytes = [0xc1, 77, 5, 0x83, 78, 0x41, 0, 1, 0xc1, 4, 0xff];
    let opaque = |octets: &'static [u8]| Value::Opaque(Bytes::from_static(octets));
    let expected = Node::Instance(BTreeMap::from([
        (ResourceId(4), Node::Value(opaque(&[0xff]))), // executable: its owner refuses it
        (ResourceId(77), Node::Value(opaque(&[5]))),
        (ResourceId(78), Node::Multiple(BTreeMap::from([(0, opaque(&[1]))]))),
    ]));
    assert_eq!(decode("/3/0", &bytes).as_ref(), Ok(&expected));
    assert_eq!(codec::decode(ContentFormat::TLV, &cx(&NoModel), path("/3/0"), &bytes), Ok(expected.clone()));
    let mut again = Vec::new();
    codec::encode(ContentFormat::TLV, &cx(&NoModel), path("/3/0"), &expected, &mut again).unwrap();
    assert_eq!(again, [0xc1, 4, 0xff, 0xc1, 77, 5, 0x83, 78, 0x41, 0, 1]);
}

#[test]
fn a_create_has_ids_for_all_or_one_instance_without() {
    let create = |object, bytes: &[u8]| {
        codec::decode_create(ContentFormat::TLV, &cx(&model()), ObjectId(object), bytes)
    };
    let battery = |level| vec![(ResourceId(9), integer(level))];
    assert_eq!(create(3, &[]), Ok(vec![(None, vec![])]));
    assert_eq!(create(3, &[0xc1, 9, 5]), Ok(vec![(None, battery(5))]));
    let two = [0x03, 1, 0xc1, 9, 5, 0x03, 7, 0xc1, 9, 6];
    assert_eq!(
        create(3, &two),
        Ok(vec![(Some(InstanceId(1)), battery(5)), (Some(InstanceId(7)), battery(6))])
    );
    let error = create(3303, &[0xe1, 0x16, 0x44, 1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "resource 5700 of the new instance of /3303: expected Float, which has 4 or 8 bytes"
    );
    assert!(create(3, &[0x03, 1, 0xc1, 9, 5, 0xc1, 9, 6]).is_err());
    assert!(create(3, &[0x03, 1, 0xc1, 9, 5, 0x03, 1, 0xc1, 9, 6]).is_err());

    let model = model();
    let write = |new: &[codec::NewInstance]| {
        let mut out = Vec::new();
        codec::encode_create(ContentFormat::TLV, &cx(&model), ObjectId(3), new, &mut out).map(|()| out)
    };
    assert_eq!(write(&[(None, battery(5))]).unwrap(), [0xc1, 9, 5]);
    assert_eq!(write(&create(3, &two).unwrap()).unwrap(), two);
    assert!(write(&[]).is_err());
    assert!(write(&[(None, battery(5)), (Some(InstanceId(1)), battery(6))]).is_err());
    assert!(write(&[(Some(InstanceId(1)), vec![]), (Some(InstanceId(1)), vec![])]).is_err());
    assert!(write(&[(None, [battery(5), battery(6)].concat())]).is_err());
}

#[test]
fn numbers_are_written_as_the_kind_that_is_defined() {
    let model = model();
    let write = |at: &str, value| {
        let mut out = vec![1];
        let written = codec::encode(ContentFormat::TLV, &cx(&model), path(at), &Node::Value(value), &mut out);
        (written.map_err(|error| error.to_string()), out[1..].to_vec())
    };
    assert_eq!(write("/3303/0/5700", Value::Integer(1)), (Ok(()), vec![0xe4, 0x16, 0x44, 0x3f, 0x80, 0, 0]));
    assert_eq!(write("/3/0/9", Value::Unsigned(200)), (Ok(()), vec![0xc2, 9, 0, 200]));
    let (error, out) = write("/3/0/9", Value::Boolean(true));
    assert_eq!((error.unwrap_err().as_str(), out), ("/3/0/9: expected Integer, found Boolean", vec![]));
    let (error, _) = write("/3/0/6", Value::Integer(1));
    assert_eq!(error.unwrap_err(), "/3/0/6: expected multiple, found Integer");
}

#[test]
fn what_is_too_long_or_nested_wrongly_is_not_written() {
    let mut out = vec![1, 2];
    let long = Node::Value(Value::Opaque(Bytes::from(vec![0; 1 << 24])));
    let wrong = Node::Instance(BTreeMap::from([
        (ResourceId(0), integer(1)),
        (ResourceId(1), Node::Instance(BTreeMap::new())),
    ]));
    for (at, node, expected) in [
        ("/9/0/0", &long, "/9/0/0 is too long for the format"),
        ("/9/0", &wrong, "content format 11542 cannot carry /9/0/1"),
        ("/9", &wrong, "content format 11542 cannot carry /9"),
        ("/", &Node::Root(BTreeMap::new()), "content format 11542 cannot carry /"),
    ] {
        let error = codec::encode(ContentFormat::TLV, &cx(&NoModel), path(at), node, &mut out).unwrap_err();
        assert_eq!((error.to_string().as_str(), out.as_slice()), (expected, &[1, 2][..]));
    }
}

#[test]
fn the_number_of_values_is_limited() {
    // two instances, each with as many distinct empty resources as ids allow
    let resources: Vec<u8> = (0..40_000_u16).flat_map(|id| [0xe0, (id >> 8) as u8, id as u8]).collect();
    let [_, a, b, c] = u32::try_from(resources.len()).unwrap().to_be_bytes();
    let instance = |id| [&[0x18, id, a, b, c][..], &resources].concat();
    assert!(codec::decode(ContentFormat::TLV, &cx(&NoModel), path("/9"), &instance(0)).is_ok());
    let both = [instance(0), instance(1)].concat();
    let error = codec::decode(ContentFormat::TLV, &cx(&NoModel), path("/9"), &both).unwrap_err();
    assert_eq!(error, DecodeError::TooLarge("values"));
    assert_eq!(Rejection::from(error).code, Code::REQUEST_ENTITY_TOO_LARGE);
}
