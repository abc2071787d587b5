use lwm2m_core::{Arguments, Executable, Object};

#[derive(Clone)]
struct Colour;

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Lamp {
    #[resource(id = 0, ops = "r")]
    colour: Option<Colour>,
}

#[derive(Object, Clone)]
#[object(id = 32801)]
struct Door {
    #[resource(id = 0, execute = Door::open)]
    open: Executable,
}

impl Door {
    fn open(&mut self, _arguments: &Arguments) {}
}

fn main() {}
