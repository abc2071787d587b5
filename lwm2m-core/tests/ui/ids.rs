use lwm2m_core::Object;

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Twice {
    #[resource(id = 0, ops = "r")]
    first: Option<i64>,
    #[resource(id = 0, ops = "r")]
    second: Option<i64>,
}

#[derive(Object, Clone)]
#[object(id = 65535)]
struct Reserved {
    #[resource(id = 65535, ops = "r")]
    reserved: Option<i64>,
    #[resource(id = 70000, ops = "r")]
    large: Option<i64>,
    #[resource(ops = "r")]
    none: Option<i64>,
    bare: Option<i64>,
}

#[derive(Object, Clone)]
struct NoObject {}

#[derive(Object, Clone)]
#[object(version = "1.1")]
struct NoId {}

fn main() {}
