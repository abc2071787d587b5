use lwm2m_core::Object;

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Limits {
    #[resource(id = 0, ops = "r", range(0, 1))]
    yes: Option<bool>,
    #[resource(id = 1, ops = "r", enumeration(0, 1))]
    level: Option<f64>,
}

fn main() {}
