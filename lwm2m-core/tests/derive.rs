//! What `#[derive(Object)]` makes of a struct. CF-001.

use std::collections::BTreeMap;

use lwm2m_core::{
    Arguments, AsPath as _, Bytes, Code, Done, Executable, FromNode, InstanceId, Interval, IntoNode, Kind,
    MAX_RESOURCE_INSTANCES, Node, Object, ObjectType, ObjectVersion, Objlnk, Ops, Rejection, ResourceChange,
    ResourceId, Secret, SecretText, Selection, Time, Value, ValueError, codec,
};

#[derive(Object, Clone, Debug, Default)]
#[object(id = 32800, version = "1.2", multiple)]
struct WindMachine {
    #[resource(id = 9, ops = "rw")]
    r#type: Option<String>,
    #[resource(id = 0, ops = "rw", mandatory, range(-10, 3000), unit = "1/min")]
    speed: i64,
    #[resource(id = 1, ops = "rw", enumeration(0, 1, -2))]
    mode: Option<i64>,
    #[resource(id = 2, ops = "r", range(0, 1.5))]
    share: Option<f64>,
    #[resource(id = 3, ops = "rw", name = "Blade °C")]
    blade_temperature: BTreeMap<u16, f64>,
    #[resource(id = 4, ops = "rw", mandatory)]
    error_code: BTreeMap<u16, i64>,
    #[resource(id = 5, execute = WindMachine::stop)]
    stop: Executable,
    #[resource(id = 6, execute)]
    reboot: Option<Executable>,
    #[resource(id = 7, ops = "w", mandatory, range(2, 16))]
    key: Secret,
    #[resource(id = 8, ops = "none")]
    link: Option<Objlnk>,
    #[resource(skip)]
    stopped: u32,
}

impl WindMachine {
    fn stop(&mut self, arguments: &Arguments) -> Result<Done, Rejection> {
        if arguments.get(9).is_some() {
            return Err(Rejection::bad_request("9 is unknown"));
        }
        self.speed = 0;
        self.stopped += 1;
        Ok(Done::DONE)
    }
}

fn machine() -> WindMachine {
    WindMachine {
        speed: 100,
        blade_temperature: BTreeMap::from([(0, 20.0), (3, 23.0)]),
        error_code: BTreeMap::from([(0, 0)]),
        key: Secret::new(b"hunter2".to_vec()),
        ..WindMachine::default()
    }
}

fn only(list: &[(u16, Option<u16>)]) -> Selection {
    Selection::Only(list.iter().map(|(id, item)| (ResourceId(*id), *item)).collect())
}

fn ids(values: &[(ResourceId, Node)]) -> Vec<u16> {
    values.iter().map(|(id, _)| id.0).collect()
}

fn set(id: u16, value: impl IntoNode) -> ResourceChange {
    ResourceChange::Set(ResourceId(id), value.into_node())
}

fn item(id: u16, item: u16, value: Value) -> ResourceChange {
    ResourceChange::SetItem(ResourceId(id), item, value)
}

/// The refusal of a write; a refused write changes nothing.
fn refused(change: ResourceChange) -> (Code, String) {
    let mut machine = machine();
    let Err(rejection) = machine.write(change) else { panic!("the write was not refused") };
    assert_eq!(machine.changed(&self::machine()), []);
    (rejection.code, rejection.detail.into_owned())
}

#[test]
fn the_definition_holds_what_the_attributes_say() {
    let def = WindMachine::DEF;
    assert_eq!((def.id().0, def.object_version(), def.name()), (32800, ObjectVersion(1, 2), "Wind Machine"));
    assert!(def.is_multiple() && !def.is_mandatory());
    let speed = def.resource(ResourceId(0)).unwrap();
    assert_eq!((speed.name(), speed.kind(), speed.ops()), ("Speed", Kind::Integer, Ops::RW));
    assert_eq!((speed.bounds(), speed.unit_name()), (&[Interval::Integer(-10, 3000)][..], Some("1/min")));
    assert!(speed.is_mandatory() && !speed.is_multiple());
    let mode = def.resource(ResourceId(1)).unwrap();
    assert_eq!(
        (mode.bounds(), mode.is_mandatory()),
        (&[0, 1, -2].map(|one| Interval::Integer(one, one))[..], false)
    );
    let blades = def.resource(ResourceId(3)).unwrap();
    assert_eq!((blades.name(), blades.kind(), blades.is_multiple()), ("Blade °C", Kind::Float, true));
    assert_eq!(def.resource(ResourceId(5)).unwrap().ops(), Ops::E);
    assert_eq!(def.resource(ResourceId(9)).unwrap().name(), "Type");
    let ids: Vec<_> = def.resources().iter().map(|resource| resource.id().0).collect();
    assert_eq!(ids, (0..10).collect::<Vec<_>>(), "by id, whatever the order of the fields");
}

