//! Whatever devices and callers do in whatever order: an endpoint has one registration, and when all is over nothing
//! is left behind.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{collections::HashSet, time::Duration};

use common::{Device, Received, Scene, notification, text};
use lwm2m_server::{
    Code, Observation, Server,
    coap::{MessageType, Options, Token},
    lwm2m_core::sim::Net,
    store::Memory,
};
use proptest::prelude::*;

const DEVICES: usize = 3;
const LISTS: [&str; 3] = ["</1/0>,</3/0>", "</1/0>,</3/0>,</3303/0>", "</1/0>;ver=1.1,</5/0>"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Register {
        device: usize,
        name: usize,
        list: usize,
    },
    Update {
        device: usize,
        list: Option<usize>,
    },
    Deregister {
        device: usize,
    },
    Rebind {
        device: usize,
    },
    /// Answers the latest request, well or badly.
    Answer {
        device: usize,
        how: u8,
    },
    Notify {
        device: usize,
        confirmable: bool,
    },
    Reset {
        device: usize,
    },
    Read {
        name: usize,
    },
    Observe {
        name: usize,
    },
    Cancel,
    Drop,
    Detach,
    Wait {
        seconds: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    prop_oneof![
        4 => (device.clone(), 0..DEVICES, 0..LISTS.len())
            .prop_map(|(device, name, list)| Step::Register { device, name, list }),
        3 => (device.clone(), proptest::option::of(0..LISTS.len()))
            .prop_map(|(device, list)| Step::Update { device, list }),
        1 => device.clone().prop_map(|device| Step::Deregister { device }),
        2 => device.clone().prop_map(|device| Step::Rebind { device }),
        6 => (device.clone(), 0..5_u8).prop_map(|(device, how)| Step::Answer { device, how }),
        4 => (device.clone(), any::<bool>()).prop_map(|(device, confirmable)| Step::Notify { device, confirmable }),
        1 => device.prop_map(|device| Step::Reset { device }),
        3 => (0..DEVICES).prop_map(|name| Step::Read { name }),
        4 => (0..DEVICES).prop_map(|name| Step::Observe { name }),
        1 => Just(Step::Cancel),
        2 => Just(Step::Drop),
        1 => Just(Step::Detach),
        2 => (1..100_u64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

struct Play {
    net: Net,
    scene: Scene,
    devices: Vec<Device>,
    latest: Vec<Option<Received>>,
    observed: Vec<Option<Received>>,
    observations: std::sync::Arc<std::sync::Mutex<Vec<Observation<f64>>>>,
    sequence: u64,
}

impl Play {
    async fn new(net: &Net, shards: u8, store: bool) -> Self {
        let builder = Server::builder().shards(shards);
        let builder = if store { builder.store(Memory::new()) } else { builder };
        let scene = Scene::new(net, builder).await;
        let devices = (0..DEVICES).map(|n| scene.device(&format!("device-{n}"))).collect();
        let (latest, observed) = (vec![None; DEVICES], vec![None; DEVICES]);
        let (observations, sequence) = (std::sync::Arc::default(), 1);
        Self { net: net.clone(), scene, devices, latest, observed, observations, sequence }
    }

    async fn settle(&mut self) {
        self.net.sleep(Duration::from_millis(50)).await;
        for (n, device) in self.devices.iter_mut().enumerate() {
            while let Some((_, frame)) = device.socket.try_recv() {
                let received = Received::parse(&frame);
                if received.code == Code::CREATED {
                    device.location = received.options.location_path().map(str::to_owned).collect();
                }
                if received.code.is_request() {
                    self.latest[n] = Some(received);
                }
            }
        }
    }

    fn say(&mut self, device: usize, code: Code, options: &Options, payload: &[u8]) {
        let device = &mut self.devices[device];
        device.next += 1;
        device.send(MessageType::Confirmable, code, device.next, Token::EMPTY, options, payload);
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Register { device, name, list } => {
                let options = Options::new()
                    .with_path(["rd"])
                    .with_query(&format!("ep={name}"))
                    .with_query("lt=200")
                    .with_query("lwm2m=1.1");
                self.say(device, Code::POST, &options, LISTS[list].as_bytes());
            }
            Step::Update { device, list } => {
                let options = self.devices[device].at_location();
                self.say(device, Code::POST, &options, list.map_or("", |list| LISTS[list]).as_bytes());
            }
            Step::Deregister { device } => {
                let options = self.devices[device].at_location();
                self.say(device, Code::DELETE, &options, b"");
            }
            Step::Rebind { device } => self.devices[device].rebind(),
            Step::Answer { device, how } => self.answer(device, how),
            Step::Notify { device, confirmable } => self.notify(device, confirmable),
            Step::Reset { device } => {
                if let Some(request) = self.latest[device].take() {
                    let (kind, none) = (MessageType::Reset, Options::new());
                    self.devices[device].send(kind, Code::EMPTY, request.id.0, Token::EMPTY, &none, b"");
                }
            }
            Step::Read { name } => {
                let read = self.scene.server.client(name.to_string()).read::<f64>("/3303/0/5700");
                self.scene.host.task(async move { drop(read.await) });
            }
            Step::Observe { name } => {
                let observe = self.scene.server.client(name.to_string()).observe::<f64>("/3303/0/5700");
                let observations = self.observations.clone();
                self.scene.host.task(async move {
                    let observation = observe.await;
                    observations.lock().unwrap().extend(observation);
                });
            }
            Step::Cancel => {
                if let Some(observation) = self.take_observation() {
                    self.scene.host.task(async move { drop(observation.cancel().await) });
                }
            }
            Step::Drop => drop(self.take_observation()),
            Step::Detach => self.take_observation().into_iter().for_each(Observation::detach),
            Step::Wait { seconds } => self.net.sleep(Duration::from_secs(seconds)).await,
        }
        self.settle().await;
    }

    fn take_observation(&self) -> Option<Observation<f64>> {
        self.observations.lock().unwrap().pop()
    }

    fn answer(&mut self, device: usize, how: u8) {
        let Some(request) = self.latest[device].take() else { return };
        if request.options.observe() == Some(0) && how < 2 {
            self.observed[device] = Some(request.clone());
        }
        let options = match request.options.observe() {
            Some(0) => notification(1),
            _ => text(),
        };
        match how {
            0 | 1 => self.devices[device].answer(&request, Code::CONTENT, &options, b"1.5"),
            2 => self.devices[device].answer(&request, Code::CONTENT, &options, b"warm"),
            3 => self.devices[device].answer(&request, Code::NOT_FOUND, &Options::new(), b""),
            _ => self.devices[device].answer(&request, Code::EMPTY, &Options::new(), b""),
        }
    }

    fn notify(&mut self, device: usize, confirmable: bool) {
        let Some(observed) = self.observed[device].clone() else { return };
        self.sequence += 1;
        let kind = if confirmable { MessageType::Confirmable } else { MessageType::NonConfirmable };
        self.devices[device].notify(kind, &observed, self.sequence, "2.5");
    }
}

fn play(steps: &[Step], shards: u8, store: bool) {
    let net = Net::seeded(5);
    let inner = net.clone();
    net.run(async move {
        let mut play = Play::new(&inner, shards, store).await;
        for step in steps {
            play.step(*step).await;
            let listed = play.scene.server.registrations(None, 100).await.unwrap();
            let names: HashSet<&str> = listed.iter().map(|registration| &*registration.endpoint).collect();
            let held: usize = play.scene.server.stats().await.unwrap().iter().map(|s| s.registrations).sum();
            assert_eq!((names.len(), held), (listed.len(), listed.len()), "one registration per endpoint");
            let lists = play.scene.server.stats().await.unwrap();
            assert!(lists.iter().all(|stats| stats.link_sets <= stats.registrations));
        }
        inner.sleep(Duration::from_secs(2 * 3600)).await;
        for stats in play.scene.server.stats().await.unwrap() {
            let left = [stats.registrations, stats.link_sets, stats.link_octets, stats.observations];
            assert_eq!(left, [0; 4], "{stats:?}");
            assert_eq!([stats.requests, stats.calls, stats.unkept, stats.unstored], [0; 4], "{stats:?}");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_left_behind(
        steps in proptest::collection::vec(step(), 1..60), shards in 1..4_u8, store: bool
    ) {
        play(&steps, shards, store);
    }
}
