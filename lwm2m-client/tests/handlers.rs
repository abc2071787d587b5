//! Objects whose values a handler holds: order, consistency, and handlers that misbehave.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Script, account, builder, format, scene};
use lwm2m_client::{
    Change, Code, Cx, FromNode, InstanceId, IntoNode, Kind, ObjectDef, ObjectHandler, Ops, Path, Policy,
    Prepared, Rejection, ResourceChange, ResourceDef, ResourceId, Selection, Tree, Values, async_trait,
    lwm2m_core::{coap::Options, ops::Downlink, sim::Net},
};

const ON_OFF: ResourceId = ResourceId(5850);

fn definition() -> ObjectDef {
    const RESOURCES: &[ResourceDef] = &[ResourceDef::new(5850, "On/Off", Kind::Boolean, Ops::RW).mandatory()];
    ObjectDef::new(3311, "Light Control", RESOURCES).multiple()
}

/// A lamp whose relay takes its time.
#[derive(Clone)]
struct Lamp {
    net: Net,
    on: Arc<Mutex<bool>>,
    log: Arc<Mutex<Vec<&'static str>>>,
    slow: Duration,
    instances: Arc<Mutex<Vec<InstanceId>>>,
}

impl Lamp {
    fn new(net: &Net, slow: Duration) -> Self {
        let instances = Arc::new(Mutex::new(vec![InstanceId(0)]));
        Self { net: net.clone(), on: Arc::default(), log: Arc::default(), slow, instances }
    }

    fn note(&self, what: &'static str) {
        self.log.lock().unwrap().push(what);
    }
}

#[async_trait]
impl ObjectHandler for Lamp {
    async fn instances(&self) -> Vec<InstanceId> {
        self.instances.lock().unwrap().clone()
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        self.note("read");
        self.net.sleep(self.slow).await;
        self.note("read done");
        Ok(vec![(ON_OFF, (*self.on.lock().unwrap()).into_node())])
    }
    async fn prepare(&self, _cx: &Cx, batch: Vec<Change>) -> Result<Prepared, Rejection> {
        let [Change::Resource { change: ResourceChange::Set(ON_OFF, node), .. }] = &batch[..] else {
            return Err(Rejection::method_not_allowed());
        };
        let on = bool::from_node(node.clone()).map_err(|error| Rejection::bad_request(error.to_string()))?;
        self.note("prepare");
        let lamp = self.clone();
        Ok(Prepared::new(async move {
            lamp.net.sleep(lamp.slow).await;
            *lamp.on.lock().unwrap() = on;
            lamp.note("commit");
        }))
    }
}

async fn lit(server: &mut Script) -> String {
    server.read("/3311/0/5850").await.text()
}

#[test]
fn changes_run_one_by_one_and_reads_see_what_was_before_or_after() {
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::from_millis(100));
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), lamp.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let on = server.begin(Code::PUT, "/3311/0/5850", format(0), b"1");
        let read = server.begin(Code::GET, "/3311/0/5850", Options::new(), b"");
        let off = server.begin(Code::PUT, "/3311/0/5850", format(0), b"0");
        assert_eq!(server.response(on).await.code, Code::CHANGED);
        assert_eq!(server.response(read).await.text(), "1");
        assert_eq!(server.response(off).await.code, Code::CHANGED);
        assert_eq!(lit(&mut server).await, "0");
        let order = ["prepare", "commit", "read", "read done", "prepare", "commit", "read", "read done"];
        assert_eq!(*lamp.log.lock().unwrap(), order);
    });
}

#[test]
fn a_handler_that_hangs_costs_its_caller_and_nobody_else() {
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::from_secs(100_000));
    let clock = net.clone();
    net.run(async move {
        let account = account().lifetime(Duration::from_secs(86_400));
        let builder = builder(&device).server(account);
        builder.objects().mount(definition(), lamp).unwrap();
        let _client = server.start(&device, builder).await;
        let stuck = server.begin(Code::GET, "/3311/0/5850", Options::new(), b"");
        assert_eq!(server.read("/3/0/16").await.text(), "U", "another object answers at once");
        let begun = clock.now().mono;
        let late = server.response(stuck).await;
        assert_eq!(late.code, Code::SERVICE_UNAVAILABLE);
        assert!(late.options.max_age().is_some());
        let waited = clock.now().mono.since(begun);
        assert!((25..35).contains(&waited.as_secs()), "{waited:?}");
    });
}

