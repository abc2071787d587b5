//! Data types and structs in JSON and back.

use std::collections::BTreeMap;

use lwm2m_core::{
    Bytes, Enumeration, Executable, InstanceId, Kind, Node, Object, ObjectId, ObjectType as _, ObjectVersion,
    Objlnk, Path, ResourceId, Secret, SecretText, Time, Tree, UnixTime, Value, Version,
    codec::{ContentFormat, Stamp, Timed},
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// It is written like this, and read as what it was.
#[track_caller]
fn is<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, written: &serde_json::Value) {
    assert_eq!(&serde_json::to_value(value).expect("it is written"), written);
    let text = serde_json::to_string(value).expect("it is written");
    assert_eq!(&serde_json::from_str::<T>(&text).expect("it is read"), value);
}

#[test]
fn places_and_versions_are_texts_and_numbers() {
    is(&"/3303/0/5700".parse::<Path>().unwrap(), &json!("/3303/0/5700"));
    is(&Path::ROOT, &json!("/"));
    is(&Tree::below("/lwm2m").unwrap(), &json!("/lwm2m"));
    is(&Tree::DEFAULT, &json!("/"));
    is(&(ObjectId(3303), InstanceId(0), ResourceId(5700)), &json!([3303, 0, 5700]));
    is(&Version::V1_2, &json!("1.2"));
    is(&ObjectVersion(2, 10), &json!("2.10"));
    is(&Objlnk::NULL, &json!("65535:65535"));
    is(&Kind::Unsigned, &json!("Unsigned"));
    is(&Time(-1), &json!(-1));
    is(&UnixTime(1_700_000_000_000_000), &json!(1_700_000_000_000_000_i64));
    is(&ContentFormat::SENML_CBOR, &json!(112));
}

#[test]
fn values_keep_their_kind() {
    is(&Value::Integer(5), &json!({"Integer": 5}));
    is(&Value::Unsigned(u64::MAX), &json!({"Unsigned": u64::MAX}));
    is(&Value::Float(5.0), &json!({"Float": 5.0}));
    is(&Value::Float(f64::NAN), &json!({"Float": "NaN"}));
    is(&Value::Float(f64::NEG_INFINITY), &json!({"Float": "-inf"}));
    is(&Value::Opaque(Bytes::from_static(&[0xfb, 0xff, 0])), &json!({"Opaque": "+/8A"}));
    is(&Value::Objlnk(Objlnk { object: ObjectId(3), instance: InstanceId(0) }), &json!({"Objlnk": "3:0"}));
    is(&Value::Corelnk("</3>".into()), &json!({"Corelnk": "</3>"}));
    let node = Node::Object(BTreeMap::from([(
        InstanceId(0),
        Node::Instance(BTreeMap::from([
            (ResourceId(6), Node::Multiple(BTreeMap::from([(1, Value::Boolean(true))]))),
            (ResourceId(13), Node::Value(Value::Time(7))),
        ])),
    )]));
    let resources = json!({"6": {"Multiple": {"1": {"Boolean": true}}}, "13": {"Value": {"Time": 7}}});
    is(&node, &json!({"Object": {"0": {"Instance": resources}}}));
    let timed = Timed {
        at: Some(Stamp::Ago(5)),
        tree: Tree::DEFAULT,
        path: Path::new(&[3]).unwrap(),
        node: Node::Value(Value::Boolean(false)),
    };
    let value = json!({"Value": {"Boolean": false}});
    is(&timed, &json!({"at": {"Ago": 5}, "tree": "/", "path": "/3", "node": value}));
}

