use std::collections::BTreeMap;

use lwm2m_core::{Executable, Object};

#[derive(Object, Clone)]
#[object(id = 32800, colour = "red")]
struct UnknownOnObject {}

#[derive(Object, Clone)]
#[object(id = 32800, version = "1")]
struct Attributes {
    #[resource(id = 0, ops = "r", units = "Cel")]
    unknown: Option<i64>,
    #[resource(id = 1, ops = "r", multiple)]
    multiple: BTreeMap<u16, i64>,
    #[resource(id = 2)]
    no_ops: Option<i64>,
    #[resource(id = 3, ops = "x")]
    wrong_ops: Option<i64>,
    #[resource(id = 4, ops = "r", range(5, 1))]
    backwards: Option<i64>,
    #[resource(id = 5, ops = "r", range(5))]
    one_end: Option<i64>,
    #[resource(id = 6, ops = "r", enumeration(1.5))]
    fraction: Option<i64>,
    #[resource(id = 7, ops = "r", range(0, 99999999999999999999))]
    wide: Option<i64>,
}

#[derive(Object, Clone)]
#[object(id = 32801)]
struct Executables {
    #[resource(id = 0, execute = Executables::run)]
    value: Option<i64>,
    #[resource(id = 1, execute, ops = "r")]
    ops: Executable,
    #[resource(id = 2)]
    silent: Executable,
    #[resource(id = 3, ops = "e")]
    by_ops: Executable,
    #[resource(id = 4, execute, mandatory)]
    mandatory_option: Option<Executable>,
}

fn main() {}
