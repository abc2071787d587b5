use std::collections::BTreeMap;

use lwm2m_core::Object;

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Types {
    #[resource(id = 0, ops = "r", mandatory)]
    mandatory_option: Option<f64>,
    #[resource(id = 1, ops = "r")]
    optional_plain: f64,
    #[resource(id = 2, ops = "r")]
    map_in_option: Option<BTreeMap<u16, f64>>,
    #[resource(id = 3, ops = "r")]
    list: Vec<f64>,
    #[resource(id = 4, ops = "r")]
    other_key: BTreeMap<u32, f64>,
    #[resource(id = 5, ops = "r")]
    wide: Option<u128>,
    #[resource(id = 6, ops = "r")]
    single_precision: Option<f32>,
    #[resource(id = 7, ops = "r")]
    octets: Option<Vec<u8>>,
    #[resource(id = 8, ops = "r", mandatory)]
    borrowed: &'static str,
    #[resource(id = 9, ops = "r")]
    sized: BTreeMap<u16, usize>,
    #[resource(id = 10, ops = "r")]
    moment: Option<std::time::SystemTime>,
}

#[derive(Object, Clone)]
#[object(id = 32801)]
enum Variants {}

#[derive(Object, Clone)]
#[object(id = 32802)]
struct Generic<T> {
    #[resource(id = 0, ops = "r")]
    value: Option<T>,
}

#[derive(Object, Clone)]
#[object(id = 32803)]
struct Unnamed(i64);

fn main() {}