#[test]
fn keys_and_instances_name_their_places() {
    let path = |text: &str| text.parse::<lwm2m_core::Path>();
    let speed: lwm2m_core::Typed<i64> = WindMachine::SPEED.at(2);
    assert_eq!(speed.as_path(), path("/32800/2/0"));
    let mode: lwm2m_core::Typed<i64> = WindMachine::MODE.at(0);
    assert_eq!(mode.as_path(), path("/32800/0/1"));
    let blade: lwm2m_core::Typed<f64> = WindMachine::BLADE_TEMPERATURE.at(0).item(3);
    assert_eq!(blade.as_path(), path("/32800/0/3/3"));
    let stop: lwm2m_core::Typed<Executable> = WindMachine::STOP.at(0);
    assert_eq!(stop.as_path(), path("/32800/0/5"));
    let whole: lwm2m_core::Typed<WindMachine> = WindMachine::instance(7);
    assert_eq!(whole.as_path(), path("/32800/7"));
    let all: lwm2m_core::Typed<BTreeMap<InstanceId, WindMachine>> = WindMachine::instances();
    assert_eq!(all.as_path(), path("/32800"));
    assert_eq!(WindMachine::TYPE.id(), ResourceId(9));
}

#[test]
fn reading_all_gives_what_is_readable_and_there() {
    assert_eq!(ids(&machine().read(&Selection::All)), [0, 3, 4]);
    let full = WindMachine { mode: Some(1), link: Some(Objlnk::NULL), ..machine() };
    assert_eq!(ids(&full.read(&Selection::All)), [0, 1, 3, 4]);
    let empty = WindMachine::default().read(&only(&[(3, None), (4, None)]));
    assert_eq!(empty, [(ResourceId(4), Node::Multiple(BTreeMap::new()))]);
}

#[test]
fn reading_single_resource_instances() {
    let multiple =
        |items: &[(u16, f64)]| Node::Multiple(items.iter().map(|(i, v)| (*i, Value::Float(*v))).collect());
    let read = |list: &[_]| machine().read(&only(list));
    assert_eq!(read(&[(3, Some(3))]), [(ResourceId(3), multiple(&[(3, 23.0)]))]);
    assert_eq!(read(&[(3, Some(3)), (3, Some(0))]), [(ResourceId(3), multiple(&[(0, 20.0), (3, 23.0)]))]);
    assert_eq!(read(&[(3, Some(3)), (3, None)]), [(ResourceId(3), multiple(&[(0, 20.0), (3, 23.0)]))]);
    assert_eq!(read(&[(3, Some(9)), (0, Some(0)), (1, None), (77, None)]), []);
}

#[test]
fn writes_set_and_remove() {
    let mut machine = machine();
    machine.write(set(0, 3000_i64)).unwrap();
    machine.write(set(1, -2_i64)).unwrap();
    machine.write(set(3, BTreeMap::from([(1, 1.0), (2, 2.0)]))).unwrap();
    machine.write(item(3, 2, Value::Integer(3))).unwrap();
    machine.write(ResourceChange::RemoveItem(ResourceId(3), 1)).unwrap();
    machine.write(set(7, Bytes::from_static(b"abc"))).unwrap();
    assert_eq!((machine.speed, machine.mode), (3000, Some(-2)));
    assert_eq!(machine.blade_temperature, BTreeMap::from([(2, 3.0)]));
    assert_eq!(machine.key.expose(), b"abc");
    machine.write(ResourceChange::Remove(ResourceId(1))).unwrap();
    machine.write(ResourceChange::Remove(ResourceId(3))).unwrap();
    assert_eq!((machine.mode, machine.blade_temperature.len()), (None, 0));
}

