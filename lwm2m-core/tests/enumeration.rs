//! What `#[derive(Enumeration)]` makes of an enum.

use std::collections::BTreeMap;

use lwm2m_core::{
    Enumeration, FromNode, Interval, IntoNode, Kind, Node, Object, ObjectType, ResourceChange, ResourceId,
    Value, ValueError, ValueType,
};

#[derive(Enumeration, Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    Busy,
    Broken = -3,
    Mended,
}

/// Peers may know more of them than we do.
#[derive(Enumeration, Clone, Copy, Debug, PartialEq, Eq)]
#[enumeration(unsigned, crate = ::lwm2m_core)]
#[repr(u8)]
enum Suite {
    Ccm = 0x10,
    Gcm = 0xa8,
    #[enumeration(other)]
    Other(u64),
}

#[derive(Object, Clone, Debug, Default)]
#[object(id = 32800)]
struct Machine {
    #[resource(id = 0, ops = "rw", mandatory)]
    state: State,
    #[resource(id = 1, ops = "rw")]
    suite: Option<Suite>,
    #[resource(id = 2, ops = "rw")]
    states: BTreeMap<u16, State>,
    #[resource(id = 3, ops = "r", range(0, 1))]
    known: Option<State>,
}

#[test]
fn variants_are_numbers() {
    let numbers: Vec<i64> =
        [State::Idle, State::Busy, State::Broken, State::Mended].into_iter().map(i64::from).collect();
    assert_eq!(numbers, [0, 1, -3, -2]);
    assert_eq!(<State as ValueType>::KIND, Kind::Integer);
    assert_eq!(<Suite as ValueType>::KIND, Kind::Unsigned);
    assert_eq!(Suite::Gcm.into_node(), Node::Value(Value::Unsigned(168)));
    assert_eq!(State::from_node(Node::Value(Value::Integer(-3))), Ok(State::Broken));
    assert_eq!(State::from_node(Node::Value(Value::Unsigned(1))), Ok(State::Busy));
}

#[test]
fn other_numbers_are_kept_or_refused() {
    assert_eq!(State::from_node(Node::Value(Value::Integer(2))), Err(ValueError::Range));
    assert_eq!(Suite::from_node(Node::Value(Value::Unsigned(u64::MAX))), Ok(Suite::Other(u64::MAX)));
    assert_eq!(u64::from(Suite::Other(7)), 7);
    assert!(Suite::Other(0x10).same(&Suite::Ccm), "the same number");
    let text = State::from_node(Node::Value(Value::String("0".into())));
    assert!(matches!(text, Err(ValueError::Kind { expected: Kind::Integer, .. })));
}

#[test]
fn the_definition_lists_the_numbers() {
    let bounds = |id| Machine::DEF.resource(ResourceId(id)).unwrap().bounds();
    assert_eq!(bounds(0), [0, 1, -3, -2].map(|number| Interval::Integer(number, number)));
    assert_eq!(bounds(1), [], "it takes every number");
    assert_eq!(bounds(3), [Interval::Integer(0, 1)], "what the attribute says");
}

#[test]
fn resources_hold_them_in_every_multiplicity() {
    let mut machine = Machine::default();
    let set = |id, node| ResourceChange::Set(ResourceId(id), node);
    machine.write(set(0, State::Broken.into_node())).unwrap();
    machine.write(set(1, Suite::Ccm.into_node())).unwrap();
    machine.write(set(2, BTreeMap::from([(4, State::Busy)]).into_node())).unwrap();
    assert_eq!(
        (machine.state, machine.suite, machine.states[&4]),
        (State::Broken, Some(Suite::Ccm), State::Busy)
    );
    let refused = machine.write(set(0, Node::Value(Value::Integer(7)))).unwrap_err();
    assert_eq!(refused.to_string(), "4.00 Bad Request: State (0) must be one of 0, 1, -3, -2");
    let refused = machine.write(set(3, Node::Value(Value::Integer(-3)))).unwrap_err();
    assert_eq!(refused.to_string(), "4.00 Bad Request: Known (3) must be 0 to 1");
    assert_eq!(Machine::from_node(machine.clone().into_node()).unwrap().changed(&machine), []);
}