#[test]
fn what_is_none_is_refused() {
    fn refused<T: DeserializeOwned>(text: &str) -> String {
        serde_json::from_str::<T>(text).err().expect("it is refused").to_string()
    }
    assert_eq!(refused::<Path>(r#""/3/65535""#), "path segment 2: 65535 is reserved at line 1 column 10");
    assert!(refused::<Path>("3303").contains("a path such as /3303/0/5700"));
    assert!(refused::<Objlnk>(r#""3""#).contains("object:instance"));
    assert!(refused::<Value>(r#"{"Opaque": "*"}"#).contains("Base64"));
    assert!(refused::<Value>(r#"{"Integer": 1.5}"#).contains("1.5"));
    assert!(refused::<Value>(r#"{"Float": "warm"}"#).contains("NaN"));
    assert!(refused::<Value>(r#"{"Colour": 1}"#).contains("Colour"));
}

#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq)]
enum Mode {
    #[default]
    Off,
    On,
}

#[derive(Object, Clone, Debug, Default)]
#[object(id = 32800, serde)]
struct Pump {
    #[resource(id = 3, ops = "rw", mandatory)]
    r#type: String,
    #[resource(id = 0, ops = "rw", mandatory)]
    mode: Mode,
    #[resource(id = 1, ops = "r")]
    flow: Option<f64>,
    #[resource(id = 2, ops = "r")]
    pictures: BTreeMap<u16, Bytes>,
    #[resource(id = 4, ops = "w", mandatory)]
    key: Secret,
    #[resource(id = 5, ops = "none")]
    password: Option<SecretText>,
    #[resource(id = 6, execute)]
    stop: Option<Executable>,
    #[resource(id = 7, execute, mandatory)]
    start: Executable,
    #[resource(skip)]
    seen: u32,
}

#[test]
fn structs_are_maps_of_their_fields_without_secrets() {
    let pump = Pump {
        r#type: "axial".into(),
        mode: Mode::On,
        flow: Some(f64::INFINITY),
        pictures: BTreeMap::from([(4, Bytes::from_static(b"x"))]),
        key: Secret::new(b"hunter2".to_vec()),
        password: Some("hunter2".into()),
        seen: 3,
        ..Pump::default()
    };
    let written = serde_json::to_value(&pump).unwrap();
    let shown = json!({"type": "axial", "mode": 1, "flow": "inf", "pictures": {"4": "eA=="}, "start": true});
    assert_eq!(written, shown);
    let back: Pump = serde_json::from_value(written).unwrap();
    let without = Pump { key: Secret::default(), password: None, seen: 0, ..pump };
    assert_eq!((back.changed(&without), back.stop, back.seen), (Vec::new(), None, 0));
}

#[test]
fn a_struct_needs_what_is_mandatory_and_takes_no_secret() {
    let read =
        |text: serde_json::Value| serde_json::from_value::<Pump>(text).map_err(|error| error.to_string());
    let least = read(json!({"type": "axial", "mode": 0, "stop": true, "of a newer version": [1]})).unwrap();
    assert_eq!((least.mode, least.stop, least.flow), (Mode::Off, Some(Executable), None));
    assert_eq!(read(json!({"mode": 0})).unwrap_err(), "missing field `type`");
    let error = read(json!({"type": "axial", "mode": 7})).unwrap_err();
    assert_eq!(error, "resource 0: the number is out of range");
    let error = read(json!({"type": "axial", "mode": 0, "key": "aGk="})).unwrap_err();
    assert_eq!(error, "key is a secret: set it in the program");
    assert!(read(json!({"type": 5, "mode": 0})).unwrap_err().contains("expected a string"));
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::String),
        any::<i64>().prop_map(Value::Integer),
        any::<u64>().prop_map(Value::Unsigned),
        any::<f64>().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        any::<Vec<u8>>().prop_map(|octets| Value::Opaque(octets.into())),
        any::<i64>().prop_map(Value::Time),
        any::<String>().prop_map(Value::Corelnk),
    ]
}

proptest! {
    #[test]
    fn nodes_come_back_as_they_were(
        resources in proptest::collection::btree_map(any::<u16>().prop_map(ResourceId), prop_oneof![
            value().prop_map(Node::Value),
            proptest::collection::btree_map(any::<u16>(), value(), 0..4).prop_map(Node::Multiple),
        ], 0..6),
    ) {
        let node = Node::Instance(resources);
        let text = serde_json::to_string(&node).expect("it is written");
        prop_assert_eq!(serde_json::from_str::<Node>(&text).expect("it is read"), node);
    }
}