#[test]
fn wrong_values_are_refused_with_what_is_allowed() {
    let bad = |text: &str| (Code::BAD_REQUEST, text.to_owned());
    assert_eq!(refused(set(0, 3001_i64)), bad("Speed (0) must be -10 to 3000"));
    assert_eq!(refused(set(2, f64::NAN)), bad("Share (2) must be 0 to 1.5"));
    assert_eq!(refused(set(1, 2_i64)), bad("Mode (1) must be one of 0, 1, -2"));
    assert_eq!(refused(set(0, "fast")), bad("Speed (0) takes Integer, not String"));
    assert_eq!(refused(set(9, 5_i64)), bad("Type (9) takes String, not Integer"));
    assert_eq!(refused(set(0, BTreeMap::from([(0, 1_i64)]))), bad("Speed (0) takes one value"));
    assert_eq!(refused(set(3, 1.0)), bad("Blade °C (3) takes resource instances"));
    assert_eq!(refused(item(3, 0, Value::Boolean(true))), bad("Blade °C (3) takes Float, not Boolean"));
    assert_eq!(
        refused(item(3, 65535, Value::Float(1.0))),
        bad("Blade °C (3) has no resource instance 65535")
    );
    let secret = refused(set(7, Bytes::from_static(b"correct horse battery")));
    assert_eq!(secret, bad("Key (7) must be 2 to 16 octets long"));
}

#[test]
fn mandatory_resources_stay() {
    let remove = |id| refused(ResourceChange::Remove(ResourceId(id)));
    assert_eq!(remove(0), (Code::BAD_REQUEST, "Speed (0) is mandatory and cannot be removed".into()));
    assert_eq!(remove(4), (Code::BAD_REQUEST, "Error Code (4) is mandatory and cannot be removed".into()));
    assert_eq!(refused(ResourceChange::RemoveItem(ResourceId(4), 0)).0, Code::METHOD_NOT_ALLOWED);
    assert_eq!(refused(set(4, BTreeMap::<u16, i64>::new())).0, Code::BAD_REQUEST);
}

#[test]
fn what_is_not_there_is_not_found_and_what_has_no_value_not_written() {
    assert_eq!(refused(set(77, 1_i64)).0, Code::NOT_FOUND);
    assert_eq!(refused(ResourceChange::RemoveItem(ResourceId(3), 1)).0, Code::NOT_FOUND);
    let single = (Code::NOT_FOUND, "Speed (0) has no resource instances".to_owned());
    assert_eq!(refused(item(0, 0, Value::Integer(1))), single);
    assert_eq!(refused(set(5, 1_i64)).0, Code::METHOD_NOT_ALLOWED);
}

#[test]
fn resource_instances_are_bounded() {
    let mut machine = machine();
    let limit = u16::try_from(MAX_RESOURCE_INSTANCES).unwrap();
    for id in 0..limit {
        machine.write(item(3, id, Value::Float(0.0))).unwrap();
    }
    let full = machine.write(item(3, limit, Value::Float(0.0))).unwrap_err();
    assert_eq!(full.code, Code::REQUEST_ENTITY_TOO_LARGE);
    machine.write(item(3, 0, Value::Float(1.0))).unwrap();
    let all: BTreeMap<u16, f64> = (0..=limit).map(|id| (id, 0.0)).collect();
    assert_eq!(machine.write(set(3, all)).unwrap_err().code, Code::REQUEST_ENTITY_TOO_LARGE);
    assert_eq!(machine.blade_temperature.len(), MAX_RESOURCE_INSTANCES);
}

#[test]
fn executing_runs_the_function_or_tells_why_not() {
    let mut machine = machine();
    let mut run = |id, arguments: &str| {
        let outcome = machine.execute(ResourceId(id), &arguments.parse().unwrap());
        outcome.map(|_| ()).map_err(|rejection| rejection.code)
    };
    assert_eq!(run(5, ""), Ok(()));
    assert_eq!(run(5, "9"), Err(Code::BAD_REQUEST));
    assert_eq!(run(0, ""), Err(Code::METHOD_NOT_ALLOWED));
    assert_eq!(run(77, ""), Err(Code::NOT_FOUND));
    assert_eq!(run(6, ""), Err(Code::NOT_FOUND));
    assert_eq!((machine.speed, machine.stopped), (0, 1));
    machine.reboot = Some(Executable);
    assert!(machine.execute(ResourceId(6), &Arguments::NONE).is_ok());
}

#[test]
fn presence_is_known_without_reading() {
    let has =
        |machine: &WindMachine| -> Vec<u16> { (0..10).filter(|id| machine.has(ResourceId(*id))).collect() };
    assert_eq!(has(&WindMachine::default()), [0, 4, 5, 7]);
    let full = WindMachine { mode: Some(0), reboot: Some(Executable), ..machine() };
    assert_eq!(has(&full), [0, 1, 3, 4, 5, 6, 7]);
}

