//! Whatever devices and the program do while the store is slow, fails, or dies with the server at a commit: every caller
//! gets one end, a posted request is done once at most and told of, what was acknowledged is there after a restart, and when
//! all is over nothing is left behind. HLF-018.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    future::pending,
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::{Device, HOUR, Received, Scene, notification, seconds, text};
use lwm2m_server::{
    Code, RequestError, Server, ServerBuilder, ServerEvent, async_trait,
    coap::{MessageType, Options, Token},
    lwm2m_core::{StoreError, sim::Net},
    store::{Change, Memory, Outcome, ServerStore, Stored},
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use tokio::sync::Notify;

const DEVICES: u64 = 3;
const STEPS: usize = 40;

/// What a store does at a commit.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Commit {
    Keeps,
    /// It says that it has not.
    Fails,
    /// It has, and says that it has not.
    KeepsAndFails,
    /// Its machine dies.
    Dies,
    KeepsAndDies,
}

/// A store that is slow, and does at each commit what was drawn.
#[derive(Clone)]
struct Unreliable {
    net: Net,
    memory: Memory,
    commits: Arc<AtomicUsize>,
    dies: Option<(usize, Commit)>,
    rng: Arc<Mutex<ChaCha8Rng>>,
    /// It works as it should.
    calm: Arc<AtomicBool>,
    dead: Arc<Notify>,
}

impl Unreliable {
    fn draws(&self) -> (Duration, Commit) {
        if self.calm.load(Ordering::Relaxed) {
            return (Duration::from_millis(100), Commit::Keeps);
        }
        let mut rng = self.rng.lock().unwrap();
        let takes = Duration::from_millis(rng.next_u64() % 1500);
        let commit = self.commits.fetch_add(1, Ordering::Relaxed);
        match self.dies {
            Some((at, how)) if commit >= at => (takes, how),
            _ => match rng.next_u64() % 10 {
                0 => (takes, Commit::Fails),
                1 => (takes, Commit::KeepsAndFails),
                _ => (takes, Commit::Keeps),
            },
        }
    }
}

#[async_trait]
impl ServerStore for Unreliable {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        let (takes, commit) = self.draws();
        self.net.sleep(takes).await;
        let kept = match commit {
            Commit::Fails | Commit::Dies => None,
            _ => Some(self.memory.apply(changes).await),
        };
        match (commit, kept) {
            (Commit::Keeps, Some(outcomes)) => outcomes,
            (Commit::Dies | Commit::KeepsAndDies, _) => {
                self.dead.notify_one();
                pending().await
            }
            _ => Err(StoreError::new(io::Error::other("no answer"))),
        }
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        self.memory.list(after, max).await
    }
}

/// What the test knows of a device.
struct Node {
    device: Device,
    name: String,
    observed: Option<Received>,
    /// Answers nothing.
    deaf: bool,
    n: u64,
}

#[derive(Default)]
struct Told {
    /// Ends of requests that were waited for, by their number here.
    ends: BTreeMap<usize, usize>,
    /// Posted, by the text that they write; with their numbers.
    taken: BTreeMap<u64, String>,
    /// Posted, and refused to whoever posted them.
    refused: BTreeSet<String>,
    outcomes: BTreeMap<u64, Vec<bool>>,
    executed: Vec<String>,
}

struct Play {
    net: Net,
    rng: ChaCha8Rng,
    nodes: Vec<Node>,
    told: Arc<Mutex<Told>>,
    asked: usize,
}

impl Play {
    fn draw(&mut self, below: u64) -> u64 {
        self.rng.next_u64() % below
    }

    /// The devices take what came, and answer.
    fn hear(&mut self) {
        for n in 0..self.nodes.len() {
            while let Some((_, frame)) = self.nodes[n].device.socket.try_recv() {
                if self.draw(8) == 0 {
                    continue; // lost
                }
                let deaf = self.nodes[n].deaf;
                self.take(n, &Received::parse(&frame), deaf);
            }
        }
    }

    fn take(&mut self, n: usize, received: &Received, deaf: bool) {
        let node = &mut self.nodes[n];
        if received.code.is_request() {
            if deaf {
                return;
            }
            match received.code {
                Code::GET if received.options.observe() == Some(0) => {
                    node.observed = Some(received.clone());
                    node.device.answer(received, Code::CONTENT, &notification(1), b"1.5");
                }
                Code::GET => node.device.answer(received, Code::CONTENT, &text(), b"42"),
                _ => {
                    let done = received.text();
                    self.told.lock().unwrap().executed.push(format!("{done}#{:?}", received.token));
                    node.device.answer(received, Code::CHANGED, &Options::new(), b"");
                }
            }
            return;
        }
        if received.kind == MessageType::Confirmable {
            let none = Options::new();
            node.device.send(
                MessageType::Acknowledgement,
                Code::EMPTY,
                received.id.0,
                Token::EMPTY,
                &none,
                b"",
            );
        }
        if received.code == Code::CREATED {
            node.device.location = received.options.location_path().map(str::to_owned).collect();
        }
    }

