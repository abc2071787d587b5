//! A server that dies at any commit of its store: of the requests that it has taken without a caller none is lost, and none
//! is done twice that is not to be repeated. HLF-018.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod common;

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::{Device, HOUR, Received, SHARDS, Scene, seconds};
use lwm2m_server::{
    Code, Events, Server, ServerEvent, async_trait,
    coap::{MessageType, Options, Token},
    lwm2m_core::{StoreError, sim::Net},
    store::{Change, Memory, Outcome, ServerStore, Stored},
};
use tokio::sync::Notify;

/// May be done twice.
const REPEATABLE: &str = "2";
const TEXTS: [&str; 4] = ["0", "1", REPEATABLE, "3"];

/// When the power goes.
#[derive(Clone, Copy, Debug)]
enum Death {
    BeforeCommit(usize),
    AfterCommit(usize),
}

/// A store whose machine dies at a commit.
#[derive(Clone)]
struct Mortal {
    net: Net,
    memory: Memory,
    commits: Arc<AtomicUsize>,
    death: Option<Death>,
    dead: Arc<Notify>,
}

impl Mortal {
    fn new(net: &Net, death: Option<Death>) -> Self {
        let (memory, commits, dead) = (Memory::new(), Arc::default(), Arc::default());
        Self { net: net.clone(), memory, commits, death, dead }
    }
}

#[async_trait]
impl ServerStore for Mortal {
    async fn apply(&self, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        self.net.sleep(Duration::from_millis(300)).await;
        let commit = self.commits.fetch_add(1, Ordering::Relaxed);
        let (at, kept) = match self.death {
            Some(Death::BeforeCommit(at)) => (at, false),
            Some(Death::AfterCommit(at)) => (at, true),
            None => (usize::MAX, true),
        };
        if commit < at || (commit == at && kept) {
            let outcomes = self.memory.apply(changes).await?;
            if commit < at {
                return Ok(outcomes);
            }
        }
        self.dead.notify_one();
        pending().await
    }

    async fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Stored>, StoreError> {
        self.memory.list(after, max).await
    }
}

/// The device speaks, and does what it is asked until nothing more comes.
async fn wakes_up(device: &mut Device, done: &mut Vec<String>) {
    let update = device.next;
    device.next += 1;
    device.send(MessageType::Confirmable, Code::POST, update, Token::EMPTY, &device.at_location(), b"");
    while let Ok((_, frame)) = device.net.timeout(seconds(5), device.socket.recv()).await {
        let received = Received::parse(&frame);
        assert_ne!(received.code, Code::NOT_FOUND, "the registration outlives the server");
        if received.code.is_request() {
            done.push(received.text());
            device.answer(&received, Code::CHANGED, &Options::new(), b"");
        }
    }
}

/// Numbers of the outcomes that were told, and whether each says that all is well.
async fn outcomes(net: &Net, events: &mut Events) -> Vec<(u64, bool)> {
    let mut all = Vec::new();
    while let Ok(Some(event)) = net.timeout(seconds(1), events.next()).await {
        if let ServerEvent::Posted(outcome) = event {
            all.push((outcome.number, outcome.result.is_ok()));
        }
    }
    all
}

/// `false`: there was no such commit.
async fn dies_and_lives_again(net: Net, shards: u8, death: Death) -> bool {
    let server = |store| Server::builder().shards(shards).store(store);
    // Registered before the count begins.
    let calm = Mortal::new(&net, None);
    let (scene, mut device) = Scene::asleep(&net, server(calm.clone())).await;
    scene.host.crash();
    let store = Mortal { commits: Arc::default(), death: Some(death), ..calm.clone() };
    let mut scene = Scene::new(&net, server(store.clone())).await;

    let (mut taken, mut done) = (BTreeMap::new(), Vec::new());
    let client = scene.server.client("a");
    let posts = async {
        for text in TEXTS {
            let write = client.write("/3/0/14", text).expires(HOUR);
            let write = if text == REPEATABLE { write.repeat() } else { write };
            taken.insert(write.post().await.unwrap(), text);
            net.sleep(seconds(4)).await;
        }
    };
    let wakes = async {
        for _ in 0..5 {
            net.sleep(seconds(3)).await;
            wakes_up(&mut device, &mut done).await;
        }
    };
    let died = tokio::select! {
        ((), ()) = async { tokio::join!(posts, wakes) } => false,
        () = store.dead.notified() => true,
    };
    scene.host.crash();
    let mut told = outcomes(&net, &mut scene.events).await;
    let mut scene = Scene::new(&net, server(calm.clone())).await;
    for _ in 0..3 {
        net.sleep(seconds(100)).await;
        wakes_up(&mut device, &mut done).await;
    }
    told.extend(outcomes(&net, &mut scene.events).await);

    let context = format!("{shards} shards, {death:?}: taken {taken:?}, done {done:?}, told {told:?}");
    for text in TEXTS {
        let times = done.iter().filter(|done| *done == text).count();
        assert!(times <= if text == REPEATABLE { 2 } else { 1 }, "{text} was done {times} times: {context}");
    }
    for (number, text) in &taken {
        let said: Vec<bool> = told.iter().filter(|(of, _)| of == number).map(|(_, ok)| *ok).collect();
        assert!(!said.is_empty(), "nobody heard of {text}: {context}");
        let is_done = done.iter().any(|done| done == text);
        assert!(is_done || said.iter().all(|ok| !ok), "{text} was not done: {context}");
        assert!(is_done || text != &REPEATABLE, "what may be repeated is done in the end: {context}");
    }
    let mut order = done.clone();
    order.dedup();
    assert!(order.is_sorted(), "{context}");
    let stored = calm.list(None, 10).await.unwrap();
    assert!(stored.iter().all(|stored| stored.queue.is_empty()), "{context}");
    died
}

#[test]
fn a_death_at_any_commit_loses_nothing_and_does_nothing_twice() {
    for shards in SHARDS {
        for death in [Death::BeforeCommit, Death::AfterCommit] {
            let mut commits = 0;
            loop {
                let net = Net::seeded(11);
                if !net.run(dies_and_lives_again(net.clone(), shards, death(commits))) {
                    break;
                }
                commits += 1;
            }
            assert!(commits >= 12, "each is kept, leaves and ends: {commits}");
        }
    }
}