#[test]
fn changes_are_exact_and_floats_compare_by_bits() {
    let before = WindMachine { share: Some(f64::NAN), ..machine() };
    assert_eq!(before.clone().changed(&before), []);
    let mut after = before.clone();
    after.share = Some(-0.0);
    after.speed = 1;
    after.stopped = 9;
    after.blade_temperature = BTreeMap::from([(0, f64::NAN), (4, 4.0)]);
    let changed: Vec<_> = after.changed(&before).into_iter().map(|(id, item)| (id.0, item)).collect();
    assert_eq!(changed, [(0, None), (2, None), (3, Some(0)), (3, Some(4)), (3, Some(3))]);
    let zero = WindMachine { share: Some(0.0), ..after.clone() };
    assert_eq!(zero.changed(&after), [(ResourceId(2), None)]);
    assert_eq!(WindMachine { share: None, ..zero.clone() }.changed(&zero), [(ResourceId(2), None)]);
}

#[test]
fn instances_become_nodes_and_come_back() {
    let machine = WindMachine { mode: Some(1), link: Some(Objlnk::NULL), stopped: 3, ..machine() };
    let node = machine.clone().into_node();
    let Node::Instance(resources) = &node else { panic!("not an instance") };
    assert_eq!(resources.keys().map(|id| id.0).collect::<Vec<_>>(), [0, 1, 3, 4, 7, 8]);
    let back = WindMachine::from_node(node).unwrap();
    assert_eq!(back.changed(&machine), []);
    assert_eq!(back.stopped, 0, "a field of one's own comes from Default");
}

#[test]
fn all_instances_become_a_node_and_come_back() {
    let all = BTreeMap::from([(InstanceId(0), machine()), (InstanceId(7), machine())]);
    let back = BTreeMap::<InstanceId, WindMachine>::from_node(all.clone().into_node()).unwrap();
    assert!(back.iter().all(|(id, machine)| machine.changed(&all[id]).is_empty()));
    assert_eq!(back.len(), 2);
    let one = BTreeMap::<InstanceId, WindMachine>::from_node(machine().into_node()).unwrap_err();
    assert_eq!(one.to_string(), "expected an object, found multiple");
}

#[test]
fn nodes_that_are_no_instance_say_what_is_missing() {
    let from = |resources: &[(u16, Node)]| {
        let resources = resources.iter().map(|(id, node)| (ResourceId(*id), node.clone()));
        WindMachine::from_node(Node::Instance(resources.collect())).map(|machine| machine.speed)
    };
    let errors = || (4, Node::Multiple(BTreeMap::new()));
    assert_eq!(from(&[(0, 5_i64.into_node()), errors()]), Ok(5), "a write-only resource is in no answer");
    assert_eq!(from(&[errors()]), Err(ValueError::Missing(ResourceId(0))));
    assert_eq!(from(&[(0, 5_i64.into_node())]), Err(ValueError::Missing(ResourceId(4))));
    assert_eq!(from(&[(0, 5_i64.into_node()), errors(), (99, true.into_node())]), Ok(5), "a newer version");
    let kind = from(&[(0, "5".into_node()), errors()]).unwrap_err();
    assert_eq!(kind.to_string(), "resource 0: expected Integer, found String");
    assert!(matches!(WindMachine::from_node(Node::Value(Value::Time(1))), Err(ValueError::NotAnInstance(_))));
}

#[allow(unused_qualifications, reason = "paths as programs write them")]
/// Every kind of value can be a field; paths may be spelled out; an object may have nothing.
#[derive(Object, Clone, Debug, Default)]
#[object(id = 0, name = "All Kinds", mandatory, crate = ::lwm2m_core)]
struct Kinds {
    #[resource(id = 0, ops = "r")]
    unsigned: core::option::Option<u64>,
    #[resource(id = 1, ops = "r")]
    time: Option<Time>,
    #[resource(id = 2, ops = "r")]
    links: Option<lwm2m_core::Corelnk>,
    #[resource(id = 3, ops = "r", range(6, 6))]
    octets: Option<Bytes>,
    #[resource(id = 4, ops = "w")]
    password: Option<SecretText>,
    #[resource(id = 5, ops = "rw", mandatory)]
    octet: u8,
    #[resource(id = 6, ops = "rw")]
    small: BTreeMap<u16, i16>,
    #[resource(id = 65534, ops = "r")]
    objects: std::collections::BTreeMap<u16, Objlnk>,
}