#[test]
fn a_commit_that_hangs_is_told_and_holds_what_it_excludes() {
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::from_secs(60));
    net.run(async move {
        let account = account().lifetime(Duration::from_secs(86_400));
        let builder = builder(&device).server(account);
        builder.objects().mount(definition(), lamp.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(server.write_text("/3311/0/5850", "1").await, Code::SERVICE_UNAVAILABLE);
        assert!(!*lamp.on.lock().unwrap(), "still at work");
        assert_eq!(server.write_text("/1/0/1", "43200").await, Code::CHANGED, "once it has ended");
        assert!(*lamp.on.lock().unwrap());
    });
}

#[test]
fn more_requests_than_there_is_room_for_are_told_to_come_later() {
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::from_secs(5));
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), lamp).unwrap();
        let _client = server.start(&device, builder).await;
        let tokens: Vec<_> =
            (0..100).map(|_| server.begin(Code::GET, "/3311/0/5850", Options::new(), b"")).collect();
        let (mut served, mut refused) = (0, 0);
        for token in tokens {
            match server.response(token).await.code {
                Code::CONTENT => served += 1,
                Code::SERVICE_UNAVAILABLE => refused += 1,
                other => panic!("{other}"),
            }
        }
        assert!(served >= 16 && refused > 0, "{served} served, {refused} refused");
    });
}

#[test]
fn a_handler_tells_its_changes_and_its_instances() {
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::ZERO);
    net.run(async move {
        let builder = builder(&device).server(account());
        let mounted = builder.objects().mount(definition(), lamp.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let first = server.observe("/3311/0/5850").await;
        *lamp.on.lock().unwrap() = true;
        mounted.changed(InstanceId(0), &[(ON_OFF, None)]);
        let told = server.next().await;
        assert_eq!((told.token, told.text().as_str()), (first.token, "1"));
        assert_eq!(server.write_text("/3311/0/5850", "0").await, Code::CHANGED);
        assert_eq!(server.next().await.text(), "0");
        lamp.instances.lock().unwrap().push(InstanceId(5));
        mounted.instances_changed();
        assert!(server.update().await.text().ends_with("</3311/0>,</3311/5>"));
    });
}

#[test]
fn a_handler_that_breaks_is_answered_for() {
    struct Broken;
    #[async_trait]
    impl ObjectHandler for Broken {
        async fn instances(&self) -> Vec<InstanceId> {
            vec![InstanceId(0)]
        }
        async fn read(
            &self,
            _cx: &Cx,
            _instance: InstanceId,
            _wanted: &Selection,
        ) -> Result<Values, Rejection> {
            panic!("as the test wants");
        }
    }
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), Broken).unwrap();
        let _client = server.start(&device, builder).await;
        assert_eq!(server.read("/3311/0").await.code, Code::INTERNAL_SERVER_ERROR);
        assert_eq!(server.read("/3/0/16").await.text(), "U");
    });
}

#[test]
fn the_device_has_a_word_before_any_handler() {
    struct Locked;
    impl Policy for Locked {
        fn permit(&self, cx: &Cx, operation: &Downlink) -> Result<(), Rejection> {
            match operation {
                Downlink::Write { path, .. } if path.object_id().is_some_and(|object| object.0 == 3311) => {
                    Err(Rejection::unauthorized(format!("locked for {:?}", cx.caller)))
                }
                _ => Ok(()),
            }
        }
        fn may_notify(&self, _server: u16, _tree: &Tree, path: Path) -> bool {
            path.object_id().is_none_or(|object| object.0 != 3311)
        }
    }
    let (net, mut server, device) = scene();
    let lamp = Lamp::new(&net, Duration::ZERO);
    net.run(async move {
        let builder = builder(&device).server(account()).policy(Locked);
        let mounted = builder.objects().mount(definition(), lamp.clone()).unwrap();
        let _client = server.start(&device, builder).await;
        let refused = server.ask(Code::PUT, "/3311/0/5850", format(0), b"1").await;
        assert_eq!((refused.code, refused.text().as_str()), (Code::UNAUTHORIZED, "locked for Server(1)"));
        assert!(lamp.log.lock().unwrap().is_empty());
        server.observe("/3311/0/5850").await;
        mounted.changed(InstanceId(0), &[(ON_OFF, None)]);
        assert!(server.next_within(Duration::from_secs(60)).await.is_none());
    });
}

