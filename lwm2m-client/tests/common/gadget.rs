//! An object with one resource of each sort.

use std::collections::BTreeMap;

use lwm2m_client::{Arguments, Bytes, Code, Done, Executable, Object, Objlnk, Rejection};

#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 32800, version = "1.0", multiple)]
pub struct Gadget {
    #[resource(id = 0, ops = "rw", mandatory, range(0, 100))]
    pub level: i64,
    #[resource(id = 1, ops = "rw", range(0, 8))]
    pub label: Option<String>,
    #[resource(id = 2, ops = "r", mandatory)]
    pub value: f64,
    #[resource(id = 3, execute = Gadget::run)]
    pub run: Executable,
    #[resource(id = 4, ops = "rw")]
    pub slots: BTreeMap<u16, i64>,
    #[resource(id = 5, ops = "rw")]
    pub target: Option<Objlnk>,
    #[resource(id = 6, ops = "w")]
    pub key: Option<Bytes>,
    #[resource(id = 7, execute)]
    pub beep: Option<Executable>,
}

impl Gadget {
    /// `0='text'` sets the label, `1` is refused, no argument counts the value up.
    fn run(&mut self, arguments: &Arguments) -> Result<Done, Rejection> {
        if arguments.get(1).is_some() {
            return Err(Rejection::new(Code::BAD_REQUEST, "argument 1 means nothing"));
        }
        match arguments.get(0) {
            Some(text) => self.label = text.map(str::to_owned),
            None => self.value += 1.0,
        }
        Ok(Done::DONE)
    }
}