fn kinds() -> Kinds {
    Kinds {
        unsigned: Some(u64::MAX),
        time: Some(Time(-1)),
        password: Some("hunter2".into()),
        octet: 200,
        small: BTreeMap::from([(0, i16::MIN)]),
        objects: BTreeMap::from([(0, Objlnk::NULL)]),
        ..Kinds::default()
    }
}

#[test]
fn every_kind_can_be_a_field() {
    let kind: Vec<_> = Kinds::DEF.resources().iter().map(lwm2m_core::ResourceDef::kind).collect();
    assert_eq!(kind[..5], [Kind::Unsigned, Kind::Time, Kind::Corelnk, Kind::Opaque, Kind::String]);
    assert_eq!(kind[5..], [Kind::Unsigned, Kind::Integer, Kind::Objlnk]);
    assert_eq!((Kinds::DEF.name(), Kinds::DEF.is_mandatory()), ("All Kinds", true));
    let back = Kinds::from_node(kinds().into_node()).unwrap();
    assert_eq!(back.changed(&kinds()), []);
    assert_eq!(back.password.unwrap().expose(), "hunter2");
}

#[test]
fn small_integers_refuse_what_they_cannot_hold() {
    let mut kinds = kinds();
    let bounds = |id| Kinds::DEF.resource(ResourceId(id)).unwrap().bounds();
    assert_eq!((bounds(0), bounds(5)), (&[][..], &[Interval::Unsigned(0, 255)][..]));
    assert_eq!(bounds(6), [Interval::Integer(-32_768, 32_767)]);
    kinds.write(set(5, 255_i64)).unwrap();
    assert_eq!(kinds.octet, 255);
    for wrong in [256, -1] {
        assert_eq!(kinds.write(set(5, wrong)).unwrap_err().code, Code::BAD_REQUEST);
    }
    assert_eq!(kinds.write(item(6, 0, Value::Integer(32_768))).unwrap_err().code, Code::BAD_REQUEST);
    assert_eq!((kinds.octet, kinds.small[&0]), (255, i16::MIN));
}

/// What a decoder hands over that has no definition: octets in TLV, texts and other numbers elsewhere.
#[test]
fn a_reader_that_knows_the_object_takes_untyped_values() {
    let octets = |octets: &[u8]| Value::Opaque(Bytes::copy_from_slice(octets));
    let untyped = Node::Instance(BTreeMap::from([
        (ResourceId(0), Node::Value(octets(&[0xff; 8]))),
        (ResourceId(1), Node::Value(Value::Unsigned(5))),
        (ResourceId(2), Node::Value(octets(b"</3>"))),
        (ResourceId(3), Node::Value(octets(b"123456"))),
        (ResourceId(5), Node::Value(octets(&[200]))),
        (ResourceId(6), Node::Multiple(BTreeMap::from([(0, octets(&[0x80, 0])), (1, Value::Float(7.0))]))),
        (ResourceId(65534), Node::Multiple(BTreeMap::from([(0, Value::String("3:0".into()))]))),
        (ResourceId(99), Node::Value(octets(b"a newer version"))),
    ]));
    let kinds: Kinds = codec::take(untyped.clone()).unwrap();
    assert_eq!((kinds.unsigned, kinds.time, kinds.octet), (Some(u64::MAX), Some(Time(5)), 200));
    assert_eq!(
        (kinds.links.unwrap().0, kinds.octets.unwrap()),
        ("</3>".into(), Bytes::from_static(b"123456"))
    );
    assert_eq!((&kinds.small, kinds.objects[&0].object.0), (&BTreeMap::from([(0, i16::MIN), (1, 7)]), 3));
    let all = Node::Object(BTreeMap::from([(InstanceId(4), untyped)]));
    assert_eq!(codec::take::<BTreeMap<InstanceId, Kinds>>(all).unwrap()[&InstanceId(4)].octet, 200);
    let wrong = Node::Instance(BTreeMap::from([(ResourceId(5), Node::Value(octets(b"three")))]));
    let error = codec::take::<Kinds>(wrong).unwrap_err();
    assert_eq!(error.to_string(), "resource 5: expected Unsigned Integer, found Opaque");
}

#[test]
fn secrets_do_not_show() {
    assert!(!format!("{:?}", machine()).contains("hunter2"));
    assert!(!format!("{:?}", machine()).contains("104"), "nor as a list of octets");
    assert!(!format!("{:?}", kinds()).contains("hunter2"));
}

#[test]
fn mistakes_do_not_compile_and_say_what_to_do() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
