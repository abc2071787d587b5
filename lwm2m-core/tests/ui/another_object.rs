use lwm2m_core::{Executable, FromNode, Location, Object};

#[derive(Object, Clone)]
#[object(id = 32800)]
struct Door {
    #[resource(id = 0, ops = "r", mandatory)]
    open: bool,
    #[resource(id = 1, execute)]
    shut: Executable,
}

fn read<T: FromNode>(_at: impl Location<T>) {}

fn main() {
    read::<bool>(Door::OPEN.at(0));
    read::<f64>(Door::OPEN.at(0));
    read(Door::SHUT.at(0));
}
