use lwm2m_core::{Bytes, Enumeration, Object};

#[derive(Enumeration, Clone)]
enum Level {
    Low,
    High,
}

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Limits {
    #[resource(id = 0, ops = "r", range(0, 1))]
    yes: Option<bool>,
    #[resource(id = 1, ops = "r", enumeration(0, 1))]
    level: Option<f64>,
    #[resource(id = 2, ops = "r", range(0, 256))]
    octet: Option<u8>,
    #[resource(id = 3, ops = "r", range(-1, 5))]
    unsigned: Option<u64>,
    #[resource(id = 4, ops = "r", range(0, 1.5))]
    whole: Option<i64>,
    #[resource(id = 5, ops = "r", range(-16, 16))]
    length: Option<Bytes>,
    #[resource(id = 6, ops = "r", range(0, 2))]
    levels: Option<Level>,
}

fn main() {}