    async fn step(&mut self, scene: &Scene) {
        let n = self.draw(DEVICES) as usize;
        let what = self.draw(20);
        let node = &mut self.nodes[n];
        let con = MessageType::Confirmable;
        node.device.next += 1;
        let id = node.device.next;
        match what {
            0..=3 => {
                let options = [format!("ep={}", node.name).as_str(), "lt=900", "lwm2m=1.1"]
                    .iter()
                    .fold(Options::new().with_path(["rd"]), |options, parameter| {
                        options.with_query(parameter)
                    });
                let options = if n == 0 { options.with_query("Q") } else { options };
                node.device.send(con, Code::POST, id, Token::EMPTY, &options, b"</1/0>,</3/0>,</3303/0>");
            }
            4..=6 => node.device.send(con, Code::POST, id, Token::EMPTY, &node.device.at_location(), b""),
            7 => {
                let update = node.device.at_location().with_query("lt=1000");
                node.device.send(con, Code::POST, id, Token::EMPTY, &update, b"");
            }
            8 => node.device.send(con, Code::DELETE, id, Token::EMPTY, &node.device.at_location(), b""),
            9 | 10 => node.device.rebind(),
            11 => node.deaf = !node.deaf,
            12 => {
                if let Some(observed) = node.observed.clone() {
                    node.n += 1;
                    node.device.notify(con, &observed, node.n + 1, "2.5");
                }
            }
            13..=15 => self.posts(scene, n),
            16 => self.asks(scene, n),
            17 => self.observes(scene, n),
            18 => self.withdraws(scene, n),
            _ => {
                let client = scene.server.client(node.name.as_str());
                let (net, time) = (self.net.clone(), self.rng.next_u64() % 60);
                scene.host.task(async move {
                    let disable = client.execute("/1/0/4").expires(HOUR).into_future();
                    drop(net.timeout(seconds(time), disable).await);
                });
            }
        }
        let wait = Duration::from_millis(self.draw(4000));
        self.settle(wait).await;
    }

    async fn settle(&mut self, time: Duration) {
        let until = self.net.now().mono.after(time);
        while self.net.now().mono < until {
            self.net.sleep(Duration::from_millis(50)).await;
            self.hear();
        }
    }

    fn posts(&mut self, scene: &Scene, n: usize) {
        self.asked += 1;
        let text = format!("{}-{}", self.nodes[n].name, self.asked);
        let post = scene.server.client(self.nodes[n].name.as_str()).write("/3/0/14", text.clone());
        let told = self.told.clone();
        scene.host.task(async move {
            let result = post.expires(HOUR).post().await;
            let mut told = told.lock().unwrap();
            match result {
                Ok(number) => drop(told.taken.insert(number, text)),
                Err(RequestError::Stopped) => {}
                Err(_) => drop(told.refused.insert(text)),
            }
        });
    }

    /// Waits for the answer.
    fn asks(&mut self, scene: &Scene, n: usize) {
        self.asked += 1;
        let (number, told) = (self.asked, self.told.clone());
        told.lock().unwrap().ends.insert(number, 0);
        let read = scene.server.client(self.nodes[n].name.as_str()).read::<i64>("/3/0/9").expires(HOUR);
        scene.host.task(async move {
            drop(read.await);
            *told.lock().unwrap().ends.get_mut(&number).unwrap() += 1;
        });
    }

    fn observes(&mut self, scene: &Scene, n: usize) {
        let observe = scene.server.client(self.nodes[n].name.as_str()).observe::<f64>("/3303/0/5700");
        scene.host.task(async move {
            if let Ok(observation) = observe.await {
                observation.detach();
            }
        });
    }

    fn withdraws(&mut self, scene: &Scene, n: usize) {
        let client = scene.server.client(self.nodes[n].name.as_str());
        scene.host.task(async move {
            if let Some(first) = client.queue().await.ok().and_then(|queue| queue.first().map(|q| q.number)) {
                drop(client.withdraw(first).await);
            }
        });
    }

    /// Those that the store had dropped with their registration, and of which the program was about to hear.
    fn ended(&self, stored: &[Stored], context: &str) -> BTreeSet<u64> {
        let queued: HashSet<u64> = stored.iter().flat_map(|s| &s.queue).map(|r| r.number).collect();
        let mut ended = BTreeSet::new();
        let told = self.told.lock().unwrap();
        for (number, text) in &told.taken {
            if told.outcomes.contains_key(number) || queued.contains(number) {
                continue;
            }
            let is_registered = stored.iter().any(|s| text.starts_with(&*s.registration.endpoint));
            assert!(!is_registered, "{text} is neither stored nor told: {context}");
            ended.insert(*number);
        }
        ended
    }

