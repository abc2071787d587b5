//! `#[derive(Object)]` as users of one role crate have it.

mod of_the_client {
    use std::collections::BTreeMap;

    use lwm2m_client::{Arguments, Done, Executable, Object, Rejection};

    #[derive(Object, Clone, Debug, Default, PartialEq)]
    #[object(id = 32800, multiple)]
    pub(crate) struct Fan {
        #[resource(id = 0, ops = "rw", mandatory, range(0, 3000), unit = "1/min")]
        pub(crate) speed: i64,
        #[resource(id = 1, ops = "r")]
        pub(crate) hours: BTreeMap<u16, u64>,
        #[resource(id = 2, execute = Fan::stop)]
        pub(crate) stop: Executable,
    }

    impl Fan {
        fn stop(&mut self, _arguments: &Arguments) -> Result<Done, Rejection> {
            self.speed = 0;
            Ok(Done::DONE)
        }
    }
}

mod of_the_server {
    use lwm2m_server::{Executable, Object};

    #[derive(Object, Clone, Debug, Default, PartialEq)]
    #[object(id = 32800, multiple)]
    pub(crate) struct Fan {
        #[resource(id = 0, ops = "rw", mandatory)]
        pub(crate) speed: i64,
        #[resource(id = 2, execute)]
        pub(crate) stop: Executable,
    }
}

#[test]
fn what_the_client_has_the_server_reads() {
    use lwm2m_core::{Arguments, AsPath as _, FromNode as _, IntoNode as _, ObjectType as _};

    let mut there = of_the_client::Fan { speed: 1200, ..of_the_client::Fan::default() };
    let here = of_the_server::Fan::from_node(there.clone().into_node());
    assert_eq!(here, Ok(of_the_server::Fan { speed: 1200, ..of_the_server::Fan::default() }));
    let stop = of_the_server::Fan::STOP;
    assert_eq!(stop.at(0).as_path(), of_the_client::Fan::STOP.at(0).as_path());
    assert!(there.execute(stop.id(), &Arguments::NONE).is_ok());
    assert_eq!(there.speed, 0);
}