#[test]
fn a_handler_that_does_not_say_its_instances_delays_the_register_and_no_more() {
    struct Mute;
    #[async_trait]
    impl ObjectHandler for Mute {
        async fn instances(&self) -> Vec<InstanceId> {
            std::future::pending().await
        }
        async fn read(
            &self,
            _cx: &Cx,
            _instance: InstanceId,
            _wanted: &Selection,
        ) -> Result<Values, Rejection> {
            Err(Rejection::not_found())
        }
    }
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        builder.objects().mount(definition(), Mute).unwrap();
        let _client = builder.start_in(&device).await.unwrap();
        assert!(!server.register().await.text().contains("3311"), "nothing is known of it");
    });
}

/// The first answer takes longer than the second.
struct Tardy {
    net: Net,
    instances: Arc<Mutex<Vec<InstanceId>>>,
    asked: Mutex<u32>,
}

#[async_trait]
impl ObjectHandler for Tardy {
    async fn instances(&self) -> Vec<InstanceId> {
        let now = self.instances.lock().unwrap().clone();
        let asked = {
            let mut asked = self.asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        self.net.sleep(Duration::from_secs(if asked == 2 { 10 } else { 1 })).await;
        now
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(Vec::new())
    }
}

#[test]
fn the_last_word_on_instances_counts() {
    let (net, mut server, device) = scene();
    let clock = net.clone();
    net.run(async move {
        let instances = Arc::new(Mutex::new(vec![InstanceId(0)]));
        let tardy = Tardy { net: clock.clone(), instances: instances.clone(), asked: Mutex::default() };
        let builder = builder(&device).server(account());
        let mounted = builder.objects().mount(definition(), tardy).unwrap();
        let _client = server.start(&device, builder).await;
        for instance in [1, 2] {
            instances.lock().unwrap().push(InstanceId(instance));
            mounted.instances_changed();
            clock.sleep(Duration::from_secs(2)).await;
        }
        assert!(server.update().await.text().ends_with("</3311/0>,</3311/1>,</3311/2>"));
        assert!(server.next_within(Duration::from_secs(60)).await.is_none(), "said once");
    });
}

/// Removes the instance, then breaks.
struct Fragile(Arc<Mutex<Vec<InstanceId>>>);

#[async_trait]
impl ObjectHandler for Fragile {
    async fn instances(&self) -> Vec<InstanceId> {
        self.0.lock().unwrap().clone()
    }
    async fn read(&self, _cx: &Cx, _instance: InstanceId, _wanted: &Selection) -> Result<Values, Rejection> {
        Ok(vec![(ON_OFF, true.into_node())])
    }
    async fn prepare(&self, _cx: &Cx, _batch: Vec<Change>) -> Result<Prepared, Rejection> {
        let instances = self.0.clone();
        Ok(Prepared::new(async move {
            instances.lock().unwrap().clear();
            panic!("as the test wants");
        }))
    }
}

#[test]
fn after_a_commit_that_breaks_the_object_is_looked_at_anew() {
    let (net, mut server, device) = scene();
    net.run(async move {
        let builder = builder(&device).server(account());
        let fragile = Fragile(Arc::new(Mutex::new(vec![InstanceId(0)])));
        builder.objects().mount(definition(), fragile).unwrap();
        let _client = server.start(&device, builder).await;
        let broken = server.ask(Code::DELETE, "/3311/0", Options::new(), b"").await;
        assert_eq!(broken.code, Code::INTERNAL_SERVER_ERROR);
        assert!(server.update().await.text().ends_with("</3311>"));
        assert_eq!(server.read("/3311/0").await.code, Code::NOT_FOUND);
    });
}