    /// What was told in the end, of the server that `died` or not.
    fn check_told(&self, died: bool, ended: &BTreeSet<u64>, context: &str) {
        let told = self.told.lock().unwrap();
        for (number, ends) in &told.ends {
            assert_eq!(*ends, 1, "request {number}: {context}");
        }
        let mut executed = BTreeMap::<&str, BTreeSet<&str>>::new();
        for done in &told.executed {
            let (text, token) = done.split_once('#').unwrap();
            executed.entry(text).or_default().insert(token);
        }
        for (text, tokens) in executed.iter().filter(|(text, _)| text.starts_with('d')) {
            assert_eq!(tokens.len(), 1, "{text} was sent twice: {context}");
            assert!(died || !told.refused.contains(*text), "{text} was refused, and sent: {context}");
        }
        for (number, text) in &told.taken {
            let outcomes = told.outcomes.get(number).map_or(0, Vec::len);
            // That it is told is stored afterwards.
            assert!(
                outcomes == 1 || (died && outcomes > 1) || ended.contains(number),
                "{text} has {outcomes} outcomes: {context}"
            );
        }
    }

    async fn read_events(&self, scene: &mut Scene) {
        while let Ok(Some(event)) = self.net.timeout(Duration::from_millis(1), scene.events.next()).await {
            if let ServerEvent::Posted(outcome) = event {
                let mut told = self.told.lock().unwrap();
                told.outcomes.entry(outcome.number).or_default().push(outcome.result.is_ok());
            }
        }
    }
}

async fn play(net: Net, seed: u64, shards: u8, dies: Option<(usize, Commit)>) {
    let server = |store: Unreliable| -> ServerBuilder { Server::builder().shards(shards).store(store) };
    let rng = ChaCha8Rng::seed_from_u64(seed);
    let store = Unreliable {
        net: net.clone(),
        memory: Memory::new(),
        commits: Arc::default(),
        dies,
        rng: Arc::new(Mutex::new(rng.clone())),
        calm: Arc::default(),
        dead: Arc::default(),
    };
    let mut scene = Scene::new(&net, server(store.clone())).await;
    let node = |n| Node {
        device: scene.device(&format!("device-{n}")),
        name: format!("d{n}"),
        observed: None,
        deaf: false,
        n: 1,
    };
    let nodes = (0..DEVICES).map(node).collect();
    let mut play = Play { net: net.clone(), rng, nodes, told: Arc::default(), asked: 0 };
    let dead = store.dead.clone();
    let died = tokio::select! {
        () = async { for _ in 0..STEPS { play.step(&scene).await; } } => false,
        () = dead.notified() => true,
    };
    let context = format!("seed {seed}, {shards} shards, {dies:?}");
    let mut ended = BTreeSet::new();
    if died {
        play.read_events(&mut scene).await;
        scene.host.crash();
        net.sleep(seconds(1)).await;
        play.read_events(&mut scene).await;
        play.told.lock().unwrap().ends.clear(); // their callers went with it
        // What was acknowledged is there.
        let stored = store.memory.list(None, 10).await.unwrap();
        ended = play.ended(&stored, &context);
        store.calm.store(true, Ordering::Relaxed);
        scene = Scene::new(&net, server(store.clone())).await;
        for stored in &stored {
            let client = scene.server.client(&*stored.registration.endpoint);
            let queue = client.queue().await.unwrap();
            assert_eq!(queue.len(), stored.queue.len(), "{context}");
        }
    }
    store.calm.store(true, Ordering::Relaxed);
    for node in &mut play.nodes {
        node.deaf = false;
        let update = node.device.at_location();
        node.device.next += 1;
        node.device.send(MessageType::Confirmable, Code::POST, node.device.next, Token::EMPTY, &update, b"");
    }
    for _ in 0..30 {
        play.settle(seconds(20)).await;
        play.read_events(&mut scene).await;
    }
    // All that lives on is silence.
    for _ in 0..20 {
        net.sleep(seconds(4500)).await;
        play.hear();
        play.read_events(&mut scene).await;
    }
    play.check_told(died, &ended, &context);
    for stats in scene.server.stats().await.unwrap() {
        let left = [stats.registrations, stats.link_sets, stats.observations, stats.disabled, stats.asleep];
        assert_eq!(left, [0; 5], "{context}: {stats:?}");
        let left = [stats.requests, stats.queued, stats.calls, stats.unkept, stats.unstored];
        assert_eq!(left, [0; 5], "{context}: {stats:?}");
    }
    assert!(store.memory.list(None, 10).await.unwrap().is_empty(), "{context}");
}

fn plays(shards: u8) {
    for seed in 0..60 {
        let how = if seed % 2 == 0 { Commit::Dies } else { Commit::KeepsAndDies };
        let dies = (seed % 4 != 3).then_some((seed as usize * 5 % 37, how));
        let net = Net::seeded(seed);
        net.run(play(net.clone(), seed, shards, dies));
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_left_behind_on_one_shard() {
    plays(1);
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_left_behind_on_several_shards() {
    plays(2);
}
