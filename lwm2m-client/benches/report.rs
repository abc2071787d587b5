//! What a new value of one resource costs: `cargo bench -p lwm2m-client --bench report`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use common::bench::{Bench, route};
use divan::Bencher;
use lwm2m_client::{
    Code, Cx, InstanceId, IntoNode as _, Kind, Mounted, Node, ObjectDef, ObjectHandler, Ops, Path, Rejection,
    ResourceDef, ResourceId, Selection, Value, Values, async_trait,
    lwm2m_core::{
        Attributes, Mono,
        coap::{self, Message, MessageId, MessageType, OptionNumber, Options, Token},
        sim::Net,
    },
    machine::report::{Conditions, Reports, Step},
};

fn main() {
    divan::main();
}

/// Observers of the resource that changes; every one is told.
const OBSERVERS: [usize; 3] = [0, 1, 100];
const RESOURCES: u16 = 200;
const INSTANCES: u16 = 50;

/// The decision alone, with 10,000 further resources that are observed too.
#[divan::bench(args = OBSERVERS)]
fn decide_among_10000_observed(bencher: Bencher<'_, '_>, observers: usize) {
    decide(bencher, observers, INSTANCES);
}

/// The same with none.
#[divan::bench(args = OBSERVERS)]
fn decide_alone(bencher: Bencher<'_, '_>, observers: usize) {
    decide(bencher, observers, 0);
}

fn decide(bencher: Bencher<'_, '_>, observers: usize, instances: u16) {
    let mut reports = Reports::default();
    let path = |instance: u16, resource: u16| Path::new(&[32800, instance, resource]).unwrap();
    let conditions = Conditions::of(&Attributes::default().pmax(86_400));
    let begin = Arc::new(0.0.into_node());
    for (instance, resource) in (1..=instances).flat_map(|i| (0..RESOURCES).map(move |r| (i, r))) {
        reports.begin(Mono(0), (), [(path(instance, resource), conditions, begin.clone())]);
    }
    let changing = path(0, 0);
    for _ in 0..observers {
        reports.begin(Mono(0), (), [(changing, conditions, begin.clone())]);
    }
    let mut count = 0_u64;
    bencher.bench_local(|| {
        count += 1;
        let (now, mut told) = (Mono(count), 0);
        reports.changed(changing);
        while let Some(step) = reports.poll(now) {
            match step {
                Step::Read { ticket, path } => {
                    reports.read(now, path, ticket, &Arc::new((count as f64).into_node()));
                }
                Step::Notify(key) => told += usize::from(reports.get(key).is_some()),
            }
        }
        assert_eq!(told, observers);
        black_box(told)
    });
}

/// The whole client without its driver: the change, the read, the notifications as frames. 10,000 resources.
#[divan::bench(args = OBSERVERS)]
fn tell_among_10000(bencher: Bencher<'_, '_>, observers: usize) {
    tell(bencher, observers, INSTANCES);
}

/// The same with 200 resources.
#[divan::bench(args = OBSERVERS)]
fn tell_among_200(bencher: Bencher<'_, '_>, observers: usize) {
    tell(bencher, observers, 1);
}

fn tell(bencher: Bencher<'_, '_>, observers: usize, instances: u16) {
    let (mut bench, mounted) = device(instances);
    for n in 0..u16::try_from(observers).unwrap() {
        let options = Options::new()
            .with_path(["32800", "0", "7"])
            .with_uint(OptionNumber::OBSERVE, 0)
            .with_uint(OptionNumber::ACCEPT, 0);
        let token = Token::new(&n.to_be_bytes()).unwrap();
        receive(&mut bench, MessageType::Confirmable, Code::GET, MessageId(n), token, &options);
        bench.pass(Duration::from_secs(1));
    }
    bench.sent.clear();
    bencher.bench_local(|| {
        mounted.changed(InstanceId(0), &[(ResourceId(7), None)]);
        bench.wake();
        acknowledge(&mut bench, observers)
    });
}

/// Every observer is told; those who ask for it acknowledge.
fn acknowledge(bench: &mut Bench, expected: usize) -> usize {
    let mut told = 0;
    while !bench.sent.is_empty() {
        for (_, frame) in std::mem::take(&mut bench.sent) {
            let message = Message::parse(&frame).unwrap();
            told += usize::from(message.code == Code::CONTENT);
            if message.kind == MessageType::Confirmable {
                let (id, none) = (message.id, Options::new());
                receive(bench, MessageType::Acknowledgement, Code::EMPTY, id, Token::EMPTY, &none);
            }
        }
    }
    assert_eq!(told, expected, "one notification each");
    bench.now.mono = bench.now.mono.after(Duration::from_secs(1));
    told
}

fn receive(bench: &mut Bench, kind: MessageType, code: Code, id: MessageId, token: Token, options: &Options) {
    let message = Message { kind, code, id, token, options: options.view(), payload: &[] };
    let mut frame = Default::default();
    Message::encode(&message, &mut frame);
    bench.frame(route(1), frame.freeze());
}

/// A registered device with an object of 200 resources in each of so many instances.
fn device(instances: u16) -> (Bench, Mounted) {
    let resources = (0..RESOURCES).map(|id| ResourceDef::new(id, "Value", Kind::Float, Ops::R));
    let def = ObjectDef::new(32800, "Values", resources.collect::<Vec<_>>().leak()).multiple();
    let net = Net::seeded(7);
    // A registration without end: no Update comes between.
    let account = common::account().lifetime(Duration::ZERO);
    let builder = common::builder(&net.host("device")).server(account).coap(Arc::new(unpaced()));
    let mounted = builder.objects().mount(def, Counting { instances, count: AtomicU64::new(0) }).unwrap();
    let mut bench = Bench::new(builder);
    let connect = bench.connects[0];
    bench.connected(connect, Ok(route(1)));
    bench.up(route(1));
    let (_, register) = bench.sent.pop().unwrap();
    let message = Message::parse(&register).unwrap();
    let location =
        Options::new().with(OptionNumber::LOCATION_PATH, b"rd").with(OptionNumber::LOCATION_PATH, b"1");
    let (id, token) = (message.id, message.token);
    receive(&mut bench, MessageType::Acknowledgement, Code::CREATED, id, token, &location);
    (bench, mounted)
}

/// All observers are behind one address: what keeps notifications to its pace would hold back most.
fn unpaced() -> coap::Config {
    let mut config = coap::Config::default();
    config.limits.notification_burst = u8::MAX;
    config.limits.notification_interval = Duration::from_millis(1);
    config.limits.unheard_notifications = u8::MAX;
    config.limits.amplification = None;
    config
}

/// A new value at every read.
struct Counting {
    instances: u16,
    count: AtomicU64,
}

#[async_trait]
impl ObjectHandler for Counting {
    async fn instances(&self) -> Vec<InstanceId> {
        (0..self.instances).map(InstanceId).collect()
    }

    async fn read(&self, _cx: &Cx, _instance: InstanceId, wanted: &Selection) -> Result<Values, Rejection> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let Selection::Only(wanted) = wanted else { return Ok(Vec::new()) };
        Ok(wanted.iter().map(|(id, _)| (*id, Node::Value(Value::Float(count as f64)))).collect())
    }
}
