//! Execute: arguments, what a function may do to its instance, and what runs after the answer. [Core 1.2 §6.3.5]

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::sync::{Arc, Mutex};

use common::{account, builder, format, gadget::Gadget, scene};
use lwm2m_client::{
    Arguments, Code, Cx, Done, Executable, InstanceId, Kind, Object, ObjectDef, ObjectHandler, Ops,
    Rejection, ResourceDef, ResourceId, Selection, Served, Values, async_trait,
    lwm2m_core::coap::{MessageType, Options},
    objects::Device,
};

#[test]
fn arguments_reach_the_function() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let gadget = builder.objects().add(0, Gadget::default()).unwrap();
        let mut served = gadget.changes();
        let _client = server.start(&device, builder).await;
        assert_eq!(server.ask(Code::POST, "/32800/0/3", Options::new(), b"").await.code, Code::CHANGED);
        assert_eq!(gadget.get().value, 1.0);
        assert_eq!(server.ask(Code::POST, "/32800/0/3", format(0), b"0='hello'").await.code, Code::CHANGED);
        assert_eq!(gadget.get().label.as_deref(), Some("hello"));
        let refused = server.ask(Code::POST, "/32800/0/3", format(0), b"1").await;
        assert_eq!((refused.code, refused.text().as_str()), (Code::BAD_REQUEST, "argument 1 means nothing"));
        assert_eq!(served.next().await.unwrap(), [Served::Executed(ResourceId(3), Arguments::NONE)]);
    });
}

#[derive(Object, Clone, Debug, Default, PartialEq)]
#[object(id = 32802, version = "1.0")]
struct Dispenser {
    #[resource(id = 0, ops = "r", mandatory, range(0, 3))]
    left: i64,
    #[resource(id = 1, execute = Dispenser::give)]
    give: Executable,
    #[resource(skip)]
    given: u32,
}

impl Dispenser {
    /// Argument 0: how many. With 1 it finds out late that it may not, with 2 it breaks half-way.
    fn give(&mut self, arguments: &Arguments) -> Result<Done, Rejection> {
        self.left -= arguments.get(0).flatten().map_or(Ok(1), str::parse).unwrap();
        assert!(arguments.get(2).is_none(), "jammed");
        self.given += 1;
        if arguments.get(1).is_some() {
            return Err(Rejection::bad_request("closed"));
        }
        Ok(Done::DONE)
    }
}

#[test]
fn a_function_that_fails_leaves_the_instance_as_it_was() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let start = Dispenser { left: 3, ..Dispenser::default() };
        let dispenser = builder.objects().add(0, start.clone()).unwrap();
        let mut served = dispenser.changes();
        let _client = server.start(&device, builder).await;
        for (arguments, code, why) in [
            ("0='1',1", Code::BAD_REQUEST, "closed"),
            ("0='4'", Code::INTERNAL_SERVER_ERROR, "Left (0) must be 0 to 3"),
            ("0='1',2", Code::INTERNAL_SERVER_ERROR, "the handler broke"),
        ] {
            let answer = server.ask(Code::POST, "/32802/0/1", format(0), arguments.as_bytes()).await;
            assert_eq!((answer.code, answer.text().as_str()), (code, why));
            assert_eq!(dispenser.get(), start, "{why}");
        }
        assert_eq!(server.ask(Code::POST, "/32802/0/1", format(0), b"0='2'").await.code, Code::CHANGED);
        assert_eq!((dispenser.get().left, dispenser.get().given), (1, 1));
        let told = served.next().await.unwrap();
        assert_eq!(told, [Served::Executed(ResourceId(1), "0='2'".parse().unwrap())], "of this one alone");
    });
}

#[test]
fn the_program_hears_of_a_reboot() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let client = builder(&device).server(account()).start_in(&device).await.unwrap();
        let mut served = client.objects().instance::<Device>(0).unwrap().changes();
        server.register().await;
        assert_eq!(server.ask(Code::POST, "/3/0/4", Options::new(), b"").await.code, Code::CHANGED);
        assert_eq!(served.next().await.unwrap(), [Served::Executed(ResourceId(4), Arguments::NONE)]);
    });
}

/// Notes what happens to it.
#[derive(Clone, Default)]
struct Machine(Arc<Mutex<Vec<&'static str>>>);

const RESTART: ResourceId = ResourceId(0);

#[async_trait]
impl ObjectHandler for Machine {
    async fn instances(&self) -> Vec<InstanceId> {
        vec![InstanceId(0)]
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(Vec::new())
    }
    async fn execute(
        &self,
        _cx: &Cx,
        _instance: InstanceId,
        _resource: ResourceId,
        _arguments: Arguments,
    ) -> Result<Done, Rejection> {
        self.0.lock().unwrap().push("executed");
        let machine = self.clone();
        Ok(Done::then(async move { machine.0.lock().unwrap().push("restarted") }))
    }
}

#[test]
fn what_follows_an_execute_waits_for_the_answer_to_leave() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        const RESOURCES: &[ResourceDef] = &[ResourceDef::new(RESTART.0, "Restart", Kind::Executable, Ops::E)];
        let builder = builder(&device).server(account());
        let machine = Machine::default();
        builder.objects().mount(ObjectDef::new(32801, "Machine", RESOURCES), machine.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let answer = server.ask(Code::POST, "/32801/0/0", Options::new(), b"").await;
        assert_eq!((answer.kind, answer.code), (MessageType::Acknowledgement, Code::CHANGED));
        clock.sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(*machine.0.lock().unwrap(), ["executed", "restarted"]);
    });
}
